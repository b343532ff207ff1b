"""What ``stylus-daw models`` does: registers models, tells about them, and fetches one that its user has agreed to."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from stylus_daw.commands import console
from stylus_daw.commands.reporting import DONE, FAILED, say_json
from stylus_daw.engine.layouts.family import MINI, family_of
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.memory_needs import FLOAT32_BYTES, MemoryEstimate, estimate, parameters
from stylus_daw.engine.machine.heavy import EXTRA, missing_packages, require_torch
from stylus_daw.engine.machine.main_memory import free_main_memory
from stylus_daw.engine.shelf.hub import is_hub_id
from stylus_daw.engine.shelf.library import ModelLibrary, RegisteredModel
from stylus_daw.engine.shelf.registry import Found, find_checkpoint, place_for
from stylus_daw.errors import CheckpointError, StylusError
from stylus_daw.settings import state_folder


def add(
    name: str,
    place: str,
    *,
    family: str | None,
    prediction: str | None = None,
    configs: Path | None,
    allow_download: bool,
    state_dir: Path | None,
    as_json: bool,
    tells: bool = True,
) -> None:
    """Register a model, downloading it first if that was agreed to.

    Raises:
        RequestError: a name or family that is not possible.
        CheckpointError: it is not a checkpoint that the engine supports.
        EngineError: the download failed.
    """
    library = _library(state_dir)
    RegisteredModel(name=name, path="", family=family or "", prediction=prediction or "")
    library.check_free(name)
    wished = family_of(family) if family else None
    path, origin = _at(place, library, allow_download=allow_download, as_json=as_json)
    layout = identify(path, family=wished, configs=configs, prediction=prediction or "")
    model = RegisteredModel(
        name=name,
        path=str(path),
        family=family or "",
        configs=str(configs.resolve()) if configs else "",
        origin=origin,
        prediction=prediction or "",
        sha256=library.hashes.sha256(layout.weights),
    )
    library.add(model)
    if tells:
        _tell(as_json, asdict(model), f"{name}: {layout.family.title}, {_gigabytes(layout.bytes)}, {path}")


def bring(checkpoint: str, state_dir: Path | None, *, as_json: bool) -> None:
    """Download a hub id that is not on this machine, and register it under its own name; leave all else alone.

    Raises:
        EngineError: the download failed.
    """
    library = _library(state_dir)
    if is_hub_id(checkpoint) and not Path(checkpoint).exists() and _is_missing(checkpoint, library):
        name = _free_name(checkpoint.partition("/")[2], library)
        add(
            name,
            checkpoint,
            family=None,
            configs=None,
            allow_download=True,
            state_dir=state_dir,
            as_json=as_json,
            tells=False,
        )


def remove(name: str, *, deletes: bool, state_dir: Path | None, as_json: bool) -> None:
    """Forget a model.

    Raises:
        RequestError: there is none of that name.
    """
    model = _library(state_dir).remove(name, deletes=deletes)
    left = "its files are deleted" if deletes else f"its files stay in {model.path}"
    _tell(as_json, {"removed": name, "path": model.path, "deleted": deletes}, f"{name} is forgotten; {left}")


def verify(name: str | None, state_dir: Path | None, *, as_json: bool) -> int:
    """Hash one model or all that are listed afresh; returns the exit code."""
    library, problems = _library(state_dir), []
    if name in (None, MINI.id):
        problems.append(_verify_embedded(library, as_json=as_json))
    models = library.all() if name is None else () if name == MINI.id else (library.find(name),)
    for model in models:
        problems.append(problem := _verified(model, library))
        said = {"name": model.name, "ok": not problem, "message": problem, "sha256": model.sha256}
        _tell(as_json, said, f"{model.name}: {problem or 'as it was added'}")
    return FAILED if any(problems) else DONE


def _verify_embedded(library: ModelLibrary, *, as_json: bool) -> str:
    """Nothing was noted when it was added, for it came with the package: it is read and hashed."""
    problem = sha256 = ""
    try:
        sha256 = library.hashes.sha256(find_checkpoint(MINI.id, library).layout.weights, afresh=True)
    except StylusError as error:
        problem = error.message
    said = {"name": MINI.id, "ok": not problem, "message": problem, "sha256": sha256}
    _tell(as_json, said, f"{MINI.id}: {problem or f'complete, as it came with stylus-daw (SHA-256 {sha256[:12]}…)'}")
    return problem


def show_list(state_dir: Path | None, device: str, *, as_json: bool) -> None:
    """All models, the embedded one first."""
    library = _library(state_dir)
    shown = [_described(name, library, device) for name in (MINI.id, *(model.name for model in library.all()))]
    if as_json:
        for one in shown:
            say_json(one)
    else:
        _print_table(shown)


def show_one(which: str, state_dir: Path | None, device: str, *, as_json: bool) -> None:
    """One model, whether registered or not.

    Raises:
        CheckpointError: it cannot be found or read.
    """
    library = _library(state_dir)
    found = find_checkpoint(which, library)
    about = _about(found, library, device)
    about["sha256"] = library.hashes.sha256(found.layout.weights)
    if as_json:
        say_json(about)
        return
    memory = about.pop("memory")
    for key, value in about.items():
        print(f"{key:11} {_gigabytes(value) if key == 'bytes' else value}")
    print(f"{'memory':11} {memory['said']}")


def _at(place: str, library: ModelLibrary, *, allow_download: bool, as_json: bool) -> tuple[Path, str]:
    """Where the model is, and its hub id if it came from there now."""
    path = Path(place).expanduser()
    if path.exists() or not is_hub_id(place):
        return path.resolve() if path.exists() else find_checkpoint(place, library).layout.path, ""
    if allow_download and _is_missing(place, library):
        return _downloaded(place, library, as_json=as_json), place
    return find_checkpoint(place, library).layout.path, place


def _is_missing(hub_id: str, library: ModelLibrary) -> bool:
    try:
        find_checkpoint(hub_id, library)
    except CheckpointError as error:
        return error.code == "checkpoint.not_downloaded"
    return False


def _free_name(wish: str, library: ModelLibrary) -> str:
    """``wish``, or with a number behind it where that is taken."""
    taken = {MINI.id, *(model.name for model in library.all())}
    names = (wish[:60], *(f"{wish[:60]}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _downloaded(hub_id: str, library: ModelLibrary, *, as_json: bool) -> Path:
    require_torch(f"{hub_id} is a Stable Diffusion, which")
    from stylus_daw.engine.shelf.download import fetch, plan_download

    plan = plan_download(hub_id, library.downloads / hub_id.replace("/", "--"))
    with console.progress(disable=as_json) as bar:
        task = bar.add_task(f"{hub_id}, {_gigabytes(plan.bytes)}", total=plan.bytes)
        return fetch(plan, lambda here, total: bar.update(task, completed=here, total=total))


def _verified(model: RegisteredModel, library: ModelLibrary) -> str:
    """What is wrong, or nothing."""
    try:
        sha256 = library.hashes.sha256(model.layout().weights, afresh=True)
    except StylusError as error:
        return error.message
    if sha256 != model.sha256:
        return f"its weights have changed since it was added ({sha256[:12]}, was {model.sha256[:12]})"
    return ""


def _described(name: str, library: ModelLibrary, device: str) -> dict[str, Any]:
    """For the list: a model that is broken is a line, not an error."""
    registered = library.get(name)
    try:
        about = _about(find_checkpoint(name, library), library, device)
    except StylusError as error:
        return {"name": name, "problem": error.message, "code": error.code}
    return {**about, "sha256": registered.sha256 if registered else ""}


def _about(found: Found, library: ModelLibrary, device: str) -> dict[str, Any]:
    layout = found.layout
    registered = library.get(found.name)
    reason, memory = _memory(found, device)
    return {
        "name": found.name,
        "family": layout.family.id,
        "title": layout.family.title,
        "kind": layout.kind.value,
        "path": str(layout.path),
        "origin": registered.origin if registered else "",
        "bytes": layout.bytes,
        "parameters": parameters(layout),
        "licence": layout.family.licence,
        "device": reason,
        "memory": {**asdict(memory), "needed": memory.needed, "fits": memory.fits, "said": _said(memory)},
    }


def _memory(found: Found, device: str) -> tuple[str, MemoryEstimate]:
    if not found.layout.has_no_net and missing_packages():
        free = free_main_memory()
        return f"needs torch: {EXTRA}", estimate(found.layout, compute_bytes=FLOAT32_BYTES, free=free)
    place = place_for(found.layout, device)
    return place.reason, estimate(found.layout, compute_bytes=place.number_bytes, free=place.free_bytes())


def _said(memory: MemoryEstimate) -> str:
    verdict = {True: "fits", False: "does not fit", None: "free memory unknown"}[memory.fits]
    free = f" of {_gigabytes(memory.free)} free" if memory.free is not None else ""
    return f"{verdict}: about {_gigabytes(memory.needed)}{free}"


def _print_table(shown: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "family", "size", "memory", "where, or what is wrong"):
        table.add_column(heading, overflow="fold")
    for one in shown:
        if "problem" in one:
            table.add_row(one["name"], "", "", "", one["problem"])
        else:
            table.add_row(one["name"], one["title"], _gigabytes(one["bytes"]), one["memory"]["said"], one["path"])
    console.out().print(table)


def _library(state_dir: Path | None) -> ModelLibrary:
    return ModelLibrary(state_folder(state_dir))


def _tell(as_json: bool, content: dict[str, Any], text: str) -> None:
    if as_json:
        say_json(content)
    else:
        print(text)


def _gigabytes(count: int) -> str:
    """Megabytes where it is less than one of them.

    >>> _gigabytes(4_265_000_000), _gigabytes(17_000_000)
    ('4.3 GB', '17 MB')
    """
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{count / 1e6:.0f} MB"
