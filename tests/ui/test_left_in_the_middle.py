"""What is under way when somebody turns to another page, and what comes back afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_home import ACCOUNT, NOW, run
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step, waits
from tests.ui.sample import REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.runs import HeldKind, PlanCounts, PlanKind, RunOutcome, RunPhase
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import HeldView, SchedulerState, SchedulerView, UnitView
from wizard.ui.home.ids import HomeId
from wizard.ui.page import Page
from wizard.ui.pages.preview import PreviewPage
from wizard.ui.watching import Watch
from wizard.ui.widgets.buttons import Button

Open = Callable[..., Stage]


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[Open]:
    """Opens the window at a step or at a page of Home, with everything in step."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_window(
        place: StepId | HomeId, prepare: Callable[[FakeWorkbench], None] = lambda _bench: None
    ) -> Stage:
        bench = FakeWorkbench(REAL)
        step = place if isinstance(place, StepId) else StepId.DONE
        at_step(bench, step)
        if isinstance(place, HomeId):
            in_step(bench)
        prepare(bench)
        stage = Stage(bench, step)
        opened.append(stage)
        if isinstance(place, HomeId):
            stage.frame.open_home(place.value)
            stage.settle()
        return stage

    yield open_window
    for stage in opened:
        stage.close()


def turn(stage: Stage, home: HomeId) -> None:
    """Turn to another page of Home."""
    stage.frame.open_home(home.value)
    stage.settle()


def type_word(stage: Stage, words: str, name: str = "disconnect-word") -> None:
    """Type into the field that asks for a word."""
    field = page(stage).findChild(QLineEdit, name)
    assert isinstance(field, QLineEdit)
    field.setText(words)
    field.textEdited.emit(words)
    stage.settle()


def forget_deleted() -> None:
    """Let Qt delete what is to go."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def page(stage: Stage) -> Page:
    """The page that is shown."""
    return stage.frame.page


# ------------------------------------------------------------------ the background sync


def test_a_pause_from_overview_has_no_end_of_its_own(open_at: Open) -> None:
    stage = open_at(HomeId.OVERVIEW, lambda bench: waits(bench, run(9, NOW)))
    stage.until(lambda: stage.shown("overview-pause"))
    stage.press("overview-pause")
    view = stage.bench.schedule.view()
    assert view.state is SchedulerState.PAUSED
    assert view.paused_until is None


@pytest.mark.parametrize("place", [HomeId.OVERVIEW, HomeId.ACTIVITY, StepId.DONE])
def test_pages_that_are_thrown_away_hear_no_more_of_the_sync(
    open_at: Open, place: StepId | HomeId
) -> None:
    stage = open_at(place)
    stage.frame.start_again()
    stage.settle()
    forget_deleted()
    wrong: list[RuntimeError] = []

    def tell() -> None:
        try:
            stage.bench.schedule.show(SchedulerView(state=SchedulerState.PAUSED))
        except RuntimeError as problem:
            wrong.append(problem)

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()
    assert not wrong


# ------------------------------------------------------------------ what takes something away


def test_a_disconnect_that_one_turned_away_from_can_be_asked_for_again(open_at: Open) -> None:
    stage = open_at(HomeId.ORGANIZATION_ACCOUNT, lambda bench: bench.hold("disconnect"))
    stage.until(lambda: stage.shown("account-disconnect"))
    stage.press("account-disconnect")
    type_word(stage, ACCOUNT.domain)
    stage.press("primary")
    assert page(stage).offer.busy
    turn(stage, HomeId.ACTIVITY)
    stage.bench.release("disconnect")
    turn(stage, HomeId.ORGANIZATION_ACCOUNT)
    if stage.bench.answers.organization_account_id:
        stage.press("account-disconnect")
        assert not page(stage).offer.busy
        assert stage.shown("disconnect-leave")


def test_a_set_up_that_was_erased_is_left_also_from_another_page(open_at: Open) -> None:
    stage = open_at(HomeId.SETTINGS, lambda bench: bench.hold("erase"))
    stage.until(lambda: stage.shown("erase-open"))
    stage.press("erase-open")
    type_word(stage, stage.bench.answers.ou_name, "erase-word")
    stage.press("primary")
    assert page(stage).offer.busy
    turn(stage, HomeId.ACTIVITY)
    stage.bench.release("erase")
    stage.until(lambda: not stage.bench.answers.ou_id)
    stage.until(lambda: stage.frame.walk.step is StepId.WELCOME and not stage.frame.at_home)


def test_a_set_up_that_could_not_be_erased_goes_on_syncing(open_at: Open) -> None:
    stage = open_at(HomeId.SETTINGS, lambda bench: bench.fail("erase", Code.DISK_FULL))
    stage.until(lambda: stage.shown("erase-open"))
    stage.press("erase-open")
    type_word(stage, stage.bench.answers.ou_name, "erase-word")
    stage.press("primary")
    stage.until(lambda: page(stage).offer.trouble is not None)
    assert stage.bench.schedule.asked[-1] == "start"


def test_an_approval_that_one_turned_away_from_can_be_given_again(open_at: Open) -> None:
    held = HeldView(run_id="run-9", kind=HeldKind.LEAVE, people=31, limit=22)

    def prepare(bench: FakeWorkbench) -> None:
        bench.home.known = replace(bench.home.known, held=(held,))
        bench.hold("approve")

    stage = open_at(HomeId.OVERVIEW, prepare)
    stage.until(lambda: stage.shown("decide-0"))
    stage.press("decide-0")
    type_word(stage, "31", "guard-number")
    stage.press("primary")
    assert page(stage).offer.busy
    turn(stage, HomeId.ACTIVITY)
    turn(stage, HomeId.OVERVIEW)
    stage.until(lambda: stage.shown("decide-0"))
    stage.press("decide-0")
    assert not page(stage).offer.busy


# ------------------------------------------------------------------ somebody else


def test_somebody_who_owns_another_unit_takes_nothing_by_signing_in_at_home(open_at: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        bench.home.machine_view = replace(bench.home.machine_view, signed_in=False)
        bench.units = (UnitView(id="ou-7", name="Guest House", manageable=True),)

    stage = open_at(HomeId.SETTINGS, prepare)
    stage.until(lambda: stage.shown("settings-sign-in"))
    known = stage.bench.answers
    assert known.first_sync_done
    stage.press("settings-sign-in")
    stage.press("sign-in-go")
    stage.until(lambda: stage.shown("sign-in-told") and stage.shown("sign-in-go"))
    stage.settle()
    assert stage.bench.answers == known
    # The service lets nobody in who can't go on: there is nothing to sign out of.
    assert "sign_out" not in stage.bench.called
    assert not stage.bench.home.machine_view.signed_in


# ------------------------------------------------------------------ questions and moves


def test_who_goes_elsewhere_leaves_the_question_about_sign_ins_behind(open_at: Open) -> None:
    stage = open_at(HomeId.OVERVIEW)
    refused: list[str] = []
    page(stage).ask_secrets(
        Trouble(Code.VAULT_LOCKED), lambda: None, lambda: refused.append("overview")
    )
    stage.settle()
    assert stage.shown("secrets-title")
    stage.frame.open_steps(StepId.PREVIEW.value)
    stage.until(lambda: page(stage).offer.valid)
    assert not stage.shown("secrets-title")
    assert stage.words("primary") == "Looks right"
    assert refused == ["overview"]


# ------------------------------------------------------------------ the set-up's pages


def _preview(stage: Stage) -> PreviewPage:
    shown = page(stage)
    assert isinstance(shown, PreviewPage)
    stage.until(lambda: shown.offer.valid)
    return shown


def test_try_again_never_takes_a_preview_for_seen(open_at: Open) -> None:
    stage = open_at(StepId.PREVIEW)
    shown = _preview(stage)
    made = stage.bench.called.count("preview")
    stage.bench.fail("plan_rows", Code.DATABASE_BUSY)
    shown.table.view.plan.filter(frozenset({PlanKind.ADOPT}), "")
    stage.until(lambda: stage.words("primary") == "Try again")
    stage.press("primary")
    stage.until(lambda: stage.bench.called.count("preview") > made)
    assert stage.frame.walk.step is StepId.PREVIEW
    assert not stage.bench.answers.preview_seen


def test_a_file_that_cannot_be_written_takes_nothing_from_the_preview(
    open_at: Open, tmp_path: Path
) -> None:
    stage = open_at(StepId.PREVIEW)
    shown = _preview(stage)
    stage.bench.fail("save_plan", Code.DISK_FULL)
    shown.save_to(tmp_path / "preview.csv")
    stage.until(lambda: stage.shown("notice-disk-full"))
    assert stage.words("primary") == "Looks right"
    assert stage.shown("plan-search")


def _other_connection(stage: Stage) -> None:
    """Another unit was taken meanwhile, and the service does not answer just now."""
    bench = stage.bench
    bench.change(replace(bench.answers, ou_id="ou-2", organization_account_id="oa-2"))
    bench.fail("settings", Code.OFFLINE)


def test_settings_of_another_connection_are_not_shown_at_home(open_at: Open) -> None:
    stage = open_at(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("provisioning-toggle"))
    turn(stage, HomeId.ACTIVITY)
    _other_connection(stage)
    turn(stage, HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: page(stage).offer.trouble is not None)
    assert not stage.shown("provisioning-toggle")
    assert stage.words("primary") == "Try again"


def test_settings_of_another_connection_are_not_saved_by_the_set_up(open_at: Open) -> None:
    stage = open_at(StepId.PROVISIONING)
    stage.until(lambda: stage.shown("provisioning-toggle"))
    stage.frame.go_back()
    _other_connection(stage)
    stage.frame.go_on()
    if stage.frame.walk.step is not StepId.PROVISIONING:
        stage.frame.open_steps(StepId.PROVISIONING.value)
    stage.until(lambda: page(stage).offer.trouble is not None)
    assert not stage.shown("provisioning-toggle")
    assert stage.words("primary") == "Try again"


def _cancelled(stage: Stage) -> None:
    """A run is cancelled in its middle, by the button."""
    before = stage.bench.schedule.asked.count("cancel")
    stage.bench.schedule.progress(RunPhase.WRITE, 100, 412)
    stage.until(lambda: stage.shown("sync-cancel"))
    button = stage.find("sync-cancel")
    assert isinstance(button, Button)
    assert not button.busy
    button.click()
    stage.until(lambda: stage.bench.schedule.asked.count("cancel") > before)
    later = datetime.now(UTC)
    stage.bench.schedule.finish(
        PlanCounts(create=412),
        outcome=RunOutcome.CANCELLED,
        trouble=Code.CANCELLED,
        started_at=later,
        finished_at=later,
    )
    stage.until(lambda: stage.shown("sync-stopped"))


def test_the_sync_that_is_begun_again_can_be_cancelled_too(open_at: Open) -> None:
    stage = open_at(StepId.FIRST_SYNC)
    _cancelled(stage)
    stage.press("primary")
    stage.until(lambda: stage.bench.schedule.asked.count("run:first") == 2)
    _cancelled(stage)
    assert stage.bench.schedule.asked.count("cancel") == 2


def test_the_end_of_a_run_that_began_before_the_page_is_seen(open_at: Open) -> None:
    began = datetime.now(UTC) - timedelta(minutes=3)
    stage = open_at(StepId.FIRST_SYNC, lambda bench: bench.schedule.progress(RunPhase.READ, 40, 0))
    stage.bench.schedule.progress(RunPhase.WRITE, 3, 10)
    stage.settle()
    assert not page(stage).offer.valid
    stage.bench.schedule.finish(
        PlanCounts(create=10), started_at=began, finished_at=datetime.now(UTC)
    )
    stage.until(lambda: page(stage).offer.valid)
    assert stage.bench.answers.first_sync_done


# ------------------------------------------------------------------ side sheets


def test_a_sheet_whose_button_was_drawn_again_gives_the_keyboard_to_the_new_one(
    open_at: Open,
) -> None:
    stage = open_at(HomeId.SETTINGS)
    stage.until(lambda: stage.shown("logs-open"))
    before = stage.find("network-change")
    before.setFocus()
    stage.press("network-change")
    machine = stage.bench.home.machine_view
    stage.bench.home.machine_view = replace(machine, host="HF-LAPTOP-13")
    shown = page(stage)
    shown.entered()
    stage.until(lambda: "HF-LAPTOP-13" in stage.all_words())
    forget_deleted()
    stage.press("proxy-cancel")
    assert stage.frame.panes.sheet is None
    assert stage.frame.focusWidget() is stage.find("network-change")


def test_network_settings_may_be_closed_while_they_are_saved(open_at: Open) -> None:
    stage = open_at(HomeId.SETTINGS, lambda bench: bench.hold("set_proxy"))
    stage.press("network-change")
    stage.press("proxy-save")
    stage.press("proxy-cancel")
    forget_deleted()
    stage.bench.release("set_proxy")
    stage.settle()
    assert not stage.shown("network-sheet")


# ------------------------------------------------------------------ the page that waits


def test_a_refusal_that_has_passed_is_told_no_more(open_at: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        bench.answers = replace(bench.answers, role=Role.OWNER, handed_over=True)

    stage = open_at(StepId.HAND_OVER, prepare)
    stage.until(lambda: stage.words("primary") == "Close for now")
    stage.bench.fail("look", Code.NOT_ALLOWED)
    watch = page(stage).findChild(Watch)
    assert isinstance(watch, Watch)
    watch.look()
    stage.until(lambda: stage.words("primary") == "Look again")
    watch.look()
    stage.until(lambda: stage.words("primary") == "Close for now")
