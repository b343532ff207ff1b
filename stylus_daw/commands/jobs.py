"""``stylus-daw jobs``: the journal, whether the app runs or not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError

if TYPE_CHECKING:
    from stylus_daw.jobs.journal.journal import JobRecord

app = typer.Typer(help="The jobs: list.", rich_markup_mode=None)

Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many to list, newest first.")]


@app.callback(invoke_without_command=True)
def jobs(context: typer.Context, state_dir: StateDir = None, as_json: Json = False) -> None:
    """What was rendered, and what waits. Without a command: list."""
    if context.invoked_subcommand is None:
        list_newest(20, state_dir, as_json)
    elif state_dir or as_json:
        command = f"stylus-daw jobs {context.invoked_subcommand}"
        raise RequestError("cli.usage", f"Options come after the command: {command} …")


@app.command("list")
def list_newest(limit: Limit = 20, state_dir: StateDir = None, as_json: Json = False) -> None:
    """The newest jobs, with their outcome."""
    records = _newest(state_dir, limit)
    if as_json:
        for record in records:
            say_json(_as_json(record))
    elif records:
        _print_table(records)
    else:
        print("There are no jobs yet. Send one from your DAW, or with: stylus-daw send render")


def _newest(state_dir: Any, limit: int) -> tuple[JobRecord, ...]:
    """From the journal; a state folder without one is left as it is."""
    from stylus_daw.jobs.journal.journal import Journal
    from stylus_daw.settings import Settings, state_folder

    path = Settings(home=state_folder(state_dir)).journal
    if not path.exists():
        return ()
    journal = Journal(path, only_reads=True)
    try:
        return journal.newest(limit)
    finally:
        journal.close()


def _as_json(record: JobRecord) -> dict[str, Any]:
    request = record.request
    return {
        "job": record.job,
        "phase": record.phase.value,
        "outcome": record.outcome.value if record.outcome else None,
        "preset": request.origin.preset,
        "client": request.origin.client,
        "source": request.source,
        "stem": record.stem,
        "code": record.error_code,
        "message": record.error_message,
        "attempts": record.attempts,
        "queued_at": record.queued_at,
        "finished_at": record.finished_at,
    }


def _print_table(records: tuple[JobRecord, ...]) -> None:
    from rich import box
    from rich.table import Table

    from stylus_daw.commands import console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("queued", "job", "preset", "state", "stem, or why not"):
        table.add_column(heading, overflow="fold")
    for record in records:
        queued = datetime.fromtimestamp(record.queued_at).strftime("%Y-%m-%d %H:%M:%S")
        state = (record.outcome or record.phase).value
        end = record.error_message or (str(record.stem) if state == "done" else "")
        table.add_row(queued, record.job, record.request.origin.preset, state, end)
    console.out().print(table)
