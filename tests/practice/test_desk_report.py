"""The helpdesk report of a real set-up: written after each run, and true."""

from __future__ import annotations

import itertools
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.people import Standing
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Place

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: people are hired and let go here."""
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def ready(organization: World, tmp_path: Path) -> Iterator[Computer]:
    """Set up, before the first sync."""
    organization.tell("clear-faults")
    person = f"gro.lie.{next(_numbers)}@bench.example"
    with computer(organization, tmp_path / "home", person=person) as one:
        one.set_up("Fjordheim Rederi")
        yield one
    organization.tell("clear-faults")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "share"
    made.mkdir(mode=0o755)
    return made


class Page(HTMLParser):
    """The page as a browser without script has it: rows by number, answers by id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.tags: set[str] = set()
        self._row = self._answer = ""
        self._cell = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        known = dict(attrs)
        if tag == "tr" and known.get("id"):
            self._row = known["id"] or ""
            self.rows[self._row] = []
        elif tag == "td" and self._row:
            self.rows[self._row].append("")
            self._cell = True
        elif tag == "a" and self._row:
            self.links[self._row] = (known["href"] or "").removeprefix("#")
        elif tag == "article" and known.get("id"):
            self._answer = known["id"] or ""
            self.answers[self._answer] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._row = ""
        elif tag == "td":
            self._cell = False
        elif tag == "article":
            self._answer = ""

    def handle_data(self, data: str) -> None:
        if self._row and self._cell:
            self.rows[self._row][-1] += data
        if self._answer:
            self.answers[self._answer] += data

    def about(self, address: str) -> str:
        """The answer for this address."""
        (row,) = (row for row, cells in self.rows.items() if address in cells)
        return self.answers[self.links[row]]


def page_in(folder: Path) -> tuple[Path, str]:
    (path,) = folder.iterdir()
    return path, path.read_text(encoding="utf-8")


def known(one: Computer, sql: str) -> list[str]:
    with one.bench.engine.syncing.database(one.bench.answers).read() as reading:
        return list(reading.values(str, sql))


def test_everybody_is_in_it_with_the_words_of_explain(ready: Computer, folder: Path) -> None:
    view = ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    assert view.trouble is None
    ready.run()
    path, text = page_in(folder)
    page = Page(text)
    assert path.name == "fjordheim-rederi-helpdesk.html"
    assert len(page.rows) == ready.bench.people.view(ready.cancel).total == 300
    for standing in (Standing.NO_ACCOUNT, Standing.NEW):
        for row in ready.bench.people.find(frozenset({standing}), "", 3, ready.cancel).rows:
            told = ready.bench.people.explain(row.address, ready.cancel)
            assert told.person is not None
            answer = page.about(row.address)
            assert told.person.standing is standing
            expected = {
                Standing.NO_ACCOUNT: "has no account because they are suspended in Google",
                Standing.NEW: "has a new account.",
            }[standing]
            assert expected in answer or "archived in Google" in answer
    assert "In step" in text
    assert set(page.links.values()) <= page.answers.keys()


def test_who_leaves_stands_with_the_day(ready: Computer, folder: Path) -> None:
    ready.save(lambda now: replace(now, grace_days=7))
    ready.run()
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    ready.world.tell("let-go", {"count": 1})
    ready.run()
    (gone,) = known(ready, "SELECT address FROM person WHERE standing = 'leaving'")
    page = Page(page_in(folder)[1])
    assert "account ends on" in page.about(gone)
    assert "This person’s account" in page.about(gone)
    assert not re.search("today|yesterday|tomorrow", "".join(page.answers.values()))


def test_a_run_that_failed_is_told_and_the_people_stay(ready: Computer, folder: Path) -> None:
    ready.run()
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    ready.world.tell(
        "faults", [{"stand_in": "google", "path_prefix": "/admin/", "times": 0, "status": 403}]
    )
    assert ready.run().outcome is RunOutcome.FAILED
    text = page_in(folder)[1]
    assert "In step" not in text
    assert len(Page(text).rows) == ready.bench.people.view(ready.cancel).total


def test_a_schedule_that_could_not_even_ask_is_told(ready: Computer, folder: Path) -> None:
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    ready.run()
    before = page_in(folder)[1]
    revoke_tokens(ready)
    with pytest.raises(Trouble) as caught:
        ready.bench.stands_for(ready.cancel)
    assert caught.value.code is Code.PROVISIONING_TOKEN_REVOKED
    after = page_in(folder)[1]
    assert '<div class="health bad">' not in before
    assert '<div class="health bad">' in after


def revoke_tokens(one: Computer) -> None:
    answers = one.bench.answers
    service = one.bench.engine.access.as_person(one.cancel)
    where = (answers.ou_id, answers.organization_account_id)
    for token in service.provisioning_tokens(*where, one.cancel):
        service.revoke_provisioning_token(*where, token.id, one.cancel)


def test_with_the_switch_nobody_is_named_and_an_address_finds_the_story(
    ready: Computer, folder: Path
) -> None:
    ready.run()
    ready.bench.checking.choose_report(folder, ready.cancel, private=True)
    text = page_in(folder)[1]
    body = text[text.index("<body") : text.index("<script>")]
    for name in known(ready, "SELECT name FROM person WHERE instr(name, ' ')"):
        assert name not in body, name
    for address in known(ready, "SELECT address FROM person WHERE address <> ''"):
        assert address not in body
        assert "." not in (local := address.partition("@")[0]) or local not in body
    assert ready.bench.answers.signed_in_as not in body
    hashes = re.findall(r'data-h="([0-9a-f ]*)"', body)
    assert len(hashes) == ready.bench.people.view(ready.cancel).total > 250
    for group in body.split("<tbody>")[1:]:
        inside = re.findall(r'data-h="([0-9a-f ]*)"', group)
        assert inside == sorted(inside), "the order of names would tell who it is"
    assert len({one for each in hashes for one in each.split()}) >= len(hashes)


def test_a_unit_that_is_called_otherwise_leaves_no_older_page_behind(
    ready: Computer, folder: Path
) -> None:
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    ready.bench.change(replace(ready.bench.answers, ou_name="Halden Freight"))
    ready.run()
    path, text = page_in(folder)
    assert path.name == "halden-freight-helpdesk.html"
    assert "Halden Freight" in text
    assert ready.bench.checking.report().file == str(path)


def test_a_folder_that_is_gone_warns_and_ends_no_sync(
    ready: Computer, folder: Path, expect_log: ExpectedLogs
) -> None:
    calls = ready.bench.checking
    calls.choose_report(folder, ready.cancel, private=False)
    path, _ = page_in(folder)
    path.unlink()
    folder.rmdir()
    expect_log("wizard.services.desk_reporting", "could not be written")
    assert ready.run().outcome is RunOutcome.DONE
    trouble = calls.report().trouble
    assert trouble is not None
    assert trouble.code is Code.FOLDER_NOT_WRITABLE
    folder.mkdir()
    assert ready.run().outcome is RunOutcome.DONE
    assert calls.report().trouble is None
    assert page_in(folder)[0] == path


def test_a_folder_that_is_not_there_is_not_chosen(ready: Computer, tmp_path: Path) -> None:
    calls = ready.bench.checking
    with pytest.raises(Trouble) as refused:
        calls.choose_report(tmp_path / "nowhere", ready.cancel, private=False)
    assert refused.value.code is Code.FOLDER_NOT_WRITABLE
    assert calls.report().folder is None


def test_switched_off_or_erased_it_is_gone(ready: Computer, folder: Path, tmp_path: Path) -> None:
    calls = ready.bench.checking
    calls.choose_report(folder, ready.cancel, private=False)
    other = tmp_path / "other"
    other.mkdir()
    calls.choose_report(other, ready.cancel, private=True)
    assert list(folder.iterdir()) == []
    calls.end_report()
    assert list(other.iterdir()) == []
    ready.run()
    assert list(other.iterdir()) == []
    calls.choose_report(folder, ready.cancel, private=False)
    ready.bench.home.erase(ready.cancel)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_it_is_its_owners_alone_unless_the_folder_is_a_groups(
    ready: Computer, folder: Path
) -> None:
    calls = ready.bench.checking
    calls.choose_report(folder, ready.cancel, private=False)
    assert stat.S_IMODE(page_in(folder)[0].stat().st_mode) == 0o600
    folder.chmod(0o2770)
    ready.run()
    assert stat.S_IMODE(page_in(folder)[0].stat().st_mode) == 0o640


def test_a_sync_that_was_taken_back_is_told_as_standing_still(
    ready: Computer, folder: Path
) -> None:
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    run = ready.run()
    view = ready.bench.undoing.look(run.run_id, lambda _: None, ready.cancel)
    ready.bench.undoing.carry_out(view, view.people, lambda _: None, ready.cancel)
    text = page_in(folder)[1]
    assert "The sync is paused" in text
    assert "was deactivated on" in "".join(Page(text).answers.values())


def test_hostile_names_come_through_a_sync_and_run_nowhere(ready: Computer, folder: Path) -> None:
    names = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202eanA\u202c", '"><img src=x>')
    for number, name in enumerate(names):
        ready.world.tell(
            "hire",
            {"given_name": name, "family_name": name, "address": f"evil{number}@nordby.example"},
        )
    ready.run()
    ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    text = page_in(folder)[1]
    assert text.count("<script>") == 1
    assert "<img" not in text
    assert "\u202e" not in text
    page = Page(text)
    for number in range(len(names)):
        assert "has a new account" in page.about(f"evil{number}@nordby.example")
    file = ready.bench.checking.support_file(ready.cancel).text
    assert "evil" not in file
    assert "\u202e" not in file
    assert "alert" not in file


def test_where_another_computer_has_the_task_no_page_is_promised(
    ready: Computer, folder: Path
) -> None:
    ready.run()
    ready.bench.change(replace(ready.bench.answers, place=Place.SERVER))
    with pytest.raises(Trouble) as refused:
        ready.bench.checking.choose_report(folder, ready.cancel, private=False)
    assert refused.value.code is Code.NOT_THE_SYNCER
    assert list(folder.iterdir()) == []
