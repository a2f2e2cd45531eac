"""Going on with a resume file: chosen on the first page, dropped on the window, or at the start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.hand_over import ResumeView
from wizard.services.contract.home import ErasedView
from wizard.services.jobs import JobContext, Jobs, Lane
from wizard.ui.frame import Frame
from wizard.ui.start_again import Instead, StartAgainSheet, begin_anew
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["ResumeSheet", "Resuming"]

_SUFFIX = ".ecsetup"


class ResumeSheet(Sheet):
    """Asks before a resume file takes the place of what this window shows."""

    agreed = Signal()

    def __init__(self, resume: ResumeView) -> None:
        title = t("Go on with another set-up?") if resume.replaces else t("Go on as IT?")
        super().__init__(title, name="resume-sheet")
        for number, words in enumerate(_words(resume)):
            line = Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
            line.setObjectName(f"resume-words-{number}")
            self.put(line)
            self.put(10)
        self.put(None)
        self._agree = Button(t("Go on with the file"), name="resume-confirm")
        self._agree.clicked.connect(self.agreed)
        stay = Button(t("Stay here"), Kind.GHOST, name="resume-stay")
        stay.clicked.connect(self.closed)
        self.put_foot(self._agree, stay)

    def first_field(self) -> Button:
        return self._agree


def _words(resume: ResumeView) -> list[str]:
    if not resume.replaces:
        return [
            t("**You set this up as the account owner so far.** With the file you see IT’s steps."),
            t("What you did stays done, and the account service knows it."),
        ]
    return [
        t(
            "**A set-up for {name} was begun here.** The file is for another organizational unit, "
            "and takes its place in this window.",
            name=resume.replaces,
        ),
        t("What was done for {name} stays done at the account service.", name=resume.replaces),
    ]


def _instead() -> Instead:
    """What is said over a set-up that has to be erased for the file's."""
    return Instead(
        title=t("Erase the set-up here first?"),
        lead=t(
            "**The file is for another organizational unit.** One computer keeps one in step, so "
            "the set-up that stands here has to go first."
        ),
        confirm=t("Erase, then go on"),
        leave=t("Stay here"),
    )


class Resuming(QObject):
    """Takes resume files for one window."""

    def __init__(self, frame: Frame, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._jobs = jobs
        self._bench = frame.desk.bench
        frame.setAcceptDrops(True)
        frame.installEventFilter(self)
        frame.desk.resume_wanted.connect(self.open_file)

    def open_file(self, path: str) -> None:
        """Read this file, and go on with it."""
        bench = self._bench
        self._start(lambda _job: bench.hand_over.read_resume(Path(path)))

    def go_on_with(self, ou_id: str) -> None:
        """Go on with the unit of a file that was read at the start."""
        bench = self._bench
        self._start(lambda _job: bench.hand_over.resume_for(ou_id))

    def _start(self, call: Callable[[JobContext], ResumeView]) -> None:
        self._jobs.start(Lane.NET, call, done=self._found, failed=self._did_not)

    def _did_not(self, trouble: Trouble) -> None:
        if trouble.code is Code.CANCELLED:
            return
        from wizard.content.troubles import trouble_words

        self._frame.desk.troubled.emit(trouble)
        self._frame.desk.topic_wanted.emit(trouble_words(trouble.code, trouble.facts).topic)

    def _found(self, resume: ResumeView) -> None:
        if not resume.asks:
            self._take(resume)
            return
        desk = self._frame.desk
        if resume.erases:

            def erased(view: ErasedView) -> None:
                begin_anew(desk, view)
                self._take(resume)

            desk.sheet_wanted.emit(StartAgainSheet(desk, instead=_instead(), erased=erased))
            return
        sheet = ResumeSheet(resume)
        sheet.agreed.connect(lambda: self._agreed(resume))
        desk.sheet_wanted.emit(sheet)

    def _agreed(self, resume: ResumeView) -> None:
        self._frame.desk.sheet_done.emit()
        self._take(resume)

    def _take(self, resume: ResumeView) -> None:
        bench = self._bench

        def take(job: JobContext) -> bool:
            bench.hand_over.take_resume(resume)
            try:
                return bench.network(job.cancel).answers
            except Trouble as trouble:
                if trouble.code is Code.CANCELLED:
                    raise
                # The first page asks again, and says what keeps the service from answering.
                return False

        self._jobs.start(Lane.NET, take, done=self._taken, failed=self._did_not)

    def _taken(self, answers: bool) -> None:
        self._frame.start_again(self._bench.answers)
        if answers:
            self._frame.open_steps()

    # -------------------------------------------------------- dropped on the window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take one resume file that is dropped anywhere on the window."""
        if isinstance(event, QDragEnterEvent) and event.type() is QEvent.Type.DragEnter:
            if _dropped(event.mimeData()):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            path = _dropped(event.mimeData())
            if path:
                event.acceptProposedAction()
                self.open_file(path)
                return True
        return super().eventFilter(watched, event)


def _dropped(data: QMimeData) -> str:
    """The one local resume file that is dragged, '' for anything else."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return ""
    path = urls[0].toLocalFile()
    return path if path.lower().endswith(_SUFFIX) else ""
