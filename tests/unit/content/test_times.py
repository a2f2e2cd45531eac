"""Moments are told as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wizard.content.times import ago_words, at_words, day_words, short_words, table_words


def at(text: str) -> datetime:
    """This time of day where the person is."""
    return datetime.fromisoformat(text).astimezone()


NOW = at("2026-11-23T10:45")
"""A Monday."""


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at("2026-11-23T07:58"), "at 7:58"),
        (at("2026-11-22T23:10"), "yesterday at 23:10"),
        (at("2026-11-24T00:05"), "tomorrow at 0:05"),
        (at("2026-11-21T16:42"), "on Saturday at 16:42"),
        (at("2026-11-10T09:00"), "on 10 November at 9:00"),
    ],
)
def test_within_a_sentence(moment: datetime, words: str) -> None:
    assert at_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("moment", "short", "in_table"),
    [
        (at("2026-11-23T10:42"), "10:42", "Today 10:42"),
        (at("2026-11-22T10:42"), "Yesterday", "Sun 22, 10:42"),
        (at("2026-11-21T16:58"), "Saturday", "Sat 21, 16:58"),
        (at("2026-09-01T16:58"), "1 September", "1 September"),
    ],
)
def test_beside_a_line_and_in_a_column(moment: datetime, short: str, in_table: str) -> None:
    assert short_words(moment, NOW) == short
    assert table_words(moment, NOW) == in_table


def test_a_day_of_the_week_before_is_told_by_its_date() -> None:
    today = NOW.date()
    assert day_words(today, today) == "Today"
    assert day_words(today - timedelta(days=6), today) == "Tuesday"
    assert day_words(today - timedelta(days=7), today) == "16 November"


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=20), "20 minutes"),
        (timedelta(hours=7), "7 hours"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_how_long_ago(gone: timedelta, words: str) -> None:
    assert ago_words(NOW - gone, NOW) == words
