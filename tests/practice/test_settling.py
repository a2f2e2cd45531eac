"""Settings drafted by two people, where the sync runs, and previews that hold, for real."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.runs import PlanKind, RunOutcome, RunPhase, RunProgress, Trigger
from wizard.core.settings import ScopeRule
from wizard.core.settings_fields import SettingsField
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Place
from wizard.flow.merging import Side, settle
from wizard.services.contract.placing import NobodyYet, PlacingView
from wizard.services.contract.previewing import Evidence, Outdated

_numbers = itertools.count(1)
OTHER_OWNER = "owner@nordby.example"


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: people are let go here."""
    with practice(tmp_path_factory.mktemp("organization"), people=120) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    organization.tell("clear-faults")
    yield organization
    organization.tell("clear-faults")


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    """Set up until the settings are saved, with provisioning on."""
    person = f"settler.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "here", person=person) as one:
        one.set_up(f"Unit of {person}")
        yield one


@pytest.fixture
def there(here: Computer, world: World, tmp_path: Path) -> Iterator[Computer]:
    """A server, where the same person signed in for the same unit."""
    with computer(world, tmp_path / "there", person=here.person.person) as one:
        one.sign_in()
        assert one.bench.answers.ou_id == here.bench.answers.ou_id
        assert one.authorize().connection is not None
        yield one


def somebody_saves(one: Computer, **settings: object) -> None:
    account = one.bench.answers.organization_account_id
    one.world.tell(
        "settings-as-somebody-else",
        {"organization_account_id": account, "settings": settings},
    )


def draft(one: Computer, **changed: object) -> None:
    """Change settings without saving them, as the page does."""
    view = one.bench.drafts.look(one.cancel)
    made = replace(view.draft, **changed)  # type: ignore[arg-type] # fields by name
    one.bench.change(replace(one.bench.answers, draft=made))


# ------------------------------------------------------------------ two people


def test_a_draft_and_somebody_elses_settings_come_together(here: Computer) -> None:
    draft(here, grace_days=21, protected=("a.lie@nordby.example",))
    somebody_saves(here, interval_minutes=60, protected=["b.lie@nordby.example"])
    view = here.bench.drafts.look(here.cancel)
    assert view.merge is not None
    assert not view.merge.conflicts
    assert set(view.merge.by_them) == {SettingsField.INTERVAL, SettingsField.PROTECTED}
    assert view.service.saved_by == OTHER_OWNER
    assert here.bench.answers.draft == view.draft
    saved = here.bench.save_settings(view.draft, here.cancel).settings
    assert (saved.grace_days, saved.interval_minutes) == (21, 60)
    assert set(saved.protected) == {"a.lie@nordby.example", "b.lie@nordby.example"}
    assert here.bench.answers.draft is None


def test_what_both_changed_waits_for_a_person_and_survives_a_restart(
    world: World, tmp_path: Path
) -> None:
    person = f"settler.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "kept", person=person, kept=True) as one:
        one.set_up(f"Unit of {person}")
        draft(one, grace_days=21)
        somebody_saves(one, grace_days=3)
        mine = one.bench.answers.draft
        assert mine is not None
        with pytest.raises(Trouble) as caught:
            one.bench.save_settings(mine, one.cancel)
        assert caught.value.code is Code.SETTINGS_CHANGED
        one.restart()
        view = one.bench.drafts.look(one.cancel)
        assert view.merge is not None
        (conflict,) = view.merge.conflicts
        assert (conflict.field, conflict.mine, conflict.theirs) == (SettingsField.GRACE, 21, 3)
        settled = settle(view.merge, {SettingsField.GRACE: Side.THEIRS})
        saved = one.bench.save_settings(settled.settings, one.cancel)
        assert saved.settings.grace_days == 3


# ------------------------------------------------------------------ previews


def test_a_preview_holds_until_the_draft_or_the_service_says_otherwise(here: Computer) -> None:
    here.bench.preview(here.bench.answers.draft, here.heard.append, here.cancel)
    found = here.bench.previews.found(here.cancel)
    assert found.view is not None
    assert found.outdated is None
    draft(here, enabled=False, interval_minutes=60)
    assert here.bench.previews.found(here.cancel).view is not None
    draft(here, grace_days=5)
    found = here.bench.previews.found(here.cancel)
    assert (found.view, found.outdated) == (None, Outdated.SETTINGS)
    draft(here, scope=ScopeRule(exclude_domains=("elsewhere.example",)))
    assert here.bench.previews.found(here.cancel).outdated is Outdated.SCOPE
    here.bench.preview(here.bench.answers.draft, here.heard.append, here.cancel)
    assert here.bench.previews.found(here.cancel).view is not None
    somebody_saves(here, limits={"leave_max": 7})
    assert here.bench.previews.found(here.cancel).outdated is Outdated.SAVED
    here.bench.preview(here.bench.answers.draft, here.heard.append, here.cancel)
    here.clock.ahead = timedelta(hours=2)
    assert here.bench.previews.found(here.cancel).outdated is Outdated.OLD


def test_a_preview_is_out_of_date_once_a_sync_has_run(here: Computer) -> None:
    here.bench.preview(None, here.heard.append, here.cancel)
    assert here.run().outcome is RunOutcome.DONE
    assert here.bench.previews.found(here.cancel).outdated is Outdated.RAN


def test_a_preview_is_kept_while_the_service_cannot_be_reached(here: Computer) -> None:
    view = here.bench.preview(None, here.heard.append, here.cancel)
    here.world.tell("outage", {"stand_in": "account", "on": True})
    found = here.bench.previews.found(here.cancel)
    assert found.view is not None
    assert found.view.run_id == view.run_id
    assert found.draft is None


def test_the_draft_decides_whom_the_preview_names(here: Computer) -> None:
    everyone = here.bench.preview(None, here.heard.append, here.cancel)
    rows, _ = here.bench.plan_rows(
        everyone.run_id, kinds=frozenset({PlanKind.CREATE}), search="", offset=0, limit=1
    )
    pilot = ScopeRule(exclude_user_ids=(rows[0].user_id,))
    draft(here, scope=pilot)
    fewer = here.bench.preview(here.bench.answers.draft, here.heard.append, here.cancel)
    assert fewer.counts.in_scope == everyone.counts.in_scope - 1


def test_the_difference_is_told_against_what_is_in_place(here: Computer) -> None:
    before = here.bench.preview(None, here.heard.append, here.cancel)
    against = here.bench.previews.widening(before.run_id)
    assert against.more == before.counts.create + before.counts.adopt
    assert (against.in_place, against.fewer) == (0, 0)
    assert here.run().outcome is RunOutcome.DONE
    in_step = len(here.holders())
    gone = here.world.tell("let-go", {"who": "any"})
    here.world.tell("hire", {"given_name": "Ane", "family_name": "Moe"})
    after = here.bench.preview(None, here.heard.append, here.cancel)
    against = here.bench.previews.widening(after.run_id)
    assert (against.in_place, against.more, against.fewer) == (in_step, 1, 1)
    leavers, _ = here.bench.plan_rows(
        after.run_id, kinds=frozenset({PlanKind.DEACTIVATE}), search="", offset=0, limit=5
    )
    (leaver,) = leavers
    assert leaver.user_id == gone["id"]
    known = here.bench.previews.person(after.run_id, leaver.user_id, here.cancel)
    assert known is not None
    assert known.evidence is Evidence.GONE
    created, _ = here.bench.plan_rows(
        after.run_id, kinds=frozenset({PlanKind.CREATE}), search="", offset=0, limit=5
    )
    known = here.bench.previews.person(after.run_id, created[0].user_id, here.cancel)
    assert known is not None
    assert known.unit.startswith("/")
    assert known.evidence is None


def test_a_leaver_who_cannot_be_looked_up_now_is_told_without_evidence(here: Computer) -> None:
    assert here.run().outcome is RunOutcome.DONE
    here.world.tell("let-go", {"who": "any"})
    view = here.bench.preview(None, here.heard.append, here.cancel)
    (leaver,), _ = here.bench.plan_rows(
        view.run_id, kinds=frozenset({PlanKind.DEACTIVATE}), search="", offset=0, limit=5
    )
    here.world.tell("outage", {"stand_in": "google", "on": True})
    known = here.bench.previews.person(view.run_id, leaver.user_id, here.cancel)
    assert known is not None
    assert known.evidence is None
    assert known.evidence_trouble is not None


def test_what_is_shown_is_what_is_saved_in_the_same_order(here: Computer, tmp_path: Path) -> None:
    view = here.bench.preview(None, here.heard.append, here.cancel)
    kinds, words = frozenset({PlanKind.SKIP, PlanKind.CREATE}), "suspended"
    shown, total = here.bench.plan_rows(view.run_id, kinds=kinds, search=words, offset=0, limit=500)
    assert total == len(shown) > 0
    assert {row.kind for row in shown} == {PlanKind.SKIP}
    file = tmp_path / "preview.csv"
    assert here.bench.previews.save(view.run_id, file, kinds=kinds, search=words) == total
    with file.open(encoding="utf-8-sig", newline="") as opened:
        _, *rows = list(csv.reader(opened))
    assert [row[1].lstrip("'") for row in rows] == [row.address for row in shown]


def test_nobody_is_notified_by_this_service(here: Computer) -> None:
    assert here.bench.previews.notifies is False


# ------------------------------------------------------------------ where it runs


def test_this_computer_takes_it_on_and_takes_it_on_again_when_it_was_off(here: Computer) -> None:
    assert here.bench.placing.look(here.cancel).syncer is None
    view = here.bench.placing.run_here(here.cancel)
    assert view.ready
    assert view.syncer is not None
    assert view.syncer.here
    answers = here.bench.answers
    assert (answers.place, answers.place_ready) == (Place.THIS_COMPUTER, True)
    here.bench.engine.access.as_sync(answers, here.cancel).give_up_lease(
        answers.ou_id,
        answers.organization_account_id,
        installation_id=here.bench.engine.ground.installation.id,
        cancel=here.cancel,
    )
    assert here.bench.placing.look(here.cancel).ready


def test_a_server_is_waited_for_until_it_holds_the_task(here: Computer, there: Computer) -> None:
    assert here.bench.placing.run_here(here.cancel).ready
    view = here.bench.placing.leave_to_server(here.cancel)
    assert (view.ready, view.syncer) == (False, None)
    heard: list[NobodyYet] = []

    def listen(event: NobodyYet) -> None:
        heard.append(event)
        if len(heard) == 2:
            here.world.tell("outage", {"stand_in": "account", "on": True})
        if len(heard) == 3:
            assert event.trouble is not None
            here.world.tell("outage", {"stand_in": "account", "on": False})
            there.preview()
            assert there.run().outcome is RunOutcome.DONE

    done: PlacingView = here.bench.placing.wait_for_server(listen, here.cancel)
    assert done.ready
    assert done.syncer is not None
    assert not done.syncer.here
    assert len(heard) == 3
    assert here.bench.answers.place_ready


def test_a_window_that_left_it_to_a_server_never_takes_it_back_by_its_clock(
    here: Computer,
) -> None:
    here.bench.placing.leave_to_server(here.cancel)
    report = here.bench.run(Trigger.SCHEDULE, here.cancel, here.heard.append)
    assert report.outcome is RunOutcome.NOT_THE_SYNCER
    assert here.bench.placing.look(here.cancel).syncer is None
    taken = here.bench.take_over(here.cancel)
    assert taken.syncer_is_us
    assert here.bench.answers.place is Place.THIS_COMPUTER
    again = here.bench.run(Trigger.SCHEDULE, here.cancel, here.heard.append)
    assert again.outcome is RunOutcome.DONE


def test_a_server_that_was_set_up_while_the_window_had_the_task_keeps_it_from_then_on(
    here: Computer, world: World, tmp_path: Path
) -> None:
    here.bench.placing.run_here(here.cancel)
    assert here.run().outcome is RunOutcome.DONE
    with computer(world, tmp_path / "server", person=here.person.person) as server:
        # The window's three commands, typed while the window still has the task.
        server.sign_in()
        assert server.authorize().connection is not None
        server.preview()
        assert server.run().outcome is RunOutcome.NOT_THE_SYNCER
        here.bench.placing.leave_to_server(here.cancel)
        for _ in range(2):
            by_clock = server.bench.run(Trigger.SCHEDULE, server.cancel, server.heard.append)
            assert by_clock.outcome is RunOutcome.DONE
        assert here.bench.placing.look(here.cancel).ready
        # The server was off for so long that the task became free.
        let_go(server)
        by_clock = here.bench.run(Trigger.SCHEDULE, here.cancel, here.heard.append)
        assert by_clock.outcome is RunOutcome.NOT_THE_SYNCER
        by_clock = server.bench.run(Trigger.SCHEDULE, server.cancel, server.heard.append)
        assert by_clock.outcome is RunOutcome.DONE


def let_go(one: Computer) -> None:
    answers = one.bench.answers
    one.bench.engine.access.as_sync(answers, one.cancel).give_up_lease(
        answers.ou_id,
        answers.organization_account_id,
        installation_id=one.bench.engine.ground.installation.id,
        cancel=one.cancel,
    )


def test_a_copied_home_is_another_computer_that_does_not_write_beside_the_first(
    world: World, tmp_path: Path
) -> None:
    person = f"settler.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "first", person=person, kept=True) as first:
        first.set_up(f"Unit of {person}")
        first.bench.placing.run_here(first.cancel)
        assert first.run().outcome is RunOutcome.DONE
        shutil.copytree(tmp_path / "first", tmp_path / "copy")
        with computer(world, tmp_path / "copy", person=person, kept=True) as copy:
            assert copy.run().outcome is RunOutcome.NOT_THE_SYNCER
            assert first.run().outcome is RunOutcome.DONE
            assert copy.run(take_over=True).outcome is RunOutcome.DONE
            assert first.run().outcome is RunOutcome.NOT_THE_SYNCER


@pytest.mark.parametrize("by_run", [True, False])
def test_a_take_over_that_was_not_answered_leaves_no_links_that_are_believed(
    here: Computer, by_run: bool
) -> None:
    assert here.run().outcome is RunOutcome.DONE
    assert links_are_believed(here)
    garbled = {"stand_in": "account", "method": "PUT", "action": "garble", "times": 0}
    here.world.tell("faults", [garbled])
    take = (
        partial(here.run, take_over=True) if by_run else partial(here.bench.take_over, here.cancel)
    )
    with pytest.raises(Trouble) as caught:
        take()
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert not links_are_believed(here)


def links_are_believed(one: Computer) -> bool:
    with one.bench.engine.syncing.database(one.bench.answers).read() as reading:
        return reading.value(bool, "SELECT links_rebuilt_at IS NOT NULL FROM connection")


def test_a_command_makes_this_computer_the_chosen_one(here: Computer) -> None:
    here.bench.placing.leave_to_server(here.cancel)
    assert here.run().outcome is RunOutcome.DONE
    assert (here.bench.answers.place, here.bench.answers.place_ready) == (
        Place.THIS_COMPUTER,
        True,
    )
    by_clock = here.bench.run(Trigger.SCHEDULE, here.cancel, here.heard.append)
    assert by_clock.outcome is RunOutcome.DONE


def test_a_command_that_is_refused_leaves_the_task_where_it_was(
    here: Computer, there: Computer
) -> None:
    there.preview()
    assert there.run().outcome is RunOutcome.DONE
    here.bench.placing.leave_to_server(here.cancel)
    assert here.run().outcome is RunOutcome.NOT_THE_SYNCER
    assert here.bench.answers.place is Place.SERVER
    assert here.bench.answers.elsewhere


def test_runs_never_come_so_seldom_that_the_task_would_lapse_in_between(here: Computer) -> None:
    here.preview()
    somebody_saves(here, interval_minutes=30)
    assert here.run().outcome is RunOutcome.DONE
    syncing = here.bench.engine.syncing
    for asked, minutes in ((5, 5), (60, 60), (240, 60), (0, 30)):
        syncing.every = asked
        assert syncing.interval_minutes() == minutes


def test_a_run_under_way_does_not_take_back_what_was_left_to_a_server(here: Computer) -> None:
    here.bench.placing.run_here(here.cancel)
    left = False

    def leave(progress: RunProgress) -> None:
        nonlocal left
        if not left and progress.phase is RunPhase.WRITE and progress.done:
            left = True
            here.bench.placing.leave_to_server(here.cancel)
            # As long as until the lease would be renewed.
            here.clock.ahead += timedelta(minutes=30)

    here.bench.run(Trigger.COMMAND, here.cancel, leave)
    assert left
    assert here.bench.placing.look(here.cancel).syncer is None


def test_another_computer_that_does_it_is_named_and_not_pushed_aside(
    here: Computer, there: Computer
) -> None:
    there.preview()
    assert there.run().outcome is RunOutcome.DONE
    view = here.bench.placing.look(here.cancel)
    assert view.syncer is not None
    assert not view.syncer.here
    assert view.syncer.last_run_at is not None
    refused = here.bench.placing.run_here(here.cancel)
    assert not refused.ready
    assert refused.syncer is not None
    assert not refused.syncer.here
    assert here.bench.answers.place is None


def test_the_commands_name_the_unit_and_this_very_profile(here: Computer) -> None:
    sign_in, preview, sync = here.bench.placing.look(here.cancel).commands
    assert "--workspace google" in sign_in
    assert "--directory nordby.example" in sign_in
    profile = str(here.world.home / "profile.toml")
    assert all(f"--profile {profile}" in line for line in (sign_in, preview, sync))
    assert sync.startswith("enterprise-connect sync --every")
