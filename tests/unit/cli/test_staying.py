"""`sync --every`: each run is told when it ends, and the exit code tells how it went."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from tests.unit.services.scheduler_world import World
from wizard.cli.commands.sync import _tell_seldom, keep_in_step
from wizard.cli.terminal import Terminal
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerView
from wizard.services.exits import Exit
from wizard.services.scheduler import Scheduler
from wizard.services.workbench import LocalWorkbench

_PATIENCE = 10.0


class Staying:
    """The command on a thread of its own, with a sync that the test moves by hand."""

    def __init__(self) -> None:
        self.world = World()
        self.taken_back = ""
        self.schedule = Scheduler(
            self.world.sync,
            self.world.clock,
            wait=self.world.clock.wait,
            chance=lambda: 0.5,
            taken_back=lambda: self.taken_back,
        )
        self.schedule.listen(self.world.views.put)
        self.cancel = Cancel()
        self.codes: list[int] = []
        self.every, self.minutes = 0, 30
        self.unreadable: Trouble | None = None
        self._thread = threading.Thread(target=self._stay)

    def _stay(self) -> None:
        terminal = Terminal(as_json=True, cancel=self.cancel)
        bench = cast("LocalWorkbench", self)
        after = _tell_seldom(bench, terminal)
        self.codes.append(keep_in_step(bench, terminal, after=after))

    @property
    def engine(self) -> Staying:
        return self

    @property
    def syncing(self) -> Staying:
        return self

    def last_report(self) -> RunReport | None:
        return self.world.sync.last

    def interval_minutes(self) -> int:
        if self.unreadable is not None:
            raise self.unreadable
        return self.minutes

    def ends(self, *ends: RunOutcome | Code) -> None:
        """Let runs end like this, one after the other, then tell it to end."""
        self.world.sync.ends = self._end
        self._ends = list(ends)
        self._thread.start()
        for number in range(len(ends)):
            if number:
                self.world.clock.settle()
                self.world.clock.pass_time(minutes=35)
            self.world.until(_waits_after(number + 1, self.world))

    def _end(self) -> RunReport:
        end = self._ends.pop(0)
        if isinstance(end, Code):
            raise Trouble(end)
        return self.world.sync.report(end)

    def close(self) -> int:
        self.cancel.stop()
        self._thread.join(_PATIENCE)
        return self.codes[0]


def _waits_after(runs: int, world: World) -> Callable[[SchedulerView], bool]:
    def waits(view: SchedulerView) -> bool:
        return view.next_run_at is not None and len(world.sync.triggers) == runs

    return waits


@pytest.fixture
def staying() -> Iterator[Staying]:
    one = Staying()
    yield one
    one.schedule.stop()


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line["trouble"] or line["outcome"] for line in lines]


def test_what_stops_run_after_run_before_it_begins_is_told_each_time(
    staying: Staying, capsys: pytest.CaptureFixture[str]
) -> None:
    staying.ends(Code.SIGN_IN_NEEDED, Code.SIGN_IN_NEEDED, RunOutcome.DONE, Code.SIGN_IN_EXPIRED)
    code = staying.close()
    assert told(capsys) == ["sign-in-needed", "sign-in-needed", "done", "sign-in-expired"]
    assert code == Exit.SIGN_IN_NEEDED


def test_told_to_end_after_a_good_run_it_says_just_that(
    staying: Staying, capsys: pytest.CaptureFixture[str]
) -> None:
    staying.ends(Code.SIGN_IN_NEEDED, RunOutcome.DONE)
    assert staying.close() == Exit.CANCELLED
    assert told(capsys) == ["sign-in-needed", "done"]


def test_runs_that_come_sooner_than_was_asked_for_are_told_once(
    staying: Staying, capsys: pytest.CaptureFixture[str]
) -> None:
    staying.every, staying.minutes = 240, 60
    staying.ends(RunOutcome.DONE, RunOutcome.DONE)
    staying.close()
    told_beside = capsys.readouterr().err
    assert told_beside.count("It syncs every 60 minutes, not every 240") == 1


@pytest.mark.parametrize("every", [0, 30, 5])
def test_nothing_is_told_of_runs_that_come_as_was_asked_for(
    staying: Staying, capsys: pytest.CaptureFixture[str], every: int
) -> None:
    staying.every = every
    staying.ends(RunOutcome.DONE)
    staying.close()
    assert capsys.readouterr().err == ""


def test_that_it_begins_to_stand_still_is_told_once_with_the_command_that_goes_on(
    staying: Staying, capsys: pytest.CaptureFixture[str]
) -> None:
    staying.ends(RunOutcome.DONE)
    staying.taken_back = "undo-1"
    staying.world.clock.settle()
    staying.world.clock.pass_time(minutes=5)
    staying.world.until(lambda view: view.stands_for == "undo-1")
    staying.world.clock.settle()
    staying.world.clock.pass_time(hours=9)
    staying.world.clock.settle()
    assert staying.close() == Exit.CANCELLED
    said = capsys.readouterr().err
    assert said.count("A sync was taken back") == 1
    assert said.count("Then go on: enterprise-connect sync") == 1


def test_an_interval_that_cannot_be_read_keeps_nobody_from_staying(staying: Staying) -> None:
    staying.every, staying.unreadable = 240, Trouble(Code.DATABASE_BUSY)
    staying.ends(RunOutcome.DONE)
    assert staying.close() == Exit.CANCELLED
