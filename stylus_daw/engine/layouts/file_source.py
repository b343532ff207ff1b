"""The parts of a single ``.safetensors`` in the original layout, with configurations from elsewhere.

The names of tensors are translated by diffusers. A tensor that is missing is an error: diffusers'
own ``from_single_file`` would leave it random. So is one of UNet or VAE that has no place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors import safe_open
from torch import Tensor, nn

from stylus_daw.engine.inverting.prompt import prompt_ids
from stylus_daw.engine.layouts.file_layout import CLIP_1, CLIP_2, CLIP_XL, CLIP_XL_2, LDM_UNET, LDM_VAE
from stylus_daw.engine.layouts.layout import Layout
from stylus_daw.engine.layouts.layout import read_config as read
from stylus_daw.engine.layouts.unused_tensors import is_training_only
from stylus_daw.engine.machine.aligned import align_weights
from stylus_daw.engine.machine.device import Device

log = logging.getLogger(__name__)

Tensors = Mapping[str, Tensor]


class FileSource:
    """See :class:`stylus_daw.engine.layouts.source.Source`."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.path
        self._configs = layout.configs
        self._family = layout.family

    def unet(self, device: Device) -> UNet2DConditionModel:
        config = self._config("unet")
        tensors = _all_of(convert_ldm_unet_checkpoint, self._tensors(LDM_UNET), config)
        return _filled(UNet2DConditionModel, config, tensors, device.stored)

    def vae(self) -> AutoencoderKL:
        config = self._config("vae")
        own = {name: tensor for name, tensor in self._tensors(LDM_VAE).items() if not is_training_only(name)}
        return _filled(AutoencoderKL, config, _all_of(convert_ldm_vae_checkpoint, own, config), torch.float32)

    def text_encoder(self, part: str) -> Any:
        from transformers.models.clip.configuration_clip import CLIPTextConfig
        from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection

        kind = CLIPTextModelWithProjection if part == "text_encoder_2" else CLIPTextModel
        encoder = kind(CLIPTextConfig.from_dict(self._config(part)))
        tensors = self._clip(encoder, part)
        if not hasattr(encoder, "text_model"):  # flat since transformers 5.6
            tensors = {name.removeprefix("text_model."): tensor for name, tensor in tensors.items()}
        unused = _load(encoder, {name: tensor.float() for name, tensor in tensors.items()}, assign=False)
        log.debug("%s leaves %d tensors aside", part, len(unused))  # 2.x brings a layer that it never uses
        return align_weights(encoder).eval()

    def empty_prompt(self, part: str, length: int) -> Tensor:
        own = self._configs / "empty_prompt.json"
        marks = read(own if own.is_file() else self._family.facts / own.name)[part]
        return prompt_ids(marks["start"], marks["end"], marks["pad"], length)

    def _clip(self, encoder: Any, part: str) -> Tensors:
        """OpenAI's CLIP keeps transformers' names behind a prefix; OpenCLIP has its own."""
        if part == "text_encoder":
            own = self._tensors(CLIP_1) or self._tensors(CLIP_XL)
            if own:
                return convert_ldm_clip_checkpoint(own)
        prefix = CLIP_XL_2 if part == "text_encoder_2" else CLIP_2
        return convert_open_clip_checkpoint(encoder, self._tensors(prefix), prefix=prefix)

    def _config(self, part: str) -> dict[str, Any]:
        return read(Path(self._configs) / part / "config.json")

    def _tensors(self, prefix: str) -> dict[str, Tensor]:
        """All tensors under a prefix; they stay in the file until they are used."""
        with safe_open(self._path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118


def _filled(kind: Any, config: dict[str, Any], tensors: Tensors, dtype: torch.dtype) -> Any:
    """A model that was never given random weights."""
    with torch.device("meta"):
        model = kind.from_config(config)
    unused = _load(model, {name: tensor.to(dtype) for name, tensor in tensors.items()}, assign=True)
    if unused:
        raise ValueError(f"{len(unused)} tensors have no place in its {kind.__name__}, {unused[0]} for one")
    return model


def _all_of(convert: Callable[..., Tensors], own: Tensors, config: Mapping[str, Any]) -> Tensors:
    """What ``convert`` makes of a part; it leaves out what it does not know."""
    converted = convert(own, config)
    if len(converted) < len(own):
        kept = {id(tensor) for tensor in converted.values()}
        lost = [name for name, tensor in own.items() if id(tensor) not in kept]
        raise ValueError(f"{len(own) - len(converted)} of its tensors have no place in the model, such as {lost[0]}")
    return converted


def _load(model: nn.Module, tensors: Tensors, *, assign: bool) -> list[str]:
    """Gives the names that the model does not have."""
    missing, unexpected = model.load_state_dict(tensors, strict=False, assign=assign)
    if missing:
        raise ValueError(f"{len(missing)} tensors of {type(model).__name__} are missing, {missing[0]} for one")
    return unexpected
