"""The proof that a sync may be killed at any moment and nobody is doubled, lost or let go."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from devtools import environments
from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.organization import Organization, judge

SAYS = (
    "2,000 people, the process group killed at 50 moments spread over read, plan, apply and "
    "record: after a restart and one run the service holds each person exactly once, with the "
    "local database deleted, too."
)

_PEOPLE = 2_000
_MOMENTS = 50
_EVERY_NTH_LOSES_ITS_DATABASE = 5
_PHASES = ("read", "compare", "write", "record")
_RUN_LIMIT = 120.0


@dataclass(frozen=True, kw_only=True)
class _Kill:
    """One moment: in which phase, how far into it (0 to 1), and whether the database goes, too."""

    phase: str
    share: float
    lose_database: bool


def run(context: Context) -> Figures:
    """Measure the phases once, then kill fifty times, each from the same set-up state."""
    seed = int(os.environ.get("PROOF_SEED") or secrets.randbelow(1_000_000))
    context.progress(f"Seed {seed} (PROOF_SEED repeats it)")
    chance = random.Random(seed)
    kills = [
        _Kill(
            phase=_PHASES[number % len(_PHASES)],
            share=chance.random(),
            lose_database=number % _EVERY_NTH_LOSES_ITS_DATABASE == 0,
        )
        for number in range(_MOMENTS)
    ]
    start = context.folder / "start"
    shutil.rmtree(context.folder, ignore_errors=True)
    with Organization(context, start / "organization", people=_PEOPLE) as organization:
        Client(context, start, organization).set_up()
    spans = _spans(context, start)
    hit: Counter[str] = Counter()
    late = 0
    for number, kill in enumerate(kills):
        phase = _one(context, start, kill, spans)
        hit[phase] += 1
        late += phase == "ended"
        context.progress(f"{number + 1:2} of {_MOMENTS}: killed in {phase}")
    figures: dict[str, object] = {
        "seed": seed,
        "people": _PEOPLE,
        "kills": _MOMENTS,
        "killed_in": dict(hit),
        "database_deleted": sum(kill.lose_database for kill in kills),
        "phase_seconds": {phase: round(end - begin, 3) for phase, (begin, end) in spans.items()},
        "doubled": 0,
        "missing": 0,
        "deactivated": 0,
    }
    unseen = [phase for phase in _PHASES if not hit[phase]]
    if unseen or late > _MOMENTS // 5:
        raise Short(f"the moments were not spread over the run: {dict(hit)}", figures)
    return figures


def _copy(start: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(start, to)
    return to


def _slow(organization: Organization) -> None:
    """Make each phase long enough to be hit: the stand-ins take their time."""
    organization.ask("latency", {"stand_in": "google", "path_prefix": "/admin", "ms": 60})
    organization.ask("latency", {"stand_in": "account", "path_prefix": "/v1", "ms": 120})


def _database(client: Client) -> Path | None:
    found = [path for path in client.home.rglob("*.db") if ".before-" not in path.name]
    return found[0] if found else None


def _phase(client: Client) -> str:
    """The phase of the newest run, by the local database; '' while there is none.

    A run that is stored as finished and whose process lives on is recording: it tells the
    service what it did.
    """
    path = _database(client)
    if path is None:
        return ""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as rows:
            found = rows.execute(
                "SELECT phase, finished_at FROM run WHERE NOT preview"
                " ORDER BY started_at DESC LIMIT 1"
            ).fetchone()
    except sqlite3.OperationalError:
        return ""
    if found is None:
        return ""
    return "record" if found[1] else str(found[0])


def _begin(context: Context, client: Client) -> subprocess.Popen[str]:
    log = (context.folder / "killed.txt").open("a", encoding="utf-8")
    with log:
        return subprocess.Popen(
            client.command("sync", "--once"),
            cwd=context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def _spans(context: Context, start: Path) -> dict[str, tuple[float, float]]:
    """When each phase of an undisturbed run begins and ends, in seconds after its start."""
    folder = _copy(start, context.folder / "measure")
    with Organization(context, folder / "organization", people=_PEOPLE) as organization:
        client = Client(context, folder, organization)
        _slow(organization)
        began = time.monotonic()
        child = _begin(context, client)
        seen: dict[str, float] = {}
        while child.poll() is None:
            seen.setdefault(_phase(client), time.monotonic() - began)
            time.sleep(0.002)
        if child.returncode != 0:
            raise Short(f"the undisturbed run ended with {child.returncode}; see killed.txt")
        ended = time.monotonic() - began
    marks = [(phase, seen[phase]) for phase in _PHASES if phase in seen]
    if len(marks) < len(_PHASES):
        raise Short(f"not every phase was seen: {seen}")
    ends = [begin for _, begin in marks[1:]] + [ended]
    return {phase: (begin, end) for (phase, begin), end in zip(marks, ends, strict=True)}


def _one(context: Context, start: Path, kill: _Kill, spans: dict[str, tuple[float, float]]) -> str:
    """Kill one run, run again, judge; returns the phase in which the run really was."""
    folder = _copy(start, context.folder / "moment")
    with Organization(context, folder / "organization", people=_PEOPLE) as organization:
        client = Client(context, folder, organization)
        _slow(organization)
        child = _begin(context, client)
        _wait_for_moment(child, client, kill, spans)
        alive = child.poll() is None
        if alive:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        phase = (_phase(client) or "read") if alive else "ended"
        organization.ask("clear-faults")
        if kill.lose_database:
            path = _database(client)
            for gone in path.parent.glob(f"{path.stem}.db*") if path is not None else ():
                gone.unlink()
            # With the database the preview of the first sync is gone, and nobody gets an account
            # that no preview has shown: a person looks again, on links rebuilt from externalIds.
            client.answer("preview")
        code, told, said = client.run("sync", "--once", seconds=_RUN_LIMIT)
        verdict = judge(organization)
        inactive = sum(1 for one in organization.accounts() if not one["active"])
        wrong = verdict["missing"] or verdict["doubled"] or verdict["strangers"] or inactive
        if code != 0 or wrong:
            raise Short(
                f"killed in {phase}: exit code {code}, {said[-600:]}",
                {**verdict, "deactivated": inactive, "kill": str(kill), "report": told},
            )
    return phase


def _wait_for_moment(
    child: subprocess.Popen[str],
    client: Client,
    kill: _Kill,
    spans: dict[str, tuple[float, float]],
) -> None:
    """Wait until the run is in the wanted phase, then for its share of that phase's length."""
    limit = time.monotonic() + _RUN_LIMIT
    while _phase(client) != kill.phase:
        if child.poll() is not None or time.monotonic() > limit:
            return
        time.sleep(0.002)
    begin, end = spans[kill.phase]
    time.sleep((end - begin) * kill.share)
