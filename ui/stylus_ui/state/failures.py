"""An error as a notice: its sentence, and nothing that the user cannot act on. No Qt."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stylus_daw.audio.files import Shortfall, ShortFileError
from stylus_daw.errors import JobCancelled, StylusError
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.state.text import Text

if TYPE_CHECKING:
    from stylus_ui.context import UiContext

logger = logging.getLogger(__name__)


def notice_of(text: Text, error: BaseException, action: NoticeAction | None = None, *, key: str = "") -> Notice:
    """The notice of an error; anything but a StylusError is a bug, and logged."""
    if isinstance(error, ShortFileError):
        said = short_words(text, error.path.name, error.shortfall)
        return Notice(kind=NoticeKind.BAD, text=said, action=action, stays=True, key=key or error.code)
    if isinstance(error, StylusError):
        return Notice(kind=NoticeKind.BAD, text=text(error.message), action=action, stays=True, key=key or error.code)
    logger.error("A bug", exc_info=error)
    said = text("A fault in Stylus ({name}). The log has more.", name=f"{type(error).__name__}: {error}")
    return Notice(kind=NoticeKind.BAD, text=said, action=action, stays=True, key=key or "bug")


def short_words(text: Text, file: str, short: Shortfall) -> str:
    """What is to be told of a file that breaks off.

    >>> short_words(Text("de"), "a.wav", Shortfall(holds_s=2, announced_s=4))[:62]
    "'a.wav' bricht ab: 4,00 s sind angekündigt, 2,00 s vorhanden. "
    """
    holds = text.number(short.holds_s, 2)
    if short.announced_s is None:
        said = text(
            "'{file}' breaks off within a packet, after {holds} s. Only what is before it is used.",
            file=file,
            holds=holds,
        )
    else:
        announced = text.number(short.announced_s, 2)
        said = text(
            "'{file}' breaks off: {announced} s are announced, {holds} s are there. Only these are used.",
            file=file,
            announced=announced,
            holds=holds,
        )
    return f"{said} {text('Export or copy it again if more should be there.')}"


def tell(context: UiContext, error: BaseException, action: NoticeAction | None = None) -> None:
    """Show an error, unless it is the user's own cancel."""
    if not isinstance(error, JobCancelled):
        context.notify(notice_of(context.text, error, action))
