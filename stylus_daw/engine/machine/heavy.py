"""Whether what only Stable Diffusion needs is installed: torch, diffusers and what belongs to them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from stylus_daw.errors import CheckpointError

EXTRA = "pip install 'stylus-daw[diffusion]'"
"""For a table, which has no room for :func:`install_command`."""
PACKAGES = ("torch", "diffusers", "transformers", "safetensors", "huggingface_hub")


def missing_packages() -> tuple[str, ...]:
    """Those that are not installed; imports none of them."""
    return tuple(name for name in PACKAGES if importlib.util.find_spec(name) is None)


def require_torch(what: str) -> None:
    """Refuse what needs them where one is missing.

    Args:
        what: the beginning of the sentence.

    Raises:
        CheckpointError: ``checkpoint.extra``; it says how to install them.
    """
    if missing := missing_packages():
        absent = f"{', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        text = f"{what} needs {absent}: {install_command()}. stylus-mini needs none of them."
        raise CheckpointError("checkpoint.extra", text)


def install_command(prefix: str = sys.prefix, *, is_bundle: bool | None = None) -> str:
    """The command that brings them, for the way in which stylus-daw itself was installed.

    Args:
        prefix: where its Python has its packages.
        is_bundle: whether it is the program that needs no Python, which cannot take more packages; default: this one.

    >>> install_command("/home/kim/.local/share/pipx/venvs/stylus-daw", is_bundle=False)
    "pipx install --force 'stylus-daw[diffusion]'"
    >>> install_command("/home/kim/.local/share/uv/tools/stylus-daw", is_bundle=False)
    "uv tool install --force 'stylus-daw[diffusion]'"
    """
    parts = Path(prefix).parts
    if getattr(sys, "frozen", False) if is_bundle is None else is_bundle:
        return f"{EXTRA}, beside this program, which cannot take it"
    if "pipx" in parts:
        return EXTRA.replace("pip ", "pipx ").replace("install", "install --force")
    if "uv" in parts and "tools" in parts:
        return EXTRA.replace("pip install", "uv tool install --force")
    return f"{_quoted(sys.executable)} -m {EXTRA}"


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def accelerators() -> tuple[str, ...]:
    """The name of each GPU of this machine, as a render takes it; none without torch, which the models for it need."""
    if missing_packages():
        return ()
    from stylus_daw.engine.machine import device

    return device.accelerators()
