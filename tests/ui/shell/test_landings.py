"""What is told when renders are over, by a core with its real queue and journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.audio.files import Shortfall
from stylus_ui.context import UiContext
from stylus_ui.screenshots.core import HandWorker, hand_core, request_of
from stylus_ui.shell.landings import Landings
from stylus_ui.state.notices import Notice, NoticeKind
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("client", "track", "said", "is_seen"),
    [
        ("reaper", "Gtr", "Gtr · Warm Strings landed in REAPER.", False),
        ("osc", "", "input · Warm Strings is rendered.", False),
        ("window", "", "input · Warm Strings is rendered.", True),
        ("my-script", "Gtr", "Gtr · Warm Strings is rendered.", False),
    ],
)
def test_one_stem_lands_in_a_daw_and_is_rendered_for_everybody_else(
    context: UiContext, notices: list[Notice], tmp_path: Path, client: str, track: str, said: str, is_seen: bool
) -> None:
    worker = HandWorker()
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        app.queue.submit("one", request_of(tmp_path, client=client, project="", track=track))
        eventually(lambda: "one" in worker.begun)
        worker.finish(tmp_path / "stem.wav")
        eventually(lambda: notices)
        context.app_ready.value = None
    assert [(one.text, one.kind, one.is_seen) for one in notices] == [(said, NoticeKind.GOOD, is_seen)]


def test_a_source_that_breaks_off_is_told_with_its_stem_and_stays(
    context: UiContext, notices: list[Notice], tmp_path: Path
) -> None:
    worker = HandWorker()
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        app.queue.submit("one", request_of(tmp_path, client="osc", project="", track=""))
        worker.finish(tmp_path / "stem.wav", Shortfall(holds_s=2.5, announced_s=4))
        eventually(lambda: notices)
        context.app_ready.value = None
    ((text, stays),) = [(one.text, one.stays) for one in notices]
    assert text.startswith("input · Warm Strings is rendered. 'input.wav' breaks off: 4.00 s are announced, 2.50 s are")
    assert stays


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ((), "3 stems are rendered."),
        (("two",), "2 rendered, 1 failed. The rows say why."),
        (("one", "two", "three"), "3 renders failed. The rows say why."),
    ],
)
def test_of_several_there_is_one_quiet_summary_at_their_end(
    context: UiContext, notices: list[Notice], tmp_path: Path, fails: tuple[str, ...], said: str
) -> None:
    worker = HandWorker()
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        for job in ("one", "two", "three"):
            app.queue.submit(job, request_of(tmp_path, client="window"))
        for job in ("one", "two", "three"):
            eventually(lambda job=job: job in worker.begun)
            assert notices == []
            worker.fail("No room. Choose draft.") if job in fails else worker.finish(tmp_path / "stem.wav")
        eventually(lambda: notices)
        context.app_ready.value = None
    assert [(one.text, one.stays) for one in notices] == [(said, False)]


def test_a_failure_is_in_its_row_and_only_the_desktop_is_told(
    context: UiContext, notices: list[Notice], tmp_path: Path
) -> None:
    worker = HandWorker()
    with hand_core(context.settings, worker) as app:
        Landings(context)
        context.app_ready.value = app
        app.queue.submit("one", request_of(tmp_path, client="reaper"))
        eventually(lambda: worker.begun)
        worker.fail("No room. Choose draft.")
        eventually(lambda: notices)
        context.app_ready.value = None
    (notice,) = notices
    assert (notice.kind, notice.on_desktop, notice.is_seen) == (NoticeKind.BAD, True, True)
    assert notice.text == "Gtr · Warm Strings: No room. Choose draft."
