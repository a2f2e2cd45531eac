"""Which page draws which step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.flow.answers import StepId
from wizard.ui.page import Desk, Page

__all__ = ["PAGES"]


def _welcome(desk: Desk) -> Page:
    from wizard.ui.pages.welcome import WelcomePage

    return WelcomePage(desk)


def _sign_in(desk: Desk) -> Page:
    from wizard.ui.pages.sign_in import SignInPage

    return SignInPage(desk)


def _organizational_unit(desk: Desk) -> Page:
    from wizard.ui.pages.organizational_unit import OrganizationalUnitPage

    return OrganizationalUnitPage(desk)


def _workspace(desk: Desk) -> Page:
    from wizard.ui.pages.workspace import WorkspacePage

    return WorkspacePage(desk)


def _google_app(desk: Desk) -> Page:
    from wizard.ui.pages.google_app import GoogleAppPage

    return GoogleAppPage(desk)


def _hand_over(desk: Desk) -> Page:
    from wizard.ui.pages.hand_over import HandOverPage

    return HandOverPage(desk)


def _invite_it(desk: Desk) -> Page:
    from wizard.ui.pages.invite import InvitePage

    return InvitePage(desk)


def _authorize(desk: Desk) -> Page:
    from wizard.ui.pages.authorize import AuthorizePage

    return AuthorizePage(desk)


def _scope(desk: Desk) -> Page:
    from wizard.ui.pages.scope import ScopePage

    return ScopePage(desk)


def _preview(desk: Desk) -> Page:
    from wizard.ui.pages.preview import PreviewPage

    return PreviewPage(desk)


def _provisioning(desk: Desk) -> Page:
    from wizard.ui.pages.provisioning import ProvisioningPage

    return ProvisioningPage(desk)


def _where_it_runs(desk: Desk) -> Page:
    from wizard.ui.pages.where_it_runs import WhereItRunsPage

    return WhereItRunsPage(desk)


def _first_sync(desk: Desk) -> Page:
    from wizard.ui.pages.first_sync import FirstSyncPage

    return FirstSyncPage(desk)


def _done(desk: Desk) -> Page:
    from wizard.ui.pages.done import DonePage

    return DonePage(desk)


PAGES: Mapping[StepId, Callable[[Desk], Page]] = MappingProxyType(
    {
        StepId.WELCOME: _welcome,
        StepId.SIGN_IN: _sign_in,
        StepId.ORGANIZATIONAL_UNIT: _organizational_unit,
        StepId.INVITE_IT: _invite_it,
        StepId.HAND_OVER: _hand_over,
        StepId.WORKSPACE: _workspace,
        StepId.GOOGLE_APP: _google_app,
        StepId.GOOGLE_AUTHORIZE: _authorize,
        StepId.SCOPE: _scope,
        StepId.PREVIEW: _preview,
        StepId.PROVISIONING: _provisioning,
        StepId.WHERE_IT_RUNS: _where_it_runs,
        StepId.FIRST_SYNC: _first_sync,
        StepId.DONE: _done,
    }
)
"""How a step's page is made; imported when it is first shown, so that the window opens fast."""
