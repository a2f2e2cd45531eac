"""The person's own part of the Windows registry, read and written by `winreg`."""

from __future__ import annotations

import sys

__all__ = ["UserRegistry"]

if sys.platform == "win32":
    import winreg

    class UserRegistry:
        """See `wizard.services.session_start.Registry`; below HKEY_CURRENT_USER."""

        def get(self, key: str, name: str) -> str | bytes | None:
            """See `Registry.get`."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    value, _ = winreg.QueryValueEx(opened, name)
            except FileNotFoundError:
                return None
            return value if isinstance(value, str | bytes) else None

        def put(self, key: str, name: str, value: str) -> None:
            """See `Registry.put`."""
            with winreg.CreateKeyEx(
                winreg.HKEY_CURRENT_USER, key, access=winreg.KEY_SET_VALUE
            ) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def drop(self, key: str, name: str) -> None:
            """See `Registry.drop`."""
            try:
                with winreg.OpenKey(
                    winreg.HKEY_CURRENT_USER, key, access=winreg.KEY_SET_VALUE
                ) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return

else:

    class UserRegistry:
        """No such thing on this system."""

        def get(self, key: str, name: str) -> str | bytes | None:
            """See `Registry.get`."""
            raise NotImplementedError(key, name)

        def put(self, key: str, name: str, value: str) -> None:
            """See `Registry.put`."""
            raise NotImplementedError(key, name, value)

        def drop(self, key: str, name: str) -> None:
            """See `Registry.drop`."""
            raise NotImplementedError(key, name)
