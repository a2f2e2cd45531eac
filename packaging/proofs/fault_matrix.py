"""The proof that no fault at any stage of a sync harms anybody, as a table."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from devtools import environments
from devtools.proving import Context, Figures, Short
from tests.practice.fault_matrix.cells import Cell, Moment, why_not
from tests.practice.fault_matrix.faults import FAULTS
from tests.practice.fault_matrix.play import Played
from tests.practice.fault_matrix.stages import STAGES
from tests.practice.fault_matrix.table import mark_of, page

SAYS = (
    "Every fault (refusals, rate limits, lost and late answers, half pages, full disks, broken "
    "databases, wrong clocks, a lost lease) at every stage of a sync, written to "
    "docs/fault-matrix.md: nothing lost, nothing doubled, the report adds up, and the next quiet "
    "run ends exact."
)

_PAGE = "docs/fault-matrix.md"
_MODULE = "tests.practice.fault_matrix.campaign"
_LANES = 2
_LIMIT = 3600.0


def run(context: Context) -> Figures:
    """Play every cell, each lane half of them, and write the table."""
    with ThreadPoolExecutor(_LANES) as lanes:
        parts = list(lanes.map(lambda part: _part(context, part), range(_LANES)))
    rows: list[dict[str, Any]] = [row for part in parts for row in part["rows"]]
    played = [_played(row) for row in rows]
    wrong = {one.cell.name: one.wrong for one in played if one.wrong}
    asked = sum(part["cells"] for part in parts)
    figures = _figures(played) | {
        "seconds": max(part["seconds"] for part in parts),
        "requests_of_a_run": parts[0]["requests"],
    }
    if wrong:
        raise Short(f"{len(wrong)} cells: {json.dumps(dict(list(wrong.items())[:5]))}", figures)
    if len(played) < asked:
        raise Short(f"only {len(played)} of {asked} cells in {_LIMIT:.0f} s", figures)
    without = _without(played)
    if without:
        raise Short(f"neither a cell nor a reason: {without[:5]}", figures)
    target = context.root / _PAGE
    text = page({one.cell: mark_of(one) for one in played})
    figures["page_was_up_to_date"] = target.exists() and target.read_text("utf-8") == text
    target.write_text(text, encoding="utf-8")
    return figures


def _figures(played: list[Played]) -> dict[str, object]:
    outcomes = Counter(one.outcome for one in played)
    return {
        "stages": len({one.cell.stage for one in played}),
        "faults": len({one.cell.fault for one in played}),
        "cells": len(played),
        "wrong": sum(bool(one.wrong) for one in played),
        "ended": dict(sorted(outcomes.items())),
        "writes_while_spoiled": sum(one.done for one in played),
        "writes_of_the_next_run": sum(one.later for one in played),
    }


def _without(played: list[Played]) -> list[str]:
    there = {(one.cell.stage, one.cell.fault) for one in played}
    return [
        f"{stage.name}, {fault.name}"
        for stage in STAGES.values()
        for fault in FAULTS.values()
        if (stage.name, fault.name) not in there and not why_not(stage, fault)
    ]


def _played(row: dict[str, Any]) -> Played:
    cell = row["cell"]
    known = Cell(stage=cell["stage"], fault=cell["fault"], moment=Moment(cell["moment"]))
    return Played(**{**row, "cell": known})


def _part(context: Context, part: int) -> dict[str, Any]:
    """One lane's cells, played by a process of its own; what it says goes into a log."""
    command = [
        str(context.python), "-m", _MODULE, "--part", str(part), "--parts", str(_LANES),
        "--seconds", str(_LIMIT), "--own-disk",
    ]  # fmt: skip
    log = context.folder / f"part-{part}.txt"
    context.progress(f"Lane {part + 1} of {_LANES}; it tells how far it is in {log.name} …")
    with log.open("w", encoding="utf-8") as errors:
        done = subprocess.run(
            command,
            check=False,
            cwd=context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            timeout=_LIMIT + 600,
        )
    try:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError) as problem:
        said = log.read_text(encoding="utf-8")[-1500:]
        raise Short(f"lane {part} ended with {done.returncode}: {said}") from problem
