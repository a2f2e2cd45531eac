"""What the contract's adapter sends, and what it makes of answers that are not as agreed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from wizard.accounts.base import Capability, InvitationStatus, Role, Support
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.accounts.registry import SERVICES, open_service
from wizard.accounts.scim import ScimService
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.bearer import Bearer, FixedBearer

SETTINGS: dict[str, Any] = {
    "enabled": False,
    "interval_minutes": 30,
    "leavers": "deactivate",
    "grace_days": 7,
    "limits": {"leave_percent": 5, "leave_max": 500, "change_percent": 10, "change_min": 50},
    "scope": {"kind": "everyone"},
    "address": "primary",
    "protected": [],
    "version": 3,
    "updated_by": "owner@nordby.example",
    "updated_at": "2026-11-20T10:02:00Z",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    params: Mapping[str, str]
    repeatable: bool | None


class FakeNetwork:
    """Answers as it was told, in order, and notes what was sent to it."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.opened: list[tuple[str, bool]] = []
        self._answers: list[tuple[int, Any]] = []
        self._refusal: Callable[[Answer], Trouble] | None = None

    def will(self, status: int, body: object) -> None:
        self._answers.append((status, body))

    def api(
        self,
        origin: str,
        *,
        bearer: Bearer | None = None,
        read_only: bool = False,
        refusal: Callable[[Answer], Trouble] = lambda _: Trouble(Code.REQUEST_REFUSED),
    ) -> FakeNetwork:
        self.opened.append((origin, read_only))
        self._refusal = refusal
        return self

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        cancel: Cancel,
    ) -> Answer:
        return self.send("GET", path, params=params, headers=headers, cancel=cancel)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        cancel: Cancel,
        repeatable: bool | None = None,
    ) -> Answer:
        cancel.check()
        sent = msgspec.json.decode(msgspec.json.encode(json)) if json is not None else body
        self.sent.append(
            Sent(
                method=method,
                path=path,
                body=sent,
                headers=dict(headers or {}),
                params=dict(params or {}),
                repeatable=repeatable,
            )
        )
        status, told = self._answers.pop(0)
        content = told if isinstance(told, bytes) else _encoded(told)
        answer = Answer(status=status, headers={}, body=content, host="connect.example", path=path)
        if status >= 400:
            assert self._refusal is not None
            raise self._refusal(answer)
        return answer


def _encoded(told: object) -> bytes:
    return b"" if told is None else json.dumps(told).encode()


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
def service(network: FakeNetwork) -> EnterpriseConnect:
    return EnterpriseConnect(network, "https://connect.example", bearer=FixedBearer("t"))


def unit(number: int) -> dict[str, str]:
    return {"id": f"ou_{number}", "name": f"Unit {number}", "role": "owner"}


# ------------------------------------------------------------------ lists


def test_a_list_is_followed_to_its_last_page(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(200, {"items": [unit(1), unit(2)], "next_cursor": "c1"})
    network.will(200, {"items": [], "next_cursor": "c2"})
    network.will(200, {"items": [unit(3)], "next_cursor": None})
    units = service.organizational_units(Cancel())
    assert [one.id for one in units] == ["ou_1", "ou_2", "ou_3"]
    assert [one.params.get("cursor") for one in network.sent] == [None, "c1", "c2"]


def test_a_cursor_that_comes_back_does_not_turn_in_circles(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    for cursor in ("c1", "c2", "c1"):
        network.will(200, {"items": [unit(1)], "next_cursor": cursor})
    with pytest.raises(Trouble) as caught:
        service.organizational_units(Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


def test_members_that_this_program_does_not_know_are_passed_over(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(200, {"items": [unit(1) | {"colour": "green"}], "next_cursor": None, "more": 1})
    (one,) = service.organizational_units(Cancel())
    assert one.name == "Unit 1"


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in to the hotel</html>", b"[]", b'{"items": 7}']
)
def test_an_answer_of_another_shape_is_not_understood(
    network: FakeNetwork, service: EnterpriseConnect, body: bytes
) -> None:
    network.will(200, body)
    with pytest.raises(Trouble) as caught:
        service.organizational_units(Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


# ------------------------------------------------------------------ what is sent


def test_ids_never_leave_their_place_in_the_path(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(200, SETTINGS)
    service.settings("../me", "a/b?c", Cancel())
    assert network.sent[0].path == (
        "/v1/organizational_units/..%2Fme/organization_accounts/a%2Fb%3Fc/settings"
    )


@pytest.mark.parametrize("strange", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_not_used(
    network: FakeNetwork, service: EnterpriseConnect, strange: str
) -> None:
    with pytest.raises(Trouble) as caught:
        service.settings("ou", strange, Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert network.sent == []


def test_a_save_names_the_version_it_was_made_from_and_is_not_repeated(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(200, SETTINGS | {"version": 4, "enabled": True})
    draft = replace(ProvisioningSettings(), enabled=True, version=3)
    saved = service.save_settings("ou", "oa", draft, Cancel())
    assert saved.version == 4
    (sent,) = network.sent
    assert sent.headers["If-Match"] == '"v3"'
    assert sent.headers["Content-Type"] == "application/merge-patch+json"
    assert sent.repeatable is False
    assert sent.body["enabled"] is True
    assert "version" not in sent.body


def test_each_thing_that_is_made_has_a_key_of_its_own(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    for number in range(3):
        network.will(201, unit(number))
        service.create_organizational_unit("Nordby", Cancel())
    keys = [sent.headers["Idempotency-Key"] for sent in network.sent]
    assert len(set(keys)) == 3
    assert all(sent.repeatable for sent in network.sent)


def test_a_report_holds_counts_of_what_was_done_failed_and_held(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(201, {"id": "r1"})
    moment = datetime(2026, 11, 20, 10, 2, tzinfo=UTC)
    report = RunReport(
        run_id="r1",
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.STOPPED_BY_GUARD,
        started_at=moment,
        finished_at=moment,
        planned=PlanCounts(create=5, deactivate=64),
        done=PlanCounts(create=4),
        failed=1,
        held=((HeldKind.LEAVE, 64),),
        people_read=480,
        requests=9,
    )
    service.report_run("ou", "oa", report, Cancel())
    body = network.sent[0].body
    assert body["id"] == "r1"
    assert body["outcome"] == "stopped-by-guard"
    assert body["started_at"] == "2026-11-20T10:02:00.000Z"
    counts = body["counts"]
    assert (counts["create"], counts["failed"], counts["held-leave"]) == (4, 1, 64)
    assert counts["planned"] == 69
    # What is fine and names no run is a page of somebody in between, who has recorded nothing.
    network.will(200, {"title": "Sign in to the network"})
    with pytest.raises(Trouble) as caught:
        service.report_run("ou", "oa", report, Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


# ------------------------------------------------------------------ invitations, apps, runs


def invitation(**changed: object) -> dict[str, object]:
    return {
        "id": "inv_1",
        "email": "tomasz.wilk@nordby.example",
        "role": "owner",
        "status": "pending",
        "invited_by": "ingrid@nordby.example",
        "created_at": "2026-11-20T10:02:00Z",
        "expires_at": "2026-11-22T10:02:00Z",
        "accepted_at": None,
    } | changed


def test_everyone_in_one_call_is_either_invited_or_refused_with_a_reason(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    refused = [{"email": "ingrid@nordby.example", "code": "already-a-member"}]
    network.will(201, {"items": [invitation()], "refused": refused})
    outcome = service.invite(
        "ou", ["tomasz.wilk@nordby.example", "ingrid@nordby.example"], Cancel()
    )
    assert [one.address for one in outcome.invited] == ["tomasz.wilk@nordby.example"]
    assert outcome.invited[0].status is InvitationStatus.PENDING
    assert outcome.invited[0].expires_at == datetime(2026, 11, 22, 10, 2, tzinfo=UTC)
    assert outcome.refused[0].reason == "already-a-member"
    (sent,) = network.sent
    assert (sent.body["role"], len(sent.body["emails"])) == ("owner", 2)
    assert sent.headers["Idempotency-Key"]
    assert sent.repeatable


@pytest.mark.parametrize("count", [0, 21])
def test_more_than_the_contract_takes_is_not_even_sent(
    network: FakeNetwork, service: EnterpriseConnect, count: int
) -> None:
    with pytest.raises(ValueError, match="addresses a call"):
        service.invite("ou", [f"p{n}@nordby.example" for n in range(count)], Cancel())
    assert network.sent == []


def test_an_invitation_that_was_answered_can_not_be_resent_or_revoked(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    for act in (service.resend_invitation, service.revoke_invitation):
        network.will(409, {"code": "invitation-closed"})
        with pytest.raises(Trouble) as caught:
            act("ou", "inv/1", Cancel())
        assert caught.value.code is Code.INVITATION_CLOSED
    resent, revoked = network.sent
    assert resent.path == "/v1/organizational_units/ou/invitations/inv%2F1/resend"
    assert resent.headers["Idempotency-Key"]
    assert (revoked.method, revoked.path) == (
        "DELETE",
        "/v1/organizational_units/ou/invitations/inv%2F1",
    )


def test_the_app_is_seen_only_when_the_service_lists_it(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(200, {"items": [], "next_cursor": None})
    since = "2026-11-20T10:02:00Z"
    entry = {"provider": "google", "domain": "nordby.example", "installed_at": since}
    for _ in "ab":
        network.will(200, {"items": [entry], "next_cursor": None})
    seen = [
        service.app_installed("ou", ProviderId.GOOGLE, "nordby.example", Cancel()) for _ in "ab"
    ]
    assert seen == [False, True]
    at = service.app_installed_at("ou", ProviderId.GOOGLE, "nordby.example", Cancel())
    assert at == datetime(2026, 11, 20, 10, 2, tzinfo=UTC)
    asked = network.sent[0].params
    assert (asked["provider"], asked["domain"]) == ("google", "nordby.example")


def test_runs_are_read_no_further_than_asked_and_strange_words_are_no_harm(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    def run(number: int, **changed: object) -> dict[str, object]:
        return {
            "id": f"r{number}",
            "started_at": "2026-11-20T10:02:00Z",
            "finished_at": "2026-11-20T10:02:09Z",
            "trigger": "schedule",
            "outcome": "done",
            "counts": {"create": 4, "planned": 69, "failed": 1, "held-leave": 64},
            "requests": 9,
        } | changed

    page = [run(3, trigger="comet", outcome="so-so", counts={"sang": 2}), run(2)]
    network.will(200, {"items": page, "next_cursor": "more"})
    unknown, known = service.sync_runs("ou", "oa", Cancel(), at_most=2)
    assert (unknown.trigger, unknown.outcome, unknown.done.writes) == (None, None, 0)
    assert (known.trigger, known.outcome) == (Trigger.SCHEDULE, RunOutcome.DONE)
    assert (known.done.create, known.planned, known.failed) == (4, 69, 1)
    assert known.held == ((HeldKind.LEAVE, 64),)
    assert network.sent[0].params["limit"] == "2"
    assert len(network.sent) == 1


def test_a_service_without_invitations_says_so(network: FakeNetwork) -> None:
    scim = ScimService(network, "https://people.example/scim/v2", bearer=FixedBearer("t"))
    asks: list[Callable[[], object]] = [
        lambda: scim.invitations("ou", Cancel()),
        lambda: scim.invite("ou", ["a@b.example"], Cancel(), role=Role.OWNER),
        lambda: scim.resend_invitation("ou", "i", Cancel()),
        lambda: scim.revoke_invitation("ou", "i", Cancel()),
    ]
    for ask in asks:
        with pytest.raises(Trouble) as caught:
            ask()
        assert caught.value.facts["capability"] == "invitations"
    with pytest.raises(Trouble):
        scim.app_installed("ou", ProviderId.GOOGLE, "b.example", Cancel())
    assert scim.sync_runs("ou", "oa", Cancel()) == []


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("status", "problem", "code"),
    [
        (401, "not-signed-in", Code.SIGN_IN_EXPIRED),
        (403, "not-allowed", Code.NOT_ALLOWED),
        (404, "not-found", Code.NOT_FOUND_AT_SERVICE),
        (409, "another-customer", Code.OTHER_CUSTOMER),
        (409, "not-the-syncer", Code.NOT_THE_SYNCER),
        (409, "last-owner", Code.LAST_OWNER),
        (412, "version-changed", Code.SETTINGS_CHANGED),
        (422, "idempotency-key-reused", Code.REQUEST_REFUSED),
        (429, "too-many-requests", Code.RATE_LIMITED),
        (503, "unavailable", Code.SERVICE_UNAVAILABLE),
        (400, "a-code-of-tomorrow", Code.REQUEST_REFUSED),
        (500, "", Code.SERVICE_UNAVAILABLE),
        (404, "", Code.ANSWER_NOT_UNDERSTOOD),
    ],
)
def test_a_problem_becomes_a_trouble_with_the_services_word(
    network: FakeNetwork, service: EnterpriseConnect, status: int, problem: str, code: Code
) -> None:
    network.will(status, {"code": problem, "detail": "So it is.", "title": "No", "status": status})
    with pytest.raises(Trouble) as caught:
        service.me(Cancel())
    assert caught.value.code is code
    assert caught.value.facts["detail"] == "So it is."
    assert caught.value.facts["host"] == "connect.example"


def test_a_gateway_that_answers_in_its_own_words_is_judged_by_its_status(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    network.will(502, b"<h1>Bad Gateway</h1>")
    with pytest.raises(Trouble) as caught:
        service.me(Cancel())
    assert caught.value.code is Code.SERVICE_UNAVAILABLE


def test_a_sync_whose_token_ended_is_not_told_to_sign_in(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    sync = service.as_sync("p")
    network.will(401, {"code": "not-signed-in"})
    with pytest.raises(Trouble) as caught:
        sync.settings("ou", "oa", Cancel())
    assert caught.value.code is Code.PROVISIONING_TOKEN_REVOKED


def test_a_preview_gets_accounts_behind_the_wall(
    network: FakeNetwork, service: EnterpriseConnect
) -> None:
    service.users("ou", "oa", token="p", installation_id="i", read_only=True)
    assert network.opened[-1] == ("https://connect.example", True)


# ------------------------------------------------------------------ kinds of service


def test_every_kind_of_service_opens_by_its_name(network: FakeNetwork) -> None:
    opened = {
        kind: open_service(kind, network, "https://connect.example/scim", bearer=FixedBearer("t"))
        for kind in SERVICES
    }
    assert isinstance(opened["enterprise_connect"], EnterpriseConnect)
    assert isinstance(opened["scim"], ScimService)
    for one in opened.values():
        assert set(one.capabilities) == set(Capability)
    assert opened["enterprise_connect"].capabilities[Capability.NOTIFY] is Support.ABSENT


def test_an_unknown_kind_is_a_mistake_in_the_profile(network: FakeNetwork) -> None:
    with pytest.raises(Trouble) as caught:
        open_service("carrier-pigeon", network, "https://x.example", bearer=FixedBearer("t"))
    assert caught.value.code is Code.PROFILE_INVALID
    assert dict(caught.value.facts) == {"key": "kind", "problem": "unknown-value"}
