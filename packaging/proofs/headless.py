"""The proof that a server without a desktop signs in, keeps in step, and takes a set-up over."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from devtools import debian
from devtools.fresh_root import fresh_root
from devtools.proving import Context, Figures, Short
from proofs import google_steps as steps
from proofs.bare_server import END, KILL, PASSPHRASE, Server, Supervised
from proofs.desktop import Desktop, install
from proofs.organization import Organization, judge
from proofs.person import Person
from wizard.services.scripted_browser import Manners, ScriptedBrowser

SAYS = (
    "A bare Debian without display, D-Bus, keyring and Qt: sign-in --paste with a browser "
    "elsewhere, to a periodic sync that a service manager ends, kills and starts again; then a "
    "set-up that a real window made is moved in: the old computer has lost lease and tokens, by "
    "the service's word and in its vault, and the new one writes."
)

_PEOPLE = 120
_WORD = "a sentence for the road"
_PHASES = ("read", "compare", "write")
_HIRED = 5
_TRIES = 5
_ELSEWHERE = 6
_SIGN_IN = 5
_KEPT = """
import sys
from pathlib import Path
from wizard.core.cancel import Cancel
from wizard.services.environment import Options, open_workbench
from wizard.services.keeping import sign_ins
bench = open_workbench(Options(profile=sys.argv[1], home=Path(sys.argv[2])))
print(len(sign_ins(bench.engine.ground.vault(Cancel()))), bench.engine.ground.installation.id)
bench.close()
"""


def run(context: Context) -> Figures:
    """Make the server, set one organization up by pasting, and move another one in."""
    install()
    lacking = debian.lacking_programs({"chromium": "chromium"})
    debian.install_or_name(lacking, because="This proof signs in with a real browser.")
    shutil.rmtree(context.folder, ignore_errors=True)
    context.folder.mkdir(parents=True)
    figures: dict[str, object] = {}
    context.progress("Making a bare Debian …")
    with fresh_root(context.folder / "root") as root:
        server = Server(context, root)
        figures |= server.prepare()
        with Organization(context, context.folder / "one", people=_PEOPLE) as organization:
            _pasted(context, server, organization, figures)
        with Organization(context, context.folder / "two", people=_PEOPLE) as organization:
            _moved(context, server, organization, figures)
    return figures


# -------------------------------------------------------------------------- pasted


def _pasted(
    context: Context, server: Server, organization: Organization, figures: dict[str, object]
) -> None:
    options = server.words(organization, "/var/lib/pasted")
    context.progress("Signing in by addresses that are carried …")
    figures["refused_addresses"] = _sign_in(server, options)
    _status(server, options, figures)
    organization.ask("settings-as-somebody-else", {"settings": {"enabled": True}})
    code, said = server.run("preview", *options)
    if code != 0:
        raise Short(f"the preview ended with {code}: {said[-500:]}", figures)
    context.progress("The sync as a service …")
    unit = Supervised(server, server.unit_command(options), context.folder / "service.jsonl")
    try:
        _restarts(context, organization, unit, figures)
    finally:
        unit.close()
    lines = unit.lines()
    text = json.dumps(lines)
    figures |= {
        "log_lines": len(lines),
        "events": sorted({str(line["event"]) for line in lines}),
        "starts": unit.starts,
    }
    wanted = {"time", "level", "event", "run", "code", "message"}
    if any(not wanted <= line.keys() for line in lines):
        raise Short("a line of the log lacks a field", figures)
    if PASSPHRASE in text or "@nordby.example" in text.replace("…@nordby.example", ""):
        raise Short("the log tells what it must not", figures)


def _sign_in(server: Server, options: list[str]) -> int:
    """Sign in at the service and at Google; how many wrong addresses were refused in words."""
    kept = ["--passphrase-file", "/etc/enterprise-connect/passphrase"]
    words = ["sign-in", "--paste", "--workspace", "google", *options, *kept]
    child = server.start(words, out=subprocess.PIPE)
    browser = ScriptedBrowser(Manners(person=steps.OWNER), stuck=lambda _reason: None)
    told: list[str] = []
    try:
        answer = browser.carried(_address(child, told))
        begin, _, query = answer.partition("?")
        stolen = "&".join(
            "state=of-another-one" if part.startswith("state=") else part
            for part in query.split("&")
        )
        _type(child, "https://elsewhere.example/", f"{begin}?{stolen}", answer)
        browser.manners = Manners(person=steps.ADMIN)
        _type(child, browser.carried(_address(child, told)))
        said, _ = child.communicate(timeout=120)
        told.append(said)
    finally:
        child.kill()
        child.wait()
    whole = "".join(told)
    refused = [one for one in ("isn’t the address we need", "of another sign-in") if one in whole]
    if child.returncode != 0 or len(refused) < 2:
        raise Short(f"sign-in --paste ended with {child.returncode}: {whole[-1200:]}")
    return len(refused)


def _address(child: subprocess.Popen[str], told: list[str]) -> str:
    for line in child.stdout or ():
        told.append(line)
        if line.startswith("  http"):
            return line.strip()
    raise Short(f"no address was printed: {''.join(told)[-800:]}")


def _type(child: subprocess.Popen[str], *lines: str) -> None:
    if child.stdin is None:
        raise Short("nothing can be pasted")
    for line in lines:
        child.stdin.write(f"{line}\n")
    child.stdin.flush()


def _status(server: Server, options: list[str], figures: dict[str, object]) -> None:
    _, said = server.run("status", "--json", *options)
    status = json.loads(said.splitlines()[-1])
    figures["signed_in"], figures["connected"] = status["signed_in"], status["connected"]
    if not (status["signed_in"] and status["connected"]):
        raise Short("the sign-in was not kept", figures)


def _restarts(
    context: Context, organization: Organization, unit: Supervised, figures: dict[str, object]
) -> None:
    unit.start()
    unit.run_ended(after=0)
    _exact(organization, figures, "first")
    for name in ("google", "account"):
        path = "/admin" if name == "google" else "/v1"
        organization.ask("latency", {"stand_in": name, "path_prefix": path, "ms": 60})
    codes = []
    missed = 0
    for phase in _PHASES:
        context.progress(f"Ended in order, then killed in {phase} …")
        codes.append(unit.end(END))
        missed += _kill_inside(organization, unit, phase)
        seen = len(unit.lines())
        unit.start()
        unit.run_ended(after=seen)
        _exact(organization, figures, f"after a kill in {phase}")
    figures |= {"killed_in": list(_PHASES), "kills_that_came_too_late": missed}
    organization.ask("clear-faults")
    codes.append(unit.end(END))
    figures["exit_codes_when_ended"] = codes
    if set(codes) != {130}:
        raise Short("the unit did not end in order", figures)


def _kill_inside(organization: Organization, unit: Supervised, phase: str) -> int:
    """Kill the unit in this phase of a run; how many kills came after the end of one.

    Only a moment inside a run counts: where the log tells that it ended, another run is begun.
    """
    for missed in range(_TRIES):
        for _ in range(_HIRED):
            organization.ask("hire", {})
        seen = len(unit.lines())
        unit.start()
        unit.wait(f"the phase {phase}", _at(phase), after=seen)
        unit.end(KILL)
        told = unit.lines()[seen:]
        if any(map(_at(phase), told)) and not any(line["event"] == "run-ended" for line in told):
            return missed
    raise Short(f"no kill came inside a run, in {phase}")


def _at(phase: str) -> Callable[[dict[str, object]], bool]:
    """Whether a line tells that the run has come to a phase."""
    return lambda line: line["event"] == "phase" and line.get("phase") == phase


def _exact(organization: Organization, figures: dict[str, object], when: str) -> None:
    verdict = judge(organization)
    figures |= verdict
    if verdict["missing"] or verdict["doubled"] or verdict["strangers"]:
        raise Short(f"the accounts are not exact, {when}", figures)


# -------------------------------------------------------------------------- moved


def _moved(
    context: Context, server: Server, organization: Organization, figures: dict[str, object]
) -> None:
    place = context.folder / "window"
    place.mkdir()
    with Desktop(place, size="1100x720") as desktop:
        old = _Old(context, desktop, organization, place / "home")
        context.progress("A set-up in the real window …")
        old.set_up()
        lease = _lease(organization)
        figures["old_held_the_lease"] = lease == old.kept()[1]
        copied = place / "copied"
        shutil.copytree(old.home, copied)
        file = place / "set-up.ecsmove"
        context.progress("Moving it out …")
        old.move_out(file)
        kept, _ = old.kept()
        code, said = old.command("sync", "--once")
        figures |= {
            "old_sign_ins_kept": kept,
            "old_sync_exit_code": code,
            "old_says": [line.strip() for line in said.splitlines() if "SERVER01" in line],
            "lease_after_move_out": _lease(organization),
        }
        if kept or code != _ELSEWHERE or not figures["old_says"] or _lease(organization):
            raise Short("the old computer has not lost lease and tokens", figures)
        context.progress("Moving it in …")
        _move_in(server, organization, file, figures)
        _old_tokens_are_dead(organization, old, copied, figures)
        context.progress("The new one goes on …")
        _new_writes(server, organization, lease, figures)


class _Old:
    """The computer with the window, and commands in the same session beside it."""

    def __init__(
        self, context: Context, desktop: Desktop, organization: Organization, home: Path
    ) -> None:
        self._context = context
        self._desktop = desktop
        self._profile = organization.profile
        self.home = home
        self._word = home.parent / "word"
        self._word.write_text(_WORD, encoding="utf-8")
        self._word.chmod(0o600)

    def set_up(self) -> None:
        """Everything, from welcome to the first sync, by the window's own pages."""
        person = Person(self._context, self._desktop, self.home, service=steps.OWNER)
        person.open_window(self._profile)
        try:
            steps.welcome(person, "I am both")
            steps.sign_in(person)
            steps.unit(person)
            person.be(google=steps.ADMIN)
            steps.workspace(person)
            steps.install_app(person)
            steps.authorize(person)
            steps.scope_everyone(person)
            steps.preview(person)
            steps.provisioning(person)
            steps.run_here(person)
            steps.first_sync(person)
            code = person.close_window()
        finally:
            person.leave()
        if code:
            raise Short("the window did not end in order")

    def _ask(self, command: list[str]) -> tuple[int, str]:
        done = subprocess.run(
            command,
            check=False,
            cwd=self._context.root,
            env={**self._desktop.environment, "PYTHONPATH": str(self._context.root)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
        )
        if "Traceback" in done.stderr:
            raise Short(f"a command met a mistake of the program's own: {done.stderr[-800:]}")
        return done.returncode, done.stdout + done.stderr

    def command(self, *words: str, home: Path | None = None) -> tuple[int, str]:
        """A command of the program on this computer, with its keyring."""
        shared = ["--profile", str(self._profile), "--home", str(home or self.home)]
        return self._ask([sys.executable, "-m", "wizard", *words, *shared])

    def kept(self) -> tuple[int, str]:
        """How many sign-ins its vault holds, and the id of the installation."""
        _, said = self._ask([sys.executable, "-c", _KEPT, str(self._profile), str(self.home)])
        number, installation = said.split()[:2]
        return int(number), installation

    def move_out(self, file: Path) -> None:
        """Move the set-up into a file; nothing else is there before."""
        code, said = self.command(
            "move-out", str(file), "--to", "SERVER01", "--move-passphrase-file", str(self._word)
        )
        if code != 0 or not file.exists():
            raise Short(f"move-out ended with {code}: {said[-800:]}")


def _rows(organization: Organization, question: str) -> list[tuple[object, ...]]:
    """What the practice service holds, read beside it."""
    path = organization.profile.parent / "account.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as rows:
        return [tuple(row) for row in rows.execute(question).fetchall()]


def _lease(organization: Organization) -> str:
    """The installation that holds the lease by the service's word, '' for none."""
    held = _rows(organization, "SELECT installation FROM leases")
    return str(held[0][0]) if held else ""


def _move_in(
    server: Server, organization: Organization, file: Path, figures: dict[str, object]
) -> None:
    before = _rows(organization, "SELECT id FROM provisioning_tokens")
    there = server.take(file, "set-up.ecsmove")
    word = server.take(file.with_name("word"), "word")
    options = [*server.words(organization, "/var/lib/moved"), "--json"]
    wrong, said = server.run(
        "move-in", there, "--move-passphrase-file", "/etc/enterprise-connect/passphrase", *options
    )
    if wrong != _SIGN_IN or "passphrase-wrong" not in said:
        raise Short(f"a wrong passphrase ended with {wrong}: {said[-500:]}", figures)
    code, said = server.run("move-in", there, "--move-passphrase-file", word, *options)
    view = json.loads(said.splitlines()[-1])
    figures["moved_in"] = view
    if code != 0 or not (view["syncs_here"] and view["renewed"]):
        raise Short(f"move-in ended with {code}", figures)
    after = _rows(organization, "SELECT id FROM provisioning_tokens")
    figures["provisioning_tokens"] = {"before": len(before), "after": len(after)}
    if len(after) != 1 or after == before:
        raise Short("the old provisioning token still works", figures)


def _old_tokens_are_dead(
    organization: Organization, old: _Old, copied: Path, figures: dict[str, object]
) -> None:
    """A copy of the old home from before the move can neither write nor sign in."""
    code, said = old.command("sync", "--once", "--json", home=copied)
    figures["copy_of_old_sync"] = [code, json.loads(said.splitlines()[-1])]
    if code != _SIGN_IN:
        raise Short("a copy of the old computer still syncs", figures)
    organization.ask("expire-tokens", {"stand_in": "account"})
    # It has to ask for a new sign-in, and nobody pastes an address.
    code, said = old.command("sign-in", "--paste", home=copied)
    ended = _rows(organization, "SELECT count(*) FROM grants WHERE ended IS NOT NULL")
    figures["copy_of_old_sign_in"] = [code, "Open this address" in said]
    figures["sign_ins_ended_by_reuse"] = ended[0][0]
    if code != _SIGN_IN or "Signed in as" in said or not ended[0][0]:
        raise Short("the old refresh token was not refused", figures)


def _new_writes(
    server: Server, organization: Organization, was: str, figures: dict[str, object]
) -> None:
    organization.ask("hire", {})
    options = server.words(organization, "/var/lib/moved")
    code, said = server.run("sync", "--once", "--json", *options)
    told = json.loads(said.splitlines()[-1])
    figures["new_sync"] = {"exit_code": code, "outcome": told.get("outcome")}
    figures["new_holds_the_lease"] = _lease(organization) not in {"", was}
    if code != 0 or told["done"]["create"] != 1 or not figures["new_holds_the_lease"]:
        raise Short("the new computer did not write", {**figures, "said": told})
    _exact(organization, figures, "after the move")
