"""Strength over time of a workpiece: a curve that stays with the content when the region changes. No Qt."""

from __future__ import annotations

from dataclasses import replace

from stylus_daw.engine.envelope import delayed
from stylus_daw.engine.knobs.points import EnvelopePoints
from stylus_ui.workspace.workpiece import Selection, Treatment, Workpiece


def shifted(points: EnvelopePoints | None, seconds: float) -> EnvelopePoints | None:
    """The same curve, counted from ``seconds`` earlier; None stays None."""
    return points and tuple((round(moment, 6), factor) for moment, factor in delayed(points, seconds))


def reselected(workpiece: Workpiece, selection: Selection | None) -> tuple[Selection | None, Treatment]:
    """A new selection, and the treatment whose curve is still at the same moments of the content."""
    content, before, treatment = workpiece.content, workpiece.region, workpiece.treatment
    chosen = selection.within(content.frames) if selection and content else None
    if content is None or before is None or not treatment.settings.envelope:
        return chosen, treatment
    moved_s = (before.first - (chosen.first if chosen else 0)) / content.rate
    settings = replace(treatment.settings, envelope=shifted(treatment.settings.envelope, moved_s))
    return chosen, replace(treatment, settings=settings) if moved_s else treatment
