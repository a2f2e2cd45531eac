"""The way between the set-up and Home: which of the two the window is, and who comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from wizard.flow.answers import Answers, StepId
from wizard.flow.graph import Walk, next_step, resume
from wizard.ui.footer import Footer
from wizard.ui.help import HelpPanel
from wizard.ui.page import Desk
from wizard.ui.panes import Panes

if TYPE_CHECKING:
    from wizard.ui.home.shell import HomeShell

__all__ = ["HomeDoor"]

_ERRANDS = {StepId.SCOPE: StepId.PROVISIONING}
"""Steps that somebody visits from Home for one thing, and the step that it is done with."""


class HomeDoor(QObject):
    """Swaps rail and footer. Home itself is imported when it is first opened."""

    turned = Signal()
    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        stack: QStackedWidget,
        panes: Panes,
        footer: Footer,
        help_panel: HelpPanel,
        *,
        rail: QWidget,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stack = stack
        self._panes = panes
        self._footer = footer
        self._help = help_panel
        self._rail = rail
        self._errand: StepId | None = None
        self.shell: HomeShell | None = None
        self.at_home = False

    def open(self, name: str) -> None:
        """Show Home at this page, '' for the one shown last; a second word is told to the page."""
        from wizard.ui.home.shell import HomeShell

        page, _, about = name.partition(" ")
        shell = self.shell
        if shell is None:
            shell = self.shell = HomeShell(self._desk, self._stack, self._footer, self._help)
            shell.setParent(self)
            shell.turned.connect(self.turned)
            shell.changed.connect(self.changed)
        self._errand = None
        if not self.at_home:
            self.at_home = True
            self._panes.show_rail(shell.rail)
        shell.open_named(page, about)

    def leave(self) -> None:
        """The set-up is shown from now on."""
        if self.at_home and self.shell is not None:
            self.shell.leave()
        self.at_home = False
        self._panes.show_rail(self._rail)
        self._footer.show()

    def forget(self) -> None:
        """What Home showed is of a set-up that is gone; nobody comes back to it."""
        self.leave()
        if self.shell is not None:
            self.shell.forget()
            self.shell.deleteLater()
            self.shell.rail.deleteLater()
            self.shell = None

    def drop_jobs(self) -> None:
        """Cancel whatever Home is doing."""
        if self.shell is not None:
            self.shell.drop_jobs()

    def way_to(self, name: str, answers: Answers) -> Walk:
        """The walk to a step, '' for the one that needs somebody next; looking on is over."""
        answers = replace(answers, looks_at="", looks_at_name="")
        step = StepId(name) if name else next_step(answers)
        self._errand = _ERRANDS.get(step) if name else None
        return resume(Walk(step=step, answers=answers))

    def ends_errand(self, step: StepId) -> bool:
        """Whether somebody came from Home for what this step has just done."""
        return self._errand is step

    @property
    def comes_from(self) -> bool:
        """Whether somebody came from Home, and may go back there."""
        return self.shell is not None and not self.at_home
