"""The bench's table of contents is true, and every page says how it was made."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTENTS = (ROOT / "bench/README.md").read_text("utf-8")
PAGES = sorted(page for page in (ROOT / "bench").glob("*/*.md"))
COMMAND = re.compile(r"python -m (bench[\w.]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_the_command_that_made_it(page: Path) -> None:
    told = COMMAND.search(page.read_text("utf-8"))
    assert told
    assert f"`python -m {told[1]}` | [{page.name}]({page.parent.name}/{page.name})" in CONTENTS


@pytest.mark.parametrize("command", sorted(set(COMMAND.findall(CONTENTS))))
def test_a_command_of_the_table_exists(command: str) -> None:
    found = find_spec(command)
    assert found
    assert not found.submodule_search_locations or find_spec(f"{command}.__main__")
