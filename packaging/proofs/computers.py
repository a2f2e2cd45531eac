"""Two computers as a proof has them: a workbench in its own process, and a command that stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from devtools import environments
from devtools.proving import Context, Short
from proofs.client import Client

__all__ = ["Staying", "Workbench"]

_HARNESS = Path(__file__).with_name("two_machines_harness.py")
_LIMIT = 120.0


class Workbench:
    """A workbench in a process of its own, as the window has it."""

    def __init__(self, context: Context, client: Client, log: Path) -> None:
        self._context = context
        self._client = client
        self._log = log
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with self._log.open("a", encoding="utf-8") as log:
            self._child = subprocess.Popen(
                [
                    str(self._context.python), str(_HARNESS),
                    str(self._client.home),
                    str(self._client.organization.profile),
                    str(self._client.passphrase),
                ],
                cwd=self._context.root,
                env=environments.variables(PYTHONPATH=str(self._context.root)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )  # fmt: skip
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        child = self._child
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def begin(self, command: str) -> None:
        """Tell it to do something; its answer is read with `answer`."""
        child = self._child
        if child is None or child.stdin is None:
            raise Short("a workbench was told something before it began")
        child.stdin.write(f"{command}\n")
        child.stdin.flush()

    def answer(self) -> dict[str, object]:
        """The answer to what it was told."""
        child = self._child
        line = child.stdout.readline() if child is not None and child.stdout is not None else ""
        if not line:
            raise Short(f"a workbench ended early; see {self._log.name}")
        return dict(json.loads(line))

    def ask(self, command: str) -> dict[str, object]:
        """Tell it to do something, and wait for the answer."""
        self.begin(command)
        return self.answer()


class Staying:
    """A command that stays, such as `sync --every`: what it says of each run.

    `said` takes it down, `place` is the folder that the command is typed in.
    """

    def __init__(
        self, context: Context, command: Sequence[str], said: Path, *, place: Path | None = None
    ) -> None:
        self._said = said
        self._said.unlink(missing_ok=True)
        with self._said.open("a", encoding="utf-8") as said_there:
            self._child = subprocess.Popen(
                list(command),
                cwd=place or context.root,
                env=environments.variables(PYTHONPATH=str(context.root)),
                stdin=subprocess.DEVNULL,
                stdout=said_there,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )

    def runs(self) -> list[dict[str, object]]:
        """Every run so far."""
        lines = self._said.read_text(encoding="utf-8").splitlines()
        return [dict(json.loads(line)) for line in lines if line]

    def first(self) -> dict[str, object]:
        """Its first run, waited for."""
        return self.run_after(0)

    def run_after(self, number: int) -> dict[str, object]:
        """The run that follows so many others, waited for."""
        limit = time.monotonic() + _LIMIT
        while len(self.runs()) <= number:
            if self._child.poll() is not None or time.monotonic() > limit:
                self.end()
                raise Short(f"sync --every said nothing of its run {number + 1}")
            time.sleep(0.1)
        return self.runs()[number]

    @property
    def stays(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    def end(self) -> int:
        """Ask it to end; its exit code."""
        if self._child.poll() is None:
            self._child.terminate()
        try:
            return self._child.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            return self._child.wait()
