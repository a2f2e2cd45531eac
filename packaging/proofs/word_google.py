"""The Google path from the first page to the first sync, with a trouble on every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from proofs import google_steps as steps
from proofs.word_network import a_stranger, at_the_welcome
from proofs.word_others import kept_answers
from proofs.word_play import USERS, Play, Provocation, at_google, at_service, faults

__all__ = ["google_path"]

_SIGN_IN = (
    "Sign in with Google",
    "Sign in with another account",
    "Sign in again",
    "Try again",
    "Check again",
)
"""What the button is called that leads to Google, by what came before."""
_DELEGATED = "deputy.admin@nordby.example"
_UNITS = "/v1/organizational_units"
_CHECKED = {"connection-not-active": "connection", "no-organizational-unit": "unit"}
"""Which of the checks meets the code."""


def google_path(play: Play) -> None:
    """Everything in one window, until the first sync adds up."""
    play.person.open_window(play.organization.profile)
    at_the_welcome(play)
    for part in (_sign_in, _authorize, _preview, _settings, _first_sync):
        part(play)


def _sign_in(play: Play) -> None:
    person, page = play.person, "Sign in"
    play.provoke(page, a_stranger(play), play.press("Open the sign-in page"))
    person.be(answer="cancel")
    play.context.progress(f"{page}: sign-in-refused …")
    person.press("Try again")
    play.table.see(person, "sign-in-refused", page=page, cause="“Cancel” was pressed there")
    person.be(google=steps.ADMIN)
    person.press("Try again")
    person.see("You are signed in as", seconds=60)
    steps.unit(person)
    steps.workspace(person)
    _no_browser(play)
    person.press("Open the page again")
    person.see("It worked: Practice organization sees the app", seconds=120)
    person.press("Continue")


def _no_browser(play: Play) -> None:
    """The same set-up on a computer where no browser is to be found."""
    person, page, code = play.person, "Install the app", "browser-not-opened"
    play.context.progress(f"{page}: {code} …")
    person.see("Open the app’s page")
    person.close_window()
    person.open_window(play.organization.profile, around={"PATH": "/nowhere", "BROWSER": ""})
    person.press("Open the app’s page")
    play.table.see(person, code, page=page, cause="there is no browser here")
    person.close_window()
    person.open_window(play.organization.profile)


# -------------------------------------------------------------------- authorizing


def _authorize(play: Play) -> None:
    person, table, page = play.person, play.table, "Authorize"
    _nothing_connected(play)
    for who, code, cause in (
        (steps.ORDINARY, "not-a-full-admin", "an ordinary person signed in"),
        (_DELEGATED, "delegated-admin", "a delegated admin signed in"),
    ):
        play.context.progress(f"{page}: {code} …")
        person.be(google=who)
        person.press_first(*_SIGN_IN)
        table.see(person, code, page=page, cause=cause)
    play.context.progress(f"{page}: sign-in-refused …")
    person.be(google=steps.ADMIN, answer="cancel")
    person.press_first(*_SIGN_IN)
    table.see(person, "sign-in-refused", page=page, cause="“Cancel” on Google’s page")
    person.be(google=steps.ADMIN)
    for code, word in (
        ("sign-in-failed", "invalid_client"),
        ("admin-policy-enforced", "admin_policy_enforced"),
        ("app-internal", "org_internal"),
        ("app-blocked", "disabled_client"),
    ):
        ask = faults("google", "/token", status=400, body=json.dumps({"error": word}))
        cause = f"Google says “{word.replace('_', ' ')}” when the code is traded"
        what = Provocation(code=code, cause=cause, name="faults", ask=ask)
        play.provoke(page, what, lambda: person.press_first(*_SIGN_IN), seconds=60)
    wrong = Provocation(
        code="clock-wrong", cause="it is an hour off", name="clock", ask={"seconds": 3600}
    )
    play.provoke(page, wrong, lambda: person.press_first(*_SIGN_IN), seconds=60)
    _boxes(play)
    _connecting(play)
    steps.scope_everyone(person)


def _boxes(play: Play) -> None:
    """Each box on Google's page left empty, one by one."""
    from wizard.content.findings import finding_words
    from wizard.providers.google.permissions import PERMISSIONS

    person, page = play.person, "Authorize"
    for right in PERMISSIONS:
        play.context.progress(f"{page}: scopes-missing, {right.reason} …")
        person.be(google=steps.ADMIN, untick=[right.scope])
        person.press_first(*_SIGN_IN)
        words = finding_words("scopes", "failed", {"missing": right.reason})
        play.table.see_words(
            person,
            "scopes-missing",
            words.title,
            page=page,
            cause=f"the box for {right.reason} was left empty",
            opens_help=True,
        )
    person.be(google=steps.ADMIN)


def _connecting(play: Play) -> None:
    """The service is asked to use the authorization, and can't, or not yet."""
    person, page = play.person, "Authorize"
    organization = play.organization
    organization.ask("install-app", {"installed": False})
    lacking = Provocation(
        code="app-not-installed",
        cause="the service needs the app, and somebody removed it",
        name="activation",
        ask={"needs_app": True, "seconds": 0.2},
    )
    play.provoke(page, lacking, lambda: person.press_first(*_SIGN_IN), seconds=60)
    organization.ask("install-app", {"installed": True})
    organization.ask("activation", {"needs_app": False})
    person.press_first(*_SIGN_IN)
    person.see("It worked: Google Workspace says Active", seconds=90)
    failing = Provocation(
        code="connection-failed",
        cause="the service could not use the authorization",
        name="activation",
        ask={"next_failure": "authorization-expired", "seconds": 0.2},
    )
    play.provoke(page, failing, play.press("Authorize again"), seconds=60)
    person.press_first(*_SIGN_IN)
    person.see("It worked: Google Workspace says Active", seconds=90)
    person.press("Continue")


def _nothing_connected(play: Play) -> None:
    """The check of what is in the way, before anything was authorized, and without a unit."""
    person = play.person
    person.see("Sign in with Google", seconds=60)
    if not person.shows("Check now"):
        person.desktop.key("F1")
    play.context.progress("Authorize: connection-not-active, no-organizational-unit …")
    _check(play, "connection-not-active", "nothing is connected yet", press="Check now")
    empty = faults("account", _UNITS, method="GET", status=200, body='{"items": []}')
    play.organization.ask("faults", empty)
    _check(play, "no-organizational-unit", "somebody removed the unit", press="Check again")
    play.organization.ask("clear-faults")


def _check(play: Play, code: str, cause: str, *, press: str) -> None:
    """Press the button of the help topic that looks for what is in the way."""
    from wizard.content.live_check import live_words
    from wizard.core.trouble import Code

    play.person.press(press)
    facts = {"service": "Practice organization", "problem": "none"}
    title = live_words(_CHECKED[code], "failed", facts, Code(code)).title
    play.table.see_words(play.person, code, title, page="Help", cause=cause)


# -------------------------------------------------------------------- preview


_IN_THE_PREVIEW = (
    at_google("api-not-enabled", "the Admin SDK is off", 403, "accessNotConfigured"),
    at_google("domain-cannot-use-apis", "the domain may not use it", 403, "domainCannotUseApis"),
    at_google("service-unavailable", "Google is not there", 503),
    at_google("rate-limited", "Google asks to slow down", 429),
    Provocation(
        code="connection-lost",
        cause="the network is cut",
        name="outage",
        ask={"stand_in": "google"},
    ),
    Provocation(code="read-empty", cause="nobody is listed", name="empty-directory", ask={}),
    Provocation(
        code="read-shrunk",
        cause="half of the list is missing",
        name="listing",
        ask={"ends": "short"},
    ),
    Provocation(
        code="read-incomplete",
        cause="the list goes in circles",
        name="listing",
        ask={"ends": "circles"},
    ),
    Provocation(
        code="page-token-stale",
        cause="Google forgets its place in the list",
        name="listing",
        ask={"ends": "stale"},
    ),
    Provocation(
        code="sign-in-expired",
        cause="all tokens have ended",
        name="expire-tokens",
        ask={"stand_in": "google", "refresh": True},
    ),
)


def _preview(play: Play) -> None:
    person = play.person
    person.see("Within the safety limits", seconds=90)
    act = play.press("Make it again")
    for what in _IN_THE_PREVIEW:
        play.provoke("Preview", what, act, seconds=120)
        act = play.press("Try again")
        if person.shows("Authorize again"):
            # Trying again would not help: it is put right where the authorization began.
            person.press("Authorize again")
            steps.authorize_again(person)
            person.see("Within the safety limits", seconds=90)
            act = play.press("Make it again")
    steps.preview(person)


# -------------------------------------------------------------------- provisioning, first sync


def _settings(play: Play) -> None:
    person, page, path = play.person, "Provisioning", "/v1/"
    steps.switch_on(person)
    for what in (
        at_service("not-allowed", "they are no owner any more", 403, path, method="PATCH"),
        at_service("not-found-at-service", "somebody removed it", 404, path, method="PATCH"),
        at_service("request-refused", "the service refuses it", 400, path, method="PATCH"),
    ):
        play.provoke(page, what, play.press("Save"))
    play.context.progress(f"{page}: settings-changed …")
    play.organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 3}})
    person.press("Save")
    play.table.see_words(
        person,
        "settings-changed",
        "saved these settings in the meantime",
        page=page,
        cause="somebody else saved meanwhile",
        in_a_line=True,
    )
    person.press("Save")


_IN_THE_SYNC = (
    at_google("directory-token-rejected", "Google takes the token no longer", 401),
    Provocation(
        code="other-customer", cause="another company’s directory", name="swap-customer", ask={}
    ),
    at_google("directory-forbidden", "Google refuses", 403, "forbidden"),
    Provocation(
        code="provisioning-off",
        cause="somebody switched it off",
        name="settings-as-somebody-else",
        ask={"settings": {"enabled": False}},
    ),
)
_SYNC_AGAIN = ("Try again", "Sync again", "Start the sync")


def _first_sync(play: Play) -> None:
    person, organization, page = play.person, play.organization, "First sync"
    person.choose("This computer, while I am signed in")
    act: Callable[[], None] = play.press("Use this computer")
    again = partial(person.press_first, *_SYNC_AGAIN)
    for what in _IN_THE_SYNC:
        play.provoke(page, what, act, seconds=120)
        act = again
    organization.ask("settings-as-somebody-else", {"settings": {"enabled": True}})
    _cancelled(play, again)
    _other_settings_meanwhile(play, again)
    _nothing_written(play, again)
    play.context.progress(f"{page}: not-the-syncer …")
    organization.press("other-computer")
    again()
    play.table.see(
        person, "not-the-syncer", page=page, cause="another computer took over", seconds=120
    )
    organization.ask("faults", _two_refused(play))
    person.press("Take over here")
    person.press_rightmost("Take over here")
    person.see_line(*steps.ADDS_UP, seconds=240)
    organization.ask("clear-faults")
    _people_with_a_problem(play)
    person.press("Continue")


def _cancelled(play: Play, again: Callable[[], None]) -> None:
    """Google is slow, and somebody stops the sync."""
    play.context.progress("First sync: cancelled …")
    play.organization.ask("latency", {"stand_in": "google", "ms": 8000, "path_prefix": USERS})
    again()
    play.person.press("Cancel the sync")
    play.table.see_words(
        play.person,
        "cancelled",
        "Stopped, as you asked",
        page="First sync",
        cause="“Cancel the sync” was pressed",
        in_a_line=True,
    )
    play.organization.ask("clear-faults")


def _other_settings_meanwhile(play: Play, again: Callable[[], None]) -> None:
    """The sync is paused, and goes on after somebody saved other settings."""
    code = "run-interrupted"
    play.context.progress(f"First sync: {code} …")
    play.organization.ask("latency", {"stand_in": "google", "ms": 6000, "path_prefix": USERS})
    again()
    play.person.press("Pause")
    play.organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 9}})
    play.organization.ask("clear-faults")
    play.person.press("Go on")
    cause = "it was paused, and the settings were changed meanwhile"
    play.table.see(play.person, code, page="First sync", cause=cause)


def _writing(play: Play, what: str, **more: object) -> dict[str, object]:
    """A fault where accounts are written."""
    unit = kept_answers(play.person.home)["ou_id"]
    path = f"/v1/organizational_units/{unit}/scim/v2/{what}"
    return {"stand_in": "account", "path_prefix": path, "times": 0, **more}


def _one_by_one(play: Play) -> dict[str, object]:
    """The service does not take many writes at once."""
    return _writing(play, "Bulk", status=501)


def _nothing_written(play: Play, again: Callable[[], None]) -> None:
    refused = [
        _writing(play, "Users", method=method, status=412) for method in ("POST", "PATCH", "PUT")
    ]
    what = Provocation(
        code="write-failed",
        cause="the service does nothing of what is asked",
        name="faults",
        ask=[_one_by_one(play), *refused],
    )
    play.provoke("First sync", what, again, seconds=120)


def _two_refused(play: Play) -> list[dict[str, object]]:
    """Of all that is written, one new account and one change are refused."""
    taken = {"status": "409", "scimType": "uniqueness", "detail": "The address is taken."}
    stays = {"status": "403", "code": "last-owner", "detail": "The last owner stays."}
    return [
        _one_by_one(play),
        _writing(play, "Users", method="POST", times=1, status=409, body=json.dumps(taken)),
        *(
            _writing(play, "Users", method=method, times=1, status=403, body=json.dumps(stays))
            for method in ("PATCH", "PUT")
        ),
    ]


def _people_with_a_problem(play: Play) -> None:
    """The list of people whose account could not be written, each with its own reason."""
    play.context.progress("First sync: address-taken, last-owner …")
    play.person.press("Show")
    for code, words, cause in (
        ("address-taken", "Another account at", "another account has the address"),
        ("last-owner", "is the last owner", "the service keeps its last owner"),
    ):
        play.table.see_words(
            play.person, code, words, page="People with a problem", cause=cause, in_a_line=True
        )
    play.person.press("Close")
