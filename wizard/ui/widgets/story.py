"""One person's story in the side sheet: what it comes to, what happened, what keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wizard.content.person_events import ToldEvent, event_words
from wizard.content.person_reasons import story_text
from wizard.content.person_story import keep_words, verdict
from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.people import PersonStory, ProtectedBy
from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import Job, Lane
from wizard.services.keeping import asks_person
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, SecretsWanted
from wizard.ui.paint import brush_on
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.avatar import Avatar
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text

__all__ = ["StoryEvents", "StorySheet"]

_COPIED_MS = 2_000
_Call = Callable[[Cancel], PersonStory | None]
_Shown = Callable[[PersonStory | None], None]
_Failed = Callable[[Trouble], None]
_MARK = 18


class _EventLine(QWidget):
    """One event with its mark, and the track down to the next."""

    def __init__(self, told: ToldEvent, *, last: bool) -> None:
        super().__init__()
        self._told = told
        self._last = last
        title = Text(told.title, Letters.SECOND_MEDIUM)
        moment = Text(told.moment, Letters.CAPTION, Token.INK_3, wrap=False)
        moment.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = row(gap=10)
        head.addWidget(title, 1)
        head.addWidget(moment, 0, Qt.AlignmentFlag.AlignTop)
        parts = column(head)
        if told.sentence:
            parts.addWidget(Text(told.sentence, Letters.SECOND, Token.INK_2))
        parts.setContentsMargins(30, 0, 0, 0 if last else 14)
        self.setLayout(parts)
        self.setAccessibleName(f"{told.title}. {told.sentence} {told.moment}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a mark and a line
        painter = brush_on(self)
        if not self._last:
            line = QRectF(8.5, 21, 1, self.height() - 24)
            painter.fillRect(line, color(Token.LINE_2))
        tint = color(Token.WARN if self._told.warn else Token.INK_3)
        pen = QPen(tint, 1.25)
        if self._told.ahead:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(0.75, 0.75, _MARK - 1.5, _MARK - 1.5))
        ink = color(Token.WARN if self._told.warn else Token.INK_2)
        paint_icon(painter, self._told.icon, ink, 4, 4, _MARK - 8, 1.25)


class StoryEvents(QWidget):
    """Events below one another, the oldest first."""

    def __init__(self, events: Sequence[ToldEvent]) -> None:
        super().__init__()
        lines = [
            _EventLine(event, last=number == len(events) - 1) for number, event in enumerate(events)
        ]
        column(*lines, inside=self)


class _Head(QWidget):
    """Initials, name and address."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__()
        self._avatar = Avatar(name)
        self._name = Text(name, Letters.PANEL, wrap=False, elide=Elide.RIGHT)
        self._name.setObjectName("story-name")
        self._address = Text(address, Letters.CAPTION, Token.INK_2, wrap=False, elide=Elide.MIDDLE)
        lines = column(None, self._name, self._address, None)
        inside = row(self._avatar, gap=12, inside=self)
        inside.addLayout(lines, 1)

    def show_person(self, name: str, address: str) -> None:
        """Show who it is."""
        self._avatar.show_name(name)
        self._name.say(name)
        self._address.say(address)


class StorySheet(Sheet):
    """Reads the story off the window's thread; protecting asks the account service.

    `above` stands before the story. `gone` tells that it is not shown any more.
    """

    gone = Signal()

    def __init__(
        self,
        desk: Desk,
        user_id: str,
        name: str = "",
        address: str = "",
        *,
        above: QWidget | None = None,
    ) -> None:
        self._who = _Head(name, address)
        super().__init__(name or t("One person’s story"), name="story", head=self._who)
        self._desk = desk
        self.user_id = user_id
        self._story: PersonStory | None = None
        self._jobs: list[Job] = []
        self._content = QWidget()
        self._lines = column(inside=self._content)
        if above is not None:
            self.put(above)
        self.put(self._content)
        self.put(None)
        self._protect = Button("", icon="shield", small=True, name="story-protect")
        self._protect.clicked.connect(self._press_protect)
        self._protect.hide()
        self._copy = Button(
            t("Copy as text"), Kind.GHOST, icon="copy", small=True, name="story-copy"
        )
        self._copy.clicked.connect(self._copy_text)
        self._copy.hide()
        self.put_foot(self._protect, self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self._copy.say(t("Copy as text"), "copy"))
        waiting = Bar(t("Reading the story"), thin=True)
        waiting.show_part(0, BarState.WAITING)
        self._lines.addWidget(waiting)
        self.look_again()

    # -------------------------------------------------------- reading

    def look_again(self) -> None:
        """Read the story anew, as after a sync."""
        bench, user_id = self._desk.bench, self.user_id
        self._job(Lane.LOOK, lambda _cancel: bench.people.story(user_id), self._show, self._failed)

    def _job(
        self,
        lane: Lane,
        call: _Call,
        done: _Shown,
        failed: _Failed,
    ) -> None:
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] in self._jobs

        def end(story: PersonStory | None) -> None:
            if mine():
                self._jobs.remove(holder[0])
                done(story)

        def fail(trouble: Trouble) -> None:
            if not mine():
                return
            self._jobs.remove(holder[0])
            if asks_person(trouble.code, trouble.facts):
                again = SecretsWanted(
                    trouble=trouble,
                    again=lambda: self._job(lane, call, done, failed),
                    refused=lambda: failed(trouble),
                )
                self._desk.secrets_wanted.emit(again)
            else:
                failed(trouble)

        job = self._desk.jobs.start(lane, lambda job: call(job.cancel), done=end, failed=fail)
        holder.append(job)
        self._jobs.append(job)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is under way is of no use to a sheet that was taken away."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self.gone.emit()

    # -------------------------------------------------------- drawing

    def _show(self, story: PersonStory | None) -> None:
        clear(self._lines)
        self._story = story
        if story is None:
            self._say(t("Nothing is known of this person any more."))
            self._protect.hide()
            self._copy.hide()
            return
        now = datetime.now(UTC)
        self._who.show_person(story.name, story.address)
        self.setAccessibleName(story.name)
        said = verdict(story, now)
        note = Note(
            f"**{said.headline}** {said.sentence}".strip(),
            icon="clock" if said.warn else "info",
            warn=said.warn,
        )
        note.setObjectName("story-verdict")
        self._lines.addWidget(note)
        events = [event_words(event, story, now) for event in story.events]
        if events:
            self._title(t("What happened"))
            self._lines.addWidget(StoryEvents(events))
        keep = keep_words(story)
        if keep:
            self._title(t("To keep them"))
            words = Text(keep, Letters.PROSE, Token.INK_2)
            words.setObjectName("story-keep")
            self._lines.addWidget(words)
        self._copy.show()
        self._show_protect(story)

    def _title(self, words: str) -> None:
        self._lines.addSpacing(20)
        self._lines.addWidget(Text(words, Letters.SECOND_STRONG))
        self._lines.addSpacing(10)

    def _say(self, words: str) -> None:
        self._lines.addWidget(Text(words, Letters.PROSE, Token.INK_2))

    def _show_protect(self, story: PersonStory) -> None:
        """An owner is protected anyway; nobody can protect an account that isn't there."""
        listed = story.protected is ProtectedBy.LISTED
        may = story.protected in {ProtectedBy.NOTHING, ProtectedBy.LISTED}
        active = story.account is not None and story.account.active
        self._protect.setVisible(active and may)
        self._protect.set_busy("")
        self._protect.say(t("No longer protect") if listed else t("Protect the account"))

    def _failed(self, trouble: Trouble) -> None:
        self._protect.set_busy("")
        if trouble.code is Code.CANCELLED:
            return
        words = trouble_words(trouble.code, trouble.facts)
        if self._story is None:
            clear(self._lines)
        note = Note(f"**{words.title}.** {words.to_do}", icon="warn", warn=True)
        note.setObjectName("story-trouble")
        self._lines.insertWidget(0, note)
        self._lines.insertSpacing(1, 12)

    # -------------------------------------------------------- pressing

    def _press_protect(self) -> None:
        story = self._story
        if story is None:
            return
        bench, user_id = self._desk.bench, self.user_id
        on = story.protected is not ProtectedBy.LISTED
        self._protect.set_busy(t("Saving"))
        self._job(
            Lane.NET,
            lambda cancel: bench.people.protect(user_id, cancel, on=on),
            self._show,
            self._failed,
        )

    def _copy_text(self) -> None:
        if self._story is None:
            return
        QGuiApplication.clipboard().setText(story_text(self._story, datetime.now(UTC)))
        self._copy.say(t("Copied"), "check")
        self._copied.start()

    def first_field(self) -> QWidget:
        return self._copy if self._copy.isVisible() else self
