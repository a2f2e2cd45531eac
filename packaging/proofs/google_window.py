"""The proof that the real window and a real browser lead from welcome to done."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from devtools import debian
from devtools.proving import Context, Figures, Short
from proofs.desktop import Desktop, install
from proofs.organization import Organization, judge

SAYS = (
    "The real window and a real Chromium, driven from outside through welcome to done: everyone "
    "in scope has an account, counted at the service, and an ordinary user is stopped at the "
    "findings in words with the FAQ topic open."
)

_OWNER = "owner@nordby.example"
_ADMIN = "tomasz.wilk@nordby.example"
_ORDINARY = "kari.nilsen@nordby.example"
_BUTTON = "push button"


class Person:
    """Somebody in front of the window, with a browser beside it."""

    def __init__(self, context: Context, desktop: Desktop) -> None:
        self._context = context
        self._desktop = desktop
        self._orders = context.folder / "browser.json"
        self._pictures = 0
        self.clicks = 0

    def be(self, *, google: str, **more: object) -> None:
        """Who the person is at the browser from now on."""
        orders = {"service": _OWNER, "google": google, **more}
        self._orders.write_text(json.dumps(orders), encoding="utf-8")

    @property
    def browser(self) -> str:
        """What the window starts to open a page: a real Chromium with the person at it."""
        script = Path(__file__).with_name("browser_person.py")
        return f"{sys.executable} {script} {self._orders} %s &"

    def press(self, name: str, *, role: str = _BUTTON, seconds: float = 30.0) -> None:
        """Click something by what it is called."""
        self._desktop.click(role, name, seconds=seconds)
        self.clicks += 1

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        self._pictures += 1
        time.sleep(0.4)  # the page fades in; a picture of half a page shows nobody anything
        self._desktop.picture(f"{self._pictures:02}-{name}")


def run(context: Context) -> Figures:
    """Play the whole set-up, then count at the service."""
    install()
    lacking = debian.lacking_programs({"chromium": "chromium"})
    debian.install_or_name(lacking, because="This proof signs in with a real browser.")
    shutil.rmtree(context.folder, ignore_errors=True)
    context.folder.mkdir(parents=True)
    with (
        Organization(context, context.folder / "organization", people=480) as organization,
        Desktop(context.folder, size="1100x720") as desktop,
    ):
        person = Person(context, desktop)
        began = time.monotonic()
        person.be(google=_ORDINARY)
        window = desktop.start(
            [
                str(context.python), "-m", "wizard",
                "--profile", str(organization.profile),
                "--home", str(context.folder / "home"),
            ],
            BROWSER=person.browser,
        )  # fmt: skip
        try:
            stopped = _play(context, desktop, person)
            figures: dict[str, object] = {
                **judge(organization),
                "ordinary_user_stopped": stopped,
                "clicks": person.clicks,
                "minutes": round((time.monotonic() - began) / 60, 2),
            }
            _stays_in_step(organization, desktop, person, figures)
            figures["exit_code"] = _close(window)
        finally:
            if window.poll() is None:
                window.kill()
    if any(figures[name] for name in ("missing", "doubled", "strangers")):
        raise Short("the accounts are not exact", figures)
    if figures["exit_code"] != 0:
        raise Short("the window did not end in order", figures)
    return figures


def _play(context: Context, desktop: Desktop, person: Person) -> str:
    context.progress("Welcome …")
    desktop.see("The account service answers")
    person.press("I am both", role="radio button")
    person.picture("welcome")
    person.press("Continue")
    context.progress("Signing in …")
    person.press("Open the sign-in page")
    desktop.see("You are signed in as", seconds=60)
    person.picture("signed-in")
    person.press("Continue")
    context.progress("Authorizing as an ordinary user …")
    person.picture("authorize")
    person.press("Sign in with Google")
    title = desktop.see("This account isn’t a full admin", seconds=60).words.strip()
    desktop.see("For the message on this page")
    person.picture("not-a-full-admin")
    context.progress("Authorizing as a full admin …")
    person.be(google=_ADMIN)
    person.press("Sign in with another account")
    desktop.see("Google Workspace says Active", seconds=90)
    person.picture("authorized")
    person.press("Continue")
    context.progress("Preview …")
    desktop.see("Within the safety limits", seconds=60)
    person.picture("preview")
    person.press("Looks right")
    context.progress("Provisioning …")
    person.press("Provisioning", role="check box")
    person.picture("provisioning")
    person.press("Save")
    context.progress("First sync …")
    desktop.see("are accounted for", seconds=180)
    person.picture("first-sync")
    person.press("Continue")
    desktop.see("The rehearsal worked", seconds=60)
    person.picture("done")
    return title


def _stays_in_step(
    organization: Organization, desktop: Desktop, person: Person, figures: dict[str, object]
) -> None:
    """Somebody is hired; the background thread, asked to run now, gives them an account."""
    organization.ask("hire")
    person.press("Run now")
    limit = time.monotonic() + 60
    while judge(organization)["missing"] and time.monotonic() < limit:
        time.sleep(0.5)
    after = judge(organization)
    figures["after_a_hire"] = after
    person.picture("in-step")
    if after["missing"]:
        raise Short("the background thread did not bring the hire in step", figures)
    desktop.see("The rehearsal worked")


def _close(window: subprocess.Popen[str]) -> int:
    window.terminate()
    try:
        return window.wait(30)
    except subprocess.TimeoutExpired:
        return -1
