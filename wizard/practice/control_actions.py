"""What the buttons of the control page do; each answers with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from wizard.core.clock import from_text, to_text
from wizard.practice.account.settings import LimitsPatch, SettingsPatch
from wizard.practice.control import STAND_INS, Control
from wizard.practice.control_cards import MANY, SLOW_MS
from wizard.practice.google.changes import Changed
from wizard.practice.google.signin import Ending
from wizard.practice.traffic import Fault, Latency, StandIn

__all__ = ["Actions", "UnknownChoiceError"]

T = TypeVar("T")
Given = Mapping[str, str]
_OTHER_OWNER = "owner@nordby.example"
_OTHER_HOST = "SERVER01"
_REFUSALS = 5
_LONGEST = 3600.0

_SETTINGS: dict[str, tuple[SettingsPatch, str]] = {
    "hourly": (SettingsPatch(interval_minutes=60), "the sync runs every hour"),
    "keep": (SettingsPatch(leavers="keep"), "accounts of people who leave are kept"),
    "limit": (
        SettingsPatch(limits=LimitsPatch(leave_percent=1)),
        "the sync stops at 1 % of people leaving",
    ),
    "off": (SettingsPatch(enabled=False), "provisioning is off"),
    "on": (SettingsPatch(enabled=True), "provisioning is on"),
}


class UnknownChoiceError(Exception):
    """The form carries something that the page does not offer."""


class Actions:
    """By the name that is the last part of a card's address."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._all: dict[str, Callable[[Given], str]] = {
            "hire": self._hire,
            "rename": self._rename,
            "let-go": self._let_go,
            "move": self._move,
            "suspend": self._suspend,
            "bring-back": self._bring_back,
            "let-many-go": self._let_many_go,
            "other-settings": self._other_settings,
            "activation": self._activation,
            "fail-connection": self._fail_connection,
            "other-computer": self._other_computer,
            "ending": self._ending,
            "expire": self._expire,
            "empty": self._empty,
            "swap": self._swap,
            "outage": self._outage,
            "slow": self._slow,
            "errors": self._errors,
            "heal": self._heal,
            "start-over": self._start_over,
        }

    def find(self, name: str) -> Callable[[Given], str] | None:
        """What the button does, None where there is no such button.

        Raises `UnknownChoiceError`, `NoSuchPersonError`, and `sqlite3.IntegrityError` where an
        address is taken.
        """
        return self._all.get(name)

    def press(self, words: str) -> None:
        """Press a button: its name and, after a space, what is typed or chosen there.

        Raises `UnknownChoiceError` for one that is not there.
        """
        name, _, value = words.partition(" ")
        button = self.find(name)
        if button is None:
            raise UnknownChoiceError(name)
        button({"value": value})

    # ------------------------------------------------------------ people

    def _hire(self, given: Given) -> str:
        unit = given.get("unit") or "/Sales"
        changed = self._control.google.changes.hire(family=given.get("value", ""), unit=unit)
        return f"{_who(changed)} was hired, in {changed.unit_path}."

    def _rename(self, given: Given) -> str:
        changed = self._control.google.changes.rename(
            _somebody(given), given=None, family=given.get("family") or None, address=None
        )
        return f"{_who(changed)} is the new name."

    def _let_go(self, given: Given) -> str:
        return f"{_who(self._control.google.changes.let_go(_somebody(given)))} was let go."

    def _move(self, given: Given) -> str:
        changed = self._control.google.changes.move(_somebody(given), given.get("unit") or "/Sales")
        return f"{_who(changed)} is in {changed.unit_path} now."

    def _suspend(self, given: Given) -> str:
        changed = self._control.google.changes.suspend(_somebody(given), suspended=True)
        return f"{_who(changed)} is suspended."

    def _bring_back(self, given: Given) -> str:
        who = given.get("value") or self._control.google.store.someone_suspended()
        if who is None:
            return "Nobody is suspended."
        changed = self._control.google.changes.suspend(who, suspended=False)
        return f"{_who(changed)} is back."

    def _let_many_go(self, given: Given) -> str:
        return f"{len(self._control.google.changes.let_go_many(MANY))} people were let go."

    # ------------------------------------------------------------ the account service

    def _connection(self) -> str | None:
        row = self._control.account.database.maybe(
            "SELECT id FROM connections ORDER BY seq DESC LIMIT 1"
        )
        return None if row is None else str(row["id"])

    def _other_settings(self, given: Given) -> str:
        patch, words = _chosen(_SETTINGS, given)
        connection = self._connection()
        if connection is None:
            return "There is no organization account yet. Connect one first."
        version = self._control.account.settings.save(connection, patch, _OTHER_OWNER)
        return f"{_OTHER_OWNER} has saved: {words} (version {version})."

    def _activation(self, given: Given) -> str:
        seconds = _number(given, 2.0)
        self._control.slow_activation(timedelta(seconds=seconds))
        return f"New connections become active after {seconds:g} seconds."

    def _fail_connection(self, given: Given) -> str:
        code = given.get("value") or "app-not-installed"
        self._control.account.connections.next_failure = code
        return f"The next connection fails with {code}."

    def _other_computer(self, given: Given) -> str:
        connection = self._connection()
        if connection is None:
            return "There is no organization account yet. Connect one first."
        database = self._control.account.database
        now = from_text(database.now())
        database.run(
            "INSERT OR REPLACE INTO leases VALUES (?,?,?,?,?,?)",
            connection,
            "inst_server01",
            _OTHER_HOST,
            "ops@nordby.example",
            to_text(now),
            to_text(now + timedelta(minutes=90)),
        )
        return f"{_OTHER_HOST} keeps the people in step now."

    # ------------------------------------------------------------ Google

    def _ending(self, given: Given) -> str:
        ending = _chosen({one.value: one for one in Ending}, given)
        self._control.google.sign_in.ending = ending
        if ending is Ending.NONE:
            return "Sign-ins at Google work."
        return f"Sign-ins at Google end with {ending.value}."

    def _expire(self, given: Given) -> str:
        openid, tokens = self._control.account.openid, self._control.google.tokens
        openid.expire_access()
        tokens.expire_access()
        if given.get("value") == "refresh":
            openid.end_all()
            tokens.end_refresh()
            return "All tokens have ended. Somebody has to sign in again."
        return "All access tokens have expired."

    def _empty(self, given: Given) -> str:
        self._control.google.switches.empty = True
        return "The directory reads empty now."

    def _swap(self, given: Given) -> str:
        self._control.google.switches.swapped = True
        return "Google answers for another customer now."

    # ------------------------------------------------------------ the network

    def _outage(self, given: Given) -> str:
        which = given.get("which") or "all"
        seconds = _number(given, 60.0) if given.get("value", "60") else None
        for stand_in in STAND_INS if which == "all" else (_stand_in(which),):
            self._control.traffic.take_down(stand_in, seconds)
        whom = {"all": "Nobody is answered", "account": "The account service answers nobody"}
        until = "until it is put right" if seconds is None else f"for {seconds:g} seconds"
        return f"{whom.get(which, 'Google answers nobody')} {until}."

    def _slow(self, given: Given) -> str:
        wait = int(_number(given, float(SLOW_MS)) if given.get("value") else SLOW_MS)
        self._control.traffic.latencies = [
            Latency(stand_in=which, path_prefix="/", milliseconds=wait) for which in STAND_INS
        ]
        return f"The network is slow now: every request waits {wait:,} ms."

    def _errors(self, given: Given) -> str:
        status = int(_number(given, 503.0))
        if not 400 <= status <= 599:
            raise UnknownChoiceError(str(status))
        which = _stand_in(given.get("which") or "account")
        self._control.traffic.faults.append(Fault(stand_in=which, times=_REFUSALS, status=status))
        name = "Google" if which is StandIn.GOOGLE else "The account service"
        return f"{name} answers the next {_REFUSALS} requests with {status}."

    def _heal(self, given: Given) -> str:
        self._control.heal()
        return "Everything works again."

    def _start_over(self, given: Given) -> str:
        typed = given.get("value", "").strip().strip("“”\"'").casefold()
        if typed != "start over":
            return "Nothing was changed. Type “start over” to confirm."
        self._control.begin_anew()
        return "This is a fresh organization. Nothing is set up."


def _somebody(given: Given) -> str:
    return given.get("value") or "any"


def _stand_in(name: str) -> StandIn:
    try:
        return StandIn(name)
    except ValueError as problem:
        raise UnknownChoiceError(name) from problem


def _number(given: Given, otherwise: float) -> float:
    text = given.get("value") or str(otherwise)
    try:
        number = float(text)
    except ValueError as problem:
        raise UnknownChoiceError(text) from problem
    if not 0 <= number <= max(_LONGEST, 60_000.0):
        raise UnknownChoiceError(text)
    return number


def _chosen(offered: Mapping[str, T], given: Given) -> T:
    name = given.get("value", "")
    if name not in offered:
        raise UnknownChoiceError(name)
    return offered[name]


def _who(changed: Changed) -> str:
    name = f"{changed.given_name} {changed.family_name}".strip()
    return f"{name} ({changed.address})" if name else changed.address
