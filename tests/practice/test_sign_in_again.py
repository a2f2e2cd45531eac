"""Another owner signs in on a server where a sign-in is kept of somebody who owns it no longer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import PASSWORD, Computer, computer
from tests.practice.test_commands import Shell
from tests.practice.visitor import World, practice, quiet_session
from wizard.accounts.base import AccountWrite, WriteKind
from wizard.core.runs import RunOutcome
from wizard.services.scripted_browser import Manners, ScriptedBrowser

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("again"), people=30) as running:
        yield running


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[Computer]:
    """Set up and synced by somebody who then invited a colleague as an owner."""
    person = f"again.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "home", person=person, kept=True) as one:
        one.set_up("Unit of two")
        assert one.run().outcome is RunOutcome.DONE
        one.bench.inviting.invite([colleague(one)], one.cancel)
        accept(world, colleague(one))
        yield one


def colleague(server: Computer) -> str:
    return f"colleague.of.{server.person.person}"


def accept(world: World, address: str) -> None:
    """Sign up behind the link of the letter."""
    browser = quiet_session()
    letters = browser.get(f"{world.pages}/outbox").text.split("<article>")
    (letter,) = [one for one in letters if f"<dd>{address}</dd>" in one]
    found = re.search(r'href="(/invitations/[^"]+)"', letter)
    assert found is not None
    form = {"name": "Kari Moe", "password": PASSWORD}
    assert browser.post(f"{world.pages}{found[1]}/signup", data=form).status_code == 200


def take_away(server: Computer, address: str) -> None:
    """Somebody is an owner no longer: their account in the unit is switched off."""
    users = server.bench.engine.access.users(server.bench.answers, server.cancel, read_only=False)
    (account,) = [one for page in users.accounts(server.cancel) for one in page
                  if one.address == address]  # fmt: skip
    write = AccountWrite(kind=WriteKind.DEACTIVATE, key="1", external_id="", account_id=account.id)
    (done,) = list(users.write([write], server.cancel))
    assert done.code is None, done


def signs_in(shell: Shell, person: str) -> tuple[int, str, str]:
    """Somebody signs in from a terminal: the exit code, the answer, and what was told."""
    stuck: list[str] = []
    browser = ScriptedBrowser(Manners(person=person, password=PASSWORD), stuck=stuck.append)
    process = shell.start("sign-in", "--no-browser")
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if line.startswith("  http"):
            browser.open(line.strip())
    out, _ = process.communicate(timeout=60)
    browser.close()
    assert not stuck, told
    return process.returncode, out, "".join(told)


def test_another_owner_signs_in_and_everything_stays(server: Computer) -> None:
    known, other = server.bench.answers, colleague(server)
    take_away(server, known.signed_in_as)
    server.close()
    shell = Shell(server.world, server.home)
    code, out, told = signs_in(shell, other)
    assert code == 0, told
    assert "already set up for Unit of two" in told
    assert f"Signed in as {other}." in out
    code, status = shell.asked("status")
    assert (code, status["signed_in_as"], status["unit"]) == (0, other, "Unit of two")
    assert shell.run("sync", "--once")[0] == 0
    server.restart()
    assert server.bench.answers.first_sync_done
    assert server.bench.answers.organization_account_id == known.organization_account_id


def test_who_owns_it_no_longer_is_refused_again_and_nothing_is_lost(server: Computer) -> None:
    known = server.bench.answers
    take_away(server, known.signed_in_as)
    server.close()
    code, _, told = signs_in(Shell(server.world, server.home), known.signed_in_as)
    assert code == 1
    assert told.strip().endswith("set-up-stands")
    server.restart()
    assert server.bench.answers.first_sync_done
