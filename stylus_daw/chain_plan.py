"""ChainPlan: a request's effects on their way to the render process and into the journal.

Chain and jobs do not know each other. What a job must know of its chain is here in types; the rest is carried
along unopened, for `stylus_daw.chain.planning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPlan:
    """The effects of a request, as a job sees them; without arguments, none.

    Attributes:
        is_active: at least one effect changes what is heard; one that is bypassed does not.
        keeps_tail: the stem may be longer than its region, for what rings out.
        spec: JSON form of the chain itself.
    """

    is_active: bool = False
    keeps_tail: bool = False
    spec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keeps_loudness(self) -> bool:
        """The level is the engine's, not an effect's: what the true-peak guard takes of it is given back."""
        return not self.is_active

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ChainPlan:
        """From what ``dataclasses.asdict`` gave, or from an earlier version's journal, which held the bare chain.

        >>> ChainPlan.from_json({"effects": [{"kind": "gsm", "bypass": True, "mix": 1.0}], "tail": "keep"}).is_active
        False
        """
        return cls(**raw) if "spec" in raw else _of_bare_chain(raw)


def _of_bare_chain(raw: Mapping[str, Any]) -> ChainPlan:
    """Bare chains were written in full: every effect with its ``bypass`` and ``mix``."""
    heard = [effect for effect in raw.get("effects", ()) if not effect.get("bypass") and effect.get("mix", 1.0) > 0]
    return ChainPlan(is_active=bool(heard), keeps_tail=bool(heard) and raw.get("tail", "trim") != "trim", spec=raw)
