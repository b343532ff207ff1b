"""The weights of one part of a diffusers folder: one file, or shards with their index. Imports no torch.

Everything that could fail at the render is looked at here: every shard that the index names, every header, and every
tensor that the index promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stylus_daw.engine.layouts.header import Header, read_header
from stylus_daw.engine.layouts.layout import read_config
from stylus_daw.engine.layouts.unused_tensors import check_used
from stylus_daw.errors import CheckpointError

VARIANTS = (None, "fp16")
DIFFUSERS, TRANSFORMERS = "diffusion_pytorch_model", "model"
"""How the two libraries call the files."""

PLAIN_PARTS = ("unet", "vae")
"""Parts of which every tensor is a weight or a bias."""


def part_weights(folder: Path) -> tuple[str | None, tuple[Path, ...]]:
    """Variant and files of one part's weights: the plain ones, else the fp16 variant; shards in order; or no files.

    Raises:
        CheckpointError: shards without an index, or one that is missing.
    """
    incomplete: list[CheckpointError] = []
    for variant in VARIANTS:
        for stem in (DIFFUSERS, TRANSFORMERS):
            try:
                files = _whole_or_shards(folder, stem, variant)
            except CheckpointError as error:  # a download of the fp16 variant has the index of the other one, too
                incomplete.append(error)
                continue
            if files:
                return variant, files
    if incomplete:
        raise incomplete[0]
    _refuse_loose_shards(folder)
    return None, ()


def checked_weights(folder: Path) -> tuple[Path, ...]:
    """The files of one part, after a look at every header.

    Raises:
        CheckpointError: missing, cut off, not as the index says, or with tensors that nothing uses.
    """
    variant, files = part_weights(folder)
    if not files:
        text = f"{folder} has no .safetensors weights; the folder is incomplete. Download it again."
        raise CheckpointError("checkpoint.incomplete", text)
    headers = {file.name: read_header(file) for file in files}
    for name, header in headers.items():
        check_used(folder / name, header, is_plain=folder.name in PLAIN_PARTS)
    for stem in (DIFFUSERS, TRANSFORMERS):
        index = folder / _index_name(stem, variant)
        if len(files) > 1 and index.is_file():
            _check_promises(index, _shard_of(index), headers)
    return files


def _whole_or_shards(folder: Path, stem: str, variant: str | None) -> tuple[Path, ...]:
    """Where both are there, diffusers takes the shards and transformers the whole file."""
    whole = folder / f"{stem}{f'.{variant}' if variant else ''}.safetensors"
    index = folder / _index_name(stem, variant)
    if whole.is_file() and (stem == TRANSFORMERS or not index.is_file()):
        return (whole,)
    return _shards(index) if index.is_file() else ()


def _index_name(stem: str, variant: str | None) -> str:
    return f"{stem}.safetensors.index{f'.{variant}' if variant else ''}.json"


def _shards(index: Path) -> tuple[Path, ...]:
    files = [index.parent / name for name in sorted(set(_shard_of(index).values()))]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        text = f"{index.parent} lacks {len(missing)} of {len(files)} shards: {', '.join(missing)}. Download it again."
        raise CheckpointError("checkpoint.incomplete", text)
    return tuple(files)


def _shard_of(index: Path) -> Mapping[str, str]:
    """The file of each tensor, as the index says it."""
    told: Any = read_config(index).get("weight_map")
    is_map = isinstance(told, dict) and bool(told)
    if not is_map or not all(isinstance(name, str) and Path(name).name == name for name in told.values()):
        raise CheckpointError("checkpoint.broken", f"{index} does not say which shard has what. Download it again.")
    return told


def _check_promises(index: Path, shard_of: Mapping[str, str], headers: Mapping[str, Header]) -> None:
    missing = [name for name, shard in shard_of.items() if name not in headers[shard].tensors]
    if missing:
        text = f"{len(missing)} tensors of {index} are not in their shards, {missing[0]} for one. Download it again."
        raise CheckpointError("checkpoint.incomplete", text)


def _refuse_loose_shards(folder: Path) -> None:
    for old in sorted(folder.glob("*.safetensors.fp16.index.json")):
        new = old.name.replace(".safetensors.fp16.index.json", ".safetensors.index.fp16.json")
        text = f"{folder} has an index of an old layout. Rename {old.name} to {new}, and add the model again."
        raise CheckpointError("checkpoint.old_index", text)
    for shard in sorted(folder.glob("*-of-*.safetensors")):
        text = f"{folder} has shards ({shard.name}), but lacks their index (.index.json). Download it again."
        raise CheckpointError("checkpoint.incomplete", text)
