"""``stylus-daw batch`` at work: plan, render, level, sum up."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from stylus_daw.app import RENDERER
from stylus_daw.audio.spool import Scratch
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import BatchItem, ItemRecord, PlannedItem, State, Verdict
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.batch.one_item import ItemRenderer
from stylus_daw.batch.pace import estimated_s, keep_paces, read_paces
from stylus_daw.batch.run import BatchRun, entered, plan_of
from stylus_daw.batch.summary import PAGE_FILE, Summary, summary_of, write_summary
from stylus_daw.commands.batch.planning import BatchWish, items_of
from stylus_daw.commands.batch.showing import MOST_OF_A_LINE, clock, shown
from stylus_daw.commands.reporting import DONE, PARTLY, say_json
from stylus_daw.commands.serve import told_to_stop
from stylus_daw.farm.farm_settings import read_farm
from stylus_daw.jobs.dispatcher import Worker
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.plain_text import plain
from stylus_daw.settings import Settings, state_folder


def dry_run(batch: BatchWish, *, forces: bool, as_json: bool) -> int:
    """Say what a run would do, and how long it would take. Writes nothing.

    Raises:
        RequestError: see :func:`items_of`.
    """
    plan = plan_of(items_of(batch), BatchFolder(batch.out), forces=forces)
    for one in plan:
        _tell_plan(one, as_json=as_json)
    to_render = [one.item for one in plan if one.verdict is Verdict.RENDER]
    seconds = sum(item.seconds for item in to_render)
    estimate = estimated_s(to_render, read_paces(state_folder(batch.wish.state_dir)))
    if as_json:
        total = {"files": len(plan), "to_render": len(to_render), "audio_seconds": round(seconds, 3)}
        say_json({"event": "plan", **total, "estimated_seconds": estimate and round(estimate, 1)})
    else:
        time = "unknown before the first batch" if estimate is None else f"about {clock(estimate)}"
        audio = f"{len(to_render)} of {len(plan)} files to render, {clock(seconds)} of audio"
        print(f"{audio}; time: {time}. Nothing was written.")
    return DONE if all(one.verdict in (Verdict.RENDER, Verdict.FINISHED) for one in plan) else PARTLY


def run(batch: BatchWish, *, forces: bool, as_json: bool) -> int:
    """Render what is not finished; returns the exit code.

    Raises:
        RequestError: see :func:`items_of`, or the output folder cannot be used.
        StylusError: the batch had to stop before its end.
        KeyboardInterrupt: it was told to stop.
    """
    items = items_of(batch)
    if batch.wish.allows_download:
        _bring(items, batch.wish.state_dir, as_json=as_json)
    folder, home = BatchFolder(batch.out), state_folder(batch.wish.state_dir)
    with folder.opened(), closing(BatchJournal(folder.journal)) as journal, told_to_stop() as stop:
        plan = plan_of(items, folder, forces=forces)
        records = entered(plan, journal, folder)
        scratch = Scratch(folder=Settings(home=home).spool)
        with _worker(plan, batch, home) as (worker, lanes), shown(plan, as_json=as_json) as watcher:
            renderer = ItemRenderer(
                folder=folder, journal=journal, worker=worker, stop=stop, scratch=scratch, is_album=batch.is_album
            )
            ended = BatchRun(plan, records, renderer, watcher, lanes=lanes)
            ended.run(relevels=forces)
        keep_paces(home, _paces(plan, ended.records))
        summary = summary_of(plan, ended.records, ended.halted.message if ended.halted else "")
        return _ended(summary, folder, ended, was_stopped=stop.is_set(), as_json=as_json)


def _bring(items: Sequence[BatchItem], state_dir: Path | None, *, as_json: bool) -> None:
    from stylus_daw.commands.models.shelf import bring

    for checkpoint in sorted({item.request.settings.checkpoint for item in items if item.request}):
        bring(checkpoint, state_dir, as_json=as_json)


@contextmanager
def _worker(plan: Sequence[PlannedItem], batch: BatchWish, home: Path) -> Iterator[tuple[Worker, int]]:
    """Who renders, and how many files at once: the farm that is in use, or a process of this machine.

    Its model is loaded at once where there is something to render.
    """
    local = RenderWorker(RENDERER)
    farm = None if batch.stays_here else read_farm(home)
    with ExitStack() as stack:
        stack.callback(local.close)
        if farm is not None:
            from stylus_daw.farm.client.farm_worker import FarmWorker

            worker = FarmWorker(farm, local, tell=_say_aside)
            stack.callback(worker.close)
            yield worker, worker.lanes()
            return
        if any(one.verdict is Verdict.RENDER for one in plan):
            local.warm_up()
        yield local, 1


def _say_aside(sentence: str) -> None:
    print(f"stylus-daw: {sentence}", file=sys.stderr)


def _ended(summary: Summary, folder: BatchFolder, run: BatchRun, *, was_stopped: bool, as_json: bool) -> int:
    if as_json:
        say_json({"event": "summary", **summary.as_json()})
    else:
        _print(summary, folder.out)
    if run.halted:
        raise run.halted
    write_summary(summary, folder)
    if was_stopped:
        raise KeyboardInterrupt
    return DONE if summary.is_whole else PARTLY


def _print(summary: Summary, out: Path) -> None:
    for file in summary.files:
        if file.state not in ("new", "finished", "waiting"):
            print(plain(f"{file.state}: {file.source}: {file.message}", MOST_OF_A_LINE))
    more = " Run the same command again to go on." if summary.counts.get("waiting") else ""
    print(f"{summary.said}. Stems and {PAGE_FILE}: {out}.{more}")


def _tell_plan(one: PlannedItem, *, as_json: bool) -> None:
    if as_json:
        said = {"verdict": one.verdict.value, "source": one.item.source, "stem": one.stem, "code": one.code}
        say_json({"event": "planned", **said, "message": one.why, "seconds": round(one.item.seconds, 3)})
    else:
        why = f" ({one.why})" if one.why else ""
        print(
            plain(
                f"{one.verdict.value}: {one.item.source} -> {one.stem}, {one.item.seconds:.1f} s{why}", MOST_OF_A_LINE
            )
        )


def _paces(plan: Sequence[PlannedItem], records: Mapping[str, ItemRecord]) -> Iterator[tuple[str, float, float]]:
    for one in plan:
        record = records[one.item.key]
        request = one.item.request
        is_new = one.verdict is Verdict.RENDER and record.state is State.DONE
        if is_new and request and not request.settings.is_bypassed:  # a copy tells nothing of a render
            yield request.settings.checkpoint, one.item.seconds, record.seconds_taken
