"""The proof that 200 kills, wherever they strike, cost nobody an account and no word a person gave.

Each kind of command begins anew from its own prepared state. `PROOF_SEED` repeats the moments,
`PROOF_KILLS` takes so many of them, drawn evenly.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.kill_stories import PEOPLE, STORIES, Story
from proofs.killing import Spans, Watch, begin, kill_at, slow, spans
from proofs.organization import Organization

SAYS = (
    "The process group killed at 200 moments: reading, comparing, looking up, writing, recording, "
    "with approvals waiting and just given, an undo, the lease taken and renewed, a preview. After "
    "one quiet run each person has one account, nobody beyond those approved is deactivated, no "
    "approval is lost or used twice, and what was taken back is taken back whole."
)

_KILLS = 200
_LIVE = "live"


@dataclass(frozen=True, kw_only=True)
class _Kill:
    """One moment: of which command, in which phase, how far into it (0 to 1)."""

    story: Story
    phase: str
    share: float


def run(context: Context) -> Figures:
    """Prepare every state, measure every command once, then kill, each from the same state."""
    seed = int(os.environ.get("PROOF_SEED") or secrets.randbelow(1_000_000))
    context.progress(f"Seed {seed} (PROOF_SEED repeats it)")
    kills = _moments(random.Random(seed), int(os.environ.get("PROOF_KILLS") or _KILLS))
    shutil.rmtree(context.folder, ignore_errors=True)
    starts = _prepared(context)
    undisturbed = {story.name: _measured(context, starts, story) for story in STORIES}
    began = time.monotonic()
    hit: Counter[str] = Counter()
    for number, kill in enumerate(kills):
        phase = _one(context, starts, kill, undisturbed[kill.story.name])
        hit[f"{kill.story.name}: {phase}"] += 1
        at = f"{time.monotonic() - began:5.0f} s"
        context.progress(f"{number + 1:3} of {len(kills)}, {at}: {kill.story.name}, {phase}")
    figures: dict[str, object] = {
        "seed": seed,
        "people": PEOPLE,
        "kills": len(kills),
        "killed_in": dict(sorted(hit.items())),
        "phase_seconds": {
            name: {phase: round(end - at, 2) for phase, (at, end) in found.items()}
            for name, found in undisturbed.items()
        },
        "doubled": 0,
        "missing": 0,
        "deactivated_beyond_those_approved": 0,
        "approvals_lost": 0,
        "approvals_used_twice": 0,
        "undone_in_part": 0,
    }
    late = sum(count for name, count in hit.items() if name.endswith(": ended"))
    unseen = [] if len(kills) < _KILLS else _unseen(hit)
    if unseen or late > len(kills) // 5:
        raise Short(f"not spread over the runs: {late} came late, never hit: {unseen}", figures)
    return figures


def _moments(chance: random.Random, wanted: int) -> list[_Kill]:
    kills = [
        _Kill(story=story, phase=phase, share=chance.random())
        for story in STORIES
        for phase, count in story.phases.items()
        for _ in range(count)
    ]
    if len(kills) != _KILLS:
        raise Short(f"the stories have {len(kills)} moments")
    return kills if wanted >= _KILLS else kills[:: max(1, -(-_KILLS // wanted))]


def _unseen(hit: Mapping[str, int]) -> Sequence[str]:
    """The phases that were aimed at in earnest and never struck."""
    wanted = [f"{story.name}: {phase}" for story in STORIES for phase in story.phases]
    return [name for name in wanted if not hit.get(name)]


def _opened(context: Context) -> Organization:
    return Organization(context, context.folder / _LIVE / "organization", people=PEOPLE)


def _prepared(context: Context) -> dict[str, Path]:
    """The state that each command begins from, kept aside; a copy elsewhere is another computer."""
    live = context.folder / _LIVE
    starts: dict[str, Path] = {}
    for story in STORIES:
        context.progress(f"Preparing: {story.name}")
        if story.after:
            _put_back(context, starts[story.after])
        with _opened(context) as organization:
            story.prepare(Client(context, live, organization))
        starts[story.name] = context.folder / f"start-{story.name}"
        shutil.copytree(live, starts[story.name])
    return starts


def _put_back(context: Context, start: Path) -> Path:
    live = context.folder / _LIVE
    shutil.rmtree(live, ignore_errors=True)
    shutil.copytree(start, live)
    return live


def _measured(context: Context, starts: Mapping[str, Path], story: Story) -> Spans:
    """When each phase of the undisturbed command begins and ends."""
    live = _put_back(context, starts[story.name])
    with _opened(context) as organization:
        client = Client(context, live, organization)
        slow(organization, look_ups=True)
        watch = Watch(client, look_ups=True, preview=story.preview)
        child = begin(context, client, *story.words(client))
        return spans(child, watch, list(story.phases), story.ends)


def _one(context: Context, starts: Mapping[str, Path], kill: _Kill, undisturbed: Spans) -> str:
    """Kill one command, go on quietly, judge; in which phase it really was."""
    live = _put_back(context, starts[kill.story.name])
    with _opened(context) as organization:
        client = Client(context, live, organization)
        slow(organization, look_ups=True)
        before = organization.accounts()
        watch = Watch(client, look_ups=True, preview=kill.story.preview)
        child = begin(context, client, *kill.story.words(client))
        phase = kill_at(child, watch, kill.phase, kill.share, undisturbed)
        organization.ask("clear-faults")
        try:
            kill.story.judge(client, before)
        except Short as short:
            where = f"{kill.story.name}, killed in {phase}"
            raise Short(
                f"{where}: {short.reason}", {**short.figures, "share": kill.share}
            ) from short
    return phase
