"""The support file of a real set-up: whole, useful, and without anybody in it."""

from __future__ import annotations

import itertools
import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingState
from wizard.services.contract.checking import Check, CheckBegun, SupportFile
from wizard.services.logs import logging_to

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def ready(organization: World, tmp_path: Path) -> Iterator[Computer]:
    """Set up and synced once, with a log."""
    organization.tell("clear-faults")
    home = tmp_path / "home"
    person = f"unni.lie.{next(_numbers)}@bench.example"
    with logging_to(home / "logs"), computer(organization, home, person=person) as one:
        one.set_up("Fjordheim Rederi")
        one.run()
        yield one
    organization.tell("clear-faults")


def everybody(one: Computer) -> Iterator[str]:
    """Every name and address that this computer knows."""
    with one.bench.engine.syncing.database(one.bench.answers).read() as reading:
        for sql in (
            "SELECT address FROM snap_user",
            "SELECT given_name || ' ' || family_name FROM snap_user",
            "SELECT family_name FROM snap_user",
            "SELECT name FROM snap_unit",
        ):
            yield from reading.values(str, sql)


def test_nobody_is_in_the_support_file_and_support_finds_its_way(ready: Computer) -> None:
    calls = ready.bench.checking
    checks = calls.check_everything(lambda _: None, ready.cancel)
    text = calls.support_file(ready.cancel).text
    answers = ready.bench.answers
    body = text[text.index("Program and system") :]
    for known in {one.strip() for one in everybody(ready)} - {""}:
        # One word may also be an English one; then it stands there for what it means.
        assert known not in body or not (" " in known or "@" in known), known
    for gone in (answers.signed_in_as, answers.authorized_as, answers.ou_name, answers.domain):
        assert gone
        assert gone not in text
    for needed in (
        answers.ou_id,
        answers.organization_account_id,
        answers.customer_id,
        "people_read=",
        "interval_minutes",
        *(check.id for check in checks),
        *ready.bench.profile.hosts,
    ):
        assert needed in text
    assert "Signed in as             p1" in text


def test_neither_the_helpdesks_page_nor_another_computer_tells_whose_file_it_is(
    ready: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = ready.bench.checking
    calls.choose_report(tmp_path, ready.cancel, private=True)
    here = ready.bench.engine.ground.installation
    other = replace(here, id="another-one")
    monkeypatch.setattr(ready.bench.engine.ground, "installation", other)
    found = calls.check_everything(lambda _: None, ready.cancel)
    (syncer,) = (check for check in found if check.id == "syncer")
    assert (syncer.code, syncer.detail) == (Code.NOT_THE_SYNCER, here.host)
    elsewhere = replace(other, host="nobody-else")
    monkeypatch.setattr(ready.bench.engine.ground, "installation", elsewhere)
    monkeypatch.setattr("socket.gethostname", lambda: "nobody-else")
    text = calls.support_file(ready.cancel).text
    assert "[organization]-helpdesk.html" in text
    assert "fjordheim" not in text.casefold()
    (line,) = (line for line in text.splitlines() if "Who syncs" in line)
    assert here.host not in line.partition("Who syncs")[2].split()


def test_the_same_person_has_one_mark_in_checks_and_set_up(ready: Computer) -> None:
    calls = ready.bench.checking
    calls.check_everything(lambda _: None, ready.cancel)
    text = calls.support_file(ready.cancel).text
    (line,) = (line for line in text.splitlines() if "Signed in:" in line)
    assert line.endswith(": p1")


def test_checks_are_told_one_by_one_and_what_fails_says_what_to_do(ready: Computer) -> None:
    heard: list[object] = []
    fault = {"stand_in": "account", "path_prefix": "/v1/me", "times": 0, "status": 503}
    ready.world.tell("faults", [fault])
    found = ready.bench.checking.check_everything(heard.append, ready.cancel)
    begun = [event.id for event in heard if isinstance(event, CheckBegun)]
    ended = [event for event in heard if isinstance(event, Check)]
    assert begun == [check.id for check in found]
    assert ended == list(found)
    (person,) = (check for check in found if check.id == "person")
    assert (person.state, person.code) == (FindingState.FAILED, Code.SERVICE_UNAVAILABLE)
    assert person.to_do
    assert person.topic


def test_checking_can_be_stopped(ready: Computer) -> None:
    cancel = ready.cancel

    def heard(event: object) -> None:
        if isinstance(event, CheckBegun) and event.id == "service":
            cancel.stop()

    with pytest.raises(Trouble) as stopped:
        ready.bench.checking.check_everything(heard, cancel)
    assert stopped.value.code is Code.CANCELLED


def test_it_is_saved_for_its_owner_alone_and_never_over_another_file(
    ready: Computer, tmp_path: Path
) -> None:
    calls = ready.bench.checking
    file = calls.support_file(ready.cancel)
    path = calls.save_support_file(file, tmp_path)
    assert path == tmp_path / file.name
    assert path.read_text(encoding="utf-8") == file.text
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Trouble) as there:
        calls.save_support_file(SupportFile(name="x", text="other"), path)
    assert there.value.code is Code.FILE_THERE
    assert path.read_text(encoding="utf-8") == file.text
    calls.save_support_file(SupportFile(name="x", text="other"), path, replace=True)
    assert path.read_text(encoding="utf-8") == "other"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [file.name]


def test_a_log_that_is_no_text_is_told_as_far_as_it_goes(ready: Computer) -> None:
    (ready.home / "logs" / "enterprise-connect.log").write_bytes(b"\xff\xfe\x00 broken\n" * 3)
    text = ready.bench.checking.support_file(ready.cancel).text
    assert "broken" in text
    assert "Nothing was checked before this file was made." in text


def test_where_nobody_knows_the_names_no_words_of_the_log_are_in_it(
    ready: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_answers: object) -> object:
        raise Trouble(Code.DATABASE_BUSY, file="google.db")

    logging.getLogger("wizard.sync.names").info("somebody called Zoltan Kovacs")
    whole = ready.bench.checking.support_file(ready.cancel).text
    assert "Zoltan" in whole, "nobody here is called so"
    monkeypatch.setattr(ready.bench.engine.syncing, "database", busy)
    text = ready.bench.checking.support_file(ready.cancel).text
    assert "Zoltan" not in text
    assert "INFO wizard.sync.names [MainThread]" in text
    assert "Could not be read: database-busy (file=google.db)" in text
