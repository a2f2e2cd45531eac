"""Saving off the caller's thread: in order, only the newest, flushed, and told when it fails."""

from __future__ import annotations

import threading

import pytest

from tests.conftest import ExpectedLogs
from wizard.core.trouble import Code, Trouble
from wizard.services.saver import Saver

PATIENCE = 10.0


class Disk:
    """Keeps what is written; may be slow, and may be full."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.threads: set[str] = set()
        self.full = False
        self.mistaken = False
        self.began = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def write(self, state: int) -> None:
        self.threads.add(threading.current_thread().name)
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        if self.full:
            raise Trouble(Code.DISK_FULL, folder="there")
        if self.mistaken:
            raise TypeError("no such field")
        self.written.append(state)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def saver(disk: Disk) -> Saver[int]:
    return Saver(disk.write, name="choices")


def test_after_a_flush_the_newest_state_is_on_the_disk(disk: Disk, saver: Saver[int]) -> None:
    for state in range(100):
        saver.put(state)
    saver.flush()
    assert disk.written[-1] == 99
    assert disk.written == sorted(disk.written)


def test_nothing_is_written_on_the_callers_thread(disk: Disk, saver: Saver[int]) -> None:
    saver.put(1)
    saver.flush()
    assert disk.threads == {"choices"}


def test_what_waits_behind_a_slow_disk_is_only_the_newest(disk: Disk, saver: Saver[int]) -> None:
    disk.go_on.clear()
    saver.put(1)
    assert disk.began.wait(PATIENCE)
    for state in (2, 3, 4):
        saver.put(state)
    disk.go_on.set()
    saver.flush()
    assert disk.written == [1, 4]


def test_a_flush_with_nothing_to_save_returns_at_once(disk: Disk, saver: Saver[int]) -> None:
    saver.flush()
    assert disk.written == []


def test_what_could_not_be_saved_is_told_and_raised_by_the_flush(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "disk-full")
    told: list[Code] = []
    saver.listen(lambda trouble: told.append(trouble.code))
    disk.full = True
    saver.put(1)
    with pytest.raises(Trouble) as caught:
        saver.flush()
    assert caught.value.code is Code.DISK_FULL
    assert set(told) == {Code.DISK_FULL}
    assert disk.written == []


def test_a_flush_tries_once_more_what_could_not_be_saved(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver")
    disk.full = True
    saver.put(1)
    with pytest.raises(Trouble):
        saver.flush()
    disk.full = False
    saver.flush()
    assert disk.written == [1]
    saver.flush()
    assert disk.written == [1]


def test_a_later_state_makes_up_for_one_that_could_not_be_saved(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver")
    disk.full = True
    saver.put(1)
    with pytest.raises(Trouble):
        saver.flush()
    disk.full = False
    saver.put(2)
    saver.flush()
    assert disk.written == [2]


def test_who_listens_no_longer_hears_nothing(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver")
    told: list[Trouble] = []
    end = saver.listen(told.append)
    end()
    end()
    disk.full = True
    saver.put(1)
    with pytest.raises(Trouble):
        saver.flush()
    assert told == []


def test_a_mistake_of_a_listener_keeps_nobody_waiting_and_later_states_are_saved(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_log("wizard.services.saver", "disk-full")
    mistakes: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", mistakes.append)

    def mistaken(_trouble: Trouble) -> None:
        raise RuntimeError("the window is gone")

    end = saver.listen(mistaken)
    disk.full = True
    saver.put(1)
    flushed = threading.Event()

    def flush() -> None:
        with pytest.raises(Trouble):
            saver.flush()
        flushed.set()

    waiter = threading.Thread(target=flush, daemon=True)
    waiter.start()
    assert flushed.wait(PATIENCE)
    waiter.join()
    assert mistakes
    end()
    disk.full = False
    saver.put(2)
    saver.flush()
    assert disk.written == [2]


def test_what_met_a_mistake_of_our_own_is_not_called_saved_and_tried_once_more(
    disk: Disk, saver: Saver[int], expect_log: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_log("wizard.services.saver", "internal")
    mistakes: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", mistakes.append)
    told: list[Code] = []
    saver.listen(lambda trouble: told.append(trouble.code))
    disk.mistaken = True
    saver.put(1)
    with pytest.raises(Trouble) as caught:
        saver.flush()
    assert caught.value.code is Code.INTERNAL
    assert mistakes
    assert set(told) == {Code.INTERNAL}
    disk.mistaken = False
    saver.flush()
    assert disk.written == [1]


def test_what_waited_behind_a_mistake_of_our_own_is_saved(
    disk: Disk, expect_log: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_log("wizard.services.saver", "internal")
    mistakes: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", mistakes.append)

    def write(state: int) -> None:
        disk.mistaken = state == 1
        disk.write(state)

    saver = Saver(write, name="choices")
    disk.go_on.clear()
    saver.put(1)
    assert disk.began.wait(PATIENCE)
    saver.put(2)
    disk.go_on.set()
    saver.flush()
    assert disk.written == [2]
    assert len(mistakes) == 1
