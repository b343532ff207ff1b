"""Files of others: a pipe, a device or an endless file must cost neither time nor memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stylus_bridge.client.endpoint import read_endpoint
from stylus_bridge.folders.job_folder import is_unfinished, read_job
from stylus_daw.audio.files import probe
from stylus_daw.commands.render.envelope_file import read_envelope
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.layouts.header import read_header
from stylus_daw.engine.layouts.layout import read_config
from stylus_daw.errors import StylusError
from stylus_daw.presets.library.folder import file_sha256, read_preset
from stylus_daw.regular_file import NotRegularError, TooLargeError, open_regular, read_regular

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
Reader = Callable[[Path], Any]
READERS: dict[str, Reader] = {
    "job.json": lambda path: read_job(path.parent),
    "state.json": lambda path: is_unfinished(path.parent),
    "bridge.json": lambda path: read_endpoint(path.parent),
    "preset.json": read_preset,
    "style.flac": file_sha256,
    "input.wav": probe,
    "model.safetensors": read_header,
    "weights.safetensors": lambda path: sha256_of_files([path]),
    "config.json": read_config,
    "envelope.csv": lambda path: read_envelope(path, rate=48_000),
}


def within_seconds(read: Reader, path: Path, seconds: float = 20.0) -> BaseException | Any:
    """What the reader gives or raises; fails when it does neither."""
    said: list[Any] = []

    def call() -> None:
        try:
            said.append(read(path))
        except (StylusError, OSError) as error:
            said.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it waits for ever"
    assert said, "it raised what nobody expects"
    return said[0]


@needs_pipes
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert is_refused(within_seconds(READERS[name], tmp_path / name))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero")
@pytest.mark.parametrize("name", READERS)
def test_a_device_that_never_ends_is_refused_at_once(tmp_path, name):
    (tmp_path / name).symlink_to("/dev/zero")
    assert is_refused(within_seconds(READERS[name], tmp_path / name))


def is_refused(answer: Any) -> bool:
    return answer is False or isinstance(answer, StylusError | OSError)


def test_no_more_is_read_than_is_allowed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"1234")
    assert read_regular(path, 4) == b"1234"
    with pytest.raises(TooLargeError, match="more than 3 bytes"):
        read_regular(path, 3)


def test_a_huge_hole_costs_no_memory(tmp_path):
    path = tmp_path / "file"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(TooLargeError):
        read_regular(path, 1_000)


def test_what_was_checked_is_what_is_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"checked")
    with open_regular(path) as stream:
        path.unlink()
        path.write_bytes(b"swapped")
        assert stream.read() == b"checked"


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises((NotRegularError, IsADirectoryError, PermissionError)):
        open_regular(tmp_path)


@pytest.mark.parametrize("read", [read_header, read_config])
def test_json_that_is_nested_too_deeply_is_refused_in_words(tmp_path, read):
    nested = b"[" * 200_000
    path = tmp_path / "file"
    path.write_bytes(len(nested).to_bytes(8, "little") + nested if read is read_header else nested)
    with pytest.raises(StylusError) as error:
        read(path)
    assert error.value.code == "checkpoint.broken"
