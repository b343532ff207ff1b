"""Why the core does not start, in the window's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stylus_ui.context import UiContext
from stylus_ui.shell.core import Core
from stylus_ui.state.text import Text
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("language", "begins", "ends"),
    [
        ("en", "The job journal", "If the file is damaged, move it away and start again."),
        ("de", "Das Auftragsjournal", "Ist die Datei beschädigt, verschieben Sie sie und starten Sie neu."),
    ],
)
def test_a_damaged_journal_is_told_with_its_file_and_what_helps(
    context: UiContext, language: str, begins: str, ends: str
) -> None:
    context.settings.journal.parent.mkdir(parents=True, exist_ok=True)
    context.settings.journal.write_bytes(b"no database" * 1000)
    spoken = replace(context, text=Text(language))
    core = Core(spoken)
    core.start()
    eventually(lambda: spoken.core_problem.value)
    core.stop()
    assert spoken.core_problem.value.startswith(f"{begins} {context.settings.journal} ")
    assert "file is not a database" in spoken.core_problem.value
    assert spoken.core_problem.value.endswith(ends)
