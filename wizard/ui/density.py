"""How a widget learns that the window is low, and draws itself a little tighter."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

__all__ = ["LOW", "NARROW", "WITH_HELP", "Tightens", "tighten_below"]

LOW = 700
"""Below this height of the window rail items, strips and cards are tighter."""
NARROW = 1000
"""Below this width the rail is slimmer and the page has smaller margins."""
WITH_HELP = 1100
"""From this width on help opens beside the page; below it lies over it."""


class Tightens:
    """A widget that has a tighter form."""

    def set_tight(self, tight: bool) -> None:
        """Use the tighter form, or not."""
        raise NotImplementedError


def tighten_below(widget: QWidget, *, tight: bool) -> None:
    """Tell a widget and everything in it."""
    for part in (widget, *widget.findChildren(QWidget)):
        if isinstance(part, Tightens):
            part.set_tight(tight)
