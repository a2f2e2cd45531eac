"""`sync --every`: each run is told when it ends, and the exit code tells how it went."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from tests.unit.services.scheduler_world import World
from wizard.cli.commands.sync import keep_in_step
from wizard.cli.terminal import Terminal
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerView
from wizard.services.exits import Exit
from wizard.services.workbench import LocalWorkbench

_PATIENCE = 10.0


class Staying:
    """The command on a thread of its own, with a sync that the test moves by hand."""

    def __init__(self) -> None:
        self.world = World()
        self.schedule = self.world.scheduler
        self.cancel = Cancel()
        self.codes: list[int] = []
        self._thread = threading.Thread(target=self._stay)

    def _stay(self) -> None:
        terminal = Terminal(as_json=True, cancel=self.cancel)
        self.codes.append(keep_in_step(cast("LocalWorkbench", self), terminal))

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
