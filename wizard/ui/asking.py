"""The question how sign-ins are kept, put before whatever page met it, and who waits for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from wizard.flow.answers import StepId
from wizard.ui.page import Desk, SecretsWanted
from wizard.ui.page_view import PageView

__all__ = ["SecretsQuestion"]


class SecretsQuestion(QObject):
    """One question at a time; several jobs may wait for its answer."""

    changed = Signal()
    kept = Signal()
    refused = Signal()

    def __init__(self, desk: Desk, stack: QStackedWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stack = stack
        self._wanted: list[SecretsWanted] = []
        self.view: PageView | None = None
        """The question while it is asked."""

    def ask(self, wanted: SecretsWanted, step: StepId) -> bool:
        """Let this wait for the answer, too; whether the question was made just now."""
        self._wanted.append(wanted)
        if self.view is not None:
            return False
        from wizard.ui.secrets_page import SecretsPage

        page = SecretsPage(self._desk, step, wanted.trouble)
        page.changed.connect(self.changed)
        page.finished.connect(self.kept)
        page.refused.connect(self.refused)
        view = PageView(page)
        view.setObjectName("page-secrets")
        view.title.setObjectName("secrets-title")
        self.view = view
        self._stack.addWidget(view)
        return True

    def answered(self) -> list[SecretsWanted]:
        """Take the question away; who waited for it."""
        view, self.view = self.view, None
        wanted, self._wanted = self._wanted, []
        if view is not None:
            self._stack.removeWidget(view)
            view.hide()
            view.deleteLater()
        return wanted

    def refuse(self) -> None:
        """Whoever goes elsewhere doesn't answer: the question belonged to the page before."""
        if self.view is not None:
            self.view.page.drop_jobs()
            for wanted in self.answered():
                wanted.refused()
