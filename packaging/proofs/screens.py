"""The proof that every page and every trouble is drawn whole, in every theme, scale and size."""

from __future__ import annotations

import json
import shutil
import subprocess

from devtools import debian, environments
from devtools.proving import Context, Figures, Short

SAYS = (
    "One command writes every page, state and trouble as pictures and contact sheets, light and "
    "dark, 100 % and 200 %, 1100×720 and 900×500, and nothing in them is cut, overlaps, lacks a "
    "name or offers other than one primary button."
)

_LIMIT = 1200.0


def run(context: Context) -> Figures:
    """Draw everything anew and read what the checker found."""
    debian.install_or_name(
        debian.lacking_for_qt(), because="Drawing pages needs system packages that are not here."
    )
    folder = context.folder / "pictures"
    shutil.rmtree(folder, ignore_errors=True)
    context.progress("Drawing every page …")
    with (context.folder / "screens.txt").open("w+", encoding="utf-8") as log:
        try:
            code = subprocess.run(
                [str(context.python), "-m", "tests.ui.screens", str(folder)],
                check=False,
                cwd=context.root,
                env=environments.variables(QT_QPA_PLATFORM="offscreen"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=_LIMIT,
            ).returncode
        except subprocess.TimeoutExpired as late:
            raise Short(f"the pages were not drawn within {_LIMIT:.0f} s") from late
        log.seek(0)
        said = log.read()
    findings = folder / "findings.json"
    if not findings.exists():
        raise Short(f"drawing ended with {code}: {said[-1200:]}")
    told = dict(json.loads(findings.read_text(encoding="utf-8")))
    found = list(told["findings"])
    figures: dict[str, object] = {**told, "findings": len(found), "folder": str(folder)}
    if found:
        raise Short("the checker found something", {**figures, "found": found[:40]})
    if code != 0:
        raise Short(f"drawing ended with {code}: {said[-1200:]}", figures)
    return figures
