"""The proof that no past, however odd, makes the sync double, lose or let go anybody."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from devtools import environments
from devtools.proving import Context, Figures, Short

SAYS = (
    "50,000 generated steps (people, scope, settings, faults, crashes, approvals) around the real "
    "sync: after quiet the service is the scope of the directory, nobody is there twice, nobody "
    "outside the scope was created, nobody left unasked, unproven or protected; and each of many "
    "engines that are broken on purpose is caught."
)

_STEPS = 50_000
_PARTS = 8
_AT_ONCE = 2
_LIMIT = 2_400.0
_MODULE = "tests.practice.state_machine.campaign"
_BROKEN = (
    "adopts anywhere",
    "day not remembered",
    "evidence misread",
    "evidence skipped",
    "exclusions forgotten",
    "future believed",
    "guard limit ignored",
    "half a list of accounts",
    "journal not resumed",
    "leavers forgotten",
    "links believed for ever",
    "lost answers sent again",
    "no grace",
    "nobody protected",
    "short reads believed",
)
_ADDED = (
    "steps", "runs", "previews", "rests", "crashes", "approvals", "taken_back", "databases_lost",
    "computers_changed",
)  # fmt: skip


def run(context: Context) -> Figures:
    """Play the machine in parts, each with a seed of its own, then let it judge broken engines."""
    seed = int(os.environ.get("PROOF_SEED") or secrets.randbelow(1_000_000))
    context.progress(f"Seed {seed} (PROOF_SEED repeats it)")
    ends = time.monotonic() + _LIMIT
    lanes = ThreadPoolExecutor(_AT_ONCE)
    try:
        parts = [
            lanes.submit(_part, context, seed * _PARTS + number, ends) for number in range(_PARTS)
        ]
        broken = {
            name: lanes.submit(_caught, context, name, seed, ends) for name in sorted(_BROKEN)
        }
        told = [part.result() for part in parts]
        caught = {name: one.result() for name, one in broken.items()}
    finally:
        # Whoever ends the proof does not wait for what has not begun.
        lanes.shutdown(cancel_futures=True)
    figures = _together(told, seed) | {"broken_engines_caught": caught}
    found = [one["found"] for one in told if one["found"]]
    if found:
        raise Short(f"the machine found something: {found[0][:2000]}", figures)
    missed = sorted(name for name, said in caught.items() if not said)
    if missed:
        raise Short(f"broken engines that nobody noticed: {', '.join(missed)}", figures)
    if figures["steps"] < _STEPS:
        raise Short(f"only {figures['steps']} of {_STEPS} steps in {_LIMIT:.0f} s", figures)
    return figures


def _together(told: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    faults: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for one in told:
        faults.update(one["faults"])
        ended.update(one["ended"])
    return {
        "seed": seed,
        **{name: sum(one[name] for one in told) for name in _ADDED},
        "ended": dict(sorted(ended.items())),
        "faults": dict(sorted(faults.items())),
    }


def _part(context: Context, number: int, ends: float) -> dict[str, Any]:
    steps = -(-_STEPS // _PARTS)
    code, told, said = _campaign(context, f"part-{number}", ends, "--seed", str(number),
                                 "--steps", str(steps))  # fmt: skip
    if told is None:
        raise Short(f"part {number} ended with {code}: {said[-1500:]}")
    context.progress(f"seed {number}: {told['steps']} steps, {told['found'] or 'nothing found'}")
    if told["found"]:
        # The example itself stands above the figures.
        told["found"] = said[-3000:]
    return told


def _caught(context: Context, name: str, seed: int, ends: float) -> str:
    # The examples of the first part, in which an engine that is whole finds nothing in its way.
    code, told, said = _campaign(
        context, f"broken-{name.replace(' ', '-')}", ends,
        "--seed", str(seed * _PARTS), "--steps", str(-(-_STEPS // _PARTS)), "--broken", name,
    )  # fmt: skip
    if told is None:
        raise Short(f"{name}: ended with {code}: {said[-1500:]}")
    context.progress(f"broken, {name}: {told['caught'][:100] or 'not noticed'}")
    return str(told["caught"])


def _campaign(
    context: Context, name: str, ends: float, *arguments: str
) -> tuple[int, dict[str, Any] | None, str]:
    """Run it; its exit code, the figures of its last line, and everything else that it said."""
    left = max(5.0, ends - time.monotonic())
    command = [str(context.python), "-m", _MODULE, "--seconds", f"{left:.0f}", *arguments]
    log = context.folder / f"{name}.txt"
    with log.open("w", encoding="utf-8") as errors:
        done = subprocess.run(
            command,
            check=False,
            cwd=context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            timeout=left + 900.0,
        )
    *before, last = done.stdout.strip().splitlines() or [""]
    said = log.read_text(encoding="utf-8") + "\n".join(before)
    try:
        told = json.loads(last)
    except ValueError:
        return done.returncode, None, said + last
    return done.returncode, told if isinstance(told, dict) else None, said
