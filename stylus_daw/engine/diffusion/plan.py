"""How a render uses memory: which mode, and how many tiles at a time, with the reason for people.

* **projections**: the content's projections from the inversion are kept for every step, so that sampling takes one
  call per step;
* **trajectory**: only latents are kept, and the content runs through the network again before each step: two calls
  per step, memory for one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

UNTOLD_FREE_BYTES = 2_000_000_000  # bytes assumed free where the system does not say: the smallest GPUs in use
SHARE_OF_FREE = 0.8  # of free memory: the rest is for other programs and for what the estimate misses
MOST_TILES_TOGETHER = 64  # five minutes; their latents at 50 steps take 0.2 GB on Stable Diffusion 1.x


class Mode(Enum):
    """What is kept of an inversion."""

    PROJECTIONS = "projections"
    TRAJECTORY = "trajectory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a checkpoint takes, in bytes.

    Attributes:
        tile: the UNet's working memory for each tile of a batch.
        projections: one tile's projections at one timestep.
        image: the VAE's working memory for one image.
    """

    tile: int
    projections: int
    image: int

    def floor(self, *, style_tiles: int) -> int:
        """The least that a render takes, at any length: one tile at a time in trajectory mode."""
        return max(self.image, self.tile + (2 + style_tiles) * self.projections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One way to render.

    Attributes:
        batch: tiles in one call of the UNet.
        span: tiles that go through inversion and sampling together; at least ``batch``.
        reason: one sentence for people.
    """

    mode: Mode
    batch: int
    span: int
    reason: str

    @property
    def keeps(self) -> bool:
        return self.mode is Mode.PROJECTIONS

    def smaller(self) -> Plan | None:
        """What to try when this ran out of memory: half the batch, then the other mode; None if nothing is left.

        >>> plan = Plan(mode=Mode.PROJECTIONS, batch=2, span=8, reason="")
        >>> while plan: print(plan.mode.value, plan.batch, plan.span); plan = plan.smaller()
        projections 2 8
        projections 1 4
        trajectory 1 4
        """
        if self.batch > 1:
            half = self.batch // 2
            return replace(self, batch=half, span=max(half, self.span // 2), reason=f"out of memory: {half} at a time")
        if self.keeps:
            return replace(self, mode=Mode.TRAJECTORY, reason="out of memory: latents only, one tile at a time")
        return None


def decide(needs: Needs, *, tiles: int, style_tiles: int, steps: int, free: int | None, most: int) -> Plan:
    """The fastest plan that fits.

    Args:
        needs: the checkpoint's.
        tiles: number in the region.
        style_tiles: number in all styles together.
        steps: steps of the inversion.
        free: bytes free on the device; None if it does not say.
        most: tiles in one call beyond which the device does not get faster.
    """
    room = int(SHARE_OF_FREE * (UNTOLD_FREE_BYTES if free is None else free))
    batch = max(1, min(tiles, most, room // 2 // (needs.tile + 2 * needs.projections)))
    working = max(needs.image, batch * needs.tile + (batch + style_tiles) * needs.projections)
    kept = steps * needs.projections
    holds = (room - working) // max(1, kept) - style_tiles
    wanted = kept * (tiles + style_tiles)
    if holds > 0:
        batch = min(batch, holds)
        span = min(tiles, MOST_TILES_TOGETHER, holds // batch * batch)
        said = f"projections of {span} of {tiles} tiles are kept: {_gigabytes(kept * (span + style_tiles))}"
        return Plan(mode=Mode.PROJECTIONS, batch=batch, span=span, reason=f"{said} of {_gigabytes(room)}")
    said = f"latents only: projections would take {_gigabytes(wanted)}, {_gigabytes(max(0, room - working))} are left"
    return Plan(mode=Mode.TRAJECTORY, batch=batch, span=min(tiles, MOST_TILES_TOGETHER), reason=said)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB"
