"""Runs tests for a proof and counts what they did, from pytest's own report."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET  # read only what our own pytest has just written
from collections.abc import Sequence
from dataclasses import dataclass

from devtools import environments
from devtools.proving import Context, Short


@dataclass(frozen=True, kw_only=True)
class TestRun:
    """What one run of pytest did; `said` is everything it printed."""

    passed: int
    failed: int
    skipped: int
    seconds: float
    said: str


def run_tests(
    context: Context,
    name: str,
    arguments: Sequence[str],
    *,
    seconds: float,
    before: Sequence[str] = (),
    **variables: str,
) -> TestRun:
    """Run pytest with these arguments; raises `Short` when a test fails or none ran."""
    report = context.folder / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [
        *before, str(context.python), "-m", "pytest", "-q", "-p", "no:cacheprovider",
        f"--junit-xml={report}", *arguments,
    ]  # fmt: skip
    context.progress(f"Running {name} …")
    with (context.folder / f"{name}.txt").open("w+", encoding="utf-8") as log:
        try:
            code = subprocess.run(
                command,
                check=False,
                cwd=context.root,
                env=environments.variables(**variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds,
            ).returncode
        except subprocess.TimeoutExpired as late:
            raise Short(f"{name} was not done after {seconds:.0f} s") from late
        log.seek(0)
        said = log.read()
    if not report.exists():
        raise Short(f"{name} ended with {code} before it ran a test: {said[-1200:]}")
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    counts = suite.attrib if suite is not None else {}
    failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    skipped = int(counts.get("skipped", 0))
    passed = int(counts.get("tests", 0)) - failed - skipped
    run = TestRun(
        passed=passed,
        failed=failed,
        skipped=skipped,
        seconds=float(counts.get("time", 0.0)),
        said=said,
    )
    if code != 0 or passed == 0:
        raise Short(f"{name}: {failed} failed, {passed} passed: {said[-1500:]}")
    return run


def examples(said: str) -> dict[str, int]:
    """How many passing examples each property test tried (`--hypothesis-show-statistics`)."""
    found: dict[str, int] = {}
    current = ""
    for line in said.splitlines():
        if named := re.match(r"^tests/\S+::(\w+):", line):
            current = named[1]
        if counted := re.search(r"- (\d+) passing, 0 failing", line):
            found[current] = found.get(current, 0) + int(counted[1])
    return found
