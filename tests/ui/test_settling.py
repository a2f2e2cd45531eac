"""The settings as a draft: kept, checked in words, and brought together with somebody else's."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.fake_drafts import MAREN
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.settle_stage import OpenAt, bench, number, open_at, toggle, type_into
from tests.ui.stage import Stage
from wizard.core.settings import LeaverPolicy, ScopeKind, ScopeRule
from wizard.core.trouble import Code
from wizard.flow.answers import StepId

__all__ = ["bench", "open_at"]  # fixtures

PAGE = StepId.PROVISIONING


def _press_when_valid(stage: Stage, name: str = "primary") -> None:
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press(name)


def _said(stage: Stage) -> str:
    return " ".join(stage.all_words())


def test_what_was_typed_and_not_saved_is_there_after_a_restart(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "grace").setValue(21)
    stage.until(lambda: bench.answers.draft is not None and bench.answers.draft.grace_days == 21)
    assert bench.stored.grace_days == 7
    again = open_at(bench, PAGE, went_on=False)
    assert toggle(again).isChecked()
    assert number(again, "grace").value() == 21


def test_leaving_the_page_keeps_the_draft_at_once(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    stage.press("back")
    assert bench.answers.draft is not None
    assert bench.answers.draft.enabled


def test_saving_leaves_no_draft_behind(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    _press_when_valid(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)
    assert bench.answers.draft is None
    assert bench.stored.enabled


def test_the_scope_that_was_drafted_before_is_saved_with_the_rest(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    rule = ScopeRule(kind=ScopeKind.RULES, unit_ids=("sales",))
    bench.answers = replace(bench.answers, draft=replace(bench.stored, scope=rule))
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    _press_when_valid(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)
    assert bench.stored.scope == rule


def test_a_number_that_makes_no_sense_is_told_in_words_and_not_saved(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "leave-percent").setValue(150)
    stage.settle()
    assert "150 % is more than everyone. Type a number from 0 to 100." in stage.all_words()
    assert not stage.frame.page.offer.valid
    number(stage, "leave-percent").setValue(15)
    number(stage, "grace").setValue(400)
    stage.settle()
    assert "400 days are too many. Type a number from 0 to 90." in stage.all_words()
    assert not stage.frame.page.offer.valid
    number(stage, "grace").setValue(40)
    _press_when_valid(stage)
    stage.until(lambda: bench.stored.grace_days == 40)
    assert bench.stored.limits.leave_percent == 15


def test_days_that_do_not_count_are_not_complained_of(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "grace").setValue(400)
    stage.press("leavers-keep")
    _press_when_valid(stage)
    stage.until(lambda: bench.stored.leavers is LeaverPolicy.KEEP)
    assert bench.stored.grace_days == 7


def test_what_somebody_else_changed_beside_mine_is_taken_over_and_told(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "grace").setValue(21)
    bench.drafts.somebody_saves(interval_minutes=60, protected=("a@b.test",))
    _press_when_valid(stage)
    stage.until(lambda: MAREN in _said(stage))
    assert "Look for changes, Protected people" in _said(stage)
    stage.press("settle-open")
    assert "Every 30 minutes → Every hour" in stage.all_words()
    stage.press("settle-later")
    assert number(stage, "grace").value() == 21
    _press_when_valid(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)
    assert (bench.stored.grace_days, bench.stored.interval_minutes) == (21, 60)
    assert bench.stored.protected == ("a@b.test",)


def test_what_both_changed_is_asked_and_nothing_is_saved_before(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "grace").setValue(21)
    number(stage, "leave-percent").setValue(8)
    limits = replace(bench.stored.limits, leave_percent=3)
    bench.drafts.somebody_saves(grace_days=14, limits=limits, interval_minutes=60)
    _press_when_valid(stage)
    stage.until(lambda: stage.words("primary") == "Look and decide")
    assert not bench.stored.enabled
    stage.press("primary")
    stage.until(lambda: stage.shown("settle-sheet"))
    assert not stage.find("settle-use").isEnabled()
    assert {"21 days", "14 days", "8 %", "3 %"} <= set(stage.all_words())
    stage.press("grace-theirs")
    assert not stage.find("settle-use").isEnabled()
    stage.press("leave-percent-mine")
    stage.press("settle-use")
    assert not stage.shown("settle-sheet")
    assert number(stage, "grace").value() == 14
    stage.until(lambda: stage.words("primary") == "Save")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.WHERE_IT_RUNS)
    stored = bench.stored
    assert (stored.grace_days, stored.limits.leave_percent) == (14, 8)
    assert (stored.interval_minutes, stored.enabled) == (60, True)


def test_a_decision_put_off_is_asked_again_and_loses_nothing(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    number(stage, "grace").setValue(21)
    stage.until(lambda: bench.answers.draft is not None)
    bench.drafts.somebody_saves(grace_days=14)
    _press_when_valid(stage)
    stage.until(lambda: stage.words("primary") == "Look and decide")
    stage.press("primary")
    stage.press("settle-later")
    stage.press("back")
    stage.frame.go_on()
    again = open_at(bench, PAGE)
    again.until(lambda: again.words("primary") == "Look and decide")
    assert number(again, "grace").value() == 21
    assert bench.stored.grace_days == 14


def test_a_scope_that_somebody_else_changed_leads_back_to_the_preview(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    bench.drafts.somebody_saves(scope=ScopeRule(exclude_group_ids=("contractors",)))
    _press_when_valid(stage)
    stage.until(lambda: stage.words("primary") == "Check the preview")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    draft = bench.answers.draft
    assert draft is not None
    assert draft.scope.exclude_group_ids == ("contractors",)
    assert draft.enabled


def test_the_service_that_cannot_be_reached_keeps_the_draft(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    bench.fail("save_settings", Code.OFFLINE)
    _press_when_valid(stage)
    stage.until(lambda: stage.shown("trouble"))
    assert toggle(stage).isChecked()
    stage.press("primary")
    stage.until(lambda: bench.stored.enabled)


def test_provisioning_waits_for_an_active_connection(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.connection = replace(bench.connection, active=False)
    stage = open_at(bench, PAGE)
    stage.until(lambda: stage.frame.page.offer.valid)
    assert not stage.find("provisioning-toggle").isEnabled()
    assert "It can be turned on as soon as the connection is active." in stage.all_words()


# ------------------------------------------------------------------ who is protected


def test_people_are_protected_from_a_pasted_list(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    stage.press("protected-change")
    type_into(stage, "protected-address", "a.lie@b.test, b.lie@b.test; A.Lie@b.test")
    stage.press("protected-add")
    stage.press("protected-done")
    assert stage.words("protected-count") == "Owners, admins, 2 more"
    _press_when_valid(stage)
    stage.until(lambda: bench.stored.protected == ("a.lie@b.test", "b.lie@b.test"))


def test_an_address_without_an_ending_is_named_with_its_cure(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    stage.press("protected-change")
    type_into(stage, "protected-address", "a.lie@b")
    stage.press("protected-done")
    assert stage.shown("protected-sheet")
    assert "a.lie@b has no ending, such as .com. Correct or remove it." in stage.all_words()
    type_into(stage, "protected-address", "")
    stage.press("protected-done")
    assert not stage.shown("protected-sheet")


def test_somebody_is_taken_out_of_the_list_again(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.stored = replace(bench.stored, protected=("a.lie@b.test", "b.lie@b.test"))
    stage = open_at(bench, PAGE)
    toggle(stage).click()
    stage.press("protected-change")
    stage.press("protected-out-0")
    stage.press("protected-done")
    _press_when_valid(stage)
    stage.until(lambda: bench.stored.protected == ("b.lie@b.test",))
