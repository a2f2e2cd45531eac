"""A desktop of a proof's own: a virtual screen, a session bus, a reader and a hand on the mouse."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from devtools import debian
from devtools.proving import Short
from devtools.speech import Missing

NEEDED = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus-daemon",
    "import": "imagemagick",
    "gnome-keyring-daemon": "gnome-keyring",
}
_BAND, _FOOTER = 44, 116
"""Pixels at the upper and the lower end of the window where no page is."""
_TURNS = 30
_ON_PAGES = frozenset({"radio button", "check box", "text", "push button", "list item"})
"""What may lie on a part that scrolls."""
_READER_PYTHON = "/usr/bin/python3"
_BUS_LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
PROGRAM = "Enterprise Connect Setup"
"""The window's program, by the name that assistive technology sees."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One showing thing of the window, as a screen reader is told of it."""

    role: str
    name: str
    text: str
    x: int
    y: int
    w: int
    h: int
    states: frozenset[str]
    description: str = ""

    @property
    def enabled(self) -> bool:
        """Whether it can be used now."""
        return "sensitive" in self.states or "enabled" in self.states

    @property
    def words(self) -> str:
        """Its name and its text, for looking something up in a window."""
        return f"{self.name}\n{self.text}"


def install() -> None:
    """Make sure that the programs of a desktop are there; raises `Missing` in words."""
    lacking = debian.lacking_programs(NEEDED)
    if not _BUS_LAUNCHER.exists():
        lacking += ["at-spi2-core", "libatk-adaptor"]
    asked = subprocess.run(
        [_READER_PYTHON, "-c", "import pyatspi"], check=False, capture_output=True
    )
    if asked.returncode:
        lacking += ["python3-pyatspi", "gir1.2-atspi-2.0"]
    debian.install_or_name(lacking, because="This proof drives a real window.")


class Desktop:
    """A virtual screen with a session bus and the accessibility bus; ends what it started."""

    def __init__(self, folder: Path, *, size: str = "1280x900") -> None:
        self._folder = folder
        self._size = size
        self._children: list[subprocess.Popen[str]] = []
        self._reader: subprocess.Popen[str] | None = None
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _begin(self) -> None:
        runtime = self._folder / "runtime"
        shutil.rmtree(runtime, ignore_errors=True)
        runtime.mkdir(parents=True, mode=0o700)
        read, write = os.pipe()
        self._start(
            [
                "Xvfb",
                "-displayfd",
                str(write),
                "-screen",
                "0",
                f"{self._size}x24",
                "-nolisten",
                "tcp",
            ],
            dict(os.environ),
            keep=(write,),
        )
        os.close(write)
        with os.fdopen(read) as answer:
            display = f":{answer.readline().strip()}"
        base = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DBUS_", "WAYLAND_"))},
            "DISPLAY": display,
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CURRENT_DESKTOP": "none",
            "NO_AT_BRIDGE": "0",
            "QT_QPA_PLATFORM": "xcb",
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        bus = self._start(
            ["dbus-daemon", "--session", "--print-address", "--nofork"], base, listen=True
        )
        if bus.stdout is None:
            raise Short("the session bus says nothing")
        base["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        person = self._folder / "person"
        person.mkdir(exist_ok=True, mode=0o700)
        base["HOME"] = str(person)
        self.environment = base
        self._unlock_keyring(base)
        self._start([str(_BUS_LAUNCHER), "--launch-immediately"], base)
        self._reader = self._start(
            [_READER_PYTHON, str(Path(__file__).with_name("accessibility.py"))],
            base,
            listen=True,
            speak=True,
        )

    def _unlock_keyring(self, environment: Mapping[str, str]) -> None:
        """A keyring that is open, as after signing in to a desktop."""
        keyring = self._start(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
            environment,
            listen=True,
            speak=True,
        )
        if keyring.stdin is None or keyring.stdout is None:
            raise Short("the keyring cannot be spoken to")
        keyring.stdin.write("an invented login password")
        keyring.stdin.close()
        keyring.stdout.readline()  # says where it listens once it is open

    def _start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        listen: bool = False,
        speak: bool = False,
        keep: tuple[int, ...] = (),
    ) -> subprocess.Popen[str]:
        with (self._folder / "desktop.log").open("a", encoding="utf-8") as log:
            child = subprocess.Popen(
                list(command),
                env=dict(environment),
                stdin=subprocess.PIPE if speak else subprocess.DEVNULL,
                stdout=subprocess.PIPE if listen else log,
                stderr=log,
                text=True,
                pass_fds=keep,
                start_new_session=True,
            )
        self._children.append(child)
        return child

    def start(self, command: Sequence[str], **more: str) -> subprocess.Popen[str]:
        """Start a program on this desktop; its words go to `desktop.log`."""
        return self._start(command, {**self.environment, **more})

    def _end(self) -> None:
        for child in reversed(self._children):
            if child.stdin is not None and not child.stdin.closed:
                child.stdin.close()
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
            if child.stdout is not None:
                child.stdout.close()
        self._children.clear()

    # ---------------------------------------------------------------- looking

    def nodes(self, program: str = PROGRAM) -> list[Node]:
        """Everything that the program shows now."""
        answer = self._ask({"do": "list", "program": program})
        found = answer.get("nodes")
        if not isinstance(found, list):
            return []
        return [Node(**{**node, "states": frozenset(node["states"])}) for node in found]

    def _ask(self, order: Mapping[str, str]) -> dict[str, object]:
        reader = self._reader
        if reader is None or reader.stdin is None or reader.stdout is None:
            raise Missing("the accessibility reader is not running")
        reader.stdin.write(json.dumps(order) + "\n")
        reader.stdin.flush()
        line = reader.stdout.readline()
        if not line:
            raise Short("the accessibility reader ended by itself; see desktop.log")
        return dict(json.loads(line))

    def wait(
        self, wanted: Callable[[Sequence[Node]], Node | None], *, what: str, seconds: float = 30.0
    ) -> Node:
        """Look until something is there; raises `Short` with what stood there instead."""
        limit = time.monotonic() + seconds
        nodes: list[Node] = []
        while time.monotonic() < limit:
            nodes = self.nodes()
            found = wanted(nodes)
            if found is not None:
                return found
            time.sleep(0.15)
        self.picture("stuck")
        raise Short(
            f"waited {seconds:.0f} s for {what}", {"window": [n.name for n in nodes if n.name][:80]}
        )

    def see(self, words: str, *, seconds: float = 30.0) -> Node:
        """Wait until these words stand somewhere in the window."""
        return self.wait(
            lambda nodes: next((node for node in nodes if words in node.words), None),
            what=f"the words “{words}”",
            seconds=seconds,
        )

    def find(self, role: str, name: str, *, seconds: float = 30.0) -> Node:
        """Wait for an enabled thing of this role with this name, or one that begins so."""

        def wanted(nodes: Sequence[Node]) -> Node | None:
            fitting = [n for n in nodes if n.role == role and n.enabled]
            exact = (n for n in fitting if n.name == name)
            return next(exact, next((n for n in fitting if n.name.startswith(name)), None))

        return self.wait(wanted, what=f"the {role} “{name}”", seconds=seconds)

    # ---------------------------------------------------------------- acting

    def click(self, role: str, name: str, *, seconds: float = 30.0) -> Node:
        """Move the mouse to the thing and press the left button, as a hand does."""
        node = self._in_view(role, name, seconds)
        self._mouse(node.x + node.w // 2, node.y + node.h // 2)
        return node

    def click_at(self, node: Node) -> None:
        """Press the left button on something that was found already."""
        self._mouse(node.x + node.w // 2, node.y + node.h // 2)

    def _in_view(self, role: str, name: str, seconds: float) -> Node:
        """The thing where a hand can reach it: the page is turned by the wheel until it is.

        What does not move with the wheel stands in the footer or beside the page.
        """
        node = self.find(role, name, seconds=seconds)
        for _ in range(_TURNS):
            top, bottom = self._page_ends()
            middle = node.y + node.h // 2
            if role not in _ON_PAGES or top <= middle <= bottom:
                break
            self._wheel(down=middle > bottom, at=(node.x + node.w // 2, (top + bottom) // 2))
            moved = self.find(role, name, seconds=seconds)
            if moved.y == node.y:
                break
            node = moved
        return node

    def _page_ends(self) -> tuple[int, int]:
        """Where what scrolls begins and ends on the screen: below the band, above the footer."""
        frames = [node for node in self.nodes() if node.role in {"frame", "window"}]
        height = max((node.y + node.h for node in frames), default=720)
        return _BAND, height - _FOOTER

    def _wheel(self, *, down: bool, at: tuple[int, int]) -> None:
        button = "5" if down else "4"
        self._xdotool("mousemove", "--sync", str(at[0]), str(at[1]), "click", button)
        self.settle()

    def _mouse(self, x: int, y: int) -> None:
        self._xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def type(self, words: str) -> None:
        """Type on the keyboard into whatever has the focus."""
        self._xdotool("type", "--delay", "12", words)

    def key(self, name: str) -> None:
        """Press one key by its X name, such as `Return` or `F1`."""
        self._xdotool("key", name)

    def cancel_prompt(self) -> None:
        """Wait until the password store asks for its password, and press Cancel there."""
        self._xdotool("search", "--sync", "--onlyvisible", "--class", "gcr-prompter")
        self._xdotool("key", "Escape")

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(
            ["xdotool", *arguments], check=True, env=self.environment, capture_output=True
        )

    def settle(self, *, seconds: float = 3.0) -> None:
        """Wait until two looks at the screen, one after the other, show the same.

        What never stands still, such as a spinner, is waited for no longer than `seconds`.
        """
        limit = time.monotonic() + seconds
        before = self._look()
        while time.monotonic() < limit:
            now = self._look()
            if now == before:
                return
            before = now

    def painted(self, *, seconds: float = 30.0) -> None:
        """Wait by eye alone until something new stands on the screen, and stands still."""
        limit = time.monotonic() + seconds
        empty = self._look()
        while self._look() == empty and time.monotonic() < limit:
            time.sleep(0.15)
        self.settle()

    def _look(self) -> bytes:
        """The screen's points as they are now, as one number of all of them."""
        done = subprocess.run(
            ["import", "-window", "root", "-depth", "8", "rgb:-"],
            check=True,
            env=self.environment,
            capture_output=True,
        )
        return hashlib.blake2s(done.stdout).digest()

    def picture(self, name: str) -> Path:
        """Save what the screen shows now; returns the file."""
        path = self._folder / f"{name}.png"
        subprocess.run(
            ["import", "-window", "root", str(path)],
            check=True,
            env=self.environment,
            capture_output=True,
        )
        return path
