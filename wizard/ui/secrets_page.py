"""The question how sign-ins are kept, asked where the system's password store is of no use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import SecretsChoice
from wizard.services.keeping import NO_KEY, SHORTEST_PASSPHRASE, asks_person
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.widgets.boxes import Body, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["SecretsPage"]

_TOPIC = "saved-sign-ins"
_AROUND = 12
"""Pixels that stay free above and below what is brought into view."""


class _Case(StrEnum):
    """What stands in the way."""

    STORE = "store"
    """The password store is missing, locked or silent."""
    SEALED = "sealed"
    """A passphrase was set at an earlier start."""
    NO_KEY = "no-key"
    """The password store works, and has no key to what was saved."""


class _Answer(StrEnum):
    """What a person may choose."""

    OPEN = "open"
    AGAIN = "again"
    ANEW = "anew"
    MEMORY = "memory"
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class _Words:
    """One card, and the button that goes with it."""

    title: str
    sentence: str
    button: str
    busy: str


class SecretsPage(Page):
    """Stands before the page that met `trouble`; `finished` when sign-ins can be kept.

    `refused` when the person would rather go back. What is typed is forgotten as soon as it has
    been used, and when the page goes.
    """

    refused = Signal()

    def __init__(self, desk: Desk, step: StepId, trouble: Trouble) -> None:
        self.step = step
        self._why = trouble
        self._case = _case(trouble)
        self._failed: Trouble | None = None
        self._busy = ""
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._still = Note("", icon="warn", warn=True, below=12)
        self._still.setObjectName("secrets-still")
        self._still.hide()
        self._words = _words(self._case)
        self._choice = ChoiceGroup(
            [(answer, self._card(answer)) for answer in self._answers_offered()]
        )
        self._choice.chosen.connect(lambda _key: self._chose())
        self._typed = _secret(t("Your passphrase"), "secrets-passphrase")
        least = tn(
            "At least {count} character. A short sentence is easy to remember.",
            "At least {count} characters. A short sentence is easy to remember.",
            SHORTEST_PASSPHRASE,
        )
        self._first = _secret(t("New passphrase"), "secrets-new-passphrase", hint=least)
        self._second = _secret(t("The same once more"), "secrets-repeated")
        self._open_fields = QWidget()
        column(4, self._typed, 8, inside=self._open_fields)
        self._new_fields = QWidget()
        column(4, self._first, 12, self._second, inside=self._new_fields)
        self._choice.put_below(_Answer.OPEN, self._open_fields)
        self._choice.put_below(_Answer.NEW, self._new_fields)
        self._where = Button(
            t("Where are my sign-ins kept?"),
            Kind.GHOST,
            small=True,
            flush="left",
            name="secrets-where",
        )
        self._where.clicked.connect(lambda _checked: self.desk.topic_wanted.emit(_TOPIC))
        self.content.addSpacing(16)
        for part in (self._trouble, self._still, self._choice):
            self.content.addWidget(part)
        self.content.addSpacing(12)
        self.content.addLayout(row(self._where, None))
        self.content.addStretch()
        self._choice.choose(self._answers_offered()[0])

    def _card(self, answer: _Answer) -> ChoiceCard:
        words = self._words[answer]
        return ChoiceCard(words.title, words.sentence, name=f"secrets-{answer}")

    def _answers_offered(self) -> tuple[_Answer, ...]:
        """The one that most people want comes first, and is chosen."""
        if self._case is _Case.NO_KEY:
            return _Answer.ANEW, _Answer.AGAIN, _Answer.MEMORY
        if self._case is _Case.SEALED:
            return _Answer.OPEN, _Answer.MEMORY, _Answer.NEW
        if self._why.code is Code.KEYRING_MISSING:
            return _Answer.MEMORY, _Answer.NEW
        return _Answer.AGAIN, _Answer.MEMORY, _Answer.NEW

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._show()

    def focus_first(self) -> None:
        card = self._choice.chosen_card()
        if self._key is _Answer.OPEN:
            self._typed.line.setFocus()
        elif card is not None:
            card.setFocus()

    @property
    def _key(self) -> _Answer:
        return _Answer(self._choice.key)

    def apply(self) -> None:
        self._failed = None
        self._still.hide()
        bench = self.desk.bench
        choice, passphrase = self._chosen()
        if choice is None:
            self._show()
            return
        self._busy = self._words[self._key].busy
        self.work(
            lambda job: bench.keep_secrets(choice, passphrase, job.cancel),
            lambda _nothing: self._kept(),
            self._did_not,
        )
        self._show()

    def _chosen(self) -> tuple[SecretsChoice | None, str]:
        """The choice and its passphrase; no choice while something has to be typed first."""
        match self._key:
            case _Answer.AGAIN:
                return SecretsChoice.KEYRING, ""
            case _Answer.ANEW:
                return SecretsChoice.NEW_KEYRING, ""
            case _Answer.MEMORY:
                return SecretsChoice.MEMORY, ""
            case _Answer.OPEN:
                typed = self._typed.line.text()
                if not typed:
                    self._wrong(self._typed, t("Type the passphrase that you set here."))
                    return None, ""
                return SecretsChoice.PASSPHRASE, typed
            case _Answer.NEW:
                return self._new_passphrase()

    def _new_passphrase(self) -> tuple[SecretsChoice | None, str]:
        first, second = self._first.line.text(), self._second.line.text()
        if len(first) < SHORTEST_PASSPHRASE:
            more = SHORTEST_PASSPHRASE - len(first)
            self._wrong(
                self._first,
                tn(
                    "It needs {count} more character.",
                    "It needs {count} more characters.",
                    more,
                ),
            )
            return None, ""
        if first != second:
            sentence = (
                t("The two are not the same. Type it once more.")
                if second
                else t("Type it once more, so that no slip locks you out.")
            )
            self._wrong(self._second, sentence)
            return None, ""
        return SecretsChoice.NEW_PASSPHRASE, first

    def _wrong(self, field: Field, sentence: str) -> None:
        field.show_wrong(sentence)
        field.line.selectAll()
        field.line.setFocus()
        self._bring_into_view(field)

    def _chose(self) -> None:
        self._show()
        if self._key is _Answer.NEW:
            self._bring_into_view(self._new_fields)

    def _bring_into_view(self, part: QWidget) -> None:
        """In a low window the fields begin below the edge."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, Body):
            area = area.parentWidget()
        if area is not None:
            # Only after Qt has given the part its place.
            QTimer.singleShot(0, part, partial(area.ensureWidgetVisible, part, 0, _AROUND))

    def _kept(self) -> None:
        self._busy = ""
        self.forget()
        self.finish()

    def forget(self) -> None:
        """Empty what was typed."""
        for field in (self._typed, self._first, self._second):
            field.line.clear()
            field.show_wrong("")

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = ""
        if trouble.code is Code.PASSPHRASE_WRONG and self._key is _Answer.OPEN:
            self._show()
            self._wrong(self._typed, t("This isn’t the passphrase. Try again."))
            return
        if asks_person(trouble.code, trouble.facts):
            # Tried again, and the store is as it was, or worse: the other cards still work.
            self._why = trouble
            self._still.text.say(_still(trouble))
            self._still.show()
        elif trouble.code is not Code.CANCELLED:
            self._failed = trouble
        self._show()

    def ask_secrets(
        self, trouble: Trouble, again: Callable[[], None], refused: Callable[[], None]
    ) -> None:
        """This is the page that asks: its own trouble is told here."""
        del trouble, again
        refused()

    def _go_back(self) -> None:
        self.drop_jobs()
        self.forget()
        self.refused.emit()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self._open_fields.setVisible(self._key is _Answer.OPEN)
        self._new_fields.setVisible(self._key is _Answer.NEW)
        self._choice.setEnabled(not self._busy)
        self.head(_heading(self._why, self._case))
        back = SideAction(
            words=t("Back"), name="secrets-back", press=self._go_back, icon="chevron-left"
        )
        self.offer_now(
            Offer(
                valid=not self._busy,
                busy=self._busy,
                words=self._words[self._key].button,
                trouble=self._failed,
                proof=t("**You’ll know it worked when** the set-up goes on by itself."),
                instead_of_back=back,
            )
        )


def _secret(label: str, name: str, *, hint: str = "") -> Field:
    field = Field(label, name=name, hint=hint)
    field.line.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _case(trouble: Trouble) -> _Case:
    if trouble.facts.get("problem") in NO_KEY:
        return _Case.NO_KEY
    locked = trouble.code in {Code.VAULT_LOCKED, Code.PASSPHRASE_WRONG}
    return _Case.SEALED if locked else _Case.STORE


def _words(case: _Case) -> dict[_Answer, _Words]:
    """All cards, of which a case offers some."""
    sealed = case is _Case.SEALED
    for_now = _Words(
        title=t("Stay signed in until I close the program"),
        sentence=t("Your saved sign-ins stay locked. You sign in again each time.")
        if case is not _Case.STORE
        else t("Nothing is saved. You sign in again the next time."),
        button=t("Continue"),
        busy=t("Going on"),
    )
    new = _Words(
        title=t("Set a new passphrase") if sealed else t("Set a passphrase"),
        sentence=t("If the old one is lost. You sign in once more, and it is saved anew.")
        if sealed
        else t("Your sign-in is saved, locked. You type the passphrase when the program starts."),
        button=t("Set the passphrase"),
        busy=t("Locking"),
    )
    return {
        _Answer.OPEN: _Words(
            title=t("Type your passphrase"),
            sentence=t("It opens your saved sign-ins, and you stay signed in."),
            button=t("Unlock"),
            busy=t("Unlocking"),
        ),
        _Answer.AGAIN: _Words(
            title=t("Try the system’s password store again"),
            sentence=t("You stay signed in, and there is nothing to remember."),
            button=t("Try again"),
            busy=t("Asking the password store"),
        ),
        _Answer.ANEW: _Words(
            title=t("Sign in once more"),
            sentence=t("It is saved anew in the password store. What was saved stays locked."),
            button=t("Continue"),
            busy=t("Asking the password store"),
        ),
        _Answer.MEMORY: for_now,
        _Answer.NEW: new,
    }


def _heading(trouble: Trouble, case: _Case) -> Heading:
    minutes = t("Less than a minute")
    if case is _Case.NO_KEY:
        return Heading(
            title=t("Your saved sign-ins are locked"),
            lead=t("The system’s password store has no key to them. Perhaps the store is new."),
            minutes=minutes,
        )
    if case is _Case.SEALED:
        return Heading(
            title=t("Your saved sign-ins are locked"),
            lead=t("You set a passphrase on this computer. With it everything goes on."),
            minutes=minutes,
        )
    if trouble.code is Code.KEYRING_LOCKED:
        return Heading(
            title=t("The password store is locked"),
            lead=t("Unlock it and try again, or keep your sign-in in another way."),
            minutes=minutes,
        )
    if trouble.code is Code.KEYRING_TIMEOUT:
        return Heading(
            title=t("Is a window asking for your password?"),
            lead=t(
                "This computer’s password store has not answered yet. Look for its window, then "
                "try again, or keep your sign-in in another way."
            ),
            minutes=minutes,
        )
    return Heading(
        title=t("How should we keep your sign-in?"),
        lead=t("Many computers have a password store, and this one doesn’t. Both ways are safe."),
        minutes=minutes,
    )


def _still(trouble: Trouble) -> str:
    told: dict[Code, Callable[[], str]] = {
        Code.KEYRING_LOCKED: lambda: t("**It is still locked.** Nothing is lost."),
        Code.VAULT_LOCKED: lambda: t("**It still has no key to them.** Nothing is lost."),
        Code.KEYRING_TIMEOUT: lambda: t("**It still doesn’t answer.** Nothing is lost."),
    }
    other = t("**The password store can’t be used now.** The other ways work.")
    return told[trouble.code]() if trouble.code in told else other
