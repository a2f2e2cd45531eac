"""Who has which account: links by externalId, rebuilt or completed before a plan is made.

Links are a cache of the externalIds that accounts carry. Without them (a new or damaged
database) every account is listed. Otherwise only people without a link, and people whose
address changed, have to be looked for, and somebody for whom all is as it was costs no request:

* few of them are looked up one by one, by externalId and then by address;
* more than `max(LOOK_UP_AT_MOST, links / PEOPLE_A_LOOK_UP)` make it cheaper to list everyone
  once, because a look-up is two requests and a page of the list holds a hundred accounts or more.

What somebody changed at the service itself shows when everyone is listed: once a week, and once a
day while an externalId is there twice. An account that holds an address which somebody else is to
get is looked at in every run, so that the other one need not wait for that; and nothing is changed
at an account that this run has not seen, since its externalId may be gone by now.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from wizard.accounts.base import Account
from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.directory import external_id
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.store.statements import Parameters, Reading, Writing
from wizard.sync.match_sql import (
    CLAIMED_TWICE,
    DOUBTFUL,
    DOUBTFUL_TABLE,
    FORGET_MOVED,
    FORGET_UNSEEN,
    HOLDERS,
    KEEP,
    OTHERWISE,
    TAKE_OVER,
    UNSEEN,
    WANTED,
)
from wizard.sync.parts import SyncParts

__all__ = [
    "LOOK_UP_AT_MOST",
    "PEOPLE_A_LOOK_UP",
    "Confirmed",
    "Matched",
    "confirm",
    "distrust_links",
    "keep_account",
    "look_again",
    "match",
]

log = logging.getLogger(__name__)

LOOK_UP_AT_MOST = 25
PEOPLE_A_LOOK_UP = 200
_LISTED_AT_LEAST_EVERY = timedelta(days=7)
_LISTED_WHILE_DOUBTFUL_EVERY = timedelta(days=1)
_OWNERS_AT_LEAST_EVERY = timedelta(days=1)
_CAN_GO_ON_WITHOUT_LIST = {
    Code.ANSWER_NOT_UNDERSTOOD,
    Code.ANSWER_TOO_LARGE,
    Code.NOT_FOUND_AT_SERVICE,
    Code.READ_INCOMPLETE,
    Code.REQUEST_REFUSED,
    Code.TIMED_OUT,
}
"""The service answers, but not with a list: people are then looked up, and nobody removed."""

_FOUND_TWICE = {Code.ACCOUNT_CLAIMED, Code.ADDRESS_CLAIMED_TWICE}


@dataclass(frozen=True, kw_only=True)
class Matched:
    """`links_known` is False when a needed list could not be had; nobody may be removed then."""

    links_known: bool
    requests: int


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """`changed`: a link was not as the service has it, so that the plan must be made again.

    `listed` is False where everyone should have been listed and could not be.
    """

    changed: bool
    requests: int
    listed: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """Somebody whose account has to be looked for; `linked` people for their new address only."""

    user_id: str
    address: str
    linked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unseen:
    """Whose account the plan would change, its address, and another one that it is to get."""

    external_id: str
    address: str
    other: str


def match(parts: SyncParts, cancel: Cancel) -> Matched:
    """Bring the links up to what the service says, with as few requests as will do.

    Afterwards `link` and `service_account` hold what the planner needs. Raises `Trouble` when
    the service cannot be asked at all.
    """
    database = parts.database
    with database.transaction(durable=False) as writing:
        _forget_seen(writing)
    with database.read() as reading:
        rebuild = not reading.value(
            bool, "SELECT EXISTS (SELECT 1 FROM connection WHERE links_rebuilt_at IS NOT NULL)"
        )
        wanted = reading.value(int, f"SELECT count(*) {WANTED}")
        links = reading.value(int, "SELECT count(*) FROM link")
        few = wanted <= max(LOOK_UP_AT_MOST, links // PEOPLE_A_LOOK_UP)
        owners_due = _owners_are_due(reading, parts)
        due = owners_due or _list_is_due(reading, parts)
    asked = 0
    if few and not rebuild and not due:
        found = _look_up(parts, cancel)
        if not found.doubles:
            return Matched(links_known=True, requests=found.requests)
        asked = found.requests
    try:
        requests = asked + _list_everyone(parts, cancel)
    except Trouble as trouble:
        if trouble.code not in _CAN_GO_ON_WITHOUT_LIST:
            raise
        log.info("accounts could not be listed (%s): people are looked up", trouble.code.value)
        found = _look_up(parts, cancel)
        known = not rebuild and not owners_due
        return Matched(links_known=known, requests=asked + 1 + found.requests)
    return Matched(links_known=True, requests=requests)


def look_again(
    parts: SyncParts,
    accounts: Sequence[tuple[str, str, str]],
    cancel: Cancel,
    *,
    everyone: bool = False,
) -> int:
    """Have `service_account` and the links say what the service has of these now; the requests.

    Each is an externalId ('' for none), the address that the account had last, and another one
    that it is to get ('' for none). Few are looked up one by one, else `everyone` is listed.
    Raises `Trouble` where the service can't be asked.
    """
    with parts.database.transaction(durable=False) as writing:
        _forget_seen(writing)
    if everyone or len(accounts) > LOOK_UP_AT_MOST:
        return _list_everyone(parts, cancel)
    seen = _ask_singly(parts, accounts, cancel)
    if seen.doubtful:
        return seen.requests + _list_everyone(parts, cancel)
    _take_in(parts, seen)
    return seen.requests


def confirm(parts: SyncParts, run_id: str, cancel: Cancel, *, may_list: bool = True) -> Confirmed:
    """Look at the accounts that the stored plan would change and that this run has not seen yet.

    A link is a cache: where somebody took the externalId away, or gave it to another account, the
    one of a leaver is nobody's any more and stays as it is. Few are looked up one by one, else
    everyone is listed where that `may_list`: a try that fails forgets whom this run has seen, and
    a second one would begin all over again. Without a list, whoever has several accounts becomes
    a problem, and none of them is touched. Raises `Trouble` where the service can't be asked.
    """
    with parts.database.read() as reading:
        unseen = reading.all(_Unseen, UNSEEN, {"run": run_id})
        links = reading.value(int, "SELECT count(*) FROM link")
    if not unseen:
        return Confirmed(changed=False, requests=0)
    accounts = [(one.external_id, one.address, one.other) for one in unseen]
    asked = 0
    if not may_list or len(unseen) <= max(LOOK_UP_AT_MOST, links // PEOPLE_A_LOOK_UP):
        seen = _ask_singly(parts, accounts, cancel)
        asked = seen.requests
        if not may_list or not seen.doubtful:
            return Confirmed(changed=_take_in(parts, seen), requests=asked, listed=may_list)
    try:
        return Confirmed(changed=True, requests=asked + _list_everyone(parts, cancel))
    except Trouble as trouble:
        if trouble.code not in _CAN_GO_ON_WITHOUT_LIST:
            raise
    # What was known of others went with the list.
    asked += 1 + _look_up(parts, cancel).requests
    seen = _ask_singly(parts, accounts, cancel)
    return Confirmed(changed=_take_in(parts, seen), requests=asked + seen.requests, listed=False)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """`gone` are externalIds that no account carries, `doubtful` those with several accounts."""

    asked: Sequence[str]
    gone: Sequence[str]
    doubtful: Sequence[str]
    requests: int


def _ask_singly(
    parts: SyncParts, accounts: Sequence[tuple[str, str, str]], cancel: Cancel
) -> _Seen:
    """Ask for these one by one, as `look_again` is given them."""
    ask = _Asking(parts, cancel)
    gone, doubtful = [], []
    for external, address, other in accounts:
        doubles = ask.doubles
        if not external or not ask.by_external_id(external):
            ask.by_address(address)
            gone.append(external)
        if other:
            ask.by_address(other)
        if ask.doubles > doubles:
            doubtful.append(external)
    asked = [external for external, _, _ in accounts]
    return _Seen(asked=asked, gone=gone, doubtful=doubtful, requests=ask.requests)


def _take_in(parts: SyncParts, seen: _Seen) -> bool:
    """Bring the links of these up to what was seen; whether anything was otherwise."""
    with parts.database.transaction() as writing:
        values = _values(parts)
        changed = writing.value(bool, OTHERWISE, {"asked": json.dumps(list(seen.asked))})
        writing.many("DELETE FROM link WHERE external_id = ?", ((one,) for one in seen.gone if one))
        writing.execute(FORGET_MOVED, values)
        writing.execute(TAKE_OVER, values)
        writing.many(
            "INSERT OR IGNORE INTO plan_doubtful VALUES (?)", ((one,) for one in seen.doubtful)
        )
        writing.execute(DOUBTFUL)
    return changed or bool(seen.doubtful)


def _forget_seen(writing: Writing) -> None:
    """Begin anew with whom this run has seen."""
    writing.execute("DELETE FROM service_account")
    writing.execute(DOUBTFUL_TABLE)
    writing.execute("DELETE FROM plan_doubtful")


def _list_is_due(reading: Reading, parts: SyncParts) -> bool:
    """Whether it is so long since everyone was listed that changes made elsewhere may be many."""
    now = parts.clock.now()
    return reading.value(
        bool,
        "SELECT EXISTS (SELECT 1 FROM connection WHERE links_rebuilt_at < :week"
        " OR (links_rebuilt_at < :day AND EXISTS (SELECT 1 FROM link WHERE claimed_twice)))",
        {
            "week": to_text(now - _LISTED_AT_LEAST_EVERY),
            "day": to_text(now - _LISTED_WHILE_DOUBTFUL_EVERY),
        },
    )


def _owners_are_due(reading: Reading, parts: SyncParts) -> bool:
    """Whether nobody has told for a day who the owners are, neither of them nor of the accounts."""
    day_ago = parts.clock.now() - _OWNERS_AT_LEAST_EVERY
    return (
        parts.owners_read_at is not None
        and parts.owners_read_at < day_ago
        and reading.value(
            bool,
            "SELECT EXISTS (SELECT 1 FROM connection WHERE links_rebuilt_at < ?)",
            (to_text(day_ago),),
        )
    )


def _list_everyone(parts: SyncParts, cancel: Cancel) -> int:
    """List all accounts, then replace what the links say in one transaction; the pages read."""
    pages = 0
    try:
        for page in parts.accounts.accounts(cancel):
            cancel.check()
            pages += 1
            _keep(parts, page)
    except Trouble:
        with parts.database.transaction(durable=False) as writing:
            writing.execute("DELETE FROM service_account")
        raise
    with parts.database.transaction(cancel=cancel) as writing:
        values = _values(parts)
        writing.execute(FORGET_UNSEEN, values)
        writing.execute(TAKE_OVER, values)
        writing.execute(CLAIMED_TWICE)
        writing.execute("UPDATE connection SET links_rebuilt_at = :now", values)
    return pages


@dataclass(frozen=True, kw_only=True)
class _LookedUp:
    """`doubles`: more than one account was found where one may be; only a list shows them all."""

    requests: int
    doubles: bool = False


def _look_up(parts: SyncParts, cancel: Cancel) -> _LookedUp:
    """Look the wanted people up one by one."""
    with parts.database.read() as reading:
        wanted = reading.all(
            _Wanted,
            f"SELECT v.user_id, v.address, l.user_id IS NOT NULL AS linked {WANTED}",
        )
        holders = list(reading.values(str, HOLDERS, {"most": LOOK_UP_AT_MOST}))
    if not wanted and not holders:
        return _LookedUp(requests=0)
    ask = _Asking(parts, cancel)
    gone = [holder for holder in holders if not ask.by_external_id(holder)]
    for person in wanted:
        key = external_id(parts.provider, parts.customer_id, person.user_id)
        if person.linked or not ask.by_external_id(key):
            ask.by_address(person.address)
    with parts.database.transaction() as writing:
        values = _values(parts)
        writing.many("DELETE FROM link WHERE external_id = ?", ((holder,) for holder in gone))
        writing.execute(FORGET_MOVED, values)
        writing.execute(TAKE_OVER, values)
    return _LookedUp(requests=ask.requests, doubles=ask.doubles > 0)


class _Asking:
    """Look-ups of single accounts; what is found is kept."""

    def __init__(self, parts: SyncParts, cancel: Cancel) -> None:
        self._parts = parts
        self._cancel = cancel
        self.requests = 0
        self.doubles = 0

    def by_external_id(self, external_id: str) -> bool:
        """Whether an account carries this externalId, or more than one does."""
        return self._ask(lambda: self._parts.accounts.by_external_id(external_id, self._cancel))

    def by_address(self, address: str) -> bool:
        """Whether an account has this address, or more than one does."""
        return self._ask(lambda: self._parts.accounts.by_address(address, self._cancel))

    def _ask(self, question: Callable[[], Account | None]) -> bool:
        self._cancel.check()
        self.requests += 1
        try:
            account = question()
        except Trouble as trouble:
            if trouble.code not in _FOUND_TWICE:
                raise
            self.doubles += 1
            return True
        if account is None:
            return False
        _keep(self._parts, [account])
        return True


def _keep(parts: SyncParts, accounts: Sequence[Account]) -> None:
    with parts.database.transaction(durable=False) as writing:
        keep_account(writing, accounts)


def distrust_links(database: Database) -> None:
    """Have the next run list all accounts: another computer may have written to them meanwhile."""
    with database.transaction() as writing:
        writing.execute("UPDATE connection SET links_rebuilt_at = NULL")


def keep_account(writing: Writing, accounts: Iterable[Account]) -> None:
    """Remember accounts as the service told them just now."""
    rows: Iterable[Parameters] = (
        (
            account.id,
            account.external_id,
            account.address,
            account.address.casefold(),
            account.given_name,
            account.family_name,
            account.active,
            account.is_owner,
            account.details,
        )
        for account in accounts
    )
    writing.many(KEEP, rows)


def _values(parts: SyncParts) -> dict[str, str]:
    return {
        "prefix": external_id(parts.provider, parts.customer_id, ""),
        "now": to_text(parts.clock.now()),
    }
