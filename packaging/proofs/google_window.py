"""The proof that the real window and a real browser lead from welcome to done."""

from __future__ import annotations

import shutil
import time

from devtools import debian
from devtools.proving import Context, Figures, Short
from proofs import google_steps as steps
from proofs.desktop import Desktop, install
from proofs.organization import Organization, judge
from proofs.person import Person

SAYS = (
    "The real window and a real Chromium, driven from outside through welcome to done: everyone "
    "in scope has an account, counted at the service, and an ordinary user is stopped at the "
    "findings in words with the FAQ topic open."
)


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
        person = Person(context, desktop, context.folder / "home", service=steps.OWNER)
        began = time.monotonic()
        person.open_window(organization.profile)
        try:
            stopped = _play(context, person)
            figures: dict[str, object] = {
                **judge(organization),
                "ordinary_user_stopped": stopped,
                "clicks": person.clicks,
                "minutes": round((time.monotonic() - began) / 60, 2),
            }
            _stays_in_step(organization, person, figures)
            figures["exit_code"] = person.close_window()
        finally:
            person.leave()
    if any(figures[name] for name in ("missing", "doubled", "strangers")):
        raise Short("the accounts are not exact", figures)
    if figures["exit_code"] != 0:
        raise Short("the window did not end in order", figures)
    return figures


def _play(context: Context, person: Person) -> str:
    context.progress("Welcome …")
    steps.welcome(person, "I am both")
    context.progress("Signing in …")
    steps.sign_in(person)
    steps.unit(person)
    context.progress("The workspace and its app …")
    person.be(google=steps.ADMIN)
    steps.workspace(person)
    steps.install_app(person)
    context.progress("Authorizing as an ordinary user …")
    person.be(google=steps.ORDINARY)
    person.picture("authorize")
    person.press("Sign in with Google")
    title = person.see("This account isn’t a full admin", seconds=60).words.strip()
    person.see("For the message on this page")
    person.picture("not-a-full-admin")
    context.progress("Authorizing as a full admin …")
    person.be(google=steps.ADMIN)
    person.press("Sign in with another account")
    person.see("Google Workspace says Active", seconds=90)
    person.picture("authorized")
    person.press("Continue")
    context.progress("Who is synced …")
    steps.scope_everyone(person)
    context.progress("Preview …")
    steps.preview(person)
    context.progress("Provisioning …")
    steps.provisioning(person)
    steps.run_here(person)
    context.progress("First sync …")
    steps.first_sync(person)
    person.see("The rehearsal worked", seconds=60)
    person.picture("done")
    return title


def _stays_in_step(organization: Organization, person: Person, figures: dict[str, object]) -> None:
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
    person.see("The rehearsal worked")
