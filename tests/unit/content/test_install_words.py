"""The words of choosing the workspace, installing, authorizing and looking why nothing happens."""

from __future__ import annotations

import itertools

import pytest

from tests.unit.content.voice import objections
from wizard.content.browser_endings import BROWSER_ENDINGS, BrowserEnding
from wizard.content.faq import load_faq
from wizard.content.findings import finding_words
from wizard.content.live_check import LIVE_CHECKS, live_check_name, live_words, who_words
from wizard.content.permissions import PERMISSIONS, permission_words
from wizard.content.text import t
from wizard.content.trouble_entry import Who
from wizard.content.workspaces import GRAY_BUTTON, domain_problem_words, workspace_words
from wizard.core.domains import DomainProblem
from wizard.core.trouble import Code, Fact
from wizard.providers.base import FindingId
from wizard.providers.google.permissions import PERMISSIONS as ASKED
from wizard.providers.registry import known_providers
from wizard.services.contract.live_check import LiveCheckId

KEYS = tuple(PERMISSIONS)


def test_every_right_that_is_asked_for_says_what_can_not_work_without_it() -> None:
    for permission in ASKED:
        words = permission_words(permission.reason)
        assert words.without.startswith("Without ")
        assert not objections(words.without)


@pytest.mark.parametrize(
    "left", [some for count in (1, 2, 3, 4) for some in itertools.combinations(KEYS, count)]
)
def test_each_box_that_was_left_empty_is_named_with_what_it_costs(left: tuple[str, ...]) -> None:
    words = finding_words("scopes", "failed", {"missing": ", ".join(left)}, Code.SCOPES_MISSING)
    assert words.title.endswith("were not allowed")
    assert words.title[0].isupper()
    for key in left:
        assert permission_words(key).without in words.sentence
    for key in set(KEYS) - set(left):
        assert permission_words(key).without not in words.sentence
    assert "tick every box" in words.sentence
    assert not objections(words.sentence.replace("\n", " "))


def test_who_went_on_without_groups_is_told_how_to_change_that() -> None:
    words = finding_words("scopes", "warning", {"missing": "groups"})
    assert "authorize again" in words.sentence
    assert words.title == "Groups were not allowed"


def test_a_directory_that_is_not_the_named_one_is_told_by_both_names() -> None:
    facts = {"domain": "fjordline.example", "person": "x@y.example", "named": "halden.example"}
    words = finding_words("domain", "warning", facts)
    assert "halden.example" in words.sentence
    assert "fjordline.example" in words.sentence


@pytest.mark.parametrize("check", list(FindingId))
@pytest.mark.parametrize("state", ["passed", "warning"])
def test_every_check_has_a_title_in_every_state(check: FindingId, state: str) -> None:
    assert finding_words(check.value, state, {}).title


# ------------------------------------------------------------------ what the browser shows


@pytest.mark.parametrize("ending", BROWSER_ENDINGS, ids=lambda ending: ending.id)
def test_what_a_browser_shows_has_a_cure_and_a_topic(ending: BrowserEnding) -> None:
    assert load_faq().topic(ending.topic) is not None
    cure = t(ending.cure).replace("{service}", "Nordby Connect")
    for block in cure.split("\n"):
        assert not objections(block.replace("**", "").replace("127.0.0.1", "this computer"))
    # Without a page of trusted apps the way is told in words.
    assert ending.trusts == ("client ID" in cure)


def test_every_ending_that_google_documents_is_there() -> None:
    documented = {
        "admin_policy_enforced",
        "org_internal",
        "disallowed_useragent",
        "redirect_uri_mismatch",
        "deleted_client",
        "access_denied",
    }
    assert documented <= {ending.id for ending in BROWSER_ENDINGS}


# ------------------------------------------------------------------ workspaces


def test_every_workspace_that_can_be_connected_has_a_name() -> None:
    for provider in known_providers():
        words = workspace_words(provider.value)
        assert words.name != provider.value
        assert words.sign.endswith(".")


@pytest.mark.parametrize("problem", list(DomainProblem))
def test_what_is_wrong_with_a_domain_is_a_sentence_however_long_it_is(
    problem: DomainProblem,
) -> None:
    words = domain_problem_words(problem, f"{'a' * 300}.example")
    assert not objections(words)


def test_each_cause_of_a_gray_button_has_a_cure() -> None:
    assert len({cause.id for cause in GRAY_BUTTON}) == len(GRAY_BUTTON) >= 5
    for cause in GRAY_BUTTON:
        assert t(cause.question).endswith("?")
        assert not objections(t(cause.cure).replace("**", ""))


# ------------------------------------------------------------------ the live check


def test_every_live_check_has_a_name() -> None:
    assert set(LIVE_CHECKS) == {check.value for check in LiveCheckId}
    assert live_check_name("service") == "Account service"


@pytest.mark.parametrize("code", list(Code))
def test_whatever_stops_a_check_says_what_to_do_and_who_can(code: Code) -> None:
    words = live_words("test-read", "failed", {}, code)
    assert words.title
    assert words.sentence
    assert words.to_do
    assert who_words(words.who).endswith(".")


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        ("app", {"domain": "halden.example"}),
        ("connection", {"domain": "halden.example", "pending": True}),
        ("syncer", {}),
        ("last-run", {}),
        ("last-run", {"finished_at": "2026-11-03T10:00:00Z", "problems": 3}),
        ("last-run", {"finished_at": "2026-11-03T10:00:00Z", "cancelled": True}),
        ("last-run", {"finished_at": "2026-11-03T10:00:00Z", "held": 12, "host": "SERVER01"}),
        ("last-run", {"finished_at": "2026-11-03T10:00:00Z", "held": True}),
        ("last-run", {"finished_at": "2026-11-03T10:00:00Z", "failed": True, "host": ""}),
    ],
)
def test_what_one_should_know_keeps_the_voice(check: str, facts: dict[str, Fact]) -> None:
    words = live_words(check, "warning", {"service": "Nordby Connect", **facts})
    for sentence in (words.title, words.sentence, words.to_do):
        assert sentence
        assert not objections(sentence)


@pytest.mark.parametrize(
    ("check", "facts", "value"),
    [
        ("service", {}, "answers"),
        ("signed-in", {"person": "tomasz.wilk@halden.example"}, "tomasz.wilk"),
        ("signed-in", {"signed_out": True}, "signed out; the sync goes on"),
        ("settings", {"minutes": 30}, "on, every 30 minutes"),
        ("syncer", {"host": "SERVER01", "ours": False}, "SERVER01"),
        ("syncer", {"host": "SERVER01", "ours": True}, "this computer"),
        ("authorization", {"address": "ada@halden.example"}, "ada"),
        ("connection", {"domain": "halden.example"}, "active"),
        ("app", {}, "installed"),
        ("test-read", {"people": 100}, "works"),
    ],
)
def test_what_passed_is_short(check: str, facts: dict[str, Fact], value: str) -> None:
    assert live_words(check, "passed", facts).value == value


def test_everybody_who_can_put_something_right_is_named() -> None:
    assert len({who_words(who) for who in Who}) == len(Who)


def test_a_sync_elsewhere_that_waits_says_for_whom_and_where() -> None:
    ended = {"finished_at": "2026-11-03T10:00:00Z", "host": "SERVER01"}
    words = live_words("last-run", "warning", {**ended, "held": 40})
    assert words.sentence.startswith("40 people were held back")
    assert "SERVER01" in words.to_do
    told = live_words("last-run", "passed", {**ended, "untold": True})
    assert told.value.endswith("sign in to see how it went")
