"""An automation lane as a file: CSV or JSON, in seconds or in samples from the region's start."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from stylus_daw.engine.knobs.points import EnvelopePoints, checked_points
from stylus_daw.errors import RequestError
from stylus_daw.regular_file import TooLargeError, read_regular

MAX_BYTES = 1_000_000  # bytes: far more than the allowed points need
UNITS = ("seconds", "samples")


def read_envelope(path: Path, rate: int) -> EnvelopePoints:
    """The points of a file.

    JSON is a list of points ``[[0, 1], [2.5, 0]]`` in seconds, or ``{"samples": [[0, 1], [120000, 0]]}``. CSV has a
    point per line, and ``seconds,factor`` or ``samples,factor`` as its first line; without that line it is seconds.
    Semicolons or tabs may part the columns, too; numbers may then have a decimal comma.

    Args:
        path: of the file; ``.json`` is JSON, all else CSV.
        rate: samples per second of the region.

    Raises:
        RequestError: it cannot be read, or holds no such points.
    """
    text = _text(path)
    unit, points = _from_json(text, path) if path.suffix.lower() == ".json" else _from_csv(text)
    per_second = 1.0 if unit == "seconds" else float(rate)
    return checked_points(_scaled(point, per_second) for point in points)


def _text(path: Path) -> str:
    try:
        return read_regular(path, MAX_BYTES).decode("utf-8-sig")
    except TooLargeError as error:
        raise RequestError("request.envelope", f"'{path}' has more than {MAX_BYTES:,} bytes.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("request.envelope", f"The envelope '{path}' cannot be read: {error}.") from error


def _from_json(text: str, path: Path) -> tuple[str, list[Any]]:
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError("request.envelope", f"The envelope '{path}' is not JSON: {error}.") from error
    unit, points = next(iter(written.items()), ("", None)) if isinstance(written, dict) else ("seconds", written)
    if unit not in UNITS or not isinstance(points, list) or (isinstance(written, dict) and len(written) > 1):
        raise RequestError(
            "request.envelope", f"""The envelope '{path}' must be [[0, 1], …] or {{"samples": [[0, 1], …]}}."""
        )
    return unit, points


def _from_csv(text: str) -> tuple[str, list[Any]]:
    separator = _separator(text)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    if separator != ",":  # then the comma is a decimal one
        rows = [[cell.strip().replace(",", ".") for cell in row] for row in rows]
    unit = rows[0][0].strip().lower() if rows else "seconds"
    return (unit, rows[1:]) if unit in UNITS else ("seconds", rows)


def _separator(text: str) -> str:
    """As the first line shows it: spreadsheets write semicolons where the comma is the decimal point, or tabs."""
    first = text.lstrip().partition("\n")[0]
    return next((mark for mark in (";", "\t") if mark in first), ",")


def _scaled(point: Any, per_second: float) -> Any:
    """A point that is none is left as it is, for the check that follows names it."""
    try:
        moment, factor = point
        return float(moment) / per_second, float(factor)
    except (TypeError, ValueError):
        return point
