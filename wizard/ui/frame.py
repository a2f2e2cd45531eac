"""The frame around every page: rail, footer, help, practice band; it owns the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from wizard.content.text import t
from wizard.flow.answers import Answers, StepId
from wizard.flow.graph import Walk, back, forward, path, resume, verdict
from wizard.flow.steps import MISSING_WORDS, Leave
from wizard.ui.asking import SecretsQuestion
from wizard.ui.band import PracticeBand
from wizard.ui.density import LOW, tighten_below
from wizard.ui.footer import Footer
from wizard.ui.help import HelpPanel
from wizard.ui.help_door import HelpDoor
from wizard.ui.help_source import HelpSource
from wizard.ui.home_door import HomeDoor
from wizard.ui.layouts import column
from wizard.ui.notices import Notices
from wizard.ui.page import Desk, Page, SecretsWanted
from wizard.ui.page_view import PageView
from wizard.ui.panes import Panes
from wizard.ui.rail import Rail
from wizard.ui.step_views import MakePage, StepViews
from wizard.ui.theme import color
from wizard.ui.tokens import Token
from wizard.ui.widgets.focus import FocusFrame
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.words import STEP_WORDS

if TYPE_CHECKING:
    from wizard.ui.home.view import HomeView

__all__ = ["Frame"]

_SMALLEST = QSize(900, 500)
_COMFORTABLE = QSize(1100, 720)


class Frame(QWidget):
    """The window. `pages` makes a page for each step when it is first shown.

    Where the person stands is the workbench's walk, so that a set-up is resumed there. `at_home`:
    it opens at Home, with the set-up behind it.
    """

    closing = Signal()
    moved = Signal(str)
    painted = Signal()
    """Once, as soon as the first frame is on the screen."""

    def __init__(
        self, desk: Desk, pages: Mapping[StepId, MakePage], *, at_home: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.desk = desk
        desk.setParent(self)
        self._may_close = False
        self._was_painted = False
        self._low = False
        self.setMinimumSize(_SMALLEST)
        self.resize(_COMFORTABLE)
        self._build(pages)
        self._wire()
        if at_home:
            self.open_home()
        else:
            self._show_step()

    def _build(self, pages: Mapping[StepId, MakePage]) -> None:
        bench = self.desk.bench
        self.rail = Rail()
        self.footer = Footer()
        self._stack = QStackedWidget()
        self._views = StepViews(
            *(self.desk, pages, self._stack),
            changed=self._page_changed,
            finished=self._page_finished,
        )
        self._asking = SecretsQuestion(self.desk, self._stack, self)
        self._asking.changed.connect(self._show_state)
        self._asking.kept.connect(self._secrets_kept)
        self._asking.refused.connect(self._secrets_refused)
        centre = QWidget()
        layout = column(inside=centre)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.footer)
        self.help = HelpPanel(self._open_page, bench.profile.support_url, self.desk)
        self.panes = Panes(self.rail, centre, self.help, framed=bench.profile.practice)
        self._help_door = HelpDoor(self.help, self.panes, self.footer, self)
        self._door = HomeDoor(
            *(self.desk, self._stack, self.panes, self.footer, self.help),
            rail=self.rail,
            parent=self,
        )
        self._door.turned.connect(self._home_turned)
        self._door.changed.connect(self._show_state)
        whole = column(inside=self)
        self._band: PracticeBand | None = None
        if bench.profile.practice:
            control = bench.profile.control_url
            self._band = PracticeBand(
                (lambda: self._open_page(control)) if control else None,
                self.desk.leave_practice.emit,
            )
            whole.addWidget(self._band)
        self.notices = Notices()
        whole.addWidget(self.notices)
        whole.addWidget(self.panes, 1)
        self._focus_frame = FocusFrame(self)

    def _wire(self) -> None:
        self.footer.pressed.connect(self._primary)
        self.footer.back.connect(self.go_back)
        self.footer.later.connect(self._later)
        self.panes.narrowed.connect(self._measure)
        self.desk.topic_wanted.connect(self.open_topic)
        self.desk.sheet_wanted.connect(self._open_sheet)
        self.desk.sheet_done.connect(self.panes.close_sheet)
        self.desk.troubled.connect(self.notices.tell)
        self.desk.secrets_wanted.connect(self._ask_secrets)
        self.desk.start_again.connect(self.start_again)
        self.desk.home_wanted.connect(self.open_home)
        self.desk.steps_wanted.connect(self.open_steps)
        others = self.rail.show_others
        self.desk.others_told.connect(lambda o: others(done=o.done, current=o.current, name=o.name))

    # -------------------------------------------------------- moving

    @property
    def walk(self) -> Walk:
        """Where the person stands."""
        return self.desk.bench.walk

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.view.page

    @property
    def view(self) -> PageView | HomeView:
        """The page that is shown, with its heading and scroll bar."""
        if self._asking.view is not None:
            return self._asking.view
        if self._door.at_home and self._door.shell is not None:
            return self._door.shell.view
        return self._views[self.walk.step]

    def go_back(self) -> None:
        """Show the step before, as it was left."""
        self.desk.went_on = False
        self.page.keep()
        self._go(back(self.walk))

    def go_on(self) -> None:
        """Show the next step, if the answers allow it."""
        self.desk.went_on = True
        self.page.keep()
        self._go(forward(self.walk))

    def _sign_in_anew(self) -> None:
        """Whoever has just been greeted is somebody else: back to the page that signs in."""
        self.desk.somebody_else = True
        self.go_back()

    def start_again(self, answers: Answers | None = None) -> None:
        """Show the first step of a set-up that knows nothing yet, or only these answers."""
        self._asking.refuse()
        self._views.forget()
        self._door.forget()
        self._keep(Walk(answers=answers or Answers()))
        self._show_step()

    def _go(self, walk: Walk) -> None:
        if walk.step is self.walk.step and not self.at_home:
            self._show_state()
            return
        self._asking.refuse()
        if self.at_home:
            self._door.leave()
        else:
            self.page.drop_jobs()
            self.page.left()
        self._keep(walk)
        self._show_step()

    # -------------------------------------------------------- Home

    def open_home(self, name: str = "") -> None:
        """Show Home at this page, '' for the one shown last; a second word is told to the page."""
        if not self.at_home:
            self._asking.refuse()
            self._views.leave()
            self._keep(resume(Walk(step=StepId.DONE, answers=self.walk.answers)))
        self._door.open(name)

    def open_steps(self, name: str = "") -> None:
        """Show the set-up at this step, '' for the one that needs somebody next."""
        self.page.keep()
        self._go(self._door.way_to(name, self.walk.answers))

    @property
    def at_home(self) -> bool:
        """Whether the window is Home now."""
        return self._door.at_home

    def _home_turned(self) -> None:
        if self._asking.view is not None:
            return
        self._turn_to(self.view)
        self._show_state()
        if self._door.shell is not None:
            self._door.shell.focus_first()
            self.moved.emit(f"home-{self._door.shell.current.value}")

    def _keep(self, walk: Walk) -> None:
        self.desk.bench.go(walk)

    def tell_notices(self) -> None:
        """Show what went wrong at the start and was put right."""
        self.notices.tell_all(self.desk.bench.notices)

    def _show_step(self) -> None:
        step = self.walk.step
        view = self._views.show(step)
        view.greet(self.desk.greets, self._sign_in_anew)
        self._turn_to(view)
        view.page.entered()
        self._show_state()
        self._focus_first(view.page)
        self.moved.emit(step.value)

    def _turn_to(self, view: PageView | HomeView) -> None:
        self._stack.setCurrentWidget(view)
        view.verticalScrollBar().setValue(0)
        self.panes.show_wide(wide=view.page.wide)
        self._measure()

    def _focus_first(self, page: Page) -> None:
        if self.isVisible():
            self.footer.primary.setFocus(Qt.FocusReason.OtherFocusReason)
            page.focus_first()

    def _page_changed(self) -> None:
        sender = self.sender()
        if self._views.shown is self.walk.step and sender is self.page:
            self._show_state()

    def _page_finished(self) -> None:
        if self.sender() is not self.page:
            return
        if self._door.ends_errand(self.walk.step):
            self.open_home()
        else:
            self.go_on()

    def _later(self) -> None:
        if self._door.comes_from:
            self.open_home()
        else:
            self.close()

    def _primary(self) -> None:
        if self.page.offer.valid and not self.page.offer.busy:
            self.page.apply()

    def _show_state(self) -> None:
        """Rail, footer and help as the page's offer wants them."""
        self.view.show_heading()
        if self._door.at_home and self._door.shell is not None:
            self._door.shell.show_state(self.page)
            self._name_window(self._door.shell.title)
            return
        step, answers = self.walk.step, self.walk.answers
        offer = self.page.offer
        stopped = offer.trouble is not None
        # Until the settings are saved they are expected to be switched on.
        expected = answers if answers.settings_version else replace(answers, provisioning_on=True)
        self.rail.show_walk(path(expected), step, answers, stopped=stopped)
        proof = offer.proof or t(
            "**You’ll know it worked when** {proof}", proof=t(STEP_WORDS[step].proof)
        )
        self.footer.show_offer(
            offer,
            proof,
            can_go_back=self.walk.can_go_back,
            may_do_later=offer.may_do_later and step not in {StepId.WELCOME, StepId.DONE},
            from_home=self._door.comes_from,
            missing=self._missing(),
        )
        code = offer.trouble.code if offer.trouble is not None else None
        self.help.show_step(step, code)
        self._name_window(t(STEP_WORDS[step].rail))

    def _missing(self) -> str:
        """What keeps the person on this step; '' while a question stands before it."""
        found = verdict(self.walk)
        if self._asking.view is not None or isinstance(found, Leave):
            return ""
        return t(MISSING_WORDS[found.reason])

    def _name_window(self, title: str) -> None:
        name = QApplication.applicationName()
        practice = self.desk.bench.profile.practice
        self.setWindowTitle(
            t("{step} – {program} (practice)", step=title, program=name)
            if practice
            else t("{step} – {program}", step=title, program=name)
        )
        self.tell_notices()

    # -------------------------------------------------------- how sign-ins are kept

    def _ask_secrets(self, wanted: object) -> None:
        """Put the question before the page; several jobs may wait for the one answer."""
        if not isinstance(wanted, SecretsWanted):
            return
        if self._asking.ask(wanted, self.walk.step):
            self._turn_to(self.view)
            self.page.entered()
            self._show_state()
            self._focus_first(self.page)

    def _secrets_kept(self) -> None:
        waiting = self._answered()
        walk = resume(self.walk)
        if walk.step is not self.walk.step:
            # Nothing that was saved can be used: the person signs in first.
            self._go(walk)
            return
        for wanted in waiting:
            wanted.again()
        self._show_state()

    def _secrets_refused(self) -> None:
        for wanted in self._answered():
            wanted.refused()
        self._show_state()

    def _answered(self) -> list[SecretsWanted]:
        """Show the page again; who waited for the answer."""
        wanted = self._asking.answered()
        self._turn_to(self.view)
        self._focus_first(self.page)
        return wanted

    # -------------------------------------------------------- help and sheets

    def use_help(self, source: HelpSource) -> None:
        """Answer questions from here."""
        self.help.use(source)

    def open_topic(self, topic_id: str) -> None:
        """Open the help panel with one topic on top."""
        self._help_door.open_topic(topic_id)

    def _open_sheet(self, sheet: QWidget) -> None:
        if isinstance(sheet, Sheet):
            self.panes.open_sheet(sheet)

    def _open_page(self, url: str) -> None:
        self.desk.open_browser(url, self.notices.tell)

    # -------------------------------------------------------- size, keys, end

    def _measure(self) -> None:
        narrow = self.panes.narrow
        self.footer.set_narrow(narrow=narrow)
        asked = self._asking.view
        for view in (*self._views, *((asked,) if asked is not None else ())):
            view.set_narrow(narrow=narrow)
        if self._door.shell is not None:
            self._door.shell.show_narrow(narrow=narrow)
        self._low = self.height() < LOW
        tighten_below(self, tight=self._low)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._focus_frame.setGeometry(self.rect())
        if self._low != (self.height() < LOW):
            self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._primary()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_frame.watch_window()
        if self.focusWidget() is None:
            self._focus_first(self.page)

    def allow_close(self) -> None:
        """Everything has stopped: the window may go."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def drop_jobs(self) -> None:
        """The window ends: nothing that pages still wait for is of use any more."""
        for view in self._views:
            view.page.end()
        self._door.drop_jobs()
        self.page.drop_jobs()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface
        QPainter(self).fillRect(self.rect(), color(Token.PAGE))
        if not self._was_painted:
            self._was_painted = True
            # The parts are painted and the frame is handed over after this event.
            QTimer.singleShot(0, self, self.painted.emit)
