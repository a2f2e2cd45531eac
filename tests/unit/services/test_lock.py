from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.services.lock import FirstWindow, UnitLock

HOLDER = """
import sys
from pathlib import Path
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.services.lock import UnitLock

with UnitLock(Path(sys.argv[1]), SystemClock()).holding(Cancel()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def taken(folder: Path) -> bool:
    try:
        with UnitLock(folder, SystemClock()).holding(Cancel()):
            return False
    except Trouble as trouble:
        return trouble.code is Code.SYNC_ALREADY_RUNNING


def test_two_processes_never_sync_at_the_same_time(
    tmp_path: Path, other_process: subprocess.Popen[str]
) -> None:
    assert taken(tmp_path)
    other_process.communicate("")
    assert not taken(tmp_path)


def test_a_process_that_was_killed_leaves_no_lock_behind(
    tmp_path: Path, other_process: subprocess.Popen[str]
) -> None:
    assert taken(tmp_path)
    other_process.kill()
    other_process.wait()
    assert not taken(tmp_path)


def test_two_syncs_of_one_process_never_run_at_the_same_time(tmp_path: Path) -> None:
    with UnitLock(tmp_path, SystemClock()).holding(Cancel()):
        assert taken(tmp_path)


def test_another_unit_is_not_held_up(tmp_path: Path) -> None:
    with UnitLock(tmp_path / "one", SystemClock()).holding(Cancel()):
        assert not taken(tmp_path / "two")


@pytest.fixture
def first(tmp_path: Path) -> Iterator[FirstWindow]:
    window = FirstWindow(tmp_path, SystemClock())
    yield window
    window.close()


def test_the_second_copy_brings_the_first_to_the_front(tmp_path: Path, first: FirstWindow) -> None:
    fronts: queue.Queue[str] = queue.Queue()
    assert first.take(lambda unit: fronts.put(unit or "front"))
    second = FirstWindow(tmp_path, SystemClock())
    assert not second.take(lambda _unit: None)
    assert fronts.get(timeout=5) == "front"
    second.close()


def test_the_second_copy_passes_on_what_its_resume_file_names(
    tmp_path: Path, first: FirstWindow
) -> None:
    units: queue.Queue[str] = queue.Queue()
    assert first.take(units.put)
    longest = "ou_" + "a" * 125
    for unit, passed in ((longest, longest), ("", ""), ("a b", ""), ("../x", ""), ("é", "")):
        assert not FirstWindow(tmp_path, SystemClock()).take(units.put, unit)
        assert units.get(timeout=5) == passed


def test_when_the_first_has_gone_the_next_is_the_first(tmp_path: Path) -> None:
    for _ in range(3):
        window = FirstWindow(tmp_path, SystemClock())
        assert window.take(lambda _unit: None)
        window.close()
    assert not (tmp_path / "window.json").exists()


def test_a_stranger_without_the_word_moves_no_window(tmp_path: Path, first: FirstWindow) -> None:
    fronts: queue.Queue[str] = queue.Queue()
    assert first.take(lambda unit: fronts.put(unit or "front"))
    port = json.loads((tmp_path / "window.json").read_text())["port"]
    for message in (b"to-front x\n", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 1000):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(message)
            try:
                line.shutdown(socket.SHUT_WR)
                assert line.recv(100) == b""
            except OSError:
                continue  # hung up on, which is as good as silence
    assert fronts.empty()
    assert not FirstWindow(tmp_path, SystemClock()).take(lambda _unit: None)
    assert fronts.get(timeout=5) == "front"


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_the_word_is_for_the_owner_alone(tmp_path: Path, first: FirstWindow) -> None:
    first.take(lambda _unit: None)
    assert (tmp_path / "window.json").stat().st_mode & 0o777 == 0o600


def test_a_copy_that_holds_on_and_does_not_answer_is_told(
    tmp_path: Path, first: FirstWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.services.lock._PATIENCE", 0.1)
    assert first.take(lambda _unit: None)
    (tmp_path / "window.json").write_text("{")
    with pytest.raises(Trouble) as caught:
        FirstWindow(tmp_path, SystemClock()).take(lambda _unit: None)
    assert caught.value.code is Code.ALREADY_RUNNING
