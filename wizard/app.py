"""Build the window and everything it stands on, then run it until it closes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QMainWindow

from wizard import __version__


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit code once it is closed."""
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("Enterprise Connect Setup")
    application.setApplicationVersion(__version__)
    window = QMainWindow()
    window.setWindowTitle(application.applicationName())
    window.show()
    return application.exec()
