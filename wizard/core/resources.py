"""Where the files lie that are shipped beside the program."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["resource"]


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder below `resources/`, from source and when built."""
    bundled = getattr(sys, "_MEIPASS", None)
    root = Path(bundled) if bundled else Path(__file__).resolve().parents[2]
    return root.joinpath("resources", *parts)
