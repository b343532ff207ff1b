"""Further conditions of Stable Diffusion XL: sizes and a pooled embedding."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from stylus_daw.engine.inverting.prompt import Condition, PromptSource, two_encoders
from stylus_daw.engine.machine.device import Device

SIZES = 6  # numbers: original, crop and target, each in two directions


def condition(source: PromptSource, unet: Any, device: Device, *, has_zero_prompt: bool, side: int) -> Condition:
    """The empty prompt of an XL model.

    Args:
        source: its text encoders; unused if the prompt is zeros.
        unet: its UNet, whose configuration has the widths.
        device: where the result is placed.
        has_zero_prompt: the model was trained with zeros for "no text" (XL base was).
        side: rows of an image; original size, target size and crop describe a whole image of this size.
    """
    if has_zero_prompt:
        hidden, pooled = zeros(unet.config, device)
    else:
        hidden, pooled = two_encoders(source, device)
    sizes = torch.tensor([[side, side, 0, 0, side, side]], dtype=torch.float32, device=device.torch)
    return Condition(hidden=hidden, added={"text_embeds": pooled, "time_ids": sizes})


def zeros(config: Any, device: Device, tokens: int = 77) -> tuple[Tensor, Tensor]:
    """No text. Shape: ``[1, tokens, width]``, ``[1, pooled width]``."""
    pooled = config["projection_class_embeddings_input_dim"] - SIZES * config["addition_time_embed_dim"]
    hidden = torch.zeros(1, tokens, config["cross_attention_dim"], device=device.torch)
    return hidden, torch.zeros(1, pooled, device=device.torch)
