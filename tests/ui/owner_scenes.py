"""The account owner's steps in every state: organizational unit, inviting, the role's rail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.flow.answers import Role, StepId
from wizard.services.contract import UnitView
from wizard.services.contract.inviting import InvitedState

__all__ = ["OWNER_SCENES", "paste"]

Prepare = Callable[[FakeWorkbench], None]


def paste(stage: Stage, words: str) -> None:
    """Paste into the field for addresses."""
    line = stage.find("invite-addresses")
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.insert(words)
    stage.settle()


def as_role(role: Role) -> Prepare:
    """Let the person be this one."""

    def prepare(bench: FakeWorkbench) -> None:
        bench.answers = replace(bench.answers, role=role)

    return prepare


# ------------------------------------------------------------------ organizational unit


def _units(*units: UnitView, role: Role = Role.OWNER) -> Prepare:
    def prepare(bench: FakeWorkbench) -> None:
        bench.units = units
        bench.answers = replace(bench.answers, role=role)

    return prepare


SEVERAL = (
    UnitView(id="ou-1", name="Halden Freight", manageable=True),
    UnitView(id="ou-2", name="Halden Logistics and Customs Brokerage", manageable=True),
    UnitView(id="ou-3", name="Nordby", manageable=False),
)
_LOGISTICS = UnitView(id="ou-2", name="Halden Logistics and Customs Brokerage", manageable=False)
OTHERS = (
    UnitView(
        id="ou-3",
        name="Nordby",
        manageable=False,
        owners=(
            "Hanne Vik (hanne.vik@nordby.example)",
            "Jonas Ekeberg (jonas.ekeberg@nordby.example)",
        ),
    ),
)


def _slow(call: str, prepare: Prepare) -> Prepare:
    def both(bench: FakeWorkbench) -> None:
        prepare(bench)
        bench.hold(call)

    return both


def _offline(bench: FakeWorkbench) -> None:
    bench.fail("signed_in", Code.OFFLINE)


def _named(stage: Stage) -> None:
    stage.until(lambda: stage.shown("unit-name"))
    field = stage.find("unit-name")
    assert isinstance(field, QLineEdit)
    field.insert("Halden Freight")
    field.textEdited.emit(field.text())
    stage.settle()


def _create(stage: Stage) -> None:
    _named(stage)
    stage.press("primary")


def _another(stage: Stage) -> None:
    stage.until(lambda: stage.shown("unit-new"))
    stage.press("unit-new")


def _not_created(bench: FakeWorkbench) -> None:
    bench.units = ()
    bench.fail("create_unit", Code.CONNECTION_LOST, host="accounts.enterprise-connect.example")


# ------------------------------------------------------------------ inviting


def _list(bench: FakeWorkbench) -> None:
    inviting = bench.inviting
    inviting.add("priya.raman@halden-freight.example", InvitedState.PENDING)
    inviting.add("tomasz.wilk@halden-freight.example", InvitedState.ACCEPTED, name="Tomasz Wilk")


def _long_list(bench: FakeWorkbench) -> None:
    inviting = bench.inviting
    inviting.add("it-desk@halden-freight.example", InvitedState.OWNER, name="")
    inviting.add("sam.okoro@halden-freight.example", InvitedState.REVOKED)
    inviting.add("elif.kaya@halden-freight.example", InvitedState.EXPIRED, hours=-1)
    inviting.add(
        "a.very.long.address.of.somebody@international-freight-forwarding-and-customs.example",
        InvitedState.PENDING,
        hours=0.4,
    )
    _list(bench)


def _typed(stage: Stage) -> None:
    stage.until(lambda: "Checked" in stage.words("invited-checked"))
    paste(stage, "it-desk@halden-freight.example, sam.okoro@halden-freight")
    stage.find("invite-addresses").setFocus()


def _all_wrong(stage: Stage) -> None:
    stage.until(lambda: "Checked" in stage.words("invited-checked"))
    paste(
        stage,
        "Tomasz Wilk <tomasz.wilk@halden-freight.example>; priya.raman@halden-freight.example;"
        "sam.okoro@halden-freight; it@@halden-freight.example; it@halden-freight.example;"
        "IT@halden-freight.example; ingrid.solberg@halden-freight.example;"
        "a.very.long.address.of.somebody@international-freight-forwarding-and-customs.example;",
    )


def _many(stage: Stage) -> None:
    stage.until(lambda: "Checked" in stage.words("invited-checked"))
    paste(stage, "\n".join(f"person.{n}@halden-freight.example" for n in range(28)) + "\n")


def _sending(stage: Stage) -> None:
    _typed(stage)
    stage.bench.hold("invite")
    stage.press("invite-send")


def _partly(stage: Stage) -> None:
    stage.until(lambda: "Checked" in stage.words("invited-checked"))
    inviting = stage.bench.inviting
    inviting.breaks_after = 2
    inviting.members = {"kari.nilsen@halden-freight.example"}
    names = ("kari.nilsen", "hanne.vik", "lise.haugen", "amira.benali", "jonas.ekeberg")
    paste(stage, ", ".join(f"{name}@halden-freight.example" for name in names) + ",")
    stage.press("invite-send")
    stage.until(lambda: stage.shown("trouble"))


def _signed_out(bench: FakeWorkbench) -> None:
    bench.fail("invitations", Code.SIGN_IN_EXPIRED)


def _no_answer(bench: FakeWorkbench) -> None:
    bench.fail("invitations", Code.OFFLINE, times=99)


def _unit(name: str, **more: object) -> Scene:
    return Scene(name=f"unit-{name}", step=StepId.ORGANIZATIONAL_UNIT, **more)  # type: ignore[arg-type] # fields by name


def _invite(name: str, **more: object) -> Scene:
    return Scene(name=f"invite-{name}" if name else "invite", step=StepId.INVITE_IT, **more)  # type: ignore[arg-type] # fields by name


OWNER_SCENES: tuple[Scene, ...] = (
    _unit("only", prepare=as_role(Role.OWNER)),
    _unit("looking", prepare=_slow("signed_in", as_role(Role.OWNER))),
    _unit("several", prepare=_units(*SEVERAL)),
    _unit("another", prepare=_units(*SEVERAL), act=_another),
    _unit("none", prepare=_units()),
    _unit("none-it", prepare=_units(role=Role.IT)),
    _unit("named", prepare=_units(), act=_named),
    _unit("creating", prepare=_slow("create_unit", _units()), act=_create),
    _unit("not-created", prepare=_not_created, act=_create),
    _unit("member", prepare=_units(*OTHERS, role=Role.IT)),
    _unit("member-several", prepare=_units(*OTHERS, _LOGISTICS, role=Role.IT)),
    _unit("offline", prepare=_offline),
    _unit("practice", prepare=as_role(Role.OWNER), practice=True),
    _invite(""),
    _invite("typed", prepare=_list, act=_typed),
    _invite("wrong", prepare=_long_list, act=_all_wrong),
    _invite("many", act=_many),
    _invite("sending", prepare=_list, act=_sending),
    _invite("partly", prepare=_list, act=_partly),
    _invite("states", prepare=_long_list),
    _invite("signed-out", prepare=_signed_out),
    _invite("no-answer", prepare=_no_answer),
    _invite("practice", prepare=_list, act=_typed, practice=True),
)
