"""The steps at the left: what is done, where we are, what is to come, and who does it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wizard.content.text import t
from wizard.flow.answers import Answers, Role, StepId
from wizard.flow.graph import path
from wizard.flow.steps import STEPS, Who
from wizard.ui.density import Tightens
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, paint_mark, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Body, Icon
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.words import STEP_WORDS

__all__ = ["Rail"]


_BEHIND = 8
"""Pixels behind a step's words; the gutter of the scroll bar follows."""


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


@dataclass(frozen=True, kw_only=True)
class _Groups:
    """The steps as they stand on the rail: `first` by one person, `second` by another.

    Where `first` is empty there is one group, and everything in it is the person's here.
    """

    first: tuple[StepId, ...]
    second: tuple[StepId, ...]

    @property
    def all(self) -> tuple[StepId, ...]:
        """From top to bottom."""
        return self.first + self.second


def _groups_of(steps: Sequence[StepId], role: Role | None) -> _Groups:
    """Who does which step: an owner sees what is to come at IT, IT nobody else's part."""
    if role is Role.IT:
        return _Groups(first=(), second=tuple(steps))
    if role is Role.BOTH:
        at = next((n for n, step in enumerate(steps) if STEPS[step].who is Who.IT), len(steps))
        return _Groups(first=tuple(steps[:at]), second=tuple(steps[at:]))
    own = steps if role is Role.OWNER else path(Answers(role=Role.OWNER))
    by_it = tuple(step for step in STEPS if STEPS[step].who is Who.IT)
    mine = tuple(step for step in own if step is not StepId.DONE)
    return _Groups(first=mine, second=(*by_it, StepId.DONE))


class RailItem(QLabel):
    """One step; `state` is 'done', 'now', 'other' or 'todo', `stopped` marks a problem on it.

    'other': somebody else is on it now.
    """

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
        self,
        *,
        now: bool,
        done: bool,
        stopped: bool,
        above_done: bool | None,
        last: bool,
        other: bool = False,
    ) -> None:
        """Draw it so; `above_done`: whether the step above is done, None: none above."""
        self._state = "now" if now else ("done" if done else ("other" if other else "todo"))
        self._done = done
        self._stopped = stopped and now
        self._above = None if above_done is None else ("done" if above_done else "todo")
        self._last = last
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(Letters.SECOND_STRONG)).horizontalAdvance(self.text())
        return QSize(47 + width + _BEHIND, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self._height)

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width()

    def _track(self, painter: QPainter, top: float, bottom: float, done: bool) -> None:
        tint = color(Token.ACCENT if done else Token.LINE_2)
        painter.fillRect(QRectF(28, top, 1.5, bottom - top), tint)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        now = self._state == "now"
        if now:
            area = QRectF(12, 0, self.width() - 15, self._height)
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
        state = "now" if state == "other" else state
        paint_mark(painter, 21, middle - 8, 16, state=state, line=line)
        told = self._done or self._state == "other"
        ink = Token.INK if now else (Token.INK_2 if told else Token.INK_3)
        painter.setPen(color(ink))
        letters = font(Letters.SECOND_STRONG if now else Letters.SECOND)
        painter.setFont(letters)
        room = self.width() - 47 - _BEHIND
        words = QFontMetrics(letters).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, round(room)
        )
        area = QRectF(47, 0, self.width(), self._height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)


class Rail(QWidget, Tightens):
    """Brand, the steps in groups by who does them, and what holds for stopping now."""

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
        self._heads = (_Group("person"), _Group("shield"))
        self._items: dict[StepId, RailItem] = {}
        self._lists = (column(), column())
        self._foot = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        foot = QWidget()
        self._foot_box = foot
        row(Icon("lock", Token.INK_3, 14), self._foot, gap=8, margins=(20, 1, 20, 0), inside=foot)
        lists = QWidget()
        column(
            self._heads[0],
            self._lists[0],
            self._heads[1],
            self._lists[1],
            None,
            margins=(0, 0, 0, 8),
            inside=lists,
        )
        self._scroll = Body(lists)
        column(self._brand, margins=(0, 0, 1, 0), inside=self)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._scroll)
            layout.addWidget(foot)
        self._groups = _Groups(first=(), second=())
        self._others_done: frozenset[StepId] = frozenset()
        self._others_now: StepId | None = None
        self._others_name = ""
        self._shown: tuple[tuple[StepId, ...], StepId, Answers, bool] | None = None
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        self._brand.setFixedHeight(60 if tight else 68)
        self._foot_box.setFixedHeight(44 if tight else 52)
        self._item_height = 28 if tight else 32
        for item in self._items.values():
            item.set_height(self._item_height)
        for group in self._heads:
            group.set_tight(tight)

    def show_others(
        self,
        *,
        done: Collection[StepId] = (),
        current: StepId | None = None,
        name: str = "",
    ) -> None:
        """Show how far somebody else is with the steps that are not the person's here.

        `done` and `current` are steps of theirs; `name` is who it is, where that is known.
        """
        told = (frozenset(done), current, name)
        if told == (self._others_done, self._others_now, self._others_name):
            return
        self._others_done, self._others_now, self._others_name = told
        if self._shown is not None:
            steps, now, answers, stopped = self._shown
            self.show_walk(steps, now, answers, stopped=stopped)

    def show_walk(
        self, steps: Sequence[StepId], now: StepId, answers: Answers, *, stopped: bool
    ) -> None:
        """Show these steps and where the person stands among them."""
        self._shown = (tuple(steps), now, answers, stopped)
        groups = _groups_of(steps, answers.role)
        self._make_items(groups)
        self._place.say(
            t("Setup · {place}", place=answers.ou_name) if answers.ou_name else t("Setup")
        )
        self._show_heads(answers.role)
        quiet = now is StepId.WELCOME and not answers.signed_in_as
        self._foot.say(t("Nothing is changed yet.") if quiet else t("Saved. Stop any time."))
        behind = set(steps[: steps.index(now)]) if now in steps else set()
        for group in (groups.first, groups.second):
            above: bool | None = None
            for step in group:
                above = self._show_item(
                    step,
                    answers,
                    now=step is now,
                    behind=step in behind,
                    stopped=stopped,
                    above=above,
                    last=step is group[-1],
                )
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _show_heads(self, role: Role | None) -> None:
        you = t("you")
        self._heads[0].setVisible(bool(self._groups.first))
        self._heads[0].show_group(
            t("Account owner"), you if role in {Role.OWNER, Role.BOTH} else ""
        )
        mine = role in {Role.IT, Role.BOTH}
        other = "" if mine else self._others_name
        self._heads[1].show_group(t("IT representative"), you if mine else "", other)

    def _show_item(
        self,
        step: StepId,
        answers: Answers,
        *,
        now: bool,
        behind: bool,
        stopped: bool,
        above: bool | None,
        last: bool,
    ) -> bool:
        """Draw one step; whether it is done."""
        theirs = answers.role is Role.OWNER and step in self._groups.second
        # What happened stays done, also where the person went back to an earlier step.
        by_it = theirs and (answers.it_finished or step in self._others_done)
        happened = STEPS[step].done(answers) or by_it
        done = behind or (happened and (not now or step is StepId.DONE))
        other = theirs and not done and step is self._others_now
        item = self._items[step]
        item.show_state(
            now=now, done=done, stopped=stopped, above_done=above, last=last, other=other
        )
        state = self._spoken_state(now=now, done=done, stopped=stopped and now, other=other)
        role = t("Account owner") if step in self._groups.first else t("IT representative")
        item.setAccessibleName(
            t(
                "{step}, step {number} of {count}, {state}, {role}",
                step=item.text(),
                number=self._groups.all.index(step) + 1,
                count=len(self._groups.all),
                state=state,
                role=role,
            )
        )
        return done

    @staticmethod
    def _spoken_state(*, now: bool, done: bool, stopped: bool, other: bool) -> str:
        if stopped:
            return t("current, something to put right")
        if now:
            return t("current")
        if other:
            return t("somebody is on it")
        return t("done") if done else t("to come")

    def _make_items(self, groups: _Groups) -> None:
        if groups == self._groups:
            return
        for item in self._items.values():
            item.setParent(None)
            item.deleteLater()
        self._groups = groups
        self._items = {step: RailItem(step) for step in groups.all}
        for step, item in self._items.items():
            item.set_height(self._item_height)
            self._lists[0 if step in groups.first else 1].addWidget(item)

    def _keep_in_sight(self) -> None:
        """Scroll to where the person stands."""
        if self._shown is None:
            return
        item = self._items.get(self._shown[1])
        if item is not None:
            self._scroll.ensureWidgetVisible(item, 0, 2 * self._item_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_in_sight)

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
        self._name = IconText(icon, "", Letters.CAPTION_MEDIUM, Token.INK_3, gap=8)
        self._you = Text("", Letters.CAPTION_MEDIUM, Token.ACCENT_INK, wrap=False, strong=600)
        self._other = Text("", Letters.CAPTION_MEDIUM, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        layout = row(self._name, self._you, margins=(20, 12, 2, 6), inside=self)
        layout.addWidget(self._other, 1)
        layout.addStretch()

    def show_group(self, name: str, you: str, other: str = "") -> None:
        """Name the group; `you` is the word for the person here, `other` somebody else's name."""
        self._name.say(t("{role} ·", role=name) + " " if you or other else name)
        self._you.say(f"**{you}**" if you else "")
        self._you.setVisible(bool(you))
        self._other.say(other)
        self._other.setVisible(bool(other) and not you)

    def set_tight(self, tight: bool) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(20, 8 if tight else 12, 2, 4 if tight else 6)
