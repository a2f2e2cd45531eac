"""Choosing who is synced on the practice organization: what is counted is what a preview plans."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.enterprise_connect.service import EnterpriseConnect
from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import ChosenScope
from wizard.services.contract.scoping import (
    Confirmation,
    Confirmed,
    DirectoryRead,
    GroupItem,
    ScopeCount,
    ScopeStart,
)

SECOND = "nordby-freight.example"
PRIMARY = AddressRule()
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    organization.tell("clear-faults")
    yield organization
    organization.tell("clear-faults")


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    """Connected, and nothing chosen yet."""
    person = f"siri.moe.{next(_numbers)}@scope.example"
    with computer(world, tmp_path / "here", person=person) as one:
        one.sign_up(f"Unit of {person}")
        one.authorize()
        yield one


def begin(here: Computer, *, again: bool = False) -> ScopeStart:
    return here.bench.scoping.start(here.heard.append, here.cancel, again=again)


def counted(here: Computer, rule: ScopeRule, address: AddressRule = PRIMARY) -> ScopeCount:
    return here.bench.scoping.count(rule, address, None, here.cancel)


def confirm(
    here: Computer, rule: ScopeRule, people: int = 7, *, start: ScopeStart | None = None
) -> Confirmation:
    """Confirm this choice, made from what the page began with."""
    version = (start or begin(here)).chosen.version
    chosen = ChosenScope(scope=rule, address=PRIMARY, version=version)
    return here.bench.scoping.confirm(chosen, people, here.cancel)


def groups(here: Computer) -> dict[str, GroupItem]:
    found, total = here.bench.scoping.find_groups("")
    assert len(found) == total
    return {group.address.partition("@")[0]: group for group in found}


def listings(world: World) -> int:
    paths = world.ask("counts")["google"]["by_path"]
    return int(paths.get("GET /admin/directory/v1/users", 0))


def test_the_directory_is_read_once_and_tells_how_far_it_is(world: World, here: Computer) -> None:
    start = begin(here)
    assert start.directory.people == 300
    assert start.saved is None
    root, *rest = start.directory.units
    assert (root.path, root.people) == ("/", 300)
    assert len(rest) > 5
    told = [event for event in here.heard if isinstance(event, DirectoryRead)]
    assert told[-1].done == 300
    before = listings(world)
    begin(here)
    assert listings(world) == before
    begin(here, again=True)
    assert listings(world) > before


def rules(here: Computer, start: ScopeStart) -> list[ScopeRule]:
    units = {unit.path: unit.id for unit in start.directory.units}
    known = groups(here)
    chosen = ScopeRule(kind=ScopeKind.RULES)
    largest = max((path for path in units if path != "/"), key=len)
    lise, _ = here.bench.scoping.find_people("lise haugen")
    return [
        ScopeRule(),
        replace(chosen, unit_ids=(units["/"],), exclude_unit_ids=(units[largest],)),
        replace(chosen, unit_ids=(units[largest.rsplit("/", 1)[0] or "/"],)),
        replace(chosen, group_ids=(known["sales"].id,)),
        replace(chosen, group_ids=(known["ring-a"].id, known["mirror"].id)),
        replace(chosen, group_ids=(known["all-staff"].id,)),
        replace(chosen, group_ids=(known["partners"].id, known["nobody"].id)),
        replace(chosen, domains=(SECOND,)),
        replace(chosen, user_ids=(lise[0].id,)),
        ScopeRule(exclude_group_ids=(known["terminals"].id,), exclude_user_ids=(lise[0].id,)),
        ScopeRule(exclude_domains=(SECOND,)),
    ]


def test_what_is_counted_is_what_a_preview_plans(here: Computer) -> None:
    start = begin(here)
    settings = start.draft
    in_second = AddressRule(
        choice=AddressChoice.IN_DOMAIN, domain=SECOND, otherwise=AddressFallback.LEAVE_OUT
    )
    for rule, address in [
        *((rule, PRIMARY) for rule in rules(here, start)),
        (ScopeRule(), in_second),
        (ScopeRule(), replace(in_second, otherwise=AddressFallback.PRIMARY)),
    ]:
        count = counted(here, rule, address)
        assert count.in_directory == count.people + count.not_chosen + count.left_out == 300
        draft = replace(settings, scope=rule, address=address)
        planned = here.bench.preview(draft, here.heard.append, here.cancel).counts
        assert count.people == planned.in_scope, rule


def test_groups_are_counted_with_those_inside_them_even_in_a_ring(here: Computer) -> None:
    begin(here)
    known = groups(here)
    assert known["sales"].people is None
    wanted = ("sales", "sales-north", "sales-south", "ring-a", "ring-b", "ring-c", "mirror",
              "all-staff", "nobody", "partners")  # fmt: skip
    rule = ScopeRule(kind=ScopeKind.RULES, group_ids=tuple(known[key].id for key in wanted))
    named = {group.id: group.people for group in counted(here, rule).named.groups}
    people = {key: named[known[key].id] for key in wanted}
    assert people["all-staff"] == 300
    assert (people["mirror"], people["nobody"], people["partners"]) == (0, 0, 0)
    assert people["ring-a"] == people["ring-b"] == people["ring-c"]
    assert people["ring-a"]
    north, south = people["sales-north"], people["sales-south"]
    assert north is not None
    assert south is not None
    assert people["sales"] is not None
    assert people["sales"] >= north + south


def test_people_are_found_by_name_address_and_alias_whatever_their_letters(
    here: Computer,
) -> None:
    begin(here)
    find = here.bench.scoping.find_people
    for words in ("LISE", "haugen lise", "l.haugen@", "Lise.Bakke"):
        found, _ = find(words)
        assert "Lise Haugen" in [person.name for person in found], words
    assert [person.name for person in find("Nowak")[0]][:1] == ["Łukasz Nowak"]
    assert [person.name for person in find("lukasz")[0]][:1] == ["Łukasz Nowak"]
    assert find("田中")[0][0].address == "yuki.tanaka@nordby.example"
    assert find("samuel okoro")[0][0].state is UserState.SUSPENDED
    assert find("'; DROP TABLE snap_user; --") == ([], 0)
    assert find("100% _")[1] == 0
    found, total = find("", limit=20)
    assert (len(found), total) == (20, 300)


def test_a_list_of_addresses_finds_everybody_at_once(here: Computer) -> None:
    begin(here)
    found, total = here.bench.scoping.find_people(
        "KARI.NILSEN@nordby.example, l.haugen@nordby-freight.example nobody@nordby.example", limit=1
    )
    assert [person.name for person in found] == ["Kari Nilsen", "Lise Haugen"]
    assert total == 2


def test_an_address_in_another_domain_is_shown_with_real_people(here: Computer) -> None:
    begin(here)
    options = here.bench.scoping.address_options(ScopeRule(), here.cancel)
    assert [option.rule.domain for option in options] == ["", "nordby.example", SECOND]
    second = options[-1]
    assert second.have > 0
    assert second.have + second.lack == counted(here, ScopeRule()).people
    assert any(one.account == "l.haugen@nordby-freight.example" for one in second.examples)
    assert all(0 < len(option.examples) <= 3 for option in options)


def test_widening_is_told_as_a_difference_with_names(here: Computer) -> None:
    start = begin(here)
    lise, _ = here.bench.scoping.find_people("lise haugen")
    pilot = ScopeRule(kind=ScopeKind.RULES, user_ids=(lise[0].id,))
    confirm(here, pilot, 1, start=start)
    saved = begin(here).saved
    assert saved is not None
    assert saved.scope == pilot
    count = here.bench.scoping.count(ScopeRule(), PRIMARY, saved, here.cancel)
    assert (count.added, count.removed) == (count.people - 1, 0)
    assert len(count.added_names) == 3
    without = ScopeRule(exclude_user_ids=(lise[0].id,))
    count = here.bench.scoping.count(without, PRIMARY, saved, here.cancel)
    assert (count.removed, count.removed_names) == (1, ("Lise Haugen",))
    assert start.saved is None


# ------------------------------------------------------------------ confirming


def test_a_scope_confirmed_before_provisioning_is_on_is_seen_elsewhere(here: Computer) -> None:
    start = begin(here)
    before = here.settings()
    chosen = ScopeRule(kind=ScopeKind.RULES, unit_ids=(start.directory.units[1].id,))
    assert confirm(here, chosen, start=start).where is Confirmed.SAVED
    after = here.settings()
    assert after == replace(before, scope=chosen, version=before.version + 1)
    assert not after.enabled
    answers = here.bench.answers
    assert (answers.scope_confirmed, answers.scope_people) == (True, 7)
    assert answers.draft == after
    assert answers.settings_version == 0


def test_what_somebody_else_saved_meanwhile_stays(world: World, here: Computer) -> None:
    start = begin(here)
    account = here.bench.answers.organization_account_id
    ask = {"settings": {"grace_days": 21}, "organization_account_id": account}
    world.tell("settings-as-somebody-else", ask)
    chosen = ScopeRule(exclude_domains=(SECOND,))
    confirm(here, chosen, start=start)
    after = here.settings()
    assert (after.scope, after.grace_days) == (chosen, 21)
    assert here.bench.answers.draft == after


def test_what_somebody_else_saves_in_the_same_moment_is_in_the_draft_afterwards(
    world: World, here: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = begin(here)
    account = here.bench.answers.organization_account_id
    save = EnterpriseConnect.save_settings
    asks = [{"settings": {"grace_days": 21}, "organization_account_id": account}]

    def after_somebody_else(
        service: EnterpriseConnect, ou: str, one: str, draft: ProvisioningSettings, cancel: Cancel
    ) -> ProvisioningSettings:
        if asks:
            world.tell("settings-as-somebody-else", asks.pop())
        return save(service, ou, one, draft, cancel)

    monkeypatch.setattr(EnterpriseConnect, "save_settings", after_somebody_else)
    chosen = ScopeRule(exclude_domains=(SECOND,))
    assert confirm(here, chosen, start=start).where is Confirmed.SAVED
    after = here.settings()
    assert (after.scope, after.grace_days) == (chosen, 21)
    assert here.bench.drafts.look(here.cancel).draft == after


def test_a_scope_confirmed_while_provisioning_is_on_stays_a_draft(here: Computer) -> None:
    start = begin(here)
    here.save(lambda settings: replace(settings, enabled=True))
    before = here.settings()
    chosen = ScopeRule(exclude_domains=(SECOND,))
    assert confirm(here, chosen, start=start).where is Confirmed.DRAFT
    assert here.settings() == before
    draft = here.bench.answers.draft
    assert draft is not None
    assert (draft.scope, draft.enabled, draft.version) == (chosen, True, before.version)


def test_without_the_service_the_choice_is_kept_here(world: World, here: Computer) -> None:
    start = begin(here)
    world.tell("outage", {"stand_in": "account"})
    with pytest.raises(Trouble):
        confirm(here, ScopeRule(exclude_domains=(SECOND,)), start=start)
    world.tell("clear-faults")
    assert begin(here).draft.scope == ScopeRule(exclude_domains=(SECOND,))
    assert here.bench.answers.scope_people == 7


def test_what_the_directory_no_longer_has_is_told_by_its_last_name(here: Computer) -> None:
    begin(here)
    known = groups(here)
    rule = ScopeRule(kind=ScopeKind.RULES, group_ids=(known["moss"].id, "0gone"))
    count = counted(here, rule)
    assert [(group.name, group.gone) for group in count.named.groups] == [
        ("Moss", False),
        ("", True),
    ]


# ------------------------------------------------------------------ what can go wrong


def test_a_read_that_fails_is_told_and_can_be_made_again(world: World, here: Computer) -> None:
    world.tell("outage", {"stand_in": "google"})
    with pytest.raises(Trouble):
        begin(here)
    world.tell("clear-faults")
    assert begin(here).directory.people == 300


def test_a_read_can_be_cancelled(here: Computer) -> None:
    cancel = Cancel()

    def heard(_event: object) -> None:
        cancel.stop()

    with pytest.raises(Trouble) as caught:
        here.bench.scoping.start(heard, cancel)
    assert caught.value.code is Code.CANCELLED
    assert begin(here).directory.people == 300


def test_before_a_connection_there_is_nothing_to_choose_from(world: World, tmp_path: Path) -> None:
    with computer(world, tmp_path / "new", person="nobody.yet@scope.example") as new:
        new.sign_up("Unit without a workspace")
        with pytest.raises(Trouble) as caught:
            begin(new)
        assert caught.value.code is Code.CONNECTION_NOT_ACTIVE
