"""``presets.json``: the presets for hosts that cannot ask. Kept up to date while the app runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from stylus_bridge.services import PresetIndex
from stylus_bridge.wire.protocol import PROTOCOL_VERSION
from stylus_daw.atomic import write_text_atomic
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

PRESETS_FILE = "presets.json"
PERIOD_S = 5.0


class PresetsFile:
    """Writes ``presets.json`` at the start and whenever the list has changed."""

    def __init__(self, state_folder: Path, presets: PresetIndex, period_s: float = PERIOD_S) -> None:
        self._path = state_folder / PRESETS_FILE
        self._presets = presets
        self._period_s = period_s
        self._written = ""
        self._stop = Event()
        self.thread = SupervisedThread(self._run, name="bridge-presets")

    def start(self) -> None:
        """Write it, then watch."""
        self.refresh()
        self.thread.start()

    def stop(self) -> None:
        """Stop watching. The file stays, because it does not claim that the app is running."""
        self._stop.set()
        if self.thread.is_alive():
            self.thread.join()

    def refresh(self) -> None:
        """Write the file if the list differs from what was written last."""
        try:
            text = presets_text(self._presets.list())
            if text != self._written:
                write_text_atomic(self._path, text)
                self._written = text
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._path, error)

    def _run(self) -> None:
        while not self._stop.wait(self._period_s):
            try:
                self.refresh()
            except Exception:
                logger.exception("listing the presets failed")


def presets_text(presets: Sequence[tuple[str, str]]) -> str:
    r"""The file's content: one preset per line, so that Lua can match it.

    >>> print(presets_text([("tape", 'Old "Tape"')]), end="")
    {
     "protocol": 1,
     "presets": [
      {"id": "tape", "name": "Old \"Tape\""}
     ]
    }
    """
    lines = [json.dumps({"id": id, "name": name}, ensure_ascii=False) for id, name in presets]
    listed = ",\n  ".join(lines)
    return f'{{\n "protocol": {PROTOCOL_VERSION},\n "presets": [\n  {listed}\n ]\n}}\n'
