"""Whether what only Stable Diffusion needs is installed: torch, diffusers and what belongs to them."""

from __future__ import annotations

import importlib.util

from stylus_daw.errors import CheckpointError

EXTRA = "pip install 'stylus-daw[diffusion]'"
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
        raise CheckpointError("checkpoint.extra", f"{what} needs {absent}: {EXTRA}. stylus-mini needs none of them.")


def accelerators() -> tuple[str, ...]:
    """The name of each GPU of this machine, as a render takes it; none without torch, which the models for it need."""
    if missing_packages():
        return ()
    from stylus_daw.engine.machine import device

    return device.accelerators()
