"""What is said of a job that is not tried again."""

from __future__ import annotations

from stylus_daw.jobs.job import JobFailed
from stylus_daw.jobs.process.worker import RenderCrashError, RenderStuckError

MAX_ATTEMPTS = 2  # runs of a job whose process died: a second crash is hardly chance


def given_up(job: str, death: RenderCrashError) -> JobFailed:
    """The outcome after the last death of the render process."""
    if not isinstance(death, RenderStuckError):
        return crashed(job, death.how)
    return JobFailed(
        job=job,
        code="job.stuck",
        message=f"The render process stopped moving {MAX_ATTEMPTS} times on this job ({death.how}) and was replaced. "
        "The job is set aside with its files; others go on. Choose a shorter region, draft quality or another device.",
    )


def crashed(job: str, how: str) -> JobFailed:
    """The outcome of a job under which processes died."""
    return JobFailed(
        job=job,
        code="job.crashed",
        message=f"The render process died {MAX_ATTEMPTS} times on this job ({how}). Most often memory ran out: close "
        "other programs, choose a shorter region or draft quality, and render again.",
    )
