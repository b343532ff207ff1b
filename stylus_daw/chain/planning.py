"""ChainSpec to ChainPlan and back: the one place that knows how a chain is packed for the render process."""

from __future__ import annotations

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.chain_plan import ChainPlan


def planned(spec: ChainSpec) -> ChainPlan:
    """The chain as a job carries it.

    >>> planned(ChainSpec.model_validate({"effects": [{"kind": "gsm"}], "tail": "keep"})).keeps_tail
    True
    """
    is_active = bool(spec.active)
    keeps_tail = is_active and spec.tail != "trim"
    return ChainPlan(is_active=is_active, keeps_tail=keeps_tail, spec=spec.model_dump(mode="json"))


def spec_of(plan: ChainPlan) -> ChainSpec:
    """The chain that a plan carries.

    Raises:
        PresetError: an effect or a value in it is not known.

    >>> spec_of(ChainPlan()) == ChainSpec()
    True
    """
    return ChainSpec.model_validate(dict(plan.spec))
