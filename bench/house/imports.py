"""Who imports whom: circles of modules, and arrows between rooms that point up."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from bench.house.tree import Source, Tree

Arrows = Mapping[str, frozenset[str]]
"""The targets of each name."""


def module_of(name: str) -> str:
    """The full name under which a file is imported.

    >>> module_of("bridge/stylus_bridge/wire/protocol.py"), module_of("ui/app.py"), module_of("stylus_daw/__init__.py")
    ('stylus_bridge.wire.protocol', 'ui.app', 'stylus_daw')
    """
    parts = PurePosixPath(name).with_suffix("").parts
    inner = parts[1:] if len(parts) > 1 and parts[1].startswith("stylus_") else parts
    return ".".join(inner).removesuffix(".__init__")


def module_arrows(tree: Tree) -> Arrows:
    """Which of our modules each of them imports when it runs, wherever in it."""
    sources = {module_of(source.name): source for source in tree.sources if source.is_product}
    return {name: frozenset(_targets(source, sources)) - {name} for name, source in sources.items()}


def _targets(source: Source, known: Mapping[str, Source]) -> Iterator[str]:
    for node in _running(source.parsed()):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from (name for name in (inner if inner in known else node.module,) if name in known)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from _running(child)


def room_arrows(arrows: Arrows) -> Arrows:
    """The same between rooms: a room is a folder, or a module beside folders."""
    packages = {name.rpartition(".")[0] for name in arrows}
    rooms = {name: _room(name, packages) for name in arrows}
    found: dict[str, set[str]] = {room: set() for room in rooms.values()}
    for name, targets in arrows.items():
        found[rooms[name]] |= {rooms[target] for target in targets} - {rooms[name]}
    return {room: frozenset(targets) for room, targets in found.items()}


def _room(name: str, packages: Iterable[str]) -> str:
    package = name if name in packages else name.rpartition(".")[0]
    has_folders = any(other.startswith(f"{package}.") for other in packages)
    return name if has_folders else package


def circles(arrows: Arrows) -> list[frozenset[str]]:
    """Groups of names that reach each other.

    >>> circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [frozenset({"b", "c"})]
    True
    """
    reached = {name: _reached(arrows, name) for name in arrows}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in arrows}
    return sorted((group for group in groups if len(group) > 1), key=sorted)


def _reached(arrows: Arrows, start: str) -> set[str]:
    found, waiting = set(), deque([start])
    while waiting:
        for target in arrows.get(waiting.popleft(), frozenset()) - found:
            found.add(target)
            waiting.append(target)
    return found


def upward(arrows: Arrows) -> list[tuple[str, str]]:
    """The fewest arrows that would have to go until all others point one way.

    >>> upward({"a": {"b"}, "b": {"c"}, "c": {"a", "b"}})
    [('b', 'c')]
    """
    found: list[tuple[str, str]] = []
    for group in circles(arrows):
        inner = {name: arrows[name] & group for name in sorted(group)}
        allowed = _apart(inner)
        while (broken := _broken(inner, allowed)) is None:
            allowed += 1
        found += broken
    return sorted(found)


def _broken(arrows: Arrows, allowed: int) -> list[tuple[str, str]] | None:
    """At most ``allowed`` arrows that break every circle; None where more are needed."""
    circle = _shortest_circle(arrows)
    if not circle:
        return []
    if _apart(arrows) > allowed:
        return None
    for arrow in circle:
        if (more := _broken(_without(arrows, [arrow]), allowed - 1)) is not None:
            return [arrow, *more]
    return None


def _apart(arrows: Arrows) -> int:
    """How many circles there are that share no arrow, at least: each needs one of its own broken."""
    found = 0
    while circle := _shortest_circle(arrows):
        arrows = _without(arrows, circle)
        found += 1
    return found


def _without(arrows: Arrows, gone: Iterable[tuple[str, str]]) -> Arrows:
    left = dict(arrows)
    for source, target in gone:
        left[source] = left[source] - {target}
    return left


def _shortest_circle(arrows: Arrows) -> list[tuple[str, str]]:
    """Its arrows; empty where none is left."""
    found = (_way_back(arrows, name) for name in arrows)
    return min((way for way in found if way), key=len, default=[])


def _way_back(arrows: Arrows, start: str) -> list[tuple[str, str]]:
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting and start not in before:
        name = waiting.popleft()
        for target in sorted(arrows.get(name, frozenset()) - before.keys()):
            before[target] = name
            waiting.append(target)
    if start not in before:
        return []
    way = [(before[start], start)]
    while way[0][0] != start:
        way.insert(0, (before[way[0][0]], way[0][0]))
    return way
