"""What the account service tells of other computers' runs, as rows beside one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wizard.core.directory import ProviderId
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome, RunSummary, Trigger
from wizard.services.contract.home import AccountState, OrganizationAccountView, RunFilter
from wizard.services.runs_elsewhere import fitting, rows_elsewhere

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ACCOUNT = OrganizationAccountView(
    id="oa-1",
    provider=ProviderId.GOOGLE,
    purposes=frozenset({"directory"}),
    domain="halden-freight.example",
    customer_id="C0test",
    state=AccountState.ACTIVE,
    syncer_host="SRV-2",
    syncer_since=NOW - timedelta(hours=5),
)


def told(number: int, hours: int, **changed: object) -> RunSummary:
    at = NOW - timedelta(hours=hours)
    summary = RunSummary(
        run_id=f"run-{number}",
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.DONE,
        started_at=at,
        finished_at=at + timedelta(seconds=9),
        people_read=492,
    )
    return replace(summary, **changed)  # type: ignore[arg-type] # fields by name


RUNS = (
    told(1, 8, done=PlanCounts(create=3)),
    told(2, 1),
    told(3, 2, outcome=RunOutcome.FAILED),
    told(4, 3, outcome=RunOutcome.STOPPED_BY_GUARD, held=((HeldKind.LEAVE, 64),)),
    told(5, 4, failed=2),
    told(6, 24 * 91),
    told(7, 6, outcome=None),
    told(8, 7),
)
ROWS = rows_elsewhere(RUNS, ACCOUNT, ours=frozenset({"run-8"}), since=NOW - timedelta(days=90))


def ids(rows: object) -> list[str]:
    assert isinstance(rows, (list, tuple))
    return [row.report.run_id for row in rows]


def test_they_are_newest_first_without_ours_the_too_old_and_the_unreadable() -> None:
    assert ids(ROWS) == ["run-2", "run-3", "run-4", "run-5", "run-1"]
    assert all(row.elsewhere for row in ROWS)


def test_a_computer_is_named_only_for_what_it_did_itself() -> None:
    assert [row.host for row in ROWS] == ["SRV-2"] * 4 + [""]
    nobody = replace(ACCOUNT, syncer_host="", syncer_since=None)
    rows = rows_elsewhere(RUNS, nobody, ours=frozenset(), since=NOW - timedelta(days=90))
    assert {row.host for row in rows} == {""}


def test_a_run_that_took_one_back_is_told_as_such() -> None:
    back = told(9, 1, undoes="run-1", done=PlanCounts(deactivate=3))
    (row,) = rows_elsewhere([back], ACCOUNT, ours=frozenset(), since=NOW - timedelta(days=90))
    assert row.report.undoes == "run-1"


def test_numbers_are_the_services_own() -> None:
    stopped, first = ROWS[2].report, ROWS[-1].report
    assert stopped.held == ((HeldKind.LEAVE, 64),)
    assert (first.done.create, first.people_read) == (3, 492)
    assert first.trouble is None


def test_they_are_filtered_like_ones_own() -> None:
    assert ids(fitting(ROWS, RunFilter.CHANGES, "")) == ["run-1"]
    assert ids(fitting(ROWS, RunFilter.PROBLEMS, "")) == ["run-3", "run-4", "run-5"]
    assert ids(fitting(ROWS, RunFilter.ALL, "srv-2 guard")) == ["run-4"]
    assert fitting(ROWS, RunFilter.ALL, "amira") == []
