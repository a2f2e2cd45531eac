"""Reads a Google Workspace directory with one admin's rights, whole pages or nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import TypeVar
from urllib.parse import quote

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.directory import DirectoryGroup, DirectoryUser, MemberEdge, OrgUnit, ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.api import Api
from wizard.net.bearer import Bearer
from wizard.net.sessions import Budget, Net
from wizard.providers.base import Customer, LookUp
from wizard.providers.google import wire
from wizard.providers.google.errors import (
    google_refusal,
    google_transient,
    is_googles_not_found,
    read_refusal,
)
from wizard.providers.google.permissions import GROUPS, directory_rights

__all__ = ["GoogleReader", "directory_api", "directory_budget"]

P = TypeVar("P", bound=wire.Page)
_ROOT = "/admin/directory/v1"
_CUSTOMER = f"{_ROOT}/customer/my_customer"
_USERS_AT_ONCE = 500
_GROUPS_AT_ONCE = 200
_MEMBERS_AT_ONCE = 200
_PARALLEL = 4
"""Group reads at once. Google limits concurrent requests per Workspace account and cannot be
asked for more, so few is right. https://developers.google.com/admin-sdk/directory/v1/limits"""
_OR_NOT_FOUND = frozenset({200, 404})


def directory_budget(clock: Clock) -> Budget:
    """Google's documented 2,400 requests a minute for each user: 400 at once, then 33 a second."""
    return Budget(rate=33.0, burst=400, clock=clock)


def directory_api(net: Net, origin: str, bearer: Bearer, budget: Budget) -> Api:
    """The way to the Directory API: read-only, Google's refusals understood, within its quota."""
    return net.api(
        origin,
        bearer=bearer,
        read_only=True,
        budget=budget,
        refusal=google_refusal,
        transient=google_transient,
        attempts=8,
        connections=_PARALLEL + 1,
    )


class GoogleReader:
    """A `DirectoryReader` of Google Workspace.

    `address` is the admin's own, whose customer this is; `granted` are the scopes that Google
    really granted; `requests_so_far` tells how many requests the API has sent.
    """

    def __init__(
        self,
        api: Api,
        *,
        address: str,
        granted: frozenset[str],
        requests_so_far: Callable[[], int],
    ) -> None:
        self._api = api
        self._address = address
        self._granted = granted
        self._requests_so_far = requests_so_far
        self._customer_id = ""

    @property
    def provider(self) -> ProviderId:
        """See `DirectoryReader.provider`."""
        return ProviderId.GOOGLE

    @property
    def requests(self) -> int:
        """See `DirectoryReader.requests`."""
        return self._requests_so_far()

    def rights(self) -> frozenset[str]:
        """See `DirectoryReader.rights`."""
        return directory_rights(self._granted)

    @property
    def reads_groups(self) -> bool:
        """See `DirectoryReader.reads_groups`."""
        return GROUPS in self._granted

    @property
    def host(self) -> str:
        """Who is asked, for facts."""
        return self._api.host

    def own_answer(self, cancel: Cancel) -> Answer:
        """The signed-in admin's own entry (`users.get`), whose headers tell Google's time."""
        return self._api.get(
            f"{_ROOT}/users/{_quoted(self._address)}",
            params={"fields": wire.USER_FIELDS},
            cancel=cancel,
        )

    def own_customer(self, cancel: Cancel) -> str:
        """The id of the customer that this token leads to; of its people nothing is asked.

        The admin's own entry tells it too, but cannot be seen from another customer's side.
        """
        params = {"customer": "my_customer", "maxResults": "1", "fields": wire.CUSTOMER_FIELDS}
        answer = self._api.get(f"{_ROOT}/users", params=params, cancel=cancel)
        customer_id = answer.read(wire.CustomerPage).customer_id
        if not customer_id:
            answer = self.own_answer(cancel)
            customer_id = answer.read(wire.UserWire).customer_id
        if not customer_id:
            raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=answer.host, path=answer.path)
        return customer_id

    def customer(self, cancel: Cancel) -> Customer:
        """See `DirectoryReader.customer`."""
        customer_id = self.own_customer(cancel)
        answer = self._api.get(
            f"{_CUSTOMER}/domains", params={"fields": wire.DOMAINS_FIELDS}, cancel=cancel
        )
        self._customer_id = customer_id
        return Customer(id=customer_id, domains=answer.read(wire.DomainsPage).listed())

    def users(self, cancel: Cancel) -> Generator[Sequence[DirectoryUser], None, None]:
        """See `DirectoryReader.users`; the next page is fetched while one is worked on."""
        params = {
            "customer": "my_customer",
            "maxResults": str(_USERS_AT_ONCE),
            "fields": wire.USERS_FIELDS,
        }
        with closing(self._ahead(f"{_ROOT}/users", params, wire.UsersPage, cancel)) as pages:
            for page in pages:
                listed = page.users or []
                self._same_customer(listed)
                yield [user.user() for user in listed]

    def deleted_users(self, cancel: Cancel) -> Generator[Sequence[str], None, None]:
        """See `DirectoryReader.deleted_users`; Google remembers the last 20 days."""
        params = {
            "customer": "my_customer",
            "maxResults": str(_USERS_AT_ONCE),
            "showDeleted": "true",
            "fields": wire.IDS_FIELDS,
        }
        with closing(self._ahead(f"{_ROOT}/users", params, wire.IdsPage, cancel)) as pages:
            for page in pages:
                yield [user.id for user in page.users or ()]

    def units(self, cancel: Cancel) -> Sequence[OrgUnit]:
        """See `DirectoryReader.units`."""
        params = {"type": "allIncludingParent", "fields": wire.UNITS_FIELDS}
        answer = self._api.get(f"{_CUSTOMER}/orgunits", params=params, cancel=cancel)
        return answer.read(wire.UnitsPage).units()

    def groups(self, cancel: Cancel) -> Generator[Sequence[DirectoryGroup], None, None]:
        """See `DirectoryReader.groups`."""
        params = {
            "customer": "my_customer",
            "maxResults": str(_GROUPS_AT_ONCE),
            "fields": wire.GROUPS_FIELDS,
        }
        with closing(self._ahead(f"{_ROOT}/groups", params, wire.GroupsPage, cancel)) as pages:
            for page in pages:
                yield [group.group() for group in page.groups or ()]

    def members(
        self, group_ids: Sequence[str], cancel: Cancel
    ) -> Generator[tuple[str, Sequence[MemberEdge]], None, None]:
        """See `DirectoryReader.members`; a few groups are read at once, in the order given."""
        stop = Cancel()
        waiting: deque[Future[tuple[str, list[MemberEdge]]]] = deque()
        ids = iter(group_ids)
        with cancel.calling(stop.stop), ThreadPoolExecutor(_PARALLEL, "group-members") as lanes:
            try:
                for group_id in islice(ids, 2 * _PARALLEL):
                    waiting.append(lanes.submit(self._members_of, group_id, stop))
                while waiting:
                    found = waiting.popleft().result()
                    cancel.check()
                    for group_id in islice(ids, 1):
                        waiting.append(lanes.submit(self._members_of, group_id, stop))
                    yield found
            finally:
                # Whether done, failed or left early: nobody goes on reading for nothing.
                stop.stop()
                for future in waiting:
                    future.cancel()

    def look_up(self, user_id: str, cancel: Cancel) -> LookUp:
        """See `DirectoryReader.look_up`: only Google's own "notFound" says that an id is gone."""
        answer = self._api.get(
            f"{_ROOT}/users/{_quoted(user_id)}",
            params={"fields": wire.USER_FIELDS},
            cancel=cancel,
            accept=_OR_NOT_FOUND,
        )
        if answer.status == 404:
            _really_not_found(answer)
            return LookUp(user_id=user_id, user=None)
        found = answer.read(wire.UserWire)
        if not self._customer_id:
            self._customer_id = self.own_customer(cancel)
        self._same_customer([found])
        if found.id != user_id:
            raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=answer.host, path=answer.path)
        return LookUp(user_id=user_id, user=found.user())

    def _same_customer(self, users: Sequence[wire.UserWire]) -> None:
        """Somebody of another customer in an answer means that the whole answer is not ours."""
        for user in users:
            if user.customer_id and self._customer_id not in {"", user.customer_id}:
                raise Trouble(
                    Code.OTHER_CUSTOMER, expected=self._customer_id, found=user.customer_id
                )

    def _members_of(self, group_id: str, cancel: Cancel) -> tuple[str, list[MemberEdge]]:
        """The direct members of one group; none where it vanished since it was listed."""
        path = f"{_ROOT}/groups/{_quoted(group_id)}/members"
        params = {"maxResults": str(_MEMBERS_AT_ONCE), "fields": wire.MEMBERS_FIELDS}
        edges: list[MemberEdge] = []
        seen: set[str] = set()
        while True:
            answer = self._page(path, params, cancel, accept=_OR_NOT_FOUND)
            if answer.status == 404:
                _really_not_found(answer)
                return group_id, []
            page = answer.read(wire.MembersPage)
            edges.extend(member.edge(group_id) for member in page.members or ())
            if not page.next_page_token:
                return group_id, edges
            params = _next(params, page.next_page_token, seen, answer)

    def _ahead(
        self, path: str, params: dict[str, str], kind: type[P], cancel: Cancel
    ) -> Generator[P, None, None]:
        """The pages of a listing, the next one being fetched while one is worked on."""
        stop = Cancel()
        seen: set[str] = set()
        with cancel.calling(stop.stop), ThreadPoolExecutor(1, "next-page") as lane:
            try:
                coming: Future[Answer] | None = lane.submit(self._page, path, params, stop)
                while coming is not None:
                    answer = coming.result()
                    cancel.check()
                    page = answer.read(kind)
                    coming = None
                    if page.next_page_token:
                        params = _next(params, page.next_page_token, seen, answer)
                        coming = lane.submit(self._page, path, params, stop)
                    yield page
            finally:
                stop.stop()

    def _page(
        self,
        path: str,
        params: Mapping[str, str],
        cancel: Cancel,
        accept: frozenset[int] = frozenset({200}),
    ) -> Answer:
        """One page; a page token that Google no longer knows is `Trouble(PAGE_TOKEN_STALE)`."""
        answer = self._api.get(path, params=params, cancel=cancel, accept=accept | {400})
        if answer.status == 400:
            refused = google_refusal(answer)
            if "pageToken" in params and "invalid" in read_refusal(answer).reasons:
                raise Trouble(Code.PAGE_TOKEN_STALE, path=answer.path) from refused
            raise refused
        return answer


def _next(params: Mapping[str, str], token: str, seen: set[str], answer: Answer) -> dict[str, str]:
    """The parameters of the next page; a listing that goes in circles never ends."""
    if token in seen:
        raise Trouble(Code.READ_INCOMPLETE, host=answer.host, path=answer.path)
    seen.add(token)
    return {**params, "pageToken": token}


def _really_not_found(answer: Answer) -> None:
    """Raise unless the 404 is Google's own word."""
    if not is_googles_not_found(answer):
        raise google_refusal(answer)


def _quoted(key: str) -> str:
    return quote(key, safe="")
