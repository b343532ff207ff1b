"""Preset: references, settings and a chain under one name, as stored in a JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, create_model, field_validator

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.chain.strict import StrictModel, refuse_unknown
from stylus_daw.engine.knobs.schema import preset_fields
from stylus_daw.engine.knobs.style_settings import KNOBS, StyleSettings
from stylus_daw.errors import PresetError
from stylus_daw.jobs.style_part import StylePart
from stylus_daw.presets.consent import plugins_of
from stylus_daw.presets.versions import VERSION, migrated

MAX_STYLES = 8  # in a blend: more cannot be told apart
SLOWEST_BPM, FASTEST_BPM = KNOBS["tempo_bpm"].range
MAX_PROGRAM = 128 * 128 - 1  # MIDI: 128 programs in each of 128 banks
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DEVICE_NAME = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that no file can have on Windows, whatever its suffix."""


class PresetStyle(StrictModel):
    """One style reference and its share of the blend."""

    audio: str = Field(
        min_length=1, description="file name, relative to the preset's folder, with forward slashes: styles/choir.flac"
    )
    weight: float = Field(default=1.0, ge=1e-6, le=1e6, description="share of the blend; the sum does not matter")
    title: str = Field(default="", max_length=120, description="what it is, for people")
    licence: str = Field(default="", max_length=120, description="terms under which the audio may be shared")
    tempo_bpm: float | None = Field(
        default=None,
        ge=SLOWEST_BPM,
        le=FASTEST_BPM,
        description="its own tempo; null: detected when needed",
    )
    part: tuple[float, float] | None = Field(
        default=None, strict=False, description="the seconds of the file that are the reference: [1.5, 4]; null: all"
    )
    sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="of the file; checked before use if given"
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

    @field_validator("part")
    @classmethod
    def _is_a_part(cls, part: tuple[float, float] | None) -> tuple[float, float] | None:
        if part is not None:
            StylePart(start_s=part[0], end_s=part[1])
        return part

    @property
    def excerpt(self) -> StylePart | None:
        """The part as a job knows it."""
        return StylePart(start_s=self.part[0], end_s=self.part[1]) if self.part else None

    @classmethod
    def _noun(cls) -> str:
        return "a style"


_Knobs: type[StrictModel] = create_model("_Knobs", __base__=StrictModel, **preset_fields())


class PresetSettings(_Knobs):
    """The engine's knobs; null leaves a knob to the checkpoint's own default."""

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
        refuse_unknown(changes, KNOBS, code="preset.key", what="setting")
        merged = PresetSettings.model_validate(self.settings.model_dump() | changes)
        return StyleSettings(**merged.model_dump())

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
