"""Every command line in the pages is one that the program takes, and all that can be run here are run.

A page is run from top to bottom, as a reader would: in one folder, with the files that it names, and one state folder.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from stylus_daw.cli import build, main
from stylus_daw.commands.send import _parser
from stylus_daw.errors import RequestError
from stylus_daw.presets.library import finding
from tests.docs.command_lines import PAGES, ROOT, CommandLine, command_lines
from tests.support.processes import write_tone

COOKBOOK = ROOT / "docs" / "cookbook.md"
"""Its lines are run by `make site`, on real sounds."""
WITH_LINES = [page for page in PAGES if command_lines(page)]
FOLLOWED = [page for page in WITH_LINES if page != COOKBOOK]
EXAMPLES = sorted({line.printed: line for page in WITH_LINES for line in command_lines(page)}.items())
NOT_A_COMMAND = {"stylus-daw COMMAND --help"}
ONLY_PARSED = {
    "serve": "runs until it is stopped; tests/commands/test_serve_and_send.py runs it",
    "ui": "opens a window; tests/ui runs it",
    "send": "talks to a running app; tests/commands/test_serve_and_send.py runs it",
    "watch": "runs until it is stopped; tests/commands/test_install_export_watch.py runs it",
    "demo": "renders two stems through the app; `make demo` and tests/commands/test_looking.py run it",
    "farm": "needs other machines; tests/farm and `make farm-test` run one here",
    "protools": "needs Pro Tools; tests/daws/protools runs it against a stand-in",
    "plugins": "needs plugins, and looks through this machine's; `make test-vst3` runs it",
    "presets save": "needs a job in the history; tests/commands/presets runs it",
    "presets consent": "needs a preset with plugins from a bundle; tests/presets/bundles has such ones",
    "install desktop": "changes the desktop; tests/commands/test_install_export_watch.py runs it",
    "export": "needs a job in the history; tests/commands/test_install_export_watch.py runs it",
    "models add": "needs a model, or downloads one; tests/commands/models runs it",
    "render take.wav --style pad.flac --checkpoint": "needs a model; tests/engine/layouts makes and renders some",
    "models": "names a model that is not here; tests/commands/models runs it",
    "install connect": "needs the built plugin; tests/commands/test_install_export_watch.py runs it",
    "install ardour": "needs Ardour's own folders; tests/daws/ardour runs it",
    "doctor --align": "starts the whole app; tests/commands/test_install_export_watch.py runs it",
}
"""Beginnings of command lines that are not run here, and who runs them."""


@pytest.mark.parametrize(("printed", "line"), EXAMPLES, ids=[printed for printed, _ in EXAMPLES])
def test_the_program_takes_the_words(printed: str, line: CommandLine) -> None:
    if printed not in NOT_A_COMMAND:
        assert complaint(line) == ""


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_can_be_followed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding.logger, "disabled", False)  # commands silence it for their process, which is ours here
    lines = [line for line in command_lines(page) if is_run(line)]
    move_to(tmp_path, monkeypatch)
    lay_out(tmp_path, lines)
    ended = {line.printed: exit_code(line) for line in lines}
    assert {printed: code for printed, code in ended.items() if code} == {}


def test_what_is_only_parsed_is_in_the_pages_and_says_who_runs_it() -> None:
    for beginning, why in ONLY_PARSED.items():
        assert any(begins(line, beginning) for _, line in EXAMPLES), f"no page has: stylus-daw {beginning}"
        named = [word.rstrip(";,.") for word in why.split() if word.startswith("tests/")]
        assert [name for name in named if not (ROOT / name).exists()] == []


@cache
def program() -> Any:
    return typer.main.get_command(build())


def complaint(line: CommandLine) -> str:
    """What is wrong with the words, as the program says it; empty where it takes them."""
    if line.words[:1] == ("send",):
        return complaint_of_send(line)
    command, words, context = program(), list(line.words), None
    try:
        while True:
            context = command.make_context(command.name or "", words, parent=context)
            if not hasattr(command, "commands"):
                return ""
            words = [*context._protected_args, *context.args]
            if not words:
                return ""
            _, command, words = command.resolve_command(context, words)
            if not words and not hasattr(command, "commands"):
                return ""  # the mere name of a command
    except typer.Exit:
        return ""  # of --help
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return f"{error!r}"


def complaint_of_send(line: CommandLine) -> str:
    try:
        _parser().parse_args([*line.words[1:], *(["--help"] if len(line.words) < 3 else [])])
    except SystemExit:
        return ""  # of --help, after the mere name of a command
    except RequestError as error:
        return error.message
    return ""


def is_run(line: CommandLine) -> bool:
    """Whole command lines that need nothing which a test lacks; the mere name of a command is none."""
    is_name = not line.words or (len(line.words) == 1 and line.words[0] not in ("presets", "models", "jobs", "doctor"))
    return not is_name and line.printed not in NOT_A_COMMAND and not any(begins(line, one) for one in ONLY_PARSED)


def begins(line: CommandLine, beginning: str) -> bool:
    words = tuple(beginning.split())
    return line.words[: len(words)] == words


def move_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's machine: a home, a state folder and a current folder of its own, where DAWs were started before."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    for place in ("REAPER", "Bitwig Studio", "Documents/Ableton/User Library"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("STYLUS_HOME", str(folder / "state"))
    monkeypatch.chdir(folder)


def lay_out(folder: Path, lines: list[CommandLine]) -> None:
    """The files that the lines name, but for those that they write."""
    tone = write_tone(folder / "tone.wav", seconds=1 / 3)
    long = write_tone(folder / "long.wav", seconds=4.1)
    parted = {word.partition("[")[0] for line in lines for word in line.words if "[" in word}
    written = {
        after
        for line in lines
        for before, after in zip(line.words, line.words[1:], strict=False)
        if before in ("-o", "--out")
    }
    named = {word.partition("=")[0].partition("[")[0] for line in lines for word in line.words}
    wanted = {name for name in named if name.endswith((".wav", ".flac")) and "*" not in name} - written
    for name in {*wanted, "stems/one.wav", "stems/inner/two.wav", "mix/one.wav", "mix/two.wav", "takes/a/gtr.wav"}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(long if name in parted else tone, folder / name)
    (folder / "catalogue.csv").write_text("source,preset,strength\nstems/one.wav,glass-vibes,0.8\n", "utf-8")


def exit_code(line: CommandLine) -> int | str | None:
    with pytest.raises(SystemExit) as end:
        main(line.words)
    return end.value.code
