"""Bringing a draft of the settings together with what somebody else saved in the meantime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import (
    FieldValue,
    SettingsField,
    changed_fields,
    field_value,
    with_field,
)
from wizard.flow.answers import ChosenScope

__all__ = [
    "Conflict",
    "Merge",
    "Side",
    "merge",
    "merge_scope",
    "scope_of",
    "settle",
    "settle_scope",
]


class Side(StrEnum):
    """Whose value counts."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A field that both changed, and not to the same; a person decides."""

    field: SettingsField
    mine: FieldValue
    theirs: FieldValue


@dataclass(frozen=True, kw_only=True)
class Merge:
    """A draft and the service's settings, brought together.

    `settings` have the service's version, so that they can be saved; where there is a conflict
    they hold the draft's value until it is settled. `by_them` and `by_me` are the fields that
    each side changed. `scope_is_new`: people may come or go whom the draft did not name so, and
    a plan made with the draft tells it no longer.
    """

    before: ProvisioningSettings
    settings: ProvisioningSettings
    by_me: tuple[SettingsField, ...]
    by_them: tuple[SettingsField, ...]
    conflicts: tuple[Conflict, ...] = ()
    scope_is_new: bool = False

    @property
    def asks(self) -> bool:
        """Whether a person who chose the draft's people has something to look at first."""
        return self.scope_is_new or bool(self.conflicts)


def merge(
    base: ProvisioningSettings | None, mine: ProvisioningSettings, theirs: ProvisioningSettings
) -> Merge:
    """Bring a draft (`mine`), made from `base`, together with what the service has (`theirs`).

    What only one side changed is taken from it. Lists of ids and addresses are merged entry by
    entry, so they are never in conflict: what either side added is in, what either took out is
    out. Where `base` is not known (None), every single value that differs is a conflict, and
    lists keep what is in either, since nobody can tell what was taken out.
    """
    settings, conflicts = theirs, []
    for field in changed_fields(theirs, mine):
        ours, other = field_value(mine, field), field_value(theirs, field)
        was = None if base is None else field_value(base, field)
        if isinstance(ours, tuple) and isinstance(other, tuple):
            merged = _joined(was if isinstance(was, tuple) else None, ours, other)
            settings = with_field(settings, field, merged)
        elif was is not None and was == ours:
            continue
        else:
            settings = with_field(settings, field, ours)
            if was is None or was != other:
                conflicts.append(Conflict(field=field, mine=ours, theirs=other))
    start = theirs if base is None else base
    return Merge(
        before=theirs if base is None else base,
        settings=replace(settings, version=theirs.version),
        by_me=changed_fields(start, mine),
        by_them=changed_fields(start, theirs),
        conflicts=tuple(conflicts),
        scope_is_new=any(field.in_scope for field in changed_fields(mine, settings)),
    )


def merge_scope(
    base: ProvisioningSettings | None, chosen: ChosenScope, theirs: ProvisioningSettings
) -> Merge:
    """Bring a choice of people, made from `base`, together with what the service has."""
    start = theirs if base is None else base
    return merge(base, replace(start, scope=chosen.scope, address=chosen.address), theirs)


def scope_of(settings: ProvisioningSettings) -> ChosenScope:
    """The people whom settings choose."""
    return ChosenScope(scope=settings.scope, address=settings.address, version=settings.version)


def settle_scope(merged: Merge, mine: ChosenScope, whole: ChosenScope) -> Merge:
    """Take the people of one side as a whole (`whole`), where the draft has chosen `mine`."""
    settings = replace(merged.settings, scope=whole.scope, address=whole.address)
    drafted = replace(settings, scope=mine.scope, address=mine.address)
    return replace(
        merged,
        settings=settings,
        conflicts=tuple(one for one in merged.conflicts if not one.field.in_scope),
        scope_is_new=bool(changed_fields(drafted, settings)),
    )


def settle(merged: Merge, choices: Mapping[SettingsField, Side]) -> Merge:
    """Decide conflicts; those without a choice stay open."""
    settings, open_ = merged.settings, []
    scope_is_new = merged.scope_is_new
    for conflict in merged.conflicts:
        side = choices.get(conflict.field)
        if side is None:
            open_.append(conflict)
            continue
        chosen = conflict.mine if side is Side.MINE else conflict.theirs
        settings = with_field(settings, conflict.field, chosen)
        scope_is_new = scope_is_new or (conflict.field.in_scope and side is Side.THEIRS)
    return replace(merged, settings=settings, conflicts=tuple(open_), scope_is_new=scope_is_new)


def _joined(
    was: tuple[str, ...] | None, mine: tuple[str, ...], theirs: tuple[str, ...]
) -> tuple[str, ...]:
    """Entries of both; out is what one side took out, the order is theirs and then mine."""
    before = frozenset(was or ())
    taken_out = before - frozenset(mine) | before - frozenset(theirs)
    both = dict.fromkeys((*theirs, *mine))
    return tuple(entry for entry in both if entry not in taken_out)
