"""Throwing pages away that show a set-up which is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from wizard.ui.bridge import close_watches

if TYPE_CHECKING:
    from wizard.ui.home.view import HomeView
    from wizard.ui.page_view import PageView

__all__ = ["throw_away"]


def throw_away(stack: QStackedWidget, views: Iterable[PageView | HomeView]) -> None:
    """Take them out for good: nothing that they began or listen to reaches them any more."""
    for view in views:
        stack.removeWidget(view)
        view.page.drop_jobs()
        close_watches(view)
        view.hide()
        view.deleteLater()
