"""The settings of a connection as a form: toggle, interval, leavers, limits, who is protected."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QWidget

from wizard.content.settings_words import interval_words
from wizard.content.text import t, tn
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.ui.density import Tightens
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.choice import Radio, Toggle
from wizard.ui.widgets.fields import NumberField, Select
from wizard.ui.widgets.lines import WrongLine
from wizard.ui.widgets.text import Text

__all__ = ["SettingsForm"]

_INTERVALS = (15, 30, 60, 120, 240, 720, 1440)
_LABEL_WIDTH = 148
_UNBOUNDED = 16_777_215
_TYPED_TO = 9_999_999


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
    """A label at the left, fields at the right, and below them what is wrong, and a hint.

    Where there is no room for both, as beside a sheet, the label stands above its fields.
    """

    def __init__(self, label: str, lines: list[list[QWidget | str]], hint: str = "") -> None:
        super().__init__()
        self._name = Text(label, Letters.SECOND_MEDIUM)
        self._controls = column(gap=4)
        for parts in lines:
            line = row(gap=8)
            for part in parts:
                told = Text(part, Letters.SECOND, wrap=False) if isinstance(part, str) else part
                line.addWidget(told, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addStretch(1)
            holder = QWidget()
            holder.setMinimumHeight(32)
            holder.setLayout(line)
            self._controls.addWidget(holder)
        self._wrong = WrongLine(above=0)
        self._controls.addWidget(self._wrong)
        if hint:
            self._controls.addWidget(Text(hint, Letters.CAPTION, Token.INK_3))
            self._controls.addSpacing(4)
        self._row: QBoxLayout = row(gap=16, margins=(16, 10, 16, 10), inside=self)
        self._row.addLayout(column(7, self._name, None))
        self._row.addLayout(self._controls, 1)
        self.set_stacked(stacked=False)

    @property
    def wide(self) -> int:
        """How wide it has to be for label and fields beside each other."""
        return _LABEL_WIDTH + 16 + self._narrow

    @property
    def _narrow(self) -> int:
        return int(self._controls.minimumSize().width()) + 32

    def minimumSizeHint(self) -> QSize:
        return QSize(self._narrow, super().minimumSizeHint().height())

    def set_stacked(self, *, stacked: bool) -> None:
        """The label above the fields, or beside them."""
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
        self._row.setSpacing(4 if stacked else 16)
        self._name.setMinimumWidth(0 if stacked else _LABEL_WIDTH)
        self._name.setMaximumWidth(_UNBOUNDED if stacked else _LABEL_WIDTH)

    def show_wrong(self, sentence: str) -> None:
        """Say below the fields what to correct, '' when all is well."""
        self._wrong.say(sentence)

    def set_tight(self, tight: bool) -> None:
        edge = 8 if tight else 10
        self._row.setContentsMargins(16, edge, 16, edge)


def _fitting(field: NumberField, otherwise: int) -> int:
    """The number that was typed, where it makes sense."""
    return field.value() if field.fits else otherwise


class SettingsForm(Box):
    """Shows settings, and tells what a person made of them. `edited` after every change."""

    edited = Signal()
    protected_wanted = Signal()
    """The person would change who is protected."""

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self._protected: tuple[str, ...] = ()
        self.connection = QWidget()
        self.connection_column = column(inside=self.connection)
        self.toggle = Toggle(t("Provisioning"), name="provisioning-toggle")
        self.toggle.toggled.connect(self._changed)
        self._who = Text("", Letters.SECOND, Token.INK_2)
        self.add(self.connection)
        self.add(_ToggleRow(self.toggle, self._who))
        self.add(self._build_interval())
        self.add(self._build_leavers())
        self.add(self._build_limits())
        self.add(self._build_protected())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = self.findChildren(_SettingRow)
        # All rows alike, so that fields stand below one another.
        stacked = any(one.wide > self.width() - 2 for one in rows)
        for one in rows:
            one.set_stacked(stacked=stacked)

    def _build_interval(self) -> QWidget:
        self._interval = Select(
            t("Look for changes"),
            [(minutes, interval_words(minutes)) for minutes in _INTERVALS],
            name="interval",
        )
        self._interval.currentIndexChanged.connect(self._changed)
        return _SettingRow(t("Look for changes"), [[self._interval]])

    def _build_leavers(self) -> QWidget:
        self._deactivate = Radio(t("Deactivate after"), name="leavers-deactivate")
        self._keep = Radio(t("Keep the account"), name="leavers-keep")
        group = QButtonGroup(self)
        for radio in (self._deactivate, self._keep):
            group.addButton(radio)
            radio.toggled.connect(self._changed)
        self._grace = NumberField(
            t("Days until an account is deactivated"), 0, 90, name="grace", typed_to=_TYPED_TO
        )
        self._grace.valueChanged.connect(self._changed)
        self._days = Text(t("days"), Letters.SECOND, wrap=False)
        self._leavers = _SettingRow(
            t("When someone leaves"),
            [[self._deactivate, self._grace, self._days], [self._keep]],
            t("Accounts are never deleted. Who is suspended is deactivated at once."),
        )
        return self._leavers

    def _build_limits(self) -> QWidget:
        self._leave_percent = NumberField(
            t("Percent who may leave"),
            0,
            100,
            suffix=" %",
            name="leave-percent",
            typed_to=_TYPED_TO,
        )
        self._leave_max = NumberField(
            t("People who may leave"), 0, 99_999, name="leave-max", typed_to=_TYPED_TO
        )
        self._change_percent = NumberField(
            t("Percent who may be new or changed"),
            0,
            100,
            suffix=" %",
            name="change-percent",
            typed_to=_TYPED_TO,
        )
        for field in (self._leave_percent, self._leave_max, self._change_percent):
            field.valueChanged.connect(self._changed)
        self._limits = _SettingRow(
            t("Stop and ask me if"),
            [
                [t("more than"), self._leave_percent, t("or"), self._leave_max, t("leave")],
                [t("more than"), self._change_percent, t("are new or changed")],
            ],
            t("Not for the first sync: you have seen its preview."),
        )
        return self._limits

    def _build_protected(self) -> QWidget:
        self._named = Text("", Letters.SECOND, wrap=False)
        self._named.setObjectName("protected-count")
        change = Button(t("Change"), small=True, name="protected-change")
        change.clicked.connect(self.protected_wanted)
        return _SettingRow(t("Never deactivate"), [[self._named, change]])

    # -------------------------------------------------------- what is shown

    def fill(self, settings: ProvisioningSettings) -> None:
        """Show these; tells nobody."""
        self._filling = True
        self.toggle.setChecked(settings.enabled)
        minutes = settings.interval_minutes
        self._interval.choose(minutes, interval_words(minutes))
        self._deactivate.setChecked(settings.leavers is LeaverPolicy.DEACTIVATE)
        self._keep.setChecked(settings.leavers is LeaverPolicy.KEEP)
        self._grace.setValue(settings.grace_days)
        self._leave_percent.setValue(settings.limits.leave_percent)
        self._leave_max.setValue(settings.limits.leave_max)
        self._change_percent.setValue(settings.limits.change_percent)
        self._protected = settings.protected
        self._filling = False
        self.show_words(None)

    def settings(self, base: ProvisioningSettings) -> ProvisioningSettings:
        """What a person made of these settings."""
        return replace(
            base,
            enabled=self.toggle.isChecked(),
            interval_minutes=self._interval.value,
            leavers=LeaverPolicy.KEEP if self._keep.isChecked() else LeaverPolicy.DEACTIVATE,
            grace_days=_fitting(self._grace, base.grace_days),
            limits=replace(
                base.limits,
                leave_percent=_fitting(self._leave_percent, base.limits.leave_percent),
                leave_max=_fitting(self._leave_max, base.limits.leave_max),
                change_percent=_fitting(self._change_percent, base.limits.change_percent),
            ),
            protected=self._protected,
        )

    @property
    def wrong(self) -> bool:
        """Whether a number makes no sense, which the form says."""
        fields = (self._grace, self._leave_percent, self._leave_max, self._change_percent)
        return any(field.wrong for field in fields)

    def protect(self, addresses: tuple[str, ...]) -> None:
        """Name these people as protected."""
        if addresses != self._protected:
            self._protected = addresses
            self._changed()

    def show_words(self, in_scope: int | None, *, active: bool = True) -> None:
        """Say what the settings mean; `in_scope` is how many people the scope names, if known.

        Before the connection is `active` provisioning can't be turned on, only off.
        """
        self.toggle.setEnabled(active or self.toggle.isChecked())
        self._grace.setEnabled(self._deactivate.isChecked())
        self._days.say(tn("day", "days", self._grace.value()))
        self._leavers.show_wrong(self._grace_words())
        self._limits.show_wrong(self._limit_words())
        self._named.say(self._protected_words())
        if not active and not self.toggle.isChecked():
            self._who.say(t("It can be turned on as soon as the connection is active."))
        elif not self.toggle.isChecked():
            self._who.say(t("Off. No account is made or changed."))
        elif in_scope is None:
            self._who.say(t("Makes and updates accounts for the people in your scope."))
        else:
            self._who.say(
                tn(
                    "Makes and updates the account for the {count} person in your scope.",
                    "Makes and updates accounts for the {count} people in your scope.",
                    in_scope,
                )
            )

    def _protected_words(self) -> str:
        if not self._protected:
            return t("Owners and admins")
        return tn(
            "Owners, admins, {count} more",
            "Owners, admins, {count} more",
            len(self._protected),
        )

    def _grace_words(self) -> str:
        if not self._grace.wrong:
            return ""
        days = tn("{count} day is", "{count} days are", self._grace.value())
        return t("{days} too many. Type a number from 0 to 90.", days=days)

    def _limit_words(self) -> str:
        for field in (self._leave_percent, self._change_percent):
            if field.wrong:
                return t(
                    "{percent} % is more than everyone. Type a number from 0 to {most}.",
                    percent=f"{field.value():,}",
                    most=field.high,
                )
        if self._leave_max.wrong:
            return t(
                "{people} people is no limit. Type a number from 0 to 99,999.",
                people=f"{self._leave_max.value():,}",
            )
        return ""

    def _changed(self, *_value: object) -> None:
        if not self._filling:
            self.edited.emit()
