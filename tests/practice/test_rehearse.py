"""The rehearsal as a person or a script starts it: a program that starts another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.practice.visitor import ROOT


def test_a_rehearsal_adds_up_and_says_so_in_one_object(tmp_path: Path) -> None:
    command = ["practice", "rehearse", "--provider", "google", "--people", "60", "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "wizard", *command, "--home", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["exact"] is True
    assert told["people"] == 60
    assert told["accounts_at_service"] == told["in_scope"] > 40
    assert told["second_run_writes"] == 0
    assert told["before"] == ["ines.prado@freelance.example"]
    assert told["provider"] == "google"
    assert told["sync_seconds"] > 0
    assert told["peak_rss_mib"] > 1
    assert [step["step"] for step in told["steps"]] == [
        "welcome",
        "sign_in",
        "google_authorize",
        "preview",
        "provisioning",
        "where_it_runs",
        "first_sync",
        "second_run",
        "count",
    ]
    secrets = [path for path in tmp_path.rglob("*") if path.name == "vault"]
    assert secrets == []
