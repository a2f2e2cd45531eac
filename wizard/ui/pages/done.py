"""The end: what is in place, how the background sync stands, and for practice what comes next."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.content.settings_words import interval_words
from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import HeldView, SchedulerState, SchedulerView, SettingsView
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.durations import clock_time
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.sync_story import adds_up
from wizard.ui.take_over import TakeOverSheet, can_take_over
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import Tile
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.track import Mark, Stop, TrackList

__all__ = ["DonePage"]


class DonePage(Page):
    """Everything that the set-up brought about, and the live background sync."""

    step = StepId.DONE

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._settings: SettingsView | None = None
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
        self._try = self._build_try()
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
        self._take = Button(t("Take over here"), small=True, name="take-over")
        self._take.clicked.connect(self._ask_take_over)
        for button in (self._look, self._take, self._run, self._pause):
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

    def _build_try(self) -> QWidget:
        control = self.desk.bench.profile.control_url
        box = Box()
        for icon, title, sentence, name in (
            ("leave", t("Let people go at once"), t("See how the sync stops and asks you"), "go"),
            (
                "pulse",
                t("Cut the network for a minute"),
                t("See that what wasn’t read isn’t taken for gone"),
                "cut",
            ),
        ):
            line = QWidget()
            texts = column(
                Text(title, Letters.BODY_STRONG), Text(sentence, Letters.CAPTION, Token.INK_3)
            )
            button = Button(t("Try it"), small=True, name=f"try-{name}")
            button.setAccessibleDescription(title)
            button.clicked.connect(lambda _checked: self._open(control))
            layout = row(Tile(icon), gap=12, margins=(16, 11, 16, 11), inside=line)
            layout.addLayout(texts, 1)
            layout.addWidget(button)
            box.add(line)
        part = QWidget()
        column(20, Text(t("Try before you go on"), Letters.SECOND_STRONG), 8, box, inside=part)
        part.setVisible(self._practice and bool(control))
        return part

    # -------------------------------------------------------- states

    def entered(self) -> None:
        schedule = self.desk.bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._show)
        bench = self.desk.bench
        self.work(lambda job: bench.settings(job.cancel), self._know, lambda _trouble: None)
        self.work(lambda _job: schedule.start(), lambda _: None, lambda _trouble: None)
        self._show(schedule.view())

    def _know(self, settings: SettingsView) -> None:
        self._settings = settings
        self._show(self.desk.bench.schedule.view())

    def apply(self) -> None:
        if self._asks(self.desk.bench.schedule.view()):
            self._guard.approve()
        elif self._practice:
            self.desk.leave_practice.emit()
        else:
            self.desk.home_wanted.emit("")

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

    def _open(self, url: str) -> None:
        try:
            self.desk.bench.open_browser(url)
        except Trouble as trouble:
            self._detail.say(trouble_words(trouble.code, trouble.facts).happened)

    # -------------------------------------------------------- drawing

    def _show(self, view: SchedulerView) -> None:
        # The first run's figures stay; later runs are told by the line below.
        if self._report is None and not _stopped(view):
            self._report = view.last
        self._title.say(t("What you would have now") if self._practice else t("What is in place"))
        self._track.show_stops(self._stops())
        self._look_up(view)
        self._show_live(view)
        asks = self._asks(view)
        self._brought.setVisible(not asks)
        self._guard_part.setVisible(asks)
        self._guard.setVisible(asks)
        self._tell.setVisible(self.answers.provisioning_on and not asks and not self._practice)
        has_control = bool(self.desk.bench.profile.control_url)
        on = self.answers.provisioning_on
        self._try.setVisible(on and not asks and self._practice and has_control)
        self.head(self._guard.heading() if asks else self._heading())
        self.offer_now(self._guard_offer() if asks else self._offer())

    def _stops(self) -> list[Stop]:
        stops = [
            Stop(
                title=t("An organization account"),
                mark=Mark.DONE,
                sentence=t("Google Workspace, for directory and calendars"),
            )
        ]
        report = self._report
        if report is not None:
            done = report.done
            made = tn("{count} new account", "{count} new accounts", done.create)
            parts = [
                t("{count} taken over", count=f"{done.adopt:,}"),
                t("{count} changed", count=f"{done.update + done.reactivate:,}"),
                t("{count} skipped", count=f"{report.planned.skip:,}"),
            ]
            if done.deactivate:
                parts.insert(2, t("{count} left", count=f"{done.deactivate:,}"))
            more = t("{counts}, each with its reason", counts=", ".join(parts))
            stops.append(Stop(title=made, mark=Mark.DONE, sentence=more))
        if not self.answers.provisioning_on:
            off = t("No account is made or changed until somebody turns it on.")
            stops.append(Stop(title=t("Provisioning is off"), mark=Mark.WARN, sentence=off))
        elif self._settings is not None:
            settings = self._settings.settings
            stops.append(
                Stop(
                    title=t("A sync {interval}", interval=_lower(settings.interval_minutes)),
                    mark=Mark.DONE,
                    sentence=t(
                        "It stops and asks when more than {percent} % would leave",
                        percent=settings.limits.leave_percent,
                    ),
                )
            )
        return stops

    def _show_live(self, view: SchedulerView) -> None:
        asks = self._asks(view)
        self._live.setVisible(self.answers.provisioning_on and not asks)
        state, detail = _told(view)
        self._state.say(state)
        self._detail.say(detail)
        running = view.state is SchedulerState.RUNNING
        paused = view.state is SchedulerState.PAUSED
        held = self._guard.held is not None and not _runs(view)
        elsewhere = can_take_over(view.last) and not (running or paused)
        self._look.setVisible(held)
        self._take.setVisible(elsewhere)
        self._run.setVisible(not held)
        self._pause.setVisible(not held and not elsewhere)
        self._run.setEnabled(not running and not paused)
        self._pause.say(t("Go on") if paused else t("Pause"), "play" if paused else "pause")

    def _heading(self) -> Heading:
        if self._practice and self.answers.provisioning_on:
            return Heading(
                title=t("The rehearsal worked"),
                lead=t("Each step did what it will do for real. Nothing left this computer."),
            )
        if self._guard.held is not None:
            return Heading(lead=t("The sync waits for your decision. Everything else goes on."))
        if not self.answers.provisioning_on:
            return Heading(
                title=t("The settings are saved"),
                lead=t("Provisioning is off, so nothing happens until somebody turns it on."),
            )
        return Heading()

    def _guard_offer(self) -> Offer:
        again = SideAction(words=t("Sync again"), name="guard-again", press=self._run_now)
        later = SideAction(
            words=t("Not now"), name="guard-later", press=lambda: self._ask(wanted=False)
        )
        return self._guard.offer(again, later)

    def _offer(self) -> Offer:
        proof = adds_up(self._report) if self._report is not None else ""
        proved = bool(proof)
        if not self.answers.provisioning_on:
            # Back leads to the toggle; nothing was synced that a proof could be about.
            words = t("Set up for real") if self._practice else t("Go to Home")
            off = t("**It worked:** the settings are saved, and provisioning is off.")
            return Offer(valid=True, words=words, proof=off, proved=True)
        if not self._practice:
            return Offer(valid=True, words=t("Go to Home"), proof=proof, proved=proved)
        again = SideAction(
            words=t("Rehearse again"),
            name="rehearse-again",
            press=self.desk.start_again.emit,
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


def _lower(minutes: int) -> str:
    words = interval_words(minutes)
    return words[:1].lower() + words[1:]


def _told(view: SchedulerView) -> tuple[str, str]:
    """The background sync in two lines."""
    last = (
        t("Last sync at {time}", time=clock_time(view.last.finished_at))
        if view.last is not None
        else t("No sync yet")
    )
    if view.state is SchedulerState.RUNNING:
        told = view.progress
        if told is not None and told.total:
            done = t("{done} of {total} done", done=f"{told.done:,}", total=f"{told.total:,}")
            return t("A sync is running"), done
        return t("A sync is running"), t("Reading the directory")
    if view.state is SchedulerState.PAUSED:
        return t("The sync is paused"), last
    if view.state is SchedulerState.OFFLINE:
        return t("Waiting for the network"), last
    if view.state is SchedulerState.NEEDS_PERSON and view.trouble is not None:
        facts = dict(view.last.trouble_facts) if view.last is not None else {}
        words = trouble_words(view.trouble, facts)
        # Who keeps these people in step is what decides whether there is anything to do.
        elsewhere = view.trouble is Code.NOT_THE_SYNCER
        return words.title, words.happened if elsewhere else words.to_do
    if view.state in {SchedulerState.OFF, SchedulerState.STOPPED}:
        return t("The sync is off"), last
    if view.overdue:
        return t("It has been too long since a good sync"), last
    following = t("next at {time}", time=clock_time(view.next_run_at)) if view.next_run_at else ""
    return t("Kept in step"), t("{last}, {following}", last=last, following=following).rstrip(", ")
