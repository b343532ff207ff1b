"""The installed controller script under a strict fake of Bitwig in node, fed by the real bridge over UDP."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from stylus_bridge.daws.bitwig.host import HOST, PORT
from stylus_bridge.daws.host import Machine, Place
from stylus_bridge.daws.install import install, uninstall
from stylus_bridge.hosts.listeners import LISTENERS_FILE, add_listener, read_listeners, remove_listener
from stylus_bridge.server import BridgeServer
from stylus_daw.jobs.job import JobDone, Stem
from tests.support.needs import needs
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, ScriptedJobs

needs_node = needs("node")
LAB = Path(__file__).parent / "bitwig_lab.js"


class Studio:
    """A bridge, and Bitwig with the script that the installer has put there."""

    def __init__(self, root: Path) -> None:
        self.home = root / "state föld'er"
        place = Place(evidence=root, scripts=root / "Controller Scripts" / "Stylus")
        install(HOST, place, self.home)
        script = place.scripts / "Stylus.control.js"
        self.bitwig = subprocess.Popen(
            ["node", str(LAB), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._events: Queue[dict[str, Any]] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        listens = self.next("listens")
        assert listens["wanted"] == PORT
        remove_listener(self.home, PORT)
        add_listener(self.home, listens["listens"])
        self.jobs = ScriptedJobs()
        self.server = BridgeServer(
            jobs=self.jobs,
            presets=FixedPresets(),
            builder=PlainBuilder(self.home / "jobs"),
            jobs_folder=self.home / "jobs",
            state_folder=self.home,
            port=0,
        )
        self.server.start()
        self.says("stylus-daw is running")

    def close(self) -> None:
        self.server.stop()
        assert self.bitwig.stdin
        assert self.bitwig.stdout
        self.bitwig.stdin.close()
        assert self.bitwig.wait(10) == 0
        self._reader.join()
        self.bitwig.stdout.close()

    def do(self, **command: Any) -> None:
        """The user does something in Bitwig."""
        assert self.bitwig.stdin
        self.bitwig.stdin.write(json.dumps(command) + "\n")
        self.bitwig.stdin.flush()

    def next(self, key: str) -> dict[str, Any]:
        """The next event of that kind; any fatal one fails."""
        while True:
            event = self._events.get(timeout=10)
            assert "fatal" not in event, event
            if key in event:
                return event

    def says(self, text: str) -> None:
        while text not in self.next("popup")["popup"]:
            pass

    def inserts_nothing(self) -> bool:
        try:
            while True:
                if "inserted" in self._events.get(timeout=0.3):
                    return False
        except Empty:
            return True

    def finish(self, path: Path | None = None, job: str = "job-1") -> str:
        """A job of any host is done."""
        stem = path or self.home / "jobs" / job / "stem.wav"
        self.jobs.emit(JobDone(job=job, stem=Stem(path=stem, start=0, length=480, rate=48_000, channels=2)))
        return stem.as_posix()

    def _read(self) -> None:
        assert self.bitwig.stdout
        for line in self.bitwig.stdout:
            self._events.put(json.loads(line))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    yield studio
    studio.close()


@needs_node
def test_a_stem_waits_until_the_user_asks_for_it(studio: Studio) -> None:
    stem = studio.finish()
    studio.says("a stem is finished")
    studio.do(press=True)
    assert studio.next("inserted") == {"inserted": stem, "slot": 0}
    studio.says("the stem is in 'Keys'")


@needs_node
def test_the_selected_slot_is_used_if_it_is_empty(studio: Studio) -> None:
    studio.do(slot=2, isSelected=True)
    studio.finish()
    studio.says("a stem is finished")
    studio.do(press=True)
    studio.do(press=True)
    assert studio.next("inserted")["slot"] == 2
    assert studio.next("inserted")["slot"] == 0


@needs_node
def test_clips_of_the_user_are_never_replaced(studio: Studio) -> None:
    for slot in range(4):
        studio.do(slot=slot, hasContent=True)
    studio.finish()
    studio.says("a stem is finished")
    studio.do(press=True)
    studio.says("no empty slot. Drag the stem in from")
    assert studio.inserts_nothing()


@needs_node
def test_at_once_if_the_user_wants_that(studio: Studio) -> None:
    studio.do(automatic=True)
    studio.next("ok")
    stem = studio.finish()
    assert studio.next("inserted")["inserted"] == stem


@needs_node
def test_only_stems_of_our_jobs_folder_are_taken(studio: Studio, tmp_path: Path) -> None:
    studio.do(automatic=True)
    studio.next("ok")
    for job, path in (("one", tmp_path / "stem.wav"), ("two", studio.home / "jobs" / "x" / "other.wav")):
        studio.finish(path, job)
        assert "not one of our stems" in studio.next("error")["error"]
    studio.finish(Path(f"{studio.home}/jobs/../../stem.wav"), "three")
    assert studio.inserts_nothing()


@needs_node
def test_what_bitwig_does_not_take_is_said(studio: Studio) -> None:
    studio.do(slot=0, takes=False)
    stem = studio.finish()
    studio.says("a stem is finished")
    studio.do(press=True)
    studio.says(f"Bitwig did not take the stem. Drag it in from {stem}")


@needs_node
def test_an_instrument_track_is_refused(studio: Studio) -> None:
    studio.do(type="Instrument")
    studio.finish()
    studio.says("a stem is finished")
    studio.do(press=True)
    studio.says("select an audio track first")
    assert studio.inserts_nothing()


@needs_node
def test_progress_failure_and_cancellation_are_told(studio: Studio) -> None:
    studio.jobs.progress("job-2", 0.25)
    studio.says("25 %")
    studio.jobs.fail("job-2", "No memory left.")
    studio.says("No memory left.")


@needs_node
def test_without_any_stem_the_button_says_so(studio: Studio) -> None:
    studio.do(press=True)
    studio.says("no stem has come")


def test_installing_enters_the_listener_and_uninstalling_removes_it(tmp_path: Path) -> None:
    place = Place(evidence=tmp_path, scripts=tmp_path / "Controller Scripts" / "Stylus")
    install(HOST, place, tmp_path / "home")
    install(HOST, place, tmp_path / "home")
    assert read_listeners(tmp_path / "home") == {("127.0.0.1", PORT)}
    uninstall(HOST, place)
    assert read_listeners(tmp_path / "home") == frozenset()
    assert not place.scripts.exists()


@pytest.mark.parametrize("text", ["", "[]", '{"ports": 5}', '{"ports": ["x"]}'])
def test_a_damaged_list_of_listeners_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / LISTENERS_FILE).write_text(text)
    assert read_listeners(tmp_path) == frozenset()


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
def test_bitwig_is_found(tmp_path: Path, system: str) -> None:
    (place,) = HOST.places(Machine(system=system, home=tmp_path))
    assert place.scripts.name == "Stylus"
    assert place.scripts.parent.name == "Controller Scripts"
