"""An album: stems that differ from their sources by one and the same loudness."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.files import read, read_provenance
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.level.true_peak import true_peak_db
from stylus_daw.audio.spool import Scratch
from stylus_daw.batch.album import AlbumLeveller
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.batch.run import plan_of
from tests.batch.test_run import sound, states
from tests.support.jobs.batch_to_kill import copied, item_of

GAINS = {"loud.wav": -4.0, "soft.wav": 1.0, "middle.wav": 0.5}
"""What the chain of this preset does to each, dB."""


def item(source: Path):
    return item_of(source, **GAINS)


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    levels = {"loud": 0.5, "soft": 0.02, "middle": 0.1}
    return [sound(tmp_path / f"{name}.wav", level, seconds=1.0) for name, level in levels.items()]


def offsets(sources: list[Path], out: Path) -> list[float]:
    return [integrated_lufs(read(out / one.name)) - integrated_lufs(read(one)) for one in sources]


def test_every_stem_has_the_median_offset_of_all(sources: list[Path], tmp_path: Path) -> None:
    copied(map(item, sources), tmp_path / "out", is_album=True)
    assert offsets(sources, tmp_path / "out") == pytest.approx([0.5] * 3, abs=0.02)
    provenance = read_provenance(tmp_path / "out" / "loud.wav")
    assert provenance is not None
    assert provenance.preset == "copy"
    assert provenance.settings["album"] == pytest.approx({"gain_db": 4.5, "offset_lu": 0.5}, abs=0.02)


def test_no_stem_is_limited_the_whole_album_is_lower_instead(tmp_path: Path) -> None:
    gains = {"hot.wav": 0.0, "a.wav": 5.0, "b.wav": 5.0}
    sources = [sound(tmp_path / name, 0.8 if name == "hot.wav" else 0.1, seconds=1.0) for name in gains]
    copied([item_of(one, **gains) for one in sources], tmp_path / "out", is_album=True)
    found = offsets(sources, tmp_path / "out")
    assert found == pytest.approx([found[0]] * 3, abs=0.02)
    assert true_peak_db(read(tmp_path / "out" / "hot.wav")) == pytest.approx(-1.0, abs=0.05)


def test_a_silent_stem_joins_without_a_gain(sources: list[Path], tmp_path: Path) -> None:
    silent = sound(tmp_path / "silent.wav", 0.0)
    copied([*map(item, sources), item_of(silent)], tmp_path / "out", is_album=True)
    assert offsets(sources, tmp_path / "out") == pytest.approx([0.5] * 3, abs=0.02)
    assert not np.any(read(tmp_path / "out" / "silent.wav").samples)


def test_a_file_that_joins_later_gets_the_offset_of_the_album(sources: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    copied(map(item, sources[:2]), out, is_album=True)
    first = (out / "loud.wav").read_bytes()
    assert states(copied(map(item, sources), out, is_album=True))["middle.wav"] == "new"
    assert (out / "loud.wav").read_bytes() == first
    found = offsets(sources, out)
    assert found == pytest.approx([found[0]] * 3, abs=0.02)


def test_an_album_that_is_stopped_while_it_is_levelled_goes_on_under_the_same_offset(
    sources: list[Path], tmp_path: Path
) -> None:
    out, stop = tmp_path / "out", threading.Event()
    with pytest.raises(KeyboardInterrupt):
        copied(map(item, sources), out, is_album=True, stops_after=len(sources))
    folder = BatchFolder(out)
    stop.set()
    with folder.opened(), closing(BatchJournal(folder.journal)) as journal:
        records = journal.records()
        plan = plan_of(list(map(item, sources)), folder, forces=False)
        leveller = AlbumLeveller(folder=folder, journal=journal, scratch=Scratch(), stop=stop)
        assert leveller.level(plan, records, relevels=False) == records
        assert journal.album_offset_lu == pytest.approx(0.5, abs=0.02)
    assert not list(out.glob("*.wav"))
    assert states(copied(map(item, sources), out, is_album=True)) == dict.fromkeys(GAINS, "new")
    assert offsets(sources, out) == pytest.approx([0.5] * 3, abs=0.02)


def test_force_levels_the_album_anew(sources: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    copied(map(item, sources[:2]), out, is_album=True)
    copied(map(item, sources), out, is_album=True, forces=True)
    assert offsets(sources, out) == pytest.approx([0.5] * 3, abs=0.02)


def test_what_joins_later_and_would_be_too_loud_is_told(sources: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    copied([item_of(sources[1], **{"soft.wav": 6.0})], out, is_album=True)
    hot = sound(tmp_path / "hot.wav", 0.8, seconds=1.0)
    summary = copied([item_of(sources[1], **{"soft.wav": 6.0}), item_of(hot)], out, is_album=True)
    assert states(summary) == {"soft.wav": "finished", "hot.wav": "failed"}
    assert summary.files[1].code == "batch.album_peak"
    assert "--force" in summary.files[1].message
