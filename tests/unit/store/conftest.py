"""A clock that stands where a test puts it, and databases that are closed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wizard.core.cancel import Cancel
from wizard.store.database import Database
from wizard.store.schema import MIGRATIONS


class StillClock:
    """Moves only when told, or when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.passed = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.check()
        self.passed += seconds
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


OpenDatabase = Callable[..., Database]


@pytest.fixture
def open_database(tmp_path: Path, clock: StillClock) -> Iterator[OpenDatabase]:
    with ExitStack() as stack:

        def opened(*, steps: tuple[str, ...] = MIGRATIONS, name: str = "sync.db") -> Database:
            database = Database.open(tmp_path / "unit" / name, clock, steps=steps)
            return stack.enter_context(closing(database))

        yield opened
