"""Home's rail: the unit's name, the pages, and the person at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from wizard.content.home import HOME_WORDS
from wizard.content.text import t
from wizard.flow.answers import Answers, Role
from wizard.ui.density import Tightens
from wizard.ui.home.ids import HomeId
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.rail import paint_brand
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.avatar import Avatar
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Elide, Text

__all__ = ["HomeRail"]

_EDGE = 12


class _Brand(QWidget):
    """The program's mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        paint_brand(brush_on(self))


class _Item(QAbstractButton):
    """One page of Home, by icon and name; `stepped` asks for the one above (-1) or below."""

    stepped = Signal(int)

    def __init__(self, home: HomeId) -> None:
        super().__init__()
        words = HOME_WORDS[home.value]
        self.home = home
        self._icon = words.icon
        self.alert = False
        self.setText(t(words.name))
        self.setObjectName(f"home-{home.value}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self._height = 36
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_height(self, height: int) -> None:
        """36 pixels, or fewer in a low window."""
        self._height = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(font(Letters.SECOND_STRONG)).horizontalAdvance(self.text())
        return QSize(wide + 49 + 2 * _EDGE, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self._height)

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width() + _EDGE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        on = self.isChecked()
        area = QRectF(_EDGE, 0, self.width() - 2 * _EDGE, self._height)
        if on:
            rounded(painter, area, 8, color(Token.PAGE), color(Token.LINE))
        elif self.underMouse():
            rounded(painter, area, 8, color(Token.HOVER))
        middle = self._height / 2
        tint = color(Token.ACCENT_INK if on else Token.INK_2)
        paint_icon(painter, self._icon, tint, _EDGE + 11, middle - 8)
        painter.setPen(color(Token.INK if on else Token.INK_2))
        painter.setFont(font(Letters.SECOND_STRONG if on else Letters.SECOND_MEDIUM))
        words = QRectF(_EDGE + 37, 0, self.width(), self._height)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.alert:
            dot = QRectF(self.width() - _EDGE - 18, middle - 4, 8, 8)
            rounded(painter, dot, 4, color(Token.WARN))


class HomeRail(QWidget, Tightens):
    """Tells which page was chosen; the set-up is one press away while it is not finished."""

    chosen = Signal(str)
    set_up = Signal()

    def __init__(self, pages: Sequence[HomeId]) -> None:
        super().__init__()
        self.setAccessibleName(t("Pages"))
        self.stepping = False
        """Whether somebody walks the pages by the arrow keys just now."""
        self._unit = Text("", Letters.BRAND, wrap=False, elide=Elide.RIGHT)
        program = Text(
            t("Enterprise Connect"), Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT
        )
        titles = column(self._unit, program)
        titles.insertStretch(0)
        titles.addStretch()
        self._brand = QWidget()
        row(_Brand(), 10, margins=(20, 0, 12, 0), inside=self._brand).addLayout(titles, 1)
        self._items = {home: _Item(home) for home in pages}
        self._list = column()
        for number, item in enumerate(self._items.values()):
            if number:
                self._list.addSpacing(2)
            item.clicked.connect(lambda _on, item=item: self.chosen.emit(item.home.value))
            item.stepped.connect(lambda by, number=number: self._step(number + by))
            self._list.addWidget(item)
        self._go_on = Button(t("Continue set-up"), Kind.GHOST, icon="arrow-right", small=True)
        self._go_on.setObjectName("continue-set-up")
        self._go_on.clicked.connect(self.set_up)
        self._more = QWidget()
        row(self._go_on, None, margins=(17, 12, 12, 0), inside=self._more)
        self._person = Text("", Letters.CAPTION_MEDIUM, wrap=False, elide=Elide.RIGHT)
        self._role = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._avatar = Avatar("", 24)
        self._foot = QWidget()
        who = column(None, self._person, self._role, None)
        row(self._avatar, 8, margins=(20, 1, 12, 0), inside=self._foot).addLayout(who, 1)
        column(
            *(self._brand, self._list, self._more, None, self._foot),
            margins=(0, 0, 1, 0),
            inside=self,
        )
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        self._brand.setFixedHeight(60 if tight else 68)
        self._foot.setFixedHeight(44 if tight else 52)
        for item in self._items.values():
            item.set_height(34 if tight else 36)

    def show_state(self, home: HomeId, answers: Answers, *, unfinished: bool, role: str) -> None:
        """Show where we are; `role` is what the service says that the person may do, or ''."""
        self._unit.say(answers.ou_name or answers.looks_at_name or t("Enterprise Connect"))
        self._go_on.say(
            t("To the set-up") if answers.looks_at else t("Continue set-up"), "arrow-right"
        )
        for number, (one, item) in enumerate(self._items.items(), start=1):
            item.setChecked(one is home)
            item.update()
            words = t(
                "{page}, page {number} of {count}",
                page=item.text(),
                number=number,
                count=len(self._items),
            )
            if item.alert:
                words = t("{page}, needs somebody", page=words)
            if one is home:
                words = t("{page}, current", page=words)
            item.setAccessibleName(words)
        self._more.setVisible(unfinished)
        name = answers.signed_in_name or answers.signed_in_as
        self._avatar.show_name(name)
        self._person.say(name or t("Nobody is signed in"))
        self._role.say(role or _role_of(answers))

    def focus_current(self) -> None:
        """Give the keyboard to the page that is shown, unless it is in the rail already."""
        if any(item.hasFocus() for item in self._items.values()):
            return
        for item in self._items.values():
            if item.isChecked():
                item.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, number: int) -> None:
        items = list(self._items.values())
        if 0 <= number < len(items):
            self.stepping = True
            items[number].setFocus(Qt.FocusReason.TabFocusReason)
            items[number].click()
            self.stepping = False

    def alert(self, home: HomeId, *, wanted: bool) -> None:
        """Mark a page where somebody must act."""
        item = self._items.get(home)
        if item is not None and item.alert is not wanted:
            item.alert = wanted
            item.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and two lines
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.RAIL))
        line = color(Token.LINE)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), line)
        painter.fillRect(0, self._foot.y(), self.width(), 1, line)


def _role_of(answers: Answers) -> str:
    if not answers.signed_in_as:
        return t("The sync goes on without you")
    if answers.looks_at and not answers.ou_id:
        return t("Member")
    return t("Account owner") if answers.role is Role.OWNER else t("IT representative")
