"""What the list says of a model. No Qt."""

from __future__ import annotations

from stylus_ui.presenters.models.engine_look import EngineSeen, MemoryNeed
from stylus_ui.presenters.models.model_library import KnownModel
from stylus_ui.presenters.models.models import Trust, Verdict
from stylus_ui.state.sizes import size_said
from stylus_ui.state.text import Text

SHOWN_DIGITS = 12


def about_said(text: Text, model: KnownModel, seen: EngineSeen) -> str:
    """Family, size, and whether it fits."""
    parts = [model.title if model.title != model.name else text("Comes with Stylus")]
    parts += [size_said(text, model.bytes)] if model.bytes else []
    return " · ".join(part for part in (*parts, fit_said(text, seen, model.name)) if part)


def fit_said(text: Text, seen: EngineSeen, name: str) -> str:
    """Whether the device's memory is enough; empty while nobody has looked."""
    need = seen.memory.get(name)
    if need is None:
        return text("looking at the memory…") if seen.is_looking else ""
    size = size_said(text, need.needed)
    if need.fits is None:
        return text("takes about {size} of memory", size=size)
    if need.fits:
        return text("fits: takes about {size} of memory", size=size)
    return text("does not fit: takes about {size} of memory", size=size)


def is_too_large(seen: EngineSeen, name: str) -> bool:
    """It is known not to fit."""
    need: MemoryNeed | None = seen.memory.get(name)
    return need is not None and need.fits is False


def trust_said(text: Text, model: KnownModel, verdict: Verdict) -> tuple[str, str]:
    """What is known of its weights, and the state that this is."""
    if model.is_embedded:
        return "", ""
    digits = model.sha256[:SHOWN_DIGITS]
    match verdict.trust:
        case Trust.CHECKING:
            return text("Reading every byte…"), ""
        case Trust.SAME:
            return text("Unchanged since it was added · SHA-256 {digits}…", digits=digits), "good"
        case Trust.CHANGED:
            return text(verdict.message), "bad"
    return text("SHA-256 {digits}…", digits=digits) if digits else "", ""
