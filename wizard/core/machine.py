"""What tells this computer from another one, for as long as its system is installed."""

from __future__ import annotations

import hashlib
import hmac
import sys

__all__ = ["machine_mark"]

_KEY = b"enterprise-connect-setup machine"
"""The id itself is confidential to the machine (machine-id(5)): only its keyed hash is kept."""

if sys.platform == "win32":
    import winreg

    _CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"

    def _machine_id() -> str:
        """MachineGuid, made when Windows was installed; '' where it can't be read."""
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _CRYPTOGRAPHY, 0, access) as opened:
                value, _ = winreg.QueryValueEx(opened, "MachineGuid")
        except OSError:
            return ""
        return value if isinstance(value, str) else ""

elif sys.platform == "darwin":
    import ctypes

    class _Timespec(ctypes.Structure):
        """How long `gethostuuid` may wait."""

        _fields_ = (("tv_sec", ctypes.c_long), ("tv_nsec", ctypes.c_long))

    def _machine_id() -> str:
        """The host's UUID (gethostuuid(2)); '' where it can't be read."""
        found = (ctypes.c_ubyte * 16)()
        try:
            failed = ctypes.CDLL(None).gethostuuid(found, ctypes.byref(_Timespec(1, 0)))
        except (OSError, AttributeError):
            return ""
        return "" if failed else bytes(found).hex()

else:
    from pathlib import Path

    _PLACES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
    _LONGEST = 64

    def _machine_id() -> str:
        """The machine id (machine-id(5)); '' where there is none, as in some containers."""
        for place in _PLACES:
            try:
                with place.open("rb") as file:
                    found = file.read(_LONGEST).strip()
            except OSError:
                continue
            if found and found != b"uninitialized":
                return found.decode("ascii", "replace")
        return ""


def machine_mark(about: str) -> str:
    """A hash that is the same whenever this computer asks `about` the same thing, 32 digits."""
    told = f"{_machine_id()}\n{about}".encode()
    return hmac.new(_KEY, told, hashlib.sha256).hexdigest()[:32]
