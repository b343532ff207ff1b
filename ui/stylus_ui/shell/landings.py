"""Landings: says when a stem is done, above the work and, where the window is not in front, on the desktop. No Qt."""

from __future__ import annotations

from stylus_daw.app import App
from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, RenderRequest
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import DAWS, WINDOW, daw_name
from stylus_ui.presenters.history.words import name_of
from stylus_ui.state.dispatch import on_window_thread
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.state.observable import Forget

SILENT = ("draft",)
"""Origins whose jobs come and go while a knob is turned."""


class Landings:
    """Hears the queue from the moment when the core is up."""

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._forget: Forget = lambda: None
        context.app_ready.observe(self._connect)

    def _connect(self, app: App | None) -> None:
        self._forget()
        listener = on_window_thread(self._context.dispatcher, self._hear)
        self._forget = app.queue.subscribe(listener) if app else lambda: None

    def _hear(self, event: JobEvent) -> None:
        app = self._context.app
        if app is not None and isinstance(event, JobDone | JobFailed):
            self._context.background.run(
                lambda: app.journal.get(event.job).request, done=lambda request: self._tell(event, request)
            )

    def _tell(self, event: JobDone | JobFailed, request: RenderRequest) -> None:
        if request.origin.client in SILENT:
            return
        if isinstance(event, JobFailed):
            said, kind = f"{name_of(request)}: {self._context.text(event.message)}", NoticeKind.BAD
        else:
            said, kind = self._landed(request), NoticeKind.GOOD
        action = self._helps(request) if isinstance(event, JobFailed) else None
        is_looked_at = request.origin.client == WINDOW and kind is NoticeKind.GOOD
        self._context.notify(
            Notice(
                kind=kind,
                text=said,
                action=action,
                on_desktop=True,
                stays=kind is NoticeKind.BAD,
                key=f"landed-{is_looked_at}",
            )
        )

    def _helps(self, request: RenderRequest) -> NoticeAction | None:
        """What is worked on can be rendered again: the lane may show the take before it. A DAW asks for itself."""
        workspace = self._context.workspace
        content = workspace.workpiece.value.content
        if request.origin.client != WINDOW or content is None or content.path != request.source:
            return None
        return NoticeAction(label=self._context.text("Render again"), call=workspace.render)

    def _landed(self, request: RenderRequest) -> str:
        """The stem is in the session of a DAW; if that is unknown, only that it is rendered."""
        name, client = name_of(request), request.origin.client
        if client in DAWS:
            return self._context.text("{name} landed in {daw}.", name=name, daw=daw_name(client))
        return self._context.text("{name} is rendered.", name=name)
