"""Which farm this machine uses: one small file in the state folder, for the app, the DAWs, the window and `batch`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import RequestError, quoted, unwritable
from stylus_daw.farm.address import FarmAddress, read_address
from stylus_daw.farm.errors import FarmRefusedError

FARM_FILE = "farm.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmSettings:
    """A farm, as a machine that uses it knows it.

    Attributes:
        scheduler: address as it was written.
        certificates: folder of the farm's certificates; None: the farm is this machine only.
        shared: a folder that the workers see, too.
    """

    scheduler: str
    certificates: Path | None = None
    shared: Path | None = None

    def __post_init__(self) -> None:
        _ = self.address

    @property
    def address(self) -> FarmAddress:
        """Refused when another machine's is not encrypted."""
        return read_address(self.scheduler, has_certificates=self.certificates is not None)


def read_farm(home: Path) -> FarmSettings | None:
    """The farm of a state folder; None: renders stay here.

    Raises:
        FarmRefusedError: the file is damaged, or the farm must not be used like this.
    """
    path = home / FARM_FILE
    try:
        raw = json.loads(path.read_text("utf-8"))
        folders = {name: Path(raw[name]) if raw.get(name) else None for name in ("certificates", "shared")}
        return FarmSettings(scheduler=str(raw["scheduler"]), **folders)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        text = f"{quoted(path)} cannot be read: {error}. Set the farm again: stylus-daw farm use ADDRESS, or none"
        raise FarmRefusedError("farm.settings", text) from error


def keep_farm(home: Path, farm: FarmSettings | None) -> None:
    """Use this farm from now on, or none.

    Raises:
        RequestError: the file cannot be written.
    """
    path = home / FARM_FILE
    try:
        if farm is None:
            path.unlink(missing_ok=True)
            return
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        folders = {name: getattr(farm, name) and str(getattr(farm, name)) for name in ("certificates", "shared")}
        write_text_atomic(path, json.dumps({"scheduler": farm.scheduler, **folders}, indent=1) + "\n")
    except OSError as error:
        raise RequestError("farm.settings", f"{quoted(path)} cannot be written: {unwritable(error)}") from error
