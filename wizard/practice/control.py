"""The control interface: what a person or a test can look at and change in the practice world."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wizard.practice import asks
from wizard.practice.account.problems import Problem, refuse
from wizard.practice.account.service import AccountService
from wizard.practice.google.changes import Changed, NoSuchPersonError
from wizard.practice.google.directory import Listing
from wizard.practice.google.scopes import PREFIX, SCOPES
from wizard.practice.google.service import GoogleService
from wizard.practice.google.signin import Ending
from wizard.practice.messages import json_answer, read_body
from wizard.practice.routing import Router
from wizard.practice.traffic import Fault, Latency, StandIn, Traffic

__all__ = ["Control"]

T = TypeVar("T")
STAND_INS = (StandIn.ACCOUNT, StandIn.GOOGLE)
MAX_BODY = 256 * 1024
LINES_AT_ONCE = 1000


async def _lines(items: Iterable[object]) -> AsyncIterator[bytes]:
    source = iter(items)
    while chunk := list(islice(source, LINES_AT_ONCE)):
        yield b"".join(msgspec.json.encode(item) + b"\n" for item in chunk)


def _stream(items: Iterable[object]) -> Response:
    return StreamingResponse(_lines(items), media_type="application/x-ndjson")


class Control:
    """Everything below `/control/{secret}/`; `stop` ends the process."""

    def __init__(
        self,
        *,
        secret: str,
        traffic: Traffic,
        account: AccountService,
        google: GoogleService,
        stop: Callable[[], None],
    ) -> None:
        self.base = f"/control/{secret}"
        self.traffic = traffic
        self.account = account
        self.google = google
        self._stop = stop

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        for name, look in {
            "state": self.state,
            "expected": self.expected,
            "accounts": self.accounts,
            "counts": self.counts,
        }.items():
            router.add("GET", f"{self.base}/{name}", look)
        for name, act in {
            "reset-counts": self.reset_counts,
            "hire": self.hire,
            "rename": self.rename,
            "let-go": self.let_go,
            "suspend": self.suspend,
            "archive": self.archive,
            "move": self.move,
            "faults": self.faults,
            "latency": self.latency,
            "clear-faults": self.clear_faults,
            "outage": self.outage,
            "expire-tokens": self.expire_tokens,
            "rotate-tokens": self.rotate_tokens,
            "empty-directory": self.empty_directory,
            "listing": self.listing,
            "role": self.role,
            "sight": self.sight,
            "withhold": self.withhold,
            "clock": self.clock,
            "swap-customer": self.swap_customer,
            "settings-as-somebody-else": self.settings_as_somebody_else,
            "endings": self.endings,
            "install-app": self.install_app,
            "account": self.put_account,
            "activation": self.activation,
            "lease": self.lease,
            "start-over": self.start_over,
            "stop": self.stop,
        }.items():
            router.add("POST", f"{self.base}/{name}", act)

    async def _asked(self, request: Request, shape: type[T]) -> T:
        body = await read_body(
            request, MAX_BODY, lambda limit: refuse(Problem.PAYLOAD_TOO_LARGE, str(limit))
        )
        try:
            return msgspec.json.decode(body or b"{}", type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise refuse(Problem.INVALID_REQUEST, str(problem)) from problem

    # ------------------------------------------------------------ looking

    def figures(self) -> dict[str, int]:
        """People and accounts in numbers."""
        row = self.account.database.one(
            "SELECT count(*) AS accounts, total(active) AS active,"
            " total(external_id IS NOT NULL) AS linked FROM accounts"
        )
        return {
            **self.google.store.count_people(),
            "accounts": int(row["accounts"]),
            "active_accounts": int(row["active"]),
            "linked_accounts": int(row["linked"]),
        }

    async def state(self, request: Request) -> Response:
        """What is switched on, and the numbers."""
        switches = self.google.switches
        return json_answer(
            {
                **self.figures(),
                "seed": self.google.store.seed,
                "activation_seconds": self.account.connections.activation.total_seconds(),
                "down": [which.value for which in STAND_INS if self.traffic.is_down(which)],
                "empty_directory": switches.empty,
                "swapped_customer": switches.swapped,
                "listing": switches.listing.value,
                "clock_ahead": self.traffic.ahead,
                "ending": self.google.sign_in.ending.value,
                "faults": [asdict(fault) for fault in self.traffic.faults],
                "latencies": [asdict(latency) for latency in self.traffic.latencies],
            }
        )

    async def expected(self, request: Request) -> Response:
        """Everybody who must have an account when everyone counts, a JSON object a line."""
        return _stream(asdict(one) for one in self.google.store.expected_in_scope())

    async def accounts(self, request: Request) -> Response:
        """Every account at the service, a JSON object a line."""
        return _stream(_account(row) for row in self._every_account())

    def _every_account(self) -> Iterator[sqlite3.Row]:
        """In pieces: an open cursor would stand in the way of what is written meanwhile."""
        last = 0
        while rows := self.account.database.all(
            "SELECT * FROM accounts WHERE seq > ? ORDER BY seq LIMIT ?", last, LINES_AT_ONCE
        ):
            yield from rows
            last = rows[-1]["seq"]

    async def put_account(self, request: Request) -> Response:
        """An account as somebody made it at the service, or changed it there."""
        ask = await self._asked(request, asks.PutAccount)
        accounts = self.account.accounts
        with self.account.database.transaction():
            if ask.id:
                row = accounts.replace(ask.organizational_unit_id, ask.id, ask.resource, None)
            else:
                row = accounts.create(ask.organizational_unit_id, ask.resource)
        return json_answer(_account(row))

    async def counts(self, request: Request) -> Response:
        """Requests by stand-in."""
        return json_answer({which.value: asdict(self.traffic.counts[which]) for which in STAND_INS})

    async def reset_counts(self, request: Request) -> Response:
        """Start counting anew."""
        self.traffic.reset()
        return json_answer({})

    # ------------------------------------------------------------ people

    def _changed(self, change: Callable[[], Changed | list[Changed]]) -> Response:
        try:
            result = change()
        except NoSuchPersonError as problem:
            raise refuse(Problem.NOT_FOUND, f"Nobody and nothing is called {problem}.") from problem
        except sqlite3.IntegrityError as problem:
            raise refuse(Problem.INVALID_REQUEST, "That address is taken.") from problem
        if isinstance(result, list):
            return json_answer({"people": [asdict(one) for one in result]})
        return json_answer(asdict(result))

    async def hire(self, request: Request) -> Response:
        """Somebody new."""
        ask = await self._asked(request, asks.Hire)
        return self._changed(
            lambda: self.google.changes.hire(
                given=ask.given_name,
                family=ask.family_name,
                address=ask.address,
                unit=ask.unit_path,
            )
        )

    async def rename(self, request: Request) -> Response:
        """Another name or address."""
        ask = await self._asked(request, asks.Rename)
        return self._changed(
            lambda: self.google.changes.rename(
                ask.who, given=ask.given_name, family=ask.family_name, address=ask.address
            )
        )

    async def let_go(self, request: Request) -> Response:
        """One person, or so many."""
        ask = await self._asked(request, asks.LetGo)
        if ask.count is not None:
            count = ask.count
            return self._changed(lambda: self.google.changes.let_go_many(count))
        return self._changed(lambda: self.google.changes.let_go(ask.who))

    async def suspend(self, request: Request) -> Response:
        """Suspended, or no longer."""
        ask = await self._asked(request, asks.Suspend)
        return self._changed(lambda: self.google.changes.suspend(ask.who, suspended=ask.suspended))

    async def archive(self, request: Request) -> Response:
        """Archived, or no longer."""
        ask = await self._asked(request, asks.Archive)
        return self._changed(lambda: self.google.changes.archive(ask.who, archived=ask.archived))

    async def move(self, request: Request) -> Response:
        """Into another organizational unit."""
        ask = await self._asked(request, asks.Move)
        return self._changed(lambda: self.google.changes.move(ask.who, ask.unit_path))

    async def role(self, request: Request) -> Response:
        """Another role for somebody at Google."""
        ask = await self._asked(request, asks.Role)
        return self._changed(lambda: self.google.changes.give_role(ask.who, ask.role))

    # ------------------------------------------------------------ trouble

    async def faults(self, request: Request) -> Response:
        """Add faults to those that are set."""
        added = await self._asked(request, list[asks.NewFault])
        for one in added:
            self.traffic.faults.append(Fault(**msgspec.structs.asdict(one)))
        return json_answer({"faults": len(self.traffic.faults)})

    async def latency(self, request: Request) -> Response:
        """Slow a path down; 0 ms takes it back."""
        ask = await self._asked(request, asks.NewLatency)
        kept = [
            one
            for one in self.traffic.latencies
            if (one.stand_in, one.path_prefix) != (ask.stand_in, ask.path_prefix)
        ]
        if ask.ms:
            kept.append(
                Latency(stand_in=ask.stand_in, path_prefix=ask.path_prefix, milliseconds=ask.ms)
            )
        self.traffic.latencies = kept
        return json_answer({"latencies": len(kept)})

    async def clear_faults(self, request: Request) -> Response:
        """No faults, no latency, no outage, no odd directory, no odd ending."""
        self.heal()
        return json_answer({})

    def heal(self) -> None:
        """Everything works again."""
        self.account.syncing.lease_life = None
        self.traffic.faults.clear()
        self.traffic.latencies.clear()
        for which in STAND_INS:
            self.traffic.bring_up(which)
        self.google.switches.empty = self.google.switches.swapped = False
        self.google.switches.listing = Listing.WHOLE
        self.google.switches.sight.clear()
        self.google.tokens.withheld = frozenset()
        self.traffic.ahead = 0
        self.google.sign_in.ending = Ending.NONE
        self.google.tokens.rotates = False
        self.account.connections.next_failure = None

    async def outage(self, request: Request) -> Response:
        """Cut a stand-in off, or all of them; for some seconds or until it is taken back."""
        ask = await self._asked(request, asks.Outage)
        for which in STAND_INS if ask.stand_in == "all" else (StandIn(ask.stand_in),):
            if ask.on:
                self.traffic.take_down(which, ask.seconds)
            else:
                self.traffic.bring_up(which)
        return json_answer({})

    async def expire_tokens(self, request: Request) -> Response:
        """Let access tokens expire; with `refresh`, refresh tokens end, too."""
        ask = await self._asked(request, asks.Expire)
        ended = 0
        if ask.stand_in in {"all", StandIn.ACCOUNT}:
            ended += self.account.openid.expire_access()
            if ask.refresh:
                ended += self.account.openid.end_all()
        if ask.stand_in in {"all", StandIn.GOOGLE}:
            ended += self.google.tokens.expire_access()
            if ask.refresh:
                ended += self.google.tokens.end_refresh()
        return json_answer({"ended": ended})

    async def rotate_tokens(self, request: Request) -> Response:
        """Google's refresh tokens are good once, as the account service's are always."""
        self.google.tokens.rotates = (await self._asked(request, asks.Switch)).on
        return json_answer({})

    async def empty_directory(self, request: Request) -> Response:
        """The directory lists nobody, although everybody is there."""
        self.google.switches.empty = (await self._asked(request, asks.Switch)).on
        return json_answer({})

    async def listing(self, request: Request) -> Response:
        """The list of people misses half of them, goes in circles, or forgets its place."""
        self.google.switches.listing = (await self._asked(request, asks.Listed)).ends
        return json_answer({})

    async def sight(self, request: Request) -> Response:
        """Who is missing from the lists of people: out of an admin's part, or without a word."""
        ask = await self._asked(request, asks.Sight)
        # The first few are the people of the story, administrators among them.
        listed = islice(self.google.store.expected_in_scope(), 10, 10 + ask.hidden)
        sight = self.google.switches.sight
        sight.below, sight.hidden = ask.below, frozenset(one.id for one in listed)
        return json_answer({"hidden": len(sight.hidden)})

    async def withhold(self, request: Request) -> Response:
        """Google takes scopes back that were granted, or gives them again."""
        ask = await self._asked(request, asks.Withhold)
        wanted = {f"{PREFIX}admin.directory.{name}.readonly" for name in ask.scopes}
        named = wanted & set(SCOPES)
        self.google.tokens.withheld = frozenset(named)
        return json_answer({"withheld": len(named)})

    async def clock(self, request: Request) -> Response:
        """The time that answers tell is ahead by so many seconds."""
        self.traffic.ahead = (await self._asked(request, asks.Clock)).seconds
        return json_answer({})

    async def swap_customer(self, request: Request) -> Response:
        """Tokens lead to another company's directory."""
        self.google.switches.swapped = (await self._asked(request, asks.Switch)).on
        return json_answer({})

    async def endings(self, request: Request) -> Response:
        """How the next sign-ins at Google end."""
        self.google.sign_in.ending = (await self._asked(request, asks.Endings)).google
        return json_answer({})

    # ------------------------------------------------------------ service

    async def settings_as_somebody_else(self, request: Request) -> Response:
        """Save settings as another owner would; of the newest connection unless one is named."""
        ask = await self._asked(request, asks.OtherSettings)
        row = self.account.database.maybe(
            "SELECT id FROM connections WHERE ?1 = '' OR id = ?1 ORDER BY seq DESC LIMIT 1",
            ask.organization_account_id,
        )
        if row is None:
            raise refuse(Problem.NOT_FOUND, "There is no organization account yet.")
        version = self.account.settings.save(row["id"], ask.settings, "owner@nordby.example")
        return json_answer({"version": version})

    async def install_app(self, request: Request) -> Response:
        """The service's app is installed for a domain, or no longer."""
        ask = await self._asked(request, asks.Install)
        self.account.installs.told(ask.domain, ask.installed, at_once=True)
        return json_answer({})

    async def activation(self, request: Request) -> Response:
        """How long new connections stay pending, and whether the next one fails."""
        ask = await self._asked(request, asks.Activation)
        if ask.seconds is not None:
            self.slow_activation(timedelta(seconds=ask.seconds))
        if ask.needs_app is not None:
            self.account.connections.needs_app = ask.needs_app
        self.account.connections.next_failure = ask.next_failure
        return json_answer({})

    async def lease(self, request: Request) -> Response:
        """How long leases last that are taken or renewed from now on."""
        ask = await self._asked(request, asks.LeaseLife)
        life = None if ask.seconds is None else timedelta(seconds=ask.seconds)
        self.account.syncing.lease_life = life
        return json_answer({})

    def slow_activation(self, takes: timedelta) -> None:
        """How long new connections stay pending, and an installed app unseen."""
        self.account.connections.activation = takes
        self.account.installs.delay = takes

    async def start_over(self, request: Request) -> Response:
        """A fresh organization."""
        self.begin_anew()
        return json_answer({})

    def begin_anew(self) -> None:
        """The sample people and accounts as they were at first; nothing set up, no trouble."""
        self.heal()
        self.account.database.start_over()
        self.google.start_over()

    async def stop(self, request: Request) -> Response:
        """End the practice organization."""
        self._stop()
        return json_answer({})


def _account(row: sqlite3.Row) -> dict[str, object]:
    body = msgspec.json.decode(row["body"], type=dict[str, object])
    return {
        "id": row["id"],
        "organizational_unit_id": row["unit"],
        "externalId": row["external_id"],
        "userName": row["user_name"],
        "active": bool(row["active"]),
        "role": row["role"],
        "version": row["version"],
        "name": body.get("displayName", ""),
        "attributes": body,
    }
