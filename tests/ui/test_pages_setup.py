"""Signing in and authorizing: what a person sees and what happens when it does not work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui import sample as fake
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import Role, StepId
from wizard.services.contract import ProxyMode, UnitView

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


# ------------------------------------------------------------------ sign in


_GREETING = "Welcome, Ingrid. You are signed in as ingrid.solberg@halden-freight.example."


def at(stage: Stage) -> StepId:
    return stage.frame.walk.step


def signed_in(bench: FakeWorkbench, open_at: OpenAt) -> Stage:
    """Somebody has just come back from the browser."""
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: at(stage) is StepId.ORGANIZATIONAL_UNIT)
    return stage


def test_after_signing_in_the_window_goes_on_by_itself_and_greets_the_person_by_name(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = signed_in(bench, open_at)
    assert stage.words("greeted") == _GREETING
    assert stage.frame.page.accessibleDescription() == _GREETING
    assert bench.answers.ou_id == "ou-1"


def test_a_person_without_a_name_is_greeted_by_address(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.name = ""
    stage = signed_in(bench, open_at)
    told = "You are signed in as ingrid.solberg@halden-freight.example."
    assert stage.words("greeted") == told


def test_whoever_owns_several_organizations_goes_on_and_chooses_on_the_next_page(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.units = (*bench.units, UnitView(id="ou-2", name="Halden Ferries", manageable=True))
    stage = signed_in(bench, open_at)
    stage.until(lambda: stage.frame.page.heading.title.startswith("Which"))
    assert stage.words("greeted") == _GREETING
    assert not bench.answers.ou_id


def test_the_greeting_stands_there_once(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = signed_in(bench, open_at)
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: at(stage) is StepId.WORKSPACE)
    stage.frame.go_back()
    assert at(stage) is StepId.ORGANIZATIONAL_UNIT
    assert not stage.shown("greeted")
    assert not stage.frame.page.accessibleDescription()


def test_somebody_else_than_was_greeted_chooses_how_to_sign_in(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = signed_in(bench, open_at)
    stage.press("greeted-other")
    assert at(stage) is StepId.SIGN_IN
    assert stage.words("primary") == "Open the sign-in page"
    assert stage.shown("sign-in-need")
    stage.press("primary")
    stage.until(lambda: at(stage) is StepId.ORGANIZATIONAL_UNIT)
    assert bench.called.count("sign_in create=False") == 2
    assert stage.words("greeted") == _GREETING


def test_back_from_a_later_step_says_who_is_signed_in_and_waits_for_continue(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = signed_in(bench, open_at)
    stage.frame.go_back()
    stage.until(lambda: stage.frame.page.heading.title == "Welcome, Ingrid")
    stage.until(lambda: not stage.frame.page.working)
    assert at(stage) is StepId.SIGN_IN
    assert stage.words("proof").startswith("It worked")
    assert (stage.words("primary"), stage.shown("sign-in-other")) == ("Continue", True)
    stage.press("primary")
    assert at(stage) is StepId.ORGANIZATIONAL_UNIT
    assert not stage.shown("greeted")


@pytest.mark.parametrize(
    ("code", "offers"),
    [(Code.SIGN_IN_NEEDED, "Open the sign-in page"), (Code.SIGN_IN_EXPIRED, "Try again")],
)
def test_whose_sign_in_is_over_meanwhile_is_not_greeted_but_asked_to_sign_in(
    bench: FakeWorkbench, open_at: OpenAt, code: Code, offers: str
) -> None:
    stage = signed_in(bench, open_at)
    stage.until(lambda: not stage.frame.page.working)
    bench.fail("signed_in", code)
    stage.frame.go_back()
    stage.until(lambda: stage.words("primary") == offers)
    stage.press("primary")
    stage.until(lambda: at(stage) is StepId.ORGANIZATIONAL_UNIT)
    assert stage.words("greeted") == _GREETING


def test_the_one_who_needs_an_account_is_sent_to_sign_up(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("sign-in-need")
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    assert "sign_in create=True" in bench.called


def test_while_the_browser_has_the_turn_it_can_be_opened_again_copied_and_cancelled(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.hold("sign_in")
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: stage.shown("browser-waiting"))
    assert stage.words("browser-host") == "The page is at accounts.enterprise-connect.example"
    assert stage.words("time-left").endswith("left")
    assert not stage.frame.footer.primary.isEnabled()
    stage.press("browser-again")
    assert bench.opened == ["https://accounts.enterprise-connect.example/authorize?state=s"]
    stage.press("browser-copy")
    assert QGuiApplication.clipboard().text() == bench.opened[0]
    stage.press("browser-cancel")
    assert not stage.shown("browser-waiting")
    assert stage.words("primary") == "Open the sign-in page"
    assert not bench.answers.signed_in_as


def test_a_sign_in_that_ran_out_of_time_says_so_and_can_be_tried_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("sign_in", Code.SIGN_IN_TIMED_OUT)
    stage = open_at(bench, StepId.SIGN_IN)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "Nobody came back from the browser"
    assert stage.frame.walk.step is StepId.SIGN_IN
    stage.press("primary")
    stage.until(lambda: bool(bench.answers.signed_in_as))
    stage.until(lambda: stage.shown("greeted"))
    assert not stage.shown("trouble")


# ------------------------------------------------------------------ authorize


def test_every_right_is_told_with_its_reason_before_anything_is_asked(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    names = stage.spoken_names()
    assert "People: To make an account for each person" in names
    assert "Groups and their members: To let you choose people by group" in names


def test_authorizing_ends_with_active_and_the_number_of_people(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert stage.words("proof") == "It worked: Google Workspace says Active."
    assert "492 people" in stage.frame.page.heading.lead
    stage.press("primary")
    assert stage.frame.walk.step is StepId.SCOPE


def test_an_owner_is_told_that_it_is_the_turn_of_it_and_how_to_let_them_in(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    assert not stage.shown("hand-over")
    bench.answers = replace(bench.answers, role=Role.OWNER)
    stage.frame.page.entered()
    assert stage.shown("hand-over")
    stage.press("hand-over")
    assert stage.frame.help.open_question == "How do I let my IT representative in?"


def asked_whose(bench: FakeWorkbench, open_at: OpenAt) -> Stage:
    bench.whose = "fjordline.example"
    bench.findings = fake.ANOTHER_DOMAIN
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    assert not stage.shown("whose")
    stage.press("primary")
    stage.until(lambda: stage.shown("whose"))
    return stage


def test_a_directory_of_another_domain_is_asked_about_before_anything_is_written(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = asked_whose(bench, open_at)
    told = "\n".join(stage.all_words())
    for word in ("directory of fjordline.example", "ada.berg@", "ingrid.solberg@"):
        assert word in told
    assert stage.words("primary") == "Yes, connect fjordline.example"
    assert stage.words("another-account") == "Use another account"
    assert stage.find("finding-domain").accessibleName() == "Another domain than yours"
    assert not stage.frame.page.offer.proved
    assert not bench.answers.organization_account_id


def test_a_yes_connects_the_other_domain_without_signing_in_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = asked_whose(bench, open_at)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.answers.domain == "fjordline.example"
    assert bench.called.count("authorize") == 1
    assert not stage.shown("whose")
    stage.press("primary")
    assert stage.frame.walk.step is StepId.SCOPE


def test_another_account_ends_the_first_sign_in_and_asks_anew(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = asked_whose(bench, open_at)
    bench.whose = ""
    bench.hold("authorize")
    stage.press("another-account")
    stage.until(lambda: stage.shown("browser-waiting"))
    assert bench.called[-2:] == ["decline_connection", "authorize"]
    assert not stage.shown("whose")
    assert not bench.answers.organization_account_id
    bench.release("authorize")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.answers.domain == fake.CONNECTION.domain
    assert "connect_anyway" not in bench.called


def test_a_long_domain_leaves_the_button_whole(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.whose = "international-freight-forwarding-and-customs.example"
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: stage.shown("whose"))
    assert stage.words("primary") == "Yes, connect this directory"
    assert any(bench.whose in words for words in stage.all_words())


def test_a_yes_that_did_not_get_through_can_be_said_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = asked_whose(bench, open_at)
    bench.fail("connect_anyway", Code.CONNECTION_LOST, host="accounts.enterprise-connect.example")
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Yes, connect fjordline.example"
    assert stage.shown("another-account")
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)
    assert not stage.shown("trouble")


def test_a_question_of_one_unit_is_not_asked_of_another(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = asked_whose(bench, open_at)
    bench.answers = replace(bench.answers, ou_id="ou-2", ou_name="Nordby")
    stage.frame.page.entered()
    assert not stage.shown("whose")
    assert stage.words("primary") == "Sign in with Google"


def test_unticked_groups_are_one_finding_and_the_page_asks_to_sign_in_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.findings = (fake.SCOPES_MISSING, *bench.findings)
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.valid)
    assert stage.find("finding-scopes").accessibleName() == "Groups were not allowed"
    assert stage.words("primary") == "Sign in again"
    assert not stage.shown("trouble")
    assert not bench.answers.organization_account_id


def test_an_ordinary_user_is_stopped_in_words_with_the_topic_open(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.findings = (fake.NOT_FULL_ADMIN,)
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "This account isn’t a full admin"
    assert stage.words("primary") == "Sign in with another account"
    assert "full admin" in stage.frame.help.open_question.lower()
    stage.press("trouble-copy")
    copied = QGuiApplication.clipboard().text()
    assert "not-a-full-admin" in copied
    assert "kari.nilsen@halden-freight.example" in copied


def test_what_the_browser_shows_opens_its_topic_while_the_window_waits_on(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.hold("authorize")
    stage = open_at(bench, StepId.GOOGLE_AUTHORIZE)
    stage.press("primary")
    stage.until(lambda: stage.shown("browser-waiting"))
    before = stage.frame.help.open_question
    stage.press("ending-admin_policy_enforced")
    stage.press("ending-admin_policy_enforced-more")
    assert stage.frame.help.open_question != before
    assert stage.shown("browser-waiting")


# ------------------------------------------------------------------ network


def test_a_typed_proxy_is_taken_and_the_service_asked_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WELCOME)
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("network-settings")
    stage.press("proxy-typed")
    field = stage.find("proxy-address")
    assert isinstance(field, QLineEdit)
    field.setText("proxy")
    stage.press("proxy-save")
    assert stage.shown("network-sheet")
    field.setText("proxy.halden.example:8080")
    stage.press("proxy-save")
    stage.until(lambda: not stage.shown("network-sheet"))
    assert bench.proxy == (ProxyMode.TYPED, "proxy.halden.example:8080")
    stage.until(lambda: stage.words("proxy-state") == "Proxy: proxy.halden.example:8080")


def test_a_proxys_name_and_password_are_typed_apart_and_no_sign_of_them_is_mistaken(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.WELCOME)
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("network-settings")
    stage.press("proxy-typed")
    words = {"address": "proxy.halden.example:8080", "user": "nora@halden", "password": "a/b:c@d "}
    for part, word in words.items():
        field = stage.find(f"proxy-{part}")
        assert isinstance(field, QLineEdit)
        field.setText(word)
        hidden = field.echoMode() is QLineEdit.EchoMode.Password
        assert hidden is (part == "password")
    stage.press("proxy-save")
    stage.until(lambda: not stage.shown("network-sheet"))
    whole = "nora%40halden:a%2Fb%3Ac%40d%20@proxy.halden.example:8080"
    assert bench.proxy == (ProxyMode.TYPED, whole)


def test_network_settings_open_with_the_proxy_in_use(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.proxy = (ProxyMode.TYPED, "proxy.halden.example:8080")
    stage = open_at(bench, StepId.WELCOME)
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("network-settings")
    field = stage.find("proxy-address")
    assert isinstance(field, QLineEdit)
    assert field.isVisible()
    assert field.text() == "proxy.halden.example:8080"


def test_a_proxy_that_wants_a_name_is_there_to_give_it_one(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.fail("network", Code.PROXY_SIGN_IN_NEEDED, proxy="proxy.halden.example:8080")
    stage = open_at(bench, StepId.WELCOME)
    stage.until(lambda: stage.frame.page.offer.trouble is not None)
    stage.press("network-settings")
    field = stage.find("proxy-address")
    assert isinstance(field, QLineEdit)
    assert field.text() == "proxy.halden.example:8080"
    assert stage.shown("proxy-password")
