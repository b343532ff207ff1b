"""``stylus-daw clean``: how much lies in the state folder, and what of it may go."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json

if TYPE_CHECKING:
    from stylus_daw.housekeeping.cleaning import Tally
    from stylus_daw.housekeeping.policy import Policy

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")]
Days = Annotated[float | None, typer.Option(help="Keep what is younger than that many days.")]
Gigabytes = Annotated[float | None, typer.Option(help="Keep that many GB of each kind at most, the newest.")]
Stems = Annotated[
    bool, typer.Option("--stems", help="Stems, too. A session that plays one from the state folder loses it.")
]
Save = Annotated[bool, typer.Option("--save", help="Make this the policy from now on.")]
AtStart = Annotated[
    bool | None, typer.Option("--at-start/--not-at-start", help="With --save: clean when the app starts, but no stems.")
]


def command(
    dry_run: DryRun = False,
    keep_days: Days = None,
    keep_gb: Gigabytes = None,
    stems: Stems = False,
    save: Save = False,
    at_start: AtStart = None,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Remove old inputs, logs, caches and temporary files from the state folder. Stems stay unless --stems is given."""
    from stylus_daw.housekeeping.cleaning import clean
    from stylus_daw.housekeeping.policy import SAFE, Kind, read_policy, write_policy
    from stylus_daw.settings import state_folder

    home = state_folder(state_dir)
    given = {"days": keep_days, "gigabytes": keep_gb, "at_start": at_start}
    policy = replace(read_policy(home), **{name: value for name, value in given.items() if value is not None})
    if save and not dry_run:
        write_policy(home, policy)
    tallies = clean(home, policy, kinds=(*SAFE, Kind.STEMS) if stems else SAFE, is_dry=dry_run)
    if as_json:
        say_json({"policy": asdict(policy), "dry_run": dry_run, "kinds": [asdict(tally) for tally in tallies]})
    else:
        _print(tallies, policy, stems=stems, is_dry=dry_run)


def _print(tallies: tuple[Tally, ...], policy: Policy, *, stems: bool, is_dry: bool) -> None:
    room = f"{policy.days:g} days, at most {policy.gigabytes:g} GB of each kind"
    print(f"Kept: {room}; {'at each start' if policy.at_start else 'only when asked'}. Stems: {_said(stems=stems)}.")
    for tally in tallies:
        verb = "would go" if is_dry else "removed"
        gone = f"{verb}: {tally.gone_files:,} ({_size(tally.gone_bytes)})"
        print(f"  {tally.kind.value:31} {tally.files:6,} files {_size(tally.bytes):>10}   {gone}")


def _said(*, stems: bool) -> str:
    return "by the same rule, as asked" if stems else "all (remove old ones with --stems)"


def _size(count: int) -> str:
    """For people.

    >>> _size(1_500_000)
    '1.5 MB'
    """
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
