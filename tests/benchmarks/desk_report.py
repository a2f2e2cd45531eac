"""Measures the helpdesk report: `python -m tests.benchmarks.desk_report PEOPLE`.

A set-up is made and synced against the practice organization first, and one in a hundred let go.
The last line printed is one JSON object: seconds, megabytes and MiB above the program's own memory,
of a page that names people and of one that names nobody.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.read_directory import peak_mib
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import practice


def _one(bench: Computer, folder: Path, *, private: bool) -> dict[str, float]:
    folder.mkdir()
    before, started = peak_mib(), time.monotonic()
    view = bench.bench.checking.choose_report(folder, bench.cancel, private=private)
    return {
        "people": view.people,
        "seconds": round(time.monotonic() - started, 2),
        "megabytes": round(view.size / 1_000_000, 2),
        "mib_above_base": round(peak_mib() - before, 1),
    }


def measure(people: int, folder: Path) -> dict[str, dict[str, float]]:
    """A page with names, and one without."""
    with (
        practice(folder / "organization", people=people) as world,
        computer(world, folder / "home", person="unni.lie@bench.example") as one,
    ):
        one.set_up("Fjordheim Rederi")
        one.run()
        world.tell("let-go", {"count": max(1, people // 100)})
        one.run()
        return {
            "names": _one(one, folder / "names", private=False),
            "nobody": _one(one, folder / "nobody", private=True),
        }


def main() -> int:
    """Measure with so many people, 20,000 unless told."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(measure(people, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
