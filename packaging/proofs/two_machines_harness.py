"""A workbench with its background sync, as the window has it, told what to do line by line.

`HOME PROFILE PASSPHRASE-FILE`: opens the set-up of this home and answers each line of JSON on
standard input with one on standard output. `here`: this computer takes on the sync; `run`: sync
now, in the background thread; `take-over`; `who`: who has the task; `commands`: what a server is
to be told; `leave`: a server is to do it; `state`: how the background thread stands; `lapse`:
whoever has the task lost it; `tokens`: ask the account service and Google something, with the
person's own sign-ins. It ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from wizard.core.cancel import Cancel
from wizard.core.paths import Folders
from wizard.core.runs import RunReport, Trigger
from wizard.core.trouble import Trouble
from wizard.services.contract import SchedulerView
from wizard.services.environment import open_workbench
from wizard.services.logs import logging_to
from wizard.services.options import Options
from wizard.services.workbench import LocalWorkbench

_RUN_LIMIT = 120.0
Told = Mapping[str, object]


class Harness:
    """The one set-up that is told what to do."""

    def __init__(self, bench: LocalWorkbench) -> None:
        self._bench = bench
        self._cancel = Cancel()

    def here(self) -> Told:
        """As the window's button “Use this computer”."""
        view = self._bench.placing.run_here(self._cancel)
        return {"ready": view.ready}

    def run(self) -> Told:
        """As the window's button “Run now”: the background thread does it."""
        ended = threading.Event()
        reports: list[RunReport] = []
        before = self._bench.schedule.view().last

        def heard(view: SchedulerView) -> None:
            if view.last is not None and view.last is not before and view.progress is None:
                reports.append(view.last)
                ended.set()

        end = self._bench.schedule.listen(heard)
        self._bench.schedule.run_now(Trigger.PERSON)
        if not ended.wait(_RUN_LIMIT):
            return {"outcome": "never-ended"}
        end()
        report = reports[-1]
        return {
            "outcome": report.outcome.value,
            "writes": report.done.writes,
            "trouble": report.trouble.value if report.trouble else "",
            "facts": dict(report.trouble_facts),
        }

    def take_over(self) -> Told:
        """As the window's sheet “Take over here?”."""
        return {"here": self._bench.take_over(self._cancel).syncer_is_us}

    def who(self) -> Told:
        """Who has the task, as the page says it."""
        syncer = self._bench.placing.look(self._cancel).syncer
        if syncer is None:
            return {"held": False}
        return {"held": True, "here": syncer.here, "host": syncer.host, "person": syncer.person}

    def commands(self) -> Told:
        """The three commands below the window's card “A server of ours”."""
        return {"commands": list(self._bench.placing.look(self._cancel).commands)}

    def leave(self) -> Told:
        """As the window's button “Use a server”."""
        view = self._bench.placing.leave_to_server(self._cancel)
        return {"ready": view.ready, "held": view.syncer is not None}

    def state(self) -> Told:
        """How the window's background thread stands, and whether the page says that it is done."""
        view = self._bench.schedule.view()
        return {
            "state": view.state.value,
            "trouble": view.trouble.value if view.trouble else "",
            "overdue": view.overdue,
            "ready": self._bench.placing.look(self._cancel).ready,
        }

    def lapse(self) -> Told:
        """As if whoever has the task had been off for longer than that lasts."""
        answers = self._bench.answers
        service = self._bench.engine.access.as_sync(answers, self._cancel)
        unit, account = answers.ou_id, answers.organization_account_id
        lease = service.organization_account(unit, account, self._cancel).syncer
        if lease is not None:
            holder = lease.installation_id
            service.give_up_lease(unit, account, installation_id=holder, cancel=self._cancel)
        return {"lapsed": lease is not None}

    def tokens(self) -> Told:
        """One question to each side, by whatever tokens are kept."""
        answers = self._bench.answers
        access = self._bench.engine.access
        people = access.as_person(self._cancel).me(self._cancel)
        reader = access.reader(answers, self._cancel)
        return {"person": people.address, "customer": reader.customer(self._cancel).id}


def _answer(calls: Mapping[str, Callable[[], Told]], line: str) -> Told:
    call = calls.get(line.strip())
    if call is None:
        return {"trouble": "unknown-command"}
    try:
        return call()
    except Trouble as trouble:
        facts = {name: str(value) for name, value in trouble.facts.items()}
        return {"trouble": trouble.code.value, "facts": facts}


def main(home: str, profile: str, passphrase_file: str) -> int:
    """Answer line by line until the input ends."""
    options = Options(profile=profile, home=Path(home), passphrase_file=Path(passphrase_file))
    with logging_to(Folders.of_person(options.home).logs):
        bench = open_workbench(options, browser=lambda _url: False)
        harness = Harness(bench)
        calls: dict[str, Callable[[], Told]] = {
            "here": harness.here,
            "run": harness.run,
            "take-over": harness.take_over,
            "who": harness.who,
            "commands": harness.commands,
            "leave": harness.leave,
            "state": harness.state,
            "lapse": harness.lapse,
            "tokens": harness.tokens,
        }
        try:
            for line in sys.stdin:
                sys.stdout.write(json.dumps(_answer(calls, line)) + "\n")
                sys.stdout.flush()
        finally:
            bench.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:4]))
