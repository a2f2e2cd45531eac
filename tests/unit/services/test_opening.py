"""What several threads ask for at the same time is opened once, and not again after the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import pytest

from tests.unit.services.scheduler_world import HandClock
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.paths import Folders
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.profile.load import load_file
from wizard.profile.model import Trust
from wizard.services import access as access_module
from wizard.services.access import ServiceAccess
from wizard.services.ground import Ground
from wizard.services.kept_settings import keep_settings
from wizard.services.options import Options
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing
from wizard.store.database import Database

T = TypeVar("T")
ANSWERS = Answers(ou_id="ou-1", organization_account_id="oa-1", customer_id="C01")
PROFILE = """
schema = 1
id = "practice"
name = "Practice organization"
kind = "practice"

[service]
kind = "enterprise_connect"
api = "https://127.0.0.1:9"
pages = "http://127.0.0.1:9"
issuer = "https://127.0.0.1:9"
client_id = "enterprise-connect-setup"

[google]
client_id = "480212-nordby.apps.practice.test"
auth_uri = "https://127.0.0.1:9/auth"
token_uri = "https://127.0.0.1:9/token"
revoke_uri = "https://127.0.0.1:9/revoke"
api = "https://127.0.0.1:9"
issuer = "https://accounts.practice.test"
pages = "http://127.0.0.1:9"
"""
_THREADS = 3
_PATIENCE = 10.0


class Crowd:
    """Counts those who come to the same place; each waits a while for the others to come, too."""

    def __init__(self) -> None:
        self.came = 0
        self._change = threading.Condition()

    def come(self) -> None:
        with self._change:
            self.came += 1
            self._change.notify_all()
            self._change.wait_for(lambda: self.came == _THREADS, timeout=0.3)


def at_once(call: Callable[[], T]) -> list[T]:
    """What each of several threads gets that call at the same moment."""
    start, got = threading.Barrier(_THREADS), list[T]()

    def work() -> None:
        start.wait(_PATIENCE)
        got.append(call())

    threads = [threading.Thread(target=work) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    return got


@dataclass
class Place:
    """As much of a ground as a database needs."""

    folder: Path
    clock: HandClock = field(default_factory=HandClock)

    def unit_folder(self, ou_id: str) -> Path:
        return self.folder / ou_id


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(folder=tmp_path)


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A whole ground with secrets in memory and a token for the sync; nothing is reached."""
    profile = tmp_path / "profile.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    options = Options(profile=str(profile), home=tmp_path, forget=True)
    loaded = load_file(profile, origin=Trust.GIVEN)
    made = Ground(options, loaded, Folders.of_person(tmp_path), HandClock())
    made.vault(Cancel()).set("provisioning/oa-1", "token")
    yield made
    made.close()


@pytest.fixture
def syncing(place: Place, tmp_path: Path) -> Syncing:
    set_up = SetUp(tmp_path, place.clock)
    set_up.change(ANSWERS)
    # No run is made here, so nothing but the ground is asked.
    return Syncing(cast("Ground", place), set_up, cast("Access", None))


def test_a_database_that_several_threads_want_is_opened_once_and_closed(
    syncing: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd, really = Crowd(), Database.open
    opened: list[Database] = []

    def open_slowly(path: Path, clock: Clock) -> Database:
        crowd.come()
        opened.append(really(path, clock))
        return opened[-1]

    monkeypatch.setattr(Database, "open", open_slowly)
    got = at_once(lambda: syncing.database(ANSWERS))
    assert len(opened) == 1
    assert got == opened * _THREADS
    syncing.close()
    with pytest.raises(RuntimeError, match="closed"), opened[0].read():
        pytest.fail("a closed database was read")


def test_nothing_is_opened_again_once_the_program_ends(syncing: Syncing) -> None:
    syncing.database(ANSWERS)
    syncing.close()
    with pytest.raises(Trouble) as caught:
        syncing.last_report()
    assert caught.value.code is Code.CANCELLED


class _View:
    """A view of an account service that makes others."""

    def as_sync(self, token: str) -> _View:
        del token
        return self

    def users(self, *_: object, **__: object) -> object:
        return object()


def test_several_threads_make_one_view_of_the_service(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd()

    def open_slowly(*_: object, **__: object) -> _View:
        crowd.come()
        return _View()

    monkeypatch.setattr(access_module, "open_service", open_slowly)
    access = ServiceAccess(ground)
    views = at_once(lambda: access.as_sync(ANSWERS, Cancel()))
    assert crowd.came == 1
    assert len({id(view) for view in views}) == 1


def test_several_threads_make_one_view_of_the_peoples_accounts(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd()

    class Slow(_View):
        def users(self, *_: object, **__: object) -> object:
            crowd.come()
            return object()

    monkeypatch.setattr(access_module, "open_service", lambda *_, **__: Slow())
    access = ServiceAccess(ground)
    people = at_once(lambda: access.users(ANSWERS, Cancel(), read_only=True))
    assert crowd.came == 1
    assert len({id(one) for one in people}) == 1


@pytest.mark.parametrize(("told", "used"), [(0, 5), (-1, 5), (30, 30), (10**9, 1440)])
def test_an_interval_beyond_what_a_service_may_ask_for_is_not_taken(
    syncing: Syncing, told: int, used: int
) -> None:
    asked = ProvisioningSettings(interval_minutes=told)
    keep_settings(syncing.database(ANSWERS), asked, HandClock().now())
    assert syncing.interval_minutes() == used
    syncing.close()
