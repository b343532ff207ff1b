"""The stand-in for Live offers what the public stubs of Live's Python say, and nothing else.

``make check`` types the Remote Script itself against the same stubs (``ableton-live-stubs``).
"""

from __future__ import annotations

import ast
import inspect
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.daws.live import live_lab

CLASSES = {
    live_lab.Clip: "Clip.Clip",
    live_lab.Slot: "ClipSlot.ClipSlot",
    live_lab.NewTrack: "Track.Track",
    live_lab.View: "Song.Song.View",
    live_lab.Set: "Song.Song",
}
OURS = {"set_markers", "stretch", "steps"}
"""By which a test bends the stand-in; the script does not see them."""


@pytest.fixture(scope="module")
def stubs() -> Path:
    try:
        return Path(str(distribution("ableton-live-stubs").locate_file("Live-stubs")))
    except PackageNotFoundError:
        pytest.skip("needs ableton-live-stubs: make setup")


def members(stubs: Path, name: str) -> dict[str, ast.FunctionDef]:
    """The methods and properties of a class of the stubs, by name."""
    module, *path = name.split(".")
    node: ast.AST = ast.parse((stubs / f"{module}.pyi").read_text("utf-8"))
    for part in path:
        node = next(one for one in ast.walk(node) if isinstance(one, ast.ClassDef) and one.name == part)
    assert isinstance(node, ast.ClassDef)
    return {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}


def offered(stand_in: type) -> set[str]:
    """What a script may read of the stand-in, properties of its instances included."""
    source = inspect.getsource(stand_in)
    names = {name for name in dir(stand_in) if not name.startswith("_")}
    return (names | set(getattr(stand_in, "_types", {})) | fixed_in(source)) - OURS


def fixed_in(source: str) -> set[str]:
    """The keys of a dictionary called ``fixed`` in a class: attributes that its instances get."""
    assigned = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Assign)]
    fixed = [one.value for one in assigned if ast.unparse(one.targets[0]) == "fixed"]
    return {ast.literal_eval(key) for one in fixed if isinstance(one, ast.Dict) for key in one.keys if key}


@pytest.mark.parametrize("stand_in", CLASSES, ids=lambda one: one.__name__)
def test_live_has_whatever_the_stand_in_offers(stubs: Path, stand_in: type) -> None:
    assert offered(stand_in)
    assert sorted(offered(stand_in) - members(stubs, CLASSES[stand_in]).keys()) == []


@pytest.mark.parametrize("stand_in", CLASSES, ids=lambda one: one.__name__)
def test_the_methods_of_the_stand_in_take_what_lives_take(stubs: Path, stand_in: type) -> None:
    known = members(stubs, CLASSES[stand_in])
    for name in offered(stand_in):
        method = inspect.getattr_static(stand_in, name, None)
        if inspect.isfunction(method):
            most = len(known[name].args.posonlyargs) + len(known[name].args.args)
            least = most - len(known[name].args.defaults)
            assert least <= len(inspect.signature(method).parameters) <= most, f"{stand_in.__name__}.{name}"
