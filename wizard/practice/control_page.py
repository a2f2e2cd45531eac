"""The control page: the same switches as the control interface, for a person with a browser."""

from __future__ import annotations

import sqlite3
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.account.problems import Problem, refuse
from wizard.practice.control import STAND_INS, Control
from wizard.practice.control_actions import Actions, UnknownChoiceError
from wizard.practice.control_cards import CARDS, Card, Field
from wizard.practice.google.changes import NoSuchPersonError
from wizard.practice.google.directory import Listing
from wizard.practice.google.signin import Ending
from wizard.practice.html import add_assets, note, page, redirect
from wizard.practice.messages import form_pairs
from wizard.practice.routing import Router

__all__ = ["ControlPage"]

BRAND = "Practice organization"


class ControlPage:
    """`GET /control/{secret}/` and the forms on it."""

    def __init__(self, control: Control, *, outbox: str = "") -> None:
        self._control = control
        self._actions = Actions(control)
        self._outbox = outbox

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
            + self._switched_on()
            + f'<div class="figures">{strip}</div>'
            + self._letters()
            + "".join(self._group(heading, cards) for heading, cards in CARDS)
            + "<h2>Requests</h2>"
            + self._requests()
        )
        return page(title="Control page", brand=BRAND, content=content, wide=True)

    def _switched_on(self) -> str:
        """What does not work now, and the way to put all of it right."""
        troubles = self._troubles()
        if not troubles:
            return ""
        return (
            "".join(note(text, kind="warn") for text in troubles)
            + f'<form method="post" action="{escape(self._control.base)}/page/heal">'
            "<button>Put everything right</button></form>"
        )

    def _letters(self) -> str:
        if not self._outbox:
            return ""
        return (
            f'<p><a href="{escape(self._outbox)}">The outbox</a> holds every letter that the '
            "account service would have sent, such as invitations. Nothing leaves this "
            "computer.</p>"
        )

    def _group(self, heading: str, cards: tuple[Card, ...]) -> str:
        drawn = "".join(self._card(card) for card in cards)
        return f'<h2>{escape(heading)}</h2><div class="grid">{drawn}</div>'

    def _card(self, card: Card) -> str:
        fields = "".join(self._field(card.action, field) for field in card.fields)
        kind = ' class="danger"' if card.danger else ""
        return (
            f'<form id="{card.action}" method="post"'
            f' action="{escape(self._control.base)}/page/{card.action}">'
            f"<b>{escape(card.title)}</b><p>{escape(card.about)}</p>{fields}"
            f"<button{kind}>{escape(card.button)}</button></form>"
        )

    def _field(self, action: str, field: Field) -> str:
        name = f"{action}-{field.name}"
        label = f'<label for="{name}">{escape(field.label)}</label>'
        options = field.options
        if field.from_world == "units":
            paths = self._control.google.store.unit_paths()
            options = tuple((path, path) for path in paths if path != "/") or (("/", "/"),)
        if not options:
            return (
                f'{label}<input type="text" id="{name}" name="{field.name}"'
                f' placeholder="{escape(field.hint)}" autocomplete="off">'
            )
        chosen = "/Sales" if field.from_world == "units" else options[0][0]
        rows = "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
            f"{escape(words)}</option>"
            for value, words in options
        )
        return f'{label}<select id="{name}" name="{field.name}">{rows}</select>'

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
        if control.google.switches.listing is not Listing.WHOLE:
            found.append("The list of people does not end as it should.")
        if control.traffic.ahead:
            found.append(f"The clocks are ahead by {control.traffic.ahead} seconds.")
        ending = control.google.sign_in.ending
        if ending is not Ending.NONE:
            found.append(f"Sign-ins at Google end with {ending.value}.")
        if control.account.connections.next_failure is not None:
            found.append("The next connection fails.")
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
        given = {name: value.strip() for name, value in pairs.items()}
        do = self._actions.find(request.path_params["action"])
        if do is None:
            raise refuse(Problem.NOT_FOUND)
        try:
            said = do(given)
        except NoSuchPersonError as problem:
            said = f"Nobody and nothing is called {problem}."
        except UnknownChoiceError as problem:
            raise refuse(Problem.INVALID_REQUEST, f"{problem} is not offered here.") from problem
        except sqlite3.IntegrityError:
            said = "Somebody else has that address. Nothing was changed."
        return redirect(f"{self._control.base}/?said={quote(said)}")
