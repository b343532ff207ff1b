"""The attention swap: queries of the content, keys and values of the styles.

One processor replaces the self-attention of the chosen layers of any diffusers UNet, both
``UNet2DModel`` (group norm and residual inside the layer) and ``UNet2DConditionModel`` (bare
projections). Its :class:`Injection` decides what it does on the next forward pass:

* plain: ordinary self-attention;
* record: ordinary self-attention that keeps the projections of every layer;
* inject (arXiv 2411.15913, section 3; symbols in ``engine.request``)::

      Q~  = gamma Q_content + (1 - gamma) Q
      A_s = sum_k b_k softmax(T Q~ K_k^T / sqrt(d)) V_k
      out = A_c + alpha (A_s - A_c)            A_c likewise, with K and V of the content

  The paper leaves open whether A_c takes recorded or current K/V (here: recorded) and whether
  several styles mix as outputs or as K/V (here: outputs).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Projections:
    """Query, key and value of one layer. Shape: each ``[batch, heads, tokens, head_dim]``."""

    query: Tensor
    key: Tensor
    value: Tensor


Recording = Mapping[str, Projections]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What to inject, for all layers.

    Attributes:
        styles: weight and recording of each style. Keys and values are ``[groups, heads, tokens, head_dim]``; the
            result's batch is a multiple of ``groups``, and consecutive entries share a group.
        content: recording of the content, with the result's batch. Needed unless strength is 1 and structure 0.
        strength, structure, sharpness: alpha, gamma, T.
    """

    styles: Sequence[tuple[float, Recording]]
    content: Recording | None = None
    strength: float = 1.0
    structure: float = 0.0
    sharpness: float = 1.0

    def __post_init__(self) -> None:
        if self.content is None and self.needs_content(self.strength, self.structure):
            raise ValueError("a swap with strength other than 1 or structure above 0 needs the content's recording")

    @staticmethod
    def needs_content(strength: float, structure: float) -> bool:
        return strength != 1.0 or structure > 0.0


@dataclass(slots=True)
class Injection:
    """What the installed layers do on the next forward pass."""

    layers: tuple[str, ...] = ()
    _recorded: dict[str, Projections] | None = field(default=None)
    _swap: Swap | None = field(default=None)

    @contextmanager
    def record(self) -> Iterator[dict[str, Projections]]:
        """In this context, forward passes keep their projections in the mapping that it yields."""
        self._recorded = {}
        try:
            yield self._recorded
        finally:
            self._recorded = None

    @contextmanager
    def inject(self, swap: Swap) -> Iterator[None]:
        """In this context, forward passes use ``swap``."""
        self._swap = swap
        try:
            yield
        finally:
            self._swap = None

    def attend(self, layer: str, own: Projections) -> Tensor:
        """Attention of one layer, as chosen. Shape: ``[batch, heads, tokens, head_dim]``."""
        if self._recorded is not None:
            self._recorded[layer] = own
        if self._swap is None:
            return F.scaled_dot_product_attention(own.query, own.key, own.value)
        return _swapped(self._swap, layer, own)


def install(
    unet: nn.Module, chosen: Callable[[str], bool] = lambda name: True, *, is_compiled: bool = False
) -> Injection:
    """Put the swap into every self-attention layer of ``unet`` whose name is ``chosen``.

    With ``is_compiled``, torch does not compile the attention itself, because it changes from call to call.
    """
    injection = Injection()
    attend: Any = torch.compiler.disable(injection.attend) if is_compiled else injection.attend
    names = []
    for name, module in unet.named_modules():
        if isinstance(module, Attention) and not module.is_cross_attention and chosen(name):
            module.set_processor(cast(Any, _SwapProcessor(name, attend)))
            names.append(name)
    injection.layers = tuple(names)
    return injection


def joined(recording: Recording, groups: int = 1) -> dict[str, Projections]:
    """Tiles of one style as one long context: ``[groups * tiles, h, n, d] -> [groups, h, tiles * n, d]``."""

    def join(tensor: Tensor) -> Tensor:
        """Shape: ``[groups * tiles, h, n, d] -> [groups, h, tiles * n, d]``."""
        batch, heads, tokens, width = tensor.shape
        grouped = tensor.view(groups, batch // groups, heads, tokens, width).transpose(1, 2)
        return grouped.reshape(groups, heads, -1, width)

    return {name: Projections(join(p.query), join(p.key), join(p.value)) for name, p in recording.items()}


def thinned(recording: Recording, *, columns_per_row: int, most: int) -> dict[str, Projections]:
    """Every n-th moment of tiles that have more than ``most`` tokens together; all frequencies are kept.

    Attention costs queries times keys, and neighbouring moments of a style are nearly the same (decision 0026).

    Args:
        recording: ``[tiles, heads, rows * columns, d]``, tokens row by row.
        columns_per_row: columns of a tile divided by its rows.
        most: the most tokens to keep, for all tiles together (at least one column each).

    Returns:
        ``[tiles, heads, rows * fewer columns, d]``.
    """

    def thin(tensor: Tensor) -> Tensor:
        """Shape: ``[tiles, heads, rows * columns, d] -> [tiles, heads, rows * fewer columns, d]``."""
        stride = -(-tensor.shape[0] * tensor.shape[2] // most)
        if stride == 1:
            return tensor
        columns = math.isqrt(tensor.shape[2] * columns_per_row)
        return tensor.unflatten(2, (-1, columns))[:, :, :, ::stride].flatten(2, 3)

    return {name: Projections(thin(p.query), thin(p.key), thin(p.value)) for name, p in recording.items()}


def _swapped(swap: Swap, layer: str, own: Projections) -> Tensor:
    """The formula of the module. Shape: ``[batch, heads, tokens, head_dim]``."""
    query = own.query
    if swap.structure > 0.0 and swap.content is not None:
        query = torch.lerp(query, swap.content[layer].query, swap.structure)
    out = sum(weight * _grouped_attention(query, recording[layer], swap.sharpness) for weight, recording in swap.styles)
    if swap.strength != 1.0 and swap.content is not None:
        kept = _grouped_attention(query, swap.content[layer], swap.sharpness)
        out = kept + swap.strength * (out - kept)
    return out  # type: ignore[return-value]


def _grouped_attention(query: Tensor, context: Projections, sharpness: float) -> Tensor:
    """Attention where consecutive entries of the query's batch share one context.

    Shape: ``[batch, heads, tokens, head_dim]``, context ``[groups, heads, other tokens, head_dim]``.
    """
    groups = context.key.shape[0]
    batch, heads, tokens, width = query.shape
    share = batch // groups
    folded = (
        query.view(groups, share, heads, tokens, width).transpose(1, 2).reshape(groups, heads, share * tokens, width)
    )
    out = F.scaled_dot_product_attention(folded, context.key, context.value, scale=sharpness * width**-0.5)
    return out.view(groups, heads, share, tokens, width).transpose(1, 2).reshape(batch, heads, tokens, width)


class _SwapProcessor:
    """A diffusers attention processor: projections and norms of ``AttnProcessor2_0``, attention of the injection."""

    def __init__(self, layer: str, attend: Callable[[str, Projections], Tensor]) -> None:
        self.layer = layer
        self.attend = attend

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Shape: ``[batch, channels, rows, columns]`` or ``[batch, tokens, channels]``, kept."""
        if attention_mask is not None:
            raise NotImplementedError("self-attention of an image UNet does not take a mask")
        residual, shape = hidden_states, hidden_states.shape
        tokens = hidden_states.flatten(2).transpose(1, 2) if len(shape) == 4 else hidden_states
        if attn.group_norm is not None:
            tokens = attn.group_norm(tokens.transpose(1, 2)).transpose(1, 2)
        own = Projections(*(_heads(project(tokens), attn.heads) for project in (attn.to_q, attn.to_k, attn.to_v)))
        mixed = self.attend(self.layer, own).transpose(1, 2).flatten(2)
        out = attn.to_out[1](attn.to_out[0](mixed.to(own.query.dtype)))
        if len(shape) == 4:
            out = out.transpose(1, 2).reshape(shape)
        if attn.residual_connection:
            out = out + residual
        return out / attn.rescale_output_factor


def _heads(tokens: Tensor, heads: int) -> Tensor:
    """Shape: ``[batch, tokens, heads * d] -> [batch, heads, tokens, d]``."""
    return tokens.unflatten(2, (heads, -1)).transpose(1, 2)
