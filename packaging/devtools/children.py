"""Starting other programs: their output streamed, their time limited, their end made sure."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO

from devtools.places import ROOT, WINDOWS

_PATIENCE = 15.0
"""Seconds a program gets to end itself after it was asked to."""


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    stdout: int | IO[bytes] | None = None,
    stderr: int | None = None,
) -> subprocess.Popen[str]:
    """Start a program in a process group of its own, at the top of the repository."""
    return subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=not WINDOWS,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if WINDOWS else 0,
    )


def end(child: subprocess.Popen[str]) -> None:
    """Ask a program and its children to end; make them when they do not."""
    if child.poll() is None:
        _signal(child, gentle=True)
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            _signal(child, gentle=False)
            child.wait()


def _signal(child: subprocess.Popen[str], *, gentle: bool) -> None:
    if WINDOWS:
        if gentle:
            child.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
        else:
            child.kill()
        return
    try:
        os.killpg(child.pid, signal.SIGTERM if gentle else signal.SIGKILL)
    except ProcessLookupError:
        child.poll()


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    seconds: float,
    into: IO[bytes] | None = None,
) -> int | None:
    """Run a program to its end; returns its exit code, or None when its time was up.

    All that it says goes `into` a file, where one is given.
    """
    child = start(
        command,
        environment=environment,
        stdout=into,
        stderr=None if into is None else subprocess.STDOUT,
    )
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end(child)
