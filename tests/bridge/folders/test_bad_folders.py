"""One folder that cannot be read must not stop the others, nor the start."""

from __future__ import annotations

import codecs
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stylus_bridge.watcher import FolderWatcher
from tests.support.scripted_jobs import PlainBuilder, soon

NOBODY = 65_534


@pytest.fixture
def plain_user_studio(quiet_studio: Any) -> Iterator[Any]:
    """A studio of somebody for whom permissions count: root reads everything."""
    root = Path(tempfile.mkdtemp())
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root:
        codecs.lookup("utf-8-sig")  # nobody may not be allowed to read Python's own library
        os.chown(root, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        (root / "jobs").mkdir()
        (root / "music").mkdir()
        yield replace(quiet_studio, root=root, builder=PlainBuilder(root / "jobs"))
    finally:
        if is_root:
            os.seteuid(0)
        for folder in (root / "jobs").iterdir():
            folder.chmod(0o700)
        shutil.rmtree(root)


needs_permissions = pytest.mark.skipif(os.name == "nt", reason="Windows has no chmod that locks a folder")


def state_of(folder):
    return json.loads((folder / "state.json").read_text("utf-8"))


@needs_permissions
def test_a_locked_folder_is_logged_once_and_the_others_are_rendered(plain_user_studio, caplog):
    studio = plain_user_studio
    studio.write_folder("a-locked").chmod(0)
    studio.write_folder("b")
    watcher = FolderWatcher(studio.make_server()._desk)
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            watcher.poll()
    assert list(studio.jobs.requests) == ["b"]
    assert len([line for line in caplog.messages if "a-locked" in line]) == 1


@needs_permissions
def test_a_folder_that_is_unlocked_later_is_rendered_then(plain_user_studio):
    locked = plain_user_studio.write_folder("a-locked")
    locked.chmod(0)
    watcher = FolderWatcher(plain_user_studio.make_server()._desk)
    watcher.poll()
    locked.chmod(0o700)
    watcher.poll()
    watcher.poll()
    assert list(plain_user_studio.jobs.requests) == ["a-locked"]


@needs_permissions
def test_a_running_job_whose_folder_is_locked_does_not_keep_others_from_being_cancelled(plain_user_studio):
    studio = plain_user_studio
    folders = [studio.write_folder(job) for job in ("a", "b")]
    watcher = FolderWatcher(studio.make_server()._desk)
    watcher.poll()
    watcher.poll()
    folders[0].chmod(0)
    (folders[1] / "cancel").touch()
    watcher.poll()
    assert studio.jobs.cancelled == ["b"]


def test_a_source_with_a_name_that_no_disk_holds_does_not_prevent_the_start(quiet_studio):
    folder = quiet_studio.write_folder("a", source="x" * 300)
    (folder / "state.json").write_text('{\n "phase": "running"\n}')
    quiet_studio.write_folder("b")
    server = quiet_studio.make_server()
    server.start()
    try:
        assert soon(lambda: "b" in quiet_studio.jobs.requests)
        assert state_of(folder)["error"]["code"] == "job_file.source"
    finally:
        server.stop()


def test_a_fault_in_one_submission_fails_that_folder_alone(quiet_studio, monkeypatch):
    quiet_studio.jobs_folder.mkdir()
    folders = [quiet_studio.write_folder(job) for job in ("a", "b")]
    server = quiet_studio.make_server()
    quiet_studio.jobs.subscribe(server._teller.tell_event)
    submit = quiet_studio.jobs.submit
    monkeypatch.setattr(quiet_studio.jobs, "submit", lambda job, *more: 1 / 0 if job == "a" else submit(job, *more))
    watcher = FolderWatcher(server._desk)
    watcher.poll()
    watcher.poll()
    assert state_of(folders[0])["error"]["code"] == "bug"
    assert state_of(folders[1])["phase"] == "queued"
