"""``stylus-daw doctor``: is everything there that a render needs?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, Port, StateDir
from stylus_daw.commands.reporting import FAILED, say_json

if TYPE_CHECKING:
    from stylus_daw.commands.doctor.finding import Finding


Align = Annotated[bool, typer.Option("--align", help="Also send clicks all the way round and measure their lag.")]

Bundle = Annotated[
    Path | None, typer.Option("--bundle", help="Also write a zip for a bug report: no audio, no names, no paths.")
]


def command(
    state_dir: StateDir = None,
    port: Port = None,
    align: Align = False,
    bundle: Bundle = None,
    as_json: Json = False,
) -> None:
    """Check the installation and this machine; say what to do about what is missing."""
    from stylus_daw.commands.doctor.checkup import examine
    from stylus_daw.commands.doctor.finding import State

    findings = list(examine(state_dir, port, aligns=align))
    if bundle is not None:
        from stylus_daw.commands.doctor.bundle import write_bundle
        from stylus_daw.settings import state_folder

        write_bundle(bundle, state_folder(state_dir), findings)
    is_well = all(finding.state is not State.FAILED for finding in findings)
    if as_json:
        checks = [{**asdict(finding), "state": finding.state.value} for finding in findings]
        say_json({"ok": is_well, "checks": checks})
    else:
        for finding in findings:
            print(_line(finding))
        if bundle is not None:
            print(f"Written: {bundle}. It holds no audio, no names and no paths; look into it before you send it.")
    raise typer.Exit(0 if is_well else FAILED)


def _line(finding: Finding) -> str:
    remedy = f" -> {finding.remedy}" if finding.remedy else ""
    return f"{finding.state.value:7} {finding.name:12} {finding.text}{remedy}"
