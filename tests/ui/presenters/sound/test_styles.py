"""Style slots and their blend, without a window."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from stylus_daw.engine.request import Quality
from stylus_daw.presets.library.library import factory_folder
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.blend import CORNERS, point_of, shares_at, with_share
from stylus_ui.presenters.sound.styles import StylesPresenter
from stylus_ui.state.notices import Notice, NoticeKind
from tests.support.ui.player import SilentPlayer
from tests.support.ui.sounds import write_tone

STYLES = factory_folder() / "styles"
CHOIR, CELLO, FLUTE, HARP = (STYLES / f"{name}.flac" for name in ("choir", "cello", "flute", "harp"))


@pytest.fixture
def styles(context: UiContext) -> StylesPresenter:
    return StylesPresenter(context)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_corners_are_one_style_alone_and_the_middle_is_all_of_them(count: int) -> None:
    for number, corner in enumerate(CORNERS[count]):
        assert shares_at(corner, count) == pytest.approx([float(number == at) for at in range(count)])
    middle = point_of([1 / count] * count)
    assert shares_at(middle, count) == pytest.approx([1 / count] * count)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_shares_are_positive_sum_to_one_and_lead_back_to_their_point(count: int) -> None:
    for x, y in itertools.product([-0.2, 0.0, 0.3, 0.5, 0.8, 1.0, 1.3], repeat=2):
        shares = shares_at((x, y), count)
        assert min(shares) >= 0
        assert sum(shares) == pytest.approx(1)
        assert shares_at(point_of(shares), count) == pytest.approx(shares)


def test_one_share_leaves_the_proportions_of_the_others() -> None:
    assert with_share([0.5, 0.3, 0.2], 0, 0.0) == pytest.approx((0.0, 0.6, 0.4))
    assert with_share([1.0, 0.0], 0, 0.4) == pytest.approx((0.4, 0.6))


def test_files_and_folders_become_styles_and_what_is_no_audio_is_told(
    styles: StylesPresenter, notices: list[Notice], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    inside = write_tone(folder / "tone.wav")
    broken = folder / "broken.wav"
    broken.write_bytes(b"RIFF")
    styles.take_in([folder, CHOIR])

    assert [card.path for card in styles.cards.value] == [inside, CHOIR]
    assert notices[-1].kind is NoticeKind.BAD
    assert "broken.wav" in notices[-1].text


def test_more_than_a_blend_takes_is_left_out_and_told(
    styles: StylesPresenter, notices: list[Notice], tmp_path: Path
) -> None:
    styles.take_in([write_tone(tmp_path / f"{number}.wav", seconds=0.1) for number in range(10)])
    assert len(styles.cards.value) == 8
    assert "8" in notices[-1].text


def test_a_drag_is_one_step_of_undo(context: UiContext, styles: StylesPresenter) -> None:
    styles.take_in([CHOIR, CELLO, FLUTE])
    for x in (0.4, 0.3, 0.2):
        styles.move_to((x, 0.9))
    styles.let_go()
    styles.move_to((0.0, 1.0))
    styles.let_go()
    assert styles.shares == pytest.approx((0, 1, 0), abs=1e-3)

    context.workspace.undo()
    assert styles.point == pytest.approx((0.2, 0.9), abs=1e-3)
    context.workspace.undo()
    assert styles.shares == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_a_style_that_was_nothing_comes_back(styles: StylesPresenter) -> None:
    styles.take_in([CHOIR, CELLO])
    styles.move_to((1.0, 0.5))
    styles.set_share(CELLO, 0.25)
    assert styles.shares == pytest.approx((0.75, 0.25))
    styles.make_equal()
    assert styles.shares == (0.5, 0.5)
    assert styles.said == "choir 50 %, cello 50 %"


def test_removing_leaves_the_proportions_of_the_others(styles: StylesPresenter) -> None:
    styles.take_in([CHOIR, CELLO, FLUTE])
    styles.set_share(CHOIR, 0.5)
    styles.remove(FLUTE)
    assert styles.shares == pytest.approx((2 / 3, 1 / 3))


def test_the_quality_is_the_workspaces(context: UiContext, styles: StylesPresenter) -> None:
    styles.choose_quality(Quality.HIGH)
    assert context.workspace.workpiece.value.treatment.settings.quality is Quality.HIGH
    context.workspace.undo()
    assert styles.quality.value is Quality.NORMAL


def test_the_style_that_sounds_is_marked(context: UiContext, styles: StylesPresenter) -> None:
    context.player.value = SilentPlayer()
    styles.take_in([CHOIR, CELLO])
    styles.hear(CELLO)
    assert [card.is_heard for card in styles.cards.value] == [False, True]
    styles.hear(CELLO)
    assert [card.is_heard for card in styles.cards.value] == [False, False]
