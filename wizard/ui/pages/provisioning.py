"""The settings of the connection that gives directory access: toggle, interval, leavers, limits."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from wizard.content.text import t, tn
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import SettingsView
from wizard.ui.density import Tightens
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Offer, Page
from wizard.ui.pages.authorize import connection_row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.choice import Radio, Toggle
from wizard.ui.widgets.fields import NumberField, Select
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ProvisioningPage"]

_INTERVALS = (15, 30, 60, 120, 240, 720, 1440)
_LABEL_WIDTH = 148


def interval_words(minutes: int) -> str:
    """How often a sync looks for changes, such as “Every 30 minutes”."""
    if minutes == 1440:
        return t("Once a day")
    if minutes % 60 == 0:
        return tn("Every hour", "Every {count} hours", minutes // 60)
    return tn("Every minute", "Every {count} minutes", minutes)


class _ToggleRow(QWidget):
    """The whole row switches the toggle."""

    def __init__(self, toggle: Toggle, sentence: Text) -> None:
        super().__init__()
        self._toggle = toggle
        texts = column(Text(t("Provisioning"), Letters.BODY_STRONG), sentence)
        line = row(gap=16, margins=(16, 14, 16, 14), inside=self)
        line.addLayout(texts, 1)
        line.addWidget(toggle)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._toggle.isEnabled():
            self._toggle.click()


class _SettingRow(QWidget, Tightens):
    """A label at the left, lines of fields at the right, and a hint below them."""

    def __init__(self, label: str, lines: list[list[QWidget | str]], hint: str = "") -> None:
        super().__init__()
        name = Text(label, Letters.SECOND_MEDIUM)
        name.setFixedWidth(_LABEL_WIDTH)
        controls = column(gap=4)
        for parts in lines:
            line = row(gap=8)
            for part in parts:
                told = Text(part, Letters.SECOND, wrap=False) if isinstance(part, str) else part
                line.addWidget(told, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addStretch(1)
            holder = QWidget()
            holder.setMinimumHeight(32)
            holder.setLayout(line)
            controls.addWidget(holder)
        if hint:
            controls.addWidget(Text(hint, Letters.CAPTION, Token.INK_3))
            controls.addSpacing(4)
        self._row = row(gap=16, margins=(16, 10, 16, 10), inside=self)
        left = column(7, name, None)
        self._row.addLayout(left)
        self._row.addLayout(controls, 1)

    def set_tight(self, tight: bool) -> None:
        edge = 8 if tight else 10
        self._row.setContentsMargins(16, edge, 16, edge)


class ProvisioningPage(Page):
    """Edits a draft; the service's copy is the only truth, and Save says when it has it."""

    step = StepId.PROVISIONING

    def __init__(self, desk: Desk) -> None:
        self._view: SettingsView | None = None
        self._failed: Trouble | None = None
        self._busy = ""
        self._filling = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._changed_note = Note("", icon="warn", warn=True, below=12)
        self._changed_note.hide()
        self._loading = Bar(t("Reading the settings"), thin=True)
        self._loading.show_part(0, BarState.WAITING)
        self._box = Box()
        self._connection = QWidget()
        self._connection_column = column(inside=self._connection)
        self._toggle = Toggle(t("Provisioning"), name="provisioning-toggle")
        self._toggle.toggled.connect(self._edited)
        self._who = Text("", Letters.SECOND, Token.INK_2)
        self._box.add(self._connection)
        self._box.add(_ToggleRow(self._toggle, self._who))
        self._box.add(self._build_interval())
        self._box.add(self._build_leavers())
        self._box.add(self._build_limits())
        self.content.addSpacing(16)
        for part in (self._trouble, self._changed_note, self._loading, self._box):
            self.content.addWidget(part)
        self.content.addStretch()

    def _build_interval(self) -> QWidget:
        self._interval = Select(
            t("Look for changes"),
            [(minutes, interval_words(minutes)) for minutes in _INTERVALS],
            name="interval",
        )
        self._interval.currentIndexChanged.connect(self._edited)
        return _SettingRow(t("Look for changes"), [[self._interval]])

    def _build_leavers(self) -> QWidget:
        self._deactivate = Radio(t("Deactivate after"), name="leavers-deactivate")
        self._keep = Radio(t("Keep the account"), name="leavers-keep")
        group = QButtonGroup(self)
        for radio in (self._deactivate, self._keep):
            group.addButton(radio)
            radio.toggled.connect(self._edited)
        self._grace = NumberField(t("Days until an account is deactivated"), 0, 90, name="grace")
        self._grace.valueChanged.connect(self._edited)
        self._days = Text(t("days"), Letters.SECOND, wrap=False)
        return _SettingRow(
            t("When someone leaves"),
            [[self._deactivate, self._grace, self._days], [self._keep]],
            t("Accounts are never deleted. Who is suspended is deactivated at once."),
        )

    def _build_limits(self) -> QWidget:
        self._leave_percent = NumberField(
            t("Percent who may leave"), 1, 100, suffix=" %", name="leave-percent"
        )
        self._leave_max = NumberField(t("People who may leave"), 1, 9999, name="leave-max")
        self._change_percent = NumberField(
            t("Percent who may be new or changed"), 1, 100, suffix=" %", name="change-percent"
        )
        for field in self._limit_fields():
            field.valueChanged.connect(self._edited)
        return _SettingRow(
            t("Stop and ask me if"),
            [
                [t("more than"), self._leave_percent, t("or"), self._leave_max, t("leave")],
                [t("more than"), self._change_percent, t("are new or changed")],
            ],
            t("Not for the first sync: you have seen its preview."),
        )

    def _limit_fields(self) -> tuple[NumberField, ...]:
        return (self._leave_percent, self._leave_max, self._change_percent)

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._read(keep_draft=False)

    def left(self) -> None:
        self._busy = ""

    def focus_first(self) -> None:
        if self._toggle.isVisible():
            self._toggle.setFocus()

    def _read(self, *, keep_draft: bool) -> None:
        """Read the service's settings; a draft under way is kept where it must not be lost."""
        draft = self._draft() if keep_draft and self._view is not None else None
        self._failed = None
        self._busy = t("Reading") if self._view is None else ""
        bench = self.desk.bench
        self.work(
            lambda job: bench.settings(job.cancel),
            lambda view: self._take(view, draft),
            self._did_not,
        )
        self._show()

    def _take(self, view: SettingsView, draft: ProvisioningSettings | None = None) -> None:
        self._busy = ""
        self._view = view
        shown = replace(draft, version=view.settings.version) if draft else view.settings
        self._fill(shown)
        while self._connection_column.count():
            item = self._connection_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        connection = view.connection
        self._connection_column.addWidget(
            connection_row(connection.domain, active=connection.active)
        )
        self._show()

    def _fill(self, settings: ProvisioningSettings) -> None:
        self._filling = True
        self._toggle.setChecked(settings.enabled)
        minutes = settings.interval_minutes
        self._interval.choose(minutes, interval_words(minutes))
        self._deactivate.setChecked(settings.leavers is LeaverPolicy.DEACTIVATE)
        self._keep.setChecked(settings.leavers is LeaverPolicy.KEEP)
        self._grace.setValue(settings.grace_days)
        self._leave_percent.setValue(settings.limits.leave_percent)
        self._leave_max.setValue(settings.limits.leave_max)
        self._change_percent.setValue(settings.limits.change_percent)
        self._filling = False

    def _draft(self) -> ProvisioningSettings:
        base = self._view.settings if self._view is not None else ProvisioningSettings()
        return replace(
            base,
            enabled=self._toggle.isChecked(),
            interval_minutes=self._interval.value,
            leavers=LeaverPolicy.KEEP if self._keep.isChecked() else LeaverPolicy.DEACTIVATE,
            grace_days=self._grace.value(),
            limits=replace(
                base.limits,
                leave_percent=self._leave_percent.value(),
                leave_max=self._leave_max.value(),
                change_percent=self._change_percent.value(),
            ),
        )

    @property
    def _saved(self) -> bool:
        """Whether what is shown is what the service has, and this set-up saved it."""
        if self._view is None or not self.answers.settings_version:
            return False
        return self._draft() == self._view.settings

    def _edited(self, *_value: object) -> None:
        if not self._filling:
            self._show()

    def apply(self) -> None:
        if self._view is None:
            self._read(keep_draft=False)
            return
        if self._saved:
            self.finish()
            return
        draft = self._draft()
        self._failed = None
        self._busy = t("Saving")
        bench = self.desk.bench
        self.work(lambda job: bench.save_settings(draft, job.cancel), self._kept, self._did_not)
        self._show()

    def _kept(self, view: SettingsView) -> None:
        self._busy = ""
        self._view = view
        self._changed_note.hide()
        self._fill(view.settings)
        self.changed.emit()
        self._show()
        self.finish()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = ""
        if trouble.code is Code.SETTINGS_CHANGED:
            self._changed_note.text.say(
                t(
                    "**Somebody else saved these settings in the meantime.** We read theirs and "
                    "kept what you typed. Look at it, then save again."
                )
            )
            self._changed_note.show()
            self._read(keep_draft=True)
            return
        self._failed = trouble
        self._show()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        there = self._view is not None
        self._loading.setVisible(not there and self._failed is None)
        self._box.setVisible(there)
        self._box.setEnabled(not self._busy)
        on = self._toggle.isChecked()
        self._grace.setEnabled(self._deactivate.isChecked())
        self._days.say(tn("day", "days", self._grace.value()))
        people = self._view.in_scope if self._view is not None else None
        if not on:
            self._who.say(t("Off. No account is made or changed."))
        elif people is None:
            self._who.say(t("Makes and updates accounts for the people in your scope."))
        else:
            self._who.say(
                tn(
                    "Makes and updates the account for the {count} person in your scope.",
                    "Makes and updates accounts for the {count} people in your scope.",
                    people,
                )
            )
        self.offer_now(self._offer())

    def _offer(self) -> Offer:
        if self._busy:
            return Offer(busy=self._busy)
        if self._view is None:
            again = self._failed is not None
            return Offer(valid=again, words=t("Try again"), icon="again", trouble=self._failed)
        if self._saved:
            return Offer(
                valid=True,
                proved=True,
                proof=t("**It worked:** the account service has these settings."),
            )
        # What is shown is what the service has: a person switches provisioning on, nobody else.
        if not self.answers.settings_version and not self._toggle.isChecked():
            tail = t("Turn provisioning on, then save")
        else:
            tail = t("Not saved yet")
        return Offer(valid=True, words=t("Save"), tail=tail, trouble=self._failed)
