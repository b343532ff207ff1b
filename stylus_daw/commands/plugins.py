"""``stylus-daw plugins``: which VST3 and AU plugins there are, how they are set, and what a scan said of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError, unwritable
from stylus_daw.regular_file import read_regular

if TYPE_CHECKING:
    from stylus_daw.chain.plugin_spec import PluginSpec, PluginValue
    from stylus_daw.chain.plugins.about import PluginDescription
    from stylus_daw.chain.plugins.cache import ScannedFile
    from stylus_daw.chain.plugins.hosting import Hosting

NONE_KNOWN = "No plugins are known. Look for them with: stylus-daw plugins scan"
MOST_EFFECT_BYTES = 64 << 20  # as a preset: room for the state of a plugin

app = typer.Typer(help="VST3 and AU plugins: scan, list, show, retry, set, edit.", rich_markup_mode=None)

Folders = Annotated[list[Path] | None, typer.Option("--folder", help="Look here instead of the system's folders.")]
Seconds = Annotated[float, typer.Option("--timeout", min=1, max=3600, help="Seconds that a plugin file may take.")]
Name = Annotated[str, typer.Argument(metavar="PLUGIN", help="Name or identifier of a scanned plugin, or a file.")]
Start = Annotated[Path | None, typer.Option("--from", help="Start from an effect written earlier.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the effect here instead of printing it.")]


@app.command("scan")
def scan_all(
    folder: Folders = None, timeout: Seconds = 30.0, state_dir: StateDir = None, as_json: Json = False
) -> None:
    """Look for plugins; each file is loaded in a process of its own. Known files are not loaded again."""
    from stylus_daw.chain.plugins.process import Timeouts
    from stylus_daw.chain.plugins.scan import plugin_files, plugin_folders, scan

    folders = folder or plugin_folders()
    files = plugin_files(folders)
    found = scan(_hosting(state_dir).cache, files, timeouts=Timeouts(scan_s=timeout), on_scanned=_tell_progress)
    looked = ", ".join(str(one) for one in folders)
    _tell(found, f"No plugins lie in {looked}; name another folder with --folder DIR.", as_json=as_json)


@app.command("list")
def list_all(state_dir: StateDir = None, as_json: Json = False) -> None:
    """Every plugin that scans have found, and every file that is skipped, with the reason."""
    _tell(_hosting(state_dir).cache.files, NONE_KNOWN, as_json=as_json)


@app.command("show")
def show(name: Name, state_dir: StateDir = None, as_json: Json = False) -> None:
    """One plugin: channels, latency, parameters with units and ranges."""
    about, path = _find(_hosting(state_dir), name)
    if as_json:
        from dataclasses import asdict

        say_json({**asdict(about), "path": str(path)})
        return
    print(f"{about.name} {about.version} by {about.maker} ({about.identifier})\n{path}")
    channels = ", ".join(map(str, about.channels)) or "none"
    print(f"channels: {channels}; latency: {about.latency_samples} samples")
    for knob in about.parameters:
        note = " (shown only)" if knob.is_meter else ""
        print(f"  {knob.name}: {knob.allowed}, default {knob.default}{note}")


@app.command("retry")
def retry(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files to try again. Default: all that failed.")] = None,
    timeout: Seconds = 30.0,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Scan again what crashed, hung or would not load."""
    from stylus_daw.chain.plugins.cache import ScanOutcome
    from stylus_daw.chain.plugins.process import Timeouts
    from stylus_daw.chain.plugins.scan import scan

    cache = _hosting(state_dir).cache
    kept = (ScanOutcome.FOUND, ScanOutcome.BLOCKED)
    failed = [one.path for one in cache.files if one.outcome not in kept]
    chosen = [path.absolute() for path in paths] if paths else failed
    for path in chosen:
        if not path.exists():
            raise RequestError("plugins.file", f"There is no plugin file {path}. Name one of: {_names(failed)}.")
    cache.forget(chosen)
    found = scan(cache, chosen, timeouts=Timeouts(scan_s=timeout), on_scanned=_tell_progress)
    _tell(found, "No plugin failed, so there is none to try again.", as_json=as_json)


@app.command("set")
def set_parameters(
    name: Name,
    values: Annotated[list[str] | None, typer.Argument(metavar="PARAMETER=VALUE…")] = None,
    start: Start = None,
    out: Out = None,
    state_dir: StateDir = None,
) -> None:
    """Write an effect for a preset's chain: the plugin with these parameters, and its state."""
    hosting = _hosting(state_dir)
    changed = dict(_parsed(one) for one in values or ())
    _write(hosting.capture(_spec(hosting, name, start), changed), out)


@app.command("edit")
def edit(name: Name, start: Start = None, out: Out = None, state_dir: StateDir = None) -> None:
    """Open the plugin's window; when it is closed, write the effect as it is set then."""
    hosting = _hosting(state_dir)
    _write(hosting.edit(_spec(hosting, name, start)), out)


@app.command("missing")
def missing(state_dir: StateDir = None, as_json: Json = False) -> None:
    """The presets whose plugins cannot be used on this machine, and why."""
    from stylus_daw.presets.library.library import PresetLibrary
    from stylus_daw.settings import Settings, state_folder

    hosting, presets = _hosting(state_dir), PresetLibrary(user_folder=Settings(home=state_folder(state_dir)).presets)
    lacking = [(preset, one) for preset in presets.all() for one in hosting.missing(preset.chain)]
    for preset, one in lacking:
        if as_json:
            say_json({"preset": preset.id, "plugin": one.plugin.label, "reason": one.reason})
        else:
            print(f"{preset.id}: {one.plugin.label}: {one.reason}")
    if not lacking and not as_json:
        print("No preset lacks a plugin.")


def _hosting(state_dir: Path | None) -> Hosting:
    from stylus_daw.chain.plugins.hosting import Hosting

    return Hosting.in_folder(state_dir)


def _find(hosting: Hosting, name: str) -> tuple[PluginDescription, Path]:
    from stylus_daw.chain.strict import nearest

    plugins = hosting.cache.plugins
    for about, path in plugins:
        if name in (about.identifier, str(path)) or name.casefold() == about.name.casefold():
            return about, path
    guess = nearest(name, [about.name for about, _ in plugins])
    hint = f' Did you mean "{guess}"?' if guess else ""
    text = f'No plugin was found by the name "{name}".{hint} See them with: stylus-daw plugins list'
    raise RequestError("plugins.unknown", text)


def _spec(hosting: Hosting, name: str, start: Path | None) -> PluginSpec:
    """The plugin to set: by name, or a file that no scan knows, or as it was written before."""
    from stylus_daw.chain.plugin_spec import PluginSpec
    from stylus_daw.chain.plugins.loaded import format_of

    if start is not None:
        return _read(start)
    if Path(name).exists():
        return PluginSpec(path=str(Path(name).absolute()), format=format_of(name))
    about, path = _find(hosting, name)
    return PluginSpec(path=str(path), identifier=about.identifier, name=about.name, format=about.format)


def _read(file: Path) -> PluginSpec:
    from stylus_daw.chain.spec import EffectSpec

    try:
        effect = EffectSpec.model_validate(json.loads(read_regular(file, MOST_EFFECT_BYTES)))
    except (OSError, ValueError, RecursionError) as error:
        raise RequestError("plugins.effect", f"The effect in {file} cannot be read: {error}.") from error
    if effect.plugin is None:
        raise RequestError("plugins.effect", f"{file} contains the effect {effect.kind}; a plugin is needed.")
    return effect.plugin


def _write(plugin: PluginSpec, out: Path | None) -> None:
    from stylus_daw.atomic import write_text_atomic
    from stylus_daw.chain.spec import EffectSpec

    text = EffectSpec(kind="plugin", plugin=plugin).model_dump_json(indent=2, exclude_defaults=True)
    if out is None:
        print(text)
        return
    try:
        write_text_atomic(out, text + "\n")
    except OSError as error:
        raise RequestError("plugins.out", f"The effect cannot be written to {out}: {unwritable(error)}") from error


def _parsed(text: str) -> tuple[str, PluginValue]:
    name, sign, value = text.partition("=")
    if not sign:
        raise RequestError("cli.usage", f'"{text}" is not of the form PARAMETER=VALUE, such as gain_db=-6.')
    if value in ("true", "false"):
        return name, value == "true"
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _tell(files: tuple[ScannedFile, ...], nothing: str, *, as_json: bool) -> None:
    """``nothing`` is said where there are no files."""
    for one in files:
        if as_json:
            plugins = [plugin.name for plugin in one.usable]
            found = {"path": str(one.path), "outcome": one.outcome.value, "plugins": plugins, "reason": one.reason}
            say_json(found)
        elif one.usable:
            for plugin in one.usable:
                kind = "" if plugin.is_effect else " (instrument: cannot be used in a chain)"
                print(f"{plugin.name} {plugin.version}{kind}  {one.path}")
        else:
            print(f"skipped {one.path}: {one.reason}", file=sys.stderr)
    if not files and not as_json:
        print(nothing)


def _tell_progress(scanned: ScannedFile) -> None:
    print(f"{scanned.outcome.value}: {scanned.path}", file=sys.stderr)


def _names(paths: Any) -> str:
    return ", ".join(str(path) for path in paths) or "none failed"
