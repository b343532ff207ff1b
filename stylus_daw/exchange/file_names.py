"""Names of files made from names of tracks and presets: valid on every system, and never too long for one."""

from __future__ import annotations

MOST_NAME_BYTES = 180
"""Bytes in UTF-8: file systems take 255, and a number, a suffix and a job's id follow."""

FORBIDDEN = '"*/:<>?\\|'
"""On Windows; control characters besides."""


def file_name(said: str) -> str:
    """A name for a file, without its suffix; a letter is never cut in two.

    >>> file_name("Drums: loop/1"), len(file_name("\u6d77" * 200).encode())
    ('Drums_ loop_1', 180)
    """
    return cut_to(name_inside(said), MOST_NAME_BYTES)


def name_inside(name: str) -> str:
    """A file's own name as it may stand in an archive: what other systems, or UTF-8, do not take becomes ``_``.

    >>> name_inside("a\\n:b.wav"), name_inside("caf\\udce9.wav")
    ('a__b.wav', 'caf_.wav')
    """
    return "".join("_" if letter in FORBIDDEN or letter < " " or _is_half(letter) else letter for letter in name)


def cut_to(name: str, most_bytes: int) -> str:
    """The beginning of a name that fits in so many bytes of UTF-8.

    >>> cut_to("caf\u00e9", 4), cut_to("caf\u00e9", 5)
    ('caf', 'caf\xe9')
    """
    return name.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")


def _is_half(letter: str) -> bool:
    """A byte of a name that is not UTF-8, as Python holds it."""
    return "\ud800" <= letter <= "\udfff"
