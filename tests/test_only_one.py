"""Two apps on one state folder would answer the same jobs: a lock of the system keeps the second out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stylus_daw.errors import BridgeError, RequestError
from stylus_daw.only_one import only_one

HOLDER = """
import sys, time
from pathlib import Path
from stylus_daw.only_one import only_one
with only_one(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""
RACER = """
import os, sys, time
from pathlib import Path
from stylus_daw.errors import BridgeError
from stylus_daw.only_one import only_one
home, won = Path(sys.argv[1]), 0
for _ in range(50):
    try:
        with only_one(home):
            os.close(os.open(home / "alone", os.O_CREAT | os.O_EXCL))
            time.sleep(0.002)
            (home / "alone").unlink()
            won += 1
    except BridgeError:
        time.sleep(0.001)
print(won)
"""


def process(code: str, home: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True, env=env)


@pytest.fixture
def holder(tmp_path):
    with process(HOLDER, tmp_path) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "mine\n"
        yield held
        held.kill()


def test_the_lock_is_free_again_after_the_block(tmp_path):
    for _ in range(2):
        with only_one(tmp_path), pytest.raises(BridgeError, match="already running"), only_one(tmp_path):
            pass


def test_an_app_that_is_stopped_and_cannot_answer_still_holds_its_folder(tmp_path, holder):
    holder.send_signal(signal.SIGSTOP)
    with pytest.raises(BridgeError) as refused, only_one(tmp_path):
        pass
    assert refused.value.code == "bridge.running"


def test_the_process_of_the_first_is_named(tmp_path, holder):
    (tmp_path / "bridge.json").write_text('{"pid": 4711, "port": 47120}')
    with pytest.raises(BridgeError, match="process 4711, port 47120"), only_one(tmp_path):
        pass


def test_an_app_that_is_killed_leaves_the_folder_to_the_next(tmp_path, holder):
    holder.kill()
    holder.wait()
    with only_one(tmp_path):
        pass


def test_of_three_that_race_never_two_are_in(tmp_path):
    racers = [process(RACER, tmp_path) for _ in range(3)]
    wins = [int(racer.communicate(timeout=120)[0]) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert sum(wins) > 0


def test_a_folder_in_which_nothing_can_be_locked_is_named(tmp_path):
    (tmp_path / "app.lock").mkdir()
    with pytest.raises(RequestError) as refused, only_one(tmp_path):
        pass
    assert refused.value.code == "settings.home"
