"""Findings, reasons, causes and permissions have words for every case."""

from __future__ import annotations

import pytest

from tests.unit.content.voice import objections
from wizard.content.findings import CHECKS, check_title, finding_words, summary
from wizard.content.held import (
    CAUSES,
    approve_words,
    cause_words,
    consequence_words,
    held_title,
    otherwise_words,
    show_all_words,
)
from wizard.content.permissions import PERMISSIONS, joined_permissions, permission_words
from wizard.content.reasons import KINDS, REASONS, count_words, details, kind_label, why
from wizard.core.runs import HeldCause, HeldKind, PersonPlan, PlanKind, Reason
from wizard.core.trouble import Code, Fact
from wizard.providers.base import FindingId
from wizard.providers.google.permissions import PERMISSIONS as ASKED


def plan(kind: PlanKind, reason: Reason, **changes: str) -> PersonPlan:
    values = {
        "user_id": "1",
        "external_id": "google:C1:1",
        "account_id": "",
        "address": "lise.haugen@halden-freight.example",
        "name": "Lise Haugen",
    }
    return PersonPlan(kind=kind, reason=reason, **(values | changes))


# ------------------------------------------------------------------ findings


def test_every_check_has_a_name() -> None:
    assert set(CHECKS) == {check.value for check in FindingId}
    for check in FindingId:
        assert not objections(check_title(check.value))


FACTS: dict[str, dict[str, Fact]] = {
    "full-admin": {"address": "tomasz.wilk@nordby.example"},
    "domain": {"domain": "nordby.example"},
    "customer": {"domain": "nordby.example"},
    "reachable": {"host": "admin.googleapis.com", "proxy": ""},
    "clock": {"seconds": 2},
    "test-read": {"people": 492},
}


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ("full-admin", "tomasz.wilk"),
        ("scopes", "all allowed"),
        ("domain", "nordby.example"),
        ("customer", "nordby.example"),
        ("reachable", "no proxy"),
        ("clock", "2 seconds off"),
        ("test-read", "492 people"),
    ],
)
def test_a_passed_check_is_one_short_line(check: str, value: str) -> None:
    words = finding_words(check, "passed", FACTS.get(check, {}))
    assert words.value == value
    assert words.title == check_title(check)
    assert words.sentence == ""


def test_the_proxy_in_use_is_named() -> None:
    words = finding_words("reachable", "passed", {"proxy": "proxy.nordby.example:8080"})
    assert words.value == "through proxy.nordby.example:8080"


def test_one_box_left_empty_is_named() -> None:
    words = finding_words("scopes", "failed", {"missing": "groups"}, Code.SCOPES_MISSING)
    assert words.title == "Groups were not allowed"
    assert "the box for groups was left empty" in words.sentence


def test_several_boxes_left_empty_are_named_as_a_list() -> None:
    facts: dict[str, Fact] = {"missing": "people, groups, units"}
    words = finding_words("scopes", "failed", facts, Code.SCOPES_MISSING)
    assert words.title == "People, groups and organizational units were not allowed"
    assert "boxes" in words.sentence


def test_a_second_domain_is_something_to_know() -> None:
    one = finding_words("second-domain", "warning", {"domain": "x.example", "count": 1})
    assert one.title == "You have a second domain"
    more = finding_words("second-domain", "warning", {"domain": "x.example", "count": 3})
    assert more.title == "You have 3 more domains"


@pytest.mark.parametrize("code", [None, *Code])
@pytest.mark.parametrize("state", ["warning", "failed"])
@pytest.mark.parametrize("check", [check.value for check in FindingId])
def test_whatever_a_check_found_there_are_words(check: str, state: str, code: Code | None) -> None:
    words = finding_words(check, state, {}, code)
    assert words.title
    assert not objections(words.title)
    assert not objections(words.sentence)


def test_the_summary_leaves_out_what_there_is_none_of() -> None:
    assert summary(failed=1, warnings=1, passed=4) == "1 to put right, 1 to know, 4 passed"
    assert summary(failed=0, warnings=0, passed=6) == "6 passed"


# ------------------------------------------------------------------ permissions


def test_every_right_that_google_is_asked_for_has_its_reason_in_words() -> None:
    assert {permission.reason for permission in ASKED} == set(PERMISSIONS)
    for permission in ASKED:
        words = permission_words(permission.reason)
        assert words.reason.startswith("To ")
        assert not objections(f"{words.title}. {words.reason}")


def test_a_right_without_words_is_shown_by_its_key() -> None:
    assert permission_words("rooms").title == "rooms"
    assert joined_permissions("") == ""


# ------------------------------------------------------------------ plans


def test_every_kind_and_every_reason_has_words() -> None:
    assert set(KINDS) == set(PlanKind)
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("scope_by", ["", "Unit Operations / Fleet"])
def test_why_is_half_a_sentence(reason: Reason, scope_by: str) -> None:
    words = why(plan(PlanKind.SKIP, reason, scope_by=scope_by))
    assert not objections(words)
    assert not words.endswith((".", ":", ": "))


def test_a_new_person_is_told_with_the_unit() -> None:
    new = plan(PlanKind.CREATE, Reason.NEW_IN_SCOPE, scope_by="Unit Operations / Fleet")
    assert why(new) == "New: Unit Operations / Fleet"
    assert why(plan(PlanKind.CREATE, Reason.NEW_IN_SCOPE)) == "New in your scope"


def test_the_workspace_is_named_as_the_person_knows_it() -> None:
    assert why(plan(PlanKind.SKIP, Reason.SUSPENDED), workspace="Microsoft 365") == (
        "Suspended in Microsoft 365"
    )


def test_an_opened_row_shows_what_was_and_what_will_be() -> None:
    changed = plan(
        PlanKind.UPDATE,
        Reason.NAME_AND_ADDRESS_CHANGED,
        account_id="u1",
        old_name="Lise Bakke",
        old_address="lise.bakke@halden-freight.example",
        scope_by="Unit Sales",
    )
    assert dict(details(changed)) == {
        "Name": "Lise Bakke → Lise Haugen",
        "Address": "lise.bakke@halden-freight.example → lise.haugen@halden-freight.example",
        "In scope by": "Unit Sales",
        "Recognized by": "The Google id, so the account and its history stay",
    }
    assert details(plan(PlanKind.CREATE, Reason.NEW_IN_SCOPE)) == ()


@pytest.mark.parametrize("kind", list(PlanKind))
def test_counts_have_their_plural(kind: PlanKind) -> None:
    one, many = count_words(kind, 1), count_words(kind, 1412)
    assert one.startswith("1 ")
    assert many.startswith("1,412 ")
    assert one.removeprefix("1 ") != many.removeprefix("1,412 ")
    assert kind_label(kind)


# ------------------------------------------------------------------ the guard


@pytest.mark.parametrize("cause", list(HeldCause))
@pytest.mark.parametrize("name", ["", "Unit Operations / Terminals / Moss"])
def test_every_cause_has_a_title_and_its_own_repair(cause: HeldCause, name: str) -> None:
    words = cause_words(cause, name)
    for text in (words.title, words.sentence, words.repair):
        assert not objections(text)
    assert words.sentence.endswith(".")
    assert words.repair.endswith(".")


def test_no_cause_is_without_words() -> None:
    assert set(CAUSES) == set(HeldCause)


@pytest.mark.parametrize("kind", list(HeldKind))
def test_what_was_held_is_a_headline(kind: HeldKind) -> None:
    assert "64" in held_title(kind, 64)
    assert not held_title(kind, 1).endswith("s")


@pytest.mark.parametrize("kind", HeldKind)
def test_the_button_that_goes_on_says_what_it_does_and_to_how_many(kind: HeldKind) -> None:
    assert "1,064" in approve_words(kind, 1064)
    assert approve_words(kind, 1).endswith((" 1 account", " 1 person"))
    assert "1,064" in show_all_words(1064)
    assert show_all_words(1) == "Show the 1 person"


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "with the next sync"), (1, "in 1 day."), (14, "in 14 days."), (None, "grace period")],
)
def test_it_is_said_when_leavers_lose_their_access(days: int | None, told: str) -> None:
    words = consequence_words(HeldKind.LEAVE, days)
    assert told in words
    assert "Nothing is deleted" in words


@pytest.mark.parametrize("kind", HeldKind)
def test_what_happens_without_a_decision_is_said(kind: HeldKind) -> None:
    assert otherwise_words(kind).startswith("If you do nothing, ")
    assert "asks again" in otherwise_words(kind)
    assert consequence_words(kind, 7) != otherwise_words(kind)
