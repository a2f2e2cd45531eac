"""Google's Admin console, its page of trusted apps: where an admin lets an app in by its id."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.google.chooser import Account, BrowserAccounts, account_rows, offered_accounts
from wizard.practice.google.oauth import CLIENT_ID
from wizard.practice.google.store import DirectoryStore
from wizard.practice.html import note, page, redirect
from wizard.practice.messages import form_pairs
from wizard.practice.routing import Refusal, Router

__all__ = ["APP_CONTROLS", "AppControls"]

APP_CONTROLS = "/ac/owl/list"
BRAND = "Practice Google Admin console"


class AppControls:
    """Which customers trust the app; trusting it ends `admin_policy_enforced` for them."""

    def __init__(self, *, store: DirectoryStore, accounts: BrowserAccounts) -> None:
        self._store = store
        self._accounts = accounts
        self._trusted: set[str] = set()

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", APP_CONTROLS, self.show)
        router.add("POST", f"{APP_CONTROLS}/account", self.choose)
        router.add("POST", f"{APP_CONTROLS}/trust", self.trust)

    def is_trusted(self, customer: str) -> bool:
        """Whether this customer's admin trusts the app."""
        return customer in self._trusted

    def forget(self) -> None:
        """Nobody trusts it any more."""
        self._trusted.clear()

    async def show(self, request: Request) -> Response:
        """The list, for a super admin."""
        account = self._accounts.active(request)
        if account is None or request.query_params.get("switch"):
            content = (
                '<p class="lead">to continue to the Admin console</p>'
                f'<form method="post" action="{APP_CONTROLS}/account" id="chooser">'
                f'<div class="choices">{account_rows(offered_accounts(self._store))}</div></form>'
            )
            return page(title="Choose an account", brand=BRAND, content=content)
        who = (
            f"<p>{escape(account.name)} · {escape(account.address)} "
            f'<a href="{APP_CONTROLS}?switch=1">Switch account</a></p>'
        )
        if not account.is_super_admin:
            content = who + note("You do not have access to this page.", kind="bad")
            return page(title="App access control", brand=BRAND, content=content, status=403)
        return page(
            title="App access control", brand=BRAND, content=who + self._list(request, account)
        )

    def _list(self, request: Request, account: Account) -> str:
        known = (
            f"<ul><li>{escape(CLIENT_ID)} · Trusted</li></ul>"
            if self.is_trusted(account.customer)
            else "<p>No apps are configured.</p>"
        )
        return (
            f"<h2>Configured apps</h2>{known}"
            f'<form method="post" action="{APP_CONTROLS}/trust" id="trust">'
            f"{self._accounts.form_key(request)}"
            '<label for="client">OAuth client ID</label>'
            '<input type="text" id="client" name="client_id" required>'
            '<div class="actions"><button class="primary">Trust this app</button></div></form>'
        )

    async def choose(self, request: Request) -> Response:
        """An account was pressed."""
        pairs = dict(await form_pairs(request, _refused))
        response = redirect(APP_CONTROLS)
        if not self._accounts.choose(request, response, pairs.get("account", "")):
            raise _refused("There is no such account.")
        return response

    async def trust(self, request: Request) -> Response:
        """A client id was typed."""
        pairs = dict(await form_pairs(request, _refused))
        account = self._accounts.active(request)
        if account is None or not account.is_super_admin:
            raise _refused("Only a super administrator can trust an app.", 403)
        if not self._accounts.is_own_form(request, pairs.get("key", "")):
            raise _refused("This page is too old. Open it again.")
        if pairs.get("client_id", "").strip() != CLIENT_ID:
            raise _refused("No app has this client ID.")
        self._trusted.add(account.customer)
        return redirect(APP_CONTROLS)


def _refused(detail: str, status: int = 400) -> Refusal:
    content = note(detail, kind="bad")
    return Refusal(page(title="This did not work", brand=BRAND, content=content, status=status))
