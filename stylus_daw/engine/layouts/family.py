"""The families of checkpoints that the engine knows: facts, no code. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.errors import RequestError

FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What all checkpoints of one family share.

    Attributes:
        id: as written after ``--family``.
        title: for people.
        licence: a note, not advice: the model's own page decides.
        configs: folder in ``facts`` with the original configurations; what a single file lacks.
        sees_loud_as_dark: its images are inverted and stand upright (low notes at the bottom), as Riffusion's.
    """

    id: str
    title: str
    licence: str
    configs: str = ""
    sees_loud_as_dark: bool = False

    @property
    def facts(self) -> Path:
        """The original configurations, laid out like a diffusers folder without weights."""
        return FACTS / (self.configs or self.id)


OPENRAIL = "CreativeML OpenRAIL-M: commercial use allowed, with the use restrictions of its attachment A"
OPENRAIL_PLUS = "CreativeML Open RAIL++-M: commercial use allowed, with the use restrictions of its attachment A"

MINI = Family(id="stylus-mini", title="stylus-mini", licence="the licence of stylus-daw (GPL-3.0-or-later)")
SD_1 = Family(id="sd-1.5", title="Stable Diffusion 1.x", licence=OPENRAIL)
SD_2_BASE = Family(id="sd-2.1-base", title="Stable Diffusion 2.x base", licence=OPENRAIL_PLUS)
SD_2_V = Family(id="sd-2.1", title="Stable Diffusion 2.x, v-prediction", licence=OPENRAIL_PLUS)
SDXL = Family(id="sdxl", title="Stable Diffusion XL base", licence=OPENRAIL_PLUS)
RIFFUSION = Family(
    id="riffusion",
    title="Riffusion v1",
    licence=OPENRAIL,
    configs=SD_1.id,
    sees_loud_as_dark=True,
)

LCM_LORA = Family(id="lcm-lora", title="LCM-LoRA for Stable Diffusion 1.x", licence=OPENRAIL_PLUS, configs=SD_1.id)
"""Not a checkpoint: what the sampler ``lcm`` adds to one."""

FAMILIES = {family.id: family for family in (MINI, SD_1, SD_2_BASE, SD_2_V, SDXL, RIFFUSION, LCM_LORA)}


def family_of(wish: str) -> Family:
    """The family of that id.

    Raises:
        RequestError: there is none; names all.
    """
    if wish not in FAMILIES:
        raise RequestError("model.family", f"The family {wish!r} is not known; allowed: {', '.join(FAMILIES)}.")
    return FAMILIES[wish]
