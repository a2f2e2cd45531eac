"""Before something ends for good: what that means, and a word that has to be typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import JobContext
from wizard.ui.lasting import work_to_the_end
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading, Offer, Page, SideAction
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel
from wizard.ui.widgets.typed_word import TypedWord

__all__ = ["Point", "TypedPanel", "TypedWords", "point_part"]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that happens then, and what it means."""

    icon: str
    title: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TypedWords:
    """What is said: over it, on its buttons, and about the word that is to be typed.

    `hint` gets the word; `not_so` gets what was typed and the word.
    """

    heading: Heading
    points: Sequence[Point]
    ask: str
    hint: Callable[[str], str]
    not_so: Callable[[str, str], str]
    press: str
    busy: str
    leave: str


class TypedPanel(QWidget):
    """A state of a page, which shows it alone, with its heading and its offer.

    A kind of it says its words, does the work in `carry_out`, off the window's thread, and tells
    in `came_through` what came of it. `more` are rows below the points.
    """

    changed = Signal()
    """Heading or offer are different now."""
    left = Signal()
    """The person would rather not."""

    def __init__(
        self, page: Page, name: str, words: TypedWords, more: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._page = page
        self._words = words
        self._busy = False
        self._failed: Trouble | None = None
        self._trouble = TroublePanel()
        box = Box()
        for part in (*map(point_part, words.points), *more):
            box.add(part)
        self.word = TypedWord(words.ask, name=f"{name}-word", hint=words.hint, not_so=words.not_so)
        self.word.changed.connect(lambda _words: self.changed.emit())
        column(self._trouble, box, 20, self.word, None, inside=self)
        self.hide()

    # -------------------------------------------------------- what a kind of it says

    def carry_out(self) -> Callable[[JobContext], object]:
        """The work, with everything that was chosen; asked for on the window's thread."""
        raise NotImplementedError

    def came_through(self, outcome: object) -> None:
        """It is done."""
        raise NotImplementedError

    def allow(self, *, allowed: bool) -> None:
        """Let the person type and choose, or not while it is being done."""
        self.word.setEnabled(allowed)

    # -------------------------------------------------------- for the page

    def begin(self, wanted: str) -> None:
        """Ask for this word."""
        self._failed = None
        self.word.begin(wanted)
        self._trouble.show_trouble(None)
        self.show()
        self.word.line.setFocus()

    @property
    def fits(self) -> bool:
        """Whether the word is typed."""
        return self.word.fits

    def press(self) -> None:
        """The page's dangerous button."""
        if not self.fits or self._busy:
            return
        self._busy, self._failed = True, None
        work_to_the_end(self, self._page, self.carry_out(), self._done, self._did_not)
        self._show()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        return self._words.heading

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        words = self._words
        back = SideAction(
            words=words.leave, name=f"{self.objectName()}-leave", press=self.left.emit
        )
        return Offer(
            valid=self.fits and not self._busy,
            busy=words.busy if self._busy else "",
            words=words.press,
            tail="" if self.fits else t("Type it above first"),
            danger=True,
            trouble=self._failed,
            instead_of_back=None if self._busy else back,
        )

    # -------------------------------------------------------- what happens

    def _done(self, outcome: object) -> None:
        self._busy = False
        self.came_through(outcome)

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if self._failed is not None and not self.isVisible():
            # The person has turned to another page meanwhile.
            self._page.desk.troubled.emit(trouble)
        self._show()

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self.allow(allowed=not self._busy)
        self.changed.emit()


def point_part(point: Point) -> QWidget:
    """One of them as a row of a box."""
    part = QWidget()
    mark = Icon(point.icon, Token.INK_2, 16, drop=2)
    texts = column(
        Text(point.title, Letters.BODY_MEDIUM),
        Text(point.sentence, Letters.SECOND, Token.INK_2),
        gap=2,
    )
    line = row(gap=12, margins=(16, 12, 16, 12), inside=part)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(texts, 1)
    return part
