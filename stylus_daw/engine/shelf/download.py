"""Downloads a model from a hub, after the user has agreed: only what it needs, resumed where it stopped.

huggingface_hub 2 discards partial files when the process ends, so we keep our own: each stays beside its
final name as ``….part`` until its hash is right. Pickles are never fetched.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import build_hf_headers

from stylus_daw.engine.layouts.folder_layout import WEIGHED_PARTS, needed_parts
from stylus_daw.engine.layouts.layout import LORA_FILE, PICKLES, pickle_refused
from stylus_daw.engine.shelf.hub import INDEX
from stylus_daw.errors import CheckpointError, EngineError

log = logging.getLogger(__name__)

DownloadListener = Callable[[int, int], None]
"""Receives the bytes present and the bytes in total; may raise to stop. What is present stays for the next try."""

WEIGHTS = re.compile(r"(diffusion_pytorch_model|model)(\.fp16)?(-\d+-of-\d+)?(\.fp16)?\.safetensors")
CONFIGURATIONS = (".json", ".txt")
SPARE_BYTES = 500_000_000  # bytes that a download leaves free on the disk, for jobs and spools
BLOCK_BYTES = 1 << 20  # bytes read at once while hashing


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """One file of a model.

    Attributes:
        path: within the model's folder.
        size: bytes.
        sha256: of its content; if empty, ``blob_id`` (git's own hash) is checked instead.
    """

    path: str
    size: int
    sha256: str
    blob_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadPlan:
    """What will be fetched.

    Attributes:
        hub_id: ``owner/name``.
        revision: the commit, so that all files belong together.
        folder: where it will be stored.
        licence: as its page states it, in short; empty: not stated.
    """

    hub_id: str
    revision: str
    files: tuple[RemoteFile, ...]
    folder: Path
    endpoint: str | None = None
    licence: str = ""

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def missing_bytes(self) -> int:
        """What is still missing; partial files count for what they have."""
        return sum(file.size - _present(self.folder / file.path, file.size) for file in self.files)


def plan_download(hub_id: str, folder: Path, *, endpoint: str | None = None) -> DownloadPlan:
    """Ask the hub what the model consists of; fetches its index only.

    Args:
        hub_id: ``owner/name``.
        folder: where the model will be stored.
        endpoint: another hub than the default.

    Raises:
        EngineError: the hub cannot be reached, or refuses access.
        CheckpointError: not a diffusers folder, or pickles only.
    """
    with _in_words(hub_id):
        api = HfApi(endpoint=endpoint, library_name="stylus-daw")
        about = api.repo_info(hub_id)
        revision, licence = about.sha or "main", _licence(about)
        tree = api.list_repo_tree(hub_id, recursive=True, revision=revision)
        remote = {entry.path: _remote(entry) for entry in tree if isinstance(entry, RepoFile)}

        def plan(*files: RemoteFile) -> DownloadPlan:
            return DownloadPlan(
                hub_id=hub_id, revision=revision, files=files, folder=folder, endpoint=endpoint, licence=licence
            )

        if INDEX not in remote and LORA_FILE in remote:
            return plan(remote[LORA_FILE])
        if INDEX not in remote:
            text = f"{hub_id} is not a diffusers folder: it has no {INDEX}. Download a .safetensors file of it."
            raise CheckpointError("checkpoint.layout", text)
        _fetch_file(plan(remote[INDEX]), remote[INDEX], lambda count: None)
    index = json.loads((folder / INDEX).read_text("utf-8"))
    files = (remote[INDEX], *_needed(hub_id, index, remote))
    return plan(*files)


def check_space(plan: DownloadPlan, free_bytes: int | None = None) -> None:
    """Refuse a download that would fill the disk.

    Raises:
        EngineError: names what is needed, what is free, and where.
    """
    free = shutil.disk_usage(_existing(plan.folder)).free if free_bytes is None else free_bytes
    needed = plan.missing_bytes + SPARE_BYTES
    if needed > free:
        text = (
            f"{plan.hub_id} needs {needed / 1e9:.1f} GB (with {SPARE_BYTES / 1e9:.1f} GB to spare), but only "
            f"{free / 1e9:.1f} GB are free at {plan.folder}. Free some space, or choose another --state-dir."
        )
        raise EngineError("hub.disk_full", text)


def fetch(plan: DownloadPlan, listener: DownloadListener) -> Path:
    """Download what is missing; returns the folder.

    Raises:
        EngineError: not enough space, the hub failed, or a hash is wrong; another try continues from there.
    """
    check_space(plan)
    here = plan.bytes - plan.missing_bytes
    listener(here, plan.bytes)

    def count(more: int) -> None:
        nonlocal here
        here += more
        listener(here, plan.bytes)

    with _in_words(plan.hub_id):
        for file in plan.files:
            _fetch_file(plan, file, count)
    return plan.folder


def _needed(hub_id: str, index: dict[str, Any], remote: dict[str, RemoteFile]) -> Iterator[RemoteFile]:
    for part in needed_parts(index):
        inside = [file for path, file in remote.items() if re.fullmatch(rf"{part}/[\w.-]+", path)]
        yield from (file for file in inside if file.path.endswith(CONFIGURATIONS))
        if part.startswith(WEIGHED_PARTS):
            yield from _weights(hub_id, part, inside)


def _weights(hub_id: str, part: str, inside: list[RemoteFile]) -> list[RemoteFile]:
    """Half precision where available: half the bytes, and enough for inference."""
    found = [(match, file) for file in inside if (match := WEIGHTS.fullmatch(file.path.partition("/")[2]))]
    half = [file for match, file in found if match[2] or match[4]]
    if half or found:
        return half or [file for _, file in found]
    pickles = [file.path for file in inside if Path(file.path).suffix in PICKLES]
    if pickles:
        raise pickle_refused(f"{hub_id} has its {part} only as {pickles[0]}, which")
    raise CheckpointError("checkpoint.incomplete", f"{hub_id} has no .safetensors weights for its {part}.")


def _fetch_file(plan: DownloadPlan, file: RemoteFile, count: Callable[[int], None]) -> None:
    target = plan.folder / file.path
    if target.is_file() and target.stat().st_size == file.size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = _partial(target)
    with partial.open("ab") as stream:
        http_get(
            hf_hub_url(plan.hub_id, file.path, revision=plan.revision, endpoint=plan.endpoint),
            cast(Any, stream),
            resume_size=stream.tell(),
            headers=build_hf_headers(library_name="stylus-daw"),
            expected_size=file.size,
            displayed_filename=file.path,
            tqdm_class=_bar(count),
        )
    _check(partial, file)
    partial.replace(target)


def _check(partial: Path, file: RemoteFile) -> None:
    """A file whose hash is not what the hub announced is deleted, so that the next try starts over."""
    whole = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with partial.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            whole.update(block)
    if whole.hexdigest() != (file.sha256 or file.blob_id):
        partial.unlink()
        text = f"{file.path} arrived damaged (its hash is wrong) and was deleted. Try again."
        raise EngineError("hub.damaged", text)


@contextmanager
def _in_words(hub_id: str) -> Iterator[None]:
    """Converts errors of hub and network to errors that say what to do."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        text = f"{hub_id} cannot be downloaded: HF_HUB_OFFLINE is set. Unset it, or copy the folder here yourself."
        raise EngineError("hub.offline", text) from error
    except GatedRepoError as error:
        text = f"{hub_id} requires its terms to be accepted. Accept them on its page, then run: hf auth login"
        raise EngineError("hub.gated", text) from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        text = f"The hub does not have {hub_id}, or hides it. Check the spelling. If it is private: hf auth login"
        raise EngineError("hub.unknown", text) from error
    except HfHubHTTPError as error:
        raise EngineError("hub.failed", f"The hub refused {hub_id}: {error}. Try again later.") from error
    except _network_errors() as error:
        text = (
            f"{hub_id} cannot be downloaded: {error}. Is this machine offline? What has arrived is kept; try again, "
            "or copy the folder here yourself."
        )
        raise EngineError("hub.unreachable", text) from error


def _network_errors() -> tuple[type[Exception], ...]:
    """The errors of the HTTP library that the hub's client uses (an ancestor of its own error), and the system's."""
    http = [kind for kind in HfHubHTTPError.__mro__ if kind.__name__ in {"HTTPError", "RequestException"}]
    return (OSError, *cast(Iterable[Any], http))


def _bar(count: Callable[[int], None]) -> Any:
    """Stands in for the tqdm class that http_get expects."""

    class Counter:
        def __init__(self, **anything: object) -> None: ...

        def __enter__(self) -> Counter:
            return self

        def __exit__(self, *anything: object) -> None: ...

        def update(self, amount: float | None = 1) -> None:
            count(int(amount or 0))

    return Counter


def _licence(about: object) -> str:
    """The licence tag of the model's page, such as ``creativeml-openrail-m``."""
    tags = getattr(about, "tags", None) or ()
    return next((tag.partition(":")[2] for tag in tags if tag.startswith("license:")), "")


def _remote(entry: RepoFile) -> RemoteFile:
    sha256 = entry.lfs.sha256 if entry.lfs else ""
    return RemoteFile(path=entry.path, size=entry.size, sha256=sha256, blob_id=entry.blob_id)


def _partial(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _present(target: Path, size: int) -> int:
    """Bytes of a file that are already here."""
    for path in (target, _partial(target)):
        if path.is_file():
            return min(size, path.stat().st_size)
    return 0


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
