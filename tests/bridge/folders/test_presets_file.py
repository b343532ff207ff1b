"""``presets.json``, which hosts without sockets choose from."""

from __future__ import annotations

import json
from pathlib import Path

from stylus_bridge.folders.presets_file import PresetsFile
from tests.support.scripted_jobs import FixedPresets


def written(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "presets.json").read_text("utf-8"))["presets"]


def test_a_running_app_has_written_its_presets(studio):
    assert written(studio.state_folder)[1] == {"id": "grit", "name": "Grit & Dust"}


def test_a_new_preset_appears_by_itself(tmp_path):
    presets = FixedPresets(("a", "A"))
    file = PresetsFile(tmp_path, presets, period_s=0.01)
    file.start()
    presets.presets = (("a", "A"), ("b", 'Ünïcode "B" \\'))
    while len(written(tmp_path)) < 2:
        pass
    file.stop()
    assert written(tmp_path)[1]["name"] == 'Ünïcode "B" \\'


def test_no_preset_is_an_empty_list(tmp_path):
    PresetsFile(tmp_path, FixedPresets()).refresh()
    assert written(tmp_path) == []


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    PresetsFile(tmp_path / "missing", FixedPresets(("a", "A"))).refresh()


def test_each_preset_has_a_line_of_its_own(tmp_path):
    PresetsFile(tmp_path, FixedPresets(("a", "A"), ("b", "B"))).refresh()
    assert '  {"id": "a", "name": "A"},\n' in (tmp_path / "presets.json").read_text("utf-8")
