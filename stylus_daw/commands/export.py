"""``stylus-daw export``: a stem for a host without a script."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import JobError, RequestError, quoted

if TYPE_CHECKING:
    from stylus_daw.exchange.delivery import Delivery
    from stylus_daw.exchange.placed import PlacedStem

FLAC = ".flac"
_MOST_DIGITS = 15  # of a position in samples, thirty years at 192 kHz have 15
_SHOWN = 80  # letters of a wrong value in a message
SUFFIXES = {"bwf": ".wav", "padded": ".wav", "dawproject": ".dawproject", "zip": ".zip"}

What = Annotated[str, typer.Argument(metavar="JOB|STEM", help="A job's id (its beginning is enough), or a stem file.")]
As = Annotated[str | None, typer.Option("--as", metavar="FORM", help="bwf (the default), padded, dawproject or zip.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File or folder. Default: beside the stem.")]
SessionStart = Annotated[
    str | None, typer.Option(metavar="HH:MM:SS[:FF]|SAMPLES", help="The session's zero. Default: the job's.")
]
FrameRate = Annotated[
    str | None,
    typer.Option(help="Frames per second: 23.976, 25, 29.97, 29.97df, 30 …; --session-start is then timecode."),
]
Bits = Annotated[int | None, typer.Option(metavar="16|24|32", help="Of a sample; 32 is float. FLAC: 24 by default.")]
Kind = Annotated[
    str | None, typer.Option("--format", metavar="wav|flac", help="Kind of file. Default: as --out ends, else wav.")
]
Clipboard = Annotated[
    bool, typer.Option("--clipboard", help="Put the file on the clipboard; without --as and --out, the stem itself.")
]


def command(
    what: What,
    form: As = None,
    out: Out = None,
    bits: Bits = None,
    kind: Kind = None,
    session_start: SessionStart = None,
    frame_rate: FrameRate = None,
    clipboard: Clipboard = False,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Write a stem as a timestamped copy (also 16 or 24 bits, FLAC), padded, as a DAWproject, or zipped."""
    from stylus_daw.audio.files import probe
    from stylus_daw.exchange.clipboard import put_on_clipboard
    from stylus_daw.exchange.placed import placed_stem

    if form is not None and form not in SUFFIXES:
        raise RequestError("export.form", f"--as is {form!r}; allowed: {', '.join(SUFFIXES)}.")
    delivery = _delivery(form, bits, kind, out)
    path = _stem_named(what, state_dir)
    start = None if session_start is None else samples_of(session_start, probe(path).rate, frame_rate)
    stem = placed_stem(path, session_start=start)
    target = stem.path
    if form is not None or out is not None or delivery is not None or not clipboard:
        suffix = f".{delivery.container.value}" if delivery else SUFFIXES[form or "bwf"]
        target = _target(stem, form or "bwf", out, suffix)
        _writer(form or "bwf", delivery)(stem, target)
    if clipboard:
        put_on_clipboard(target.absolute(), platform.system(), os.environ)
    if as_json:
        place = {"start_sample": stem.start, "rate": stem.info.rate, "clipboard": clipboard}
        coding = {"format": delivery.container.value, "bits": delivery.bits} if delivery else {}
        say_json({"event": "exported", "path": target, "form": form or "bwf", **coding, **place})
    else:
        where = " (on the clipboard)" if clipboard else ""
        print(f"{target}{where}: belongs at sample {stem.start:,} of the session ({stem.start_seconds:.3f} s)")


def samples_of(text: str, rate: int, frame_rate: str | None = None) -> int:
    """A session's start in samples; a time is one of the clock, or timecode where a frame rate is given.

    >>> samples_of("01:00:00", 48_000), samples_of("480", 48_000)
    (172800000, 480)
    >>> samples_of("01:00:00", 48_000, "23.976")
    172972800

    Raises:
        RequestError: it is neither a time nor a number, or a timecode without a frame rate.
    """
    parts = re.split("[:;]", text)
    if frame_rate is not None and len(parts) > 1:
        from stylus_daw.exchange.timecode import samples_of_timecode

        return samples_of_timecode(text, frame_rate, rate)
    if len(parts) == 4:
        text = f"--session-start is {quoted(text)}, a timecode. Say the session's --frame-rate, too: 23.976, 25 …"
        raise RequestError("export.session_start", text)
    if all(part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS for part in parts):
        if len(parts) == 1:
            return int(text)
        hours, minutes, seconds = (int(part) for part in parts) if len(parts) == 3 else (0, 60, 60)
        if minutes < 60 and seconds < 60:
            return ((hours * 60 + minutes) * 60 + seconds) * rate
    said = f"--session-start is {quoted(text[:_SHOWN])}; write 01:00:00 or a number of samples."
    raise RequestError("export.session_start", said)


def _delivery(form: str | None, bits: int | None, kind: str | None, out: Path | None) -> Delivery | None:
    """None: nothing about the samples is asked for, so they are copied as they are.

    Raises:
        RequestError: ``export.bits`` or ``export.format``.
    """
    from stylus_daw.exchange.delivery import Container, Delivery

    if kind is None and out is not None and out.suffix.lower() == FLAC and not out.is_dir() and form in (None, "bwf"):
        kind = Container.FLAC
    if bits is None and kind is None:
        return None
    if kind is not None and kind not in list(Container):
        raise RequestError("export.format", f"--format is {quoted(kind)}; allowed: {', '.join(Container)}.")
    if form not in (None, "bwf"):
        text = f"--as {form} holds the stem's own samples. Leave out --bits and --format, or export as bwf."
        raise RequestError("export.format", text)
    container = Container(kind or Container.WAV)
    return Delivery(container=container, bits=(24 if container is Container.FLAC else 32) if bits is None else bits)


def _writer(form: str, delivery: Delivery | None) -> Callable[[PlacedStem, Path], None]:
    from stylus_daw.exchange.dawproject import write_dawproject
    from stylus_daw.exchange.delivery import write_delivery
    from stylus_daw.exchange.files import write_archive, write_copy, write_padded

    if delivery is not None:
        return lambda stem, target: write_delivery(stem, target, delivery)
    return {"bwf": write_copy, "padded": write_padded, "dawproject": write_dawproject, "zip": write_archive}[form]


def _target(stem: PlacedStem, form: str, out: Path | None, suffix: str) -> Path:
    """The file to write; a file that is there is only replaced where it was named in full."""
    if out is not None and not out.is_dir():
        if not out.suffix:
            return out.with_name(out.name + suffix)
        if out.suffix.lower() != suffix:
            raise RequestError("export.suffix", f"{quoted(out)} ends in {out.suffix}; this export ends in {suffix}.")
        return out
    folder = stem.path.parent if out is None else out
    for name in _names(stem, form):
        path = folder / f"{name}{suffix}"
        if not path.exists():
            return path
    raise RequestError("export.name", f"'{folder}' is full of exports of this name. Give a name with --out.")


def _names(stem: PlacedStem, form: str) -> Iterator[str]:
    """A file keeps its name, a job's stem gets its title; the form is told where the name is taken, and of a padded
    file always: it looks like the stem, but begins elsewhere.
    """
    from stylus_daw.exchange.file_names import file_name
    from stylus_daw.jobs.job import STEM_FILE

    name = file_name(stem.title) if stem.path.name == STEM_FILE else stem.path.stem
    if form != "padded":
        yield name
    yield f"{name} {form}"
    yield from (f"{name} {form} {number}" for number in range(2, 10_000))


def _stem_named(what: str, state_dir: Path | None) -> Path:
    path = Path(what).expanduser()
    if path.is_file():
        return path.resolve()
    record = _finished_job(what, state_dir)
    if record is None:
        text = f"{quoted(what)} is neither a file nor a job. `stylus-daw jobs` lists the jobs."
        raise RequestError("export.unknown", text)
    return record


def _finished_job(what: str, state_dir: Path | None) -> Path | None:
    """The stem of the job whose id begins so; None if there is none.

    Raises:
        RequestError: several begin so.
        JobError: it has no stem.
    """
    from stylus_daw.jobs.job import JobOutcome
    from stylus_daw.jobs.journal.journal import Journal
    from stylus_daw.settings import Settings, state_folder

    journal_file = Settings(home=state_folder(state_dir)).journal
    if not journal_file.exists():
        return None
    journal = Journal(journal_file, only_reads=True)
    try:
        found = [record for record in journal.newest(100_000) if record.job.startswith(what)] if what else []
    finally:
        journal.close()
    exact = [record for record in found if record.job == what]
    if len(exact or found) > 1:
        raise RequestError("export.ambiguous", f"{len(found)} jobs begin with {quoted(what)}. Write more of the id.")
    for record in exact or found:
        if record.outcome is not JobOutcome.DONE:
            raise JobError("job.no_stem", f"Job {record.job} has no stem: {(record.outcome or record.phase).value}.")
        return record.stem
    return None
