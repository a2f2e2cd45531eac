"""The proof that two computers never work against each other, nor lose the sign-in they share."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from devtools.proving import Context, Figures, Short
from proofs import left_to_server
from proofs.client import Client
from proofs.computers import Staying, Workbench
from proofs.organization import Organization, judge, writes_between

SAYS = (
    "A workbench on one home and `sync --every` on another: one writes, the other says who does; "
    "taking over works, is logged, and nobody flaps over 60 cycles; a server that is set up by the "
    "window's own commands while the window syncs takes it on, by its clock, and keeps it; two "
    "processes share rotating refresh tokens for 200 refreshes without losing a sign-in."
)

_PEOPLE = 80
_CYCLES = 20
_REFRESHES = 200
_MOST_ROUNDS = 3 * _REFRESHES
_ELSEWHERE = 6
"""The exit code of a sync that another computer does."""


def run(context: Context) -> Figures:
    """Two homes of the same owner and unit, then one home that two processes share."""
    shutil.rmtree(context.folder, ignore_errors=True)
    context.folder.mkdir(parents=True)
    figures: dict[str, object] = {"people": _PEOPLE, "cycles": 3 * _CYCLES}
    figures["left_to_server"] = left_to_server.story(context, context.folder / "by-its-commands")
    place = context.folder / "organization"
    with Organization(context, place, people=_PEOPLE) as organization:
        office = Client(context, context.folder / "office", organization)
        server = Client(context, context.folder / "server", organization)
        for client in (office, server):
            client.set_up()
        _lease(context, organization, office, server, figures)
        _shared_tokens(context, organization, office, figures)
        verdict = judge(organization)
        figures |= verdict
        if verdict["missing"] or verdict["doubled"] or verdict["strangers"]:
            raise Short("not everybody has exactly one account", figures)
    return figures


# ------------------------------------------------------------------ one writes, the other says


class _Lease:
    """Counts, cycle by cycle, who wrote, who said that another does, and every hand-over."""

    def __init__(
        self,
        organization: Organization,
        window: Workbench,
        server: Client,
        figures: dict[str, object],
    ) -> None:
        self._organization = organization
        self._window = window
        self._server = server
        self._figures = figures
        self.hand_overs = 0
        self.said = 0
        self._holder = ""

    def look(self) -> str:
        """Who has the task now: 'window', 'server' or ''; a change is counted."""
        who = self._window.ask("who")
        holder = "" if not who.get("held") else ("window" if who["here"] else "server")
        self.hand_overs += holder != self._holder
        self._holder = holder
        return holder

    def cycle(self, holder: str) -> None:
        """Somebody is hired, both sync at once: `holder` writes, the other says who does."""
        self._organization.ask("hire", {})
        before = self._organization.versions()
        self._window.begin("run")
        code, told, _ = self._server.run("sync", "--once")
        window = self._window.answer()
        written = writes_between(before, self._organization.versions())
        self.look()
        if written != 1:
            self._figures["last_cycle"] = {"window": window, "server": told, "written": written}
            raise Short(f"{written} writes where one person was hired", self._figures)
        if holder == "window":
            self.expect(window, "done")
            self.expect_elsewhere(told, code)
        else:
            self.expect(told, "done")
            self.expect_elsewhere(window, _ELSEWHERE)

    def expect(self, told: Mapping[str, object], outcome: str) -> None:
        """A run that was told ended so."""
        if told.get("outcome") != outcome:
            raise Short(f"a run ended {told.get('outcome')}", {**self._figures, "said": dict(told)})

    def expect_elsewhere(self, told: Mapping[str, object], code: int) -> None:
        """Another computer does it, and it is said which, and for whom."""
        self.expect(told, "not-the-syncer")
        named = _names(told)
        if code != _ELSEWHERE or "host" not in named or "person" not in named:
            raise Short("it was not said who does it", {**self._figures, "said": dict(told)})
        self.said += 1


def _names(told: Mapping[str, object]) -> set[str]:
    """The facts that a report names, whichever way it was told."""
    facts = told.get("facts") or told.get("trouble_facts") or {}
    if isinstance(facts, Mapping):
        return {str(name) for name in facts}
    pairs = facts if isinstance(facts, list) else []
    return {str(pair[0]) for pair in pairs if isinstance(pair, list)}


def _lease(
    context: Context,
    organization: Organization,
    office: Client,
    server: Client,
    figures: dict[str, object],
) -> None:
    with Workbench(context, office, context.folder / "office.txt") as window:
        lease = _Lease(organization, window, server, figures)
        lease.look()
        if not window.ask("here").get("ready") or lease.look() != "window":
            raise Short("the window's computer could not take on the sync", figures)
        first = window.ask("run")
        context.progress(f"The window's computer wrote {first.get('writes')} accounts")
        before = organization.versions()
        staying = _stay(context, server, "server-says")
        try:
            lease.expect_elsewhere(staying.first(), _ELSEWHERE)
            if writes_between(before, organization.versions()):
                raise Short("the computer without the task wrote", figures)
            _cycles(context, lease, "window")
            figures["server_stayed"] = staying.stays
        finally:
            figures["exit_code_elsewhere"] = staying.end()
        if figures["exit_code_elsewhere"] != _ELSEWHERE or not figures["server_stayed"]:
            raise Short("sync --every did not stay, or ended as if it had synced", figures)
        _take_over(context, lease, server, figures)
        staying = _stay(context, server, "server-does")
        try:
            lease.expect(staying.first(), "done")
            _cycles(context, lease, "server")
            if not window.ask("take-over").get("here") or lease.look() != "window":
                raise Short("the window could not take the sync back", figures)
            _cycles(context, lease, "window")
        finally:
            staying.end()
    figures |= {
        "hand_overs": lease.hand_overs,
        "said_who_does_it": lease.said,
        "logged": [_logged(client) for client in (office, server)],
    }
    if lease.hand_overs != 3:
        raise Short("the task changed hands more often than it was asked to", figures)
    if figures["logged"] != [1, 1]:
        raise Short("a take-over is not in the log", figures)


def _stay(context: Context, client: Client, name: str) -> Staying:
    command = client.command("sync", "--every", "30m")
    return Staying(context, command, context.folder / f"{name}.jsonl")


def _cycles(context: Context, lease: _Lease, holder: str) -> None:
    for number in range(_CYCLES):
        lease.cycle(holder)
        if (number + 1) % 10 == 0:
            context.progress(f"{number + 1} cycles with the {holder} as the syncer")


def _take_over(context: Context, lease: _Lease, server: Client, figures: dict[str, object]) -> None:
    code, told, _ = server.run("sync", "--once", "--take-over")
    if code != 0 or lease.look() != "server":
        raise Short(f"taking over ended with {code}", {**figures, "said": told})
    context.progress("The server took over")


def _logged(client: Client) -> int:
    """How often a home's log says that its computer took over."""
    logs = client.home.rglob("enterprise-connect.log*")
    return sum(log.read_text(encoding="utf-8").count("took over the sync") for log in logs)


# ------------------------------------------------------------------ one vault, two processes


def _shared_tokens(
    context: Context, organization: Organization, client: Client, figures: dict[str, object]
) -> None:
    organization.ask("rotate-tokens", {"on": True})
    organization.ask("reset-counts")
    first = Workbench(context, client, context.folder / "first.txt")
    second = Workbench(context, client, context.folder / "second.txt")
    rounds = 0
    with first, second:
        while rounds < _MOST_ROUNDS and min(_refreshes(organization).values()) < _REFRESHES:
            rounds += 1
            organization.ask("expire-tokens", {"stand_in": "all"})
            for one in (first, second):
                one.begin("tokens")
            told = [one.answer() for one in (first, second)]
            if any("trouble" in answer for answer in told):
                raise Short(f"a sign-in was lost in round {rounds}", {**figures, "said": told})
            if rounds % 50 == 0:
                context.progress(f"{rounds} rounds of expired tokens")
        done = _refreshes(organization)
        figures |= {
            "rounds": rounds,
            "refreshes": done,
            "refused_refreshes": _refused(organization),
        }
    if min(done.values()) < _REFRESHES:
        raise Short(f"fewer than {_REFRESHES} refreshes", figures)
    if figures["refused_refreshes"]:
        raise Short("a refresh token that was used up was sent again", figures)


def _refreshes(organization: Organization) -> dict[str, int]:
    """How often each side gave new tokens; here nobody signs in, so each one is a refresh."""
    counts = organization.counts()
    return {
        side: counts[side].by_path.get("POST /token", 0) - counts[side].by_status.get("400", 0)
        for side in ("account", "google")
    }


def _refused(organization: Organization) -> int:
    """How often a refresh was refused: nothing else in these rounds is answered by 400."""
    return sum(side.by_status.get("400", 0) for side in organization.counts().values())
