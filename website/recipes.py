"""What there is to hear in a page: the commands above a mark, and the sounds that the mark plays.

    ```sh
    stylus-daw render piano.flac --preset warm-strings -o strings.wav
    ```

    <!-- listen before=piano.flac after=strings.wav -->

The build runs the block as it is printed, in a folder with the files that it names, and puts players where the mark is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stylus_daw.presets.preset import Preset
from website.markdown import code_blocks
from website.staging import MARK

CONTENT = "piano.flac"
DRUM_LOOPS = ("drum-machine.flac", "room-kit.flac")
LABELS = {"before": "Original", "style": "Style", "style2": "Second style", "after": "Result"}
"""What a mark may play, in the order of the players."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Commands, and the files that are played.

    Attributes:
        commands: lines of a shell.
        sounds: file names in the kitchen, by the keys of :data:`LABELS`.
    """

    commands: str
    sounds: dict[str, str]

    @property
    def result(self) -> str:
        return self.sounds["after"]


def recipes(text: str) -> Iterator[Recipe]:
    """The recipes of a page, from top to bottom.

    Raises:
        ValueError: a mark without a block of ``sh`` above it, or with a word that is not known.
    """
    blocks = [block for block in code_blocks(text) if block.language == "sh"]
    for mark in MARK.finditer(text):
        words = mark["words"].split()
        if mark["what"] != "listen" or words == ["presets"]:
            continue
        line = text.count("\n", 0, mark.start()) + 1
        above = [block for block in blocks if block.line < line]
        if not above:
            raise ValueError(f"Line {line} plays sounds, but there is no block of sh above it.")
        yield Recipe(commands=above[-1].text, sounds=sounds_of(words, line))


def sounds_of(words: list[str], line: int) -> dict[str, str]:
    """File names by what they are.

    >>> sounds_of(["before=a.flac", "after=b.wav"], 1)
    {'before': 'a.flac', 'after': 'b.wav'}
    """
    sounds = {kind: file for kind, _, file in (word.partition("=") for word in words)}
    if not {"before", "after"} <= sounds.keys() <= LABELS.keys():
        allowed = ", ".join(f"{name}=FILE" for name in LABELS)
        raise ValueError(
            f"Line {line}: '{' '.join(words)}' cannot be played; write before= and after=. Allowed: {allowed}."
        )
    return sounds


def preset_recipe(preset: Preset) -> Recipe:
    """A factory preset on the piano, a kit on drums that are not its own."""
    stem = f"{preset.id}.wav"
    styles = [style.audio.removeprefix("styles/") for style in preset.styles]
    content = next(loop for loop in DRUM_LOOPS if loop not in styles) if "drums" in preset.tags else CONTENT
    sounds = {"before": content, **dict(zip(("style", "style2"), styles, strict=False)), "after": stem}
    return Recipe(commands=f"stylus-daw render {content} --preset {preset.id} -o {stem}\n", sounds=sounds)
