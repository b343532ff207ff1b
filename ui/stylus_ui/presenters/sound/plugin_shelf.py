"""PluginShelf: the plugins that scans have found, and the scan. No Qt.

A scan has a thread of its own: a plugin file may take half a minute, and the threads of the window have other work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.about import PluginParameter
from stylus_daw.chain.plugins.cache import PluginCache
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.plugins.scan import AT_ONCE, plugin_files, plugin_folders, scan
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.plugin_knobs import knobs_of
from stylus_ui.presenters.sound.plugin_places import has_failed, own_folders
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Property

Start = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginChoice:
    """A plugin that can be put into the chain.

    Attributes:
        name, maker: for people.
        plugin: fresh, as a chain holds it.
        knobs: of its parameters, those that can be turned here.
    """

    name: str
    maker: str
    plugin: PluginSpec
    knobs: tuple[PluginParameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanShown:
    """How far a scan is.

    Attributes:
        is_running: not finished yet.
        done, total: files. name: of the one that is loaded.
    """

    is_running: bool = False
    done: int = 0
    total: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scanned:
    found: int
    failed: tuple[str, ...]


def in_thread(work: Callable[[], object]) -> None:
    """Run it beside everything else; it never keeps the program from ending."""
    threading.Thread(target=work, name="plugins", daemon=True).start()


class PluginShelf:
    """What is installed.

    Attributes:
        choices: every effect that can be used, by maker and name.
        failed: names of files that crashed, hung or would not load.
        scan: how far a scan is.

    Args:
        context: of the window.
        start: runs what takes long.
        folders: where plugins are installed; left out, where the system and the user say.
    """

    def __init__(
        self, context: UiContext, *, start: Start = in_thread, folders: Callable[[], Sequence[Path]] | None = None
    ) -> None:
        self._context, self._start = context, start
        self._folders = folders or (lambda: (*plugin_folders(), *own_folders(context.preferences)))
        self._stop = threading.Event()
        self.choices: Property[tuple[PluginChoice, ...]] = Property(())
        self.failed: Property[tuple[str, ...]] = Property(())
        self.scan: Property[ScanShown] = Property(ScanShown())
        self._forget = context.plugins_changed.connect(self.refresh)
        self.refresh()

    def close(self) -> None:
        """Follow nothing more; a scan ends."""
        self.cancel()
        self._forget()

    def refresh(self) -> None:
        """Read again what is known."""
        self._context.background.run(
            lambda: _known(self._cache()), done=self._show, failed=lambda error: tell(self._context, error)
        )

    def look_for_plugins(self, *, tries_failed: bool = False) -> None:
        """Scan files that are new or have changed, and with ``tries_failed`` those that failed."""
        if not self.scan.value.is_running:
            self._stop = stop = threading.Event()
            self.scan.value = ScanShown(is_running=True)
            self._start(lambda: self._run(stop, tries_failed))

    def knobs(self, plugin: PluginSpec) -> tuple[PluginParameter, ...]:
        """Those of a plugin, if a scan has found it."""
        same = (one for one in self.choices.value if _is_same(one.plugin, plugin))
        return next((one.knobs for one in same), ())

    def cancel(self) -> None:
        """Stop after the files that are being loaded; what was found is kept."""
        self._stop.set()
        self.scan.value = ScanShown()

    def _cache(self) -> PluginCache:
        return Hosting.in_folder(self._context.settings.home).cache

    def _run(self, stop: threading.Event, tries_failed: bool) -> None:
        """On a thread of its own."""
        try:
            scanned = self._scan(stop, tries_failed)
        except Exception as error:  # noqa: BLE001 - told to the user
            self._post(stop, lambda error=error: tell(self._context, error))
        else:
            self._post(stop, lambda: self._tell(scanned))
        self._context.dispatcher.post(lambda: self._ended(stop))

    def _scan(self, stop: threading.Event, tries_failed: bool) -> _Scanned:
        cache = self._cache()
        if tries_failed:
            cache.forget([one.path for one in cache.files if has_failed(one)])
        new = [path for path in plugin_files(self._folders()) if cache.known(path) is None]
        found = []
        for at in range(0, len(new), AT_ONCE):
            if stop.is_set():
                break
            shown = ScanShown(is_running=True, done=at, total=len(new), name=new[at].stem)
            self._post(stop, lambda shown=shown: setattr(self.scan, "value", shown))
            found += scan(cache, new[at : at + AT_ONCE])
        count = sum(plugin.is_effect for one in found for plugin in one.plugins)
        return _Scanned(found=count, failed=tuple(one.path.stem for one in found if not one.plugins))

    def _post(self, stop: threading.Event, call: Callable[[], object]) -> None:
        """On the window's thread, unless it was cancelled."""
        self._context.dispatcher.post(lambda: None if stop.is_set() else call())

    def _ended(self, stop: threading.Event) -> None:
        if stop is self._stop:
            self.scan.value = ScanShown()
        self._context.plugins_changed.emit()

    def _tell(self, scanned: _Scanned) -> None:
        text, count = self._context.text, scanned.found
        said = text.count("{count} new plugin.", "{count} new plugins.", count) if count else text("No new plugins.")
        if scanned.failed:
            said += " " + text("These cannot be used: {names}.", names=", ".join(scanned.failed))
        kind = NoticeKind.BUSY if scanned.failed else NoticeKind.GOOD
        self._context.notify(Notice(kind=kind, text=said, key="plugins.scan"))

    def _show(self, known: tuple[tuple[PluginChoice, ...], tuple[str, ...]]) -> None:
        self.choices.value, self.failed.value = known


def _is_same(one: PluginSpec, other: PluginSpec) -> bool:
    """As ``Hosting.locate`` finds it: by its identifier, else by its name."""
    is_it = one.identifier == other.identifier if other.identifier else one.name == other.name
    return is_it and one.format == other.format


def _known(cache: PluginCache) -> tuple[tuple[PluginChoice, ...], tuple[str, ...]]:
    """What can be used, and what failed; files that are gone count as neither."""
    choices = [
        PluginChoice(
            name=about.name,
            maker=about.maker,
            knobs=knobs_of(about.parameters),
            plugin=PluginSpec(
                path=str(path),
                identifier=about.identifier,
                name=about.name,
                version=about.version,
                format=about.format,
            ),
        )
        for about, path in cache.plugins
        if about.is_effect and path.exists()
    ]
    failed = tuple(one.path.stem for one in cache.files if has_failed(one) and one.path.exists())
    return tuple(sorted(choices, key=lambda one: (one.maker.casefold(), one.name.casefold()))), failed
