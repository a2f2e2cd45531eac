"""Words of other people as tool tips: shown as they are, never understood as a page."""

from __future__ import annotations

from PySide6.QtGui import Qt

__all__ = ["plain_tip"]


def plain_tip(words: str) -> str:
    """What to give Qt, so that it shows just these words.

    Qt takes words that look like HTML for HTML, and then fetches the pictures that they name: on
    Windows, from another computer's folder, with the person's own sign-in.
    """
    return Qt.convertFromPlainText(words) if Qt.mightBeRichText(words) else words
