"""System packages: what is lacking, found by looking for the thing itself, and its package."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from devtools.places import LINUX, is_root
from devtools.speech import Missing, as_typed, say

_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "chromium": "chromium",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
}
"""Programs that the interop and window tests start, with the Debian package of each."""

BUILD_PROGRAMS = {"objdump": "binutils"}
"""What PyInstaller calls on Linux."""


def lacking_for_qt() -> list[str]:
    """Debian's names of the packages that a window needs and that are not there."""
    if not LINUX:
        return []
    lacking = [package for library, package in _QT_LIBRARIES.items() if not _loads(library)]
    if not any(_fonts()):
        lacking.append("fonts-dejavu-core")
    return lacking


def lacking_programs(wanted: dict[str, str]) -> list[str]:
    """Debian's names of the packages whose programs are not on the path."""
    if not LINUX:
        return []
    return sorted({package for name, package in wanted.items() if shutil.which(name) is None})


def install_or_name(packages: Sequence[str], *, because: str) -> None:
    """Install packages as root on Debian; elsewhere raise `Missing` with the command."""
    if not packages:
        return
    if not (LINUX and is_root() and shutil.which("apt-get")):
        raise Missing(f"{because}\n{_how(packages)}")
    say(f"{because}\nInstalling {', '.join(packages)} …")
    options = ["-qq", "-o", "DPkg::Lock::Timeout=400"]
    _apt(["apt-get", *options, "update"])
    _apt(["apt-get", *options, "install", "--yes", "--no-install-recommends", *_known(packages)])


def _known(packages: Sequence[str]) -> list[str]:
    """The packages that this release has, under that name or as another one's; all when none."""

    def succeeds(*command: str) -> bool:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    known = [
        package
        for package in packages
        if succeeds("apt-cache", "show", package)
        or succeeds("apt-get", "--simulate", "--no-install-recommends", "install", package)
    ]
    return known or list(packages)


def _apt(command: Sequence[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, check=False, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise Missing(
            f"{done.stdout}\nThis did not work: {as_typed(command)}\n"
            "What apt-get said stands above. Is the network reachable?"
        )


def _how(packages: Sequence[str]) -> str:
    if not LINUX:
        return f"Install: {', '.join(packages)}"
    sudo = "" if is_root() else "sudo "
    if shutil.which("apt-get"):
        return f"Install it with:\n    {sudo}apt-get install {' '.join(packages)}"
    return (
        "Install it with your system's package tool. On Debian and Ubuntu the packages are "
        f"called:\n    {' '.join(packages)}"
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fonts() -> Iterable[Path]:
    for folder in _FONT_FOLDERS:
        for ending in ("*.ttf", "*.otf", "*.ttc"):
            yield from folder.rglob(ending)
