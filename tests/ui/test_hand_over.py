"""Handing over to IT, waiting for them live, and going on with a resume file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui import halden
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.hand_over_scenes import page_of
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract.hand_over import Halt, ItPart, MailKind, ResumeView
from wizard.services.contract.inviting import InvitedState
from wizard.ui.resuming import Resuming


@pytest.fixture
def stages(qtbot: QtBot) -> Iterator[list[Stage]]:
    """Stages that a test opens; all of them end with it."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []
    yield opened
    for stage in opened:
        stage.close()


def opened(stages: list[Stage], *, handed_over: bool = False, done: int = 0) -> Stage:
    bench = FakeWorkbench()
    at_step(bench, StepId.HAND_OVER)
    bench.answers = replace(bench.answers, handed_over=handed_over)
    bench.hand_over.done = done
    stages.append(Stage(bench, StepId.HAND_OVER))
    return stages[-1]


def told(stage: Stage) -> str:
    return " ".join(stage.all_words())


def test_the_kit_is_saved_where_the_person_says_and_the_files_are_named(
    stages: list[Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage = opened(stages)
    target = tmp_path / "for-it.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    stage.press("kit-save")
    stage.until(lambda: stage.shown("hand-over-told"))
    assert stage.bench.hand_over.saved == [target]
    assert "for-it.html" in told(stage)
    assert "for-it.ecsetup" in told(stage)


def test_a_dialog_that_is_closed_saves_nothing(
    stages: list[Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(stages)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    stage.press("kit-save")
    assert stage.bench.hand_over.saved == []


def test_a_full_disk_is_told_and_the_cure_is_another_place(
    stages: list[Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage = opened(stages)
    stage.bench.fail("save_kit", Code.DISK_FULL)
    page_of(stage).save_to(tmp_path / "a.html")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.frame.page.offer.words == "Save it elsewhere"
    elsewhere = tmp_path / "b.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(elsewhere), ""))
    stage.press("primary")
    stage.until(lambda: stage.bench.hand_over.saved == [elsewhere])
    stage.until(lambda: not stage.shown("trouble"))
    assert not stage.bench.answers.handed_over


def test_a_mail_is_opened_and_without_a_mail_program_the_text_is_copied(
    stages: list[Stage],
) -> None:
    stage = opened(stages)
    stage.press("mail-open")
    stage.until(lambda: "Your mail program has the text." in told(stage))
    stage.bench.hand_over.mail_opens = False
    stage.press("mail-open")
    stage.until(lambda: "No mail program opened." in told(stage))
    stage.press("mail-copy")
    stage.until(lambda: QGuiApplication.clipboard().text() == "About hand-over\n\nHello,")
    assert stage.bench.hand_over.mailed == [MailKind.HAND_OVER, MailKind.HAND_OVER]


def test_handing_over_turns_to_the_page_that_waits_and_is_remembered(stages: list[Stage]) -> None:
    stage = opened(stages)
    stage.press("primary")
    assert stage.bench.answers.handed_over
    stage.until(lambda: "Waiting for IT" in told(stage))
    assert stage.frame.page.offer.words == "Close for now"
    assert stage.frame.walk.step is StepId.HAND_OVER


def test_each_part_of_it_s_appears_as_it_is_done(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True)
    stage.until(lambda: "Waiting for your invitation to be accepted" in told(stage))
    stage.bench.hand_over.done = 3
    page_of(stage)._watch.look()
    stage.until(lambda: "Tomasz is doing the IT part" in told(stage))
    assert "Installed the app in Google Workspace" in told(stage)
    assert "Authorizing the connection" in told(stage)
    assert "Turn on provisioning" in told(stage)


def test_the_rail_shows_how_far_it_is(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True, done=4)
    stage.until(lambda: "Choosing who gets an account" in told(stage))
    spoken = [name for name in stage.spoken_names() if name.startswith(("Authorize", "Who is"))]
    assert any("done" in name for name in spoken if name.startswith("Authorize"))
    assert any("done" not in name for name in spoken if name.startswith("Who is"))


def test_when_it_is_done_the_page_leads_on(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True, done=8)
    stage.until(lambda: stage.bench.answers.it_finished)
    assert "IT is done" in told(stage)
    assert not stage.shown("kit-save-again")
    assert f"{halden.IN_SCOPE} people have an account by now." in told(stage)
    assert stage.frame.page.offer.proved
    stage.press("primary")
    assert stage.frame.walk.step is StepId.DONE


def test_an_invitation_that_ended_says_what_to_do(stages: list[Stage]) -> None:
    bench = FakeWorkbench()
    at_step(bench, StepId.HAND_OVER)
    bench.answers = replace(bench.answers, handed_over=True)
    bench.hand_over.invitation = InvitedState.EXPIRED
    stages.append(Stage(bench, StepId.HAND_OVER))
    stage = stages[-1]
    stage.until(lambda: stage.shown("invitation-ended"))
    assert "has ended. It was not accepted within 48 hours." in told(stage)
    assert "Nothing for you to do" not in stage.frame.page.heading.lead
    stage.press("invite-again")
    stage.until(lambda: stage.frame.page.step is StepId.INVITE_IT)


def test_a_dead_network_keeps_what_was_seen_and_goes_on_asking(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True, done=2)
    stage.until(lambda: "Chose Google Workspace" in told(stage))
    stage.bench.fail("look", Code.OFFLINE)
    page_of(stage)._watch.look()
    stage.until(lambda: "No answer now, we keep asking." in stage.words("checked"))
    assert "Chose Google Workspace" in told(stage)
    assert not stage.shown("trouble")
    stage.press("look-now")
    stage.until(lambda: stage.words("checked").startswith("Live."))


def test_a_sign_in_that_ended_leads_to_signing_in(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True, done=2)
    stage.until(lambda: "Chose Google Workspace" in told(stage))
    stage.bench.fail("look", Code.SIGN_IN_EXPIRED)
    page_of(stage)._watch.look()
    stage.until(lambda: stage.shown("trouble"))
    assert stage.frame.page.offer.words == "Sign in again"
    stage.press("primary")
    assert stage.frame.walk.step is StepId.SIGN_IN


def test_leaving_the_page_ends_the_watching(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True)
    stage.until(lambda: "look" in stage.bench.called)
    stage.bench.hold("look")
    page_of(stage)._watch.look()
    stage.press("back")
    assert stage.frame.walk.step is StepId.INVITE_IT
    looks = stage.bench.called.count("look")
    stage.bench.release("look")
    stage.settle()
    assert stage.bench.called.count("look") == looks


# ---------------------------------------------------------------- resume files


@pytest.fixture
def welcome(stages: list[Stage]) -> Stage:
    """A window that was never used."""
    stages.append(Stage(FakeWorkbench(), StepId.WELCOME))
    stage = stages[-1]
    stage.frame.resuming = Resuming(stage.frame, stage.jobs, stage.frame)  # type: ignore[attr-defined] # kept for as long as the window
    return stage


def choose_file(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (f"/files/{name}", ""))
    stage.press("resume-open")


def test_a_resume_file_leads_to_signing_in_as_it(
    welcome: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    welcome.bench.hand_over.resumes["a.ecsetup"] = ResumeView(ou_id="ou-7")
    choose_file(welcome, monkeypatch, "a.ecsetup")
    welcome.until(lambda: welcome.frame.walk.step is StepId.SIGN_IN)
    assert welcome.bench.answers.role is Role.IT
    assert welcome.bench.answers.wanted_ou == "ou-7"


def test_where_the_service_does_not_answer_the_first_page_says_why(
    welcome: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    welcome.bench.hand_over.resumes["a.ecsetup"] = ResumeView(ou_id="ou-7")
    welcome.bench.fail("network", Code.OFFLINE, times=2)
    choose_file(welcome, monkeypatch, "a.ecsetup")
    welcome.until(lambda: bool(welcome.bench.hand_over.taken))
    welcome.until(lambda: welcome.shown("trouble"))
    assert welcome.frame.walk.step is StepId.WELCOME
    assert welcome.bench.answers.role is Role.IT


@pytest.mark.parametrize(
    "code",
    [
        Code.RESUME_FILE_DAMAGED,
        Code.RESUME_FILE_TOO_LARGE,
        Code.RESUME_FILE_TOO_NEW,
        Code.RESUME_FILE_UNREADABLE,
        Code.RESUME_FILE_OTHER_PROFILE,
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_words_and_changes_nothing(
    welcome: Stage, monkeypatch: pytest.MonkeyPatch, code: Code
) -> None:
    before = welcome.bench.answers
    welcome.bench.hand_over.resumes["a.ecsetup"] = Trouble(code, file="a.ecsetup")
    choose_file(welcome, monkeypatch, "a.ecsetup")
    welcome.until(lambda: welcome.shown(f"notice-{code.value}"))
    assert welcome.bench.answers == before


def test_a_set_up_of_another_unit_is_asked_about_first(
    stages: list[Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(stages)
    Resuming(stage.frame, stage.jobs, stage.frame)
    view = ResumeView(ou_id="ou-7", replaces="Halden Freight")
    stage.bench.hand_over.resumes["a.ecsetup"] = view
    stage.frame.desk.resume_wanted.emit("/files/a.ecsetup")
    stage.until(lambda: stage.shown("resume-sheet"))
    assert "A set-up for Halden Freight was begun here." in told(stage)
    stage.press("resume-stay")
    assert stage.bench.hand_over.taken == []
    assert stage.frame.walk.step is StepId.HAND_OVER
    stage.frame.desk.resume_wanted.emit("/files/a.ecsetup")
    stage.until(lambda: stage.shown("resume-sheet"))
    stage.press("resume-confirm")
    stage.until(lambda: stage.bench.hand_over.taken == [view])
    stage.until(lambda: stage.frame.walk.step is not StepId.HAND_OVER)
    assert stage.bench.answers.role is Role.IT


def test_a_file_that_could_not_be_taken_leaves_everything_as_it_is(stages: list[Stage]) -> None:
    stage = opened(stages)
    Resuming(stage.frame, stage.jobs, stage.frame)
    stage.bench.schedule.asked.clear()
    view = ResumeView(ou_id="ou-7", replaces="Halden Freight")
    stage.bench.hand_over.resumes["a.ecsetup"] = view
    stage.bench.fail("take_resume", Code.DISK_FULL)
    known = stage.bench.answers
    stage.frame.desk.resume_wanted.emit("/files/a.ecsetup")
    stage.until(lambda: stage.shown("resume-sheet"))
    stage.press("resume-confirm")
    stage.until(lambda: stage.shown("notice-disk-full"))
    assert stage.bench.schedule.asked == []
    assert stage.bench.answers == known
    assert stage.frame.walk.step is StepId.HAND_OVER


def _drop(stage: Stage, *paths: str) -> bool:
    """Drag these onto the window and let go; whether the window took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    enter.setAccepted(False)
    QApplication.sendEvent(stage.frame, enter)
    drop = QDropEvent(QPointF(300, 300), copy, data, left, none, QEvent.Type.Drop)
    drop.setAccepted(False)
    QApplication.sendEvent(stage.frame, drop)
    return enter.isAccepted() and drop.isAccepted()


def test_a_file_that_is_dropped_on_the_window_is_opened(welcome: Stage) -> None:
    welcome.bench.hand_over.resumes["a.ecsetup"] = ResumeView(ou_id="ou-7")
    assert not _drop(welcome, "/files/holiday.png")
    assert not _drop(welcome, "/files/a.ecsetup", "/files/b.ecsetup")
    assert _drop(welcome, "/files/a.ecsetup")
    welcome.until(lambda: welcome.frame.walk.step is StepId.SIGN_IN)


def test_whoever_is_not_invited_looks_again_or_uses_another_account(stages: list[Stage]) -> None:
    bench = FakeWorkbench()
    bench.answers = replace(bench.answers, role=Role.IT, service_answered=True, wanted_ou="ou-7")
    stages.append(Stage(bench, StepId.SIGN_IN))
    stage = stages[-1]
    bench.fail("sign_in", Code.RESUME_NOT_INVITED, address="hanne@nordby.example")
    stage.press("primary")
    stage.until(lambda: "This account isn’t an owner here yet" in told(stage))
    stage.press("sign-in-else")
    assert stage.frame.page.offer.words == "Open the sign-in page"
    bench.fail("sign_in", Code.RESUME_NOT_INVITED, address="hanne@nordby.example")
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.words == "Look again")
    # The invitation was accepted meanwhile: no browser is needed once more.
    bench.answers = replace(bench.answers, signed_in_as="hanne@nordby.example")
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert "signed_in" in bench.called


def test_a_resume_file_that_was_opened_can_be_put_away(stages: list[Stage]) -> None:
    bench = FakeWorkbench()
    bench.answers = replace(bench.answers, role=Role.IT, wanted_ou="ou-7")
    stages.append(Stage(bench, StepId.WELCOME))
    stage = stages[-1]
    assert stage.shown("resume-note")
    assert not stage.shown("resume-open")
    stage.press("resume-forget")
    assert not stage.shown("resume-note")
    assert stage.shown("resume-open")
    assert bench.answers.wanted_ou == ""


def test_what_stopped_since_it_was_done_stands_beside_it_and_nothing_is_called_proved(
    stages: list[Stage],
) -> None:
    bench = FakeWorkbench()
    at_step(bench, StepId.HAND_OVER)
    bench.answers = replace(bench.answers, handed_over=True)
    bench.hand_over.done = len(ItPart)
    bench.hand_over.halted = Halt.CONNECTION
    stages.append(Stage(bench, StepId.HAND_OVER))
    stage = stages[-1]
    stage.until(lambda: stage.shown("it-halted"))
    assert "The connection to Google Workspace no longer works." in told(stage)
    offer = stage.frame.page.offer
    assert (offer.valid, offer.proved, offer.proof) == (True, False, "")
    assert "It worked" not in stage.words("proof")
    bench.hand_over.halted = None
    page_of(stage)._watch.look()
    stage.until(lambda: stage.frame.page.offer.proved)
    assert not stage.shown("it-halted")


def test_a_first_sync_that_failed_is_told_without_a_guess(stages: list[Stage]) -> None:
    stage = opened(stages, handed_over=True, done=7)
    stage.bench.hand_over.stopped = Trouble(Code.GUARD_STOPPED)
    page_of(stage)._watch.look()
    stage.until(lambda: "It stopped and asks IT before it goes on." in told(stage))
    stage.bench.hand_over.stopped = None
    stage.bench.hand_over.failed_first = True
    page_of(stage)._watch.look()
    stage.until(lambda: "It did not come through. IT sees why there" in told(stage))
    assert "asks IT" not in told(stage)


def test_where_nobody_can_say_how_many_no_number_is_told(stages: list[Stage]) -> None:
    bench = FakeWorkbench()
    at_step(bench, StepId.HAND_OVER)
    bench.answers = replace(bench.answers, handed_over=True)
    bench.hand_over.done = len(ItPart)
    bench.hand_over.accounts = 0
    stages.append(Stage(bench, StepId.HAND_OVER))
    stage = stages[-1]
    stage.until(lambda: "IT is done" in told(stage))
    assert stage.frame.page.heading.lead == "Provisioning is on."
