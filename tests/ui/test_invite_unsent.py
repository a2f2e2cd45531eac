"""Addresses that were typed and not sent: still there when the program is started again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.owner_scenes import paste
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.services.contract.inviting import InvitedState
from wizard.ui.widgets.address_field import AddressField, Chip, ChipState

IT = "it-desk@halden-freight.example"
TOMASZ = "tomasz.wilk@halden-freight.example"
PRIYA = "priya.raman@halden-freight.example"

Start = Callable[[], Stage]


@pytest.fixture
def bench() -> FakeWorkbench:
    made = FakeWorkbench()
    at_step(made, StepId.INVITE_IT)
    return made


@pytest.fixture
def start(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Start]:
    """Starts the program at the page, and ends the one before as a person does."""
    del qtbot
    dressed()
    stages: list[Stage] = []

    def end() -> None:
        stage = stages.pop()
        stage.frame.drop_jobs()
        stage.close()

    def begin() -> Stage:
        while stages:
            end()
        stage = Stage(bench, StepId.INVITE_IT)
        stages.append(stage)
        stage.until(lambda: "invitations" in bench.called)
        stage.settle()
        return stage

    yield begin
    while stages:
        end()


def chips(stage: Stage) -> dict[str, ChipState]:
    field = stage.frame.page.findChild(AddressField)
    assert isinstance(field, AddressField)
    return {chip.words: chip.state for chip in field.chips}


def line(stage: Stage) -> QLineEdit:
    found = stage.find("invite-addresses")
    assert isinstance(found, QLineEdit)
    return found


def test_a_list_is_kept_a_moment_after_it_was_pasted_and_shown_on_return(
    bench: FakeWorkbench, start: Start
) -> None:
    stage = start()
    paste(stage, f"{IT}, sam.okoro@halden-freight\n")
    stage.until(lambda: bench.answers.unsent == (IT, "sam.okoro@halden-freight"))
    stage = start()
    assert chips(stage) == {IT: ChipState.FINE, "sam.okoro@halden-freight": ChipState.BAD}
    assert stage.words("invite-send") == "Send 1 invitation"


def test_what_stands_in_the_line_when_the_window_closes_is_kept_too(
    bench: FakeWorkbench, start: Start
) -> None:
    stage = start()
    paste(stage, f"{IT},")
    line(stage).setFocus()
    QTest.keyClicks(line(stage), TOMASZ)
    stage.frame.drop_jobs()
    assert bench.answers.unsent == (IT, TOMASZ)
    assert list(chips(start())) == [IT, TOMASZ]


def test_what_was_sent_or_taken_out_is_kept_no_longer(bench: FakeWorkbench, start: Start) -> None:
    stage = start()
    paste(stage, f"{IT}, {TOMASZ}, {PRIYA},")
    stage.until(lambda: len(bench.answers.unsent) == 3)
    chip = stage.find(f"chip-{IT}")
    assert isinstance(chip, Chip)
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    stage.until(lambda: bench.answers.unsent == (TOMASZ, PRIYA))
    bench.fail("invite", Code.OFFLINE)
    stage.press("invite-send")
    stage.until(lambda: stage.shown("trouble"))
    assert bench.answers.unsent == (TOMASZ, PRIYA)
    stage.press("invite-send")
    stage.until(lambda: bench.answers.unsent == ())
    assert bench.answers.invited == 2
    assert not chips(start())


def test_who_was_invited_meanwhile_is_told_on_return(bench: FakeWorkbench, start: Start) -> None:
    paste(start(), f"{TOMASZ},")
    stage = start()
    bench.inviting.add(TOMASZ, InvitedState.ACCEPTED, name="Tomasz Wilk")
    stage = start()
    stage.until(lambda: chips(stage) == {TOMASZ: ChipState.KNOWN})


def test_leaving_the_page_keeps_it_at_once(bench: FakeWorkbench, start: Start) -> None:
    stage = start()
    paste(stage, f"{TOMASZ},")
    stage.press("back")
    assert bench.answers.unsent == (TOMASZ,)


def test_a_new_beginning_gets_nothing_of_what_was_typed_before(
    bench: FakeWorkbench, start: Start
) -> None:
    stage = start()
    paste(stage, f"{TOMASZ},")
    stage.frame.start_again()
    for _ in range(12):
        stage.settle()
    assert bench.answers.unsent == ()


def test_another_unit_gets_what_still_stands_there(bench: FakeWorkbench, start: Start) -> None:
    stage = start()
    paste(stage, f"{TOMASZ},")
    stage.press("back")
    stage.until(lambda: stage.frame.page.offer.valid)
    bench.answers = replace(bench.answers, unsent=())
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage.press("primary")
    assert list(chips(stage)) == [TOMASZ]
    stage.until(lambda: bench.answers.unsent == (TOMASZ,))


def test_what_is_no_address_by_far_is_not_kept(bench: FakeWorkbench, start: Start) -> None:
    stage = start()
    paste(stage, f"{'x' * 5000}@halden-freight.example, {TOMASZ},")
    stage.until(lambda: bench.answers.unsent == (TOMASZ,))
