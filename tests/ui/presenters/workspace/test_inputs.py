"""Several files as one batch of the window: what is left of it when the program goes away in the middle."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.jobs.job import JobOutcome
from stylus_ui.context import UiContext
from stylus_ui.screenshots.core import HandWorker, hand_core
from tests.support.ui.sounds import write_tone
from tests.support.waiting import eventually

FILES = ("bass", "keys", "lead")


def test_a_batch_that_was_interrupted_goes_on_and_renders_nothing_twice(context: UiContext, tmp_path: Path) -> None:
    sources = [write_tone(tmp_path / f"{name}.wav") for name in FILES]
    stem = write_tone(tmp_path / "stem.wav")
    workspace, before, after = context.workspace, HandWorker(), HandWorker()
    with hand_core(context.settings, before) as app:
        workspace.connect_core(app)
        workspace.open_files(sources)
        workspace.add_styles([write_tone(tmp_path / "style.wav")])
        workspace.render()
        before.finish(stem)
        eventually(lambda: len(before.begun) == 2)
    with hand_core(context.settings, after) as app:
        for number, _ in enumerate(FILES[1:], start=1):
            eventually(lambda number=number: len(after.begun) == number)
            after.finish(stem)
        eventually(lambda: not app.journal.unfinished())
        records = app.journal.newest()
        assert sorted(record.request.source.stem for record in records) == sorted(FILES)
        assert {record.outcome for record in records} == {JobOutcome.DONE}
        assert before.begun[0] not in after.begun, "what was finished stays finished"
        assert after.begun == [record.job for record in reversed(records)][1:], "in the order of the list"
