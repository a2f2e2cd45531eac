"""The provisioning settings field by field, for comparing two copies of them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from wizard.core.settings import AddressRule, ProvisioningSettings

__all__ = [
    "FieldValue",
    "SettingsField",
    "changed_fields",
    "field_value",
    "same_plan",
    "with_field",
]

FieldValue = bool | int | str | tuple[str, ...] | AddressRule
"""What a field holds; a tuple is a set of ids, domains or addresses."""


class SettingsField(StrEnum):
    """Everything that a person decides on its own. The value is the way to it.

    Which address becomes the account is one decision, though it has three parts.
    """

    ENABLED = "enabled"
    INTERVAL = "interval_minutes"
    LEAVERS = "leavers"
    GRACE = "grace_days"
    LEAVE_PERCENT = "limits.leave_percent"
    LEAVE_MAX = "limits.leave_max"
    CHANGE_PERCENT = "limits.change_percent"
    CHANGE_MIN = "limits.change_min"
    SCOPE_KIND = "scope.kind"
    UNITS = "scope.unit_ids"
    GROUPS = "scope.group_ids"
    PEOPLE = "scope.user_ids"
    DOMAINS = "scope.domains"
    EXCLUDED_UNITS = "scope.exclude_unit_ids"
    EXCLUDED_GROUPS = "scope.exclude_group_ids"
    EXCLUDED_PEOPLE = "scope.exclude_user_ids"
    EXCLUDED_DOMAINS = "scope.exclude_domains"
    SUSPENDED = "scope.suspended"
    ARCHIVED = "scope.archived"
    ADDRESS = "address"
    PROTECTED = "protected"

    @property
    def in_scope(self) -> bool:
        """Whether it says who gets an account, or by which address."""
        return self is SettingsField.ADDRESS or self.value.startswith("scope.")

    @property
    def changes_plan(self) -> bool:
        """Whether a plan may become another one by it."""
        return self not in {SettingsField.ENABLED, SettingsField.INTERVAL}


def field_value(settings: ProvisioningSettings, field: SettingsField) -> FieldValue:
    """What the field holds."""
    found: Any = settings
    for name in field.value.split("."):
        found = getattr(found, name)
    value: FieldValue = found
    return value


def with_field(
    settings: ProvisioningSettings, field: SettingsField, value: FieldValue
) -> ProvisioningSettings:
    """The settings with another value of this field, which must be of its kind."""
    head, _, tail = field.value.partition(".")
    change: dict[str, Any] = {head: value}
    if tail:
        inner: dict[str, Any] = {tail: value}
        change = {head: replace(getattr(settings, head), **inner)}
    return replace(settings, **change)


def changed_fields(
    before: ProvisioningSettings, after: ProvisioningSettings
) -> tuple[SettingsField, ...]:
    """Where two copies differ; the order of ids is no difference."""
    return tuple(
        field
        for field in SettingsField
        if _plain(field_value(before, field)) != _plain(field_value(after, field))
    )


def same_plan(one: ProvisioningSettings, other: ProvisioningSettings) -> bool:
    """Whether both lead to the same plan, whatever else differs."""
    return not any(field.changes_plan for field in changed_fields(one, other))


def _plain(value: FieldValue) -> object:
    return frozenset(value) if isinstance(value, tuple) else value
