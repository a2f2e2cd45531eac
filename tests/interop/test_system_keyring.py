"""The vault's key in a keyring that others wrote: gnome-keyring on a session bus of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORD = "an invented log-in password"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("gnome-keyring-daemon"),
    reason="gnome-keyring is for Linux desktops, and not installed here",
)

SCRIPT = """
import json, sys
from pathlib import Path
from wizard.core.trouble import Trouble
from wizard.vault.keyrings import SystemKeyring
from wizard.vault.vault import VaultChoice, existing_choice, open_vault

folder, value = Path(sys.argv[1]), sys.argv[2]
told = {}
try:
    vault = open_vault(folder, VaultChoice.KEYRING, keys=SystemKeyring(seconds=10))
    told["before"] = vault.get_text("service/nordby")
    if value:
        vault.set("service/nordby", value)
    told["after"] = vault.get_text("service/nordby")
except Trouble as trouble:
    told["trouble"] = trouble.code.value
told["choice"] = existing_choice(folder)
print(json.dumps(told))
"""

# The daemon stays in the foreground, so that it ends with the shell that started it.
SESSION = """
if [ -n "$START_KEYRING" ]; then
    printf %s "$WORD" | gnome-keyring-daemon --unlock --foreground --components=secrets \
        >/dev/null 2>&1 &
    keeper=$!
    trap 'kill $keeper; wait $keeper' EXIT
    until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets \
        | grep -q "boolean true"; do :; done
fi
"$@"
"""


def in_session(home: Path, folder: Path, value: str = "", *, keyring: bool = True) -> object:
    """What the script tells, run on a new session bus, with or without a keyring."""
    variables = {
        name: text
        for name, text in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    variables |= {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "WORD": WORD,
        "START_KEYRING": "yes" if keyring else "",
    }
    for part in ("data", "run"):
        (home / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    # A bus that starts no services by itself: what is not started here is not there.
    settings = home / "bus.conf"
    settings.write_text(
        f"<busconfig><type>session</type><listen>unix:tmpdir={tempfile.gettempdir()}</listen>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    command = ["dbus-run-session", f"--config-file={settings}", "--", "bash", "-c", SESSION, "_"]
    done = subprocess.run(
        [*command, sys.executable, "-c", SCRIPT, str(folder), value],
        cwd=ROOT,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_secret_is_there_again_in_the_next_session(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "vault"
    first = in_session(home, folder, "a refresh token")
    assert first == {"before": None, "after": "a refresh token", "choice": "keyring"}
    second = in_session(home, folder)
    assert second == {
        "before": "a refresh token",
        "after": "a refresh token",
        "choice": "keyring",
    }
    for file in [*folder.rglob("*"), *home.rglob("*")]:
        if file.is_file():
            assert b"a refresh token" not in file.read_bytes(), file


def test_without_a_keyring_nothing_is_written_in_the_open(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "vault"
    told = in_session(home, folder, "a refresh token", keyring=False)
    assert told == {"trouble": "keyring-missing", "choice": None}
    assert not (folder / "vault").exists()
