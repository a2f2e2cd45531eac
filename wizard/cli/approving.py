"""A person's word on the command line that what the last sync held back may go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wizard.cli.terminal import Terminal
from wizard.content.text import t
from wizard.core.runs import HeldKind
from wizard.core.trouble import Code, Trouble

if TYPE_CHECKING:
    from wizard.services.contract import HeldView
    from wizard.services.workbench import LocalWorkbench

__all__ = ["approve_held", "usage_mistake"]

Given = tuple[HeldKind | None, int]
"""A kind (None: whichever is held) and the number of people who were counted."""


def usage_mistake(approvals: Sequence[Given], plan: str) -> str:
    """What is wrong with how it was typed, '' for nothing."""
    kinds = [kind for kind, _ in approvals]
    if plan and not approvals:
        return t("--plan says which plan --approve is about; give both.")
    if None in kinds and not plan:
        return t("Write --approve N --plan ID, or --approve KIND=N such as leave=64.")
    if len(set(kinds)) < len(kinds) or (None in kinds and len(kinds) > 1):
        return t("Each kind is approved once. Where several are held, name each: leave=64.")
    return ""


def approve_held(
    bench: LocalWorkbench, approvals: Sequence[Given], plan: str, terminal: Terminal
) -> str:
    """Approve what a person counted: all of it, or, where one number is not so, nothing.

    `plan` is the id of the plan that was looked at, '' for the newest. Answers what is wrong with
    how it was typed, '' once all is approved. Raises `Trouble(APPROVAL_OUTDATED)` for another
    number, an older plan, or one that waits for nobody any more.
    """
    views = bench.held()
    if plan and plan not in {view.run_id for view in views}:
        problem = "plan" if views else "none"
        now = views[0].run_id if views else ""
        raise Trouble(Code.APPROVAL_OUTDATED, problem=problem, plan=plan, now=now)
    held = {view.kind: view for view in views}
    if len(held) > 1 and any(kind is None for kind, _ in approvals):
        named = ", ".join(f"{kind.value}={view.people}" for kind, view in held.items())
        return t("Several kinds are held, so name each: {kinds}.", kinds=named)
    only = next(iter(held), None)
    counted = {kind or only or HeldKind.LEAVE: typed for kind, typed in approvals}
    _check(held, counted)
    for kind, typed in counted.items():
        bench.approve(held[kind].run_id, kind, typed, terminal.cancel)
    return ""


def _check(held: Mapping[HeldKind, HeldView], counted: Mapping[HeldKind, int]) -> None:
    for kind, typed in counted.items():
        people = held[kind].people if kind in held else 0
        if not people:
            raise Trouble(Code.APPROVAL_OUTDATED, problem="none", what=kind.value, typed=typed)
        if typed != people:
            raise Trouble(
                Code.APPROVAL_OUTDATED,
                problem="number",
                what=kind.value,
                people=people,
                typed=typed,
            )
