"""Starts the program with the person's session: a desktop entry, a Run value or a launch agent.

Sources: the freedesktop.org "Desktop Application Autostart" and "Desktop Entry" specifications
(the Exec key's quoting), Microsoft's "Run and RunOnce Registry Keys", Apple's launchd.plist(5).
"""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol
from xml.parsers.expat import ExpatError

from wizard.content.text import t
from wizard.core.files import disk_trouble
from wizard.core.paths import APP
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.background import SessionStart, SessionStartState
from wizard.services.options import Options

__all__ = [
    "DesktopEntries",
    "LaunchAgents",
    "Place",
    "Registry",
    "RunValues",
    "desktop_entry",
    "launch_agent",
    "place_here",
    "run_value",
    "start_command",
]

PROGRAM = "Enterprise Connect Setup"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_RUN_PLACE = rf"HKCU\{_RUN}"
_LONGEST_RUN = 260
"""Characters that a Run value may have (Microsoft, "Run and RunOnce Registry Keys")."""
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Characters for which the specification wants an argument of Exec in quotes."""


# ---------------------------------------------------------------- what is written


def start_command(options: Options, program: Sequence[str] | None = None) -> tuple[str, ...]:
    """The command that starts this set-up in the background, as the person started it now.

    `program` is what starts the window without arguments, by default this very program.
    """
    command = [*(program or _program()), "--background"]
    if options.profile:
        path = Path(options.profile)
        is_file = path.suffix == ".toml" or path.expanduser().name != options.profile
        command += ["--profile", _whole(path) if is_file else options.profile]
    if options.trust_profile:
        command.append("--trust-profile")
    if options.home is not None:
        command += ["--home", _whole(options.home)]
    if options.passphrase_file is not None:
        command += ["--passphrase-file", _whole(options.passphrase_file)]
    if options.proxy:
        command += ["--proxy", options.proxy]
    return tuple(command)


def _whole(path: Path) -> str:
    """The path from the root; `Trouble` for one that no file can have."""
    try:
        return str(path.expanduser().resolve())
    except ValueError as problem:
        raise _unwritable("", problem) from problem


def _program() -> tuple[str, ...]:
    here = Path(sys.executable)
    ending = ".exe" if sys.platform == "win32" else ""
    window = here.with_name(APP + ending)
    if getattr(sys, "frozen", False) or window.exists():
        return (str(window),)
    return (str(here), "-m", "wizard")


def desktop_entry(command: Sequence[str], *, name: str, comment: str) -> bytes:
    """An autostart entry; `ValueError` for a command that no such file can hold."""
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        f"Name={_string(name)}",
        f"Comment={_string(comment)}",
        f"Exec={_string(' '.join(_argument(one) for one in command))}",
        f"Icon={APP}",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
    ]
    return ("\n".join(lines) + "\n").encode()


def _argument(one: str) -> str:
    """One argument of Exec: a percent sign doubled, in quotes where it has to be."""
    if any(ord(letter) < 32 and letter != "\t" for letter in one):
        raise ValueError("a control character in the command")
    one = one.replace("%", "%%")
    if one and not _RESERVED & set(one):
        return one
    escaped = re.sub(r'(["`$\\])', r"\\\1", one)
    return f'"{escaped}"'


def _string(value: str) -> str:
    """A value of type string: its own escapes come on top of those of Exec."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def run_value(command: Sequence[str]) -> str:
    """The command line of a Run value; `ValueError` for one that none can hold."""
    line = subprocess.list2cmdline(command)
    if any(ord(letter) < 32 for letter in line):
        raise ValueError("a control character in the command")
    if len(line) > _LONGEST_RUN:
        raise ValueError("too long for a Run value")
    return line


def launch_agent(command: Sequence[str], *, label: str) -> bytes:
    """A launch agent's property list; it starts once, in the session with a screen."""
    return plistlib.dumps(
        {
            "Label": label,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "KeepAlive": False,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
    )


# ---------------------------------------------------------------- where it is written


class Place(Protocol):
    """Where a system looks for what it starts with the session; one entry a profile."""

    def look(self, command: Sequence[str]) -> SessionStart:
        """Whether this command starts with the session; another one of ours counts as off."""
        ...

    def write(self, command: Sequence[str]) -> None:
        """Let it start; raises `Trouble`."""
        ...

    def erase(self) -> None:
        """Let it start no longer; nothing happens where it did not."""
        ...


class DesktopEntries:
    """Linux and other desktops that follow freedesktop.org: `$XDG_CONFIG_HOME/autostart`."""

    def __init__(self, folder: Path, profile: str) -> None:
        self._path = folder / f"{APP}-{profile}.desktop"

    def _content(self, command: Sequence[str]) -> bytes:
        return desktop_entry(
            command, name=PROGRAM, comment=t("Keeps accounts in step in the background")
        )

    def _exec_line(self, command: Sequence[str]) -> str:
        """The line of ours that starts this command; '' where no entry can hold it."""
        try:
            lines = self._content(command).decode().splitlines()
        except ValueError:
            return ""
        return next(line for line in lines if line.startswith("Exec="))

    def look(self, command: Sequence[str]) -> SessionStart:
        """See `Place.look`."""
        content = _read(self._path)
        state = SessionStartState.OFF
        ours = self._exec_line(command)
        if content is not None and ours:
            lines = content.decode("utf-8", "replace").splitlines()
            off = {"Hidden=true", "X-GNOME-Autostart-enabled=false"} & {
                line.replace(" ", "") for line in lines
            }
            if ours in lines:
                state = SessionStartState.BLOCKED if off else SessionStartState.ON
        return SessionStart(state=state, place=str(self._path))

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        try:
            content = self._content(command)
        except ValueError as problem:
            raise _unwritable(str(self._path.parent), problem) from problem
        _replace(self._path, content)

    def erase(self) -> None:
        """See `Place.erase`."""
        _unlink(self._path)


class LaunchAgents:
    """macOS: `~/Library/LaunchAgents`."""

    def __init__(self, folder: Path, profile: str) -> None:
        self._label = f"{APP}.{profile}"
        self._path = folder / f"{self._label}.plist"

    def look(self, command: Sequence[str]) -> SessionStart:
        """See `Place.look`."""
        content = _read(self._path)
        state = SessionStartState.OFF
        if content is not None:
            try:
                found = plistlib.loads(content)
            except (ValueError, ExpatError, plistlib.InvalidFileException):
                found = None
            if isinstance(found, dict) and found.get("ProgramArguments") == list(command):
                off = found.get("Disabled") is True
                state = SessionStartState.BLOCKED if off else SessionStartState.ON
        return SessionStart(state=state, place=str(self._path))

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        try:
            content = launch_agent(command, label=self._label)
        except ValueError as problem:
            raise _unwritable(str(self._path.parent), problem) from problem
        _replace(self._path, content)

    def erase(self) -> None:
        """See `Place.erase`."""
        _unlink(self._path)


class Registry(Protocol):
    """The person's own part of the Windows registry (HKEY_CURRENT_USER)."""

    def get(self, key: str, name: str) -> str | bytes | None:
        """A value, None where there is none; raises `OSError`."""
        ...

    def put(self, key: str, name: str, value: str) -> None:
        """Write a text; raises `OSError`."""
        ...

    def drop(self, key: str, name: str) -> None:
        """Remove a value; nothing happens where there is none; raises `OSError`."""
        ...


class RunValues:
    """Windows: the person's Run key, and what the Task Manager notes beside it."""

    def __init__(self, registry: Registry, profile: str) -> None:
        self._registry = registry
        self._name = f"{PROGRAM} ({profile})"

    def look(self, command: Sequence[str]) -> SessionStart:
        """See `Place.look`."""
        place = rf"{_RUN_PLACE}\{self._name}"
        try:
            found = self._registry.get(_RUN, self._name)
            noted = self._registry.get(_APPROVED, self._name)
        except OSError as problem:
            raise _unusable(_RUN_PLACE, problem) from problem
        state = SessionStartState.OFF
        if found == subprocess.list2cmdline(command):
            # The Task Manager notes a start that was switched off there with an odd first byte.
            off = isinstance(noted, bytes) and bool(noted) and noted[0] % 2 == 1
            state = SessionStartState.BLOCKED if off else SessionStartState.ON
        return SessionStart(state=state, place=place)

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        try:
            self._registry.put(_RUN, self._name, run_value(command))
        except ValueError as problem:
            raise _unwritable(_RUN_PLACE, problem) from problem
        except OSError as problem:
            raise _unusable(_RUN_PLACE, problem) from problem

    def erase(self) -> None:
        """See `Place.erase`."""
        try:
            self._registry.drop(_RUN, self._name)
        except OSError as problem:
            raise _unusable(_RUN_PLACE, problem) from problem


def place_here(
    profile: str, environment: Mapping[str, str] | None = None, platform: str = sys.platform
) -> Place | None:
    """Where this system looks; None where it is none that the program knows."""
    given = os.environ if environment is None else environment
    if platform == "win32":
        from wizard.services.windows_registry import UserRegistry

        return RunValues(UserRegistry(), profile)
    if platform == "darwin":
        return LaunchAgents(Path.home() / "Library" / "LaunchAgents", profile)
    config = given.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if config.startswith("/") else Path.home() / ".config"
    return DesktopEntries(folder / "autostart", profile)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def _replace(path: Path, content: bytes) -> None:
    """Write it whole; the folder is the system's, so that its rights stay as they are."""
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def _unusable(place: str, problem: OSError) -> Trouble:
    return Trouble(Code.FOLDER_NOT_WRITABLE, folder=place, reason=str(problem))


def _unwritable(place: str, problem: ValueError) -> Trouble:
    """The place is fine; it is this command that no entry there can hold."""
    return Trouble(
        Code.FOLDER_NOT_WRITABLE, folder=place, problem="start-entry", reason=str(problem)
    )
