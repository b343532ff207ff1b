"""The kinds of audio files that stylus-daw reads: one list for dialogs, drops, watched folders and messages."""

from __future__ import annotations

from pathlib import Path

READABLE = {
    "WAV": ("wav", "wave", "bwf", "rf64"),
    "Wave64": ("w64",),
    "AIFF": ("aif", "aiff", "aifc"),
    "CAF": ("caf",),
    "FLAC": ("flac",),
    "Ogg (Vorbis, Opus)": ("ogg", "oga", "opus"),
    "MP3": ("mp3",),
    "MPEG-4 (AAC, ALAC)": ("m4a", "mp4", "m4b", "aac"),
    "WavPack": ("wv",),
}
"""Suffixes in lower case, without the dot, by the name of the format."""

SUFFIXES = frozenset(f".{suffix}" for suffixes in READABLE.values() for suffix in suffixes)
FORMATS_SAID = ", ".join(list(READABLE)[:-1]) + " and " + list(READABLE)[-1]


def looks_like_audio(path: Path) -> bool:
    """Whether the name ends as audio files do that can be read.

    >>> looks_like_audio(Path("Kick.WAV")), looks_like_audio(Path("notes.txt"))
    (True, False)
    """
    return path.suffix.lower() in SUFFIXES


def dialog_pattern() -> str:
    """All suffixes as a file dialog wants them: ``*.wav *.wave …``."""
    return " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
