"""What the views of pages share, and throwing those away that show a set-up which is gone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QStackedWidget

from wizard.ui.bridge import close_watches
from wizard.ui.density import Tightens
from wizard.ui.page import Page
from wizard.ui.widgets.boxes import Body

__all__ = ["View", "throw_away"]


class View(Body, Tightens):
    """A page with its heading, which scroll together."""

    page: Page


def throw_away(stack: QStackedWidget, views: Iterable[View]) -> None:
    """Take them out for good: nothing that they began or listen to reaches them any more."""
    for view in views:
        stack.removeWidget(view)
        view.page.drop_jobs()
        close_watches(view)
        view.hide()
        view.deleteLater()
