"""Finds presets by words, tag, group and author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stylus_daw.presets.preset import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetQuery:
    """What to look for; whatever is left out matches everything. Upper and lower case are the same.

    Attributes:
        text: words that must all stand somewhere in name, id, tags, group, author, notes or a style's title.
        tags: all of these.
        group: this one.
        author: a part of the name.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    group: str = ""
    author: str = ""

    def matches(self, preset: Preset) -> bool:
        """Whether the preset matches."""
        tags = {tag.casefold() for tag in preset.tags}
        return (
            all(tag.strip().casefold() in tags for tag in self.tags)
            and self.group.strip().casefold() in ("", preset.group.casefold())
            and self.author.strip().casefold() in preset.author.casefold()
            and all(word in _searched(preset) for word in self.text.casefold().split())
        )


def search(presets: Iterable[Preset], query: PresetQuery) -> tuple[Preset, ...]:
    """The presets that match, those with the words in their name first, else in the order they came in."""
    words = query.text.casefold().split()
    found = [preset for preset in presets if query.matches(preset)]
    return tuple(sorted(found, key=lambda preset: _distance(preset, words)))


def _distance(preset: Preset, words: Sequence[str]) -> int:
    """Words that the name lacks."""
    name = preset.name.casefold()
    return sum(word not in name for word in words)


def _searched(preset: Preset) -> str:
    titles = (style.title for style in preset.styles)
    parts = (preset.name, preset.id, *preset.tags, preset.group, preset.author, preset.notes, *titles)
    return "\n".join(parts).casefold()
