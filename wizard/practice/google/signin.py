"""Google's sign-in: account chooser, consent with scopes that can be unticked, and its endings."""

from __future__ import annotations

from enum import StrEnum
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock
from wizard.practice.google.chooser import Account, account_rows, offered_accounts
from wizard.practice.google.oauth import CLIENT_ID, GoogleAsked, GoogleOAuth
from wizard.practice.google.scopes import IDENTITY, PREFIX, SCOPES
from wizard.practice.google.store import DirectoryStore
from wizard.practice.google.trusting import AppControls
from wizard.practice.html import add_assets, hidden, note, page, redirect
from wizard.practice.messages import form_pairs
from wizard.practice.oauth import (
    Attempt,
    Attempts,
    is_challenge,
    is_loopback_redirect,
    single_values,
    with_query,
)
from wizard.practice.routing import Refusal, Router

__all__ = ["Ending", "GoogleSignIn"]

BRAND = "Practice sign-in for Google"
COOKIE = "practice_google_browser"
_APP = "Enterprise Connect"


class Ending(StrEnum):
    """How a sign-in ends on a page that never sends the browser back."""

    NONE = "none"
    ADMIN_POLICY_ENFORCED = "admin_policy_enforced"
    ORG_INTERNAL = "org_internal"
    DISALLOWED_USERAGENT = "disallowed_useragent"
    DELETED_CLIENT = "deleted_client"
    REDIRECT_URI_MISMATCH = "redirect_uri_mismatch"
    INVALID_REQUEST = "invalid_request"
    ACCESS_DENIED = "access_denied"


_ENDING_WORDS: dict[Ending, tuple[int, str]] = {
    Ending.ADMIN_POLICY_ENFORCED: (
        400,
        "Your administrator does not let this app use your organization’s data.",
    ),
    Ending.ORG_INTERNAL: (403, f"{_APP} can only be used within its own organization."),
    Ending.DISALLOWED_USERAGENT: (403, "This browser window cannot be used to sign in."),
    Ending.DELETED_CLIENT: (401, "This app’s registration was deleted."),
    Ending.REDIRECT_URI_MISMATCH: (400, "The app sent an address that it did not register."),
    Ending.INVALID_REQUEST: (400, "The app’s request is not valid."),
    Ending.ACCESS_DENIED: (403, f"{_APP} is being tested and you are not one of its testers."),
}


def _blocked(ending: Ending, detail: str = "") -> Refusal:
    """Google's page for a request that it does not answer by redirect."""
    status, words = _ENDING_WORDS[ending]
    content = (
        note(words, kind="bad")
        + (f"<p>{escape(detail)}</p>" if detail else "")
        + f'<p class="hint">Error {status}: {ending.value}</p>'
    )
    return Refusal(page(title="Access blocked", brand=BRAND, content=content, status=status))


class GoogleSignIn:
    """The pages for people. `ending` decides what happens once an account was chosen."""

    def __init__(
        self, *, store: DirectoryStore, oauth: GoogleOAuth, clock: Clock, controls: AppControls
    ) -> None:
        self._store = store
        self._oauth = oauth
        self._controls = controls
        self._attempts: Attempts[GoogleAsked] = Attempts(COOKIE, clock)
        self._ending = Ending.NONE

    @property
    def ending(self) -> Ending:
        """How sign-ins end; a policy that is set blocks the app anew, trusted before or not."""
        return self._ending

    @ending.setter
    def ending(self, ending: Ending) -> None:
        self._ending = ending
        self._controls.forget()

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", "/o/oauth2/v2/auth", self.authorize)
        router.add("GET", "/signin/accountchooser", self.chooser)
        router.add("POST", "/signin/accountchooser", self.choose)
        router.add("GET", "/signin/consent", self.consent)
        router.add("POST", "/signin/consent", self.decide)
        add_assets(router)

    async def authorize(self, request: Request) -> Response:
        """The authorization endpoint."""
        values = single_values(request.query_params.multi_items())
        if values is None:
            raise _blocked(Ending.INVALID_REQUEST, "A parameter came twice.")
        if values.get("client_id") != CLIENT_ID:
            raise _blocked(Ending.DELETED_CLIENT, "The client id is not known.")
        if not is_loopback_redirect(values.get("redirect_uri", "")):
            raise _blocked(Ending.REDIRECT_URI_MISMATCH)
        scopes = tuple(dict.fromkeys(values.get("scope", "").split()))
        unknown = [name for name in scopes if name not in SCOPES and name not in IDENTITY]
        if not scopes or unknown:
            raise _blocked(Ending.INVALID_REQUEST, f"Scopes: {' '.join(unknown) or 'none'}.")
        if values.get("response_type") != "code":
            raise _blocked(Ending.INVALID_REQUEST, "response_type is code.")
        challenge = values.get("code_challenge", "")
        if values.get("code_challenge_method") != "S256" or not is_challenge(challenge):
            raise _blocked(Ending.INVALID_REQUEST, "PKCE with S256 is required here.")
        asked = GoogleAsked(
            redirect_uri=values["redirect_uri"],
            scopes=scopes,
            state=values.get("state", ""),
            nonce=values.get("nonce", ""),
            challenge=challenge,
            offline=values.get("access_type") == "offline",
            login_hint=values.get("login_hint", ""),
        )
        attempt = self._attempts.begin(request, asked)
        response = redirect(f"/signin/accountchooser?attempt={attempt.id}")
        self._attempts.remember(response, attempt)
        return response

    def _attempt(self, request: Request, attempt_id: str) -> Attempt[GoogleAsked]:
        attempt = self._attempts.find(request, attempt_id)
        if attempt is None:
            raise _blocked(Ending.INVALID_REQUEST, "This sign-in has ended. Start it again.")
        return attempt

    def _accounts(self) -> tuple[Account, ...]:
        return offered_accounts(self._store)

    def _is_blocked(self, account: Account) -> bool:
        trusted = self._controls.is_trusted(account.customer)
        return self._ending is not Ending.NONE and not (
            trusted and self._ending is Ending.ADMIN_POLICY_ENFORCED
        )

    async def chooser(self, request: Request) -> Response:
        """Which account?"""
        attempt = self._attempt(request, request.query_params.get("attempt", ""))
        key = hidden({"attempt": attempt.id})
        hint = attempt.asked.login_hint.lower()
        accounts = sorted(self._accounts(), key=lambda account: account.address.lower() != hint)
        content = (
            f'<p class="lead">to continue to {_APP}</p>'
            '<form method="post" action="/signin/accountchooser" id="chooser">'
            f'{key}<div class="choices">{account_rows(accounts)}</div></form>'
        )
        return page(title="Choose an account", brand=BRAND, content=content)

    async def _form(self, request: Request) -> tuple[list[tuple[str, str]], Attempt[GoogleAsked]]:
        pairs = await form_pairs(request, lambda detail: _blocked(Ending.INVALID_REQUEST, detail))
        return pairs, self._attempt(request, dict(pairs).get("attempt", ""))

    async def choose(self, request: Request) -> Response:
        """An account was pressed."""
        pairs, attempt = await self._form(request)
        account = dict(pairs).get("account", "")
        chosen = next((one for one in self._accounts() if one.id == account), None)
        if chosen is None:
            raise _blocked(Ending.INVALID_REQUEST, "There is no such account.")
        if self._is_blocked(chosen):
            self._attempts.close(attempt)
            raise _blocked(self.ending)
        attempt.notes["account"] = account
        return redirect(f"/signin/consent?attempt={attempt.id}")

    def _chosen(self, attempt: Attempt[GoogleAsked]) -> Account:
        account = attempt.notes.get("account", "")
        for one in self._accounts():
            if one.id == account:
                return one
        raise _blocked(Ending.INVALID_REQUEST, "Choose an account first.")

    async def consent(self, request: Request) -> Response:
        """What the app wants, each thing with a box that can be left empty."""
        attempt = self._attempt(request, request.query_params.get("attempt", ""))
        account = self._chosen(attempt)
        boxes = "".join(
            f'<label><input type="checkbox" name="scope" value="{escape(name)}" checked>'
            f"<span><b>{escape(SCOPES[name].words)}</b><small>{escape(name.removeprefix(PREFIX))}</small></span></label>"
            for name in attempt.asked.scopes
            if name in SCOPES
        )
        content = (
            f'<p class="lead">{escape(account.name)} · {escape(account.address)}</p>'
            '<form method="post" action="/signin/consent" id="consent">'
            f"{hidden({'attempt': attempt.id})}"
            f"<p>Select what {_APP} can access:</p>"
            f'<div class="scopes">{boxes}</div>'
            '<div class="actions"><button class="apart" name="decision" value="cancel">Cancel'
            '</button><button class="primary" name="decision" value="allow">Continue</button>'
            "</div></form>"
        )
        title = f"{_APP} wants access to your Google Account"
        return page(title=title, brand=BRAND, content=content)

    async def decide(self, request: Request) -> Response:
        """Continue or Cancel was pressed."""
        pairs, attempt = await self._form(request)
        account, asked = self._chosen(attempt), attempt.asked
        self._attempts.close(attempt)
        state = {"state": asked.state} if asked.state else {}
        if dict(pairs).get("decision") != "allow":
            answer = {"error": "access_denied", **state}
            return redirect(with_query(asked.redirect_uri, answer))
        ticked = {value for name, value in pairs if name == "scope"}
        granted = tuple(name for name in asked.scopes if name in IDENTITY or name in ticked)
        code = self._oauth.new_code(asked, account.id, granted)
        answer = {
            **state,
            "code": code,
            "scope": self._oauth.scope_text(granted),
            "authuser": "0",
            "prompt": "consent",
        }
        return redirect(with_query(asked.redirect_uri, answer))
