"""What a batch does with each file: rendered, finished, failed, in the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import BatchItem, told_apart
from stylus_daw.batch.run import plan_of
from stylus_daw.batch.summary import PAGE_FILE, write_summary
from stylus_daw.errors import JobError, RequestError
from tests.support.jobs.batch_to_kill import copied, item_of
from tests.support.jobs.copying_renderer import renders


def sound(path: Path, level: float = 0.5, seconds: float = 0.1) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    times = np.arange(round(48_000 * seconds)) / 48_000
    soundfile.write(path, level * np.sin(2 * np.pi * 440 * times), 48_000, subtype="FLOAT")
    return path


def states(summary) -> Mapping[str, str]:
    return {file.stem: file.state for file in summary.files}


def level(path: Path) -> float:
    return float(np.abs(soundfile.read(path)[0]).max())


def test_a_second_run_renders_only_what_is_new_or_was_deleted(tmp_path: Path) -> None:
    a, b = sound(tmp_path / "a.wav"), sound(tmp_path / "b.wav")
    out = tmp_path / "out"
    assert states(copied([item_of(a), item_of(b)], out)) == {"a.wav": "new", "b.wav": "new"}
    (out / "b.wav").unlink()
    c = sound(tmp_path / "c.wav")
    again = copied([item_of(a), item_of(b), item_of(c)], out)
    assert states(again) == {"a.wav": "finished", "b.wav": "new", "c.wav": "new"}
    assert [renders(one) for one in (a, b, c)] == [1, 2, 1]


def test_names_that_collide_are_numbered_and_keep_their_numbers(tmp_path: Path) -> None:
    one, two = sound(tmp_path / "x" / "Kick.wav", 0.2), sound(tmp_path / "y" / "kick.wav", 0.4)
    out = tmp_path / "out"
    copied([item_of(one, "Kick.wav"), item_of(two, "kick.wav")], out)
    assert (level(out / "Kick.wav"), level(out / "kick 2.wav")) == pytest.approx((0.2, 0.4), rel=0.01)
    later = copied([item_of(two, "kick.wav"), item_of(one, "Kick.wav")], out)
    assert states(later) == {"kick 2.wav": "finished", "Kick.wav": "finished"}


def test_a_file_of_somebody_else_is_replaced_with_force_only(tmp_path: Path) -> None:
    a, out = sound(tmp_path / "a.wav"), tmp_path / "out"
    out.mkdir()
    (out / "a.wav").write_bytes(b"mine")
    assert states(copied([item_of(a)], out)) == {"a.wav": "in the way"}
    assert (out / "a.wav").read_bytes() == b"mine"
    assert states(copied([item_of(a)], out, forces=True)) == {"a.wav": "new"}
    assert level(out / "a.wav") == pytest.approx(0.5, rel=0.01)


def test_other_settings_or_another_source_are_told_and_rendered_with_force_only(tmp_path: Path) -> None:
    a, out = sound(tmp_path / "a.wav"), tmp_path / "out"
    copied([item_of(a)], out)
    other = item_of(a, **{"a.wav": -6.0})
    assert states(copied([other], out)) == {"a.wav": "changed"}
    assert level(out / "a.wav") == pytest.approx(0.5, rel=0.01)
    assert states(copied([other], out, forces=True)) == {"a.wav": "new"}
    assert level(out / "a.wav") == pytest.approx(0.25, rel=0.01)
    assert states(copied([other], out, forces=True)) == {"a.wav": "finished"}
    sound(a, 0.1)
    assert states(copied([item_of(a, **{"a.wav": -6.0})], out)) == {"a.wav": "changed"}


def test_an_input_is_never_replaced_even_with_force(tmp_path: Path) -> None:
    a = sound(tmp_path / "a.wav")
    before = a.read_bytes()
    assert states(copied([item_of(a)], tmp_path, forces=True)) == {"a.wav": "in the way"}
    assert a.read_bytes() == before


def test_a_file_that_kills_the_render_process_does_not_stop_the_others(tmp_path: Path) -> None:
    bad, good = sound(tmp_path / "bad.wav"), sound(tmp_path / "good.wav")
    summary = copied([item_of(bad, **{"bad.wav": "crash"}), item_of(good)], tmp_path / "out")
    assert states(summary) == {"bad.wav": "failed", "good.wav": "new"}
    assert summary.files[0].code == "job.crashed"


def test_a_file_that_goes_after_the_plan_fails_alone(tmp_path: Path) -> None:
    gone, good = sound(tmp_path / "gone.wav"), sound(tmp_path / "good.wav")
    items = [item_of(gone), item_of(good)]
    gone.unlink()
    assert states(copied(items, tmp_path / "out")) == {"gone.wav": "failed", "good.wav": "new"}
    sound(gone)
    assert states(copied(items, tmp_path / "out")) == {"gone.wav": "new", "good.wav": "finished"}


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    plan = plan_of([item_of(sound(tmp_path / "a.wav"))], BatchFolder(tmp_path / "out"), forces=False)
    assert [one.stem for one in plan] == ["a.wav"]
    assert not (tmp_path / "out").exists()


def test_two_batches_do_not_write_to_one_folder(tmp_path: Path) -> None:
    item = item_of(sound(tmp_path / "a.wav"))
    with BatchFolder(tmp_path / "out").opened(), pytest.raises(JobError, match="Another batch"):
        copied([item], tmp_path / "out")


def test_one_source_with_two_settings_gives_two_stems_and_twice_the_same_gives_one(tmp_path: Path) -> None:
    a = sound(tmp_path / "a.wav")
    (tmp_path / "sub").mkdir()
    roundabout = item_of(tmp_path / "sub" / ".." / "a.wav")
    items = told_apart([item_of(a), item_of(a, **{"a.wav": -6.0}), item_of(a), roundabout])
    assert states(copied(items, tmp_path / "out")) == {"a.wav": "new", "a 2.wav": "new"}
    assert level(tmp_path / "out" / "a 2.wav") == pytest.approx(0.25, rel=0.01)


def test_a_stem_stays_its_batchs_while_its_source_cannot_be_read(tmp_path: Path) -> None:
    a, out = sound(tmp_path / "a.wav"), tmp_path / "out"
    item = item_of(a)
    copied([item], out)
    away = replace(item, request=None, fingerprint="", complaint=RequestError("audio.missing", "a.wav is away."))
    summary = copied([away], out)
    assert [(file.state, file.message) for file in summary.files] == [("failed", "a.wav is away.")]
    assert states(copied([item], out)) == {"a.wav": "finished"}
    assert renders(a) == 1


def test_every_row_with_a_mistake_is_told(tmp_path: Path) -> None:
    complaints = [RequestError("batch.row", f"Line {line} has no source.") for line in (2, 3)]
    items = told_apart(BatchItem(source=tmp_path, wanted="x.wav", complaint=one) for one in complaints)
    assert [file.message for file in copied(items, tmp_path / "out").files] == [one.message for one in complaints]


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a privilege to make links")
def test_a_link_that_leads_in_a_circle_fails_alone(tmp_path: Path) -> None:
    good, circle, out = sound(tmp_path / "good.wav"), tmp_path / "circle.wav", tmp_path / "out"
    circle.symlink_to(circle.name)
    out.mkdir()
    (out / "circle.wav").symlink_to("circle.wav")
    bad = BatchItem(
        source=circle, wanted="circle.wav", complaint=RequestError("audio.missing", "It leads in a circle.")
    )
    assert states(copied([bad, item_of(good)], out)) == {"circle.wav": "failed", "good.wav": "new"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_utf_8_is_rendered_and_told_in_the_summary(tmp_path: Path) -> None:
    source = sound(tmp_path / "a.wav").rename(tmp_path / os.fsdecode(b"\xff.wav"))
    summary = copied([item_of(source, "x.wav")], tmp_path / "out")
    assert states(summary) == {"x.wav": "new"}
    write_summary(summary, BatchFolder(tmp_path / "out"))
    assert "\\udcff.wav" in (tmp_path / "out" / PAGE_FILE).read_text("utf-8")
