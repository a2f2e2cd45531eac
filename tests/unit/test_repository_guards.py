"""The guards of every test do guard: the network, log records and threads."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs


def test_a_connection_that_would_leave_this_machine_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match="leave this machine"):
        outward.connect(("192.0.2.1", 80))


def test_a_loopback_connection_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_home_folder_is_the_sessions_own(own_home: Path) -> None:
    assert Path.home() == own_home


def watched(name: str) -> tuple[logging.Logger, ExpectedLogs]:
    """A logger that speaks to its own guard and to nobody else."""
    logger = logging.getLogger(name)
    logger.propagate = False
    guard = ExpectedLogs()
    logger.addHandler(guard)
    return logger, guard


def test_a_warning_nobody_expected_is_a_complaint_and_an_information_is_not() -> None:
    logger, guard = watched("wizard.example.surprise")
    logger.info("as usual")
    logger.warning("odd")
    assert guard.complaints() == [
        "unexpected log record: WARNING wizard.example.surprise: odd",
    ]


def test_an_expected_warning_is_none_and_one_that_never_came_is() -> None:
    logger, guard = watched("wizard.example.expected")
    guard("wizard.example", "half")
    assert guard.complaints() == ["expected log record never came: wizard.example: 'half'"]
    logger.warning("half the page was missing")
    assert guard.complaints() == []
