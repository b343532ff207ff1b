"""The players in a page: plain audio elements, which `static/listen.js` makes switch in step."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from stylus_daw.presets.library.library import PresetLibrary
from website.kitchen import Kitchen
from website.navigation import all_pages
from website.recipes import LABELS, Recipe, preset_recipe, recipes

SOUNDS = Path("sounds")
"""Folder of the sounds, beside the pages of the site."""


def fill(root: Path, kitchen: Kitchen, page: Path, words: list[str]) -> str:
    """What stands in the place of a ``listen`` mark.

    Raises:
        KitchenError: see :meth:`Kitchen.cook`.
    """
    if words == ["presets"]:
        return presets(kitchen, page)
    after = next(word.removeprefix("after=") for word in words if word.startswith("after="))
    (recipe,) = [one for one in recipes((root / page).read_text("utf-8")) if one.result == after]
    return player(kitchen.cook(recipe), page, after)


def every_recipe(root: Path) -> list[Recipe]:
    """The recipes of all pages of the navigation, and the factory presets."""
    found = [recipe for page, _ in all_pages(root) for recipe in recipes((root / page).read_text("utf-8"))]
    return [*found, *map(preset_recipe, PresetLibrary().all())]


def presets(kitchen: Kitchen, page: Path) -> str:
    """Every factory preset, by group."""
    groups: dict[str, list[str]] = {}
    for preset in PresetLibrary().all():
        sounds = kitchen.cook(preset_recipe(preset))
        words = f"**{preset.name}** (`{preset.id}`): {preset.notes}\n\n{player(sounds, page, preset.name)}"
        groups.setdefault(preset.group, []).append(words)
    return "\n".join(f"### {group}\n\n" + "\n".join(words) for group, words in groups.items())


def player(sounds: dict[str, str], page: Path, name: str) -> str:
    """The sounds of one result, side by side. Without a script, each is a player of its own."""
    up = os.path.relpath(SOUNDS, page.parent)
    cells = [
        f'<label><span>{LABELS[kind]}</span><audio controls preload="none" data-kind="{kind}" '
        f'src="{up}/{escape(file)}"></audio></label>'
        for kind, file in sounds.items()
    ]
    return f'<div class="listen" role="group" aria-label="{escape(name)}">\n' + "\n".join(cells) + "\n</div>\n"
