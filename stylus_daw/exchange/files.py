"""A stem as a plain file: a copy with its timestamp, padded from the session's start, or in an archive."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from stylus_daw.atomic import replacing
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, read, sha256_of, write_stem
from stylus_daw.errors import AudioFileError, RequestError
from stylus_daw.exchange.file_names import name_inside
from stylus_daw.exchange.placed import PlacedStem

MOST_PADDED_BYTES = 4_000_000_000  # bytes: what a plain WAV can hold
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP knows: the same stem gives the same archive


def write_copy(stem: PlacedStem, target: Path) -> None:
    """The stem as it is: a Broadcast Wave whose timestamp says where it belongs.

    Raises:
        AudioFileError: ``target`` is the stem, or cannot be written.
    """
    with writing(target, stem.path) as stream, stem.path.open("rb") as source:
        shutil.copyfileobj(source, stream, 1 << 20)


def write_padded(stem: PlacedStem, target: Path) -> None:
    """Silence from the session's start up to the stem, then the stem: for hosts that ignore timestamps.

    Raises:
        RequestError: ``export.too_long``.
        AudioFileError: ``target`` is the stem, or cannot be written.
    """
    info = stem.info
    frames = stem.start + info.frames
    if frames * info.channels * 4 > MOST_PADDED_BYTES:
        hours = stem.start_seconds / 3600
        text = (
            f"'{stem.path.name}' begins {hours:.1f} hours after the session's start, too far for a padded file. "
            "Give the session's start with --session-start, or export as bwf or dawproject."
        )
        raise RequestError("export.too_long", text)
    samples = np.zeros((info.channels, frames), dtype=np.float32)
    samples[:, stem.start :] = read(stem.path).samples
    padded = Clip(samples=samples, rate=info.rate, start=stem.session_start)
    write_stem(target, padded, stem.provenance or Provenance(), protect=(stem.path,))


def write_archive(stem: PlacedStem, target: Path) -> None:
    """A ZIP of the stem and ``provenance.json``: what made it and where it belongs.

    Raises:
        AudioFileError: ``target`` is the stem, or cannot be written.
    """
    text = json.dumps(description_of(stem), indent=1, ensure_ascii=False) + "\n"
    with writing(target, stem.path) as stream, zipfile.ZipFile(stream, "w") as archive:
        add_file(archive, name_inside(stem.path.name), stem.path)
        add_text(archive, "provenance.json", text)


def description_of(stem: PlacedStem) -> dict[str, Any]:
    """Everything that is known about a stem, ready for JSON."""
    return {
        "stem": name_inside(stem.path.name),
        "sha256": sha256_of(stem.path),
        "title": stem.title,
        "project": stem.project,
        "track": stem.track,
        "start_sample": stem.start,
        "session_start": stem.session_start,
        "length_samples": stem.info.frames,
        "rate": stem.info.rate,
        "channels": stem.info.channels,
        "tempo_bpm": stem.tempo_bpm,
        "time_signature": "{}/{}".format(*stem.time_signature),
        "provenance": asdict(stem.provenance) if stem.provenance else None,
    }


def add_text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Add a text; the same text gives the same archive."""
    archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)


def add_file(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Add a file, uncompressed: audio hardly shrinks, and hosts read it in place."""
    with path.open("rb") as source, archive.open(zipfile.ZipInfo(name, ZIP_DATE), "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, 1 << 20)


@contextmanager
def writing(target: Path, source: Path) -> Iterator[BinaryIO]:
    """A stream that becomes ``target``, whole or not at all, and never takes the place of ``source``.

    Raises:
        AudioFileError: ``audio.protected`` or ``audio.write``.
    """
    if os.path.realpath(target) == os.path.realpath(source):
        raise AudioFileError("audio.protected", f"'{target}' is the stem itself. Choose another name.")
    try:
        with replacing(target) as stream:
            yield stream
    except OSError as error:
        text = f"'{target}' cannot be written: {error.strerror or error}. Choose another folder or name."
        raise AudioFileError("audio.write", text) from error
