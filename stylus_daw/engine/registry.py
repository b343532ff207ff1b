"""Finds a checkpoint by name or folder and tells which family loads it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from stylus_daw.engine.checkpoints.base import Checkpoint
from stylus_daw.engine.checkpoints.mini import FAMILY as MINI
from stylus_daw.engine.checkpoints.mini import embedded_folder, load_mini
from stylus_daw.engine.checkpoints.stable_diffusion import load_stable_diffusion
from stylus_daw.engine.device import Device
from stylus_daw.errors import CheckpointError

EMBEDDED = (MINI,)


def open_checkpoint(name: str, device: Device) -> Checkpoint:
    """Load a checkpoint.

    Args:
        name: ``"stylus-mini"``, or a folder that holds a stylus-mini or Stable Diffusion 1.x (diffusers layout).
        device: where it shall run.

    Raises:
        CheckpointError: unknown (names the nearest), incomplete or refused.
    """
    if name == MINI:
        return load_mini(embedded_folder(), device)
    folder = Path(name).expanduser()
    if (folder / "model_index.json").is_file():
        return load_stable_diffusion(folder, device)
    if (folder / "config.json").is_file() and (folder / "model.safetensors").is_file():
        return load_mini(folder, device)
    raise _unknown(name, folder)


def _unknown(name: str, folder: Path) -> CheckpointError:
    if folder.suffix in {".ckpt", ".pt", ".bin"}:
        text = f"{name} is a pickle, which can run code when it is opened, and is refused. Convert it to safetensors."
        return CheckpointError("checkpoint.pickle", text)
    if folder.exists():
        text = (
            f"{name} is no checkpoint that stylus-daw knows: it needs model_index.json (a diffusers folder of "
            "Stable Diffusion 1.x) or config.json with model.safetensors (a stylus-mini)."
        )
        return CheckpointError("checkpoint.layout", text)
    near = get_close_matches(name, EMBEDDED, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(EMBEDDED)}, or the path of a folder."
    return CheckpointError("checkpoint.unknown", f"No checkpoint {name!r}. {hint}")
