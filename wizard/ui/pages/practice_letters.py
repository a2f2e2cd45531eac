"""Where a letter is that nobody gets: the practice organization sends no email."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.layouts import column
from wizard.ui.page import Desk
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button

__all__ = ["PracticeLetters"]


class PracticeLetters(QWidget):
    """A note that leads to the outbox of the control page; hidden until somebody is invited."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        show = Button(t("Open the control page"), icon="outside", small=True, name="invite-outbox")
        show.clicked.connect(self._open_control)
        words = t("**Practice sends no email.** The letter is in the outbox of the control page.")
        column(16, Note(words, icon="mail", action=show, tight=True), inside=self)
        self.hide()

    def _open_control(self) -> None:
        self._desk.open_browser(self._desk.bench.profile.control_url, self._desk.troubled.emit)
