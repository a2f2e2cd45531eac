"""Ending with the parent: a practice organization never outlives the program that started it."""

from __future__ import annotations

import os
import sys

__all__ = ["ParentWatch"]

if sys.platform == "win32":
    import ctypes

    SYNCHRONIZE = 0x00100000
    WAIT_OBJECT_0 = 0

    class ParentWatch:
        """Whether a process still runs; holds a handle, so a reused id does not confuse it."""

        def __init__(self, pid: int) -> None:
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._kernel.OpenProcess.restype = ctypes.c_void_p
            self._handle = self._kernel.OpenProcess(SYNCHRONIZE, False, pid)

        def gone(self) -> bool:
            """Whether the process has ended."""
            if not self._handle:
                return True
            handle = ctypes.c_void_p(self._handle)
            return bool(self._kernel.WaitForSingleObject(handle, 0) == WAIT_OBJECT_0)

else:

    class ParentWatch:
        """Whether a process still runs."""

        def __init__(self, pid: int) -> None:
            self._pid = pid
            # A child learns of its parent's end at once, even while nobody has waited for it.
            self._direct = os.getppid() == pid

        def gone(self) -> bool:
            """Whether the process has ended."""
            if self._direct:
                return os.getppid() != self._pid
            try:
                os.kill(self._pid, 0)
            except ProcessLookupError:
                return True
            except PermissionError:
                return False
            return False
