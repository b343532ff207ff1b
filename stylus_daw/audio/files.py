"""Audio files: the only modules that know frames-first arrays, sample codings, chunks and paths.

:func:`probe`, :func:`read` and, in pieces, :func:`opened_sound` read what `formats.kinds` lists.
:func:`write_stem` writes Broadcast Wave, :func:`write_audio` FLAC or WAV.

Every failure is an :class:`~stylus_daw.errors.AudioFileError`:

====================  ================================================================
``audio.missing``     the file does not exist
``audio.unreadable``  a folder, not permitted, or damaged
``audio.format``      not audio, or a suffix that cannot be written
``audio.empty``       0 bytes or 0 samples
``audio.rate``        outside 8 to 192 kHz
``audio.channels``    more than 8
``audio.non_finite``  NaN or infinity in the stretch that was read
``audio.level``       no sound but numbers that were never brought to full scale
``audio.region``      the region reaches beyond the file
``audio.short``       :func:`shortage`'s: the file breaks off; what is there can be used
``audio.write``       the folder is missing, read-only or full
``audio.protected``   the file to be written is the source
``audio.position``    a stem that would start before sample 0
``audio.clipped``     over full scale in a format that cannot hold it
``audio.space``       not enough space, or no permission, for temporary audio
====================  ================================================================
"""

from stylus_daw.audio.formats.provenance import Provenance
from stylus_daw.audio.formats.reading import (
    AudioInfo,
    OnShort,
    log_short,
    probe,
    read,
    read_provenance,
    sha256_of,
    shortage,
    speaker_mask_of,
)
from stylus_daw.audio.formats.shortfall import Shortfall, ShortFileError
from stylus_daw.audio.formats.source import opened_sound
from stylus_daw.audio.formats.writing import write_audio, write_made_stem, write_stem

__all__ = [
    "AudioInfo",
    "OnShort",
    "Provenance",
    "ShortFileError",
    "Shortfall",
    "log_short",
    "opened_sound",
    "probe",
    "read",
    "read_provenance",
    "sha256_of",
    "shortage",
    "speaker_mask_of",
    "write_audio",
    "write_made_stem",
    "write_stem",
]
