"""Stopping, pausing and telling the time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock, from_text, to_text
from wizard.core.trouble import Code, Trouble


def test_work_that_others_wait_for_is_stopped_with_the_rest_and_never_paused() -> None:
    cancel = Cancel()
    cancel.pause()
    with cancel.unpaused() as inner:
        inner.check()
        assert not inner.paused
        cancel.stop()
        with pytest.raises(Trouble) as trouble:
            inner.check()
    assert trouble.value.code is Code.CANCELLED
    with cancel.unpaused() as late:
        assert late.stopped


def test_work_that_is_worth_a_try_ends_by_itself_or_with_the_rest() -> None:
    cancel = Cancel()
    with cancel.at_most(0.01) as brief, pytest.raises(Trouble):
        brief.wait(10)
    assert not cancel.stopped
    with cancel.at_most(60) as brief:
        brief.check()
        cancel.stop()
        assert brief.stopped


def test_work_that_was_not_stopped_goes_on() -> None:
    cancel = Cancel()
    cancel.check()
    cancel.wait(0)
    assert not cancel.stopped


def test_stopped_work_ends_at_its_next_check() -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as ended:
        cancel.check()
    assert ended.value.code is Code.CANCELLED


def test_a_waiting_thread_wakes_as_soon_as_it_is_stopped() -> None:
    cancel = Cancel()
    ended: list[Code] = []

    def work() -> None:
        try:
            SystemClock().sleep(60, cancel)
        except Trouble as trouble:
            ended.append(trouble.code)

    thread = threading.Thread(target=work)
    began = time.monotonic()
    thread.start()
    cancel.stop()
    thread.join(10)
    assert ended == [Code.CANCELLED]
    assert time.monotonic() - began < 10


def test_paused_work_stands_still_until_it_may_go_on() -> None:
    cancel = Cancel()
    passed = threading.Event()
    cancel.pause()

    def work() -> None:
        cancel.check()
        passed.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert cancel.paused
    assert not passed.wait(0.1)
    cancel.resume()
    assert passed.wait(10)
    thread.join()


def test_stopping_wakes_paused_work_and_a_later_pause_changes_nothing() -> None:
    cancel = Cancel()
    cancel.pause()
    cancel.stop()
    cancel.pause()
    assert not cancel.paused
    with pytest.raises(Trouble):
        cancel.check()


def test_moments_sort_as_text_and_come_back_the_same() -> None:
    early = datetime(2026, 11, 22, 9, 0, 0, 5000, tzinfo=UTC)
    late = datetime(2026, 11, 22, 9, 0, 1, tzinfo=timezone(timedelta(hours=-1)))
    assert to_text(early) == "2026-11-22T09:00:00.005Z"
    assert to_text(early) < to_text(late)
    assert from_text(to_text(late)) == late


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        from_text("2026-11-22T09:00:00")
