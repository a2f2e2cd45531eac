"""Home within the frame: its rail, its pages as they are first shown, and what they offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from wizard.content.home import HOME_WORDS
from wizard.content.text import t
from wizard.core.trouble import Code
from wizard.flow.graph import needs_more
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.footer import Footer
from wizard.ui.help import HelpPanel
from wizard.ui.home.ids import HomeId
from wizard.ui.home.page import HomePage
from wizard.ui.home.rail import HomeRail
from wizard.ui.home.registry import HOME_PAGES
from wizard.ui.home.view import HomeView
from wizard.ui.page import Desk, Page
from wizard.ui.views import throw_away

__all__ = ["HomeShell"]


class HomeShell(QObject):
    """Owns the views of Home; the frame says when Home is shown, and shows the current view."""

    turned = Signal()
    """Another page is current."""
    changed = Signal()
    """The current page's heading or offer is different."""

    def __init__(
        self,
        desk: Desk,
        stack: QStackedWidget,
        footer: Footer,
        help_panel: HelpPanel,
        pages: Mapping[HomeId, Callable[[Desk], HomePage]] = HOME_PAGES,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._stack = stack
        self._footer = footer
        self._help = help_panel
        self._makers = pages
        self._views: dict[HomeId, HomeView] = {}
        self._there = False
        self.current = HomeId.OVERVIEW
        self.rail = HomeRail([home for home in HomeId if home in pages])
        self.rail.chosen.connect(lambda name: self.open(HomeId(name)))
        self.rail.set_up.connect(lambda: desk.steps_wanted.emit(""))
        self._watch = ScheduleWatch(desk.bench.schedule, self)
        self._watch.changed.connect(self._heard)
        self._heard(self._watch.view)

    def _heard(self, view: SchedulerView) -> None:
        """Mark Overview where the sync waits for somebody, whichever page is shown."""
        needed = view.state is SchedulerState.NEEDS_PERSON
        wanted = needed and view.trouble is not Code.NOT_THE_SYNCER
        self.rail.alert(HomeId.OVERVIEW, wanted=wanted)

    @property
    def view(self) -> HomeView:
        """The page that is current, with its heading."""
        return self._view(self.current)

    def open_named(self, name: str, about: str = "") -> None:
        """Show the page with this name, '' for the one that was current."""
        self.open(HomeId(name) if name else self.current, about)

    def open(self, home: HomeId, about: str = "") -> None:
        """Show a page; the one before is left. `about` is what of it is wanted."""
        if home not in self._makers:
            home = HomeId.OVERVIEW
        if self._there and home is self.current:
            self.rail.show_state(
                home, self._desk.bench.answers, unfinished=self._unfinished, role=self._role
            )
            self._tell(about)
            return
        self.leave()
        self.current = home
        self._there = True
        view = self.view
        self.turned.emit()
        view.page.entered()
        self._tell(about)
        self.changed.emit()

    def _tell(self, about: str) -> None:
        if about:
            self.view.page.show_for(about)

    def leave(self) -> None:
        """Home, or its current page, is not shown any more."""
        if self._there:
            self._there = False
            page = self.view.page
            page.drop_jobs()
            page.left()

    def drop_jobs(self) -> None:
        """Cancel whatever pages of Home are doing."""
        for view in self._views.values():
            view.page.drop_jobs()

    def forget(self) -> None:
        """Throw all pages away: what they show is of a set-up that is gone."""
        self.leave()
        throw_away(self._stack, self._views.values())
        self._views.clear()
        self._watch.close()
        self.current = HomeId.OVERVIEW

    def show_state(self, page: Page) -> None:
        """Rail, footer and help for the page that is shown: the current one, or a question."""
        answers = self._desk.bench.answers
        self.rail.show_state(self.current, answers, unfinished=self._unfinished, role=self._role)
        offer = page.offer
        asks = bool(offer.words or offer.busy)
        self._footer.setVisible(asks)
        if asks:
            self._footer.show_offer(offer, offer.proof, can_go_back=False, may_do_later=False)
        code = offer.trouble.code if offer.trouble is not None else None
        self._help.show_topics(HOME_WORDS[self.current.value].topics, code)

    def focus_first(self) -> None:
        """The keyboard stays with the pages' names, unless the page has a part that is used first.

        Whoever walks the pages by the arrow keys stays in the rail.
        """
        if self.rail.isVisible():
            self.rail.focus_current()
            if not self.rail.stepping:
                self.view.page.focus_first()

    def show_narrow(self, *, narrow: bool) -> None:
        """Smaller margins in a narrow window."""
        for view in self._views.values():
            view.set_narrow(narrow=narrow)

    @property
    def title(self) -> str:
        """The current page's name."""
        return t(HOME_WORDS[self.current.value].name)

    @property
    def _unfinished(self) -> bool:
        return needs_more(self._desk.bench.walk.answers)

    @property
    def _role(self) -> str:
        """The person's role where the service has told that they may only look; '' else."""
        told = [view.page.unit for view in self._views.values() if view.page.unit is not None]
        newest = max(told, key=lambda unit: unit.asked_at, default=None)
        if newest is None or newest.may_manage or not self._desk.bench.answers.signed_in_as:
            return ""
        return t("Member")

    def _view(self, home: HomeId) -> HomeView:
        view = self._views.get(home)
        if view is None:
            page = self._makers[home](self._desk)
            view = HomeView(page)
            view.setObjectName(f"page-home-{home.value}")
            page.changed.connect(lambda: self._page_changed(home))
            self._views[home] = view
            self._stack.addWidget(view)
        return view

    def _page_changed(self, home: HomeId) -> None:
        if self._there and home is self.current:
            self.changed.emit()
