"""docs/security.md: every claim names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
CLAIMS = [line for line in PAGE.split("## Which test holds what")[-1].splitlines() if line.startswith("| ")][1:]


def test_every_claim_names_a_test_that_exists() -> None:
    assert len(CLAIMS) > 15
    assert [claim for claim in CLAIMS if not NAMED.search(claim)] == []
    assert [f"{file}::{test}" for file, test in NAMED.findall(PAGE) if test not in names_in(ROOT / file)] == []


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_code_of_a_model_is_ever_asked_for() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "stylus_daw").rglob("*.py")]
    assert not any(
        word in source for source in sources for word in ("trust_remote_code", " torch.load(", "pickle.load")
    )
