"""What installing into a DAW needs to know about it. Each ``daws/<daw>/host.py`` says it as ``HOST``."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SYSTEMS = ("Darwin", "Windows", "Linux")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The computer as far as DAWs care: its system, the user's home, the environment.

    Attributes:
        system: ``Darwin``, ``Windows`` or ``Linux``; other Unixes count as Linux.
        home: the user's home folder.
        environment: environment variables.
    """

    system: str
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise ValueError(f"system is {self.system!r}; allowed: {', '.join(SYSTEMS)}")

    def folder(self, variable: str, default: str) -> Path:
        """The folder that an environment variable names, else ``default`` below the home folder."""
        named = self.environment.get(variable)
        return Path(named) if named else self.home / default


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One installation of a DAW.

    Attributes:
        evidence: a folder that exists where the DAW has been run.
        scripts: where our files go; created when needed.
    """

    evidence: Path
    scripts: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A DAW that scripts are installed into.

    Text files may hold ``@STYLUS_STATE_FOLDER@`` and ``@STYLUS_VERSION@`` inside double quotes; installing puts
    the state folder and the version there, escaped for Lua, Python and JavaScript alike.

    Attributes:
        name: as in ``stylus-daw install <name>`` and as ``client`` in ``job.json``.
        title: for people.
        places: where the DAW may live on a machine, best first.
        source: the folder with the files.
        files: what is copied: path below ``source`` -> path below :attr:`Place.scripts`.
        steps: what to click afterwards, one sentence each.
        switch_on: what else makes the DAW use the files; called after they are there, may be repeated.
        switch_off: the opposite; called before they are removed.
        is_on: whether the DAW uses the files.
    """

    name: str
    title: str
    places: Callable[[Machine], tuple[Place, ...]]
    source: Path
    files: Mapping[str, str]
    steps: tuple[str, ...]
    switch_on: Callable[[Place], object] | None = None
    switch_off: Callable[[Place], object] | None = None
    is_on: Callable[[Place], bool] | None = None


def this_machine() -> Machine:
    """The machine that this runs on."""
    system = platform.system()
    known = system if system in SYSTEMS else "Linux"
    return Machine(system=known, home=Path.home(), environment=dict(os.environ))


def below(folder: Path, *patterns: str) -> dict[str, str]:
    """Files of ``folder`` that match, each going to the same relative path."""
    found = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    return {name: name for name in (path.relative_to(folder).as_posix() for path in found)}
