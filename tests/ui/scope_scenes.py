"""Choosing who is synced, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.settings import (
    AddressChoice,
    AddressRule,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code
from wizard.flow.answers import StepId

__all__ = ["SCOPE_SCENES"]

_UNITS = ScopeRule(
    kind=ScopeKind.RULES,
    unit_ids=("root",),
    exclude_unit_ids=("contractors",),
    exclude_user_ids=("u001", "u022", "u100"),
)


def _counted(stage: Stage) -> None:
    page = stage.frame.page
    stage.until(lambda: not page.offer.busy and stage.words("scope-figure") != "")
    stage.until(lambda: stage.find("address-examples") is not None)


def _chosen(rule: ScopeRule, **more: object) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        draft = replace(ProvisioningSettings(version=3), scope=rule, **more)  # type: ignore[arg-type] # fields by name
        bench.answers = replace(bench.answers, draft=draft)

    return prepare


def _rules(**named: tuple[str, ...]) -> ScopeRule:
    return replace(ScopeRule(kind=ScopeKind.RULES), **named)  # type: ignore[arg-type] # fields by name


SCOPE_SCENES: tuple[Scene, ...] = (
    Scene(name="scope-everyone", step=StepId.SCOPE, act=_counted),
    Scene(name="scope-units", step=StepId.SCOPE, prepare=_chosen(_UNITS), act=_counted),
)
