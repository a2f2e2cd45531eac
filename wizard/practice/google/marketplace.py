"""The Google Workspace Marketplace: the app's page, a button that can be gray, the installation."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, to_text
from wizard.practice.google.chooser import Account, BrowserAccounts, account_rows, offered_accounts
from wizard.practice.google.store import DirectoryStore, customers
from wizard.practice.html import note, page, redirect
from wizard.practice.messages import form_pairs
from wizard.practice.routing import Refusal, Router

__all__ = ["APP_NAME", "LISTING", "Marketplace"]

APP_NAME = "Enterprise Connect"
LISTING = "/marketplace/app/enterprise_connect/480212"
BRAND = "Practice Google Workspace Marketplace"
_RIGHTS = (
    "See, edit, share, and permanently delete all your Google calendars",
    "View calendar resources on your domain",
)
_GREY = {
    False: "Your administrator does not allow you to install this app.",
    True: "Your admin role does not include Google Workspace Marketplace settings.",
}
"""What the gray button says, by whether the account is a delegated admin."""


class Marketplace:
    """The pages of one app. `told` hears which domains have it: the service behind the app."""

    def __init__(self, *, store: DirectoryStore, accounts: BrowserAccounts, clock: Clock) -> None:
        self._store = store
        self._accounts = accounts
        self._clock = clock
        self.told: Callable[[str, bool], None] = lambda _domain, _installed: None
        store.run(
            "CREATE TABLE IF NOT EXISTS app_installs"
            " (customer TEXT PRIMARY KEY, installed TEXT NOT NULL)"
        )

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", LISTING, self.listing)
        router.add("POST", f"{LISTING}/account", self.choose)
        router.add("GET", f"{LISTING}/install", self.terms)
        router.add("POST", f"{LISTING}/install", self.install)
        router.add("POST", f"{LISTING}/uninstall", self.uninstall)

    def is_installed(self, customer: str) -> bool:
        """Whether this customer has the app."""
        return (
            self._store.maybe("SELECT 1 FROM app_installs WHERE customer = ?", customer) is not None
        )

    async def listing(self, request: Request) -> Response:
        """The app's page, for whoever is active in this browser."""
        account = self._accounts.active(request)
        if account is None or request.query_params.get("switch"):
            rows = account_rows(offered_accounts(self._store))
            content = (
                f'<p class="lead">to install {APP_NAME}</p>'
                f'<form method="post" action="{LISTING}/account" id="chooser">'
                f'<div class="choices">{rows}</div></form>'
            )
            return page(title="Choose an account", brand=BRAND, content=content)
        installed = self.is_installed(account.customer)
        just = note(f"{APP_NAME} has been installed.") if request.query_params.get("done") else ""
        content = (
            f'{just}<p class="lead">Keeps accounts and calendars in step with your directory.</p>'
            f"<p>{escape(account.name)} · {escape(account.address)} "
            f'<a href="{LISTING}?switch=1">Switch account</a></p>'
            f"{self._button(request, account, installed=installed)}"
            "<h2>Works with</h2><p>Google Calendar, Google Workspace directory</p>"
        )
        return page(title=APP_NAME, brand=BRAND, content=content)

    def _button(self, request: Request, account: Account, *, installed: bool) -> str:
        if installed and account.is_super_admin:
            return (
                f'<form method="post" action="{LISTING}/uninstall">'
                f"{self._accounts.form_key(request)}"
                '<div class="actions"><span class="apart">Installed for everyone</span>'
                "<button>Uninstall</button></div></form>"
            )
        if installed:
            return note("Installed by your administrator.")
        if account.is_super_admin:
            return (
                f'<form method="get" action="{LISTING}/install"><div class="actions">'
                '<button class="primary">Admin install</button></div></form>'
            )
        why = _GREY[account.is_delegated_admin]
        return (
            '<div class="actions"><button class="primary" disabled aria-describedby="why" '
            f'title="{escape(why)}">Install</button></div>'
            f'<p class="hint" id="why">{escape(why)}</p>'
        )

    async def choose(self, request: Request) -> Response:
        """An account was pressed."""
        pairs = dict(await form_pairs(request, _refused))
        response = redirect(LISTING)
        if not self._accounts.choose(request, response, pairs.get("account", "")):
            raise _refused("There is no such account.")
        return response

    async def terms(self, request: Request) -> Response:
        """What the app may do, and for whom it is installed."""
        self._admin(request)
        rights = "".join(f"<li>{escape(words)}</li>" for words in _RIGHTS)
        content = (
            f'<p class="lead">{APP_NAME} will be able to:</p><ul>{rights}</ul><br>'
            f'<form method="post" action="{LISTING}/install" id="install">'
            f"{self._accounts.form_key(request)}"
            '<div class="scopes"><label><input type="radio" name="who" value="everyone" checked>'
            "<span>Everyone at your organization</span></label>"
            '<label><input type="checkbox" name="agree" value="yes" required><span>'
            "I agree to the application’s Terms of Service and Privacy Policy</span></label></div>"
            f'<div class="actions"><a class="apart" href="{LISTING}">Cancel</a>'
            '<button class="primary">Finish</button></div></form>'
        )
        return page(title="Admin install", brand=BRAND, content=content)

    async def install(self, request: Request) -> Response:
        """Finish was pressed."""
        pairs = dict(await form_pairs(request, _refused))
        account = self._admin(request, pairs.get("key", ""))
        if pairs.get("who") != "everyone" or pairs.get("agree") != "yes":
            raise _refused("Agree to the terms to install.")
        self._store.run(
            "INSERT OR IGNORE INTO app_installs VALUES (?,?)",
            account.customer,
            to_text(self._clock.now()),
        )
        self._tell(account.customer, installed=True)
        return redirect(f"{LISTING}?done=1")

    async def uninstall(self, request: Request) -> Response:
        """It was taken away for everyone."""
        pairs = dict(await form_pairs(request, _refused))
        account = self._admin(request, pairs.get("key", ""))
        self._store.run("DELETE FROM app_installs WHERE customer = ?", account.customer)
        self._tell(account.customer, installed=False)
        return redirect(LISTING)

    def _tell(self, customer: str, *, installed: bool) -> None:
        for domain, verified in customers()[customer].domains:
            if verified:
                self.told(domain, installed)

    def _admin(self, request: Request, key: str | None = None) -> Account:
        """The active account, which must be a super admin; with a key, of this browser's form."""
        account = self._accounts.active(request)
        if account is None or not account.is_super_admin:
            raise _refused("Only a super administrator can install apps for everyone.", 403)
        if key is not None and not self._accounts.is_own_form(request, key):
            raise _refused("This page is too old. Open it again.")
        return account


def _refused(detail: str, status: int = 400) -> Refusal:
    content = note(detail, kind="bad")
    return Refusal(page(title="This did not work", brand=BRAND, content=content, status=status))
