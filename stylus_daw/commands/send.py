"""``stylus-daw send``: one message to the running app. Starts in an instant: neither typer, rich nor numpy."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.client.endpoint import read_endpoint
from stylus_bridge.wire.protocol import FINAL, Cancelled, Done, Failed, JobMessage, Progressed, Queued
from stylus_daw.commands.reporting import DONE, FAILED, say_json, tell_error
from stylus_daw.errors import JobError, RequestError
from stylus_daw.regular_file import read_regular
from stylus_daw.settings import state_folder

HELP = "Talk to the running app: ping, presets, submit, render, status, cancel."

_MAX_STATE_BYTES = 1_000_000

Verb = Callable[[BridgeClient, argparse.Namespace], int]


def send(arguments: list[str]) -> int:
    """Run ``stylus-daw send`` with its arguments; returns the exit code.

    Raises:
        RequestError: the arguments make no sense, or a file is missing.
        BridgeError: the app is not running, does not answer, or refuses.
    """
    options = _parser().parse_args(arguments)
    with BridgeClient(state_folder(options.state_dir)) as client:
        return options.verb(client, options)


def _ping(client: BridgeClient, options: argparse.Namespace) -> int:
    pong = client.ping()
    _say(options, pong, f"stylus-daw {pong.version} is running; jobs: {pong.queued} waiting, {pong.running} running")
    return DONE


def _presets(client: BridgeClient, options: argparse.Namespace) -> int:
    for preset in client.presets():
        _say(options, preset, f"{preset.id:24} {preset.name}")
    return DONE


def _submit(client: BridgeClient, options: argparse.Namespace) -> int:
    return _follow(client, client.submit(options.folder), options)


def _render(client: BridgeClient, options: argparse.Namespace) -> int:
    job = str(uuid.uuid4())
    wav = _within_reach(options.wav, job, state_folder(options.state_dir))
    return _follow(client, client.render(wav, options.preset, job), options)


def _status(client: BridgeClient, options: argparse.Namespace) -> int:
    answer = client.status(options.job)
    _say(options, answer, f"{answer.job}: {_words(answer)}")
    return DONE


def _cancel(client: BridgeClient, options: argparse.Namespace) -> int:
    """Done when the job has stopped; a job that had ended before cannot be cancelled any more."""
    answer = client.cancel(options.job)
    if not isinstance(answer, FINAL):
        answer = client.wait(options.job)
    if not isinstance(answer, Cancelled):
        raise JobError("job.finished", f"Job {answer.job} had ended already: {_words(answer)}.")
    _say(options, answer, f"{answer.job}: cancelled")
    return DONE


def _follow(client: BridgeClient, answer: JobMessage, options: argparse.Namespace) -> int:
    """Tell what became of a job that was submitted, now or at its end."""
    if options.wait and not isinstance(answer, FINAL):
        try:
            answer = client.wait(answer.job, _progress_line(options), options.timeout)
        except KeyboardInterrupt:
            print(f"\nThe job continues. Stop it with: stylus-daw send cancel {answer.job}", file=sys.stderr)
            raise
    return _ended(answer, options)


def _ended(answer: JobMessage, options: argparse.Namespace) -> int:
    if isinstance(answer, Failed) and not options.json:
        tell_error(answer.code, answer.message, as_json=False)
    elif isinstance(answer, Done):
        _say(options, answer, answer.stem_path, note=_note(Path(answer.stem_path)))
    else:
        _say(options, answer, f"{answer.job}: {_words(answer)}")
    return FAILED if isinstance(answer, Failed | Cancelled) else DONE


def _within_reach(wav: Path, job: str, home: Path) -> Path:
    """A copy of the file in the job's folder, under its own name: the app takes sources from its jobs folder only."""
    if not wav.is_file():
        raise RequestError("audio.missing", f"'{wav}' does not exist, or is not a file. Check the path.")
    endpoint = read_endpoint(home)
    if endpoint is None:
        return wav
    import shutil  # slow to load, and only needed here

    copy = Path(endpoint.jobs) / job / "input" / wav.name  # a folder of its own: it may be called as the stem will be
    try:
        copy.parent.mkdir(parents=True)
        return Path(shutil.copyfile(wav, copy))
    except OSError as error:
        if not isinstance(error, FileExistsError):  # nobody's but ours, and half of a file
            shutil.rmtree(copy.parents[1], ignore_errors=True)
        text = f"'{wav}' was not copied to '{copy.parent}': {error.strerror or error}. Free some space there, or check "
        raise RequestError("audio.write", f"{text}that both can be used.") from error


def _words(message: JobMessage) -> str:
    match message:
        case Queued():
            return f"waiting at position {message.position}"
        case Progressed():
            return f"{message.fraction:.0%}, {message.stage}"
        case Done():
            return f"done, {message.stem_path}"
        case Cancelled():
            return "cancelled"
        case Failed():
            return f"failed, {message.message} [{message.code}]"


def _progress_line(options: argparse.Namespace) -> Callable[[Progressed], None] | None:
    if options.json:
        return lambda progress: _say(options, progress, "")
    if not sys.stderr.isatty():
        return None
    return lambda progress: print(f"\r\x1b[K{_words(progress)}", end="\r", file=sys.stderr, flush=True)


def _note(stem: Path) -> str:
    """What ``state.json`` tells besides the stem; OSC has no place for it."""
    try:
        return json.loads(read_regular(stem.with_name("state.json"), _MAX_STATE_BYTES))["note"] or ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _say(options: argparse.Namespace, message: Any, words: str, note: str = "") -> None:
    if options.json:
        said = {"event": type(message).__name__.lower(), **asdict(message)}
        say_json(said | ({"note": note} if note else {}))
        return
    print(words, flush=True)
    if note:
        print(note, file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RequestError("cli.usage", f"{message}. See: {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="stylus-daw send", description=HELP, parents=[_common(None, False)])
    verbs = parser.add_subparsers(required=True, metavar="WHAT")
    _verb(verbs, "ping", _ping, "is the app running?")
    _verb(verbs, "presets", _presets, "the presets it offers")
    submit = _verb(verbs, "submit", _submit, "submit a job folder (with its job.json)")
    submit.add_argument("folder", type=Path)
    render = _verb(verbs, "render", _render, "restyle a whole file; the stem is written to the app's jobs folder")
    render.add_argument("wav", type=Path)
    render.add_argument("--preset", required=True, help="id or name; see: stylus-daw presets")
    for waiting in (submit, render):
        waiting.add_argument("--wait", action="store_true", help="wait for the stem, then print its path")
        waiting.add_argument("--timeout", type=_seconds, default=3600.0, help="longest wait in seconds")
    _verb(verbs, "status", _status, "state of a job").add_argument("job")
    _verb(verbs, "cancel", _cancel, "stop a job").add_argument("job")
    return parser


def _seconds(written: str) -> float:
    """Refused before a job is sent, and not when it is waited for."""
    seconds = float(written)
    if not seconds >= 0:  # NaN, too
        raise argparse.ArgumentTypeError(f"{written!r} is no length of time; allowed: 0 or more seconds")
    return seconds


def _verb(verbs: Any, name: str, verb: Verb, what: str) -> argparse.ArgumentParser:
    silent = _common(argparse.SUPPRESS, argparse.SUPPRESS)
    parser = verbs.add_parser(name, help=what, description=what, parents=[silent])
    parser.set_defaults(verb=verb)
    return parser


def _common(state_dir: Any, as_json: Any) -> argparse.ArgumentParser:
    """Options that may stand before or after the verb; after it, they are silent about their defaults."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state-dir", type=Path, default=state_dir, help="the app's state folder")
    common.add_argument("--json", action="store_true", default=as_json, help="machine-readable answer")
    return common
