"""Every account of a SCIM service, listed so that a list that shifted is noticed, not believed."""

from __future__ import annotations

import errno
import itertools
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from typing import IO

import msgspec

from wizard.accounts.base import Account
from wizard.accounts.calls import Calls
from wizard.accounts.scim_wire import ATTRIBUTES, CONTENT_TYPE, ListResponse, account_of
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble

__all__ = ["Listing"]

_ATTEMPTS = 4
_PAUSE = 1.0
_IN_MEMORY = 4 * 1024 * 1024
_LENGTH = 4


class Listing:
    """Reads all pages (RFC 7644, section 3.4.2.4), and gives them out when they are whole.

    Index paging shifts while accounts come and go. A listing counts only when `totalResults`
    was the same on every page, each page began with the last account of the page before, no id
    came twice, and as many came as were announced; else it is read again. Pages wait in a
    temporary file of this user's own, so memory stays at a page.
    """

    def __init__(self, calls: Calls, *, base_path: str, page: int, clock: Clock) -> None:
        self._calls = calls
        self._path = f"{base_path}/Users"
        self._page = max(2, page)
        self._clock = clock

    def pages(self, cancel: Cancel) -> Iterator[Sequence[Account]]:
        """Every account once; `Trouble(READ_INCOMPLETE)` when the list would not hold still."""
        people = 0
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._clock.sleep(_PAUSE * 2**attempt, cancel)
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
                people, whole = self._read(spool, cancel)
                if whole:
                    yield from _given_out(spool)
                    return
        raise Trouble(Code.READ_INCOMPLETE, problem="accounts", people=people)

    def _read(self, spool: IO[bytes], cancel: Cancel) -> tuple[int, bool]:
        """Fill the spool; how many accounts came, and whether the list held still."""
        seen = array("q")
        announced = -1
        last = ""
        while True:
            cancel.check()
            # One account is asked for again, to see that the place in the list is still the same.
            page = self._one_page(max(1, len(seen)), cancel)
            users = page.users or ()
            moved = bool(last) and bool(users) and users[0].id != last
            if moved or announced not in {-1, page.total}:
                return len(seen), False
            announced = page.total
            fresh = users[1:] if last else users
            # Hashes of 64 bits take 8 bytes each; a chance collision costs one more reading.
            seen.extend(hash(user.id) for user in fresh)
            _put(spool, [account_of(user) for user in fresh])
            if len(seen) >= announced or not fresh:
                break
            last = fresh[-1].id
        return len(seen), len(seen) == announced and _all_different(seen)

    def _one_page(self, start: int, cancel: Cancel) -> ListResponse:
        answer = self._calls.get(
            self._path,
            params={
                "startIndex": str(start),
                "count": str(self._page),
                "attributes": ATTRIBUTES,
            },
            headers={"accept": CONTENT_TYPE},
            cancel=cancel,
        )
        return answer.read(ListResponse)


def _all_different(seen: array[int]) -> bool:
    ordered = sorted(seen)
    return all(one != other for one, other in itertools.pairwise(ordered))


def _put(spool: IO[bytes], accounts: Sequence[Account]) -> None:
    packed = msgspec.msgpack.encode(accounts)
    try:
        spool.write(len(packed).to_bytes(_LENGTH, "big"))
        spool.write(packed)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        raise Trouble(Code.DISK_FULL, folder=tempfile.gettempdir()) from problem


def _given_out(spool: IO[bytes]) -> Iterator[Sequence[Account]]:
    spool.seek(0)
    while length := spool.read(_LENGTH):
        page = spool.read(int.from_bytes(length, "big"))
        yield msgspec.msgpack.decode(page, type=tuple[Account, ...])
