"""One state of a page as data, and what has to have happened before each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.ui import halden
from tests.ui import sample as fake
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.flow.answers import Place, Role, StepId

__all__ = ["Scene", "at_step"]

_OWNERS = frozenset({StepId.INVITE_IT, StepId.HAND_OVER})


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One state: what the workbench is told before the window opens, and what is done then."""

    name: str
    step: StepId
    prepare: Callable[[FakeWorkbench], None] = lambda _bench: None
    act: Callable[[Stage], None] = lambda _stage: None
    practice: bool = False

    def open(self, size: tuple[int, int]) -> Stage:
        """A window in this state."""
        bench = FakeWorkbench(fake.PRACTICE if self.practice else fake.REAL)
        at_step(bench, self.step)
        self.prepare(bench)
        stage = Stage(bench, self.step, size)
        try:
            self.act(stage)
            stage.settle()
        except BaseException:
            # Its threads would keep the whole process from ending.
            stage.close()
            raise
        return stage


def at_step(bench: FakeWorkbench, step: StepId) -> None:
    """Let everything before a step have happened."""
    role = Role.OWNER if step in _OWNERS else bench.answers.role or Role.BOTH
    answers = replace(bench.answers, role=role, service_answered=True)
    order = list(StepId)
    reached = order.index(step)
    if reached > order.index(StepId.SIGN_IN):
        answers = replace(
            answers,
            signed_in_as="ingrid.solberg@halden-freight.example",
            signed_in_name="Ingrid Solberg",
        )
    if reached > order.index(StepId.ORGANIZATIONAL_UNIT):
        answers = replace(answers, ou_id="ou-1", ou_name="Halden Freight")
    if reached > order.index(StepId.INVITE_IT):
        answers = replace(answers, invited=1)
    if reached > order.index(StepId.WORKSPACE):
        answers = replace(answers, workspace_chosen=True, domain=fake.CONNECTION.domain)
    if reached > order.index(StepId.GOOGLE_APP):
        answers = replace(answers, app_installed=True)
    if reached > order.index(StepId.GOOGLE_AUTHORIZE):
        answers = replace(
            answers,
            organization_account_id=fake.CONNECTION.id,
            organization_account_active=True,
            domain=fake.CONNECTION.domain,
        )
    if reached > order.index(StepId.SCOPE):
        answers = replace(answers, scope_confirmed=True, scope_people=halden.IN_SCOPE)
    if reached > order.index(StepId.PREVIEW):
        answers = replace(answers, preview_run_id="preview-1", preview_seen=True)
    if reached > order.index(StepId.PROVISIONING):
        answers = replace(answers, settings_version=4, provisioning_on=True)
    if reached > order.index(StepId.WHERE_IT_RUNS):
        answers = replace(answers, place=Place.THIS_COMPUTER, place_ready=True)
    if reached > order.index(StepId.FIRST_SYNC):
        answers = replace(answers, first_run_id="run-1", first_sync_done=True)
    bench.answers = answers
