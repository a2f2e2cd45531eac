"""The practice organization as a proof sees it: started, changed, and asked what it holds."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from devtools import environments
from devtools.proving import Context, Short

_READY_LIMIT = 240.0
Ask = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The requests of one stand-in: by `METHOD template`, and by status."""

    by_path: dict[str, int]
    by_status: dict[str, int]


class Organization:
    """One practice organization, running while the `with` block lasts.

    `directory` keeps its state, so a second one on the same folder goes on where the first was.
    """

    def __init__(
        self, context: Context, directory: Path, *, people: int, activation: float = 0.2
    ) -> None:
        self._context = context
        self._directory = directory
        self._people = people
        self._activation = activation
        self._child: subprocess.Popen[str] | None = None
        self.profile = Path()
        self.control = ""

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        ready = self._directory / "ready.json"
        ready.unlink(missing_ok=True)
        with (self._directory / "practice.log").open("a", encoding="utf-8") as log:
            self._child = subprocess.Popen(
                self._command(ready),
                cwd=self._context.root,
                env=environments.variables(PYTHONPATH=str(self._context.root)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        limit = time.monotonic() + _READY_LIMIT
        while not ready.exists():
            if self._child.poll() is not None or time.monotonic() > limit:
                self._end()
                raise Short("the practice organization did not start; see practice.log")
            time.sleep(0.05)
        told = json.loads(ready.read_text(encoding="utf-8"))
        self.profile, self.control = Path(told["profile"]), str(told["control"])
        return self

    def _command(self, ready: Path) -> list[str]:
        """What serves it; a proof that wants to look on may serve it otherwise."""
        return [
            str(self._context.python), "-m", "wizard", "practice", "serve",
            "--home", str(self._directory / "home"),
            "--people", str(self._people),
            "--activation-seconds", str(self._activation),
            "--ready-file", str(ready),
        ]  # fmt: skip

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    # ---------------------------------------------------------------- looking and changing

    def _read(self, name: str) -> bytes:
        with urllib.request.urlopen(self.control + name, timeout=120) as answer:
            return bytes(answer.read())

    def ask(self, name: str, ask: Ask | Sequence[Ask] | None = None) -> dict[str, object]:
        """Change something by the control interface."""
        request = urllib.request.Request(
            self.control + name,
            data=json.dumps(ask or {}).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return dict(json.loads(answer.read() or b"{}"))

    def press(self, action: str, **fields: str) -> None:
        """Press a button of the control page, with what is typed or chosen there."""
        request = urllib.request.Request(
            f"{self.control}page/{action}",
            data=urllib.parse.urlencode(fields or {"value": ""}).encode(),
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer.read()

    def _lines(self, name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._read(name).splitlines() if line]

    def expected(self) -> list[dict[str, object]]:
        """The sample's own list of those who must have an account when everyone counts."""
        return self._lines("expected")

    def accounts(self) -> list[dict[str, object]]:
        """Every account that the service holds."""
        return self._lines("accounts")

    def units_and_groups(self) -> frozenset[str]:
        """What the directory's units and groups are called."""
        file = self._directory / "home" / "google.sqlite"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as rows:
            names = rows.execute("SELECT name FROM units UNION SELECT name FROM groups")
            return frozenset(str(name) for (name,) in names if name)

    def counts(self) -> dict[str, Counted]:
        """How often each stand-in was asked, by path and by status, since it was last reset."""
        told = json.loads(self._read("counts"))
        return {
            side: Counted(by_path=dict(one["by_path"]), by_status=dict(one["by_status"]))
            for side, one in told.items()
        }

    def struck(self) -> int:
        """How many requests the faults that are set have hit."""
        return sum(int(one["struck"]) for one in json.loads(self._read("state"))["faults"])

    def versions(self) -> dict[str, int]:
        """Each account's version, which every write to it raises by one from 1."""
        return {str(one["id"]): int(str(one["version"])) for one in self.accounts()}


def writes_between(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """How many write operations the service carried out between two looks at its accounts."""
    return sum(version - before.get(account, 0) for account, version in after.items())


def judge(organization: Organization) -> dict[str, int]:
    """Hold the service's accounts against the sample's own list.

    `missing`: people without an active account; `doubled`: people with two; `strangers`: active
    accounts that carry the id of somebody who is not on the list.
    """
    wanted = {str(one["id"]) for one in organization.expected()}
    seen: dict[str, int] = {}
    strangers = 0
    for account in organization.accounts():
        key = str(account.get("externalId") or "")
        if not key or not account.get("active"):
            continue
        person = key.rsplit(":", 1)[-1]
        seen[person] = seen.get(person, 0) + 1
        strangers += person not in wanted
    return {
        "expected": len(wanted),
        "have_account": sum(1 for person in wanted if seen.get(person)),
        "missing": sum(1 for person in wanted if not seen.get(person)),
        "doubled": sum(1 for count in seen.values() if count > 1),
        "strangers": strangers,
    }
