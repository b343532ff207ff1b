"""``stylus-daw models``: the models on this machine, and bringing one here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Device, Json, StateDir
from stylus_daw.errors import RequestError

app = typer.Typer(help="The models: list, add, remove, verify, info.", rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As used with --checkpoint NAME.")]
Place = Annotated[
    str, typer.Argument(metavar="PLACE", help="A diffusers folder, a .safetensors file, or a hub id (owner/name).")
]
Which = Annotated[str, typer.Argument(metavar="NAME|PLACE", help="A registered name, a path or a hub id.")]
WhichOrAll = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One model. Default: all.")]
FamilyName = Annotated[
    str | None,
    typer.Option(
        "--family", help="Its family, if not recognised: sd-1.5, sd-2.1-base, sd-2.1, sdxl, riffusion, lcm-lora."
    ),
]
Prediction = Annotated[str | None, typer.Option(help="What it predicts, if not recognised: epsilon or v_prediction.")]
Configs = Annotated[
    Path | None,
    typer.Option(help="For a single file of unusual size: a diffusers folder with its configurations."),
]
Allow = Annotated[bool, typer.Option("--allow-download", help="Agree to download it if it is not on this machine.")]
Delete = Annotated[bool, typer.Option("--delete", help="Delete its files, too, if stylus-daw downloaded them.")]


@app.callback(invoke_without_command=True)
def models(context: typer.Context, state_dir: StateDir = None, as_json: Json = False) -> None:
    """The models. Without a command: list."""
    if context.invoked_subcommand is None:
        list_all("auto", state_dir, as_json)
    elif state_dir or as_json:
        command = f"stylus-daw models {context.invoked_subcommand}"
        raise RequestError("cli.usage", f"Options come after the command: {command} …")


@app.command("list")
def list_all(device: Device = "auto", state_dir: StateDir = None, as_json: Json = False) -> None:
    """Every model that can be used by name, and whether it fits in this device's memory."""
    from stylus_daw.commands.models import shelf as model_shelf

    model_shelf.show_list(state_dir, device, as_json=as_json)


@app.command("add")
def add(
    name: Name,
    place: Place,
    family: FamilyName = None,
    prediction: Prediction = None,
    configs: Configs = None,
    allow_download: Allow = False,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Give a model a name. Its files stay where they are; nothing is downloaded unless you say so."""
    from stylus_daw.commands.models import shelf as model_shelf

    model_shelf.add(
        name,
        place,
        family=family,
        prediction=prediction,
        configs=configs,
        allow_download=allow_download,
        state_dir=state_dir,
        as_json=as_json,
    )


@app.command("remove")
def remove(name: Name, delete: Delete = False, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Forget a name. Your files are left alone."""
    from stylus_daw.commands.models import shelf as model_shelf

    model_shelf.remove(name, deletes=delete, state_dir=state_dir, as_json=as_json)


@app.command("verify")
def verify(name: WhichOrAll = None, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Read every byte again and compare with the hash from when it was added."""
    from stylus_daw.commands.models import shelf as model_shelf

    raise typer.Exit(model_shelf.verify(name, state_dir, as_json=as_json))


@app.command("info")
def info(which: Which, device: Device = "auto", state_dir: StateDir = None, as_json: Json = False) -> None:
    """One model: family, size, licence, hash, memory on this device."""
    from stylus_daw.commands.models import shelf as model_shelf

    model_shelf.show_one(which, state_dir, device, as_json=as_json)
