"""The help panel: this step's questions first, the trouble's own on top, all of it searchable."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.help_source import HelpSource, HelpTopic, NoHelp
from wizard.ui.layouts import clear, column, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.folds import Fold, prose
from wizard.ui.widgets.text import Text

__all__ = ["HelpPanel"]


class _Topic(QWidget):
    """One question; `opened` tells that it was opened, so that the others close."""

    opened = Signal(object)

    def __init__(self, topic: HelpTopic, open_page: Callable[[str], None], *, ruled: bool) -> None:
        super().__init__()
        self._open_page = open_page
        self.topic = topic
        self._ruled = ruled
        self.fold = Fold(topic.question, name=f"topic-{topic.id}")
        self.fold.text_part.mark(topic.marks)
        self.fold.toggled.connect(self._toggled)
        self._answer: QWidget | None = None
        self._column = column(self.fold, margins=(0, 1 if ruled else 0, 0, 0), inside=self)

    def _toggled(self, on: bool) -> None:
        if on and self._answer is None:
            self._answer = prose(self.topic.answer, marks=self.topic.answer_marks)
            self._column.addWidget(self._answer)
            below = self._answer.layout()
            for link in self.topic.links:
                button = Button(
                    link.text,
                    Kind.GHOST,
                    icon="outside",
                    small=True,
                    flush="left",
                    name="help-link",
                )
                button.clicked.connect(lambda _checked, url=link.url: self._open_page(url))
                if below is not None:
                    below.addWidget(button)
        layout = self.fold.layout()
        if layout is not None:
            layout.setContentsMargins(20, 9, 0, 4 if on else 9)
        if self._answer is not None:
            self._answer.setVisible(on)
        if on:
            self.opened.emit(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only a line
        if self._ruled:
            QPainter(self).fillRect(0, 0, self.width(), 1, color(Token.LINE))


class HelpPanel(QWidget):
    """300 pixels of questions. It is told step and trouble, and asks to be folded."""

    folded = Signal()
    escaped = Signal()

    def __init__(self, open_page: Callable[[str], None], support_url: str) -> None:
        super().__init__()
        self.setObjectName("help")
        self.setAccessibleName(t("Help"))
        self._source: HelpSource = NoHelp()
        self._open_page = open_page
        self._step = StepId.WELCOME
        self._page: tuple[str, ...] = ()
        self._code: Code | None = None
        self._first = ""
        self._wanted = ""
        fold = IconButton("panel", t("Fold the help panel"), name="help-fold")
        fold.clicked.connect(self.folded)
        title = Text(t("Help"), Letters.BRAND, wrap=False)
        head = QWidget()
        head.setFixedHeight(68)
        row(title, None, fold, margins=(20, 0, 12, 0), inside=head)
        self.search = SearchField(t("Search all questions"), name="help-search")
        self.search.searched.connect(lambda _: self._fill())
        search_row = row(self.search, margins=(20, 0, 20, 8))
        content = QWidget()
        self._list = column(margins=(20, 0, 10, 12), inside=content)
        self._topics: list[_Topic] = []
        self._body = Body(content)
        self._foot = QWidget()
        self._foot.setFixedHeight(52)
        support = Button(t("Contact support"), Kind.GHOST, small=True, name="help-support")
        support.clicked.connect(lambda: open_page(support_url))
        row(support, None, margins=(14, 1, 20, 0), inside=self._foot)
        self._foot.setVisible(bool(support_url))
        column(head, search_row, inside=self, margins=(1, 0, 0, 0))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._body)
            layout.addWidget(self._foot)

    def use(self, source: HelpSource) -> None:
        """Answer from here."""
        self._source = source
        self._fill()

    def show_step(self, step: StepId, code: Code | None, first: str = "") -> None:
        """Show this step's questions, and on top those for the trouble on the page.

        `first` is the id of the question that fits the step best as it stands now.
        """
        self._show(step, (), code, first)

    def show_topics(self, topics: tuple[str, ...], code: Code | None) -> None:
        """Show these questions (their ids), and on top those for the trouble on the page."""
        self._show(StepId.DONE, topics, code, "")

    def _show(self, step: StepId, page: tuple[str, ...], code: Code | None, first: str) -> None:
        if (step, page, code, first) != (self._step, self._page, self._code, self._first):
            self._step, self._code, self._first, self._wanted = step, code, first, ""
            self._page = page
            if self.search.text():
                self.search.clear()
            self._fill()

    def open_topic(self, topic_id: str) -> None:
        """Put one topic on top and open it."""
        self._wanted = topic_id
        if self.search.text():
            self.search.clear()
        self._fill()

    @property
    def open_question(self) -> str:
        """The question that is open now, or ''."""
        return next((part.topic.question for part in self._topics if part.fold.isChecked()), "")

    def top_topic(self) -> HelpTopic | None:
        """The topic that stands first."""
        return self._topics[0].topic if self._topics else None

    # -------------------------------------------------------- content

    def _fill(self) -> None:
        clear(self._list)
        self._topics.clear()
        words = self.search.text().strip()
        if words:
            self._fill_hits(words)
        else:
            self._fill_step()
        self._list.addStretch()
        self._body.verticalScrollBar().setValue(0)
        for before, after in zip(self._topics, self._topics[1:], strict=False):
            QWidget.setTabOrder(before.fold, after.fold)

    def _fill_hits(self, words: str) -> None:
        hits = self._source.search(words)
        if not hits:
            self._label(t("No answer for “{words}”", words=words))
            nothing = t("Try another word, or a part of one.")
            self._list.addWidget(Text(nothing, Letters.PROSE, Token.INK_2))
            return
        self._label(
            tn(
                "{count} answer for “{words}”",
                "{count} answers for “{words}”",
                len(hits),
                words=words,
            )
        )
        self._add(hits, open_first=True)

    def _fill_step(self) -> None:
        shown: list[str] = []
        wanted = self._source.topic(self._wanted) if self._wanted else None
        first = [wanted] if wanted else []
        if self._code is not None:
            cures = [topic for topic in self._source.for_code(self._code) if topic not in first]
            first += cures
        if first:
            if self._code is not None:
                self._label(t("For the message on this page"), bad=True)
            else:
                self._label(t("You asked"))
            self._add(first, open_first=True)
            shown = [topic.id for topic in first]
        best = self._source.topic(self._first) if self._first else None
        own = self._own()
        own = [best, *(topic for topic in own if topic.id != best.id)] if best else own
        about = [topic for topic in own if topic.id not in shown]
        if about:
            self._label(t("Often asked now") if self._page else t("About this step"))
            self._add(about, open_first=not first)
        shown += [topic.id for topic in about]
        others = [topic for topic in self._source.others(self._step) if topic.id not in shown]
        if others:
            self._label(t("Other questions"))
            self._add(others, open_first=False)

    def _own(self) -> Sequence[HelpTopic]:
        if not self._page:
            return self._source.about(self._step)
        found = (self._source.topic(name) for name in self._page)
        return [topic for topic in found if topic is not None]

    def _label(self, words: str, *, bad: bool = False) -> None:
        label: QWidget
        if bad:
            label = IconText("stop", words, Letters.CAPTION_MEDIUM, Token.BAD)
        else:
            label = Text(words, Letters.CAPTION_MEDIUM, Token.INK_3)
        self._list.addSpacing(12)
        self._list.addWidget(label)
        self._list.addSpacing(6)

    def _add(self, topics: Sequence[HelpTopic], *, open_first: bool) -> None:
        for number, topic in enumerate(topics):
            part = _Topic(topic, self._open_page, ruled=number > 0)
            part.opened.connect(self._close_others)
            self._topics.append(part)
            self._list.addWidget(part)
            if open_first and number == 0:
                part.fold.setChecked(True)

    def _close_others(self, opened: _Topic) -> None:
        for part in self._topics:
            if part is not opened and part.fold.isChecked():
                part.fold.setChecked(False)

    # -------------------------------------------------------- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and two lines
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.RAIL))
        painter.fillRect(0, 0, 1, self.height(), color(Token.LINE))
        if not self._foot.isHidden():
            painter.fillRect(0, self._foot.y(), self.width(), 1, color(Token.LINE))
