"""StylesPresenter: the styles of the workspace, their shares, and the quality of a render. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stylus_daw.audio.files import probe
from stylus_daw.engine.request import Quality
from stylus_daw.engine.shelf.unheard import unheard_knobs
from stylus_daw.errors import StylusError
from stylus_daw.jobs.style_part import StylePart
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.imports import PresetImports
from stylus_ui.presenters.sound.blend import CORNERS, Point, point_of, shares_at, with_share
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Property
from stylus_ui.state.player import AuditionPlayer
from stylus_ui.workspace.dropped import Dropped
from stylus_ui.workspace.workpiece import MAX_STYLES, StyleSlot, Workpiece

LEAST_SHARE = 1e-4
"""A style of the blend is never nothing: it would not come back when the others are scaled."""
GESTURE = "blend"
LEAST_PART_S = 0.5
"""With the mouse; the engine takes 0.1 s, but such a part has one sound at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleCard:
    """One style as it is shown.

    Attributes:
        path, name: of the file.
        share: of the blend, 0..1.
        part: the seconds of the file that are the reference; None: all of it.
        is_heard: it sounds now.
    """

    path: Path
    name: str
    share: float
    is_heard: bool = False
    part: StylePart | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Files that are audio, those that are not and why, and presets among them."""

    audio: tuple[Path, ...]
    problems: tuple[StylusError, ...]
    presets: tuple[Path, ...]


class StylesPresenter:
    """Style slots, blend, quality.

    Attributes:
        cards: the styles in their order.
        quality: of the next render. hears_quality: it makes a difference with the model in use.
        can_hear: there is a sound output.
    """

    def __init__(self, context: UiContext) -> None:
        self._context, self._workspace = context, context.workspace
        self.cards: Property[tuple[StyleCard, ...]] = Property(())
        self.quality: Property[Quality] = Property(Quality.NORMAL)
        self.can_hear, self.hears_quality = Property(False), Property(True)
        self._asked_of = ""
        self._heard: Path | None = None
        self._forgets: list[Callable[[], None]] = []
        self._forgets += [self._workspace.workpiece.observe(self._show), context.player.observe(self._follow_player)]

    def close(self) -> None:
        """Follow nothing more."""
        for forget in self._forgets:
            forget()

    # Styles

    def take_in(self, paths: Sequence[Path]) -> None:
        """Sounds and folders of them become styles; presets are imported."""
        if paths:
            self._context.background.run(lambda: _checked(paths), done=self._add, failed=self._failed)

    def _add(self, checked: _Checked) -> None:
        PresetImports(self._context).take(checked.presets)
        if checked.problems:
            self._failed(checked.problems[0])
        known = {slot.path for slot in self._slots}
        fresh = [path for path in checked.audio if path not in known]
        free = MAX_STYLES - len(self._slots)
        if fresh[:free]:
            self._workspace.add_styles(fresh[:free])
        if len(fresh) > free:
            said = self._context.text("A blend takes up to {count} styles; the others were left out.", count=MAX_STYLES)
            self._context.notify(Notice(kind=NoticeKind.BUSY, text=said, key="styles.many"))
        if not (checked.audio or checked.problems or checked.presets):
            said = self._context.text("That contained no audio. WAV, AIFF, FLAC, MP3 and Ogg can be styles.")
            self._context.notify(Notice(kind=NoticeKind.BAD, text=said, key="styles.none"))

    def remove(self, path: Path) -> None:
        """Remove a style; the others keep their proportions."""
        self._workspace.set_styles([slot for slot in self._slots if slot.path != path])

    # The part of a file

    def choose_part(self, path: Path, start_s: float, end_s: float, duration_s: float) -> None:
        """Only those seconds of a style's file are the reference; until `part_chosen`, all is one step of undo."""
        first, last = sorted((start_s, end_s))
        first = min(max(0.0, first), max(0.0, duration_s - LEAST_PART_S))
        last = min(max(last, first + LEAST_PART_S), duration_s)
        if last - first >= LEAST_PART_S - 1e-9:
            self._set_part(path, StylePart(start_s=round(first, 3), end_s=round(last, 3)))

    def part_chosen(self, path: Path) -> None:
        """The mouse was let go: the part is heard as it is; a draft of it follows by itself."""
        self._workspace.end_gesture()
        card = next((card for card in self.cards.value if card.path == path), None)
        player = self._context.player.value
        if card is not None and card.part is not None and player is not None and self.can_hear.value:
            player.preview(path, card.part)

    def whole(self, path: Path) -> None:
        """All of a style's file is the reference again."""
        self._workspace.end_gesture()
        self._set_part(path, None)
        self._workspace.end_gesture()

    def _set_part(self, path: Path, part: StylePart | None) -> None:
        slots = [replace(slot, part=part) if slot.path == path else slot for slot in self._slots]
        self._workspace.set_styles(slots, gesture=f"part {path}")

    # The blend

    @property
    def shares(self) -> tuple[float, ...]:
        """Of the styles in their order, sum 1."""
        return tuple(card.share for card in self.cards.value)

    @property
    def point(self) -> Point | None:
        """Where the handle is; None if there is no pad for so many styles."""
        return point_of(self.shares) if len(self.shares) in CORNERS else None

    def move_to(self, point: Point) -> None:
        """The handle is dragged there; `let_go` ends the step of undo."""
        if len(self.shares) in CORNERS:
            self._set_shares(shares_at(point, len(self.shares)), gesture=GESTURE)

    def nudge(self, by: Point) -> None:
        """Move the handle by a little; all nudges until `let_go` are one step of undo."""
        if (point := self.point) is not None:
            self.move_to((point[0] + by[0], point[1] + by[1]))

    def make_equal(self) -> None:
        """Give all styles the same share."""
        self._workspace.end_gesture()
        self._set_shares((1.0,) * len(self.shares))

    def set_share(self, path: Path, share: float) -> None:
        """Set one style's share, 0..1; the others keep their proportions."""
        paths = [card.path for card in self.cards.value]
        if len(paths) > 1 and path in paths:
            self._set_shares(with_share(self.shares, paths.index(path), share))

    def let_go(self) -> None:
        """A gesture is over."""
        self._workspace.end_gesture()

    @property
    def said(self) -> str:
        """The blend in words, for screen readers."""
        text = self._context.text
        return ", ".join(text("{name} {percent} %", name=one.name, percent=one.percent) for one in self.cards.value)

    def _set_shares(self, shares: Sequence[float], *, gesture: str = "") -> None:
        slots = zip(self._slots, shares, strict=True)
        weighted = [replace(slot, weight=max(LEAST_SHARE, round(share, 6))) for slot, share in slots]
        self._workspace.set_styles(weighted, gesture=gesture)

    # Quality

    def choose_quality(self, quality: Quality) -> None:
        if quality is not self.quality.value:
            self._workspace.edit_settings(quality=quality)

    def _ask(self, checkpoint: str) -> None:
        """Whether the model hears the quality: the engine knows, from a file."""
        if checkpoint != self._asked_of:
            self._asked_of = checkpoint
            self._context.background.run(
                lambda: "quality" not in unheard_knobs(checkpoint),
                done=lambda hears: setattr(self.hears_quality, "value", hears),
                failed=self._failed,
            )

    # Listening

    def hear(self, path: Path) -> None:
        """Play a style, or stop it if it sounds."""
        player = self._context.player.value
        if player is not None and self.can_hear.value:
            part = next((slot.part for slot in self._slots if slot.path == path), None)
            player.stop_preview() if self._heard == path else player.preview(path, part)

    def _follow_player(self, player: AuditionPlayer | None) -> None:
        self.can_hear.value = False
        if player is not None:
            self._forgets += [
                player.previewing.observe(self._show_heard),
                player.device.observe(lambda device: setattr(self.can_hear, "value", bool(device))),
            ]

    def _show_heard(self, path: Path | None) -> None:
        self._heard = path
        self._show(self._workspace.workpiece.value)

    # What is shown

    @property
    def _slots(self) -> tuple[StyleSlot, ...]:
        return self._workspace.workpiece.value.treatment.styles

    def _show(self, workpiece: Workpiece) -> None:
        shares = workpiece.treatment.weights
        self.quality.value = workpiece.treatment.settings.quality
        self._ask(workpiece.treatment.settings.checkpoint)
        self.cards.value = tuple(
            StyleCard(path=slot.path, name=slot.name, share=share, is_heard=slot.path == self._heard, part=slot.part)
            for slot, share in zip(workpiece.treatment.styles, shares, strict=True)
        )

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)


def _checked(paths: Sequence[Path]) -> _Checked:
    dropped = Dropped.of(paths)
    audio, problems = [], []
    for path in (*dropped.audio, *(path for path in dropped.others if path.is_file())):
        try:
            probe(path)
            audio.append(path)
        except StylusError as error:
            problems.append(error)
    return _Checked(tuple(audio), tuple(problems), (*dropped.bundles, *dropped.presets))
