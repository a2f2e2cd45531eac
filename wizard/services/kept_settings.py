"""The provisioning settings for a run: the service's own, or for a day the last copy of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text, to_text
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database

__all__ = ["UNREADABLE", "SettingsRead", "keep_settings", "kept_settings", "read_settings"]

UNREADABLE = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.TLS_FAILED,
        Code.PROXY_UNREACHABLE,
        Code.SERVICE_UNAVAILABLE,
        Code.RATE_LIMITED,
        Code.ANSWER_NOT_UNDERSTOOD,
    }
)
"""What keeps the settings from being read without saying anything about them."""


@dataclass(frozen=True, kw_only=True)
class SettingsRead:
    """Settings, when the service told them, and whether that was just now."""

    settings: ProvisioningSettings
    read_at: datetime
    live: bool


@dataclass(frozen=True, kw_only=True)
class _Row:
    settings: str | None
    settings_read_at: str | None


def read_settings(
    service: AccountService, database: Database, *, ou: str, account: str, cancel: Cancel
) -> SettingsRead:
    """Ask the service; where it can't be reached, the copy kept from the last time.

    How long a copy may serve, and for what, is the sync's to say. Raises
    `Trouble(SETTINGS_UNREADABLE)` where there is no copy either, and as it came whatever the
    service really answered, such as a revoked token.
    """
    try:
        settings = service.settings(ou, account, cancel)
    except Trouble as trouble:
        if trouble.code not in UNREADABLE:
            raise
        kept = kept_settings(database)
        if kept is None:
            facts = {"because": trouble.code.value}
            raise Trouble(
                Code.SETTINGS_UNREADABLE, retry_after=trouble.retry_after, **facts
            ) from trouble
        return kept
    now = database.clock.now()
    keep_settings(database, settings, now)
    return SettingsRead(settings=settings, read_at=now, live=True)


def keep_settings(database: Database, settings: ProvisioningSettings, read_at: datetime) -> None:
    """Remember what the service told; nothing happens before the connection is pinned."""
    with database.transaction() as writing:
        writing.execute(
            "UPDATE connection SET settings = ?, settings_read_at = ?",
            (msgspec.json.encode(settings).decode(), to_text(read_at)),
        )


def kept_settings(database: Database) -> SettingsRead | None:
    """The last copy; None where there is none, or where it can't be understood any more."""
    with database.read() as reading:
        row = reading.first(_Row, "SELECT settings, settings_read_at FROM connection")
    if row is None or row.settings is None or row.settings_read_at is None:
        return None
    try:
        settings = msgspec.json.decode(row.settings, type=ProvisioningSettings)
        read_at = from_text(row.settings_read_at)
    except ValueError:
        return None
    return SettingsRead(settings=settings, read_at=read_at, live=False)
