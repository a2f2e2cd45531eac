"""`dev.py screens` and `dev.py words`: what a person sees, as pictures and as a catalog."""

from __future__ import annotations

from pathlib import Path

from devtools import children, debian, environments
from devtools.places import ROOT, WORK, shown
from devtools.speech import Failed, say

_LIMIT = 900.0


def screens(folder: str | None) -> int:
    """Draw the pages into `folder`; returns 0 when all of them were drawn."""
    target = Path(folder) if folder else WORK / "screens"
    python = environments.main_environment("dev")
    debian.install_or_name(
        debian.lacking_for_qt(), because="Drawing pages needs system packages that are not here."
    )
    target.mkdir(parents=True, exist_ok=True)
    say(f"Drawing every page into {shown(target)} …")
    code = children.run(
        [str(python), "-m", "tests.ui.screens", str(target.resolve())],
        environment=environments.variables(QT_QPA_PLATFORM="offscreen"),
        seconds=_LIMIT,
    )
    if code is None:
        raise Failed(f"The pages were not drawn within {_LIMIT:.0f} s.")
    return code


def words() -> int:
    """Write the catalog of all words anew; returns 0 when it was written."""
    python = environments.main_environment("dev")
    code = children.run(
        [str(python), str(ROOT / "packaging" / "words.py")],
        environment=environments.variables(PYTHONPATH=str(ROOT)),
        seconds=_LIMIT,
    )
    return 1 if code is None else code
