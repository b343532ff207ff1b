"""A whole app without a face: takes up its journal, submits jobs, reports on stdout. Made to be killed.

Arguments: a folder, then any number of JOB=BEHAVIOUR.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stylus_daw.jobs.job import JobEvent
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import request_for


def main(folder: Path, jobs: list[str]) -> None:
    journal = Journal(folder / "jobs.sqlite")
    queue = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:make"))
    queue.subscribe(_report)
    queue.start()
    for job, behaviour in (pair.split("=") for pair in jobs):
        queue.submit(job, request_for(folder, behaviour))
    for record in journal.unfinished():
        queue.wait(record.job)
    queue.stop()
    journal.close()


def _report(event: JobEvent) -> None:
    print(event.job, type(event).__name__, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
