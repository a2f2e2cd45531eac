"""The first page of Home: how things stand in one sentence, and what needs somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.runs import RunReport, Trigger
from wizard.core.trouble import Code, Fact, Trouble
from wizard.services.contract import ProblemView, SchedulerState, SchedulerView
from wizard.services.contract.home import HomeFacts, RunRow
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.home.ids import HomeId
from wizard.ui.home.overview_cards import SIGNED_OUT, ConnectionCard, UntoldNote
from wizard.ui.home.overview_needs import Needs
from wizard.ui.home.page import HomePage
from wizard.ui.home.parts import Lines, Section, StateMark
from wizard.ui.home.service_word import ServiceWord
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, SideAction
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.counts import CountsStrip
from wizard.ui.widgets.spinner import Bar, BarState

if TYPE_CHECKING:
    from wizard.services.overview import Verdict
    from wizard.ui.guard_panel import GuardPanel

__all__ = ["OverviewPage"]

_LOOK_AGAIN_MS = 30_000
_ASK_AGAIN = 10
"""Every so many looks the service is asked, too: every five minutes."""


class OverviewPage(HomePage):
    """Shows what is known at once, and asks the service beside it."""

    home = HomeId.OVERVIEW

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._facts: HomeFacts | None = None
        self._verdict: Verdict | None = None
        self._guard: GuardPanel | None = None
        self._deciding = False
        self._looks = 0
        self._seen: RunReport | None = None
        super().__init__(desk)

    # -------------------------------------------------------- parts

    def build(self) -> None:
        self._word = ServiceWord(self)
        self._word.changed.connect(self._told_by_service)
        self._state = StateMark()
        self.mark = self._state
        self._cure = Button("", name="overview-cure")
        self._cure.clicked.connect(self._press_cure)
        self._pause = IconButton("pause", t("Pause the sync"), name="overview-pause")
        # The button tells whether it is checked, which is no end of a pause.
        self._pause.clicked.connect(lambda _checked: self.desk.bench.schedule.pause())
        self._pause.hide()
        self._cure.hide()
        tools = QWidget()
        row(self._pause, self._cure, gap=8, inside=tools)
        self.tools = (tools,)
        self._loading = QWidget()
        bar = Bar(t("Looking at how things stand"), thin=True)
        bar.show_part(0, BarState.WAITING)
        column(20, bar, inside=self._loading)
        self._counts = CountsStrip()
        self._strip = QWidget()
        column(20, self._counts, inside=self._strip)
        self._needs = Needs()
        self._needs.decide.connect(self._decide)
        self._needs.problems.connect(self._show_problems)
        self._needs.settings.connect(lambda: self.go(HomeId.SETTINGS))
        self._needs_section = Section(t("Needs your decision"), self._needs)
        self._connection = ConnectionCard()
        self._connection_section = Section(t("Connection"), self._connection)
        self._told = UntoldNote()
        self._told.sign_in.connect(self._sign_in)
        self._lately = Lines()
        self._lately.setObjectName("lately")
        self._more = more = Button(
            t("All activity"), Kind.GHOST, small=True, flush="right", name="all-activity"
        )
        more.clicked.connect(lambda: self.go(HomeId.ACTIVITY))
        self._lately_section = Section(t("Lately"), self._lately, more=more)
        self._all = QWidget()
        column(
            *(self._loading, self._strip, self._needs_section, self._connection_section),
            *(self._told, self._lately_section, None),
            inside=self._all,
        )
        self._asked = QWidget()
        self._asked_column = column(16, inside=self._asked)
        self._asked.hide()
        for part in (self._all, self._asked):
            self.content.addWidget(part)
        self.content.addStretch()
        for part in self._late_parts():
            part.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self.look_again)

    def _late_parts(self) -> tuple[QWidget, ...]:
        return (
            self._strip,
            self._needs_section,
            self._connection_section,
            self._told,
            self._lately_section,
        )

    # -------------------------------------------------------- what is known

    def entered(self) -> None:
        schedule = self.desk.bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._heard)
        self._deciding = False
        self._look()
        self._word.begin()
        self._timer.start()
        self._show()

    def left(self) -> None:
        self._timer.stop()
        self._word.rest()

    def look_again(self) -> None:
        """Look at what is known here, and now and then at what the service says."""
        self._looks += 1
        self._look()
        if self._looks % _ASK_AGAIN == 0 or self._word.worth_asking:
            self._word.ask()

    def _look(self) -> None:
        """How things stand on this computer."""
        bench = self.desk.bench
        self._seen = bench.schedule.view().last
        self.work(lambda job: bench.home.facts(job.cancel), self._know, self._unknown)

    def _know(self, facts: HomeFacts) -> None:
        self._facts = facts
        self._show()

    def _unknown(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self._facts = self._facts or HomeFacts()
            self.desk.troubled.emit(trouble)
            self._show()

    def _told_by_service(self) -> None:
        self.unit = self._word.unit
        self._show()

    def _heard(self, view: SchedulerView) -> None:
        idle = view.progress is None and view.state is not SchedulerState.RUNNING
        if idle and view.last is not self._seen:
            # A run ended: counts, decisions and what happened lately are others now.
            self._seen = view.last
            self._look()
        self._show()

    # -------------------------------------------------------- what a person does

    def _run_now(self) -> None:
        schedule = self.desk.bench.schedule
        self.work(
            lambda _job: schedule.run_now(Trigger.PERSON), lambda _: None, self.desk.troubled.emit
        )

    def _press_cure(self) -> None:
        from wizard.services.overview import Cure

        found = self._verdict
        cure = found.cure if found is not None else Cure.SYNC
        if self._running:
            self.desk.bench.schedule.pause()
            return
        cures: dict[Cure, Callable[[], None]] = {
            Cure.RESUME: self.desk.bench.schedule.resume,
            Cure.SIGN_IN: self._sign_in,
            Cure.AUTHORIZE: lambda: self._open_account("authorize"),
            Cure.TURN_ON: lambda: self._open_account("settings"),
            Cure.UNLOCK: self._unlock,
            Cure.TAKE_OVER: self._take_over,
            Cure.START_HERE: self._start_here,
            Cure.SET_UP: lambda: self.desk.steps_wanted.emit(""),
        }
        cures.get(cure, self._run_now)()

    def _open_account(self, about: str) -> None:
        self.desk.home_wanted.emit(f"{HomeId.ORGANIZATION_ACCOUNT.value} {about}")

    def _unlock(self) -> None:
        """Let the person say how sign-ins are kept; the sync then begins."""
        view = self.desk.bench.schedule.view()
        facts = dict(view.last.trouble_facts) if view.last is not None else {}
        code = view.trouble or Code.KEYRING_MISSING
        self.ask_secrets(Trouble(code, retry_after=None, **facts), self._run_now, self._show)

    def _take_over(self) -> None:
        from wizard.ui.take_over import TakeOverSheet

        last = self.desk.bench.schedule.view().last
        facts: dict[str, Fact] = dict(last.trouble_facts) if last is not None else {}
        there = self.unit.account if self.unit is not None else None
        if there is not None and there.syncer_host:
            facts = {"host": there.syncer_host, "person": there.syncer_person}
            if there.last_run_at is not None:
                facts["last_run_at"] = there.last_run_at.isoformat()
        sheet = TakeOverSheet(self.desk, facts)
        sheet.taken.connect(self._took_over)
        self.desk.sheet_wanted.emit(sheet)

    def _start_here(self) -> None:
        """Take on what no computer does; where one does again by now, it keeps it."""
        bench = self.desk.bench
        self.work(
            lambda job: bench.placing.run_here(job.cancel),
            lambda view: self._took_over(here=view.syncer is not None and view.syncer.here),
            self.desk.troubled.emit,
        )

    def _took_over(self, *, here: bool = True) -> None:
        self._word.ask()
        if here:
            self._run_now()
        self._show()

    def _sign_in(self) -> None:
        from wizard.ui.home.sign_in_sheet import SignInSheet

        sheet = SignInSheet(self.desk)
        sheet.signed_in.connect(self._signed_in)
        self.desk.sheet_wanted.emit(sheet)

    def _signed_in(self) -> None:
        here = bool(self.answers.organization_account_id)
        self._word.forget_trouble()
        self._word.ask()
        stopped = self._verdict is not None and self._verdict.code is not None
        if here and stopped and not self.answers.elsewhere:
            self._run_now()
        self.changed.emit()
        self._show()

    def _show_problems(self, problems: tuple[ProblemView, ...]) -> None:
        from wizard.ui.pages.problem_list import ProblemSheet

        self.desk.sheet_wanted.emit(ProblemSheet(problems))

    # -------------------------------------------------------- what the guard asks

    def _decide(self) -> None:
        from wizard.ui.guard_panel import GuardPanel

        if self._guard is None:
            self._guard = GuardPanel(self, runs=True)
            self._guard.changed.connect(self._show)
            self._guard.approved.connect(self._decided)
            self._asked_column.addWidget(self._guard)
        held = self._facts.held if self._facts is not None else ()
        self._guard.show_held(held)
        self._deciding = self._guard.held is not None
        self._show()
        if self._deciding:
            self._guard.focus_first()

    def _decided(self) -> None:
        self._deciding = self._guard is not None and self._guard.held is not None
        self._look()
        self._show()

    def _put_off(self) -> None:
        self._deciding = False
        self._show()

    def apply(self) -> None:
        if self._deciding and self._guard is not None:
            self._guard.approve()

    # -------------------------------------------------------- drawing

    @property
    def _running(self) -> bool:
        return self.desk.bench.schedule.view().state is SchedulerState.RUNNING

    @property
    def _known(self) -> bool:
        """Whether there is something to show: what is set up here, or the service's word."""
        if self.answers.organization_account_id:
            return self._facts is not None
        return self.unit is not None or self._word.untold is not None

    def _show(self) -> None:
        known = self._known
        self._loading.setVisible(not known)
        if not known:
            return
        from wizard.services.overview import Situation, verdict

        self._verdict = verdict(
            Situation(
                view=self.desk.bench.schedule.view(),
                facts=self._facts,
                unit=self.unit,
                connected=bool(self.answers.organization_account_id),
                set_up=self.answers.first_sync_done,
                now=datetime.now(UTC),
                untold=self._word.untold,
                elsewhere=self.answers.elsewhere,
            )
        )
        guard = self._guard
        asks = self._deciding and guard is not None and guard.held is not None
        self._all.setVisible(not asks)
        self._asked.setVisible(asks)
        if asks and guard is not None:
            guard.show()
            self._state.hide()
            self._pause.hide()
            self._cure.hide()
            self.head(guard.heading())
            again = SideAction(words=t("Sync again"), name="guard-again", press=self._sync_again)
            later = SideAction(words=t("Not now"), name="guard-later", press=self._put_off)
            self.offer_now(guard.offer(again, later))
            return
        self._show_all(self._verdict)

    def _sync_again(self) -> None:
        self._deciding = False
        self._run_now()
        self._show()

    def _show_all(self, found: Verdict) -> None:
        from wizard.ui.home.overview_words import MARKS

        self._state.show()
        self._state.show_mark(*MARKS[found.tone])
        self.head(Heading(title=found.title, lead=found.reason))
        self._show_tools(found)
        self._show_counts()
        self._show_needs()
        self._show_connection()
        self._show_untold(found)
        self._show_lately()
        trouble = Trouble(found.code, retry_after=None) if found.code is not None else None
        if trouble is None or self.offer.trouble is None or self.offer.trouble.code != found.code:
            self.offer_now(Offer(trouble=trouble))

    def _show_tools(self, found: Verdict) -> None:
        from wizard.services.overview import Cure
        from wizard.ui.home.overview_words import cure_words

        # What is held is decided where it stands, below; here one syncs again once it is right.
        cure = Cure.SYNC if found.cure is Cure.DECIDE else found.cure
        words, icon = cure_words(cure)
        may_pause = bool(self.answers.organization_account_id) and self._may
        if self._running:
            words, icon = (t("Pause"), "pause") if may_pause else ("", "")
        self._cure.say(words, icon)
        self._cure.setVisible(bool(words))
        waiting = self.desk.bench.schedule.view().state is SchedulerState.WAITING
        self._pause.setVisible(may_pause and waiting and found.cure is Cure.SYNC)

    @property
    def _may(self) -> bool:
        return self.unit is None or self.unit.may_manage

    def _show_counts(self) -> None:
        from wizard.ui.home.overview_words import counts

        facts = self._facts
        known = facts is not None and facts.members is not None
        if known and facts is not None:
            self._counts.show_counts(counts(facts))
        self._strip.setVisible(known)

    def _show_needs(self) -> None:
        self._needs_section.setVisible(self._needs.show_needs(self._facts, self.unit))

    def _show_connection(self) -> None:
        account = self.unit.account if self.unit is not None else None
        here = bool(self.answers.organization_account_id)
        told = self.unit.enabled if self.unit is not None else None
        if told is None and self._facts is not None:
            told = self._facts.enabled
        self._connection_section.setVisible(here or account is not None)
        self._connection.show_account(account, self.answers.domain, provisioning=told)

    def _show_untold(self, found: Verdict) -> None:
        """Why the service told nothing, where that is not the verdict already."""
        here = bool(self.answers.organization_account_id)
        trouble = self._word.untold
        moved = self._facts is not None and self._facts.moved is not None
        told = (
            moved or trouble is None or (trouble.code is found.code and (here or self._signed_out))
        )
        news = None if told else trouble
        self._told.show_trouble(news, here=here)
        if news is None and not here and self.unit is not None and self.unit.account is not None:
            self._told.show_outside(self.unit.account.syncer_host)

    @property
    def _signed_out(self) -> bool:
        trouble = self._word.untold
        return trouble is not None and trouble.code in SIGNED_OUT

    def _past(self) -> tuple[RunRow, ...]:
        """The last runs; on top one of which nothing is stored, such as another computer's turn."""
        stored = self._facts.lately if self._facts is not None else ()
        last = self.desk.bench.schedule.view().last
        if last is None or last.run_id:
            return stored
        # A stored try ends after its start was noted; what is newer than all is not stored.
        known = stored and stored[0].report.finished_at >= last.started_at
        return stored if known else (RunRow(report=last), *stored)

    def _show_lately(self) -> None:
        from wizard.ui.home.overview_words import lines, lines_there

        now = datetime.now(UTC)
        told = lines(self._past(), now)
        if not told and self.unit is not None:
            told = lines_there(self.unit, now)
        self._more.setVisible(bool(self._facts is not None and self._facts.lately))
        self._lately.show_lines(told)
        self._lately_section.setVisible(bool(told))
