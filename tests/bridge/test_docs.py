"""docs/osc.md says what the code does."""

from __future__ import annotations

import ast
import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import BaseModel

import stylus_bridge
from stylus_bridge.folders.job_file import JobFile, Override
from stylus_bridge.folders.job_folder import state_of
from stylus_bridge.wire.arguments import check_tags, tags_of
from stylus_bridge.wire.datagrams import MAX_MESSAGE_BYTES, MAX_PACKET_BYTES
from stylus_bridge.wire.protocol import CAPABILITIES, DEFAULT_PORT, EVENTS, REQUESTS
from stylus_daw.engine.request import StyleSettings
from stylus_daw.jobs.job import JobDone, JobFailed, Stem

PAGE = (Path(__file__).parents[2] / "docs" / "osc.md").read_text("utf-8")
CODE = Path(stylus_bridge.__file__).parent
FOREIGN_CODES = {"job.id", "job.unknown", "bug"}


def table(name):
    """The cells of a marked table, without its head."""
    block = PAGE.split(f"<!-- table: {name} -->\n\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in block.splitlines()[2:]]


def code_blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "registry"), [("requests", REQUESTS), ("events", EVENTS)])
def test_every_message_stands_in_the_table_with_its_arguments(name, registry):
    written = [(address.strip("` "), arguments) for address, arguments, _ in table(name)]
    coded = [
        (address, ", ".join(f"{tag} {f.name}" for tag, f in zip(tags_of(kind), fields(kind), strict=True)))
        for address, kind in registry.items()
    ]
    assert written == coded


def test_every_key_of_job_json_stands_in_the_table():
    keys = []
    for name, spec in JobFile.model_fields.items():
        part = spec.annotation
        is_part = isinstance(part, type) and issubclass(part, BaseModel)
        keys += [f"{name}.{inner}" for inner in part.model_fields] if is_part else [name]
    assert [row[0].strip("` ") for row in table("job.json")] == keys


def test_the_overrides_are_the_engines_settings():
    assert set(Override.model_fields) == {f.name for f in fields(StyleSettings)}


def test_every_key_of_state_json_stands_in_the_table():
    stem = Stem(path=Path("/s.wav"), start=0, length=1, rate=48_000, channels=1)
    done = state_of(JobDone(job="a", stem=stem))
    failed = state_of(JobFailed(job="a", code="b", message="c"))
    nested = {"stem": done["stem"], "error": failed["error"]}
    keys = []
    for key in done:
        keys += [key, *(f"{key}.{inner}" for inner in nested.get(key, ()))]
    assert [row[0].strip("` ") for row in table("state.json")] == keys


def test_every_error_code_stands_in_the_table():
    assert {row[0].strip("` ") for row in table("codes")} == raised_codes() | FOREIGN_CODES


def raised_codes():
    """String literals that look like codes, in all modules of the bridge."""
    codes = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and re.fullmatch(r"(osc|protocol|bridge|job_file|job_folder)\.[a-z_]+", node.value):
                codes.add(node.value)
    return codes - {"bridge.json", "osc.in", "osc.out"}


def test_the_numbers_on_the_page_are_the_codes():
    for text in (str(DEFAULT_PORT), f"{MAX_MESSAGE_BYTES:,} bytes", f"{MAX_PACKET_BYTES:,} bytes", "next twenty"):
        assert text in PAGE
    assert f"`{','.join(CAPABILITIES)}`" in PAGE


def test_the_examples_of_job_json_and_state_json_are_valid():
    job, state = (json.loads(block) for block in code_blocks("json")[1:])
    assert JobFile.model_validate(job).source_offset == 0
    stem = Stem(path=Path("/s.wav"), start=0, length=1, rate=48_000, channels=1)
    assert list(state) == list(state_of(JobDone(job="a", stem=stem)))


def test_the_oscsend_examples_have_the_right_types():
    lines = [shlex.split(line) for block in code_blocks("sh") for line in block.splitlines()]
    assert {line[3] for line in lines} == set(REQUESTS)
    for _, _, _, address, tags, *arguments in lines:
        check_tags(REQUESTS[address], tags)
        assert len(arguments) == len(tags)


def test_the_python_example_is_python():
    for block in code_blocks("python"):
        ast.parse(block)
