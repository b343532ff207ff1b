"""The farm's page: an address that cannot be used is refused with what to do, another is kept, workers are seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from stylus_daw.farm.farm_settings import FarmSettings, keep_farm, read_farm
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_ui.dialogs.farm_page import FarmPage
from stylus_ui.presenters.setup.farm import FarmSeen
from stylus_ui.presenters.setup.settings import SettingsPresenter
from tests.support.farms import LocalFarm


@pytest.fixture
def page(qtbot, look) -> FarmPage:
    made = FarmPage(look, SettingsPresenter(look))
    made.farm.look = lambda: None  # nobody is asked where nobody answers
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def real(tmp_path: Path) -> Iterator[LocalFarm]:
    farm = LocalFarm(tmp_path)
    try:
        farm.start_workers("box")
        yield farm
    finally:
        farm.close()


def typed(qtbot, page: FarmPage, address: str) -> None:
    page.address.setFocus()
    page.address.selectAll()
    qtbot.keyClicks(page.address, address)
    qtbot.keyClick(page.address, Qt.Key.Key_Return)


def seen(page: FarmPage) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_another_machine_needs_certificates_and_then_is_kept(page, qtbot, look, tmp_path) -> None:
    home = look.settings.home
    typed(qtbot, page, "box.local")
    assert "without encryption anybody on the network could run programs" in page.problem.said.text()
    assert page.problem.isVisible()
    assert read_farm(home) is None
    page.farm.set_certificates(tmp_path)
    assert not page.problem.isVisible()
    assert read_farm(home) == FarmSettings(scheduler="box.local", certificates=tmp_path)
    assert str(tmp_path) in seen(page)
    assert page._presenter.waiting.value == {"farm"}


def test_an_empty_address_brings_renders_back_here(page, qtbot, look, tmp_path) -> None:
    keep_farm(look.settings.home, FarmSettings(scheduler="localhost"))
    page.farm.read()
    assert page.address.text() == "localhost"
    page.address.clear()
    qtbot.keyClick(page.address, Qt.Key.Key_Return)
    assert read_farm(look.settings.home) is None
    assert "No farm is in use." in seen(page)


def test_each_worker_says_what_it_does_or_why_it_does_nothing(page, qtbot) -> None:
    box = WorkerSaid(address="a", name="box", device="cuda:0", complaint="", now={"fraction": 0.62, "stage": "writing"})
    rack = WorkerSaid(address="b", name="rack", device="cpu", complaint="rack has stylus-daw 0.0.", now={})
    idle = WorkerSaid(address="c", name="loft", device="cpu", complaint="", now={})
    page.farm.seen.value = FarmSeen(workers=(box, rack, idle))
    told = {"box", "cuda:0", "62 %, writing", "rack has stylus-daw 0.0.", "waits"}
    qtbot.waitUntil(lambda: told <= set(seen(page)))
    page.farm.seen.value = FarmSeen(workers=())
    assert any("stylus-daw farm worker ADDRESS" in one for one in seen(page))
    assert "box" not in seen(page)


def test_a_real_farm_is_seen_and_its_end_is_said(qtbot, look, real: LocalFarm) -> None:
    keep_farm(look.settings.home, real.settings())
    made = FarmPage(look, SettingsPresenter(look))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: "waits" in seen(made), timeout=20_000)
    assert "box" in seen(made)
    real.close()
    qtbot.waitUntil(lambda: any("cannot be reached" in one for one in seen(made)), timeout=30_000)
    assert "box" not in seen(made)
