"""The page behind an invitation's link: accept it, or hear why it can't be accepted."""

from __future__ import annotations

import sqlite3
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.account.admission import Admission, Refused
from wizard.practice.account.browsers import Browsers
from wizard.practice.account.database import Database
from wizard.practice.account.openid import read_form
from wizard.practice.account.outbox import invitation_state
from wizard.practice.account.sign_up import password_fault, sign_up_fault
from wizard.practice.html import details, note, page
from wizard.practice.routing import Router

__all__ = ["InvitationPages"]

BRAND = "Nordby Accounts"
LINK = "/invitations/{invitation_id}"
_CLOSED = {
    "expired": (
        "This invitation has expired",
        "An invitation is good for 48 hours. Ask {inviter} to send it again.",
    ),
    "revoked": (
        "This invitation was revoked",
        "{inviter} took it back. Ask them if you think that it was meant for you.",
    ),
    "accepted": (
        "This invitation was accepted",
        "{email} belongs to {unit} already. Go back to the program and sign in there.",
    ),
}


class InvitationPages:
    """`/invitations/{id}` and the forms on it, each to a path of its own."""

    def __init__(self, *, database: Database, admission: Admission, browsers: Browsers) -> None:
        self._db = database
        self._admission = admission
        self._browsers = browsers

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", LINK, self.show)
        router.add("POST", f"{LINK}/accept", self.accept)
        router.add("POST", f"{LINK}/login", self.log_in)
        router.add("POST", f"{LINK}/signup", self.sign_up)

    def _row(self, request: Request) -> sqlite3.Row | None:
        return self._db.maybe(
            "SELECT i.*, u.name AS unit_name, p.name AS inviter FROM invitations i"
            " JOIN units u ON u.id = i.unit LEFT JOIN persons p ON p.email = i.invited_by"
            " WHERE i.id = ?",
            request.path_params["invitation_id"],
        )

    async def show(self, request: Request) -> Response:
        """The invitation as it stands."""
        return self._page(request)

    def _page(self, request: Request, trouble: str = "", name: str = "") -> Response:
        row = self._row(request)
        if row is None:
            text = "Copy the whole link out of the email, or ask for a new invitation."
            return _closed("This link is not right", text, 404)
        state = invitation_state(row, self._db.now())
        if state != "pending":
            title, text = _CLOSED[state]
            told = text.format(
                inviter=row["inviter"] or row["invited_by"],
                email=row["email"],
                unit=row["unit_name"],
            )
            return _closed(title, told, 200 if state == "accepted" else 410)
        inviter = row["inviter"] or row["invited_by"]
        role = "an owner" if row["role"] == "owner" else "a member"
        content = (
            (note(trouble, kind="bad") if trouble else "")
            + f'<p class="lead">{escape(inviter)} invites you to join '
            f"{escape(row['unit_name'])} as {role}.</p>"
            + details({"For": row["email"], "Organization": row["unit_name"]})
            + self._how(request, row, name)
        )
        status = 403 if trouble else 200
        return page(title="You are invited", brand=BRAND, content=content, status=status)

    def _how(self, request: Request, row: sqlite3.Row, name: str) -> str:
        """The form for whoever sits here: accept, log in first, or sign up."""
        base = f"/invitations/{escape(row['id'])}"
        here = self._here(request)
        known = self._db.maybe("SELECT * FROM persons WHERE email_key = ?", row["email_key"])
        if here is not None and here["email_key"] == row["email_key"]:
            return (
                f'<form method="post" action="{base}/accept" id="accept"><div class="actions">'
                '<button class="primary">Accept</button></div></form>'
            )
        other = ""
        if here is not None:
            other = note(
                f"You are signed in as {here['email']}. This invitation is for {row['email']}.",
                kind="warn",
            )
        if known is not None:
            hint = ""
            if known["offered"]:
                hint = (
                    '<p class="hint">For the sample people it is '
                    f"“{escape(self._admission.password)}”.</p>"
                )
            return (
                f"{other}<h2>Log in as {escape(row['email'])}</h2>"
                f'<form method="post" action="{base}/login" id="login">'
                '<label for="password">Password</label><input id="password" name="password" '
                f'type="password" autocomplete="current-password" required>{hint}'
                '<div class="actions"><button class="primary">Log in and accept</button></div>'
                "</form>"
            )
        return (
            f"{other}<h2>Create your account</h2>"
            f'<form method="post" action="{base}/signup" id="signup">'
            '<label for="name">Your name</label><input id="name" name="name" maxlength="120" '
            f'autocomplete="name" required value="{escape(name)}">'
            '<label for="password">Password</label><input id="password" name="password" '
            'type="password" autocomplete="new-password" minlength="8" maxlength="200" required>'
            '<p class="hint">At least 8 characters. Invent one: this is practice.</p>'
            '<div class="actions"><button class="primary">Create account and accept</button>'
            "</div></form>"
        )

    def _here(self, request: Request) -> sqlite3.Row | None:
        person = self._browsers.person(request)
        return self._db.maybe("SELECT * FROM persons WHERE id = ?", person) if person else None

    def _open(self, request: Request) -> sqlite3.Row | None:
        row = self._row(request)
        if row is None or invitation_state(row, self._db.now()) != "pending":
            return None
        return row

    async def accept(self, request: Request) -> Response:
        """Accept, as the person who is signed in here."""
        row, here = self._open(request), self._here(request)
        if row is None:
            return self._page(request)
        if here is None or here["email_key"] != row["email_key"]:
            return self._page(request, f"Log in as {row['email']} first.")
        return self._accepted(row, str(here["id"]))

    async def log_in(self, request: Request) -> Response:
        """Log in as the person whom it is for, and accept."""
        form = await read_form(request)
        row = self._open(request)
        if row is None:
            return self._page(request)
        person = self._admission.check(row["email"], form.get("password", ""))
        if person is None:
            return self._page(request, "That is not the password of this address.")
        return self._accepted(row, person)

    async def sign_up(self, request: Request) -> Response:
        """Make an account for the address that was invited, and accept."""
        form = await read_form(request)
        row = self._open(request)
        if row is None:
            return self._page(request)
        name, password = form.get("name", "").strip(), form.get("password", "")
        trouble = sign_up_fault(name, row["email"]) or password_fault(password, name, row["email"])
        if trouble:
            return self._page(request, trouble, name)
        try:
            person = self._admission.sign_up(name, row["email"], password)
        except Refused:
            return self._page(request, f"{row['email']} has an account. Log in instead.")
        return self._accepted(row, person)

    def _accepted(self, row: sqlite3.Row, person: str) -> Response:
        self._admission.welcome(person)
        self._admission.accept(person, row["id"])
        content = (
            note(f"You belong to {row['unit_name']} now.")
            + "<p>Close this page. Whoever invited you sees it at once. In the program, sign in "
            f"as {escape(row['email'])}.</p>"
        )
        answer = page(title="Welcome", brand=BRAND, content=content)
        self._browsers.sign_in(answer, person)
        return answer


def _closed(title: str, text: str, status: int) -> Response:
    return page(title=title, brand=BRAND, content=note(text, kind="warn"), status=status)
