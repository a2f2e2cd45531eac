"""A page of Home as it stands in the frame: mark, title, lead and tools over the page's body."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wizard.content.home import HOME_WORDS
from wizard.content.text import t
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.views import View
from wizard.ui.widgets.text import Text

__all__ = ["HomeView"]


class HomeView(View):
    """Scrolls a page of Home with its heading, which follows `page.heading`."""

    def __init__(self, page: HomePage) -> None:
        self.page: HomePage = page
        self.title = Text("", Letters.TITLE)
        self.title.setObjectName("page-title")
        self.lead = Text("", Letters.LEAD, Token.INK_2)
        self.lead.setObjectName("page-lead")
        head = row(gap=14)
        if page.mark is not None:
            head.addWidget(page.mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column(self.title, 4, self.lead), 1)
        if page.tools:
            tools = row(*page.tools, gap=8, align=Qt.AlignmentFlag.AlignTop)
            head.addLayout(tools)
            head.setAlignment(tools, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._column: QVBoxLayout = column(head, inside=content)
        self._column.addWidget(page, 1)
        super().__init__(content)
        self._narrow = False
        self.show_heading()
        self._measure()

    def show_heading(self) -> None:
        """Draw the page's heading again."""
        heading = self.page.heading
        self.title.say(heading.title or t(HOME_WORDS[self.page.home.value].name))
        self.lead.say(heading.lead)
        self.lead.setVisible(bool(heading.lead))
        # A screen reader announces the page by its title.
        self.page.setAccessibleName(self.title.text())

    def set_narrow(self, *, narrow: bool) -> None:
        """Smaller margins in a narrow window."""
        self._narrow = narrow
        self._measure()

    def set_tight(self, tight: bool) -> None:
        del tight  # a heading of Home is as low as it gets

    def _measure(self) -> None:
        if self._narrow:
            self._column.setContentsMargins(24, 20, 14, 20)
        else:
            self._column.setContentsMargins(32, 28, 22, 24)
