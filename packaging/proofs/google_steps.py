"""The pages of the Google path as a person goes through them, for the proofs that play them."""

from __future__ import annotations

from pathlib import Path

from proofs.person import Person

__all__ = [
    "ADMIN",
    "DIRECTORY_SCOPES",
    "OWNER",
    "authorize",
    "first_sync",
    "install_app",
    "preview",
    "provisioning",
    "run_here",
    "scope_everyone",
    "sign_in",
    "unit",
    "welcome",
    "workspace",
]

OWNER = "owner@nordby.example"
ADMIN = "tomasz.wilk@nordby.example"
ORDINARY = "kari.nilsen@nordby.example"
DIRECTORY_SCOPES = "https://www.googleapis.com/auth/admin.directory"


def welcome(person: Person, role: str) -> None:
    """Say who one is, such as “I am both”, and go on."""
    person.see("The account service answers")
    person.choose(role, decides="who I am")
    person.picture("welcome")
    person.press("Continue")


def sign_in(person: Person, *, create: bool = False) -> None:
    """Sign in, or up, in the browser; the next page follows by itself or by Continue."""
    if create:
        person.choose("I need an account", decides="an account of my own")
    person.press("Open the sign-in page")
    person.see("You are signed in as", seconds=60)
    person.picture("signed-in")
    person.press("Continue")


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


def workspace(person: Person) -> None:
    """Google Workspace, on the domain of the signed-in address."""
    person.choose("Google Workspace")
    person.picture("workspace")
    person.press("Continue")


def install_app(person: Person) -> None:
    """The app's page in the store, installed by the admin, seen by the service."""
    person.press("Open the app’s page")
    person.see("sees the app", seconds=120)
    person.picture("app-installed")
    person.press("Continue")


def authorize(person: Person, *, seconds: float = 120) -> None:
    """Authorize in the browser until the service says that the connection is active."""
    person.press("Sign in with Google")
    person.see("Google Workspace says Active", seconds=seconds)
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


def run_here(person: Person) -> None:
    """This computer keeps people in step."""
    person.choose("This computer, while I am signed in")
    person.picture("where-it-runs")
    person.press("Use this computer")


def first_sync(person: Person) -> None:
    """The first sync, until it adds up."""
    person.see("are accounted for", seconds=240)
    person.picture("first-sync")
    person.press("Continue")


def hand_over(person: Person, folder: Path) -> None:
    """Save the kit and its resume file, and go to the waiting page."""
    person.press("Save the kit", decides="the kit is saved")
    person.desktop.type(str(folder / "hand-over.html"))
    person.desktop.key("Return")
    person.see("Saved", seconds=30)
    person.picture("kit-saved")
    person.press("It’s handed over", decides="it is handed over")
    person.see("Waiting for IT", seconds=30)
    person.picture("waiting")
