"""Compares who must have an account with the accounts that a service has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wizard.core.directory import ProviderId, external_id

__all__ = ["Comparison", "Counted", "compare"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """One account as the service lists it."""

    id: str
    external_id: str
    address: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of it: addresses, sorted.

    `exactly_one` counts people in scope who have one active account. `before` are accounts that
    were there already and belong to nobody in scope; `strangers` are all others of that kind.
    """

    in_scope: int
    exactly_one: int
    without: tuple[str, ...]
    with_two: tuple[str, ...]
    strangers: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether everyone in scope has exactly one account, and nobody else has got one."""
        return 0 < self.in_scope == self.exactly_one and not self.strangers


def compare(
    expected: Mapping[str, str],
    accounts: Iterable[Counted],
    *,
    customer_id: str,
    before: AbstractSet[str],
) -> Comparison:
    """`expected` maps directory ids to addresses; `before` holds ids of accounts."""
    held = {external_id(ProviderId.GOOGLE, customer_id, who): 0 for who in expected}
    strangers, old = [], []
    for account in accounts:
        if account.external_id in held:
            held[account.external_id] += 1 if account.active else 0
        elif account.id in before:
            old.append(account.address)
        else:
            strangers.append(account.address)
    address = dict(zip(held, expected.values(), strict=True))
    return Comparison(
        in_scope=len(held),
        exactly_one=sum(1 for count in held.values() if count == 1),
        without=tuple(sorted(address[who] for who, count in held.items() if count == 0)),
        with_two=tuple(sorted(address[who] for who, count in held.items() if count > 1)),
        strangers=tuple(sorted(strangers)),
        before=tuple(sorted(old)),
    )
