"""Text: what the window says, in the user's language. No Qt, no build step.

The English sentence is the key; ``assets/languages/<language>/*.json`` hold ``{"English": "translated"}``, one
file for each part of the window. A sentence without a translation is shown in English.

>>> text = Text("de")
>>> text("Render")
'Rendern'
>>> text("{count} files", count=3)
'3 Dateien'
>>> text.count("{count} job", "{count} jobs", 1)
'1 Auftrag'
"""

from __future__ import annotations

import json
import locale
import os
from collections.abc import Mapping
from functools import cache
from importlib import resources

MINUS = "−"
"""As wide as a figure, unlike the hyphen on the keyboard."""
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""Every language and its own name for itself."""


def later(source: str) -> str:
    """Marks a sentence that is translated where it is shown (in a table, say): it is given back as it is."""
    return source


class Text:
    """Translates. Call it with a literal, so that ``tests/ui/state/test_text.py`` finds the sentence."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"
        self._known = catalogue(self.language)

    def __call__(self, source: str, /, **values: object) -> str:
        """The sentence, with ``{name}`` filled in from ``values``."""
        sentence = self._known.get(source, source)
        return sentence.format(**values) if values else sentence

    def count(self, one: str, many: str, count: int, /, **values: object) -> str:
        """A sentence about ``{count}`` things."""
        return self(one if count == 1 else many, count=count, **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as the language writes it.

        >>> Text("de").number(1234.5, 1), Text("en").number(-0.5, 1)
        ('1.234,5', '−0.5')
        """
        written = f"{value:,.{decimals}f}".replace("-", MINUS)
        return written.translate(str.maketrans(",.", ".,")) if self.language == "de" else written


def system_language() -> str:
    """The system's language if the window speaks it, else English."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    found = (named or locale.getlocale()[0] or "en").casefold()
    short = {"german": "de", "deutsch": "de"}.get(found.split("_")[0].split(".")[0], found[:2])
    return short if short in LANGUAGES else "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All translations into a language; empty for English."""
    folder = resources.files("stylus_ui").joinpath("assets", "languages", language)
    if not folder.is_dir():
        return {}
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return {key: said for file in files for key, said in json.loads(file.read_text("utf-8")).items()}
