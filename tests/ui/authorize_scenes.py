"""Authorizing, with everything that can be found and everything that a browser can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.ui import sample as fake
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.services.contract import FindingState, FindingView

__all__ = ["AUTHORIZE_SCENES", "failed", "warned"]

_ADMIN = "tomasz.wilk@halden-freight.example"


def failed(check: str, code: Code, **facts: str | int) -> FindingView:
    """A check that stops."""
    state = FindingState.FAILED
    return FindingView(id=check, state=state, facts=tuple(facts.items()), code=code)


def warned(check: str, **facts: str | int) -> FindingView:
    """A check that tells."""
    return FindingView(id=check, state=FindingState.WARNING, facts=tuple(facts.items()))


def _found(*findings: FindingView) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        known = {finding.id for finding in findings}
        bench.findings = (*findings, *(one for one in fake.PASSED if one.id not in known))

    return prepare


def _primary(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.valid)


def _groups_left_out(bench: FakeWorkbench) -> None:
    _found(failed("scopes", Code.SCOPES_MISSING, missing="groups"))(bench)
    bench.without = ("groups",)


def _gone_on_without(stage: Stage) -> None:
    _primary(stage)
    stage.press("go-on-without")
    stage.until(lambda: stage.frame.page.offer.proved)


def _named_another(bench: FakeWorkbench) -> None:
    bench.whose = "fjordline.example"
    facts = {"domain": "fjordline.example", "named": "halden-freight.example", "person": _ADMIN}
    _found(warned("domain", **facts))(bench)


def _ending(name: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        stage.until(lambda: stage.frame.page.offer.valid)
        stage.press("primary")
        stage.until(lambda: stage.shown("browser-waiting"))
        stage.press(f"ending-{name}")

    return act


def _answers(**changed: object) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        bench.answers = replace(bench.answers, **changed)  # type: ignore[arg-type] # fields by name

    return prepare


def _hold_browser(bench: FakeWorkbench) -> None:
    bench.hold("authorize")


def _no_app(bench: FakeWorkbench) -> None:
    bench.fail("activation", Code.APP_NOT_INSTALLED, domain="halden-freight.example")


def _made_before(bench: FakeWorkbench) -> None:
    bench.hold("activation")
    bench.answers = replace(
        bench.answers, organization_account_id="oa-1", organization_account_active=False
    )


def _awaited(stage: Stage) -> None:
    stage.until(lambda: bool(stage.frame.page.offer.busy))


def _wrong_one(bench: FakeWorkbench) -> None:
    """Another company's directory was connected; its own admin comes now."""
    made = replace(
        bench.answers,
        organization_account_id="oa-1",
        organization_account_active=True,
        domain="fjordline.example",
    )
    bench.answers = made
    facts = {
        "address": _ADMIN,
        "domain": "halden-freight.example",
        "expected_domain": "fjordline.example",
    }
    bench.findings = (failed("customer", Code.OTHER_CUSTOMER, **facts),)


def _found_out(stage: Stage) -> None:
    stage.press("authorize-again")
    stage.until(lambda: stage.shown("authorize-disconnect"))


def _asked_to_end(stage: Stage) -> None:
    _found_out(stage)
    stage.press("authorize-disconnect")


def _scene(
    name: str,
    prepare: Callable[[FakeWorkbench], None],
    act: Callable[[Stage], None] = _primary,
) -> Scene:
    return Scene(name=name, step=StepId.GOOGLE_AUTHORIZE, prepare=prepare, act=act)


AUTHORIZE_SCENES: tuple[Scene, ...] = (
    _scene(
        "authorize-delegated",
        _found(failed("full-admin", Code.DELEGATED_ADMIN, address="deputy@halden-freight.example")),
    ),
    _scene(
        "authorize-nothing-ticked",
        _found(
            failed("scopes", Code.SCOPES_MISSING, missing="people, groups, units, domains"),
        ),
    ),
    _scene("authorize-no-groups", _groups_left_out),
    _scene("authorize-without-groups", _groups_left_out, _gone_on_without),
    _scene("authorize-named-another", _named_another),
    _scene(
        "authorize-other-customer",
        _found(
            failed(
                "customer",
                Code.OTHER_CUSTOMER,
                address="ada.berg@fjordline.example",
                domain="fjordline.example",
                expected_domain="halden-freight.example",
            )
        ),
    ),
    _scene("authorize-wrong-one", _wrong_one, _found_out),
    _scene("authorize-disconnect", _wrong_one, _asked_to_end),
    _scene("authorize-clock-off", _found(warned("clock", seconds=140))),
    _scene("authorize-clock-wrong", _found(failed("clock", Code.CLOCK_WRONG, seconds=7 * 60))),
    _scene(
        "authorize-proxy",
        _found(
            failed(
                "reachable",
                Code.PROXY_UNREACHABLE,
                host="admin.googleapis.com",
                proxy="proxy.halden.example:8080",
            )
        ),
    ),
    _scene("authorize-api-off", _found(failed("full-admin", Code.DOMAIN_CANNOT_USE_APIS))),
    _scene("authorize-app-missing", _no_app),
    _scene("authorize-pending", _made_before, _awaited),
    _scene("authorize-app-unseen", _answers(app_installed=False, app_claimed=True), lambda _: None),
    _scene("authorize-elsewhere", _answers(connected_elsewhere=_ADMIN), lambda _: None),
    _scene("authorize-ending-policy", _hold_browser, _ending("admin_policy_enforced")),
    _scene("authorize-ending-nothing", _hold_browser, _ending("nothing")),
)
