from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.services.scheduler_world import START, HandClock
from wizard.services.timetable import Standing, Timetable


@dataclass
class Day:
    """A timetable on clocks moved by hand."""

    clock: HandClock = field(default_factory=HandClock)
    minutes: int = 30
    chance: float = 0.5

    def __post_init__(self) -> None:
        self.timetable = Timetable(
            self.clock, interval=lambda: self.minutes, random=lambda: self.chance
        )
        self.timetable.begin(START, START)

    def overdue(self) -> bool:
        return self.timetable.overdue


moves = st.lists(
    st.tuples(st.sampled_from(["pass", "sleep", "back"]), st.integers(0, 4 * 3600)), max_size=12
)


@given(moves, st.integers(5, 1440), st.floats(0, 0.999), st.sampled_from(Standing))
def test_whatever_the_clocks_do_the_next_run_is_never_further_off_than_an_interval(
    moved: list[tuple[str, int]], minutes: int, chance: float, standing: Standing
) -> None:
    day = Day(minutes=minutes, chance=chance)
    day.timetable.ran(standing)
    longest = minutes * 60 * 1.1 + 1
    for kind, seconds in moved:
        if kind == "pass":
            day.clock.pass_time(seconds=seconds)
        elif kind == "sleep":
            day.clock.sleep_through(seconds=seconds)
        else:
            day.clock.set_back(seconds=seconds)
        assert 0 <= day.timetable.seconds_left() <= longest
        assert day.timetable.next_run_at() >= day.clock.now()


@given(st.lists(st.booleans(), max_size=10), st.integers(5, 600))
def test_an_interval_of_waking_and_sleeping_time_makes_a_run_due(
    asleep: list[bool], minutes: int
) -> None:
    day = Day(minutes=minutes)
    share = minutes * 60 / max(1, len(asleep))
    for sleeps in asleep:
        if sleeps:
            day.clock.sleep_through(seconds=share + 61)
        else:
            day.clock.pass_time(seconds=share)
        day.timetable.seconds_left()
    day.clock.pass_time(seconds=0 if asleep else minutes * 60)
    # Just woken, the network gets a moment to come back.
    assert day.timetable.seconds_left() <= 10


@given(st.lists(st.sampled_from([Standing.OFFLINE, Standing.BUSY]), min_size=1, max_size=12))
def test_trying_again_never_takes_longer_than_an_interval(tries: list[Standing]) -> None:
    day = Day()
    waits = []
    for standing in tries:
        day.timetable.ran(standing)
        waits.append(day.timetable.seconds_left())
        day.clock.pass_time(seconds=waits[-1])
    assert waits == sorted(waits)
    assert waits[0] == 30
    assert waits[-1] <= 1800


@given(st.floats(0, 100_000))
def test_the_other_sides_word_counts_up_to_an_interval(retry_after: float) -> None:
    day = Day()
    day.timetable.ran(Standing.OFFLINE, retry_after)
    assert min(retry_after, 1800) <= day.timetable.seconds_left() + 1e-6 <= 1801


def test_a_good_run_clears_what_was_overdue() -> None:
    day = Day()
    day.clock.pass_time(hours=9)
    assert day.overdue()
    day.timetable.ran(Standing.NEEDS_PERSON)
    assert day.overdue()
    day.timetable.ran(Standing.GOOD)
    assert not day.overdue()
    assert day.timetable.last_good == START + timedelta(hours=9)


def test_with_a_long_interval_it_is_four_of_them_before_it_is_said() -> None:
    day = Day(minutes=24 * 60)
    day.clock.pass_time(days=3)
    assert not day.overdue()
    day.clock.pass_time(days=2)
    assert day.overdue()


@given(st.integers(-(10**12), 10**12), st.sampled_from(Standing))
def test_whatever_interval_is_asked_for_there_is_a_break_and_it_ends(
    minutes: int, standing: Standing
) -> None:
    day = Day(minutes=minutes)
    day.timetable.ran(standing)
    assert 30 <= day.timetable.seconds_left() <= 7 * 24 * 3600
