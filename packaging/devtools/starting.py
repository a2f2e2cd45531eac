"""`dev.py run`: from a fresh copy to the window, with the practice organization behind it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from devtools import children, debian, display, environments
from devtools.places import PRACTICE_HOME, WINDOW_HOME, shown
from devtools.speech import Failed, as_typed, say

_READY_LIMIT = 120.0
"""Seconds the practice organization may take to make its people and answer."""


def run(*, people: int, fresh: bool) -> int:
    """Prepare everything, open the window, and end the practice organization with it.

    Returns the window's exit code.
    """
    say(
        "This makes a virtual environment, starts the practice organization on this computer\n"
        "alone, and opens the window. Nothing outside this folder is changed."
    )
    prefix = display.prefix_for_window()
    python = environments.main_environment("runtime")
    debian.install_or_name(
        debian.lacking_for_qt(), because="The window needs system packages that are not here."
    )
    if fresh and PRACTICE_HOME.exists():
        shutil.rmtree(PRACTICE_HOME)
    PRACTICE_HOME.mkdir(mode=0o700, exist_ok=True)
    practice, profile = start_practice(python, PRACTICE_HOME, people)
    try:
        say("Opening the window. Close it, or press Ctrl+C here, to end.")
        say("Meanwhile the command line reaches the same set-up from another terminal:")
        say(f"    {as_typed(on_the_command_line(python, profile))}")
        return _window(python, prefix, profile)
    finally:
        say("Ending the practice organization …")
        children.end(practice)


def start_practice(python: Path, home: Path, people: int) -> tuple[subprocess.Popen[str], Path]:
    """Start the practice organization and wait until it answers.

    Returns the running program and the path of the profile that leads to it.
    """
    ready = home / "ready.json"
    ready.unlink(missing_ok=True)
    say(f"Starting the practice organization with {people} people in {shown(home)} …")
    practice = children.start(
        [
            str(python), "-m", "wizard", "practice", "serve",
            "--home", str(home / "organization"), "--people", str(people),
            "--ready-file", str(ready), "--parent-pid", str(os.getpid()),
        ],
        environment=environments.variables(),
    )  # fmt: skip
    try:
        return practice, _profile_when_ready(practice, ready)
    except BaseException:
        children.end(practice)
        raise


def _profile_when_ready(practice: subprocess.Popen[str], ready: Path) -> Path:
    limit = time.monotonic() + _READY_LIMIT
    while time.monotonic() < limit:
        if practice.poll() is not None:
            raise Failed(
                f"The practice organization ended by itself (exit code {practice.returncode}); "
                "what it said stands above."
            )
        if ready.exists():
            try:
                return Path(str(json.loads(ready.read_text(encoding="utf-8"))["profile"]))
            except ValueError:
                continue  # half written; read again
        time.sleep(0.1)
    raise Failed(f"The practice organization did not answer within {_READY_LIMIT:.0f} s.")


def on_the_command_line(python: Path, profile: Path) -> list[str]:
    """The command that tells where the window's set-up stands, as typed at the top of the copy."""
    return [
        shown(python), "-m", "wizard", "status",
        "--profile", shown(profile), "--home", shown(WINDOW_HOME),
    ]  # fmt: skip


def _window(python: Path, prefix: tuple[str, ...], profile: Path) -> int:
    command = [
        *prefix, str(python), "-m", "wizard",
        "--profile", str(profile), "--home", str(WINDOW_HOME),
    ]  # fmt: skip
    window = children.start(command, environment=environments.variables())
    try:
        return window.wait()
    finally:
        children.end(window)
