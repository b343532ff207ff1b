"""A whole batch without a model: copies. Made to be killed. Arguments: the folder in, the folder out.

Each file that has ended is a line on stdout; the exit code is that of ``stylus-daw batch``.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from stylus_daw.audio.files import probe
from stylus_daw.audio.spool import Scratch
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import BatchItem, ItemRecord, PlannedItem
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.batch.one_item import ItemRenderer
from stylus_daw.batch.run import BatchRun, entered, plan_of
from stylus_daw.batch.summary import Summary, summary_of
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.commands.batch.showing import PlainLines
from stylus_daw.commands.reporting import reported
from stylus_daw.commands.serve import told_to_stop
from stylus_daw.jobs.fingerprint import fingerprint
from stylus_daw.jobs.job import RenderRequest
from stylus_daw.jobs.process.worker import RenderWorker
from tests.support.jobs.copying_renderer import RENDERER


def item_of(source: Path, name: str = "", **gain_db: object) -> BatchItem:
    """An item that is copied; ``gain_db`` by name of the source."""
    chain = ChainPlan(spec={"gain_db": gain_db})
    request = RenderRequest(source=source, stem=Path("stem.wav"), styles=(), chain=chain)
    mark = fingerprint(request)
    wanted = name or f"{source.stem}.wav"
    return BatchItem(source=source, wanted=wanted, request=request, fingerprint=mark, seconds=probe(source).seconds)


class Stopping(PlainLines):
    """Stops the batch when so many files have ended."""

    def __init__(self, total: int, stop: threading.Event, after: int) -> None:
        super().__init__(total)
        self._stop, self._left = stop, after

    def ended(self, planned: PlannedItem, record: ItemRecord) -> None:
        super().ended(planned, record)
        self._left -= 1
        if self._left == 0:
            self._stop.set()


def copied(
    items: Iterable[BatchItem],
    out: Path,
    *,
    forces: bool = False,
    is_album: bool = False,
    lanes: int = 1,
    stops_after: int = 0,
) -> Summary:
    """One run of the batch; as after Ctrl-C where it stops after some files."""
    folder, worker, items = BatchFolder(out), RenderWorker(RENDERER), tuple(items)
    with folder.opened(), closing(BatchJournal(folder.journal)) as journal, told_to_stop() as stop:
        plan = plan_of(items, folder, forces=forces)
        renderer = ItemRenderer(
            folder=folder, journal=journal, worker=worker, stop=stop, scratch=Scratch(), is_album=is_album
        )
        run = BatchRun(
            plan, entered(plan, journal, folder), renderer, Stopping(len(plan), stop, stops_after), lanes=lanes
        )
        run.run(relevels=forces)
        worker.close()
        if run.halted:
            raise run.halted
        if stop.is_set():
            raise KeyboardInterrupt
        return summary_of(plan, run.records)


def main(incoming: Path, out: Path) -> int:
    items = [item_of(path) for path in sorted(incoming.glob("*.wav"))]
    return reported(lambda: print(copied(items, out).said), as_json=False)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
