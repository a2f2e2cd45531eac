"""The background thread that keeps accounts in step, and its controls."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.runs import RunOutcome, RunProgress, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.services.kept_pause import KeptPause, PauseForNow
from wizard.services.runner import Runner
from wizard.services.schedule import Pause, SchedulerState, SchedulerView
from wizard.services.timetable import Standing, Timetable, standing_of

__all__ = ["Runner", "Scheduler", "Wait"]

log = logging.getLogger(__name__)
_MISTAKE = "the sync met a mistake of the program's own"
_LOOK_AGAIN = 20.0
"""Seconds between two looks at the clocks, so that a sleep is noticed soon after waking."""

_STATES = {
    Standing.GOOD: SchedulerState.WAITING,
    Standing.CANCELLED: SchedulerState.WAITING,
    Standing.BUSY: SchedulerState.WAITING,
    Standing.OFF: SchedulerState.OFF,
    Standing.OFFLINE: SchedulerState.OFFLINE,
    Standing.NEEDS_PERSON: SchedulerState.NEEDS_PERSON,
}

_TOLD = frozenset({Standing.NEEDS_PERSON, Standing.OFFLINE})

Wait = Callable[[threading.Condition, float], object]
"""Waits on a held condition for at most so many seconds; replaceable in tests."""


class Scheduler:
    """See `wizard.services.contract.SyncSchedule`. Listeners are called on its own thread."""

    def __init__(
        self,
        runner: Runner,
        clock: Clock,
        *,
        kept: KeptPause | None = None,
        wait: Wait = threading.Condition.wait,
        chance: Callable[[], float] = random.random,
        taken_back: Callable[[], str | None] = lambda: "",
    ) -> None:
        self._runner = runner
        self._taken_back = taken_back
        self._stands_for = ""  # the taking back that it stands still for, or stood
        self._kept: KeptPause = kept or PauseForNow()
        self._wait: Wait = wait
        self._clock = clock
        self._minutes = ProvisioningSettings().interval_minutes
        self._timetable = Timetable(clock, interval=self._interval, random=chance)
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._pause: Pause | None = None
        self._chosen = False  # whether this start has a choice of its own about the pause
        self._asked: Trigger | None = None
        self._orders = 0  # counts what was asked of the thread, so that nothing is slept over
        self._cancel: Cancel | None = None
        self._view = SchedulerView(state=SchedulerState.STOPPED)
        self._listeners: list[Callable[[SchedulerView], None]] = []

    # ------------------------------------------------------------ controls, from any thread

    def view(self) -> SchedulerView:
        """See `SyncSchedule.view`."""
        with self._change:
            return self._view

    def listen(self, listener: Callable[[SchedulerView], None]) -> Callable[[], None]:
        """See `SyncSchedule.listen`."""
        with self._change:
            self._listeners.append(listener)

        def end() -> None:
            with self._change:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def start(self) -> None:
        """See `SyncSchedule.start`; nothing happens where it has begun already."""
        with self._change:
            if self._thread is not None and self._thread.is_alive():
                return
            self._stopping = False
            self._thread = threading.Thread(target=self._loop, name="scheduler")
            self._thread.start()

    def run_now(self, trigger: Trigger = Trigger.PERSON) -> None:
        """See `SyncSchedule.run_now`; it also ends a pause."""
        with self._change:
            self._choose(None)
            if self._cancel is not None:
                self._cancel.resume()
            self._asked = trigger
            self._wake()
        self.start()

    def pause(self, until: datetime | None = None) -> None:
        """See `SyncSchedule.pause`."""
        with self._change:
            self._choose(Pause(until=until))
            if self._cancel is not None:
                self._cancel.pause()
            self._wake()
        self._tell(lambda view: replace(view, state=SchedulerState.PAUSED, paused_until=until))

    def resume(self) -> None:
        """See `SyncSchedule.resume`."""
        with self._change:
            self._choose(None)
            running = self._cancel is not None
            if self._cancel is not None:
                self._cancel.resume()
            self._wake()
        if running:
            self._tell(lambda view: replace(view, state=SchedulerState.RUNNING, paused_until=None))

    def cancel_run(self) -> None:
        """See `SyncSchedule.cancel_run`."""
        with self._change:
            self._choose(None)
            self._asked = None
            if self._cancel is not None:
                self._cancel.stop()

    def _choose(self, pause: Pause | None) -> None:
        # Until this start has chosen, what an earlier one kept may not have been read yet.
        if pause != self._pause or not self._chosen:
            self._pause = pause
            self._kept.keep_pause(pause)
        self._chosen = True

    def stop(self) -> None:
        """See `SyncSchedule.stop`."""
        with self._change:
            self._stopping = True
            if self._cancel is not None:
                self._cancel.stop()
            self._wake()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wake(self) -> None:
        self._orders += 1
        self._change.notify_all()

    # ------------------------------------------------------------ the thread

    def _loop(self) -> None:
        self._remember_pause()
        last = self._begin()
        standing, code = Standing.GOOD, None
        if last is not None:
            standing, code = standing_of(last), last.trouble
        while True:
            try:
                trigger = self._next(standing, last, code)
            except Exception as problem:
                # A job boundary, as in `_run`: a mistake must be seen, and tried again.
                log.exception(_MISTAKE)
                last, standing, code = self._stumbled(problem)
                continue
            if trigger is not None:
                last, retry_after = self._run(trigger)
                standing, code = standing_of(last), last.trouble
                self._timetable.ran(standing, retry_after)
                continue
            with self._change:
                if self._stopping or self._asked is None:
                    self._thread = None
                    break
        # What another computer does is no trouble of this one's, and never too late here.
        self._tell(
            lambda view: replace(
                view,
                state=SchedulerState.STOPPED,
                next_run_at=None,
                progress=None,
                trouble=None,
                overdue=False,
            )
        )

    def _stumbled(self, problem: Exception) -> tuple[RunReport, Standing, Code | None]:
        """Tell of a mistake of our own between two runs, and look again a little later."""
        report = self._mistake(Trigger.SCHEDULE, self._clock.now(), problem)
        standing = standing_of(report)
        self._tell(
            lambda view: replace(
                view, state=_STATES[standing], last=report, progress=None, trouble=report.trouble
            )
        )
        with self._change:
            if not self._stopping:
                self._wait(self._change, _LOOK_AGAIN)
        return report, standing, report.trouble

    def _remember_pause(self) -> None:
        """Stand still where the person chose so before; this start's own choice goes before it."""
        try:
            kept = self._kept.pause()
        except Trouble as trouble:
            log.info("the kept pause could not be read: %s", trouble.code)
            return
        except Exception:
            log.exception(_MISTAKE)
            return
        with self._change:
            if not self._chosen:
                self._pause = kept

    def _begin(self) -> RunReport | None:
        """Set the timetable by what earlier starts did; what last happened, also that it can't
        be known.
        """
        now = self._clock.now()
        try:
            last, started = self._runner.last_report(), self._runner.last_started()
            good_at = self._runner.last_good_at()
        except Trouble as trouble:
            # A full disk or a database in use: said at once, and tried again like a run.
            report, later = self._failed(Trigger.SCHEDULE, now, trouble), trouble.retry_after
        except Exception as problem:
            log.exception(_MISTAKE)
            report, later = self._mistake(Trigger.SCHEDULE, now, problem), None
        else:
            self._timetable.begin(started, good_at)
            return last
        self._timetable.begin(None, None)
        self._timetable.ran(standing_of(report), later)
        return report

    def _interval(self) -> int:
        """Minutes between runs; those known last while they can't be read."""
        try:
            self._minutes = self._runner.interval_minutes()
        except Trouble as trouble:
            log.info("the interval could not be read: %s", trouble.code)
        except Exception:
            log.exception(_MISTAKE)
        return self._minutes

    def _next(
        self, standing: Standing, last: RunReport | None, code: Code | None
    ) -> Trigger | None:
        """Wait until there is something to do; None to end, or where another computer does it.

        What can stop the run is there from the moment the run is decided on, so that nothing
        asked in between is lost.
        """
        shown: tuple[SchedulerState, datetime | None, bool] | None = None
        while True:
            self._stand_still()
            with self._change:
                seen = self._orders
                if self._stopping:
                    return None
                self._end_pause()
                pause = self._pause
                if self._asked is not None and pause is None:
                    trigger, self._asked = self._asked, None
                    self._cancel = Cancel()
                    return trigger
                if self._asked is None and self._runner.elsewhere():
                    return None
                left = self._timetable.seconds_left()
                if left <= 0 and pause is None:
                    self._cancel = Cancel()
                    return Trigger.SCHEDULE
            state = SchedulerState.PAUSED if pause is not None else _STATES[standing]
            late = self._timetable.overdue and standing is not Standing.OFF
            overdue = late and code is not Code.NOT_THE_SYNCER
            now = (state, pause.until if pause is not None else None, overdue)
            if now != shown or self._timetable.slept:
                shown = now
                self._tell_waiting(now, last, code)
            with self._change:
                if self._orders == seen:
                    self._wait(self._change, min(left, _LOOK_AGAIN) if left else _LOOK_AGAIN)

    def _stand_still(self) -> None:
        """Pause where a run was taken back, until a person goes on: else all would come again."""
        taken_back = self._taken_back()
        with self._change:
            if taken_back is None or taken_back == self._stands_for:
                return
            self._stands_for = taken_back
            if self._asked is not None:
                return
            if taken_back:
                # Also in place of a pause that would end by itself: the mistake would come again.
                self._choose(Pause())
            elif self._pause == Pause():
                self._choose(None)

    def _end_pause(self) -> None:
        """End a pause whose time is over."""
        pause = self._pause
        if pause is not None and pause.until is not None and pause.until <= self._clock.now():
            self._choose(None)

    def _tell_waiting(
        self,
        now: tuple[SchedulerState, datetime | None, bool],
        last: RunReport | None,
        code: Code | None,
    ) -> None:
        state, until, overdue = now
        due = None if state is SchedulerState.PAUSED else self._timetable.next_run_at()
        trouble = code if last and standing_of(last) in _TOLD else None
        slept, self._timetable.slept = self._timetable.slept, False
        self._tell(
            lambda view: replace(
                view,
                state=state,
                next_run_at=due,
                last=last,
                progress=None,
                trouble=trouble,
                overdue=overdue,
                last_good_at=self._timetable.last_good,
                paused_until=until,
                slept_at=self._clock.now() if slept else view.slept_at,
            )
        )

    def _run(self, trigger: Trigger) -> tuple[RunReport, float | None]:
        """One run; its report, and when the service wants to be asked again."""
        with self._change:
            cancel = self._cancel = self._cancel or Cancel()
            if self._stopping:
                cancel.stop()
        state = SchedulerState.PAUSED if cancel.paused else SchedulerState.RUNNING
        self._tell(
            lambda view: replace(
                view,
                state=state,
                next_run_at=None,
                progress=None,
                trouble=None,
                paused_until=view.paused_until if cancel.paused else None,
            )
        )
        started = self._clock.now()
        retry_after: float | None = None
        try:
            # Here a pause costs nobody anything: the run holds neither lock nor lease yet.
            cancel.check()
            report = self._runner.run(trigger, cancel, self._progress)
        except Trouble as trouble:
            retry_after = trouble.retry_after
            report = self._failed(trigger, started, trouble)
        except Exception as problem:
            # The job boundary of the background: a mistake of ours must not end the thread
            # silently, it has to be seen and tried again.
            log.exception(_MISTAKE)
            report = self._mistake(trigger, started, problem)
        finally:
            with self._change:
                self._cancel = None
        good = standing_of(report) is Standing.GOOD
        self._tell(
            lambda view: replace(
                view, last=report, progress=None, slept_at=None if good else view.slept_at
            )
        )
        return report, retry_after

    def _mistake(self, trigger: Trigger, started: datetime, problem: Exception) -> RunReport:
        mistake = Trouble(Code.INTERNAL, kind=type(problem).__name__)
        return self._failed(trigger, started, mistake)

    def _failed(self, trigger: Trigger, started: datetime, trouble: Trouble) -> RunReport:
        outcome = {
            Code.CANCELLED: RunOutcome.CANCELLED,
            Code.NOT_THE_SYNCER: RunOutcome.NOT_THE_SYNCER,
            Code.PROVISIONING_OFF: RunOutcome.OFF,
            Code.GUARD_STOPPED: RunOutcome.STOPPED_BY_GUARD,
        }.get(trouble.code, RunOutcome.FAILED)
        return RunReport(
            run_id="",
            trigger=trigger,
            outcome=outcome,
            started_at=started,
            finished_at=self._clock.now(),
            trouble=trouble.code,
            trouble_facts=tuple((name, str(value)) for name, value in trouble.facts.items()),
        )

    def _progress(self, progress: RunProgress) -> None:
        cancel = self._cancel
        paused = cancel is not None and cancel.paused
        state = SchedulerState.PAUSED if paused else SchedulerState.RUNNING
        self._tell(lambda view: replace(view, state=state, progress=progress))

    def _tell(self, change: Callable[[SchedulerView], SchedulerView]) -> None:
        """Change the view and let every listener hear it."""
        with self._change:
            before = self._view
            self._view = view = change(before)
            listeners = tuple(self._listeners)
        for listener in listeners if view != before else ():
            try:
                listener(view)
            except Exception:
                # Whoever listens badly, such as a window that is gone, must neither end the sync
                # nor keep others from hearing.
                log.exception("a listener met a mistake of the program's own")
