"""The proof that whatever goes wrong on the Google path is told in words, with help beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from devtools.proving import Context, Figures
from proofs import google_steps as steps
from proofs.desktop import Desktop
from proofs.organization import Organization
from proofs.person import Person
from proofs.two_people import prepared
from proofs.word_table import WordTable, expect_none

SAYS = (
    "Each trouble that the practice organization can provoke on the Google path is provoked in the "
    "real window: it stands there in words, with its help topic open; no sentence is longer than "
    "200 characters, and none names a class or a number without meaning."
)
_LATER = 900
"""Seconds to come back after: longer than the program waits by itself, so that it says so."""
_USERS = "/admin/directory/v1/users"
_SIGN_IN = (
    "Sign in with Google",
    "Sign in with another account",
    "Sign in again",
    "Try again",
)
"""What the button is called that leads to Google, by what came before."""
_DELEGATED = "deputy.admin@nordby.example"


@dataclass(frozen=True, kw_only=True)
class Provocation:
    """A trouble to provoke: what is asked of the control interface, and how it is put to people."""

    code: str
    cause: str
    name: str
    ask: dict[str, object] | list[dict[str, object]]


def _fault(stand_in: str, path: str, **more: object) -> list[dict[str, object]]:
    return [{"stand_in": stand_in, "path_prefix": path, "times": 0, **more}]


def _google(code: str, cause: str, status: int, body: str = "") -> Provocation:
    """Google refuses to list people, until it is put right."""
    ask = _fault("google", _USERS, status=status, body=body, retry_after=_LATER)
    return Provocation(code=code, cause=cause, name="faults", ask=ask)


def _service(code: str, cause: str, status: int, path: str = "/", **more: object) -> Provocation:
    """The account service refuses, until it is put right."""
    ask = _fault("account", path, status=status, **more)
    return Provocation(code=code, cause=cause, name="faults", ask=ask)


_AT_THE_START = (
    _service("service-unavailable", "it asks to come back later", 503, retry_after=_LATER),
    _service("rate-limited", "too many requests", 429, retry_after=_LATER),
    _service("answer-not-understood", "a page of something in between", 404, body="<html>"),
    Provocation(
        code="connection-lost",
        cause="the network is cut",
        name="outage",
        ask={"stand_in": "account"},
    ),
)
_IN_THE_PREVIEW = (
    _google("directory-token-rejected", "Google takes the token no longer", 401),
    _google("api-not-enabled", "the Admin SDK is off", 403, "accessNotConfigured"),
    _google("directory-forbidden", "Google refuses", 403, "forbidden"),
    _google("scopes-missing", "a right was taken away", 403, "insufficientPermissions"),
    _google("domain-cannot-use-apis", "the domain may not use it", 403, "domainCannotUseApis"),
    _google("service-unavailable", "Google is not there", 503),
    _google("rate-limited", "Google asks to slow down", 429),
    Provocation(
        code="connection-lost",
        cause="the network is cut",
        name="outage",
        ask={"stand_in": "google"},
    ),
    Provocation(code="read-empty", cause="nobody is listed", name="empty-directory", ask={}),
    Provocation(
        code="other-customer", cause="another company’s directory", name="swap-customer", ask={}
    ),
    Provocation(
        code="sign-in-expired",
        cause="all tokens have ended",
        name="expire-tokens",
        ask={"stand_in": "google", "refresh": True},
    ),
)


@dataclass(kw_only=True)
class _Play:
    """One person on the path, and what goes wrong for them."""

    context: Context
    organization: Organization
    person: Person
    table: WordTable
    tried: list[str] = field(default_factory=list)

    def provoke(
        self,
        page: str,
        what: Provocation,
        act: Callable[[], None],
        *,
        seconds: float = 40,
    ) -> None:
        """Let it go wrong, see what is said, and put it right."""
        self.context.progress(f"{page}: {what.code} …")
        self.organization.ask("clear-faults")
        self.organization.ask(what.name, what.ask)
        self.tried.append(what.code)
        act()
        self.table.see(self.person, what.code, page=page, cause=what.cause, seconds=seconds)
        self.organization.ask("clear-faults")

    def press(self, name: str) -> Callable[[], None]:
        """Pressing this, later."""
        return lambda: self.person.press(name)


def run(context: Context) -> Figures:
    """Starts that can't go on first, then the path with a trouble on every page."""
    prepared(context)
    table = WordTable(context.folder / "desk")
    with (
        Organization(context, context.folder / "organization", people=120) as organization,
        Desktop(_made(context.folder / "desk"), size="1100x720") as desktop,
    ):
        _starts(context, organization, desktop, table)
        person = Person(context, desktop, context.folder / "home", service=steps.OWNER)
        play = _Play(context=context, organization=organization, person=person, table=table)
        person.open_window(organization.profile)
        try:
            for part in (_welcome, _sign_in, _authorize, _preview, _settings, _first_sync):
                part(play)
            code = person.close_window()
        finally:
            person.leave()
            table.write("What the window says when something goes wrong")
    expect_none(table)
    return {**table.figures(), "exit_code": code, "table": "desk/troubles.md"}


# -------------------------------------------------------------------- starts


def _starts(
    context: Context, organization: Organization, desktop: Desktop, table: WordTable
) -> None:
    """The program is given what it can't use: it says so in a window of its own."""
    folder = context.folder / "given"
    folder.mkdir()
    (context.folder / "starts").mkdir()
    profile_id = "practice"
    whole = {"version": 1, "profile": profile_id, "organizational_unit": "ou_nordby"}
    for code, content in {
        "resume-file-damaged": "{",
        "resume-file-too-new": json.dumps({**whole, "version": 99}),
        "resume-file-too-large": " " * 1_000_000,
        "resume-file-other-profile": json.dumps({**whole, "profile": "fjordline"}),
    }.items():
        file = folder / f"{code}.ecsetup"
        file.write_text(content, encoding="utf-8")
        _start(context, desktop, table, code, organization.profile, "--resume", str(file))
    missing = folder / "nowhere.ecsetup"
    unread = "resume-file-unreadable"
    _start(context, desktop, table, unread, organization.profile, "--resume", str(missing))
    broken = folder / "broken.toml"
    broken.write_text('schema = 1\nid = "broken"\nname = 7\n', encoding="utf-8")
    _start(context, desktop, table, "profile-invalid", broken)
    _start(context, desktop, table, "profile-not-found", folder / "nowhere.toml")


def _start(
    context: Context, desktop: Desktop, table: WordTable, code: str, profile: Path, *more: str
) -> None:
    context.progress(f"A start: {code} …")
    person = Person(context, desktop, context.folder / "starts" / code, service=steps.OWNER)
    person.open_window(profile, *more)
    try:
        cause = "what was given can’t be used"
        table.see(person, code, page="the start", cause=cause, has_help=False)
        person.press("Close")
        person.wait_end()
    finally:
        person.leave()


# -------------------------------------------------------------------- the path


def _welcome(play: _Play) -> None:
    person = play.person
    person.see("The account service answers")
    first = True
    for what in _AT_THE_START:
        # The page asks anew when it is shown, and when somebody presses “Ask again”.
        act = play.press("Ask again") if not first else (lambda: _network(person, "proxy-none"))
        play.provoke("Who is setting this up?", what, act)
        first = False
    person.press("Ask again")
    person.see("The account service answers", seconds=60)
    steps.welcome(person, "I am both")


def _network(person: Person, _choice: str) -> None:
    """Any change of the network settings asks the service anew."""
    person.press("Network settings")
    person.choose("No proxy")
    person.press("Use this")


def _sign_in(play: _Play) -> None:
    person = play.person
    person.be(answer="cancel")
    play.tried.append("sign-in-refused")
    person.press("Open the sign-in page")
    play.table.see(
        person, "sign-in-refused", page="Sign in", cause="“Cancel” was pressed in the browser"
    )
    person.be(google=steps.ADMIN)
    person.press("Try again")
    person.see("You are signed in as", seconds=60)
    person.press("Continue")
    steps.unit(person)
    steps.workspace(person)
    steps.install_app(person)


def _authorize(play: _Play) -> None:
    person, table, page = play.person, play.table, "Authorize"
    for who, code, cause in (
        (steps.ORDINARY, "not-a-full-admin", "an ordinary person signed in"),
        (_DELEGATED, "delegated-admin", "a delegated admin signed in"),
    ):
        play.context.progress(f"{page}: {code} …")
        play.tried.append(code)
        person.be(google=who)
        person.press_first(*_SIGN_IN)
        table.see(person, code, page=page, cause=cause)
    play.context.progress(f"{page}: sign-in-refused, scopes-missing …")
    person.be(google=steps.ADMIN, answer="cancel")
    person.press_first(*_SIGN_IN)
    table.see(person, "sign-in-refused", page=page, cause="“Cancel” on Google’s page")
    person.be(google=steps.ADMIN, untick=[f"{steps.DIRECTORY_SCOPES}.user.readonly"])
    person.press_first(*_SIGN_IN)
    table.see_finding(
        person,
        "scopes-missing",
        "People were not allowed",
        page=page,
        cause="a box was left empty on Google’s page",
    )
    person.be(google=steps.ADMIN)
    failing = Provocation(
        code="connection-failed",
        cause="the service could not use the authorization",
        name="activation",
        ask={"next_failure": "authorization-expired", "seconds": 0.2},
    )
    play.provoke(page, failing, lambda: person.press_first(*_SIGN_IN), seconds=60)
    person.press_first(*_SIGN_IN)
    person.see("It worked: Google Workspace says Active", seconds=90)
    person.press("Continue")
    steps.scope_everyone(person)


def _preview(play: _Play) -> None:
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


def _settings(play: _Play) -> None:
    person = play.person
    steps.switch_on(person)
    refused = _service("not-allowed", "they are no owner any more", 403, "/v1/", method="PATCH")
    play.provoke("Provisioning", refused, play.press("Save"))
    gone = _service("not-found-at-service", "somebody removed it", 404, "/v1/", method="PATCH")
    play.provoke("Provisioning", gone, play.press("Save"))
    play.context.progress("Provisioning: settings-changed …")
    play.tried.append("settings-changed")
    play.organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 3}})
    person.press("Save")
    play.table.see_note(
        person,
        "settings-changed",
        "saved these settings in the meantime",
        page="Provisioning",
        cause="somebody else saved meanwhile",
    )
    person.press("Save")


_IN_THE_SYNC = (
    Provocation(code="read-empty", cause="nobody is listed", name="empty-directory", ask={}),
    Provocation(
        code="other-customer", cause="another company’s directory", name="swap-customer", ask={}
    ),
    _google("directory-forbidden", "Google refuses", 403, "forbidden"),
    Provocation(
        code="provisioning-off",
        cause="somebody switched it off",
        name="settings-as-somebody-else",
        ask={"settings": {"enabled": False}},
    ),
)
_SYNC_AGAIN = ("Try again", "Sync again", "Start again", "Start")


def _first_sync(play: _Play) -> None:
    person, organization = play.person, play.organization
    person.choose("This computer, while I am signed in")
    act = play.press("Use this computer")
    for what in _IN_THE_SYNC:
        play.provoke("First sync", what, act, seconds=120)
        act = partial(person.press_first, *_SYNC_AGAIN)
    organization.ask("settings-as-somebody-else", {"settings": {"enabled": True}})
    play.context.progress("First sync: not-the-syncer …")
    play.tried.append("not-the-syncer")
    organization.press("other-computer")
    act()
    play.table.see(
        person,
        "not-the-syncer",
        page="First sync",
        cause="another computer took over",
        seconds=120,
    )
    person.press("Take over here")
    person.press_rightmost("Take over here")
    person.see_line(*steps.ADDS_UP, seconds=240)
    person.press("Continue")


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
