"""Where both sides see a folder, nothing of it travels."""

from __future__ import annotations

import shutil
from pathlib import Path

from stylus_daw.jobs.job import JobDone
from tests.support.farms import LocalFarm, Render
from tests.support.jobs.farm_renderer import request_for


def test_what_lies_in_the_shared_folder_does_not_travel(tmp_path: Path, source: Path) -> None:
    shared = tmp_path / "mount on this machine"
    shared.mkdir()
    (tmp_path / "mount on the worker").symlink_to(shared)
    there = Path(shutil.move(source, shared / "take.wav"))
    farm = LocalFarm(tmp_path)
    try:
        farm.start_workers("box", shared=tmp_path / "mount on the worker")
        client = farm.client(shared)
        request = request_for(there, tmp_path / "stem.wav", tmp_path / "marks")
        ending = Render(client, request).ended()
        assert isinstance(ending, JobDone), ending
        assert (tmp_path / "stem.wav").exists()
        blobs = list((tmp_path / "box" / "farm" / "box" / "blobs").iterdir())
        assert len(blobs) == 1, "the stem alone"
        assert sorted(path.name for path in shared.rglob("*.wav")) == ["take.wav"]
    finally:
        farm.close()
