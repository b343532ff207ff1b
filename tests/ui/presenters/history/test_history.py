"""The history without a window: what it lists, in which order, and how it follows the queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from stylus_bridge.daws.registry import known_hosts
from stylus_daw.audio.files import Shortfall
from stylus_daw.jobs.job import JobDone, JobFailed, JobProgressed, JobQueued, JobWasCancelled, Origin, Stem
from stylus_daw.jobs.journal.journal import Journal
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import daw_name
from stylus_ui.presenters.history.actions import Do, HistoryActions, first_of, offered
from stylus_ui.presenters.history.history import PAGE, History
from stylus_ui.presenters.history.stem_files import STEMS_FOLDER, Form, StemFiles, named_copy
from stylus_ui.presenters.history.words import file_name_of, has_bar, name_of, spoken, state_words, where_from
from stylus_ui.screenshots.core import record_done, request_of
from stylus_ui.state.text import Text
from stylus_ui.workspace.takes import TakeState
from tests.support.ui.sounds import write_tone

NOON = datetime(2025, 10, 3, 12, 0)


class PlainQueue:
    """The queue as far as the history knows it, over a real journal; nothing renders."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.listeners = []

    def subscribe(self, listener):
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def status(self, job):
        return self._journal.get(job).event

    def submit_all(self, asked):
        for job in self._journal.record_queued(asked):
            self.tell(JobQueued(job=job, position=9))

    def cancel(self, job):
        self._journal.record_finished(job, JobWasCancelled(job=job))
        return self.tell(JobWasCancelled(job=job))

    def tell(self, event):
        for listener in self.listeners:
            listener(event)
        return event


@contextmanager
def room_of(context: UiContext, fill) -> Iterator[SimpleNamespace]:
    journal = Journal(context.settings.journal)
    fill(journal)
    queue = PlainQueue(journal)
    now = SimpleNamespace(seconds=0.0)
    history = History(context, now=lambda: NOON.timestamp(), steady=lambda: now.seconds)
    context.app_ready.value = SimpleNamespace(journal=journal, queue=queue)  # pyright: ignore[reportAttributeAccessIssue]
    yield SimpleNamespace(
        journal=journal,
        queue=queue,
        history=history,
        now=now,
        context=context,
        actions=HistoryActions(context, history),
    )
    history.close()
    journal.close()


@pytest.fixture
def room(context: UiContext, tmp_path: Path):
    with room_of(context, lambda journal: None) as made:
        made.request = request_of(tmp_path)
        yield made


def jobs(room) -> list[str]:
    return [entry.job for entry in room.history.entries]


def submit(room, *names: str, **changes) -> None:
    room.queue.submit_all([(name, replace(room.request, **changes)) for name in names])


def test_what_renders_stands_above_what_waits_and_what_is_over_below(room):
    submit(room, "a", "b", "c", "d")
    room.queue.tell(JobProgressed(job="b", fraction=0.1, stage="restyling"))
    assert jobs(room) == ["b", "a", "c", "d"]
    room.queue.tell(JobFailed(job="b", code="x", message="No."))
    room.queue.cancel("d")
    assert jobs(room) == ["a", "c", "d", "b"]
    assert (room.history.counts.value.waiting, room.history.counts.value.rendering) == (2, 0)


def test_a_render_has_one_bar_where_it_is_looked_at(room):
    submit(room, "a", "b")
    room.queue.tell(JobProgressed(job="a", fraction=0.1, stage="restyling"))
    running, waiting = room.history.entries
    assert has_bar(running, None)
    assert not has_bar(running, running.take), "the lane fills already"
    assert has_bar(running, waiting.take)
    assert not has_bar(waiting, None)


def test_positions_are_fresh_when_the_queue_shrinks(room):
    submit(room, "a", "b", "c", "d")
    seen = []
    room.history.changed.connect(lambda at, found: seen.extend((entry.job, entry.position) for entry in found))
    room.queue.tell(JobProgressed(job="a", fraction=0.0, stage="starting"))
    room.queue.cancel("b")
    assert [(entry.job, entry.position) for entry in room.history.entries[1:3]] == [("c", 0), ("d", 1)]
    assert ("c", 0) in seen
    assert state_words(Text(), room.history.entries[2], NOON) == "1 before it"


def test_a_list_that_follows_the_signals_is_the_same_list(room):
    mirror = []
    room.history.inserted.connect(lambda at, entries: mirror.__setitem__(slice(at, at), entries))
    room.history.moved.connect(lambda at, to: mirror.insert(to, mirror.pop(at)))
    room.history.changed.connect(lambda at, found: mirror.__setitem__(slice(at, at + len(found)), found))
    submit(room, *"abcdef")
    for job in "ace":
        room.queue.tell(JobProgressed(job=job, fraction=0.5, stage="restyling"))
        assert mirror == room.history.entries
        room.queue.tell(JobFailed(job=job, code="x", message="No."))
        assert mirror == room.history.entries
    room.queue.cancel("f")
    assert mirror == room.history.entries
    assert jobs(room) == ["b", "d", "f", "e", "c", "a"]


def test_a_thousand_jobs_are_read_in_pages_and_none_is_missing(context, tmp_path):
    request = request_of(tmp_path)

    def fill(journal: Journal) -> None:
        journal._db.execute("PRAGMA synchronous = OFF")
        for number in range(1010):
            record_done(journal, f"job-{number}", request)

    with room_of(context, fill) as room:
        assert len(room.history.entries) == PAGE
        while room.history.has_more:
            room.history.load_more()
        assert jobs(room) == [f"job-{number}" for number in reversed(range(1010))]


def test_drafts_are_not_listed_and_events_of_unknown_jobs_bring_their_row(room):
    submit(room, "knob", origin=Origin(client="draft"))
    room.journal.record_queued([("late", room.request)])
    room.queue.tell(JobProgressed(job="late", fraction=0.4, stage="restyling"))
    assert jobs(room) == ["late"]
    assert room.history.entries[0].take.fraction == 0.4


def test_events_before_the_first_page_are_not_lost(context, tmp_path):
    journal = Journal(context.settings.journal)
    queue = PlainQueue(journal)
    journal.record_queued([("a", request_of(tmp_path))])
    subscribe = queue.subscribe

    def subscribe_in_time(listener):
        forget = subscribe(listener)
        queue.tell(JobProgressed(job="a", fraction=0.3, stage="restyling"))
        return forget

    queue.subscribe = subscribe_in_time
    history = History(context)
    context.app_ready.value = SimpleNamespace(journal=journal, queue=queue)  # pyright: ignore[reportAttributeAccessIssue]
    assert history.entries[0].take.fraction == 0.3
    context.app_ready.value = None
    assert (history.entries, history.is_loaded.value, queue.listeners) == ([], False, [])
    journal.close()


def test_the_time_that_is_left_counts_down_and_seldom_changes_its_mind(room):
    submit(room, "a")
    room.queue.tell(JobProgressed(job="a", fraction=0.0, stage="starting"))
    assert room.history.entries[0].left_s is None
    shown = []
    for step in range(1, 10):
        room.now.seconds = 30.0 + 2 * step + (0.3 if step % 2 else 0.0)
        room.queue.tell(JobProgressed(job="a", fraction=step / 10, stage="restyling"))
        room.history.tick()
        shown.append(room.history.entries[0].left_s)
    assert shown[0] is None
    told = [left for left in shown if left is not None]
    rises = sum(later > before for before, later in pairwise(told))
    assert rises <= 1
    assert told[-1] < 3
    assert state_words(Text(), room.history.entries[0], NOON) == f"90 % · {max(1, round(told[-1]))} s left"
    room.queue.tell(JobWasCancelled(job="a"))
    assert not room.history.is_rendering


def test_cancel_is_seen_at_once_and_ends_with_the_job(room):
    submit(room, "a")
    seen = []
    room.history.changed.connect(lambda at, found: seen.append(state_words(Text(), found[0], NOON)))
    room.actions.cancel("a")
    assert seen[0] == "Cancelling…"
    assert seen[-1] == "Cancelled"
    assert offered(room.history.entries[0]) == (Do.RETRY,)


def test_a_retry_is_a_job_of_the_window_with_a_stem_of_its_own(room):
    submit(room, "a")
    room.queue.tell(JobFailed(job="a", code="engine.memory", message="Out of memory."))
    failed = room.history.entry("a")
    assert (offered(failed), first_of(failed)) == ((Do.RETRY, Do.LOG), Do.RETRY)
    room.actions.retry(failed)
    fresh = room.history.entries[0]
    assert fresh.request.stem == room.context.settings.jobs / fresh.job / "stem.wav"
    assert fresh.request.stem.parent.is_dir()
    assert fresh.request.origin == Origin(client="window", project="Late Night", track="Gtr", preset="Warm Strings")
    assert (fresh.request.source, fresh.request.region) == (failed.request.source, failed.request.region)


@pytest.mark.parametrize(
    ("client", "said"),
    [("reaper", "Landed in REAPER 12:00"), ("window", "Rendered 12:00"), ("my-script", "Rendered 12:00")],
)
def test_only_what_a_daw_takes_by_itself_has_landed(room, client, said):
    submit(room, "a", origin=Origin(client=client, track="Keys"))
    room.queue.tell(JobDone(job="a", stem=Stem(path=Path("s.wav"), start=0, length=96_000, rate=48_000, channels=2)))
    [entry] = room.history.entries
    assert (state_words(Text(), entry, NOON), name_of(entry.request)) == (said, "Keys")
    assert state_words(Text("de"), entry, datetime(2025, 10, 4)).endswith("03.10.2025")
    assert where_from(Text(), entry).endswith("2.0 s")
    assert said in spoken(Text(), entry, NOON)


@pytest.mark.parametrize(
    ("announced_s", "english", "german"),
    [
        (4.0, "2.0 s of 4.0 s: the file breaks off", "2,0 s von 4,0 s: die Datei bricht ab"),
        (None, "2.0 s: the file breaks off", "2,0 s: die Datei bricht ab"),
    ],
)
def test_a_row_says_that_its_file_breaks_off(room, announced_s, english, german):
    submit(room, "a", origin=Origin(client="osc"))
    short = Shortfall(holds_s=2.0, announced_s=announced_s)
    stem = Stem(path=Path("s.wav"), start=0, length=96_000, rate=48_000, channels=2, short=short)
    room.queue.tell(JobDone(job="a", stem=stem))
    [entry] = room.history.entries
    assert where_from(Text(), entry).endswith(english)
    assert where_from(Text("de"), entry).endswith(german)


def test_daws_are_called_as_their_installers_call_them():
    assert {host.name: daw_name(host.name) for host in known_hosts()} == {
        host.name: host.title for host in known_hosts()
    }


@pytest.fixture
def done(room, tmp_path):
    """A finished job with real files."""
    source, stem = write_tone(tmp_path / "in.wav"), write_tone(tmp_path / "stem.wav", seconds=1.0, hertz=880)
    region = replace(room.request.region, length=48_000, source_offset=24_000, before=12_000, start=500_000)
    origin = Origin(client="reaper", project="Song", track='Gtr/"2"', preset="Warm Strings")
    submit(room, "done-000001", source=source, stem=stem, region=region, origin=origin)
    room.queue.tell(JobDone(job="done-000001", stem=Stem(path=stem, start=0, length=48_000, rate=48_000, channels=2)))
    return room.history.entry("done-000001")


def test_compare_puts_source_and_stem_into_the_workspace_at_their_place(room, done):
    room.actions.compare(done)
    workspace = room.context.workspace
    workpiece = workspace.workpiece.value
    assert workpiece.content.path == done.request.source
    assert workpiece.selection.region(workpiece.content) == done.request.region
    assert workspace.takes.shown.value == done.take
    assert workpiece.content.origin.client == "window"
    workspace.undo()
    assert workspace.workpiece.value.content is None


def test_compare_without_its_files_says_so_and_changes_nothing(room, done, notices):
    done.request.stem.unlink()
    room.actions.compare(done)
    assert "Render again" in notices[-1].text
    assert room.context.workspace.workpiece.value.content is None


def test_what_is_dragged_is_a_named_copy_that_stays(room, done, tmp_path):
    handed = []
    files = StemFiles(room.context)
    files.hand_out(done, handed.append)
    files.hand_out(done, handed.append)
    assert handed[0] == handed[1] == room.context.settings.home / "stems" / f"{file_name_of(done)}.wav"
    assert handed[0].name == "Gtr__2_ - Warm Strings 000001.wav"
    assert handed[0].read_bytes() == done.take.stem.path.read_bytes()
    done.take.stem.path.unlink()
    assert handed[0].exists()


def test_what_is_dragged_lies_in_the_folder_of_ones_own(room, done, tmp_path):
    own, handed = tmp_path / "My stems", []
    own.mkdir()
    room.context.preferences.set(STEMS_FOLDER, str(own))
    StemFiles(room.context).hand_out(done, handed.append)
    assert handed == [own / f"{file_name_of(done)}.wav"]


def test_a_folder_of_ones_own_that_is_away_is_not_made_anew(room, done, notices, tmp_path):
    room.context.preferences.set(STEMS_FOLDER, str(tmp_path / "drive" / "stems"))
    StemFiles(room.context).hand_out(done, lambda path: pytest.fail("its drive is away"))
    assert "Plug in its drive" in notices[-1].text
    assert not (tmp_path / "drive").exists()


def test_a_stem_that_is_gone_is_told_of(room, done, notices):
    done.take.stem.path.unlink()
    StemFiles(room.context).hand_out(done, lambda path: pytest.fail("there is nothing to hand out"))
    assert notices[-1].kind.value == "bad"


@pytest.mark.parametrize("form", list(Form))
def test_every_form_of_export_is_written_and_told(room, done, notices, tmp_path, form):
    shown = []
    files = StemFiles(room.context, shown.append)
    files.export(done, form, tmp_path / "out" / "mine" if form is Form.BWF else tmp_path / f"mine.{form}")
    suggested = files.suggested(done, form)
    written = [path for path in tmp_path.rglob("mine*") if path.suffix == suggested.suffix]
    if form is Form.BWF:
        assert notices[-1].kind.value == "bad"
        return
    assert [path.parent for path in written] == [suggested.parent] == [tmp_path]
    notices[-1].action.call()
    assert shown == [tmp_path]


def test_a_copy_is_made_anew_when_the_stem_has_changed(done, tmp_path):
    first = named_copy(done, tmp_path / "stems")
    write_tone(done.take.stem.path, seconds=3.0)
    assert named_copy(done, tmp_path / "stems").stat().st_size == done.take.stem.path.stat().st_size
    assert first.exists()
    assert done.state is TakeState.DONE
