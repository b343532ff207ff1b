"""A file is old or new, whatever happens to the process that writes it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import pytest

from stylus_daw.atomic import nothing_replaced, remove_leftovers, replacing, write_bytes_atomic, write_text_atomic
from stylus_daw.atomic_inside import replacing_inside

KILLED_HALFWAY = """
import sys, time
from pathlib import Path
from stylus_daw.atomic import replacing
with replacing(Path(sys.argv[1])) as stream:
    stream.write(b"half of the new")
    stream.flush()
    print("halfway", flush=True)
    time.sleep(60)
"""


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_text_atomic(tmp_path / "a.json", "line\nÜ 漆\r\n")
    assert (tmp_path / "a.json").read_bytes() == "line\nÜ 漆\r\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_nothing_is_visible_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_in_the_middle_leaves_the_old_file_and_no_temp(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def write_half() -> None:
        with replacing(path) as stream:
            stream.write(b"half")
            raise failure

    with pytest.raises(failure):
        write_half()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_writer_leaves_the_old_file_and_a_temp_that_can_be_swept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with subprocess.Popen([sys.executable, "-c", KILLED_HALFWAY, path], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"halfway"
        child.kill()
    assert path.read_bytes() == b"old"
    (temp,) = [found for found in tmp_path.iterdir() if found != path]

    assert remove_leftovers(tmp_path) == 0
    os.utime(temp, (time.time() - 7200,) * 2)
    assert remove_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_never_sees_a_mixture(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    contents = [bytes([65 + n]) * 50_000 for n in range(4)]
    write_bytes_atomic(path, contents[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    for n in range(40):
        write_bytes_atomic(path, contents[n % 4])
    done.set()
    reader.join()
    assert seen <= set(contents)


def test_two_writers_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with replacing(path) as one, replacing(path) as two:
        one.write(b"one")
        two.write(b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a")
    write_text_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="no modes on Windows")
def test_the_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_text_atomic(tmp_path / "a", "x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    write_text_atomic(tmp_path / ("n" * 255), "x")
    assert (tmp_path / ("n" * 255)).read_text() == "x"


def test_a_missing_folder_and_a_folder_in_the_way_are_os_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_text_atomic(tmp_path / "no" / "a", "x")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_text_atomic(tmp_path / "taken", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("into", [replacing, replacing_inside])
def test_where_nothing_may_be_replaced_exactly_one_of_many_writers_makes_the_file(
    tmp_path: Path, into: Callable[[Path], AbstractContextManager[BinaryIO]]
) -> None:
    path, start = tmp_path / "stem.wav", threading.Barrier(8)

    def write(number: int) -> bool:
        start.wait()
        try:
            with nothing_replaced(), into(path) as stream:
                stream.write(bytes([number]) * 1000)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(write, range(8)))
    assert made.count(True) == 1
    assert path.read_bytes() == bytes([made.index(True)]) * 1000
    assert [one.name for one in tmp_path.iterdir()] == ["stem.wav"], "no temp stays"


def test_nothing_is_replaced_either_on_a_disk_without_hard_links(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "stem.wav"
    for is_new in (True, False):
        with nullcontext() if is_new else pytest.raises(FileExistsError), nothing_replaced():
            write_text_atomic(path, "first" if is_new else "second")
    assert path.read_text() == "first"
    write_text_atomic(path, "replaced again afterwards")
    assert [one.name for one in tmp_path.iterdir()] == ["stem.wav"]
