"""Choosing the workspace, installing the app, and looking why nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.authorize_scenes import failed
from tests.ui.fake_installing import ALL_WELL, APP
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import FindingState

OpenAt = Callable[[FakeWorkbench, StepId], Stage]


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


def typed(stage: Stage, words: str) -> QLineEdit:
    field = stage.find("domain")
    assert isinstance(field, QLineEdit)
    field.setText(words)
    field.textEdited.emit(words)
    stage.settle()
    return field


def ready(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.valid)


# ------------------------------------------------------------------ the workspace


def test_the_domain_of_the_address_is_suggested_and_taken(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    field = stage.find("domain")
    assert isinstance(field, QLineEdit)
    assert field.text() == "halden-freight.example"
    assert any("Your address ends in halden-freight.example" in one for one in stage.all_words())
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_APP)
    assert (bench.answers.workspace_chosen, bench.answers.domain) == (
        True, "halden-freight.example",
    )  # fmt: skip


def test_only_what_can_be_connected_is_offered(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    assert stage.shown("workspace-google")
    assert not stage.shown("workspace-microsoft")
    stage.press("other-workspace")
    assert stage.frame.help.open_question.startswith("We use Microsoft or Exchange")


def test_a_public_address_is_named_and_no_domain_is_suggested(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    at_step(bench, StepId.WORKSPACE)
    bench.answers = replace(bench.answers, signed_in_as="ingrid@gmail.com")
    stage = open_at(bench, StepId.WORKSPACE)
    bench.answers = replace(bench.answers, signed_in_as="ingrid@gmail.com")
    stage.frame.page.entered()
    stage.until(lambda: stage.shown("public-mail"))
    field = typed(stage, "")
    stage.press("primary")
    assert stage.frame.walk.step is StepId.WORKSPACE
    assert "after the @" in field.accessibleDescription()
    typed(stage, "gmail.com")
    stage.press("primary")
    assert "public mail service" in field.accessibleDescription()
    typed(stage, "https://www.Halden-Freight.example/")
    assert not field.accessibleDescription()
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_APP)
    assert bench.answers.domain == "halden-freight.example"


def test_a_domain_that_can_not_be_one_is_told_beside_the_field(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    field = typed(stage, "halden-freight")
    stage.press("primary")
    assert field.accessibleDescription() == (
        "halden-freight has no ending, such as .com. Correct it."
    )
    assert not bench.answers.workspace_chosen


def test_a_choice_that_could_not_be_kept_is_told_and_can_be_made_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    bench.fail("choose_workspace", Code.DISK_FULL)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_APP)


def test_without_an_app_to_install_the_step_is_left_out(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.installing.what = replace(APP, url="", seen=False)
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE)


def test_a_workspace_that_is_connected_is_shown_and_not_asked_for(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    bench.answers = replace(
        bench.answers,
        domain="halden-freight.example",
        organization_account_id="oa-1",
        organization_account_active=True,
    )
    stage.frame.page.entered()
    stage.settle()
    assert stage.shown("connection")
    assert not stage.shown("domain")
    stage.press("primary")
    assert stage.frame.walk.step is StepId.GOOGLE_APP


# ------------------------------------------------------------------ the app


def test_the_page_opens_and_the_window_waits_until_the_app_is_seen(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    stage.until(lambda: stage.words("primary") == "Open the app’s page")
    stage.press("primary")
    stage.until(lambda: stage.shown("app-waiting"))
    assert bench.opened == [APP.url]
    stage.until(lambda: "Not seen" in stage.words("app-since"))
    assert stage.words("app-since").startswith("You opened its page today at")
    assert any("up to 24 hours in rare cases" in words for words in stage.all_words())
    bench.installing.installed = True
    stage.until(lambda: stage.frame.page.offer.proved)
    assert stage.words("proof") == "It worked: Enterprise Connect sees the app."
    assert stage.shown("app")
    stage.press("primary")
    assert stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE


def test_an_app_that_is_there_already_is_seen_without_a_press(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.installing.installed = True
    stage = open_at(bench, StepId.GOOGLE_APP)
    stage.until(lambda: stage.frame.page.offer.proved)
    assert not bench.opened


def test_who_says_that_it_is_installed_goes_on_and_it_stays_open_on_the_rail(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    stage.press("app-claim")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE)
    assert (bench.answers.app_claimed, bench.answers.app_installed) == (True, False)
    assert stage.shown("app-unseen")


def test_going_on_from_the_wait_is_the_same_claim(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("app-go-on"))
    stage.press("app-go-on")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE)
    assert not bench.answers.app_installed


def test_checking_now_asks_at_once(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.words("primary") == "Check now")
    before = bench.called.count("wait_for_app")
    stage.press("primary")
    stage.until(lambda: bench.called.count("wait_for_app") > before)


def test_a_dead_network_is_told_small_and_looking_goes_on(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.installing.unreached = Trouble(Code.OFFLINE)
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: "could not ask" in stage.words("app-since"))
    assert not stage.shown("trouble")
    bench.installing.unreached = None
    stage.until(lambda: "Not seen" in stage.words("app-since"))


def test_who_has_to_sign_in_again_is_told_large(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.fail("wait_for_app", Code.SIGN_IN_NEEDED, connection="service")
    stage = open_at(bench, StepId.GOOGLE_APP)
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Sign in again"
    stage.press("primary")
    stage.until(lambda: stage.frame.page.step is StepId.SIGN_IN)


def test_a_browser_that_does_not_start_leaves_the_link_to_copy(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.installing.browser_starts = False
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "No browser opened"
    stage.press("primary")
    stage.until(lambda: stage.shown("app-copy"))
    stage.press("app-copy")
    assert QGuiApplication.clipboard().text() == APP.url


def test_each_cause_of_a_gray_button_opens_its_cure_alone(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    for cause in ("other-account", "not-an-admin", "not-allowed", "store-off", "installed"):
        stage.press(f"gray-{cause}")
        parts = stage.frame.findChildren(QWidget)
        shown = [
            part.objectName()
            for part in parts
            if part.objectName().endswith("-cure") and part.isVisibleTo(stage.frame)
        ]
        assert shown == [f"gray-{cause}-cure"]


def test_where_nobody_can_see_it_the_persons_word_has_to_do(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.installing.what = replace(APP, seen=False)
    stage = open_at(bench, StepId.GOOGLE_APP)
    ready(stage)
    assert "wait_for_app" not in bench.called
    stage.press("primary")
    stage.until(lambda: stage.words("primary") == "It is installed")
    assert "can’t see this from here" in stage.words("proof")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.GOOGLE_AUTHORIZE)
    assert bench.answers.app_claimed


def test_leaving_the_page_ends_the_looking(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, StepId.GOOGLE_APP)
    stage.until(lambda: bench.installing.looks > 2)
    stage.frame.go_back()
    stage.settle()
    stage.settle()
    looks = bench.installing.looks
    stage.settle()
    assert bench.installing.looks == looks
    assert not stage.frame.walk.answers.app_installed


# ------------------------------------------------------------------ the live check


def opened(bench: FakeWorkbench, open_at: OpenAt) -> Stage:
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.frame.open_topic("authorized-but-nothing-happened")
    stage.until(lambda: stage.shown("live-check-now"))
    return stage


def test_where_nothing_is_in_the_way_it_says_so(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = opened(bench, open_at)
    stage.press("live-check-now")
    stage.until(lambda: stage.shown("live-verdict"))
    assert stage.words("live-verdict") == "Nothing is in the way."
    names = stage.spoken_names()
    assert "Provisioning: on, every 30 minutes" in names
    assert "Who syncs: this computer" in names
    assert stage.words("live-check-now") == "Check again"


def test_the_first_thing_in_the_way_says_what_to_do_and_who_can(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    off = failed("settings", Code.PROVISIONING_OFF)
    late = failed("last-run", Code.SERVICE_UNAVAILABLE)
    bench.live_check.findings = (*ALL_WELL[:7], off, late)
    stage = opened(bench, open_at)
    stage.press("live-check-now")
    stage.until(lambda: stage.shown("live-verdict"))
    assert stage.words("live-verdict") == "Provisioning is off"
    assert stage.words("live-to-do").startswith("What to do: Turn it on")
    assert "An owner can do this." in stage.all_words()
    stage.press("live-check-more")
    assert stage.frame.help.open_question == "What does provisioning do?"


def test_while_it_looks_the_button_is_busy_and_closing_the_answer_ends_it(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.hold("look test-read")
    stage = opened(bench, open_at)
    stage.press("live-check-now")
    stage.until(lambda: stage.shown("live-authorization"))
    assert stage.words("live-check-now") == "Check now"
    assert not stage.shown("live-verdict")
    stage.press("topic-authorized-but-nothing-happened")
    bench.release("look test-read")
    stage.settle()
    stage.press("topic-authorized-but-nothing-happened")
    assert not stage.shown("live-verdict")
    stage.press("live-check-now")
    stage.until(lambda: stage.shown("live-verdict"))


def test_a_check_that_could_not_be_made_says_why(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.fail("look service", Code.DISK_FULL)
    stage = opened(bench, open_at)
    stage.press("live-check-now")
    stage.until(lambda: stage.shown("live-verdict"))
    assert "disk" in stage.words("live-verdict").lower()


# ------------------------------------------------------------------ authorizing


def authorize(bench: FakeWorkbench, open_at: OpenAt) -> Stage:
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.valid)
    return stage


def test_without_groups_one_may_go_on_and_the_finding_stays_to_know(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    lacking = failed("scopes", Code.SCOPES_MISSING, missing="groups")
    bench.findings = (lacking, *bench.findings)
    bench.without = ("groups",)
    stage = authorize(bench, open_at)
    assert stage.words("primary") == "Sign in again"
    assert stage.words("go-on-without") == "Go on without groups"
    stage.press("go-on-without")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.called.count("authorize") == 1
    assert not stage.shown("go-on-without")
    assert stage.find("finding-scopes").accessibleName() == "Groups were not allowed"
    assert all(one.state is not FindingState.FAILED for one in bench.findings)


def test_signing_in_again_ends_what_lacked_groups_first(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.findings = (failed("scopes", Code.SCOPES_MISSING, missing="groups"),)
    bench.without = ("groups",)
    stage = authorize(bench, open_at)
    bench.findings, bench.without = (), ()
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert "decline_connection" in bench.called
    assert bench.called.count("authorize") == 2


@pytest.mark.parametrize("code", [Code.PROXY_UNREACHABLE, Code.TLS_UNTRUSTED, Code.OFFLINE])
def test_a_network_in_the_way_offers_its_settings(
    bench: FakeWorkbench, open_at: OpenAt, code: Code
) -> None:
    bench.findings = (failed("reachable", code, host="admin.googleapis.com", proxy=""),)
    stage = authorize(bench, open_at)
    stage.press("authorize-network")
    stage.until(lambda: stage.shown("network-sheet"))


@pytest.mark.parametrize("code", [Code.NOT_A_FULL_ADMIN, Code.DELEGATED_ADMIN])
def test_who_is_no_full_admin_may_send_the_kit_to_the_one_who_is(
    bench: FakeWorkbench, open_at: OpenAt, code: Code
) -> None:
    bench.findings = (failed("full-admin", code, address="deputy@halden-freight.example"),)
    stage = authorize(bench, open_at)
    assert stage.words("primary") == "Sign in with another account"
    stage.press("email-kit")
    stage.until(lambda: bool(bench.hand_over.mailed))


@pytest.mark.parametrize("ending", ["admin_policy_enforced", "app_blocked"])
def test_a_policy_of_googles_is_cured_with_the_client_id_at_hand(
    bench: FakeWorkbench, open_at: OpenAt, ending: str
) -> None:
    bench.hold("authorize")
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("browser-waiting"))
    stage.press(f"ending-{ending}")
    stage.press(f"ending-{ending}-copy")
    assert QGuiApplication.clipboard().text() == APP.client_id
    stage.press(f"ending-{ending}-console")
    assert bench.opened == [APP.console_url]
    assert stage.shown("browser-waiting")


def test_an_ending_that_is_the_makers_offers_no_client_id(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.hold("authorize")
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    ready(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("browser-waiting"))
    stage.press("ending-admin_policy_enforced")
    stage.press("ending-org_internal")
    assert stage.shown("ending-org_internal-cure")
    assert not stage.shown("ending-admin_policy_enforced-cure")
    assert stage.frame.findChild(QWidget, "ending-org_internal-copy") is None


def test_authorizing_again_keeps_what_is_there_when_it_does_not_work(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = authorize(bench, open_at)
    stage.until(lambda: stage.frame.page.offer.proved)
    bench.findings = (failed("full-admin", Code.NOT_A_FULL_ADMIN, address="x@halden.example"),)
    stage.press("authorize-again")
    stage.until(lambda: stage.shown("trouble"))
    stage.frame.go_back()
    stage.frame.go_on()
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.answers.organization_account_active


def test_whoever_authorized_on_another_computer_is_named(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    at_step(bench, StepId.GOOGLE_AUTHORIZE)
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    assert not stage.shown("connected-elsewhere")
    bench.answers = replace(bench.answers, connected_elsewhere="tomasz.wilk@halden.example")
    stage.frame.page.entered()
    assert stage.shown("connected-elsewhere")
    assert any("tomasz.wilk@halden.example authorized" in words for words in stage.all_words())


def made_before(bench: FakeWorkbench) -> None:
    at_step(bench, StepId.GOOGLE_AUTHORIZE)
    bench.answers = replace(bench.answers, organization_account_id="oa-1")


def test_a_connection_that_was_made_before_is_waited_for_without_the_browser(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WORKSPACE)
    ready(stage)
    made_before(bench)
    bench.hold("activation")
    stage.frame.desk.steps_wanted.emit(StepId.GOOGLE_AUTHORIZE.value)
    stage.until(lambda: stage.frame.page.offer.busy == "Waiting")
    assert not stage.shown("findings")
    bench.release("activation")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert "authorize" not in bench.called


def test_a_service_that_does_not_see_the_app_is_asked_again_without_the_browser(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("activation", Code.APP_NOT_INSTALLED, domain="halden-freight.example")
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    ready(stage)
    bench.answers = replace(bench.answers, organization_account_id="oa-1")
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "The app isn’t seen in your workspace"
    assert stage.words("primary") == "Check again"
    before = bench.called.count("authorize")
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.called.count("authorize") == before
