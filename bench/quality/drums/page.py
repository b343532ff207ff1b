"""The page of the drum loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.markdown import table
from bench.material.drum_pairs import DrumPair
from bench.quality.drums.results import ORACLE, TRUTH, DrumResult, figure
from bench.quality.results import OURS

HEARD_GOAL = 0.75
COLUMNS = {
    "heard": ("heard ↑", 2),
    "margin": ("margin ↑", 2),
    "hits": ("hits ↑", 2),
    "lsd_db": ("LSD ↓", 1),
    "timbre": ("timbre ↓", 1),
    "onset": ("onset ↑", 3),
}
"""Figures by name: heading and digits."""

INTRODUCTION = """# A drum loop in the sound of another drum loop

Made by `{command}`. A pattern played by drum kit A is the content, another pattern by kit B the style, and the
first pattern by kit B the truth. {pairs} pairs of 6 s at 44.1 kHz out of {fonts} in turn. The kits of a pair
play at least two thirds of the drums of either pattern with different samples. Means over the pairs.

| metric | definition |
|---|---|
| heard ↑ | share of pairs in which a judge of kits places the result nearer to the style than to the decoy |
| margin ↑ | by how much: the difference of the two cosines, -2 to 2 |
| hits ↑ | share of hits whose decay, course of brightness and noisiness are nearer to the truth's than the content's |
| LSD ↓ | log-mel spectral distance to the truth, dB |
| timbre ↓ | distance of the means and standard deviations of MFCC 1 to 19 |
| onset ↑ | correlation of the onset strengths |

The decoy is the style's pattern played by the content's kit, so that no pattern speaks for either. Two judges listen,
small nets that were trained to know a kit again in another pattern and behind another equaliser (`python -m
training.kits`). Soundfonts share drum samples, MuseScore General with FluidR3 and Csound's bank with TimGM6mb, so
the loops of a soundfont are judged by the net that heard neither it nor its kin. Nothing is trained for *hits*,
and a static equaliser hardly moves it. *Hits known* is our engine with the written hits in place of its transcriber's.
Its net that names drums was trained on hits of FluidR3 and has never heard TimGM6mb: the second soundfont's figures
are the fair ones.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run, as the page needs it; ``cards`` say by soundfont what its judge heard, and how well it hears."""

    command: str
    pairs: Sequence[DrumPair]
    results: Sequence[DrumResult]
    cards: Mapping[str, dict]


def markdown(run: Run) -> str:
    """The whole page."""
    fonts = list(dict.fromkeys(pair.font_name for pair in run.pairs))
    engines = list(dict.fromkeys(result.engine for result in run.results))
    introduction = INTRODUCTION.format(command=run.command, pairs=len(run.pairs), fonts=" and ".join(fonts))
    parts = [introduction, "## All pairs\n", _overview(run.results, engines), _verdict(run.results, engines)]
    parts += ["## The judges themselves\n", _judges(run, fonts)]
    for font in fonts:
        parts += [f"## {font}\n", _overview(run.results, engines, font)]
    return "\n".join([*parts, "## The pairs\n", _pair_list(run, engines)])


def _overview(results: Sequence[DrumResult], engines: Sequence[str], font: str | None = None) -> str:
    rows = [[engine, *(_mean(results, engine, name, font) for name in COLUMNS)] for engine in engines]
    return table(["engine", *(heading for heading, _ in COLUMNS.values())], rows)


def _mean(results: Sequence[DrumResult], engine: str, name: str, font: str | None = None) -> str:
    return f"{figure(results, engine, name, font).mean():.{COLUMNS[name][1]}f}"


def _verdict(results: Sequence[DrumResult], engines: Sequence[str]) -> str:
    if OURS not in engines:
        return "Not run: no weights were given.\n"
    heard = float(figure(results, OURS, "heard").mean())
    told = "pass" if heard >= HEARD_GOAL else "**fail**"
    return table(["goal", OURS, "limit", ""], [["style's kit heard", f"{heard:.2f}", f"{HEARD_GOAL:g}", told]])


def _judges(run: Run, fonts: Sequence[str]) -> str:
    """What each judge heard, and what it says where the answer is known."""
    rows = []
    for font in fonts:
        card = run.cards[font]
        known = (_mean(run.results, engine, "heard", font) for engine in (TRUTH, ORACLE, "copy-content", "EQ match"))
        unseen = (f"{card['unseen'][name]:.2f}" for name in ("one_of_two", "equalised"))
        rows.append([font, ", ".join(card["heard"]), *unseen, *known])
    told = (
        "*One of two*: a loop of a kit that the judge never heard is nearer to its own kit than to another one of the "
        "soundfont, both in another pattern; *equalised*: the same behind a random equaliser. The rest is the share of "
        "the pairs above in which the style's kit is heard: right are 1 for truth and oracle, 0 for the other two.\n"
    )
    head = ["loops of", "judge heard", "one of two", "equalised", "truth", "oracle", "copy-content", "EQ match"]
    return told + "\n" + table(head, rows)


def _pair_list(run: Run, engines: Sequence[str]) -> str:
    ours = [engine for engine in engines if engine == OURS]
    rows = []
    for number, pair in enumerate(run.pairs):
        plan = pair.plan
        own = [f"{figure(run.results, engine, 'margin')[number]:.2f}" for engine in ours]
        kits = [str(plan.content_kit), str(plan.style_kit), f"{pair.differing:.2f}"]
        rows.append([str(plan.index), pair.font_name, *kits, *own])
    return table(["pair", "soundfont", "kit A", "kit B", "differing", *(f"margin, {name}" for name in ours)], rows)
