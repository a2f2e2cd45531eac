from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from tests.unit.providers.conftest import (
    ADMIN,
    CUSTOMER,
    Google,
    Impatient,
    MakeReader,
    Tokens,
    error,
)
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import Finding, FindingId, Verdict
from wizard.providers.google.checks import PreFlight, check_workspace, go_on_checking
from wizard.providers.google.permissions import DIRECTORY_SCOPES
from wizard.providers.google.reader import GoogleReader


class Listener:
    def __init__(self) -> None:
        self.began: list[FindingId] = []
        self.found: list[Finding] = []


def check(reader: GoogleReader, clock: Impatient, **changed: Any) -> PreFlight:  # noqa: ANN401 - any of the arguments
    heard = Listener()
    arguments: dict[str, Any] = {
        "address": ADMIN,
        "domain": "nordby.example",
        "granted": DIRECTORY_SCOPES,
        "pinned_customer": None,
        "proxy": "",
        "clock": clock,
        "cancel": Cancel(),
        "began": heard.began.append,
        "found": heard.found.append,
        **changed,
    }
    result = check_workspace(reader, **arguments)
    assert tuple(heard.found) == result.findings
    extra = {FindingId.CLOCK, FindingId.SECOND_DOMAIN}
    assert {finding.id for finding in result.findings} <= set(heard.began) | extra
    return result


def verdicts(result: PreFlight) -> dict[FindingId, Verdict]:
    return {finding.id: finding.verdict for finding in result.findings}


def failed(result: PreFlight) -> Finding:
    assert not result.passed
    (one,) = (finding for finding in result.findings if finding.verdict is Verdict.FAILED)
    return one


def test_a_full_admin_with_every_right_passes_and_everybody_is_counted(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    for number in range(1, 7):
        google.hire(number)
    result = check(reader, clock)
    assert result.passed
    assert verdicts(result) == dict.fromkeys(
        (
            FindingId.REACHABLE,
            FindingId.CLOCK,
            FindingId.SCOPES,
            FindingId.FULL_ADMIN,
            FindingId.CUSTOMER,
            FindingId.DOMAIN,
            FindingId.TEST_READ,
        ),
        Verdict.PASSED,
    )
    assert result.people == 7
    assert result.customer is not None
    assert result.customer.id == CUSTOMER
    facts = {finding.id: dict(finding.facts) for finding in result.findings}
    assert facts[FindingId.TEST_READ] == {"people": 7}
    assert facts[FindingId.FULL_ADMIN] == {"address": ADMIN}
    assert facts[FindingId.REACHABLE]["proxy"] == ""


def test_an_ordinary_user_is_stopped_as_no_admin(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.people[0]["isAdmin"] = False
    finding = failed(check(reader, clock))
    assert (finding.id, finding.code) == (FindingId.FULL_ADMIN, Code.NOT_A_FULL_ADMIN)
    assert dict(finding.facts) == {"address": ADMIN}
    assert google.paths() == ["/users/tomasz.wilk%40nordby.example"]


def test_somebody_who_may_not_even_see_themselves_is_no_admin(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.faults["/users/tomasz.wilk%40nordby.example"] = [error(403, "forbidden")]
    finding = failed(check(reader, clock))
    assert (finding.id, finding.code) == (FindingId.FULL_ADMIN, Code.NOT_A_FULL_ADMIN)


def test_an_admin_with_a_part_of_the_rights_is_told_apart(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.people[0].update(isAdmin=False, isDelegatedAdmin=True)
    assert failed(check(reader, clock)).code is Code.DELEGATED_ADMIN


def test_unticked_boxes_are_named(reader: GoogleReader, clock: Impatient) -> None:
    granted = frozenset(scope for scope in DIRECTORY_SCOPES if "user" in scope or "domain" in scope)
    result = check(reader, clock, granted=granted)
    finding = failed(result)
    assert (finding.id, finding.code) == (FindingId.SCOPES, Code.SCOPES_MISSING)
    assert dict(finding.facts) == {"missing": "groups, units", "first": "groups"}
    assert result.customer is None


def test_an_unticked_box_for_people_is_one_finding_and_not_two(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    lacking = error(403, "insufficientPermissions", detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    google.faults["/users/tomasz.wilk%40nordby.example"] = [lacking]
    granted = frozenset(scope for scope in DIRECTORY_SCOPES if ".user." not in scope)
    finding = failed(check(reader, clock, granted=granted))
    assert dict(finding.facts)["missing"] == "people"


def test_an_admin_of_another_customer_is_refused_where_one_is_pinned(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    assert check(reader, clock, pinned_customer=CUSTOMER).passed
    finding = failed(check(reader, clock, pinned_customer="C0other99"))
    assert (finding.id, finding.code) == (FindingId.CUSTOMER, Code.OTHER_CUSTOMER)
    assert dict(finding.facts) == {
        "expected": "C0other99",
        "found": CUSTOMER,
        "address": ADMIN,
        "domain": "nordby.example",
    }


def test_of_another_customer_nothing_is_read_but_the_admins_own_entry(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    assert failed(check(reader, clock, pinned_customer="C0other99")).id is FindingId.CUSTOMER
    assert google.paths() == ["/users/tomasz.wilk%40nordby.example"]


@pytest.mark.parametrize("admin", [True, False])
def test_an_entry_that_cannot_be_seen_from_another_customers_side_is_told_as_that(
    google: Google, reader: GoogleReader, clock: Impatient, admin: bool
) -> None:
    """The sign-in leads to another directory, where the admin's own entry is forbidden."""
    google.faults["/users/tomasz.wilk%40nordby.example"] = [error(403, "forbidden")]
    if not admin:
        google.faults["/users"] = [error(403, "forbidden")]
    finding = failed(check(reader, clock, pinned_customer="C0other99"))
    if admin:
        assert (finding.id, finding.code) == (FindingId.CUSTOMER, Code.OTHER_CUSTOMER)
        assert dict(finding.facts)["found"] == CUSTOMER
        asked = google.asked[-1]
        assert (asked.query["maxResults"], asked.query["fields"]) == ("1", "users(customerId)")
    else:
        assert (finding.id, finding.code) == (FindingId.FULL_ADMIN, Code.NOT_A_FULL_ADMIN)


def test_an_entry_that_is_no_entry_is_a_finding(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.faults["/users/tomasz.wilk%40nordby.example"] = [(200, {"id": 7})]
    finding = failed(check(reader, clock))
    assert (finding.id, finding.code) == (FindingId.FULL_ADMIN, Code.ANSWER_NOT_UNDERSTOOD)


def test_a_sign_in_from_a_domain_that_is_not_the_customers_is_refused(
    reader: GoogleReader, clock: Impatient
) -> None:
    finding = failed(check(reader, clock, domain="nordby-old.example"))
    assert (finding.id, finding.code) == (FindingId.DOMAIN, Code.OTHER_CUSTOMER)


@pytest.mark.parametrize(
    ("person", "known"),
    [
        ("owner@nordby.example", ""),
        ("owner@NORDBY.example", ""),
        ("owner@nordby-shop.example", ""),
        ("owner@post.example", "nordby.example"),
        ("", ""),
    ],
)
def test_a_directory_of_the_persons_own_domain_is_not_asked_about(
    google: Google, reader: GoogleReader, clock: Impatient, person: str, known: str
) -> None:
    google.domains.append({"domainName": "nordby-shop.example", "verified": True})
    result = check(reader, clock, person=person, known_domain=known)
    assert not result.needs_decision
    assert verdicts(result)[FindingId.DOMAIN] is Verdict.PASSED
    assert result.people == 1


def test_a_directory_of_another_domain_needs_a_decision_before_anybody_is_read(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.domains.append({"domainName": "fjordline.example", "verified": False})
    result = check(reader, clock, person="owner@fjordline.example")
    assert (result.passed, result.needs_decision, result.people) == (True, True, 0)
    finding = next(finding for finding in result.findings if finding.id is FindingId.DOMAIN)
    assert finding.verdict is Verdict.WARNING
    assert dict(finding.facts) == {
        "domain": "nordby.example",
        "person": "owner@fjordline.example",
    }
    assert FindingId.TEST_READ not in verdicts(result)
    listed = [one for one in google.asked if one.path.endswith("/users")]
    assert {one.query["fields"] for one in listed} == {"users(customerId)"}


def test_the_domain_that_was_named_counts_more_than_the_address(
    reader: GoogleReader, clock: Impatient
) -> None:
    result = check(
        reader, clock, person="owner@nordby.example", known_domain="halden-freight.example"
    )
    assert (result.passed, result.needs_decision, result.people) == (True, True, 0)
    finding = next(finding for finding in result.findings if finding.id is FindingId.DOMAIN)
    assert dict(finding.facts) == {
        "domain": "nordby.example",
        "person": "owner@nordby.example",
        "named": "halden-freight.example",
    }


def without_groups() -> frozenset[str]:
    return frozenset(scope for scope in DIRECTORY_SCOPES if ".group." not in scope)


def test_groups_alone_can_be_done_without_and_everything_else_is_checked(
    reader: GoogleReader, clock: Impatient
) -> None:
    result = check(reader, clock, granted=without_groups())
    assert failed(result).id is FindingId.SCOPES
    assert (result.needs_decision, result.without) == (True, ("groups",))
    assert verdicts(result)[FindingId.TEST_READ] is Verdict.PASSED
    assert (result.people, result.customer is None) == (1, False)


def test_who_goes_on_without_groups_knows_of_it_and_nobody_is_read_twice(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    before = check(reader, clock, granted=without_groups())
    asked = len(google.asked)
    found: list[Finding] = []
    result = go_on_checking(
        reader, before, cancel=Cancel(), began=lambda _check: None, found=found.append
    )
    assert len(google.asked) == asked
    assert result.passed
    (scopes,) = (one for one in result.findings if one.id is FindingId.SCOPES)
    assert (scopes.verdict, scopes.code) == (Verdict.WARNING, None)
    assert dict(scopes.facts)["missing"] == "groups"
    assert found == [scopes]
    assert (result.people, result.without) == (1, ())


def test_without_groups_nothing_is_decided_where_something_else_is_in_the_way(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.people[0].update(isAdmin=False)
    ordinary = check(reader, clock, granted=without_groups())
    google.people[0].update(isAdmin=True)
    strange = check(reader, clock, granted=without_groups(), person="owner@fjordline.example")
    for result in (ordinary, strange):
        assert (result.passed, result.needs_decision, result.without) == (False, False, ())


def test_the_customer_that_is_expected_is_named_by_its_domain(
    reader: GoogleReader, clock: Impatient
) -> None:
    result = check(
        reader, clock, pinned_customer="C0other99", known_domain="halden-freight.example"
    )
    facts = dict(failed(result).facts)
    assert (facts["expected_domain"], facts["domain"]) == (
        "halden-freight.example", "nordby.example",
    )  # fmt: skip


def test_after_a_yes_only_what_is_left_is_checked(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    before = check(reader, clock, person="owner@fjordline.example")
    began: list[FindingId] = []
    found: list[Finding] = []
    result = go_on_checking(reader, before, cancel=Cancel(), began=began.append, found=found.append)
    assert began == [FindingId.TEST_READ] == [finding.id for finding in found]
    assert result.findings == (*before.findings, *found)
    assert (result.passed, result.needs_decision, result.people) == (True, False, 1)
    assert result.customer == before.customer


def test_a_pinned_customer_is_not_asked_about_again(reader: GoogleReader, clock: Impatient) -> None:
    result = check(reader, clock, person="owner@fjordline.example", pinned_customer=CUSTOMER)
    assert not result.needs_decision
    assert result.people == 1


def test_where_something_failed_there_is_nothing_to_decide(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.date = formatdate(clock.now().timestamp() - 400, usegmt=True)
    result = check(reader, clock, person="owner@fjordline.example")
    assert (result.passed, result.needs_decision) == (False, False)


def test_a_second_verified_domain_is_told_as_something_to_know(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.domains.append({"domainName": "nordby-shop.example", "verified": True})
    result = check(reader, clock, domain="Nordby.example")
    assert result.passed
    warning = next(f for f in result.findings if f.verdict is Verdict.WARNING)
    assert warning.id is FindingId.SECOND_DOMAIN
    assert dict(warning.facts) == {"domain": "nordby-shop.example", "count": 1}


@pytest.mark.parametrize(
    ("off", "verdict"),
    [(0, Verdict.PASSED), (-50, Verdict.PASSED), (90, Verdict.WARNING), (-400, Verdict.FAILED)],
)
def test_a_wrong_clock_is_noticed_by_googles_own_time(
    google: Google, reader: GoogleReader, clock: Impatient, off: int, verdict: Verdict
) -> None:
    google.date = formatdate(clock.now().timestamp() + off, usegmt=True)
    result = check(reader, clock)
    finding = next(finding for finding in result.findings if finding.id is FindingId.CLOCK)
    assert finding.verdict is verdict
    seconds = dict(finding.facts)["seconds"]
    assert isinstance(seconds, int)
    assert abs(seconds - abs(off)) <= 2
    assert finding.code is (Code.CLOCK_WRONG if verdict is Verdict.FAILED else None)


def test_an_answer_without_a_time_tells_nothing_of_the_clock(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.date = "yesterday"
    result = check(reader, clock)
    assert FindingId.CLOCK not in verdicts(result)
    assert result.passed


def test_a_google_that_cannot_be_reached_is_the_only_finding_of_the_network(
    make_reader: MakeReader,
    clock: Impatient,
    free_port: Any,  # noqa: ANN401 - a fixture
) -> None:
    reader = make_reader(origin=f"http://127.0.0.1:{free_port()}")
    finding = failed(check(reader, clock, proxy="proxy.nordby.example:3128"))
    assert (finding.id, finding.code) == (FindingId.REACHABLE, Code.CONNECTION_REFUSED)
    assert dict(finding.facts)["proxy"] == "proxy.nordby.example:3128"


def test_a_test_read_that_fails_in_the_middle_fails_the_check(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    for number in range(1, 7):
        google.hire(number)
    google.before_answer = lambda r: (
        google.faults.update({"/users": [error(403, "forbidden")]})
        if r.query.get("pageToken") == "p4"
        else None
    )
    result = check(reader, clock)
    finding = failed(result)
    assert (finding.id, finding.code) == (FindingId.TEST_READ, Code.DIRECTORY_FORBIDDEN)
    assert result.people == 0


def test_a_directory_that_reads_empty_fails_the_check(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.faults["/users"] = [(200, {"kind": "admin#directory#users"})] * 2
    assert failed(check(reader, clock)).code is Code.READ_EMPTY


def test_a_directory_without_its_domains_fails_the_check_of_the_customer(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.faults["/customer/my_customer/domains"] = [error(403, "domainCannotUseApis")]
    finding = failed(check(reader, clock))
    assert (finding.id, finding.code) == (FindingId.CUSTOMER, Code.DOMAIN_CANNOT_USE_APIS)


def test_a_token_that_google_refuses_is_told_as_that(
    make_reader: MakeReader, clock: Impatient
) -> None:
    finding = failed(check(make_reader(tokens=Tokens("wrong")), clock))
    assert finding.code is Code.DIRECTORY_TOKEN_REJECTED


def test_cancelled_checks_find_nothing(reader: GoogleReader, clock: Impatient) -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        check(reader, clock, cancel=cancel)
    assert caught.value.code is Code.CANCELLED
