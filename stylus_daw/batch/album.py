"""An album: stems that are as loud among each other as their sources were.

A stem is made as loud as its source, but a chain or the true-peak guard may change that, by more on one file than on
the next. Here each stem gets one gain, so that every stem differs from its source by the same amount: the offset. The
offset is the median of what the preset does, lowered until no stem exceeds -1 dBTP, or its own source where that is
higher. So nothing is limited, and the balance of a mix is that of its sources.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from stylus_daw.audio.files import opened_sound, read_provenance, speaker_mask_of, write_stem
from stylus_daw.audio.formats.provenance import Provenance
from stylus_daw.audio.level.true_peak import SAFE_PEAK_DB
from stylus_daw.audio.sound import Amplified
from stylus_daw.audio.spool import Scratch
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import ItemRecord, Levels, PlannedItem, State
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.batch.one_item import placed
from stylus_daw.errors import StylusError

NEAR_DB = 0.005  # dB: a gain that differs by less is the same; meters show tenths
PEAK_MARGIN_DB = (
    0.01  # dB that a new stem may exceed its ceiling by in an album that is levelled: what rounding may add
)


def album_offset(levels: Sequence[Levels]) -> float:
    """How much louder, in LU, every stem of the album is than its source.

    >>> loud = Levels(source_lufs=-12, stem_lufs=-11, source_peak_db=-3, stem_peak_db=-1)
    >>> soft = Levels(source_lufs=-30, stem_lufs=-31, source_peak_db=-20, stem_peak_db=-18)
    >>> album_offset([loud, soft]), album_offset([loud, loud])
    (0.0, 1.0)
    """
    heard = [one for one in levels if math.isfinite(_difference(one))]
    if not heard:
        return 0.0
    return min(median(map(_difference, heard)), *map(_highest, heard))


def album_gain(levels: Levels, offset_lu: float) -> float:
    """The gain in dB that gives a stem the album's offset; silence keeps its level."""
    difference = _difference(levels)
    return offset_lu - difference if math.isfinite(difference) else 0.0


def _difference(levels: Levels) -> float:
    if -math.inf in (levels.source_lufs, levels.stem_lufs):
        return math.inf
    return levels.stem_lufs - levels.source_lufs


def _highest(levels: Levels) -> float:
    """The largest offset under which the stem keeps below its ceiling."""
    ceiling_db = max(SAFE_PEAK_DB, levels.source_peak_db)
    return _difference(levels) + ceiling_db - levels.stem_peak_db


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumLeveller:
    """Brings the rendered stems of an album to their levels, and to their names.

    The first run that ends decides the offset. Files that join later get the same one, so that no stem that is out
    already changes; ``relevels`` decides it anew.
    """

    folder: BatchFolder
    journal: BatchJournal
    scratch: Scratch
    stop: threading.Event

    def level(
        self, plan: Sequence[PlannedItem], records: Mapping[str, ItemRecord], *, relevels: bool
    ) -> dict[str, ItemRecord]:
        """The records after levelling.

        Raises:
            AudioFileError: a stem cannot be written.
            BatchJournalError: the journal cannot be written.
        """
        ready = {key: one for key, one in records.items() if one.levels and one.state in _READY}
        offset = self.journal.album_offset_lu
        if offset is None or relevels:
            offset = album_offset([one.levels for one in ready.values() if one.levels])
            self.journal.record_album(offset)
        replaces = {one.item.key for one in plan if one.replaces}
        return {
            **records,
            **{key: self._levelled(one, offset, replaces=key in replaces) for key, one in ready.items()},
        }

    def _levelled(self, record: ItemRecord, offset_lu: float, *, replaces: bool) -> ItemRecord:
        assert record.levels is not None
        if self.stop.is_set():
            return record  # the next run goes on with it, under the same offset
        gain_db = album_gain(record.levels, offset_lu)
        if record.state is State.DONE and record.gain_db is not None:
            if abs(gain_db - record.gain_db) < NEAR_DB:
                return record
            source, change_db, replaces = self.folder.stem(record.stem), gain_db - record.gain_db, True
        elif offset_lu > _highest(record.levels) + PEAK_MARGIN_DB:
            return self._too_loud(record, offset_lu)
        else:
            source, change_db = self.folder.raw(record), gain_db
        try:
            return self._placed(record, source, change_db, gain_db, offset_lu, replaces=replaces)
        except (StylusError, OSError) as error:
            code = error.code if isinstance(error, StylusError) else "audio.write"
            return self.journal.change(record, state=State.FAILED, code=code, message=str(error))

    def _placed(
        self, record: ItemRecord, source: Path, change_db: float, gain_db: float, offset_lu: float, *, replaces: bool
    ) -> ItemRecord:
        levelled = self.folder.prepared(self.folder.levelled(record))
        self._write(levelled, source, change_db, {"gain_db": gain_db, "offset_lu": offset_lu})
        return placed(self.folder, self.journal, record, levelled, replaces=replaces, gain_db=gain_db)

    def _write(self, path: Path, source: Path, gain_db: float, album: Mapping[str, float]) -> None:
        made_by = read_provenance(source) or Provenance()
        made_by = replace(made_by, settings={**made_by.settings, "album": dict(album)})
        with opened_sound(source, self.scratch) as sound:
            write_stem(path, Amplified(source=sound, gain_db=gain_db), made_by, speaker_mask=speaker_mask_of(source))

    def _too_loud(self, record: ItemRecord, offset_lu: float) -> ItemRecord:
        assert record.levels is not None
        over_db = offset_lu - _highest(record.levels)
        text = (
            f"'{record.stem}' joins an album that was levelled before, and would exceed its peak by {over_db:.1f} dB. "
            "Add --force to level the whole album anew."
        )
        return self.journal.change(record, state=State.FAILED, code="batch.album_peak", message=text)


_READY = (State.RENDERED, State.DONE)
