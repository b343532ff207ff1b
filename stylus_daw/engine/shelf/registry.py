"""Finds a checkpoint by name, path or hub id, and loads it. Never downloads."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.engine.layouts.family import MINI, RIFFUSION, SD_1
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.layout import PICKLES, Kind, Layout, pickle_refused
from stylus_daw.engine.machine.heavy import require_torch
from stylus_daw.engine.machine.place import Place
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.shelf.hub import cached, is_hub_id, not_here
from stylus_daw.engine.shelf.library import ModelLibrary
from stylus_daw.engine.shipped_weights import shipped_folder
from stylus_daw.errors import CheckpointError, NoCheckpointError, quoted
from stylus_daw.settings import state_folder

if TYPE_CHECKING:
    from stylus_daw.engine.checkpoint import Checkpoint
    from stylus_daw.engine.machine.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A checkpoint on this machine, and its name."""

    name: str
    layout: Layout


def find_checkpoint(name: str, library: ModelLibrary) -> Found:
    """Where the checkpoint of that name is. Does not load it or import torch.

    Args:
        name: ``"stylus-mini"``, a registered name, a folder, a ``.safetensors`` file, or a hub id in the hub's cache.
        library: the registered names.

    Raises:
        CheckpointError: unknown (names the nearest), incomplete, refused, or not on this machine.
    """
    if name == MINI.id:
        return Found(name=name, layout=identify(embedded_folder()))
    registered = library.get(name)
    if registered is not None:
        return Found(name=name, layout=registered.layout())
    path = Path(name).expanduser()
    if path.suffix.lower() in PICKLES:
        raise pickle_refused(name)
    if path.exists():
        return Found(name=path.stem if path.is_file() else path.resolve().name, layout=identify(path))
    if is_hub_id(name):
        downloaded = library.downloaded(name)
        if downloaded is not None:
            return Found(name=name, layout=downloaded.layout())
        folder = cached(name)
        if folder is None:
            raise not_here(name)
        return Found(name=name, layout=identify(folder))
    raise _unknown(name, library)


def place_for(layout: Layout, device: str) -> Place:
    """Where a model would run; loads nothing of it.

    Args:
        layout: the model.
        device: as :func:`stylus_daw.engine.machine.device.choose_device` takes it.

    Raises:
        CheckpointError: ``checkpoint.extra``: it needs torch, which is not installed.
        RequestError: there is no such device.
    """
    if layout.has_no_net:
        return choose_runtime(device)
    require_torch(f"{layout.family.title}")
    from stylus_daw.engine.machine.device import choose_device

    return choose_device(device)


def open_checkpoint(name: str, device: str | Device = "auto", library: ModelLibrary | None = None) -> Checkpoint:
    """Load a checkpoint; see :func:`find_checkpoint`.

    Args:
        name: which.
        device: where it runs: ``auto``, ``cpu``, ``cuda``, ``cuda:1``, ``mps``, or one of torch's that was chosen.
        library: the registered names; default: those of the state folder.

    Raises:
        CheckpointError: it cannot be found or loaded, or needs torch, which is not installed.
        RequestError: there is no such device.
    """
    known = library or ModelLibrary(state_folder())
    found = find_checkpoint(name, known)
    if found.layout.family is MINI:
        from stylus_daw.engine.mini.loading import load_mini

        return load_mini(found.layout.path, device if isinstance(device, str) else device.kind)
    require_torch(f"{name} ({found.layout.family.title})")
    if found.layout.kind is Kind.LORA:
        text = f"{name} is {found.layout.family.title}, not a model. Choose a model, and --sampler lcm."
        raise CheckpointError("checkpoint.lora", text)
    from stylus_daw.engine.diffusion.stable_diffusion import load_stable_diffusion
    from stylus_daw.engine.machine.device import choose_device
    from stylus_daw.engine.style_cache import StyleCache

    place = choose_device(device) if isinstance(device, str) else device
    sha256 = known.hashes.sha256(found.layout.weights)
    checkpoint = load_stable_diffusion(found.layout, place, name=found.name, sha256=sha256)
    checkpoint.styles = StyleCache(state_folder() / "cache" / "styles")
    if found.layout.family in {SD_1, RIFFUSION}:
        checkpoint.find_lora = lambda: lora_file(known)
    return checkpoint


def lora_file(library: ModelLibrary) -> Path | None:
    """The first registered LCM-LoRA that still exists."""
    for model in library.all():
        try:
            layout = model.layout()
        except CheckpointError:
            continue
        if layout.kind is Kind.LORA:
            return layout.path
    return None


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return shipped_folder(MINI.id)


def _unknown(name: str, library: ModelLibrary) -> NoCheckpointError:
    known = (MINI.id, *(model.name for model in library.all()))
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}, a path, or a hub id (owner/name)."
    return NoCheckpointError("checkpoint.unknown", f"The checkpoint {quoted(name)} is not known. {hint}")
