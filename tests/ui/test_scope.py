"""Choosing who is synced: boxes, lists, counts, what is confirmed, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.fake_scoping import SECOND
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.scope_scenes import (
    CHOSEN,
    PILOT,
    UNITS,
    both,
    chosen,
    counted,
    flat,
    lives_in,
    no_groups_allowed,
    pasted,
    saved,
    several_domains,
)
from tests.ui.stage import Stage, dressed
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    NotActive,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.pages.scope import ScopePage
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.pick_list import PickList
from wizard.ui.widgets.tree import BoxTree

Open = Callable[..., Stage]


@pytest.fixture
def open_scope(qtbot: QtBot) -> Iterator[Open]:
    """Opens the page in a state, and closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    stages: list[Stage] = []

    def open_it(
        prepare: Callable[[FakeWorkbench], None] = lambda _bench: None, *, wait: bool = True
    ) -> Stage:
        bench = FakeWorkbench()
        at_step(bench, StepId.SCOPE)
        prepare(bench)
        stage = Stage(bench, StepId.SCOPE)
        stages.append(stage)
        if wait:
            counted(stage)
        return stage

    yield open_it
    for stage in stages:
        stage.close()


def page(stage: Stage) -> ScopePage:
    found = stage.frame.page
    assert isinstance(found, ScopePage)
    return found


def rule(stage: Stage) -> ScopeRule:
    return page(stage).editor.rule


def tree(stage: Stage) -> BoxTree:
    found = stage.find("scope-tree")
    assert isinstance(found, BoxTree)
    return found


def press_unit(stage: Stage, unit: str) -> None:
    tree(stage).pressed_box.emit(unit)
    counted(stage)


def search(stage: Stage, name: str, words: str) -> None:
    field = stage.find(f"{name}-search")
    assert isinstance(field, SearchField)
    field.setText(words)
    field.search_now()
    counted(stage)


def rows(stage: Stage, name: str) -> list[str]:
    picker = stage.find(f"{name}-picker")
    assert isinstance(picker, PickList)
    return [row.words for row in picker.view.model_.rows]


def tick(stage: Stage, name: str, words: str) -> None:
    picker = stage.find(f"{name}-picker")
    assert isinstance(picker, PickList)
    row = next(one for one in picker.view.model_.rows if one.words == words)
    picker.view.pressed_row.emit(row.id)
    stage.settle()
    counted(stage)


def way(stage: Stage, key: str) -> None:
    stage.press(f"scope-way-{key}")
    counted(stage)


# ------------------------------------------------------------------ counting


def test_the_count_adds_up_and_stands_on_the_button(open_scope: Open) -> None:
    stage = open_scope(chosen(UNITS))
    assert stage.words("scope-figure") == "430"
    words = stage.all_words()
    assert {"492", "− 44", "− 18"} <= set(words)
    assert page(stage).offer.words == "Yes, 430 people"
    assert "430 people get an account" in stage.spoken_names()


def test_ticking_a_unit_counts_at_once(open_scope: Open) -> None:
    stage = open_scope(chosen(CHOSEN))
    assert stage.words("scope-figure") == "0"
    press_unit(stage, "sales")
    assert rule(stage).unit_ids == ("sales",)
    assert stage.words("scope-figure") == "101"
    press_unit(stage, "sales")
    assert stage.words("scope-figure") == "0"


def test_arrows_move_in_the_tree_and_space_ticks(open_scope: Open) -> None:
    stage = open_scope(chosen(CHOSEN))
    boxes = tree(stage)
    boxes.setFocus()
    QTest.keyClick(boxes, Qt.Key.Key_Down)
    QTest.keyClick(boxes, Qt.Key.Key_Space)
    counted(stage)
    assert rule(stage).unit_ids == ("contractors",)
    spoken = boxes.model_.data(boxes.currentIndex(), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Contractors, 44, chosen"
    QTest.keyClick(boxes, Qt.Key.Key_Up)
    QTest.keyClick(boxes, Qt.Key.Key_Left)
    assert not boxes.isExpanded(boxes.currentIndex())
    QTest.keyClick(boxes, Qt.Key.Key_Right)
    assert boxes.isExpanded(boxes.currentIndex())


def test_nobody_cannot_be_confirmed_and_it_is_said_why(open_scope: Open) -> None:
    stage = open_scope(chosen(CHOSEN))
    assert not page(stage).offer.valid
    assert "Tick a unit" in stage.words("scope-why-nobody")
    stage = open_scope(chosen(replace(PILOT, exclude_user_ids=PILOT.user_ids)))
    assert not page(stage).offer.valid
    assert "left out" in stage.words("scope-why-nobody")


def test_a_count_that_is_under_way_cannot_be_confirmed(open_scope: Open) -> None:
    stage = open_scope(chosen(UNITS))
    stage.bench.hold("scoping.count")
    tree(stage).pressed_box.emit("sales")
    stage.press("primary")
    assert "scoping.confirm" not in stage.bench.called
    stage.until(lambda: page(stage).offer.busy != "")
    stage.bench.release("scoping.count")
    counted(stage)
    assert stage.words("scope-figure") == "329"


def test_only_the_count_of_the_last_choice_is_shown(open_scope: Open) -> None:
    stage = open_scope(chosen(CHOSEN))
    stage.bench.hold("scoping.count")
    for unit in ("sales", "finance", "management"):
        tree(stage).pressed_box.emit(unit)
    stage.bench.release("scoping.count")
    counted(stage)
    assert stage.words("scope-figure") == str(101 + 45 + 12 - _out_of(stage))


def _out_of(stage: Stage) -> int:
    count = page(stage).editor.count
    assert count is not None
    return count.left_out


def test_widening_is_told_as_a_difference_with_names(open_scope: Open) -> None:
    stage = open_scope(saved(PILOT, ScopeRule()))
    assert stage.words("scope-difference") == "+472, −0"
    assert any(words.startswith("New: ") for words in stage.all_words())
    stage = open_scope(saved(ScopeRule(), UNITS))
    assert stage.words("scope-difference").startswith("+0, −")


# ------------------------------------------------------------------ ways to choose


def test_another_way_names_others_and_coming_back_keeps_what_was_ticked(open_scope: Open) -> None:
    stage = open_scope(chosen(UNITS))
    way(stage, "groups")
    assert rule(stage).unit_ids == ()
    assert rule(stage).exclude_user_ids == UNITS.exclude_user_ids
    tick(stage, "scope-groups", "Planners")
    assert rule(stage).group_ids == ("planners",)
    assert stage.words("scope-figure") == "20"
    way(stage, "everyone")
    assert rule(stage).kind is ScopeKind.EVERYONE
    way(stage, "units")
    assert rule(stage) == UNITS
    way(stage, "groups")
    assert rule(stage).group_ids == ("planners",)


def test_groups_inside_groups_count_once_even_in_a_circle(open_scope: Open) -> None:
    stage = open_scope(chosen(replace(CHOSEN, group_ids=("night",))))
    count = page(stage).editor.count
    assert count is not None
    assert [group.people for group in count.named.groups] == [69]
    assert count.people + count.left_out == 69


def test_people_are_searched_and_ticked_for_a_pilot(open_scope: Open) -> None:
    stage = open_scope()
    way(stage, "people")
    assert not page(stage).offer.valid
    search(stage, "scope-people", "odegard")
    found = rows(stage, "scope-people")
    assert found
    assert all("Ødegård" in words for words in found)
    tick(stage, "scope-people", found[0])
    assert len(rule(stage).user_ids) == 1
    assert page(stage).offer.words == "Yes, 1 person"
    search(stage, "scope-people", "nobody is called so")
    assert any("Nothing fits" in words for words in stage.all_words())
    search(stage, "scope-people", "")
    assert rows(stage, "scope-people")[0] == found[0]


def test_a_pasted_list_of_addresses_is_ticked_at_once(open_scope: Open) -> None:
    stage = open_scope()
    pasted(stage)
    counted(stage)
    assert len(rows(stage, "scope-people")) == 4
    assert any("4 people for 5 addresses" in words for words in stage.all_words())
    stage.press("scope-people-all")
    counted(stage)
    assert len(rule(stage).user_ids) == 4
    stage.press("scope-people-all")
    counted(stage)
    assert rule(stage).user_ids == ()


def test_without_the_right_to_read_groups_all_else_works(open_scope: Open) -> None:
    stage = open_scope(lives_in(no_groups_allowed))
    assert stage.words("scope-figure") == "477"
    assert not stage.shown("out-groups")
    way(stage, "groups")
    assert any("Groups were not allowed" in words for words in stage.all_words())
    assert "Choose another way" in stage.words("scope-why-nobody")
    assert not page(stage).offer.valid
    way(stage, "units")
    press_unit(stage, "sales")
    assert stage.words("scope-figure") == "101"


def test_domains_are_offered_only_where_there_are_several(open_scope: Open) -> None:
    assert not open_scope().shown("scope-way-domains")
    stage = open_scope(lives_in(several_domains))
    way(stage, "domains")
    tick(stage, "scope-domains", SECOND)
    assert rule(stage).domains == (SECOND,)
    assert stage.words("scope-figure") == "80"


def test_people_by_name_can_be_added_to_units(open_scope: Open) -> None:
    stage = open_scope(chosen(UNITS))
    stage.press("scope-also")
    search(stage, "sheet-also-list", "")
    somebody = rows(stage, "sheet-also-list")[0]
    tick(stage, "sheet-also-list", somebody)
    assert rule(stage).user_ids == ()
    stage.press("sheet-also-use")
    counted(stage)
    assert len(rule(stage).user_ids) == 1
    assert stage.words("scope-also") == "And 1 person by name"


def test_what_a_rule_from_elsewhere_names_beside_its_way_is_said(open_scope: Open) -> None:
    stage = open_scope(chosen(replace(UNITS, group_ids=("night", "planners"))))
    assert any("2 groups" in words for words in stage.all_words())
    stage.press("scope-beside")
    counted(stage)
    assert rule(stage) == UNITS


# ------------------------------------------------------------------ left out


def test_people_left_out_by_name_are_taken_from_the_count(open_scope: Open) -> None:
    stage = open_scope()
    before = int(stage.words("scope-figure"))
    stage.press("edit-out-people")
    search(stage, "sheet-people-list", "magnus")
    somebody = rows(stage, "sheet-people-list")[0]
    tick(stage, "sheet-people-list", somebody)
    stage.press("sheet-people-use")
    counted(stage)
    assert len(rule(stage).exclude_user_ids) == 1
    assert int(stage.words("scope-figure")) == before - 1
    assert stage.words("out-people-number") == "1"


def test_closing_the_list_changes_nothing(open_scope: Open) -> None:
    stage = open_scope()
    stage.press("edit-out-groups")
    tick(stage, "sheet-groups-list", "Drivers")
    stage.press("sheet-groups-cancel")
    assert rule(stage).exclude_group_ids == ()


def test_suspended_people_can_have_their_account_switched_off(open_scope: Open) -> None:
    stage = open_scope()
    select = stage.find("scope-suspended")
    assert isinstance(select, QComboBox)
    select.setCurrentIndex(1)
    counted(stage)
    assert rule(stage).suspended is NotActive.KEEP_INACTIVE
    assert rule(stage).archived is NotActive.LEAVE_OUT
    assert stage.words("out-suspended-number") == "9"


# ------------------------------------------------------------------ address


def test_another_address_is_shown_with_real_people(open_scope: Open) -> None:
    stage = open_scope()
    stage.until(lambda: stage.shown(f"address-{SECOND}"))
    stage.press(f"address-{SECOND}")
    counted(stage)
    address = page(stage).editor.address
    assert (address.choice, address.domain) == (AddressChoice.IN_DOMAIN, SECOND)
    assert sum(SECOND in words for words in stage.all_words()) > 1
    everybody = int(stage.words("scope-figure"))
    select = stage.find("address-otherwise")
    assert isinstance(select, QComboBox)
    select.setCurrentIndex(1)
    counted(stage)
    assert page(stage).editor.address.otherwise is AddressFallback.LEAVE_OUT
    assert int(stage.words("scope-figure")) < everybody
    assert "No account" in stage.all_words()


def test_with_one_domain_there_is_nothing_to_choose(open_scope: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        directory = bench.scoping.directory
        for user in list(directory.people):
            directory.change(user, aliases=())

    stage = open_scope(prepare)
    assert not stage.shown("address-primary")
    assert stage.shown("address-examples")


# ------------------------------------------------------------------ confirming


def test_confirming_keeps_the_draft_and_saves_it_while_provisioning_is_off(
    open_scope: Open,
) -> None:
    stage = open_scope(chosen(UNITS))
    stage.press("primary")
    stage.until(lambda: not isinstance(stage.frame.page, ScopePage))
    answers = stage.bench.answers
    assert answers.scope_confirmed
    assert answers.scope_people == 430
    assert answers.draft is not None
    assert answers.draft.scope == stage.bench.stored.scope == UNITS
    assert not stage.bench.stored.enabled


def test_while_provisioning_is_on_the_draft_stays_here(open_scope: Open) -> None:
    stage = open_scope(saved(ScopeRule(), UNITS))
    stage.press("primary")
    stage.until(lambda: not isinstance(stage.frame.page, ScopePage))
    assert stage.bench.stored.scope == ScopeRule()
    draft = stage.bench.answers.draft
    assert draft is not None
    assert draft.scope == UNITS


def test_a_service_that_is_down_is_told_and_confirming_can_be_tried_again(
    open_scope: Open,
) -> None:
    stage = open_scope(chosen(UNITS))
    stage.bench.fail("scoping.confirm", Code.SERVICE_UNAVAILABLE)
    stage.press("primary")
    stage.until(lambda: page(stage).offer.trouble is not None)
    assert page(stage).offer.words == "Yes, 430 people"
    stage.press("primary")
    stage.until(lambda: not isinstance(stage.frame.page, ScopePage))


# ------------------------------------------------------------------ reading


def test_the_read_can_be_cancelled_and_made_again(open_scope: Open) -> None:
    stage = open_scope(lambda bench: bench.hold("scoping.start"), wait=False)
    assert page(stage).offer.busy
    stage.press("scope-cancel")
    assert page(stage).offer.words == "Try again"
    stage.bench.release("scoping.start")
    stage.press("primary")
    counted(stage)
    assert stage.words("scope-figure") == "477"


def test_a_directory_that_may_not_be_read_is_told(open_scope: Open) -> None:
    stage = open_scope(
        lambda bench: bench.fail("scoping.start", Code.DIRECTORY_FORBIDDEN), wait=False
    )
    stage.until(lambda: page(stage).offer.trouble is not None)
    assert not stage.shown("scope-tree")
    stage.press("primary")
    counted(stage)
    assert page(stage).offer.trouble is None


def test_what_was_saved_elsewhere_is_shown_where_nothing_was_chosen_here(
    open_scope: Open,
) -> None:
    stage = open_scope()
    stage.bench.drafts.somebody_saves(scope=PILOT)
    stage.press("scope-read-again")
    counted(stage)
    assert rule(stage) == PILOT
    assert not stage.shown("settings-changed")


def test_reading_again_keeps_what_was_chosen_and_finds_who_is_new(open_scope: Open) -> None:
    stage = open_scope(chosen(CHOSEN))
    press_unit(stage, "sales")
    stage.bench.scoping.directory.hire("new", "new.hire@halden-freight.example", unit_path="/Sales")
    stage.press("scope-read-again")
    counted(stage)
    assert rule(stage).unit_ids == ("sales",)
    assert stage.words("scope-figure") == "102"


def test_a_group_that_was_deleted_is_named_and_can_be_taken_out(open_scope: Open) -> None:
    stage = open_scope(chosen(replace(CHOSEN, group_ids=("night", "planners"))))
    directory = stage.bench.scoping.directory
    directory.all_groups = [group for group in directory.all_groups if group.id != "planners"]
    stage.press("scope-read-again")
    counted(stage)
    assert any("The group Planners is no longer" in words for words in stage.all_words())
    stage.press("scope-gone-0")
    counted(stage)
    assert rule(stage).group_ids == ("night",)
    assert not any("no longer" in words for words in stage.all_words())


def test_a_directory_without_units_and_groups_is_no_trouble(open_scope: Open) -> None:
    stage = open_scope(both(lives_in(flat), chosen(CHOSEN)))
    press_unit(stage, "root")
    assert stage.words("scope-figure") == "477"
    way(stage, "groups")
    assert "This directory has no groups." in stage.all_words()
