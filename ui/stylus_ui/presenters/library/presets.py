"""PresetsPresenter: the preset library as a list that can be searched, heard and used. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.search import PresetQuery, search
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.preset_shelf import PresetShelf, Shelf, ShelvedPreset
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.player import AuditionPlayer
from stylus_ui.state.text import later
from stylus_ui.workspace.workpiece import Workpiece

YOURS = later("Yours")
FACTORY = later("Factory")
GROUPS = (
    later("Strings"),
    later("Keys"),
    later("Brass & Winds"),
    later("Voices"),
    later("Synths"),
    later("Percussive"),
    later("Textures"),
    later("Blends"),
)
"""Of the factory presets: translated where they are shown."""
HOVER = "presets.hover_audition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line between presets."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter of the list.

    Attributes:
        text: words that must all stand somewhere in a preset.
        tags: all of these.
        favourites_only: starred ones.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    favourites_only: bool = False

    @property
    def is_all(self) -> bool:
        return not (self.text.strip() or self.tags or self.favourites_only)


Row = Heading | ShelvedPreset


class PresetsPresenter:
    """The list.

    Attributes:
        shelf: everything that there is.
        rows: what is shown of it, under headings.
        wanted: what it is narrowed to.
        loaded: id of the preset in the workspace; is_edited: its sound has been changed since.
        heard: id of the preset whose style sounds; empty: none does.
        can_hear: there is a sound output.
        asks: the preset in the workspace whose plugins wait for consent; None: none does.
        reveal: emits an id that should be in sight.

    Args:
        context: of the window.
        library: left out, the library of the state folder.
    """

    def __init__(self, context: UiContext, library: PresetLibrary | None = None) -> None:
        self._context = context
        self.library = library or PresetLibrary(user_folder=context.settings.presets)
        self._reader = PresetShelf(self.library, context.settings.home, context.text)
        self.shelf: Property[Shelf] = Property(Shelf())
        self.rows: Property[tuple[Row, ...]] = Property(())
        self.wanted: Property[Wanted] = Property(Wanted())
        self.loaded, self.is_edited = Property(""), Property(False)
        self.heard, self.can_hear = Property(""), Property(False)
        self.asks: Property[ShelvedPreset | None] = Property(None)
        self.reveal: Signal[str] = Signal()
        self._heard: tuple[str, Path | None] = ("", None)
        self._forget_use: Callable[[], None] = lambda: None
        self._forgets: list[Callable[[], None]] = []
        self._follow()
        self.refresh()

    def _follow(self) -> None:
        context = self._context
        self.shelf.changed.connect(lambda _: self._show())
        self.wanted.changed.connect(lambda _: self._show())
        self._forgets += [
            context.presets_changed.connect(self.refresh),
            context.plugins_changed.connect(self.refresh),
            context.workspace.workpiece.observe(self._show_workpiece),
            context.player.observe(self._follow_player),
        ]

    def close(self) -> None:
        """Follow nothing more."""
        self._forget_use()
        for forget in self._forgets:
            forget()

    # Reading

    def refresh(self) -> None:
        """Read the library again."""
        self._context.background.run(self._reader.read, done=self._read, failed=self._failed)

    def poll(self) -> None:
        """Look whether somebody else has changed it; cheap enough for every second."""
        self._context.background.run(self._reader.read_if_changed, done=self._read, failed=self._failed)

    def _read(self, shelf: Shelf | None) -> None:
        if shelf is not None:
            self.shelf.value = shelf
            self._show_workpiece(self._context.workspace.workpiece.value)

    # What is shown

    def find(self, text: str) -> None:
        """Filter by words."""
        self.wanted.value = replace(self.wanted.value, text=text)

    def show_favourites(self, only: bool) -> None:
        self.wanted.value = replace(self.wanted.value, favourites_only=only)

    def toggle_tag(self, tag: str) -> None:
        """Add a tag to the filter, or remove it."""
        tags = self.wanted.value.tags
        other = tuple(one for one in tags if one != tag) if tag in tags else (*tags, tag)
        self.wanted.value = replace(self.wanted.value, tags=other)

    def show_all(self) -> None:
        self.wanted.value = Wanted()

    @property
    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag and how many presets have it, the most frequent first."""
        counted = Counter(tag.casefold() for one in self.shelf.value.presets for tag in one.preset.tags)
        return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def found(self) -> tuple[ShelvedPreset, ...]:
        """The presets among the rows."""
        return tuple(row for row in self.rows.value if isinstance(row, ShelvedPreset))

    def _show(self) -> None:
        wanted = self.wanted.value
        shelved = self.shelf.value.presets
        if wanted.favourites_only:
            shelved = tuple(one for one in shelved if one.is_favourite)
        by_id = {one.id: one for one in shelved}
        matching = search((one.preset for one in shelved), PresetQuery(text=wanted.text, tags=wanted.tags))
        self.rows.value = tuple(self._under_headings(by_id[preset.id] for preset in matching))

    def _under_headings(self, shelved: Iterable[ShelvedPreset]) -> Iterable[Row]:
        groups: dict[str, list[ShelvedPreset]] = {}
        for one in shelved:
            groups.setdefault(YOURS if one.is_own else one.preset.group or FACTORY, []).append(one)
        for title in sorted(groups, key=lambda title: title == YOURS):
            yield Heading(title=self._context.text(title))
            yield from groups[title]

    # The workspace

    def use(self, preset_id: str, *, then: Callable[[], object] = lambda: None) -> None:
        """Load a preset into the workspace, one step of undo, and ``then`` do something with it."""
        shelved = self.shelf.value.named(preset_id)
        if shelved is None:
            return
        self._forget_use()
        self._forget_use = self._context.background.run(
            lambda: self.library.styles_in(shelved.preset, shelved.folder),
            done=lambda styles: (self._context.workspace.load_preset(shelved.preset, styles), then()),
            failed=self._failed,
        )

    def render_with(self, preset_id: str) -> None:
        """Render with a preset; the one that is loaded keeps what was changed of it."""
        if preset_id == self.loaded.value:
            self._render()
        else:
            self.use(preset_id, then=self._render)

    def _render(self) -> None:
        self._context.shortcuts.trigger("render")

    def use_first(self) -> None:
        """Load the best match of the search."""
        if self.found:
            self.use(self.found[0].id)

    def _show_workpiece(self, workpiece: Workpiece) -> None:
        self.loaded.value, self.is_edited.value = workpiece.preset_id, workpiece.is_edited
        shelved = self.shelf.value.named(workpiece.preset_id) if workpiece.needs_consent else None
        self.asks.value = shelved if shelved and shelved.waits_for_consent else None

    # Listening

    @property
    def hears_on_hover(self) -> bool:
        """Presets sound while the mouse rests on them; the user's choice."""
        return self._context.preferences.get(HOVER, False)

    @hears_on_hover.setter
    def hears_on_hover(self, wanted: bool) -> None:
        self._context.preferences.set(HOVER, wanted)

    def hear(self, preset_id: str) -> None:
        """Play the preset's heaviest style, or stop it if it sounds."""
        if preset_id == self.heard.value:
            self.stop_hearing()
        else:
            self.start_hearing(preset_id)

    def start_hearing(self, preset_id: str) -> None:
        player, shelved = self._context.player.value, self.shelf.value.named(preset_id)
        if player is not None and shelved is not None and shelved.style is not None and self.can_hear.value:
            self._heard = (preset_id, shelved.style)
            player.preview(shelved.style)
            self._show_heard(player.previewing.value)

    def stop_hearing(self) -> None:
        """Stop the style that this list plays; another preview is left alone."""
        player = self._context.player.value
        if player is not None and self.heard.value:
            player.stop_preview()

    def _follow_player(self, player: AuditionPlayer | None) -> None:
        if player is None:
            self.can_hear.value, self.heard.value = False, ""
            return
        self._forgets += [
            player.previewing.observe(self._show_heard),
            player.device.observe(lambda device: setattr(self.can_hear, "value", bool(device))),
        ]

    def _show_heard(self, path: Path | None) -> None:
        preset_id, style = self._heard
        self.heard.value = preset_id if path is not None and path == style else ""

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)
