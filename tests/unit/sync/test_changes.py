"""What two complete reads of the directory told differently is kept for a person's story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.sync.world import DOMAIN, World, new_world
from wizard.core.directory import UserState


@dataclass(frozen=True, kw_only=True)
class Row:
    user_id: str
    what: str
    old: str
    new: str


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path)
    yield made
    made.database.close()


def changes(world: World) -> set[tuple[str, str, str, str]]:
    with world.database.read() as reading:
        rows = reading.all(Row, "SELECT user_id, what, old, new FROM directory_change")
    return {(row.user_id, row.what, row.old, row.new) for row in rows}


def test_the_first_read_has_nothing_to_compare_with(world: World) -> None:
    world.directory.hire_many(12)
    world.first_sync()
    assert changes(world) == set()


def test_each_difference_is_kept_with_what_was_and_what_is(world: World) -> None:
    world.directory.unit("sales", "/Sales")
    world.directory.hire_many(12)
    world.first_sync()
    world.directory.change("u00001", family="Silva")
    world.directory.change("u00002", address=f"other@{DOMAIN}")
    world.directory.change("u00003", unit_path="/Sales")
    world.directory.change("u00004", state=UserState.SUSPENDED)
    world.directory.let_go("u00005")
    world.directory.hire("new", unit_path="/Sales")
    world.run()
    assert changes(world) == {
        ("u00001", "name", "Person No1", "Person Silva"),
        ("u00002", "address", f"u00002@{DOMAIN}", f"other@{DOMAIN}"),
        ("u00003", "unit", "/", "/Sales"),
        ("u00004", "state", "active", "suspended"),
        ("u00005", "vanished", "/", ""),
        ("new", "arrived", "", "/Sales"),
    }


def test_a_read_that_tells_the_same_adds_nothing(world: World) -> None:
    world.directory.hire_many(12)
    world.first_sync()
    world.run()
    world.run()
    assert changes(world) == set()


def test_what_is_older_than_ninety_days_is_forgotten(world: World) -> None:
    world.directory.hire_many(12)
    world.first_sync()
    world.directory.change("u00001", family="Silva")
    world.run()
    assert len(changes(world)) == 1
    world.clock.forward(days=91)
    world.run()
    assert changes(world) == set()
