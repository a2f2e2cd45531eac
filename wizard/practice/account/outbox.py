"""The outbox: every letter that the service would have sent, to be read in a browser instead."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import from_text
from wizard.practice.account.database import Database
from wizard.practice.account.openid import read_form
from wizard.practice.html import page, redirect
from wizard.practice.routing import Router

__all__ = ["OUTBOX", "Outbox"]

OUTBOX = "/outbox"
"""The path of the page, at the origin that a browser visits."""
BRAND = "Nordby Accounts"
_SHOWN = 50
_STATES = {
    "pending": "The link works",
    "accepted": "Accepted",
    "expired": "The link has expired",
    "revoked": "Revoked: the link no longer works",
}


class Outbox:
    """Letters are kept with the accounts, so that they are there after a restart."""

    def __init__(self, database: Database) -> None:
        self._db = database
        # A folder of an earlier version has no such table yet.
        self._db.run(
            "CREATE TABLE IF NOT EXISTS letters (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
            " invitation TEXT NOT NULL, sent TEXT NOT NULL)"
        )

    def send(self, invitation: str) -> None:
        """An invitation goes out, for the first time or once more."""
        self._db.run(
            "INSERT INTO letters (invitation, sent) VALUES (?,?)", invitation, self._db.now()
        )

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", OUTBOX, self.show)
        router.add("POST", f"{OUTBOX}/expire", self.expire)

    async def show(self, request: Request) -> Response:
        """The letters, newest first."""
        rows = self._db.all(
            "SELECT l.seq, l.sent, i.*, u.name AS unit_name, p.name AS inviter FROM letters l"
            " JOIN invitations i ON i.id = l.invitation JOIN units u ON u.id = i.unit"
            " LEFT JOIN persons p ON p.email = i.invited_by ORDER BY l.seq DESC LIMIT ?",
            _SHOWN,
        )
        letters = "".join(self._letter(row) for row in rows)
        if not letters:
            letters = (
                "<p>Nothing was sent yet. Invite somebody in the program, then look here again.</p>"
            )
        content = (
            '<p class="lead">Nothing leaves this computer. What the account service would have '
            f'sent by email stands here. <a href="{OUTBOX}">Look again</a></p>{letters}'
        )
        return page(title="Outbox", brand=BRAND, content=content, wide=True)

    def _letter(self, row: sqlite3.Row) -> str:
        state = invitation_state(row, self._db.now())
        who = row["inviter"] or row["invited_by"]
        link = (
            f'<p><a href="/invitations/{escape(row["id"])}">Accept the invitation</a></p>'
            f'<form method="post" action="{OUTBOX}/expire">'
            f'<input type="hidden" name="invitation" value="{escape(row["id"])}">'
            '<button class="ghost">Let the link expire now</button></form>'
            if state == "pending"
            else f'<p><a href="/invitations/{escape(row["id"])}">Open the link</a></p>'
        )
        return (
            f"<article><h2>{escape(who)} invites you to {escape(row['unit_name'])}</h2>"
            f"<dl><dt>To</dt><dd>{escape(row['email'])}</dd>"
            f"<dt>Sent</dt><dd>{escape(shown_time(row['sent']))}</dd>"
            f"<dt>State</dt><dd>{escape(_STATES[state])}</dd></dl>"
            f"<p>{escape(who)} invites you to join {escape(row['unit_name'])} as "
            f"{'an owner' if row['role'] == 'owner' else 'a member'}. The link is good until "
            f"{escape(shown_time(row['expires']))}.</p>{link}</article>"
        )

    async def expire(self, request: Request) -> Response:
        """Let 48 hours pass for one invitation."""
        form = await read_form(request)
        self._db.run(
            "UPDATE invitations SET expires = ? WHERE id = ? AND accepted IS NULL"
            " AND revoked IS NULL AND expires > ?",
            self._db.now(),
            form.get("invitation", ""),
            self._db.now(),
        )
        return redirect(OUTBOX)


def invitation_state(row: sqlite3.Row, now: str) -> str:
    """`revoked`, `accepted`, `pending` or `expired`; `now` is stored text."""
    if row["revoked"]:
        return "revoked"
    if row["accepted"]:
        return "accepted"
    return "pending" if row["expires"] > now else "expired"


def shown_time(stored: str) -> str:
    """A stored moment as a page shows it, in UTC."""
    moment: datetime = from_text(stored).astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M UTC")
