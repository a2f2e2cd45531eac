"""The account service's pages for people: log in, sign up, and the short texts it links to."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock
from wizard.practice.account.admission import Admission, Refused
from wizard.practice.account.browsers import Browsers
from wizard.practice.account.openid import CLIENT_ID, SCOPES, Asked, OpenId, read_form
from wizard.practice.account.sign_up import password_fault, sign_up_fault
from wizard.practice.account.texts import TEXTS
from wizard.practice.html import add_assets, choice, hidden, note, page, redirect
from wizard.practice.oauth import (
    Attempt,
    Attempts,
    is_challenge,
    is_loopback_redirect,
    single_values,
    with_query,
)
from wizard.practice.routing import Refusal, Router

__all__ = ["SignInPages"]

BRAND = "Nordby Accounts"
COOKIE = "practice_account_browser"
_PROMPTS = frozenset({"none", "login", "consent", "select_account", "create"})


def _stop(title: str, text: str, status: int = 400) -> Refusal:
    """A page that ends the sign-in here, because nobody can be told by redirect."""
    content = note(text, kind="bad") + "<p>Close this page and start again from the program.</p>"
    return Refusal(page(title=title, brand=BRAND, content=content, status=status))


class SignInPages:
    """`/authorize` and the forms behind it; each form posts to a path of its own."""

    def __init__(
        self, *, openid: OpenId, admission: Admission, browsers: Browsers, clock: Clock
    ) -> None:
        self._openid = openid
        self._browsers = browsers
        self._admission = admission
        self._attempts: Attempts[Asked] = Attempts(COOKIE, clock)

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", "/authorize", self.authorize)
        router.add("GET", "/login", self.log_in_page)
        router.add("GET", "/signup", self.sign_up_page)
        router.add("POST", "/login", self.log_in)
        router.add("POST", "/login/as", self.log_in_as)
        router.add("POST", "/signup", self.sign_up)
        router.add("POST", "/cancel", self.cancel)
        add_assets(router)
        for name in TEXTS:
            router.add("GET", f"/{name}", self.text)

    async def text(self, request: Request) -> Response:
        """One of the short texts."""
        title, paragraphs = TEXTS[request.url.path.strip("/")]
        content = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        return page(title=title, brand=BRAND, content=content)

    async def authorize(self, request: Request) -> Response:
        """The authorization endpoint (RFC 6749, section 4.1.1; OpenID Connect Core, 3.1.2)."""
        values = single_values(request.query_params.multi_items())
        if values is None:
            raise _stop("This link is not right", "A value came twice.")
        if values.get("client_id") != CLIENT_ID:
            raise _stop("This program is not known here", "The link names another client.")
        target = values.get("redirect_uri", "")
        if not is_loopback_redirect(target):
            raise _stop(
                "This link leads away from this computer",
                "Only an address of this computer is allowed as the way back.",
            )
        asked = Asked(
            redirect_uri=target,
            scope=tuple(s for s in values.get("scope", "").split() if s in SCOPES),
            state=values.get("state", ""),
            nonce=values.get("nonce", ""),
            challenge=values.get("code_challenge", ""),
            prompt=frozenset(values.get("prompt", "").split()),
            login_hint=values.get("login_hint", ""),
        )
        fault = _request_fault(values, asked)
        if fault is not None:
            return self._back(asked, error=fault[0], error_description=fault[1])
        attempt = self._attempts.begin(request, asked)
        form = "/signup" if "create" in asked.prompt else "/login"
        response = redirect(f"{form}?attempt={attempt.id}")
        self._attempts.remember(response, attempt)
        return response

    def _back(self, asked: Asked, **values: str) -> Response:
        """Send the browser back to the program, naming the issuer (RFC 9207)."""
        state = {"state": asked.state} if asked.state else {}
        answer = {**values, **state, "iss": self._openid.issuer}
        return redirect(with_query(asked.redirect_uri, answer))

    def _attempt(self, request: Request, attempt_id: str) -> Attempt[Asked]:
        attempt = self._attempts.find(request, attempt_id)
        if attempt is None:
            raise _stop("This page is too old", "This sign-in has ended, or another browser began.")
        return attempt

    async def log_in_page(self, request: Request) -> Response:
        """The log-in form."""
        return self._log_in_form(self._attempt(request, request.query_params.get("attempt", "")))

    def _log_in_form(self, attempt: Attempt[Asked], trouble: str = "") -> Response:
        key = hidden({"attempt": attempt.id})
        rows = "".join(
            choice(name="person", value=who.id, title=who.name, line=who.email, badge=who.role)
            for who in self._admission.offered()
        )
        hint = escape(attempt.asked.login_hint)
        content = (
            (note(trouble, kind="bad") if trouble else "")
            + '<p class="lead">Press a name. In practice no password is needed.</p>'
            f'<form method="post" action="/login/as" id="as">{key}<div class="choices">{rows}</div>'
            "</form><h2>Or with address and password</h2>"
            f'<form method="post" action="/login" id="login">{key}'
            '<label for="email">Email address</label><input id="email" name="email" type="email" '
            f'autocomplete="username" required value="{hint}">'
            '<label for="password">Password</label><input id="password" name="password" '
            'type="password" autocomplete="current-password" required>'
            f'<p class="hint">For the sample people it is “{escape(self._admission.password)}”.</p>'
            '<div class="actions"><button class="primary">Log in</button></div></form>'
            f'<div class="foot"><a href="/signup?attempt={attempt.id}">Create an account</a>'
            f'<form method="post" action="/cancel" id="cancel">{key}'
            '<button class="ghost">Cancel</button></form></div>'
        )
        status = 403 if trouble else 200
        return page(title="Log in", brand=BRAND, content=content, status=status)

    async def sign_up_page(self, request: Request) -> Response:
        """The sign-up form."""
        return self._sign_up_form(self._attempt(request, request.query_params.get("attempt", "")))

    def _sign_up_form(
        self, attempt: Attempt[Asked], trouble: str = "", name: str = "", email: str = ""
    ) -> Response:
        key = hidden({"attempt": attempt.id})
        hint = escape(email or attempt.asked.login_hint)
        content = (
            (note(trouble, kind="bad") if trouble else "")
            + '<p class="lead">An account is yours alone. Your organization comes next.</p>'
            f'<form method="post" action="/signup" id="signup">{key}'
            '<label for="name">Your name</label><input id="name" name="name" maxlength="120" '
            f'autocomplete="name" required value="{escape(name)}">'
            '<label for="email">Email address</label><input id="email" name="email" type="email" '
            f'autocomplete="username" required value="{hint}">'
            '<label for="password">Password</label><input id="password" name="password" '
            'type="password" autocomplete="new-password" minlength="8" maxlength="200" required>'
            '<p class="hint">At least 8 characters. Invent one: this is practice.</p>'
            '<div class="actions"><button class="primary">Create account</button></div></form>'
            f'<div class="foot"><a href="/login?attempt={attempt.id}">I have an account</a>'
            f'<form method="post" action="/cancel" id="cancel">{key}'
            '<button class="ghost">Cancel</button></form></div>'
        )
        status = 403 if trouble else 200
        return page(title="Create an account", brand=BRAND, content=content, status=status)

    async def _form(self, request: Request) -> tuple[dict[str, str], Attempt[Asked]]:
        form = await read_form(request)
        return form, self._attempt(request, form.get("attempt", ""))

    async def log_in(self, request: Request) -> Response:
        """Address and password."""
        form, attempt = await self._form(request)
        person = self._admission.check(form.get("email", ""), form.get("password", ""))
        if person is None:
            return self._log_in_form(attempt, "That address and password do not go together.")
        return self._done(attempt, person)

    async def log_in_as(self, request: Request) -> Response:
        """One of the offered rows."""
        form, attempt = await self._form(request)
        offered = {who.id for who in self._admission.offered()}
        if form.get("person", "") not in offered:
            return self._log_in_form(attempt, "Choose one of these people.")
        return self._done(attempt, form["person"])

    async def sign_up(self, request: Request) -> Response:
        """A new person."""
        form, attempt = await self._form(request)
        name, email = form.get("name", "").strip(), form.get("email", "").strip()
        password = form.get("password", "")
        trouble = sign_up_fault(name, email) or password_fault(password, name, email)
        if not trouble:
            try:
                person = self._admission.sign_up(name, email, password)
            except Refused:
                trouble = f"{email} has an account. Log in instead."
            else:
                # Whoever was invited and signs up with that address has come.
                self._admission.accept_all(person)
                return self._done(attempt, person)
        return self._sign_up_form(attempt, trouble, name, email)

    async def cancel(self, request: Request) -> Response:
        """The person does not want to."""
        _, attempt = await self._form(request)
        self._attempts.close(attempt)
        return self._back(
            attempt.asked, error="access_denied", error_description="The person cancelled."
        )

    def _done(self, attempt: Attempt[Asked], person: str) -> Response:
        self._attempts.close(attempt)
        self._admission.welcome(person)
        answer = self._back(attempt.asked, code=self._openid.new_code(attempt.asked, person))
        self._browsers.sign_in(answer, person)
        return answer


def _request_fault(values: dict[str, str], asked: Asked) -> tuple[str, str] | None:
    """What is wrong with a request whose way back is fine: OAuth code and description."""
    if values.get("response_type") != "code":
        return "unsupported_response_type", "Only response_type=code."
    if values.get("response_mode", "query") != "query":
        return "invalid_request", "Only response_mode=query."
    if values.get("code_challenge_method") != "S256" or not is_challenge(asked.challenge):
        return "invalid_request", "PKCE with S256 is required."
    if "openid" not in asked.scope:
        return "invalid_scope", "The scope openid is required."
    if not asked.prompt <= _PROMPTS:
        return "invalid_request", "This prompt is not known."
    if "none" in asked.prompt:
        return "login_required", "Nobody can sign in without a page here."
    return None
