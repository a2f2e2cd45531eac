"""How the set-up ends: for the owner, for a server, paused, and after a rehearsal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.ui import placing_scenes as placing
from tests.ui import sample as fake
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.settle_stage import OpenAt, bench, open_at
from tests.ui.stage import Stage
from wizard.core.runs import PlanCounts, RunPhase
from wizard.core.trouble import Code
from wizard.flow.answers import Answers, Role, StepId
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.contract.hand_over import Halt, ItPart

__all__ = ["bench", "open_at"]  # fixtures

DONE = StepId.DONE


def _owner(bench: FakeWorkbench) -> None:
    """IT has done everything, elsewhere; this is the owner's window."""
    bench.hand_over.done = len(ItPart)
    bench.answers = Answers(
        role=Role.OWNER,
        service_answered=True,
        signed_in_as="ingrid.solberg@halden-freight.example",
        ou_id="ou-1",
        ou_name="Halden Freight",
        invited=1,
        handed_over=True,
        it_finished=True,
    )


def _open(bench: FakeWorkbench) -> Stage:
    return Stage(bench, DONE)


def test_the_owner_is_told_what_is_in_place_and_syncs_nothing(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    del open_at  # its windows have another person in front of them
    _owner(bench)
    stage = _open(bench)
    try:
        stage.until(lambda: "Set up by Tomasz Wilk" in stage.all_words())
        assert stage.words("page-title") == "Everything is in place"
        assert "Your place, Halden Freight" in stage.all_words()
        assert not any(", to come" in name for name in stage.spoken_names())
        assert "Provisioning is off" not in stage.all_words()
        assert not stage.shown("sync-state")
        assert stage.words("proof") == "It worked: IT has finished its part."
        assert bench.schedule.asked == []
        assert stage.words("primary") == "Go to Home"
    finally:
        stage.close()


@pytest.mark.parametrize("halt", list(Halt))
def test_the_owner_is_told_what_has_stopped_since(
    bench: FakeWorkbench, open_at: OpenAt, halt: Halt
) -> None:
    del open_at  # its windows have another person in front of them
    _owner(bench)
    bench.hand_over.halted = halt
    stage = _open(bench)
    try:
        stage.until(lambda: "Something has stopped" in stage.all_words())
        assert "One thing has stopped since." in stage.frame.page.heading.lead
        assert not stage.frame.page.offer.proved
        assert "It worked" not in stage.words("proof")
    finally:
        stage.close()


def test_a_sync_on_a_server_is_told_and_not_begun_here(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    placing.server_has_it(bench)
    stage = open_at(bench, DONE)
    placing.server_has_it(bench)
    stage.frame.page.entered()
    stage.until(lambda: stage.words("sync-state") == "SERVER01 keeps this in step")
    assert not stage.shown("run-now")
    assert not stage.shown("pause")
    stage.press("where-it-runs")
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)


def test_a_server_that_is_still_waited_for_is_not_called_in_place(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, DONE)
    placing.server_has_it(bench)
    bench.placing.syncer = None
    stage.frame.page.entered()
    stage.until(lambda: stage.frame.page.heading.title == "Almost everything is in place")
    assert stage.words("sync-state") == "No server has taken on the sync"


def _in_the_middle(stage: Stage) -> None:
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    schedule.progress(RunPhase.WRITE, 261, 421, created=255)
    stage.until(lambda: stage.words("sync-percent") == "61 %")


def test_a_pause_that_came_too_late_for_a_run_is_not_called_going_on_by_itself(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    later = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(create=421), started_at=later, finished_at=later + timedelta(seconds=40)
    )
    stage.until(lambda: stage.frame.page.offer.valid)
    bench.schedule.show(replace(bench.schedule.view(), state=SchedulerState.PAUSED))
    stage.until(lambda: "paused" in stage.frame.page.heading.lead)
    assert not any("by itself" in words for words in stage.all_words())
    stage.press("sync-pause")
    stage.until(lambda: "by itself" in stage.frame.page.heading.lead)
    assert bench.schedule.asked[-1] == "resume"
    assert not stage.shown("sync-pause")


# ------------------------------------------------------------------ practice


def _rehearsed(open_at: OpenAt) -> tuple[FakeWorkbench, Stage]:
    bench = FakeWorkbench(fake.PRACTICE)
    bench.schedule.finish(PlanCounts(create=412))
    return bench, open_at(bench, DONE)


def test_each_thing_to_try_opens_its_own_card(open_at: OpenAt) -> None:
    bench, stage = _rehearsed(open_at)
    stage.press("try-go")
    stage.press("try-cut")
    control = fake.PRACTICE.control_url
    assert bench.opened == [f"{control}#let-many-go", f"{control}#outage"]


def test_rehearsing_again_says_what_stays_and_how_to_begin_afresh(open_at: OpenAt) -> None:
    bench, stage = _rehearsed(open_at)
    stage.press("rehearse-again")
    assert any("remembers" in words for words in stage.all_words())
    stage.press("rehearse-fresh")
    assert bench.opened == [f"{fake.PRACTICE.control_url}#start-over"]
    stage.press("rehearse-stay")
    assert stage.frame.walk.step is DONE
    stage.press("rehearse-again")
    stage.press("rehearse-begin")
    assert stage.frame.walk.step is StepId.WELCOME
    assert bench.answers.role is None


def test_a_background_that_is_off_is_not_called_in_step(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.schedule.show(SchedulerView(state=SchedulerState.OFF))
    stage = open_at(bench, DONE)
    stage.until(lambda: stage.words("sync-state") == "The sync is off")


@pytest.mark.parametrize(
    ("code", "words", "step"),
    [
        (Code.SIGN_IN_NEEDED, "Sign in", StepId.SIGN_IN),
        (Code.DIRECTORY_TOKEN_REJECTED, "Authorize again", StepId.GOOGLE_AUTHORIZE),
        (Code.PROVISIONING_OFF, "Turn it on", StepId.PROVISIONING),
    ],
)
def test_what_keeps_the_background_from_going_on_has_its_own_button(
    bench: FakeWorkbench, open_at: OpenAt, code: Code, words: str, step: StepId
) -> None:
    bench.schedule.finish(PlanCounts(create=412))
    bench.schedule.show(
        replace(bench.schedule.view(), state=SchedulerState.NEEDS_PERSON, trouble=code)
    )
    stage = open_at(bench, DONE)
    stage.until(lambda: stage.words("done-cure") == words)
    assert not stage.shown("run-now")
    assert not stage.shown("pause")
    assert "Nobody has to do anything" not in stage.frame.page.heading.lead
    stage.press("done-cure")
    stage.until(lambda: stage.frame.walk.step is step)


def test_what_no_sync_brought_about_is_not_counted_as_in_place(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.schedule.finish(PlanCounts(create=412, skip=18))
    stage = open_at(bench, DONE)
    stage.until(lambda: any("18 skipped" in words for words in stage.all_words()))
    assert not any(words.startswith("0 ") for words in stage.all_words())
