"""Whether a window can be seen here, and in words what to do when it cannot."""

from __future__ import annotations

import os
import shutil

from devtools.places import LINUX
from devtools.speech import Missing, say

VIRTUAL_SCREEN = ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1200x24")


def prefix_for_window() -> tuple[str, ...]:
    """What to put before a command that opens a window: nothing, or a virtual screen.

    Raises `Missing` where there is neither a display nor a virtual one.
    """
    if not LINUX or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ()
    if shutil.which("xvfb-run"):
        say("There is no display here: the window is drawn on a virtual one that nobody sees.")
        return VIRTUAL_SCREEN
    raise Missing(
        "There is no display here, so no window can be shown.\n"
        "Start this command in a desktop session. To try it without one, install a virtual "
        "display:\n    sudo apt-get install xvfb xauth\nand start this command again."
    )
