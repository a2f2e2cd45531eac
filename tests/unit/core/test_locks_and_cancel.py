"""Locks hold between threads and processes, and work can be stopped wherever it waits."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from wizard.core.cancel import Cancel
from wizard.core.locks import FileLock
from wizard.core.trouble import Code, Trouble

ROOT = Path(__file__).resolve().parents[3]

HOLDER = """
import sys
from pathlib import Path
from wizard.core.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(seconds=0), flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


# ------------------------------------------------------------------ locks


def test_one_at_a_time_in_this_process(tmp_path: Path) -> None:
    one, same = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    assert one.acquire(seconds=0)
    assert one.held
    assert not one.acquire(seconds=0)
    assert not same.acquire(seconds=0.1)
    one.release()
    one.release()
    assert same.acquire(seconds=0)
    same.release()
    assert not same.held


def test_one_at_a_time_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    other = holder(path)
    lock = FileLock(path)
    assert not lock.acquire(seconds=0.1)
    ended(other)
    assert lock.acquire(seconds=5)
    lock.release()


@pytest.mark.skipif(os.name != "posix", reason="a kill without warning")
def test_a_killed_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    other = holder(path)
    other.send_signal(signal.SIGKILL)
    ended(other)
    lock = FileLock(path)
    assert lock.acquire(seconds=0)
    lock.release()
    assert path.exists()


def test_the_wait_ends_when_it_is_free(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    first.acquire(seconds=0)
    timer = threading.Timer(0.15, first.release)
    timer.start()
    assert second.acquire(seconds=10)
    second.release()
    timer.join()


def test_the_wait_can_be_stopped(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    first.acquire(seconds=0)
    cancel = Cancel()
    timer = threading.Timer(0.1, cancel.stop)
    timer.start()
    with pytest.raises(Trouble) as trouble:
        second.acquire(seconds=10, cancel=cancel)
    assert trouble.value.code is Code.CANCELLED
    timer.join()
    first.release()


def test_a_block_holds_it_and_says_when_it_is_busy(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    with first.holding(seconds=0):
        with pytest.raises(Trouble) as trouble, second.holding(seconds=0, busy=Code.VAULT_LOCKED):
            pytest.fail("it is held")
        assert trouble.value.code is Code.VAULT_LOCKED
    with second.holding(seconds=0):
        assert second.held


def test_the_file_is_the_owners_alone_and_a_folder_is_made(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "new" / "x.lock")
    with lock.holding(seconds=0):
        assert stat.S_IMODE((tmp_path / "new" / "x.lock").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    lock = FileLock(tmp_path / "file" / "x.lock")
    with pytest.raises(Trouble) as trouble:
        lock.acquire(seconds=0)
    assert trouble.value.code is Code.FOLDER_NOT_WRITABLE
    assert not lock.held


# ------------------------------------------------------------------ stopping and pausing


def test_a_stop_is_seen_at_once_wherever_it_waits() -> None:
    cancel = Cancel()
    timer = threading.Timer(0.1, cancel.stop)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Trouble) as trouble:
        cancel.wait(30)
    assert trouble.value.code is Code.CANCELLED
    assert time.monotonic() - began < 5
    timer.join()
    assert cancel.stopped
    with pytest.raises(Trouble):
        cancel.check()


def test_a_pause_holds_work_until_it_goes_on() -> None:
    cancel = Cancel()
    cancel.pause()
    began = time.monotonic()
    timer = threading.Timer(0.1, cancel.resume)
    timer.start()
    cancel.check()
    assert time.monotonic() - began >= 0.09
    timer.join()
    assert not cancel.paused


def test_a_stop_ends_a_pause_and_cannot_be_paused_away() -> None:
    cancel = Cancel()
    cancel.pause()
    timer = threading.Timer(0.1, cancel.stop)
    timer.start()
    with pytest.raises(Trouble):
        cancel.check()
    timer.join()
    cancel.pause()
    assert not cancel.paused


def test_a_stop_makes_the_calls_of_open_blocks_and_no_others() -> None:
    cancel, calls = Cancel(), []
    with cancel.calling(lambda: calls.append("left")):
        assert calls == []
    with cancel.calling(lambda: calls.append("open")):
        cancel.stop()
        cancel.stop()
    assert set(calls) == {"open"}
    with cancel.calling(lambda: calls.append("late")):
        assert calls[-1] == "late"


def test_work_that_stood_still_for_too_long_ends_by_itself() -> None:
    cancel = Cancel(patience=0.01)
    cancel.pause()
    with pytest.raises(Trouble) as caught:
        cancel.check()
    assert caught.value.code is Code.RUN_INTERRUPTED
    assert cancel.pauses == 1


def test_a_part_that_is_not_to_stand_still_hears_stop_and_no_pause() -> None:
    cancel = Cancel()
    part = cancel.without_pause()
    called: list[None] = []
    cancel.pause()
    part.check()
    with part.calling(lambda: called.append(None)):
        cancel.stop()
    assert called == [None]
    with pytest.raises(Trouble) as caught:
        part.check()
    assert caught.value.code is Code.CANCELLED
