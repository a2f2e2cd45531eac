"""`dev.py prove`: named proofs, each a promise in words and a program that puts it to the test."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from devtools import environments
from devtools.places import ROOT, WORK
from devtools.speech import Failed, Missing, say, warn

Figures = Mapping[str, object]
"""What a proof measured: names and values that JSON can carry."""

PROOFS = {
    "fresh-machine": "proofs.fresh_machine",
    "google-window": "proofs.google_window",
    "owner-path": "proofs.owner_path",
    "it-path": "proofs.it_path",
    "every-word": "proofs.every_word",
    "newcomer": "proofs.newcomer",
    "resume": "proofs.resume",
    "exact-sync": "proofs.exact_sync",
    "kill-anywhere": "proofs.kill_anywhere",
    "kill-200": "proofs.kill_200",
    "foreign-judges": "proofs.foreign_judges",
    "guard": "proofs.guard",
    "small-organisation": "proofs.small_organisation",
    "empty-directory": "proofs.empty_directory",
    "other-customer": "proofs.other_customer",
    "demoted-admin": "proofs.demoted_admin",
    "half-outage": "proofs.half_outage",
    "fault-matrix": "proofs.fault_matrix",
    "state-machine": "proofs.state_machine",
    "undo": "proofs.undo",
    "two-machines": "proofs.two_machines",
    "headless": "proofs.headless",
    "secrets": "proofs.no_secrets",
    "screens": "proofs.screens",
    "window-speed": "proofs.window_speed",
    "members-speed": "proofs.members_speed",
}
"""The proofs by name, each a module with `SAYS`, `NEEDS` and `run(context)`."""


class Short(Exception):
    """A proof that fell short: why, and the figures so far."""

    def __init__(self, reason: str, figures: Figures | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.figures: Figures = dict(figures or {})


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a proof gets: the repository, a folder for what it writes, and a way to speak."""

    root: Path
    folder: Path
    python: Path
    """The development environment's Python."""
    progress: Callable[[str], None]
    """Tells the person how far the proof is (on standard error)."""


class Proof(Protocol):
    """The shape of a module in `packaging/proofs`."""

    SAYS: str

    def run(self, context: Context) -> Figures:
        """Put the promise to the test; raises `Short` when it does not hold."""


def prove(name: str | None) -> int:
    """Run one proof and print its figures as one JSON line; without a name, list them all.

    Returns 0 when the proof holds, 1 when it falls short, 2 for an unknown name.
    """
    if name is None:
        for known, module in PROOFS.items():
            say(f"{known:<16} {_sentence(module)}")
        return 0
    if name not in PROOFS:
        warn(f"There is no proof called {name}. There are: {', '.join(PROOFS)}.")
        return 2
    # A proof may import the product and its libraries, so it runs in their environment.
    python = environments.main_environment("dev")
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        return _again_inside(python, name)
    return _prove_here(name, python)


def _again_inside(python: Path, name: str) -> int:
    from devtools import children

    command = [str(python), str(ROOT / "packaging" / "dev.py"), "prove", name]
    child = children.start(command, environment=environments.variables())
    try:
        return child.wait()
    finally:
        children.end(child)


def _prove_here(name: str, python: Path) -> int:
    folder = WORK / "proofs" / name
    folder.mkdir(parents=True, exist_ok=True)
    context = Context(root=ROOT, folder=folder, python=python, progress=warn)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    began = time.monotonic()
    reason, figures = _outcome(PROOFS[name], context)
    line = {
        "proof": name,
        "holds": not reason,
        **({"reason": reason} if reason else {}),
        "seconds": round(time.monotonic() - began, 1),
        **figures,
    }
    say(json.dumps(line, ensure_ascii=False))
    return 1 if reason else 0


def _outcome(module: str, context: Context) -> tuple[str, Figures]:
    try:
        proof: Proof = importlib.import_module(module)
        return "", proof.run(context)
    except ModuleNotFoundError as absent:
        if absent.name != module:
            raise
        return "this proof is not written yet", {}
    except Short as short:
        return short.reason, short.figures
    except (Missing, Failed) as lacking:
        return str(lacking), {}


def _sentence(module: str) -> str:
    """The promise in words, read without running the proof's imports."""
    import ast

    source = ROOT / "packaging" / Path(*module.split(".")).with_suffix(".py")
    if not source.exists():
        return "(not written yet)"
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and _assigns_says(node.targets):
            return str(ast.literal_eval(node.value))
    return "(says nothing)"


def _assigns_says(targets: Sequence[object]) -> bool:
    import ast

    return any(isinstance(target, ast.Name) and target.id == "SAYS" for target in targets)
