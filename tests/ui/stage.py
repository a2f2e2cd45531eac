"""A window on a fake workbench, for looking at one page in one state."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.ui.fake_workbench import FakeWorkbench
from wizard.flow.answers import StepId
from wizard.flow.graph import Walk, resume
from wizard.services.jobs import Jobs
from wizard.ui.bridge import Deliverer
from wizard.ui.frame import Frame
from wizard.ui.help_content import ContentHelp
from wizard.ui.page import Desk
from wizard.ui.pages.registry import PAGES
from wizard.ui.theme import ThemeChoice, install

__all__ = ["Stage", "dressed"]

_PATIENCE = 10.0
_SLICE_MS = 10


class Stage:
    """Opens the window at a step; `close` ends everything that it started."""

    def __init__(
        self,
        bench: FakeWorkbench,
        step: StepId,
        size: tuple[int, int] = (1100, 720),
        *,
        went_on: bool = True,
    ) -> None:
        self.bench = bench
        self._deliverer = Deliverer()
        self.jobs = Jobs(self._deliverer.deliver)
        bench.go(resume(Walk(step=step, answers=bench.answers)))
        desk = Desk(bench, self.jobs)
        desk.went_on = went_on  # as if one had come from the step before, else as after a start
        self.frame = Frame(desk, PAGES)
        self.frame.use_help(ContentHelp(bench.profile))
        self.frame.resize(*size)
        self.frame.show()
        self.settle()

    def settle(self) -> None:
        """Let everything that is due happen, jobs included."""
        for _ in range(4):
            loop = QEventLoop()
            QTimer.singleShot(_SLICE_MS, loop.quit)
            loop.exec()

    def until(self, holds: Callable[[], bool]) -> None:
        """Let things happen until this holds; fails when it never does."""
        end = monotonic() + _PATIENCE
        while not holds():
            assert monotonic() < end, f"never came true; the page offers {self.frame.page.offer}"
            self.settle()

    def find(self, name: str) -> QWidget:
        """The part with this object name."""
        part = self.frame.findChild(QWidget, name)
        assert isinstance(part, QWidget), f"there is no {name}"
        return part

    def press(self, name: str) -> None:
        """Press the button with this object name, which must be there to be pressed."""
        part = self.find(name)
        assert isinstance(part, QAbstractButton)
        assert part.isVisibleTo(self.frame), f"{name} is not shown"
        assert part.isEnabled(), f"{name} can't be pressed"
        part.click()
        self.settle()

    def words(self, name: str) -> str:
        """What a label or button shows."""
        part = self.find(name)
        text = getattr(part, "text", None)
        assert callable(text)
        return str(text())

    def shown(self, name: str) -> bool:
        """Whether a part is there and can be seen."""
        part = self.frame.findChild(QWidget, name)
        return isinstance(part, QWidget) and part.isVisibleTo(self.frame)

    def spoken_names(self) -> list[str]:
        """The names that a screen reader would say, of everything that can be seen."""
        parts = self.frame.findChildren(QWidget)
        return [part.accessibleName() for part in parts if part.isVisibleTo(self.frame)]

    def all_words(self) -> list[str]:
        """Every label's words that can be seen."""
        labels = self.frame.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisibleTo(self.frame)]

    def close(self) -> None:
        """End everything."""
        for gate in self.bench.gates():
            gate.set()
        self.frame.page.drop_jobs()
        self.jobs.close()
        self._deliverer.close()
        self.frame.allow_close()
        self.frame.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.settle()


def dressed(choice: ThemeChoice = ThemeChoice.LIGHT) -> QApplication:
    """The application in this theme."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setApplicationName("Enterprise Connect Setup")
    install(application, choice)
    return application
