"""What a job is told of its chain, and that the chain comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from stylus_daw.chain.planning import planned, spec_of
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.chain_plan import ChainPlan

HALL = {"kind": "hall", "params": {"decay_s": 2}}
BYPASSED = {"kind": "gain", "params": {"gain_db": 3}, "bypass": True}
DRY = {"kind": "reverb", "mix": 0.0}
CHAINS = [
    pytest.param({}, False, False, id="none"),
    pytest.param({"effects": [HALL]}, True, False, id="heard"),
    pytest.param({"effects": [HALL], "tail": "keep"}, True, True, id="heard, with its tail"),
    pytest.param({"effects": [BYPASSED, DRY], "tail": "until_quiet"}, False, False, id="nothing heard, so no tail"),
    pytest.param({"effects": [BYPASSED, HALL], "tail": "until_quiet"}, True, True, id="one of two heard"),
]


@pytest.mark.parametrize(("chain", "is_active", "keeps_tail"), CHAINS)
def test_only_what_is_heard_counts(chain: dict[str, Any], is_active: bool, keeps_tail: bool) -> None:
    plan = planned(ChainSpec.model_validate(chain))
    assert (plan.is_active, plan.keeps_tail, plan.keeps_loudness) == (is_active, keeps_tail, not is_active)


@pytest.mark.parametrize(("chain", "is_active", "keeps_tail"), CHAINS)
def test_a_chain_comes_back_whole(chain: dict[str, Any], is_active: bool, keeps_tail: bool) -> None:
    spec = ChainSpec.model_validate(chain)
    assert spec_of(planned(spec)) == spec


@pytest.mark.parametrize(("chain", "is_active", "keeps_tail"), CHAINS)
def test_a_bare_chain_of_an_older_journal_is_read_as_it_would_be_planned(
    chain: dict[str, Any], is_active: bool, keeps_tail: bool
) -> None:
    spec = ChainSpec.model_validate(chain)
    assert ChainPlan.from_json(spec.model_dump(mode="json")) == planned(spec)
