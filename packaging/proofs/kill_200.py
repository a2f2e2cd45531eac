"""The proof that 200 kills, wherever they strike, cost nobody an account and no word a person gave.

Each kind of command begins from its own prepared state, and is killed once in each of its phases,
one after the other, before it is judged. `PROOF_SEED` repeats the moments, `PROOF_KILLS` takes so
many of them, drawn evenly.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.kill_stories import PEOPLE, STORIES, Story
from proofs.killing import (
    ENDED,
    LEASE,
    RENEWAL,
    Spans,
    Watch,
    begin,
    kill_asking,
    kill_at,
    lose_lease_answer,
    slow,
    spans,
)
from proofs.organization import Organization

SAYS = (
    "The process group killed at 200 moments: reading, comparing, looking up, writing, recording, "
    "with approvals waiting and just given, an undo, the lease taken and renewed, a preview. After "
    "one quiet run each person has one account, nobody beyond those approved is deactivated, no "
    "approval is lost or used twice, and what was taken back is taken back whole."
)

_KILLS = 200
_LANES = (
    ("first sync", "ordinary day"),
    ("lease renewed", "approval waiting", "approval just given", "undo", "take-over", "preview"),
)
"""Who is killed beside whom, each lane with an organization of its own."""
_ASKING = (LEASE, RENEWAL)
_TRIES = 3
"""A kill that comes too late is tried again so often."""
_BY_NAME = {story.name: story for story in STORIES}


@dataclass(kw_only=True)
class _Lane:
    """One computer with an organization: its folder, its starts, and what came of its kills."""

    context: Context
    folder: Path
    stories: Sequence[str]
    starts: dict[str, Path] = field(default_factory=dict)
    undisturbed: dict[str, Spans] = field(default_factory=dict)
    hit: Counter[str] = field(default_factory=Counter)
    late: int = 0
    rounds: int = 0
    seconds: float = 0.0

    @property
    def live(self) -> Path:
        """Where everything happens; a state elsewhere would be another computer."""
        return self.folder / "live"

    def opened(self) -> Organization:
        """The organization of the state that is there."""
        return Organization(self.context, self.live / "organization", people=PEOPLE)

    def put_back(self, story: str) -> None:
        """Make it that story's prepared state."""
        shutil.rmtree(self.live, ignore_errors=True)
        shutil.copytree(self.starts[story], self.live)


def run(context: Context) -> Figures:
    """Prepare every state, measure every command once, then kill round after round."""
    seed = int(os.environ.get("PROOF_SEED") or secrets.randbelow(1_000_000))
    wanted = int(os.environ.get("PROOF_KILLS") or _KILLS)
    context.progress(f"Seed {seed} (PROOF_SEED repeats it)")
    shutil.rmtree(context.folder, ignore_errors=True)
    moments = _moments(random.Random(seed), wanted)
    lanes = [
        _Lane(context=context, folder=context.folder / f"lane-{number}", stories=names)
        for number, names in enumerate(_LANES)
    ]
    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(_play, lane, moments) for lane in lanes]:
            done.result()
    hit = sum((lane.hit for lane in lanes), Counter[str]())
    late = sum(lane.late for lane in lanes)
    figures: dict[str, object] = {
        "seed": seed,
        "people": PEOPLE,
        "kills": hit.total(),
        "came_late_and_tried_again": late,
        "rounds": sum(lane.rounds for lane in lanes),
        "seconds_a_kill": round(sum(lane.seconds for lane in lanes) / max(1, hit.total()), 1),
        "killed_in": dict(sorted(hit.items())),
        "doubled": 0,
        "missing": 0,
        "deactivated_beyond_those_approved": 0,
        "approvals_lost": 0,
        "approvals_used_twice": 0,
        "undone_in_part": 0,
    }
    # A few moments are too few to be sure to meet the short phases.
    unseen = [
        f"{story.name}: {phase}"
        for story in STORIES
        for phase in story.phases
        if wanted >= _KILLS and not hit[f"{story.name}: {phase}"]
    ]
    aimed = sum(len(shares) for phases in moments.values() for shares in phases.values())
    if unseen or hit.total() < aimed:
        raise Short(f"{hit.total()} of {aimed} kills struck, never hit: {unseen}", figures)
    return figures


_Moments = Mapping[str, Mapping[str, Sequence[float]]]
"""By story and phase: how far into the phase (0 to 1) each kill is to come."""


def _moments(chance: random.Random, wanted: int) -> _Moments:
    every = {
        story.name: {
            # Drawn evenly from the phase, so that both of its ends are met.
            phase: [(number + chance.random()) / count for number in range(count)]
            for phase, count in story.phases.items()
        }
        for story in STORIES
    }
    total = sum(len(shares) for phases in every.values() for shares in phases.values())
    if total != _KILLS:
        raise Short(f"the stories have {total} moments")
    if wanted >= _KILLS:
        return every
    step = -(-_KILLS // max(1, wanted))
    return {
        name: {
            phase: chance.sample(shares, -(-len(shares) // step)) for phase, shares in one.items()
        }
        for name, one in every.items()
    }


# ------------------------------------------------------------------ one lane


def _play(lane: _Lane, moments: _Moments) -> None:
    """Prepare this lane's states, then go through the rounds of its stories."""
    for name in _needed(lane.stories):
        _prepare(lane, _BY_NAME[name])
    for name in lane.stories:
        lane.undisturbed[name] = _measured(lane, _BY_NAME[name])
    began = time.monotonic()
    for name in lane.stories:
        todo = {phase: list(shares) for phase, shares in moments[name].items()}
        tries = _TRIES * sum(len(shares) for shares in todo.values())
        while any(todo.values()) and tries > 0:
            tries -= _round(lane, _BY_NAME[name], todo)
    lane.seconds = time.monotonic() - began


def _needed(names: Sequence[str]) -> Sequence[str]:
    """These stories and whatever they are prepared from, in the order of preparing."""
    needed = set(names)
    for story in reversed(STORIES):
        if story.name in needed and story.after:
            needed.add(story.after)
    return [story.name for story in STORIES if story.name in needed]


def _prepare(lane: _Lane, story: Story) -> None:
    lane.context.progress(f"Preparing: {story.name}")
    if story.after:
        lane.put_back(story.after)
    with lane.opened() as organization:
        story.prepare(Client(lane.context, lane.live, organization))
    lane.starts[story.name] = lane.folder / f"start-{story.name}"
    shutil.copytree(lane.live, lane.starts[story.name])


def _measured(lane: _Lane, story: Story) -> Spans:
    """When each phase of the undisturbed command begins and ends."""
    lane.put_back(story.name)
    with lane.opened() as organization:
        client = Client(lane.context, lane.live, organization)
        words = story.words(client)
        slow(organization, look_ups=True)
        watch = Watch(client, look_ups=True, preview=story.preview)
        child = begin(lane.context, client, *words)
        return spans(child, watch, [one for one in story.phases if one not in _ASKING], story.ends)


def _round(lane: _Lane, story: Story, todo: dict[str, list[float]]) -> int:
    """Kill the command once in each phase that is still to do, then judge; the kills tried."""
    lane.put_back(story.name)
    lane.rounds += 1
    struck: list[str] = []
    tried = 0
    with lane.opened() as organization:
        client = Client(lane.context, lane.live, organization)
        before = organization.accounts()
        for phase in [one for one, shares in todo.items() if shares]:
            words = story.words(client)
            if not words:
                break
            share = todo[phase].pop(0)
            tried += 1
            found = _killed(lane, story, client, words, phase, share)
            lane.hit[f"{story.name}: {found}"] += found != ENDED
            struck.append(f"{found} {share:.2f}")
            if found == ENDED:
                # Nothing is left for the other phases of this round.
                lane.late += 1
                todo[phase].append(share)
                break
        lane.context.progress(f"{story.name}: {', '.join(struck)}; judged now")
        try:
            story.judge(client, before)
        except Short as short:
            where = f"{story.name}, killed in {', '.join(struck)}"
            raise Short(f"{where}: {short.reason}", short.figures) from short
    return max(1, tried)


def _killed(
    lane: _Lane,
    story: Story,
    client: Client,
    words: Sequence[str],
    phase: str,
    share: float,
) -> str:
    """Kill one command; in which phase it really was."""
    organization = client.organization
    slow(organization, look_ups=True)
    watch = Watch(client, look_ups=True, preview=story.preview)
    if phase in _ASKING:
        lose_lease_answer(organization, phase, share)
    child = begin(lane.context, client, *words)
    if phase in _ASKING:
        found = kill_asking(child, organization, phase, share)
    else:
        found = kill_at(child, watch, phase, share, lane.undisturbed[story.name])
    organization.ask("clear-faults")
    return found
