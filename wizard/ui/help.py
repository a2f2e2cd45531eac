"""The help panel: this step's questions, the trouble's own on top, a search, and one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.help_source import HelpAction, HelpSource, HelpTopic, NoHelp
from wizard.ui.help_topic import TopicPart
from wizard.ui.layouts import clear, column, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.segments import Segment, Segments
from wizard.ui.widgets.text import Text

if TYPE_CHECKING:
    from wizard.ui.help_person import PersonPane
    from wizard.ui.page import Desk

__all__ = ["HelpPanel"]

_LONGEST_ECHO = 28
"""A pasted line is not repeated whole above its answers."""


class HelpPanel(QWidget):
    """300 pixels of questions. It is told step and trouble, and asks to be folded.

    With a `desk` it looks people up, too, and does what answers offer.
    """

    folded = Signal()
    wanted = Signal()
    """Somebody is to be looked up: the panel is asked for."""
    escaped = Signal()

    def __init__(
        self, open_page: Callable[[str], None], support_url: str, desk: Desk | None = None
    ) -> None:
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
        self._fold = IconButton("panel", t("Fold the help panel"), name="help-fold")
        self._fold.clicked.connect(self.folded)
        title = Text(t("Help"), Letters.BRAND, wrap=False)
        head = QWidget()
        head.setFixedHeight(68)
        row(title, None, self._fold, margins=(20, 0, 12, 0), inside=head)
        self._desk = desk
        if desk is not None:
            desk.person_wanted.connect(self._asked_for)
        self._person: PersonPane | None = None
        self._tabs = Segments(t("What you look for"), name="help-tab", stretch=True)
        self._tabs.chosen.connect(self._turn)
        self._tab_row = QWidget()
        column(self._tabs, margins=(20, 0, 20, 12), inside=self._tab_row)
        self._tab_row.hide()
        self._questions = QWidget()
        self._build_questions(support_url)
        self._whole = column(head, self._tab_row, inside=self, margins=(1, 0, 0, 0))
        self._whole.addWidget(self._questions, 1)

    def _build_questions(self, support_url: str) -> None:
        self.search = SearchField(t("A question, or a code"), name="help-search")
        self.search.searched.connect(lambda _: self._fill())
        search_row = row(self.search, margins=(20, 0, 20, 8))
        content = QWidget()
        self._list = column(margins=(20, 0, 10, 12), inside=content)
        self._topics: list[TopicPart] = []
        self._body = Body(content)
        self._foot = QWidget()
        self._foot.setFixedHeight(52)
        self._support = Button(t("Contact support"), Kind.GHOST, small=True, name="help-support")
        self._support.clicked.connect(lambda: self._open_page(support_url))
        self._support.setVisible(bool(support_url))
        self._check = Button(
            t("Check everything"), Kind.GHOST, icon="pulse", small=True, name="help-check"
        )
        self._check.clicked.connect(self._check_everything)
        self._check.setVisible(self._desk is not None)
        row(self._check, None, self._support, margins=(14, 1, 14, 0), inside=self._foot)
        self._foot.setVisible(bool(support_url) or self._desk is not None)
        column(search_row, self._body, self._foot, inside=self._questions)

    # -------------------------------------------------------- a person

    def look_up(self, words: str = "") -> None:
        """Turn to “A person”, and look this one up."""
        self._tabs.choose("person")
        self._turn("person")
        if self._person is not None and words:
            self._person.look_up(words)

    def _asked_for(self, words: str) -> None:
        self.look_up(words)
        self.wanted.emit()
        self.first_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def first_field(self) -> QWidget:
        """Where typing begins on the tab that is shown."""
        asks = self._person is not None and self._person.isVisibleTo(self)
        return self._person.search if asks and self._person is not None else self.search

    def _offer_people(self) -> None:
        """The second tab is of use once there is somebody to ask."""
        if self._desk is None:
            return
        answers = self._desk.bench.answers
        at_home = bool(self._page)
        # Whoever may only look asks from Home, where the unit's page leads them.
        offered = at_home or bool(answers.organization_account_id)
        if offered and not self._tabs.key:
            self._tabs.show_segments(
                [
                    Segment(key="questions", words=t("Questions")),
                    Segment(key="person", words=t("A person")),
                ]
            )
            self._tabs.stand_between(self._fold, self.search)
        self._tab_row.setVisible(offered)
        if not offered:
            self._turn("questions")

    def _turn(self, key: str) -> None:
        asks = key == "person" and self._desk is not None
        if asks and self._person is None and self._desk is not None:
            from wizard.ui.help_person import PersonPane

            self._person = PersonPane(self._desk)
            self._person.story_wanted.connect(self._open_story)
            self._whole.addWidget(self._person, 1)
        if self._person is not None:
            self._person.setVisible(asks)
        self._questions.setVisible(not asks)
        self._tabs.choose("person" if asks else "questions")
        self.update()

    def _open_story(self, user_id: str) -> None:
        from wizard.ui.widgets.story import StorySheet

        if self._desk is not None:
            self._desk.sheet_wanted.emit(StorySheet(self._desk, user_id))

    def _check_everything(self) -> None:
        from wizard.ui.checks_sheet import ChecksSheet

        if self._desk is not None:
            self._desk.sheet_wanted.emit(ChecksSheet(self._desk))

    def _made_action(self, action: HelpAction) -> QWidget | None:
        if self._desk is None or not self._desk.bench.answers.ou_id:
            return None
        from wizard.ui.help_actions import action_part

        return action_part(self._desk, action)

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
            self._turn("questions")
            if self.search.text():
                self.search.clear()
            self._fill()
        self._offer_people()

    def open_topic(self, topic_id: str) -> None:
        """Put one topic on top and open it."""
        self._turn("questions")
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
        self._order()

    def _order(self) -> None:
        """The keyboard goes from the search to the questions, and last to the footer."""
        chain: list[QWidget] = [self.search]
        for part in self._topics:
            chain += [part.fold, *part.pressable()]
        chain += [self._check, self._support]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _fill_hits(self, words: str) -> None:
        hits = self._source.search(words)
        if len(words) > _LONGEST_ECHO:
            words = f"{words[:_LONGEST_ECHO].rstrip()}…"
        if not hits:
            self._label(t("No answer for “{words}”", words=words))
            nothing = t("Try another word, a part of one, or the code of a message.")
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
            part = TopicPart(topic, self._open_page, self._made_action, ruled=number > 0)
            part.opened.connect(self._close_others)
            self._topics.append(part)
            self._list.addWidget(part)
            if open_first and number == 0:
                part.fold.setChecked(True)

    def _close_others(self, opened: TopicPart) -> None:
        for part in self._topics:
            if part is not opened and part.fold.isChecked():
                part.fold.setChecked(False)
        if opened in self._topics:
            self._order()

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
        foot = self._foot if self._questions.isVisibleTo(self) else None
        if self._person is not None and self._person.isVisibleTo(self):
            foot = self._person.foot
        if foot is not None and not foot.isHidden():
            top = foot.mapTo(self, QPoint(0, 0)).y()
            painter.fillRect(0, top, self.width(), 1, color(Token.LINE))
