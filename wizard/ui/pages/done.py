"""The end: what is in place, how the background sync stands, and for practice what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import HeldView, SchedulerState, SchedulerView, SettingsView
from wizard.services.contract.hand_over import WaitingView
from wizard.services.contract.placing import PlacingView
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.done_words import (
    background_lead,
    background_words,
    cure_here,
    it_stops,
    owner_stops,
    server_words,
)
from wizard.ui.pages.practice_end import RehearseSheet, TryIt, control_card
from wizard.ui.pages.sync_story import adds_up
from wizard.ui.take_over import TakeOverSheet, can_take_over
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import Tile
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.track import Stop, TrackList

__all__ = ["DonePage"]


class DonePage(Page):
    """Everything that the set-up brought about, and the live background sync."""

    step = StepId.DONE

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._settings: SettingsView | None = None
        self._waiting: WaitingView | None = None
        self._placing: PlacingView | None = None
        self._report: RunReport | None = None
        self._looked_up: RunReport | None = None
        self._asking = False
        super().__init__(desk)

    @property
    def _practice(self) -> bool:
        return self.desk.bench.profile.practice

    def build(self) -> None:
        self._title = Text("", Letters.SECOND_STRONG)
        self._track = TrackList()
        self._live = self._build_live()
        self._tell = self._build_tell()
        self._try = TryIt()
        self._try.wanted.connect(self._open_card)
        self._brought = QWidget()
        column(24, self._title, 14, self._track, inside=self._brought)
        self._guard = GuardPanel(self, runs=True)
        self._guard.changed.connect(self._show_now)
        self._guard.approved.connect(self._show_now)
        self._guard_part = QWidget()
        column(16, self._guard, inside=self._guard_part)
        for part in (self._brought, self._live, self._tell, self._try, self._guard_part):
            self.content.addWidget(part)
        self.content.addStretch()

    def _build_live(self) -> QWidget:
        self._state = Text("", Letters.BODY_STRONG)
        self._state.setObjectName("sync-state")
        self._detail = Text("", Letters.CAPTION, Token.INK_3)
        self._run = Button(t("Run now"), small=True, icon="again", name="run-now")
        self._run.clicked.connect(self._run_now)
        self._pause = Button(t("Pause"), small=True, icon="pause", name="pause")
        self._pause.clicked.connect(self._pause_or_resume)
        self._look = Button(t("Look and decide"), small=True, name="guard-open")
        self._look.clicked.connect(self._look_at_it)
        line = QWidget()
        texts = column(self._state, self._detail)
        layout = row(Tile("again"), gap=12, margins=(16, 11, 16, 11), inside=line)
        layout.addLayout(texts, 1)
        self._cure = Button("", small=True, name="done-cure")
        self._cure.clicked.connect(self._put_right)
        self._take = Button(t("Take over here"), small=True, name="take-over")
        self._take.clicked.connect(self._ask_take_over)
        self._where = Button(t("Where it runs"), small=True, name="where-it-runs")
        self._where.clicked.connect(
            lambda _checked: self.desk.steps_wanted.emit(StepId.WHERE_IT_RUNS.value)
        )
        for button in (
            self._look,
            self._cure,
            self._take,
            self._run,
            self._pause,
            self._where,
        ):
            layout.addWidget(button)
        box = Box()
        box.add(line)
        part = QWidget()
        heading = Text(t("In the background"), Letters.SECOND_STRONG)
        column(20, heading, 8, box, inside=part)
        return part

    def _build_tell(self) -> QWidget:
        part = QWidget()
        words = Text(
            t(
                "Nothing to do. Interviewers need no invitation and no password here; "
                "their accounts are there, and stay in step."
            ),
            Letters.SECOND,
            Token.INK_2,
        )
        column(
            20, Text(t("What to tell interviewers"), Letters.SECOND_STRONG), 6, words, inside=part
        )
        part.setVisible(not self._practice)
        return part

    # -------------------------------------------------------- states

    @property
    def _owner(self) -> bool:
        """Whether IT set it up elsewhere, and the account owner sits here."""
        return self.answers.it_finished and not self.answers.organization_account_id

    @property
    def _halted(self) -> bool:
        """Whether something of what IT made has stopped, by the service's word."""
        return self._waiting is not None and self._waiting.halted is not None

    @property
    def _on_server(self) -> bool:
        return self.answers.elsewhere and not self._owner

    def entered(self) -> None:
        bench = self.desk.bench
        schedule = bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._show)
        if self._owner:
            self.work(lambda job: bench.hand_over.look(job.cancel), self._know_it, _leave_out)
        else:
            self.work(lambda job: bench.settings(job.cancel), self._know, _leave_out)
        if self._on_server:
            self.work(lambda job: bench.placing.look(job.cancel), self._know_server, _leave_out)
        elif not self._owner:
            # What a server or somebody else's computer keeps in step is not synced from here.
            self.work(lambda _job: schedule.start(), lambda _: None, _leave_out)
        self._show(schedule.view())

    def _know_it(self, waiting: WaitingView) -> None:
        self._waiting = waiting
        self._show_now()

    def _know_server(self, placing: PlacingView) -> None:
        self._placing = placing
        self._show_now()

    def _know(self, settings: SettingsView) -> None:
        self._settings = settings
        self._show(self.desk.bench.schedule.view())

    def apply(self) -> None:
        if self._asks(self.desk.bench.schedule.view()):
            self._guard.approve()
        elif self._practice:
            self.desk.real_wanted.emit()
        else:
            self.desk.home_wanted.emit("")

    def _ask_again(self) -> None:
        sheet = RehearseSheet(has_control=bool(self.desk.bench.profile.control_url))
        sheet.begin.connect(self.desk.start_again)
        sheet.fresh_wanted.connect(lambda: self._open_card("start-over"))
        self.desk.sheet_wanted.emit(sheet)

    def _run_now(self) -> None:
        schedule = self.desk.bench.schedule
        self.work(
            lambda _job: schedule.run_now(Trigger.PERSON), lambda _: None, lambda _trouble: None
        )

    def _pause_or_resume(self) -> None:
        schedule = self.desk.bench.schedule
        if schedule.view().state is SchedulerState.PAUSED:
            schedule.resume()
        else:
            schedule.pause()

    # -------------------------------------------------------- what the guard asks

    def _asks(self, view: SchedulerView) -> bool:
        """Whether the page is the guard's now, which a person may put off."""
        return self._asking and self._guard.held is not None and not _runs(view)

    def _look_up(self, view: SchedulerView) -> None:
        """Once for each run that the guard stopped, know what it asks; and ask."""
        last = view.last
        if last is self._looked_up or _runs(view):
            return
        self._looked_up = last
        if last is None or last.outcome is RunOutcome.DONE:
            self._guard.clear()
        if _stopped(view):
            bench = self.desk.bench
            self.work(lambda _job: bench.held(), self._know_held, self.desk.troubled.emit)

    def _know_held(self, held: tuple[HeldView, ...]) -> None:
        self._guard.show_held(held)
        self._ask(wanted=True)

    def _look_at_it(self) -> None:
        self._ask(wanted=True)
        self._guard.focus_first()

    def _ask(self, *, wanted: bool) -> None:
        self._asking = wanted
        self._show_now()

    def _ask_take_over(self) -> None:
        last = self.desk.bench.schedule.view().last
        if last is not None:
            sheet = TakeOverSheet(self.desk, dict(last.trouble_facts))
            sheet.taken.connect(self._run_now)
            self.desk.sheet_wanted.emit(sheet)

    def _show_now(self) -> None:
        self._show(self.desk.bench.schedule.view())

    def _open_card(self, card: str) -> None:
        control = self.desk.bench.profile.control_url
        self.open_browser(control_card(control, card), self._not_opened)

    def _not_opened(self, trouble: Trouble) -> None:
        self._detail.say(trouble_words(trouble.code, trouble.facts).happened)

    # -------------------------------------------------------- drawing

    def _show(self, view: SchedulerView) -> None:
        # The first run's figures stay; later runs are told by the line below.
        if self._report is None and not _stopped(view) and not self._owner:
            self._report = view.last
        self._title.say(t("What you would have now") if self._practice else t("What is in place"))
        self._track.show_stops(self._stops())
        self._look_up(view)
        self._show_live(view)
        asks = self._asks(view)
        self._brought.setVisible(not asks)
        self._guard_part.setVisible(asks)
        self._guard.setVisible(asks)
        told = self.answers.provisioning_on or (self._owner and not self._halted)
        self._tell.setVisible(told and not asks and not self._practice)
        has_control = bool(self.desk.bench.profile.control_url)
        on = self.answers.provisioning_on
        self._try.setVisible(on and not asks and self._practice and has_control)
        self.head(self._guard.heading() if asks else self._heading(view))
        self.offer_now(self._guard_offer() if asks else self._offer())

    def _stops(self) -> Sequence[Stop]:
        if self._owner:
            return owner_stops(self.answers.ou_name, self._waiting)
        return it_stops(
            None if self._on_server else self._report,
            self._settings.settings if self._settings is not None else None,
            on=self.answers.provisioning_on,
        )

    def _show_live(self, view: SchedulerView) -> None:
        asks = self._asks(view)
        self._live.setVisible(self.answers.provisioning_on and not asks and not self._owner)
        state, detail = background_words(view)
        if self._on_server:
            state, detail = server_words(self._placing)
        self._state.say(state)
        self._detail.say(detail)
        running = view.state is SchedulerState.RUNNING
        paused = view.state is SchedulerState.PAUSED
        held = self._guard.held is not None and not _runs(view)
        elsewhere = can_take_over(view.last) and not (running or paused)
        there = self._on_server
        cure = None if held or there else cure_here(view)
        self._look.setVisible(held and not there)
        self._take.setVisible(elsewhere and not there)
        self._cure.setVisible(cure is not None)
        self._cure.say(t(cure.words) if cure is not None else "")
        # What can't come through before somebody has put it right is not offered.
        for part in (self._run, self._pause):
            part.setVisible(not held and not elsewhere and not there and cure is None)
        self._where.setVisible(there)
        self._run.setEnabled(not running and not paused)
        self._pause.say(t("Go on") if paused else t("Pause"), "play" if paused else "pause")

    def _put_right(self) -> None:
        cure = cure_here(self.desk.bench.schedule.view())
        if cure is not None:
            self.desk.steps_wanted.emit(cure.step.value)

    def _heading(self, view: SchedulerView) -> Heading:
        if self._owner and not self._practice:
            if self._halted:
                return Heading(
                    title=t("Almost everything is in place"),
                    lead=t("IT has finished its part. One thing has stopped since."),
                )
            return Heading(lead=t("IT has finished its part. There is nothing more to do."))
        if self._practice and (self.answers.provisioning_on or self._owner):
            return Heading(
                title=t("The rehearsal worked"),
                lead=t("Each step did what it will do for real. Nothing left this computer."),
            )
        if self._on_server and self._placing is not None and not self._placing.ready:
            return Heading(
                title=t("Almost everything is in place"),
                lead=t("The sync waits for a server to take it on."),
            )
        if self._guard.held is not None:
            return Heading(lead=t("The sync waits for your decision. Everything else goes on."))
        if not self.answers.provisioning_on:
            return Heading(
                title=t("The settings are saved"),
                lead=t("Provisioning is off, so nothing happens until somebody turns it on."),
            )
        return Heading(lead="" if self._on_server else background_lead(view))

    def _guard_offer(self) -> Offer:
        again = SideAction(words=t("Sync again"), name="guard-again", press=self._run_now)
        later = SideAction(
            words=t("Not now"), name="guard-later", press=lambda: self._ask(wanted=False)
        )
        return self._guard.offer(again, later)

    def _offer(self) -> Offer:
        proof = adds_up(self._report) if self._report is not None else ""
        if self._owner:
            proof = "" if self._halted else t("**It worked:** IT has finished its part.")
        proved = bool(proof)
        if not self.answers.provisioning_on and not self._owner:
            # Back leads to the toggle; nothing was synced that a proof could be about.
            words = t("Set up for real") if self._practice else t("Go to Home")
            off = t("**It worked:** the settings are saved, and provisioning is off.")
            return Offer(valid=True, words=words, proof=off, proved=True)
        if not self._practice:
            return Offer(valid=True, words=t("Go to Home"), proof=proof, proved=proved)
        again = SideAction(
            words=t("Rehearse again"),
            name="rehearse-again",
            press=self._ask_again,
            icon="again",
        )
        return Offer(
            valid=True,
            words=t("Set up for real"),
            proof=proof,
            proved=proved,
            instead_of_back=again,
            beside=SideAction(
                words=t("Go to Home"),
                name="go-home",
                press=lambda: self.desk.home_wanted.emit(""),
            ),
        )


def _runs(view: SchedulerView) -> bool:
    return view.state is SchedulerState.RUNNING or view.progress is not None


def _stopped(view: SchedulerView) -> bool:
    return view.last is not None and view.last.outcome is RunOutcome.STOPPED_BY_GUARD


def _leave_out(trouble: Trouble) -> None:
    """What could not be asked now is left out; Home tells it as soon as it is known."""
    del trouble
