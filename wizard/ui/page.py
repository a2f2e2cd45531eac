"""What one page of the window offers to the frame around it.

How a page is made: derive from `Page`, give `step` (its `StepId`), build the widgets of the
body in `build` (a column; everything that a person reads comes from `wizard.content`), and keep
`offer` up to date: call `self.offer_now(...)` whenever valid, busy, error or the button change.
The frame draws role badge, minutes, title, lead and the footer from `heading` and the offer; it
owns the buttons. When the primary button is pressed it calls `apply`; a page that has nothing
more to do calls `self.finish()` there, another one starts a job with `self.work(...)` and
finishes when it is done. `entered` runs each time the page is shown, `left` each time it is not
shown any more; jobs started with `work` are cancelled then. A job that needs a sign-in which
can't be kept makes the frame ask the person, and is done again afterwards. Answers change by
`self.answer(...)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wizard.core.trouble import Trouble
from wizard.flow.answers import Answers, StepId
from wizard.services.contract import SignedInView, Workbench
from wizard.services.jobs import Job, JobContext, Jobs, Lane
from wizard.services.keeping import asks_person
from wizard.ui.layouts import column

__all__ = ["Desk", "Heading", "Offer", "OthersTold", "Page", "SecretsWanted", "SideAction"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class SideAction:
    """A second button of the footer: beside the primary one, or instead of Back."""

    words: str
    name: str
    press: Callable[[], None]
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the frame shows for a page: whether it may go on, and by which button.

    `busy` is the button's label while work is under way. `proof` replaces the step's own proof
    line ('' keeps it); `proved` draws it as done. `tail` stands beside the button: where that is
    closed it says why, shortly ('' says what the step still misses). `instead_of_back` replaces
    Back. `danger` draws the button as one that takes something from people. Without
    `may_do_later` there is no “Save and close”, because the button itself closes.
    """

    valid: bool = False
    busy: str = ""
    words: str = ""
    icon: str = ""
    danger: bool = False
    trouble: Trouble | None = None
    tail: str = ""
    proof: str = ""
    proved: bool = False
    may_go_back: bool = True
    may_do_later: bool = True
    beside: SideAction | None = None
    instead_of_back: SideAction | None = None


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Other words at the top of a page than the step's own, '' keeps those."""

    title: str = ""
    lead: str = ""
    minutes: str = ""


@dataclass(frozen=True, kw_only=True)
class OthersTold:
    """How far somebody else is with their steps, for the rail; `name` '' where it isn't known."""

    done: tuple[StepId, ...] = ()
    current: StepId | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class SecretsWanted:
    """A page can't go on until the person has chosen how sign-ins are kept, for this trouble.

    `again` then does once more what met it; `refused` is for who would rather not choose.
    """

    trouble: Trouble
    again: Callable[[], None]
    refused: Callable[[], None]


class Desk(QObject):
    """What every page works with, and what it may ask of the frame."""

    topic_wanted = Signal(str)
    sheet_wanted = Signal(QWidget)
    sheet_done = Signal()
    secrets_wanted = Signal(object)
    troubled = Signal(object)
    leave_practice = Signal()
    real_wanted = Signal()
    """The rehearsal is over: the person would set up for real."""
    start_again = Signal()
    home_wanted = Signal(str)
    """Show Home, at the page with this name (`HomeId`), '' for its overview; `name about` with
    a word about what of it is wanted."""
    person_wanted = Signal(str)
    """Open the help at “A person”, and look this name or address up; '' to be typed there."""
    steps_wanted = Signal(str)
    """Show the set-up, at this step (`StepId`), '' for what comes next in it."""
    resume_wanted = Signal(str)
    """Go on with the resume file at this path."""
    others_told = Signal(object)
    """Somebody else is so far (`OthersTold`)."""

    def __init__(self, bench: Workbench, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.jobs = jobs
        self.went_on = False
        """Whether the page that is shown was reached from the one before, by its button."""
        self.greets: SignedInView | None = None
        """Who has just signed in, while the page that follows is being shown."""
        self.somebody_else = False
        """Whether the page that signs in is wanted for another person than is signed in."""

    def open_browser(self, url: str, failed: Callable[[Trouble], None]) -> None:
        """Open this in the person's browser; off this thread, for starting one can take long."""
        self.jobs.start(
            Lane.NET,
            lambda _job: self.bench.open_browser(url),
            done=lambda _opened: None,
            failed=failed,
        )


class Page(QWidget):
    """One step's page. See the module for how to make one."""

    step: StepId
    wide = False
    changed = Signal()
    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.offer = Offer()
        self.heading = Heading()
        self._jobs: list[Job] = []
        self.content: QVBoxLayout = column(inside=self)
        self.build()

    # -------------------------------------------------------- for the page to fill

    def build(self) -> None:
        """Make the widgets of the body."""
        raise NotImplementedError

    def entered(self) -> None:
        """The page is shown now."""

    def left(self) -> None:
        """The page is not shown any more; its jobs are cancelled by the frame's call."""

    def keep(self) -> None:
        """Put what is half done, and not kept yet, with the answers.

        Called before another step is shown, and when the window ends.
        """

    def apply(self) -> None:
        """The primary button was pressed."""
        self.finish()

    def focus_first(self) -> None:
        """Give the keyboard to the part that is used first; else the primary button has it."""

    # -------------------------------------------------------- for the page to call

    @property
    def answers(self) -> Answers:
        """What is known so far."""
        return self.desk.bench.answers

    def answer(self, answers: Answers) -> None:
        """Keep these answers."""
        if answers == self.desk.bench.answers:
            return
        self.desk.bench.change(answers)
        self.changed.emit()

    def offer_now(self, offer: Offer) -> None:
        """Offer this from now on."""
        if offer != self.offer:
            self.offer = offer
            self.changed.emit()

    def head(self, heading: Heading) -> None:
        """Use these words at the top."""
        if heading != self.heading:
            self.heading = heading
            self.changed.emit()

    def finish(self) -> None:
        """The step's work is done: the frame may go on."""
        self.finished.emit()

    def work(
        self,
        call: Callable[[JobContext], T],
        done: Callable[[T], None],
        failed: Callable[[Trouble], None],
        progress: Callable[[object], None] | None = None,
        *,
        lane: Lane = Lane.NET,
    ) -> Job:
        """Do something off this thread; outcomes of a page that was left are dropped.

        Where sign-ins can't be kept, the person is asked and the call is made again.
        """
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] in self._jobs

        def again() -> None:
            self.work(call, done, failed, progress, lane=lane)

        def end(outcome: T) -> None:
            if mine():
                self._jobs.remove(holder[0])
                done(outcome)

        def fail(trouble: Trouble) -> None:
            if mine():
                self._jobs.remove(holder[0])
                if asks_person(trouble.code, trouble.facts):
                    self.ask_secrets(trouble, again, lambda: failed(trouble))
                else:
                    failed(trouble)

        def report(event: object) -> None:
            if mine() and progress is not None:
                progress(event)

        job = self.desk.jobs.start(lane, call, done=end, failed=fail, progress=report)
        holder.append(job)
        self._jobs.append(job)
        return job

    def open_browser(self, url: str, failed: Callable[[Trouble], None]) -> None:
        """As `Desk.open_browser`, while the page is shown."""
        bench = self.desk.bench
        self.work(lambda _job: bench.open_browser(url), lambda _opened: None, failed)

    def ask_secrets(
        self, trouble: Trouble, again: Callable[[], None], refused: Callable[[], None]
    ) -> None:
        """Let the person choose how sign-ins are kept, then go on."""
        wanted = SecretsWanted(trouble=trouble, again=again, refused=refused)
        self.desk.secrets_wanted.emit(wanted)

    def drop_jobs(self) -> None:
        """Cancel what this page started and forget about the outcomes."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()

    def end(self) -> None:
        """The window ends: what is half done is kept, and nothing is waited for."""
        self.keep()
        self.drop_jobs()

    @property
    def working(self) -> bool:
        """Whether a job of this page is under way."""
        return bool(self._jobs)
