"""The composition root, with its real parts."""

from __future__ import annotations

import sys
from pathlib import Path

from stylus_daw.app import SWITCH_S, running
from stylus_daw.settings import Settings


def test_threads_take_quick_turns_while_the_app_runs_and_as_before_afterwards(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    with running(Settings(home=tmp_path, port=0), warm=False):
        assert sys.getswitchinterval() <= SWITCH_S
    assert sys.getswitchinterval() == before > SWITCH_S
