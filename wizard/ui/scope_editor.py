"""Choosing who is synced, with a live count: the body of the scope page, and of widening later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.settings import AddressRule, ProvisioningSettings, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import ChosenScope
from wizard.flow.merging import scope_of
from wizard.flow.scope_choice import Named, ScopeMode, in_mode, mode_of, named_of, others
from wizard.services.contract.scoping import (
    AddressOption,
    DirectoryRead,
    NamedItems,
    ScopeCount,
    ScopeStart,
)
from wizard.services.jobs import Job, JobContext, Lane
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Page
from wizard.ui.scope_address import AddressPart
from wizard.ui.scope_count_panel import CountPanel
from wizard.ui.scope_left_out import LeftOut
from wizard.ui.scope_lists import open_list
from wizard.ui.scope_ways import Ways
from wizard.ui.scope_words import beside_words, gone_words, mode_words, without_gone
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.segments import Segment, Segments
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ScopeEditor"]

T = TypeVar("T")
_SLOW_MS = 300
"""A count that takes longer than this is said to be under way."""


class ScopeEditor(QWidget):
    """`load` begins; `changed` says that what it can tell is another: rule, count, state.

    It does its work through the page's jobs, and neither keeps nor confirms anything: that is
    the page's. `began` tells with what (`ScopeStart`), `chose` that a person chose otherwise.
    """

    changed = Signal()
    began = Signal(object)
    chose = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._start: ScopeStart | None = None
        self.of_account = ""
        self._memory: dict[ScopeMode, Named] = {}
        self._jobs: dict[str, Job] = {}
        self.rule = ScopeRule()
        self.address = AddressRule()
        self._version = 0
        self.mode = ScopeMode.EVERYONE
        self.count: ScopeCount | None = None
        self.trouble: Trouble | None = None
        self.reading = False
        self._named = NamedItems()
        self._options: tuple[AddressOption, ...] = ()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(self._is_slow)
        self._trouble = TroublePanel()
        self._progress = self._build_progress()
        self._shown = self._build_choice()
        column(self._trouble, self._progress, self._shown, inside=self)
        self._show()

    def _build_progress(self) -> QWidget:
        self._doing = Text("", Letters.BODY_STRONG, wrap=False, elide=Elide.RIGHT)
        self._doing.setObjectName("scope-progress")
        cancel = Button(t("Cancel"), Kind.GHOST, small=True, flush="right", name="scope-cancel")
        cancel.clicked.connect(self._cancel)
        head = row(gap=12)
        head.addWidget(self._doing, 1)
        head.addWidget(cancel)
        self._bar = Bar(t("Reading the directory"), thin=True)
        note = Text(t("We only read. Nothing is changed in Google."), Letters.SECOND, Token.INK_2)
        inner = QWidget()
        column(head, 10, self._bar, 12, note, margins=(16, 14, 16, 16), inside=inner)
        box = Box()
        box.add(inner)
        return box

    def _build_choice(self) -> QWidget:
        self._segments = Segments(t("How to choose"), name="scope-way")
        self._segments.chosen.connect(lambda key: self._change_way(ScopeMode(key)))
        self._gone = column(gap=8)
        self._ways = Ways(self._page)
        self._ways.changed.connect(self._take)
        self._ways.failed.connect(self._did_not)
        self._ways.named_wanted.connect(lambda: self._edit("also"))
        self._panel = CountPanel()
        self._panel.read_again.connect(lambda: self.load(again=True))
        self._left_out = LeftOut()
        self._left_out.changed.connect(self._take)
        self._left_out.edit_wanted.connect(self._edit)
        self._addresses = AddressPart()
        self._addresses.changed.connect(self._take_address)
        side = row(gap=20)
        side.addWidget(self._ways, 1)
        side.addWidget(self._panel)
        part = QWidget()
        column(
            self._segments, 12, self._gone, side, 18, self._left_out, 20, self._addresses, 8,
            inside=part,
        )  # fmt: skip
        return part

    # -------------------------------------------------------- reading

    def load(self, *, again: bool = False) -> None:
        """Read settings and directory; what a person had chosen here is in the answers."""
        self._page.keep()
        self.reading, self.trouble = True, None
        self._doing.say(t("Looking at what was read last"))
        self._bar.show_part(0, BarState.WAITING)
        bench = self._page.desk.bench
        self._run(
            "start",
            lambda job: bench.scoping.start(job.report, job.cancel, again=again),
            self._began,
            self._heard,
            lane=Lane.SYNC,
        )
        self._show()

    def _run(
        self,
        name: str,
        call: Callable[[JobContext], T],
        done: Callable[[T], None],
        progress: Callable[[object], None] | None = None,
        *,
        lane: Lane = Lane.NET,
    ) -> None:
        """Start a job in place of the one of this name, whose outcome nobody wants any more."""
        before = self._jobs.pop(name, None)
        if before is not None:
            before.cancel()
        holder: list[Job] = []

        def ended(outcome: T) -> None:
            if self._jobs.get(name) in holder:
                del self._jobs[name]
                done(outcome)

        def failed(trouble: Trouble) -> None:
            if self._jobs.get(name) in holder:
                del self._jobs[name]
                self._did_not(trouble)

        holder.append(self._page.work(call, ended, failed, progress, lane=lane))
        self._jobs[name] = holder[0]

    def stop(self) -> None:
        """The page is left: nothing is under way any more."""
        self._jobs.clear()
        self._slow.stop()
        self.reading = False

    def _heard(self, event: object) -> None:
        if not isinstance(event, DirectoryRead):
            return
        if event.total:
            self._bar.show_part(event.done / event.total)
            self._doing.say(
                t(
                    "{done} of about {total} people read",
                    done=f"{event.done:,}",
                    total=f"{event.total:,}",
                )
            )
        elif event.done:
            self._doing.say(
                tn("{count} person read so far", "{count} people read so far", event.done)
            )
        else:
            self._doing.say(t("Reading the directory"))

    def _cancel(self) -> None:
        job = self._jobs.pop("start", None)
        if job is not None:
            job.cancel()
        self._did_not(Trouble(Code.CANCELLED))

    def _began(self, start: ScopeStart) -> None:
        self.reading = False
        account = self._page.answers.organization_account_id
        if account != self.of_account:
            self._memory.clear()
        self._start, self.of_account = start, account
        self._put(start.chosen)
        self._ways.show_directory(start.directory)
        self._show_rule()
        self._ways.reveal_ticked()
        self._count_anew()
        self._look_at_addresses()
        self._show()
        self.began.emit(start)

    def _put(self, chosen: ChosenScope) -> None:
        """Show this choice; the way of choosing stays where it is the same one."""
        if chosen.scope != self.rule:
            self._memory.clear()
            self.mode = mode_of(chosen.scope)
        self.rule, self.address = chosen.scope, chosen.address
        self._version = chosen.version

    def _did_not(self, trouble: Trouble) -> None:
        self.reading = False
        self._slow.stop()
        self.trouble = trouble
        self._show()

    # -------------------------------------------------------- choosing

    @property
    def chosen(self) -> ChosenScope:
        """What is chosen, and from which version of the settings."""
        return ChosenScope(scope=self.rule, address=self.address, version=self._version)

    @property
    def unconfirmed(self) -> ChosenScope | None:
        """What is chosen, None where that is what was confirmed before."""
        start = self._start
        known = start is None or self.chosen == scope_of(start.draft)
        return None if known else self.chosen

    def use(self, chosen: ChosenScope, saved: ProvisioningSettings) -> None:
        """Show this choice instead, and count it against what was `saved` meanwhile."""
        if self._start is None:
            return
        self._start = replace(self._start, saved=saved)
        self._put(chosen)
        self._show_rule()
        self._ways.reveal_ticked()
        self._count_anew()
        self._look_at_addresses()

    def _change_way(self, mode: ScopeMode) -> None:
        if mode is self.mode:
            return
        self._memory[self.mode] = named_of(self.rule)
        self.mode = mode
        self._take(in_mode(self.rule, mode, self._memory.get(mode, Named())))
        self._ways.show_named(self._named)

    def _take(self, rule: ScopeRule) -> None:
        """Another rule: show it at once, and count it."""
        if rule == self.rule:
            return
        self.rule = rule
        self.chose.emit()
        self._show_rule()
        self._count_anew()
        self._look_at_addresses()

    def _take_address(self, address: AddressRule) -> None:
        self.address = address
        self.chose.emit()
        self._count_anew()
        self._show_addresses()

    def _edit(self, key: str) -> None:
        if self._start is not None:
            open_list(
                self._page,
                key,
                self.rule,
                self._named,
                self._start.directory,
                self._take,
            )

    # -------------------------------------------------------- counting

    @property
    def counting(self) -> bool:
        """Whether the count that is shown is not yet that of what is chosen."""
        return "count" in self._jobs

    @property
    def slow(self) -> bool:
        """Whether a person should be told that it is counted."""
        return self.counting and not self._slow.isActive()

    def _count_anew(self) -> None:
        if self._start is None:
            return
        rule, address, saved = self.rule, self.address, self._start.saved
        bench = self._page.desk.bench
        self._slow.start()
        self._run(
            "count",
            lambda job: bench.scoping.count(rule, address, saved, job.cancel),
            self._counted,
        )
        self.changed.emit()

    def _counted(self, count: ScopeCount) -> None:
        self._slow.stop()
        self.count = count
        self.trouble = None
        self._named = count.named
        if self._start is not None:
            self._panel.show_count(count, self.mode, self._start.directory)
        self._ways.show_named(count.named)
        self._left_out.show_count(count)
        self._show_gone()
        self._show()

    def _is_slow(self) -> None:
        self._panel.show_counting()
        self.changed.emit()

    def _look_at_addresses(self) -> None:
        rule = self.rule
        bench = self._page.desk.bench
        self._run(
            "addresses",
            lambda job: bench.scoping.address_options(rule, job.cancel),
            self._have_addresses,
            lane=Lane.LOOK,
        )

    def _have_addresses(self, options: Sequence[AddressOption]) -> None:
        self._options = tuple(options)
        self._show_addresses()

    # -------------------------------------------------------- drawing

    def _show_addresses(self) -> None:
        self._addresses.show_options(self._options, self.address)

    def _show_rule(self) -> None:
        start = self._start
        if start is None:
            return
        domains = [one for one in start.directory.domains if one.people]
        ways = [ScopeMode.EVERYONE, ScopeMode.UNITS, ScopeMode.GROUPS, ScopeMode.PEOPLE]
        if len(domains) > 1 or self.rule.domains:
            ways.insert(3, ScopeMode.DOMAINS)
        self._segments.show_segments([Segment(key=way, words=mode_words(way)) for way in ways])
        self._segments.choose(self.mode)
        self._ways.show_rule(self.rule, self.mode)
        self._left_out.show_rule(
            self.rule, self.mode, domains=len(domains), groups=start.directory.groups
        )

    def _show_gone(self) -> None:
        clear(self._gone)
        for number, sentence in enumerate(gone_words(self._named)):
            forget = Button(t("Take it out"), small=True, name=f"scope-gone-{number}")
            forget.clicked.connect(self._forget_gone)
            self._gone.addWidget(Note(sentence, icon="warn", warn=True, action=forget, tight=True))
        beside = others(self.rule, self.mode)
        words = beside_words(beside)
        if words:
            forget = Button(t("Take them out"), small=True, name="scope-beside")
            forget.clicked.connect(self._forget_beside)
            self._gone.addWidget(Note(words, action=forget, tight=True))
        if self._gone.count():
            self._gone.addSpacing(12)

    def _forget_gone(self) -> None:
        self._take(without_gone(self.rule, self._named))

    def _forget_beside(self) -> None:
        beside = others(self.rule, self.mode)
        self._take(
            replace(
                self.rule,
                unit_ids=() if beside.unit_ids else self.rule.unit_ids,
                group_ids=() if beside.group_ids else self.rule.group_ids,
                domains=() if beside.domains else self.rule.domains,
            )
        )

    def _show(self) -> None:
        self._trouble.show_trouble(None if self.reading else self.trouble)
        self._progress.setVisible(self.reading)
        ready = self._start is not None and not self.reading
        self._shown.setVisible(ready and self.trouble is None)
        self.changed.emit()

    def first_part(self) -> QWidget | None:
        """What gets the keyboard when the page is entered."""
        return self._ways.first_part(self.mode)
