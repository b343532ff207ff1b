"""``stylus-daw doctor``: is everything there that a render needs?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, Port, StateDir
from stylus_daw.commands.reporting import FAILED, say_json

if TYPE_CHECKING:
    from stylus_daw.commands.doctor.finding import Finding


Align = Annotated[bool, typer.Option("--align", help="Also send clicks all the way round and measure their lag.")]


def command(state_dir: StateDir = None, port: Port = None, align: Align = False, as_json: Json = False) -> None:
    """Check the installation and this machine; say what to do about what is missing."""
    from stylus_daw.commands.doctor.checkup import examine
    from stylus_daw.commands.doctor.finding import State

    findings = list(examine(state_dir, port, aligns=align))
    is_well = all(finding.state is not State.FAILED for finding in findings)
    if as_json:
        checks = [{**asdict(finding), "state": finding.state.value} for finding in findings]
        say_json({"ok": is_well, "checks": checks})
    else:
        for finding in findings:
            print(_line(finding))
    raise typer.Exit(0 if is_well else FAILED)


def _line(finding: Finding) -> str:
    remedy = f" -> {finding.remedy}" if finding.remedy else ""
    return f"{finding.state.value:7} {finding.name:12} {finding.text}{remedy}"
