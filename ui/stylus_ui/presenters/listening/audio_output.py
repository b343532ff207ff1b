"""AudioOutput: the sound output of the window: which there are, which is used, and a sound to try it. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_ui.audition.output import OutputState
from stylus_ui.presenters.listening.transport import Transport
from stylus_ui.presenters.setup.demo import demo_region
from stylus_ui.state.observable import Forget, Property

if TYPE_CHECKING:
    from stylus_ui.context import UiContext
    from stylus_ui.state.player import AuditionPlayer


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSeen:
    """What is shown of it.

    Attributes:
        options: device by its name; the empty name is the system's choice.
        chosen: of them.
        said: what is in use.
        problem: why nothing can be heard; a sentence.
        can_play, is_playing: the sound to try it.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    chosen: str = ""
    said: str = ""
    problem: str = ""
    can_play: bool = False
    is_playing: bool = False


class AudioOutput:
    """Follows the window's player.

    Attributes:
        seen: what is shown.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._player: Transport | None = None
        self._forgets: list[Forget] = []
        self.seen: Property[OutputSeen] = Property(OutputSeen())
        self._forget_player = context.player.observe(self._follow)

    def close(self) -> None:
        """Stop following it."""
        self._forget_player()
        self._follow(None)

    def choose(self, name: str) -> None:
        """Use this output from now on; empty: what the system says."""
        if self._player is not None:
            self._player.choose_device(name)
            self._show()

    def retry(self) -> None:
        """Look again for outputs."""
        if self._player is not None:
            self._player.retry()

    def test(self) -> None:
        """Play a few seconds, or stop."""
        if self._player is None:
            return
        if self._player.previewing.value is not None:
            self._player.stop_preview()
        else:
            self._player.preview(trial_sound())

    def _follow(self, player: AuditionPlayer | None) -> None:
        while self._forgets:
            self._forgets.pop()()
        self._player = player if isinstance(player, Transport) else None
        if self._player is not None:
            self._forgets = [
                self._player.output.changed.connect(lambda _: self._show()),
                self._player.previewing.changed.connect(lambda _: self._show()),
            ]
        self._show()

    def _show(self) -> None:
        state = self._player.output.value if self._player else OutputState()
        text, chosen = self._context.text, self._player.chosen_device if self._player else ""
        options = {"": text("What the system uses"), **{name: name for name in state.names}}
        if chosen and chosen not in options:
            options[chosen] = text("{name} (not connected)", name=chosen)
        previewing = self._player.previewing.value if self._player else None
        self.seen.value = OutputSeen(
            options=options,
            chosen=chosen,
            said=text("In use: {name}", name=state.device) if state.device else "",
            problem=text(state.problem),
            can_play=bool(state.device),
            is_playing=previewing == trial_sound(),
        )


def trial_sound() -> Path:
    """Short, and there for sure."""
    return demo_region()
