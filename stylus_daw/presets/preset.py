"""Preset: references, settings and a chain under one name, as they stand in a JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.chain.strict import StrictModel, refuse_unknown
from stylus_daw.engine.envelope import MAX_FACTOR, MAX_POINTS, MAX_SECONDS
from stylus_daw.engine.request import DEFAULT_CHECKPOINT, MAX_SEED, Quality, StyleSettings
from stylus_daw.errors import PresetError
from stylus_daw.presets.consent import plugins_of
from stylus_daw.presets.versions import VERSION, migrated

MAX_STYLES = 8
MAX_PROGRAM = 128 * 128 - 1
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DEVICE_NAME = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that no file can have on Windows, whatever its suffix."""


EnvelopePoint = Annotated[
    tuple[Annotated[float, Field(ge=-MAX_SECONDS, le=MAX_SECONDS)], Annotated[float, Field(ge=0, le=MAX_FACTOR)]],
    Field(strict=False),
]


class PresetStyle(StrictModel):
    """One style reference and its share of the blend."""

    audio: str = Field(
        min_length=1, description="file name, relative to the preset's folder, with forward slashes: styles/choir.flac"
    )
    weight: float = Field(default=1.0, ge=1e-6, le=1e6, description="share of the blend; the sum does not matter")
    title: str = Field(default="", max_length=120, description="what it is, for people")
    licence: str = Field(default="", max_length=120, description="under which terms the audio may be passed on")
    tempo_bpm: float | None = Field(
        default=None, ge=20, le=400, description="its own tempo; null: it is listened for where it is needed"
    )
    sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="of the file; checked before use where it is given"
    )

    @field_validator("audio")
    @classmethod
    def _stays_inside(cls, audio: str) -> str:
        path = PurePosixPath(audio)
        if path.is_absolute() or ".." in path.parts or "\\" in audio or ":" in audio or "\0" in audio:
            raise PresetError(
                "preset.path",
                f'The style file "{audio}" is not inside the preset\'s folder. Give a relative name with forward '
                "slashes, such as styles/choir.flac.",
            )
        return audio

    @classmethod
    def _noun(cls) -> str:
        return "a style"


class PresetSettings(StrictModel):
    """The engine's knobs; null leaves a knob to the checkpoint's own default."""

    strength: float | None = Field(default=None, ge=0, le=2, description="how far towards the style; 0 is the input")
    structure: float | None = Field(default=None, ge=0, le=1, description="how much is kept of the content")
    structure_end: float | None = Field(
        default=None, ge=0, le=1, description="structure at the last step; null: the same at all steps"
    )
    sharpness: float | None = Field(default=None, ge=0.25, le=4, description="above 1 picks fewer moments of the style")
    start: float | None = Field(default=None, ge=0.05, le=1, description="how deep the inversion goes")
    steps: int | None = Field(default=None, ge=1, le=200, description="steps of inversion and of sampling, each")
    seed: int = Field(default=0, ge=0, le=MAX_SEED, description="another seed, another take")
    matching: Literal["rows", "channels", "exact"] = Field(
        default="rows", description="which statistics the start takes from the styles"
    )
    sampler: Literal["ddim", "dpmpp", "unipc", "lcm"] | None = Field(
        default=None, description="how sampling steps; null: the quality chooses"
    )
    quality: Literal["draft", "normal", "high"] = Field(default="normal", description="chooses steps where it is null")
    checkpoint: str = Field(default=DEFAULT_CHECKPOINT, min_length=1, description="a model's name or folder")
    transients: float | None = Field(
        default=None, ge=0, le=1, description="how far attacks stay the input's; null: 0, as the style has them"
    )
    low_keep_hz: float | None = Field(
        default=None, ge=20, le=2_000, description="below it the input stays as it is; null: nothing is kept"
    )
    dry_wet: float | None = Field(
        default=None, ge=0, le=1, description="share of the result in the mix with the input; null: 1"
    )
    brightness: float | None = Field(
        default=None, ge=0, le=1, description="overall tilt: 0 the input's, 1 the style's; null: 1"
    )
    formants: float | None = Field(
        default=None, ge=0, le=1, description="broad resonances: 0 the input's, 1 the style's; null: 1"
    )
    envelope: tuple[EnvelopePoint, ...] | None = Field(
        default=None,
        strict=False,
        min_length=1,
        max_length=MAX_POINTS,
        description="strength over time: points [seconds from the region's start, factor 0 to 2]; null: 1 everywhere",
    )
    tempo_sync: bool = Field(default=False, description="true: the styles are looped by bars at the session's tempo")
    tempo_bpm: float | None = Field(
        default=None, ge=20, le=400, description="the session's tempo where the host tells none; null: unknown"
    )
    bar_beats: float | None = Field(
        default=None, ge=1, le=32, description="quarter notes in a bar where the host tells none; null: 4"
    )

    @classmethod
    def _noun(cls) -> str:
        return "the settings"


class Preset(StrictModel):
    """A preset.

    >>> Preset.model_validate({"version": 3, "id": "choir", "name": "Choir", "styles": [{"audio": "choir.flac"}]}).tags
    ()
    """

    version: Literal[3] = Field(default=VERSION, description="of this format")
    id: str = Field(max_length=64, pattern=f"^{SLUG.pattern}$", description="name in files and messages: warm-strings")
    name: str = Field(min_length=1, max_length=80, description="name on screen")
    author: str = Field(default="", max_length=120, description="who made it")
    notes: str = Field(default="", max_length=2_000, description="what it is good for")
    group: str = Field(default="", max_length=40, description="heading in lists")
    tags: tuple[str, ...] = Field(default=(), strict=False, max_length=16, description="words to find it by")
    licence: str = Field(default="", max_length=120, description="terms of the preset itself, as an SPDX name")
    program: int | None = Field(
        default=None, ge=0, le=MAX_PROGRAM, description="number to recall it by, as in #12; bank x 128 + MIDI program"
    )
    untrusted_plugins: bool = Field(
        default=False, description="true: it came in a bundle and its plugins wait for your consent"
    )
    styles: tuple[PresetStyle, ...] = Field(
        strict=False, min_length=1, max_length=MAX_STYLES, description="one reference, or several to blend"
    )
    settings: PresetSettings = Field(default_factory=PresetSettings, description="the engine's knobs")
    chain: ChainSpec = Field(default_factory=ChainSpec, description="effects after the engine")

    @property
    def plugins(self) -> tuple[str, ...]:
        """The third-party plugins of its chain, by name."""
        return plugins_of(self.chain.model_dump(mode="json"))

    def check_consent(self) -> None:
        """Refuse a preset whose plugins came from elsewhere and were not agreed to.

        Raises:
            PresetError: ``preset.consent``.
        """
        if self.untrusted_plugins and (plugins := self.plugins):
            raise PresetError(
                "preset.consent",
                f'"{self.name}" came in a bundle and brings settings for {", ".join(plugins)}, which are loaded into '
                f"that software. If you trust where it came from: stylus-daw presets consent {self.id}",
            )

    def to_settings(self, override: Mapping[str, Any] | None = None) -> StyleSettings:
        """The engine's settings, with the values of ``override`` in place of the preset's.

        Raises:
            PresetError: an unknown key or a value out of its range.
        """
        changes = dict(override or {})
        refuse_unknown(changes, PresetSettings.model_fields, code="preset.key", what="setting")
        if isinstance(changes.get("quality"), Quality):
            changes["quality"] = changes["quality"].value
        merged = PresetSettings.model_validate(self.settings.model_dump() | changes)
        return StyleSettings(**merged.model_dump(exclude={"quality"}), quality=Quality(merged.quality))

    def to_json(self) -> str:
        """The preset as its file holds it."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def _noun(cls) -> str:
        return "the preset"

    @classmethod
    def _complete(cls, written: dict[str, Any]) -> dict[str, Any]:
        return migrated(written)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a preset file, for editors and other programs."""
    return Preset.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schema_text() -> str:
    """The JSON Schema as a file holds it: ``docs/preset.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def slug(name: str) -> str:
    """An id made from a name.

    >>> slug("Late Night (Cafe)")
    'late-night-cafe'
    >>> slug("Aux"), slug("???")
    ('aux-preset', 'preset')
    """
    words = re.findall(r"[a-z0-9]+", name.casefold())
    made = "-".join(words)[:64].strip("-") or "preset"
    return f"{made}-preset" if DEVICE_NAME.fullmatch(made) else made
