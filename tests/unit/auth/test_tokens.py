"""Tokens stay fresh, are refreshed once, and are lost neither to others nor to a full disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.unit.net.servers import FastClock
from wizard.auth.tokens import TokenSet, TokenSource
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.vault.vault import MemoryVault

ENTRY = "service/nordby"


class Provider:
    """A token endpoint that rotates refresh tokens and ends the family when one comes twice."""

    def __init__(self, clock: FastClock, *, lives: float = 3600.0) -> None:
        self.clock = clock
        self.lives = lives
        self.number = 0
        self.refreshes = 0
        self.good = ""
        self.rotates = True
        self.trouble: Trouble | None = None
        self.meanwhile: Callable[[], None] | None = None

    def sign_in(self) -> TokenSet:
        self.good = f"refresh-{self.number}"
        return self._tokens()

    def _tokens(self) -> TokenSet:
        return TokenSet(
            access_token=f"access-{self.number}",
            refresh_token=self.good if self.rotates or not self.number else "",
            expires_at=self.clock.now() + timedelta(seconds=self.lives),
            scope="openid email" if not self.number else "",
        )

    def refresh(self, tokens: TokenSet, cancel: Cancel) -> TokenSet:
        cancel.check()
        self.refreshes += 1
        if self.meanwhile is not None:
            self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        if tokens.refresh_token != self.good:
            self.good = ""
            raise Trouble(Code.SIGN_IN_EXPIRED, error="invalid_grant")
        self.number += 1
        if self.rotates:
            self.good = f"refresh-{self.number}"
        return self._tokens()


class FullDisk(MemoryVault):
    """A vault that cannot write for a while."""

    full = False

    def set(self, name: str, value: bytes | str) -> None:
        if self.full:
            raise Trouble(Code.DISK_FULL, folder="/data")
        super().set(name, value)


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def provider(clock: FastClock) -> Provider:
    return Provider(clock)


@pytest.fixture
def vault() -> FullDisk:
    return FullDisk()


def source(vault: FullDisk, provider: Provider, *, signed_in: bool = True) -> TokenSource:
    made = TokenSource(vault=vault, entry=ENTRY, refresher=provider, clock=provider.clock)
    if signed_in:
        made.keep(provider.sign_in(), Cancel())
    return made


def test_a_good_token_is_given_without_asking(vault: FullDisk, provider: Provider) -> None:
    tokens = source(vault, provider)
    assert [tokens.token(Cancel()) for _ in range(3)] == ["access-0"] * 3
    assert provider.refreshes == 0


def test_a_token_is_refreshed_before_it_ends(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    clock.advance(3600 - 91)
    assert tokens.token(Cancel()) == "access-0"
    clock.advance(2)
    assert tokens.token(Cancel()) == "access-1"
    kept = tokens.tokens()
    assert kept is not None
    assert (kept.refresh_token, kept.scopes) == ("refresh-1", frozenset({"openid", "email"}))


def test_a_provider_that_does_not_rotate_keeps_its_refresh_token(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    provider.rotates = False
    tokens = source(vault, provider)
    for number in (1, 2, 3):
        clock.advance(4000)
        assert tokens.token(Cancel()) == f"access-{number}"


def test_a_refused_token_is_replaced(vault: FullDisk, provider: Provider) -> None:
    tokens = source(vault, provider)
    tokens.rejected("access-0")
    assert tokens.token(Cancel()) == "access-1"
    tokens.rejected("an-older-one")
    assert tokens.token(Cancel()) == "access-1"


def test_a_token_without_end_is_good_until_it_is_refused(vault: FullDisk, clock: FastClock) -> None:
    provider = Provider(clock)
    tokens = source(vault, provider, signed_in=False)
    provider.good = "r"
    tokens.keep(TokenSet(access_token="a", refresh_token="r"), Cancel())
    clock.advance(1e6)
    assert tokens.token(Cancel()) == "a"


def test_a_fresh_sign_in_tells_which_one_it_took_the_place_of(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider, signed_in=False)
    first = TokenSet(access_token="a", refresh_token="r")
    assert tokens.keep(first, Cancel()) is None
    # Another process has refreshed it since.
    newer = TokenSet(access_token="b", refresh_token="s")
    source(vault, provider, signed_in=False).keep(newer, Cancel())
    assert tokens.keep(TokenSet(access_token="c", refresh_token="t"), Cancel()) == newer


def test_what_another_process_fetched_is_taken(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    one = source(vault, provider)
    other = source(vault, provider, signed_in=False)
    clock.advance(4000)
    assert one.token(Cancel()) == "access-1"
    assert other.token(Cancel()) == "access-1"
    assert provider.refreshes == 1


def test_many_threads_refresh_once(vault: FullDisk, provider: Provider, clock: FastClock) -> None:
    sources = [source(vault, provider)] * 3 + [source(vault, provider, signed_in=False)] * 3
    clock.advance(4000)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda one=one: got.append(one.token(Cancel()))) for one in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["access-1"] * 6
    assert provider.refreshes == 1


def test_nobody_has_signed_in(vault: FullDisk, provider: Provider) -> None:
    tokens = source(vault, provider, signed_in=False)
    with pytest.raises(Trouble) as trouble:
        tokens.token(Cancel())
    assert trouble.value.code is Code.SIGN_IN_NEEDED


def test_a_dead_sign_in_is_told_and_not_asked_about_again(
    vault: FullDisk, provider: Provider
) -> None:
    tokens = source(vault, provider)
    provider.good = "somebody signed out"
    tokens.rejected("access-0")
    for _ in range(3):
        with pytest.raises(Trouble) as trouble:
            tokens.token(Cancel())
        assert trouble.value.code is Code.SIGN_IN_EXPIRED
    assert provider.refreshes == 1
    tokens.keep(TokenSet(access_token="new", refresh_token="r"), Cancel())
    assert tokens.token(Cancel()) == "new"


def test_a_sign_in_gives_a_token_that_was_refused_before_another_chance(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    provider.good = "out of order"
    tokens.rejected("access-0")
    with pytest.raises(Trouble):
        tokens.token(Cancel())
    provider.good = "refresh-0"
    tokens.keep(
        TokenSet(access_token="a", refresh_token="refresh-0", expires_at=clock.now()), Cancel()
    )
    assert tokens.token(Cancel()) == "access-1"


def test_a_token_that_cannot_be_refreshed_ends(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider, signed_in=False)
    tokens.keep(TokenSet(access_token="a", expires_at=clock.now()), Cancel())
    with pytest.raises(Trouble) as trouble:
        tokens.token(Cancel())
    assert trouble.value.code is Code.SIGN_IN_EXPIRED
    assert provider.refreshes == 0


def test_an_outage_is_told_as_one_and_loses_nothing(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    clock.advance(4000)
    provider.trouble = Trouble(Code.SERVICE_UNAVAILABLE)
    with pytest.raises(Trouble) as trouble:
        tokens.token(Cancel())
    assert trouble.value.code is Code.SERVICE_UNAVAILABLE
    provider.trouble = None
    assert tokens.token(Cancel()) == "access-1"


def test_a_full_disk_does_not_lose_a_rotated_token(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    clock.advance(4000)
    vault.full = True
    with pytest.raises(Trouble) as trouble:
        tokens.token(Cancel())
    assert trouble.value.code is Code.DISK_FULL
    clock.advance(4000)
    vault.full = False
    assert tokens.token(Cancel()) == "access-2"
    kept = tokens.tokens()
    assert kept is not None
    assert kept.refresh_token == "refresh-2"
    assert provider.good == "refresh-2"


def test_a_stop_while_another_process_refreshes_ends_the_wait(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    clock.advance(4000)
    inside, release = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        release.wait(10)

    provider.meanwhile = slow
    first = threading.Thread(target=lambda: tokens.token(Cancel()))
    first.start()
    inside.wait(10)
    cancel = Cancel()
    stopper = threading.Timer(0.1, cancel.stop)
    stopper.start()
    with pytest.raises(Trouble) as trouble:
        source(vault, provider, signed_in=False).token(cancel)
    assert trouble.value.code is Code.CANCELLED
    release.set()
    first.join()
    stopper.join()


def test_a_paused_run_fetches_its_token_and_keeps_nobody_waiting(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    """Other processes wait for this entry: standing still with its lock would stop them, too."""
    tokens = source(vault, provider)
    clock.advance(4000)
    cancel = Cancel()
    cancel.pause()
    got: list[str] = []
    fetching = threading.Thread(target=lambda: got.append(tokens.token(cancel)))
    fetching.start()
    fetching.join(5)
    stands_still = fetching.is_alive()
    cancel.resume()
    fetching.join()
    assert not stands_still
    assert got == ["access-1"]
    assert source(vault, provider, signed_in=False).token(Cancel()) == "access-1"


def test_a_stop_reaches_a_refresh_under_way(
    vault: FullDisk, provider: Provider, clock: FastClock
) -> None:
    tokens = source(vault, provider)
    clock.advance(4000)
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as trouble:
        tokens.token(cancel)
    assert trouble.value.code is Code.CANCELLED
    assert provider.refreshes == 0


def test_forgetting_means_signing_in_again(vault: FullDisk, provider: Provider) -> None:
    tokens = source(vault, provider)
    tokens.forget(Cancel())
    assert vault.names() == ()
    with pytest.raises(Trouble) as trouble:
        tokens.token(Cancel())
    assert trouble.value.code is Code.SIGN_IN_NEEDED


def test_an_entry_that_cannot_be_read_means_signing_in_again(
    vault: FullDisk, provider: Provider, expect_log: Callable[..., None]
) -> None:
    tokens = source(vault, provider, signed_in=False)
    expect_log("wizard.auth.tokens", "service")
    for content in (b"{}", b'"\xff"', b"nonsense"):
        vault.set(ENTRY, content)
        with pytest.raises(Trouble) as trouble:
            tokens.token(Cancel())
        assert trouble.value.code is Code.SIGN_IN_NEEDED


def test_tokens_print_no_secret(provider: Provider) -> None:
    text = repr(provider.sign_in())
    assert "access-0" not in text
    assert "refresh-0" not in text
