"""The states in which somebody else saved the settings while a draft was under way."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.settle_stage import number, toggle, type_into
from tests.ui.stage import Stage
from wizard.core.settings import AddressChoice, AddressRule, ScopeKind, ScopeRule

__all__ = ["asked", "conflicts", "merged", "protected", "scope_changed", "wrong_number"]


def merged(bench: FakeWorkbench) -> None:
    """Maren changed other settings than the person here."""
    bench.answers = replace(bench.answers, draft=replace(bench.stored, enabled=True, grace_days=21))
    bench.drafts.somebody_saves(interval_minutes=60, protected=("nora.lie@halden-freight.example",))


def conflicts(bench: FakeWorkbench) -> None:
    """Both changed the same settings, and Maren others, too."""
    mine = AddressRule(choice=AddressChoice.IN_DOMAIN, domain="halden-freight.example")
    draft = replace(bench.stored, enabled=True, grace_days=21, address=mine)
    bench.answers = replace(bench.answers, draft=draft)
    bench.drafts.somebody_saves(
        grace_days=14,
        interval_minutes=60,
        address=replace(mine, domain="halden-logistics.example"),
    )


def scope_changed(bench: FakeWorkbench) -> None:
    """Maren chose other people."""
    bench.answers = replace(bench.answers, draft=replace(bench.stored, enabled=True))
    rule = ScopeRule(kind=ScopeKind.RULES, unit_ids=("sales", "operations"))
    bench.drafts.somebody_saves(scope=rule)


def asked(stage: Stage) -> None:
    """The question whose value counts is open."""
    stage.until(lambda: stage.shown("settle-open"))
    stage.press("settle-open")
    stage.until(lambda: stage.shown("settle-sheet"))


def wrong_number(stage: Stage) -> None:
    """Numbers that make no sense were typed."""
    toggle(stage).setChecked(True)
    number(stage, "grace").setValue(400)
    number(stage, "leave-percent").setValue(150)


def protected(stage: Stage) -> None:
    """Naming people who are never deactivated, one of them without an ending."""
    toggle(stage)
    stage.press("protected-change")
    type_into(stage, "protected-address", "nora.lie@halden-freight.example")
    stage.press("protected-add")
    type_into(stage, "protected-address", "board@halden")
    stage.press("protected-add")
