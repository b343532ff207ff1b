"""The takes of the workspace where there are very many."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.jobs.job import JobDone, JobProgressed, Origin, RenderRequest, Stem, StyleFile
from stylus_ui.workspace.takes import KEPT, Take, TakeList, TakeState

BATCH = 200


def take(number: int, *, source: str = "") -> Take:
    file = Path(source or f"loop {number}.wav")
    request = RenderRequest(
        source=file, stem=Path(f"{number}.wav"), styles=(StyleFile(path=file),), origin=Origin(take=number)
    )
    return Take(job=f"job-{number}", request=request)


def done(one: Take) -> JobDone:
    stem = Stem(path=one.request.stem, start=0, length=1, rate=48_000, channels=1)
    return JobDone(job=one.job, stem=stem)


def test_every_job_of_a_batch_can_be_cancelled_while_it_runs_the_last_one_too() -> None:
    takes, batch = TakeList(), [take(number) for number in range(BATCH)]
    takes.add_all(batch)
    assert takes.shown.value == batch[0]
    takes.tell_all([done(one) for one in batch[:-1]])
    takes.tell(JobProgressed(job=batch[-1].job, fraction=0.5, stage="restyling"))
    running = takes.next_to_end
    assert running is not None
    assert (running.job, running.state) == (batch[-1].job, TakeState.RENDERING)
    assert len(takes.unfinished) == 1


def test_the_oldest_that_are_over_are_forgotten_and_none_that_is_not() -> None:
    takes, waiting = TakeList(), take(0)
    takes.add(waiting)
    finished = [take(number) for number in range(1, KEPT + 11)]
    takes.add_all(list(reversed(finished)))
    takes.tell_all([done(one) for one in finished])
    takes.add(take(KEPT + 11))
    assert takes.named(waiting.job) == waiting
    assert takes.named(finished[0].job) is None
    assert takes.named(finished[-1].job) is not None
    assert len(takes.all.value) == KEPT + 2


def test_the_takes_of_a_source_are_those_of_now_and_numbers_go_on() -> None:
    takes = TakeList()
    first, second = take(1, source="a.wav"), take(2, source="a.wav")
    takes.add(first)
    assert takes.of(Path("a.wav")) == (first,)
    takes.add(second)
    takes.add(take(7, source="b.wav"))
    assert takes.of(Path("a.wav")) == (second, first)
    assert takes.claim(Path("a.wav"), 3) == 3
    assert takes.claim(Path("a.wav"), 1) == 6
    assert takes.claim(Path("never.wav"), 1) == 1
    takes.forget(second.job)
    assert takes.of(Path("a.wav")) == (first,)


def test_the_takes_of_a_source_follow_what_happens_to_them_and_listeners_see_the_same() -> None:
    takes, seen = TakeList(), []
    batch = [take(1, source="a.wav"), take(2, source="a.wav"), take(3, source="b.wav")]
    takes.add_all(batch)
    takes.all.changed.connect(lambda all: seen.append(takes.of(Path("a.wav")) == all[:2]))
    takes.tell_all([JobProgressed(job=batch[1].job, fraction=0.5, stage="restyling"), done(batch[2])])
    takes.tell(done(batch[0]))
    assert [one.state for one in takes.of(Path("a.wav"))] == [TakeState.DONE, TakeState.RENDERING]
    assert [one.state for one in takes.of(Path("b.wav"))] == [TakeState.DONE]
    assert seen == [True, True]
