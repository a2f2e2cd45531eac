"""Words for each provisioning setting and for what it is set to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.content.text import N_, Message, t, tn
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    NotActive,
    ScopeKind,
)
from wizard.core.settings_fields import FieldValue, SettingsField

__all__ = ["FIELDS", "change_words", "field_label", "interval_words", "value_words"]

FIELDS: Mapping[SettingsField, Message] = MappingProxyType(
    {
        SettingsField.ENABLED: N_("Provisioning"),
        SettingsField.INTERVAL: N_("Look for changes"),
        SettingsField.LEAVERS: N_("When someone leaves"),
        SettingsField.GRACE: N_("Days until an account is deactivated"),
        SettingsField.LEAVE_PERCENT: N_("Percent who may leave"),
        SettingsField.LEAVE_MAX: N_("People who may leave"),
        SettingsField.CHANGE_PERCENT: N_("Percent who may be new or changed"),
        SettingsField.CHANGE_MIN: N_("People who may always be new or changed"),
        SettingsField.SCOPE_KIND: N_("Who is synced"),
        SettingsField.UNITS: N_("Units"),
        SettingsField.GROUPS: N_("Groups"),
        SettingsField.PEOPLE: N_("Named people"),
        SettingsField.DOMAINS: N_("Domains"),
        SettingsField.EXCLUDED_UNITS: N_("Units left out"),
        SettingsField.EXCLUDED_GROUPS: N_("Groups left out"),
        SettingsField.EXCLUDED_PEOPLE: N_("People left out"),
        SettingsField.EXCLUDED_DOMAINS: N_("Domains left out"),
        SettingsField.SUSPENDED: N_("Suspended people"),
        SettingsField.ARCHIVED: N_("Archived people"),
        SettingsField.ADDRESS: N_("Which address becomes the account"),
        SettingsField.PROTECTED: N_("Protected people"),
    }
)
"""What each setting is called."""

_NAMED: Mapping[SettingsField, Mapping[str, Message]] = MappingProxyType(
    {
        SettingsField.LEAVERS: {
            LeaverPolicy.DEACTIVATE: N_("Deactivate"),
            LeaverPolicy.KEEP: N_("Keep the account"),
        },
        SettingsField.SCOPE_KIND: {
            ScopeKind.EVERYONE: N_("Everyone"),
            ScopeKind.RULES: N_("Only those who are chosen"),
        },
        SettingsField.SUSPENDED: {
            NotActive.LEAVE_OUT: N_("Left out"),
            NotActive.KEEP_INACTIVE: N_("Kept, and switched off at once"),
        },
        SettingsField.ARCHIVED: {
            NotActive.LEAVE_OUT: N_("Left out"),
            NotActive.KEEP_INACTIVE: N_("Kept, and switched off at once"),
        },
    }
)


def field_label(field: SettingsField) -> str:
    """What a setting is called."""
    return t(FIELDS[field])


def interval_words(minutes: int) -> str:
    """How often a sync looks for changes, such as “Every 30 minutes”."""
    if minutes == 1440:
        return t("Once a day")
    if minutes % 60 == 0:
        return tn("Every hour", "Every {count} hours", minutes // 60)
    return tn("Every minute", "Every {count} minutes", minutes)


_COUNTED: Mapping[SettingsField, Callable[[int], str]] = MappingProxyType(
    {
        SettingsField.INTERVAL: interval_words,
        SettingsField.GRACE: lambda n: tn("{count} day", "{count} days", n),
        SettingsField.LEAVE_PERCENT: lambda n: t("{percent} %", percent=n),
        SettingsField.LEAVE_MAX: lambda n: tn("{count} person", "{count} people", n),
        SettingsField.CHANGE_PERCENT: lambda n: t("{percent} %", percent=n),
        SettingsField.CHANGE_MIN: lambda n: tn("{count} person", "{count} people", n),
    }
)


def value_words(field: SettingsField, value: FieldValue) -> str:
    """What a setting is set to, such as “14 days” or “Everyone”."""
    if isinstance(value, AddressRule):
        return _address_words(value)
    if isinstance(value, tuple):
        return _list_words(value)
    if isinstance(value, bool):
        return t("On") if value else t("Off")
    if isinstance(value, int):
        return _COUNTED[field](value)
    return t(_NAMED[field][value])


def change_words(field: SettingsField, before: FieldValue, after: FieldValue) -> str:
    """How a setting changed: “7 days → 14 days”, for a list what came and went."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        came, went = len(set(after) - set(before)), len(set(before) - set(after))
        parts = [tn("{count} added", "{count} added", came)] if came else []
        parts += [tn("{count} taken out", "{count} taken out", went)] if went else []
        return ", ".join(parts)
    return f"{value_words(field, before)} → {value_words(field, after)}"


def _address_words(rule: AddressRule) -> str:
    if rule.choice is AddressChoice.PRIMARY:
        return t("The primary address")
    if rule.otherwise is AddressFallback.LEAVE_OUT:
        return t("The address at {domain}, else left out", domain=rule.domain)
    return t("The address at {domain}, else the primary one", domain=rule.domain)


def _list_words(entries: tuple[str, ...]) -> str:
    return tn("{count} entry", "{count} entries", len(entries)) if entries else t("None")
