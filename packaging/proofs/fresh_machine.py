"""The proof that a bare machine gets to the window and through the quick tests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from devtools.fresh_root import FreshRoot, fresh_root, speaking
from devtools.proving import Context, Figures, Short
from proofs.desktop import Desktop, install

SAYS = (
    "In a bare Debian with only python3 and ca-certificates the README's run command ends with "
    "the window painted, and the quick part of its test command passes."
)

TITLE = "Enterprise Connect"
_FEWEST_COLORS = 64
"""An empty window has a handful of colors; text and icons bring hundreds."""

_WINDOW_LIMIT = 180.0
_TEST_LIMIT = 420.0
_COMMAND = ("python3", "packaging/dev.py")


def run(context: Context) -> Figures:
    """Make the machine, start the window in it, then run the quick tests in it."""
    figures: dict[str, object] = {}
    began = time.monotonic()
    install()
    context.progress("Making a bare Debian …")
    with fresh_root(context.folder / "root") as root:
        figures["machine_seconds"] = round(time.monotonic() - began, 1)
        _says_what_is_missing(context, root, figures)
        with Desktop(context.folder) as desktop:
            _window(context, root, desktop, figures)
        _quick_tests(context, root, figures)
    return figures


def _says_what_is_missing(context: Context, root: FreshRoot, figures: dict[str, object]) -> None:
    context.progress("Starting it where there is no display …")
    log = context.folder / "no-display.txt"
    code, said = speaking(root.command([*_COMMAND, "run"]), log, 60)
    if code != 1 or "no display" not in said or "Traceback" in said:
        raise Short(f"without a display it did not say so in words: {said[-500:]}", figures)
    figures["without_display"] = "said so in words"


def _window(
    context: Context, root: FreshRoot, desktop: Desktop, figures: dict[str, object]
) -> None:
    context.progress("Starting the README's run command …")
    log = context.folder / "run.txt"
    command = root.command([*_COMMAND, "run"], DISPLAY=desktop.environment["DISPLAY"])
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as file:
        started = _start(command, file)
        try:
            while not _is_painted(desktop):
                if started.poll() is not None or time.monotonic() - began > _WINDOW_LIMIT:
                    raise Short(f"no window was painted: {_end_of(log)}", figures)
                time.sleep(0.5)
            figures["run_to_painted_seconds"] = round(time.monotonic() - began, 1)
            picture = desktop.picture("window")
            figures["colors"] = _colors(picture)
            figures["picture"] = str(picture.relative_to(context.root))
            context.progress("The window is painted; ending it …")
            os.killpg(started.pid, signal.SIGINT)  # what Ctrl+C in a terminal does
            figures["run_exit_code"] = started.wait(60)
        except subprocess.TimeoutExpired as late:
            raise Short(f"it did not end when interrupted: {_end_of(log)}", figures) from late
        finally:
            started.kill()
            started.wait()


def _start(command: list[str], log: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


def _is_painted(desktop: Desktop) -> bool:
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", TITLE],
        check=False,
        capture_output=True,
        env=desktop.environment,
    )
    return bool(found.stdout.strip()) and _colors(desktop.picture("window")) >= _FEWEST_COLORS


def _colors(picture: Path) -> int:
    counted = subprocess.run(
        ["identify", "-format", "%k", str(picture)], check=True, capture_output=True, text=True
    )
    return int(counted.stdout)


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:]


def _quick_tests(context: Context, root: FreshRoot, figures: dict[str, object]) -> None:
    context.progress("Running the quick tests …")
    began = time.monotonic()
    log = context.folder / "test.txt"
    code, said = speaking(root.command([*_COMMAND, "test", "--quick"]), log, _TEST_LIMIT)
    figures["quick_test_seconds"] = round(time.monotonic() - began, 1)
    counted = re.findall(r"^\d+ passed.* in .*$", said, re.MULTILINE)
    figures["quick_test_says"] = counted[-1] if counted else "nothing"
    if code != 0:
        raise Short(f"the quick tests ended with {code}: {said[-1500:]}", figures)
