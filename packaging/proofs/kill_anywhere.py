"""The proof that a sync may be killed at any moment and nobody is doubled, lost or let go."""

from __future__ import annotations

import os
import random
import secrets
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.killing import BEGIN, RUN_LIMIT, Spans, Watch, begin, database, kill_at, slow, spans
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
    undisturbed = _spans(context, start)
    hit: Counter[str] = Counter()
    late = 0
    for number, kill in enumerate(kills):
        phase = _one(context, start, kill, undisturbed)
        hit[phase] += 1
        late += phase == "ended"
        context.progress(f"{number + 1:2} of {_MOMENTS}: killed in {phase}")
    figures: dict[str, object] = {
        "seed": seed,
        "people": _PEOPLE,
        "kills": _MOMENTS,
        "killed_in": dict(hit),
        "database_deleted": sum(kill.lose_database for kill in kills),
        "phase_seconds": {
            phase: round(end - begin, 3) for phase, (begin, end) in undisturbed.items()
        },
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


def _spans(context: Context, start: Path) -> Spans:
    """When each phase of an undisturbed run begins and ends, in seconds after its start."""
    folder = _copy(start, context.folder / "measure")
    with Organization(context, folder / "organization", people=_PEOPLE) as organization:
        client = Client(context, folder, organization)
        slow(organization)
        watch = Watch(client)
        return spans(begin(context, client, "sync", "--once"), watch, _PHASES)


def _one(context: Context, start: Path, kill: _Kill, undisturbed: Spans) -> str:
    """Kill one run, run again, judge; returns the phase in which the run really was."""
    folder = _copy(start, context.folder / "moment")
    with Organization(context, folder / "organization", people=_PEOPLE) as organization:
        client = Client(context, folder, organization)
        slow(organization)
        watch = Watch(client)
        child = begin(context, client, "sync", "--once")
        phase = kill_at(child, watch, kill.phase, kill.share, undisturbed)
        # Before there is a run, it has read nothing yet.
        phase = "read" if phase == BEGIN else phase
        organization.ask("clear-faults")
        if kill.lose_database:
            path = database(client)
            for gone in path.parent.glob(f"{path.stem}.db*") if path is not None else ():
                gone.unlink()
            # With the database the preview of the first sync is gone, and nobody gets an account
            # that no preview has shown: a person looks again, on links rebuilt from externalIds.
            client.answer("preview")
        code, told, said = client.run("sync", "--once", seconds=RUN_LIMIT)
        verdict = judge(organization)
        inactive = sum(1 for one in organization.accounts() if not one["active"])
        wrong = verdict["missing"] or verdict["doubled"] or verdict["strangers"] or inactive
        if code != 0 or wrong:
            raise Short(
                f"killed in {phase}: exit code {code}, {said[-600:]}",
                {**verdict, "deactivated": inactive, "kill": str(kill), "report": told},
            )
    return phase
