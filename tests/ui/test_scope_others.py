"""A scope that somebody else saved meanwhile: seen, decided, and never overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fake_drafts import MAREN
from tests.ui.fake_scoping import DOMAIN, SECOND
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.scope_scenes import CHOSEN, PILOT, UNITS, counted, saved
from tests.ui.stage import Stage, dressed
from wizard.core.cancel import Cancel
from wizard.core.settings import AddressChoice, AddressRule, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import ChosenScope, StepId
from wizard.services.contract.scoping import Confirmed
from wizard.ui.pages.scope import ScopePage
from wizard.ui.widgets.tree import BoxTree

Open = Callable[..., Stage]
SALES = replace(CHOSEN, unit_ids=("sales",))
FINANCE = replace(CHOSEN, unit_ids=("finance",))
IN_FIRST = AddressRule(choice=AddressChoice.IN_DOMAIN, domain=DOMAIN)
IN_SECOND = replace(IN_FIRST, domain=SECOND)


@pytest.fixture
def bench() -> FakeWorkbench:
    made = FakeWorkbench()
    at_step(made, StepId.SCOPE)
    return made


@pytest.fixture
def open_scope(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Open]:
    """Opens the page on the workbench, as often as the program is started."""
    del qtbot  # its application is what counts
    dressed()
    stages: list[Stage] = []

    def open_it(chosen: ScopeRule | None = None, address: AddressRule | None = None) -> Stage:
        while stages:
            stages.pop().close()
        stage = Stage(bench, StepId.SCOPE)
        stages.append(stage)
        counted(stage)
        if chosen is not None:
            page(stage).editor._take(chosen)
        if address is not None:
            page(stage).editor._take_address(address)
        counted(stage)
        return stage

    yield open_it
    for stage in stages:
        stage.close()


def page(stage: Stage) -> ScopePage:
    found = stage.frame.page
    assert isinstance(found, ScopePage)
    return found


def confirm(stage: Stage) -> None:
    """Press the button, and wait for what comes of it."""
    stage.until(lambda: stage.find("primary").isEnabled())
    stage.press("primary")
    stage.until(lambda: not stage.frame.page.working)


def said(stage: Stage) -> str:
    return " ".join(stage.all_words())


def reopened(stage: Stage, open_scope: Open) -> Stage:
    """The program is closed and started again."""
    stage.frame.drop_jobs()
    return open_scope()


# ------------------------------------------------------------------ confirming


def test_a_scope_that_somebody_else_saved_is_not_overwritten_but_told(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES)
    bench.drafts.somebody_saves(scope=FINANCE)
    confirm(stage)
    assert stage.frame.walk.step is StepId.SCOPE
    assert bench.stored.scope == FINANCE
    assert not bench.answers.scope_confirmed
    assert stage.shown("settings-changed")
    assert MAREN in said(stage)
    assert "Taken over from there: Who is synced, Units" in said(stage)
    counted(stage)
    assert set(page(stage).editor.rule.unit_ids) == {"sales", "finance"}
    assert page(stage).offer.words == "Yes, 146 people"
    assert page(stage).offer.proof.startswith("**Other people are in the scope now.** Go on if 146")
    assert stage.words("scope-difference") == "+101, −0"


def test_both_together_is_saved_once_it_was_seen(bench: FakeWorkbench, open_scope: Open) -> None:
    stage = open_scope(SALES)
    bench.drafts.somebody_saves(scope=FINANCE, interval_minutes=60)
    confirm(stage)
    counted(stage)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert set(bench.stored.scope.unit_ids) == {"sales", "finance"}
    assert bench.stored.interval_minutes == 60
    assert bench.answers.draft == bench.stored
    assert bench.answers.chosen is None


@pytest.mark.parametrize(("side", "kept"), [("mine", SALES), ("theirs", FINANCE)])
def test_one_side_can_be_taken_as_a_whole(
    bench: FakeWorkbench, open_scope: Open, side: str, kept: ScopeRule
) -> None:
    stage = open_scope(SALES)
    bench.drafts.somebody_saves(scope=FINANCE)
    confirm(stage)
    stage.press("settle-open")
    assert "Units: 2 entries." in said(stage)
    stage.press(f"scope-{side}")
    stage.press("settle-use")
    assert not stage.shown("settle-sheet")
    assert not stage.shown("settings-changed")
    counted(stage)
    assert page(stage).editor.rule == kept
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert bench.stored.scope == kept


def test_what_both_changed_is_asked_and_nothing_is_saved_before(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES, IN_FIRST)
    bench.drafts.somebody_saves(address=IN_SECOND)
    confirm(stage)
    assert bench.stored.scope == ScopeRule()
    assert stage.words("primary") == "Look and decide"
    stage.press("primary")
    assert not stage.shown("scope-mine")
    assert not stage.find("settle-use").isEnabled()
    stage.press("address-theirs")
    stage.press("settle-use")
    counted(stage)
    assert (page(stage).editor.rule, page(stage).editor.address) == (SALES, IN_SECOND)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert (bench.stored.scope, bench.stored.address) == (SALES, IN_SECOND)


def test_a_decision_that_is_put_off_for_other_people_is_asked_again(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES, IN_FIRST)
    bench.drafts.somebody_saves(address=IN_SECOND, scope=FINANCE)
    confirm(stage)
    stage.press("primary")
    # Whole or both: the address is asked only where both count.
    assert stage.shown("address-mine")
    stage.press("scope-mine")
    assert not stage.shown("address-mine")
    assert stage.find("settle-use").isEnabled()
    stage.press("settle-later")
    tree = stage.find("scope-tree")
    assert isinstance(tree, BoxTree)
    tree.pressed_box.emit("fleet")
    counted(stage)
    assert page(stage).editor.rule.unit_ids == ("sales", "fleet")
    confirm(stage)
    assert stage.words("primary") == "Look and decide"
    assert bench.stored.scope == FINANCE


def test_what_somebody_else_saved_of_other_things_stands_in_nobodys_way(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES)
    bench.drafts.somebody_saves(interval_minutes=60)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert (bench.stored.scope, bench.stored.interval_minutes) == (SALES, 60)


def test_who_chose_the_same_people_is_asked_nothing(bench: FakeWorkbench, open_scope: Open) -> None:
    stage = open_scope(SALES)
    bench.drafts.somebody_saves(scope=SALES)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert bench.stored.scope == SALES


def test_while_provisioning_is_on_the_draft_is_no_way_around(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    saved(ScopeRule(), UNITS)(bench)
    stage = open_scope()
    bench.drafts.somebody_saves(scope=PILOT)
    confirm(stage)
    assert stage.frame.walk.step is StepId.SCOPE
    stage.press("settle-open")
    stage.press("scope-mine")
    stage.press("settle-use")
    counted(stage)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    draft = bench.answers.draft
    assert draft is not None
    assert (draft.scope, draft.version) == (UNITS, bench.stored.version)
    assert bench.stored.scope == PILOT


def test_without_the_version_that_it_was_chosen_from_nothing_is_taken_for_granted(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    bench.answers = replace(bench.answers, chosen=ChosenScope(scope=SALES, version=1))
    stage = open_scope()
    assert stage.words("primary") == "Look and decide"
    stage.press("primary")
    stage.press("scope-kind-mine")
    stage.press("settle-use")
    counted(stage)
    confirm(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.PREVIEW)
    assert bench.stored.scope == SALES


# ------------------------------------------------------------------ in the same moment


def test_a_save_in_the_same_moment_is_read_and_the_scope_saved_after_it(
    bench: FakeWorkbench,
) -> None:
    bench.fail("scoping.save", Code.SETTINGS_CHANGED)
    bench.drafts.read(Cancel())
    chosen = ChosenScope(scope=UNITS, version=bench.stored.version)
    assert bench.scoping.confirm(chosen, 430, Cancel()).where is Confirmed.SAVED
    assert bench.stored.scope == UNITS
    assert bench.called.count("scoping.save") == 2
    bench.fail("scoping.save", Code.SETTINGS_CHANGED, times=2)
    chosen = ChosenScope(scope=PILOT, version=bench.stored.version)
    with pytest.raises(Trouble) as caught:
        bench.scoping.confirm(chosen, 5, Cancel())
    assert caught.value.code is Code.SETTINGS_CHANGED
    assert bench.answers.draft is not None
    assert bench.answers.draft.scope == PILOT


def test_another_scope_that_is_saved_in_the_same_moment_is_told_too(
    bench: FakeWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = ChosenScope(scope=SALES, version=bench.stored.version)

    def meanwhile(call: str, _cancel: Cancel | None = None) -> None:
        if call == "scoping.save" and bench.stored.scope != FINANCE:
            bench.drafts.somebody_saves(scope=FINANCE)

    monkeypatch.setattr(bench, "step", meanwhile)
    told = bench.scoping.confirm(chosen, 101, Cancel())
    assert told.where is Confirmed.OTHERS
    assert told.changed is not None
    assert told.changed.service.saved_by == MAREN
    assert bench.stored.scope == FINANCE


def test_provisioning_that_is_turned_on_in_the_same_moment_keeps_the_scope_here(
    bench: FakeWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = bench.stored
    chosen = ChosenScope(scope=UNITS, version=off.version)

    def turned_on(call: str, _cancel: Cancel | None = None) -> None:
        if call == "scoping.save" and not bench.stored.enabled:
            bench.drafts.somebody_saves(enabled=True)

    monkeypatch.setattr(bench, "step", turned_on)
    assert bench.scoping.confirm(chosen, 430, Cancel()).where is Confirmed.DRAFT
    assert bench.stored.enabled
    assert bench.stored.scope == off.scope


# ------------------------------------------------------------------ left, and gone on with


def test_a_scope_that_was_not_confirmed_is_shown_again_after_a_restart(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES, IN_SECOND)
    stage.until(lambda: bench.answers.chosen is not None)
    assert bench.answers.draft is None
    stage = reopened(stage, open_scope)
    assert (page(stage).editor.rule, page(stage).editor.address) == (SALES, IN_SECOND)
    assert stage.words("scope-figure") == "101"
    assert bench.stored.scope == ScopeRule()


def test_what_was_chosen_a_moment_before_the_end_is_kept_too(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope()
    page(stage).editor._take(SALES)
    assert bench.answers.chosen is None
    stage.frame.drop_jobs()
    assert bench.answers.chosen == ChosenScope(scope=SALES, version=bench.stored.version)


def test_what_was_chosen_a_moment_before_another_step_is_shown_is_kept_too(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope()
    page(stage).editor._take(SALES)
    stage.press("back")
    assert stage.frame.walk.step is not StepId.SCOPE
    assert bench.answers.chosen == ChosenScope(scope=SALES, version=bench.stored.version)


def test_what_is_put_back_as_it_was_is_no_choice_any_more(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES)
    stage.until(lambda: bench.answers.chosen is not None)
    page(stage).editor._take(ScopeRule())
    stage.until(lambda: bench.answers.chosen is None)


def test_a_choice_comes_back_with_what_somebody_else_saved_since(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope(SALES)
    stage.frame.drop_jobs()
    bench.drafts.somebody_saves(scope=FINANCE)
    stage = open_scope()
    assert MAREN in said(stage)
    assert set(page(stage).editor.rule.unit_ids) == {"sales", "finance"}
    assert bench.answers.chosen is not None
    assert bench.answers.chosen.version == bench.stored.version
    stage.press("settle-open")
    stage.press("scope-mine")
    stage.press("settle-use")
    counted(stage)
    stage = reopened(stage, open_scope)
    assert page(stage).editor.rule == SALES
    confirm(stage)
    assert bench.stored.scope == SALES


def test_another_directory_knows_nothing_of_what_was_chosen_for_this_one(
    bench: FakeWorkbench, open_scope: Open
) -> None:
    stage = open_scope()
    page(stage).editor._take(SALES)
    bench.answers = replace(bench.answers, organization_account_id="oa-2")
    stage.frame.drop_jobs()
    assert bench.answers.chosen is None
