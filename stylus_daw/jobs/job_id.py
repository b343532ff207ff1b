"""What a job id may look like. Apart from ``job.py`` so that a small client can check one without numpy."""

from __future__ import annotations

from stylus_daw.errors import RequestError


def check_job_id(job: str) -> str:
    """A job id as it may stand in a path and a packet: 1-64 of letters, digits, ``-`` and ``_``.

    >>> check_job_id("3f2a-01")
    '3f2a-01'
    """
    if not (1 <= len(job) <= 64 and all(c.isascii() and (c.isalnum() or c in "-_") for c in job)):
        raise RequestError(
            "job.id", f"Job id {job[:80]!r} is not allowed: 1 to 64 letters, digits, '-' or '_'. Use a UUID."
        )
    return job
