"""The first sync: how far it is, how long it takes, what it did, and that it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import PlanCounts, RunOutcome, RunPhase, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import HeldView, ProblemView, SchedulerState, SchedulerView
from wizard.services.keeping import asks_person
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.durations import clock_time, left_words, seconds_words
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.problem_list import ProblemSheet
from wizard.ui.pages.sync_story import PHASES, Story, adds_up, phase_title, trouble_of
from wizard.ui.take_over import TakeOverLine
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.counts import Count, CountsStrip
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.track import Mark, Stop, TrackList
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["FirstSyncPage"]


class FirstSyncPage(Page):
    """Starts the first run in the background thread and watches it."""

    step = StepId.FIRST_SYNC

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._story = Story()
        self._report: RunReport | None = None
        self._before: RunReport | None = None
        self._problems: tuple[ProblemView, ...] = ()
        self._started = False
        self._began_here = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._stopped = Note("", icon="pause", warn=True, tight=True, below=16)
        self._stopped.setObjectName("sync-stopped")
        self._stopped.hide()
        self._elsewhere = TakeOverLine(self.desk)
        self._elsewhere.taken.connect(self._start)
        self._figure = Text("", Letters.FIGURE, wrap=False)
        self._figure.setObjectName("sync-percent")
        self._of = Text("", Letters.SECOND, Token.INK_2, wrap=False, elide=Elide.RIGHT)
        self._of.setObjectName("sync-of")
        self._left = Text("", Letters.SECOND, Token.INK_2, wrap=False)
        head = row(self._figure, gap=12)
        for text, stretch in ((self._of, 1), (self._left, 0)):
            lower = column(None, text, 4)
            head.addLayout(lower, stretch)
        self._bar = Bar(t("Progress of the sync"))
        self._pause = Button(t("Pause"), icon="pause", small=True, name="sync-pause")
        self._pause.clicked.connect(self._pause_or_resume)
        self._cancel = Button(t("Cancel the sync"), Kind.GHOST, small=True, name="sync-cancel")
        self._cancel.clicked.connect(self._cancel_run)
        self._since = Text("", Letters.CAPTION, Token.INK_3, wrap=False)
        tools = row(self._pause, self._cancel, None, self._since, gap=8)
        self._running = QWidget()
        column(head, 10, self._bar, 12, tools, 20, inside=self._running)
        self._strip = CountsStrip()
        show = Button(t("Show"), Kind.GHOST, small=True, flush="right", name="problems-show")
        show.clicked.connect(self._show_problems)
        self._note = Note("", icon="warn", warn=True, action=show, tight=True)
        note = QWidget()
        column(12, self._note, inside=note)
        self._note_part = note
        self._track = TrackList()
        self.content.addSpacing(16)
        for part in (
            self._trouble,
            self._stopped,
            self._elsewhere,
            self._running,
            self._strip,
            note,
        ):
            self.content.addWidget(part)
        self._steps = QWidget()
        heading = Text(t("Steps"), Letters.SECOND_STRONG)
        column(20, heading, 12, self._track, inside=self._steps)
        self.content.addWidget(self._steps)
        self._guard = GuardPanel(self, runs=True)
        self._guard.changed.connect(self._show_now)
        self._guard.approved.connect(self._forget_report)
        self.content.addWidget(self._guard)
        self.content.addStretch()

    # -------------------------------------------------------- states

    def entered(self) -> None:
        schedule = self.desk.bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._heard)
        view = schedule.view()
        idle = view.state not in {SchedulerState.RUNNING, SchedulerState.PAUSED}
        if self.desk.went_on and not self.answers.first_sync_done and idle:
            self._start()
        else:
            self._report = view.last if view.progress is None else None
            if not self._began_here:
                # A run that began before this page was made; the one before it is no news.
                self._before = view.last
            self._started = self._report is not None or not idle
            self._ask_if_stopped()
            self._heard(view)
        if not self._started:
            bench = self.desk.bench
            self.work(lambda _job: bench.reports(1), self._know_earlier, self.desk.troubled.emit)

    def _know_earlier(self, reports: Sequence[RunReport]) -> None:
        """How the run of an earlier start ended, unless another one has begun meanwhile."""
        if reports and not self._started:
            self._report, self._started = reports[0], True
            self._ask_if_stopped()
            self._show_now()

    def _start(self) -> None:
        self._forget_report()
        schedule = self.desk.bench.schedule
        self.work(lambda _job: schedule.run_now(Trigger.FIRST), lambda _: None, self._not_started)
        self._show_now()

    def _forget_report(self, since: datetime | None = None) -> None:
        """Another run begins: what the one before told is no news any more."""
        if since is not None and self._report is not None and self._report.started_at >= since:
            return  # It has begun and ended already.
        self._story = Story(since)
        self._before = self._report or self.desk.bench.schedule.view().last
        self._report = None
        self._problems = ()
        self._started = self._began_here = True
        self._cancel.set_busy("")
        self._guard.clear()
        self._show_now()

    def _show_now(self) -> None:
        self._show(self.desk.bench.schedule.view())

    def _not_started(self, trouble: Trouble) -> None:
        self._started = False
        self._trouble.show_trouble(trouble)
        self.offer_now(Offer(valid=True, words=t("Try again"), icon="again", trouble=trouble))

    def _heard(self, view: SchedulerView) -> None:
        if view.progress is not None:
            self._story.hear(view.progress)
        ended = view.progress is None and view.last is not None
        news = ended and self._started and view.last is not self._report
        if (
            news
            and view.last is not self._before
            and view.last is not None
            and view.last.started_at >= self._oldest()
        ):
            self._end(view.last)
        self._show(view)

    def _oldest(self) -> datetime:
        """Reports from before this page's run are not its own."""
        known = self._began_here and self._story.last
        return self._story.started_at if known else datetime.min.replace(tzinfo=UTC)

    def _end(self, report: RunReport) -> None:
        self._report = report
        if report.came_through:
            self.answer(replace(self.answers, first_run_id=report.run_id, first_sync_done=True))
        facts = dict(report.trouble_facts)
        if asks_person(report.trouble, facts) and report.trouble is not None:
            trouble = Trouble(report.trouble, retry_after=None, **facts)
            self.ask_secrets(trouble, self._start, self._show_now)
        self._ask_if_stopped()
        if report.failed or report.planned.problem:
            bench = self.desk.bench
            self.work(
                lambda _job: tuple(bench.problems(report.run_id)),
                self._know_problems,
                lambda _trouble: None,
            )

    def _ask_if_stopped(self) -> None:
        """Where the guard stopped the run, look up what it asks."""
        if self._report is None or self._report.outcome is not RunOutcome.STOPPED_BY_GUARD:
            return
        bench = self.desk.bench
        self.work(lambda _job: bench.held(), self._know_held, self.desk.troubled.emit)

    def _know_held(self, held: tuple[HeldView, ...]) -> None:
        if self._report is not None:
            self._guard.show_held(held)
            self._show_now()

    def _know_problems(self, problems: tuple[ProblemView, ...]) -> None:
        self._problems = problems
        self._show_now()

    def apply(self) -> None:
        if self._guard.held is not None:
            self._guard.approve()
        elif self.answers.first_sync_done:
            self.finish()
        else:
            self._start()

    def _pause_or_resume(self) -> None:
        schedule = self.desk.bench.schedule
        if schedule.view().state is SchedulerState.PAUSED:
            schedule.resume()
        else:
            schedule.pause()

    def _cancel_run(self) -> None:
        self._cancel.set_busy(t("Stopping"))
        cancel = self.desk.bench.schedule.cancel_run
        self.work(lambda _job: cancel(), lambda _: None, lambda _trouble: None)

    def _show_problems(self) -> None:
        self.desk.sheet_wanted.emit(ProblemSheet(self._problems))

    # -------------------------------------------------------- drawing

    def _failure(self, view: SchedulerView) -> Trouble | None:
        report = self._report
        if report is not None and not report.came_through:
            return trouble_of(report)
        if view.trouble is not None and view.progress is None and report is None:
            return Trouble(view.trouble)
        return None

    def _show(self, view: SchedulerView) -> None:
        failure = self._failure(view)
        cancelled = failure is not None and failure.code is Code.CANCELLED
        self._trouble.show_trouble(None if cancelled else failure)
        self._show_cancelled(failure if cancelled else None)
        paused = view.state is SchedulerState.PAUSED
        if failure is None and self._report is not None:
            self._show_ended(self._report, paused=paused)
        else:
            self._show_running(view)
        asks = failure is not None and self._guard.held is not None
        self._elsewhere.show_for(self._report)
        self._running.setVisible(failure is None and self._started)
        self._strip.show_counts(self._numbers())
        self._show_note()
        self._track.show_stops(self._stops(view, failure))
        for part in (self._strip, self._steps):
            part.setVisible(not asks)
        self._guard.setVisible(asks)
        if asks:
            self._trouble.show_trouble(None)
            again = SideAction(words=t("Sync again"), name="guard-again", press=self._start)
            self.head(self._guard.heading())
            self.offer_now(self._guard.offer(again))
            return
        self.head(self._heading(failure, paused=paused))
        self.offer_now(self._offer(failure))

    def _show_cancelled(self, trouble: Trouble | None) -> None:
        """What somebody asked for is no alarm: a note says what stays."""
        self._stopped.setVisible(trouble is not None)
        if trouble is not None:
            words = trouble_words(trouble.code)
            self._stopped.text.say(f"**{words.title}.** {words.safe}")

    def _show_running(self, view: SchedulerView) -> None:
        told = self._story.last.get(RunPhase.WRITE)
        paused = view.state is SchedulerState.PAUSED
        if told is None or not told.total:
            read = self._story.last.get(RunPhase.READ)
            self._figure.say(f"{read.done:,}" if read is not None and read.done else "…")
            self._of.say(t("people read so far"))
            self._left.say("")
            self._bar.show_part(0.3, BarState.PAUSED if paused else BarState.WAITING)
        else:
            percent = min(100, told.done * 100 // told.total)
            self._figure.say(t("{percent} %", percent=percent))
            self._of.say(
                t("{done} of {total} done", done=f"{told.done:,}", total=f"{told.total:,}")
            )
            left = self._story.left()
            self._left.say(left_words(left) if left is not None and not paused else "")
            state = BarState.PAUSED if paused else BarState.RUNNING
            self._bar.show_part(told.done / told.total, state)
        if paused:
            self._left.say(t("Paused"))
        self._pause.say(t("Go on") if paused else t("Pause"), "play" if paused else "pause")
        for part in (self._pause, self._cancel):
            part.show()
        self._since.say(t("Started at {time}", time=clock_time(self._story.started_at)))

    def _show_ended(self, report: RunReport, *, paused: bool) -> None:
        total = report.planned.writes
        done = report.done.writes
        self._figure.say(t("{percent} %", percent=done * 100 // total if total else 100))
        self._of.say(t("{done} of {total} done", done=f"{done:,}", total=f"{total:,}"))
        took = (report.finished_at - report.started_at).total_seconds()
        self._left.say(t("Took {time}", time=seconds_words(took)))
        self._bar.show_part(done / total if total else 1.0)
        self._cancel.set_busy("")
        # Paused too late for this run: it holds for those that follow.
        self._pause.say(t("Go on"), "play")
        self._pause.setVisible(paused)
        self._cancel.hide()
        self._since.say(t("Ended at {time}", time=clock_time(report.finished_at)))

    def _numbers(self) -> list[Count]:
        created = adopted = changed = problems = to_do = 0
        if self._report is not None:
            done: PlanCounts = self._report.done
            created, adopted = done.create, done.adopt
            changed = done.update + done.reactivate + done.deactivate
            problems = self._report.failed + self._report.planned.problem
            to_do = max(0, self._report.planned.writes - done.writes - self._report.failed)
        else:
            told = self._story.last.get(RunPhase.WRITE)
            if told is not None:
                created, adopted = told.created, told.adopted
                changed, problems = told.changed, told.problems
                to_do = max(0, told.total - told.done)
        return [
            Count(key="created", words=t("Created"), number=created, icon="plus"),
            Count(key="adopted", words=t("Taken over"), number=adopted, icon="link"),
            Count(key="changed", words=t("Changed"), number=changed, icon="pencil"),
            Count(
                key="problems",
                words=t("Problems"),
                number=problems,
                icon="warn",
                warn=problems > 0,
            ),
            Count(key="todo", words=t("To do"), number=to_do, icon="clock"),
        ]

    def _show_note(self) -> None:
        problems = self._problems
        self._note_part.setVisible(bool(problems))
        if len(problems) == 1:
            one = problems[0]
            words = trouble_words(one.code, dict(one.facts))
            self._note.text.say(
                t(
                    "**{name} is not in step yet.** {why}",
                    name=one.name or one.address,
                    why=words.happened,
                )
            )
        elif problems:
            self._note.text.say(
                tn(
                    "**{count} person is not in step yet.** Show says why.",
                    "**{count} people are not in step yet.** Show says why.",
                    len(problems),
                )
            )

    def _stops(self, view: SchedulerView, failure: Trouble | None) -> list[Stop]:
        now = view.progress.phase if view.progress is not None else None
        ended = self._report is not None and failure is None
        at = PHASES.index(now) if now is not None else (len(PHASES) if ended else 0)
        if failure is not None:
            reached = [index for index, one in enumerate(PHASES) if one in self._story.began]
            wrote = self._report is not None and self._report.planned.writes > 0
            at = max(reached, default=PHASES.index(RunPhase.WRITE) if wrote else 0)
        stops = []
        for index, phase in enumerate(PHASES):
            mark = Mark.DONE if index < at else (Mark.NOW if index == at else Mark.TODO)
            if index == at and not self._started:
                mark = Mark.TODO
            elif index == at and failure is not None:
                mark = Mark.WARN if failure.code is Code.CANCELLED else Mark.BAD
            note = self._phase_note(phase, mark)
            if phase is RunPhase.REPORT and self._report is not None and not self._report.told:
                mark, note = Mark.TODO, t("It can’t be reached. The next sync sends the report.")
            title = phase_title(phase, done=mark is Mark.DONE)
            stops.append(Stop(title=title, mark=mark, note=note))
        return stops

    def _phase_note(self, phase: RunPhase, mark: Mark) -> str:
        told = self._story.last.get(phase)
        if mark is Mark.WARN and self._report is not None and self._report.planned.writes:
            done, total = self._report.done.writes, self._report.planned.writes
            return t("{done} of {total} done", done=f"{done:,}", total=f"{total:,}")
        if mark is Mark.NOW and phase is RunPhase.WRITE and told is not None and told.now:
            return t("now {name}", name=told.now)
        if mark is not Mark.DONE or phase not in self._story.began:
            return ""
        took = seconds_words(self._story.took(phase))
        people = told.done if told is not None and phase is not RunPhase.REPORT else 0
        if self._report is not None and phase is RunPhase.WRITE:
            people = self._report.done.writes
        elif self._report is not None and phase is RunPhase.READ:
            people = self._report.people_read
        if not people:
            return took
        count = tn("{count} person", "{count} people", people)
        return t("{count} · {time}", count=count, time=took)

    def _heading(self, failure: Trouble | None, *, paused: bool) -> Heading:
        if not self._started:
            return Heading(lead=t("Nothing runs now. Start the sync when it suits you."))
        if failure is not None:
            return Heading(lead=t("The sync stopped. What was written stays."))
        if self._report is None:
            return Heading()
        if self._report.failed:
            title = t("Most of your accounts are set up")
            lead = t("The next sync tries the others again by itself.")
        else:
            title = t("Your accounts are set up")
            lead = t("From here on a sync looks for changes by itself.")
        if paused:
            lead = t("The sync is paused: nothing looks for changes until you let it go on.")
        return Heading(title=title, lead=lead)

    def _offer(self, failure: Trouble | None) -> Offer:
        cancelled = failure is not None and failure.code is Code.CANCELLED
        if cancelled or not self._started:
            return Offer(valid=True, words=t("Start the sync"), icon="play")
        if failure is not None:
            return Offer(valid=True, words=t("Sync again"), icon="again", trouble=failure)
        if self._report is None:
            told = self._story.last.get(RunPhase.WRITE)
            proof = ""
            if told is not None and told.total:
                proof = t(
                    "**You’ll know it worked when** {count} were planned and {count} are "
                    "accounted for.",
                    count=f"{told.total:,}",
                )
            return Offer(tail=t("The sync is under way"), proof=proof)
        return Offer(valid=True, proved=True, proof=adds_up(self._report))
