"""`dev.py screens`: every page and every error as picture files, with contact sheets."""

from __future__ import annotations

from pathlib import Path

from devtools import children, debian, environments
from devtools.places import WORK, shown
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
