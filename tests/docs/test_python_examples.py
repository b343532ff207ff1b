"""Python in the pages runs as it stands; what ``oscsend`` sends there are messages of the protocol."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path

import pytest

from stylus_bridge.wire import protocol
from tests.docs.command_lines import PAGES, ROOT
from tests.support.processes import start_app, stop_app, write_tone
from website.markdown import CodeBlock, code_blocks

ONLY_PARSED = {
    "docs/adding-a-knob.md": "a line of a class; tests/test_every_door_of_a_knob.py adds a knob",
    "docs/ui.md": "two panels that are not in the tree; tests/ui has the real ones",
}
EXAMPLES = [
    pytest.param(page, block, id=f"{page.relative_to(ROOT).as_posix()}:{block.line}")
    for page in PAGES
    for block in code_blocks(page.read_text("utf-8"))
    if block.language == "python"
]
OSC = (ROOT / "docs" / "osc.md").read_text("utf-8")


@pytest.mark.parametrize(("page", "block"), EXAMPLES)
def test_an_example_is_python(page: Path, block: CodeBlock) -> None:
    assert ast.parse(block.text).body


@pytest.mark.parametrize(("page", "block"), EXAMPLES)
def test_an_example_runs(page: Path, block: CodeBlock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page.relative_to(ROOT).as_posix() in ONLY_PARSED:
        return
    monkeypatch.chdir(tmp_path)
    for name in ("loop.wav", "region.wav"):
        write_tone(tmp_path / name, seconds=1 / 2)
    if "…/state" not in block.text:
        exec(compile(block.text, str(page), "exec"), {})
        return
    app = start_app(tmp_path / "state", "serve", "--port", "0", "--json", "--allow", str(tmp_path))
    try:
        exec(compile(block.text.replace("…/state", (tmp_path / "state").as_posix()), str(page), "exec"), {})
    finally:
        stop_app(app)
    assert list((tmp_path / "state" / "jobs").glob("*/stem.wav"))


def test_the_messages_of_oscsend_are_those_of_the_protocol() -> None:
    lines = [line for block in code_blocks(OSC) for line in block.text.splitlines() if line.startswith("oscsend ")]
    assert len(lines) > 5
    for line in lines:
        _, _, _, address, tags, *values = shlex.split(line)
        assert tags == tags_of(address), line
        assert len(values) == len(tags), line


def tags_of(address: str) -> str:
    """The types of a request, from the page's table, which tests/bridge/test_docs.py holds against the code."""
    (row,) = [line for line in OSC.splitlines() if line.startswith(f"| `{address}` | s token")]
    assert any(address == getattr(message, "ADDRESS", address) for message in vars(protocol).values())
    return "".join(argument.split()[0] for argument in row.split(" | ")[1].split(", "))
