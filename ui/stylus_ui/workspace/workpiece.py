"""Workpiece: everything that a render of the workspace depends on, as one frozen value. No Qt.

Every edit makes another one, so that undo, autosave and "edited" are comparisons of values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError, check_range
from stylus_daw.jobs.job import Origin, Region
from stylus_daw.jobs.style_part import StylePart

MAX_STYLES, MAX_TAKES = 8, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The audio that is to be restyled.

    Attributes:
        path: of the file.
        rate: samples per second.
        channels: 1 to 8.
        frames: samples per channel.
        position: sample of the session that the file's first sample is on.
        session_start: sample that the session calls zero.
        origin: DAW, project and track, where it came from one.
    """

    path: Path
    rate: int
    channels: int
    frames: int
    position: int = 0
    session_start: int = 0
    origin: Origin = field(default_factory=lambda: Origin(client="window"))

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The part of the content that is rendered, in samples of the file.

    Attributes:
        first: first sample of the region.
        length: samples of the region.
        before, after: handles that the engine hears besides.
    """

    first: int
    length: int
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        check_range("region length", self.length, 1, 2**40)
        for name in ("first", "before", "after"):
            check_range(f"region {name}", getattr(self, name), 0, 2**40)

    @property
    def end(self) -> int:
        """Sample after the last one of the region."""
        return self.first + self.length

    def within(self, frames: int) -> Selection:
        """Cut to a file of ``frames`` samples, handles included."""
        first = min(self.first, frames - 1)
        length = max(1, min(self.length, frames - first))
        after = max(0, min(self.after, frames - first - length))
        return Selection(first=first, length=length, before=min(self.before, first), after=after)

    def region(self, content: Content) -> Region:
        """The same, as a job describes it."""
        return Region(
            start=content.position - content.session_start + self.first,
            length=self.length,
            rate=content.rate,
            session_start=content.session_start,
            before=self.before,
            after=self.after,
            source_offset=self.first - self.before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSlot:
    """A style reference and its share of the blend; the sum of all shares does not matter.

    Attributes:
        path: of the file.
        weight: its share.
        title: what it is, for people.
        part: the seconds of the file that are the reference; None: all of it.
    """

    path: Path
    weight: float = 1.0
    title: str = ""
    part: StylePart | None = None

    def __post_init__(self) -> None:
        check_range("style weight", self.weight, 1e-6, 1e6)

    @property
    def name(self) -> str:
        """For people."""
        return self.title or self.path.stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What a preset holds: styles, settings and chain."""

    styles: tuple[StyleSlot, ...] = ()
    settings: StyleSettings = field(default_factory=StyleSettings)
    chain: ChainSpec = field(default_factory=ChainSpec)

    def __post_init__(self) -> None:
        if len(self.styles) > MAX_STYLES:
            raise RequestError("workspace.styles", f"{len(self.styles)} styles; allowed: up to {MAX_STYLES} at a time.")

    @property
    def weights(self) -> tuple[float, ...]:
        """Shares of the blend, sum 1."""
        total = sum(slot.weight for slot in self.styles)
        return tuple(slot.weight / total for slot in self.styles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workpiece:
    """The whole state of the workspace that an edit can change.

    Attributes:
        content: the file; None: nothing dropped yet.
        selection: the part that is rendered; None: all of it.
        more: further files that were dropped with the content and are rendered with it, whole, one job each.
        treatment: styles, settings and chain.
        loaded: the treatment as the preset gave it; None: there was no preset.
        preset_id, preset_name: of that preset; empty: none.
        needs_consent: the preset came in a bundle and its plugins were not agreed to.
        seed_locked: False: every render takes the next seed.
        takes: 1..8, how many versions a render makes (see ``stylus_daw.jobs.takes``).
    """

    content: Content | None = None
    selection: Selection | None = None
    more: tuple[Path, ...] = ()
    treatment: Treatment = field(default_factory=Treatment)
    loaded: Treatment | None = None
    preset_id: str = ""
    preset_name: str = ""
    needs_consent: bool = False
    seed_locked: bool = True
    takes: int = 1

    def __post_init__(self) -> None:
        check_range("takes", self.takes, 1, MAX_TAKES)

    @property
    def is_edited(self) -> bool:
        """The treatment is not the preset's any more (without a preset: it is not what one begins with)."""
        return self.treatment != (self.loaded or Treatment())

    @property
    def region(self) -> Selection | None:
        """What is rendered of the content: the selection, else all of it."""
        if self.content is None:
            return None
        return self.selection or Selection(first=0, length=self.content.frames)
