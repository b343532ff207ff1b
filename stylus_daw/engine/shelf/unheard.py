"""Which knobs a checkpoint does not hear: asked before anything is loaded. Imports no torch."""

from __future__ import annotations

from stylus_daw.engine.checkpoint import Base
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.style_settings import DEFAULT_CHECKPOINT, KNOBS
from stylus_daw.engine.layouts.layout import read_config
from stylus_daw.engine.shelf.registry import embedded_folder
from stylus_daw.errors import CheckpointError

OF_THE_NET = frozenset({"sharpness", "quality"})
"""What only a net's attention hears: how sharp it is, and how many tiles of a style it looks at."""


def unheard_knobs(checkpoint: str) -> frozenset[str]:
    """Names of the knobs that change nothing with a checkpoint; of others than the shipped one none is told.

    >>> "strength" in unheard_knobs("stylus-mini"), unheard_knobs("somebody/else")
    (False, frozenset())

    Raises:
        CheckpointError: the shipped weights are damaged.
    """
    if checkpoint != DEFAULT_CHECKPOINT:
        return frozenset()
    base = read_config(embedded_folder() / "config.json").get("base", Base.ROWS)
    of_other_methods = {name for name, knob in KNOBS.items() if Method.ONE_PASS not in knob.used_by}
    return frozenset(of_other_methods) | (OF_THE_NET if base == Base.BARE_GUIDE else frozenset())


def is_quality_heard(checkpoint: str) -> bool:
    """Whether draft quality may change anything; never raises, for what is said of errors asks it.

    >>> is_quality_heard("somebody/else")
    True
    """
    try:
        return "quality" not in unheard_knobs(checkpoint)
    except CheckpointError:
        return False


def smaller_render(checkpoint: str) -> str:
    """What can be chosen for a render that takes less; a model that hears no quality is not helped by another one.

    >>> smaller_render("somebody/else")
    'a shorter region or draft quality'
    """
    return "a shorter region or draft quality" if is_quality_heard(checkpoint) else "a shorter region"
