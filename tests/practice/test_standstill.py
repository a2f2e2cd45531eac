"""What a paused sync finds when it goes on: other settings, people who are back."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ADMIN, World, practice
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunPhase, RunProgress, RunReport, Trigger
from wizard.core.trouble import Code

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: people are suspended here."""
    with practice(tmp_path_factory.mktemp("organization"), people=60) as running:
        yield running


@pytest.fixture
def synced(organization: World, tmp_path: Path) -> Iterator[Computer]:
    person = f"per.dahl.{next(_numbers)}@bench.example"
    with computer(organization, tmp_path / "here", person=person) as one:
        one.set_up(f"Unit of {person}")
        assert one.run().outcome is RunOutcome.DONE
        yield one
        organization.tell("clear-faults")


def paused_run(one: Computer, meanwhile: Callable[[], object]) -> RunReport:
    """A run that is paused as it begins to write, and goes on after something happened."""
    cancel, threads = Cancel(), list[threading.Thread]()

    def go_on() -> None:
        meanwhile()
        cancel.resume()

    def listen(progress: object) -> None:
        writes = isinstance(progress, RunProgress) and progress.phase is RunPhase.WRITE
        if writes and not threads:
            cancel.pause()
            threads.append(threading.Thread(target=go_on))
            threads[0].start()

    report = one.bench.run(Trigger.COMMAND, cancel, listen)
    for thread in threads:
        thread.join()
    assert threads
    return report


def suspend_somebody(one: Computer) -> str:
    somebody = next(line for line in one.world.lines("expected")[5:] if line["address"] != ADMIN)
    one.world.tell("suspend", {"who": somebody["id"]})
    return str(somebody["id"])


def test_provisioning_switched_off_during_a_pause_leaves_everybody_alone(
    synced: Computer,
) -> None:
    who = suspend_somebody(synced)

    def meanwhile() -> None:
        synced.world.tell("settings-as-somebody-else", {"settings": {"enabled": False}})
        synced.world.tell("suspend", {"who": who, "suspended": False})

    report = paused_run(synced, meanwhile)
    assert (report.outcome, report.trouble) == (RunOutcome.OFF, Code.PROVISIONING_OFF)
    assert report.done.writes == 0
    assert who in synced.holders()


def test_somebody_reinstated_during_a_pause_keeps_the_account(synced: Computer) -> None:
    who = suspend_somebody(synced)
    report = paused_run(
        synced, lambda: synced.world.tell("suspend", {"who": who, "suspended": False})
    )
    assert report.outcome is RunOutcome.PARTLY
    assert report.done.deactivate == 0
    assert who in synced.holders()


def test_other_settings_saved_during_a_pause_make_a_new_plan(synced: Computer) -> None:
    who = suspend_somebody(synced)
    report = paused_run(
        synced,
        lambda: synced.world.tell("settings-as-somebody-else", {"settings": {"leavers": "keep"}}),
    )
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.RUN_INTERRUPTED)
    assert synced.run().outcome is RunOutcome.DONE
    assert who in synced.holders()
    synced.world.tell("suspend", {"who": who, "suspended": False})


def test_a_report_that_cannot_be_sent_is_told_and_sent_after_the_next_run(
    synced: Computer,
) -> None:
    answers = synced.bench.answers
    unit = f"/v1/organizational_units/{answers.ou_id}"
    runs = f"{unit}/organization_accounts/{answers.organization_account_id}/sync_runs"
    fault = {"stand_in": "account", "path_prefix": runs, "method": "POST", "status": 503}
    synced.world.tell("faults", [{**fault, "times": 99}])
    assert not synced.run().told
    synced.world.tell("clear-faults")
    assert synced.run().told
