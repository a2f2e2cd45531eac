"""Words for what one operation did to an account, and for what came of one row of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wizard.content.text import N_, Message, t
from wizard.core.runs import PlanKind

__all__ = ["RESULTS", "changes", "operation_title", "proof_words", "result_words"]

_DONE: Mapping[PlanKind, Message] = MappingProxyType(
    {
        PlanKind.CREATE: N_("Account created"),
        PlanKind.ADOPT: N_("Account taken over"),
        PlanKind.UPDATE: N_("Account changed"),
        PlanKind.DEACTIVATE: N_("Account deactivated"),
        PlanKind.REACTIVATE: N_("Account turned on again"),
    }
)
_NOT_DONE: Mapping[PlanKind, Message] = MappingProxyType(
    {
        PlanKind.CREATE: N_("Account could not be made"),
        PlanKind.ADOPT: N_("Account could not be taken over"),
        PlanKind.UPDATE: N_("Account could not be changed"),
        PlanKind.DEACTIVATE: N_("Account could not be deactivated"),
        PlanKind.REACTIVATE: N_("Account could not be turned on again"),
    }
)
_PROOFS: Mapping[str, Message] = MappingProxyType(
    {
        "gone": N_("Looked up by id before: gone"),
        "suspended": N_("Looked up by id before: suspended"),
        "archived": N_("Looked up by id before: archived"),
        "out-of-scope": N_("Looked up by id before: there, and out of scope"),
        "none": N_("Looked up by id before: not confirmed"),
    }
)
RESULTS: Mapping[str, Message] = MappingProxyType(
    {
        "done": N_("Done"),
        "failed": N_("Not done"),
        "sent": N_("Not answered"),
        "held": N_("Held back"),
        "none": N_("Nothing to do"),
        "not-done": N_("Not reached"),
        "problem": N_("Problem"),
    }
)
"""What came of one row of a run, by the word that programs read."""


def operation_title(kind: PlanKind, state: str) -> str:
    """What one operation did, or was to do."""
    if state == "done":
        return t(_DONE[kind])
    if state == "failed":
        return t(_NOT_DONE[kind])
    return t("Sent, and not answered yet")


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """What differs between the values before and after: a label, the old and the new value."""
    if not new:
        return
    labels = {"name": t("Name"), "address": t("Address"), "active": t("Account")}
    states = {"on": t("on"), "off": t("off")}
    for field, label in labels.items():
        before, after = old.get(field, ""), new.get(field, "")
        if before != after:
            yield label, states.get(before, before), states.get(after, after)


def proof_words(proof: str) -> str:
    """What looking a leaver up showed."""
    return t(_PROOFS.get(proof, _PROOFS["none"]))


def result_words(result: str) -> str:
    """What came of one row of a run."""
    return t(RESULTS[result])
