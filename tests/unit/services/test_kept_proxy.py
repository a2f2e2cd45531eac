"""A proxy that a person typed is there after the next start; its password is on no disk."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import ProxyMode, SecretsChoice
from wizard.services.environment import open_workbench
from wizard.services.ground import Ground
from wizard.services.options import Options
from wizard.services.workbench import LocalWorkbench

PROFILE = """schema = 1
id = "nordby"
name = "Nordby"
[service]
kind = "enterprise_connect"
api = "https://connect.nordby.example"
issuer = "https://connect.nordby.example"
client_id = "setup"
"""
SERVICE = "https://connect.nordby.example"
PLAIN = "proxy.nordby.example:8080"
WHOLE = f"http://nora:a-secret-word@{PLAIN}"


class Store:
    """The system's password store; there is none while `missing`."""

    def __init__(self) -> None:
        self.missing = False
        self.kept: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        if self.missing:
            raise Trouble(Code.KEYRING_MISSING)
        return self.kept.get(name)

    def write(self, name: str, key: bytes) -> None:
        if self.missing:
            raise Trouble(Code.KEYRING_MISSING)
        self.kept[name] = key


Start = Callable[..., Ground]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def benches() -> Iterator[list[LocalWorkbench]]:
    opened: list[LocalWorkbench] = []
    yield opened
    for bench in opened:
        bench.close()


@pytest.fixture
def start(tmp_path: Path, store: Store, benches: list[LocalWorkbench]) -> Start:
    """Ends the program, where it runs, and starts it again."""
    profile = tmp_path / "nordby.toml"
    profile.write_text(PROFILE, encoding="utf-8")

    def open_it(proxy: str = "") -> Ground:
        for bench in benches:
            bench.close()
        options = Options(
            profile=str(profile), home=tmp_path / "home", trust_profile=True, proxy=proxy
        )
        benches[:] = [open_workbench(options, keys=store, asks=True)]
        return benches[0].engine.ground

    return open_it


def goes_through(ground: Ground) -> str:
    ground.ready_proxy(Cancel())
    return ground.proxy.address


def test_a_typed_proxy_is_used_after_the_next_start(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, PLAIN)
    ground = start()
    assert ground.net.proxy_in_use(SERVICE).shown == PLAIN
    assert goes_through(ground) == PLAIN
    path = ground.folder / "proxy.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    benches[0].set_proxy(ProxyMode.NONE, "")
    assert start().net.proxy_in_use(SERVICE).shown == ""


def test_name_and_password_come_back_from_the_vault_and_are_on_no_disk(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    ground = start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    ground = start()
    assert ground.proxy.address == f"http://{PLAIN}"
    assert goes_through(ground) == WHOLE
    home = ground.folder.parent.parent
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [content for content in files if b"a-secret-word" in content or b"nora" in content]
    assert "a-secret-word" not in repr(ground.proxy)


@pytest.mark.parametrize("again", [PLAIN, f"http://{PLAIN}"])
def test_saving_the_same_proxy_again_keeps_its_name_and_password(
    start: Start, benches: list[LocalWorkbench], again: str
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    benches[0].set_proxy(ProxyMode.TYPED, again)
    assert goes_through(start()) == WHOLE


def test_another_proxy_never_gets_the_first_ones_password(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    benches[0].set_proxy(ProxyMode.TYPED, "other.nordby.example:8080")
    ground = start()
    assert goes_through(ground) == "other.nordby.example:8080"
    assert ground.vault(Cancel()).names() == ()


def test_a_new_password_for_the_same_proxy_takes_the_old_ones_place(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    changed = WHOLE.replace("a-secret-word", "another")
    benches[0].set_proxy(ProxyMode.TYPED, changed)
    assert goes_through(start()) == changed


def test_where_the_vault_cannot_be_opened_yet_the_proxy_works_and_is_kept_later(
    start: Start, benches: list[LocalWorkbench], store: Store
) -> None:
    store.missing = True
    ground = start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    assert ground.proxy.address == WHOLE
    store.missing = False
    benches[0].keep_secrets(SecretsChoice.KEYRING, "", Cancel())
    assert goes_through(start()) == WHOLE


def test_a_proxy_of_one_start_is_neither_kept_nor_in_the_way_of_the_kept_one(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, WHOLE)
    ground = start("none")
    ground.vault(Cancel())
    assert ground.net.proxy_in_use(SERVICE).shown == ""
    assert goes_through(start()) == WHOLE


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version":1,"mode":"typed","address":"a b"}'])
def test_a_file_that_cannot_be_understood_means_the_systems_proxy(
    start: Start, content: bytes
) -> None:
    (start().folder / "proxy.json").write_bytes(content)
    assert start().proxy.mode.value == "system"


def test_an_address_that_is_none_is_refused_and_the_kept_one_stays(
    start: Start, benches: list[LocalWorkbench]
) -> None:
    start()
    benches[0].set_proxy(ProxyMode.TYPED, PLAIN)
    with pytest.raises(Trouble) as trouble:
        benches[0].set_proxy(ProxyMode.TYPED, "a b")
    assert trouble.value.code is Code.PROXY_INVALID
    assert goes_through(start()) == PLAIN
