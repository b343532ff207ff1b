"""Where recipes are rendered: a folder with the sounds that they name, the real command line, and what is kept.

What is kept goes by a hash of everything that a recipe's sounds depend on: what has not changed is not rendered again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import stylus_daw
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read, write_audio
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness
from stylus_daw.exchange.delivery import Container, Delivery, write_delivery
from stylus_daw.exchange.placed import PlacedStem
from stylus_daw.farm.identity import code_hash
from stylus_daw.presets.library.library import PresetLibrary, factory_folder
from website.recipes import CONTENT, LABELS, Recipe

CONTENT_S = 5.1  # s of the demo's region: a bar and a half, up to just before a chord
FADE_S = 0.05  # s: the region is cut while notes sound
LONGEST_S = 600  # s that a recipe may take
HANDS = 2  # recipes at once: a render waits for one core while it starts and writes
WEB = Delivery(container=Container.FLAC, bits=16)
DEMO = Path(stylus_daw.__file__).parent / "demo_audio" / "region.flac"
WEIGHTS = Path(stylus_daw.__file__).parent / "engine" / "weights"
STYLES = factory_folder() / "styles"


class KitchenError(Exception):
    """A recipe failed; what it said."""


class Kitchen:
    """Renders recipes into ``sounds``."""

    def __init__(self, sounds: Path) -> None:
        self._sounds = sounds
        self.kept: set[str] = set()
        self.rendered = 0
        sounds.mkdir(parents=True, exist_ok=True)

    def cook(self, recipe: Recipe) -> dict[str, str]:
        """File names in the folder of sounds, by the keys of :data:`LABELS`; all at the loudness of the original.

        Raises:
            KitchenError: a command of it failed, or made no such sound.
        """
        made = {kind: f"{Path(name).stem}-{self._key(recipe, name)}.flac" for kind, name in recipe.sounds.items()}
        if not all((self._sounds / name).is_file() for name in made.values()):
            self._cook(recipe, made)
        self.kept |= set(made.values())
        return {kind: made[kind] for kind in LABELS if kind in made}

    def cook_all(self, recipes: Iterable[Recipe]) -> None:
        """Cook several, :data:`HANDS` at once; see :meth:`cook`."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(self.cook, recipes))

    def sweep(self) -> None:
        """Remove the sounds that no page plays any more."""
        for path in self._sounds.iterdir():
            if path.name not in self.kept:
                path.unlink()

    def _cook(self, recipe: Recipe, made: dict[str, str]) -> None:
        self.rendered += 1
        print(recipe.commands.strip(), flush=True)
        with TemporaryDirectory() as folder:
            lay_out(Path(folder))
            run(recipe, Path(folder))
            loudness = integrated_lufs(read(Path(folder) / recipe.sounds["before"]))
            for kind, name in recipe.sounds.items():
                serve(Path(folder) / name, self._sounds / made[kind], loudness)

    def _key(self, recipe: Recipe, name: str) -> str:
        """An original and a style do not depend on the recipe, but for the loudness that they are brought to."""
        digest = hashlib.sha256((content_hash(recipe.sounds["before"]) + name).encode())
        if name == recipe.result:
            digest.update((recipe.commands + ingredients(recipe)).encode())
        else:
            digest.update(content_hash(name).encode())
        return digest.hexdigest()[:12]


def lay_out(folder: Path) -> None:
    """The sounds that recipes may name: the demo's region, and the styles of the factory presets."""
    for style in STYLES.iterdir():
        shutil.copyfile(style, folder / style.name)
    clip = read(DEMO)
    samples = clip.samples[:, : round(CONTENT_S * clip.rate)].copy()
    fade = round(FADE_S * clip.rate)
    samples[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    write_audio(folder / CONTENT, replace(clip, samples=samples))


def run(recipe: Recipe, folder: Path) -> None:
    """Run the commands in the folder, with ``stylus-daw`` of this Python and a state folder of its own."""
    programs = folder / ".programs"
    programs.mkdir()
    command = programs / "stylus-daw"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stylus_daw.cli "$@"\n', "utf-8")
    command.chmod(0o755)
    home = {"STYLUS_HOME": str(folder / ".home"), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    ended = subprocess.run(
        ["sh", "-e", "-c", recipe.commands],
        cwd=folder,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if ended.returncode:
        raise KitchenError(f"{recipe.commands}ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    missing = [name for name in recipe.sounds.values() if not (folder / name).is_file()]
    if missing:
        raise KitchenError(f"{recipe.commands}made no {', '.join(missing)}.")


def serve(source: Path, target: Path, loudness: float) -> None:
    """A sound as browsers play it: FLAC, 16 bits, at that loudness (LUFS)."""
    with TemporaryDirectory() as folder:
        level = Path(folder) / "level.wav"
        write_audio(level, levelled(read(source), loudness))
        write_delivery(PlacedStem(path=level, info=probe(level)), target, WEB)


def levelled(clip: Clip, loudness: float) -> Clip:
    """The clip at that loudness, at its place 0; stems have it already, so theirs is another by a rounding at most."""
    return replace(match_loudness(clip, loudness), start=0)


def ingredients(recipe: Recipe) -> str:
    """What a recipe's result depends on besides its words, as hashes: files, presets, code and weights."""
    files = [name for name in stock() if name in recipe.commands]
    presets = [preset for preset in PresetLibrary().all() if preset.id in recipe.commands]
    texts = [preset.model_dump_json() for preset in presets]
    hashes = [content_hash(name) for name in files]
    hashes += [style.sha256 or "" for preset in presets for style in preset.styles]
    return "\n".join([*texts, *hashes, code_hash(), weights_hash()])


@cache
def stock() -> dict[str, str]:
    """SHA-256 of each sound that recipes may name."""
    with TemporaryDirectory() as folder:
        lay_out(Path(folder))
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(folder).iterdir()}


def content_hash(name: str) -> str:
    """Of a sound that recipes may name; of one that a recipe makes itself, its name."""
    return stock().get(name, name)


@cache
def weights_hash() -> str:
    """Of all shipped weights."""
    digest = hashlib.sha256()
    for path in sorted(path for path in WEIGHTS.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
