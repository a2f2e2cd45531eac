"""The small window before the window: a profile to agree to, or what keeps us from starting."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["Gate"]

_WIDTH = 560


class Gate(QWidget):
    """Shows a trouble of the start; `agreed` where it was a profile and the person agrees."""

    agreed = Signal()
    refused = Signal()

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.setObjectName("gate")
        self._answered = False
        words = trouble_words(trouble.code, trouble.facts)
        self.setWindowTitle(words.title)
        self.setMinimumWidth(_WIDTH)
        parts = column(margins=(32, 28, 32, 16), gap=0, inside=self)
        asks = trouble.code is Code.PROFILE_NOT_TRUSTED
        if asks:
            self._ask(trouble)
        else:
            panel = TroublePanel()
            panel.show_trouble(trouble)
            parts.addWidget(panel)
        parts.addSpacing(24)
        parts.addStretch()
        no = Button(t("Close") if not asks else t("Don’t use it"), name="profile-refuse")
        no.clicked.connect(self._refuse)
        line = row(None, no, gap=8)
        if asks:
            yes = Button(t("Use this profile"), Kind.PRIMARY, name="profile-agree")
            yes.clicked.connect(self._agree)
            line.addWidget(yes)
        else:
            no.kind = Kind.PRIMARY
        parts.addLayout(line)

    def _ask(self, trouble: Trouble) -> None:
        words = trouble_words(trouble.code, trouble.facts)
        layout = self.layout()
        if layout is None:
            return
        title = Text(words.title, Letters.TITLE)
        lead = Text(
            t("A profile names the computers that this program talks to."),
            Letters.LEAD,
            Token.INK_2,
        )
        box = Box()
        hosts = [host.strip() for host in str(trouble.facts.get("hosts", "")).split(",")]
        for host in hosts:
            part = QWidget()
            column(Text(host, Letters.CODE), margins=(12, 7, 12, 7), inside=part)
            box.add(part)
        note = Note(words.to_do, icon="shield")
        holder = QWidget()
        column(title, 6, lead, 16, box, 12, note, inside=holder)
        layout.addWidget(holder)

    def _agree(self) -> None:
        self._answered = True
        self.close()
        self.agreed.emit()

    def _refuse(self) -> None:
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._refuse()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._answered:
            self._answered = True
            self.refused.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface
        QPainter(self).fillRect(self.rect(), color(Token.PAGE))
