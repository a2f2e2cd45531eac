"""The app's page in the practice store, the Admin console, and the client that waits for them."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from tests.practice.bench_world import DOMAIN, Computer, computer
from tests.practice.visitor import (
    ADMIN,
    ORDINARY,
    OTHER_ADMIN,
    World,
    answer_of,
    hidden_attempt,
    practice,
    quiet_session,
    row_value,
)
from wizard.core.directory import ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingState
from wizard.services.contract.installing import AppLooked

DEPUTY = "deputy.admin@nordby.example"
SECOND = "lukasz.nowak@nordby-freight.example"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: its app comes and goes."""
    with practice(tmp_path_factory.mktemp("organization"), people=60) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    """The same, healed, without the app."""
    _start_over(organization)
    yield organization
    _start_over(organization)


def _start_over(world: World) -> None:
    world.tell("clear-faults")
    world.tell("activation", {"seconds": 0, "needs_app": False})
    browser = quiet_session()
    page = signed_in(world, browser, ADMIN)
    if "Uninstall" in page.text:
        press(world, browser, page, "uninstall")


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person=f"i.t.{next(_numbers)}@bench.example") as one:
        one.sign_up("Unit of mine")
        yield one


def listing(world: World) -> str:
    return world.google["marketplace"]


def signed_in(
    world: World, browser: requests.Session, person: str, *, at: str = ""
) -> requests.Response:
    """Open a page of Google's and choose an account there."""
    address = at or listing(world)
    page = browser.get(f"{address}?switch=1")
    assert page.status_code == 200, page.text
    return browser.post(f"{address}/account", data={"account": row_value(page, "account", person)})


def press(
    world: World, browser: requests.Session, page: requests.Response, what: str, **form: str
) -> requests.Response:
    found = re.search(r'name="key" value="([^"]+)"', page.text)
    key = {"key": found[1]} if found else {}
    return browser.post(f"{listing(world)}/{what}", data=key | form)


def install(world: World, person: str = ADMIN) -> requests.Response:
    browser = quiet_session()
    signed_in(world, browser, person)
    page = browser.get(f"{listing(world)}/install")
    return press(world, browser, page, "install", who="everyone", agree="yes")


def choose(here: Computer, domain: str = DOMAIN) -> None:
    here.bench.installing.choose(ProviderId.GOOGLE, domain, here.cancel)


# ------------------------------------------------------------------ the store


def test_a_super_admin_installs_for_everyone_and_can_take_it_away(world: World) -> None:
    page = install(world)
    assert "has been installed" in page.text
    assert "Uninstall" in page.text
    browser = quiet_session()
    page = press(world, browser, signed_in(world, browser, ADMIN), "uninstall")
    assert "Admin install" in page.text


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (ORDINARY, "administrator does not allow you"),
        (DEPUTY, "admin role does not include Google Workspace Marketplace"),
    ],
)
def test_for_anybody_else_the_button_is_gray_and_says_why(
    world: World, person: str, why: str
) -> None:
    browser = quiet_session()
    page = signed_in(world, browser, person)
    (button,) = re.findall(r"<button[^>]*>Install</button>", page.text)
    assert "disabled" in button
    assert why in page.text
    assert browser.get(f"{listing(world)}/install").status_code == 403
    refused = press(world, browser, page, "install", who="everyone", agree="yes")
    assert refused.status_code == 403
    assert "Uninstall" not in signed_in(world, quiet_session(), ADMIN).text


def test_the_terms_have_to_be_agreed_to(world: World) -> None:
    browser = quiet_session()
    signed_in(world, browser, ADMIN)
    page = browser.get(f"{listing(world)}/install")
    assert press(world, browser, page, "install", who="everyone").status_code == 400


def test_a_form_of_another_browser_installs_nothing(world: World) -> None:
    browser = quiet_session()
    signed_in(world, browser, ADMIN)
    page = browser.get(f"{listing(world)}/install")
    other = quiet_session()
    signed_in(world, other, ADMIN)
    assert press(world, other, page, "install", who="everyone", agree="yes").status_code == 400


def test_an_admin_of_another_company_installs_for_their_own_only(world: World) -> None:
    install(world, OTHER_ADMIN)
    api = world.person()
    unit = api.new_unit()
    for domain, count in (("fjordline.example", 1), (DOMAIN, 0)):
        found = api.send("GET", f"{unit}/app_installs?provider=google&domain={domain}").json()
        assert len(found["items"]) == count
    browser = quiet_session()
    press(world, browser, signed_in(world, browser, OTHER_ADMIN), "uninstall")


def test_the_service_sees_it_after_a_while_and_in_every_verified_domain(world: World) -> None:
    api = world.person()
    unit = api.new_unit()

    def seen(domain: str) -> int:
        found = api.send("GET", f"{unit}/app_installs?provider=google&domain={domain}").json()
        return len(found["items"])

    world.tell("activation", {"seconds": 3600})
    install(world)
    assert seen(DOMAIN) == 0
    browser = quiet_session()
    press(world, browser, signed_in(world, browser, ADMIN), "uninstall")
    world.tell("activation", {"seconds": 0})
    install(world)
    assert [seen(one) for one in (DOMAIN, "nordby-freight.example", "nordby-labs.example")] == [
        1, 1, 0,
    ]  # fmt: skip


# ------------------------------------------------------------------ the Admin console


def blocked(world: World, person: str) -> requests.Response:
    browser = quiet_session()
    _, page = world.google_page(browser)
    form = {"attempt": hidden_attempt(page), "account": row_value(page, "account", person)}
    return browser.post(f"{world.google['pages']}/signin/accountchooser", data=form)


def test_an_admin_who_trusts_the_app_by_its_client_id_lets_everybody_in(world: World) -> None:
    world.tell("endings", {"google": "admin_policy_enforced"})
    assert "admin_policy_enforced" in blocked(world, ADMIN).text
    console = world.google["admin_console"]
    browser = quiet_session()
    page = signed_in(world, browser, ADMIN, at=console)
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key is not None
    wrong = browser.post(f"{console}/trust", data={"key": key[1], "client_id": "another"})
    assert wrong.status_code == 400
    form = {"key": key[1], "client_id": f" {world.google['client_id']} "}
    assert "Trusted" in browser.post(f"{console}/trust", data=form).text
    assert blocked(world, ADMIN).status_code == 200
    assert "admin_policy_enforced" in blocked(world, OTHER_ADMIN).text


def test_who_is_no_super_admin_may_not_open_the_trusted_apps(world: World) -> None:
    page = signed_in(world, quiet_session(), DEPUTY, at=world.google["admin_console"])
    assert page.status_code == 403


def test_setting_the_policy_again_forgets_who_was_trusted(world: World) -> None:
    test_an_admin_who_trusts_the_app_by_its_client_id_lets_everybody_in(world)
    world.tell("endings", {"google": "admin_policy_enforced"})
    assert "admin_policy_enforced" in blocked(world, ADMIN).text


def test_an_admin_with_an_address_of_the_second_domain_can_be_chosen(world: World) -> None:
    _, reply = world.google_consent(SECOND)
    assert answer_of(reply)["code"]


# ------------------------------------------------------------------ the client


def test_the_domain_is_suggested_and_another_one_forgets_the_app(here: Computer) -> None:
    view = here.bench.installing.workspaces(here.cancel)
    assert view.providers == (ProviderId.GOOGLE,)
    assert (view.domain, view.suggested, view.public) == ("bench.example", "bench.example", "")
    choose(here)
    here.bench.installing.claim(here.cancel)
    choose(here)
    claimed = [here.bench.answers.app_claimed]
    choose(here, "fjordline.example")
    assert [*claimed, here.bench.answers.app_claimed] == [True, False]
    assert here.bench.installing.workspaces(here.cancel).domain == "fjordline.example"


def test_the_app_is_waited_for_until_the_service_sees_it(here: Computer) -> None:
    choose(here)
    app = here.bench.installing.app(here.cancel)
    assert (app.url, app.seen) == (listing(here.world), True)
    looked: list[AppLooked] = []

    def heard(event: object) -> None:
        assert isinstance(event, AppLooked)
        looked.append(event)
        if len(looked) == 3:
            # On a thread of its own, as a person in a browser would be.
            installer.start()

    installer = threading.Thread(target=install, args=(here.world,))
    here.bench.installing.wait(heard, here.cancel)
    installer.join()
    assert here.bench.answers.app_installed
    assert len(looked) >= 3
    assert all(one.trouble is None and one.next_at > one.at for one in looked)


def test_an_outage_does_not_end_the_wait(here: Computer) -> None:
    choose(here)
    install(here.world)
    fault = {"stand_in": "account", "path_prefix": "/v1/organizational_units", "times": 12}
    here.world.tell("faults", [{**fault, "status": 503}])
    looked: list[object] = []
    here.bench.installing.wait(looked.append, here.cancel)
    assert here.bench.answers.app_installed
    assert [one.trouble.code for one in looked if isinstance(one, AppLooked) and one.trouble] == [
        Code.SERVICE_UNAVAILABLE
    ] * len(looked)
    assert looked


def test_who_is_signed_out_is_told_instead_of_waiting_for_ever(here: Computer) -> None:
    choose(here)
    here.bench.sign_out(here.cancel)
    with pytest.raises(Trouble) as caught:
        here.bench.installing.wait(lambda _event: None, here.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED


def test_waiting_can_be_cancelled(here: Computer) -> None:
    choose(here)
    with pytest.raises(Trouble) as caught:
        here.bench.installing.wait(lambda _event: here.cancel.stop(), here.cancel)
    assert caught.value.code is Code.CANCELLED


def test_a_claim_that_is_not_so_is_told_by_authorizing_and_installing_puts_it_right(
    here: Computer,
) -> None:
    here.world.tell("activation", {"needs_app": True})
    choose(here)
    here.bench.installing.claim(here.cancel)
    with pytest.raises(Trouble) as caught:
        here.authorize()
    assert caught.value.code is Code.APP_NOT_INSTALLED
    assert caught.value.facts["domain"] == DOMAIN
    active = [here.bench.answers.organization_account_active]
    install(here.world)
    visited = len(here.browser.visited)
    view = here.bench.wait_until_active(here.heard.append, here.cancel)
    assert view.connection is not None
    assert view.connection.active
    assert [*active, here.bench.answers.organization_account_active] == [False, True]
    # Google gave what was needed the first time: nobody signs in twice for it.
    assert len(here.browser.visited) == visited
    assert here.preview().counts.create > 10


def test_nothing_was_made_so_nothing_is_waited_for(here: Computer) -> None:
    with pytest.raises(Trouble) as caught:
        here.bench.wait_until_active(here.heard.append, here.cancel)
    assert caught.value.code is Code.CONNECTION_NOT_ACTIVE


# ------------------------------------------------------------------ authorizing


def test_the_domain_that_was_named_decides_whose_directory_is_expected(here: Computer) -> None:
    choose(here)
    here.browser.manners = here.admin
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert not view.needs_confirmation
    assert view.connection is not None


def test_another_directory_than_the_named_one_is_asked_about(here: Computer) -> None:
    choose(here, "halden-freight.example")
    here.browser.manners = here.admin
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert view.needs_confirmation
    (domain,) = (one for one in view.findings if one.id == "domain")
    assert domain.state is FindingState.WARNING
    assert dict(domain.facts)["named"] == "halden-freight.example"


def test_without_groups_a_set_up_goes_on_only_when_a_person_says_so(here: Computer) -> None:
    choose(here)
    here.browser.manners = replace(here.admin, untick=frozenset({"directory.group"}))
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert (view.needs_confirmation, view.without) == (True, ("groups",))
    assert view.connection is None
    (scopes,) = (one for one in view.findings if one.id == "scopes")
    assert scopes.code is Code.SCOPES_MISSING
    view = here.bench.connect_anyway(here.heard.append, here.cancel)
    assert view.connection is not None
    assert view.connection.active
    (scopes,) = (one for one in view.findings if one.id == "scopes")
    assert (scopes.state, scopes.code) == (FindingState.WARNING, None)
    start = here.bench.scoping.start(here.heard.append, here.cancel)
    assert (start.directory.groups, start.directory.groups_allowed) == (0, False)
    assert start.directory.people > 10
    assert len(start.directory.units) > 5
    here.save(lambda settings: replace(settings, enabled=True))
    assert here.preview().counts.create > 10


def test_who_authorizes_again_can_not_give_up_a_right_that_the_sync_has(here: Computer) -> None:
    choose(here)
    here.authorize()
    here.browser.manners = replace(here.admin, person=SECOND, untick=frozenset({"directory.group"}))
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert (view.connection, view.needs_confirmation, view.without) == (None, False, ())
    assert here.bench.answers.authorized_as == ADMIN
    assert here.bench.scoping.start(here.heard.append, here.cancel).directory.groups_allowed


def test_without_groups_one_may_authorize_again_without_groups_and_later_with_them(
    here: Computer,
) -> None:
    choose(here)
    here.browser.manners = replace(here.admin, untick=frozenset({"directory.group"}))
    assert here.bench.authorize(here.heard.append, here.cancel).without == ("groups",)
    assert here.bench.connect_anyway(here.heard.append, here.cancel).connection is not None
    # What was decided once is not asked again.
    again = here.bench.authorize(here.heard.append, here.cancel)
    assert (again.connection is not None, again.needs_confirmation) == (True, False)
    (scopes,) = (one for one in again.findings if one.id == "scopes")
    assert scopes.state is FindingState.WARNING
    assert here.authorize().connection is not None
    start = here.bench.scoping.start(here.heard.append, here.cancel, again=True)
    assert start.directory.groups_allowed
    assert start.directory.groups > 0


def test_with_groups_the_directory_offers_them(here: Computer) -> None:
    choose(here)
    here.authorize()
    start = here.bench.scoping.start(here.heard.append, here.cancel)
    assert start.directory.groups_allowed
    assert start.directory.groups > 0


@pytest.mark.parametrize("left", ["directory.user", "directory.orgunit", "directory.domain"])
def test_no_other_right_can_be_done_without(here: Computer, left: str) -> None:
    choose(here)
    here.browser.manners = replace(here.admin, untick=frozenset({left, "directory.group"}))
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert not view.needs_confirmation
    assert view.connection is None
    assert "groups" in str(dict(next(one for one in view.findings if one.code).facts)["missing"])


@pytest.mark.parametrize(
    ("person", "code"), [(ORDINARY, Code.NOT_A_FULL_ADMIN), (DEPUTY, Code.DELEGATED_ADMIN)]
)
def test_who_is_no_super_admin_is_told_which_kind_they_are(
    here: Computer, person: str, code: Code
) -> None:
    choose(here)
    here.browser.manners = replace(here.admin, person=person)
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert [one.code for one in view.findings if one.code] == [code]


def test_another_admin_of_the_same_customer_authorizes_again_and_keeps_everything(
    here: Computer,
) -> None:
    choose(here)
    first = here.authorize()
    assert first.connection is not None
    here.preview()
    here.save(lambda settings: replace(settings, enabled=True, grace_days=0))
    assert here.run().came_through
    before, settings = here.holders(), here.settings()
    again = here.authorize(person=SECOND)
    assert again.connection is not None
    assert again.connection.id == first.connection.id
    assert (here.holders(), here.settings()) == (before, settings)
    assert here.bench.answers.authorized_as == SECOND
    report = here.run()
    assert (report.came_through, report.done.writes) == (True, 0)


def test_an_admin_of_another_customer_is_refused_by_name(here: Computer) -> None:
    choose(here)
    here.authorize()
    here.browser.manners = replace(here.admin, person=OTHER_ADMIN)
    view = here.bench.authorize(here.heard.append, here.cancel)
    (stopped,) = (one for one in view.findings if one.code)
    assert stopped.code is Code.OTHER_CUSTOMER
    assert dict(stopped.facts)["expected_domain"] == DOMAIN
    assert dict(stopped.facts)["domain"] == "fjordline.example"


def test_api_access_that_is_off_is_told_as_such(here: Computer) -> None:
    choose(here)
    fault = {"stand_in": "google", "path_prefix": "/admin", "status": 403, "times": 9}
    here.world.tell("faults", [{**fault, "body": "domainCannotUseApis", "every": 1}])
    here.browser.manners = here.admin
    view = here.bench.authorize(here.heard.append, here.cancel)
    assert Code.DOMAIN_CANNOT_USE_APIS in {one.code for one in view.findings}
