"""How rail, page, help and side sheet share the window's width, at every size."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from wizard.content.text import t
from wizard.ui.density import NARROW, WITH_HELP
from wizard.ui.layouts import column
from wizard.ui.theme import color, theme
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import IconButton
from wizard.ui.widgets.sheet import Sheet

__all__ = ["Panes"]

_RAIL, _RAIL_NARROW = 232, 216
_HELP, _STRIP, _SHEET, _WIDE_SHEET = 300, 44, 340, 720
_SHADE = 24
_SLIDE_MS = 160
_FRAME = 2


class _Strip(QWidget):
    """What is left of the help panel when it is folded."""

    def __init__(self) -> None:
        super().__init__()
        self.button = IconButton("question", t("Open help (F1)"), name="help-open")
        column(self.button, None, margins=(8, 20, 8, 0), inside=self)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and a line
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.RAIL))
        painter.fillRect(0, 0, 1, self.height(), color(Token.LINE))


class _Shade(QWidget):
    """The soft shadow at the left of what lies over the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # one gradient
        gradient = QLinearGradient(0, 0, self.width(), 0)
        gradient.setColorAt(0, QColor(0, 0, 0, 0))
        gradient.setColorAt(1, QColor(0, 0, 0, 40))
        QPainter(self).fillRect(self.rect(), gradient)


class Panes(QWidget):
    """Places its four parts by hand: what is beside the page, and what lies over it."""

    narrowed = Signal()

    def __init__(
        self, rail: QWidget, centre: QWidget, help_panel: QWidget, *, framed: bool
    ) -> None:
        super().__init__()
        self._framed = framed
        self._rail, self._centre, self._help = rail, centre, help_panel
        self._strip = _Strip()
        self._shade = _Shade(self)
        for part in (rail, centre, help_panel, self._strip):
            part.setParent(self)
        self._strip.button.clicked.connect(self.open_help)
        self._sheet: Sheet | None = None
        self._before_sheet: QWidget | None = None
        self._name_before = ""
        self._wide = False
        self._over = False
        self._folded = False
        self.narrow = False
        self._slide = QPropertyAnimation(self)
        self._slide.setPropertyName(b"pos")
        self._slide.setDuration(_SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)

    def show_rail(self, rail: QWidget) -> None:
        """Show another rail at the left."""
        if rail is self._rail:
            return
        self._rail.hide()
        self._rail = rail
        rail.setParent(self)
        self._arrange()
        rail.show()

    # -------------------------------------------------------- help

    @property
    def _room_for_help(self) -> bool:
        return self.width() >= WITH_HELP and not self._wide

    @property
    def help_is_open(self) -> bool:
        """Whether the help panel can be seen, beside the page or over it."""
        return self._over or (self._room_for_help and not self._folded and self._sheet is None)

    def show_wide(self, *, wide: bool) -> None:
        """A page of data keeps the panel folded."""
        self._wide = wide
        self._over = False
        self.close_sheet()
        self._arrange()

    def open_help(self) -> None:
        """Open the panel: beside the page where there is room, else over it."""
        self.close_sheet()
        if self._room_for_help:
            self._folded = False
            self._arrange()
            return
        if not self._over:
            self._over = True
            self._arrange()
            self._slide_in(self._help)

    def fold_help(self) -> None:
        """Leave only the strip."""
        if self._over:
            self._over = False
        else:
            self._folded = True
        self._arrange()

    # -------------------------------------------------------- side sheet

    def open_sheet(self, sheet: Sheet) -> None:
        """Show a sheet in place of the help panel; focus goes in, and back when it closes."""
        self.close_sheet()
        focused: QWidget | None = self.window().focusWidget()
        self._before_sheet = focused
        self._name_before = focused.objectName() if focused is not None else ""
        self._sheet = sheet
        self._over = False
        sheet.setParent(self)
        sheet.closed.connect(self.close_sheet)
        self._arrange()
        sheet.show()
        self._slide_in(sheet)
        sheet.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Take the sheet away, if there is one."""
        sheet, self._sheet = self._sheet, None
        if sheet is None:
            return
        self._slide.stop()
        sheet.hide()
        sheet.deleteLater()
        before = self._where_before()
        if before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()

    def _where_before(self) -> QWidget | None:
        """What had the keyboard before the sheet; drawn again meanwhile, the one of its name."""
        before, self._before_sheet = self._before_sheet, None
        if before is not None and isValid(before) and before.isVisible():
            return before
        named = self.findChildren(QWidget, self._name_before) if self._name_before else []
        return next((part for part in named if part.isVisible()), None)

    @property
    def sliding(self) -> bool:
        """Whether a part is on its way in."""
        return self._slide.state() is QPropertyAnimation.State.Running

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is open."""
        return self._sheet

    # -------------------------------------------------------- places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._slide.stop()
        width, height = self.width(), self.height()
        edge = _FRAME if self._framed else 0
        bottom = height - edge
        narrow = width < NARROW
        rail = _RAIL_NARROW if narrow else _RAIL
        self._rail.setGeometry(edge, 0, rail, bottom)
        right = width - edge
        docked = self._room_for_help and not self._folded and self._sheet is None
        self._strip.setVisible(not docked)
        if not docked:
            right -= _STRIP
            self._strip.setGeometry(right, 0, _STRIP, bottom)
        lies_over: QWidget | None = None
        if self._sheet is not None:
            wanted = _WIDE_SHEET if self._sheet.wide else _SHEET
            size = min(wanted, right - edge - rail)
            self._sheet.setGeometry(QRect(right - size, 0, size, bottom))
            if width >= WITH_HELP and not self._sheet.wide:
                right -= size
            else:
                lies_over = self._sheet
        elif docked:
            right -= _HELP
            self._help.setGeometry(right, 0, _HELP, bottom)
        elif self._over:
            self._help.setGeometry(right - _HELP, 0, _HELP, bottom)
            lies_over = self._help
        self._help.setVisible(docked or (self._over and self._sheet is None))
        self._centre.setGeometry(edge + rail, 0, right - edge - rail, bottom)
        self._shade.setVisible(lies_over is not None)
        if lies_over is not None:
            self._shade.setGeometry(lies_over.x() - _SHADE, 0, _SHADE, bottom)
            self._shade.raise_()
            lies_over.raise_()
            self._strip.raise_()
        if narrow != self.narrow:
            self.narrow = narrow
            self.narrowed.emit()
        self.update()

    def _slide_in(self, part: QWidget) -> None:
        if not theme().moves or not self.isVisible():
            return
        end = part.pos()
        self._slide.setTargetObject(part)
        self._slide.setStartValue(end + QPoint(_SHADE, 0))
        self._slide.setEndValue(end)
        self._slide.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # the frame of a practice organization shows at the edges
        painter = QPainter(self)
        edge = _FRAME if self._framed else 0
        if self._framed:
            painter.fillRect(self.rect(), color(Token.PRACTICE))
        # All of the inside: a part that slides in uncovers what lies below it.
        painter.fillRect(self.rect().adjusted(edge, 0, -edge, -edge), color(Token.PAGE))
