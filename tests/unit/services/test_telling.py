from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.services.scheduler_world import START
from wizard.content.cli import COUNT_WORDS, OUTCOME_WORDS
from wizard.content.held import cause_words
from wizard.content.text import t
from wizard.core.runs import (
    HeldCause,
    HeldKind,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingState, FindingView, HeldCauseView, HeldView, PreviewView
from wizard.services.telling import (
    counts_lines,
    finding_lines,
    go_on_lines,
    moment,
    plain,
    preview_lines,
    progress_line,
    report_lines,
    trouble_lines,
    trouble_object,
)

REPORT = RunReport(
    run_id="r",
    trigger=Trigger.COMMAND,
    outcome=RunOutcome.DONE,
    started_at=START,
    finished_at=START + timedelta(seconds=12.34),
    done=PlanCounts(create=1200),
)


@pytest.mark.parametrize("outcome", RunOutcome)
def test_every_outcome_is_told_in_words(outcome: RunOutcome) -> None:
    lines = report_lines(replace(REPORT, outcome=outcome))
    assert t(OUTCOME_WORDS[outcome]) in lines[0]
    assert "12.3 s" in lines[0]


def test_numbers_carry_marks_and_plurals_are_right() -> None:
    assert "  1,200 accounts were written." in report_lines(REPORT)
    one = replace(REPORT, done=PlanCounts(update=1), failed=1)
    assert "  1 account was written." in report_lines(one)
    assert "  1 person is a problem." in report_lines(one)


def test_what_was_held_comes_with_the_command_that_goes_on() -> None:
    lines = report_lines(
        replace(
            REPORT,
            outcome=RunOutcome.STOPPED_BY_GUARD,
            held=((HeldKind.LEAVE, 64),),
            trouble=Code.GUARD_STOPPED,
            trouble_facts=(("what", "leave"), ("people", "64"), ("limit", "5")),
        )
    )
    told = "\n".join(lines)
    assert f"sync --approve 64 --plan {REPORT.run_id}" in told
    assert "64 people" in told


def test_where_several_kinds_are_held_the_command_names_each() -> None:
    held = ((HeldKind.LEAVE, 64), (HeldKind.CREATE, 90))
    report = replace(REPORT, outcome=RunOutcome.STOPPED_BY_GUARD, held=held)
    (line,) = go_on_lines(report)
    assert f"--approve leave=64 --approve create=90 --plan {REPORT.run_id}" in line
    assert line not in report_lines(report, go_on=False)


def test_another_computer_that_syncs_is_named() -> None:
    lines = report_lines(
        replace(
            REPORT,
            outcome=RunOutcome.NOT_THE_SYNCER,
            trouble=Code.NOT_THE_SYNCER,
            trouble_facts=(("host", "SERVER01"),),
        )
    )
    assert any("SERVER01" in line for line in lines)
    assert not any("written" in line for line in lines)


def test_only_kinds_with_somebody_in_them_are_counted() -> None:
    assert counts_lines(PlanCounts()) == ["  Nobody to look at."]
    lines = counts_lines(PlanCounts(create=412, skip=18))
    assert len(lines) == 2
    assert "412" in lines[0]
    assert set(COUNT_WORDS) == set(PlanCounts.__dataclass_fields__)


@pytest.mark.parametrize("cause", ["", *HeldCause])
def test_a_preview_tells_what_would_be_held_and_why(cause: str) -> None:
    causes = (HeldCauseView(cause=cause, people=60, name="Unit Sales"),) if cause else ()
    held = HeldView(kind=HeldKind.LEAVE, people=64, limit=5, causes=causes)
    view = PreviewView(
        run_id="p", made_at=START, counts=PlanCounts(deactivate=64), leave_limit=5, held=(held,)
    )
    told = "\n".join(preview_lines(view))
    assert "Nothing has been changed" in told
    assert "64 people" in told
    assert "{" not in told
    if cause:
        words = cause_words(HeldCause(cause), "Unit Sales")
        assert f"60  {words.title}" in told
        assert words.repair in told


@pytest.mark.parametrize("outcome", [RunOutcome.PARTLY, RunOutcome.STOPPED_BY_GUARD])
def test_only_what_the_limits_stopped_is_offered_for_approval(outcome: RunOutcome) -> None:
    report = replace(REPORT, outcome=outcome, held=((HeldKind.LEAVE, 64),))
    offered = "--approve" in "\n".join(report_lines(report))
    assert offered is (outcome is RunOutcome.STOPPED_BY_GUARD)


@pytest.mark.parametrize("state", FindingState)
def test_a_check_is_told_by_more_than_a_sign(state: FindingState) -> None:
    (line,) = finding_lines([(FindingView(id="x", state=state), "Clock", "2 seconds off")])
    assert line.endswith("Clock: 2 seconds off")
    assert len(line.split("Clock")[0].split()) >= 2


@pytest.mark.parametrize("phase", RunPhase)
def test_progress_tells_the_phase_and_the_total_once_it_is_known(phase: RunPhase) -> None:
    assert "5 of 1,000" in progress_line(RunProgress(phase=phase, done=5, total=1000))
    assert " of " not in progress_line(RunProgress(phase=phase, done=5, total=0))


def test_a_trouble_is_told_with_its_code_and_without_places_left_open() -> None:
    lines = trouble_lines(Trouble(Code.DISK_FULL, folder="/var/x"), "Halden")
    assert lines[-1].endswith("disk-full")
    assert "/var/x" in "\n".join(lines)
    assert json.loads(json.dumps(trouble_object(Trouble(Code.OFFLINE))))["code"] == "offline"


def test_views_become_plain_objects() -> None:
    told = plain({"path": Path("/x"), "view": REPORT})
    assert json.loads(json.dumps(told))["view"]["outcome"] == "done"
    with pytest.raises(TypeError):
        plain({"odd": object()})


def test_no_moment_is_a_dash() -> None:
    assert moment(None) == "–"
    assert moment(START).startswith("2026-11-03")
