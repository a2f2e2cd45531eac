"""Whether the person asked the system for less motion, as far as each system tells."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["wants_less_motion"]

_GET_CLIENT_AREA_ANIMATION = 0x1042
"""Windows: SystemParametersInfo, SPI_GETCLIENTAREAANIMATION."""


def wants_less_motion() -> bool:
    """True where the system's own setting says so; asked once, at the start."""
    system = sys.platform
    if system.startswith("win"):
        return _windows()
    if system.startswith("darwin"):
        return _mac(Path.home() / "Library/Preferences/com.apple.universalaccess.plist")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return any(_gtk(config / name / "settings.ini") for name in ("gtk-4.0", "gtk-3.0"))


def _windows() -> bool:
    import ctypes

    libraries = getattr(ctypes, "windll", None)
    if libraries is None:
        return False
    animated = ctypes.c_int(1)
    ask = libraries.user32.SystemParametersInfoW
    asked = ask(_GET_CLIENT_AREA_ANIMATION, 0, ctypes.byref(animated), 0)
    return bool(asked) and not animated.value


def _mac(path: Path) -> bool:
    # Imported where it is needed: nobody else's start waits for it.
    import plistlib

    try:
        with path.open("rb") as file:
            told = plistlib.load(file)
    except (OSError, plistlib.InvalidFileException):
        return False
    return bool(told.get("reduceMotion", False))


def _gtk(path: Path) -> bool:
    if not path.exists():
        return False
    import configparser

    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read(path, encoding="utf-8")
    except (OSError, configparser.Error, UnicodeDecodeError):
        return False
    animated = settings.get("Settings", "gtk-enable-animations", fallback="1")
    return animated.strip().lower() in {"0", "false"}
