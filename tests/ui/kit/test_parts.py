"""Places that say what to do there, where there is little room."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.kit.parts import EmptyPlace, button

SAID = "The render process died. Most often memory ran out: close other programs, and choose a shorter region."


def test_in_a_low_place_no_word_is_cut_and_the_button_stays(look: UiContext, qtbot: QtBot) -> None:
    helps = button("Render again", lambda: None)
    place = EmptyPlace(look, icon="circle-alert", title="The render failed", said=SAID, action=helps)
    holder = QWidget()
    holder.resize(400, 300)
    place.setParent(holder)
    qtbot.addWidget(holder)
    holder.show()
    qtbot.waitExposed(holder)
    sentence = next(one for one in place.findChildren(QLabel) if one.text() == SAID)
    for height in (280, 130, 104, 84):
        place.resize(380, height)
        place.show()
        QApplication.processEvents()
        shown = [one for one in (*place.findChildren(QLabel), helps) if not one.isHidden()]
        places = [(one.y(), one.geometry().bottom()) for one in shown]
        assert all(0 <= top <= bottom < height for top, bottom in places), (height, places)
        assert sentence.isHidden() or sentence.height() >= sentence.heightForWidth(sentence.width())
        assert helps.isVisible()
        assert SAID in (sentence.text() if sentence.isVisible() else place.toolTip())
