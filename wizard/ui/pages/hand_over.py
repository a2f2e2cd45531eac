"""Hand over to IT: the kit and a mail first, then a live page that waits for IT's part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.it_parts import HALT_WORDS
from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.hand_over import (
    KitFiles,
    MailKind,
    MailText,
    WaitingView,
)
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page
from wizard.ui.pages.hand_over_words import ended_words, first_name, it_stop, others_told
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.watching import Watch, checked_words
from wizard.ui.widgets.badges import Tile
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.track import TrackList
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["HandOverPage"]

_SIGN_IN = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})


class HandOverPage(Page):
    """Before it is handed over: what to give to IT. Afterwards: how far IT is, live."""

    step = StepId.HAND_OVER

    def __init__(self, desk: Desk) -> None:
        self._view: WaitingView | None = None
        self._failed: Trouble | None = None
        self._cure: tuple[str, Callable[[], None]] | None = None
        super().__init__(desk)

    def build(self) -> None:
        self._watch = Watch(self)
        self._watch.due.connect(self._look)
        self._watch.ticked.connect(self._tick)
        self._trouble = TroublePanel()
        self._give = self._build_give()
        self._waiting = self._build_waiting()
        self.content.addSpacing(20)
        for part in (self._trouble, self._give, self._waiting):
            self.content.addWidget(part)
        self.content.addStretch()

    def _build_give(self) -> QWidget:
        save = Button(t("Save the kit"), icon="download", name="kit-save")
        save.clicked.connect(self._ask_where)
        mail = Button(t("Open a mail"), icon="mail", name="mail-open")
        mail.clicked.connect(lambda: self._open_mail(MailKind.HAND_OVER))
        copy = Button(t("Copy"), Kind.GHOST, icon="copy", small=True, name="mail-copy")
        copy.setAccessibleDescription(t("Copy the text of the mail"))
        copy.clicked.connect(lambda: self._copy_mail(MailKind.HAND_OVER))
        box = Box()
        box.add(
            _offered(
                "file",
                t("The hand-over kit"),
                t("One page with all that IT needs, and a small resume file beside it."),
                save,
            )
        )
        box.add(
            _offered(
                "mail",
                t("A mail to IT"),
                t("A text that you can change. Add both files of the kit to it."),
                copy,
                mail,
            )
        )
        self._told = Note("", icon="info", tight=True)
        self._told.setObjectName("hand-over-told")
        told = QWidget()
        column(12, self._told, inside=told)
        self._told_part = told
        told.hide()
        safe = Note(
            t(
                "**Both files are safe to send.** They hold no password and nothing secret. Only "
                "somebody whom you invited can go on with them."
            ),
            icon="lock",
        )
        part = QWidget()
        column(box, told, 16, safe, inside=part)
        return part

    def _build_waiting(self) -> QWidget:
        self._title = Text(t("What IT does"), Letters.SECOND_STRONG, wrap=False)
        self._fresh = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._fresh.setObjectName("checked")
        again = Button(t("Look now"), Kind.GHOST, small=True, flush="right", name="look-now")
        again.clicked.connect(self._watch.look)
        self._again = again
        head = row(self._title, None, gap=8)
        head.addWidget(self._fresh)
        head.addWidget(again)
        self._track = TrackList()
        invite = Button(t("Invite again"), small=True, name="invite-again")
        invite.clicked.connect(lambda _checked: self.desk.steps_wanted.emit(StepId.INVITE_IT.value))
        self._ended = Note("", icon="warn", warn=True, tight=True, below=12, action=invite)
        self._ended.setObjectName("invitation-ended")
        self._halted = Note("", icon="warn", warn=True, tight=True, below=12)
        self._halted.setObjectName("it-halted")
        save = Button(t("Save the kit"), small=True, name="kit-save-again")
        save.clicked.connect(self._ask_where)
        self._remind = Button(t("Remind IT"), icon="mail", small=True, name="remind")
        self._remind.clicked.connect(lambda: self._open_mail(MailKind.REMINDER))
        copy = Button(
            t("Copy a reminder"),
            Kind.GHOST,
            icon="copy",
            small=True,
            flush="left",
            name="remind-copy",
        )
        copy.clicked.connect(lambda: self._copy_mail(MailKind.REMINDER))
        self._copy_reminder = copy
        tools = QWidget()
        row(self._remind, save, gap=8, inside=tools)
        self._kit = Note(t("**Hand-over kit:** all that IT needs"), icon="file", action=tools)
        self._said = Text("", Letters.SECOND, Token.INK_2)
        self._said.setObjectName("waiting-told")
        self._said.hide()
        told = row(copy, gap=12)
        told.addWidget(self._said, 1)
        told.addStretch()
        part = QWidget()
        column(
            head, 14, self._ended, self._halted, self._track, 18, self._kit, 8, told, inside=part
        )
        return part

    # -------------------------------------------------------- shown and not

    def entered(self) -> None:
        self._failed = None
        self._watch.start()
        self._show()

    def left(self) -> None:
        self._watch.stop()

    def apply(self) -> None:
        if self._signed_out:
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
        elif self._failed is not None and self._cure is not None:
            self._failed = None
            self._cure[1]()
            self._show()
        elif self._finished:
            self.finish()
        elif not self.answers.handed_over:
            self.answer(replace(self.answers, handed_over=True))
            self._say("")
            self._watch.look()
            self._show()
        else:
            self.window().close()

    @property
    def _signed_out(self) -> bool:
        return self._failed is not None and self._failed.code in _SIGN_IN

    @property
    def _unread(self) -> bool:
        """Whether what went wrong was the looking itself."""
        return self._failed is not None and self._failed.code is Code.NOT_ALLOWED

    @property
    def _finished(self) -> bool:
        return self._view is not None and self._view.finished

    # -------------------------------------------------------- watching

    def _look(self) -> None:
        bench = self.desk.bench
        self.work(lambda job: bench.hand_over.look(job.cancel), self._looked, self._not_looked)

    def _looked(self, view: WaitingView) -> None:
        before = self._view
        if before is None or (before.parts, before.people) != (view.parts, view.people):
            self._watch.stir()
        self._watch.answered()
        if self._signed_out or self._unread:
            self._failed = None
        self._view = view
        self.desk.others_told.emit(others_told(view))
        self.changed.emit()
        self._show()

    def _not_looked(self, trouble: Trouble) -> None:
        self._watch.failed()
        if trouble.code in _SIGN_IN or trouble.code is Code.NOT_ALLOWED:
            self._failed, self._cure = trouble, (t("Look again"), self._watch.look)
        self._show()

    def _tick(self) -> None:
        self._fresh.say(self._checked())
        self._again.setVisible(self._watch.failing and not self._signed_out)

    def _checked(self) -> str:
        age = self._watch.age
        if self._signed_out:
            return ""
        if age is None:
            return t("No answer yet. We keep asking.") if self._watch.failing else t("Looking")
        if self._watch.failing:
            return t("{checked}. No answer now, we keep asking.", checked=checked_words(age))
        return t("Live. {checked}", checked=checked_words(age))

    # -------------------------------------------------------- kit and mail

    def _ask_where(self) -> None:
        from wizard.services.kit import kit_name

        name = f"{kit_name(self.answers.ou_name)}.html"
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the hand-over kit"), name, t("Web page (*.html)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the kit there, and the resume file beside it."""
        bench = self.desk.bench
        self._cure = (t("Save it elsewhere"), self._ask_where)
        self.work(lambda _job: bench.hand_over.save_kit(path), self._saved, self._not_done)

    def _saved(self, files: KitFiles) -> None:
        self._failed = None
        self._say(
            t(
                "**Saved** {kit} and {resume} in {folder}.",
                kit=files.kit.name,
                resume=files.resume.name,
                folder=files.kit.parent.name or str(files.kit.parent),
            )
        )

    def _open_mail(self, kind: MailKind) -> None:
        bench = self.desk.bench
        self._cure = (t("Try again"), lambda: self._open_mail(kind))
        self.work(
            lambda _job: bench.hand_over.open_mail(kind),
            lambda opened: self._mailed(opened=opened),
            self._not_done,
        )

    def _mailed(self, *, opened: bool) -> None:
        self._failed = None
        self._say(
            t("**Your mail program has the text.** Look it over, and send it.")
            if opened
            else t("**No mail program opened.** Copy the text, and paste it into a mail.")
        )

    def _copy_mail(self, kind: MailKind) -> None:
        bench = self.desk.bench
        self._cure = (t("Try again"), lambda: self._copy_mail(kind))
        self.work(lambda _job: bench.hand_over.mail(kind), self._copied, self._not_done)

    def _copied(self, mail: MailText) -> None:
        QGuiApplication.clipboard().setText(mail.whole)
        self._say(t("**Copied.** Paste it into a mail or a message."))

    def _not_done(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self._failed = trouble
        self._show()

    def _say(self, words: str) -> None:
        """Tell what came of a button, beside the buttons that are shown."""
        handed = self.answers.handed_over
        self._told.text.say(words)
        self._told_part.setVisible(bool(words) and not handed)
        self._said.say(words)
        self._said.setVisible(bool(words) and handed)
        self._show()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        waits = self.answers.handed_over or self._finished
        self._trouble.show_trouble(self._failed)
        self._give.setVisible(not waits)
        self._waiting.setVisible(waits)
        view = self._view
        self._track.setVisible(view is not None)
        self._title.setVisible(view is not None or not self._signed_out)
        now = datetime.now(UTC)
        self._track.show_stops([it_stop(one, view, now) for one in view.parts] if view else [])
        ended = ended_words(view) if view is not None else ""
        self._ended.setVisible(bool(ended) and not self._finished)
        self._ended.text.say(ended)
        halted = view.halted if view is not None and view.finished else None
        self._halted.setVisible(halted is not None)
        self._halted.text.say(t(HALT_WORDS[halted.value]) if halted is not None else "")
        for part in (self._remind, self._copy_reminder):
            part.setVisible(not self._finished)
        # Once IT is through there is nothing more to give.
        self._kit.setVisible(not self._finished or halted is not None)
        self._tick()
        self.head(self._heading(waits=waits))
        self.offer_now(self._offer(waits=waits))

    def _heading(self, *, waits: bool) -> Heading:
        if not waits:
            return Heading()
        view = self._view
        if view is not None and view.finished:
            made = tn(
                "{count} person has an account by now.",
                "{count} people have an account by now.",
                view.accounts,
            )
            lead = made if view.accounts else t("Provisioning is on.")
            return Heading(title=t("IT is done"), lead=lead, minutes=t("Nothing left to do"))
        minutes = t("IT needs about 25 minutes")
        lead = t("Nothing for you to do. Close this window if you like; we keep your place.")
        if self._signed_out:
            lead = t("Sign in again to see how far IT is. IT can go on meanwhile.")
        elif view is not None and ended_words(view):
            lead = t("One thing for you to do: nobody can begin without an invitation.")
        if view is None or not view.it_address:
            return Heading(title=t("Waiting for IT"), lead=lead, minutes=minutes)
        title = t("{name} is doing the IT part", name=first_name(view))
        return Heading(title=title, lead=lead, minutes=minutes)

    def _offer(self, *, waits: bool) -> Offer:
        if self._failed is not None:
            words = t("Sign in again") if self._signed_out or not self._cure else self._cure[0]
            proof = "" if waits else _given_when()
            return Offer(valid=True, words=words, trouble=self._failed, proof=proof)
        if self._finished:
            if self._view is not None and self._view.halted is not None:
                return Offer(valid=True)
            proof = t("**It worked:** every line above has a check mark.")
            return Offer(valid=True, proved=True, proof=proof)
        if waits:
            return Offer(valid=True, words=t("Close for now"), may_do_later=False)
        return Offer(valid=True, words=t("It’s handed over"), proof=_given_when())


def _given_when() -> str:
    return t("**You’ll know it worked when** IT has the page and the resume file.")


def _offered(icon: str, title: str, sentence: str, *buttons: Button) -> QWidget:
    """One thing to give to IT: what it is, and the buttons for it."""
    line = QWidget()
    texts = column(
        Text(title, Letters.BODY_STRONG), Text(sentence, Letters.SECOND, Token.INK_2), gap=2
    )
    layout = row(Tile(icon), gap=12, margins=(16, 14, 16, 14), inside=line)
    layout.addLayout(texts, 1)
    for button in buttons:
        layout.addWidget(button)
    return line
