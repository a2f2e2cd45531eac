"""Why isn't somebody here? The help panel's second tab: a name or address, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.person_reasons import (
    Line,
    LineState,
    answer_text,
    answer_verdict,
    next_words,
    reason_lines,
    service_lines,
    to_do_words,
    who_words,
)
from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.people import Answered, Explanation, MemberRow, ServiceWord
from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import Job, Lane
from wizard.services.keeping import asks_person
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, SecretsWanted
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Body, Icon, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.text import Elide, Text

__all__ = ["PersonPane"]

_COPIED_MS = 2_000
_LOOKS = {
    LineState.YES: ("ok", Token.OK),
    LineState.NO: ("stop", Token.BAD),
    LineState.WARN: ("warn", Token.WARN),
    LineState.NONE: ("minus", Token.INK_3),
}
_Done = Callable[..., None]


class _Reason(QWidget):
    """One reason with its mark."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        name, token = _LOOKS[line.state]
        quiet = line.state is LineState.NONE
        words = column(
            Text(line.title, Letters.SECOND_MEDIUM, Token.INK_2 if quiet else Token.INK),
            Text(line.sentence, Letters.SECOND, Token.INK_2),
        )
        mark = column(Icon(name, token, 14, drop=2), None)
        inside = row(mark, gap=12, margins=(0, 0, 0, 14), inside=self)
        inside.addLayout(words, 1)
        self.setAccessibleName(f"{line.title}. {line.sentence}")


class _Rule(QWidget):
    """A line between the parts of an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only a line
        QPainter(self).fillRect(self.rect(), color(Token.LINE))


class PersonPane(QWidget):
    """Asks this computer's database; the account service only where a person presses for it.

    `story_wanted` tells whose whole story is wanted, by the directory's id.
    """

    story_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._told: Explanation | None = None
        self._trouble: Trouble | None = None
        self._job: Job | None = None
        self._asking = False
        label = Text(t("Why isn’t somebody here?"), Letters.SECOND_MEDIUM, wrap=False)
        self.search = SearchField(t("Name or address"), name="help-person")
        self.search.setAccessibleName(t("Why isn’t somebody here? Name or address"))
        self.search.searched.connect(self._look)
        top = column(label, 6, self.search, margins=(20, 0, 20, 12))
        content = QWidget()
        self._lines = column(margins=(20, 0, 10, 12), inside=content)
        self._copy = Button(t("Copy this answer"), icon="copy", small=True, name="help-copy")
        self._copy.clicked.connect(self._copy_text)
        self._story = Button(t("Full story"), Kind.GHOST, small=True, name="help-story")
        self._story.clicked.connect(self._open_story)
        self.foot = QWidget()
        self.foot.setFixedHeight(52)
        row(self._copy, 8, self._story, None, margins=(20, 1, 20, 0), inside=self.foot)
        whole = column(top, inside=self)
        whole.addWidget(Body(content), 1)
        whole.addWidget(self.foot)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self._copy.say(t("Copy this answer"), "copy"))
        self._show()

    def look_up(self, words: str) -> None:
        """Ask for this name or address now."""
        self.search.setText(words)
        self.search.search_now()

    # -------------------------------------------------------- asking

    def _look(self, words: str) -> None:
        self._drop()
        self._trouble = None
        if not words:
            self._told = None
            self._show()
            return
        bench = self._desk.bench

        def told(answer: Explanation) -> None:
            self._told = answer
            self._show()

        self._start(Lane.LOOK, lambda cancel: bench.people.explain(words, cancel), told)

    def _ask_service(self) -> None:
        told = self._told
        if told is None:
            return
        bench = self._desk.bench
        address = told.person.address if told.person is not None else told.query
        self._asking = True
        self._show()

        def answered(word: ServiceWord) -> None:
            self._asking = False
            self._told = replace(told, service=word)
            self._show()

        self._start(Lane.NET, lambda cancel: bench.people.ask_service(address, cancel), answered)

    def _start(
        self, lane: Lane, call: Callable[[Cancel], Explanation | ServiceWord], done: _Done
    ) -> None:
        self._drop()
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and self._job is holder[0]

        def end(answer: Explanation | ServiceWord) -> None:
            if mine():
                self._job = None
                done(answer)

        def fail(trouble: Trouble) -> None:
            if not mine():
                return
            self._job = None
            if asks_person(trouble.code, trouble.facts):
                wanted = SecretsWanted(
                    trouble=trouble,
                    again=lambda: self._start(lane, call, done),
                    refused=lambda: self._failed(trouble),
                )
                self._desk.secrets_wanted.emit(wanted)
                return
            self._failed(trouble)

        job = self._desk.jobs.start(lane, lambda job: call(job.cancel), done=end, failed=fail)
        holder.append(job)
        self._job = job

    def _failed(self, trouble: Trouble) -> None:
        self._asking = False
        if trouble.code is not Code.CANCELLED:
            self._trouble = trouble
        self._show()

    def _drop(self) -> None:
        job, self._job = self._job, None
        self._asking = False
        if job is not None:
            job.cancel()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        clear(self._lines)
        told = self._told
        person = told.person if told is not None else None
        self.foot.setVisible(told is not None and told.answered is not Answered.SEVERAL)
        self._story.setVisible(person is not None)
        self._lines.addWidget(_Rule())
        self._lines.addSpacing(12)
        if told is None:
            here = bool(self._desk.bench.answers.organization_account_id)
            hint = (
                t("Type a name or an address. The answer comes from this computer.")
                if here
                else t("Type a whole address. You can then ask the account service about it.")
            )
            self._lines.addWidget(Text(hint, Letters.PROSE, Token.INK_2))
        else:
            self._answer(told)
        if self._trouble is not None:
            words = trouble_words(self._trouble.code, self._trouble.facts)
            self._lines.addSpacing(12)
            note = Note(f"**{words.title}.** {words.to_do}", icon="warn", warn=True, tight=True)
            note.setObjectName("help-person-trouble")
            self._lines.addWidget(note)
        self._lines.addStretch(1)
        panel = self.parentWidget()
        if panel is not None:
            panel.update()  # it draws the line above the footer

    def _answer(self, told: Explanation) -> None:
        now = datetime.now(UTC)
        said = answer_verdict(told, now)
        headline = Text(said.headline, Letters.BODY_STRONG)
        headline.setObjectName("help-person-verdict")
        self._lines.addWidget(headline)
        if said.sentence:
            self._lines.addSpacing(6)
            self._lines.addWidget(Text(said.sentence, Letters.PROSE, Token.INK_2))
        self._lines.addSpacing(16)
        if told.person is not None:
            for line in reason_lines(told.person, now):
                self._lines.addWidget(_Reason(line))
        elif told.answered is Answered.SEVERAL:
            self._people(told.choices)
            if told.more_choices:
                more = tn("and {count} more", "and {count} more", told.more_choices)
                self._lines.addSpacing(6)
                self._lines.addWidget(Text(more, Letters.SECOND, Token.INK_3))
            return
        elif told.near:
            self._lines.addWidget(Text(t("Much alike"), Letters.CAPTION_MEDIUM, Token.INK_3))
            self._lines.addSpacing(4)
            self._people(told.near)
            self._lines.addSpacing(14)
        self._services_word(told, now)
        self._what_to_do(told, now)

    def _services_word(self, told: Explanation, now: datetime) -> None:
        if told.service is not None:
            for line in service_lines(told.service, now):
                self._lines.addWidget(_Reason(line))
            return
        signed_in = bool(self._desk.bench.answers.signed_in_as)
        address = told.person.address if told.person is not None else told.query
        if not signed_in or "@" not in address:
            return
        ask = Button(t("Ask the account service"), icon="globe", small=True, name="help-ask")
        ask.clicked.connect(self._ask_service)
        ask.set_busy(t("Asking") if self._asking else "")
        self._lines.addLayout(row(ask, None))
        self._lines.addSpacing(14)

    def _what_to_do(self, told: Explanation, now: datetime) -> None:
        todo = to_do_words(told, now)
        coming = next_words(told, now)
        if todo is None and not coming:
            return
        self._lines.addWidget(_Rule())
        self._lines.addSpacing(12)
        if todo is not None:
            self._lines.addWidget(Text(t("What to do"), Letters.SECOND_STRONG))
            self._lines.addSpacing(4)
            words = Text(f"{todo[0]} {who_words(todo[1])}", Letters.PROSE, Token.INK_2)
            words.setObjectName("help-person-todo")
            self._lines.addWidget(words)
            self._lines.addSpacing(12)
        if coming:
            self._lines.addWidget(Text(t("What comes next"), Letters.SECOND_STRONG))
            self._lines.addSpacing(4)
            self._lines.addWidget(Text(coming, Letters.PROSE, Token.INK_2))

    def _people(self, people: tuple[MemberRow, ...]) -> None:
        for person in people:
            pick = Button(
                person.name, Kind.GHOST, icon="person", small=True, flush="left", name="help-pick"
            )
            pick.clicked.connect(lambda _on, one=person: self._pick(one))
            self._lines.addLayout(row(pick, None))
            address = Text(
                person.address, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE
            )
            self._lines.addLayout(row(address, margins=(20, 0, 0, 6)))

    def _pick(self, person: MemberRow) -> None:
        """Ask for exactly this one: the id has no namesakes."""
        shown = person.address or person.name
        self.search.blockSignals(True)
        self.search.setText(shown)
        self.search.blockSignals(False)
        self._look(person.user_id)

    # -------------------------------------------------------- pressing

    def _copy_text(self) -> None:
        if self._told is None:
            return
        QGuiApplication.clipboard().setText(answer_text(self._told, datetime.now(UTC)))
        self._copy.say(t("Copied"), "check")
        self._copied.start()

    def _open_story(self) -> None:
        if self._told is not None and self._told.person is not None:
            self.story_wanted.emit(self._told.person.user_id)
