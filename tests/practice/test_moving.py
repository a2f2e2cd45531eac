"""A set-up moved to another computer, against the practice service: nothing lost, nothing twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.auth.tokens import TokenSet
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.flow.graph import Walk
from wizard.services.bench_runs import BenchRuns
from wizard.services.keeping import sign_ins
from wizard.services.setup import SetUp
from wizard.services.status import status_lines, status_of

WORD = "a sentence for the road"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("moving-organization"), people=40) as running:
        yield running


@pytest.fixture
def old(world: World, tmp_path: Path) -> Iterator[Computer]:
    """A computer whose first sync is done."""
    person = f"moving.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "old", person=person, kept=True) as one:
        one.set_up(f"Unit of {person}")
        assert one.run().outcome is RunOutcome.DONE
        yield one


@pytest.fixture
def new(world: World, old: Computer, tmp_path: Path) -> Iterator[Computer]:
    """A computer on which nothing is set up."""
    with computer(world, tmp_path / "new", person=old.person.person, kept=True) as one:
        yield one


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "set-up.ecsmove"


def out(one: Computer, file: Path, to: str = "SERVER01") -> None:
    one.bench.engine.moving.move_out(file, WORD, one.cancel, to=to)


def refused(one: Computer, file: Path, word: str = WORD) -> Trouble:
    with pytest.raises(Trouble) as caught:
        one.bench.engine.moving.move_in(file, word, one.cancel)
    assert not one.bench.answers.ou_id
    assert not secrets(one)
    return caught.value


def schedule_of(one: Computer) -> BenchRuns:
    """What the window's schedule goes by, over the answers as they are on the disk."""
    ground = one.bench.engine.ground
    return BenchRuns(one.bench, SetUp(ground.folder, ground.clock))


def secrets(one: Computer) -> tuple[str, ...]:
    return sign_ins(one.bench.engine.ground.vault(one.cancel))


def holder(of: Computer, by: Computer) -> str:
    """The installation that holds the lease, as `by` sees it."""
    answers = of.bench.answers
    service = by.bench.engine.access.as_sync(answers, by.cancel)
    lease = service.organization_account(
        answers.ou_id, answers.organization_account_id, by.cancel
    ).syncer
    return lease.installation_id if lease is not None else ""


def kept_tokens(one: Computer) -> TokenSet:
    tokens = one.bench.engine.access.source(one.cancel).tokens()
    assert tokens is not None
    return tokens


def test_the_new_computer_syncs_and_the_old_one_says_where_it_went(
    old: Computer, new: Computer, file: Path
) -> None:
    before = old.holders()
    out(old, file)
    assert secrets(old) == ()
    told = refused_run(old)
    assert told.code is Code.MOVED_AWAY
    assert "SERVER01" in trouble_words(told.code, told.facts).happened
    assert "SERVER01" in "\n".join(status_lines(status_of(old.bench, old.cancel)))
    view = new.bench.engine.moving.move_in(file, WORD, new.cancel)
    assert (view.syncs_here, view.renewed, view.syncer) == (True, True, "")
    assert holder(new, new) == new.bench.engine.ground.installation.id
    report = new.run()
    assert (report.outcome, report.done.writes) == (RunOutcome.DONE, 0)
    assert new.holders() == before
    assert len(new.bench.reports()) == 2, "past runs came along"
    away = old.bench.home.facts(old.cancel).moved
    assert away is not None
    assert (away.to, away.file, away.at is not None) == ("SERVER01", file.name, True)
    assert old.bench.home.machine(old.cancel).moved
    assert new.bench.home.facts(new.cancel).moved is None
    assert file.stat().st_mode & 0o077 == 0


def test_a_window_of_a_computer_that_a_command_moved_away_from_only_watches(
    old: Computer, file: Path
) -> None:
    assert not schedule_of(old).elsewhere()
    out(old, file)
    assert schedule_of(old).elsewhere()


def test_how_long_runs_are_kept_moves_along(old: Computer, new: Computer, file: Path) -> None:
    assert old.bench.home.machine(old.cancel).keep_days == 90
    old.bench.home.keep_for(365, old.cancel)
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    assert new.bench.home.machine(new.cancel).keep_days == 365


def refused_run(one: Computer) -> Trouble:
    with pytest.raises(Trouble) as caught:
        one.run()
    return caught.value


def test_a_copy_of_the_old_tokens_opens_nothing_at_the_service(
    old: Computer, new: Computer, file: Path
) -> None:
    stolen, token = kept_tokens(old), provisioning(old)
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    access = new.bench.engine.access
    assert provisioning(new) != token
    answers = new.bench.answers
    with pytest.raises(Trouble) as caught:
        access._sync_with(token).settings(
            answers.ou_id, answers.organization_account_id, new.cancel
        )
    assert caught.value.code is Code.PROVISIONING_TOKEN_REVOKED
    with pytest.raises(Trouble) as again:
        access._openid.refresh(stolen, new.cancel)
    assert again.value.code is Code.SIGN_IN_EXPIRED


def provisioning(one: Computer) -> str:
    return one.bench.engine.access.provisioning_token(one.bench.answers, one.cancel)


def test_a_file_that_cannot_be_used_is_refused_in_words_and_leaves_nothing(
    old: Computer, new: Computer, file: Path, tmp_path: Path
) -> None:
    assert refused(new, file).facts["problem"] == "gone"
    out(old, file)
    whole = file.read_bytes()
    wrong = refused(new, file, "another sentence")
    assert (wrong.code, wrong.facts["problem"]) == (Code.PASSPHRASE_WRONG, "packed")
    cut = tmp_path / "cut"
    for content in (whole[:-40], whole[:200] + b"\0" + whole[201:], b"", b"ECSVAULT", whole * 2):
        cut.write_bytes(content)
        assert refused(new, cut).facts["problem"] == "damaged"
    newer = bytearray(whole)
    newer[8] = 9
    cut.write_bytes(bytes(newer))
    assert refused(new, cut).facts["problem"] == "too-new"
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).syncs_here


def test_a_file_is_good_for_one_computer(
    world: World, old: Computer, new: Computer, file: Path, tmp_path: Path
) -> None:
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    with computer(world, tmp_path / "third", person="x@bench.example", kept=True) as third:
        assert refused(third, file).facts["problem"] == "used"
    assert new.run().outcome is RunOutcome.DONE
    assert new.bench.signed_in(new.cancel).address


def test_what_is_set_up_here_is_not_written_over(
    world: World, old: Computer, file: Path, tmp_path: Path
) -> None:
    out(old, file)
    person = f"moving.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "busy", person=person, kept=True) as busy:
        busy.set_up("Another one")
        before = busy.bench.answers, secrets(busy)
        with pytest.raises(Trouble) as caught:
            busy.bench.engine.moving.move_in(file, WORD, busy.cancel)
        assert caught.value.facts["problem"] == "set-up-here"
        assert (busy.bench.answers, secrets(busy)) == before


def test_nothing_is_written_over_and_nothing_given_up_for_it(old: Computer, file: Path) -> None:
    file.write_text("somebody's")
    with pytest.raises(Trouble) as caught:
        out(old, file)
    assert caught.value.facts["problem"] == "file-there"
    assert file.read_text() == "somebody's"
    assert old.run().outcome is RunOutcome.DONE
    with pytest.raises(Trouble) as short:
        old.bench.engine.moving.move_out(file.with_name("other"), "too short", old.cancel)
    assert short.value.facts["problem"] == "short"


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(
    old: Computer, tmp_path: Path
) -> None:
    with pytest.raises(Trouble) as caught:
        out(old, tmp_path / "nowhere" / "file")
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE
    assert old.run().outcome is RunOutcome.DONE


def test_a_service_that_is_down_leaves_the_file_good(
    world: World, old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    world.tell("outage", {"stand_in": "account", "on": True})
    try:
        refused(new, file)
    finally:
        world.tell("outage", {"stand_in": "account", "on": False})
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).syncs_here


def test_moved_out_while_the_service_is_down_the_new_one_takes_the_lease_over(
    world: World, old: Computer, new: Computer, file: Path
) -> None:
    world.tell("outage", {"stand_in": "account", "on": True})
    try:
        assert not old.bench.engine.moving.move_out(file, WORD, old.cancel).lease_given_up
    finally:
        world.tell("outage", {"stand_in": "account", "on": False})
    assert secrets(old) == ()
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).syncs_here
    assert new.run().outcome is RunOutcome.DONE


def test_a_third_computer_that_took_the_task_keeps_it(
    world: World, old: Computer, new: Computer, file: Path, tmp_path: Path
) -> None:
    with computer(world, tmp_path / "third", person=old.person.person, kept=True) as third:
        third.sign_in()
        assert third.authorize().connection is not None
        out(old, file)
        third.bench.take_over(third.cancel)
        view = new.bench.engine.moving.move_in(file, WORD, new.cancel)
        assert not view.syncs_here
        assert view.syncer == third.bench.engine.ground.installation.host
        assert holder(third, third) == third.bench.engine.ground.installation.id


def test_it_goes_back_the_way_it_came(old: Computer, new: Computer, file: Path) -> None:
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    back = file.with_name("back")
    out(new, back, to="")
    assert old.bench.engine.moving.move_in(back, WORD, old.cancel).syncs_here
    assert old.run().outcome is RunOutcome.DONE
    assert refused_run(new).code is Code.MOVED_AWAY


def test_who_authorizes_anew_on_the_old_computer_sets_it_up_there_again(
    old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    old.sign_in()
    assert old.authorize().connection is not None
    assert old.run().outcome is RunOutcome.NOT_THE_SYNCER
    assert new.run().outcome is RunOutcome.DONE


def test_erasing_what_was_moved_leaves_a_computer_that_can_be_set_up(
    old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    assert old.bench.home.erase(old.cancel).left is None
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    assert new.run().outcome is RunOutcome.DONE
    old.person = replace(old.person, person=f"moving.{next(_numbers)}@bench.example")
    old.set_up("A new one")
    assert old.run().outcome is RunOutcome.DONE


def test_beside_an_open_window_nothing_is_moved_in(
    old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    window = new.bench.first_window()
    assert window.take(lambda _unit: None)
    try:
        assert refused(new, file).facts["problem"] == "window-open"
    finally:
        window.close()
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).syncs_here


def test_what_a_window_chose_before_it_closed_is_not_written_over(
    world: World, old: Computer, new: Computer, file: Path, tmp_path: Path
) -> None:
    out(old, file)
    person = f"moving.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "new", person=person, kept=True) as window:
        window.sign_up("Made meanwhile")
    with pytest.raises(Trouble) as caught:
        new.bench.engine.moving.move_in(file, WORD, new.cancel)
    assert caught.value.facts["problem"] == "set-up-here"
    assert new.bench.answers.ou_name == "Made meanwhile"
    assert secrets(new)


def test_a_set_up_that_was_lost_comes_back_with_the_keys_that_are_here(
    old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    new.run()
    kept = provisioning(new), kept_tokens(new)
    new.bench.go(Walk())
    new.restart()
    assert not new.bench.answers.ou_id
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).renewed
    assert (provisioning(new), kept_tokens(new)) != kept
    assert len(new.bench.reports()) == 2, "what was done here since is still known"
    assert new.run().outcome is RunOutcome.DONE


def test_a_file_that_went_on_from_here_is_of_no_more_use_here(
    old: Computer, new: Computer, file: Path
) -> None:
    out(old, file)
    new.bench.engine.moving.move_in(file, WORD, new.cancel)
    out(new, file.with_name("on"), to="THIRD")
    with pytest.raises(Trouble) as caught:
        new.bench.engine.moving.move_in(file, WORD, new.cancel)
    assert caught.value.facts["problem"] == "used"
    assert refused_run(new).code is Code.MOVED_AWAY
    assert secrets(new) == ()


def test_sign_ins_that_are_kept_until_the_end_cannot_be_moved(
    world: World, new: Computer, old: Computer, file: Path, tmp_path: Path
) -> None:
    out(old, file)
    with computer(world, tmp_path / "memory", person="x@bench.example") as memory:
        with pytest.raises(Trouble) as caught:
            memory.bench.engine.moving.move_in(file, WORD, memory.cancel)
        assert caught.value.facts["problem"] == "nowhere-to-keep"
    assert new.bench.engine.moving.move_in(file, WORD, new.cancel).syncs_here
