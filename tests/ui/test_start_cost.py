"""What the window's first picture does not need is not even imported before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.ui.test_program import _PROFILE

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = """
import sys
from importlib import import_module
from pathlib import Path
from wizard import app
from wizard.services.options import Options
for name in app._BEFORE_QT:
    import_module(name)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from wizard.services.environment import open_workbench
from wizard.ui.program import Program
from wizard.ui.theme import ThemeChoice, install
application = QApplication([])
install(application, ThemeChoice.LIGHT)
home = Path(sys.argv[1])
options = Options(profile=str(home / "p.toml"), home=home, trust_profile=True, forget=True)
bench = open_workbench(options, asks=True)
program = Program(bench)
seen = []
program.frame.painted.connect(lambda: seen.append(set(sys.modules)))
application.setQuitOnLastWindowClosed(False)
program.ended.connect(application.quit)
program.show()
while not seen:
    application.processEvents()
late = (
    "wizard.sync", "wizard.accounts", "wizard.providers", "wizard.vault", "wizard.auth",
    "wizard.store", "wizard.services.engine", "wizard.services.views", "wizard.content.troubles",
    "wizard.ui.help_content", "requests", "keyring", "cryptography", "google", "sqlite3", "ssl",
)
print(sorted(name for name in seen[0] if name.startswith(tuple(f"{one}." for one in late))
             or name in late))
QTimer.singleShot(0, program.frame.close)
application.exec()
"""


def test_the_first_picture_waits_for_nothing_that_only_a_job_or_a_sync_needs(
    tmp_path: Path,
) -> None:
    (tmp_path / "p.toml").write_text(_PROFILE, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"
