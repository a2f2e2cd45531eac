"""What led others to remove everybody at once, played against the command line; nobody may leave.

An act breaks something, syncs, holds the service's accounts against those before, account by
account, holds exit code, trouble and words against what they should be, heals, and syncs again.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from devtools import environments
from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.organization import Organization, judge, writes_between
from wizard.content.troubles import TroubleWords, trouble_words
from wizard.core.trouble import Code

__all__ = ["ALL", "KNOWN", "PEOPLE", "Act", "State", "play", "told"]

PEOPLE = 480
_LIVE = "live"
_LIMIT = 420.0
_LAST_EVERY = 240.0
Break = Callable[[Client], None]


def told(name: str, ask: Mapping[str, object] | Sequence[Mapping[str, object]]) -> Break:
    """Breaks something by one word to the control interface."""

    def breaks(client: Client) -> None:
        client.organization.ask(name, ask)

    return breaks


class State(StrEnum):
    """What this computer knows when it happens."""

    NEVER_SYNCED = "set up, never synced"
    IN_STEP = "in step, with its database"
    DATABASE_GONE = "in step, its database deleted"


ALL = tuple(State)
KNOWN = (State.IN_STEP, State.DATABASE_GONE)


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that breaks, and what a sync must make of it.

    `codes` are the troubles with which it may stop, `ends` the exit codes. `mends` puts right
    what "put everything right" does not. `writes` says that accounts may be made meanwhile, of
    people who are told of. With `every` it is played by `sync --every` as well, which is told to
    end after its first report. So many `leavers` really leave meanwhile: they go when it is over.
    """

    name: str
    breaks: Break
    ends: tuple[int, ...] = (1,)
    codes: tuple[Code, ...] = ()
    states: Sequence[State] = ALL
    mends: Break = lambda _client: None
    writes: bool = False
    every: bool = False
    leavers: int = 0


@dataclass(kw_only=True)
class _Tally:
    """What was played so far."""

    acts: int = 0
    runs: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)


def play(context: Context, acts: Sequence[Act]) -> Figures:
    """Prepare both starts once, then each act from each of its starts."""
    shutil.rmtree(context.folder, ignore_errors=True)
    starts = _prepared(context)
    tally = _Tally()
    for act in acts:
        for state in act.states:
            context.progress(f"{act.name}; {state}")
            _play_one(context, act, state, starts[state], tally)
            tally.acts += 1
    return {
        "people": PEOPLE,
        "acts": tally.acts,
        "runs_while_broken": tally.runs,
        "troubles": tally.troubles,
        "exit_codes": tally.exits,
        "deactivated": 0,
        "told": tally.told,
    }


def _prepared(context: Context) -> Mapping[State, Path]:
    """The folders to begin from, kept aside. A copy that runs elsewhere is another computer."""
    new, done = context.folder / "set-up", context.folder / "in-step"
    live = context.folder / _LIVE
    with _opened(context, live) as organization:
        client = Client(context, live, organization)
        client.set_up()
        organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 0}})
    shutil.copytree(live, new)
    with _opened(context, live) as organization:
        client = Client(context, live, organization)
        client.answer("preview")
        client.answer("sync", "--once")
        _exact(organization, "the first sync")
    shutil.copytree(live, done)
    return {State.NEVER_SYNCED: new, State.IN_STEP: done, State.DATABASE_GONE: done}


def _opened(context: Context, folder: Path) -> Organization:
    return Organization(context, folder / "organization", people=PEOPLE)


def _play_one(context: Context, act: Act, state: State, start: Path, tally: _Tally) -> None:
    folder = context.folder / _LIVE
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start, folder)
    with _opened(context, folder) as organization:
        client = Client(context, folder, organization)
        if state is State.DATABASE_GONE:
            lose_database(client)
        before = organization.accounts()
        if act.leavers:
            organization.ask("let-go", {"count": act.leavers})
        act.breaks(client)
        code, report, said = client.run("sync", "--once", seconds=_LIMIT)
        words = _judge_run(act, state, code, report, said, tally)
        _untouched(act, state, before, organization.accounts())
        # Again, in words: a run that remembers something wrong shows it in the next one.
        _hear(context, client, act, state, words, tally)
        _untouched(act, state, before, organization.accounts())
        if act.every and state is State.IN_STEP:
            _by_service_manager(context, client, act, tally)
            _untouched(act, state, before, organization.accounts())
        organization.ask("clear-faults")
        act.mends(client)
        _converges(client, act, state)


def lose_database(client: Client) -> None:
    """Delete the database of the connection, and whatever lies beside it."""
    for path in client.home.rglob("*.db*"):
        path.unlink()


def _judge_run(
    act: Act, state: State, code: int, report: Mapping[str, object], said: str, tally: _Tally
) -> TroubleWords | None:
    """Hold exit code and trouble against what they should be; the words that go with them."""
    tally.runs += 1
    told = report.get("trouble")
    if isinstance(told, Mapping):
        # What kept a run from beginning is told whole, and not as a report.
        report = told
    trouble = str(report.get("code") or report.get("trouble") or "")
    tally.exits[str(code)] = tally.exits.get(str(code), 0) + 1
    tally.troubles[trouble or "none"] = tally.troubles.get(trouble or "none", 0) + 1
    where = f"{act.name}; {state}"
    evidence = {"report": report, "said": said[-1500:], "exit": code}
    if code not in act.ends:
        raise Short(f"{where}: exit code {code}, not {act.ends}", evidence)
    if trouble and trouble not in {one.value for one in act.codes}:
        raise Short(f"{where}: {trouble}, not {[one.value for one in act.codes]}", evidence)
    if code and not trouble:
        raise Short(f"{where}: ended with {code}, and no trouble is named", evidence)
    if not trouble:
        return None
    words = trouble_words(Code(trouble), _facts(report))
    tally.told[trouble] = f"{words.title}. {words.happened} {words.to_do}"
    return words


def _hear(
    context: Context,
    client: Client,
    act: Act,
    state: State,
    words: TroubleWords | None,
    tally: _Tally,
) -> None:
    """The same sync as a person reads it: what happened, why, and what to do stand in it."""
    tally.runs += 1
    command = [word for word in client.command("sync", "--once") if word != "--json"]
    done = subprocess.run(
        command,
        check=False,
        cwd=context.root,
        env=environments.variables(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
    )
    heard = done.stdout + done.stderr
    evidence = {"heard": heard[-2000:], "exit": done.returncode}
    if done.returncode not in act.ends:
        raise Short(f"{act.name}; {state}: the second run ended otherwise", evidence)
    lines = (words.title, words.happened, words.to_do) if words else ()
    missing = [line for line in lines if line not in heard]
    if missing:
        raise Short(f"{act.name}; {state}: not said: {missing}", evidence)


def _facts(report: Mapping[str, object]) -> dict[str, str]:
    pairs = report.get("trouble_facts")
    facts = report.get("facts")
    if isinstance(facts, Mapping):
        return {str(name): str(value) for name, value in facts.items()}
    return {str(name): str(value) for name, value in pairs} if isinstance(pairs, list) else {}


def _untouched(
    act: Act,
    state: State,
    before: Sequence[Mapping[str, object]],
    after: Sequence[Mapping[str, object]],
) -> None:
    """Each account by itself: there as before, as active as before; and nothing else written."""
    now = {str(one["id"]): one for one in after}
    gone = [str(one["userName"]) for one in before if str(one["id"]) not in now]
    off = [
        str(one["userName"])
        for one in before
        if one["active"] and not now.get(str(one["id"]), one)["active"]
    ]
    changed = [one for one in before if now.get(str(one["id"])) != one]
    made = len(after) - len(before)
    if gone or off:
        raise Short(
            f"{act.name}; {state}: {len(off)} deactivated, {len(gone)} deleted",
            {"deactivated": off[:20], "deleted": gone[:20]},
        )
    if not act.writes and (changed or made):
        raise Short(f"{act.name}; {state}: {len(changed)} changed, {made} made")


def _converges(client: Client, act: Act, state: State) -> None:
    """The next quiet run puts everything in step by itself, and another one has nothing to do."""
    organization = client.organization
    code, report, said = client.run("sync", "--once", seconds=_LIMIT)
    if code not in {0, 3}:
        where = f"{act.name}; {state}: the quiet run"
        raise Short(f"{where} ended with {code}: {said[-900:]}", {"report": report})
    _exact(organization, f"{act.name}; {state}, afterwards")
    before = organization.versions()
    client.answer("sync", "--once")
    if writes_between(before, organization.versions()):
        raise Short(f"{act.name}; {state}: a second quiet run wrote something")


def _exact(organization: Organization, when: str) -> None:
    verdict = judge(organization)
    if verdict["missing"] or verdict["doubled"] or verdict["strangers"]:
        raise Short(f"not exact: {when}", verdict)


def _by_service_manager(context: Context, client: Client, act: Act, tally: _Tally) -> None:
    """`sync --every`: its first report like that of one run, and its end has that exit code."""
    with (context.folder / "every.txt").open("w+", encoding="utf-8") as log:
        child = subprocess.Popen(
            client.command("sync", "--every", "30m"),
            cwd=context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        limit = time.monotonic() + _LAST_EVERY
        try:
            line = child.stdout.readline() if child.stdout else ""
            child.send_signal(signal.SIGTERM)
            code = child.wait(max(1.0, limit - time.monotonic()))
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        log.seek(0)
        report = json.loads(line) if line.strip() else {}
        _judge_run(act, State.IN_STEP, code, report, log.read(), tally)
