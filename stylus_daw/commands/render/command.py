"""``stylus-daw render``: one file, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Device, Json, StateDir
from stylus_daw.commands.render.control_options import (
    BarBeats,
    Brightness,
    DryWet,
    Envelope,
    Formants,
    LowKeep,
    Tempo,
    TempoSync,
    Transients,
)

Source = Annotated[Path, typer.Argument(metavar="IN", help="Audio file to restyle.")]
Preset = Annotated[str | None, typer.Option(help="Preset, by id or name; `stylus-daw presets` lists them.")]
Style = Annotated[
    list[str] | None,
    typer.Option(metavar="FILE[=WEIGHT]", help="Style reference instead of a preset; repeat it to blend several."),
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="OUT.wav", help="The stem: 32-bit float Broadcast Wave.")]
Strength = Annotated[float | None, typer.Option(help="0 to 2: how far towards the style; 0 gives the input back.")]
Structure = Annotated[float | None, typer.Option(help="0 to 1: how much is kept of the content.")]
StructureEnd = Annotated[
    float | None, typer.Option(help="0 to 1: structure at the last step (diffusion checkpoints). Default: the same.")
]
Sharpness = Annotated[float | None, typer.Option(help="0.25 to 4: above 1 picks fewer moments of the style.")]
Start = Annotated[float | None, typer.Option(help="0.05 to 1: how deep the inversion goes (diffusion checkpoints).")]
Steps = Annotated[int | None, typer.Option(help="1 to 200: steps of inversion and sampling (diffusion checkpoints).")]
Seed = Annotated[int | None, typer.Option(help="0 to 2147483647: another seed, another take.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|PATH|HUB-ID", help="Model; see `stylus-daw models`. Default: the preset's, or stylus-mini."
    ),
]
MatchingName = Annotated[
    str | None,
    typer.Option(
        "--matching", help="rows, channels or exact: which statistics are the styles' (diffusion checkpoints)."
    ),
]
SamplerName = Annotated[
    str | None,
    typer.Option("--sampler", help="ddim, dpmpp, unipc or lcm (diffusion checkpoints). Default: by quality."),
]
QualityName = Annotated[str | None, typer.Option("--quality", help="draft, normal or high.")]
Takes = Annotated[int, typer.Option(min=1, max=32, help="How many, a little different each: OUT-1.wav, OUT-2.wav, …")]
Spread = Annotated[float, typer.Option(min=0, max=1, help="0 to 1: how far the takes lie from each other.")]
WithoutMissing = Annotated[
    bool, typer.Option("--allow-missing-plugins", help="Leave out plugins of the preset that are not here.")
]
AllowDownload = Annotated[
    bool, typer.Option("--allow-download", help="Agree to download the model, if it is a hub id and not here.")
]
NoChain = Annotated[bool, typer.Option("--no-chain", help="Leave out the preset's effects.")]


def command(
    source: Source,
    out: Out,
    preset: Preset = None,
    style: Style = None,
    strength: Strength = None,
    structure: Structure = None,
    structure_end: StructureEnd = None,
    sharpness: Sharpness = None,
    start: Start = None,
    steps: Steps = None,
    seed: Seed = None,
    matching: MatchingName = None,
    sampler: SamplerName = None,
    quality: QualityName = None,
    transients: Transients = None,
    low_keep_hz: LowKeep = None,
    dry_wet: DryWet = None,
    brightness: Brightness = None,
    formants: Formants = None,
    envelope: Envelope = None,
    tempo_sync: TempoSync = None,
    tempo_bpm: Tempo = None,
    bar_beats: BarBeats = None,
    checkpoint: Model = None,
    device: Device = "auto",
    no_chain: NoChain = False,
    allow_download: AllowDownload = False,
    without_missing: WithoutMissing = False,
    takes: Takes = 1,
    spread: Spread = 0.3,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Restyle one file with a preset or with style files; the app need not run."""
    from stylus_daw.commands.render.rendering import Wish, render

    knobs = {
        "strength": strength,
        "structure": structure,
        "structure_end": structure_end,
        "sharpness": sharpness,
        "start": start,
        "steps": steps,
        "seed": seed,
        "matching": matching,
        "sampler": sampler,
        "quality": quality,
        "checkpoint": checkpoint,
        "transients": transients,
        "low_keep_hz": low_keep_hz,
        "dry_wet": dry_wet,
        "brightness": brightness,
        "formants": formants,
        "envelope": envelope,
        "tempo_sync": tempo_sync,
        "tempo_bpm": tempo_bpm,
        "bar_beats": bar_beats,
    }
    wish = Wish(
        source=source,
        stem=out,
        preset=preset,
        styles=tuple(style or ()),
        device=device,
        has_chain=not no_chain,
        allows_missing_plugins=without_missing,
        allows_download=allow_download,
        state_dir=state_dir,
        takes=takes,
        spread=spread,
        knobs={name: value for name, value in knobs.items() if value is not None},
    )
    render(wish, as_json=as_json)
