"""The ``bext`` chunk of a Broadcast Wave file (EBU Tech 3285, version 1)."""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from datetime import datetime

MAX_TIME_REFERENCE = 2**48  # samples; 46 years at 192 kHz. The field has 64 bits; all ones: never filled in
_LAYOUT = "<256s32s32s10s8sQH64s190s"
_TIME_REFERENCE_AT = 338  # bytes: behind description, originator, reference, date and time
_VERSION = 1  # of the chunk: version 1 added the UMID, version 2 the loudness values, which we do not fill in


@dataclass(frozen=True, slots=True, kw_only=True)
class Bext:
    """The fields of a ``bext`` chunk. Texts are cut to the length of their field and written as ASCII.

    Attributes:
        description: up to 256 characters.
        originator: program that made the file, up to 32 characters.
        reference: unique name of this file, up to 32 characters.
        created: local date and time, to the second.
        time_reference: position of the first sample, counted from midnight in samples of the file's own rate.
        coding_history: one line for each step that made the samples, each ending with CR LF.
    """

    description: str
    originator: str
    reference: str
    created: datetime
    time_reference: int
    coding_history: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.time_reference <= MAX_TIME_REFERENCE:
            raise ValueError(f"time_reference is {self.time_reference}; allowed: 0 to 2^48")

    def pack(self) -> bytes:
        """The chunk's content: 602 bytes plus the coding history.

        >>> bext = Bext(description="a", originator="b", reference="c", created=datetime(2024, 5, 1), time_reference=7)
        >>> len(bext.pack())
        602
        """
        fixed = struct.pack(
            _LAYOUT,
            ascii_text(self.description),
            ascii_text(self.originator),
            ascii_text(self.reference),
            self.created.strftime("%Y-%m-%d").encode(),
            self.created.strftime("%H:%M:%S").encode(),
            self.time_reference,
            _VERSION,
            b"",
            b"",
        )
        return fixed + ascii_text(self.coding_history)


def time_reference(content: bytes) -> int | None:
    """TimeReference of a ``bext`` chunk of any version; None if the chunk ends before it.

    >>> time_reference(bytes(338) + b"\\x07" + bytes(7))
    7
    """
    if len(content) < _TIME_REFERENCE_AT + 8:
        return None
    return struct.unpack_from("<Q", content, _TIME_REFERENCE_AT)[0]


def ascii_text(text: str) -> bytes:
    """Nearest ASCII: accents are dropped, and what has no equivalent becomes ``?``.

    >>> ascii_text("Café 漆")
    b'Cafe ?'
    """
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.replace("\0", " ").encode("ascii", "replace")
