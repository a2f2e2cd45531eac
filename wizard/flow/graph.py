"""Walking the steps: forward by the answers, back by a stack of snapshots, resuming anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from wizard.flow.answers import Answers, StepId
from wizard.flow.steps import FIRST, STEPS, Leave, Missing, StepVerdict

__all__ = [
    "CHOICES",
    "Snapshot",
    "Walk",
    "back",
    "forward",
    "needs_more",
    "next_step",
    "path",
    "resume",
    "resume_point",
    "verdict",
    "with_answers",
]

CHOICES = ("role", "provider")
"""Fields of `Answers` that a person merely chose. All others are effects: they happened, `place`
too: it is taken on, or left to a server, at the service."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A step as it was left, with what was known then."""

    step: StepId
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Where a person stands, what is known, and the steps behind them, newest last."""

    step: StepId = FIRST
    answers: Answers = field(default_factory=Answers)
    behind: tuple[Snapshot, ...] = ()

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step to go back to."""
        return bool(self.behind)


def verdict(walk: Walk) -> StepVerdict:
    """Whether the current step may be left."""
    return STEPS[walk.step].verdict(walk.answers)


def with_answers(walk: Walk, answers: Answers) -> Walk:
    """The same place with other answers."""
    return replace(walk, answers=answers)


def forward(walk: Walk) -> Walk:
    """The next step; the same walk where the step can't be left yet, or is the last."""
    step = STEPS[walk.step]
    following = step.leads(walk.answers)
    if following is None or isinstance(step.verdict(walk.answers), Missing):
        return walk
    behind = (*walk.behind, _left(walk.step, walk.answers))
    return Walk(step=following, answers=walk.answers, behind=behind)


def back(walk: Walk) -> Walk:
    """The step before, as it was left; the same walk at the beginning.

    Choices are again what they were then. Effects stay what they are now, for going back
    shows and never takes back.
    """
    if not walk.behind:
        return walk
    *rest, last = walk.behind
    chosen = {name: getattr(last.answers, name) for name in CHOICES}
    return Walk(step=last.step, answers=replace(walk.answers, **chosen), behind=tuple(rest))


def path(answers: Answers) -> tuple[StepId, ...]:
    """Every step that these answers lead through, from the first to the last."""
    steps = [FIRST]
    following = STEPS[FIRST].leads(answers)
    while following is not None and following not in steps:
        steps.append(following)
        following = STEPS[following].leads(answers)
    return tuple(steps)


def resume_point(answers: Answers) -> StepId:
    """The first step on the path that can't be left yet, or the last step."""
    steps = path(answers)
    for step in steps:
        if not isinstance(STEPS[step].verdict(answers), Leave):
            return step
    return steps[-1]


def needs_more(answers: Answers) -> bool:
    """Whether the set-up still asks for something before accounts are kept in step.

    Settings that were saved switched off lead to the end, too: there, more is needed.
    """
    if resume_point(answers) is not StepId.DONE:
        return True
    in_step = answers.first_sync_done or answers.it_finished or answers.elsewhere
    return not in_step


def next_step(answers: Answers) -> StepId:
    """The step that needs somebody next; the toggle where the settings were saved switched off."""
    point = resume_point(answers)
    off = point is StepId.DONE and needs_more(answers) and answers.settings_version > 0
    return StepId.PROVISIONING if off and not answers.provisioning_on else point


def resume(walk: Walk) -> Walk:
    """A saved walk made fit to go on with.

    The person returns to the step where they stopped if everything before it still holds, else
    to the first step that is missing something. What lies behind is rebuilt along the path, so
    Back works after a restart and after an older program's file.
    """
    steps = path(walk.answers)
    point = resume_point(walk.answers)
    reachable = steps[: steps.index(point) + 1]
    step = walk.step if walk.step in reachable else point
    known = {snapshot.step: snapshot for snapshot in walk.behind}
    behind = tuple(
        known.get(earlier, _left(earlier, walk.answers)) for earlier in steps[: steps.index(step)]
    )
    return Walk(step=step, answers=walk.answers, behind=behind)


def _left(step: StepId, answers: Answers) -> Snapshot:
    """A step as it was left, without what is half done: going back never takes that away."""
    return Snapshot(step=step, answers=replace(answers, chosen=None, unsent=()))
