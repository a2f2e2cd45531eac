"""One practice organization for all tests that only look, or that work in a unit of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest

from tests.practice.discovery import judge_answer
from tests.practice.visitor import Scim, World, practice
from wizard.net.answers import Answer

T = TypeVar("T")


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


@pytest.fixture(autouse=True)
def googles_own_description(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Directory API answer that the product reads in a test is judged by Google's schema."""
    read = Answer.read

    def judged(answer: Answer, kind: type[T]) -> T:
        judge_answer(answer.path, answer.status, answer.body)
        return read(answer, kind)

    monkeypatch.setattr(Answer, "read", judged)
