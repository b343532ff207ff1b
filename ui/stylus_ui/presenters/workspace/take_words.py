"""What takes differ in, in few words. No Qt."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from stylus_daw.engine.knobs.style_settings import KNOBS, filled
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_ui.presenters.sound.knob_dials import MAIN, MORE, TEMPO
from stylus_ui.state.text import Text, later
from stylus_ui.workspace.takes import Take

DIALS = {knob.name: knob for knob in (*MAIN, *MORE, *TEMPO)}
OTHERS = {"seed": later("Seed"), "quality": later("Quality"), "checkpoint": later("Model")}
"""Knobs without a dial that people know by a name."""
FIRST = ("sound", "strength", "blend", "structure", "seed")
"""What is said first; the rest in the order of the table."""
MOST_LETTERS = 18  # of a style's name in a blend


def differences(
    takes: Sequence[Take],
    text: Text,
    known: MutableMapping[str, Mapping[str, Fact]] | None = None,
    *,
    frames: int = 0,
) -> Mapping[str, tuple[str, ...]]:
    """By job: the facts that are not the same in all takes, what tells most first. Of one take there are none.

    Args:
        takes: of one source.
        text: translates.
        known: keeps the facts by job from one call to the next: a take's never change.
        frames: of the source; 0: not known.
    """
    kept = {} if known is None else known
    kept.update({take.job: facts_of(take.request, text, frames=frames) for take in takes if take.job not in kept})
    facts = {take.job: kept[take.job] for take in takes}
    names = list(dict.fromkeys(name for known in facts.values() for name in known))
    told = [name for name in names if len({known[name].key for known in facts.values()}) > 1]
    if "sound" in told:
        told = [name for name in told if name not in ("blend", "chain") or not _follows(name, facts.values())]
    return {job: tuple(known[name].words for name in told if known[name].words) for job, known in facts.items()}


def _follows(name: str, facts: Collection[Mapping[str, Fact]]) -> bool:
    """Each preset has one of it: the preset's name says it already."""
    return len({(known["sound"].key, known[name].key) for known in facts}) == len(
        {known["sound"].key for known in facts}
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that decides the sound: what it is compared by, and how it is said (empty: not at all)."""

    key: object
    words: str


def facts_of(request: RenderRequest, text: Text, *, frames: int = 0) -> Mapping[str, Fact]:
    """Everything that decides the sound, by name, what tells most first; ``frames``: of the source, where known."""
    facts = {"sound": Fact(request.origin.preset, request.origin.preset)}
    facts["blend"] = Fact(request.styles, _blend(request, text))
    facts |= {name: _knob(request, name, text) for name in KNOBS}
    facts["chain"] = _chain(request, text)
    facts["part"] = _part(request, text, frames)
    return {name: facts[name] for name in (*FIRST, *(name for name in facts if name not in FIRST))}


def _blend(request: RenderRequest, text: Text) -> str:
    """Who is heard how much."""
    total = sum(style.weight for style in request.styles) or 1.0
    named = [(_style(style), round(100 * style.weight / total)) for style in request.styles]
    if len(named) == 1:
        return named[0][0]
    return " / ".join(text("{name} {percent} %", name=name, percent=percent) for name, percent in named)


def _style(style: StyleFile) -> str:
    name = style.path.stem[:MOST_LETTERS]
    return f"{name} {style.part}" if style.part else name


def _knob(request: RenderRequest, name: str, text: Text) -> Fact:
    settings, knob = request.settings, DIALS.get(name)
    value = filled(settings, name)
    if knob is not None:
        return Fact(value, f"{text(knob.label)} {knob.dial.written(value, text)}")
    if name == "envelope":
        return Fact(value, text("Strength over time") if value else "")
    if name in OTHERS:
        return Fact(value, f"{text(OTHERS[name])} {value}")
    return Fact(value, "" if value is None else f"{name.replace('_', ' ')} {value}")


def _chain(request: RenderRequest, text: Text) -> Fact:
    chain = request.chain
    count = len(chain.spec.get("effects", ())) if chain.is_active else 0
    said = text.count("{count} effect", "{count} effects", count) if count else text("no effects")
    return Fact(json.dumps(chain.spec, sort_keys=True, default=str), said)


def _part(request: RenderRequest, text: Text, frames: int) -> Fact:
    """Which part of the source it is; all of it, as a file of a batch or as a region, is the same."""
    region = request.region
    first = region.source_offset + region.before if region else 0
    if region is None or (first, region.length) == (0, frames):
        return Fact(None, "")
    ends = (text.number(at / region.rate, 1) for at in (first, first + region.length))
    return Fact(region, text("{first} to {last} s", first=next(ends), last=next(ends)))
