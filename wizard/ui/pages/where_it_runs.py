"""Where the sync runs: this computer while somebody is signed in, or a server of the company's."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Fact, Trouble
from wizard.flow.answers import Place, StepId
from wizard.services.contract.placing import NobodyYet, PlacingView, SyncerView
from wizard.ui.durations import clock_time
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page
from wizard.ui.pages.server_steps import ServerSteps
from wizard.ui.take_over import TakeOverSheet
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText, Tile
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.session_start import SessionStartChoice
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["WhereItRunsPage"]

_OURS = frozenset({Code.NOT_THE_SYNCER})
"""What the line about the other computer says already, so that it is no alarm."""


class WhereItRunsPage(Page):
    """Asks which computer does it, and waits until that one has taken it on."""

    step = StepId.WHERE_IT_RUNS

    def __init__(self, desk: Desk) -> None:
        self._view: PlacingView | None = None
        self._failed: Trouble | None = None
        self._busy = ""
        self._waits = False
        self._overtaken = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._asking = Bar(t("Asking who keeps this in step"), thin=True)
        self._asking.show_part(0, BarState.WAITING)
        self._holder = self._build_holder()
        self._cards = ChoiceGroup(
            (
                (
                    Place.THIS_COMPUTER,
                    ChoiceCard(
                        t("This computer, while I am signed in"),
                        t("Nothing more to install. It has to be on, and this program running."),
                        t("Ready now"),
                        name="place-here",
                    ),
                ),
                (
                    Place.SERVER,
                    ChoiceCard(
                        t("A server of ours"),
                        t("It is always on, and nobody has to be signed in."),
                        t("About 15 minutes"),
                        name="place-server",
                    ),
                ),
            )
        )
        self._cards.chosen.connect(self._chose)
        self._here = self._build_here()
        self._server = ServerSteps()
        self._server_part = QWidget()
        column(16, self._build_wait(), self._server, inside=self._server_part)
        self.content.addSpacing(16)
        for part in (
            self._trouble,
            self._asking,
            self._holder,
            self._cards,
            self._here,
            self._server_part,
        ):
            self.content.addWidget(part)
        self.content.addStretch()

    def _build_holder(self) -> QWidget:
        """Who does it now, where that is another computer."""
        self._who = Text("", Letters.BODY_STRONG)
        self._who.setObjectName("place-holder")
        self._since = Text("", Letters.SECOND, Token.INK_2)
        self._since.setObjectName("place-since")
        self._take = Button(t("Take over here"), small=True, name="take-over")
        self._take.clicked.connect(self._ask_take_over)
        line = QWidget()
        layout = row(Tile("again"), gap=12, margins=(16, 11, 16, 11), inside=line)
        layout.addLayout(column(self._who, self._since), 1)
        layout.addWidget(self._take, 0, Qt.AlignmentFlag.AlignVCenter)
        box = Box()
        box.add(line)
        part = QWidget()
        column(box, 16, inside=part)
        return part

    def _build_here(self) -> QWidget:
        self._off = Note("", icon="clock")
        self._off.text.setObjectName("place-off")
        part = QWidget()
        column(16, self._off, 16, SessionStartChoice(self.desk), inside=part)
        return part

    def _build_wait(self) -> QWidget:
        self._wait_state = IconText("clock", "", Letters.SECOND_MEDIUM, Token.INK_2)
        self._wait_state.setObjectName("place-waiting")
        self._wait_note = Text("", Letters.CAPTION, Token.INK_3)
        self._wait_bar = Bar(t("Waiting for the server"), thin=True)
        self._wait_bar.show_part(0, BarState.WAITING)
        self._wait = QWidget()
        column(self._wait_state, 6, self._wait_bar, 6, self._wait_note, 16, inside=self._wait)
        return self._wait

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._cards.choose(self.answers.place or "")
        self._overtaken = False
        self._look()

    def left(self) -> None:
        self._busy = ""
        self._waits = False

    def _look(self) -> None:
        self.drop_jobs()
        self._waits = False
        self._failed = None
        self._busy = t("Asking")
        bench = self.desk.bench
        self.work(lambda job: bench.placing.look(job.cancel), self._seen, self._did_not)
        self._show()

    def _seen(self, view: PlacingView) -> None:
        self._busy = ""
        self._overtaken = False
        self._view = view
        self._server.show_commands(view.commands)
        if view.place is not None:
            self._cards.choose(view.place)
        self.changed.emit()
        self._show()
        if view.place is Place.SERVER and not view.ready:
            self._begin_waiting()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = ""
        self._waits = False
        if trouble.code in _OURS and not self._overtaken:
            # Another computer was quicker: it is shown with a way to take over. Where looking
            # meets the same again, the person is told instead of asking for ever.
            self._overtaken = True
            self._look()
            return
        self._failed = trouble
        self._show()

    def _chose(self, key: str) -> None:
        """Show what belongs to a card; only the button makes it so."""
        view = self._view
        if view is None or self._busy:
            return
        self._failed = None
        if self._waits and Place(key) is not Place.SERVER:
            self.drop_jobs()
            self._waits = False
        elif Place(key) is Place.SERVER and view.place is Place.SERVER and not view.ready:
            self._begin_waiting()
        self._show()

    def _leave_to_server(self) -> None:
        self._busy = t("Asking")
        bench = self.desk.bench
        self.work(lambda job: bench.placing.leave_to_server(job.cancel), self._seen, self._did_not)
        self._show()

    def _begin_waiting(self) -> None:
        if self._waits:
            return
        self._waits = True
        bench = self.desk.bench
        self.work(
            lambda job: bench.placing.wait_for_server(job.report, job.cancel),
            self._server_is_there,
            self._did_not,
            self._heard,
        )
        self._show()

    def _heard(self, event: object) -> None:
        if not isinstance(event, NobodyYet):
            return
        asked = t("Asked at {time}.", time=clock_time(event.at))
        if event.trouble is not None:
            asked = t("The account service can’t be reached. We ask again by ourselves.")
        self._wait_note.say(asked)

    def _server_is_there(self, view: PlacingView) -> None:
        self._waits = False
        self._seen(view)

    def apply(self) -> None:
        view = self._view
        if view is None or self._failed is not None:
            self._look()
            return
        if view.ready and self._key is view.place:
            self.finish()
            return
        if self._key is Place.SERVER or (self._key is None and self._other is not None):
            self._leave_to_server()
            return
        self._busy = t("Taking it on")
        bench = self.desk.bench
        self.work(lambda job: bench.placing.run_here(job.cancel), self._has_it, self._did_not)
        self._show()

    def _has_it(self, view: PlacingView) -> None:
        self._seen(view)
        if view.ready:
            self.finish()

    # -------------------------------------------------------- another computer

    @property
    def _other(self) -> SyncerView | None:
        syncer = self._view.syncer if self._view is not None else None
        return syncer if syncer is not None and not syncer.here else None

    @property
    def _key(self) -> Place | None:
        return Place(self._cards.key) if self._cards.key else None

    def _ask_take_over(self) -> None:
        other = self._other
        if other is None:
            return
        facts: dict[str, Fact] = {"host": other.host, "person": other.person}
        if other.last_run_at is not None:
            facts["last_run_at"] = other.last_run_at.isoformat()
        sheet = TakeOverSheet(self.desk, facts)
        sheet.taken.connect(self._taken)
        self.desk.sheet_wanted.emit(sheet)

    def _taken(self) -> None:
        self.answer(replace(self.answers, place=Place.THIS_COMPUTER))
        self._cards.choose(Place.THIS_COMPUTER)
        self._look()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        view, other = self._view, self._other
        there = view is not None
        self._trouble.show_trouble(self._failed)
        self._asking.setVisible(not there and self._failed is None)
        self._holder.setVisible(other is not None)
        self._cards.setVisible(there)
        self._cards.setEnabled(not self._busy)
        self._here.setVisible(there and self._key is Place.THIS_COMPUTER and other is None)
        serves = there and self._key is Place.SERVER and other is None
        self._server_part.setVisible(serves)
        self._wait.setVisible(serves and self._waits)
        self._wait_state.say(t("Waiting for a server to take on the sync"))
        if other is not None:
            self._show_other(other)
        if view is not None:
            self._show_off(view)
        self.head(self._heading())
        self.offer_now(self._offer())

    def _show_other(self, other: SyncerView) -> None:
        chosen = self.answers.place is Place.SERVER
        self._who.say(
            t("{host} has taken on the sync", host=other.host)
            if chosen
            else t("{host} keeps this in step already", host=other.host)
        )
        if other.last_run_at is None:
            last = t("It has not synced yet.")
        else:
            last = t("Its last sync was at {time}.", time=clock_time(other.last_run_at))
        whom = t("Signed in as {person}.", person=other.person)
        self._since.say(f"{whom} {last}")

    def _show_off(self, view: PlacingView) -> None:
        waits = tn("{count} minute", "{count} minutes", 3 * view.interval_minutes)
        self._off.text.say(
            t(
                "**While {host} is off or asleep, nothing is synced.** Nobody loses an account by "
                "that. It catches up when it is back. After {time} without a sync another computer "
                "may take the task.",
                host=view.this_host,
                time=waits,
            )
        )

    def _heading(self) -> Heading:
        if self._other is not None and self.answers.place is not Place.SERVER:
            return Heading(lead=t("Another computer does it already. Leave it there if it works."))
        return Heading()

    def _offer(self) -> Offer:
        if self._failed is not None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        if self._busy or self._view is None:
            return Offer(busy=self._busy or t("Asking"))
        key, other = self._key, self._other
        if self._view.ready and key is self._view.place:
            host = other.host if other is not None else self._view.this_host
            proof = t("**It worked:** {host} has taken on the sync.", host=host)
            return Offer(valid=True, proved=True, proof=proof)
        return self._offer_of(self._view, key, other)

    @staticmethod
    def _offer_of(view: PlacingView, key: Place | None, other: SyncerView | None) -> Offer:
        """The button for a choice that is not in place yet."""
        if key is None and other is not None:
            return Offer(valid=True, words=t("Leave it there"))
        if key is Place.SERVER:
            if other is not None:
                return Offer(valid=True, words=t("Leave it there"))
            if view.place is not Place.SERVER:
                return Offer(valid=True, words=t("Use a server"))
            return Offer(tail=t("Waiting for the server"))
        if key is Place.THIS_COMPUTER and other is None:
            return Offer(valid=True, words=t("Use this computer"))
        if key is Place.THIS_COMPUTER:
            return Offer(tail=t("Take over first"))
        return Offer(tail=t("Choose one first"))
