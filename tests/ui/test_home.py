"""Home: where it opens, what it offers to whom, and the two ways out of a connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_home import ACCOUNT, NOW, PASSED, run
from tests.ui.fake_placing import SERVER
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import (
    HOME_SCENES,
    in_step,
    left_to_a_server,
    type_word,
    waits,
    watching,
)
from tests.ui.sample import PRACTICE, REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.content.home import HOME_WORDS
from wizard.core.runs import PlanCounts, RunOutcome
from wizard.core.trouble import Code
from wizard.flow.answers import Place, StepId
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.contract.home import RunRow
from wizard.ui.home.ids import HomeId
from wizard.ui.widgets.fields import SearchField

Open = Callable[..., Stage]


@pytest.fixture
def home(qtbot: QtBot) -> Iterator[Open]:
    """Opens Home at a page, with everything in step unless told otherwise."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_home(
        page: HomeId = HomeId.OVERVIEW,
        prepare: Callable[[FakeWorkbench], None] = in_step,
        *,
        practice: bool = False,
    ) -> Stage:
        bench = FakeWorkbench(PRACTICE if practice else REAL)
        at_step(bench, StepId.DONE)
        prepare(bench)
        stage = Stage(bench, StepId.DONE)
        opened.append(stage)
        stage.frame.open_home(page.value)
        stage.settle()
        return stage

    yield open_home
    for stage in opened:
        stage.close()


def title(stage: Stage) -> str:
    """The words at the top of the page that is shown."""
    return stage.frame.view.title.text()


def lead(stage: Stage) -> str:
    """The sentence below the title."""
    return stage.frame.view.lead.text()


def at_home(stage: Stage) -> bool:
    """Whether the window is Home now."""
    return stage.frame.at_home


def seen(stage: Stage, name: str) -> bool:
    """Whether the page that is shown has this part, and it can be seen."""
    parts = stage.frame.page.findChildren(QWidget, name)
    return any(part.isVisibleTo(stage.frame) for part in parts)


# ------------------------------------------------------------------ the shell


def test_the_end_of_the_set_up_leads_to_home_and_the_steps_stay_a_press_away(
    home: Open,
) -> None:
    stage = home()
    stage.frame.open_steps(StepId.DONE.value)
    stage.until(lambda: stage.frame.page.offer.words == "Go to Home")
    assert not at_home(stage)
    stage.press("primary")
    assert at_home(stage)
    assert stage.shown("home-overview")
    assert stage.frame.windowTitle().startswith("Overview")


def test_the_rail_names_unit_pages_and_person_and_says_where_we_are(home: Open) -> None:
    stage = home()
    assert "Halden Freight" in stage.all_words()
    assert "Tomasz Wilk" in stage.all_words()
    spoken = stage.spoken_names()
    assert "Overview, page 1 of 5, current" in spoken
    assert "Settings, page 5 of 5" in spoken


def test_every_page_opens_from_the_rail_and_leaves_the_one_before(home: Open) -> None:
    stage = home()
    for page in HomeId:
        stage.press(f"home-{page.value}")
        assert stage.frame.view.objectName() == f"page-home-{page.value}"
    stage.press("home-overview")
    assert title(stage)


def test_pages_are_opened_by_keys_alone(home: Open) -> None:
    stage = home()
    QTest.keyClick(stage.find("home-settings"), Qt.Key.Key_Return)
    stage.settle()
    assert title(stage) == "Settings"
    QTest.keyClick(stage.find("home-settings"), Qt.Key.Key_Up)
    stage.settle()
    assert title(stage) == "Activity"
    assert stage.frame.focusWidget() is stage.find("home-activity")


def test_overview_is_marked_while_the_sync_waits_for_somebody(home: Open) -> None:
    stage = home(HomeId.SETTINGS)
    last = run(9, NOW, outcome=RunOutcome.FAILED, trouble=Code.NOT_A_FULL_ADMIN)
    waits(stage.bench, last, state=SchedulerState.NEEDS_PERSON, trouble=Code.NOT_A_FULL_ADMIN)
    stage.until(lambda: "Overview, page 1 of 5, needs somebody" in _rail_names(stage))
    waits(stage.bench, run(10, NOW))
    stage.until(lambda: "Overview, page 1 of 5" in _rail_names(stage))


def _rail_names(stage: Stage) -> list[str]:
    stage.press("home-settings")
    return stage.spoken_names()


def test_help_shows_the_questions_of_the_page(home: Open) -> None:
    stage = home()
    for page in (HomeId.SETTINGS, HomeId.OVERVIEW):
        stage.press(f"home-{page.value}")
        wanted = HOME_WORDS[page.value].topics[0]
        top = stage.frame.help.top_topic()
        assert top is not None
        assert top.id == wanted


def test_there_is_no_footer_where_nothing_is_confirmed(home: Open) -> None:
    stage = home()
    assert not stage.frame.footer.isVisible()
    stage.press("home-organization-account")
    stage.until(stage.frame.footer.isVisible)
    assert stage.words("primary") == "Save"
    stage.press("home-overview")
    assert not stage.frame.footer.isVisible()


def test_who_changes_the_scope_from_home_comes_back_when_it_is_saved(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("scope-change"))
    stage.press("scope-change")
    assert stage.frame.walk.step is StepId.SCOPE
    assert not at_home(stage)
    assert stage.words("later") == "Back to Home"
    stage.press("later")
    assert at_home(stage)
    assert stage.bench.walk.step is StepId.DONE


def test_practice_keeps_its_band_at_home(home: Open) -> None:
    assert home(practice=True).shown("practice-band")


# ------------------------------------------------------------------ overview


def test_overview_says_it_in_one_sentence_with_numbers_that_are_the_pages(home: Open) -> None:
    stage = home()
    stage.until(lambda: title(stage) == "In step, 1 decision open")
    spoken = stage.spoken_names()
    for words in ("Members: 436", "New in 7 days: 10", "Changed: 15", "Leaving: 4"):
        assert words in spoken


def test_a_server_that_went_off_is_told_and_this_computer_can_do_it(home: Open) -> None:
    stage = home(prepare=lambda bench: left_to_a_server(bench, off_for=timedelta(days=5)))
    stage.until(lambda: title(stage) == "It has been too long since a sync")
    assert stage.words("overview-cure") == "Let this computer do it"
    stage.press("overview-cure")
    stage.until(lambda: "run:person" in stage.bench.schedule.asked)
    assert stage.bench.answers.place is Place.THIS_COMPUTER


def test_what_a_server_took_on_meanwhile_is_left_to_it(home: Open) -> None:
    stage = home(prepare=lambda bench: left_to_a_server(bench, off_for=timedelta(days=5)))
    stage.until(lambda: title(stage) == "It has been too long since a sync")
    stage.bench.placing.syncer = SERVER
    stage.bench.home.word = replace(
        stage.bench.home.word,
        accounts=(replace(ACCOUNT, syncer_host="SERVER01", syncer_is_us=False),),
    )
    stage.press("overview-cure")
    stage.until(lambda: title(stage) == "Kept in step by SERVER01")
    assert "run:person" not in stage.bench.schedule.asked
    assert stage.bench.answers.place is Place.SERVER


def test_sync_now_runs_and_while_it_runs_the_button_pauses(home: Open) -> None:
    stage = home()
    stage.until(lambda: stage.shown("overview-cure"))
    assert stage.words("overview-cure") == "Sync now"
    stage.press("overview-cure")
    stage.until(lambda: "run:person" in stage.bench.schedule.asked)
    stage.until(lambda: stage.words("overview-cure") == "Pause")
    stage.press("overview-cure")
    stage.until(lambda: stage.words("overview-cure") == "Resume")
    assert stage.bench.schedule.asked[-1] == "pause"
    stage.press("overview-cure")
    assert stage.bench.schedule.asked[-1] == "resume"


def test_a_run_that_ends_is_told_without_asking(home: Open) -> None:
    stage = home()
    stage.until(lambda: stage.shown("lately"))
    last = run(200, NOW, done=PlanCounts(create=3))
    known = stage.bench.home.known
    stage.bench.home.known = replace(known, members=439, lately=(RunRow(report=last),))
    waits(stage.bench, last)
    stage.until(lambda: "Members: 439" in stage.spoken_names())
    # Qt shows what was just put into a layout a moment later.
    stage.until(lambda: any("3 created" in words for words in stage.all_words()))


def test_what_the_guard_holds_is_decided_right_there(home: Open) -> None:
    scene = next(one for one in HOME_SCENES if one.name == "home-overview-held")
    stage = home(prepare=scene.prepare)
    stage.until(lambda: stage.shown("decide-0"))
    assert stage.words("overview-cure") == "Sync now"
    stage.press("decide-0")
    assert seen(stage, "guard")
    assert not stage.frame.footer.primary.isEnabled()
    field = stage.frame.page.findChild(QLineEdit, "guard-number")
    assert isinstance(field, QLineEdit)
    field.setText("64")
    field.textEdited.emit("64")
    stage.settle()
    stage.press("primary")
    stage.until(lambda: bool(stage.bench.approved))
    assert not seen(stage, "guard")


def test_a_member_is_shown_who_can_decide_and_offered_no_button(home: Open) -> None:
    scene = next(one for one in HOME_SCENES if one.name == "home-overview-held-member")
    stage = home(prepare=scene.prepare)
    stage.until(lambda: "can decide" in lead(stage))
    assert not stage.shown("overview-cure")
    assert not stage.shown("decide-0")


def test_a_service_that_is_away_says_so_and_the_rest_stands(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.fail("unit", Code.SERVICE_UNAVAILABLE)

    stage = home(prepare=prepare)
    stage.until(lambda: stage.shown("lately"))
    assert title(stage).startswith("In step")


def test_who_is_signed_out_signs_in_without_leaving_home(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.fail("unit", Code.SIGN_IN_EXPIRED, connection="service")

    stage = home(prepare=prepare)
    stage.until(lambda: stage.shown("overview-sign-in"))
    stage.press("overview-sign-in")
    stage.press("sign-in-go")
    stage.until(lambda: not stage.shown("overview-sign-in"))
    assert at_home(stage)


def test_a_locked_store_is_opened_from_overview_and_the_sync_begins(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        last = run(9, NOW, outcome=RunOutcome.FAILED, trouble=Code.KEYRING_LOCKED)
        waits(bench, last, state=SchedulerState.NEEDS_PERSON, trouble=Code.KEYRING_LOCKED)

    stage = home(prepare=prepare)
    stage.until(lambda: stage.shown("overview-cure"))
    stage.press("overview-cure")
    assert stage.shown("secrets-title")
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: "run:person" in stage.bench.schedule.asked)
    assert at_home(stage)


def test_an_owner_who_is_not_it_sees_what_the_service_says(home: Open) -> None:
    stage = home(prepare=watching)
    stage.until(lambda: title(stage) == "In step")
    assert "by SERVER01" in lead(stage)
    assert not stage.shown("overview-cure")


# ------------------------------------------------------------------ organization account


def test_settings_are_saved_from_home_and_say_so(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("provisioning-toggle"))
    assert not stage.frame.footer.primary.isEnabled()
    stage.press("leavers-keep")
    assert stage.words("tail") == "Not saved yet"
    stage.press("primary")
    stage.until(lambda: stage.words("tail") == "Saved")
    assert stage.bench.stored.leavers.value == "keep"


def test_undo_shows_what_the_service_has(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("provisioning-toggle"))
    stage.press("leavers-keep")
    stage.press("settings-undo")
    assert stage.words("tail") == "No changes"
    assert stage.bench.answers.draft is None


def test_a_member_may_look_and_not_change(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.home.word = replace(bench.home.word, may_manage=False)

    stage = home(HomeId.ORGANIZATION_ACCOUNT, prepare)
    stage.until(lambda: stage.shown("provisioning-toggle"))
    stage.until(lambda: not stage.find("provisioning-toggle").isEnabled())
    assert not stage.shown("account-disconnect")
    assert not stage.shown("account-authorize")
    assert not stage.shown("scope-change")
    assert not stage.frame.footer.isVisible()


def test_a_test_read_shows_each_check(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("health-test"))
    stage.press("health-test")
    stage.until(lambda: stage.shown("finding-test-read"))
    assert [finding.id for finding in PASSED] == [
        "reachable",
        "full-admin",
        "domain",
        "test-read",
    ]


def test_authorizing_again_waits_for_the_browser_and_can_be_cancelled(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.hold("authorize")

    stage = home(HomeId.ORGANIZATION_ACCOUNT, prepare)
    stage.until(lambda: stage.shown("account-authorize"))
    stage.press("account-authorize")
    stage.until(lambda: seen(stage, "browser-waiting"))
    stage.press("browser-cancel")
    assert not seen(stage, "browser-waiting")
    stage.until(lambda: stage.shown("account-authorize"))


def test_authorized_again_the_sync_begins(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("account-authorize"))
    stage.press("account-authorize")
    stage.until(lambda: stage.frame.page.offer.words == "Done")
    stage.press("primary")
    stage.until(lambda: "run:person" in stage.bench.schedule.asked)


def test_disconnecting_takes_the_domain_typed_and_leads_back_to_authorize(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("account-disconnect"))
    stage.press("account-disconnect")
    assert not stage.frame.footer.primary.isEnabled()
    type_word(stage, "halden-freight.exampel")
    assert not stage.frame.footer.primary.isEnabled()
    type_word(stage, ACCOUNT.domain.upper())
    stage.press("primary")
    stage.until(lambda: stage.shown("disconnected"))
    assert "stop" in stage.bench.schedule.asked
    assert stage.bench.home.erased_read is True
    stage.press("primary")
    assert stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE


def test_what_was_read_is_kept_where_somebody_says_so(home: Open) -> None:
    stage = home(HomeId.ORGANIZATION_ACCOUNT)
    stage.until(lambda: stage.shown("account-disconnect"))
    stage.press("account-disconnect")
    stage.press("disconnect-erase")
    type_word(stage, ACCOUNT.domain)
    stage.press("primary")
    stage.until(lambda: stage.shown("disconnected"))
    assert stage.bench.home.erased_read is False


def test_a_service_that_refuses_ends_nothing_and_the_sync_goes_on(home: Open) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.fail("disconnect", Code.NOT_ALLOWED)

    stage = home(HomeId.ORGANIZATION_ACCOUNT, prepare)
    stage.until(lambda: stage.shown("account-disconnect"))
    stage.press("account-disconnect")
    type_word(stage, ACCOUNT.domain)
    stage.press("primary")
    stage.until(lambda: seen(stage, "trouble"))
    assert stage.bench.schedule.asked[-1] == "start"
    stage.press("disconnect-leave")
    stage.until(lambda: stage.shown("account-disconnect"))


def test_a_computer_that_only_watches_does_not_begin_to_sync_where_ending_it_is_refused(
    home: Open,
) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.schedule.show(SchedulerView(state=SchedulerState.STOPPED))
        bench.fail("disconnect", Code.NOT_ALLOWED)

    stage = home(HomeId.ORGANIZATION_ACCOUNT, prepare)
    stage.until(lambda: stage.shown("account-disconnect"))
    before = list(stage.bench.schedule.asked)
    stage.press("account-disconnect")
    type_word(stage, ACCOUNT.domain)
    stage.press("primary")
    stage.until(lambda: seen(stage, "trouble"))
    assert stage.bench.schedule.asked == [*before, "stop"]


# ------------------------------------------------------------------ activity


def _activity(home: Open) -> Stage:
    stage = home(HomeId.ACTIVITY)
    stage.until(lambda: "15 syncs in 90 days" in stage.all_words())
    return stage


def test_activity_filters_and_finds_a_person(home: Open) -> None:
    stage = _activity(home)
    stage.press("activity-filter-problems")
    stage.until(lambda: "2 syncs in 90 days" in stage.all_words())
    stage.press("activity-filter-all")
    search = stage.find("activity-search")
    assert isinstance(search, SearchField)
    search.setText("oda strand")
    search.search_now()
    stage.until(lambda: "1 sync in 90 days" in stage.all_words())


def test_enter_opens_a_run_and_the_way_back_keeps_the_list(home: Open) -> None:
    stage = _activity(home)
    rows = stage.find("run-rows")
    assert isinstance(rows, QTableView)
    rows.setCurrentIndex(rows.model().index(4, 0))
    QTest.keyClick(rows, Qt.Key.Key_Return)
    stage.settle()
    assert title(stage) == "This sync would deactivate 64 people"
    assert stage.shown("run-decide")
    stage.press("activity-back")
    assert title(stage) == "Activity"
    assert rows.model().rowCount() == 15


def test_activity_is_saved_as_it_is_filtered(home: Open, tmp_path: Path) -> None:
    stage = _activity(home)
    stage.press("activity-filter-problems")
    stage.until(lambda: "2 syncs in 90 days" in stage.all_words())
    page = stage.frame.page
    save = getattr(page, "save_to", None)
    assert callable(save)
    save(tmp_path / "activity.csv")
    stage.until(lambda: "Saved 2 rows." in stage.all_words())
    assert (tmp_path / "activity.csv").read_text().splitlines() == ["run-7", "run-8"]


# ------------------------------------------------------------------ settings


def test_signing_out_says_that_the_sync_goes_on(home: Open) -> None:
    stage = home(HomeId.SETTINGS)
    stage.until(lambda: stage.shown("sign-out"))
    stage.press("sign-out")
    stage.until(lambda: stage.shown("settings-sign-in"))
    assert "Nobody. The sync goes on with its own key." in stage.all_words()


def test_erasing_takes_the_name_typed_and_begins_a_set_up_that_knows_nothing(
    home: Open,
) -> None:
    stage = home(HomeId.SETTINGS)
    stage.until(lambda: stage.shown("erase-open"))
    stage.press("erase-open")
    field = stage.find("erase-word")
    assert isinstance(field, QLineEdit)
    field.setText("halden freight")
    field.textEdited.emit("halden freight")
    stage.settle()
    stage.press("primary")
    stage.until(lambda: not at_home(stage))
    assert stage.frame.walk.step is StepId.WELCOME
    assert not stage.bench.answers.signed_in_as
    assert "stop" in stage.bench.schedule.asked
