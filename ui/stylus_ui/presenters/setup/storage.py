"""Storage: what lies on the disk, what of it may go, and where stems that leave the window lie. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.errors import StylusError
from stylus_daw.housekeeping.cleaning import lying, remove
from stylus_daw.housekeeping.finds import JOBS, Found
from stylus_daw.housekeeping.policy import Kind
from stylus_daw.jobs.takes import take_id
from stylus_ui.presenters.history.stem_files import STEMS_FOLDER, usual_folder
from stylus_ui.presenters.history.words import name_of
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.text import later

if TYPE_CHECKING:
    from stylus_daw.jobs.journal.journal import Journal
    from stylus_ui.context import UiContext

DAYS = "storage.days"
DAY_S = 86_400
AGES: Mapping[int, str] = {
    1: later("One day"),
    7: later("One week"),
    30: later("30 days"),
    365: later("One year"),
}
"""Days. Whatever is younger stays: a DAW may still be about to fetch it."""
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How much of one kind lies there."""

    kind: Kind
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file that would go, and what it is called: of a stem, the track and the preset."""

    found: Found
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What goes if the answer is yes.

    Attributes:
        kind: of all of it.
        files: the largest first.
        kept: how many are old enough and stay: starred, or in use by what is open in the window.
    """

    kind: Kind
    files: tuple[Listed, ...]
    kept: int = 0

    @property
    def bytes(self) -> int:
        return sum(one.found.bytes for one in self.files)

    @property
    def needs_word(self) -> bool:
        """Sessions may refer to these: the answer must say that none does."""
        return self.kind is Kind.STEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class StemsPlace:
    """Where stems lie that are dragged or copied out of the window.

    Attributes:
        folder: of the user's own, or the state folder's.
        is_own: the user has chosen it. Nothing in it is ever removed.
        is_there: it was seen; of the state folder's, that is so once a stem has left.
        files, bytes: WAV files in it; -1 files: the user's own is not there.
    """

    folder: Path
    is_own: bool
    is_there: bool = False
    files: int = 0
    bytes: int = 0


class Storage:
    """Looks, lists, and removes what was listed.

    Attributes:
        taken: by kind; empty until it was looked at.
        asked: what somebody wants to clear; None: nothing.
        place: the folder of stems.
        problem: emits what went wrong.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self.taken: Property[tuple[Taken, ...]] = Property(())
        self.asked: Property[Asked | None] = Property(None)
        self.place: Property[StemsPlace] = Property(self._place())
        self.problem: Signal[Exception] = Signal()

    @property
    def days(self) -> int:
        """What is younger is never cleared from here."""
        return self._context.preferences.get(DAYS, USUAL_DAYS)

    @days.setter
    def days(self, days: int) -> None:
        self._context.preferences.set(DAYS, days)
        if self.asked.value is not None:
            self.ask(self.asked.value.kind)

    def look(self) -> None:
        """Count everything again."""
        home, place = self._context.settings.home, self._place()
        self._run(lambda: _taken(lying(home)), self._show_taken)
        self._run(lambda: _counted(place), self._show_place)

    def ask(self, kind: Kind) -> None:
        """List what of a kind is old enough to go; nothing goes yet."""
        home, least_s, journal = self._context.settings.home, self.days * DAY_S, self._journal()
        starred, in_use = self._context.take_notes.starred, self._in_use()

        def work() -> Asked:
            old = [one for one in lying(home) if one.kind is kind and one.age_s > least_s]
            free = [one for one in old if one.path not in in_use and not _is_starred(one, starred)]
            largest_first = sorted(free, key=lambda one: -one.bytes)
            listed = tuple(Listed(found=one, name=_called(one, home, journal)) for one in largest_first)
            return Asked(kind=kind, files=listed, kept=len(old) - len(free))

        self._run(work, self._show_asked)

    def leave(self) -> None:
        """Nothing goes."""
        self.asked.value = None

    def clear(self) -> None:
        """Remove what is listed, and nothing else."""
        asked, home = self.asked.value, self._context.settings.home
        if asked is not None:
            self.asked.value = None
            self._run(lambda: remove(home, [one.found for one in asked.files]), lambda _: self.look())

    def choose(self, folder: Path | None) -> None:
        """Another folder for stems that are dragged or copied out, from now on; None: the state folder's."""
        self._context.preferences.set(STEMS_FOLDER, str(folder) if folder else "")
        self.look()

    def _place(self) -> StemsPlace:
        own = self._context.preferences.get(STEMS_FOLDER, "")
        return StemsPlace(folder=Path(own) if own else usual_folder(self._context.settings.home), is_own=bool(own))

    def _in_use(self) -> frozenset[Path]:
        """What is open in the window."""
        piece = self._context.workspace.workpiece.value
        contents = (piece.content.path, *piece.more) if piece.content else ()
        return frozenset((*contents, *(slot.path for slot in piece.treatment.styles)))

    def _journal(self) -> Journal | None:
        return self._context.app.journal if self._context.app else None

    def _run(self, work, done) -> None:
        self._context.background.run(work, done=done, failed=self.problem.emit)

    def _show_taken(self, taken: tuple[Taken, ...]) -> None:
        self.taken.value = taken

    def _show_asked(self, asked: Asked) -> None:
        self.asked.value = asked

    def _show_place(self, place: StemsPlace) -> None:
        self.place.value = place


def _taken(found: tuple[Found, ...]) -> tuple[Taken, ...]:
    of = {kind: [one.bytes for one in found if one.kind is kind] for kind in Kind}
    return tuple(Taken(kind=kind, files=len(sizes), bytes=sum(sizes)) for kind, sizes in of.items())


def _counted(place: StemsPlace) -> StemsPlace:
    """With what lies directly in it; a state folder's that does not exist yet is empty."""
    try:
        sizes = [one.stat().st_size for one in place.folder.iterdir() if one.suffix.lower() == ".wav"]
    except OSError:
        return replace(place, is_there=False, files=-1 if place.is_own else 0)
    return replace(place, is_there=True, files=len(sizes), bytes=sum(sizes))


def _is_starred(found: Found, starred: frozenset[str]) -> bool:
    """A stem of a starred take, or a copy of one, whose name ends in that of its job."""
    if found.kind is not Kind.STEMS:
        return False
    if found.path.parent.parent.name == JOBS:
        return _job_of(found.path) in starred
    return any(found.path.stem.endswith(job[-6:]) for job in starred)


def _job_of(stem: Path) -> str:
    """The job that made a stem in its folder: of several takes, each has been one."""
    _, _, number = stem.stem.partition("-")
    return take_id(stem.parent.name, int(number)) if number else stem.parent.name


def _called(found: Found, home: Path, journal: Journal | None) -> str:
    """For people: a job's stem by track and preset, anything else by its place."""
    place = found.path.relative_to(home)
    if found.kind is Kind.STEMS and place.parts[0] == JOBS and journal is not None:
        try:
            return f"{name_of(journal.get(_job_of(place)).request)} ({_job_of(place)})"
        except StylusError:  # an older journal had it
            return place.as_posix()
    return place.as_posix()
