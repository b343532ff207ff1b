"""When a job is not tried again, and what is said of it.

A run counts from the moment when the render process is at work on the job. Whatever dies before, while the model is
loaded, says nothing about the job, and neither does somebody who kills the app once or twice.
"""

from __future__ import annotations

from stylus_daw.jobs.job import JobFailed
from stylus_daw.jobs.process.worker import RenderCrashError, RenderStuckError

MAX_ATTEMPTS = 2  # runs under which the render process died: a second crash is hardly chance
MAX_RUNS = 4  # runs in all: where the whole app died each time, the job may have taken the machine with it
MAX_STARTS = 5  # deaths of the render process in a row before it was at work: it will not start at all


def verdict(job: str, checkpoint: str, death: RenderCrashError, *, deaths: int, false_starts: int) -> JobFailed | None:
    """The outcome after so many deaths of the render process; None: the job is worth another try.

    Args:
        job: its id.
        checkpoint: name of its model, or empty.
        death: the last one.
        deaths: while it was at work on the job, the last one included.
        false_starts: in a row, before it was at work on any job.
    """
    if deaths >= MAX_ATTEMPTS:
        return given_up(job, checkpoint, death)
    return never_began(job, death) if false_starts >= MAX_STARTS else None


def given_up(job: str, checkpoint: str, death: RenderCrashError) -> JobFailed:
    """The outcome after the last death of the render process."""
    if not isinstance(death, RenderStuckError):
        text = f"The render process died {MAX_ATTEMPTS} times on this job ({death.how}). {_remedy(checkpoint)}"
        return JobFailed(job=job, code="job.crashed", message=text)
    return JobFailed(
        job=job,
        code="job.stuck",
        message=f"The render process stopped moving {MAX_ATTEMPTS} times on this job ({death.how}) and was replaced. "
        f"The job is set aside with its files; others go on. Choose {_smaller(checkpoint)}, or another device.",
    )


def app_died(job: str, checkpoint: str) -> JobFailed:
    """The outcome of a job in whose runs the whole app died."""
    text = f"stylus-daw itself ended in the middle of this job, {MAX_RUNS} times. {_remedy(checkpoint)}"
    return JobFailed(job=job, code="job.crashed", message=text)


def never_began(job: str, death: RenderCrashError) -> JobFailed:
    """The outcome of a job that waited for a render process which does not start."""
    text = (
        f"The render process died {MAX_STARTS} times before it could begin ({death.how}). "
        "Look into the log, run: stylus-daw doctor, and render again."
    )
    return JobFailed(job=job, code="job.crashed", message=text)


def _remedy(checkpoint: str) -> str:
    return f"Most often memory ran out: close other programs, choose {_smaller(checkpoint)}, and render again."


def _smaller(checkpoint: str) -> str:
    """See :func:`stylus_daw.engine.shelf.unheard.smaller_render`; imported here, for it brings scipy."""
    from stylus_daw.engine.shelf.unheard import smaller_render

    return smaller_render(checkpoint)
