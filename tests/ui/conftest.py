"""What holds for every test of the window: a platform to draw on, and no timer left running."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

if not (os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM")):
    # Without a display Qt would abort the whole process.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Loads Qt now, so that its messages are watched from the first test on.
from tests.qt_guards import running_timers


@pytest.fixture(autouse=True)
def no_timer_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a timer running in the application or in a window."""
    before = set(running_timers())
    yield
    left = [timer for timer in running_timers() if timer not in before]
    assert not left, "left-over timers:\n" + "\n".join(left)
