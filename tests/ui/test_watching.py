"""How often something shown is looked at again, and how old it is said to be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from wizard.ui import watching
from wizard.ui.watching import Watch, checked_words


class Hands:
    """A clock's hands that a test moves."""

    now = 1000.0


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    clock = Hands()
    monkeypatch.setattr(watching, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def watch(qtbot: QtBot, hands: Hands) -> Iterator[tuple[Watch, list[float]]]:
    """A watch that ticks once a minute at most by itself, and when each look was."""
    del qtbot
    parent = QObject()
    made = Watch(parent)
    made.timer.setInterval(60_000)
    looks: list[float] = []
    made.due.connect(lambda: looks.append(hands.now))
    yield made, looks
    made.stop()


def passes(watch: Watch, hands: Hands, seconds: int, *, fails: bool = False) -> None:
    """Let seconds go by; every look is answered, or fails, at once."""
    for _ in range(seconds):
        hands.now += 1
        watch.timer.timeout.emit()
        if watch.looking:
            watch.failed() if fails else watch.answered()


def test_it_looks_at_once_then_every_five_seconds(
    watch: tuple[Watch, list[float]], hands: Hands
) -> None:
    one, looks = watch
    one.start()
    one.answered()
    passes(one, hands, 20)
    assert looks == [1000, 1005, 1010, 1015, 1020]


def test_nothing_is_asked_while_a_look_is_under_way(
    watch: tuple[Watch, list[float]], hands: Hands
) -> None:
    one, looks = watch
    one.start()
    for _ in range(30):
        hands.now += 1
        one.timer.timeout.emit()
    one.look()
    assert looks == [1000]


def test_after_failures_it_waits_longer_and_after_an_answer_as_before(
    watch: tuple[Watch, list[float]], hands: Hands
) -> None:
    one, looks = watch
    one.start()
    one.failed()
    passes(one, hands, 300, fails=True)
    gaps = [second - first for first, second in itertools.pairwise(looks)]
    assert gaps == [10, 20, 40, 60, 60, 60]
    failing = one.failing
    one.stir()
    one.answered()
    assert (failing, one.failing) == (True, False)
    before = len(looks)
    passes(one, hands, 5)
    assert len(looks) == before + 1


def test_a_quiet_hour_is_looked_at_rarely_until_something_happens(
    watch: tuple[Watch, list[float]], hands: Hands
) -> None:
    one, looks = watch
    one.start()
    one.answered()
    passes(one, hands, 4000)
    assert looks[-1] - looks[-2] == 60
    one.stir()
    one.look()
    one.answered()
    passes(one, hands, 5)
    assert looks[-1] - looks[-2] == 5


def test_a_stopped_watch_asks_nothing(watch: tuple[Watch, list[float]], hands: Hands) -> None:
    one, looks = watch
    one.start()
    one.answered()
    one.stop()
    assert not one.timer.isActive()
    assert one.age == 0
    hands.now += 7
    assert one.age == 7
    assert looks == [1000]


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0, "Checked just now"),
        (4.9, "Checked just now"),
        (9, "Checked 5 seconds ago"),
        (12, "Checked 10 seconds ago"),
        (60, "Checked 1 minute ago"),
        (200, "Checked 3 minutes ago"),
    ],
)
def test_how_old_it_is_does_not_flicker(age: float, words: str) -> None:
    assert checked_words(age) == words
