"""How sign-ins are kept: what a person is asked without a password store, and that it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.runs import PlanCounts, RunOutcome
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.services.contract import SecretsChoice

OpenAt = Callable[[FakeWorkbench, StepId], Stage]
GOOD = "a boat on the fjord"


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[OpenAt]:
    """Opens a window at a step, with everything before it done; closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_stage(bench: FakeWorkbench, step: StepId) -> Stage:
        at_step(bench, step)
        stage = Stage(bench, step)
        opened.append(stage)
        return stage

    yield open_stage
    for stage in opened:
        stage.close()


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


def asked(stage: Stage) -> bool:
    return stage.shown("secrets-title")


def type_into(stage: Stage, name: str, words: str) -> QLineEdit:
    line = stage.find(name)
    assert isinstance(line, QLineEdit)
    line.setText(words)
    return line


def sentence_below(stage: Stage, name: str) -> str:
    """What is wrong with a field, as a screen reader reads it."""
    return stage.find(name).accessibleDescription()


@pytest.mark.parametrize("code", [Code.KEYRING_MISSING, Code.KEYRING_LOCKED, Code.KEYRING_TIMEOUT])
def test_without_a_password_store_a_person_stays_signed_in_until_closing(
    bench: FakeWorkbench, open_at: OpenAt, code: Code
) -> None:
    bench.fail("sign_in", code)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    assert not stage.shown("trouble")
    stage.press("secrets-memory")
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert bench.kept_as is SecretsChoice.MEMORY
    stage.until(lambda: stage.shown("greeted"))
    assert not asked(stage)


def test_where_there_is_no_store_one_click_more_is_enough(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_MISSING)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert bench.kept_as is SecretsChoice.MEMORY


def test_the_choice_of_signing_up_is_kept_over_the_question(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_MISSING)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("sign-in-need")
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert "sign_in create=True" in bench.called


def test_a_new_passphrase_must_be_long_and_typed_twice(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_MISSING)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("secrets-new")
    type_into(stage, "secrets-new-passphrase", "a boat")
    stage.press("primary")
    told = sentence_below(stage, "secrets-new-passphrase")
    assert told == "It needs 6 more characters."
    type_into(stage, "secrets-new-passphrase", GOOD)
    stage.press("primary")
    assert sentence_below(stage, "secrets-repeated").startswith("Type it once more")
    type_into(stage, "secrets-repeated", GOOD + "s")
    stage.press("primary")
    assert sentence_below(stage, "secrets-repeated").startswith("The two are not the same")
    assert "keep_secrets" not in bench.called
    type_into(stage, "secrets-repeated", GOOD)
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert (bench.kept_as, bench.passphrase) == (SecretsChoice.NEW_PASSPHRASE, GOOD)


def test_what_is_typed_is_never_shown_nor_said(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.fail("sign_in", Code.KEYRING_MISSING)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("secrets-new")
    for name in ("secrets-new-passphrase", "secrets-repeated"):
        line = type_into(stage, name, GOOD)
        assert line.echoMode() is QLineEdit.EchoMode.Password
        assert GOOD not in line.displayText()
    assert not any(GOOD in name for name in [*stage.spoken_names(), *stage.all_words()])
    assert GOOD not in repr(bench.answers)


def test_a_passphrase_set_earlier_opens_the_page_that_needed_it(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.passphrase = GOOD
    bench.fail("settings", Code.VAULT_LOCKED, problem="no-passphrase")
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: asked(stage))
    stage.press("primary")
    assert sentence_below(stage, "secrets-passphrase").startswith("Type the passphrase")
    type_into(stage, "secrets-passphrase", "a boot on the fjord")
    stage.press("primary")
    wrong = "This isn’t the passphrase. Try again."
    stage.until(lambda: sentence_below(stage, "secrets-passphrase") == wrong)
    line = type_into(stage, "secrets-passphrase", GOOD)
    QTest.keyClick(line, Qt.Key.Key_Return)
    stage.until(lambda: not asked(stage) and stage.frame.page.offer.valid)
    assert bench.kept_as is SecretsChoice.PASSPHRASE
    assert bench.called.count("keep_secrets") == 2
    assert bench.called.count("settings") == 2


def test_who_lost_the_passphrase_sets_a_new_one(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.passphrase = "long forgotten words"
    bench.fail("authorize", Code.VAULT_LOCKED, problem="no-passphrase")
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("secrets-new")
    for name in ("secrets-new-passphrase", "secrets-repeated"):
        type_into(stage, name, GOOD)
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.SIGN_IN)
    assert bench.passphrase == GOOD
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))


def test_a_store_that_stays_locked_can_be_tried_as_often_as_one_likes(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_LOCKED)
    bench.fail("keep_secrets", Code.KEYRING_LOCKED, times=2)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    for tries in (1, 2):
        stage.press("primary")
        while bench.called.count("keep_secrets") < tries:
            stage.settle()
        stage.until(lambda: stage.shown("secrets-still") and stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert bench.kept_as is SecretsChoice.KEYRING


def test_while_the_store_is_asked_one_can_still_go_back(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_TIMEOUT)
    bench.hold("keep_secrets")
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("primary")
    assert stage.frame.page.offer.busy == "Asking the password store"
    stage.press("secrets-back")
    assert not asked(stage)
    assert stage.words("trouble-title") == "The system’s password store doesn’t answer"
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))


def test_a_full_disk_is_told_and_the_other_choice_still_works(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_MISSING)
    bench.fail("keep_secrets", Code.DISK_FULL, folder="data", needed="1 MB")
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("secrets-new")
    for name in ("secrets-new-passphrase", "secrets-repeated"):
        type_into(stage, name, GOOD)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.trouble is not None)
    assert "This disk is full" in stage.all_words()
    stage.press("secrets-memory")
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert bench.kept_as is SecretsChoice.MEMORY


@pytest.mark.parametrize("problem", ["key-gone", "other-key"])
def test_where_the_store_has_no_key_the_person_begins_anew(
    bench: FakeWorkbench, open_at: OpenAt, problem: str
) -> None:
    bench.fail("settings", Code.VAULT_LOCKED, problem=problem)
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: asked(stage))
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.SIGN_IN)
    assert not asked(stage)
    assert bench.kept_as is SecretsChoice.NEW_KEYRING
    assert bench.called.count("settings") == 1


def test_a_finished_set_up_without_a_store_begins_with_signing_in(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("settings", Code.KEYRING_MISSING)
    stage = open_at(bench, StepId.DONE)
    stage.until(lambda: asked(stage))
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.SIGN_IN)
    assert bench.kept_as is SecretsChoice.MEMORY
    assert stage.words("primary") == "Open the sign-in page"


def test_a_vault_that_no_choice_opens_is_told_on_the_page(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("settings", Code.VAULT_LOCKED, problem="too-new")
    stage = open_at(bench, StepId.PROVISIONING)
    stage.until(lambda: stage.shown("trouble"))
    assert not asked(stage)


def test_a_first_sync_that_met_a_locked_vault_runs_again_once_it_is_open(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.passphrase = GOOD
    stage = open_at(bench, StepId.FIRST_SYNC)
    stage.until(lambda: bench.schedule.asked.count("run:first") == 1)
    # Whether its beginning was seen or not: this run is the page's own.
    now = datetime.now(UTC)
    bench.schedule.finish(
        PlanCounts(),
        outcome=RunOutcome.FAILED,
        trouble=Code.VAULT_LOCKED,
        trouble_facts=(("problem", "no-passphrase"),),
        started_at=now,
        finished_at=now,
    )
    stage.until(lambda: asked(stage))
    type_into(stage, "secrets-passphrase", GOOD)
    stage.press("primary")
    stage.until(lambda: bench.schedule.asked.count("run:first") == 2)
    assert not asked(stage)


def test_in_a_low_window_what_must_be_corrected_comes_into_view(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.KEYRING_LOCKED)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.frame.resize(900, 500)
    stage.press("primary")
    stage.until(lambda: asked(stage))
    stage.press("secrets-new")
    type_into(stage, "secrets-new-passphrase", GOOD)
    stage.press("primary")
    line = stage.find("secrets-repeated")
    stage.until(lambda: not line.visibleRegion().isEmpty())
    bottom = line.mapTo(stage.frame.view, line.rect().bottomLeft()).y()
    assert bottom < stage.frame.view.viewport().height()
