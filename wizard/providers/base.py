"""What the product asks of a directory, whichever workspace it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    OrgUnit,
    ProviderId,
)
from wizard.core.trouble import Code, Fact

__all__ = [
    "Customer",
    "DirectoryReader",
    "Domain",
    "Finding",
    "FindingId",
    "LookUp",
    "Permission",
    "Verdict",
]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A domain of the customer; only a verified one may be used to adopt accounts."""

    name: str
    verified: bool
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class Customer:
    """The organisation whose directory this is; `id` never changes."""

    id: str
    domains: tuple[Domain, ...]

    @property
    def primary_domain(self) -> str:
        """The name to show for the organisation; '' when the directory names none."""
        return next((domain.name for domain in self.domains if domain.primary), "")


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """One person looked up by id: `user` is None only when the directory says that id is gone."""

    user_id: str
    user: DirectoryUser | None


class DirectoryReader(Protocol):
    """Reads one directory with one person's rights.

    Every method raises `Trouble` when any part fails: an answer is whole or there is none.
    """

    @property
    def provider(self) -> ProviderId:
        """Which workspace this is."""
        ...

    @property
    def requests(self) -> int:
        """How many requests it has made so far, those made again included."""
        ...

    def rights(self) -> frozenset[str]:
        """The scopes that were really granted, to compare with those of the last good read."""
        ...

    def customer(self, cancel: Cancel) -> Customer:
        """Whose directory it is."""
        ...

    def users(self, cancel: Cancel) -> Iterator[Sequence[DirectoryUser]]:
        """Everybody, a page at a time, suspended and archived people too."""
        ...

    def deleted_users(self, cancel: Cancel) -> Iterator[Sequence[str]]:
        """Ids of people that the directory itself reports as deleted, as far back as it knows."""
        ...

    def units(self, cancel: Cancel) -> Sequence[OrgUnit]:
        """Every organizational unit, the root too."""
        ...

    def groups(self, cancel: Cancel) -> Iterator[Sequence[DirectoryGroup]]:
        """Every group, a page at a time."""
        ...

    def members(
        self, group_ids: Sequence[str], cancel: Cancel
    ) -> Iterator[tuple[str, Sequence[MemberEdge]]]:
        """Direct members of each group, whole groups in any order; a vanished group has none."""
        ...

    def look_up(self, user_id: str, cancel: Cancel) -> LookUp:
        """One person by id, as evidence; 403, 5xx and another customer raise."""
        ...


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One right that is asked for: `scope` as the provider spells it, `reason` is a word key."""

    scope: str
    reason: str


class FindingId(StrEnum):
    """The pre-flight checks; the words are in `wizard.content.findings`."""

    FULL_ADMIN = "full-admin"
    SCOPES = "scopes"
    DOMAIN = "domain"
    SECOND_DOMAIN = "second-domain"
    CUSTOMER = "customer"
    REACHABLE = "reachable"
    CLOCK = "clock"
    TEST_READ = "test-read"


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check: `facts` fill its words; `code` says what stops us where it failed."""

    id: FindingId
    verdict: Verdict
    facts: tuple[tuple[str, Fact], ...] = ()
    code: Code | None = None
