"""Plays many cells, a fresh organization now and then; as a program it prints figures as JSON."""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.practice.fault_matrix.cells import Cell, Moment, cells
from tests.practice.fault_matrix.ground import Ground, ground
from tests.practice.fault_matrix.here import small_disk
from tests.practice.fault_matrix.line import small_pages
from tests.practice.fault_matrix.play import Played, baseline, play

__all__ = ["every_cell", "main", "play_all"]

_CELLS_A_GROUND = 80
_ORDER = 20261123


@contextmanager
def _fresh(*, own_disk: bool) -> Iterator[Ground]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        disk = folder / "disk"
        gone = small_disk(disk) if own_disk else None
        if gone is not None:
            stack.callback(gone)
        yield stack.enter_context(ground(folder, disk=disk if gone is not None else None))


def every_cell(requests: dict[str, int]) -> list[Cell]:
    """All of them."""
    return list(cells(requests))


def play_all(
    chosen: Sequence[Cell], requests: dict[str, int], *, own_disk: bool, until: float = 0.0
) -> Iterator[Played]:
    """One after the other; after one that went wrong the next has an organization of its own."""
    left = list(chosen)
    while left and not (until and time.monotonic() > until):
        with _fresh(own_disk=own_disk) as made:
            for _ in range(_CELLS_A_GROUND):
                if not left or (until and time.monotonic() > until):
                    break
                cell = left.pop(0)
                try:
                    played = play(made, cell, requests)
                except Exception as problem:  # noqa: BLE001 - told as what is wrong with this cell
                    played = Played(cell=cell, wrong=[f"{type(problem).__name__}: {problem}"])
                yield played
                if played.wrong or cell.fault == "database damaged":
                    break


def measured() -> dict[str, int]:
    """How many requests each stage has."""
    with _fresh(own_disk=False) as made:
        return baseline(made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play one part of all cells, or those whose name has some words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--own-disk", action="store_true")
    parser.add_argument("--kept", default="", help="a file of what was played; goes on from there")
    given = parser.parse_args(arguments)
    # Ended from outside, it still takes its disks away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    until = time.monotonic() + given.seconds if given.seconds else 0.0
    with small_pages():
        requests = measured()
        every = [cell for cell in every_cell(requests) if given.only in cell.name]
        before = _kept(given.kept)
        mine = [cell for cell in in_order(every)[given.part :: given.parts] if cell not in before]
        began = time.monotonic()
        rows = list(before.values())
        for number, played in enumerate(
            play_all(mine, requests, own_disk=given.own_disk, until=until), 1
        ):
            rows.append(asdict(played))
            if given.kept:
                with Path(given.kept).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
            if played.wrong or number % 50 == 0:
                said = f"{number}/{len(mine)} {played.cell.name}: {played.wrong or 'fine'}"
                sys.stderr.write(f"{said}\n")
    told = json.dumps(
        {
            "requests": requests,
            "cells": len(mine) + len(before),
            "played": len(rows),
            "wrong": sum(bool(row["wrong"]) for row in rows),
            "seconds": round(time.monotonic() - began, 1),
            "rows": rows,
        }
    )
    sys.stdout.write(f"{told}\n")
    left = len(mine) + len(before) - len(rows)
    return 1 if left or any(row["wrong"] for row in rows) else 0


def in_order(every: Sequence[Cell]) -> list[Cell]:
    """Slow and quick ones mixed, always alike; first one of every fault at every stage."""
    mixed = list(every)
    random.Random(_ORDER).shuffle(mixed)
    order = list(Moment)
    first: dict[tuple[str, str], Cell] = {}
    for cell in sorted(every, key=lambda cell: order.index(cell.moment)):
        first.setdefault((cell.stage, cell.fault), cell)
    return sorted(mixed, key=lambda cell: first[cell.stage, cell.fault] is not cell)


def _kept(name: str) -> dict[Cell, dict[str, Any]]:
    """What was played before and went well."""
    if not name or not Path(name).exists():
        return {}
    rows = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
    return {
        Cell(**{**row["cell"], "moment": Moment(row["cell"]["moment"])}): row
        for row in rows
        if not row["wrong"]
    }


if __name__ == "__main__":
    sys.exit(main())
