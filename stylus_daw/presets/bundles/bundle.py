"""``.styluspreset``: a preset that travels, in one ZIP file.

==================  =====================================================================
``manifest.json``   version of the format, and size and SHA-256 of every other member
``preset.json``     the preset; its styles name the members below
``styles/….flac``   style audio, one for each style
``cover.png``       a picture
``licence.txt``     under which terms preset and audio may be passed on
==================  =====================================================================

Nothing else may be in it. Limits hold before anything is unpacked.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from stylus_daw.chain.strict import StrictModel
from stylus_daw.presets.library.folder import MAX_FILE_BYTES

SUFFIX = ".styluspreset"
MANIFEST, PRESET, COVER, LICENCE = "manifest.json", "preset.json", "cover.png", "licence.txt"
STYLE = re.compile(r"styles/[a-z0-9][a-z0-9-]{0,80}\.flac")

MAX_BUNDLE_BYTES = 256 << 20  # bytes: eight long styles, packed
MAX_MEMBERS = 16  # eight styles and four other files, with room to spare
MAX_RATIO = 100  # unpacked to packed: FLAC and JSON stay far below
RATIO_FREE_BYTES = 1 << 20
"""A small text may shrink as much as it likes; what is larger and grows more than `MAX_RATIO`-fold is a bomb."""

MEMBER_BYTES = {MANIFEST: 64 << 10, PRESET: MAX_FILE_BYTES, COVER: 4 << 20, LICENCE: 1 << 20}
STYLE_BYTES = 128 << 20  # bytes of one style


class BundledFile(StrictModel):
    """A member as the manifest describes it."""

    name: str = Field(min_length=1, max_length=100, description="of the member")
    size: int = Field(ge=0, le=MAX_BUNDLE_BYTES, description="bytes")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of its content")

    @classmethod
    def _noun(cls) -> str:
        return "a file of the manifest"


class Manifest(StrictModel):
    """What a bundle holds."""

    format: Literal["styluspreset"] = Field(default="styluspreset", description="always this")
    version: Literal[1] = Field(default=1, description="of the bundle's format")
    made_with: str = Field(default="", max_length=80, description="program and version")
    files: tuple[BundledFile, ...] = Field(
        strict=False, min_length=2, max_length=MAX_MEMBERS, description="every member but the manifest"
    )

    @classmethod
    def _noun(cls) -> str:
        return "the manifest"


def limit_of(name: str) -> int | None:
    """The most bytes that a member of that name may have; None if no bundle has such a member.

    >>> limit_of("preset.json"), limit_of("../preset.json")
    (67108864, None)
    """
    return STYLE_BYTES if STYLE.fullmatch(name) else MEMBER_BYTES.get(name)


def is_portable(checkpoint: str) -> bool:
    """A model's name; folders mean nothing, or something else, on another computer.

    >>> is_portable("stylus-mini"), is_portable("/models/mine")
    (True, False)
    """
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", checkpoint) is not None
