"""Where the sync runs: this computer takes it on at once, a server is waited for."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from tests.ui import placing_scenes as scenes
from tests.ui.fake_placing import COMMANDS, HERE, SERVER
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.settle_stage import OpenAt, bench, open_at
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.flow.answers import Place, StepId
from wizard.services.contract.placing import SyncerView

__all__ = ["bench", "open_at"]  # fixtures

PAGE = StepId.WHERE_IT_RUNS


def _holder(bench: FakeWorkbench) -> SyncerView | None:
    return bench.placing.syncer


def _ready(stage: Stage) -> None:
    stage.until(lambda: stage.shown("place-here"))


def test_nothing_is_chosen_for_the_person(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, PAGE)
    _ready(stage)
    assert not stage.frame.page.offer.valid
    assert bench.answers.place is None
    assert _holder(bench) is None


def test_this_computer_takes_it_on_and_the_person_goes_on(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    scenes.choose_here(stage)
    assert _holder(bench) is None
    assert any("off or asleep, nothing is synced" in words for words in stage.all_words())
    assert stage.words("primary") == "Use this computer"
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.FIRST_SYNC)
    assert _holder(bench) == HERE
    assert bench.answers.place is Place.THIS_COMPUTER
    assert bench.answers.place_ready


def test_a_server_is_waited_for_until_it_has_taken_on_the_sync(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    scenes.waiting(stage)
    assert bench.answers.place is Place.SERVER
    assert not bench.answers.place_ready
    assert not stage.frame.page.offer.valid
    bench.placing.syncer = SERVER
    stage.until(lambda: stage.frame.page.offer.valid)
    assert stage.words("place-holder") == "SERVER01 has taken on the sync"
    assert stage.words("proof") == "It worked: SERVER01 has taken on the sync."
    stage.press("primary")
    assert stage.frame.walk.step is StepId.DONE


def test_the_commands_for_the_server_are_copied_one_by_one(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    scenes.choose_server(stage)
    for name, command in zip(("sign-in", "preview", "sync"), COMMANDS, strict=True):
        stage.press(f"server-{name}-copy")
        assert QGuiApplication.clipboard().text() == command
        assert stage.words(f"server-{name}-copy") == "Copied"


def test_who_changes_their_mind_while_waiting_gets_this_computer(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    scenes.waiting(stage)
    stage.press("place-here")
    assert not stage.shown("place-waiting")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.FIRST_SYNC)
    assert bench.answers.place is Place.THIS_COMPUTER


def test_a_server_chosen_before_a_restart_is_waited_for_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    scenes.waiting(open_at(bench, PAGE))
    stage = open_at(bench, PAGE, went_on=False)
    stage.until(lambda: stage.shown("place-waiting"))
    bench.placing.syncer = SERVER
    stage.until(lambda: stage.frame.page.offer.valid)


def test_another_computer_that_does_it_already_is_named_and_may_stay(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    scenes.elsewhere(bench)
    stage = open_at(bench, PAGE)
    stage.until(lambda: stage.shown("place-holder"))
    assert stage.words("place-holder") == "SERVER01 keeps this in step already"
    assert "Its last sync was at" in stage.words("place-since")
    scenes.choose_here(stage)
    assert not stage.frame.page.offer.valid
    scenes.choose_server(stage)
    assert stage.words("primary") == "Leave it there"
    stage.press("primary")
    stage.until(lambda: bench.answers.place_ready)
    assert bench.answers.place is Place.SERVER
    assert _holder(bench) == SERVER


def test_taking_over_from_another_computer_is_asked_first(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    scenes.elsewhere(bench)
    stage = open_at(bench, PAGE)
    scenes.asked(stage)
    assert _holder(bench) == SERVER
    stage.press("take-over-confirm")
    stage.until(lambda: bench.answers.place_ready)
    assert _holder(bench) == HERE
    stage.until(lambda: stage.frame.page.offer.valid)
    assert not stage.shown("place-holder")
    stage.press("primary")
    assert stage.frame.walk.step is StepId.FIRST_SYNC


def test_a_computer_that_was_quicker_is_shown_instead_of_an_alarm(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    scenes.choose_here(stage)
    scenes.elsewhere(bench)
    stage.press("primary")
    stage.until(lambda: stage.shown("place-holder"))
    assert not stage.shown("trouble")


def test_a_service_that_cannot_be_asked_is_told_and_asked_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("placing_look", Code.OFFLINE)
    stage = open_at(bench, PAGE)
    stage.until(lambda: stage.shown("trouble"))
    stage.press("primary")
    _ready(stage)
    assert not stage.shown("trouble")
    bench.fail("run_here", Code.SERVICE_UNAVAILABLE)
    scenes.choose_here(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert _holder(bench) is None


def test_a_task_that_is_refused_again_and_again_is_told_and_not_asked_for_ever(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("placing_look", Code.NOT_THE_SYNCER, times=9, host="SERVER01", person="Tomasz")
    stage = open_at(bench, PAGE)
    stage.until(lambda: stage.shown("trouble"))
    assert any("SERVER01" in words for words in stage.all_words())
    stage.settle()
    assert bench.called.count("placing_look") == 2
    assert stage.words("primary") == "Try again"
