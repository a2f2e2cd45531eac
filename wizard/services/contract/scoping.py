"""Choosing who is synced: what the directory offers, what a draft of the scope would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.settings import AddressRule, ProvisioningSettings, ScopeRule
from wizard.flow.answers import ChosenScope
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.views import Listen

__all__ = [
    "AddressExample",
    "AddressOption",
    "Confirmation",
    "Confirmed",
    "DirectoryRead",
    "DirectoryView",
    "DomainItem",
    "GroupItem",
    "NamedItems",
    "PersonItem",
    "ScopeCount",
    "ScopeStart",
    "ScopingCalls",
    "UnitItem",
]


@dataclass(frozen=True, kw_only=True)
class DirectoryRead:
    """Event: `done` people were read; `total` is how many there were last time, 0: not known."""

    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class UnitItem:
    """An organizational unit. `people` counts everybody in it and below, whatever their state."""

    id: str
    parent_id: str
    name: str
    path: str
    people: int
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupItem:
    """A group. `people` counts those in it and in groups inside it; None: not read yet.

    `gone`: the directory has it no more; `name` is then what it was called, '' if never known.
    """

    id: str
    name: str
    address: str
    people: int | None = None
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonItem:
    """A person of the directory; `gone` as for a group."""

    id: str
    name: str
    address: str
    state: UserState = UserState.ACTIVE
    unit_path: str = ""
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class DomainItem:
    """A domain: how many have their primary address in it, and how many have any there."""

    name: str
    people: int
    addresses: int
    verified: bool


@dataclass(frozen=True, kw_only=True)
class DirectoryView:
    """The directory as last read: units with the root first, domains by size.

    `groups_allowed` is False where Google was not asked, or said no, to reading groups.
    """

    read_at: datetime
    people: int
    units: tuple[UnitItem, ...]
    domains: tuple[DomainItem, ...]
    groups: int
    groups_allowed: bool = True


@dataclass(frozen=True, kw_only=True)
class NamedItems:
    """What a rule names, whether the directory still has it or not."""

    units: tuple[UnitItem, ...] = ()
    groups: tuple[GroupItem, ...] = ()
    people: tuple[PersonItem, ...] = ()
    exclude_units: tuple[UnitItem, ...] = ()
    exclude_groups: tuple[GroupItem, ...] = ()
    exclude_people: tuple[PersonItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScopeStart:
    """What the page begins with.

    `draft` is what was last confirmed here, or what the service has; `chosen` is what to show:
    the draft's people, or those who were chosen here and wait to be confirmed (`Answers.chosen`).
    `changed` is there where somebody else saved meanwhile, and it has to be told: what came
    together by itself is in `chosen`; while conflicts are open, `chosen` is as it was left.
    `before` is what was chosen here before that came to it.
    `saved` is the scope that a difference is told against, None where nothing was ever confirmed.
    """

    directory: DirectoryView
    draft: ProvisioningSettings
    chosen: ChosenScope
    before: ChosenScope
    changed: DraftView | None
    saved: ProvisioningSettings | None
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class ScopeCount:
    """What a draft means now. `in_directory` = `people` + `not_chosen` + `left_out`.

    `left_out` = `suspended` + `archived` + `excluded` + `no_address` + `no_address_in_domain`;
    they would count, but for that. `excluded_people` of the excluded are named one by one.
    `added` and `removed` are against the saved scope, with the first names of each; both None
    where there is none.
    """

    in_directory: int
    people: int
    not_chosen: int
    suspended: int
    archived: int
    excluded: int
    excluded_people: int
    no_address: int
    no_address_in_domain: int
    added: int | None
    removed: int | None
    added_names: tuple[str, ...] = ()
    removed_names: tuple[str, ...] = ()
    named: NamedItems = NamedItems()

    @property
    def left_out(self) -> int:
        """Those who would count, but for what keeps them out."""
        return (
            self.suspended
            + self.archived
            + self.excluded
            + self.no_address
            + self.no_address_in_domain
        )


@dataclass(frozen=True, kw_only=True)
class AddressExample:
    """One person: the primary address, and what becomes the account ('' for no account)."""

    name: str
    primary: str
    account: str


@dataclass(frozen=True, kw_only=True)
class AddressOption:
    """A choice of address: how many of those chosen have one there, how many don't, and three."""

    rule: AddressRule
    have: int
    lack: int
    examples: tuple[AddressExample, ...]


class Confirmed(StrEnum):
    """Where a confirmed scope is kept."""

    SAVED = "saved"
    """At the service too, since provisioning is off there."""
    DRAFT = "draft"
    """On this computer: provisioning is on, and saving belongs to the provisioning page."""
    OTHERS = "others"
    """Nowhere yet: somebody else saved another scope meanwhile, and a person looks at both."""


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What came of confirming; `changed` holds what somebody else saved, for `OTHERS` alone."""

    where: Confirmed
    changed: DraftView | None = None


class ScopingCalls(Protocol):
    """The scope page's work; every call belongs into a job."""

    def start(self, listen: Listen, cancel: Cancel, *, again: bool = False) -> ScopeStart:
        """Read the settings, and the directory where the last read is old, or `again`.

        Events: `DirectoryRead`. Reads only. Raises `Trouble`; the last read stays then.
        """
        ...

    def count(
        self,
        rule: ScopeRule,
        address: AddressRule,
        saved: ProvisioningSettings | None,
        cancel: Cancel,
    ) -> ScopeCount:
        """What this would mean; reads the members of groups that are not known yet."""
        ...

    def address_options(self, rule: ScopeRule, cancel: Cancel) -> Sequence[AddressOption]:
        """The choices of address there are, the primary one first, for those whom a rule names."""
        ...

    def find_people(self, search: str, *, limit: int = 200) -> tuple[Sequence[PersonItem], int]:
        """People whose name or address has every word of `search`, and how many there are."""
        ...

    def find_groups(self, search: str, *, limit: int = 200) -> tuple[Sequence[GroupItem], int]:
        """Groups whose name or address has every word of `search`, and how many there are."""
        ...

    def named(self, rule: ScopeRule) -> NamedItems:
        """What a rule names, with the names that were last known for what is gone."""
        ...

    def confirm(self, chosen: ChosenScope, people: int, cancel: Cancel) -> Confirmation:
        """Make this the draft that preview and provisioning work with, and note the count.

        While provisioning is off at the service the scope is saved there too, and nothing else
        of the settings. Where somebody else saved another scope since `chosen.version`, nothing
        is confirmed and nothing saved: `OTHERS` tells what differs. Raises `Trouble`; where the
        service can't be asked, the draft is then kept here all the same.
        """
        ...
