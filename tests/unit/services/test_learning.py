from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.services.fake_service import FakeService, connection
from wizard.accounts.base import (
    Invitation,
    InvitationStatus,
    Member,
    OrganizationAccountStatus,
    SavedSettings,
    SyncerLease,
)
from wizard.accounts.base import Role as MemberRole
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanCounts, RunOutcome, RunSummary, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.flow.answers import Answers, Place, Role, StepId
from wizard.flow.graph import resume_point
from wizard.services.learning import (
    UnitFacts,
    adds_up,
    directory_connection,
    domain_of,
    learned,
    read_unit,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
IT = Answers(
    role=Role.IT,
    service_answered=True,
    signed_in_as="tomasz.wilk@nordby.example",
    ou_id="ou-1",
    ou_name="Nordby",
)
OWNER = replace(IT, role=Role.OWNER, signed_in_as="ingrid@nordby.example", invited=1)


def run(outcome: RunOutcome = RunOutcome.DONE, **changed: object) -> RunSummary:
    one = RunSummary(
        run_id="run-1",
        trigger=Trigger.FIRST,
        outcome=outcome,
        started_at=NOW - timedelta(minutes=9),
        finished_at=NOW - timedelta(minutes=3),
        planned=40,
        done=PlanCounts(create=38, adopt=1),
        failed=1,
    )
    return replace(one, **changed)  # type: ignore[arg-type] # the fields of RunSummary


def lease(installation: str, *, minutes: float = 60, ran: bool = True) -> SyncerLease:
    return SyncerLease(
        installation_id=installation,
        host="SERVER01",
        person="tomasz.wilk@nordby.example",
        expires_at=NOW + timedelta(minutes=minutes),
        last_run_at=NOW - timedelta(minutes=3) if ran else None,
    )


def facts(**changed: object) -> UnitFacts:
    one = UnitFacts(
        read_at=NOW,
        connection=connection(syncer=lease("server")),
        settings=SavedSettings(settings=ProvisioningSettings(enabled=True, version=4)),
        runs=(run(),),
    )
    return replace(one, **changed)  # type: ignore[arg-type] # the fields of UnitFacts


def saved(*, enabled: bool, version: int) -> SavedSettings:
    return SavedSettings(settings=ProvisioningSettings(enabled=enabled, version=version))


def learn(known: Answers, seen: UnitFacts, *, here: bool = False) -> Answers:
    return learned(known, seen, here=here, installation_id="here")


def test_nothing_done_yet_begins_at_the_workspace() -> None:
    answers = learn(IT, UnitFacts(read_at=NOW))
    assert resume_point(answers) is StepId.WORKSPACE


def test_an_app_that_is_installed_leads_to_authorizing() -> None:
    answers = learn(IT, UnitFacts(read_at=NOW, app_domain="nordby.example", app_installed_at=NOW))
    assert (answers.app_installed, answers.domain) == (True, "nordby.example")
    assert resume_point(answers) is StepId.GOOGLE_AUTHORIZE


def test_a_second_machine_authorizes_anew_and_knows_whose_it_was_and_the_scope() -> None:
    half = facts(settings=saved(enabled=False, version=2), runs=(), connection=connection())
    answers = learn(IT, half)
    assert resume_point(answers) is StepId.GOOGLE_AUTHORIZE
    assert answers.connected_elsewhere == "tomasz.wilk@nordby.example"
    assert answers.organization_account_id == ""
    assert answers.scope_confirmed
    # Then this computer is let in by Google, too.
    after = learn(answers, half, here=True)
    assert after.connected_elsewhere == ""
    assert resume_point(after) is StepId.PREVIEW


def test_settings_that_nobody_saved_confirm_no_scope() -> None:
    answers = learn(IT, facts(settings=saved(enabled=False, version=1), runs=()), here=True)
    assert not answers.scope_confirmed
    assert resume_point(answers) is StepId.SCOPE


def test_provisioning_that_is_on_leaves_where_it_runs_to_answer() -> None:
    on = facts(runs=(), connection=connection())
    answers = learn(IT, on, here=True)
    assert (answers.provisioning_on, answers.settings_version) == (True, 4)
    assert resume_point(answers) is StepId.WHERE_IT_RUNS


def test_a_lease_that_this_computer_holds_leads_to_the_first_sync() -> None:
    held = facts(runs=(), connection=connection(syncer=lease("here", ran=False)))
    answers = learn(IT, held, here=True)
    assert (answers.place, answers.place_ready) == (Place.THIS_COMPUTER, True)
    assert resume_point(answers) is StepId.FIRST_SYNC


def test_a_set_up_that_a_server_keeps_in_step_is_done_on_any_machine() -> None:
    answers = learn(IT, facts())
    assert answers.elsewhere
    assert resume_point(answers) is StepId.DONE


def test_that_another_computer_has_the_task_is_nobodys_choice_here() -> None:
    answers = learn(IT, facts())
    assert (answers.place, answers.kept_elsewhere) == (None, True)
    # A choice that somebody makes here is their word, whoever has the task by then.
    chosen = learn(replace(answers, place=Place.THIS_COMPUTER), facts())
    assert (chosen.place, chosen.place_ready, chosen.elsewhere) == (
        Place.THIS_COMPUTER,
        False,
        False,
    )


def test_a_second_computer_is_asked_where_it_runs_before_the_first_sync_has_come_through() -> None:
    answers = learn(IT, facts(runs=()), here=True)
    assert resume_point(answers) is StepId.WHERE_IT_RUNS


def test_a_set_up_whose_server_went_has_to_be_authorized_here_first() -> None:
    gone = facts(connection=connection(syncer=lease("server", minutes=-1)))
    assert resume_point(learn(IT, gone)) is StepId.GOOGLE_AUTHORIZE


def test_a_computer_that_lost_the_task_is_told_so() -> None:
    chosen = replace(IT, place=Place.THIS_COMPUTER, place_ready=True)
    answers = learn(
        chosen, facts(runs=(), connection=connection(syncer=lease("server"))), here=True
    )
    assert (answers.place, answers.place_ready) == (Place.THIS_COMPUTER, False)


def test_an_owner_who_waits_is_done_when_a_run_adds_up_and_syncs_nothing() -> None:
    answers = learn(OWNER, facts())
    assert answers.it_finished
    assert answers.organization_account_id == ""
    assert not answers.first_sync_done
    assert resume_point(answers) is StepId.DONE


def test_an_owner_waits_on_while_no_run_adds_up() -> None:
    lost = facts(
        runs=(run(done=PlanCounts(create=12)), run(RunOutcome.FAILED)), connection=connection()
    )
    assert not learn(OWNER, lost).it_finished
    assert resume_point(learn(OWNER, lost)) is StepId.HAND_OVER


@pytest.mark.parametrize("outcome", [RunOutcome.STOPPED_BY_GUARD, RunOutcome.FAILED])
def test_a_first_sync_that_did_not_come_through_is_still_to_be_done(outcome: RunOutcome) -> None:
    stopped = facts(
        runs=(run(outcome, done=PlanCounts(), failed=0),),
        connection=connection(syncer=lease("here")),
    )
    answers = learn(IT, stopped, here=True)
    assert not answers.first_sync_done
    assert resume_point(answers) is StepId.FIRST_SYNC
    owner = learn(OWNER, stopped)
    assert not owner.it_finished
    assert resume_point(owner) is StepId.HAND_OVER


def test_runs_that_went_wrong_lately_do_not_undo_a_first_sync() -> None:
    service = FakeService(
        connections=[connection(syncer=lease("server"))],
        kept=ProvisioningSettings(enabled=True, version=4),
        runs=[
            run(),
            *(
                run(
                    RunOutcome.STOPPED_BY_GUARD,
                    run_id=f"later-{number}",
                    started_at=NOW + timedelta(minutes=30 * number),
                )
                for number in range(1, 40)
            ),
        ],
    )
    found = read_unit(
        service,  # type: ignore[arg-type] # as far as this needs an AccountService
        "ou-1",
        Cancel(),
        now=NOW,
    )
    assert found.finished


def test_a_failed_connection_counts_as_none() -> None:
    failed = facts(connection=connection(status=OrganizationAccountStatus.FAILED))
    answers = learn(replace(IT, organization_account_id="oa-1", app_claimed=True), failed)
    assert answers.organization_account_id == ""
    assert answers.app_claimed


def test_the_connection_of_the_set_up_here_is_taken_before_another_one_that_works() -> None:
    first, second = connection(), connection(id="oa-2")
    failed = replace(second, status=OrganizationAccountStatus.FAILED)
    assert directory_connection([first, second], "") == first
    assert directory_connection([first, second], "oa-2") == second
    assert directory_connection([first, second], "oa-9") == first
    assert directory_connection([first, failed], "oa-2") == first
    assert directory_connection([failed], "oa-2") == failed
    assert directory_connection([replace(first, purposes=frozenset())], "oa-1") is None


def invited(address: str, status: InvitationStatus) -> Invitation:
    return Invitation(
        id=address,
        address=address,
        role=MemberRole.OWNER,
        status=status,
        invited_by="ingrid@nordby.example",
        created_at=NOW,
        expires_at=NOW + timedelta(hours=48),
    )


def test_who_is_invited_is_counted_once_each() -> None:
    seen = facts(
        connection=None,
        invitations=(
            invited("tomasz.wilk@nordby.example", InvitationStatus.ACCEPTED),
            invited("Tomasz.Wilk@nordby.example", InvitationStatus.PENDING),
            invited("old@nordby.example", InvitationStatus.EXPIRED),
            invited("new@nordby.example", InvitationStatus.PENDING),
        ),
        owners=(
            Member(id="1", address="ingrid@nordby.example", name="", role=MemberRole.OWNER),
            Member(id="2", address="tomasz.wilk@nordby.example", name="", role=MemberRole.OWNER),
        ),
    )
    assert learn(OWNER, seen).invited == 2


def test_an_owner_who_was_deactivated_counts_as_nobody() -> None:
    gone = Member(
        id="2",
        address="Tomasz.Wilk@nordby.example",
        name="",
        role=MemberRole.OWNER,
        active=False,
    )
    accepted = (invited("tomasz.wilk@nordby.example", InvitationStatus.ACCEPTED),)
    assert learn(OWNER, facts(connection=None, invitations=accepted, owners=(gone,))).invited == 0


@pytest.mark.parametrize(
    ("summary", "holds"),
    [
        (run(), True),
        (run(RunOutcome.PARTLY), True),
        (run(done=PlanCounts(create=12)), False),
        (run(RunOutcome.STOPPED_BY_GUARD), False),
        (run(planned=0, done=PlanCounts(), failed=0), True),
        (run(RunOutcome.PARTLY, done=PlanCounts(), failed=40), False),
        (run(RunOutcome.PARTLY, done=PlanCounts(create=3), failed=37), False),
        (run(RunOutcome.PARTLY, planned=2, done=PlanCounts(unchanged=38), failed=2), True),
    ],
)
def test_a_run_adds_up_when_everything_planned_is_accounted_for(
    summary: RunSummary, holds: bool
) -> None:
    assert adds_up(summary) is holds


def test_only_what_is_needed_is_asked_of_the_service() -> None:
    service = FakeService(installed_domains={"fjord.example"})
    found = read_unit(
        service,  # type: ignore[arg-type] # as far as this needs an AccountService
        "ou-1",
        Cancel(),
        now=NOW,
        addresses=("tomasz@nordby.example", "@fjord.example", "nobody"),
    )
    assert found.app_domain == "fjord.example"
    assert found.invitations is None
    assert found.connection is None
    assert not found.finished


def test_the_domain_of_an_address() -> None:
    assert domain_of("Ana@Nordby.Example") == "nordby.example"
    assert domain_of("nobody") == ""
