"""Somebody in front of the real window, with a real browser beside it: the hands of a proof."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devtools.proving import Context, Short
from proofs.desktop import Desktop, Node

__all__ = ["BUTTON", "Person"]

BUTTON = "push button"
_SCRIPT = Path(__file__).with_name("browser_person.py")


class Person:
    """One person at one computer: a desktop, a home folder, a browser, and what they did.

    `service` is who they are at the account service. Decisions are counted by the proof:
    what counts as one is said there.
    """

    def __init__(self, context: Context, desktop: Desktop, home: Path, *, service: str) -> None:
        self._context = context
        self.desktop = desktop
        self.home = home
        self._service = service
        self._orders = home.parent / f"{home.name}-browser.json"
        self._pictures = 0
        self.clicks = 0
        self.decisions: list[str] = []
        self.window: subprocess.Popen[str] | None = None
        self.be()

    def be(self, *, google: str = "", **more: object) -> None:
        """Who the person is at the browser from now on, and what they do there."""
        orders = {"service": self._service, "google": google, **more}
        self._orders.write_text(json.dumps(orders), encoding="utf-8")

    # ---------------------------------------------------------------- the window

    def open_window(
        self,
        profile: Path | None,
        *more: str,
        through: Sequence[str] = (),
        around: Mapping[str, str] | None = None,
    ) -> None:
        """Start the program; `through` goes before its command, `around` into its environment."""
        browser = f"{sys.executable} {_SCRIPT} {self._orders} %s &"
        self.window = self.desktop.start(
            [
                *through,
                str(self._context.python), "-m", "wizard",
                *(["--profile", str(profile)] if profile is not None else []),
                "--home", str(self.home),
                *more,
            ],
            **{"BROWSER": browser, **(around or {})},
        )  # fmt: skip

    def close_window(self) -> int:
        """End the program as the system does; its exit code, -1 where it did not end."""
        window = self.window
        if window is None:
            return 0
        if window.poll() is None:
            window.terminate()
        try:
            return window.wait(30)
        except subprocess.TimeoutExpired:
            window.kill()
            window.wait()
            return -1

    def wait_end(self) -> int:
        """Wait until the program ends by itself; its exit code."""
        window = self.window
        if window is None:
            raise Short("no window was opened")
        try:
            return window.wait(20)
        except subprocess.TimeoutExpired as late:
            raise Short("the program did not end with its window") from late

    def leave(self) -> None:
        """Make sure that nothing of the window is left, however the proof ends."""
        if self.window is not None and self.window.poll() is None:
            self.window.kill()
            self.window.wait()

    def visit(self, address: str) -> None:
        """Open a page in the person's own browser and follow it as the orders say."""
        done = subprocess.run(
            [sys.executable, str(_SCRIPT), str(self._orders), address],
            check=False,
            env=self.desktop.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise Short(f"the browser could not go on: {done.stderr[-600:]}")

    # ---------------------------------------------------------------- hands and eyes

    def press(
        self, name: str, *, role: str = BUTTON, seconds: float = 30.0, decides: str = ""
    ) -> None:
        """Click something by what it is called; `decides` is the decision that this was."""
        self.desktop.click(role, name, seconds=seconds)
        self.clicks += 1
        if decides:
            self.decisions.append(decides)

    def press_first(self, *names: str, seconds: float = 30.0) -> None:
        """Click whichever of these buttons is there."""

        def wanted(nodes: Sequence[Node]) -> Node | None:
            there = {node.name: node for node in nodes if node.role == BUTTON and node.enabled}
            return next((there[name] for name in names if name in there), None)

        found = self.desktop.wait(wanted, what=f"one of the buttons {names}", seconds=seconds)
        self.press(found.name)

    def press_rightmost(self, name: str) -> None:
        """Click the button of this name that stands farthest to the right, as in a sheet."""

        def wanted(nodes: Sequence[Node]) -> Node | None:
            there = [n for n in nodes if n.role == BUTTON and n.name == name and n.enabled]
            return max(there, key=lambda node: node.x) if len(there) > 1 else None

        node = self.desktop.wait(wanted, what=f"two buttons “{name}”")
        self.desktop.click_at(node)
        self.clicks += 1

    def choose(self, name: str, *, decides: str = "") -> None:
        """Click a choice."""
        self.press(name, role="radio button", decides=decides)

    def write(self, field: str, words: str, *, role: str = "text") -> None:
        """Click into a field by its name and type."""
        self.desktop.click(role, field)
        self.clicks += 1
        self.desktop.type(words)

    def see(self, words: str, *, seconds: float = 30.0) -> Node:
        """Wait until these words stand in the window."""
        return self.desktop.see(words, seconds=seconds)

    def see_line(self, *parts: str, seconds: float = 30.0) -> Node:
        """Wait until one line of the window has all of these parts."""
        return self.desktop.wait(
            lambda nodes: next((n for n in nodes if all(p in n.words for p in parts)), None),
            what=f"a line with {parts}",
            seconds=seconds,
        )

    def shows(self, words: str) -> bool:
        """Whether these words stand in the window now."""
        return any(words in node.words for node in self.desktop.nodes())

    def words(self) -> Sequence[str]:
        """Everything that stands in the window now."""
        return [text for node in self.desktop.nodes() for text in (node.name, node.text) if text]

    def picture(self, name: str) -> Path:
        """Keep what the screen shows."""
        self._pictures += 1
        # The page fades in; a picture of half a page shows nobody anything.
        self.desktop.settle()
        return self.desktop.picture(f"{self._pictures:02}-{name}")
