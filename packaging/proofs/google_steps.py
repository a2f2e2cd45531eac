"""The pages of the Google path as a person goes through them, for the proofs that play them."""

from __future__ import annotations

from pathlib import Path

from devtools.proving import Context
from proofs.person import Person

__all__ = [
    "ADDS_UP",
    "ADMIN",
    "DIRECTORY_SCOPES",
    "ORDINARY",
    "OWNER",
    "authorize",
    "authorize_again",
    "first_sync",
    "hand_over",
    "install_app",
    "invite",
    "it_part",
    "owner_part",
    "preview",
    "provisioning",
    "run_here",
    "save_kit",
    "scope_everyone",
    "sign_in",
    "switch_on",
    "unit",
    "welcome",
    "workspace",
]

OWNER = "owner@nordby.example"
ADMIN = "tomasz.wilk@nordby.example"
ORDINARY = "kari.nilsen@nordby.example"
ADDS_UP = ("It worked:", "are accounted for")
"""Parts of the line that proves a sync."""
DIRECTORY_SCOPES = "https://www.googleapis.com/auth/admin.directory"


def welcome(person: Person, role: str) -> None:
    """Say who one is, such as “I am both”, and go on."""
    person.see("The account service answers")
    person.choose(role, decides="who I am")
    person.picture("welcome")
    person.press("Continue")


def sign_in(person: Person, *, create: bool = False) -> None:
    """Sign in, or up, in the browser; the next page follows by itself and greets the person."""
    if create:
        person.choose("I need an account", decides="an account of my own")
    person.press("Open the sign-in page")
    person.see("You are signed in as", seconds=60)
    person.picture("signed-in")


def unit(person: Person, name: str = "", *, pick: str = "") -> None:
    """The organizational unit: made with a name, picked among several, or shown as chosen."""
    if name:
        person.see("What is your organization called?")
        person.write("Name", name)
        person.decisions.append("what the organization is called")
        person.picture("unit")
        person.press("Create and continue")
        return
    if pick:
        person.choose(pick, decides="which organization")
    person.picture("unit")
    person.press("Continue")


def unit_of_file(person: Person) -> None:
    """The unit that the resume file names is shown as chosen; it is only confirmed."""
    person.see("Nordby Freight")
    person.picture("unit-of-the-file")
    if not person.shows("Where are your people?"):
        person.press("Continue")


def workspace(person: Person) -> None:
    """Google Workspace, on the domain of the signed-in address."""
    person.choose("Google Workspace")
    person.picture("workspace")
    person.press("Continue")


def install_app(person: Person) -> None:
    """The app's page in the store, installed by the admin, seen by the service."""
    person.press("Open the app’s page")
    person.see("It worked: Practice organization sees the app", seconds=120)
    person.picture("app-installed")
    person.press("Continue")


def authorize(person: Person, *, again: bool = False, seconds: float = 120) -> None:
    """Authorize in the browser until the service says that the connection is active."""
    person.press("Sign in" if again else "Sign in with Google")
    person.see("It worked: Google Workspace says Active", seconds=seconds)
    person.picture("authorized")
    person.press("Continue")


def scope_everyone(person: Person) -> None:
    """Everyone who is active."""
    person.picture("scope")
    person.press("Yes, ", seconds=90)


def preview(person: Person) -> None:
    """The plan, looked at."""
    person.see("Within the safety limits", seconds=90)
    person.picture("preview")
    person.press("Looks right")


def provisioning(person: Person) -> None:
    """The toggle, and Save."""
    person.press("Provisioning", role="check box")
    person.picture("provisioning")
    person.press("Save")


def authorize_again(person: Person) -> None:
    """On the page of the authorization: anew, and forward again to the preview."""
    person.see("Authorize – Enterprise Connect Setup")
    person.press_first("Authorize again", "Sign in with Google")
    person.see("It worked: Google Workspace says Active", seconds=120)
    person.press("Continue")
    scope_everyone(person)


def switch_on(person: Person) -> None:
    """The toggle, without saving."""
    person.press("Provisioning", role="check box")


def run_here(person: Person) -> None:
    """This computer keeps people in step."""
    person.choose("This computer, while I am signed in")
    person.picture("where-it-runs")
    person.press("Use this computer")


def first_sync(person: Person) -> None:
    """The first sync, until it adds up."""
    person.see_line(*ADDS_UP, seconds=240)
    person.picture("first-sync")
    person.press("Continue")


def invite(person: Person, address: str) -> None:
    """One address, and the invitation goes out."""
    person.write("Email addresses", f"{address} ")
    person.decisions.append("whom to invite")
    person.press("Send 1 invitation")
    person.see("It worked: 1 person is invited", seconds=60)
    person.picture("invited")
    person.press("Continue")


def save_kit(person: Person, folder: Path) -> Path:
    """Save the kit and its resume file through the desktop's own dialog; where the kit lies."""
    kit = folder / "hand-over.html"
    person.press("Save the kit")
    person.desktop.find("push button", "Save", seconds=30)
    person.desktop.key("ctrl+a")
    person.desktop.type(str(kit))
    person.desktop.key("Return")
    person.see("Saved hand-over.html", seconds=30)
    return kit


def hand_over(person: Person, folder: Path) -> Path:
    """Save the kit and its resume file, and go to the waiting page; where the kit lies."""
    kit = save_kit(person, folder)
    person.decisions.append("where the kit is saved")
    person.picture("kit-saved")
    person.press("It’s handed over")
    person.see("Waiting for IT", seconds=30)
    person.picture("waiting")
    return kit


def owner_part(person: Person, context: Context) -> Path:
    """From the first start to the page that waits for IT; where the kit lies."""
    context.progress("The owner signs up …")
    welcome(person, "I own the account")
    sign_in(person, create=True)
    unit(person, "Nordby Freight")
    context.progress("The owner invites IT …")
    invite(person, ADMIN)
    context.progress("The owner hands over …")
    kits = person.home.parent / "kit"
    kits.mkdir()
    return hand_over(person, kits)


def it_part(person: Person, context: Context, *, refused: bool = False) -> None:
    """From the resume file to the end; with `refused`, a permission is not given at first."""
    sign_in(person)
    unit_of_file(person)
    context.progress("The workspace and its app …")
    workspace(person)
    install_app(person)
    if refused:
        context.progress("A permission is refused …")
        _without_groups(person)
    context.progress("Authorizing …")
    authorize(person, again=refused)
    context.progress("Who is synced …")
    scope_everyone(person)
    context.progress("Preview …")
    preview(person)
    context.progress("Provisioning …")
    provisioning(person)
    run_here(person)
    context.progress("First sync …")
    first_sync(person)
    person.see("The rehearsal worked", seconds=60)
    person.picture("done")


def _without_groups(person: Person) -> None:
    """Untick one permission on Google’s page: the finding names it, and nothing is connected."""
    scope = f"{DIRECTORY_SCOPES}.group.readonly"
    person.be(google=ADMIN, untick=[scope])
    person.press("Sign in with Google")
    person.see("Groups", seconds=60)
    person.see("For the message on this page", seconds=60)
    person.picture("a-permission-refused")
    person.be(google=ADMIN)
