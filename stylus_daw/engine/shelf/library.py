"""ModelLibrary: the models that the user has registered, by name. Imports no torch.

One JSON file per model in ``models/`` of the state folder, so that two processes never write the same
file; what was downloaded is beside it, in ``models/downloads/``.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.engine.layouts.family import MINI, family_of
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.layout import Layout
from stylus_daw.engine.layouts.trained_noise import check_prediction
from stylus_daw.engine.shelf.hashes import HashMemory
from stylus_daw.errors import CheckpointError, RequestError, unwritable

log = logging.getLogger(__name__)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """What the user registered about a model.

    Attributes:
        name: usable as ``--checkpoint NAME``.
        path: folder or file.
        family: as the user named it; empty: it is detected.
        configs: folder with configurations for a single file of unusual size, or empty.
        origin: the hub id that it was downloaded from, or empty.
        sha256: of its weights when it was registered.
        prediction: as the user said it: ``epsilon`` or ``v_prediction``; empty: it is detected.
    """

    name: str
    path: str
    family: str = ""
    configs: str = ""
    origin: str = ""
    sha256: str = ""
    prediction: str = ""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            text = f"{self.name!r} is not a valid name; allowed: 1 to 64 letters, digits, dots, dashes, underscores."
            raise RequestError("model.name", text)
        if self.name == MINI.id:
            raise RequestError("model.name", f"{MINI.id} comes with stylus-daw; choose another name.")
        if self.family:
            family_of(self.family)
        check_prediction(self.prediction)

    def layout(self) -> Layout:
        """Its layout.

        Raises:
            CheckpointError: it has gone, or is no longer a checkpoint.
        """
        path = Path(self.path)
        if not path.exists():
            text = f"{self.name} is no longer at {path}. Put it back, or run: stylus-daw models remove {self.name}"
            raise CheckpointError("model.gone", text)
        family = family_of(self.family) if self.family else None
        configs = Path(self.configs) if self.configs else None
        return identify(path, family=family, configs=configs, prediction=self.prediction)


class ModelLibrary:
    """The registered models of one state folder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "models"
        self.downloads = self._folder / "downloads"
        self.hashes = HashMemory(home / "model-hashes.json")

    def all(self) -> tuple[RegisteredModel, ...]:
        """In the order of their names; what cannot be read is left out, and the log says so."""
        files = sorted(self._folder.glob("*.json"))
        return tuple(model for model in map(self._read, files) if model is not None)

    def get(self, name: str) -> RegisteredModel | None:
        return next((model for model in self.all() if model.name == name), None)

    def downloaded(self, hub_id: str) -> RegisteredModel | None:
        """The model that came from that hub id."""
        return next((model for model in self.all() if model.origin == hub_id), None)

    def find(self, name: str) -> RegisteredModel:
        """Like :meth:`get`.

        Raises:
            RequestError: there is none; names all.
        """
        found = self.get(name)
        if found is None:
            names = ", ".join(model.name for model in self.all()) or "none yet"
            raise RequestError("model.unknown", f"No model {name!r} is registered; registered: {names}.")
        return found

    def add(self, model: RegisteredModel) -> None:
        """Register a model.

        Raises:
            RequestError: the name is taken, or the state folder cannot be written.
        """
        self.check_free(model.name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_bytes_atomic(self._file(model.name), json.dumps(asdict(model), indent=2).encode())
        except OSError as error:
            raise RequestError(
                "model.write", f"{self._file(model.name)} cannot be written: {unwritable(error)}"
            ) from error

    def check_free(self, name: str) -> None:
        """Refuse a name that is taken.

        Raises:
            RequestError: it is.
        """
        if self.get(name) is not None:
            text = f"The name {name!r} is taken. Choose another, or run: stylus-daw models remove {name}"
            raise RequestError("model.taken", text)

    def remove(self, name: str, *, deletes: bool = False) -> RegisteredModel:
        """Forget a model; ``deletes`` removes its files, too, if stylus-daw downloaded them.

        Raises:
            RequestError: there is none, or its files are the user's own.
        """
        model = self.find(name)
        if deletes and not self.is_download(model):
            text = f"{model.path} was not downloaded by stylus-daw, so it is not deleted. Leave out --delete."
            raise RequestError("model.own_files", text)
        self._file(name).unlink(missing_ok=True)
        if deletes:
            shutil.rmtree(model.path, ignore_errors=True)
        return model

    def is_download(self, model: RegisteredModel) -> bool:
        """Whether its files are stylus-daw's own."""
        return Path(model.path).is_relative_to(self.downloads)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _read(self, file: Path) -> RegisteredModel | None:
        try:
            return RegisteredModel(**json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError, RequestError) as error:
            log.warning("%s is left out: %s", file, error)
            return None
