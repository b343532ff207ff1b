"""Where the app keeps things. Read once, passed in; there is no global."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from stylus_daw.errors import RequestError, quoted

HOME_VARIABLE = "STYLUS_HOME"
JOURNAL = "journal.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Folders and the port.

    Attributes:
        home: the state folder: ``bridge.json``, the journal, jobs, presets, logs.
        port: the OSC port to try first.
        device: where the engine runs; see ``engine.device``.
        allowed_roots: folders outside the jobs folder that hosts may name sources in.
    """

    home: Path
    port: int = 47_120
    device: str = "auto"
    allowed_roots: tuple[Path, ...] = ()

    @property
    def journal(self) -> Path:
        return self.home / JOURNAL

    @property
    def jobs(self) -> Path:
        return self.home / "jobs"

    @property
    def presets(self) -> Path:
        return self.home / "presets"

    @property
    def spool(self) -> Path:
        """Where renders keep what is too long for memory."""
        return self.home / "spool"

    @property
    def log(self) -> Path:
        return self.home / "stylus-daw.log"


def state_folder(home: Path | None = None) -> Path:
    """``home``, else ``STYLUS_HOME``, else the system's data folder; it may not exist yet."""
    named = os.environ.get(HOME_VARIABLE)
    folder = home or (Path(named) if named else user_data_path("stylus-daw", appauthor=False))
    return folder.expanduser().resolve()


def read_settings(*, home: Path | None = None, port: int | None = None, device: str = "auto") -> Settings:
    """Settings whose home is the :func:`state_folder`, which is made.

    Raises:
        RequestError: the folder cannot be made, or the port is out of range.
    """
    folder = state_folder(home)
    chosen = 47_120 if port is None else port
    if not 0 <= chosen <= 65_535:
        raise RequestError("settings.port", f"Port {chosen} is not allowed; allowed: 0 (any free one) to 65535.")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _close_to_others(folder)
    except OSError as error:
        text = f"The state folder {quoted(folder)} cannot be created: {error}. Set {HOME_VARIABLE} to one that can."
        raise RequestError("settings.home", text) from error
    return Settings(home=folder, port=chosen, device=device)


def _close_to_others(folder: Path) -> None:
    """Stems, journal and token are their user's alone, in a state folder that is open since long ago as well.

    A folder without a journal may be anything that ``--state-dir`` named: it stays as it is. Windows has no modes.
    """
    status = folder.stat()
    if os.name != "nt" and status.st_uid == os.getuid() and status.st_mode & 0o077 and (folder / JOURNAL).exists():
        folder.chmod(0o700)
