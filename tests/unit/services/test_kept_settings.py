from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.settings import LeaverPolicy, ProvisioningSettings, ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.services.kept_settings import kept_settings, read_settings
from wizard.store.database import Database
from wizard.sync.snapshot import pin_connection

SETTINGS = ProvisioningSettings(
    enabled=True,
    leavers=LeaverPolicy.KEEP,
    scope=ScopeRule(kind=ScopeKind.RULES, group_ids=("g-1",)),
    protected=("ingrid@nordby.example",),
    version=4,
)


class SettingsService:
    """The part of an account service that tells settings, or fails as it is told to."""

    def __init__(self) -> None:
        self.kept = SETTINGS
        self.trouble: Trouble | None = None

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        cancel.check()
        assert (ou, account) == ("ou-1", "oa-1")
        if self.trouble is not None:
            raise self.trouble
        return self.kept


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def database(tmp_path: Path, clock: HandClock) -> Iterator[Database]:
    database = Database.open(tmp_path / "sync.db", clock)
    pin_connection(
        database,
        provider=ProviderId.GOOGLE,
        customer_id="C1",
        ou_id="ou-1",
        account_id="oa-1",
    )
    yield database
    database.close()


def read(service: SettingsService, database: Database) -> tuple[ProvisioningSettings, bool]:
    found = read_settings(
        cast("AccountService", service), database, ou="ou-1", account="oa-1", cancel=Cancel()
    )
    return found.settings, found.live


def test_what_the_service_says_is_used_and_kept(database: Database, clock: HandClock) -> None:
    assert read(SettingsService(), database) == (SETTINGS, True)
    kept = kept_settings(database)
    assert kept is not None
    assert (kept.settings, kept.live, kept.read_at) == (SETTINGS, False, clock.now())


def test_while_the_service_cannot_be_reached_the_last_copy_serves(database: Database) -> None:
    service = SettingsService()
    read(service, database)
    service.trouble = Trouble(Code.OFFLINE)
    assert read(service, database) == (SETTINGS, False)
    service.trouble, service.kept = None, replace(SETTINGS, enabled=False, version=5)
    assert read(service, database) == (service.kept, True)


def test_without_a_copy_it_is_said_that_the_settings_cannot_be_read(database: Database) -> None:
    service = SettingsService()
    service.trouble = Trouble(Code.SERVICE_UNAVAILABLE, retry_after=20.0)
    with pytest.raises(Trouble) as caught:
        read(service, database)
    assert caught.value.code is Code.SETTINGS_UNREADABLE
    assert caught.value.retry_after == 20.0


@pytest.mark.parametrize("code", [Code.PROVISIONING_TOKEN_REVOKED, Code.NOT_ALLOWED])
def test_a_refusal_is_no_reason_to_go_on_with_a_copy(database: Database, code: Code) -> None:
    service = SettingsService()
    read(service, database)
    service.trouble = Trouble(code)
    with pytest.raises(Trouble) as caught:
        read(service, database)
    assert caught.value.code is code


def test_a_copy_that_an_older_version_kept_is_understood(database: Database) -> None:
    read(SettingsService(), database)
    older = (
        '{"enabled":true,"leavers":"keep","scope":{"kind":"rules","group_ids":["g-1"]},'
        '"protected":["ingrid@nordby.example"],"version":4}'
    )
    with database.transaction() as writing:
        writing.execute("UPDATE connection SET settings = ?", (older,))
    kept = kept_settings(database)
    assert kept is not None
    assert kept.settings == SETTINGS


@pytest.mark.parametrize("damage", ["{", "[]", '{"interval_minutes": "x"}'])
def test_a_copy_that_cannot_be_understood_is_no_copy(database: Database, damage: str) -> None:
    service = SettingsService()
    read(service, database)
    with database.transaction() as writing:
        writing.execute("UPDATE connection SET settings = ?", (damage,))
    assert kept_settings(database) is None
