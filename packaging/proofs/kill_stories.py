"""The commands that `kill-200` kills: from which state, in which phases, and what must hold after.

The prepared state keeps what it has to be judged by in `promised.json` beside it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType

from devtools.proving import Short
from proofs.client import Client
from proofs.killing import BEGIN, LEASE, RENEWAL, RUN_LIMIT, database
from proofs.organization import Organization, judge

__all__ = ["PEOPLE", "STORIES", "Story"]

PEOPLE = 300
_HELD = 18
"""More than leave without asking."""
_FEW = 4
"""Fewer than that."""
_PROMISED = "promised.json"
_SYNC = ("sync", "--once")
_BEFORE = (0, 3)
"""Done, also where some were taken back before; the accounts tell whether that is all."""
_FIELDS = ("userName", "name", "active", "externalId")
Accounts = Sequence[Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A command, how often it is killed in each of its phases, and its judge.

    A round begins from the prepared state and kills the command once in each phase, in this
    order: what one death left behind, the next command finds. `after` is the story whose state it
    is prepared from. `words` are none where nothing is left to do. `judge` goes on as a person
    would, and raises `Short`; it is given the accounts as they were before the round began.
    `ends` are the exit codes of the undisturbed command.
    """

    name: str
    phases: Mapping[str, int]
    prepare: Callable[[Client], None]
    words: Callable[[Client], Sequence[str]]
    judge: Callable[[Client, Accounts], None]
    after: str = ""
    preview: bool = False
    ends: tuple[int, ...] = (0,)


# ------------------------------------------------------------------ what is looked at


def _keep(client: Client, **promised: object) -> None:
    (client.home.parent / _PROMISED).write_text(json.dumps(promised), encoding="utf-8")


def _kept(client: Client) -> dict[str, object]:
    return dict(json.loads((client.home.parent / _PROMISED).read_text(encoding="utf-8")))


def _ids(people: object) -> list[str]:
    if not isinstance(people, list):
        raise TypeError("not a list of people")
    return [str(one["id"] if isinstance(one, dict) else one) for one in people]


def _off(accounts: Accounts) -> set[str]:
    """The directory ids, and where there is none the account ids, of whoever is deactivated."""
    return {
        str(one.get("externalId") or one["id"]).rsplit(":", 1)[-1]
        for one in accounts
        if not one["active"]
    }


def _exact(client: Client, before: Accounts, leavers: Sequence[str]) -> None:
    """Everybody once, and deactivated are these leavers and nobody else."""
    organization = client.organization
    verdict = judge(organization)
    after = organization.accounts()
    lost = {str(one["id"]) for one in before} - {str(one["id"]) for one in after}
    beyond = _off(after) - _off(before) - set(leavers)
    stayed = set(leavers) - _off(after)
    wrong = verdict["missing"] or verdict["doubled"] or verdict["strangers"]
    if wrong or lost or beyond or stayed:
        figures = {"lost": len(lost), "beyond": len(beyond), "stayed": len(stayed)}
        raise Short("the service is not exact", {**verdict, **figures})


def _nobody_left(client: Client, before: Accounts) -> None:
    beyond = _off(client.organization.accounts()) - _off(before)
    if beyond:
        raise Short(f"{len(beyond)} deactivated without a person's word")


def _goes(client: Client, *words: str, ends: Sequence[int] = (0,)) -> tuple[int, dict[str, object]]:
    code, told, said = client.run(*words, seconds=RUN_LIMIT)
    if code not in ends:
        raise Short(f"{' '.join(words)} ended with {code}: {said[-600:]}", {"report": told})
    return code, told


def _approvals(client: Client) -> tuple[int, int]:
    """How many approvals were given, and how many were used."""
    path = database(client)
    if path is None:
        return 0, 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as rows:
        given, used = rows.execute(
            "SELECT count(*), coalesce(sum(used_by IS NOT NULL), 0) FROM approval"
        ).fetchone()
    return int(given), int(used)


# ------------------------------------------------------------------ the first sync


def _set_up(client: Client) -> None:
    client.set_up()
    client.organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 0}})
    client.answer("preview")
    _keep(client)


def _after_first(client: Client, before: Accounts) -> None:
    _goes(client, *_SYNC)
    _exact(client, before, [])


# ------------------------------------------------------------------ an ordinary day


def _some_changes(organization: Organization) -> list[str]:
    """Hires, new names and leavers, all within the limits; the ids of the leavers."""
    leavers = _ids(organization.ask("let-go", {"count": _FEW})["people"])
    for _ in range(_FEW):
        organization.ask("hire")
    for one in organization.expected()[20 : 20 + _FEW]:
        organization.ask("rename", {"who": str(one["id"])})
    return leavers


def _ordinary_day(client: Client) -> None:
    client.answer(*_SYNC)
    _keep(client, leavers=_some_changes(client.organization))


def _after_ordinary(client: Client, before: Accounts) -> None:
    _goes(client, *_SYNC)
    _exact(client, before, _ids(_kept(client)["leavers"]))


def _after_preview(client: Client, before: Accounts) -> None:
    if client.organization.accounts() != before:
        raise Short("a preview wrote something")
    _after_ordinary(client, before)


# ------------------------------------------------------------------ stopped by the guard


def _too_many(client: Client) -> None:
    client.answer(*_SYNC)
    leavers = _ids(client.organization.ask("let-go", {"count": _HELD})["people"])
    _goes(client, *_SYNC, ends=(4,))
    _keep(client, leavers=leavers)


def _approve(_client: Client) -> Sequence[str]:
    return (*_SYNC, "--approve", f"leave={_HELD}")


def _approve_once(client: Client) -> Sequence[str]:
    """Nobody gives their word again where it was taken down before the program died."""
    given, _ = _approvals(client)
    return _SYNC if given else _approve(client)


def _after_waiting(client: Client, before: Accounts) -> None:
    """Held as before, and the number that a person types still fits."""
    _goes(client, *_SYNC, ends=(4,))
    _nobody_left(client, before)
    _goes(client, *_approve(client))
    _exact(client, before, _ids(_kept(client)["leavers"]))


def _after_approval(client: Client, before: Accounts) -> None:
    """Given once, it is good for one run and for these people; then others are asked about."""
    given, _ = _approvals(client)
    code, _ = _goes(client, *_SYNC, ends=(0, 4))
    if code and given:
        raise Short("the approval was lost")
    if code:
        _nobody_left(client, before)
        _goes(client, *_approve(client))
    leavers = _ids(_kept(client)["leavers"])
    _exact(client, before, leavers)
    given, used = _approvals(client)
    if (given, used) != (1, 1):
        raise Short(f"{given} approvals given, {used} used")
    settled = client.organization.accounts()
    client.organization.ask("let-go", {"count": _HELD})
    _goes(client, *_SYNC, ends=(4,))
    _nobody_left(client, settled)


# ------------------------------------------------------------------ taken back


def _to_take_back(client: Client) -> None:
    before = client.organization.accounts()
    report = client.answer(*_SYNC)
    made = client.organization.accounts()
    known = {str(one["id"]) for one in before}
    new = [one for one in made if str(one["id"]) not in known]
    # An account that was made is never deleted: it is there, and off.
    wanted = [*before, *({**one, "active": False} for one in new)]
    _keep(client, run=report["run_id"], accounts=wanted)


def _to_undo(client: Client, run: str) -> int:
    """How many people taking this run back is about."""
    _, told = _goes(client, "undo", run, "--preview", ends=_BEFORE)
    view = told["undo"]
    return int(view["people"]) if isinstance(view, dict) else 0


def _undo(client: Client) -> Sequence[str]:
    """Who is not yet taken back, as a person is shown it then; nothing where that is nobody."""
    run = str(_kept(client)["run"])
    people = _to_undo(client, run)
    return ("undo", run, "--yes", str(people)) if people else ()


def _after_undo(client: Client, _before: Accounts) -> None:
    """What was not taken back yet is taken back now; then every account is as it was before."""
    words = _undo(client)
    if words:
        _goes(client, *words, ends=_BEFORE)
    wanted = _kept(client)["accounts"]
    if not isinstance(wanted, list):
        raise TypeError("not accounts")
    now = {str(one["id"]): one for one in client.organization.accounts()}
    other = [
        f"{one['userName']}: {name}"
        for one in wanted
        for name in _FIELDS
        if now.get(str(one["id"]), {}).get(name) != one[name]
    ]
    if other or len(now) != len(wanted):
        raise Short(f"{len(other)} fields are not as before: {other[:5]}")


# ------------------------------------------------------------------ the lease


def _held_elsewhere(client: Client) -> None:
    client.organization.press("other-computer")


def _after_take_over(client: Client, before: Accounts) -> None:
    """The lease is the other computer's or this one's, and nobody is in between."""
    code, _ = _goes(client, *_SYNC, ends=(0, 6))
    if code:
        if client.organization.accounts() != before:
            raise Short("written without the lease")
        _goes(client, *_SYNC, "--take-over")
    _exact(client, before, _ids(_kept(client)["leavers"]))


def _plain(*words: str) -> Callable[[Client], Sequence[str]]:
    return lambda _client: words


STORIES = (
    Story(
        name="first sync",
        phases=MappingProxyType({"read": 9, "compare": 9, "write": 9, "record": 9}),
        prepare=_set_up,
        words=_plain(*_SYNC),
        judge=_after_first,
    ),
    Story(
        name="ordinary day",
        after="first sync",
        phases=MappingProxyType(
            {BEGIN: 10, "read": 10, "compare": 10, "look-ups": 12, "write": 12, "record": 10}
        ),
        prepare=_ordinary_day,
        words=_plain(*_SYNC),
        judge=_after_ordinary,
    ),
    Story(
        name="lease renewed",
        after="ordinary day",
        phases=MappingProxyType({LEASE: 4, RENEWAL: 8}),
        prepare=lambda _client: None,
        words=_plain(*_SYNC),
        judge=_after_ordinary,
    ),
    Story(
        name="approval waiting",
        after="first sync",
        phases=MappingProxyType({"read": 8, "record": 8}),
        prepare=_too_many,
        words=_plain(*_SYNC),
        judge=_after_waiting,
        ends=(4,),
    ),
    Story(
        name="approval just given",
        after="approval waiting",
        phases=MappingProxyType({BEGIN: 5, "read": 4, "look-ups": 4, "write": 4, "record": 4}),
        prepare=lambda _client: None,
        words=_approve_once,
        judge=_after_approval,
    ),
    Story(
        name="undo",
        after="ordinary day",
        phases=MappingProxyType({BEGIN: 8, "write": 8, "record": 8}),
        prepare=_to_take_back,
        words=_undo,
        judge=_after_undo,
    ),
    Story(
        name="take-over",
        after="ordinary day",
        phases=MappingProxyType({BEGIN: 4, LEASE: 6, "compare": 4, "write": 3}),
        prepare=_held_elsewhere,
        words=_plain(*_SYNC, "--take-over"),
        judge=_after_take_over,
    ),
    Story(
        name="preview",
        after="ordinary day",
        phases=MappingProxyType({"read": 5, "compare": 5}),
        prepare=lambda _client: None,
        words=_plain("preview"),
        judge=_after_preview,
        preview=True,
    ),
)
"""In the order in which their states are prepared."""
