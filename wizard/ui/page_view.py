"""A page as it stands in the frame: badge, minutes, title and lead over the page's own body."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wizard.content.text import t, tn
from wizard.flow.answers import Role, StepId
from wizard.flow.steps import STEPS, Who
from wizard.services.contract import SignedInView
from wizard.ui.greeting import Greeting
from wizard.ui.layouts import column, row
from wizard.ui.page import Page
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.views import View
from wizard.ui.widgets.badges import IconText, RoleBadge
from wizard.ui.widgets.text import Text
from wizard.ui.words import BADGES, STEP_WORDS

__all__ = ["PageView"]

_READABLE = 600


class PageView(View):
    """Scrolls a page with its heading; the heading follows `page.heading`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        step = STEPS[page.step]
        # Anyone may start; the end is told to whom the last steps belong.
        last = Who.OWNER if page.answers.role is Role.OWNER else Who.IT
        badge = BADGES[last if page.step is StepId.DONE else step.who]
        self._badge = RoleBadge(badge.icon, t(badge.words), soft=badge.soft)
        self._minutes = IconText("clock", "", Letters.CAPTION, Token.INK_3, gap=5)
        self._meta = row(self._badge, self._minutes, None, gap=12)
        self._meta.setAlignment(self._minutes, Qt.AlignmentFlag.AlignVCenter)
        self.title = Text("", Letters.TITLE)
        self.title.setObjectName("page-title")
        self.lead = Text("", Letters.LEAD, Token.INK_2)
        for part in (self.title, self.lead):
            part.setMaximumWidth(_READABLE)
        content = QWidget()
        self._column: QVBoxLayout = column(self._meta, 12, self.title, 6, self.lead, inside=content)
        self._column.addWidget(page, 1)
        super().__init__(content)
        self._narrow = False
        self._tight = False
        self._greeting: Greeting | None = None
        self.show_heading()
        self._measure()

    def show_heading(self) -> None:
        """Draw the page's heading again."""
        words = STEP_WORDS[self.page.step]
        heading = self.page.heading
        self.title.say(heading.title or t(words.title))
        self.lead.say(heading.lead or t(words.lead))
        minutes = STEPS[self.page.step].minutes
        told = heading.minutes
        if not told and minutes:
            told = tn("About {count} minute", "About {count} minutes", minutes)
        self._minutes.say(told)
        self._minutes.setVisible(bool(told))
        # A screen reader announces the page by its title.
        self.page.setAccessibleName(self.title.text())

    def greet(self, who: SignedInView | None, other: Callable[[], None]) -> None:
        """Greet this person above the page's body, None to greet nobody any more."""
        if self._greeting is not None:
            self._column.removeWidget(self._greeting)
            self._greeting.hide()
            self._greeting.deleteLater()
            self._greeting = None
        if who is not None:
            self._greeting = Greeting(who, other)
            self._column.insertWidget(self._column.indexOf(self.page), self._greeting)
        # Told with the page's name, when the keyboard comes to it.
        self.page.setAccessibleDescription(self._greeting.spoken if self._greeting else "")

    def set_narrow(self, *, narrow: bool) -> None:
        """Smaller margins in a narrow window."""
        self._narrow = narrow
        self._measure()

    def set_tight(self, tight: bool) -> None:
        self._tight = tight
        self._measure()

    def _measure(self) -> None:
        if self._narrow:
            self._column.setContentsMargins(24, 20, 14, 20)
        else:
            self._column.setContentsMargins(32, 28, 22, 24)
        gaps = (8, 4) if self._tight else (12, 6)
        for index, gap in zip((1, 3), gaps, strict=True):
            item = self._column.itemAt(index)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0, gap)
        self._column.invalidate()
