"""Hub ids: what one looks like, and whether the machine already has it. Never uses the network, imports no torch."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from stylus_daw.engine.layouts.layout import LORA_FILE
from stylus_daw.errors import NoCheckpointError

HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
INDEX = "model_index.json"


def is_hub_id(name: str) -> bool:
    """Whether ``name`` looks like ``owner/name``.

    >>> is_hub_id("someone/some-model-v1"), is_hub_id("stylus-mini"), is_hub_id("/a/b"), is_hub_id("a/b/c")
    (True, False, False, False)
    """
    return bool(HUB_ID.fullmatch(name))


def cached(hub_id: str, cache: Path | None = None) -> Path | None:
    """The newest snapshot of it in the hub's cache (other programs share that), or None."""
    if importlib.util.find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = (try_to_load_from_cache(hub_id, name, cache_dir=cache) for name in (INDEX, LORA_FILE))
    return next((Path(one).parent for one in found if isinstance(one, str)), None)


def not_here(hub_id: str) -> NoCheckpointError:
    """The error for a model that is not on this machine; the user has not agreed to a download."""
    text = (
        f"{hub_id} is not on this machine, and nothing is downloaded by itself. If you agree to the download: "
        f"stylus-daw models add NAME {hub_id} --allow-download, or render with --allow-download."
    )
    return NoCheckpointError("checkpoint.not_downloaded", text)
