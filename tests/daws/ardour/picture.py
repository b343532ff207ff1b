"""The pictures in docs/daws/ardour.md, of a real Ardour. Run: python tests/daws/ardour/picture.py"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import soundfile

from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import make_session

ROOT = Path(__file__).parents[3]
PICTURE = ROOT / "docs" / "daws" / "ardour.png"
CHOOSER = ROOT / "docs" / "daws" / "ardour-preset.png"
RATE = 48_000


def take_pictures(folder: Path) -> None:
    """Restyle the demo's region in Ardour; photograph the screen, and the window that asks for a preset."""
    audio, rate = soundfile.read(ROOT / "stylus_daw" / "demo_audio" / "region.flac", dtype="float32", always_2d=True)
    assert rate == RATE
    session = make_session(folder / "song", RATE)
    session.put("Keys", audio, RATE, "electric piano")
    display, app = Display(), StylusApp(folder / "home")
    app.start()
    ardour = Ardour(folder, session, app.home, display)
    try:
        ardour.select_range(2 * RATE, 6 * RATE, strip=1)
        ardour.stylus("stylus_render.lua")
        until(lambda: "inserted" in app.messages, "the stem", 180)
        ardour.action("Editor/zoom-to-session", 2)
        time.sleep(2)
        display.run(
            "import",
            "-window",
            "root",
            "-crop",
            "1348x500+0+0",
            "+repage",
            "+dither",
            "-colors",
            "32",
            f"PNG8:{PICTURE}",
        )
        ardour.stylus("stylus_choose.lua")
        window = until(ardour.dialog, "the window")
        time.sleep(1)
        display.run("import", "-window", window, "+dither", "-colors", "32", f"PNG8:{CHOOSER}")
        ardour.dismiss("Escape")
    finally:
        ardour.close()
        app.stop()
        display.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        take_pictures(Path(name))
    print(PICTURE, CHOOSER)
