"""Who can't be brought in step, told with what is the matter, since when, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.content.problems import again_words, problem_cells, problem_words, since_words
from wizard.core.cancel import Cancel
from wizard.core.problems import Again, PersonProblem, ProblemKind
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code
from wizard.sync.problem_list import judged_by, people_with_problems
from wizard.sync.undo import undo


def problems(world: World) -> dict[str, PersonProblem]:
    """Everybody with a problem, by directory id; nobody twice."""
    with world.database.read() as reading:
        plan = judged_by(reading)
        assert plan is not None
        found = people_with_problems(reading, plan)
    by_id = {one.user_id: one for one in found}
    assert len(by_id) == len(found)
    return by_id


def told(problem: PersonProblem) -> str:
    """Everything that a person reads of it; no place is left open."""
    words = problem_words(problem)
    text = " ".join((words.title, words.reason, words.to_do, again_words(problem)))
    assert "{" not in text
    assert all(part.strip() for part in (words.title, words.reason, words.to_do))
    return text


@pytest.fixture
def synced(world: World) -> World:
    world.directory.hire("u1", given="Amira", family="Benali")
    world.directory.hire("u2", given="Oda", family="Strand")
    assert world.first_sync().outcome is RunOutcome.DONE
    return world


def test_where_all_is_in_step_nobody_has_a_problem(synced: World) -> None:
    assert problems(synced) == {}


def test_two_people_with_one_address_are_each_told_of_the_other(synced: World) -> None:
    synced.directory.hire("u3", f"desk@{DOMAIN}", given="Mikkel", family="Dahl")
    synced.directory.hire("u4", f"Desk@{DOMAIN}", given="Maren", family="Dahl")
    synced.run()
    found = problems(synced)
    assert set(found) == {"u3", "u4"}
    assert {one.kind for one in found.values()} == {ProblemKind.DUPLICATE}
    assert found["u3"].others == ("Maren Dahl",)
    assert "Maren Dahl" in told(found["u3"])
    assert found["u3"].again is Again.ON_CHANGE
    synced.directory.change("u4", address=f"maren@{DOMAIN}")
    synced.run()
    assert problems(synced) == {}


def test_an_account_in_a_domain_that_nobody_verified_is_told_with_its_domain(
    synced: World,
) -> None:
    synced.service.has("lise@partner.example")
    synced.directory.hire("u5", "lise@partner.example", given="Lise", family="Haugen")
    synced.run()
    found = problems(synced)
    assert found["u5"].kind is ProblemKind.FOREIGN_ADDRESS
    assert "partner.example" in told(found["u5"])


def test_who_has_no_address_is_told_where_the_scope_would_have_them(synced: World) -> None:
    synced.directory.hire("u6", "", given="Yuki", family="Tanaka")
    synced.run()
    found = problems(synced)
    assert found["u6"].kind is ProblemKind.NO_ADDRESS
    assert found["u6"].since is not None
    assert "address" in told(found["u6"])


def test_a_refused_change_is_told_in_the_services_words_and_tried_again_by_every_run(
    synced: World,
) -> None:
    address = f"u7@{DOMAIN}"
    synced.service.refuse[address] = Code.REQUEST_REFUSED
    synced.directory.hire("u7", given="Sindre", family="Aas")
    first = synced.run()
    synced.clock.forward(minutes=30)
    synced.run()
    one = problems(synced)["u7"]
    assert (one.kind, one.code, one.tries) == (
        ProblemKind.REFUSED, Code.REQUEST_REFUSED, 2,
    )  # fmt: skip
    assert one.again is Again.NEXT_RUN
    assert "It said: no." in told(one)
    assert one.since is not None
    assert first.started_at <= one.since <= first.finished_at
    assert [write.address for write in synced.service.written].count(address) == 2
    del synced.service.refuse[address]
    assert synced.run().outcome is RunOutcome.DONE
    assert problems(synced) == {}


def test_an_address_that_a_leaver_still_holds_is_told_with_the_leavers_name(
    synced: World,
) -> None:
    synced.directory.let_go("u2")
    synced.directory.hire("u8", f"u2@{DOMAIN}", given="Nora", family="Lie")
    synced.run()
    one = problems(synced)["u8"]
    assert (one.kind, one.others) == (ProblemKind.ADDRESS_HELD, ("Oda Strand",))
    assert "Oda Strand" in told(one)


def test_two_people_who_swap_addresses_are_told_as_that(synced: World) -> None:
    synced.directory.change("u1", address=f"u2@{DOMAIN}")
    synced.directory.change("u2", address=f"u1@{DOMAIN}")
    synced.run()
    found = problems(synced)
    assert {one.kind for one in found.values()} == {ProblemKind.ADDRESS_SWAP}
    assert found["u1"].account_address == f"u1@{DOMAIN}"
    assert "third address" in told(found["u1"])


def test_a_leaver_without_evidence_is_a_problem_until_it_is_there(synced: World) -> None:
    synced.settings = replace(synced.settings, grace_days=0)
    synced.directory.let_go("u2")
    synced.directory.look_up_trouble = Code.SERVICE_UNAVAILABLE
    first = synced.run()
    synced.clock.forward(hours=1)
    synced.run()
    one = problems(synced)["u2"]
    assert (one.kind, one.again) == (ProblemKind.NO_EVIDENCE, Again.NEXT_RUN)
    assert one.since is not None
    assert one.since <= first.finished_at
    told(one)
    synced.directory.look_up_trouble = None
    synced.run()
    assert problems(synced) == {}


def test_a_run_that_took_one_back_does_not_begin_it_anew(synced: World) -> None:
    synced.directory.change("u1", address=f"u2@{DOMAIN}")
    synced.directory.hire("u7", given="Mistake", family="Made")
    first = synced.run()
    synced.clock.forward(hours=1)
    back = undo(synced.parts(), synced.settings, first.run_id, Cancel(), synced.events.append)
    assert back.done.writes == 1
    synced.clock.forward(hours=1)
    synced.run()
    found = problems(synced)
    assert {one.since for one in found.values()} == {first.started_at}


def test_since_is_the_first_of_the_runs_in_a_row_that_met_it(synced: World) -> None:
    def begin() -> datetime:
        synced.directory.change("u1", address=f"u2@{DOMAIN}")
        return synced.run().started_at

    begin()
    synced.clock.forward(days=1)
    synced.directory.change("u1", address=f"u1@{DOMAIN}")
    synced.run()
    assert problems(synced) == {}
    synced.clock.forward(days=1)
    again = begin()
    for _ in range(3):
        synced.clock.forward(hours=1)
        synced.run()
    found = problems(synced)
    assert {one.since for one in found.values()} == {again}
    now = again + timedelta(hours=4)
    assert all("since" in since_words(one, now) for one in found.values())
    assert all(len(problem_cells(one)) == 10 for one in found.values())


def test_a_change_that_did_not_arrive_is_told_as_that() -> None:
    one = PersonProblem(
        user_id="u1", name="Amira Benali", address="a@halden-freight.example",
        kind=ProblemKind.NOT_ANSWERED, again=Again.NEXT_RUN, code=Code.CONNECTION_LOST,
    )  # fmt: skip
    assert "did not arrive" in told(one)


@pytest.mark.parametrize("kind", ProblemKind)
@pytest.mark.parametrize("code", [None, Code.ADDRESS_TAKEN, Code.LAST_OWNER, Code.WRITE_FAILED])
def test_every_kind_has_words(kind: ProblemKind, code: Code | None) -> None:
    told(
        PersonProblem(
            user_id="u1",
            name="Amira Benali",
            address="a@halden-freight.example",
            kind=kind,
            again=Again.ON_CHANGE,
            others=("Oda Strand",),
            code=code,
        )
    )
