"""Chains with plugins and sounds to send through them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.spec import ChainSpec
from tests.support.needs import go_without


def need_zam(plugins: Path, name: str) -> None:
    """Skip where the source of Debian's zam-plugins could not be fetched; what was fetched must have been built."""
    built, logs = plugins / f"{name}.vst3", plugins / "build"
    if not built.exists() and not any(logs.glob("zam/zam-plugins-*/")):
        go_without(f"zam-plugins could not be fetched: see {logs / 'zam.log'}", could_be_installed=False)
    assert built.exists(), f"not built: see {logs}"


def fresh(folder: Path, name: str, **parameters: float) -> PluginSpec:
    return PluginSpec(path=str(folder / f"{name}.vst3"), parameters=dict(parameters))


def chain(*effects: PluginSpec | dict[str, object], **rest: object) -> ChainSpec:
    written = [{"kind": "plugin", "plugin": one} if isinstance(one, PluginSpec) else one for one in effects]
    return ChainSpec.model_validate({"effects": written, **rest})


def noise(channels: int = 2, length: int = 30_000, rate: int = 48_000, seed: int = 0) -> Clip:
    samples = np.random.default_rng(seed).uniform(-0.3, 0.3, (channels, length)).astype(np.float32)
    return Clip(samples=samples, rate=rate, start=777)


def impulses(rate: int, places: tuple[int, ...], length: int = 30_000) -> Clip:
    samples = np.zeros((2, length), np.float32)
    samples[:, list(places)] = 0.5
    return Clip(samples=samples, rate=rate)


def pieces(samples: Samples, *lengths: int) -> Iterator[Samples]:
    """The sound cut into these lengths, over and over."""
    first, turn = 0, 0
    while first < samples.shape[1]:
        length = lengths[turn % len(lengths)]
        yield samples[:, first : first + length]
        first, turn = first + length, turn + 1
