"""The parts of a diffusers folder. Nothing is downloaded, no pickle is opened."""

from __future__ import annotations

from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor

from stylus_daw.engine.layouts.layout import Layout
from stylus_daw.engine.layouts.part_weights import part_weights
from stylus_daw.engine.machine.aligned import align_weights
from stylus_daw.engine.machine.device import Device

OWN_FILES_ONLY: dict[str, Any] = {"use_safetensors": True, "local_files_only": True}


class FolderSource:
    """See :class:`stylus_daw.engine.layouts.source.Source`."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.path

    def unet(self, device: Device) -> UNet2DConditionModel:
        return self._model(UNet2DConditionModel, "unet", device.stored)

    def vae(self) -> AutoencoderKL:
        return self._model(AutoencoderKL, "vae", torch.float32)

    def text_encoder(self, part: str) -> Any:
        from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection

        kind = CLIPTextModelWithProjection if part == "text_encoder_2" else CLIPTextModel
        folder = self._path / part
        variant, _ = part_weights(folder)
        encoder = kind.from_pretrained(str(folder), variant=variant, dtype=torch.float32, **OWN_FILES_ONLY)
        return align_weights(encoder).eval()

    def empty_prompt(self, part: str, length: int) -> Tensor:
        from transformers.models.clip.tokenization_clip import CLIPTokenizer

        folder = self._path / part.replace("text_encoder", "tokenizer")
        tokenizer = CLIPTokenizer.from_pretrained(str(folder), local_files_only=True)
        return tokenizer("", padding="max_length", max_length=length, truncation=True, return_tensors="pt").input_ids

    def _model(self, kind: Any, part: str, dtype: torch.dtype) -> Any:
        folder = self._path / part
        variant, _ = part_weights(folder)
        options = {"torch_dtype": dtype, "low_cpu_mem_usage": False, "output_loading_info": True, **OWN_FILES_ONLY}
        model, told = kind.from_pretrained(str(folder), variant=variant, **options)
        for problem in ("missing", "unexpected", "mismatched"):
            if names := sorted(map(str, told.get(f"{problem}_keys", ()))):
                raise ValueError(f"{len(names)} {problem} tensors in its {part}, {names[0]} for one")
        return model
