"""Everybody in one list, and one person's story, over runs of the sync in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.sync.world import DOMAIN, World, new_world
from wizard.content.person_events import event_words
from wizard.content.person_reasons import LineState, reason_lines, story_text
from wizard.content.person_story import keep_words, verdict
from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.people import (
    EventKind,
    MemberRow,
    PersonStory,
    ProtectedBy,
    Standing,
)
from wizard.core.runs import Reason
from wizard.core.settings import LeaverPolicy, ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.services.people_list import bring_up_to_date, every_row, find, matches, rows
from wizard.services.people_story import Signers, tell_story


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path)
    made.settings = replace(made.settings, grace_days=7)
    yield made
    made.database.close()


def listed(world: World, *standings: Standing, search: str = "") -> dict[str, MemberRow]:
    bring_up_to_date(world.database, Cancel())
    found = find(world.database, frozenset(standings), search, 1000)
    assert not found.more
    return {row.user_id: row for row in found.rows}


def standing(world: World, user_id: str) -> Standing:
    return listed(world)[user_id].standing


def told(world: World, user_id: str) -> PersonStory:
    bring_up_to_date(world.database, Cancel())
    signers = Signers(signed_in="", authorized="")
    with world.database.read() as reading:
        story = tell_story(reading, user_id, world.settings, signers)
    assert story is not None
    return story


def kinds(story: PersonStory) -> list[EventKind]:
    return [event.kind for event in story.events]


# ------------------------------------------------------------------ where everybody stands


def test_a_text_pasted_by_mistake_finds_nobody(world: World) -> None:
    world.directory.hire("u1", given="Amira", family="Benali")
    world.first_sync()
    assert listed(world, search=" ".join(f"word{number}" for number in range(3000))) == {}
    assert set(listed(world, search="amira " * 3000)) == {"u1"}


def test_before_a_sync_those_in_scope_wait_and_the_others_have_no_account(world: World) -> None:
    world.directory.hire("ana")
    world.directory.hire("ben", state=UserState.SUSPENDED)
    world.preview()
    assert standing(world, "ana") is Standing.WAITING
    row = listed(world)["ben"]
    assert (row.standing, row.reason) == (Standing.NO_ACCOUNT, "suspended")


def test_an_account_is_new_for_a_week_and_then_active(world: World) -> None:
    world.directory.hire("ana")
    world.first_sync()
    assert standing(world, "ana") is Standing.NEW
    world.clock.forward(days=8)
    assert standing(world, "ana") is Standing.ACTIVE


def test_a_leaver_is_leaving_through_the_grace_and_ended_after_it(world: World) -> None:
    world.directory.hire_many(30)
    world.first_sync()
    world.directory.let_go("u00003")
    world.run()
    assert standing(world, "u00003") is Standing.LEAVING
    world.clock.forward(days=8)
    world.run()
    assert standing(world, "u00003") is Standing.ENDED


def test_who_is_held_by_the_safety_limits_is_to_decide(world: World) -> None:
    world.directory.hire_many(30)
    world.first_sync()
    world.directory.let_go(*(f"u{number:05}" for number in range(10)))
    world.settings = replace(world.settings, grace_days=0)
    world.run()
    held = listed(world, Standing.TO_DECIDE)
    assert len(held) == 10
    assert {row.reason for row in held.values()} == {"held"}
    assert verdict(told(world, "u00001"), world.clock.now()).headline.startswith("A decision")


def test_two_people_with_one_address_are_both_to_decide_and_know_of_each_other(
    world: World,
) -> None:
    world.directory.hire("ana", address=f"Info@{DOMAIN}", family="One")
    world.directory.hire("ben", address=f"info@{DOMAIN}", given="Ben", family="Two")
    world.first_sync()
    assert set(listed(world, Standing.TO_DECIDE)) == {"ana", "ben"}
    story = told(world, "ana")
    assert story.namesakes == ("Ben Two",)
    words = verdict(story, world.clock.now())
    assert words.headline == f"Two people use Info@{DOMAIN}."


def test_leavers_that_the_settings_keep_stay_active_with_the_reason(world: World) -> None:
    world.directory.hire_many(30)
    world.first_sync()
    world.settings = replace(world.settings, leavers=LeaverPolicy.KEEP)
    world.directory.let_go("u00003")
    world.run()
    row = listed(world)["u00003"]
    assert (row.standing, row.reason) == (Standing.ACTIVE, "leavers-kept")
    assert not row.in_directory


def test_counts_add_up_whatever_happened(world: World) -> None:
    world.directory.hire_many(40)
    world.directory.hire("sus", state=UserState.SUSPENDED)
    world.first_sync()
    world.directory.let_go("u00001")
    world.directory.hire("new")
    world.run()
    view = bring_up_to_date(world.database, Cancel())
    assert view.total == len(listed(world)) == 42
    assert view.count(*Standing) == view.total
    assert view.accounts == 41


def test_the_list_is_made_anew_only_when_something_changed(world: World) -> None:
    world.directory.hire("ana")
    world.first_sync()
    first = bring_up_to_date(world.database, Cancel()).made_at
    world.clock.forward(hours=1)
    assert bring_up_to_date(world.database, Cancel()).made_at == first
    world.directory.hire("ben")
    world.run()
    assert bring_up_to_date(world.database, Cancel()).made_at != first


def test_going_through_everybody_can_be_stopped(world: World) -> None:
    world.directory.hire("ana")
    world.first_sync()
    stopped = Cancel()
    stopped.stop()
    with pytest.raises(Trouble) as caught:
        list(every_row(world.database, frozenset(), "", stopped))
    assert caught.value.code is Code.CANCELLED


def test_a_table_is_of_one_state_though_the_list_is_made_anew_meanwhile(world: World) -> None:
    world.directory.hire_many(1200)
    world.preview()
    bring_up_to_date(world.database, Cancel())
    every = every_row(world.database, frozenset(), "", Cancel())
    written = [next(every)]
    for number in range(20):
        world.directory.hire(f"new{number}", given="Aaron", family="Aas")
    world.preview()
    bring_up_to_date(world.database, Cancel())
    written += every
    assert [row.place for row in written] == list(range(1200))
    assert len({row.user_id for row in written}) == 1200
    assert not [row for row in written if row.user_id.startswith("new")]


# ------------------------------------------------------------------ finding


def test_every_word_must_fit_in_any_case_and_without_accents(world: World) -> None:
    world.directory.hire("a", given="Łukasz", family="Nowak")
    world.directory.hire("b", given="Jörg", family="Nowak", aliases=(f"chef@{DOMAIN}",))
    world.directory.hire("c", given="Ana", family="Silva")
    world.first_sync()
    assert set(listed(world, search="lukasz")) == {"a"}
    assert set(listed(world, search="NOWAK")) == {"a", "b"}
    assert set(listed(world, search="nowak jorg")) == {"b"}
    assert set(listed(world, search="chef@")) == {"b"}
    assert listed(world, search="nowak silva") == {}
    assert listed(world, search="%_'") == {}


def test_the_order_is_by_name_as_people_read_it(world: World) -> None:
    for user_id, given in (("1", "Zoë"), ("2", "Łukasz"), ("3", "ana"), ("4", "Ärne")):
        world.directory.hire(user_id, given=given, family="X")
    world.first_sync()
    assert [row.name for row in listed(world).values()] == ["ana X", "Ärne X", "Łukasz X", "Zoë X"]


def test_places_and_rows_are_those_that_fit(world: World) -> None:
    world.directory.hire_many(30)
    world.directory.hire("zoe", given="Zoe", family="Last", state=UserState.SUSPENDED)
    world.first_sync()
    bring_up_to_date(world.database, Cancel())
    wanted = frozenset({Standing.NO_ACCOUNT})
    assert list(matches(world.database, wanted, "")) == [30]
    assert [row.user_id for row in rows(world.database, [30, 0, 99])] == ["zoe", "u00000"]
    assert len(matches(world.database, frozenset(), "person no2")) == 11
    first = find(world.database, frozenset(), "person", 5)
    assert (len(first.rows), first.more) == (5, True)


# ------------------------------------------------------------------ stories


def test_a_story_has_what_happened_in_order_with_old_and_new(world: World) -> None:
    world.directory.unit("sales", "/Sales")
    world.directory.unit("contractors", "/Contractors")
    rule = ScopeRule(kind=ScopeKind.RULES, unit_ids=("sales",))
    world.settings = replace(world.settings, scope=rule)
    world.directory.hire_many(20, unit_path="/Sales")
    world.directory.hire("ana", family="Souza", unit_path="/Sales")
    world.first_sync()
    world.clock.forward(days=3)
    world.directory.change("ana", family="Silva")
    world.run()
    world.clock.forward(days=3)
    world.directory.change("ana", unit_path="/Contractors")
    world.run()
    story = told(world, "ana")
    assert kinds(story) == [
        EventKind.CREATED,
        EventKind.NAME_CHANGED,
        EventKind.MOVED,
        EventKind.LEAVING,
        EventKind.WILL_END,
    ]
    now = world.clock.now()
    words = [event_words(event, story, now) for event in story.events]
    assert words[0].sentence == "In scope by unit Sales"
    assert (words[1].title, words[1].sentence) == ("Last name changed", "Souza → Silva")
    assert (words[2].title, words[2].sentence) == ("Moved in Google", "Sales → Contractors")
    assert words[3].sentence == "7 days of grace begin"
    assert words[4].ahead
    assert verdict(story, now).sentence == "They moved to Contractors, which your scope leaves out."
    assert keep_words(story) == (
        "Move them back in Google, add Contractors to your scope, or protect this one account."
    )
    assert story.ends_at is not None
    assert story.leaving_since is not None
    assert story.ends_at - story.leaving_since == timedelta(days=7)
    text = story_text(story, now)
    assert "Souza → Silva" in text
    assert f"<ana@{DOMAIN}>" in text


def test_reasons_come_in_the_order_in_which_a_sync_looks(world: World) -> None:
    world.directory.hire("sam", given="Sam", state=UserState.SUSPENDED)
    world.preview()
    story = told(world, "sam")
    lines = reason_lines(story, world.clock.now())
    assert [line.title for line in lines] == ["In Google", "Suspended", "Account"]
    assert [line.state for line in lines] == [LineState.YES, LineState.NO, LineState.NONE]
    assert lines[-1].sentence == "None was made"


def test_a_scope_that_was_only_tried_out_is_not_told_as_the_saved_one(world: World) -> None:
    world.directory.hire_many(20)
    world.first_sync()
    saved = world.settings
    rule = ScopeRule(kind=ScopeKind.EVERYONE, exclude_user_ids=("u00003",))
    world.settings = replace(saved, scope=rule)
    world.preview()
    world.settings = saved
    story = told(world, "u00003")
    assert story.scope is not None
    assert story.scope.by_draft
    assert story.standing is Standing.NEW


def test_without_evidence_nobody_is_told_to_have_left(world: World) -> None:
    world.directory.hire_many(30)
    world.first_sync()
    world.directory.let_go("u00003")
    world.directory.look_up_trouble = Code.DIRECTORY_FORBIDDEN
    world.settings = replace(world.settings, grace_days=0)
    world.run()
    story = told(world, "u00003")
    assert story.planned is not None
    assert story.planned.reason is Reason.NO_EVIDENCE
    assert verdict(story, world.clock.now()).headline == "Person seems to have left."
    assert story.ends_at is None


def test_protection_is_told_with_whose_it_is(world: World) -> None:
    world.directory.hire_many(20)
    world.first_sync()
    assert told(world, "u00003").protected is ProtectedBy.NOTHING
    for name in (f"U00003@{DOMAIN.upper()}", "u00003"):
        world.settings = replace(world.settings, protected=(name,))
        assert told(world, "u00003").protected is ProtectedBy.LISTED


def test_an_account_found_again_after_a_lost_database_is_told_as_recognized(
    world: World,
) -> None:
    world.directory.hire("ana")
    world.first_sync()
    with world.database.transaction() as writing:
        for table in ("link", "journal"):
            writing.execute(f"DELETE FROM {table}")
        writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
    world.run()
    story = told(world, "ana")
    assert kinds(story) == [EventKind.LINKED]
    assert story.standing is Standing.ACTIVE


def test_somebody_nobody_knows_has_no_story(world: World) -> None:
    world.directory.hire("ana")
    world.first_sync()
    with world.database.read() as reading:
        signers = Signers(signed_in="", authorized="")
        assert tell_story(reading, "nobody", world.settings, signers) is None
