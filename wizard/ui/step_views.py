"""The set-up's pages: each is made when it is first shown, and kept as it was left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtWidgets import QStackedWidget

from wizard.flow.answers import StepId
from wizard.ui.page import Desk, Page
from wizard.ui.page_view import PageView
from wizard.ui.views import throw_away

__all__ = ["MakePage", "StepViews"]

MakePage = Callable[[Desk], Page]


class StepViews:
    """One view a step. Its page's `changed` and `finished` go to the two slots that are given."""

    def __init__(
        self,
        desk: Desk,
        pages: Mapping[StepId, MakePage],
        stack: QStackedWidget,
        *,
        changed: Callable[[], None],
        finished: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._makers = pages
        self._stack = stack
        self._changed = changed
        self._finished = finished
        self._views: dict[StepId, PageView] = {}
        self._shown: StepId | None = None

    def __iter__(self) -> Iterator[PageView]:
        """Those that are made."""
        return iter(self._views.values())

    def __getitem__(self, step: StepId) -> PageView:
        """The view of a step that was shown already."""
        return self._views[step]

    @property
    def shown(self) -> StepId | None:
        """The step that was shown last; None before any was."""
        return self._shown

    def show(self, step: StepId) -> PageView:
        """The view of this step, which is the one that is shown from now on."""
        view = self._views.get(step)
        if view is None:
            page = self._makers[step](self._desk)
            view = PageView(page)
            view.setObjectName(f"page-{step.value}")
            page.changed.connect(self._changed)
            page.finished.connect(self._finished)
            self._views[step] = view
            self._stack.addWidget(view)
        self._shown = step
        return view

    def leave(self) -> None:
        """Somebody turns away from the step that was shown last."""
        if self._shown is not None:
            page = self._views[self._shown].page
            page.drop_jobs()
            page.left()

    def forget(self) -> None:
        """Throw all of them away: they show a set-up that is gone."""
        throw_away(self._stack, self._views.values())
        self._views.clear()
        self._shown = None
