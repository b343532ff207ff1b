"""One start of the real command, and when what of it was there, as JSON.

    python -m bench.window.start STATE_FOLDER BEGAN

BEGAN is the monotonic clock when the process was started. Nothing is imported here that the command does not import.
"""

import json
import sys
import time

LOOK_MS = 10


def main(home: str, began: float) -> None:
    """``stylus-daw ui``, quit when the core is up."""
    from stylus_daw import cli

    times: dict[str, float] = {}

    def note(name: str) -> None:
        if name not in times:
            times.update({name: time.monotonic() - began, f"{name}_cpu": time.process_time()})

    import stylus_ui.shell.app

    show = stylus_ui.shell.app.DesktopApp.show

    def shown(desktop: stylus_ui.shell.app.DesktopApp) -> None:
        from PySide6.QtCore import QCoreApplication, QTimer

        show(desktop)
        QCoreApplication.processEvents()
        note("visible")
        timer = QTimer(desktop.window)
        timer.timeout.connect(lambda: _look(desktop, note))
        timer.start(LOOK_MS)

    stylus_ui.shell.app.DesktopApp.show = shown  # pyright: ignore[reportAttributeAccessIssue]
    try:
        cli.main(["ui", "--state-dir", home, "--port", "0"])
    finally:
        print(json.dumps(times))


def _look(desktop, note) -> None:
    if desktop.running is not None:
        note("filled")
        if desktop.running.context.app is not None or desktop.running.context.core_problem.value:
            note("core")
            desktop.quit()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
