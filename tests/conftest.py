"""What holds for every test: alone, quiet, off the network, and nothing left running."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is no reason to fail; what failed is printed so that it can be repeated.
settings.register_profile(
    "steady", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", settings.get_profile("steady"), max_examples=2000)
settings.load_profile("steady")

_PERSONAL = (
    "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME",
)  # fmt: skip
_REMOVED = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "BROWSER", "LANGUAGE", "PYTHON_KEYRING_BACKEND",
)  # fmt: skip
_THREAD_PATIENCE = 3.0
"""Seconds a thread that was told to stop may take until it counts as left over."""


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the test session a home of its own, so that nobody's real files are touched."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    for name in _PERSONAL:
        folder = home if name in {"HOME", "USERPROFILE"} else home / name.lower()
        folder.mkdir(exist_ok=True, mode=0o700)
        patch.setenv(name, str(folder))
    for name in _REMOVED:
        patch.delenv(name, raising=False)
    patch.setenv("LC_ALL", "C.UTF-8")
    yield home
    patch.undo()


# ------------------------------------------------------------------ network


def _is_local(address: object) -> bool:
    """Tell whether a socket address stays on this machine (a path is a local socket)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    return host in {"", "localhost", "::1", "0.0.0.0"} or host.startswith("127.")  # noqa: S104 - compared, never bound


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - the type of socket.connect
        if not _is_local(address):
            raise AssertionError(f"a test tried to leave this machine: {address!r}")
        connect(self, address)

    def checked_ex(self: socket.socket, address: Any) -> int:  # noqa: ANN401 - same
        if not _is_local(address):
            raise AssertionError(f"a test tried to leave this machine: {address!r}")
        return connect_ex(self, address)

    patch.setattr(socket.socket, "connect", checked)
    patch.setattr(socket.socket, "connect_ex", checked_ex)
    yield
    patch.undo()


# ------------------------------------------------------------------ log records


class ExpectedLogs(logging.Handler):
    """Collects records from WARNING on and tells which of them nobody expected."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self._records: list[logging.LogRecord] = []
        self._expected: list[tuple[str, str, int]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def __call__(self, logger: str, text: str = "", *, level: int = logging.WARNING) -> None:
        """Expect at least one record of `logger` (or below it) that contains `text`.

        The test fails when such a record never comes, so an expectation cannot go stale.
        """
        self._expected.append((logger, text, level))

    @staticmethod
    def _fits(record: logging.LogRecord, expected: tuple[str, str, int]) -> bool:
        logger, text, level = expected
        named = record.name == logger or record.name.startswith(f"{logger}.")
        return named and record.levelno >= level and text in record.getMessage()

    def complaints(self) -> list[str]:
        """One line for each record nobody expected and each expectation that was not met."""
        surprising = [
            f"unexpected log record: {record.levelname} {record.name}: {record.getMessage()}"
            for record in self._records
            if not any(self._fits(record, expected) for expected in self._expected)
        ]
        unmet = [
            f"expected log record never came: {logger}: {text!r}"
            for logger, text, level in self._expected
            if not any(self._fits(record, (logger, text, level)) for record in self._records)
        ]
        return surprising + unmet


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[ExpectedLogs]:
    """Fail a test that logs a warning or worse; call it to say that one is expected."""
    handler = ExpectedLogs()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    complaints = handler.complaints()
    assert not complaints, "\n".join(complaints)


# ------------------------------------------------------------------ threads


_started_at: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()


@pytest.fixture(scope="session", autouse=True)
def remember_where_threads_start() -> Iterator[None]:
    """Keep, for every thread, the lines that started it."""
    patch = pytest.MonkeyPatch()
    start = threading.Thread.start

    def remembering(self: threading.Thread) -> None:
        _started_at[self] = "".join(traceback.format_stack(limit=6)[:-1])
        start(self)

    patch.setattr(threading.Thread, "start", remembering)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running, and name where it was started."""
    before = set(threading.enumerate())
    yield
    left = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):
            continue  # a foreign thread that merely called into Python, such as one of Qt's
        thread.join(_THREAD_PATIENCE)
        if thread.is_alive():
            left.append(f"{thread.name}, started at\n{_started_at.get(thread, 'an unknown place')}")
    assert not left, "left-over threads:\n" + "\n".join(left)


# ------------------------------------------------------------------ Qt


def _qt_is_here() -> bool:
    return "PySide6" in sys.modules


@pytest.fixture(autouse=True)
def quiet_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which Qt says anything from a warning on."""
    if not _qt_is_here():
        yield
        return
    from tests.qt_guards import collect_messages

    marker = request.node.get_closest_marker("expects_qt_message")
    with collect_messages(str(marker.args[0]) if marker else None) as complaints:
        yield
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Give a function that names a loopback TCP port nobody listens on right now."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture
def as_root() -> bool:
    """Tell whether file permissions bind this process (they do not bind root)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
