"""Troubles of a set-up that is done: what Home says after a start, and after a sync."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devtools import environments
from devtools.proving import Short
from proofs import google_steps as steps
from proofs.person import Person
from proofs.word_others import STRANGER, kept_answers
from proofs.word_play import LATER, Play, quiet
from proofs.word_starts import data_folder

__all__ = ["at_home"]

_PAGE = "Overview"
_LEAVERS, _MORE = 60, 7
_AGAIN = ("Sync now", "Try again", "Sign in")


def at_home(play: Play) -> None:
    """The window of the path is closed; each start goes on with a copy of its home folder."""
    play.person.close_window()
    if not kept_answers(play.person.home).get("first_sync_done"):
        raise Short("the set-up was not finished, so Home was not looked at")
    for part in (
        _not_a_member,
        _key_refused,
        _settings_unreadable,
        _locked_elsewhere,
        _notes,
        _saved_sign_ins,
        _nothing_kept,
        _somebody_else,
        _key_left,
        _leavers,
    ):
        play.go_on(part)


def _title(code: str) -> str:
    from wizard.content.troubles import trouble_words
    from wizard.core.trouble import Code

    return trouble_words(Code(code), {"service": "Practice organization"}).title


def _copied(play: Play, name: str, *, service: str = steps.OWNER) -> Person:
    """The same person at a computer that holds a copy of what was there."""
    home = play.folder / name / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(play.person.home, home)
    for file in home.rglob("installation.json"):
        # It is to go on as the computer that it was; a mere copy would be another one.
        known = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({"version": 1, "id": known["id"]}), encoding="utf-8")
    return play.newcomer(name, service=service, home=home)


def _unit_folder(play: Play, person: Person) -> Path:
    answers = kept_answers(person.home)
    return data_folder(play, person.home) / str(answers["ou_id"])


def _synced(
    play: Play,
    code: str,
    cause: str,
    ask: Callable[[], None],
    *,
    prepare: Callable[[Person], None] | None = None,
    headline: str = "",
    reason: str = "",
) -> None:
    """Open Home, let something go wrong, sync, and read the headline.

    Where that is another one than the code's title, its `reason` has to stand there first.
    """
    play.context.progress(f"{_PAGE}: {code} …")
    person = _copied(play, code)
    if prepare is not None:
        prepare(person)
    person.open_window(play.organization.profile)
    try:
        person.see("In step", seconds=60)
        ask()
        person.press_first(*_AGAIN)
        if reason:
            person.see(reason, seconds=90)
        title = headline or _title(code)
        play.table.see_words(
            person, code, title, page=_PAGE, cause=cause, seconds=90, opens_help=True
        )
    finally:
        play.organization.ask("clear-faults")
        quiet(person)


def _fault(play: Play, path: str, **more: object) -> Callable[[], None]:
    unit = kept_answers(play.person.home)["ou_id"]
    whole = f"/v1/organizational_units/{unit}{path}"
    fault = {"stand_in": "account", "path_prefix": whole, "times": 0, **more}
    return lambda: void(play.organization.ask("faults", [fault]))


def void(_answer: object) -> None:
    """What is asked for its effect alone."""


def _key_refused(play: Play) -> None:
    hired = _fault(play, "/scim/v2", status=401)

    def ask() -> None:
        play.organization.ask("hire")
        hired()

    _synced(play, "provisioning-token-revoked", "the key that the sync writes with", ask)


def _not_a_member(play: Play) -> None:
    """An owner took the person out: the service lists no unit of theirs any more."""
    code = "not-a-member"
    play.context.progress(f"{_PAGE}: {code} …")
    person = _copied(play, code)
    play.organization.ask(
        "faults",
        [
            {
                "stand_in": "account", "method": "GET", "path_prefix": "/v1/organizational_units",
                "status": 200, "body": '{"items": []}', "times": 0,
            }
        ],
    )  # fmt: skip
    person.open_window(play.organization.profile)
    try:
        play.table.see_words(
            person, code, _title(code), page=_PAGE, cause="an owner removed them", in_a_line=True
        )
    finally:
        play.organization.ask("clear-faults")
        quiet(person)


def _settings_unreadable(play: Play) -> None:
    """The service tells no settings, and those that were kept are older than a day."""
    from wizard.core.clock import to_text

    code = "settings-unreadable"
    answers = kept_answers(play.person.home)
    settings = (
        f"/v1/organizational_units/{answers['ou_id']}"
        f"/organization_accounts/{answers['organization_account_id']}/settings"
    )
    long_ago = to_text(datetime.now(UTC) - timedelta(days=2))

    def older(person: Person) -> None:
        file = _database(data_folder(play, person.home))
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE connection SET settings_read_at = ?", (long_ago,))

    def ask() -> None:
        fault = {"stand_in": "account", "path_prefix": settings, "times": 0, "retry_after": LATER}
        play.organization.ask("faults", [fault])

    cause = "no settings are told, and those kept are two days old"
    _synced(
        *(play, code, cause, ask),
        prepare=older,
        headline="Waiting for the network",
        reason="didn’t give us the settings",
    )


def _locked_elsewhere(play: Play) -> None:
    """Another copy syncs on this computer right now."""
    from wizard.core.locks import FileLock

    code = "sync-already-running"
    person = _copied(play, code)
    lock = FileLock(_unit_folder(play, person) / "sync.lock")
    lock.acquire(seconds=0)
    play.context.progress(f"{_PAGE}: {code} …")
    person.open_window(play.organization.profile)
    try:
        person.see("In step", seconds=60)
        person.press_first(*_AGAIN)
        play.table.see_words(
            person, code, _title(code), page=_PAGE, cause="another copy syncs", seconds=90
        )
    finally:
        lock.release()
        quiet(person)


# -------------------------------------------------------------------- files


def _start(play: Play, code: str, cause: str, harm: Callable[[Path], None], *more: str) -> None:
    """Harm a file of the set-up, start, and read the line above the page."""
    play.context.progress(f"{_PAGE}: {code} …")
    person = _copied(play, code)
    harm(data_folder(play, person.home))
    person.open_window(play.organization.profile, *more)
    try:
        play.table.see_words(
            person, code, _title(code), page=_PAGE, cause=cause, seconds=90, in_a_line=True
        )
    finally:
        quiet(person)


def _database(folder: Path) -> Path:
    return next(iter(folder.glob("*/*.db")))


def _notes(play: Play) -> None:
    def overwrite(folder: Path) -> None:
        file = _database(folder)
        for beside in file.parent.glob(f"{file.name}-*"):
            beside.unlink()
        file.write_bytes(b"not what it was" * 1000)

    def later(folder: Path) -> None:
        with closing(sqlite3.connect(_database(folder))) as database:
            database.execute("PRAGMA user_version = 999")

    _start(play, "database-damaged", "the file was overwritten", overwrite)
    _start(play, "database-too-new", "a later version wrote the file", later)
    held: list[sqlite3.Connection] = []

    def occupy(folder: Path) -> None:
        database = sqlite3.connect(_database(folder), isolation_level=None)
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        held.append(database)

    try:
        _start(play, "database-busy", "another program keeps the file in use", occupy)
    finally:
        for database in held:
            database.close()


def _saved_sign_ins(play: Play) -> None:
    def overwrite(folder: Path) -> None:
        (folder / "vault").write_bytes(b"not what it was")

    _start(play, "vault-damaged", "the file was overwritten", overwrite)


def _nothing_kept(play: Play) -> None:
    code = "sign-in-needed"
    play.context.progress(f"{_PAGE}: {code} …")
    person = _copied(play, code)
    person.open_window(play.organization.profile, "--forget")
    try:
        person.press("Sync now", seconds=60)
        play.table.see_words(
            person, code, _title(code), page=_PAGE, cause="nothing was kept", opens_help=True
        )
    finally:
        quiet(person)


def _somebody_else(play: Play) -> None:
    """Somebody who owns nothing of the unit that is set up here signs in at this computer."""
    code = "set-up-stands"
    play.context.progress(f"{_PAGE}: {code} …")
    person = _copied(play, code, service=STRANGER)
    person.be(sign_up=True, name="Mira Lund")
    person.open_window(play.organization.profile, "--forget")
    try:
        person.press("Sign in", seconds=60)
        person.see("Nothing here changes meanwhile")
        person.press_rightmost("Sign in")
        play.table.see_words(
            person,
            code,
            "It was set up by",
            page="Sign in again",
            cause="somebody who owns nothing of the unit signs in",
            in_a_line=True,
        )
    finally:
        quiet(person)


def _key_left(play: Play) -> None:
    """The set-up is erased here while the service takes nothing back."""
    code = "provisioning-token-left"
    play.context.progress(f"Settings: {code} …")
    person = _copied(play, code)
    person.open_window(play.organization.profile)
    try:
        person.see("In step", seconds=60)
        person.choose("Settings")
        person.press("Erase this set-up")
        name = str(kept_answers(person.home)["ou_name"])
        person.write("Type the name of the organizational unit", name)
        fault = {"stand_in": "account", "path_prefix": "/v1/", "method": "DELETE", "times": 0}
        play.organization.ask("faults", [{**fault, "retry_after": LATER}])
        person.press("Erase")
        play.table.see_words(
            person,
            code,
            "A key of this computer is still good",
            page="Settings",
            cause="the service could not be told to end it",
            seconds=90,
            in_a_line=True,
        )
    finally:
        play.organization.ask("clear-faults")
        quiet(person)


# -------------------------------------------------------------------- many leavers


def _leavers(play: Play) -> None:
    """Half of the people leave; while somebody decides, more leave and another sync sees them."""
    play.context.progress(f"{_PAGE}: guard-stopped …")
    person = play.person
    person.open_window(play.organization.profile)
    person.see("In step", seconds=60)
    play.organization.ask("let-go", {"count": _LEAVERS})
    person.press_first(*_AGAIN)
    person.press("Decide", seconds=90)
    node = person.see("This sync would deactivate")
    play.table.see_words(
        person,
        "guard-stopped",
        node.words.splitlines()[0],
        page=_PAGE,
        cause="half of the people left at once",
        opens_help=True,
    )
    play.context.progress(f"{_PAGE}: approval-outdated …")
    count = re.search(r"deactivate (\d+)", node.words)
    if count is None:
        raise Short(f"no number of people is told: {node.words}")
    play.organization.ask("let-go", {"count": _MORE})
    _sync_beside(play, person)
    person.write("Type the number of people", count[1])
    person.press(f"Deactivate {count[1]} people")
    play.table.see_words(
        person,
        "approval-outdated",
        _happened("approval-outdated"),
        page=_PAGE,
        cause="more people left meanwhile",
        in_a_line=True,
    )


def _happened(code: str) -> str:
    """How the sentence of a code begins, before its first fact."""
    from wizard.content.troubles import TABLE
    from wizard.core.trouble import Code

    return str(TABLE[Code(code)].happened).partition("{")[0].strip()


def _sync_beside(play: Play, person: Person) -> None:
    """A sync by the command line, on the same home folder."""
    subprocess.run(
        [
            str(play.context.python), "-m", "wizard", "sync",
            "--profile", str(play.organization.profile), "--home", str(person.home),
        ],
        check=False,
        cwd=play.context.root,
        env={**environments.variables(), **play.desktop.environment},
        capture_output=True,
        timeout=120,
    )  # fmt: skip
