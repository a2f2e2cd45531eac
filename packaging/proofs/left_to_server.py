"""A server that is set up by the window's own three commands, while the window still syncs."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from devtools import environments
from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.computers import Staying, Workbench
from proofs.organization import Organization, judge, writes_between

__all__ = ["story"]

_PEOPLE = 60
_SPEED = 100
"""The server's half hour takes 20 seconds, which is when its clock is looked at."""
_RUNS = 2
_PASSPHRASE = "six slow boats past the pier"  # noqa: S105 - of an invented vault
_HARNESS = Path(__file__).with_name("left_to_server_harness.py")
_LIMIT = 120.0


class _Server:
    """A computer at whose command line somebody types what the window told them."""

    def __init__(self, context: Context, place: Path) -> None:
        self._context = context
        self._place = place
        self._starts = 0
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(place / "passphrase.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(_PASSPHRASE)

    def _words(self, command: str, speed: int) -> list[str]:
        program, *words = shlex.split(command)
        if program != "enterprise-connect":
            raise Short(f"the window tells a server to run {program}")
        return [str(self._context.python), str(_HARNESS), str(speed), *words, "--json"]

    def type(self, command: str) -> None:
        """Run a command that must work."""
        done = subprocess.run(
            self._words(command, 1),
            check=False,
            cwd=self._place,
            env=environments.variables(PYTHONPATH=str(self._context.root)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
        )
        if done.returncode:
            raise Short(f"{command} ended with {done.returncode}: {done.stderr[-800:]}")

    def stay(self, command: str) -> Staying:
        """Run a command that stays."""
        self._starts += 1
        said = self._place / f"says-{self._starts}.jsonl"
        return Staying(self._context, self._words(command, _SPEED), said, place=self._place)


def story(context: Context, folder: Path) -> Figures:
    """Set the server up, leave the sync to it, restart it, let the lease lapse; what came of it."""
    figures: dict[str, object] = {"people": _PEOPLE}
    with Organization(context, folder / "organization", people=_PEOPLE) as organization:
        office = Client(context, folder / "office", organization)
        office.set_up()
        with Workbench(context, office, folder / "office.txt") as window:
            _Story(context, organization, window, _Server(context, folder / "server")).play(figures)
        verdict = judge(organization)
        figures |= verdict
        if verdict["missing"] or verdict["doubled"] or verdict["strangers"]:
            raise Short("not everybody has exactly one account", figures)
    return figures


class _Story:
    """Window and server, one step after the other."""

    def __init__(
        self, context: Context, organization: Organization, window: Workbench, server: _Server
    ) -> None:
        self._context = context
        self._organization = organization
        self._window = window
        self._server = server
        self._figures: dict[str, object] = {}

    def play(self, figures: dict[str, object]) -> None:
        """All of it."""
        self._figures = figures
        window = self._window
        if not window.ask("here").get("ready"):
            raise Short("the window's computer could not take on the sync", figures)
        self._expect(window.ask("run"), "done")
        told = window.ask("commands")["commands"]
        sign_in, preview, stay = [str(one) for one in told] if isinstance(told, list) else []
        self._server.type(sign_in)
        self._server.type(preview)
        staying = self._server.stay(stay)
        try:
            # The window has the task still.
            self._expect(staying.first(), "not-the-syncer")
            if window.ask("leave").get("held"):
                raise Short("the window kept the task that it left to a server", figures)
            by_clock = self._by_clock(staying)
            self._rests()
        finally:
            staying.end()
        self._context.progress("The server took the sync on and kept it, run by run")
        staying = self._server.stay(stay)
        try:
            self._expect(staying.first(), "done")
            by_clock += self._by_clock(staying)
            self._lapses(staying)
            by_clock += self._by_clock(staying)
            self._rests()
        finally:
            staying.end()
        self._context.progress("So it did after a restart, and after its lease had lapsed")
        figures["runs_by_the_servers_clock"] = by_clock

    def _by_clock(self, staying: Staying) -> int:
        """Somebody is hired before each run that the server's clock begins; it alone writes."""
        for _ in range(_RUNS):
            ran = len(staying.runs())
            before = self._organization.versions()
            self._organization.ask("hire", {})
            self._expect(staying.run_after(ran), "done")
            written = writes_between(before, self._organization.versions())
            if written != 1:
                raise Short(f"{written} writes where one person was hired", self._figures)
            who = self._window.ask("who")
            if not who.get("held") or who.get("here"):
                raise Short("the server does not have the task", {**self._figures, "who": who})
        return _RUNS

    def _lapses(self, staying: Staying) -> None:
        """The task is free for a moment: the window leaves it alone, whoever presses there."""
        ran = len(staying.runs())
        if not self._window.ask("lapse").get("lapsed"):
            raise Short("nobody had a lease that could lapse", self._figures)
        if len(staying.runs()) == ran:
            self._expect(self._window.ask("run"), "not-the-syncer")

    def _rests(self) -> None:
        """The window's own schedule has ended without a word, and its page says who does it."""
        limit = time.monotonic() + _LIMIT
        told = self._window.ask("state")
        while told["state"] != "stopped" and time.monotonic() < limit:
            time.sleep(0.5)
            told = self._window.ask("state")
        if told != {"state": "stopped", "trouble": "", "overdue": False, "ready": True}:
            raise Short("the window does not rest", {**self._figures, "window": told})

    def _expect(self, told: Mapping[str, object], outcome: str) -> None:
        if told.get("outcome") != outcome:
            said = {**self._figures, "said": dict(told)}
            raise Short(f"a run ended {told.get('outcome')}, not {outcome}", said)
