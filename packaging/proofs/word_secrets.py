"""Where sign-ins are kept: a password store that is locked, silent or missing, and a passphrase."""

from __future__ import annotations

import subprocess

from proofs import google_steps as steps
from proofs.person import BUTTON, Person
from proofs.word_play import Play, quiet

__all__ = ["saved_sign_ins"]

_PAGE = "Sign in"
_NEXT = "Organizational unit"
"""Where the window goes by itself once somebody is signed in, and comes back to."""
_HIDDEN = "password text"
"""A field that shows dots, as assistive technology calls it."""
_OPEN = "Open the sign-in page"
_PHRASE = "nine invented words in a row"
_NO_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
"""How an administrator says that a computer has no password store to use."""
_COLLECTION = "/org/freedesktop/secrets/collection/login"


def saved_sign_ins(play: Play) -> None:
    """Two people: one whose password store is locked and silent, one who has none."""
    _locked_and_silent(play)
    _none_there(play)


def _at_sign_in(person: Person) -> None:
    steps.welcome(person, "I am both")
    person.press(_OPEN)


def _locked_and_silent(play: Play) -> None:
    """The store asks for its password in a window of its own: nobody answers, then somebody
    presses Cancel there.
    """
    context, table = play.context, play.table
    person = play.newcomer("locked-store", service=steps.OWNER)
    person.open_window(play.organization.profile)
    try:
        context.progress(f"{_PAGE}: keyring-timeout …")
        _lock(play)
        _at_sign_in(person)
        table.see_words(
            person,
            "keyring-timeout",
            "Is a window asking for your password?",
            page=_PAGE,
            cause="it asks for its password, and nobody answers",
        )
        play.desktop.cancel_prompt()
        context.progress(f"{_PAGE}: keyring-locked …")
        person.press("Try again")
        play.desktop.cancel_prompt()
        table.see_words(
            person,
            "keyring-locked",
            "The password store is locked",
            page=_PAGE,
            cause="it asks for its password, and somebody presses Cancel",
        )
    finally:
        quiet(person)


def _lock(play: Play) -> None:
    """Lock the store as a desktop does when its person leaves."""
    subprocess.run(
        [
            "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
            f"array:objpath:{_COLLECTION}",
        ],
        check=True,
        env=play.desktop.environment,
        capture_output=True,
    )  # fmt: skip


def _none_there(play: Play) -> None:
    context, table = play.context, play.table
    person = play.newcomer("no-store", service=steps.OWNER)
    person.open_window(play.organization.profile, around=_NO_STORE)
    try:
        context.progress(f"{_PAGE}: keyring-missing …")
        _at_sign_in(person)
        table.see_words(
            person,
            "keyring-missing",
            "How should we keep your sign-in?",
            page=_PAGE,
            cause="there is none",
        )
        person.choose("Set a passphrase")
        person.write("New passphrase", _PHRASE, role=_HIDDEN)
        person.write("The same once more", _PHRASE, role=_HIDDEN)
        person.press("Set the passphrase", role=BUTTON)
        person.see("You are signed in as", seconds=60)
        person.close_window()
        person.open_window(play.organization.profile, around=_NO_STORE)
        play.desktop.painted()
        context.progress(f"{_NEXT}: vault-locked …")
        table.see_words(
            person,
            "vault-locked",
            "Your saved sign-ins are locked",
            page=_NEXT,
            cause="a new start, and the passphrase was not given",
        )
        context.progress(f"{_NEXT}: passphrase-wrong …")
        person.write("Your passphrase", "quite another one", role=_HIDDEN)
        person.press("Unlock")
        table.see_words(
            person,
            "passphrase-wrong",
            "This isn’t the passphrase",
            page=_NEXT,
            cause="another one was typed",
            in_a_line=True,
        )
    finally:
        quiet(person)
