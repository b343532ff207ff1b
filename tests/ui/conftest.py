"""Tests of the window run without a screen, and are skipped, saying why, where Qt cannot start."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.needs import go_without

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.support.ui.worlds import ui_world

if TYPE_CHECKING:
    from stylus_ui.context import UiContext
    from stylus_ui.state.notices import Notice

NEEDS_QT = re.compile(r"PySide6|qtbot|qapp|ui\.(panels|dialogs|kit|window)")


def why_no_qt() -> str:
    """Empty where Qt starts."""
    try:
        import PySide6.QtSvg
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"Qt cannot start: {error}"
    return ""


class WithoutQt(pytest.Module):
    """A test file of views where Qt cannot start."""

    def collect(self) -> list[pytest.Item]:
        go_without(WHY_NO_QT)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    needs_qt = NEEDS_QT.search(module_path.read_text("utf-8"))
    return WithoutQt.from_parent(parent, path=module_path) if WHY_NO_QT and needs_qt else None


WHY_NO_QT = why_no_qt()


@pytest.fixture(autouse=True, scope="session")
def empty_clipboard_at_the_end() -> Iterator[None]:
    """Qt's offscreen clipboard is freed after Python has gone, and crashes on what Python put there."""
    yield
    if not WHY_NO_QT:
        from PySide6.QtGui import QGuiApplication

        if QGuiApplication.instance() is not None:
            QGuiApplication.clipboard().clear()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[UiContext, list[Notice]]]:
    """A context without a core, in English, and the notices that were shown."""
    with ui_world(tmp_path / "home") as made:
        yield made


@pytest.fixture
def context(world: tuple[UiContext, list[Notice]]) -> UiContext:
    return world[0]


@pytest.fixture
def notices(world: tuple[UiContext, list[Notice]]) -> list[Notice]:
    return world[1]


@pytest.fixture
def look(context: UiContext, qapp: object) -> UiContext:
    """The context with its theme put on the application: for tests that measure or look."""
    from PySide6.QtWidgets import QApplication

    from stylus_ui.kit.look import put_on

    assert isinstance(qapp, QApplication)
    put_on(qapp, context.theme)
    return context
