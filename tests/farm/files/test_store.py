"""Files on a worker: by the hash of their content, whole, within a bound."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from stylus_daw.farm.errors import FarmError
from stylus_daw.farm.files.shared import SharedFolder
from stylus_daw.farm.files.store import BlobStore, laid_out


def put(store: BlobStore, content: bytes, upload: str = "ab", size: int = 4) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    for offset in range(0, len(content), size):
        store.put(upload, sha256, offset, content[offset : offset + size], is_last=offset + size >= len(content))
    return sha256


def test_a_file_comes_in_chunks_and_goes_in_chunks(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    sha256 = put(store, b"0123456789")
    assert store.has(sha256)
    assert store.get(sha256, 0, 4) + store.get(sha256, 4, 100) == b"0123456789"


def test_two_senders_of_one_file_do_not_mix(tmp_path: Path) -> None:
    store, sha256 = BlobStore(tmp_path), hashlib.sha256(b"abcdef").hexdigest()
    store.put("a1", sha256, 0, b"abc", is_last=False)
    store.put("b2", sha256, 0, b"ab", is_last=False)
    store.put("a1", sha256, 3, b"def", is_last=True)
    assert store.get(sha256, 0, 6) == b"abcdef"


def test_what_is_damaged_incomplete_or_not_a_hash_is_refused(tmp_path: Path) -> None:
    store, sha256 = BlobStore(tmp_path / "blobs"), hashlib.sha256(b"abc").hexdigest()
    with pytest.raises(FarmError, match="arrived as"):
        store.put("ab", sha256, 0, b"xyz", is_last=True)
    store.put("ab", sha256, 0, b"a", is_last=False)
    with pytest.raises(FarmError, match="missing before byte 2"):
        store.put("ab", sha256, 2, b"c", is_last=True)
    for name in ("../../x", "", "0" * 63, "G" * 64):
        with pytest.raises(FarmError):
            store.put("ab", name, 0, b"", is_last=True)
    with pytest.raises(FarmError):
        store.put("../x", sha256, 0, b"", is_last=True)
    assert not store.has(sha256)


def test_the_oldest_files_go_and_those_that_are_used_stay(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, most_bytes=25)
    hashes = []
    for number in range(2):
        hashes.append(put(store, bytes([number]) * 10))
        os.utime(store.path(hashes[-1]), (number, number))
    with store.held(hashes[0]):
        hashes.append(put(store, b"x" * 10))
    assert [store.has(one) for one in hashes] == [True, False, True]


def test_files_lie_under_their_own_names_even_if_two_have_the_same(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    files = {"source": (put(store, b"one"), "a.wav"), "style-0": (put(store, b"two"), "../../a.wav")}
    with laid_out(store, files) as paths:
        assert {role: (path.name, path.read_bytes()) for role, path in paths.items()} == {
            "source": ("a.wav", b"one"),
            "style-0": ("a.wav", b"two"),
        }
        assert all(path.is_relative_to(tmp_path / "jobs") for path in paths.values())
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_shared_folder_is_known_by_a_file_that_only_the_other_can_name(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").symlink_to(tmp_path / "here")
    with SharedFolder(tmp_path / "here").probed() as probe:
        assert SharedFolder(tmp_path / "there").sees(probe)
        assert not SharedFolder(tmp_path).sees(probe)
        assert not SharedFolder(tmp_path / "there").sees("../here/x")
    assert not SharedFolder(tmp_path / "there").sees(probe)


def test_a_shared_folder_gives_only_what_was_meant(tmp_path: Path) -> None:
    shared = SharedFolder(tmp_path / "here")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.wav").write_bytes(b"abc")
    (tmp_path / "secret.wav").write_bytes(b"abc")
    sha256 = hashlib.sha256(b"abc").hexdigest()
    assert shared.found("a.wav", sha256) == tmp_path / "here" / "a.wav"
    assert shared.found("a.wav", "0" * 64) is None
    assert shared.found("../secret.wav", sha256) is None
    assert shared.found(str(tmp_path / "secret.wav"), sha256) is None


def test_a_folder_that_was_removed_meanwhile_is_made_again(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    shutil.rmtree(tmp_path / "blobs")
    assert store.has(put(store, b"0123456789"))
    shutil.rmtree(tmp_path / "blobs")
    (tmp_path / "stem.wav").write_bytes(b"stem")
    assert store.has(store.add(tmp_path / "stem.wav")[0])
