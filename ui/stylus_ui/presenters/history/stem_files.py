"""StemFiles: finished stems as files that leave the window: dragged, copied, exported. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stylus_daw.errors import AudioFileError
from stylus_daw.exchange.dawproject import write_dawproject
from stylus_daw.exchange.delivery import Container, Delivery, write_delivery
from stylus_daw.exchange.files import write_archive, write_copy, write_padded
from stylus_daw.exchange.placed import PlacedStem, placed_stem
from stylus_daw.housekeeping.finds import STEMS
from stylus_ui.context import UiContext
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.words import file_name_of
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.state.text import later

STEMS_FOLDER = "stems.folder"
LAST_FOLDER = "export.folder"


AWAY = later("Your stems folder is not there. Plug in its drive, or choose another folder under Settings > Storage.")


class Form(StrEnum):
    """How a stem is exported."""

    BWF = "bwf"
    WAV_24 = "wav 24"
    WAV_16 = "wav 16"
    FLAC_24 = "flac 24"
    FLAC_16 = "flac 16"
    PADDED = "padded"
    DAWPROJECT = "dawproject"
    ZIP = "zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """What a form is called, what its files end in, and who writes it."""

    label: str
    suffix: str
    write: Callable[[PlacedStem, Path], None]


def _delivered(label: str, container: Container, bits: int) -> FormFile:
    delivery = Delivery(container=container, bits=bits)
    return FormFile(
        label=label,
        suffix=f".{container.value}",
        write=lambda stem, target: write_delivery(stem, target, delivery),
    )


FORMS = {
    Form.BWF: FormFile(label=later("Broadcast Wave with its timestamp"), suffix=".wav", write=write_copy),
    Form.WAV_24: _delivered(later("Broadcast Wave, 24-bit"), Container.WAV, 24),
    Form.WAV_16: _delivered(later("Broadcast Wave, 16-bit"), Container.WAV, 16),
    Form.FLAC_24: _delivered(later("FLAC, 24-bit"), Container.FLAC, 24),
    Form.FLAC_16: _delivered(later("FLAC, 16-bit"), Container.FLAC, 16),
    Form.PADDED: FormFile(label=later("Wave from the session's start"), suffix=".wav", write=write_padded),
    Form.DAWPROJECT: FormFile(label=later("DAWproject"), suffix=".dawproject", write=write_dawproject),
    Form.ZIP: FormFile(label=later("ZIP with what made it"), suffix=".zip", write=write_archive),
}


class StemFiles:
    """Files of finished jobs.

    Args:
        context: of the window.
        reveal: shows a folder.
    """

    def __init__(self, context: UiContext, reveal: Callable[[Path], object] = lambda folder: None) -> None:
        self._context, self._reveal = context, reveal

    def hand_out(self, entry: HistoryEntry, done: Callable[[Path], object]) -> None:
        """A copy of the stem with a name that says what it is; it stays where it is for good.

        A DAW may keep reading a dragged file where it is: it is never moved, and never removed without a question.
        """
        own = self._context.preferences.get(STEMS_FOLDER, "")
        folder = Path(own) if own else usual_folder(self._context.settings.home)
        self._context.background.run(lambda: named_copy(entry, folder, is_own=bool(own)), done=done, failed=self._tell)

    def suggested(self, entry: HistoryEntry, form: Form) -> Path:
        """Where an export may go."""
        folder = Path(self._context.preferences.get(LAST_FOLDER, "") or Path.home())
        return folder / f"{file_name_of(entry)}{FORMS[form].suffix}"

    def export(self, entry: HistoryEntry, form: Form, target: Path) -> None:
        """Write it; the suffix is added where it was left out."""
        suffix = FORMS[form].suffix
        wanted = target if target.suffix.lower() == suffix else target.with_name(target.name + suffix)
        self._context.preferences.set(LAST_FOLDER, str(wanted.parent))
        self._context.background.run(
            lambda: FORMS[form].write(placed_stem(_stem_of(entry)), wanted),
            done=lambda _: self._tell_exported(wanted),
            failed=self._tell,
        )

    def _tell(self, error: Exception) -> None:
        tell(self._context, error)

    def _tell_exported(self, target: Path) -> None:
        text = self._context.text
        shows = NoticeAction(label=text("Show in its folder"), call=lambda: self._reveal(target.parent))
        said = text("{name} is exported.", name=target.name)
        self._context.notify(Notice(kind=NoticeKind.GOOD, text=said, action=shows, key="export"))


def usual_folder(home: Path) -> Path:
    """Where stems lie that have left the window, unless the user has chosen a folder."""
    return home / STEMS


def named_copy(entry: HistoryEntry, folder: Path, *, is_own: bool = False) -> Path:
    """The copy of a stem under its own name, made once. Takes as long as copying.

    Args:
        entry: a finished job.
        folder: where.
        is_own: the user has chosen it: it is not made anew, for its drive may only be unplugged.

    Raises:
        AudioFileError: the stem is gone, or the disk is full; ``stems.folder``: the user's own folder is not there.
    """
    stem = _stem_of(entry)
    if is_own and not folder.is_dir():
        raise AudioFileError("stems.folder", AWAY)
    target = folder / f"{file_name_of(entry)}.wav"
    placed = placed_stem(stem, session_start=0)
    if not (target.exists() and target.stat().st_size == stem.stat().st_size):
        folder.mkdir(parents=True, exist_ok=True)
        write_copy(placed, target)
    return target


def _stem_of(entry: HistoryEntry) -> Path:
    return entry.take.stem.path if entry.take.stem else entry.request.stem
