"""A server as the proof `headless` has it: a bare Debian, a command line, a service manager."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from devtools.fresh_root import COPY, FreshRoot, speaking
from devtools.proving import Context, Short
from proofs.organization import Organization

__all__ = ["Server", "Supervised"]

PASSPHRASE = "eleven gray geese over ice"  # noqa: S105 - of an invented vault
_LIMIT = 180.0
_ENVIRONMENT = (
    "import sys; sys.path.insert(0, 'packaging'); from devtools import environments; "
    "environments.unit_environment()"
)
_LACKS = (
    "import importlib.util as u, json, os; "
    "print(json.dumps({'qt': u.find_spec('PySide6') is not None, 'variables': sorted(os.environ)}))"
)
_DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
_PLACE = "/etc/enterprise-connect"
_CREDENTIALS = "/run/credentials/enterprise-connect.service"


class Server:
    """A bare Debian with the program in it, without Qt, and one home for each organization."""

    def __init__(self, context: Context, root: FreshRoot) -> None:
        self._context = context
        self._root = root
        self.python = f"{COPY}/.venv-unit/bin/python"

    def prepare(self) -> dict[str, object]:
        """Install what the program needs; what a desktop has is really missing here."""
        log = self._context.folder / "environment.txt"
        code, said = speaking(self._root.command(["python3", "-c", _ENVIRONMENT]), log, 600)
        if code != 0:
            raise Short(f"the packages could not be installed: {said[-800:]}")
        _, said = speaking(self._root.command([self.python, "-c", _LACKS]), log, 60)
        told = json.loads(said.splitlines()[-1])
        found = [name for name in _DESKTOP if name in told["variables"]]
        if told["qt"] or found or (self._root.folder / "run" / "dbus").exists():
            raise Short("this is no server without a desktop", {"found": found, "qt": told["qt"]})
        self._write(f"{_PLACE}/passphrase", PASSPHRASE)
        self._write(f"{_CREDENTIALS}/enterprise-connect-passphrase", PASSPHRASE)
        return {"without": ["Qt", "D-Bus", *_DESKTOP]}

    def _write(self, place: str, content: str) -> None:
        path = self._root.folder / place.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)

    def take(self, source: Path, name: str) -> str:
        """Carry a file there; its place."""
        place = f"{_PLACE}/{name}"
        path = self._root.folder / place.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, path)
        path.chmod(0o600)
        return place

    def words(self, organization: Organization, home: str) -> list[str]:
        """The options that name profile and home."""
        name = Path(home).name
        text = organization.profile.read_text(encoding="utf-8")
        trusted = str(tomllib.loads(text).get("trust", {}).get("trust_root", ""))
        if trusted:
            root = self.take(Path(trusted), f"{name}.pem")
            text = text.replace(f'"{trusted}"', f'"{root}"')
        self._write(f"{_PLACE}/{name}.toml", text)
        return ["--profile", f"{_PLACE}/{name}.toml", "--home", home]

    def start(
        self, words: Sequence[str], *, out: IO[str] | int, **variables: str
    ) -> subprocess.Popen[str]:
        """Begin a command of the program there; it can be typed into."""
        command = [self.python, "-m", "wizard", *words]
        return self.begin(command, stdin=subprocess.PIPE, out=out, **variables)

    def begin(
        self, command: Sequence[str], *, stdin: int, out: IO[str] | int, **variables: str
    ) -> subprocess.Popen[str]:
        """Begin any command there; both of its outputs are one."""
        return subprocess.Popen(
            self._root.command(command, PYTHONUTF8="1", PYTHONUNBUFFERED="1", **variables),
            stdin=stdin,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """A command with the passphrase file; its exit code, and what it said."""
        kept = ["--passphrase-file", f"{_PLACE}/passphrase"]
        child = self.start([*words, *kept], out=subprocess.PIPE)
        said, _ = child.communicate(timeout=_LIMIT)
        if "Traceback" in said:
            raise Short(f"{words[0]} met a mistake of the program's own: {said[-800:]}")
        return child.returncode, said

    def unit_command(self, options: Sequence[str]) -> list[str]:
        """What the systemd unit, written there for these options, would start."""
        place = f"/srv/units-{Path(options[-1]).name}"
        (self._root.folder / place.lstrip("/")).mkdir(parents=True)
        code, said = self.run("service-files", place, *options)
        unit = self._root.folder / place.lstrip("/") / "enterprise-connect.service"
        if code != 0 or not unit.exists():
            raise Short(f"the units were not written: {said[-500:]}")
        lines = unit.read_text(encoding="utf-8").splitlines()
        return shlex.split(next(one for one in lines if one.startswith("ExecStart="))[10:])


class Supervised:
    """A unit as its service manager runs it: with its credentials alone, and started again."""

    def __init__(self, server: Server, command: Sequence[str], log: Path) -> None:
        self._server = server
        self._command = command
        self._log = log
        self._child: subprocess.Popen[str] | None = None
        self.starts = 0
        log.unlink(missing_ok=True)

    def start(self) -> None:
        """Start it, also again."""
        self.starts += 1
        with self._log.open("a", encoding="utf-8") as log:
            self._child = self._server.begin(
                self._command,
                stdin=subprocess.DEVNULL,
                out=log,
                CREDENTIALS_DIRECTORY=_CREDENTIALS,
            )

    def end(self, number: int) -> int:
        """Send a signal to the program itself; the exit code, negative for a kill."""
        child = self._child
        if child is None:
            raise Short("the unit was not started")
        os.kill(_inside(child), number)
        try:
            code = child.wait(90)
        except subprocess.TimeoutExpired as late:
            raise Short("the unit did not end within its time") from late
        return code - 256 if code > 200 else code

    def close(self) -> None:
        """Leave nothing of it."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    def lines(self) -> list[dict[str, object]]:
        """Every line of the log so far; each has to be one object."""
        text = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
        told = []
        for line in text.splitlines(keepends=True):
            if not line.endswith("\n"):
                break  # it is being written
            if line.startswith("unshare: "):
                continue  # of the door into the root, and not of the program
            try:
                told.append(dict(json.loads(line)))
            except ValueError as problem:
                raise Short(f"a line of the log is no object: {line[:300]}") from problem
        return told

    def wait(
        self, what: str, wanted: Callable[[dict[str, object]], bool], *, after: int
    ) -> dict[str, object]:
        """The first such line behind so many others."""
        limit = time.monotonic() + _LIMIT
        while time.monotonic() < limit:
            found = next((line for line in self.lines()[after:] if wanted(line)), None)
            if found is not None:
                return found
            if self._child is not None and self._child.poll() is not None:
                raise Short(f"the unit ended before {what}", {"log": self.lines()[-3:]})
            time.sleep(0.05)
        raise Short(f"the log never told of {what}", {"log": self.lines()[-3:]})

    def run_ended(self, *, after: int) -> dict[str, object]:
        """The end of the next run; it has to be a good one."""
        ended = self.wait("a run", lambda line: line["event"] == "run-ended", after=after)
        if ended["outcome"] != "done" or not ended["run"]:
            raise Short("a run of the unit did not end well", {"said": ended})
        return ended


def _inside(child: subprocess.Popen[str]) -> int:
    """The program's own process, within the namespaces that were made for it."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit and child.poll() is None:
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        if children:
            words = Path(f"/proc/{children[0]}/cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"python"):
                return int(children[0])
        time.sleep(0.05)
    raise Short("the program did not start in the server's root")


KILL = signal.SIGKILL
END = signal.SIGTERM
