"""The program as real processes: one window a profile, and an end in order when asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROFILE = """
schema = 1
id = "practice"
name = "Practice organization"
kind = "practice"

[service]
kind = "enterprise_connect"
api = "https://127.0.0.1:9"
pages = "http://127.0.0.1:9"
issuer = "https://127.0.0.1:9"
client_id = "enterprise-connect-setup"

[google]
client_id = "480212-nordby.apps.practice.test"
auth_uri = "https://127.0.0.1:9/auth"
token_uri = "https://127.0.0.1:9/token"
revoke_uri = "https://127.0.0.1:9/revoke"
api = "https://127.0.0.1:9"
issuer = "https://accounts.practice.test"
pages = "http://127.0.0.1:9"
"""
"""A practice organization that does not run: the window opens all the same, and says so."""

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 20.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals")


@contextmanager
def _window(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A copy of the program with its window drawn where nobody sees it."""
    profile = home / "profile.toml"
    profile.write_text(_PROFILE, encoding="utf-8")
    command = [sys.executable, "-m", "wizard", "--home", str(home), "--profile", str(profile)]
    child = subprocess.Popen(
        [*command, "--forget"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def _wait(child: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert child.poll() is None, f"the program ended with {child.returncode}"
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def _end(child: subprocess.Popen[str]) -> int:
    """Ask it to end as the system does, once it listens to that, and wait."""
    status = Path(f"/proc/{child.pid}/status")
    if status.exists():
        _wait(child, lambda: bool(_caught(status.read_text()) >> (signal.SIGTERM - 1) & 1))
    child.send_signal(signal.SIGTERM)
    return child.wait(_PATIENCE)


def _caught(status: str) -> int:
    """The signals that a process handles itself, as the kernel's bit mask (proc(5))."""
    return next(int(line.split()[1], 16) for line in status.splitlines() if "SigCgt" in line)


def _note(home: Path) -> Path | None:
    """Where the first window wrote how another copy reaches it."""
    return next(home.rglob("window.json"), None)


def test_a_second_copy_leaves_at_once_and_the_first_goes_on_until_it_is_told_to_end(
    tmp_path: Path,
) -> None:
    with _window(tmp_path) as first:
        _wait(first, lambda: _note(tmp_path) is not None)
        with _window(tmp_path) as second:
            assert second.wait(_PATIENCE) == 0
        assert first.poll() is None
        assert _end(first) == 0
    assert _note(tmp_path) is None


def test_once_the_first_window_is_gone_the_next_copy_is_the_first(tmp_path: Path) -> None:
    with _window(tmp_path) as killed:
        _wait(killed, lambda: _note(tmp_path) is not None)
        killed.kill()
        killed.wait(_PATIENCE)
    left = _note(tmp_path)
    assert left is not None
    before = left.read_bytes()
    with _window(tmp_path) as following:
        _wait(following, lambda: left.read_bytes() != before)
        assert _end(following) == 0
