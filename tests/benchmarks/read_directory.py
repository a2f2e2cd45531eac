"""Measures a whole read of the directory: `python -m tests.benchmarks.read_directory PEOPLE`.

The practice organization answers from a process of its own; the last line printed is one JSON
object with people, seconds, people a second, requests, and MiB above the program's own memory.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from tests.practice.google_world import Client
from tests.practice.visitor import practice
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.sync.read import ReadResult, read_directory
from wizard.sync.snapshot import pin_connection


def peak_mib() -> float:
    """The most memory this process ever held, in MiB (`ru_maxrss` is in KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(people: int, folder: Path) -> dict[str, float]:
    """Read twice, the second time over a full snapshot; the second read counts."""
    with practice(folder / "practice", people=people) as world, ExitStack() as stack:
        client = Client(world, stack)
        reader = client.reader(client.sign_in())
        database = stack.enter_context(
            closing(Database.open(folder / "client" / "sync.db", client.clock))
        )
        pin_connection(
            database,
            provider=ProviderId.GOOGLE,
            customer_id=reader.customer(Cancel()).id,
            ou_id="ou",
            account_id="oa",
        )
        before = peak_mib()
        _read(database, reader)
        result = _read(database, reader)
        return {
            "people": result.people,
            "seconds": round(result.seconds, 2),
            "people_a_second": round(result.people / result.seconds),
            "requests": result.requests,
            "mib_above_base": round(peak_mib() - before, 1),
        }


def _read(database: Database, reader: DirectoryReader) -> ReadResult:
    return read_directory(
        database, reader, needs_groups=False, cancel=Cancel(), progress=lambda _done, _total: None
    )


def main() -> int:
    """Measure with so many people, 20,000 unless told."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(measure(people, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
