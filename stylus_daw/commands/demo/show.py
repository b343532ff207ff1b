"""The demo from start to end: app, DAW, checks, table, picture."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.progress import Progress
from rich.table import Table

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.wire.protocol import Progressed
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read, write_audio
from stylus_daw.commands import console
from stylus_daw.commands.demo.checks import Check, check
from stylus_daw.commands.demo.picture import Row, draw
from stylus_daw.commands.reporting import DONE, FAILED, say_json
from stylus_daw.errors import RequestError
from stylus_daw.own_program import how_to_add
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.rehearsal import Answer, SessionRegion, ask, bundled_region, headless_app

PRESETS = ("warm-strings", "marimba-wood")
PICTURE = "demo.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One preset's stem in the demo's folder, and what was found."""

    answer: Answer
    stem: Path
    checks: tuple[Check, ...]
    seconds: float

    @property
    def realtime_factor(self) -> float:
        return self.seconds / self.answer.render_s


def show(out: Path, *, as_json: bool) -> int:
    """Run the demo; returns the exit code.

    Raises:
        RequestError: the folder cannot be written.
        StylusError: the app or a job failed.
    """
    region = bundled_region()
    _make_folder(out)
    write_audio(out / "content.wav", region.clip)
    with tempfile.TemporaryDirectory(prefix="stylus-daw-demo-", ignore_cleanup_errors=True) as state:
        shown = list(_played(region, Path(state), out, quiet=as_json))
    picture = _picture(region.clip, shown, out / PICTURE)
    if as_json:
        _say_all(shown, picture)
    else:
        _print_all(shown, region, picture)
    return DONE if all(one.is_kept for shown_one in shown for one in shown_one.checks) else FAILED


def _played(region: SessionRegion, state: Path, out: Path, *, quiet: bool) -> Iterator[Shown]:
    with console.progress(disable=quiet) as bar:
        starting = bar.add_task("starting the app", total=None)
        with headless_app(state), BridgeClient(state) as client:
            bar.remove_task(starting)
            for preset in PRESETS:
                yield _one(client, region, preset, out, bar)


def _one(client: BridgeClient, region: SessionRegion, preset: str, out: Path, bar: Progress) -> Shown:
    task = bar.add_task(preset, total=1.0)

    def progress(message: Progressed) -> None:
        bar.update(task, completed=message.fraction, description=f"{preset}: {message.stage}")

    answer = ask(client, region, preset, progress)
    checks = check(answer, region.clip)
    stem = Path(shutil.copyfile(answer.stem, out / f"{preset}.wav"))
    bar.remove_task(task)
    return Shown(answer=answer, stem=stem, checks=checks, seconds=region.clip.seconds)


def _picture(content: Clip, shown: Sequence[Shown], path: Path) -> str:
    """Draw; returns the remark about it."""
    try:
        draw([_row(content, one) for one in shown], path)
    except ImportError:
        return f"no picture: {how_to_add('bench')}"
    except OSError as error:
        raise RequestError("demo.picture", f"'{path}' cannot be written: {error}. Choose another folder.") from error
    return f"picture: {path}"


def _row(content: Clip, shown: Shown) -> Row:
    presets = PresetLibrary()
    preset = presets.get(shown.answer.preset)
    style = presets.styles(preset)[0]
    result = read(shown.stem)
    return Row(
        clips=(content, read(style.path), result),
        titles=("the region in the session", style.title, preset.name),
    )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError("demo.folder", f"The folder '{out}' cannot be made: {error}. Choose another.") from error


def _say_all(shown: Sequence[Shown], picture: str) -> None:
    for one in shown:
        say_json(
            {
                "preset": one.answer.preset,
                "stem_path": one.stem,
                "waited_s": round(one.answer.waited_s, 3),
                "render_s": round(one.answer.render_s, 3),
                "realtime_factor": round(one.realtime_factor, 2),
                "checks": [asdict(found) for found in one.checks],
            }
        )
    say_json({"picture": picture})


def _print_all(shown: Sequence[Shown], region: SessionRegion, picture: str) -> None:
    clip = region.clip
    place = f"from sample {clip.start:,} of the session"
    print(f"region: {clip.seconds:g} s, {clip.channels} channels, {clip.rate:,} Hz, {place}")
    console.out().print(_table(shown))
    for one in shown:
        for found in one.checks:
            print(f"{'ok' if found.is_kept else 'FAILED':6} {one.answer.preset} {found.name}: {found.text}")
    print(f"listen: {shown[0].stem.parent / 'content.wav'} and the stems; {picture}")


def _table(shown: Sequence[Shown]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("preset", "stem", "checks"):
        table.add_column(heading, overflow="fold")
    for heading in ("until the stem", "rendering", "x real time"):
        table.add_column(heading, justify="right")
    for one in shown:
        waited, rendered = f"{one.answer.waited_s:.1f} s", f"{one.answer.render_s:.1f} s"
        speed = f"{one.realtime_factor:.2f}"
        table.add_row(one.answer.preset, str(one.stem), _verdict(one.checks), waited, rendered, speed)
    return table


def _verdict(checks: Sequence[Check]) -> str:
    lost = [found.name for found in checks if not found.is_kept]
    return f"FAILED: {', '.join(lost)}" if lost else f"all {len(checks)} ok"
