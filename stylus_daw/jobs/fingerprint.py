"""The fingerprint of a request: what its samples depend on, and nothing else. Same fingerprint, same samples."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from stylus_daw import __version__
from stylus_daw.audio.files import sha256_of
from stylus_daw.jobs.job import RenderRequest

KEPT_HASHES = 4096  # files whose hash is remembered while they do not change


def fingerprint(request: RenderRequest, model_sha256: str = "") -> str:
    """64 hexadecimal digits from the audio's content, the knobs, the chain, the region, the app and the model.

    Names and folders do not count, nor does where the stem goes or who asked.

    Raises:
        AudioFileError: a file cannot be read.
    """
    decides = asdict(request)
    for name in ("source", "stem", "origin", "heard", *(() if request.share else ("share",))):
        del decides[name]
    decides["source"] = content_hash(request.source)
    decides["styles"] = [{**style, "path": content_hash(style["path"])} for style in decides["styles"]]
    decides["app"], decides["model"] = __version__, model_sha256
    return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()


def content_hash(path: Path) -> str:
    """SHA-256 of a file; read again only when its size, its time or its number has changed.

    Raises:
        AudioFileError: it cannot be read.
    """
    try:
        seen = path.stat()
    except OSError:
        return sha256_of(path)  # which says what is wrong
    return _hash(os.path.realpath(path), seen.st_size, seen.st_mtime_ns, seen.st_ino)


@lru_cache(KEPT_HASHES)
def _hash(path: str, *_seen: Any) -> str:
    return sha256_of(Path(path))
