"""One practice organization for all tests that only look, or that work in a unit of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.practice.visitor import Scim, World, practice


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture
def stand_ins(shared_world: World) -> Iterator[World]:
    """The shared world, healed before and after."""
    shared_world.tell("clear-faults")
    yield shared_world
    shared_world.tell("clear-faults")


@pytest.fixture
def scim(stand_ins: World) -> Scim:
    return Scim.new(stand_ins)
