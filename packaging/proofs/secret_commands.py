"""The command line of a session, each command as talkative as it can be, with all that it said."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from devtools.proving import Short
from proofs import google_steps as steps
from proofs.outside import Manner, Proxy
from proofs.secret_search import Secret
from proofs.secret_session import HARNESS, PHRASE, Session, planted_texts
from wizard.services.scripted_browser import Manners, ScriptedBrowser

__all__ = ["GIVEN", "Commands"]

_WORD = "a server's own words, written down"
_ROAD = "seven wrapped parcels on the road"
_WRONG = "not at all what was agreed upon"
_PROXY = "Kite&Harbor/41 on strings"
GIVEN = (
    Secret(kind="passphrase", value=PHRASE),
    Secret(kind="passphrase", value=_WORD),
    Secret(kind="move passphrase", value=_ROAD),
    Secret(kind="wrong passphrase", value=_WRONG),
    Secret(kind="proxy password", value=_PROXY),
    Secret(kind="proxy password", value=quote(_PROXY, safe="")),
)
"""What people give: typed, in a file of theirs, or in the environment."""
_LIMIT = 120.0
_REAL = """schema = 1
id = "nordby"
name = "Nordby Connect"
kind = "real"
[service]
kind = "enterprise_connect"
api = "https://connect.nordby.example"
issuer = "https://connect.nordby.example"
client_id = "enterprise-connect-setup"
"""


class Commands:
    """Runs commands; `codes` is how each ended, and what it said lies in the folder `said`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said = session.place("said")
        self._given = session.place("given")
        self.codes: dict[str, int] = {}
        self.people = ""

    def _file(self, name: str, words: str) -> Path:
        path = self._given / name
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(words)
        return path

    def _line(
        self, home: Path, words: Sequence[str], *, word: str, profile: Path | None = None
    ) -> list[str]:
        kept = self._file(f"word-{len(word)}", word)
        return [
            str(self._session.context.python), str(HARNESS), "-m", "wizard", *words,
            "--home", str(home),
            "--profile", str(profile or self._session.organization.profile),
            "--passphrase-file", str(kept),
        ]  # fmt: skip

    def run(
        self,
        name: str,
        home: Path,
        *words: str,
        wanted: int | None = 0,
        word: str = PHRASE,
        profile: Path | None = None,
        around: Mapping[str, str] | None = None,
    ) -> str:
        """One command; what it answered."""
        out, err = self._said / f"{name}.out", self._said / f"{name}.err"
        with out.open("w") as answer, err.open("w") as told:
            code = subprocess.run(
                self._line(home, words, word=word, profile=profile),
                check=False,
                env={**os.environ, **(around or {})},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=told,
                timeout=_LIMIT,
            ).returncode
        self.codes[name] = code
        if wanted is not None and code != wanted:
            raise Short(f"{name} ended with {code}: {err.read_text()[-600:]}")
        return out.read_text(encoding="utf-8")

    # ---------------------------------------------------------------- where the window was

    def beside_window(self, home: Path) -> None:
        """Everything that looks at a set-up, a sync of it, and taking that back."""
        organization = self._session.organization
        place = self._session.place("files")
        for name in ("status", "preview", "runs", "problems"):
            self.run(name, home, name, "--json", wanted=None)
        self.run("check", home, "check", wanted=None)
        hired = organization.ask("hire", {})
        self.people = str(hired.get("address") or steps.ORDINARY)
        self.run("sync", home, "sync", "--once", "--log-format", "json")
        told = json.loads(self.run("runs-after", home, "runs", "--last", "1", "--json"))
        self.run("run", home, "runs", str(told["runs"][0]["run_id"]), "--json")
        self.run("explain", home, "explain", steps.ORDINARY, "--json")
        shown = json.loads(self.run("undo-shown", home, "undo", "last", "--preview", "--json"))
        self.run("undo", home, "undo", "last", "--yes", str(shown["undo"]["people"]))
        self.run("wrong-word", home, "check", word=_WRONG, wanted=None)
        self.run("units", home, "service-files", str(self._session.place("files/units")))
        self._if_known("support-file", home, str(place / "support.txt"))
        self._if_known("report", home, str(self._session.place("files/report")))
        self.run("sync-again", home, "sync", "--once", "--json")

    def _if_known(self, name: str, home: Path, *words: str) -> None:
        """A command that may not be there yet."""
        from wizard.cli.commands.registry import COMMANDS

        if any(command.name == name for command in COMMANDS):
            self.run(name, home, name, *words)

    def crash_at_start(self, home: Path) -> int:
        """Commands that end by a mistake of the program's own, with secrets in its words."""
        texts = planted_texts(self._session.organization.secrets())
        kinds = {text[:16]: text for text in texts}
        for number, text in enumerate(kinds.values()):
            file = self._session.folder / f"planted-{number}.jsonl"
            file.write_text(f"{json.dumps(text)}\n", encoding="utf-8")
            around = {"CRASH_WITH": str(file), "CRASH_AT_START": "yes"}
            self.run(f"crash-{number}", home, "status", wanted=1, around=around)
            if "Planted" not in (self._said / f"crash-{number}.err").read_text():
                raise Short("a command did not tell its mistake")
        return len(kinds)

    # ---------------------------------------------------------------- to a server

    def move(self, home: Path) -> Path:
        """Out with a passphrase typed at a terminal, in with one from a file; the new home."""
        file = self._session.place("files") / "set-up.ecsmove"
        line = self._line(home, ["move-out", str(file), "--to", "SERVER01"], word=PHRASE)
        typed = self._at_terminal(line, [_ROAD, _ROAD])
        (self._said / "move-out.terminal").write_bytes(typed)
        if not file.exists():
            raise Short(f"nothing was moved out: {typed[-600:]!r}")
        server = self._session.place("people/server") / "home"
        for name, word, wanted in (("wrong", _WRONG, 5), ("right", _ROAD, 0)):
            kept = str(self._file(f"road-{name}", word))
            self.run(
                f"move-in-{name}", server, "move-in", str(file), "--move-passphrase-file", kept,
                word=_WORD, wanted=wanted,
            )  # fmt: skip
        return server

    def _at_terminal(self, line: Sequence[str], answers: Sequence[str]) -> bytes:
        """Type answers whenever the program asks for them; all that the terminal showed."""
        shown, waiting = b"", list(answers)
        child, terminal = pty.fork()
        if child == 0:
            os.execv(line[0], list(line))  # noqa: S606 - no shell: our own words
        limit = time.monotonic() + _LIMIT
        with suppress(OSError):  # Linux says so when the program has closed its terminal
            while time.monotonic() < limit and (piece := os.read(terminal, 4096)):
                shown += piece
                if waiting and shown.rstrip().endswith(b":") and piece.strip():
                    os.write(terminal, f"{waiting.pop(0)}\n".encode())
        os.close(terminal)
        _, status = os.waitpid(child, 0)
        self.codes["move-out"] = os.waitstatus_to_exitcode(status)
        return shown

    def service(self, home: Path) -> None:
        """A sync that stays, until a fault ends it."""
        log = self._said / "service.jsonl"
        words = ["sync", "--every", "30m", "--log-format", "json"]
        with log.open("w") as told:
            child = subprocess.Popen(
                self._line(home, words, word=_WORD),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                start_new_session=True,
            )
        try:
            limit = time.monotonic() + _LIMIT
            while "run-ended" not in log.read_text(encoding="utf-8"):
                if child.poll() is not None or time.monotonic() > limit:
                    raise Short(f"the service did not sync: {log.read_text()[-600:]}")
                time.sleep(0.1)
            os.kill(child.pid, signal.SIGABRT)
            self.codes["service"] = child.wait(60)
        finally:
            child.kill()
            child.wait()

    # ---------------------------------------------------------------- by carried addresses

    def paste(self) -> None:
        """A sign-in on a new server whose browser is elsewhere, with a forged answer before."""
        home = self._session.place("people/pasted") / "home"
        words = ["sign-in", "--paste", "--workspace", "google"]
        with (self._said / "paste.err").open("w") as told:
            child = subprocess.Popen(
                self._line(home, words, word=_WORD),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=told,
                text=True,
            )
        try:
            self._carry(child)
        finally:
            child.kill()
            child.wait()
        self.run("sign-out", home, "sign-out", word=_WORD)

    def _carry(self, child: subprocess.Popen[str]) -> None:
        file = self._said / "paste.err"
        browser = ScriptedBrowser(Manners(person=steps.OWNER), stuck=lambda _reason: None)
        if child.stdin is None:
            raise Short("nothing can be pasted")
        for number, person in enumerate((steps.OWNER, steps.ADMIN)):
            browser.manners = Manners(person=person)
            answer = browser.carried(self._address(child, file, number))
            begin, _, query = answer.partition("?")
            parts = [
                "state=of-another-one" if one.startswith("state=") else one
                for one in query.split("&")
            ]
            child.stdin.write(f"{begin}?{'&'.join(parts)}\n{answer}\n")
            child.stdin.flush()
        child.stdin.close()
        self.codes["paste"] = child.wait(60)
        if self.codes["paste"]:
            raise Short(f"sign-in --paste ended badly: {file.read_text()[-800:]}")

    def _address(self, child: subprocess.Popen[str], file: Path, number: int) -> str:
        limit = time.monotonic() + _LIMIT
        while time.monotonic() < limit and child.poll() is None:
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            found = [one.strip() for one in lines if one.startswith("  http") and one[-1] == "\n"]
            if len(found) > number:
                return found[number]
            time.sleep(0.1)
        raise Short(f"no address was printed: {file.read_text()[-600:]}")

    # ---------------------------------------------------------------- through a proxy

    def proxy(self, proxy: Proxy) -> None:
        """A real profile behind a proxy that wants a password, and does not like this one."""
        home = self._session.place("people/proxy") / "home"
        profile = self._given / "nordby.toml"
        profile.write_text(_REAL, encoding="utf-8")
        proxy.manner = Manner.BASIC
        address = f"http://ana:{quote(_PROXY, safe='')}@{proxy.address}"
        around = {"HTTPS_PROXY": address, "HTTP_PROXY": address}
        for name, words in (
            ("proxy-check", ["check", "--trust-profile"]),
            ("proxy-sign-in", ["sign-in", "--no-browser", "--trust-profile", "--json"]),
        ):
            self.run(name, home, *words, word=_WORD, profile=profile, around=around, wanted=None)
