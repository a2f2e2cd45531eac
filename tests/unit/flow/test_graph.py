from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from wizard.content.faq import read_sources
from wizard.core.settings import ScopeRule
from wizard.flow.answers import Answers, ChosenScope, Place, Role, StepId
from wizard.flow.graph import (
    CHOICES,
    Walk,
    back,
    forward,
    path,
    resume,
    resume_point,
    verdict,
    with_answers,
)
from wizard.flow.steps import MISSING_WORDS, STEPS, Leave, Missing, MissingReason

anything = st.builds(
    Answers,
    role=st.none() | st.sampled_from(Role),
    service_answered=st.booleans(),
    signed_in_as=st.sampled_from(["", "ingrid@halden-freight.example"]),
    ou_id=st.sampled_from(["", "ou-1"]),
    invited=st.integers(0, 2),
    it_finished=st.booleans(),
    workspace_chosen=st.booleans(),
    app_installed=st.booleans(),
    organization_account_id=st.sampled_from(["", "oa-1"]),
    organization_account_active=st.booleans(),
    scope_confirmed=st.booleans(),
    preview_run_id=st.sampled_from(["", "run-1"]),
    preview_seen=st.booleans(),
    settings_version=st.integers(0, 3),
    provisioning_on=st.booleans(),
    place=st.none() | st.sampled_from(Place),
    place_ready=st.booleans(),
    first_run_id=st.sampled_from(["", "run-2"]),
    first_sync_done=st.booleans(),
)

COMPLETE = Answers(
    role=Role.BOTH,
    service_answered=True,
    signed_in_as="ingrid@halden-freight.example",
    ou_id="ou-1",
    invited=1,
    it_finished=True,
    workspace_chosen=True,
    app_installed=True,
    organization_account_id="oa-1",
    organization_account_active=True,
    scope_confirmed=True,
    preview_run_id="run-1",
    preview_seen=True,
    settings_version=2,
    provisioning_on=True,
    place=Place.THIS_COMPUTER,
    place_ready=True,
    first_run_id="run-2",
    first_sync_done=True,
)


def walked_to_the_end(answers: Answers) -> Walk:
    walk = Walk(answers=answers)
    while (following := forward(walk)) != walk:
        walk = following
    return walk


def effects(answers: Answers) -> dict[str, object]:
    return {
        field.name: getattr(answers, field.name)
        for field in fields(answers)
        if field.name not in CHOICES
    }


def test_every_step_is_reachable() -> None:
    reached = {step for role in Role for step in path(replace(COMPLETE, role=role))}
    assert reached == set(STEPS) == set(StepId)


def test_an_owner_hands_over_and_it_invites_nobody() -> None:
    owner = path(replace(COMPLETE, role=Role.OWNER))
    assert owner[-3:] == (StepId.INVITE_IT, StepId.HAND_OVER, StepId.DONE)
    for role in (Role.IT, Role.BOTH):
        steps = path(replace(COMPLETE, role=role))
        assert StepId.WORKSPACE in steps
        assert not {StepId.INVITE_IT, StepId.HAND_OVER} & set(steps)


def test_going_back_takes_no_sync_from_the_server_that_it_was_left_to() -> None:
    walk = Walk(answers=replace(COMPLETE, role=Role.IT, place=None, place_ready=False))
    walk = replace(walk, answers=replace(walk.answers, first_sync_done=False))
    while (following := forward(walk)) != walk:
        walk = following
    assert walk.step is StepId.WHERE_IT_RUNS
    left = replace(walk.answers, place=Place.SERVER, place_ready=True)
    walk = back(back(forward(with_answers(walk, left))))
    assert (walk.answers.place, walk.answers.place_ready) == (Place.SERVER, True)


def test_a_sync_that_runs_on_a_server_leads_past_the_first_sync() -> None:
    assert StepId.FIRST_SYNC not in path(replace(COMPLETE, place=Place.SERVER))


@given(anything)
def test_every_path_ends_at_a_step_that_leads_nowhere(answers: Answers) -> None:
    steps = path(answers)
    assert len(steps) == len(set(steps))
    assert STEPS[steps[-1]].leads(answers) is None


@given(anything)
def test_a_walk_stops_exactly_where_something_is_missing_or_at_the_end(answers: Answers) -> None:
    walk = walked_to_the_end(answers)
    assert walk.step == resume_point(answers)
    if walk.step is not StepId.DONE:
        assert isinstance(verdict(walk), Missing)


@given(anything, anything)
def test_back_never_loses_an_effect(first: Answers, later: Answers) -> None:
    walk = walked_to_the_end(first)
    walk = with_answers(walk, later)
    while walk.can_go_back:
        walk = back(walk)
        assert effects(walk.answers) == effects(later)
    assert walk.step is StepId.WELCOME


def test_back_shows_the_choice_that_was_made_on_that_step() -> None:
    walk = forward(Walk(answers=replace(COMPLETE, role=Role.OWNER)))
    walk = with_answers(walk, replace(walk.answers, role=Role.IT))
    assert back(walk).answers.role is Role.OWNER


def test_back_at_the_beginning_stays() -> None:
    assert back(Walk()) == Walk()


@given(anything, st.sampled_from(StepId))
def test_resuming_lands_on_a_step_whose_predecessors_all_hold(
    answers: Answers, stopped_at: StepId
) -> None:
    walk = resume(Walk(step=stopped_at, answers=answers))
    before = path(answers)[: path(answers).index(walk.step)]
    assert all(isinstance(STEPS[step].verdict(answers), Leave) for step in before)
    assert tuple(snapshot.step for snapshot in walk.behind) == before


@given(anything)
def test_resuming_twice_changes_nothing_more(answers: Answers) -> None:
    once = resume(Walk(step=StepId.DONE, answers=answers))
    assert resume(once) == once


def test_a_person_who_stopped_early_returns_to_that_step() -> None:
    assert resume(Walk(step=StepId.PREVIEW, answers=COMPLETE)).step is StepId.PREVIEW


def test_a_step_that_no_longer_holds_is_where_a_set_up_goes_on() -> None:
    lost = replace(COMPLETE, organization_account_active=False)
    assert resume(Walk(step=StepId.DONE, answers=lost)).step is StepId.GOOGLE_AUTHORIZE


def test_settings_saved_with_provisioning_off_lead_past_the_first_sync() -> None:
    off = replace(COMPLETE, provisioning_on=False, first_sync_done=False)
    assert StepId.FIRST_SYNC not in path(off)
    assert walked_to_the_end(off).step is StepId.DONE


@given(anything)
def test_a_missing_reason_has_words_and_goes_away_when_it_is_met(answers: Answers) -> None:
    walk = walked_to_the_end(answers)
    missing = verdict(walk)
    if isinstance(missing, Missing):
        assert MISSING_WORDS[missing.reason]
        assert verdict(with_answers(walk, COMPLETE)) != missing


def test_every_reason_has_words_and_is_given_by_some_step() -> None:
    given_reasons = set()
    for step in STEPS.values():
        answers = Answers()
        for field in fields(COMPLETE):
            reason = step.verdict(answers)
            if isinstance(reason, Missing):
                given_reasons.add(reason.reason)
            answers = replace(answers, **{field.name: getattr(COMPLETE, field.name)})
    assert given_reasons == set(MissingReason) == set(MISSING_WORDS)


def test_an_effect_that_happened_is_shown_as_done() -> None:
    assert all(step.done(COMPLETE) for step in STEPS.values())
    assert not any(step.done(Answers()) for step in STEPS.values())


def test_every_topic_of_a_step_is_a_question_that_help_answers() -> None:
    known = {source.id for _, sources in read_sources() for source in sources}
    for step in STEPS.values():
        assert step.topics
        assert set(step.topics) <= known


def test_what_is_half_done_goes_along_and_is_kept_once() -> None:
    chosen = ChosenScope(scope=ScopeRule(exclude_domains=("nordby.example",)), version=3)
    half = replace(COMPLETE, chosen=chosen, unsent=("it@nordby.example",))
    walk = forward(Walk(step=StepId.SCOPE, answers=half))
    assert (walk.answers.chosen, walk.answers.unsent) == (chosen, half.unsent)
    resumed = resume(Walk(step=StepId.PREVIEW, answers=half))
    for behind in (*walk.behind, *resumed.behind):
        assert (behind.answers.chosen, behind.answers.unsent) == (None, ())
    for returned in (back(walk), back(resumed)):
        assert (returned.answers.chosen, returned.answers.unsent) == (chosen, half.unsent)
