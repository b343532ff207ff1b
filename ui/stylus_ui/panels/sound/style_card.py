"""StyleCardView: one style: its waveform, its name, its share of the blend."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSpinBox

from stylus_ui.context import UiContext
from stylus_ui.drawing.peak_loader import Opened, PeakLoader
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.drawing.wave_picture import shades, wave_picture
from stylus_ui.kit.binding import bind
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import column, icon_button, label, row
from stylus_ui.panels.sound.style_part import PartOfStyle
from stylus_ui.presenters.sound.strip import CARD, CARD_HEIGHT
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter

MOST_WIDTH = 320


class StyleCardView(PartOfStyle):
    """A card.

    Args:
        context: of the window.
        presenter: of the styles.
        card: shown first; :meth:`show_card` gets the later ones of the same file.
        loader: of waveforms.
    """

    def __init__(self, context: UiContext, presenter: StylesPresenter, card: StyleCard, loader: PeakLoader) -> None:
        super().__init__(presenter, card)
        self._context = context
        self._opened: Opened | None = None
        self._image: QImage | None = None
        self._is_under = False
        self.setMinimumSize(CARD, CARD_HEIGHT)
        self.setMaximumWidth(MOST_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        hint = context.text("Drag over it to take a part of it as the style; a double click takes all of it.")
        self.setToolTip(f"{card.path}\n{hint}")
        self.setAccessibleName(context.text("Style {name}", name=card.name))
        self._lay_out()
        bind(self, context.theme.palette, lambda _: self._redraw())
        bind(self, presenter.can_hear, lambda _: self._show_can_hear())
        stop = loader.load(card.path, grown=self._grown, failed=lambda error: None)
        self.destroyed.connect(lambda: stop())
        self.show_card(card)

    def _lay_out(self) -> None:
        card, text = self._card, self._context.text
        self._number = label("", "small")
        self._name = Elided(card.name, is_strong=True)
        self._remove = icon_button(self._context, "x", text("Remove {name}", name=card.name), self._drop)
        self._play = icon_button(self._context, "play", text("Hear {name}", name=card.name), self._hear, colour="text")
        self._share = QSpinBox()
        self._share.setProperty("role", "number")
        self._share.setRange(0, 100)
        self._share.setSuffix(" %")
        self._share.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._share.setKeyboardTracking(False)
        self._share.setAccessibleName(text("Share of {name}", name=card.name))
        self._share.valueChanged.connect(lambda percent: self._presenter.set_share(self._card.path, percent / 100))
        for part in (self._remove, self._play):
            part.setFixedSize(24, 24)
            part.setProperty("compact", True)
        self._share.setFixedWidth(64)
        above = row(self._number, self._name, self._remove, spacing=MEASURES.half)
        above.setStretch(1, 1)
        self._part = Elided("")
        below = row(self._play, self._part, self._share, spacing=0)
        below.setStretch(1, 1)
        layout = column(above, 1, below, spacing=0)
        layout.setContentsMargins(8, 2, 2, 2)
        below.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    def show_card(self, card: StyleCard, *, number: int = 0) -> None:
        """The same style, changed; without a ``number`` it is alone: there is no blend, so there are no shares."""
        self._card, is_alone = card, not number
        self._number.setVisible(not is_alone)
        self._number.setText(str(number))
        self._share.blockSignals(True)
        self._share.setValue(card.percent)
        self._share.blockSignals(False)
        self._share.setVisible(not is_alone)
        self._show_part(card)
        set_icon(self._play, self._context.theme, "square" if card.is_heard else "play", "style")
        self._show_can_hear()

    @property
    def duration_s(self) -> float:
        return self._opened.peaks.seconds if self._opened else 0.0

    def _show_part(self, card: StyleCard) -> None:
        text, part = self._context.text, card.part
        ends = (text.number(seconds, 1) for seconds in (part.start_s, part.end_s)) if part else ()
        said = text("{first}–{last} s", **dict(zip(("first", "last"), ends, strict=True))) if part else ""
        self._part.setText(said)
        self.setAccessibleDescription(said)
        self.update()

    def _show_can_hear(self) -> None:
        text, can = self._context.text, self._presenter.can_hear.value
        self._play.setEnabled(can)
        if not can:
            self._play.setToolTip(text("There is no sound output."))
        elif self._card.is_heard:
            self._play.setToolTip(text("Stop"))
        else:
            self._play.setToolTip(text("Hear {name}", name=self._card.name))

    def _drop(self) -> None:
        self._presenter.remove(self._card.path)

    def _hear(self) -> None:
        self._presenter.hear(self._card.path)

    # Drawing

    def _grown(self, opened: Opened) -> None:
        self._opened = opened
        self._redraw()

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def resizeEvent(self, event) -> None:
        self._redraw()
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_under = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_under = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), MEASURES.radius, MEASURES.radius)
        painter.fillPath(ground, self._colour("sunken"))
        painter.setClipPath(ground)
        self._draw_wave(painter)
        self.draw_part(painter, self._context.theme)
        self._draw_share(painter)
        painter.setClipping(False)
        painter.setPen(self._colour("focus" if self.hasFocus() else "style" if self._is_under else "line"))
        painter.drawPath(ground)
        painter.end()

    def _draw_wave(self, painter: QPainter) -> None:
        """Between the name and the share, in the style's accent."""
        ratio = self.devicePixelRatioF()
        if self._image is None and self._opened is not None:
            columns, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
            self._image = self._wave(columns, height, ratio)
        if self._image is not None:
            painter.setOpacity(0.55)
            painter.drawImage(0, 0, self._image)
            painter.setOpacity(1)

    def _wave(self, columns: int, height: int, ratio: float) -> QImage:
        assert self._opened is not None
        peaks = self._opened.peaks
        outline = peaks.outline(0, peaks.frames / columns, columns)
        loudest = np.nanmax(np.abs(outline)) if np.isfinite(outline).any() else 1
        picture = np.ascontiguousarray(wave_picture(outline / max(float(loudest), 1e-3) * 0.42, height, line=ratio))
        image = QImage(picture.data, columns, height, columns, QImage.Format.Format_Indexed8).copy()
        red, green, blue, _ = QColor(self._colour("style")).getRgb()  # pyright: ignore[reportGeneralTypeIssues]
        image.setColorTable(shades(*((red, green, blue, opacity) for opacity in (0, 115, 255))))
        image.setDevicePixelRatio(ratio)
        return image

    def _draw_share(self, painter: QPainter) -> None:
        """A line at the bottom, as long as the share."""
        if not self._share.isHidden():
            painter.fillRect(QRectF(0, self.height() - 3, self.width() * self._card.share, 3), self._colour("style"))

    def _colour(self, token: str) -> QColor:
        return QColor(self._context.theme.colour(token))
