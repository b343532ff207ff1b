"""The knobs' rows on the pages. ``python -m stylus_daw.engine.knobs.pages docs`` writes them anew."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.engine.knobs.knob import Knob
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.knobs.words import allowed, described, ranged
from stylus_daw.plain_text import number


def preset_rows(knobs: Mapping[str, Knob] = KNOBS) -> Iterator[str]:
    """For ``docs/presets.md``: key, what is allowed, default, meaning.

    >>> next(preset_rows())
    '| `settings.strength` | 0 to 2 | null | how far towards the style; 0 is the input |'
    """
    for name, knob in knobs.items():
        yield f"| `settings.{name}` | {_listed(knob)} | {_initial(knob)} | {described(knob)} |"


def job_rows(knobs: Mapping[str, Knob] = KNOBS) -> Iterator[str]:
    """For ``docs/osc.md``: key, what it is, what stands in for it where it is left out.

    >>> next(job_rows())
    "| `override.strength` | 0 to 2: how far towards the style; 0 is the input | the preset's |"
    """
    for name, knob in knobs.items():
        see = f" (`{knob.see}`)" if knob.see else ""
        meaning = f"true or false: {knob.meaning}" if knob.type is bool else ranged(knob)
        default = f"`{knob.told_by}`, else the preset's" if knob.told_by else "the preset's"
        yield f"| `override.{name}` | {meaning}{see} | {default} |"


def with_rows(page: str, prefix: str, rows: Iterator[str]) -> str:
    """The page with these rows where those of the prefix stand now.

    >>> with_rows("|a|\\n| `s.old` | 1 |\\n| `s.older` | 1 |\\nend\\n", "s.", iter(["| `s.new` | 2 |"]))
    '|a|\\n| `s.new` | 2 |\\nend\\n'
    """
    block = re.compile(rf"(^\| `{re.escape(prefix)}.*\n)+", re.MULTILINE)
    return block.sub(lambda _: "".join(f"{row}\n" for row in rows), page, count=1)


def main(docs: Path) -> None:
    """Write the rows of both pages anew."""
    for name, prefix, rows in (("presets.md", "settings.", preset_rows()), ("osc.md", "override.", job_rows())):
        page = docs / name
        write_text_atomic(page, with_rows(page.read_text("utf-8"), prefix, rows))


def _listed(knob: Knob) -> str:
    """As the other rows of that page have it: choices with commas, numbers without a unit."""
    if knob.choices:
        return ", ".join(knob.choices)
    if knob.low is not None:
        low, high = knob.range
        return f"{number(low)} to {number(high)}"
    return "true, false" if knob.type is bool else allowed(knob)


def _initial(knob: Knob) -> str:
    return json.dumps(knob.initial.value if isinstance(knob.initial, StrEnum) else knob.initial)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", type=Path, help="folder of the pages")
    main(parser.parse_args().docs)
