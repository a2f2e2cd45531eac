"""The choice to start the program with the session: a toggle with its words, ready to be placed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Trouble
from wizard.services.contract import SessionStart, SessionStartState
from wizard.services.jobs import Job, Lane
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.lines import WrongLine
from wizard.ui.widgets.text import Text

__all__ = ["SessionStartChoice"]


class SessionStartChoice(QWidget):
    """Reads how it is whenever it is shown; hides itself where the system offers no such thing."""

    def __init__(self, desk: Desk, *, name: str = "session-start") -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._job: Job | None = None
        self._state = SessionStartState.OFF
        title = t("Start when I sign in to this computer")
        self._toggle = Toggle(title, name=f"{name}-toggle")
        self._toggle.clicked.connect(self._chosen)
        self._heading = Text(title, Letters.BODY_MEDIUM)
        self._words = Text("", Letters.SECOND, Token.INK_2)
        self._words.setObjectName(f"{name}-words")
        self._wrong = WrongLine(name=f"{name}-wrong", above=2)
        told = column(self._heading, self._words, self._wrong, gap=3)
        line = row(gap=16, inside=self)
        line.addLayout(told, 1)
        line.addWidget(self._toggle)
        self._say(SessionStartState.OFF)

    @property
    def state(self) -> SessionStartState:
        """What was read last."""
        return self._state

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._job is None:
            self._ask(self._desk.bench.background.session_start)

    def _ask(self, call: Callable[[], SessionStart]) -> None:
        """Look or choose, off this thread; what comes after the widget was left is dropped."""
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] is self._job

        def done(found: SessionStart) -> None:
            if mine():
                self._know(found)

        def failed(trouble: Trouble) -> None:
            if mine():
                self._fail(trouble)

        self._job = self._desk.jobs.start(Lane.NET, lambda _job: call(), done=done, failed=failed)
        holder.append(self._job)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None and not event.spontaneous():
            self._job.cancel()
            self._job = None

    def _chosen(self, on: bool) -> None:
        background = self._desk.bench.background
        self._wrong.hide()
        self._toggle.setEnabled(False)
        self._ask(lambda: background.start_with_session(on=on))

    def _know(self, found: SessionStart) -> None:
        self._job = None
        self._state = found.state
        self._toggle.setEnabled(True)
        self._toggle.setChecked(found.state is not SessionStartState.OFF)
        self._say(found.state)
        self.setToolTip(found.place)
        if found.state is SessionStartState.ABSENT:
            self.hide()

    def _fail(self, trouble: Trouble) -> None:
        self._job = None
        self._toggle.setEnabled(True)
        self._toggle.setChecked(self._state is SessionStartState.ON)
        words = trouble_words(trouble.code, trouble.facts)
        self._wrong.say(f"{words.happened} {words.to_do}")

    def _say(self, state: SessionStartState) -> None:
        if state is SessionStartState.BLOCKED:
            words = t(
                "You chose it here, but this computer’s own settings switch it off. Look there "
                "for the programs that start with it."
            )
        elif state is SessionStartState.ON:
            words = t("The sync goes on in the background, without a window.")
        else:
            words = t("Off: after a restart, the sync waits until you open this program.")
        self._words.say(words)
