"""What is told of people after real syncs: the list, one story, and why somebody isn't here."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.base import AccountWrite, WriteKind
from wizard.content.person_story import keep_words, verdict
from wizard.core.directory import UserState
from wizard.core.people import (
    Answered,
    EventKind,
    MemberRow,
    PersonStory,
    ProtectedBy,
    Standing,
)
from wizard.core.runs import Reason, RunOutcome

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def here(organization: World, tmp_path: Path) -> Iterator[Computer]:
    person = f"nora.lie.{next(_numbers)}@people.example"
    organization.tell("clear-faults")
    with computer(organization, tmp_path / "here", person=person) as one:
        yield one
    organization.tell("clear-faults")


@pytest.fixture
def synced(here: Computer) -> Computer:
    """The first sync is through; leavers have a week."""
    here.set_up(f"Unit {next(_numbers)}")
    here.save(lambda settings: replace(settings, grace_days=7))
    assert here.run().outcome is RunOutcome.DONE
    return here


def listed(one: Computer, *standings: Standing, search: str = "") -> tuple[MemberRow, ...]:
    people = one.bench.people
    people.view(one.cancel)
    return people.find(frozenset(standings), search, 1000, one.cancel).rows


def told(one: Computer, user_id: str) -> PersonStory:
    one.bench.people.view(one.cancel)
    story = one.bench.people.story(user_id)
    assert story is not None
    return story


def headline(one: Computer, story: PersonStory) -> str:
    return verdict(story, one.clock.now()).headline


def kinds(story: PersonStory) -> list[EventKind]:
    return [event.kind for event in story.events]


def someone(one: Computer, standing: Standing = Standing.NEW) -> MemberRow:
    """An ordinary person at that standing, another one at each call."""
    rows = [row for row in listed(one, standing) if not row.is_owner and "." in row.address]
    return rows[(7 * next(_numbers)) % len(rows)]


# ------------------------------------------------------------------ the list


def test_everybody_has_one_standing_and_the_counts_add_up(synced: Computer) -> None:
    people = synced.bench.people
    view = people.view(synced.cancel)
    rows = listed(synced)
    assert view.total == len(rows)
    for standing in Standing:
        assert view.count(standing) == len(listed(synced, standing))
    with_account = {row.user_id for row in listed(synced, Standing.NEW, Standing.ACTIVE)}
    assert with_account == set(synced.holders())
    assert {row.reason for row in listed(synced, Standing.NO_ACCOUNT)} >= {"suspended"}
    assert view.read_at is not None


def test_the_list_is_by_name_and_a_search_forgives_case_and_accents(synced: Computer) -> None:
    rows = listed(synced)
    assert [row.place for row in rows] == list(range(len(rows)))
    accented = next(row for row in rows if not row.name.isascii() and "ø" in row.name.lower())
    typed = accented.name.lower().replace("ø", "o")
    assert accented in listed(synced, search=typed)
    by_address = listed(synced, search=accented.address.upper())
    assert [row.user_id for row in by_address] == [accented.user_id]
    assert listed(synced, search="nobody-at-all") == ()


def test_places_find_their_rows_again(synced: Computer) -> None:
    people = synced.bench.people
    found = listed(synced, Standing.NEW)
    places = people.matches(frozenset({Standing.NEW}), "", synced.cancel)
    assert list(places) == [row.place for row in found]
    assert tuple(people.rows(places[3:5])) == found[3:5]


def test_the_saved_table_runs_nothing_and_has_everybody_who_fits(
    synced: Computer, tmp_path: Path
) -> None:
    hired = str(synced.world.tell("hire", {"given_name": "=1+1", "family_name": "Ny"})["address"])
    assert synced.run().outcome is RunOutcome.DONE
    target = tmp_path / "people.csv"
    saved = synced.bench.people.save(frozenset(), "", target, synced.cancel)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == saved + 1 == synced.bench.people.view(synced.cancel).total + 1
    assert "'=1+1 Ny" in {row[0] for row in rows}
    synced.world.tell("let-go", {"who": hired})


# ------------------------------------------------------------------ one person's story


def test_a_new_account_is_told_with_when_and_by_what(synced: Computer) -> None:
    story = told(synced, someone(synced).user_id)
    assert story.standing is Standing.NEW
    assert kinds(story) == [EventKind.CREATED]
    assert story.account is not None
    assert story.account.active
    assert headline(synced, story) == f"{story.given_name} has a new account."


def test_a_rename_shows_old_and_new(synced: Computer) -> None:
    row = someone(synced)
    before = told(synced, row.user_id).name.split()[-1]
    synced.world.tell("rename", {"who": row.address, "family_name": "Vik-Testesen"})
    assert synced.run().outcome is RunOutcome.DONE
    story = told(synced, row.user_id)
    event = story.events[-1]
    assert (event.kind, event.new) == (EventKind.NAME_CHANGED, "Vik-Testesen")
    assert event.old.endswith(before)


def test_who_moves_out_of_the_scope_is_leaving_until_a_day(synced: Computer) -> None:
    units = {str(row.unit) for row in listed(synced, Standing.NEW) if row.unit}
    away = min(units).split(" / ")[0]
    row = next(one for one in listed(synced, Standing.NEW) if not one.unit.startswith(away))
    with synced.bench.engine.syncing.database(synced.bench.answers).read() as reading:
        ids = list(reading.values(str, "SELECT id FROM snap_unit WHERE path = ?", (f"/{away}",)))
    scope = replace(synced.settings().scope, exclude_unit_ids=tuple(ids))
    before = len(listed(synced, Standing.NEW))
    gone = [one for one in listed(synced, Standing.NEW) if one.unit.startswith(away)]
    assert len(gone) < before
    synced.world.tell("move", {"who": row.address, "unit_path": f"/{away}"})
    synced.save(lambda settings: replace(settings, scope=scope))
    synced.run()
    story = told(synced, row.user_id)
    assert EventKind.MOVED in kinds(story)
    moved = next(event for event in story.events if event.kind is EventKind.MOVED)
    assert moved.new == away
    assert story.scope is not None
    assert (story.scope.inside, story.scope.reason) == (False, Reason.EXCLUDED)


def test_a_leaver_has_a_day_on_which_the_account_ends(synced: Computer) -> None:
    row = someone(synced)
    synced.world.tell("let-go", {"who": row.address})
    synced.run()
    story = told(synced, row.user_id)
    assert story.standing is Standing.LEAVING
    assert story.leaving_since is not None
    assert story.ends_at == story.leaving_since + timedelta(days=7)
    assert kinds(story)[-2:] == [EventKind.LEAVING, EventKind.WILL_END]
    assert EventKind.VANISHED in kinds(story)
    assert headline(synced, story).startswith(f"{story.given_name}’s account ends on ")
    assert "protect this one account" in keep_words(story)

    synced.clock.ahead = timedelta(days=8)
    try:
        synced.run()
        story = told(synced, row.user_id)
    finally:
        synced.clock.ahead = timedelta(0)
    assert story.standing is Standing.ENDED
    assert story.evidence is not None
    assert story.evidence.proof == "gone"
    assert kinds(story)[-1] is EventKind.DEACTIVATED


def test_a_suspension_ends_the_account_and_both_are_told(synced: Computer) -> None:
    row = someone(synced)
    synced.world.tell("suspend", {"who": row.address, "suspended": True})
    synced.run()
    story = told(synced, row.user_id)
    assert story.standing is Standing.ENDED
    assert story.state is UserState.SUSPENDED
    assert story.state_since is not None
    assert kinds(story)[-2:] == [EventKind.STATE_CHANGED, EventKind.DEACTIVATED]
    synced.world.tell("suspend", {"who": row.address, "suspended": False})
    synced.run()
    assert kinds(told(synced, row.user_id))[-1] is EventKind.REACTIVATED


def test_an_address_that_somebody_else_holds_is_for_a_person_to_decide(here: Computer) -> None:
    here.set_up(f"Unit {next(_numbers)}")
    service = here.bench.engine.access.as_sync(here.bench.answers, here.cancel)
    service.hold_lease(
        here.bench.answers.ou_id,
        here.bench.answers.organization_account_id,
        installation_id=here.bench.engine.ground.installation.id,
        host="here",
        person="Nora Lie",
        take_over=False,
        cancel=here.cancel,
    )
    wanted = next(row for row in listed(here, Standing.WAITING) if len(row.address) > 24)
    users = here.bench.engine.access.users(here.bench.answers, here.cancel, read_only=False)
    users.write(
        [
            AccountWrite(
                key="1",
                kind=WriteKind.CREATE,
                external_id="another:directory:1",
                address=wanted.address,
                given_name="Some",
                family_name="Body",
            )
        ],
        here.cancel,
    )
    here.preview()
    here.run()
    assert [row.user_id for row in listed(here, Standing.TO_DECIDE)] == [wanted.user_id]
    story = told(here, wanted.user_id)
    assert story.account is None
    assert story.planned is not None
    assert story.planned.reason is Reason.ACCOUNT_CLAIMED
    words = verdict(story, here.clock.now())
    assert words.headline == f"Somebody has to decide about {story.given_name}."
    assert words.warn


def test_protecting_somebody_is_kept_at_the_service_whoever_saves_in_between(
    synced: Computer,
) -> None:
    row = someone(synced)
    story = synced.bench.people.protect(row.user_id, synced.cancel)
    assert story is not None
    assert story.protected is ProtectedBy.LISTED
    assert row.address in synced.settings().protected
    synced.world.tell("let-go", {"who": row.address})
    synced.run()
    kept = told(synced, row.user_id)
    assert kept.standing is Standing.ACTIVE
    assert kept.ends_at is None
    assert headline(synced, kept) == f"{kept.given_name}’s account stays."
    synced.bench.people.protect(row.user_id, synced.cancel, on=False)
    assert synced.settings().protected == ()


def test_protecting_somebody_leaves_a_draft_as_it_is(synced: Computer) -> None:
    draft = replace(synced.bench.drafts.look(synced.cancel).draft, grace_days=21)
    synced.bench.change(replace(synced.bench.answers, draft=draft))
    row = someone(synced)
    synced.bench.people.protect(row.user_id, synced.cancel)
    assert synced.bench.answers.draft == draft
    merged = synced.bench.drafts.look(synced.cancel).draft
    assert (merged.grace_days, merged.protected) == (21, (row.address,))


# ------------------------------------------------------------------ why isn't somebody here?


def test_before_anything_is_connected_it_says_that_nothing_is_known(here: Computer) -> None:
    assert here.bench.people.explain("ana", here.cancel).answered is Answered.NOT_CONNECTED
    here.sign_up(f"Unit {next(_numbers)}")
    here.authorize()
    answer = here.bench.people.explain("ana", here.cancel)
    assert answer.answered is Answered.NOT_READ
    assert answer.read_at is None


def test_an_address_in_any_case_an_alias_and_a_name_find_the_same_person(
    synced: Computer,
) -> None:
    row = next(
        one
        for one in listed(synced, Standing.NEW)
        if len(listed(synced, search=one.name)) == 1 and one.name.isascii()
    )
    for query in (row.address.upper(), row.name.lower(), f"  {row.address} "):
        answer = synced.bench.people.explain(query, synced.cancel)
        assert answer.answered is Answered.PERSON
        assert answer.person is not None
        assert answer.person.user_id == row.user_id
        assert answer.enabled
        assert answer.last_run_at is not None


def test_a_suspended_person_is_explained_by_that(synced: Computer) -> None:
    row = next(one for one in listed(synced, Standing.NO_ACCOUNT) if one.reason == "suspended")
    answer = synced.bench.people.explain(row.address, synced.cancel)
    assert answer.person is not None
    words = verdict(answer.person, synced.clock.now())
    name = answer.person.given_name or answer.person.name
    assert words.headline == f"{name} has no account because they are suspended in Google."


def test_somebody_unknown_is_not_guessed_at_but_neighbors_are_offered(synced: Computer) -> None:
    row = next(one for one in listed(synced, Standing.NEW) if len(one.address) > 24)
    local, _, domain = row.address.partition("@")
    answer = synced.bench.people.explain(f"{local[:-1]}x@{domain}", synced.cancel)
    assert answer.answered is Answered.NOBODY
    assert answer.person is None
    assert answer.read_at is not None
    assert row.user_id in {one.user_id for one in answer.near}


def test_a_name_that_several_have_offers_them(synced: Computer) -> None:
    answer = synced.bench.people.explain("an", synced.cancel)
    assert answer.answered is Answered.SEVERAL
    assert len(answer.choices) > 1


def test_the_service_itself_tells_of_one_address(synced: Computer) -> None:
    row = someone(synced)
    word = synced.bench.people.ask_service(row.address.upper(), synced.cancel)
    assert (word.has_account, word.active) == (True, True)
    assert word.last_run_at is not None
    nobody = synced.bench.people.ask_service("nobody@nowhere.example", synced.cancel)
    assert nobody.has_account is False


def test_a_member_without_the_database_gets_what_the_service_tells(
    synced: Computer, tmp_path: Path
) -> None:
    person = someone(synced).address
    other = someone(synced).address
    with computer(synced.world, tmp_path / "helpdesk", person=person) as desk:
        desk.person = replace(desk.person, name="Help Desk")
        desk.bench.sign_in(desk.heard.append, desk.cancel, create=True)
        units = desk.bench.signed_in(desk.cancel).units
        assert desk.bench.answers.ou_id == ""
        assert [one.manageable for one in units if one.id == synced.bench.answers.ou_id] == [False]
        answer = desk.bench.people.explain(other, desk.cancel)
        assert answer.answered is Answered.NOT_CONNECTED
        word = desk.bench.people.ask_service(other, desk.cancel)
        assert (word.has_account, word.active) == (True, True)
        assert word.syncer_host
        assert word.last_run_at is not None
