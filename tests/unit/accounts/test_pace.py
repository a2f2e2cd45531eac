"""How fast writes are sent when the other side asks to slow down, and afterwards."""

from __future__ import annotations

import errno
import itertools
import tempfile

import pytest

from tests.unit.accounts.fake_scim import BASE, FakeScim, StandingClock
from wizard.accounts.pace import Pace
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble


def test_nobody_waits_while_nobody_asked_for_it() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    for _ in range(100):
        pace.wait(Cancel())
        pace.accepted()
    assert clock.slept == []
    assert pace.gap == 0.0


def test_what_was_asked_for_is_waited_and_more_each_time() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    pace.refused(7.0)
    pace.wait(Cancel())
    assert clock.seconds >= 7.0
    gap = pace.gap
    pace.refused(None)
    assert pace.gap == gap * 2


def test_a_wait_without_end_is_cut_short() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    pace.refused(86_400.0)
    pace.wait(Cancel())
    assert clock.seconds <= 120.0


def test_the_gap_never_grows_beyond_a_few_seconds_and_goes_away_again() -> None:
    pace = Pace(StandingClock())
    for _ in range(50):
        pace.refused(0.0)
    assert pace.gap == 5.0
    for _ in range(200):
        pace.accepted()
    assert pace.gap == 0.0


def test_waiting_requests_keep_their_distance_from_each_other() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    pace.refused(0.0)
    turns = []
    for _ in range(5):
        pace.wait(Cancel())
        turns.append(clock.seconds)
    gaps = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert all(gap >= pace.gap - 1e-9 for gap in gaps)


def test_a_cancel_ends_the_waiting() -> None:
    pace = Pace(StandingClock())
    pace.refused(60.0)
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        pace.wait(cancel)
    assert caught.value.code is Code.CANCELLED


def test_a_full_disk_under_a_long_listing_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    service = FakeScim()
    service.add(userName="a@x.example")

    class Full(tempfile.SpooledTemporaryFile):  # type: ignore[type-arg] # only written to
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Full)
    users = ScimUsers(service, base_path=BASE, clock=StandingClock())
    with pytest.raises(Trouble) as caught:
        list(users.accounts(Cancel()))
    assert caught.value.code is Code.DISK_FULL
