"""The proof that no secret of a whole session is left, shown or sent where it does not belong."""

from __future__ import annotations

import json
import secrets
import shutil
import ssl
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from devtools import debian
from devtools.proving import Context, Figures, Short
from proofs import hostile_tests
from proofs.desktop import install
from proofs.outside import Proxy
from proofs.secret_commands import GIVEN, Commands
from proofs.secret_control import control
from proofs.secret_search import Found, Searcher, Secret
from proofs.secret_session import Session, Witnessed, session_around, walk
from proofs.secret_watch import Births, Process, Processes, modes_below

SAYS = (
    "In a full session, window and command line, every token, code, state, passphrase, password "
    "and cookie that occurs is taken down at the other side and searched for, in every spelling, "
    "in logs, support file, report, databases, kit, moved set-up, process list, crash output, "
    "core files, clipboard and browser history: none found. Every file is its owner's alone from "
    "its first byte. Forged, replayed and foreign callbacks and hostile files are refused."
)

_PEOPLE = 40
_KINDS = frozenset(
    {"access_token", "refresh_token", "id_token", "token", "code", "code_verifier", "state",
     "nonce", "cookie", "password", "vault key"}
)  # fmt: skip
"""What a session has to bring to light, or the witness was blind."""
_REFUSED = 400
"""Where a code was used already (RFC 6749 section 5.2)."""
_IN_ADDRESS = frozenset({"state", "nonce"})
"""What stands in the address that a browser is started with, where everybody sees it: worthless
without the proof key, which never leaves the program."""
_PRINTED = "the address that sign-in --paste prints"
_STARTED = "the command line of the browser"
_GIVEN = "the environment of whoever named a proxy there"
_HISTORY = "the browser's history file"
_BELONGS = {
    _PRINTED: _IN_ADDRESS,
    _STARTED: _IN_ADDRESS,
    _GIVEN: frozenset({"proxy password"}),
    _HISTORY: frozenset({"code"}),
}
"""Places of others where a secret stands because a person, or the sign-in itself, puts it there.
A browser keeps every address that it was sent on from: its codes are spent."""


def run(context: Context) -> Figures:
    """Be sure of the search, play the session, look everywhere, then run the hostile tests."""
    install()
    lacking = debian.lacking_programs({"chromium": "chromium"})
    debian.install_or_name(lacking, because="This proof signs in with a real browser.")
    shutil.rmtree(context.folder, ignore_errors=True)
    context.folder.mkdir(parents=True)
    figures: dict[str, object] = {"control": control(context.folder / "control")}
    began = time.monotonic()
    marker = secrets.token_hex(8)
    with Witnessed(context, context.folder / "other-side", people=_PEOPLE) as organization:
        session = Session(
            context=context, organization=organization, folder=context.folder / "session"
        )
        people = session.place("people")
        with (
            session_around(marker, session),
            Processes(marker) as processes,
            Births(people) as births,
        ):
            commands = _play(session, figures)
        known = [*organization.secrets(), *GIVEN, *session.keys]
        _judge_support(session, organization, figures)
        figures["codes_sent_once_more"] = replayed = Counter(organization.replayed())
        if set(replayed) != {_REFUSED}:
            raise Short("a code is good for more than once", figures)
    figures["session_seconds"] = round(time.monotonic() - began, 1)
    figures["exit_codes"] = commands.codes
    _judge_witness(known, figures)
    _judge(session, processes, known, figures)
    _judge_modes(people, births, figures)
    context.progress("Hostile input …")
    figures["hostile"] = hostile_tests.run(context)
    return figures


def _play(session: Session, figures: dict[str, object]) -> Commands:
    context = session.context
    commands = Commands(session)
    home = walk(session)
    context.progress("The command line beside it …")
    commands.beside_window(home)
    crashes = commands.crash_at_start(home)
    context.progress("Moved to a server, and a service there …")
    server = commands.move(home)
    commands.service(server)
    context.progress("Signing in by carried addresses, and through a proxy …")
    commands.paste()
    with Proxy(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as proxy:
        commands.proxy(proxy)
    figures["mistakes_with_secrets"] = {"window": session.planted, "command_line": crashes}
    return commands


def _judge_support(session: Session, organization: Witnessed, figures: dict[str, object]) -> None:
    """The file for support names nobody."""
    told = (session.folder / "files" / "support.txt").read_text(encoding="utf-8").casefold()
    named = [
        address
        for address in (str(one["userName"]) for one in organization.accounts())
        if address.casefold() in told
    ]
    figures["support_file"] = {"letters": len(told), "people_named": len(named)}
    if named:
        raise Short("the support file names people", {**figures, "named": named[:5]})


def _judge_witness(known: list[Secret], figures: dict[str, object]) -> None:
    counted = Counter(secret.kind for secret in known)
    figures["secrets"] = dict(sorted(counted.items()))
    if missing := sorted(_KINDS - counted.keys()):
        raise Short("the session had no such secrets, or nobody saw them", {"kinds": missing})


def _judge(
    session: Session, processes: Processes, known: list[Secret], figures: dict[str, object]
) -> None:
    session.context.progress("Looking everywhere …")
    searcher = Searcher(known)
    folder = session.folder
    seen: set[Found] = set()
    for name in ("people", "desktop", "kit", "files", "here", "temporary"):
        seen |= searcher.in_folder(folder / name)
    seen |= _in_said(searcher, folder / "said")
    seen |= searcher.in_text(session.shown, "window")
    seen |= searcher.in_file(folder / "clipboard.txt", "clipboard")
    seen |= _in_processes(searcher, processes.seen)
    seen |= _browser(folder, known, figures)
    found = {one for one in seen if not _belongs(one)}
    belonging = {place: set[str]() for place in _BELONGS}
    for one in seen - found:
        belonging[one.place.partition(" ›")[0]].add(one.kind)
    figures |= {
        "needles": searcher.needles,
        "searched": {
            "mebibytes": round(searcher.bytes_seen / 2**20, 1),
            "files": searcher.files_seen,
            "databases": searcher.databases_seen,
            "packed": searcher.packed_seen,
            "command_lines": len(processes.seen),
            "looks_at_processes": processes.looks,
            "lines_of_the_window": len(session.shown),
            "log_lines": _lines(folder / "people"),
        },
        "seen_where_they_belong": {place: sorted(kinds) for place, kinds in belonging.items()},
        "core_files": sorted(path.name for path in (folder / "here").glob("core*")),
        "found": len(found),
    }
    if found or figures["core_files"]:
        told = [f"{one.kind} ({one.spelling}) in {one.place}" for one in sorted(found)]
        raise Short("secrets are left where they don't belong", {**figures, "where": told[:60]})
    if blind := sorted(place for place, kinds in belonging.items() if not kinds):
        raise Short("the search saw nothing where something is", {**figures, "places": blind})


def _belongs(one: Found) -> bool:
    """Whether this kind has to be seen there; each such place is a check of the search, too."""
    return one.kind in _BELONGS.get(one.place.partition(" ›")[0], frozenset())


def _lines(people: Path) -> int:
    logs = people.glob("*/home/logs/*")
    return sum(path.read_text(encoding="utf-8").count("\n") for path in logs if path.is_file())


def _in_said(searcher: Searcher, folder: Path) -> set[Found]:
    """All that commands said."""
    return {
        one
        for path in sorted(folder.iterdir())
        for one in searcher.in_file(path, _PRINTED if path.name == "paste.err" else path.name)
    }


def _in_processes(searcher: Searcher, seen: Iterable[Process]) -> set[Found]:
    found: set[Found] = set()
    for process in seen:
        if process.program == "xdotool":
            continue  # the hands of this proof, which type what a person types
        browser = b"browser_person.py" in process.words
        place = _STARTED if browser else f"process list: {process.program}"
        found |= searcher.in_bytes(process.words, place)
        given = b"HTTPS_PROXY=" in process.environment
        place = _GIVEN if given else f"environment of {process.program}"
        found |= searcher.in_bytes(process.environment, place)
    return found


def _browser(folder: Path, known: list[Secret], figures: dict[str, object]) -> set[Found]:
    """What stands in address bars, behind Back buttons and in histories.

    No code and no token in the first two. A browser keeps every address that it was sent on
    from in its history file; the codes there were used, and are tried once more in this proof.
    """
    passing = {*_IN_ADDRESS, "cookie", "password"}
    searcher = Searcher(one for one in known if one.kind not in passing)
    bars = [
        json.loads(line)
        for file in sorted((folder / "people").rglob("*.history"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    histories = sorted((folder / "browser").glob("*/Default/History"))
    kept = {one for path in histories for one in searcher.in_file(path, _HISTORY)}
    figures["browser"] = {
        "ends_on": sorted({bar["bar"].split("?")[0].rsplit("/", 1)[-1] for bar in bars}),
        "address_bars": len(bars),
        "histories": len(histories),
    }
    found = {
        one for bar in bars for one in searcher.in_text([bar["bar"], *bar["back"]], "address bar")
    }
    return found | kept


def _judge_modes(people: Path, births: Births, figures: dict[str, object]) -> None:
    wide = {
        name: mode
        for home in sorted(people.glob("*/home"))
        for name, mode in modes_below(home).items()
    }
    loose = {
        str(Path(path).relative_to(people)): why
        for path, why in births.loose.items()
        if "home" in Path(path).relative_to(people).parts
    }
    figures |= {"files_born": births.made, "wide_rights": wide, "loose_at_first": loose}
    if wide or loose:
        raise Short("files are not their owner's alone", figures)
