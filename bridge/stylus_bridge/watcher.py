"""Finds job folders that arrive without a message: a host without sockets, or while the app was closed."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

from stylus_bridge.desk import JobDesk
from stylus_bridge.folders.job_folder import CANCEL_FILE, JOB_FILE, STATE_FILE, is_unfinished
from stylus_daw.errors import BridgeError, JobError, StylusError, quoted
from stylus_daw.jobs.job import JobFailed, JobWasCancelled, check_job_id
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

POLL_S = 0.25


class FolderWatcher:
    """Polls the jobs folder: ``job.json`` without ``state.json`` is submitted, ``cancel`` cancels.

    A folder is taken at its second sighting, so that a host that also sends ``/stylus/job/submit`` is
    answered ``queued`` by that. A folder that cannot even be looked at is logged once and looked at again each time: it
    never holds up the others.
    """

    def __init__(self, desk: JobDesk, poll_s: float = POLL_S) -> None:
        self._desk = desk
        self._poll_s = poll_s
        self._settled: set[str] = set()
        self._seen: set[str] = set()
        self._asked_to_cancel: set[str] = set()
        self._puzzling: set[str] = set()
        self._stop = Event()
        self.thread = SupervisedThread(self._run, name="bridge-folders")

    def start(self) -> None:
        """Take up the folders of an earlier run, then watch; does not wait for that."""
        self.thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self.thread.is_alive():
            self.thread.join()

    def poll(self) -> None:
        """Look once."""
        names = self._names()
        self._settled &= names
        self._seen &= names
        for name in sorted(names - self._settled):
            self._carefully(name, lambda name=name: self._look_at(name))
        self._cancel_where_asked()

    def _run(self) -> None:
        self._take_up()
        while not self._stop.wait(self._poll_s):
            try:
                self.poll()
            except Exception:
                logger.exception("looking for job folders failed")

    def _carefully(self, name: str, look: Callable[[], None]) -> None:
        try:
            look()
            self._puzzling.discard(name)
        except Exception as error:
            if name not in self._puzzling:
                self._puzzling.add(name)
                logger.warning("job folder %s is left alone: %s", name, error, exc_info=not isinstance(error, OSError))

    def _names(self) -> set[str]:
        try:
            with os.scandir(self._desk.jobs_folder) as entries:
                return {e.name for e in entries if not e.name.startswith(".") and e.is_dir(follow_symlinks=False)}
        except OSError as error:
            logger.warning("the jobs folder cannot be read: %s", error)
            return set()

    def _look_at(self, name: str) -> None:
        folder = self._desk.jobs_folder / name
        if (folder / STATE_FILE).exists():
            self._settled.add(name)
        elif (folder / JOB_FILE).exists() and name not in self._seen:
            self._seen.add(name)
        elif (folder / JOB_FILE).exists():
            self._settled.add(name)
            self._submit(name, folder)

    def _submit(self, name: str, folder: Path) -> None:
        try:
            check_job_id(name)
            if (folder / CANCEL_FILE).exists() and self._desk.find(name) is None:
                self._desk.refuse_folder(folder, JobWasCancelled(job=name))
            elif not self._desk.adopt(name, folder):
                self._desk.submit_folder(name, folder)
        except JobError as error:
            logger.warning("job folder %s waits for the next start: %s", name, error)
        except StylusError as error:
            logger.warning("job folder %s refused: %s", name, error)
            self._refuse(name, folder, error)
        except OSError as error:
            logger.warning("job folder %s refused: %s", name, error)
            self._refuse(
                name, folder, BridgeError("job_folder.unreadable", f"{quoted(folder)} cannot be read: {error}.")
            )
        except Exception as error:
            logger.exception("job folder %s: a bug", name)
            self._refuse(name, folder, BridgeError("bug", f"{type(error).__name__}: {error}. The log has more."))

    def _refuse(self, name: str, folder: Path, error: StylusError) -> None:
        if not (folder / STATE_FILE).exists():
            self._desk.refuse_folder(folder, JobFailed(job=name, code=error.code, message=error.message))

    def _take_up(self) -> None:
        for name in sorted(self._names()):
            if self._stop.is_set():
                return
            self._carefully(name, lambda name=name: self._take_up_one(name, self._desk.jobs_folder / name))

    def _take_up_one(self, name: str, folder: Path) -> None:
        if is_unfinished(folder) and not self._desk.adopt(name, folder):
            self._submit(name, folder)

    def _cancel_where_asked(self) -> None:
        unfinished = self._desk.unfinished()
        self._asked_to_cancel &= {job for job, _ in unfinished}
        for job, folder in unfinished:
            if job not in self._asked_to_cancel:
                self._carefully(job, lambda job=job, folder=folder: self._cancel_if_asked(job, folder))

    def _cancel_if_asked(self, job: str, folder: Path) -> None:
        if not (folder / CANCEL_FILE).exists():
            return
        self._asked_to_cancel.add(job)
        try:
            self._desk.cancel(job)
        except StylusError as error:
            logger.warning("job %s could not be cancelled: %s", job, error)
