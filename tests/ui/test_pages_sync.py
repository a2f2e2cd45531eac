"""Preview, provisioning, first sync and the end: what a person sees, decides and is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from tests.ui import sample as fake
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome, RunPhase
from wizard.core.settings import LeaverPolicy
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.services.contract import HeldView, PreviewView, SchedulerState, SchedulerView
from wizard.ui.pages.preview import PreviewPage


class OpenAt(Protocol):
    """Opens a window at a step; without `went_on` as after a start of the program."""

    def __call__(self, bench: FakeWorkbench, step: StepId, *, went_on: bool = True) -> Stage: ...


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[OpenAt]:
    """Opens a window at a step, with everything before it done; closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_stage(bench: FakeWorkbench, step: StepId, *, went_on: bool = True) -> Stage:
        at_step(bench, step)
        stage = Stage(bench, step, went_on=went_on)
        opened.append(stage)
        return stage

    yield open_stage
    for stage in opened:
        stage.close()


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


def _preview(stage: Stage) -> PreviewPage:
    page = stage.frame.page
    assert isinstance(page, PreviewPage)
    stage.until(lambda: page.offer.valid and page.table.view.plan.person(0) is not None)
    return page


def _toggle(stage: Stage) -> QAbstractButton:
    toggle = stage.find("provisioning-toggle")
    assert isinstance(toggle, QAbstractButton)
    return toggle


# ------------------------------------------------------------------ preview


def test_the_numbers_add_up_and_press_to_filter(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    page = _preview(stage)
    model = page.table.view.plan
    assert model.rowCount() == 439
    stage.press("count-change")
    stage.until(lambda: model.rowCount() == 1)
    person = model.person(0)
    assert person is not None
    assert person.name == "Lise Haugen"
    stage.press("count-change")
    stage.until(lambda: model.rowCount() == 439)


def test_the_plan_says_when_it_was_made(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    _preview(stage)
    made = fake.NOW.astimezone().strftime("%H:%M")
    stage.until(lambda: f"made at {made}" in stage.words("plan-count"))


def test_a_plan_that_no_longer_holds_is_made_anew_on_the_way_in(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    _preview(stage)
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.PROVISIONING)
    stage.press("back")
    _preview(stage)
    assert bench.called.count("preview") == 1
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.PROVISIONING)
    bench.preview_holds = False
    stage.press("back")
    _preview(stage)
    assert bench.called.count("preview") == 2


def test_a_search_narrows_the_rows_and_says_how_many_fit(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    page = _preview(stage)
    search = stage.find("plan-search")
    assert isinstance(search, QLineEdit)
    search.setText("okoro")
    stage.until(lambda: page.table.view.plan.rowCount() == 1)
    assert stage.words("plan-count") == "1 of 439"


def test_rows_far_down_are_read_when_they_are_looked_at(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    page = _preview(stage)
    model = page.table.view.plan
    before = bench.called.count("plan_rows")
    assert model.data(model.index(420, 1)) is None
    stage.until(lambda: model.data(model.index(420, 1)) == "Create")
    assert bench.called.count("plan_rows") == before + 1


def test_the_preview_is_saved_as_a_file(
    bench: FakeWorkbench, open_at: OpenAt, tmp_path: Path
) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    page = _preview(stage)
    page.save_to(tmp_path / "preview.csv")
    stage.until(lambda: stage.words("plan-count") == "Saved 439 rows.")
    assert len((tmp_path / "preview.csv").read_text(encoding="utf-8").splitlines()) == 439


def test_what_the_limits_hold_is_shown_before_the_numbers(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.planned = PreviewView(
        run_id="preview-1",
        made_at=fake.NOW,
        counts=PlanCounts(deactivate=64, unchanged=300),
        leave_limit=5,
        held=(HeldView(kind=HeldKind.LEAVE, people=64, limit=5, cause="unit-gone"),),
    )
    stage = open_at(bench, StepId.PREVIEW)
    _preview(stage)
    assert any(
        words.startswith("This sync would deactivate 64 people") for words in stage.all_words()
    )


def test_a_page_that_fails_half_way_keeps_nothing_half_and_can_be_tried_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("preview", Code.READ_INCOMPLETE)
    stage = open_at(bench, StepId.PREVIEW)
    stage.until(lambda: stage.shown("trouble"))
    assert not bench.answers.preview_seen
    stage.press("primary")
    _preview(stage)
    stage.press("primary")
    stage.until(lambda: bench.answers.preview_seen)
    assert stage.frame.walk.step is StepId.PROVISIONING


# ------------------------------------------------------------------ provisioning


def test_saving_keeps_every_setting_and_goes_on(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: stage.frame.page.offer.valid)
    toggle = _toggle(stage)
    if not toggle.isChecked():
        toggle.click()
    grace = stage.find("grace")
    assert isinstance(grace, QSpinBox)
    assert grace.value() == 7
    grace.setValue(14)
    stage.settle()
    assert stage.words("primary") == "Save"
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)
    assert bench.stored.enabled
    assert bench.stored.grace_days == 14
    assert bench.stored.leavers is LeaverPolicy.DEACTIVATE
    assert bench.stored.limits.change_min == 50


def test_settings_that_somebody_else_saved_are_told_and_the_draft_is_kept(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: stage.frame.page.offer.valid)
    toggle = _toggle(stage)
    if not toggle.isChecked():
        toggle.click()
    grace = stage.find("grace")
    assert isinstance(grace, QSpinBox)
    grace.setValue(21)
    bench.stored = replace(bench.stored, version=bench.stored.version + 1)
    stage.press("primary")
    stage.until(lambda: any(words.startswith("Somebody else saved") for words in stage.all_words()))
    stage.until(lambda: stage.frame.page.offer.valid)
    assert grace.value() == 21
    stage.press("primary")
    stage.until(lambda: bench.stored.grace_days == 21)


# ------------------------------------------------------------------ first sync


def _in_the_middle(stage: Stage) -> None:
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    schedule.progress(RunPhase.READ, 492, 0)
    stage.settle()
    schedule.progress(RunPhase.WRITE, 261, 421, created=255, changed=5, problems=1)
    stage.until(lambda: stage.words("sync-percent") == "61 %")


def test_the_first_sync_starts_by_itself_and_shows_how_far_it_is(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    assert stage.words("sync-of") == "261 of 421 done"
    assert stage.find("count-todo").accessibleName() == "To do: 160"
    assert not stage.frame.footer.primary.isEnabled()


def test_a_sync_can_be_paused_and_goes_on(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    stage.press("sync-pause")
    stage.until(lambda: stage.words("sync-pause") == "Go on")
    stage.press("sync-pause")
    stage.until(lambda: stage.words("sync-pause") == "Pause")
    assert bench.schedule.asked[-2:] == ["pause", "resume"]


def test_the_end_of_a_sync_adds_up_and_leads_on(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    later = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(create=415, update=6),
        failed=1,
        started_at=later,
        finished_at=later + timedelta(seconds=40),
    )
    stage.until(lambda: stage.frame.page.offer.valid)
    assert stage.words("proof") == "It worked: 421 were planned and 421 are accounted for."
    assert bench.answers.first_sync_done
    stage.press("primary")
    assert stage.frame.walk.step is StepId.DONE


def test_a_sync_in_which_every_write_failed_is_not_called_a_success(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    later = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(create=480),
        done=PlanCounts(),
        failed=480,
        outcome=RunOutcome.PARTLY,
        started_at=later,
        finished_at=later + timedelta(seconds=40),
    )
    stage.until(lambda: stage.shown("trouble"))
    assert not bench.answers.first_sync_done
    words = " ".join(stage.all_words())
    assert "Most accounts could not be written" in words
    assert "It worked" not in words
    assert "Your accounts are set up" not in words
    assert "Everybody else does" not in words
    stage.press("primary")
    stage.until(lambda: bench.schedule.asked.count("run:first") == 2)


def test_a_report_that_was_not_sent_is_not_ticked_off(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    later = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(create=421),
        told=False,
        started_at=later,
        finished_at=later + timedelta(seconds=40),
    )
    stage.until(lambda: stage.frame.page.offer.valid)
    words = stage.all_words()
    assert "Wrote accounts" in words
    assert "Report to the account service" in words
    assert "Reported to the account service" not in words
    assert "It can’t be reached. The next sync sends the report." in words
    assert bench.answers.first_sync_done


def test_a_cancelled_sync_says_what_stays_and_can_be_begun_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    _in_the_middle(stage)
    later = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(create=412),
        done=PlanCounts(create=100),
        outcome=RunOutcome.CANCELLED,
        trouble=Code.CANCELLED,
        started_at=later,
        finished_at=later,
    )
    stage.until(lambda: stage.shown("sync-stopped"))
    assert not stage.shown("trouble")
    assert "To do: 312" in stage.spoken_names()
    assert any("100 of 412 done" in words for words in stage.all_words())
    assert stage.words("primary") == "Start the sync"
    assert not bench.answers.first_sync_done
    stage.press("primary")
    stage.until(lambda: bench.schedule.asked.count("run:first") == 2)


def test_after_a_restart_the_sync_waits_for_a_word(bench: FakeWorkbench, open_at: OpenAt) -> None:
    report = bench.schedule.finish(
        PlanCounts(create=412),
        done=PlanCounts(create=100),
        outcome=RunOutcome.CANCELLED,
        trouble=Code.CANCELLED,
    )
    bench.schedule.show(SchedulerView(state=SchedulerState.STOPPED))
    bench.stored_reports = [report]
    stage = open_at(bench, StepId.FIRST_SYNC, went_on=False)
    stage.until(lambda: stage.shown("sync-stopped"))
    assert "run:first" not in bench.schedule.asked
    assert any("100 of 412 done" in words for words in stage.all_words())
    assert stage.words("primary") == "Start the sync"
    stage.press("primary")
    stage.until(lambda: "run:first" in bench.schedule.asked)
    assert not stage.shown("sync-stopped")


def test_a_first_sync_that_never_began_waits_after_a_restart(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC, went_on=False)
    assert bench.schedule.asked == []
    assert not stage.shown("sync-percent")
    assert stage.words("primary") == "Start the sync"
    stage.press("primary")
    stage.until(lambda: bench.schedule.asked == ["run:first"])
    assert stage.shown("sync-percent")


# ------------------------------------------------------------------ done


def test_the_end_shows_the_background_sync_live_and_can_run_it_now(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.schedule.finish(PlanCounts(create=412, update=6, skip=18))
    stage = open_at(bench, StepId.DONE)
    stage.until(lambda: stage.words("sync-state") == "Kept in step")
    stage.press("run-now")
    stage.until(lambda: stage.words("sync-state") == "A sync is running")
    assert "run:person" in bench.schedule.asked
    bench.schedule.show(SchedulerView(state=SchedulerState.OFFLINE))
    stage.until(lambda: stage.words("sync-state") == "Waiting for the network")


def test_practice_can_be_rehearsed_again_from_the_start(open_at: OpenAt) -> None:
    bench = FakeWorkbench(fake.PRACTICE)
    bench.schedule.finish(PlanCounts(create=412))
    stage = open_at(bench, StepId.DONE)
    assert stage.words("page-title") == "The rehearsal worked"
    stage.press("rehearse-again")
    stage.press("rehearse-begin")
    assert stage.frame.walk.step is StepId.WELCOME
    assert bench.answers.role is None


def test_a_rehearsal_that_left_provisioning_off_leads_back_to_the_toggle(open_at: OpenAt) -> None:
    bench = FakeWorkbench(fake.PRACTICE)
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.DONE)
    assert stage.frame.page.heading.title == "The settings are saved"
    assert not stage.shown("try-go")
    stage.press("back")
    assert stage.frame.walk.step is StepId.PROVISIONING
