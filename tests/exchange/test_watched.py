"""A watched folder renders each file once, when it is whole."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import write_audio
from stylus_daw.errors import EngineError, RequestError
from stylus_daw.exchange.watched import WatchedFolder


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Room:
    """A watched folder, a clock, and what was rendered."""

    def __init__(self, root: Path) -> None:
        self.incoming, self.outgoing = root / "in", root / "out"
        self.incoming.mkdir(exist_ok=True)
        self.clock = Clock()
        self.rendered: list[str] = []
        self.fails = False
        self.dies = False
        self.open()

    def open(self) -> None:
        self.folder = WatchedFolder(
            self.incoming, self.outgoing, self.render, label="Warm Strings", settle_s=2.0, now=self.clock
        )

    def render(self, source: Path, stem: Path) -> None:
        self.rendered.append(source.name)
        if self.fails:
            raise EngineError("engine.silent", "The file is silent.")
        stem.write_bytes(source.read_bytes())
        if self.dies:
            raise KeyboardInterrupt

    def drop(self, name: str = "loop.wav", seed: int = 1) -> Path:
        noise = np.random.default_rng(seed).uniform(-0.5, 0.5, (1, 480)).astype(np.float32)
        write_audio(self.incoming / "temporary.wav", Clip(samples=noise, rate=48_000))
        return (self.incoming / "temporary.wav").rename(self.incoming / name)

    def wait(self, seconds: float = 3.0) -> list[Path | None]:
        """Poll, wait, poll; the stems."""
        before = self.folder.poll()
        self.clock.seconds += seconds
        return [rendered.stem for rendered in [*before, *self.folder.poll()]]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_file_becomes_a_stem_and_moves_to_done(room):
    source = room.drop()
    content = source.read_bytes()
    assert room.wait() == [room.outgoing / "loop - Warm Strings.wav"]
    assert not source.exists()
    assert (room.incoming / "done" / "loop.wav").read_bytes() == content
    assert room.folder.is_empty


def test_a_file_that_grows_is_left_until_it_is_whole(room):
    source = room.drop()
    for _ in range(4):
        assert room.wait(1.5) == []
        with source.open("ab") as stream:
            stream.write(b"more")
    assert room.wait(1.5) == []
    assert room.wait(1.5) == [room.outgoing / "loop - Warm Strings.wav"]


def test_an_empty_file_waits(room):
    (room.incoming / "loop.wav").touch()
    assert room.wait() == []
    assert room.rendered == []


def test_nothing_is_rendered_twice(room):
    room.drop()
    room.wait()
    for _ in range(3):
        assert room.wait() == []
    assert room.rendered == ["loop.wav"]


def test_a_crash_between_stem_and_move_renders_nothing_again(room):
    room.drop()
    room.dies = True
    with pytest.raises(KeyboardInterrupt):
        room.wait()
    room.dies = False
    room.open()
    assert room.wait() == [room.outgoing / "loop - Warm Strings.wav"]
    assert room.rendered == ["loop.wav"]
    assert len(list(room.outgoing.iterdir())) == 1
    assert room.folder.is_empty


def test_another_file_of_the_same_name_gets_a_stem_of_its_own(room):
    room.drop(seed=1)
    room.wait()
    room.drop(seed=2)
    assert room.wait() == [room.outgoing / "loop - Warm Strings 2.wav"]
    assert sorted(path.name for path in (room.incoming / "done").iterdir()) == ["loop 2.wav", "loop.wav"]


def test_a_stem_that_is_there_already_is_never_written_over(room):
    (room.outgoing / "loop - Warm Strings.wav").write_bytes(b"mine")
    room.drop()
    room.wait()
    assert (room.outgoing / "loop - Warm Strings.wav").read_bytes() == b"mine"


def test_a_failure_moves_the_file_and_says_why(room):
    room.fails = True
    room.drop()
    assert room.wait() == [None]
    assert (room.incoming / "failed" / "loop.wav").is_file()
    assert (room.incoming / "failed" / "loop.wav.txt").read_text() == "The file is silent.\n"
    assert room.wait() == []


def test_what_is_no_audio_stays_where_it_is(room):
    for name in (".hidden.wav", "notes.txt"):
        (room.incoming / name).write_bytes(b"x")
    (room.incoming / "folder.wav").mkdir()
    assert room.wait() == []
    assert room.rendered == []


def test_many_files_come_out_in_order(room):
    for name in ("c.wav", "a.wav", "ü.flac"):
        room.drop(name, seed=len(name))
    assert [stem.name[0] for stem in room.wait()] == ["a", "c", "ü"]


def test_in_and_out_must_differ(tmp_path):
    with pytest.raises(RequestError, match="--to"):
        WatchedFolder(tmp_path, tmp_path, lambda source, stem: None, label="x")


def test_a_broken_ledger_starts_anew(room):
    (room.incoming / ".stylus-daw-watch.json").write_text("[")
    room.open()
    room.drop()
    assert len(room.wait()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_utf_8_is_rendered_once_even_after_a_crash(room):
    name = os.fsdecode(b"\xff.wav")
    room.drop(name)
    room.dies = True
    with pytest.raises(KeyboardInterrupt):
        room.wait()
    room.dies = False
    room.open()
    room.wait()
    assert room.rendered == [name]
    assert room.folder.is_empty
