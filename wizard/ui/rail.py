"""The steps at the left: what is done, where we are, what is to come, and who does it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wizard.content.text import t
from wizard.flow.answers import Answers, Role, StepId
from wizard.flow.steps import STEPS, Who
from wizard.ui.density import Tightens
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, paint_mark, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Icon
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.words import STEP_WORDS

__all__ = ["Rail"]


class _Brand(QWidget):
    """The program's mark, 28 pixels: one account that reaches two others."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        paint_brand(brush_on(self))


def paint_brand(painter: QPainter) -> None:
    """Draw the mark into the upper left 28 by 28 pixels."""
    rounded(painter, QRectF(1, 1, 26, 26), 7, color(Token.ACCENT))
    pen = QPen(color(Token.ON_ACCENT), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(9.5, 14), 3.6, 3.6)
    painter.drawEllipse(QPointF(19, 9.3), 2.3, 2.3)
    painter.drawEllipse(QPointF(19, 18.7), 2.3, 2.3)
    painter.drawLine(QPointF(12.8, 12.4), QPointF(16.8, 10.4))
    painter.drawLine(QPointF(12.8, 15.6), QPointF(16.8, 17.6))


class RailItem(QLabel):
    """One step; `state` is 'done', 'now' or 'todo', `stopped` marks a problem on it."""

    def __init__(self, step: StepId) -> None:
        super().__init__(t(STEP_WORDS[step].rail))
        self.step = step
        self.setObjectName(f"rail-{step.value}")
        self._state = "todo"
        self._done = False
        self._stopped = False
        self._above: str | None = None
        self._last = False
        self._height = 32
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_height(self, height: int) -> None:
        """32 pixels, or 28 in a low window."""
        self._height = height
        self.updateGeometry()

    def show_state(
        self, *, now: bool, done: bool, stopped: bool, above_done: bool | None, last: bool
    ) -> None:
        """Draw it so; `above_done`: whether the step above is done, None: none above."""
        self._state = "now" if now else ("done" if done else "todo")
        self._done = done
        self._stopped = stopped and now
        self._above = None if above_done is None else ("done" if above_done else "todo")
        self._last = last
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(Letters.SECOND_STRONG)).horizontalAdvance(self.text())
        return QSize(47 + width + 20, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self._height)

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width() + 8

    def _track(self, painter: QPainter, top: float, bottom: float, done: bool) -> None:
        tint = color(Token.ACCENT if done else Token.LINE_2)
        painter.fillRect(QRectF(28, top, 1.5, bottom - top), tint)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        now = self._state == "now"
        if now:
            area = QRectF(12, 0, self.width() - 25, self._height)
            rounded(painter, area, 6, color(Token.PAGE), color(Token.LINE))
        middle = self._height / 2
        if self._above is not None:
            self._track(painter, 0, middle - 9, self._above == "done")
        if not self._last:
            self._track(painter, middle + 9, self._height, self._done)
        line = Token.ACCENT
        state = "done" if self._done else self._state
        if self._stopped:
            line, state = Token.BAD, "now"
        elif state == "todo":
            line = Token.EDGE
        paint_mark(painter, 21, middle - 8, 16, state=state, line=line)
        ink = Token.INK if now else (Token.INK_2 if self._done else Token.INK_3)
        painter.setPen(color(ink))
        letters = font(Letters.SECOND_STRONG if now else Letters.SECOND)
        painter.setFont(letters)
        room = self.width() - 47 - 20
        words = QFontMetrics(letters).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, round(room)
        )
        area = QRectF(47, 0, self.width(), self._height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)


class Rail(QWidget, Tightens):
    """Brand, the steps in two groups, and what holds for stopping now."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(t("Steps"))
        self._place = Text(t("Setup"), Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        name = Text(t("Enterprise Connect"), Letters.BRAND, wrap=False)
        titles = column(name, self._place)
        self._brand = QWidget()
        row(_Brand(), 10, margins=(20, 0, 4, 0), inside=self._brand).addLayout(titles, 1)
        titles.insertStretch(0)
        titles.addStretch()
        self._groups = (_Group("person"), _Group("shield"))
        self._items: dict[StepId, RailItem] = {}
        self._lists = (column(), column())
        self._foot = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        foot = QWidget()
        self._foot_box = foot
        row(Icon("lock", Token.INK_3, 14), self._foot, gap=8, margins=(20, 1, 20, 0), inside=foot)
        column(
            self._brand,
            self._groups[0],
            self._lists[0],
            self._groups[1],
            self._lists[1],
            None,
            foot,
            margins=(0, 0, 1, 0),
            inside=self,
        )
        self._steps: tuple[StepId, ...] = ()
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        self._brand.setFixedHeight(60 if tight else 68)
        self._foot_box.setFixedHeight(44 if tight else 52)
        self._item_height = 28 if tight else 32
        for item in self._items.values():
            item.set_height(self._item_height)
        for group in self._groups:
            group.set_tight(tight)

    def show_walk(
        self, steps: Sequence[StepId], now: StepId, answers: Answers, *, stopped: bool
    ) -> None:
        """Show these steps and where the person stands among them."""
        self._make_items(tuple(steps))
        self._place.say(
            t("Setup · {place}", place=answers.ou_name) if answers.ou_name else t("Setup")
        )
        you = t("you")
        owner = answers.role in {Role.OWNER, Role.BOTH}
        admin = answers.role in {Role.IT, Role.BOTH}
        self._groups[0].show_group(t("Account owner"), you if owner else "")
        self._groups[1].show_group(t("IT representative"), you if admin else "")
        at = self._steps.index(now) if now in self._steps else 0
        quiet = now is StepId.WELCOME and not answers.signed_in_as
        self._foot.say(t("Nothing is changed yet.") if quiet else t("Saved. Stop any time."))
        above: bool | None = None
        for index, step in enumerate(self._steps):
            item = self._items[step]
            is_now = index == at
            done = STEPS[step].done(answers) and (index < at or (is_now and step is StepId.DONE))
            done = done or index < at
            first_of_it = self._first_of_it() == index
            ends = index + 1 in {self._first_of_it(), len(self._steps)}
            item.show_state(
                now=is_now,
                done=done,
                stopped=stopped,
                above_done=None if first_of_it else above,
                last=ends,
            )
            state = self._spoken_state(now=is_now, done=done, stopped=stopped and is_now)
            role = t("IT representative") if index >= self._first_of_it() else t("Account owner")
            item.setAccessibleName(
                t(
                    "{step}, step {number} of {count}, {state}, {role}",
                    step=item.text(),
                    number=index + 1,
                    count=len(self._steps),
                    state=state,
                    role=role,
                )
            )
            above = done

    @staticmethod
    def _spoken_state(*, now: bool, done: bool, stopped: bool) -> str:
        if stopped:
            return t("current, something to put right")
        if now:
            return t("current")
        return t("done") if done else t("to come")

    def _first_of_it(self) -> int:
        for index, step in enumerate(self._steps):
            if STEPS[step].who is Who.IT:
                return index
        return len(self._steps)

    def _make_items(self, steps: tuple[StepId, ...]) -> None:
        if steps == self._steps:
            return
        for item in self._items.values():
            item.setParent(None)
            item.deleteLater()
        self._steps = steps
        self._items = {step: RailItem(step) for step in steps}
        for index, item in enumerate(self._items.values()):
            item.set_height(self._item_height)
            self._lists[0 if index < self._first_of_it() else 1].addWidget(item)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and two lines
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.RAIL))
        line = color(Token.LINE)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), line)
        painter.fillRect(0, self._foot_box.y(), self.width(), 1, line)


class _Group(QWidget, Tightens):
    """The name of a role above its steps, and whether that is the person here."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self._name = IconText(icon, "", Letters.CAPTION_MEDIUM, Token.INK_3, gap=8)
        self._you = Text("", Letters.CAPTION_MEDIUM, Token.ACCENT_INK, wrap=False, strong=600)
        row(self._name, self._you, None, margins=(20, 12, 12, 6), inside=self)

    def show_group(self, name: str, you: str) -> None:
        """Name the group; `you` is the word for the person here, or ''."""
        self._name.say(t("{role} ·", role=name) + " " if you else name)
        self._you.say(f"**{you}**" if you else "")

    def set_tight(self, tight: bool) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(20, 8 if tight else 12, 12, 4 if tight else 6)
