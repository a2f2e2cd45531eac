"""Opens windows for tests of settings, previews and places, and finds what is typed into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.flow.answers import StepId

__all__ = ["OpenAt", "bench", "number", "open_at", "toggle", "type_into"]


class OpenAt(Protocol):
    """Opens a window at a step; without `went_on` as after a start of the program."""

    def __call__(self, bench: FakeWorkbench, step: StepId, *, went_on: bool = True) -> Stage: ...


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[OpenAt]:
    """Opens a window at a step, with everything before it done; closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_stage(bench: FakeWorkbench, step: StepId, *, went_on: bool = True) -> Stage:
        at_step(bench, step)
        stage = Stage(bench, step, went_on=went_on)
        opened.append(stage)
        return stage

    yield open_stage
    for stage in opened:
        stage.close()


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


def number(stage: Stage, name: str) -> QSpinBox:
    """The number field with this object name."""
    field = stage.find(name)
    assert isinstance(field, QSpinBox)
    return field


def toggle(stage: Stage) -> QAbstractButton:
    """The toggle for provisioning, once the settings are there."""
    stage.until(lambda: stage.frame.page.offer.valid)
    found = stage.find("provisioning-toggle")
    assert isinstance(found, QAbstractButton)
    return found


def type_into(stage: Stage, name: str, words: str) -> None:
    """Type words into the line with this object name."""
    line = stage.find(name)
    assert isinstance(line, QLineEdit)
    line.setText(words)
    line.textEdited.emit(words)
    stage.settle()
