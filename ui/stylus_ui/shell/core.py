"""Core: starts and stops the parts without a window, on a thread of its own. No Qt.

The window is up before anything of the core is imported (``stylus_daw.app`` comes here first).
"""

from __future__ import annotations

import logging
import threading

from stylus_daw.errors import StylusError
from stylus_ui.context import UiContext
from stylus_ui.state.dispatch import gathered_on_window_thread

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0
CHECK_S = 1.0
"""How soon the window says that a part of the core has died."""


class Core:
    """Runs ``stylus_daw.app.running``: ``context.app_ready`` says when it is up, ``core_problem`` why it is not."""

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; again after a problem."""
        if self._thread is None or not self._thread.is_alive():
            self._context.core_problem.value = ""
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="core", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = STOP_SECONDS) -> bool:
        """Stop it cleanly; jobs that are not finished stay in the journal. Returns whether it ended in time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        self._context.workspace.connect_core(None)
        self._context.app_ready.value = None
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._serve()
        except StylusError as error:
            self._tell_problem(self._words(error))
        except Exception as error:
            logger.exception("The core did not start")
            self._tell_problem(f"{type(error).__name__}: {error}")

    def _serve(self) -> None:
        from stylus_daw.app import App, running

        refuse_second(self._context)

        def up(app: App) -> None:
            self._context.workspace.connect_core(app)
            self._context.app_ready.value = app

        takes = self._context.workspace.takes
        listener = gathered_on_window_thread(self._context.dispatcher, takes.tell_all, key=lambda event: event.job)
        with running(self._context.settings) as app:
            app.queue.subscribe(listener)
            self._context.dispatcher.post(lambda: up(app))
            while not self._stopping.wait(CHECK_S):
                app.check()

    def _words(self, error: StylusError) -> str:
        if error.code != "journal.broken":
            return error.message
        return self._context.text(
            "The job journal {path} cannot be used: {cause}. Check that its disk has space and is writable. If "
            "the file is damaged, move it away and start again.",
            path=self._context.settings.journal,
            cause=error.__cause__,
        )

    def _tell_problem(self, said: str) -> None:
        def down() -> None:
            self._context.workspace.connect_core(None)
            self._context.app_ready.value = None
            self._context.core_problem.value = said

        self._context.dispatcher.post(down)


def refuse_second(context: UiContext) -> None:
    """Two cores must not share a state folder.

    Raises:
        BridgeError: ``bridge.running``.
    """
    from stylus_bridge.client.instance import running_instance
    from stylus_daw.errors import BridgeError

    first = running_instance(context.settings.home)
    if first is not None:
        said = context.text(
            "Stylus is already serving your DAW without a window (process {pid}, port {port}). Stop that one first.",
            pid=first.pid,
            port=first.port,
        )
        raise BridgeError("bridge.running", said)
