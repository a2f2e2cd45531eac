"""Kills a command of the product at a chosen moment of its run, as a power cut would."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from devtools import environments
from devtools.proving import Context, Short
from proofs.client import Client
from proofs.organization import Organization

__all__ = [
    "BEGIN",
    "ENDED",
    "LEASE",
    "RENEWAL",
    "RUN_LIMIT",
    "Spans",
    "Watch",
    "begin",
    "database",
    "kill_asking",
    "kill_at",
    "lose_lease_answer",
    "slow",
    "spans",
]

RUN_LIMIT = 120.0
BEGIN = "begin"
"""Before the run is in the local database: sign-in, settings, lease."""
LEASE, RENEWAL = "lease", "renewal"
"""The lease is asked for; a run that goes on renews it."""
ENDED = "ended"
"""The command came to its end before it could be killed."""
_IN_VAIN = 0.4
"""Seconds that a command waits for the answer about its lease, at most, until it is killed."""
_SHORT_LEASE = 12
"""Seconds: a run of a few seconds has to renew such a lease."""
_LOOK = 0.002
Spans = Mapping[str, tuple[float, float]]
"""By phase: when it begins and ends in an undisturbed run, in seconds after the start."""


def slow(organization: Organization, *, look_ups: bool = False) -> None:
    """Make each phase long enough to be hit: the stand-ins take their time."""
    organization.ask("latency", {"stand_in": "google", "path_prefix": "/admin", "ms": 60})
    organization.ask("latency", {"stand_in": "account", "path_prefix": "/v1", "ms": 120})
    if look_ups:
        path = "/admin/directory/v1/users/"
        organization.ask("latency", {"stand_in": "google", "path_prefix": path, "ms": 200})


def database(client: Client) -> Path | None:
    """The database of the connection, None where there is none yet."""
    found = [path for path in client.home.rglob("*.db") if ".before-" not in path.name]
    return found[0] if found else None


class Watch:
    """Tells the phase of the run that begins after this was made, by the local database.

    With `look_ups` the time between the plan and the first write is a phase of its own. A run
    that is stored as finished and whose process lives on is in "record": it tells the service
    what it did.
    """

    def __init__(self, client: Client, *, look_ups: bool = False, preview: bool = False) -> None:
        self._client = client
        self._look_ups = look_ups
        self._preview = preview
        self._before = self._newest()

    def _newest(self) -> str:
        found = self._row("SELECT coalesce(max(started_at), '') FROM run", ())
        return str(found[0]) if found else ""

    def _row(self, sql: str, values: Sequence[object]) -> tuple[object, ...] | None:
        path = database(self._client)
        if path is None:
            return None
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as rows:
                found = rows.execute(sql, tuple(values)).fetchone()
        except sqlite3.OperationalError:
            return None
        return None if found is None else tuple(found)

    def phase(self) -> str:
        """The phase it is in now; `BEGIN` before there is a run."""
        found = self._row(
            "SELECT phase, finished_at, EXISTS (SELECT 1 FROM plan_item i WHERE i.run_id = run.id"
            " AND i.kind = 'deactivate' AND NOT i.held) FROM run WHERE preview = ?"
            " AND started_at > ? ORDER BY started_at DESC LIMIT 1",
            (self._preview, self._before),
        )
        if found is None:
            return BEGIN
        phase, finished, leavers = found
        if finished:
            return "record"
        if self._look_ups and leavers and phase == "compare":
            return "look-ups"
        return str(phase)


def begin(context: Context, client: Client, *words: str) -> subprocess.Popen[str]:
    """Start a command in a process group of its own."""
    log = (context.folder / "killed.txt").open("a", encoding="utf-8")
    with log:
        return subprocess.Popen(
            client.command(*words),
            cwd=context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def spans(
    child: subprocess.Popen[str], watch: Watch, phases: Sequence[str], ends: Sequence[int] = (0,)
) -> Spans:
    """Watch an undisturbed command that has just begun to its end."""
    began = time.monotonic()
    seen: dict[str, float] = {}
    while child.poll() is None:
        seen.setdefault(watch.phase(), time.monotonic() - began)
        time.sleep(_LOOK)
    if child.returncode not in ends:
        raise Short(f"the undisturbed run ended with {child.returncode}; see killed.txt")
    ended = time.monotonic() - began
    marks = sorted((at, phase) for phase, at in seen.items())
    lacking = set(phases) - seen.keys()
    if lacking:
        raise Short(f"not every phase was seen: {sorted(lacking)} of {seen}")
    stops = [at for at, _ in marks[1:]] + [ended]
    return {phase: (at, stop) for (at, phase), stop in zip(marks, stops, strict=True)}


def kill_at(
    child: subprocess.Popen[str], watch: Watch, phase: str, share: float, undisturbed: Spans
) -> str:
    """Kill the process group at that share of that phase; in which phase it really was."""
    limit = time.monotonic() + RUN_LIMIT
    while watch.phase() != phase and child.poll() is None and time.monotonic() < limit:
        time.sleep(_LOOK)
    start, stop = undisturbed[phase]
    if child.poll() is None:
        time.sleep((stop - start) * share)
    return watch.phase() if _killed(child) else ENDED


def lose_lease_answer(organization: Organization, phase: str, share: float) -> None:
    """Have the request that takes (`LEASE`) or renews the lease (`RENEWAL`) never be answered.

    In the first half of the shares the service has done nothing yet, in the second half it has.
    """
    if phase == RENEWAL:
        organization.ask("lease", {"seconds": _SHORT_LEASE})
    fault = {
        "stand_in": "account",
        "method": "PUT",
        "path_prefix": "/v1/",
        "nth": 2 if phase == RENEWAL else 1,
        "action": "hang" if share < 0.5 else "answer-late",
    }
    organization.ask("faults", [fault])


def kill_asking(
    child: subprocess.Popen[str], organization: Organization, phase: str, share: float
) -> str:
    """Kill the process group while it waits for an answer about its lease; the phase, or `ENDED`.

    `lose_lease_answer` comes before the command begins.
    """
    limit = time.monotonic() + RUN_LIMIT
    while child.poll() is None and time.monotonic() < limit and not organization.struck():
        time.sleep(_LOOK)
    time.sleep(_IN_VAIN * share)
    return phase if _killed(child) and organization.struck() else ENDED


def _killed(child: subprocess.Popen[str]) -> bool:
    """End the process group at once; whether there was anything to end."""
    alive = child.poll() is None
    if alive:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return alive
