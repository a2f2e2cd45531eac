"""“Why does nothing happen?” as a button: what was looked at, and the first thing in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from wizard.content.live_check import LiveWords, live_check_name, live_words, who_words
from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import CheckRunning, FindingState, FindingView
from wizard.services.contract.live_check import LiveCheckView
from wizard.services.jobs import Job, JobContext, Lane
from wizard.services.keeping import asks_person
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, SecretsWanted
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.spinner import Spinner
from wizard.ui.widgets.text import Text

__all__ = ["LiveCheckPart"]

_MARKS = {
    FindingState.PASSED: ("ok", Token.OK),
    FindingState.WARNING: ("warn", Token.WARN),
    FindingState.FAILED: ("stop", Token.BAD),
}


class LiveCheckPart(QWidget):
    """Narrow enough for the help panel. Hidden, it looks no further."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("live-check")
        self._desk = desk
        self._job: Job | None = None
        self._found: list[FindingView] = []
        self._running = ""
        self._button = Button(t("Check now"), icon="pulse", small=True, name="live-check-now")
        self._button.clicked.connect(self._start)
        self._box = Box()
        said = QWidget()
        self._verdict = column(inside=said)
        whole = column(8, row(self._button, None), inside=self)
        for part in (said, self._box):
            whole.addSpacing(8)
            whole.addWidget(part)
        self._box.hide()

    # -------------------------------------------------------- looking

    def _start(self) -> None:
        self._drop()
        self._found.clear()
        clear(self._verdict)
        self._button.set_busy(t("Checking"))
        bench = self._desk.bench
        mine: list[Job] = []

        def is_mine() -> bool:
            return bool(mine) and mine[0] is self._job

        def look(job: JobContext) -> LiveCheckView:
            return bench.live_check.look(job.report, job.cancel)

        def done(view: LiveCheckView) -> None:
            if is_mine():
                self._ended(view)

        def failed(trouble: Trouble) -> None:
            if is_mine():
                self._failed(trouble)

        def heard(event: object) -> None:
            if is_mine():
                self._heard(event)

        job = self._desk.jobs.start(Lane.NET, look, done=done, failed=failed, progress=heard)
        mine.append(job)
        self._job = job
        self._show()

    def _drop(self) -> None:
        """Look no further; what still comes is nobody's."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self._running = ""
        self._button.set_busy("")

    def _heard(self, event: object) -> None:
        if isinstance(event, CheckRunning):
            self._running = event.id
        elif isinstance(event, FindingView):
            self._running = ""
            self._found = [one for one in self._found if one.id != event.id] + [event]
        self._show()

    def _ended(self, view: LiveCheckView) -> None:
        self._job, self._running = None, ""
        self._button.set_busy("")
        self._button.say(t("Check again"))
        self._found = list(view.findings)
        self._show()
        self._say(view.stop)

    def _failed(self, trouble: Trouble) -> None:
        self._drop()
        self._show()
        if asks_person(trouble.code, trouble.facts):
            wanted = SecretsWanted(
                trouble=trouble, again=self._start, refused=lambda: self._refused(trouble)
            )
            self._desk.secrets_wanted.emit(wanted)
        elif trouble.code is not Code.CANCELLED:
            self._refused(trouble)

    def _refused(self, trouble: Trouble) -> None:
        facts = tuple(trouble.facts.items())
        self._say(
            FindingView(
                id="authorization", state=FindingState.FAILED, facts=facts, code=trouble.code
            )
        )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drop()

    # -------------------------------------------------------- drawing

    def _words(self, finding: FindingView) -> LiveWords:
        facts = {"service": self._desk.bench.profile.name, **dict(finding.facts)}
        return live_words(finding.id, finding.state.value, facts, finding.code)

    def _show(self) -> None:
        self._box.empty()
        for finding in self._found:
            self._box.add(self._line(finding), ruled=False)
        if self._running:
            name = Text(live_check_name(self._running), Letters.SECOND, wrap=False)
            part = QWidget()
            row(1, Spinner(t("Checking")), 9, name, None, margins=(10, 4, 10, 4), inside=part)
            self._box.add(part, ruled=False)
        self._box.setVisible(bool(self._found or self._running))

    def _line(self, finding: FindingView) -> QWidget:
        words = self._words(finding)
        icon, token = _MARKS[finding.state]
        part = QWidget()
        part.setObjectName(f"live-{finding.id}")
        told = words.value or words.title
        part.setAccessibleName(f"{words.name}: {told}")
        name = Text(words.name, Letters.SECOND, wrap=False)
        value = Text(words.value, Letters.SECOND, Token.INK_3)
        mark = Icon(icon, token, 16, drop=1)
        line = row(mark, 8, name, 6, margins=(10, 4, 10, 4), inside=part)
        line.addWidget(value, 1)
        for one in (mark, name, value):
            line.setAlignment(one, Qt.AlignmentFlag.AlignTop)
        return part

    def _say(self, stop: FindingView | None) -> None:
        """What is in the way, what to do, who can; or that nothing is."""
        clear(self._verdict)
        if stop is None:
            title = Text(t("Nothing is in the way."), Letters.SECOND_STRONG, Token.OK)
            sentence = Text(
                t("Everything that can be checked is in place."), Letters.PROSE, Token.INK_2
            )
            title.setObjectName("live-verdict")
            self._verdict.addWidget(title)
            self._verdict.addWidget(sentence)
            return
        words = self._words(stop)
        tint = Token.BAD if stop.state is FindingState.FAILED else Token.WARN
        title = Text(words.title, Letters.SECOND_STRONG, tint)
        title.setObjectName("live-verdict")
        to_do = Text(t("**What to do:** {words}", words=words.to_do), Letters.PROSE, Token.INK_2)
        to_do.setObjectName("live-to-do")
        parts: list[QWidget] = [title, Text(words.sentence, Letters.PROSE, Token.INK_2), to_do]
        parts.append(Text(who_words(words.who), Letters.PROSE, Token.INK_2))
        for part in parts:
            self._verdict.addWidget(part)
            self._verdict.addSpacing(4)
        if stop.code is not None:
            self._verdict.addWidget(self._more(stop.code))

    def _more(self, code: Code) -> Button:
        more = Button(
            t("More about this"), Kind.GHOST, small=True, flush="left", name="live-check-more"
        )
        topic = trouble_words(code).topic
        more.clicked.connect(lambda: self._desk.topic_wanted.emit(topic))
        return more
