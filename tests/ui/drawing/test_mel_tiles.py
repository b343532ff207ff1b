"""Mel tiles: right place, right band, only what is wanted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.formats.reading import probe
from stylus_daw.audio.spectrogram import MelGeometry, band_edges_hz
from stylus_ui.drawing.colour_map import mel_colours, oklab
from stylus_ui.drawing.mel_tiles import MelTiles, TileGrid, TileKey, compute
from stylus_ui.drawing.theme import DARK, LIGHT, Palette
from tests.support.ui.lane_sounds import silence, sine
from tests.support.ui.worlds import AtOnce


@pytest.mark.parametrize("level", [0, 1, 3, 5, 6])
def test_a_tone_lies_in_its_band_at_every_zoom(tmp_path: Path, level: int) -> None:
    path = sine(tmp_path / "a.wav", 1000.0)
    tile = compute(path, probe(path), TileKey(level, 0))
    edges = band_edges_hz(MelGeometry())
    loudest = 127 - int(tile[:, 1:-1].mean(axis=1).argmax())
    assert edges[loudest] <= 1000.0 <= edges[loudest + 2]
    assert tile.dtype == np.uint8


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_a_coarse_tile_shows_when_it_was_loud_whatever_the_format(tmp_path: Path, name: str) -> None:
    import soundfile

    path = silence(tmp_path / "long.wav", 600)
    samples, rate = soundfile.read(path)
    soundfile.write(tmp_path / name, samples, rate)
    audio = probe(tmp_path / name)
    grid = TileGrid.of(audio)
    tile = compute(tmp_path / name, audio, TileKey(grid.top, 0))
    assert tile.shape[1] == -(-audio.frames // grid.column(grid.top))
    assert tile.max(axis=0).argmax() == tile.shape[1] - 1


def test_only_what_is_in_sight_is_computed_and_kept(tmp_path: Path) -> None:
    path = sine(tmp_path / "a.wav", 500.0, 10.0)
    arrived: list[int] = []
    tiles = MelTiles(path, probe(path), AtOnce(), lambda: arrived.append(1))
    tiles.want([TileKey(0, 3), TileKey(0, 4)])
    assert (tiles.count, len(arrived), tiles.is_busy) == (2, 2, False)
    assert tiles.get(TileKey(0, 3)) is not None
    assert tiles.get(TileKey(0, 2)) is None
    tiles.want([TileKey(0, 3)])
    assert len(arrived) == 2


def test_a_file_that_has_gone_ends_the_wishes(tmp_path: Path) -> None:
    path = sine(tmp_path / "a.wav", 500.0)
    tiles = MelTiles(path, probe(path), AtOnce(), lambda: None)
    path.unlink()
    tiles.want([TileKey(0, 0), TileKey(0, 1)])
    assert tiles.error is not None
    assert tiles.count == 0


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("accent", ["content", "style"])
def test_equal_steps_of_level_are_equal_steps_of_lightness(palette: Palette, accent: str) -> None:
    colours = [f"#{colour & 0xFFFFFF:06x}" for colour in mel_colours(palette, accent)]
    steps = np.diff(oklab(colours)[:, 0])
    assert colours[0] == palette.sunken
    assert np.all(steps < 0.004 if palette is LIGHT else steps > -0.004)
    assert np.ptp(steps.reshape(-1, 15).mean(axis=1)) < 0.002
