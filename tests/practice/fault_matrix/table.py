"""The page on faults: every stage with what each fault made of a run, and what has no cell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.practice.fault_matrix.cells import Cell, Moment, why_not
from tests.practice.fault_matrix.faults import FAULTS
from tests.practice.fault_matrix.play import Played
from tests.practice.fault_matrix.stages import STAGES

__all__ = ["mark_of", "marks_of", "page"]

NONE = "–"
_MOMENTS = {
    Moment.FIRST: "first request",
    Moment.MIDDLE: "a middle one",
    Moment.LAST: "last request",
    Moment.ALL: "all of them",
}
_INTRO = """\
# Faults

What every fault at every stage of a sync comes to. Each entry was played: an organization of some
forty people in which three were hired, five renamed, two came back, and five left; a run of the
whole program with that fault at that request; and two runs with nothing in the way. `python3
packaging/dev.py prove fault-matrix` plays them all and writes this page.

In every one of them:

1. **Nobody is lost, nobody is doubled.** Nobody in scope loses an account, nobody outside gets one,
   nobody has two, owners stay, and whoever is switched off was looked up and found to have left.
2. **The report adds up**: what it says was done is what the service did, but for operations that
   were not answered. Of these the journal knows, and the next run finds out.
3. **Nothing fails silently.** The exit code is 0 only where everybody is in step, and else there
   are words for what is wrong.
4. **The next quiet run ends exact**: everyone in scope has one account with their name and address,
   nobody else has; the service has the reports; and the run after that writes nothing.

An entry says how the spoiled run ended: `done` (everything, with exit code 0), or the outcome with
its code, as in [what goes wrong](what-goes-wrong.md). Behind an arrow stands what a person had to
do before the next run: sign in, take over, switch on. `a day later` is said where leavers wait for
the limit of a day. `no run` could not begin.
"""


def mark_of(played: Played) -> str:
    """A cell in a few words."""
    outcome = "no run" if played.outcome == "could not begin" else played.outcome
    same = played.code in {"", outcome}
    words = outcome if same else f"{outcome}: {played.code}"
    return f"{words} → {played.repaired}" if played.repaired else words


def page(marks: Mapping[Cell, str]) -> str:
    """The whole page."""
    parts = [_INTRO, f"{len(marks):,} runs were spoiled.\n"]
    for stage in STAGES:
        parts += [f"## {stage[0].upper()}{stage[1:]}\n", _table(stage, marks), _not_here(stage)]
    return "\n".join(part for part in parts if part)


def _table(stage: str, marks: Mapping[Cell, str]) -> str:
    lines = [
        "| fault | " + " | ".join(_MOMENTS.values()) + " |",
        "|---|" + "---|" * len(_MOMENTS),
    ]
    rows: dict[tuple[str, ...], list[str]] = {}
    for fault in FAULTS:
        row = tuple(
            marks.get(Cell(stage=stage, fault=fault, moment=moment), NONE) for moment in Moment
        )
        if any(mark != NONE for mark in row):
            rows.setdefault(row, []).append(fault)
    lines += [f"| {'; '.join(faults)} | {' | '.join(row)} |" for row, faults in rows.items()]
    return "\n".join(lines) + "\n"


def _not_here(stage: str) -> str:
    reasons: dict[str, list[str]] = {}
    for name, fault in FAULTS.items():
        reason = why_not(STAGES[stage], fault)
        if reason:
            reasons.setdefault(reason, []).append(name)
    if not reasons:
        return ""
    told = [f"- {reason}: {'; '.join(faults)}" for reason, faults in reasons.items()]
    return "\n".join(["Not here:\n", *told]) + "\n"


def marks_of(text: str) -> dict[Cell, str]:
    """The cells that a page tells of."""
    found: dict[Cell, str] = {}
    titles = {f"{stage[0].upper()}{stage[1:]}": stage for stage in STAGES}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        for line in body.splitlines():
            parts = [part.strip() for part in line.strip("|").split(" | ")]
            if len(parts) != 1 + len(Moment) or parts[0] in {"fault", "---"}:
                continue
            for fault in parts[0].split("; "):
                for moment, mark in zip(Moment, parts[1:], strict=True):
                    if mark != NONE:
                        found[Cell(stage=titles[title], fault=fault, moment=moment)] = mark
    return found
