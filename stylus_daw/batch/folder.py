"""BatchFolder: the output folder of a batch, its work folder, and the step from one to the other."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from stylus_daw.atomic import swap
from stylus_daw.batch.item import ItemRecord
from stylus_daw.errors import JobError, RequestError, quoted

WORK = ".stylus-batch"
JOURNAL, LOCK = "journal.sqlite", "lock"


class OccupiedError(RequestError):
    """Somebody else's file is where a stem was to go."""


class BatchFolder:
    """``out`` holds the stems, ``out/.stylus-batch`` the journal and whatever is not finished."""

    def __init__(self, out: Path) -> None:
        self.out = out.absolute()
        self.work = self.out / WORK
        self.journal = self.work / JOURNAL

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Made where it is missing, and this process' alone within the block.

        Raises:
            RequestError: it cannot be made.
            JobError: ``batch.running``: another batch writes there.
        """
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.work / LOCK, timeout=0)
            lock.acquire()
        except Timeout as error:
            text = f"Another batch writes to {quoted(self.out)}. Wait for its end, or name another --out."
            raise JobError("batch.running", text) from error
        except (OSError, NotImplementedError) as error:
            text = f"The output folder {quoted(self.out)} cannot be used: {error}. Name another --out."
            raise RequestError("batch.folders", text) from error
        try:
            yield
        finally:
            lock.release()

    def stem(self, place: str) -> Path:
        return self.out / place

    def exists(self, place: str) -> bool:
        return os.path.lexists(self.stem(place))

    def raw(self, record: ItemRecord) -> Path:
        """Where an item is rendered to: a folder of its own, under the stem's own name.

        The fingerprint is in the folder's name, so that what another request left is never taken for it.
        """
        return self.work / f"{record.key[:16]}-{record.fingerprint[:16]}" / Path(record.stem).name

    def levelled(self, record: ItemRecord) -> Path:
        """Where the album mode writes to."""
        return self.raw(record).parent / "levelled" / Path(record.stem).name

    def prepared(self, path: Path) -> Path:
        """The path, with an empty folder around it.

        Raises:
            OSError: the folder cannot be made.
        """
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
        return path

    def place(self, finished: Path, place: str, *, replaces: bool) -> Path:
        """Move a whole file to its name, in one step; a file that stands there stays unless it may be replaced.

        Done twice, as after a crash, it does nothing the second time.

        Raises:
            OccupiedError: another file has that name.
            OSError: the folder cannot be made, or the disk refuses.
        """
        stem = self.stem(place)
        stem.parent.mkdir(parents=True, exist_ok=True)
        if not finished.exists() and stem.exists():
            return stem
        if replaces:
            swap(str(finished), str(stem))
        else:
            _move_to_free(finished, stem)
        return stem

    def drop(self, record: ItemRecord) -> None:
        """Remove what an item left in the work folder."""
        shutil.rmtree(self.raw(record).parent, ignore_errors=True)

    def is_full(self, needed_bytes: int) -> bool:
        """Whether the disk has no room for as much."""
        with contextlib.suppress(OSError):
            return shutil.disk_usage(self.out).free < needed_bytes
        return True


def _move_to_free(finished: Path, stem: Path) -> None:
    """A hard link refuses a name that is taken, in one step; where there are none (exFAT), a look must do."""
    try:
        os.link(finished, stem)
    except FileExistsError as error:
        if not stem.samefile(finished):
            text = f"{quoted(stem)} has appeared meanwhile. Add --force to replace it, or choose another --name."
            raise OccupiedError("batch.exists", text) from error
    except OSError:
        if os.path.lexists(stem):
            raise
        finished.rename(stem)
        return
    finished.unlink()
