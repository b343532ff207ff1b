"""The engine's library of models, as far as a window may ask: files are read, nothing is loaded. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.engine.layouts.family import MINI, family_of
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.shelf.library import ModelLibrary, RegisteredModel
from stylus_daw.engine.shelf.registry import find_checkpoint
from stylus_daw.errors import StylusError


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """One model of the list.

    Attributes:
        name: as presets call it.
        title: of its family.
        bytes: of its files.
        licence: a note on its family.
        path: where it is.
        origin: hub id that it came from, or empty.
        sha256: of its weights when it was added; empty for the embedded one.
        problem: why it cannot be used; empty: it can.
        is_download: its files are ours to delete.
        is_embedded: it came with the program and stays.
        is_model: else it is an addition to one (LCM-LoRA).
    """

    name: str
    title: str = ""
    bytes: int = 0
    licence: str = ""
    path: str = ""
    origin: str = ""
    sha256: str = ""
    problem: str = ""
    is_download: bool = False
    is_embedded: bool = False
    is_model: bool = True


def known_models(home: Path) -> tuple[KnownModel, ...]:
    """Every model of a state folder, the embedded one first."""
    library = ModelLibrary(home)
    named = sorted(library.all(), key=lambda model: model.name.casefold())
    return (_known(MINI.id, None, library), *(_known(model.name, model, library) for model in named))


def register(home: Path, wish: str, place: Path, *, origin: str = "") -> RegisteredModel:
    """Add a model, named as wished or with a number behind it. Reads all of its weights once.

    Raises:
        CheckpointError: it is not a checkpoint that the engine supports.
        RequestError: the state folder cannot be written.
    """
    library = ModelLibrary(home)
    layout = identify(place)
    sha256 = library.hashes.sha256(layout.weights)
    model = RegisteredModel(
        name=_free_name(wish, library),
        path=str(place.resolve()),
        origin=origin,
        sha256=sha256,
    )
    library.add(model)
    return model


def verdict(home: Path, name: str) -> str:
    """What is wrong with the weights of a registered model, every byte read again; empty: nothing.

    Raises:
        StylusError: it has gone.
    """
    library = ModelLibrary(home)
    model = library.find(name)
    sha256 = library.hashes.sha256(model.layout().weights, afresh=True)
    return "" if sha256 == model.sha256 else "Its weights have changed since it was added."


def _known(name: str, model: RegisteredModel | None, library: ModelLibrary) -> KnownModel:
    """A model that is broken is in the list, too."""
    origin, sha256 = (model.origin, model.sha256) if model else ("", "")
    is_download = model is not None and library.is_download(model)
    try:
        layout = find_checkpoint(name, library).layout
    except StylusError as error:
        title = family_of(model.family).title if model and model.family else ""
        return KnownModel(
            name=name,
            title=title,
            path=model.path if model else "",
            origin=origin,
            sha256=sha256,
            problem=error.message,
            is_download=is_download,
            is_embedded=model is None,
        )
    return KnownModel(
        name=name,
        title=layout.family.title,
        bytes=layout.bytes,
        licence=layout.family.licence,
        path=str(layout.path),
        origin=origin,
        sha256=sha256,
        is_download=is_download,
        is_embedded=model is None,
        is_model=layout.family.id != "lcm-lora",
    )


def _free_name(wish: str, library: ModelLibrary) -> str:
    taken = {MINI.id, *(model.name for model in library.all())}
    names = (wish[:60], *(f"{wish[:60]}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
