"""Which drums a hit is made of, whatever kit plays them: a small net on its mel power. numpy only.

Trained by ``python -m training.drums``; ``config.json`` beside the weights says how well it hears unknown kits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from stylus_daw.engine.guide.templates.drum_weights import embedded_folder, load_weights

Float = NDArray[np.floating]

DRUMS = ("kick", "snare", "tom", "closed hat", "open hat", "cymbal")
"""Claps are snares."""
GROUPS, FRAMES = 32, 16
"""What the net sees: groups of bands, and frames from two before the onset."""
DEPTH_DB = 50.0
"""Under the loudest of both; softer is silence."""
BATCH = 256


def hit_values(images: Sequence[Float]) -> Float:
    """What the net sees of hits. Shape: ``[bands, any]`` each, from two frames before the onset -> ``[hits, 32, 16]``.

    >>> hit_values([np.ones((128, 3), np.float32)])[0, 0].round(2).tolist()[:4]
    [1.0, 1.0, 1.0, 0.0]
    """
    seen = np.zeros((len(images), images[0].shape[0], FRAMES), np.float32)
    for own, image in zip(seen, images, strict=True):
        own[:, : image.shape[1]] = image[:, :FRAMES]
    grouped = seen.reshape(len(images), GROUPS, -1, FRAMES).mean(axis=2)
    loudest = np.maximum(grouped.max(axis=(1, 2), keepdims=True), 1e-20)
    decibels = 10.0 * np.log10(grouped / loudest + 1e-9)
    return (np.maximum(decibels, -DEPTH_DB) / DEPTH_DB + 1.0).astype(np.float32)


def drums_of(images: Sequence[Float]) -> Float:
    """How surely each drum is part of each hit, 0..1. Shape: ``[bands, any]`` each -> ``[hits, 6]``."""
    if not images:
        return np.zeros((0, len(DRUMS)), np.float32)
    values = hit_values(images)
    return np.concatenate([_heard(values[first : first + BATCH]) for first in range(0, len(values), BATCH)])


def _heard(values: Float) -> Float:
    """Shape: ``[hits, 32, 16] -> [hits, 6]``."""
    net = embedded_net()
    hidden = values[:, None]
    for layer in ("first", "second"):
        hidden = _halved(_convolved(hidden, net[f"{layer}.weight"], net[f"{layer}.bias"]))
    hidden = _convolved(hidden, net["third.weight"], net["third.bias"]).reshape(len(values), -1)
    hidden = np.maximum(hidden @ net["hidden.weight"].T + net["hidden.bias"], 0.0)
    return 1.0 / (1.0 + np.exp(-(hidden @ net["out.weight"].T + net["out.bias"])))


def _convolved(values: Float, weight: Float, bias: Float) -> Float:
    """3 x 3, rectified. Shape: ``[hits, channels, rows, frames] -> [hits, more channels, rows, frames]``."""
    windows = sliding_window_view(np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    made = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))) + bias
    return np.maximum(made.transpose(0, 3, 1, 2), 0.0)


def _halved(values: Float) -> Float:
    """The largest of two by two. Shape: ``[hits, channels, rows, frames]``, the last two halved."""
    hits, channels, rows, frames = values.shape
    return values.reshape(hits, channels, rows // 2, 2, frames // 2, 2).max(axis=(3, 5))


@lru_cache(maxsize=1)
def embedded_net() -> dict[str, Float]:
    """The layers of the net that the package brings.

    Raises:
        CheckpointError: they are missing or broken.
    """
    return load_weights(embedded_folder())
