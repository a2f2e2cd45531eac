"""What one page of Home offers to the frame around it.

How a page of Home is made: derive from `HomePage`, give `home` (its `HomeId`), build the body in
`build`, and add one line to `wizard.ui.home.registry`. All that `wizard.ui.page.Page` says holds:
`work` for anything that blocks, `entered` and `left`, `head` for title and lead. There are three
differences: nothing leads on, so a footer stands only while the page offers a button with words
(`offer_now(Offer(words=..., ...))`, where something is saved or confirmed); there is no proof
line but the one that an offer gives; and what stands beside the title is named in `build`: `mark`
before it, `tools` after it. `wide` keeps the help folded, for tables. `self.go(HomeId...)` opens
another page of Home, `self.desk.steps_wanted.emit(...)` a step of the set-up.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.flow.answers import StepId
from wizard.services.contract.home import UnitWord
from wizard.ui.home.ids import HomeId
from wizard.ui.page import Desk, Page

__all__ = ["HomePage"]


class HomePage(Page):
    """One page of Home. See the module for how to make one."""

    home: HomeId
    step = StepId.DONE

    def __init__(self, desk: Desk) -> None:
        self.mark: QWidget | None = None
        self.tools: Sequence[QWidget] = ()
        self.unit: UnitWord | None = None
        """What the service says of the unit, where this page asked it."""
        super().__init__(desk)

    def go(self, home: HomeId) -> None:
        """Open another page of Home."""
        self.desk.home_wanted.emit(home.value)

    def apply(self) -> None:
        """The footer's button was pressed; a page that offers one says what it does."""

    def show_for(self, about: str) -> None:
        """The page was opened from elsewhere for one thing of it, such as a person's id."""
