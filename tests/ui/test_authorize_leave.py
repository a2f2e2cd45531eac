"""Getting out of a wrong organization's connection in the set-up, before anything was synced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.authorize_scenes import failed
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import StepId

WRONG = "fjordline.example"


@pytest.fixture
def bench() -> FakeWorkbench:
    """A set-up in which the wrong organization is connected; the right one's admin comes next."""
    made = FakeWorkbench()
    at_step(made, StepId.GOOGLE_AUTHORIZE)
    made.answers = replace(
        made.answers,
        organization_account_id="oa-1",
        organization_account_active=True,
        domain=WRONG,
    )
    made.findings = (
        failed(
            "customer",
            Code.OTHER_CUSTOMER,
            address="tomasz.wilk@halden-freight.example",
            domain="halden-freight.example",
            expected_domain=WRONG,
        ),
    )
    return made


@pytest.fixture
def stage(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Stage]:
    del qtbot  # its application is what counts
    dressed()
    opened = Stage(bench, StepId.GOOGLE_AUTHORIZE)
    yield opened
    opened.close()


def refused(stage: Stage) -> None:
    """The right organization's admin signs in, and is told whose connection this is."""
    stage.press("authorize-again")
    stage.until(lambda: stage.shown("trouble"))


def type_domain(stage: Stage, words: str) -> None:
    line = stage.find("disconnect-word")
    assert isinstance(line, QLineEdit)
    line.setText(words)
    line.textEdited.emit(words)
    stage.settle()


def test_whoever_connected_the_wrong_one_ends_it_and_connects_the_right_one(stage: Stage) -> None:
    refused(stage)
    assert stage.words("authorize-disconnect") == f"Disconnect {WRONG}"
    stage.press("authorize-disconnect")
    assert "Nothing was synced yet." in stage.frame.page.heading.lead
    assert not stage.shown("trouble")
    assert not stage.frame.footer.primary.isEnabled()
    type_domain(stage, WRONG.upper())
    stage.press("primary")
    stage.until(lambda: not stage.bench.answers.organization_account_id)
    stage.until(lambda: stage.words("primary") == "Sign in with Google")
    assert stage.bench.home.erased_read is True
    assert "It is disconnected." in stage.frame.page.heading.lead
    assert stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE
    stage.bench.findings = ()
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert "start" not in stage.bench.schedule.asked


def test_what_google_was_not_told_is_said(stage: Stage) -> None:
    stage.bench.home.google_agrees = False
    refused(stage)
    stage.press("authorize-disconnect")
    type_domain(stage, WRONG)
    stage.press("primary")
    stage.until(lambda: "Google could not be told." in stage.frame.page.heading.lead)


def test_whoever_would_rather_stay_connected_finds_the_page_as_it_was(stage: Stage) -> None:
    refused(stage)
    stage.press("authorize-disconnect")
    stage.press("disconnect-leave")
    assert stage.shown("trouble")
    assert stage.words("primary") == "Sign in with another account"
    assert "disconnect" not in stage.bench.called
    assert stage.bench.answers.organization_account_id == "oa-1"


def test_a_service_that_refuses_is_told_and_the_word_stands(stage: Stage) -> None:
    stage.bench.fail("disconnect", Code.NOT_ALLOWED)
    refused(stage)
    stage.press("authorize-disconnect")
    type_domain(stage, WRONG)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.trouble is not None)
    assert "Your role doesn’t allow this" in stage.all_words()
    assert stage.shown("disconnect-word")
    assert stage.bench.answers.organization_account_id == "oa-1"


def test_after_the_first_sync_it_is_ended_at_home_alone(qtbot: QtBot, bench: FakeWorkbench) -> None:
    del qtbot
    bench.answers = replace(bench.answers, first_sync_done=True)
    dressed()
    stage = Stage(bench, StepId.GOOGLE_AUTHORIZE)
    try:
        refused(stage)
        assert not stage.shown("authorize-disconnect")
    finally:
        stage.close()


def test_another_trouble_offers_no_end(stage: Stage) -> None:
    stage.bench.findings = (
        failed("full-admin", Code.NOT_A_FULL_ADMIN, address="ada.berg@fjordline.example"),
    )
    refused(stage)
    assert not stage.shown("authorize-disconnect")


def test_where_a_sync_may_have_begun_nobody_is_told_that_nothing_was_made(stage: Stage) -> None:
    refused(stage)
    stage.press("authorize-disconnect")
    assert "No account was made or changed through this connection." in stage.all_words()
    stage.press("disconnect-leave")
    stage.bench.answers = replace(stage.bench.answers, provisioning_on=True)
    stage.press("authorize-disconnect")
    told = stage.all_words()
    assert "No account was made or changed through this connection." not in told
    assert "People keep their accounts" in told
    assert stage.shown("disconnect-erase")
