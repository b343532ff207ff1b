"""Everything that the window says can be said in every language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_ui.presenters.history.words import STAGES
from stylus_ui.state.text import LANGUAGES, Text, catalogue, system_language

UI = Path(__file__).parents[3] / "ui"
SETTERS = {
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setAccessibleName",
    "setAccessibleDescription",
    "setWindowTitle",
    "addAction",
    "addTab",
    "addItem",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QRadioButton",
    "QAction",
    "label",
    "button",
    "heading",
}
NAMES = {"Stylus"}
"""Not translated."""

TELLING = {"Steps", "progress", "rebuilding", "step", "_watched", "_watching"}
NAMED = {"STAGE", "HEARING"}
"""Functions of the engine that are told a stage, and constants that are one."""


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                yield name.lstrip("_"), node, f"{path.relative_to(UI)}:{node.lineno}"


def _literals(node: ast.expr) -> Iterator[str]:
    """The literal, or both of a conditional."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def said() -> dict[str, str]:
    """Every English sentence and where it is said."""
    found = {}
    for name, call, place in _calls():
        owner = getattr(call.func, "value", None)
        is_count = name == "count" and getattr(owner, "attr", getattr(owner, "id", "")).lstrip("_") == "text"
        arguments = call.args[:2] if is_count else call.args[:1] if name in ("text", "later") else ()
        found |= {sentence: place for argument in arguments for sentence in _literals(argument)}
    dials = [knob.dial for knob in KNOBS.values() if knob.dial]
    return found | {sentence: "the table of knobs" for dial in dials for sentence in (dial.label, dial.hint)}


def test_sentences_are_found_at_all() -> None:
    assert {
        "Render",
        "Listen",
        "Render {count} files",
        "{count} render is kept and continues at the next start.",
    } <= set(said())


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_is_translated_and_nothing_else(language: str) -> None:
    sentences, known = said(), catalogue(language)
    assert {sentence: place for sentence, place in sentences.items() if sentence not in known} == {}
    assert sorted(set(known) - set(sentences) - DOCTEST) == []


DOCTEST = {"{count} file", "{count} files", "{count} job", "{count} jobs"}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_translations_keep_what_is_filled_in_and_are_told_once(language: str) -> None:
    for source, translated in catalogue(language).items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", translated)), source
        assert translated.strip()
    files = sorted((UI / "assets" / "languages" / language).glob("*.json"))
    contents = [json.loads(file.read_text("utf-8")) for file in files]
    conflicts = {
        key: (one[key], other[key])
        for number, one in enumerate(contents)
        for other in contents[number + 1 :]
        for key in one.keys() & other.keys()
        if one[key] != other[key]
    }
    assert conflicts == {}


def test_no_words_are_put_on_a_widget_untranslated() -> None:
    untranslated = {
        place: sentence
        for name, call, place in _calls()
        if name in SETTERS
        for argument in call.args
        for sentence in _literals(argument)
        if re.search(r"[A-Za-z]{4}", sentence) and (" " in sentence or sentence[0].isupper()) and sentence not in NAMES
    }
    assert untranslated == {}


@pytest.mark.parametrize(
    ("named", "spoken"), [("de_DE.UTF-8", "de"), ("en_GB.UTF-8", "en"), ("fr_FR", "en"), ("C", "en")]
)
def test_the_systems_language_is_spoken_where_it_can_be(monkeypatch, named: str, spoken: str) -> None:
    monkeypatch.setenv("LC_ALL", named)
    assert system_language() == spoken


def test_what_is_not_known_is_said_in_english() -> None:
    assert Text("de")("A sentence of {one}.", one="tomorrow") == "A sentence of tomorrow."
    assert Text("xx").language == "en"


def test_every_stage_that_the_engine_reports_is_known_to_the_window() -> None:
    assert {"restyling", "playing the notes", "writing"} <= set(_stages())
    assert set(_stages()) - set(STAGES) == set()


def _stages() -> Iterator[str]:
    """What the engine and its jobs say while they render."""
    code = UI.parent / "stylus_daw"
    for file in (*(code / "engine").rglob("*.py"), *(code / "jobs").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TELLING:
                yield from (said for argument in node.args for said in _literals(argument))
            elif isinstance(node, ast.Assign) and {getattr(one, "id", "") for one in node.targets} & NAMED:
                yield from _literals(node.value)


def test_german_addresses_its_reader_in_one_way() -> None:
    familiar = re.compile(r"\b(du|dich|dir|dein\w*|wähle|lege|schließe|füge|ziehe?)\b", re.IGNORECASE)
    assert {said for said in catalogue("de").values() if familiar.search(said)} == set()
