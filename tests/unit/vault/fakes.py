"""Keyrings that hold state, as the real ones do, and can be told to fail."""

from __future__ import annotations

import threading

import keyring.backends.fail
import keyring.backends.SecretService
import keyring.errors
from keyring.backend import KeyringBackend


class Keys:
    """A key store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.forgetful = False

    def read(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def write(self, name: str, key: bytes) -> None:
        if not self.forgetful:
            self.kept[name] = key


class Desktop(KeyringBackend):
    """A system keyring in memory, which passes for one that seals."""

    __module__ = keyring.backends.SecretService.__name__
    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types here
        self.kept: dict[tuple[str, str], str] = {}
        self.problem: Exception | None = None
        self.prompt: threading.Event | None = None

    def _ask(self) -> None:
        if self.prompt is not None:
            self.prompt.wait(20)
        if self.problem is not None:
            raise self.problem

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.kept[service, username] = password


class PlainFile(Desktop):
    """A keyring that would write keys into a plain file."""

    __module__ = "keyrings.alt.file"


class Chain(KeyringBackend):
    """A keyring that asks others in turn."""

    __module__ = "keyring.backends.chainer"
    priority = 10.0

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types here
        self.backends = list(backends)

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("its parts are asked, so that no plain file is")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("its parts are asked, so that no plain file is")


def none_at_all() -> KeyringBackend:
    return keyring.backends.fail.Keyring()  # type: ignore[no-untyped-call]  # as above


# Backends make themselves known to the library; nobody but these tests may find ours.
getattr(KeyringBackend, "_classes").difference_update({Desktop, PlainFile, Chain})  # noqa: B009
