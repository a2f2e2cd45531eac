"""What stopped us, in words: what happened, what to do, what is not lost, details for IT."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from wizard.content.text import t
from wizard.core.trouble import Trouble
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Icon
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.folds import Fold
from wizard.ui.widgets.text import Text

__all__ = ["TroublePanel"]

_BELOW = 16
"""Room to what follows; it goes when the panel goes."""


class TroublePanel(QFrame):
    """Hidden until there is a trouble; the cure is the page's primary button."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._title = Text("", Letters.PANEL)
        self._title.setObjectName("trouble-title")
        head = QWidget()
        mark = Icon("stop", Token.BAD, 22)
        line = row(mark, gap=12, margins=(17, 14, 17, 14), inside=head)
        line.addWidget(self._title, 1)
        self._head = head
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(17, 16, 17, 16)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, 100)
        grid.setColumnStretch(1, 1)
        self._happened = Text("", Letters.PROSE, strong=500)
        self._to_do = Text("", Letters.PROSE, strong=500)
        self._safe = Text("", Letters.PROSE, strong=500)
        for number, (label, text) in enumerate(
            (
                (t("What happened"), self._happened),
                (t("What to do"), self._to_do),
                (t("Nothing is lost"), self._safe),
            )
        ):
            name = Text(label, Letters.PROSE, Token.INK_3, wrap=False)
            grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, number, 1)
        self._fold = Fold(
            t("Details for IT"), Letters.CAPTION_MEDIUM, name="trouble-details", margins=(8, 8)
        )
        self._fold.toggled.connect(self._show_details)
        copy = Button(t("Copy"), Kind.GHOST, icon="copy", small=True, name="trouble-copy")
        copy.clicked.connect(self._copy)
        self._copied = Text("", Letters.CAPTION, Token.INK_3, wrap=False)
        fold_line = row(margins=(17, 7, 11, 7), gap=8)
        fold_line.addWidget(self._fold, 1)
        fold_line.addWidget(self._copied)
        fold_line.addWidget(copy)
        self._details = Text("", Letters.CODE, Token.INK_2)
        self._details_box = QWidget()
        column(self._details, margins=(17, 0, 17, 12), inside=self._details_box)
        below = QWidget()
        column(fold_line, self._details_box, margins=(0, 1, 0, 0), inside=below)
        self._below = below
        column(head, rows, below, margins=(1, 1, 1, 1 + _BELOW), inside=self)
        self._details_box.hide()
        self.hide()

    def show_trouble(self, trouble: Trouble | None, at: datetime | None = None) -> None:
        """Show this trouble, or nothing; `at` is when it happened, else now."""
        if trouble is None:
            self.hide()
            return
        # Some hundred sentences, which a start without a trouble does not wait for.
        from wizard.content.troubles import trouble_words

        words = trouble_words(trouble.code, trouble.facts)
        self._title.say(words.title)
        self._happened.say(words.happened)
        self._to_do.say(words.to_do)
        self._safe.say(words.safe)
        moment = at or datetime.now().astimezone()
        told = [trouble.code.value]
        told += [f"{name}: {value}" for name, value in sorted(trouble.facts.items())]
        told.append(moment.strftime("%d %b %Y, %H:%M:%S"))
        self._details.say("\n".join(told))
        self._copied.say("")
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(f"{words.happened} {words.to_do}")
        self.show()

    def _show_details(self, on: bool) -> None:
        self._details_box.setVisible(on)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._title.text()}\n{self._details.text()}")
        self._copied.say(t("Copied"))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole: the height follows the words
        painter = brush_on(self)
        area = QRectF(self.rect()).adjusted(0, 0, 0, -_BELOW)
        rounded(painter, area, 10, color(Token.PAGE))
        path = QPainterPath()
        path.addRoundedRect(area, 10, 10)
        painter.setClipPath(path)
        head = self._head.geometry()
        painter.fillRect(QRectF(0, 0, self.width(), head.bottom() + 1), color(Token.BAD_SOFT))
        painter.fillRect(QRectF(0, self._below.y(), self.width(), 1), color(Token.LINE))
        painter.setClipping(False)
        rounded(painter, area, 10, None, color(Token.BAD_LINE))
