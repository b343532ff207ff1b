"""The UNet's condition: the embedding of the empty prompt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from stylus_daw.engine.machine.device import Device


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """Arguments of the UNet that stay the same throughout a render.

    Attributes:
        hidden: ``[1, tokens, width]``.
        added: further conditions of XL, ``[1, any]`` each.
    """

    hidden: Tensor
    added: Mapping[str, Tensor] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Distinguishes conditions, for the keys of caches."""
        total = hashlib.sha256()
        for one in (self.hidden, *self.added.values()):
            total.update(one.float().cpu().numpy().tobytes())
        return total.hexdigest()[:16]

    def arguments(self, batch: int) -> dict[str, Any]:
        """Keyword arguments for a batch of that size."""
        arguments: dict[str, Any] = {"encoder_hidden_states": self.hidden.expand(batch, -1, -1)}
        if self.added:
            arguments["added_cond_kwargs"] = {name: one.expand(batch, -1) for name, one in self.added.items()}
        return arguments


class PromptSource(Protocol):
    """Where the text encoders of a checkpoint come from."""

    def text_encoder(self, part: str) -> Any:
        """A transformers CLIP text model, on the CPU."""
        ...

    def empty_prompt(self, part: str, length: int) -> Tensor:
        """Token ids of the empty prompt for that encoder. Shape: ``[1, length]``."""
        ...


def one_encoder(source: PromptSource, device: Device) -> Condition:
    """Stable Diffusion 1.x and 2.x: the last state of the one text encoder, which is freed afterwards."""
    return Condition(hidden=_encoded(source, "text_encoder").last_hidden_state.float().to(device.torch))


def two_encoders(source: PromptSource, device: Device) -> tuple[Tensor, Tensor]:
    """XL: the penultimate states of both encoders side by side, and the pooled state of the second.

    Shape: ``[1, tokens, width]``, ``[1, pooled width]``.
    """
    first = _encoded(source, "text_encoder").hidden_states[-2]
    second = _encoded(source, "text_encoder_2")
    hidden = torch.cat([first, second.hidden_states[-2]], dim=-1)
    return hidden.float().to(device.torch), second.text_embeds.float().to(device.torch)


def prompt_ids(start: int, end: int, pad: int, length: int) -> Tensor:
    """The empty prompt. Shape: ``[1, length]``.

    >>> prompt_ids(7, 8, 0, 5).tolist()
    [[7, 8, 0, 0, 0]]
    """
    return torch.tensor([[start, end, *([pad] * (length - 2))]])


def _encoded(source: PromptSource, part: str) -> Any:
    encoder = source.text_encoder(part)
    ids = source.empty_prompt(part, encoder.config.max_position_embeddings)
    with torch.inference_mode():
        return encoder(ids, output_hidden_states=True)
