"""What is pasted into a terminal: whole lines, also of a pipe, and Ctrl+C while nobody types."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from wizard.cli.pasted import PastedAtTerminal
from wizard.cli.terminal import Terminal
from wizard.cli.typed import TypedLines
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import BrowserWaiting

WAITING = BrowserWaiting(
    url="https://connect.example/authorize?state=s",
    host="connect.example",
    started_at=datetime(2026, 11, 3, tzinfo=UTC),
    seconds=600.0,
    opened=False,
)


class Pipe:
    """A pipe in place of the terminal."""

    def __init__(self) -> None:
        reading, self.writing = os.pipe()
        self.input = os.fdopen(reading, encoding="utf-8")

    def type(self, text: str) -> None:
        os.write(self.writing, text.encode())

    def end(self) -> None:
        os.close(self.writing)
        self.writing = -1

    def close(self) -> None:
        if self.writing >= 0:
            self.end()
        self.input.close()


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    made = Pipe()
    monkeypatch.setattr(sys, "stdin", made.input)
    yield made
    made.close()


def test_lines_that_came_at_once_are_read_one_after_the_other(pipe: Pipe) -> None:
    typed = TypedLines()
    pipe.type("one\r\ntwo\nthr")
    assert [typed.line(Cancel()), typed.line(Cancel())] == ["one", "two"]
    pipe.type("ee")
    pipe.end()
    assert [typed.line(Cancel()), typed.line(Cancel())] == ["three", None]


def test_waiting_for_a_line_ends_when_it_is_cancelled(pipe: Pipe) -> None:
    cancel = Cancel()
    stopping = threading.Timer(0.05, cancel.stop)
    stopping.start()
    with pytest.raises(Trouble) as caught:
        TypedLines().line(cancel)
    stopping.join()
    assert caught.value.code is Code.CANCELLED
    assert not TypedLines().by_person


def test_an_input_that_is_no_file_is_read_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("one\n"))
    typed = TypedLines()
    assert [typed.line(Cancel()), typed.line(Cancel())] == ["one", None]


def test_the_address_is_printed_once_and_empty_lines_are_no_answer(
    pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = PastedAtTerminal(Terminal(as_json=False, cancel=Cancel()))
    pipe.type("\n  \nhttp://127.0.0.1:1/?code=a\nhttp://127.0.0.1:1/?code=b\n")
    assert asking.ask(WAITING).endswith("=a")
    asking.refused(Trouble(Code.SIGN_IN_FORGED, problem="other-state"))
    assert asking.ask(WAITING).endswith("=b")
    told = capsys.readouterr()
    assert told.err.count(WAITING.url) == 1
    assert "of another sign-in" in told.err
    assert told.out == ""


def test_an_input_that_ends_without_an_address_needs_a_sign_in(pipe: Pipe) -> None:
    pipe.end()
    with pytest.raises(Trouble) as caught:
        PastedAtTerminal(Terminal(as_json=False, cancel=Cancel())).ask(WAITING)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert caught.value.facts["problem"] == "nothing-pasted"
