"""What the window's first picture does not need is not even imported before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
if sys.argv[2] == "home":
    from wizard.flow.answers import Answers, Place, Role, StepId
    from wizard.flow.graph import Walk, resume
    done = Answers(
        role=Role.IT, service_answered=True, signed_in_as="nora.lie@nordby.example", ou_id="ou-1",
        ou_name="Nordby", workspace_chosen=True, app_installed=True, customer_id="C0",
        domain="nordby.example", organization_account_id="oa-1", organization_account_active=True,
        scope_confirmed=True, preview_run_id="p", preview_seen=True, settings_version=3,
        provisioning_on=True, place=Place.SERVER, place_ready=True,
    )
    bench.go(resume(Walk(step=StepId.DONE, answers=done)))
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
if sys.argv[2] != "home":
    late = (*late, "wizard.ui.home")
assert program.frame.at_home == (sys.argv[2] == "home")
print(sorted(name for name in seen[0] if name.startswith(tuple(f"{one}." for one in late))
             or name in late))
QTimer.singleShot(0, program.frame.close)
application.exec()
"""


@pytest.mark.parametrize("at", ["set-up", "home"])
def test_the_first_picture_waits_for_nothing_that_only_a_job_or_a_sync_needs(
    at: str, tmp_path: Path
) -> None:
    (tmp_path / "p.toml").write_text(_PROFILE, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path), at],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"
