"""Whatever people, computers and networks do: nobody is doubled, lost or let go unasked."""

from __future__ import annotations

import secrets

import pytest

from tests.practice.state_machine.campaign import a_stage, catches, figures, play

STEPS, ALL_STEPS = 2_000, 50_000
THE_SAME_EVERY_TIME = 20261122
"""The quick one plays the same examples at every run, so that it fails for one reason alone."""


@pytest.mark.timeout(600)
def test_two_thousand_steps_end_with_everyone_in_scope_and_nobody_else() -> None:
    with a_stage() as stage:
        play(stage, steps=STEPS, number=THE_SAME_EVERY_TIME, seconds=500)
        assert stage.counts["steps"] >= STEPS
        assert min(stage.counts[one] for one in ("runs", "crashes", "rests", "approvals")) > 10
        assert len(stage.faults) > 20


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_fifty_thousand_steps_of_a_new_past_end_the_same_way() -> None:
    number = secrets.randbelow(1_000_000)
    with a_stage() as stage:
        play(stage, steps=ALL_STEPS, number=number, seconds=3000)
        assert stage.counts["steps"] >= ALL_STEPS, figures(stage, number)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "name",
    ["evidence skipped", "guard limit ignored", "leavers forgotten", "lost answers sent again"],
)
def test_an_engine_that_is_broken_on_purpose_is_caught(name: str) -> None:
    assert catches(name, number=THE_SAME_EVERY_TIME, steps=3_000, seconds=250)
