"""Invite IT: addresses typed or pasted, and everybody invited so far, watched live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.address_list import address_key, judged, read_addresses
from wizard.services.contract.inviting import (
    InvitedState,
    InvitedView,
    InviteResult,
    InvitingView,
)
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.invited_list import InvitedList
from wizard.ui.pages.invited_words import (
    RESEND,
    fault_words,
    known_words,
    list_words,
    outcome_words,
    waiting_words,
)
from wizard.ui.pages.practice_letters import PracticeLetters
from wizard.ui.pages.unsent import Unsent
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.watching import Watch
from wizard.ui.widgets.address_field import AddressField, Chip, ChipState
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.sentences import Sentences
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["InvitePage"]

_MOST = 200
"""Addresses that the field takes; whoever has more has pasted the wrong list."""
_AT_ONCE = 20
_MAY_COME = frozenset({InvitedState.EXPIRED, InvitedState.REVOKED, InvitedState.LEFT})
_NEEDS_NONE = frozenset(set(InvitedState) - _MAY_COME)
_PASSING = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.SERVICE_UNAVAILABLE,
        Code.RATE_LIMITED,
        Code.CANCELLED,
    }
)
"""What keeps a list from being read and passes by itself: said beside the list, no more."""
_SIGN_IN = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})


class InvitePage(Page):
    """Sends invitations, and shows who is invited as long as it is open."""

    step = StepId.INVITE_IT

    def __init__(self, desk: Desk) -> None:
        self._view: InvitingView | None = None
        self._unit = ""
        self._failed: Trouble | None = None
        self._unread: Trouble | None = None
        self._sending = False
        self._then_on = False
        self._told = ""
        self._extra: list[tuple[str, bool]] = []
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._note = Note("", icon="info", tight=True, below=16)
        self._note.setObjectName("invite-note")
        label = Text(t("Email addresses"), Letters.SECOND_MEDIUM, wrap=False)
        most = Text(t("up to 20 at a time"), Letters.CAPTION, Token.INK_3, wrap=False)
        most.setObjectName("invite-most")
        self._field = AddressField(t("Email addresses"), name="invite-addresses")
        self._field.words_ready.connect(self._take)
        self._field.changed.connect(self._touched)
        self._field.enter_pressed.connect(self._to_button)
        self._unsent = Unsent(self, self._field)
        self._sentences = Sentences()
        self._send = Button(t("Send invitations"), icon="mail", name="invite-send")
        self._send.clicked.connect(self._invite)
        self._hint = Text("", Letters.CAPTION, Token.INK_3)
        self._hint.setObjectName("invite-hint")
        send = row(self._send, 12)
        send.addWidget(self._hint, 1)
        self._list = InvitedList()
        self._list.pressed.connect(self._act)
        self._practice = PracticeLetters(self.desk)
        self._form = QWidget()
        column(
            *(row(label, None, most), 6, self._field, self._sentences, 12, send, 24, self._list),
            self._practice,
            inside=self._form,
        )
        self._none = Note("", icon="info")
        self._none.text.setObjectName("invite-none")
        self.content.addSpacing(20)
        for part in (self._trouble, self._note, self._form, self._none):
            self.content.addWidget(part)
        self.content.addStretch()
        self.watch = Watch(self)
        self.watch.due.connect(self._look)
        self.watch.ticked.connect(self._tick)

    # -------------------------------------------------------- shown and not

    def entered(self) -> None:
        if self.answers.ou_id != self._unit:
            # Another unit by now: nobody of the one before stands here.
            self._unit, self._view = self.answers.ou_id, None
            self._list.forget()
        self._failed = self._unread = None
        self._told = ""
        self._sending = self._then_on = False
        self._field.setEnabled(True)
        self._send.set_busy("")
        self._unsent.show()
        self._judge()
        self.watch.start()

    def left(self) -> None:
        self.keep()
        self.watch.stop()

    def keep(self) -> None:
        self._unsent.keep()

    def focus_first(self) -> None:
        if not self.answers.invited:
            self._field.setFocus()

    def apply(self) -> None:
        if self._failed is not None and self._failed.code in _SIGN_IN:
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
            return
        if self._may_send_again:
            self._invite()
            return
        if self._failed is not None and self._failed is self._unread:
            self.watch.look()
            return
        self._field.commit()
        if self._sends_on:
            self._then_on = True
            self._invite()
            return
        waiting = len(self._fine())
        if waiting:
            self._extra = [(waiting_words(waiting), True)]
            self._judge()
            self._send.setFocus()
            return
        self.finish()

    def _skip(self) -> None:
        """The person is IT: nobody is invited, and the next steps are theirs."""
        self.answer(replace(self.answers, role=Role.BOTH))
        self.desk.steps_wanted.emit(StepId.WORKSPACE.value)

    # -------------------------------------------------------- watching

    def _look(self) -> None:
        bench = self.desk.bench
        self.work(
            lambda job: bench.inviting.look(job.cancel),
            self._looked,
            self._not_looked,
        )

    def _looked(self, view: InvitingView) -> None:
        self.watch.answered()
        if self._failed is self._unread:
            self._failed = None
        self._unread = None
        self._show_view(view)

    def _not_looked(self, trouble: Trouble) -> None:
        self.watch.failed()
        if trouble.code not in _PASSING:
            self._failed = self._unread = trouble
        self._show()

    def _show_view(self, view: InvitingView) -> None:
        if self._view is None or view.people != self._view.people:
            self.watch.stir()
        self._view = view
        self.changed.emit()
        self._judge()

    def _tick(self) -> None:
        # Minutes go by, and an invitation may run out between two looks.
        self._list.show_people(
            self._view.people if self._view else None,
            datetime.now(UTC),
            age=self.watch.age,
            failing=self.watch.failing,
        )

    # -------------------------------------------------------- addresses

    def _take(self, words: str) -> None:
        """Read a typed or pasted list into chips."""
        known = {address_key(chip.words) for chip in self._field.chips}
        room = _MOST - len(known)
        fresh: list[str] = []
        doubles: list[str] = []
        for one in read_addresses(words):
            key = address_key(one.text)
            if key in known:
                doubles.append(one.text)
                continue
            known.add(key)
            fresh.append(one.text)
        self._told = ""
        self._field.add(fresh[: max(0, room)])
        self._extra = list_words(fresh, doubles, room)
        self._judge()

    def _touched(self) -> None:
        """The person typed, or took something out: what was said of the list before is over."""
        self._extra = []
        self._judge()

    def _judge(self) -> None:
        """Look at every chip again: the list of the invited may have changed."""
        told: list[tuple[str, bool]] = []
        people = {address_key(one.address): one for one in self._view.people} if self._view else {}
        me = address_key(self.answers.signed_in_as)
        for chip in self._field.chips:
            key = address_key(chip.words)
            typed = judged(chip.words)
            person = people.get(key)
            known = person is not None and person.state in _NEEDS_NONE
            sentence, state = "", ChipState.FINE
            if typed.fault is not None:
                sentence, state = fault_words(typed), ChipState.BAD
            elif key == me or known:
                sentence = known_words(chip.words, None if key == me else person)
                state = ChipState.KNOWN
            chip.judge(state, sentence.replace("**", ""))
            if sentence:
                told.append((sentence, state is ChipState.BAD))
        told.sort(key=lambda one: not one[1])
        self._sentences.show_sentences([*told, *self._extra])
        wrong = any(one[1] for one in told)
        spoken = " ".join(sentence.replace("**", "") for sentence, _ in told)
        self._field.show_wrong(wrong=wrong, sentence=spoken)
        self._show()

    def _fine(self) -> list[Chip]:
        return [chip for chip in self._field.chips if chip.state is ChipState.FINE]

    def _to_button(self) -> None:
        if self._fine():
            self._send.setFocus()

    # -------------------------------------------------------- sending

    def _invite(self) -> None:
        self._field.commit()
        addresses = [chip.words for chip in self._fine()]
        if not addresses or self._sending:
            return
        self._sending = True
        self._failed = None
        self._told = ""
        self._extra = []
        self._field.setEnabled(False)
        self._send.set_busy(t("Sending"))
        bench = self.desk.bench
        self.work(
            lambda job: bench.inviting.invite(addresses, job.cancel), self._sent, self._not_sent
        )
        self._show()

    def _ended(self) -> None:
        self._sending = False
        self._field.setEnabled(True)
        self._send.set_busy("")

    def _sent(self, result: InviteResult) -> None:
        self._ended()
        left = {address_key(address) for address in result.left}
        done = [
            chip
            for chip in self._field.chips
            if chip.state is not ChipState.BAD and address_key(chip.words) not in left
        ]
        self._field.drop(done)
        self._told = outcome_words(result)
        self._failed = result.trouble
        if result.view is not None:
            self.watch.answered()
            self._show_view(result.view)
        else:
            self.watch.look()
            self._judge()
        then_on, self._then_on = self._then_on, False
        if then_on and self.answers.invited and not (self._told or self._failed):
            self.finish()

    def _not_sent(self, trouble: Trouble) -> None:
        self._ended()
        self._then_on = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        self._show()

    @property
    def _may_send_again(self) -> bool:
        """Whether something kept a list from being sent, and its rest is still here."""
        return self._failed is not None and not self._sending and bool(self._fine())

    @property
    def _sends_on(self) -> bool:
        """Whether the first list is whole: one press then sends it and goes on."""
        sound = all(chip.state is not ChipState.BAD for chip in self._field.chips)
        return not self.answers.invited and sound and bool(self._fine())

    def _act(self, key: str, address: str) -> None:
        person = next((one for one in self._people() if one.address == address), None)
        if person is None:
            return
        bench = self.desk.bench
        calls: dict[bool, Callable[[Cancel], InvitingView]] = {
            True: lambda cancel: bench.inviting.resend(person.id, cancel),
            False: lambda cancel: bench.inviting.revoke(person.id, cancel),
        }
        if person.state in {InvitedState.REVOKED, InvitedState.LEFT}:
            # What was revoked or accepted stays so; the same address gets a new one.
            calls[True] = lambda cancel: self._invite_again(address, cancel)
        again = key == RESEND
        self._failed = None
        self._told = ""
        self._list.set_busy(address, key, t("Sending") if again else t("Revoking"))

        def done(view: InvitingView) -> None:
            self._list.set_busy(address, key, "")
            now = next((one.state for one in view.people if one.address == address), None)
            if again and now is InvitedState.LEFT:
                # Still a member, without the rights of an owner: nobody invites a member.
                self._told = outcome_words(InviteResult(sent=(), members=(address,)))
            self.watch.answered()
            self._show_view(view)

        def failed(trouble: Trouble) -> None:
            self._list.set_busy(address, key, "")
            self._failed = None if trouble.code is Code.CANCELLED else trouble
            self.watch.look()
            self._show()

        self.work(lambda job: calls[again](job.cancel), done, failed)
        self._show()

    def _invite_again(self, address: str, cancel: Cancel) -> InvitingView:
        inviting = self.desk.bench.inviting
        result = inviting.invite([address], cancel)
        return result.view or inviting.look(cancel)

    def _people(self) -> Sequence[InvitedView]:
        return self._view.people if self._view else ()

    # -------------------------------------------------------- drawing

    @property
    def _offered(self) -> bool:
        """Whether the service has invitations that can be sent from here."""
        return self._view is None or self._view.offered

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self._form.setVisible(self._offered)
        self._none.setVisible(not self._offered)
        words = t("**{service} takes no invitations.**", service=self.desk.bench.profile.name)
        self._none.text.say(f"{words} {t('The next page has all that IT needs to begin.')}")
        self._note.text.say(self._told)
        self._note.setVisible(bool(self._told))
        fine = len(self._fine())
        words = t("Send invitations")
        if fine:
            words = tn("Send {count} invitation", "Send {count} invitations", fine)
        self._send.say(words)
        self._send.setEnabled(self._sending or bool(fine))
        self._hint.say(
            t("They go out {count} at a time.", count=_AT_ONCE)
            if fine > _AT_ONCE
            else t("Paste a whole list if you have one.")
        )
        self._tick()
        waiting = any(one.state is InvitedState.PENDING for one in self._people())
        self._practice.setVisible(waiting and bool(self.desk.bench.profile.control_url))
        lead = t("There is nobody to invite here. IT goes on by the hand-over kit alone.")
        if self._offered:
            lead = t(
                "They join {unit} as Owner, so that they can connect your directory. "
                "One person is enough.",
                unit=self.answers.ou_name,
            )
        self.head(Heading(lead=lead))
        self.offer_now(self._offer())

    def _offer(self) -> Offer:
        skip = SideAction(words=t("I am IT: skip this"), name="invite-skip", press=self._skip)
        if self._failed is not None and self._failed.code in _SIGN_IN:
            return Offer(valid=True, words=t("Sign in again"), icon="outside", trouble=self._failed)
        if self._failed is not None and self._failed is self._unread:
            words = t("Look again")
            return Offer(valid=True, words=words, icon="again", trouble=self._failed)
        if self._may_send_again:
            words, failed = t("Send again"), self._failed
            return Offer(valid=True, words=words, icon="again", trouble=failed, beside=skip)
        if not self._offered:
            return Offer(valid=True, trouble=self._failed, beside=skip)
        if self._sending:
            return Offer(busy=t("Sending"), beside=skip)
        if self._sends_on:
            return Offer(valid=True, words=t("Invite and continue"))
        invited = self.answers.invited
        proof = ""
        if invited:
            proof = tn(
                "**It worked:** {count} person is invited or has accepted.",
                "**It worked:** {count} people are invited or have accepted.",
                invited,
            )
        return Offer(
            valid=bool(invited),
            tail="" if invited else t("Invite somebody first"),
            trouble=self._failed,
            proof=proof,
            proved=bool(invited),
            beside=None if invited else skip,
        )
