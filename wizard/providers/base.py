"""What the product asks of a directory, whichever workspace it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    OrgUnit,
    ProviderId,
)
from wizard.core.trouble import Code, Fact

if TYPE_CHECKING:  # their libraries are loaded only when somebody signs in
    from wizard.auth.code_flow import CodeFlow
    from wizard.auth.tokens import Refresher, TokenSet
    from wizard.net.bearer import Bearer

__all__ = [
    "Connector",
    "Customer",
    "DirectoryReader",
    "Domain",
    "Finding",
    "FindingId",
    "LookUp",
    "Permission",
    "PreFlight",
    "Verdict",
    "WorkspaceAccount",
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

    @property
    def reads_groups(self) -> bool:
        """Whether groups and their members were allowed: the one right that can be missing."""
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
    """One right that is asked for: `scope` as the provider spells it, `reason` is a word key.

    Without an `optional` one everything works but what its words tell.
    """

    scope: str
    reason: str
    optional: bool = False


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


@dataclass(frozen=True, kw_only=True)
class PreFlight:
    """What the checks found, in the order they were made; `people` is of the test read.

    A check that makes no sense after one that failed is left out. `needs_decision`: nothing
    failed, but a person must say whether this is their organization before anybody is read.
    `without` are the words' keys of optional rights that were not granted, where nothing else
    is in the way: a person may go on without them.
    """

    findings: tuple[Finding, ...]
    customer: Customer | None
    people: int
    needs_decision: bool = False
    without: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing stands in the way; warnings do not."""
        return all(finding.verdict is not Verdict.FAILED for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class WorkspaceAccount:
    """Who signed in, what was really granted, and the tokens, which belong into the vault.

    `id` is the person's id in the directory too; `domain` is their workspace's, '' for a
    private account; `granted` are scopes as the provider spells them.
    """

    id: str
    address: str
    domain: str
    granted: frozenset[str]
    tokens: TokenSet


class Connector(Protocol):
    """One kind of workspace, ready for one profile: sign in, check, read. Safe between threads."""

    @property
    def provider(self) -> ProviderId:
        """Which workspace this is."""
        ...

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What a person is asked for."""
        ...

    @property
    def address(self) -> str:
        """Where the directory is read from, to tell which proxy is on the way."""
        ...

    def sign_in(self, flow: CodeFlow, cancel: Cancel, *, login_hint: str = "") -> WorkspaceAccount:
        """Sign an admin in, in their own browser; nothing is kept."""
        ...

    def refresher(self) -> Refresher:
        """What a `TokenSource` renews tokens with."""
        ...

    def revoke(self, tokens: TokenSet, cancel: Cancel) -> None:
        """End the authorization at the provider, too."""
        ...

    def reader(self, bearer: Bearer, *, address: str, granted: frozenset[str]) -> DirectoryReader:
        """A reader with the rights of the admin of that address."""
        ...

    def check(
        self,
        account: WorkspaceAccount,
        *,
        pinned_customer: str | None,
        proxy: str,
        cancel: Cancel,
        began: Callable[[FindingId], None],
        found: Callable[[Finding], None],
    ) -> PreFlight:
        """Everything that a connection needs, before anything is kept.

        `proxy` is the one in use ('' for none), `pinned_customer` the customer that this
        connection belongs to already. Raised is only `Trouble(CANCELLED)`.
        """
        ...
