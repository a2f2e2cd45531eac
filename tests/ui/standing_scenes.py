"""The states in which a set-up stands on this computer and somebody comes for another one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene, at_step
from tests.ui.stage import Stage
from wizard.flow.answers import StepId
from wizard.services.contract import UnitView
from wizard.services.contract.inviting import InvitedState

__all__ = ["STANDING_SCENES"]

_HERE = UnitView(id="ou-1", name="Halden Freight", manageable=True)
_OTHER = UnitView(id="ou-7", name="Guest House", manageable=True)


def _somebody_else(bench: FakeWorkbench) -> None:
    at_step(bench, StepId.DONE)
    tomasz = "tomasz.wilk@halden-freight.example"
    bench.answers = replace(bench.answers, signed_in_as=tomasz, signed_in_name="Tomasz Wilk")
    bench.units = (_OTHER,)


def _owner_of_both(bench: FakeWorkbench) -> None:
    at_step(bench, StepId.DONE)
    bench.units = (_HERE, _OTHER)


def _told(stage: Stage) -> None:
    stage.until(lambda: stage.shown("trouble"))


def _chosen(stage: Stage) -> None:
    stage.until(lambda: stage.shown("unit-ou-7"))
    stage.press("unit-ou-7")
    _told(stage)


def _asked(stage: Stage) -> None:
    _told(stage)
    stage.press("start-again")
    field = stage.find("start-again-word")
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    if isinstance(line, QLineEdit):
        line.setText("Halden Freight")
        line.textEdited.emit("Halden Freight")


def _no_invitations(bench: FakeWorkbench) -> None:
    bench.inviting.offered = False


def _deactivated(bench: FakeWorkbench) -> None:
    address = "tomasz.wilk@halden-freight.example"
    bench.inviting.add(address, InvitedState.INACTIVE, name="Tomasz Wilk")


def _removed(bench: FakeWorkbench) -> None:
    bench.inviting.add("tomasz.wilk@halden-freight.example", InvitedState.LEFT)


def _listed(stage: Stage) -> None:
    stage.until(lambda: "invitations" in stage.bench.called)


STANDING_SCENES: tuple[Scene, ...] = (
    Scene(name="standing-sign-in", step=StepId.SIGN_IN, prepare=_somebody_else, act=_told),
    Scene(name="standing-again", step=StepId.SIGN_IN, prepare=_somebody_else, act=_asked),
    Scene(
        name="standing-unit", step=StepId.ORGANIZATIONAL_UNIT, prepare=_owner_of_both, act=_chosen
    ),
    Scene(name="invite-none", step=StepId.INVITE_IT, prepare=_no_invitations, act=_listed),
    Scene(name="invite-deactivated", step=StepId.INVITE_IT, prepare=_deactivated, act=_listed),
    Scene(name="invite-removed", step=StepId.INVITE_IT, prepare=_removed, act=_listed),
)
