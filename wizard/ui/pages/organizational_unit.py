"""The organizational unit: the only one is taken, one of several is chosen, or one is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from wizard.content.text import t
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import SignedInView, UnitView
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.signing_in import wants_sign_in
from wizard.ui.pages.units import UnitPart
from wizard.ui.start_again import start_again
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.lines import UnderWay
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["OrganizationalUnitPage"]


class OrganizationalUnitPage(Page):
    """Asks the service for the person's units each time it is shown."""

    step = StepId.ORGANIZATIONAL_UNIT

    def __init__(self, desk: Desk) -> None:
        self._units: tuple[UnitView, ...] | None = None
        self._whose = ""
        self._failed: Trouble | None = None
        self._busy = ""
        self._leave_after = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._looking = UnderWay(t("Looking for your organization"))
        self._note = Note("", icon="info")
        self._note.setObjectName("unit-note")
        self._again = Button(
            t("Look again"), Kind.GHOST, icon="again", small=True, flush="left", name="unit-again"
        )
        self._again.clicked.connect(self._look)
        self._part = UnitPart()
        self._part.chosen.connect(self._choose)
        self._part.wanted.connect(self._create)
        self._part.typed.connect(self._show)
        self._looks = column(gap=4)
        again = row(self._again, None)
        self.content.addSpacing(20)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._looking)
        self.content.addWidget(self._part)
        self.content.addSpacing(16)
        self.content.addWidget(self._note)
        self.content.addSpacing(4)
        self.content.addLayout(self._looks)
        self.content.addLayout(again)
        self.content.addStretch()

    # -------------------------------------------------------- what the page does

    def entered(self) -> None:
        if self.answers.signed_in_as != self._whose:
            # Somebody else signed in meanwhile; what the one before owns is not shown to them.
            self._whose, self._units = self.answers.signed_in_as, None
        self._look()

    def left(self) -> None:
        self._busy = ""
        self._part.set_busy(busy=False)

    def focus_first(self) -> None:
        if self._units == () and self._part.isVisible():
            self._part.focus_form()

    def apply(self) -> None:
        if wants_sign_in(self._failed) or (self._stands and self._units is None):
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
        elif self._failed is not None and self._units is None:
            self._look()
        elif self.answers.ou_id and not self._naming:
            self.finish()
        elif self._only_seen is not None:
            self._look_on(self._only_seen)
        else:
            self._leave_after = True
            self._part.make()

    @property
    def _stands(self) -> bool:
        """Whether what the person would set up is kept from it by the set-up that stands here."""
        return self._failed is not None and self._failed.code is Code.SET_UP_STANDS

    @property
    def _naming(self) -> bool:
        """Whether the page's button makes a new unit: there is none to choose."""
        return self._units == ()

    @property
    def _only_seen(self) -> UnitView | None:
        """The one unit that the person belongs to, where they own none."""
        units = self._units or ()
        return units[0] if len(units) == 1 and not units[0].manageable else None

    def _look_on(self, unit: UnitView) -> None:
        """Show how it stands there; the window opens so from now on."""
        self.answer(replace(self.answers, looks_at=unit.id, looks_at_name=unit.name))
        self.desk.home_wanted.emit("")

    def _look(self) -> None:
        self.drop_jobs()
        self._failed = None
        self._busy = t("Looking")
        bench = self.desk.bench
        self.work(lambda job: bench.signed_in(job.cancel), self._found, self._not_found)
        self._show()

    def _found(self, who: SignedInView) -> None:
        self._busy = ""
        first = self._units is None
        self._show_units(who.units)
        self.changed.emit()
        self._show()
        if first and self._naming and self._part.isVisible():
            self._part.focus_form()

    def _show_units(self, units: Sequence[UnitView]) -> None:
        if tuple(units) != self._units:
            self._units = tuple(units)
            self._part.show_units(units, self.answers.ou_id)
        else:
            self._part.choose(self.answers.ou_id)
        clear(self._looks)
        owns = any(unit.manageable for unit in units)
        for unit in units if len(units) > 1 and not owns else ():
            words = t("Look how {name} stands", name=unit.name)
            button = Button(
                words, Kind.GHOST, icon="eye", small=True, flush="left", name=f"look-{unit.id}"
            )
            button.clicked.connect(lambda _on=False, one=unit: self._look_on(one))
            self._looks.addLayout(row(button, None))

    def _not_found(self, trouble: Trouble) -> None:
        self._busy = ""
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if self._stands:
            self._part.choose(self.answers.ou_id)
        self._show()

    def _choose(self, unit: UnitView) -> None:
        if unit.id == self.answers.ou_id:
            return
        self.drop_jobs()
        self._failed = None
        self._busy = t("Saving")
        bench = self.desk.bench

        def choose(cancel: Cancel) -> SignedInView:
            bench.choose_unit(unit)
            # What is set up there already is learned at the same time.
            return bench.signed_in(cancel)

        self.work(lambda job: choose(job.cancel), self._found, self._not_found)
        self._show()

    def _create(self, name: str) -> None:
        bench = self.desk.bench
        self._failed = None
        self._busy = t("Creating")
        self._part.set_busy(busy=True)
        self.work(lambda job: bench.create_unit(name, job.cancel), self._created, self._not_created)
        self._show()

    def _created(self, unit: UnitView) -> None:
        self._busy = ""
        self._part.set_busy(busy=False)
        self._show_units((*(self._units or ()), unit))
        self.changed.emit()
        self._show()
        if self._leave_after:
            self._leave_after = False
            self.finish()

    def _not_created(self, trouble: Trouble) -> None:
        self._part.set_busy(busy=False)
        self._leave_after = False
        self._not_found(trouble)

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        known = self._units is not None
        self._trouble.show_trouble(self._failed)
        self._looking.setVisible(not known and self._failed is None)
        self._part.setVisible(known)
        note = self._note_words()
        self._note.text.say(note)
        self._note.setVisible(bool(note))
        owned = any(unit.manageable for unit in self._units or ())
        self._again.setVisible(known and not owned)
        self._again.setEnabled(not self._busy)
        self.head(self._heading())
        self.offer_now(self._offer())

    def _heading(self) -> Heading:
        units = self._units
        if units is None:
            return Heading()
        owned = sum(unit.manageable for unit in units)
        if owned == 1:
            return Heading(
                title=t("Your organization is here"),
                lead=t("It is the only one that you own, so we have chosen it for you."),
            )
        if owned:
            return Heading(
                title=t("Which organization is this for?"),
                lead=t("You own several. Choose the one whose people get accounts."),
            )
        if units:
            return Heading(
                title=t("An owner has to do this"),
                lead=t("You belong to an organization here, and you don’t own it.")
                if len(units) == 1
                else t("You belong to several organizations here, and own none of them."),
            )
        return Heading(
            title=t("What is your organization called?"),
            lead=t("It gets a place of its own, called an organizational unit."),
        )

    def _note_words(self) -> str:
        units = self._units
        if units is None or any(unit.manageable for unit in units):
            return ""
        if units:
            owners = list(dict.fromkeys(owner for unit in units for owner in unit.owners))
            if not owners:
                return t(
                    "**Setting it up?** Ask an owner. They can make you an owner, or do this step "
                    "in your place."
                )
            return t(
                "**Setting it up?** Ask {owners}. An owner can make you an owner, or do this step "
                "in your place.",
                owners=_either(owners),
            )
        if self.answers.role is Role.IT:
            return t(
                "**Were you invited?** Then don’t make a new one. Open the link in your "
                "invitation, signed in as {address}, and look again.",
                address=self.answers.signed_in_as,
            )
        return t(
            "**Does a colleague have one already?** Then ask them to invite you. With two of them "
            "your people would get two accounts."
        )

    def _offer(self) -> Offer:
        chosen = bool(self.answers.ou_id)
        if self._busy:
            return Offer(busy=self._busy, trouble=self._failed)
        if wants_sign_in(self._failed):
            return Offer(valid=True, words=t("Sign in again"), trouble=self._failed)
        if self._stands and self._units is None:
            return Offer(
                valid=True,
                words=t("Use another account"),
                trouble=self._failed,
                beside=start_again(self),
                may_do_later=False,
            )
        if self._units is None:
            again = self._failed is not None
            return Offer(valid=again, words=t("Look again"), icon="again", trouble=self._failed)
        if self._naming:
            words = t("Create and continue")
            tail = "" if self._part.name else t("Type its name first")
            return Offer(valid=not tail, words=words, tail=tail, trouble=self._failed)
        if self._only_seen is not None:
            words = t("Look how it stands")
            proof = t("**You can look, and change nothing.** Home tells how the sync stands.")
            return Offer(valid=True, words=words, proof=proof, trouble=self._failed)
        if not any(unit.manageable for unit in self._units):
            proof = t("**You can look, and change nothing.** Press the one that you mean above.")
            return Offer(proof=proof, tail=t("Press one above first"), trouble=self._failed)
        worked = t("**It worked:** your people will live in {unit}.", unit=self.answers.ou_name)
        unit = next((one for one in self._units if one.id == self.answers.ou_id), None)
        looks = SideAction(
            words=t("Look how it stands"),
            name="look-on",
            press=partial(self._look_on, unit) if unit is not None else self._look,
        )
        beside = looks if unit is not None and self.answers.connected_elsewhere else None
        return Offer(
            valid=chosen,
            words=t("Go on with it") if self._stands else "",
            tail="" if chosen else t("Choose one first"),
            trouble=self._failed,
            proved=chosen and not self._stands,
            proof=worked if chosen else "",
            beside=start_again(self) if self._stands else beside,
            may_do_later=not self._stands,
        )


def _either(names: Sequence[str]) -> str:
    """Names of which any will do, as a person would say them."""
    if len(names) == 1:
        return names[0]
    return t("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])
