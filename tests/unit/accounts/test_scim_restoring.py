"""An account that goes back to what it was: read whole, and written back whole."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from wizard.accounts.base import Account, AccountWrite, AsBefore, WriteKind
from wizard.accounts.scim_wire import User, account_of, patch
from wizard.practice.scim.patch import apply, read_operations

OURS = "google:C1:ana"


def read(stored: dict[str, Any]) -> Account:
    return account_of(msgspec.convert({"id": "a1", **stored}, type=User))


def sent(stored: dict[str, Any], write: AccountWrite, *, add_email: bool = False) -> dict[str, Any]:
    """The account after this write, by the practice service's own understanding of a PATCH."""
    return apply(stored, read_operations(msgspec.json.decode(patch(write, add_email=add_email))))


@pytest.mark.parametrize(
    "stored",
    [
        {"userName": "Ana@nordby.example", "active": True},
        {"userName": "ana@nordby.example", "active": False, "displayName": "Ana the First"},
        {
            "userName": "ana@nordby.example",
            "active": True,
            "name": {"givenName": "", "familyName": "Old", "middleName": "Q."},
        },
        {
            "userName": "ana@nordby.example",
            "active": True,
            "displayName": "Ana Old",
            "name": {"givenName": "Ana", "familyName": "Old"},
            "emails": [
                {"value": "desk@nordby.example", "type": "work", "display": "Desk"},
                {"value": "ana@home.example", "type": "home", "primary": True},
            ],
        },
        {
            "userName": "ana@nordby.example",
            "active": True,
            "displayName": "Ana Old",
            "name": {"givenName": "Ana", "familyName": "Old"},
            "emails": [{"value": "ana@nordby.example", "type": "work", "primary": True}],
        },
    ],
)
def test_an_adopted_account_is_given_back_in_every_field_and_adopted_again(
    stored: dict[str, Any],
) -> None:
    account = read(stored)
    adopting = AccountWrite(
        key="0",
        kind=WriteKind.ADOPT,
        external_id=OURS,
        account_id="a1",
        address="ana.new@nordby.example",
        given_name="Anna",
        family_name="New",
    )
    changed = sent(stored, adopting, add_email=not stored.get("emails"))
    assert changed["externalId"] == OURS
    back = AccountWrite(
        key="1",
        kind=WriteKind.UPDATE,
        external_id=OURS,
        account_id="a1",
        address=account.address,
        given_name=account.given_name,
        family_name=account.family_name,
        as_before=AsBefore(external_id="", active=account.active, details=account.details),
    )
    assert sent(changed, back) == stored
    now = read(changed)
    again = AccountWrite(
        key="2",
        kind=WriteKind.ADOPT,
        external_id=OURS,
        account_id="a1",
        address=now.address,
        given_name=now.given_name,
        family_name=now.family_name,
        as_before=AsBefore(external_id=OURS, active=True, details=now.details),
    )
    assert sent(stored, again, add_email=not stored.get("emails")) == changed


def test_only_an_account_that_is_not_as_we_write_it_has_details() -> None:
    ours = {
        "userName": "ana@nordby.example",
        "displayName": "Ana Old",
        "name": {"givenName": "Ana", "familyName": "Old"},
        "emails": [{"value": "ana@nordby.example", "type": "work", "primary": True}],
    }
    assert read(ours).details == ""
    assert read({**ours, "displayName": "Annie"}).details != ""
    assert read({**ours, "emails": []}).details != ""


def test_taking_back_who_was_made_or_left_changes_nothing_but_whether_they_are_active() -> None:
    write = AccountWrite(
        key="1",
        kind=WriteKind.DEACTIVATE,
        external_id=OURS,
        account_id="a1",
        address="ana@nordby.example",
        as_before=AsBefore(external_id=OURS, active=False, profile=False),
    )
    stored = {"userName": "Ana@nordby.example", "active": True, "displayName": "Annie"}
    assert sent(stored, write) == {**stored, "active": False}
