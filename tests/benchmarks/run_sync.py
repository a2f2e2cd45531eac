"""Measures whole runs: `python -m tests.benchmarks.run_sync PEOPLE`.

Both ends of the practice organization answer from a process of their own. The last line printed
is one JSON object: seconds and requests of the preview, of the first run (which writes everyone)
and of the second (which writes nobody), and MiB above the program's own memory.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.read_directory import peak_mib
from tests.practice.sync_world import connected_ends


def measure(people: int, folder: Path) -> dict[str, float]:
    """Preview, first run, second run."""
    with connected_ends(folder, people) as ends:
        before = peak_mib()
        started = time.monotonic()
        summary = ends.preview()
        previewed = time.monotonic()
        first = ends.run()
        wrote = time.monotonic()
        second = ends.run()
        ended = time.monotonic()
        if first.done.writes != summary.counts.writes or second.planned.writes:
            raise SystemExit(f"not what was planned: {first}, {second}")
        return {
            "people": first.people_read,
            "written": first.done.writes,
            "preview_seconds": round(previewed - started, 2),
            "first_seconds": round(wrote - previewed, 2),
            "second_seconds": round(ended - wrote, 2),
            "first_requests": first.requests,
            "second_requests": second.requests,
            "mib_above_base": round(peak_mib() - before, 1),
        }


def main() -> int:
    """Measure with so many people, 20,000 unless told."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(measure(people, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
