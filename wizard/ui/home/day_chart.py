"""What each day did, as stacked bars: created, changed, left, and days when a sync stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.content.text import t, tn
from wizard.content.times import month_words
from wizard.services.contract.home import DayCounts
from wizard.ui.density import Tightens
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Elide, Text

__all__ = ["DayChart"]

_AXIS = 28
_LABELS = 20
_TOP = 14
_BAR = 18
_STEPS = 3
_FAR = 8


class _Key(QWidget):
    """A color of the chart with its word and number."""

    def __init__(self, tint: Token | None, icon: str = "") -> None:
        super().__init__()
        self._tint = tint
        self._icon = icon
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Show these words."""
        self._words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font(Letters.CAPTION)).horizontalAdvance(self._words) + 17, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        if self._icon:
            paint_icon(painter, self._icon, color(Token.WARN), 0, 3, 10)
        elif self._tint is not None:
            rounded(painter, QRectF(0, 3, 10, 10), 2, color(self._tint))
        painter.setFont(font(Letters.CAPTION))
        painter.setPen(color(Token.INK_2))
        area = QRectF(15, 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._words)


class _Bars(QWidget, Tightens):
    """The bars themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("day-chart")
        self._days: tuple[DayCounts, ...] = ()
        self.setFixedHeight(132)

    def set_tight(self, tight: bool) -> None:
        self.setFixedHeight(104 if tight else 132)

    def show_days(self, days: Sequence[DayCounts]) -> None:
        """Draw these."""
        self._days = tuple(days)
        self.setAccessibleName(_spoken(self._days))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        painter = brush_on(self)
        if not self._days:
            return
        step = _step(_scale(self._days))
        metrics = QFontMetrics(font(Letters.CAPTION))
        axis = max(_AXIS, metrics.horizontalAdvance(f"{_STEPS * step:,}") + 10)
        floor = self.height() - _LABELS
        unit = (floor - _TOP) / (step * _STEPS)
        painter.setFont(font(Letters.CAPTION))
        for number in range(_STEPS + 1):
            y = floor - number * step * unit
            painter.fillRect(QRectF(axis, y, self.width() - axis, 1), color(Token.LINE))
            painter.setPen(color(Token.INK_3))
            place = QRectF(0, y - 8, axis - 8, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, right, f"{number * step:,}")
        room = (self.width() - axis) / len(self._days)
        for number, day in enumerate(self._days):
            middle = axis + (number + 0.5) * room
            self._paint_day(painter, day, middle, floor, unit, last=day is self._days[-1])

    @staticmethod
    def _paint_day(
        painter: QPainter, day: DayCounts, middle: float, floor: float, unit: float, *, last: bool
    ) -> None:
        top = floor
        whole = day.created + day.changed + day.left
        most = (floor - _TOP) / unit
        if whole > most:
            # A day far beyond all others, as the first sync's, is cut off and says how many.
            unit = (floor - _TOP - 2) / whole
            painter.setFont(font(Letters.CAPTION, 600))
            painter.setPen(color(Token.INK))
            place = QRectF(middle + _BAR / 2 + 4, _TOP - 4, 60, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"{whole:,}")
        for count, tint in (
            (day.created, Token.CHART_1),
            (day.changed, Token.CHART_2),
            (day.left, Token.CHART_3),
        ):
            if count:
                high = max(2.0, count * unit)
                part = QRectF(middle - _BAR / 2, top - high, _BAR, max(1.0, high - 1))
                rounded(painter, part, 2, color(tint))
                top -= high
        if day.stopped:
            paint_icon(painter, "pause", color(Token.WARN), middle - 5, top - 14, 10)
        painter.setFont(font(Letters.CAPTION, 600 if last else 400))
        painter.setPen(color(Token.INK if last else Token.INK_3))
        place = QRectF(middle - 16, floor + 4, 32, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(day.day.day))


class DayChart(QWidget):
    """Title, key and bars; it is not there where nothing happened at all."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", Letters.SECOND_STRONG, wrap=False, elide=Elide.RIGHT)
        self._keys = (
            _Key(Token.CHART_1),
            _Key(Token.CHART_2),
            _Key(Token.CHART_3),
            _Key(None, "pause"),
        )
        head = row(gap=16)
        head.addWidget(self._title, 1)
        for key in self._keys:
            head.addWidget(key)
        self._bars = _Bars()
        column(head, 8, self._bars, inside=self)
        self.hide()

    def show_days(self, days: Sequence[DayCounts]) -> None:
        """Draw these, the oldest first."""
        created = sum(day.created for day in days)
        changed = sum(day.changed for day in days)
        left = sum(day.left for day in days)
        stopped = sum(day.stopped for day in days)
        self.setVisible(bool(created or changed or left or stopped))
        if not days:
            return
        self._title.say(
            t(
                "Accounts, {first} to {last}",
                first=_short(days[0].day, days[-1].day),
                last=month_words(days[-1].day),
            )
        )
        for key, words in zip(
            self._keys,
            (
                t("Created {count}", count=f"{created:,}"),
                t("Changed {count}", count=f"{changed:,}"),
                t("Left {count}", count=f"{left:,}"),
                t("Stopped {count}", count=f"{stopped:,}"),
            ),
            strict=True,
        ):
            key.say(words)
        self._keys[3].setVisible(stopped > 0)
        self._bars.show_days(days)


def _short(day: date, last: date) -> str:
    return str(day.day) if day.month == last.month else month_words(day)


def _scale(days: Sequence[DayCounts]) -> int:
    """What the top line stands for: the busiest day, or the next one where it is far beyond."""
    totals = sorted((day.created + day.changed + day.left for day in days), reverse=True)
    first, second = totals[0], totals[1] if len(totals) > 1 else 0
    return second if second and first > _FAR * second else first


def _step(most: int) -> int:
    """How many accounts lie between two lines of the chart."""
    need = max(1, -(-most // _STEPS))
    size = 1
    while True:
        for factor in (1, 2, 3, 5):
            if factor * size >= need:
                return factor * size
        size *= 10


def _spoken(days: Sequence[DayCounts]) -> str:
    told = [
        t(
            "{day}: {created} created, {changed} changed, {left} left",
            day=month_words(day.day),
            created=day.created,
            changed=day.changed,
            left=day.left,
        )
        for day in days
        if day.created or day.changed or day.left
    ]
    nothing = tn("Nothing in {count} day", "Nothing in {count} days", len(days))
    return "; ".join(told) or nothing
