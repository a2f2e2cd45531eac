"""`dev.py test`: every check and every test, stage by stage, with the time of each."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from devtools import children, debian, environments, node
from devtools.places import LINUX, ROOT, program
from devtools.speech import Failed, Missing, as_typed, say

_STAGE_LIMIT = 2400.0
"""Seconds: far more than a stage needs, so that only one that hangs is ended."""
_FULL_LIMIT = 4 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One thing to check: its name, the command, and the environment variables it wants."""

    name: str
    command: tuple[str, ...]
    minutes: float = 1.0
    """About how long it takes on two processors, to share the stages out evenly."""
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one stage went; `complaint` is empty when it went well."""

    name: str
    seconds: float
    complaint: str


def gates(python: Path) -> list[Stage]:
    """The checks that read the source: style, format, types, and who imports whom."""
    environment = python.parent.parent
    ruff = str(program(environment, "ruff"))
    return [
        Stage(name="style (ruff check)", command=(ruff, "check", "--no-cache", ".")),
        Stage(name="format (ruff format)", command=(ruff, "format", "--no-cache", "--check", ".")),
        Stage(name="types (mypy --strict)", command=(str(python), "-m", "mypy")),
        Stage(
            name="import contracts",
            command=(str(program(environment, "lint-imports")), "--no-logo"),
        ),
    ]


def _pytest(python: Path, folder: str, *, full: bool) -> tuple[str, ...]:
    # The long campaigns are left out by pytest's own configuration, unless these words undo it.
    chosen = ("--hypothesis-profile=full", "-m", "") if full else ()
    return (str(python), "-m", "pytest", "-q", "--durations=15", *chosen, f"tests/{folder}")


def unit_stage(*, full: bool) -> Stage:
    """The unit tests, in an environment that has no Qt."""
    return Stage(
        name="unit tests, without Qt",
        command=_pytest(environments.unit_environment(), "unit", full=full),
        minutes=3,
        variables={"EXPECT_NO_QT": "1"},
    )


def behavior_stages(python: Path, *, full: bool) -> list[Stage]:
    """The tests against running servers and in a real window."""
    return [
        Stage(
            name="practice organization tests",
            command=_pytest(python, "practice", full=full),
            minutes=10,
            variables={"QT_QPA_PLATFORM": "offscreen"},
        ),
        Stage(
            name="interop tests",
            command=(*_session(), *_pytest(python, "interop", full=full)),
            variables={"QT_QPA_PLATFORM": "offscreen"},
        ),
        Stage(
            # Offscreen, because who has the keyboard on a bare virtual screen is nobody's to say
            # (there is no window manager); the proof `google-window` drives the real one.
            name="window tests",
            command=(*_session(), *_screen(), *_pytest(python, "ui", full=full)),
            minutes=8,
            variables={"QT_QPA_PLATFORM": "offscreen"},
        ),
    ]


def _session() -> tuple[str, ...]:
    """A session bus of its own, so that no test meets the desktop's keyring."""
    return ("dbus-run-session", "--") if LINUX else ()


def _screen() -> tuple[str, ...]:
    """A virtual screen, large enough for the largest window at 200 %."""
    if not LINUX:
        return ()
    return ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 2400x1600x24 -nolisten tcp")


def _perform(stage: Stage, limit: float) -> Outcome:
    """Run one stage and show what it says as it says it."""
    say(f"\n=== {stage.name}\n    {as_typed(stage.command)}")
    outcome = _run(stage, limit, None)
    say(_ended(outcome))
    return outcome


def _run(stage: Stage, limit: float, into: IO[bytes] | None) -> Outcome:
    began = time.monotonic()
    code = children.run(
        stage.command,
        # Unbuffered, so that a stage whose time is up has said where it was.
        environment=environments.variables(**stage.variables, PYTHONUNBUFFERED="1"),
        seconds=limit,
        into=into,
    )
    seconds = time.monotonic() - began
    if code is None:
        complaint = f"not done after {limit:.0f} s"
    else:
        complaint = "" if code == 0 else f"exit code {code}"
    return Outcome(name=stage.name, seconds=seconds, complaint=complaint)


def _ended(outcome: Outcome) -> str:
    return f"--- {outcome.name}: {outcome.complaint or 'passed'}, {outcome.seconds:.1f} s"


def _beside(lanes: Sequence[Sequence[Stage]], limit: float) -> list[Outcome]:
    """Run lanes of stages beside each other; what a stage says is shown whole when it ends."""
    speaking = threading.Lock()

    def go(lane: Sequence[Stage]) -> list[Outcome]:
        outcomes = []
        for stage in lane:
            say(f"=== {stage.name}: begins")
            with tempfile.TemporaryFile() as said:
                outcome = _run(stage, limit, said)
                said.seek(0)
                with speaking:
                    say(f"\n=== {stage.name}\n    {as_typed(stage.command)}")
                    say(said.read().decode(errors="replace"))
                    say(_ended(outcome))
            outcomes.append(outcome)
        return outcomes

    with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
        return [outcome for done in pool.map(go, lanes) for outcome in done]


def _lanes(stages: Sequence[Stage], count: int) -> list[list[Stage]]:
    """Deal stages, the longest first, to so many lanes: each to the lane with least to do."""
    lanes: list[list[Stage]] = [[] for _ in range(max(1, count))]
    for stage in sorted(stages, key=lambda one: -one.minutes):
        min(lanes, key=lambda lane: sum(one.minutes for one in lane)).append(stage)
    return [lane for lane in lanes if lane]


def _prepared(name: str, make: Callable[[], list[Stage]]) -> tuple[list[Stage], Outcome | None]:
    """Prepare stages; what is missing becomes the outcome of the preparation, in words."""
    began = time.monotonic()
    try:
        return make(), None
    except (Missing, Failed) as lacking:
        say(str(lacking))
        seconds = time.monotonic() - began
        return [], Outcome(name=name, seconds=seconds, complaint="something is missing")


def _install_for_behavior() -> None:
    lacking = debian.lacking_for_qt() + debian.lacking_programs(debian.TEST_PROGRAMS)
    debian.install_or_name(lacking, because="The tests in a window and a browser need more.")
    node.install_oidc_provider()


def test(*, quick: bool, full: bool) -> int:
    """Run the stages; returns 0 when every one passed.  One failing stage stops no other."""
    began = time.monotonic()
    outcomes: list[Outcome] = []
    limit = _FULL_LIMIT if full else _STAGE_LIMIT

    def part(name: str, make: Callable[[], list[Stage]]) -> None:
        stages, failed = _prepared(name, make)
        outcomes.extend([failed] if failed else [])
        outcomes.extend(_perform(stage, limit) for stage in stages)

    say(f"Testing the copy in {ROOT.name}{' (quick)' if quick else ''}.")
    part("development environment", lambda: gates(environments.main_environment("dev")))
    unit = "unit environment", lambda: [unit_stage(full=full)]
    if quick:
        part(*unit)
        return _closing(outcomes, time.monotonic() - began)

    def behavior() -> list[Stage]:
        python = environments.main_environment("dev")
        _install_for_behavior()
        return behavior_stages(python, full=full)

    stages: list[Stage] = []
    for name, make in (unit, ("what the tests need", behavior)):
        prepared, failed = _prepared(name, make)
        outcomes.extend([failed] if failed else [])
        stages.extend(prepared)
    # One pytest keeps one processor busy; two lanes leave the machine the room to answer in time.
    outcomes.extend(_beside(_lanes(stages, min(2, os.cpu_count() or 1)), limit))
    return _closing(outcomes, time.monotonic() - began)


def _closing(outcomes: list[Outcome], seconds: float) -> int:
    say("\n=== in all")
    for outcome in outcomes:
        say(f"{outcome.seconds:7.1f} s  {outcome.complaint or 'passed':<22}  {outcome.name}")
    failed = [outcome.name for outcome in outcomes if outcome.complaint]
    say(f"{seconds:7.1f} s  {'FAILED: ' + ', '.join(failed) if failed else 'everything passed'}")
    return 1 if failed else 0
