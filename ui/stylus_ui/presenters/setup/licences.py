"""Licences of everything that comes with the program, as it is installed here. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from textwrap import shorten

from stylus_ui.state.text import later

PACKAGE = "stylus-daw"
NEEDED = re.compile(r"^([A-Za-z0-9._-]+)")
EXTRAS = ("gui", "diffusion", "fast", "farm", "protools")
"""What a user may have installed besides; the others are for those who work on the program."""
CLASSIFIER = "License :: OSI Approved :: "
TOLD_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One part of the program.

    Attributes:
        part: its name.
        version: as installed, or empty.
        licence: in short.
    """

    part: str
    version: str
    licence: str


BUNDLED = (
    Licence(part="Inter", version="", licence="OFL-1.1"),
    Licence(part="Lucide", version="", licence="ISC"),
    Licence(part=later("Factory presets, played with FluidR3 GM"), version="", licence="MIT"),
)


def third_party_licences() -> tuple[Licence, ...]:
    """What is bundled, then every library that the program asks for and that is installed."""
    found = {}
    for requirement in distribution(PACKAGE).requires or ():
        _, is_extra, extra = requirement.partition("extra == ")
        if is_extra and extra.strip("\"' ") not in EXTRAS:
            continue
        try:
            named = NEEDED.match(requirement)
            about = distribution(named[1]) if named else None
        except PackageNotFoundError:
            continue
        if about is not None:
            found[about.name.casefold()] = _licence(about)
    return (*BUNDLED, *(found[name] for name in sorted(found)))


def _licence(about: Distribution) -> Licence:
    """From its metadata: the expression, the classifiers, else the first words of the text."""
    classified = [one.removeprefix(CLASSIFIER) for one in _told(about, "Classifier") if CLASSIFIER in one]
    words = shorten(" ".join(_told(about, "License")), TOLD_CHARACTERS, placeholder=" …")
    told = next(iter(_told(about, "License-Expression")), "") or ", ".join(classified) or words
    return Licence(part=about.name, version=about.version, licence=told or "–")


def _told(about: Distribution, key: str) -> list[str]:
    return about.metadata.get_all(key) or []
