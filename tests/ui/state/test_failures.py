"""What the window says of files that it can use in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.audio.files import Shortfall, ShortFileError
from stylus_ui.state.failures import notice_of
from stylus_ui.state.text import Text


@pytest.mark.parametrize(
    ("announced_s", "said"),
    [
        (1234.5, "'Lied.wav' bricht ab: 1.234,50 s sind angekündigt, 2,00 s vorhanden. Nur diese werden verwendet."),
        (None, "'Lied.wav' bricht nach 2,00 s mitten in einem Paket ab. Nur was davor liegt, wird verwendet."),
    ],
)
def test_a_file_that_breaks_off_is_told_in_german(announced_s: float | None, said: str) -> None:
    error = ShortFileError(Path("/Musik/Lied.wav"), Shortfall(holds_s=2, announced_s=announced_s))
    notice = notice_of(Text("de"), error)
    assert notice.text == f"{said} Falls mehr da sein sollte, neu exportieren oder neu kopieren."
    assert notice.stays
    assert notice_of(Text(), error).text.startswith("'Lied.wav' breaks off")
