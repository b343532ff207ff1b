"""``stylus-daw``: finds the command and runs it. ``send`` goes past typer, so that a DAW's script waits for nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from stylus_daw.commands.reporting import INTERRUPTED, print_anything, reported, tell_error

FORWARDED = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code (see ``commands.reporting``)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    print_anything()
    as_json = "--json" in given
    if given[:1] == ["send"]:
        from stylus_daw.commands.send import send

        sys.exit(reported(lambda: send(given[1:]), as_json=as_json))
    sys.exit(reported(lambda: _run_typer(given, as_json=as_json), as_json=as_json))


def _run_typer(arguments: list[str], *, as_json: bool) -> int:
    """In words, typer shows its own usage errors; for machines they become JSON like all others.

    Raises:
        KeyboardInterrupt: Ctrl-C, which typer makes an exit code of.
    """
    app = build()
    try:
        exit_code = app(arguments, prog_name="stylus-daw", standalone_mode=not as_json) or 0
    except SystemExit as ended:
        exit_code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        usage: Any = error
        tell_error("cli.usage", usage.format_message(), as_json=True)
        return usage.exit_code
    if exit_code == INTERRUPTED:
        raise KeyboardInterrupt
    return exit_code


def build() -> Any:
    """The typer application, with every command."""
    import typer

    from stylus_daw.commands import clean, export, install, jobs, plugins, protools, send, serve, watch, window
    from stylus_daw.commands.batch import command as batch
    from stylus_daw.commands.demo import command as demo
    from stylus_daw.commands.doctor import command as doctor
    from stylus_daw.commands.farm import command as farm
    from stylus_daw.commands.models import command as models
    from stylus_daw.commands.presets import command as presets
    from stylus_daw.commands.render import command as render

    app = typer.Typer(
        name="stylus-daw",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Restyle a region of your DAW session with a local model; the stem lands back on the exact sample.",
    )
    app.callback(invoke_without_command=True)(serve.without_command)
    app.command("render")(render.command)
    app.command("batch")(batch.command)
    app.command("serve")(serve.command)
    app.command("ui")(window.command)
    app.command("gui", hidden=True)(window.command)
    app.command("send", context_settings=FORWARDED, help=send.HELP)(_send_later)
    app.add_typer(farm.app, name="farm")
    app.add_typer(presets.app, name="presets")
    app.add_typer(plugins.app, name="plugins")
    app.add_typer(models.app, name="models")
    app.add_typer(jobs.app, name="jobs")
    app.command("install")(install.command)
    app.add_typer(protools.app, name="protools")
    app.command("export")(export.command)
    app.command("watch")(watch.command)
    app.command("clean")(clean.command)
    app.command("doctor")(doctor.command)
    app.command("demo")(demo.command)
    return app


def _send_later() -> None:
    """Stands in ``--help`` only; :func:`main` takes ``send`` before."""


if __name__ == "__main__":
    main()
