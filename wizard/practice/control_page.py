"""The control page: the same switches as the control interface, for a person with a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.account.problems import Problem, refuse
from wizard.practice.control import STAND_INS, Control
from wizard.practice.google.changes import Changed, NoSuchPersonError
from wizard.practice.html import add_assets, note, page, redirect
from wizard.practice.messages import form_pairs
from wizard.practice.routing import Router
from wizard.practice.traffic import Latency, StandIn

__all__ = ["ControlPage"]

BRAND = "Practice organization"
SLOW_MS = 400
MANY = 64


@dataclass(frozen=True, kw_only=True)
class _Button:
    """One card of the page; `field` names what can be typed, '' for nothing."""

    action: str
    title: str
    about: str
    button: str
    field: str = ""
    hint: str = ""
    danger: bool = False


_PEOPLE = (
    _Button(
        action="hire",
        title="Hire somebody",
        about="A new person in Sales.",
        button="Hire",
        field="Family name",
        hint="invented if empty",
    ),
    _Button(
        action="rename",
        title="Rename somebody",
        about="A new family name; the account keeps its history.",
        button="Rename",
        field="Address",
        hint="anybody if empty",
    ),
    _Button(
        action="let-go",
        title="Let somebody go",
        about="Deleted in the directory.",
        button="Let go",
        field="Address",
        hint="anybody if empty",
    ),
    _Button(
        action="suspend",
        title="Suspend somebody",
        about="Suspended in the directory, not deleted.",
        button="Suspend",
        field="Address",
        hint="anybody if empty",
    ),
    _Button(
        action="let-many-go",
        title=f"Let {MANY} people go at once",
        about="See how the sync stops and asks.",
        button=f"Let {MANY} go",
        danger=True,
    ),
)
_TROUBLE = (
    _Button(
        action="outage",
        title="Cut the network for a minute",
        about="See that what wasn’t read isn’t taken for gone.",
        button="Cut it",
    ),
    _Button(
        action="slow",
        title="Slow network",
        about=f"Every request waits {SLOW_MS} ms.",
        button="Slow down",
    ),
    _Button(
        action="expire",
        title="Expire tokens",
        about="Access tokens end now; a refresh brings new ones.",
        button="Expire",
    ),
    _Button(
        action="empty",
        title="Empty directory",
        about="Google lists nobody, although everybody is there.",
        button="Empty it",
    ),
    _Button(
        action="heal",
        title="Everything works again",
        about="No outage, no delay, a directory as it is.",
        button="Put right",
    ),
)


def _card(base: str, one: _Button) -> str:
    field = (
        f'<label for="{one.action}">{escape(one.field)}</label>'
        f'<input type="text" id="{one.action}" name="value" placeholder="{escape(one.hint)}">'
        if one.field
        else ""
    )
    kind = ' class="danger"' if one.danger else ""
    return (
        f'<form method="post" action="{escape(base)}/page/{one.action}"><b>{escape(one.title)}</b>'
        f"<p>{escape(one.about)}</p>{field}<button{kind}>{escape(one.button)}</button></form>"
    )


class ControlPage:
    """`GET /control/{secret}/` and the forms on it."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        base = self._control.base
        router.add("GET", f"{base}/", self.show)
        router.add("GET", base, self.to_page)
        router.add("POST", f"{base}/page/{{action}}", self.act)
        add_assets(router)

    async def to_page(self, request: Request) -> Response:
        """The page has a slash at its end."""
        return redirect(f"{self._control.base}/")

    async def show(self, request: Request) -> Response:
        """Numbers, switches, requests."""
        control = self._control
        said = request.query_params.get("said", "")
        figures = control.figures()
        words = {
            "people": "people in Google",
            "in_scope": "active there",
            "suspended": "suspended",
            "accounts": "accounts",
            "active_accounts": "active accounts",
            "linked_accounts": "kept in step",
        }
        strip = "".join(
            f"<div><span>{escape(label)}</span><b>{figures[name]:,}</b></div>"
            for name, label in words.items()
        )
        content = (
            (note(said) if said else "")
            + "".join(note(text, kind="warn") for text in self._troubles())
            + f'<div class="figures">{strip}</div><h2>People</h2><div class="grid">'
            + "".join(_card(control.base, one) for one in _PEOPLE)
            + '</div><h2>Trouble</h2><div class="grid">'
            + "".join(_card(control.base, one) for one in _TROUBLE)
            + "</div><h2>Requests</h2>"
            + self._requests()
        )
        return page(title="Control page", brand=BRAND, content=content, wide=True)

    def _troubles(self) -> list[str]:
        control = self._control
        found = [
            f"{which.value.capitalize()} answers nobody."
            for which in STAND_INS
            if control.traffic.is_down(which)
        ]
        if control.traffic.latencies:
            found.append("The network is slow.")
        if control.traffic.faults:
            found.append(f"{len(control.traffic.faults)} faults are set.")
        if control.google.switches.empty:
            found.append("The directory reads empty.")
        if control.google.switches.swapped:
            found.append("Google answers for another customer.")
        return found

    def _requests(self) -> str:
        rows = ""
        for which in STAND_INS:
            counts = self._control.traffic.counts[which]
            for path, count in sorted(counts.by_path.items()):
                rows += (
                    f"<tr><td>{escape(which.value)}</td><td class='path'>{escape(path)}</td>"
                    f'<td class="number">{count:,}</td></tr>'
                )
            rows += (
                f"<tr><td>{escape(which.value)}</td>"
                '<td class="path">most at once · unknown paths</td>'
                f'<td class="number">{counts.most_in_flight} · {counts.unknown}</td></tr>'
            )
        return (
            "<table><thead><tr><th>Service</th><th>Path</th>"
            f'<th class="number">Requests</th></tr></thead><tbody>{rows}</tbody></table>'
        )

    async def act(self, request: Request) -> Response:
        """One of the buttons."""
        pairs = dict(
            await form_pairs(request, lambda detail: refuse(Problem.INVALID_REQUEST, detail))
            if request.headers.get("content-length", "0") != "0"
            else []
        )
        do = self._actions().get(request.path_params["action"])
        if do is None:
            raise refuse(Problem.NOT_FOUND)
        try:
            said = do(pairs.get("value", "").strip())
        except NoSuchPersonError as problem:
            said = f"Nobody is called {problem}."
        return redirect(f"{self._control.base}/?said={quote(said)}")

    def _actions(self) -> dict[str, Callable[[str], str]]:
        return {
            "hire": self._hire,
            "rename": self._rename,
            "let-go": self._let_go,
            "let-many-go": self._let_many_go,
            "suspend": self._suspend,
            "outage": self._outage,
            "slow": self._slow,
            "expire": self._expire,
            "empty": self._empty,
            "heal": self._heal,
        }

    def _hire(self, value: str) -> str:
        return f"{_who(self._control.google.changes.hire(family=value))} was hired."

    def _rename(self, value: str) -> str:
        changed = self._control.google.changes.rename(
            value or "any", given=None, family=None, address=None
        )
        return f"{_who(changed)} is the new name."

    def _let_go(self, value: str) -> str:
        return f"{_who(self._control.google.changes.let_go(value or 'any'))} was let go."

    def _let_many_go(self, value: str) -> str:
        return f"{len(self._control.google.changes.let_go_many(MANY))} people were let go."

    def _suspend(self, value: str) -> str:
        changed = self._control.google.changes.suspend(value or "any", suspended=True)
        return f"{_who(changed)} is suspended."

    def _outage(self, value: str) -> str:
        for which in STAND_INS:
            self._control.traffic.take_down(which, 60.0)
        return "Nobody is answered for a minute."

    def _slow(self, value: str) -> str:
        self._control.traffic.latencies = [
            Latency(stand_in=which, path_prefix=path, milliseconds=SLOW_MS)
            for which, path in ((StandIn.ACCOUNT, "/"), (StandIn.GOOGLE, "/"))
        ]
        return "The network is slow now."

    def _expire(self, value: str) -> str:
        self._control.account.openid.expire_access()
        self._control.google.tokens.expire_access()
        return "All access tokens have expired."

    def _empty(self, value: str) -> str:
        self._control.google.switches.empty = True
        return "The directory reads empty now."

    def _heal(self, value: str) -> str:
        self._control.heal()
        return "Everything works again."


def _who(changed: Changed) -> str:
    name = f"{changed.given_name} {changed.family_name}".strip()
    return f"{name} ({changed.address})" if name else changed.address
