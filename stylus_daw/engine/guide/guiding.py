"""From a heard region to the base image of its render: transcribe, choose, draw, blend."""

from __future__ import annotations

from stylus_daw.audio.columns import Mapped
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.guide.base_image import BaseImage, GuidedStyle, base_image
from stylus_daw.engine.guide.blending import Bed
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.listening import KeptInstruments
from stylus_daw.engine.guide.region import HeardRegion, HeardStyle
from stylus_daw.engine.image.row_match import RowMatch
from stylus_daw.engine.image.values import to_decibels, to_values
from stylus_daw.engine.machine.runtime import Runtime
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.notes.transcriber import Listen, embedded
from stylus_daw.engine.progress import ReportProgress, within

STYLES_HEARD, CONTENT_HEARD = 0.3, 0.8
"""Where in the progress each part ends: about its share of the time."""
HEARING = "hearing the notes"


def guided(
    region: HeardRegion,
    instruments: KeptInstruments,
    structure: float,
    runtime: Runtime,
    scratch: Scratch,
    progress: ReportProgress,
    listen: Listen,
) -> BaseImage:
    """The base image of a region.

    Args:
        region: content and styles.
        instruments: those of earlier renders.
        structure: 0..1, from the styles' envelopes to the content's.
        runtime: where the transcriber runs.
        scratch: where long images and posteriors lie meanwhile.
        progress: told at every step; may raise JobCancelled.
        listen: the transcriber.
    """
    played = _instruments(region, instruments, within(progress, 0.0, STYLES_HEARD))
    heard = _heard(region, runtime, scratch, within(progress, STYLES_HEARD, CONTENT_HEARD), listen)
    content = ContentNotes.of(region.content_db, heard)
    return base_image(
        region.content,
        region.content_db,
        content,
        _styles(region, played),
        level=region.level,
        structure=structure,
        scratch=scratch,
        progress=within(progress, CONTENT_HEARD, 1.0),
    )


def _heard(
    region: HeardRegion, runtime: Runtime, scratch: Scratch, progress: ReportProgress, listen: Listen
) -> Transcription:
    if region.heard is not None:
        return embedded(runtime).decoded(region.content, region.heard, scratch)
    return listen(region.content, runtime=runtime, scratch=scratch, progress=lambda share, _: progress(share, HEARING))


def _instruments(region: HeardRegion, kept: KeptInstruments, progress: ReportProgress) -> list[Instrument]:
    """Those of the styles; says of each what it is good for."""
    found, count = [], len(region.styles)
    for number, style in enumerate(region.styles):
        part = within(progress, number / count, (number + 1) / count)
        instrument = kept.of(style.clip, part)
        part(1.0, instrument.told)
        found.append(instrument)
    return found


def _styles(region: HeardRegion, instruments: list[Instrument]) -> list[GuidedStyle]:
    values = Mapped(image=region.content_db, function=lambda block: to_values(block, region.level))
    matches = RowMatch.each(values, [style.values for style in region.styles])
    return [
        GuidedStyle(weight=style.weight, instrument=instrument, rows=rows, bed=_bed(region, style))
        for style, instrument, rows in zip(region.styles, instruments, matches, strict=True)
    ]


def _bed(region: HeardRegion, style: HeardStyle) -> Bed:
    return Bed.of(region.content_db, region.level, to_decibels(style.values), 0.0)
