"""Whether what only Stable Diffusion needs is installed: torch, diffusers and what belongs to them."""

from __future__ import annotations

import importlib.util

from stylus_daw.errors import CheckpointError
from stylus_daw.own_program import how_to_add

EXTRA = "pip install 'stylus-daw[diffusion]'"
"""For a table, which has no room for :func:`how_to_add`."""
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
        text = f"{what} needs {absent}: {how_to_add('diffusion')}. stylus-mini needs none of them."
        raise CheckpointError("checkpoint.extra", text)


def accelerators() -> tuple[str, ...]:
    """The name of each GPU of this machine, as a render takes it; none without torch, which the models for it need."""
    if missing_packages():
        return ()
    from stylus_daw.engine.machine import device

    return device.accelerators()
