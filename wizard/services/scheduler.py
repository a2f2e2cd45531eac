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
from wizard.core.runs import RunProgress, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.services.audience import Audience
from wizard.services.failed_report import failed_report, mistake
from wizard.services.halt import Halt
from wizard.services.kept_pause import KeptPause, PauseForNow
from wizard.services.runner import Runner
from wizard.services.schedule import Pause, SchedulerState, SchedulerView
from wizard.services.shown import STATES, TOLD, Shown
from wizard.services.timetable import Standing, Timetable, standing_of

__all__ = ["Runner", "Scheduler", "Wait"]

log = logging.getLogger(__name__)
_MISTAKE = "the sync met a mistake of the program's own"
_LOOK_AGAIN = 20.0
"""Seconds between two looks at the clocks, so that a sleep is noticed soon after waking."""

_BY_ITSELF = frozenset({Trigger.SCHEDULE, Trigger.COMMAND})
"""What begins without anybody there: a command that stays is begun by a service manager, too."""

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
        ask_taken_back: Callable[[Cancel], str | None] | None = None,
    ) -> None:
        self._runner = runner
        self._taken_back = taken_back
        self._ask_taken_back = ask_taken_back or (lambda _cancel: taken_back())
        self._halt = Halt(kept or PauseForNow())
        self._wait: Wait = wait
        self._clock = clock
        self._minutes = ProvisioningSettings().interval_minutes
        self._timetable = Timetable(clock, interval=self._interval, random=chance)
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._asked: Trigger | None = None
        self._orders = 0  # counts what was asked of the thread, so that nothing is slept over
        self._cancel: Cancel | None = None
        self._audience = Audience(self._change)

    # ------------------------------------------------------------ controls, from any thread

    def view(self) -> SchedulerView:
        """See `SyncSchedule.view`."""
        return self._audience.view()

    def listen(self, listener: Callable[[SchedulerView], None]) -> Callable[[], None]:
        """See `SyncSchedule.listen`."""
        return self._audience.listen(listener)

    def start(self) -> None:
        """See `SyncSchedule.start`; nothing happens where it has begun already."""
        with self._change:
            if self._thread is not None and self._thread.is_alive():
                return
            self._stopping = False
            self._thread = threading.Thread(target=self._loop, name="scheduler")
            self._thread.start()

    def run_now(self, trigger: Trigger = Trigger.PERSON) -> None:
        """See `SyncSchedule.run_now`; it also ends a pause.

        What nobody asks for again and again, such as a command that a service manager starts,
        doesn't begin while it stands still for a run that was taken back.
        """
        with self._change:
            self._halt.choose(None)
            if trigger not in _BY_ITSELF:
                self._halt.go_on()
            if self._cancel is not None:
                self._cancel.resume()
            self._asked = trigger
            self._wake()
        self.start()

    def pause(self, until: datetime | None = None) -> None:
        """See `SyncSchedule.pause`."""
        with self._change:
            self._halt.choose(Pause(until=until))
            shown = self._halt.until
            if self._cancel is not None:
                self._cancel.pause()
            self._wake()

        def still(view: SchedulerView) -> SchedulerView:
            if view.state is SchedulerState.STOPPED:
                return view  # nobody would be there to end what is shown
            return replace(view, state=SchedulerState.PAUSED, paused_until=shown)

        self._tell(still)

    def resume(self) -> None:
        """See `SyncSchedule.resume`."""
        with self._change:
            self._halt.choose(None)
            self._halt.go_on()
            running = self._cancel is not None
            if self._cancel is not None:
                self._cancel.resume()
            self._wake()
        if running:
            self._tell(lambda view: replace(view, state=SchedulerState.RUNNING, paused_until=None))

    def look_again(self) -> None:
        """See `SyncSchedule.look_again`."""
        with self._change:
            self._wake()

    def cancel_run(self) -> None:
        """See `SyncSchedule.cancel_run`."""
        with self._change:
            self._halt.choose(None)
            self._asked = None
            if self._cancel is not None:
                self._cancel.stop()

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
        if self._runner.off():
            # Looked at anew at each run's time, so that it is noticed when somebody switches it on.
            standing, code = Standing.OFF, None
        while True:
            try:
                trigger = self._next(standing, last, code)
            except Exception as problem:
                # A job boundary, as in `_run`: a mistake must be seen, and tried again.
                log.exception(_MISTAKE)
                last, standing, code = self._stumbled(problem)
                continue
            if trigger is not None:
                held, refusal = self._ask_first(trigger)
                if held:
                    continue
                last, retry_after = self._run(trigger, refusal)
                standing, code = standing_of(last), last.trouble
                self._timetable.ran(standing, retry_after)
                continue
            with self._change:
                if self._stopping or self._asked is None:
                    self._thread = None
                    break
        elsewhere = self._runner.elsewhere()
        # What another computer does is no trouble of this one's, and never too late here.
        self._tell(
            lambda view: replace(
                view,
                state=SchedulerState.STOPPED,
                next_run_at=None,
                progress=None,
                trouble=None,
                overdue=False,
                paused_until=None,
                stands_for="",
                elsewhere=elsewhere,
            )
        )

    def _stumbled(self, problem: Exception) -> tuple[RunReport, Standing, Code | None]:
        """Tell of a mistake of our own between two runs, and look again a little later."""
        report = self._failed(Trigger.SCHEDULE, self._clock.now(), mistake(problem))
        standing = standing_of(report)
        self._tell(
            lambda view: replace(
                view, state=STATES[standing], last=report, progress=None, trouble=report.trouble
            )
        )
        with self._change:
            if not self._stopping:
                self._wait(self._change, _LOOK_AGAIN)
        return report, standing, report.trouble

    def _remember_pause(self) -> None:
        """Stand still where the person chose so before; this start's own choice goes before it."""
        try:
            kept = self._halt.read_kept()
        except Trouble as trouble:
            log.info("the kept pause could not be read: %s", trouble.code)
            return
        except Exception:
            log.exception(_MISTAKE)
            return
        with self._change:
            self._halt.remember(kept)

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
            report, later = self._failed(Trigger.SCHEDULE, now, mistake(problem)), None
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
        shown: Shown | None = None
        while True:
            self._stand_still()
            elsewhere = self._runner.elsewhere()
            with self._change:
                seen = self._orders
                if self._stopping:
                    return None
                self._halt.end_pause(self._clock.now())
                still = self._halt.still
                if self._asked is not None and not still:
                    return self._decided()
                if self._asked is None and elsewhere:
                    return None
                left = self._timetable.seconds_left()
                if left <= 0 and self._halt.pause is None:
                    # Also where it stands still: somebody may have gone on, on another computer.
                    return self._decided()
                until, stands_for = self._halt.until, self._halt.stands_for
            state = SchedulerState.PAUSED if still else STATES[standing]
            late = self._timetable.overdue and standing is not Standing.OFF
            overdue = late and code is not Code.NOT_THE_SYNCER
            now = Shown(state=state, until=until, overdue=overdue, stands_for=stands_for)
            if now != shown or self._timetable.slept:
                shown = now
                self._tell_waiting(now, last, code)
            with self._change:
                if self._orders == seen:
                    self._wait(self._change, min(left, _LOOK_AGAIN) if left else _LOOK_AGAIN)

    def _decided(self) -> Trigger:
        """What runs next, with its `Cancel`; called with the lock held."""
        trigger, self._asked = self._asked or Trigger.SCHEDULE, None
        self._cancel = Cancel()
        return trigger

    def _stand_still(self) -> None:
        """Stand still where a run was taken back, until a person goes on."""
        taken_back = self._taken_back()
        with self._change:
            if self._asked is None or self._asked in _BY_ITSELF:
                self._halt.look(taken_back)

    def _ask_first(self, trigger: Trigger) -> tuple[bool, Trouble | None]:
        """Whether a run was taken back on any computer, so that this one must not begin.

        Or the trouble with asking: then it can't begin either, which is told like a failed run.
        """
        cancel = self._cancel
        if trigger not in _BY_ITSELF or cancel is None:
            return False, None
        taken_back, refusal = None, None
        try:
            taken_back = self._ask_taken_back(cancel)
        except Trouble as trouble:
            refusal = trouble
        except Exception as problem:
            log.exception(_MISTAKE)
            refusal = mistake(problem)
        with self._change:
            if refusal is None and self._asked is None:
                self._halt.look(taken_back)
            if not self._halt.stands_for or self._stopping:
                return False, refusal
            self._cancel = None
            if trigger is Trigger.COMMAND:
                self._asked = self._asked or trigger  # to be done once somebody goes on
        self._timetable.ran(Standing.CANCELLED)
        return True, None

    def _tell_waiting(
        self,
        now: Shown,
        last: RunReport | None,
        code: Code | None,
    ) -> None:
        state = now.state
        due = None if state is SchedulerState.PAUSED else self._timetable.next_run_at()
        trouble = code if last and standing_of(last) in TOLD else None
        slept, self._timetable.slept = self._timetable.slept, False
        self._tell(
            lambda view: replace(
                view,
                state=state,
                next_run_at=due,
                last=last,
                progress=None,
                trouble=trouble,
                overdue=now.overdue,
                last_good_at=self._timetable.last_good,
                paused_until=now.until,
                stands_for=now.stands_for,
                elsewhere=False,
                slept_at=self._clock.now() if slept else view.slept_at,
            )
        )

    def _run(
        self, trigger: Trigger, refusal: Trouble | None = None
    ) -> tuple[RunReport, float | None]:
        """One run, or its `refusal`; its report, and when the service wants to be asked again."""
        with self._change:
            cancel = self._cancel = self._cancel or Cancel()
            if trigger is Trigger.SCHEDULE and self._halt.gone_on:
                trigger = Trigger.PERSON  # so that other computers know it and go on as well
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
                stands_for="",
                elsewhere=False,
            )
        )
        started = self._clock.now()
        retry_after: float | None = None
        try:
            report = self._carry_out(trigger, cancel, refusal)
        except Trouble as trouble:
            retry_after = trouble.retry_after
            report = self._failed(trigger, started, trouble)
        except Exception as problem:
            # The job boundary of the background: a mistake of ours must not end the thread
            # silently, it has to be seen and tried again.
            log.exception(_MISTAKE)
            report = self._failed(trigger, started, mistake(problem))
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

    def _carry_out(self, trigger: Trigger, cancel: Cancel, refusal: Trouble | None) -> RunReport:
        # Here a pause costs nobody anything: the run holds neither lock nor lease yet.
        cancel.check()
        if refusal is not None:
            raise refusal
        return self._runner.run(trigger, cancel, self._progress)

    def _failed(self, trigger: Trigger, started: datetime, trouble: Trouble) -> RunReport:
        return failed_report(trigger, started, self._clock.now(), trouble)

    def _progress(self, progress: RunProgress) -> None:
        cancel = self._cancel
        paused = cancel is not None and cancel.paused
        state = SchedulerState.PAUSED if paused else SchedulerState.RUNNING
        self._tell(lambda view: replace(view, state=state, progress=progress))

    def _tell(self, change: Callable[[SchedulerView], SchedulerView]) -> None:
        """Change the view and let every listener hear it."""
        view, listeners = self._audience.change(change)
        for listener in listeners:
            try:
                listener(view)
            except Exception:
                # Whoever listens badly, such as a window that is gone, must neither end the sync
                # nor keep others from hearing.
                log.exception("a listener met a mistake of the program's own")
