"""The three questions of a helpdesk, asked in the window and held against what is true."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.proving import Short
from proofs.desktop import Node
from proofs.organization import Organization, judge
from proofs.person import Person
from proofs.wayfarer import Wayfarer

__all__ = ["CODES", "Helpdesk"]

_NOT_PRESSED = frozenset({"label", "filler", "text"})
_NOBODY = "ana.nobody@nordby.example"
CODES = ("guard-stopped", "read-empty", "not-the-syncer")


@dataclass(kw_only=True)
class Helpdesk:
    """Somebody who looks on, at Home; each method answers one question by what it shows."""

    person: Person
    walked: Wayfarer
    organization: Organization

    def is_it_healthy(self) -> dict[str, str]:
        """“In step” where it is, “Provisioning is off” once somebody switched it off."""
        state = judge(self.organization)
        if state["missing"] or state["doubled"] or self.walked.look().title != "In step":
            raise Short("it is told to be in step, and isn’t", dict(state))
        self.organization.ask("settings-as-somebody-else", {"settings": {"enabled": False}})
        self._look_again("Provisioning is off")
        off = self._reason("Provisioning is off")
        self.organization.ask("settings-as-somebody-else", {"settings": {"enabled": True}})
        self._look_again("In step")
        return {"on": self._reason("In step"), "off": off}

    def why(self, accounts: Sequence[str]) -> dict[str, str]:
        """One who has an account and one who has none, each as the service holds them."""
        self._turn("Members", decides=True)
        self.person.press("Look somebody up", decides="that somebody is looked up")
        first = True
        told: dict[str, str] = {}
        for address in (accounts[0], _NOBODY):
            has = address in accounts
            self._ask_about(address, again=not first)
            first = False
            words = (
                f"{address} has an account." if has else f"Nobody has an account with {address}."
            )
            self.person.see(words, seconds=60)
            self.walked.look()
            self.person.picture("has-an-account" if has else "has-none")
            told[address] = words
        return told

    def what_does_it_mean(self) -> dict[str, str]:
        """Each code opens the topic that is about it."""
        from wizard.content.troubles import trouble_words
        from wizard.core.trouble import Code

        self._turn("Questions", decides=True)
        told: dict[str, str] = {}
        for code in CODES:
            self._type("A question, or a code", code)
            title = trouble_words(Code(code)).title
            self.person.see(title, seconds=20)
            self.walked.look()
            self.person.picture(f"code-{code}")
            told[code] = title
        return told

    def next_start(self, profile: Path) -> dict[str, str]:
        """The window is closed and opened: it is where it was."""
        self.person.close_window()
        self.person.open_window(profile)
        self.person.see("In step", seconds=60)
        self.walked.look()
        self.person.picture("the-day-after")
        return {"title": "In step"}

    # ---------------------------------------------------------------- hands

    def _look_again(self, title: str) -> None:
        """To another page and back, until Overview says so."""
        limit = time.monotonic() + 60
        while self.walked.look().title != title:
            if time.monotonic() > limit:
                raise Short(f"Overview never said “{title}”", {"says": self.walked.look().title})
            self._turn("Activity")
            self._turn("Overview")
            time.sleep(1.0)
        self.person.picture(title.casefold().replace(" ", "-"))

    def _reason(self, title: str) -> str:
        """What stands below the title."""
        texts = [node.name for node in self.walked.look().nodes if node.role == "label"]
        return texts[texts.index(title) + 1] if title in texts[:-1] else ""

    def _ask_about(self, address: str, *, again: bool) -> None:
        self._type("Why isn’t somebody here?", address, clear=again)
        self.person.see("This computer can’t tell.", seconds=30)
        self.person.press("Ask the account service", decides="to ask the account service")

    def _type(self, field: str, words: str, *, clear: bool = True) -> None:
        self.person.desktop.click("text", field)
        if clear:
            self.person.desktop.key("ctrl+a")
        self.person.desktop.type(words)
        self.person.decisions.append(f"to type “{words}”")

    def _turn(self, name: str, *, decides: bool = False) -> None:
        """Click a page's name or a tab, whatever it is to assistive technology."""
        if decides:
            self.person.decisions.append(f"to open {name}")

        def wanted(nodes: Sequence[Node]) -> Node | None:
            return next(
                (n for n in nodes if n.name.startswith(name) and n.role not in _NOT_PRESSED), None
            )

        self.person.desktop.click_at(self.person.desktop.wait(wanted, what=f"“{name}”"))
        self.person.clicks += 1
