"""Choosing who is synced, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QScrollArea

from tests.ui.fake_scoping import DOMAIN, SECOND, halden
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from tests.unit.sync.world import FakeDirectory
from wizard.core.directory import OrgUnit
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    NotActive,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code
from wizard.flow.answers import ChosenScope, StepId
from wizard.ui.pages.scope import ScopePage
from wizard.ui.widgets.fields import SearchField

__all__ = ["SCOPE_SCENES"]

CHOSEN = ScopeRule(kind=ScopeKind.RULES)
UNITS = replace(
    CHOSEN,
    unit_ids=("root",),
    exclude_unit_ids=("contractors",),
    exclude_user_ids=("u001", "u022", "u100"),
)
PILOT = replace(CHOSEN, user_ids=("u003", "u014", "u100", "u101", "u317"))


def counted(stage: Stage) -> None:
    """Wait until the numbers are those of what is chosen."""
    page = stage.frame.page
    stage.until(lambda: not page.working)


def lower(stage: Stage) -> None:
    """Scroll to the end of the page."""
    counted(stage)
    body = stage.frame.page.parentWidget()
    while body is not None and not isinstance(body, QScrollArea):
        body = body.parentWidget()
    assert isinstance(body, QScrollArea)
    bar = body.verticalScrollBar()
    bar.setValue(bar.maximum())


def chosen(rule: ScopeRule, address: AddressRule | None = None) -> Callable[[FakeWorkbench], None]:
    """The draft says so."""

    def prepare(bench: FakeWorkbench) -> None:
        draft = ProvisioningSettings(version=3, scope=rule, address=address or AddressRule())
        bench.answers = replace(bench.answers, draft=draft)

    return prepare


def saved(before: ScopeRule, rule: ScopeRule) -> Callable[[FakeWorkbench], None]:
    """The service has one scope, the draft another."""

    def prepare(bench: FakeWorkbench) -> None:
        bench.stored = replace(bench.stored, scope=before, enabled=True)
        draft = replace(bench.stored, scope=rule)
        bench.answers = replace(bench.answers, draft=draft)

    return prepare


def lives_in(directory: Callable[[], FakeDirectory]) -> Callable[[FakeWorkbench], None]:
    """Another directory than the sample's."""

    def prepare(bench: FakeWorkbench) -> None:
        bench.scoping.directory = directory()

    return prepare


def both(
    first: Callable[[FakeWorkbench], None], second: Callable[[FakeWorkbench], None]
) -> Callable[[FakeWorkbench], None]:
    """One after the other."""

    def prepare(bench: FakeWorkbench) -> None:
        first(bench)
        second(bench)

    return prepare


def large() -> FakeDirectory:
    """Hundreds of units, some with names that no window has room for."""
    directory = halden()
    for number in range(300):
        name = f"Depot {number:03}"
        if number % 25 == 0:
            name += " for long-distance freight, cold chain and dangerous goods"
        directory.org_units.append(
            OrgUnit(id=f"d{number}", parent_id="fleet", path=f"/Operations/Fleet/{name}", name=name)
        )
    return directory


def flat() -> FakeDirectory:
    """One unit, the root, and no groups."""
    directory = halden()
    for user in list(directory.people):
        directory.change(user, unit_path="/")
    directory.org_units = directory.org_units[:1]
    directory.all_groups, directory.edges = [], []
    return directory


def no_groups_allowed() -> FakeDirectory:
    """The admin left the box for groups empty."""
    directory = halden()
    directory.groups_allowed = False
    return directory


def several_domains() -> FakeDirectory:
    """A part of the people has the primary address elsewhere."""
    directory = halden()
    for user in list(directory.people)[100:180]:
        local = directory.people[user].address.partition("@")[0]
        directory.change(user, address=f"{local}@{SECOND}")
    return directory


def typed(name: str, words: str) -> Callable[[Stage], None]:
    """Search for this."""

    def act(stage: Stage) -> None:
        counted(stage)
        field = stage.find(name)
        assert isinstance(field, SearchField)
        field.setText(words)
        field.search_now()
        stage.until(lambda: not stage.frame.page.working)

    return act


def pasted(stage: Stage) -> None:
    """A list of addresses, copied from elsewhere, into the search for people."""
    counted(stage)
    stage.press("scope-way-people")
    known = list(stage.bench.scoping.directory.people.values())
    words = " ".join(["somebody@elsewhere.example", *(one.address for one in known[100:104])])
    typed("scope-people-search", words)(stage)


def pressed(*names: str) -> Callable[[Stage], None]:
    """Press these, one after the other."""

    def act(stage: Stage) -> None:
        counted(stage)
        for name in names:
            stage.press(name)

    return act


def _hold(call: str) -> Callable[[FakeWorkbench], None]:
    return lambda bench: bench.hold(call)


def _fail(call: str, code: Code) -> Callable[[FakeWorkbench], None]:
    return lambda bench: bench.fail(call, code)


def _refused(stage: Stage) -> None:
    counted(stage)
    stage.bench.fail("scoping.confirm", Code.SERVICE_UNAVAILABLE)
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.trouble is not None)


def _others_saved(stage: Stage) -> None:
    """Maren chose other people while the person here chose theirs, who is about to confirm."""
    counted(stage)
    page = stage.frame.page
    assert isinstance(page, ScopePage)
    page.editor.use(ChosenScope(scope=UNITS, version=3), stage.bench.stored)
    counted(stage)
    finance = replace(CHOSEN, unit_ids=("finance",), exclude_unit_ids=("fleet", "customs"))
    stage.bench.drafts.somebody_saves(scope=finance, interval_minutes=60)
    stage.press("primary")
    stage.until(lambda: stage.shown("settings-changed"))
    counted(stage)


def _others_asked(stage: Stage) -> None:
    _others_saved(stage)
    stage.press("settle-open")


def _both_chose(bench: FakeWorkbench) -> None:
    """Both changed the address, and not to the same."""
    mine = AddressRule(choice=AddressChoice.IN_DOMAIN, domain=DOMAIN)
    bench.drafts.remember("", bench.stored)
    bench.answers = replace(
        bench.answers, chosen=ChosenScope(scope=UNITS, address=mine, version=bench.stored.version)
    )
    finance = replace(CHOSEN, unit_ids=("finance",))
    bench.drafts.somebody_saves(scope=finance, address=replace(mine, domain=SECOND))


_IN_SECOND = AddressRule(
    choice=AddressChoice.IN_DOMAIN, domain=SECOND, otherwise=AddressFallback.LEAVE_OUT
)


def _scene(
    name: str,
    prepare: Callable[[FakeWorkbench], None] = lambda _bench: None,
    act: Callable[[Stage], None] = counted,
) -> Scene:
    return Scene(name=f"scope-{name}", step=StepId.SCOPE, prepare=prepare, act=act)


SCOPE_SCENES: tuple[Scene, ...] = (
    _scene("reading", _hold("scoping.start"), lambda _stage: None),
    _scene("failed", _fail("scoping.start", Code.DIRECTORY_FORBIDDEN), lambda _stage: None),
    _scene("everyone"),
    _scene("units", chosen(UNITS)),
    _scene("units-lower", chosen(UNITS), lower),
    _scene("units-nothing", chosen(CHOSEN)),
    _scene("units-large", both(lives_in(large), chosen(replace(CHOSEN, unit_ids=("d0", "d250"))))),
    _scene("units-flat", lives_in(flat)),
    _scene("groups", chosen(replace(CHOSEN, group_ids=("night", "planners")))),
    _scene(
        "groups-search",
        chosen(replace(CHOSEN, group_ids=("night",))),
        typed("scope-groups-search", "dri"),
    ),
    _scene("group-gone", chosen(replace(CHOSEN, group_ids=("planners", "gone"), unit_ids=()))),
    _scene("no-groups", lives_in(no_groups_allowed), pressed("scope-way-groups")),
    _scene("pilot", chosen(PILOT)),
    _scene("pilot-list", act=pasted),
    _scene("pilot-search", chosen(PILOT), typed("scope-people-search", "odegard")),
    _scene("pilot-nobody-found", chosen(PILOT), typed("scope-people-search", "zzz")),
    _scene("domains", both(lives_in(several_domains), chosen(replace(CHOSEN, domains=(SECOND,))))),
    _scene("difference", saved(PILOT, UNITS)),
    _scene("difference-fewer", saved(ScopeRule(), UNITS)),
    _scene("all-left-out", chosen(replace(PILOT, exclude_user_ids=PILOT.user_ids))),
    _scene("excluded-sheet", chosen(UNITS), pressed("edit-out-people")),
    _scene("address", chosen(replace(UNITS, suspended=NotActive.KEEP_INACTIVE), _IN_SECOND), lower),
    _scene("beside", chosen(replace(UNITS, group_ids=("night",), user_ids=("u480",)))),
    _scene("save-failed", chosen(UNITS), _refused),
    _scene("others", act=_others_saved),
    _scene("others-sheet", act=_others_asked),
    _scene("others-conflict", _both_chose),
    _scene("others-conflict-sheet", _both_chose, pressed("primary")),
)
