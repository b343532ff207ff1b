import math

from hypothesis import given
from hypothesis import strategies as st

from stylus_daw.jobs.job import JobProgressed
from stylus_daw.jobs.process.progress import ProgressGate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def progressed(fraction: float, stage: str = "sampling") -> JobProgressed:
    return JobProgressed(job="a", fraction=fraction, stage=stage)


def test_the_first_progress_passes_at_once_and_the_next_after_the_interval():
    clock = Clock()
    gate = ProgressGate(0.05, clock)
    gate.offer(progressed(0.1))
    assert gate.due() == progressed(0.1)
    gate.offer(progressed(0.2))
    assert gate.due() is None
    clock.now = 0.05
    assert gate.due() == progressed(0.2)
    assert gate.due() is None


def test_the_newest_is_never_lost():
    gate = ProgressGate(0.05, Clock())
    for step in range(11):
        gate.offer(progressed(step / 10))
        gate.due()
    assert gate.held() == progressed(1.0)
    assert gate.held() is None


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True)))
def test_the_fraction_never_falls_and_stays_between_0_and_1(fractions):
    gate = ProgressGate(0.0, Clock())
    seen = [0.0]
    for fraction in fractions:
        gate.offer(progressed(fraction))
        event = gate.held()
        assert event is not None
        assert seen[-1] <= event.fraction <= 1
        seen.append(event.fraction)
    assert not any(map(math.isnan, seen))
