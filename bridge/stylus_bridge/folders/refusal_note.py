"""``refused``: tells a host that cannot hear answers that its submission came with a wrong token.

Nothing else happens for a wrong token: no job is queued, ended or cancelled. The note is only left in a job folder that
already waits in the jobs folder and has not been picked up, never where the message says.
"""

from __future__ import annotations

import logging
from pathlib import Path

from stylus_bridge.folders.job_folder import JOB_FILE, STATE_FILE
from stylus_daw.atomic_inside import write_text_inside
from stylus_daw.errors import BridgeError, RequestError
from stylus_daw.jobs.job import check_job_id

logger = logging.getLogger(__name__)

NOTE_FILE = "refused"


def leave_note(jobs_folder: Path, job: str, error: BridgeError) -> bool:
    """Say why in ``<jobs>/<job>/refused``. False: there is no such folder, or its job was picked up before.

    Args:
        jobs_folder: the app's own.
        job: as an untrusted message names it.
        error: the refusal.
    """
    folder = jobs_folder / job if _is_id(job) else None
    if folder is None or not _waits(folder):
        return False
    try:
        write_text_inside(folder / NOTE_FILE, error.message)
    except OSError as problem:
        logger.warning("job %s: %s in %s cannot be written: %s", job, NOTE_FILE, folder, problem)
        return False
    return True


def _waits(folder: Path) -> bool:
    if folder.is_symlink() or not (folder / JOB_FILE).is_file():
        return False
    return not any((folder / name).exists() for name in (STATE_FILE, NOTE_FILE))


def _is_id(job: str) -> bool:
    try:
        check_job_id(job)
    except RequestError:
        return False
    return True
