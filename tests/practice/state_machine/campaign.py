"""Plays the state machine for so many steps, and tells in figures what it went through.

python -m tests.practice.state_machine.campaign --steps 50000 --seed 7
"""

from __future__ import annotations

import argparse
import json
import logging
import secrets
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import run_state_machine_as_test

from tests.practice.state_machine import broken
from tests.practice.state_machine.machine import Machine
from tests.practice.state_machine.office import Lines
from tests.practice.state_machine.organization import organization
from tests.practice.state_machine.people import Stage

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
"""Where there is such a place, the durable writes of thousands of runs do not wear a disk."""
EXAMPLES_AT_ONCE = 8
STEPS_AN_EXAMPLE = 60
SHRINKING_SECONDS = 60
MANY = 1_000_000_007


@contextmanager
def a_stage() -> Iterator[Stage]:
    """One practice organization in this process, and the product's way to it."""
    folder = Path(
        tempfile.mkdtemp(prefix="machine-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
    )
    # A line for every request of a hundred thousand would only fill the memory.
    logging.disable(logging.INFO)
    try:
        with organization(folder / "organization") as made:
            lines = Lines(made.clock)
            try:
                yield Stage(organization=made, lines=lines, folder=folder)
            finally:
                lines.close()
    finally:
        logging.disable(logging.NOTSET)
        shutil.rmtree(folder)


def play(stage: Stage, *, steps: int, number: int, seconds: float, shrink: bool = True) -> None:
    """At least so many steps, unless the time is over before; raises what an example finds.

    `number` is the seed: the same one plays the same examples. What was found is made shorter for
    a minute, and no longer.
    """
    with pytest.MonkeyPatch.context() as patch:
        # Hypothesis itself allows five minutes, which no setting shortens.
        patch.setattr(engine, "MAX_SHRINKING_SECONDS", SHRINKING_SECONDS)
        _play(stage, steps=steps, number=number, seconds=seconds, shrink=shrink)


def _play(stage: Stage, *, steps: int, number: int, seconds: float, shrink: bool) -> None:
    until = time.monotonic() + seconds
    rounds = 0
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    while stage.counts["steps"] < steps and time.monotonic() < until:
        machine = type("Machine", (Machine,), {"stage": stage})
        run_state_machine_as_test(
            seed(number * MANY + rounds)(machine),
            settings=settings(
                max_examples=EXAMPLES_AT_ONCE,
                stateful_step_count=STEPS_AN_EXAMPLE,
                phases=phases,
                deadline=None,
                database=None,
                derandomize=False,
                print_blob=False,
                report_multiple_bugs=False,
                verbosity=Verbosity.normal,
                suppress_health_check=list(HealthCheck),
            ),
        )
        rounds += 1


def figures(stage: Stage, number: int) -> dict[str, object]:
    """What the examples went through."""
    return {
        "seed": number,
        "seconds_of_work": round(time.process_time(), 1),
        **{name: stage.counts[name] for name in ("steps", "runs", "previews", "rests")},
        "crashes": stage.counts["crashes"],
        "approvals": stage.counts["approvals"],
        "taken_back": stage.counts["taken back"],
        "databases_lost": stage.counts["databases lost"],
        "computers_changed": stage.counts["computers changed"],
        "ended": {
            name.removeprefix("run "): count
            for name, count in sorted(stage.counts.items())
            if name.startswith("run ")
        },
        "faults": dict(sorted(stage.faults.items())),
    }


def catches(name: str, *, number: int, steps: int, seconds: float) -> str:
    """What the machine says of an engine that is broken in this way; '' when it sees nothing."""
    with a_stage() as stage, broken.WAYS[name]():
        try:
            play(stage, steps=steps, number=number, seconds=seconds, shrink=False)
        except AssertionError as seen:
            # A judgement alone: an engine that merely falls over was noticed by nobody's rule.
            return f"{type(seen).__name__} after {stage.counts['steps']} steps: {seen}"[:300]
    return ""


def main() -> int:
    """Play, and print the figures as the last line; 1 where something was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=50_000)
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--seconds", type=float, default=1200.0)
    asked.add_argument("--broken", choices=sorted(broken.WAYS), default=None)
    given = asked.parse_args()
    number = given.seed if given.seed is not None else secrets.randbelow(1_000_000)
    if given.broken is not None:
        said = catches(given.broken, number=number, steps=given.steps, seconds=given.seconds)
        _say({"broken": given.broken, "seed": number, "caught": said})
        return 0 if said else 1
    with a_stage() as stage:
        found = ""
        try:
            play(stage, steps=given.steps, number=number, seconds=given.seconds)
        except Exception as problem:  # noqa: BLE001 - told below, and by the exit code
            traceback.print_exc()
            found = f"{type(problem).__name__}: {problem}"
        _say({**figures(stage, number), "found": found})
    return 1 if found else 0


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
