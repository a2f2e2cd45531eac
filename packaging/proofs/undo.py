"""The proof that a sync is taken back: the service's accounts are as before, field by field."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping

from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.organization import Organization

SAYS = (
    "A sync that created, adopted, changed, deactivated and reactivated people is taken back: the "
    "service's accounts are as before, field by field; those that it made are deactivated."
)

_PEOPLE = 300
_EACH = 6
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_NOT_A_FIELD = frozenset({"version"})
"""It counts writes, and so can't go back."""
_PARTLY, _STOPPED = 3, 4

Account = Mapping[str, object]


def run(context: Context) -> Figures:
    """Bring everyone in step, let much happen, sync, take that back, and compare."""
    shutil.rmtree(context.folder, ignore_errors=True)
    with Organization(context, context.folder / "organization", people=_PEOPLE) as organization:
        client = Client(context, context.folder, organization)
        client.set_up()
        client.answer("sync", "--once")
        people = _prepare(context, client)
        before = _dump(organization)
        _let_happen(organization, people)
        report = client.answer("sync", "--once")
        after = _dump(organization)
        done = _counts(report, "done")
        figures: dict[str, object] = {"people": _PEOPLE, "sync": done, "accounts": len(after)}
        wanted = ("create", "adopt", "update", "deactivate", "reactivate")
        if any(done.get(kind, 0) < _EACH for kind in wanted):
            raise Short("the sync did not do some of each kind", figures)
        figures |= _take_back(context, client, str(report["run_id"]), before)
        figures |= _forth_and_back(context, client, before, after)
        figures |= _changed_since(context, client, people)
    return figures


def _prepare(context: Context, client: Client) -> dict[str, list[str]]:
    """People for every kind of change, by address; some leave for now and come back later."""
    organization = client.organization
    everyone = sorted(
        str(one["userName"])
        for one in organization.accounts()
        if one["externalId"] and one["active"] and one["role"] == "member"
    )
    admin = str(organization.expected()[0]["address"])
    kinds = ("renamed", "moved", "left", "returned", "later", "by_hand")
    spare = iter([address for address in everyone if address != admin][1:])
    people = {kind: [next(spare) for _ in range(_EACH)] for kind in kinds}
    for who in people["returned"]:
        organization.ask("suspend", {"who": who, "suspended": True})
    client.answer("sync", "--once")
    unit = str(organization.accounts()[0]["organizational_unit_id"])
    for number, resource in enumerate(_older_accounts()):
        address = f"older.{number}@nordby.example"
        organization.ask(
            "account",
            {
                "organizational_unit_id": unit,
                "resource": {"schemas": [_USER], "userName": address.title(), **resource},
            },
        )
    # What somebody gave linked accounts at the service itself has to survive, too.
    listed = {str(one["userName"]): one for one in organization.accounts()}
    for who in people["renamed"][:2]:
        one = listed[who]
        attributes = dict(one["attributes"]) if isinstance(one["attributes"], dict) else {}
        resource = {
            "schemas": [_USER],
            "userName": who,
            "externalId": one["externalId"],
            **attributes,
            "title": "Harbor master",
            "name": {**dict(attributes.get("name") or {}), "middleName": "Q."},
        }
        organization.ask(
            "account", {"organizational_unit_id": unit, "id": one["id"], "resource": resource}
        )
    context.progress(f"{len(organization.accounts())} accounts before the mistake")
    return people


def _older_accounts() -> list[dict[str, object]]:
    """Accounts that were there before any sync, none of them as the program would write it."""
    home = {"value": "ash@home.example", "type": "home", "primary": True}
    work = {"value": "old.desk@else.example", "type": "work", "display": "Desk"}
    return [
        {"displayName": "Bob the Builder"},
        {"active": False, "name": {"givenName": "Z.", "middleName": "Q."}, "emails": [home]},
        {"name": {"familyName": "Only", "honorificPrefix": "Dr."}, "title": "Captain"},
        {"emails": [work, home], "displayName": "Two addresses"},
        {"active": False, "name": {"givenName": "", "familyName": "Empty"}},
        {"name": {"givenName": "Ordinary", "familyName": "Person"}},
    ]


def _let_happen(organization: Organization, people: Mapping[str, list[str]]) -> None:
    """New people, some of them with an account from before; names, addresses, leavers, returns."""
    for number in range(_EACH):
        organization.ask("hire", {"given_name": "Fresh", "family_name": f"Face {number}"})
        organization.ask(
            "hire",
            {
                "given_name": "Older",
                "family_name": f"Account {number}",
                "address": f"older.{number}@nordby.example",
            },
        )
    for number, who in enumerate(people["renamed"]):
        organization.ask("rename", {"who": who, "family_name": f"Mistake {number}"})
    # Addresses are passed on: each gets the one that the other gives up.
    for number, who in enumerate(people["moved"]):
        organization.ask("rename", {"who": who, "address": f"mistake.{number}@nordby.example"})
    for who in people["left"]:
        organization.ask("suspend", {"who": who, "suspended": True})
    for number, who in enumerate(people["returned"]):
        organization.ask("suspend", {"who": who, "suspended": False})
        organization.ask("rename", {"who": who, "family_name": f"Returned {number}"})


def _take_back(
    context: Context, client: Client, run_id: str, before: Mapping[str, Account]
) -> dict[str, object]:
    """Look, be asked for the number, name a wrong one, then the right one; compare every field."""
    organization = client.organization
    untouched = _dump(organization)
    _, shown, _ = client.run("undo", run_id, "--preview")
    view = _object(shown, "undo")
    people = int(str(view.get("people", 0)))
    waits, _, _ = client.run("undo", run_id)
    wrong, _, _ = client.run("undo", run_id, "--yes", str(people + 1))
    figures: dict[str, object] = {
        "asked_for": people,
        "exit_without_number": waits,
        "exit_with_wrong_number": wrong,
    }
    if waits != _STOPPED or wrong != _STOPPED or _dump(organization) != untouched:
        raise Short("something happened without the number of people", figures)
    code, told, said = client.run("undo", run_id, "--yes", str(people))
    figures |= {
        "exit": code,
        "taken_back": _counts(_object(told, "report"), "done"),
        **{name: view[name] for name in _EFFECTS},
        **_compare(before, _dump(organization)),
    }
    context.progress(f"Taken back: {figures['taken_back']}")
    if code or figures["fields_different"] or figures["made_and_still_active"]:
        raise Short(f"not everything is as before: {said[-400:]}", figures)
    again, twice, _ = client.run("undo", run_id, "--yes", "0")
    figures["taken_back_before"] = _object(twice, "undo").get("left_alone")
    if again != _PARTLY or figures["taken_back_before"] != people:
        raise Short("taken back twice, it did not say so of everybody", figures)
    return figures


_EFFECTS = ("made", "returned", "reactivated", "given_back", "changed", "left_alone")


def _forth_and_back(
    context: Context, client: Client, before: Mapping[str, Account], after: Mapping[str, Account]
) -> dict[str, object]:
    """The taking back is taken back, and that again: as after the sync, and as before it."""
    different: list[int] = []
    for wanted in (after, before):
        newest = _newest(client)
        _, shown, _ = client.run("undo", newest, "--preview")
        people = str(_object(shown, "undo").get("people", 0))
        code, _, said = client.run("undo", newest, "--yes", people)
        now = _dump(client.organization)
        found = _compare(wanted, now)
        different.append(int(str(found["fields_different"])))
        if code:
            raise Short(f"an undo could not be taken back: {code}, {said[-400:]}", dict(found))
    context.progress("Forth and back again")
    figures: dict[str, object] = {"undo_of_undo_fields_different": different}
    if any(different):
        raise Short("an undo of an undo did not come out where it was", figures)
    return figures


def _changed_since(
    context: Context, client: Client, people: Mapping[str, list[str]]
) -> dict[str, object]:
    """Who was changed since, by a later sync or at the service itself, stays and is named."""
    organization = client.organization
    client.answer("sync", "--once")
    later, by_hand = people["later"], people["by_hand"]
    for who in (*later, *by_hand):
        organization.ask("rename", {"who": who, "family_name": "Mistake"})
    run_id = str(client.answer("sync", "--once")["run_id"])
    for who in later:
        organization.ask("rename", {"who": who, "family_name": "Right"})
    client.answer("sync", "--once")
    unit = str(organization.accounts()[0]["organizational_unit_id"])
    listed = {str(one["userName"]): one for one in organization.accounts()}
    touched = by_hand[: _EACH // 2]
    for who in touched:
        one = listed[who]
        attributes = dict(one["attributes"]) if isinstance(one["attributes"], dict) else {}
        resource = {
            "schemas": [_USER], "userName": who, "externalId": one["externalId"], **attributes,
            "name": {"givenName": "By", "familyName": "Hand"},
        }  # fmt: skip
        organization.ask(
            "account", {"organizational_unit_id": unit, "id": one["id"], "resource": resource}
        )
    before = _dump(organization)
    code, told, _ = client.run("undo", run_id)
    alone = told.get("left_alone")
    named = sorted(
        str(one["old_address"]) for one in alone if isinstance(one, dict)
    ) if isinstance(alone, list) else []  # fmt: skip
    now = _dump(organization)
    changed = {str(one["userName"]) for key, one in now.items() if one != before[key]}
    figures: dict[str, object] = {
        "changed_since": len(named),
        "still_taken_back": len(changed),
        "exit_with_some_left_alone": code,
    }
    if code != _PARTLY or named != sorted((*later, *touched)) or changed & set(named):
        raise Short("who was changed since was not left alone, or not named", figures)
    if changed != set(by_hand) - set(touched):
        raise Short("the others were not taken back", figures)
    context.progress(f"{len(named)} changed since, named and left alone")
    return figures


# ---------------------------------------------------------------- looking


def _dump(organization: Organization) -> dict[str, Account]:
    """Every account by its id, every field of it."""
    return {
        str(one["id"]): {name: value for name, value in one.items() if name not in _NOT_A_FIELD}
        for one in organization.accounts()
    }


def _compare(before: Mapping[str, Account], now: Mapping[str, Account]) -> dict[str, object]:
    """Every field of every account that was there before; and what became of the others."""
    fields = 0
    different: Counter[str] = Counter()
    for key, was in before.items():
        one = now.get(key, {})
        for name in set(was) | set(one):
            fields += 1
            if was.get(name) != one.get(name):
                different[name] += 1
    made = [one for key, one in now.items() if key not in before]
    return {
        "accounts_compared": len(before),
        "fields_compared": fields,
        "fields_different": sum(different.values()),
        "which": dict(different),
        "made_and_now_inactive": sum(not one["active"] for one in made),
        "made_and_still_active": sum(bool(one["active"]) for one in made),
    }


def _newest(client: Client) -> str:
    runs = client.answer("runs", "--last", "1")["runs"]
    if not isinstance(runs, list) or not runs:
        raise Short("no run is remembered")
    return str(runs[0]["run_id"])


def _object(told: Mapping[str, object], name: str) -> dict[str, object]:
    found = told.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _counts(report: Mapping[str, object], name: str) -> dict[str, int]:
    return {kind: int(str(count)) for kind, count in _object(report, name).items() if count}
