"""Two people choose who is synced for one unit: neither overwrites the other unseen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.settings import ScopeKind, ScopeRule
from wizard.core.settings_fields import SettingsField
from wizard.flow.answers import ChosenScope
from wizard.flow.merging import scope_of
from wizard.services.contract.scoping import Confirmation, Confirmed, ScopeStart

SECOND = "nordby-freight.example"
OTHER_OWNER = "owner@nordby.example"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("organization"), people=60) as running:
        yield running


@pytest.fixture
def here(organization: World, tmp_path: Path) -> Iterator[Computer]:
    """Connected, and nothing chosen yet; the sign-in survives a restart."""
    person = f"chooser.{next(_numbers)}@scope.example"
    with computer(organization, tmp_path / "here", person=person, kept=True) as one:
        one.sign_up(f"Unit of {person}")
        assert one.authorize().connection is not None
        yield one


@pytest.fixture
def there(here: Computer, organization: World, tmp_path: Path) -> Iterator[Computer]:
    """A second computer, in a home folder of its own, for the same connection."""
    with computer(organization, tmp_path / "there", person=here.person.person) as one:
        one.sign_in()
        assert one.bench.answers.ou_id == here.bench.answers.ou_id
        assert one.authorize().connection is not None
        account = here.bench.answers.organization_account_id
        assert one.bench.answers.organization_account_id == account
        yield one


def begin(one: Computer) -> ScopeStart:
    return one.bench.scoping.start(one.heard.append, one.cancel)


def units(start: ScopeStart, *places: int) -> ScopeRule:
    ids = tuple(start.directory.units[place].id for place in places)
    return ScopeRule(kind=ScopeKind.RULES, unit_ids=ids)


def confirm(one: Computer, start: ScopeStart, rule: ScopeRule) -> Confirmation:
    chosen = replace(start.chosen, scope=rule)
    return one.bench.scoping.confirm(chosen, 7, one.cancel)


def somebody_saves(one: Computer, **settings: object) -> None:
    """By the control page, as somebody else."""
    account = one.bench.answers.organization_account_id
    ask = {"organization_account_id": account, "settings": settings}
    one.world.tell("settings-as-somebody-else", ask)


def test_the_second_to_confirm_sees_what_the_first_chose(here: Computer, there: Computer) -> None:
    mine, theirs = begin(here), begin(there)
    assert confirm(there, theirs, units(theirs, 2)).where is Confirmed.SAVED
    first = here.settings()
    told = confirm(here, mine, units(mine, 1))
    assert told.where is Confirmed.OTHERS
    assert here.settings() == first
    assert not here.bench.answers.scope_confirmed
    assert told.changed is not None
    assert told.changed.merge is not None
    assert told.changed.service.saved_by == there.person.person
    assert told.changed.service.saved_at is not None
    assert SettingsField.UNITS in told.changed.merge.by_them
    both = scope_of(told.changed.draft)
    assert set(both.scope.unit_ids) == set(units(mine, 1, 2).unit_ids)
    assert here.bench.scoping.confirm(both, 9, here.cancel).where is Confirmed.SAVED
    assert here.settings().scope == both.scope
    # The first one, coming back, goes on from both.
    assert set(begin(there).chosen.scope.unit_ids) == set(both.scope.unit_ids)


def test_keeping_ones_own_is_a_choice_that_is_made_on_top_of_theirs(
    here: Computer, there: Computer
) -> None:
    mine, theirs = begin(here), begin(there)
    assert confirm(there, theirs, units(theirs, 2)).where is Confirmed.SAVED
    told = confirm(here, mine, units(mine, 1))
    assert told.changed is not None
    own = ChosenScope(scope=units(mine, 1), version=told.changed.service.settings.version)
    assert here.bench.scoping.confirm(own, 9, here.cancel).where is Confirmed.SAVED
    assert here.settings().scope == own.scope
    # And the first one, who changed nothing since, is asked nothing: it is the newer scope.
    assert begin(there).chosen.scope == own.scope


def test_while_provisioning_is_on_no_draft_goes_around_what_was_saved(here: Computer) -> None:
    here.save(lambda settings: replace(settings, enabled=True))
    start = begin(here)
    assert confirm(here, start, units(start, 1)).where is Confirmed.DRAFT
    somebody_saves(here, scope={"kind": "rules", "unit_ids": list(units(start, 3).unit_ids)})
    again = begin(here)
    assert again.changed is not None
    assert again.changed.service.saved_by == OTHER_OWNER
    assert set(again.chosen.scope.unit_ids) == set(units(start, 1, 3).unit_ids)
    told = confirm(here, start, units(start, 1, 2))
    assert told.where is Confirmed.OTHERS


def test_a_choice_that_waits_is_shown_after_a_restart_with_what_was_saved_since(
    here: Computer,
) -> None:
    start = begin(here)
    waiting = replace(start.chosen, scope=units(start, 1))
    here.bench.change(replace(here.bench.answers, chosen=waiting))
    here.restart()
    again = begin(here)
    assert (again.chosen, again.changed) == (waiting, None)
    assert here.settings().scope == ScopeRule()
    somebody_saves(here, scope={"exclude_domains": [SECOND]}, interval_minutes=60)
    here.restart()
    again = begin(here)
    assert again.changed is not None
    assert again.before == waiting
    assert again.chosen.scope == replace(waiting.scope, exclude_domains=(SECOND,))
    kept = here.bench.answers.chosen
    assert kept == again.chosen
    # It was told, and stands: it comes back as it is, and is confirmed without another question.
    here.restart()
    once_more = begin(here)
    assert (once_more.chosen, once_more.changed) == (again.chosen, None)
    assert here.bench.scoping.confirm(once_more.chosen, 5, here.cancel).where is Confirmed.SAVED
    answers = here.bench.answers
    assert (answers.chosen, answers.scope_confirmed) == (None, True)
    assert here.settings().interval_minutes == 60


def test_another_connection_begins_without_what_was_chosen_for_the_last(here: Computer) -> None:
    start = begin(here)
    waiting = replace(start.chosen, scope=units(start, 1))
    here.bench.change(replace(here.bench.answers, chosen=waiting, unsent=("a@nordby.example",)))
    here.bench.home.disconnect(here.cancel, erase=True)
    assert here.bench.answers.chosen is None
    assert here.bench.answers.unsent == ("a@nordby.example",)
