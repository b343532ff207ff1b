"""What is told when a stem is done, by a core with its real queue and journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from dummy_outputs import eventually

from ui.context import UiContext
from ui.landings import Landings
from ui.notices import Notice, NoticeKind
from ui.screenshot_core import HandWorker, hand_core, request_of


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
