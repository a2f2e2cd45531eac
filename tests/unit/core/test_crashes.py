"""What a crash leaves behind: words without secrets, and no copy of the memory."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from wizard.core.crashes import DiscreetCrashes, no_core_file
from wizard.services.logs import log_path, logging_to

TOKEN = "Q3nVb7xKQm2pLr8sTz4wYd6fHj1cGa5e-UiOpAsDfG"
SECRETS = (
    f"Authorization: Bearer {TOKEN}",
    f'{{"refresh_token": "{TOKEN}"}}',
    f"http://127.0.0.1:5000/x?state=s&code={TOKEN}",
    "http://ana:four-quiet-rivers@proxy.nordby.example:8080",
    f"no key {TOKEN} in the vault",
)


@pytest.mark.parametrize("words", SECRETS)
def test_an_exception_that_nobody_caught_is_told_without_secrets(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, DiscreetCrashes():
        raise RuntimeError(words)
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "Traceback" in said
    assert "RuntimeError: " in said
    assert TOKEN not in said
    assert "four-quiet-rivers" not in said


def test_what_it_was_raised_from_is_told_without_secrets_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        try:
            dict[str, str]()[TOKEN]
        except KeyError as problem:
            raise RuntimeError("no more") from problem

    with pytest.raises(SystemExit), DiscreetCrashes():
        fail()
    said = capsys.readouterr().err
    assert "KeyError" in said
    assert TOKEN not in said


def end_a_thread_by_a_mistake() -> None:
    def fail() -> None:
        raise RuntimeError(SECRETS[0])

    with DiscreetCrashes():
        thread = threading.Thread(target=fail, name="lane")
        thread.start()
        thread.join()


@contextmanager
def no_log() -> Iterator[None]:
    """As before a log is opened: nobody handles records."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        yield
    finally:
        root.handlers = handlers


def test_a_thread_that_ends_by_a_mistake_tells_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with no_log():
        end_a_thread_by_a_mistake()
    said = capsys.readouterr().err
    assert "in the thread lane: Traceback" in said
    assert "RuntimeError" in said
    assert TOKEN not in said


def test_where_there_is_a_log_a_thread_tells_of_its_mistake_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.core.crashes", "in the thread lane")
    with logging_to(tmp_path):
        end_a_thread_by_a_mistake()
    told = log_path(tmp_path).read_text(encoding="utf-8")
    assert "in the thread lane" in told
    assert "RuntimeError: Authorization: [removed]" in told
    assert TOKEN not in told
    assert capsys.readouterr().err == ""


def test_what_goes_wrong_while_something_is_thrown_away_tells_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Holder:
        def __repr__(self) -> str:
            return TOKEN

        def __del__(self) -> None:
            raise RuntimeError(SECRETS[1])

    with no_log(), DiscreetCrashes():
        holder = Holder()
        del holder
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert TOKEN not in said


def test_being_told_to_end_stays_as_it_is() -> None:
    with pytest.raises(KeyboardInterrupt), DiscreetCrashes():
        raise KeyboardInterrupt
    with pytest.raises(SystemExit) as ended, DiscreetCrashes():
        raise SystemExit(6)
    assert ended.value.code == 6


def test_afterwards_others_tell_of_mistakes_as_before() -> None:
    before = threading.excepthook, sys.unraisablehook
    with DiscreetCrashes():
        assert threading.excepthook is not before[0]
    assert (threading.excepthook, sys.unraisablehook) == before


@pytest.mark.skipif(sys.platform == "win32", reason="core files are those of POSIX systems")
def test_the_memory_of_a_crash_is_not_kept(tmp_path: Path) -> None:
    import resource

    highest = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if highest == 0:
        pytest.skip("this system keeps none anyway")
    lines = (
        "import os, resource as r, wizard.core.crashes as c",
        "r.setrlimit(r.RLIMIT_CORE, (r.getrlimit(r.RLIMIT_CORE)[1],) * 2)",
        "c.no_core_file()",
        "os.abort()",
    )
    root = str(Path(__file__).resolve().parents[3])
    ended = subprocess.run(
        [sys.executable, "-c", "; ".join(lines)],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert ended.returncode < 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="core files are those of POSIX systems")
def test_the_limit_of_the_system_stays_where_it_was() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        no_core_file()
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
