"""What is told when a stem is done, by a core with its real queue and journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_ui.context import UiContext
from stylus_ui.screenshots.core import HandWorker, hand_core, request_of
from stylus_ui.shell.landings import Landings
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.workspace.content_file import content_of
from tests.support.ui.sounds import write_tone
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("client", "track", "said"),
    [
        ("reaper", "Gtr", "Gtr · Warm Strings landed in REAPER."),
        ("osc", "", "input · Warm Strings is rendered."),
        ("window", "", "input · Warm Strings is rendered."),
        ("my-script", "Gtr", "Gtr · Warm Strings is rendered."),
        ("draft", "Gtr", ""),
    ],
)
def test_a_stem_lands_in_a_daw_and_is_rendered_for_everybody_else(
    context: UiContext, notices: list[Notice], tmp_path: Path, client: str, track: str, said: str
) -> None:
    worker = HandWorker()
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        for job, sender, name in (("one", client, track), ("two", "reaper", "Last")):
            app.queue.submit(job, request_of(tmp_path, client=sender, project="", track=name))
            eventually(lambda job=job: job in worker.begun)
            worker.finish(tmp_path / "stem.wav")
        eventually(lambda: any(one.text.startswith("Last") for one in notices))
        context.app_ready.value = None
    assert [one.text for one in notices][:-1] == ([said] if said else [])
    assert {one.kind for one in notices} == {NoticeKind.GOOD}


def test_what_failed_can_be_rendered_again_if_it_is_still_worked_on(
    context: UiContext, notices: list[Notice], tmp_path: Path
) -> None:
    worker = HandWorker()
    context.workspace.open_content(content_of(write_tone(tmp_path / "input.wav")))
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        context.workspace.connect_core(app)
        context.workspace.add_styles([tmp_path / "input.wav"])
        for job, client in (("one", "reaper"), ("two", "window")):
            app.queue.submit(job, request_of(tmp_path, client=client))
            eventually(lambda job=job: job in worker.begun)
            worker.fail("No room. Choose draft.")
            eventually(lambda job=job: len(notices) == len(worker.begun))
        of_the_daw, ours = notices
        assert (of_the_daw.kind, of_the_daw.action, of_the_daw.stays) == (NoticeKind.BAD, None, True)
        assert ours.action is not None
        ours.action.call()
        eventually(lambda: len(worker.begun) == 3)
        assert context.workspace.takes.shown.value is not None
        context.app_ready.value = None
