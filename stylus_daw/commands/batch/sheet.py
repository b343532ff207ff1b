"""A batch as a table: one row per file, in CSV."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylus_daw.engine.knobs.knob import Knob
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.knobs.words import allowed
from stylus_daw.errors import RequestError, quoted
from stylus_daw.regular_file import TooLargeError, read_regular

MAX_BYTES = 50_000_000  # bytes: half a million rows
COLUMNS = {
    "source": "audio file; relative paths begin at the sheet's folder",
    "preset": "id or name",
    "style": "FILE, FILE=WEIGHT or FILE[1.5-4.0]=WEIGHT instead of a preset; a bar | parts several",
    "out": "the stem's name below the output folder, instead of --name",
}
"""Besides these, every knob is a column."""
_SEPARATOR_HINT = re.compile(r"sep=(.)")
_YES, _NO = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file as the sheet has it. ``line`` counts from 1; the heading is line 1."""

    line: int
    source: Path
    preset: str | None = None
    styles: tuple[str, ...] = ()
    out: str = ""
    knobs: Mapping[str, Any]
    complaint: RequestError | None = None


def read_sheet(path: Path) -> tuple[Row, ...]:
    """The rows; one with a value that is not possible has a complaint, so that the others go on.

    Commas, semicolons or tabs part the columns, as the heading shows, or Excel's ``sep=`` above it.

    Raises:
        RequestError: the sheet cannot be read, has no ``source``, or has a column that nobody knows.
    """
    lines = _lines(_text(path))
    hint = _SEPARATOR_HINT.fullmatch(lines[0].rstrip("\n").lower()) if lines else None
    skipped = 1 if hint else 0
    heading_line = lines[skipped] if len(lines) > skipped else ""
    separator = hint[1] if hint else next((mark for mark in ("\t", ";") if mark in heading_line), ",")
    reader = csv.reader(lines[skipped:], delimiter=separator, skipinitialspace=True, strict=True)
    begun = 1
    try:
        heading = [name.lower().replace("-", "_") for name in _cells(next(reader, []))]
        _check_heading(path, heading)
        folder = path.absolute().parent
        cells = []
        begun = reader.line_num + skipped + 1
        for row in map(_cells, reader):
            cells.append((reader.line_num + skipped, row))
            begun = reader.line_num + skipped + 1
    except csv.Error as error:
        text = f"Line {begun} of the sheet {quoted(path)} cannot be read: {error}."
        raise RequestError("batch.sheet", f"{text} Look for a quotation mark without its pair.") from error
    return tuple(_row(line, heading, row, folder) for line, row in cells if row)


def _text(path: Path) -> str:
    """UTF-8, or the UTF-16 of spreadsheets' "Unicode text", which begins with its mark."""
    try:
        content = read_regular(path, MAX_BYTES)
        is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        text = f"The sheet {quoted(path)} is not in UTF-8 (line {line}). Save it as 'CSV UTF-8'."
        raise RequestError("batch.sheet", text) from error
    except TooLargeError as error:
        raise RequestError("batch.sheet", f"The sheet {quoted(path)} has more than {MAX_BYTES:,} bytes.") from error
    except OSError as error:
        text = f"The sheet {quoted(path)} cannot be read: {error.strerror or error}. Check the path."
        raise RequestError("batch.sheet", text) from error


def _lines(text: str) -> list[str]:
    """With their ends, so that a cell of two lines stays one cell; only what spreadsheets write ends a line."""
    return io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n").readlines()


def _cells(row: list[str]) -> list[str]:
    """Without the empty cells at the end, which spreadsheets write for columns that were once in use."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_heading(path: Path, heading: list[str]) -> None:
    known = [*COLUMNS, *KNOBS]
    strange = [name for name in heading if name not in known]
    twice = [name for name in known if heading.count(name) > 1]
    if "source" not in heading or strange or twice:
        if "source" not in heading:
            wrong = "has no column 'source'"
        else:
            wrong = f"has a column {quoted((strange or twice)[0])}" + ("" if strange else " twice")
        text = f"The sheet {quoted(path)} {wrong}; allowed: {', '.join(known)}. Put them in its first line."
        raise RequestError("batch.sheet", text)


def _row(line: int, heading: list[str], cells: list[str], folder: Path) -> Row:
    values = {name: cell for name, cell in zip(heading, cells, strict=False) if cell}
    written = values.get("source", "")
    source = _path(written if _is_plain(written) else "", folder)
    try:
        if bad := next((name for name, value in values.items() if not _is_plain(value)), ""):
            text = f"Line {line} of the sheet: {bad} holds a control character. Type the cell again."
            raise RequestError("batch.row", text)
        if len(cells) > len(heading) or "source" not in values:
            wrong = "more cells than columns" if "source" in values else "no source"
            raise RequestError("batch.row", f"Line {line} of the sheet has {wrong}. Put quotation marks around commas.")
        knobs = {name: _turned(KNOBS[name], value, line, folder) for name, value in values.items() if name in KNOBS}
    except RequestError as error:
        return Row(line=line, source=source, out=values.get("out", ""), knobs={}, complaint=error)
    return Row(
        line=line,
        source=source,
        preset=values.get("preset"),
        styles=tuple(str(_path(one.strip(), folder)) for one in values.get("style", "").split("|") if one.strip()),
        out=values.get("out", ""),
        knobs=knobs,
    )


def _is_plain(value: str) -> bool:
    """Without control characters: line ends, NUL."""
    return not any(letter < " " or letter == "\x7f" for letter in value)


def _path(written: str, folder: Path) -> Path:
    """A path that begins at the sheet's folder; ``~`` alone is the home, ``~kick.wav`` a name like others."""
    path = Path(written)
    return folder / (path.expanduser() if path.parts[:1] == ("~",) else path)


def _turned(knob: Knob, written: str, line: int, folder: Path) -> Any:
    """A cell as the command line would read it.

    Raises:
        RequestError: it is not such a value.
    """
    if knob.type is tuple:
        return _path(written, folder)
    if knob.type is bool and written.lower() in _YES | _NO:
        return written.lower() in _YES
    if knob.type in (int, float):
        try:
            return knob.type(written.replace(",", "."))
        except ValueError:
            pass
    elif knob.type is not bool:
        return written
    text = f"Line {line} of the sheet: {knob.name} is {quoted(written)}; allowed: {allowed(knob)}."
    raise RequestError("batch.row", text)
