"""Ardour's ``ui_scripts``: the file that says which actions and hooks are switched on.

Ardour reads it when it starts and writes it when it ends, so it must not run while this is changed. Scripts
are kept as Lua source and as code; a code entry may be source as well, so that no Lua compiler is needed here.
Entries of others are never touched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from stylus_bridge.daws.ardour.running import is_running
from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import BridgeError, quoted, unwritable

FILE = "ui_scripts"
SLOTS = 32
LUA = "Lua 5.3"
MARK = "Stylus: "
ACTIONS = ("stylus_render.lua", "stylus_choose.lua", "stylus_cancel.lua", "stylus_jobs.lua")
HOOK = "stylus_hook.lua"
_TIMERS = "011" + "0" * 61
"""Ardour writes its signals as bits, last signal first. The 0.1 s timer is the second or third from the end: second in
Ardour 6 and 7, third from 8 on. Both are asked for; besides it that is the 1 s timer or a new session, and harmless."""


def switch_on(config: Path, scripts: Path) -> bool:
    """Enter the actions and the hook whose files are in ``scripts``; True if the file was changed.

    Args:
        config: Ardour's configuration folder, such as ``~/.config/ardour7``.
        scripts: the folder that the scripts were installed into.

    Raises:
        BridgeError: ``install.ardour``: the file is not of a form that we know, or no slot is free;
            ``install.ardour_runs``: close Ardour first.
    """
    path = config / FILE
    before = _read(path)
    after = with_stylus(before, {name: (scripts / name).read_text("utf-8") for name in (*ACTIONS, HOOK)})
    return _replace(path, before, after)


def switch_off(config: Path) -> bool:
    """Remove our actions and our hook; True if the file was changed.

    Raises:
        BridgeError: ``install.ardour``: the file is not of a form that we know; ``install.ardour_runs``.
    """
    path = config / FILE
    before = _read(path)
    return before is not None and _replace(path, before, without_stylus(before))


def is_on(config: Path) -> bool:
    """Our hook and all our actions are entered."""
    text = _read(config / FILE)
    if text is None:
        return False
    root = _parsed(text)
    return any(_is_ours(hook) for hook in root.iter("LuaCallback")) and len(_our_slots(_actions(root))) == len(ACTIONS)


def with_stylus(text: str | None, sources: dict[str, str]) -> str:
    """``ui_scripts`` with our entries, each in the slot it had, else in the first free one."""
    root = _parsed(text) if text else ElementTree.Element("UIScripts")
    code = _actions(root)
    slots = _our_slots(code)
    free = _free_slots(code)
    for source in (sources[name] for name in ACTIONS):
        name = _name(source)
        entry = _action(slots[name] if name in slots else _next(free), name, source)
        if not code.endswith(entry) and entry not in code:
            code += entry
    _set_actions(root, code)
    _set_hook(root, sources[HOOK])
    return _written(root)


def without_stylus(text: str) -> str:
    """``ui_scripts`` without our entries."""
    root = _parsed(text)
    code = _actions(root)
    for slot in _our_slots(code).values():
        code += f" scripts[{slot}] = nil "
    _set_actions(root, code)
    for hooks in root.iter("ActionHooks"):
        for hook in [hook for hook in hooks if _is_ours(hook)]:
            hooks.remove(hook)
    return _written(root)


def lua_string(text: str) -> str:
    r"""``text`` as a Lua literal.

    >>> print(lua_string('say "hi"'))
    "say \"hi\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return '"' + escaped.replace("\0", "\\0") + '"'


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BridgeError("install.ardour", f"{quoted(path)} cannot be read: {error}.") from error


def _replace(path: Path, before: str | None, after: str) -> bool:
    if before is not None and _same(before, after):
        return False
    if is_running(path.parent):
        text = "Ardour is running, and would undo this when it quits. Close it, then try again."
        raise BridgeError("install.ardour_runs", text)
    try:
        write_text_atomic(path, after)
    except OSError as error:
        raise BridgeError("install.ardour", f"{quoted(path)} cannot be written: {unwritable(error)}") from error
    return True


def _same(before: str, after: str) -> bool:
    return ElementTree.canonicalize(before) == ElementTree.canonicalize(after)


def _parsed(text: str) -> ElementTree.Element:
    try:
        root = ElementTree.fromstring(text.encode("utf-8"))
    except ElementTree.ParseError as error:
        raise BridgeError("install.ardour", f"Ardour's {FILE} is not XML: {error}. Use the Script Manager.") from error
    if root.tag != "UIScripts":
        raise BridgeError("install.ardour", f"Ardour's {FILE} begins with <{root.tag}>. Use the Script Manager.")
    return root


def _written(root: ElementTree.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _actions(root: ElementTree.Element) -> str:
    """The Lua code that fills Ardour's table of actions; byte for byte as latin-1, for it may hold byte-code."""
    node = root.find("ActionScript")
    text = node.text if node is not None else None
    return base64.b64decode(text).decode("latin-1") if text else "scripts = {} "


def _set_actions(root: ElementTree.Element, code: str) -> None:
    node = root.find("ActionScript")
    if node is None:
        node = ElementTree.SubElement(root, "ActionScript", {"lua": LUA})
    node.text = base64.b64encode(code.encode("latin-1")).decode("ascii")


def _set_hook(root: ElementTree.Element, source: str) -> None:
    hooks = root.find("ActionHooks")
    if hooks is None:
        hooks = ElementTree.SubElement(root, "ActionHooks")
    entry = f's = {{}} s["n"] = {lua_string(_name(source))} s["s"] = {lua_string(source)} '
    entry += f's["f"] = {lua_string(_code(source))} s["a"] = {{}} '
    text = base64.b64encode(entry.encode("utf-8")).decode("ascii")
    for hook in [hook for hook in hooks if _is_ours(hook)]:
        if hook.text == text:
            return
        hooks.remove(hook)
    made = {"lua": LUA, "id": str(_free_id(hooks)), "name": _name(source), "signals": _TIMERS}
    ElementTree.SubElement(hooks, "LuaCallback", made).text = text


def _free_id(hooks: ElementTree.Element) -> int:
    taken = {hook.get("id") for hook in hooks}
    return next(number for number in range(900_000, 901_000) if str(number) not in taken)


def _action(slot: int, name: str, source: str) -> str:
    at = f"scripts[{slot}]"
    entry = f'{at} = {{}} {at}["n"] = {lua_string(name)} {at}["s"] = {lua_string(source)} '
    entry += f'{at}["f"] = {lua_string(_code(source))} {at}["a"] = {{}} {at}["c"] = true '
    return entry.encode("utf-8").decode("latin-1")


def _code(source: str) -> str:
    """A chunk that gives what the script's factory gives."""
    return f"local factory, signals; local function ardour () end\n{source}\nreturn factory (...)"


def _name(source: str) -> str:
    match = re.search(r'^\s*name = "([^"]+)"', source, re.MULTILINE)
    if match is None:
        raise BridgeError("install.ardour", "A script has no name. Install stylus-daw again.")
    return match[1]


def _our_slots(code: str) -> dict[str, int]:
    """Our names -> slots. A later removal counts."""
    slots = {name: int(slot) for slot, name in re.findall(rf'scripts\[(\d+)\]\["n"\] = "({MARK}[^"]+)"', code)}
    return {name: slot for name, slot in slots.items() if not _was_removed(code, slot)}


def _was_removed(code: str, slot: int) -> bool:
    return code.rfind(f"scripts[{slot}] = nil ") > code.rfind(f"scripts[{slot}] = {{}}")


def _free_slots(code: str) -> Iterator[int]:
    taken = {int(slot) for slot in re.findall(r"scripts\[(\d+)\] = \{\}", code)}
    return (slot for slot in range(1, SLOTS + 1) if slot not in taken or _was_removed(code, slot))


def _next(free: Iterator[int]) -> int:
    slot = next(free, None)
    if slot is None:
        raise BridgeError(
            "install.ardour", f"All {SLOTS} action slots of Ardour are taken. Free one in the Script Manager."
        )
    return slot


def _is_ours(hook: ElementTree.Element) -> bool:
    return hook.get("name", "").startswith(MARK)
