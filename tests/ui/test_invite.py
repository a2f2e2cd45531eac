"""Inviting IT: lists, words for what is wrong with them, and what is seen live."""

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
from tests.ui.sample import PRACTICE
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import Role, StepId
from wizard.services.contract import UnitView
from wizard.services.contract.inviting import InvitedState
from wizard.ui.pages.invite import InvitePage
from wizard.ui.widgets.address_field import AddressField, Chip, ChipState

IT = "it-desk@halden-freight.example"
TOMASZ = "tomasz.wilk@halden-freight.example"
PRIYA = "priya.raman@halden-freight.example"
ME = "ingrid.solberg@halden-freight.example"


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


@pytest.fixture
def opened(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Callable[[], Stage]]:
    """Opens the window at the page; closes it in the end."""
    del qtbot
    dressed()
    stages: list[Stage] = []

    def open_stage() -> Stage:
        at_step(bench, StepId.INVITE_IT)
        stage = Stage(bench, StepId.INVITE_IT)
        stages.append(stage)
        stage.until(lambda: "invitations" in bench.called)
        stage.settle()
        return stage

    yield open_stage
    for stage in stages:
        stage.close()


def at(stage: Stage) -> StepId:
    return stage.frame.walk.step


def chips(stage: Stage) -> dict[str, ChipState]:
    field = stage.frame.page.findChild(AddressField)
    assert isinstance(field, AddressField)
    return {chip.words: chip.state for chip in field.chips}


def chip(stage: Stage, words: str) -> Chip:
    found = stage.find(f"chip-{words}")
    assert isinstance(found, Chip)
    return found


def line(stage: Stage) -> QLineEdit:
    found = stage.find("invite-addresses")
    assert isinstance(found, QLineEdit)
    return found


def problems(stage: Stage) -> list[str]:
    return [
        stage.words(f"address-problem-{n}") for n in range(4) if stage.shown(f"address-problem-{n}")
    ]


def look_again(stage: Stage) -> None:
    """Let the next look be due now rather than in some seconds."""
    page = stage.frame.page
    assert isinstance(page, InvitePage)
    page.watch.look()
    stage.settle()


# ------------------------------------------------------------------ addresses


def test_a_pasted_list_becomes_chips_and_is_sent_at_once(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    assert not stage.find("invite-send").isEnabled()
    assert not stage.frame.footer.primary.isEnabled()
    paste(stage, f"Wilk, Tomasz <{TOMASZ}>; {PRIYA}")
    assert list(chips(stage)) == [TOMASZ, PRIYA]
    assert stage.words("invite-send") == "Send 2 invitations"
    stage.press("invite-send")
    stage.until(lambda: bench.answers.invited == 2)
    assert not chips(stage)
    assert "Pending" in stage.words(f"invited-{PRIYA}-state")
    assert "expires in 47 h" in stage.words(f"invited-{PRIYA}-detail")
    assert stage.words("proof") == "It worked: 2 people are invited or have accepted."
    assert stage.frame.footer.primary.isEnabled()


def test_one_press_sends_the_first_list_and_goes_on(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    assert stage.frame.footer.primary.accessibleDescription() == "Invite somebody first"
    paste(stage, TOMASZ)
    assert stage.words("primary") == "Invite and continue"
    stage.press("primary")
    stage.until(lambda: at(stage) is StepId.HAND_OVER)
    assert bench.answers.invited == 1


def test_a_first_list_with_an_address_that_is_none_is_not_sent_by_going_on(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    paste(stage, f"{TOMASZ}, nobody@")
    assert not stage.frame.footer.primary.isEnabled()
    assert bench.answers.invited == 0
    assert at(stage) is StepId.INVITE_IT


def test_addresses_typed_by_hand_part_at_comma_space_and_enter(
    opened: Callable[[], Stage],
) -> None:
    stage = opened()
    line(stage).setFocus()
    QTest.keyClicks(line(stage), f"{IT},")
    QTest.keyClicks(line(stage), f"{TOMASZ} ")
    QTest.keyClicks(line(stage), PRIYA)
    assert list(chips(stage)) == [IT, TOMASZ]
    QTest.keyClick(line(stage), Qt.Key.Key_Return)
    assert list(chips(stage)) == [IT, TOMASZ, PRIYA]
    assert at(stage) is StepId.INVITE_IT


def test_a_name_typed_before_its_address_is_not_taken_for_one(
    opened: Callable[[], Stage],
) -> None:
    stage = opened()
    line(stage).setFocus()
    QTest.keyClicks(line(stage), f"Wilk, Tomasz <{TOMASZ}>")
    assert chips(stage) == {TOMASZ: ChipState.FINE}


def test_an_address_without_an_ending_is_told_and_can_be_corrected_in_place(
    opened: Callable[[], Stage],
) -> None:
    stage = opened()
    paste(stage, f"{IT}, sam.okoro@halden-freight\n")
    expected = "sam.okoro@halden-freight has no ending, such as .com. Correct or remove it."
    assert problems(stage) == [expected]
    assert stage.words("invite-send") == "Send 1 invitation"
    assert line(stage).accessibleDescription() == expected
    chip(stage, "sam.okoro@halden-freight").click()
    assert line(stage).text() == "sam.okoro@halden-freight"
    QTest.keyClicks(line(stage), ".example")
    QTest.keyClick(line(stage), Qt.Key.Key_Return)
    assert problems(stage) == []
    assert stage.words("invite-send") == "Send 2 invitations"


def test_members_the_invited_and_oneself_are_told_apart_and_not_sent_to(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.ACCEPTED, name="Tomasz Wilk")
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage = opened()
    paste(stage, f"{TOMASZ.upper()}; {PRIYA}; {ME};")
    assert set(chips(stage).values()) == {ChipState.KNOWN}
    told = " ".join(problems(stage))
    assert "has accepted already" in told
    assert "is invited already and can still accept" in told
    assert "is you" in told
    assert not stage.find("invite-send").isEnabled()


def test_doubles_are_taken_once_and_it_is_said(opened: Callable[[], Stage]) -> None:
    stage = opened()
    paste(stage, f"{IT}, {IT.upper()},")
    assert list(chips(stage)) == [IT]
    assert problems(stage) == [f"{IT.upper()} stood there twice. It gets one invitation."]


def test_more_problems_than_three_are_counted(opened: Callable[[], Stage]) -> None:
    stage = opened()
    paste(stage, "a@b; c@d; e@f; g@h; i@j;")
    assert problems(stage)[-1] == "2 more need a look."


def test_a_list_that_is_far_too_long_says_what_was_left_out(opened: Callable[[], Stage]) -> None:
    stage = opened()
    paste(stage, "\n".join(f"person{n}@halden-freight.example" for n in range(205)) + "\n")
    assert len(chips(stage)) == 200
    assert problems(stage) == ["5 addresses have no room here and were left out."]
    assert stage.words("invite-hint") == "They go out 20 at a time."


def test_chips_go_by_the_keyboard(opened: Callable[[], Stage]) -> None:
    stage = opened()
    paste(stage, f"{IT}, {PRIYA},")
    QTest.keyClick(chip(stage, IT), Qt.Key.Key_Delete)
    assert list(chips(stage)) == [PRIYA]
    QTest.keyClick(line(stage), Qt.Key.Key_Backspace)
    assert chips(stage) == {}
    assert line(stage).text() == PRIYA


def test_what_was_typed_and_not_sent_is_not_lost_by_going_on(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage = opened()
    line(stage).setFocus()
    QTest.keyClicks(line(stage), IT)
    stage.until(stage.frame.footer.primary.isEnabled)
    stage.press("primary")
    assert at(stage) is StepId.INVITE_IT
    assert problems(stage) == ["1 address was not sent yet. Send it, or remove it."]
    QTest.keyClick(chip(stage, IT), Qt.Key.Key_Delete)
    assert problems(stage) == []
    stage.press("primary")
    assert at(stage) is StepId.HAND_OVER


# ------------------------------------------------------------------ what does not work


def test_a_network_that_goes_in_the_middle_loses_nothing(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    bench.inviting.breaks_after = 1
    bench.inviting.members = {"kari@halden-freight.example"}
    paste(stage, f"kari@halden-freight.example, {TOMASZ}, {PRIYA}, {IT},")
    stage.press("invite-send")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.shown("invite-note")
    told = " ".join(stage.all_words())
    assert "1 invitation was sent." in told
    assert "kari@halden-freight.example belongs to your organization here already" in told
    assert list(chips(stage)) == [PRIYA, IT]
    assert stage.words("primary") == "Send again"
    stage.press("primary")
    stage.until(lambda: bench.answers.invited == 3)
    assert not chips(stage)
    assert not stage.shown("trouble")


def test_a_dead_network_keeps_every_address(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    bench.fail("invite", Code.OFFLINE)
    paste(stage, f"{TOMASZ}, {PRIYA},")
    stage.press("invite-send")
    stage.until(lambda: stage.shown("trouble"))
    assert list(chips(stage)) == [TOMASZ, PRIYA]
    assert bench.answers.invited == 0


def test_a_list_that_could_not_be_read_is_asked_for_again_and_it_is_said(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.fail("invitations", Code.OFFLINE, times=2)
    stage = opened()
    stage.until(lambda: stage.words("invited-checked") == "No answer yet. We keep asking.")
    assert not stage.shown("trouble")
    look_again(stage)
    look_again(stage)
    stage.until(lambda: stage.words("invited-checked") == "Checked just now")


def test_a_sign_in_that_ended_leads_back_to_signing_in(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.fail("invitations", Code.SIGN_IN_EXPIRED)
    stage = opened()
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Sign in again"
    stage.press("primary")
    assert at(stage) is StepId.SIGN_IN


def test_a_person_who_is_no_owner_any_more_is_told_so_and_looks_again(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.fail("invitations", Code.NOT_ALLOWED)
    stage = opened()
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Look again"
    stage.press("primary")
    stage.until(lambda: not stage.shown("trouble"))
    assert stage.words("invited-checked") == "Checked just now"


def test_leaving_while_it_sends_cancels_and_keeps_the_addresses(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    bench.hold("invite")
    paste(stage, f"{TOMASZ},")
    stage.press("invite-send")
    stage.until(lambda: "invite" in bench.called)
    stage.press("back")
    stage.until(lambda: stage.frame.page.offer.valid)
    assert bench.answers.invited == 0
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage.press("primary")
    assert at(stage) is StepId.INVITE_IT
    assert list(chips(stage)) == [TOMASZ]
    assert stage.find("invite-send").isEnabled()


# ------------------------------------------------------------------ live


def test_somebody_who_accepts_is_seen_without_a_press(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.PENDING)
    stage = opened()
    assert "Pending" in stage.words(f"invited-{TOMASZ}-state")
    bench.inviting.accept(TOMASZ, "Tomasz Wilk")
    look_again(stage)
    stage.until(lambda: "Accepted" in stage.words(f"invited-{TOMASZ}-state"))
    assert stage.words(f"invited-{TOMASZ}-who") == "Tomasz Wilk"
    assert stage.words(f"invited-{TOMASZ}-detail").endswith(TOMASZ)


def test_an_invitation_is_taken_back_and_made_again(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage = opened()
    stage.until(lambda: bench.answers.invited == 1)
    stage.press(f"invited-{PRIYA}-revoke")
    stage.until(lambda: "Revoked" in stage.words(f"invited-{PRIYA}-state"))
    assert bench.answers.invited == 0
    assert not stage.frame.footer.primary.isEnabled()
    stage.press(f"invited-{PRIYA}-resend")
    stage.until(lambda: "Pending" in stage.words(f"invited-{PRIYA}-state"))
    assert bench.answers.invited == 1


def test_an_expired_one_is_sent_again_and_valid_anew(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(PRIYA, InvitedState.PENDING, hours=-1)
    stage = opened()
    assert "Expired" in stage.words(f"invited-{PRIYA}-state")
    stage.press(f"invited-{PRIYA}-resend")
    stage.until(lambda: "Pending" in stage.words(f"invited-{PRIYA}-state"))


def test_one_that_was_accepted_meanwhile_can_not_be_revoked_and_is_shown_so(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.PENDING)
    stage = opened()
    bench.inviting.accept(TOMASZ, "Tomasz Wilk")
    stage.press(f"invited-{TOMASZ}-revoke")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "This invitation was answered already"
    stage.until(lambda: "Accepted" in stage.words(f"invited-{TOMASZ}-state"))


def test_an_owner_who_came_without_an_invitation_is_enough(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.OWNER, name="Tomasz Wilk")
    stage = opened()
    stage.until(stage.frame.footer.primary.isEnabled)
    assert "Owner already" in stage.words(f"invited-{TOMASZ}-state")


def test_people_of_another_unit_are_gone_at_once(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    bench.inviting.add(PRIYA, InvitedState.PENDING)
    stage = opened()
    assert stage.shown(f"invited-{PRIYA}")
    stage.press("back")
    stage.until(lambda: stage.frame.page.offer.valid)
    bench.answers = replace(bench.answers, ou_id="ou-9", ou_name="Nordby")
    bench.units = (UnitView(id="ou-9", name="Nordby", manageable=True),)
    bench.inviting.people.clear()
    bench.hold("invitations")
    stage.press("primary")
    assert at(stage) is StepId.INVITE_IT
    assert not stage.shown(f"invited-{PRIYA}")
    bench.release("invitations")
    stage.until(lambda: stage.shown("invited-nobody"))


def test_who_is_it_skips_and_goes_on_with_the_steps_of_it(
    bench: FakeWorkbench, opened: Callable[[], Stage]
) -> None:
    stage = opened()
    stage.press("invite-skip")
    assert bench.answers.role is Role.BOTH
    assert at(stage) is StepId.WORKSPACE
    stage.press("back")
    assert at(stage) is StepId.ORGANIZATIONAL_UNIT


def test_in_practice_it_is_said_where_the_letters_are(qtbot: QtBot) -> None:
    del qtbot
    dressed()
    bench = FakeWorkbench(PRACTICE)
    at_step(bench, StepId.INVITE_IT)
    stage = Stage(bench, StepId.INVITE_IT)
    try:
        stage.until(lambda: stage.words("invited-checked") == "Checked just now")
        assert not stage.shown("invite-outbox")
        bench.inviting.add(PRIYA, InvitedState.PENDING)
        look_again(stage)
        stage.until(lambda: stage.shown("invite-outbox"))
        stage.press("invite-outbox")
        assert bench.opened == [PRACTICE.control_url]
    finally:
        stage.close()


def test_a_service_without_invitations_leads_on_and_offers_none(
    opened: Callable[[], Stage], bench: FakeWorkbench
) -> None:
    bench.inviting.offered = False
    stage = opened()
    stage.until(lambda: stage.shown("invite-none"))
    assert "takes no invitations" in stage.words("invite-none")
    assert not stage.shown("invite-addresses")
    assert not stage.shown("invite-send")
    assert not stage.shown("trouble")
    stage.press("primary")
    assert at(stage) is StepId.HAND_OVER
    assert "invite" not in bench.called


def test_who_was_deactivated_is_said_to_be(
    opened: Callable[[], Stage], bench: FakeWorkbench
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.INACTIVE, name="Tomasz Wilk")
    stage = opened()
    stage.until(lambda: "Deactivated" in stage.all_words())
    assert not stage.frame.page.offer.valid


def test_who_accepted_and_was_removed_can_be_invited_again(
    opened: Callable[[], Stage], bench: FakeWorkbench
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.LEFT)
    stage = opened()
    stage.until(lambda: "No longer an owner" in stage.all_words())
    assert not stage.frame.page.offer.valid
    stage.press(f"invited-{TOMASZ}-resend")
    stage.until(lambda: "Pending" in stage.all_words())
    assert bench.answers.invited == 1
    assert "resend" not in bench.called


def test_who_is_a_member_without_an_owners_rights_is_said_to_get_none(
    opened: Callable[[], Stage], bench: FakeWorkbench
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.LEFT)
    bench.inviting.members.add(TOMASZ)
    stage = opened()
    stage.until(lambda: "No longer an owner" in stage.all_words())
    stage.press(f"invited-{TOMASZ}-resend")
    told = f"{TOMASZ} belongs to your organization here already and got none."
    stage.until(lambda: told in stage.all_words())


def test_the_address_of_who_was_removed_may_be_typed(
    opened: Callable[[], Stage], bench: FakeWorkbench
) -> None:
    bench.inviting.add(TOMASZ, InvitedState.LEFT)
    stage = opened()
    stage.until(lambda: "No longer an owner" in stage.all_words())
    paste(stage, TOMASZ)
    stage.until(lambda: stage.words("invite-send") == "Send 1 invitation")
