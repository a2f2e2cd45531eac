"""The side sheet for settings that somebody else saved meanwhile: whose value counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.settings_words import change_words, field_label, value_words
from wizard.content.text import t, tn
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import SettingsField, changed_fields, field_value
from wizard.flow.answers import ChosenScope
from wizard.flow.merging import Conflict, Side, scope_of, settle, settle_scope
from wizard.services.contract.drafts import DraftView
from wizard.ui.durations import clock_time
from wizard.ui.layouts import column
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["MergeNote", "SettleSheet", "note_words"]

_BOTH = "both"


def _who(view: DraftView) -> str:
    return view.service.saved_by or t("Somebody else")


def note_words(view: DraftView) -> str:
    """One or two sentences about a merge, for the page that shows it."""
    merged = view.merge
    if merged is None:
        return ""
    who = _who(view)
    if merged.conflicts:
        return tn(
            "**{who} saved these settings in the meantime.** You both changed {count} of them, "
            "and not to the same.",
            "**{who} saved these settings in the meantime.** You both changed {count} of them, "
            "and not to the same.",
            len(merged.conflicts),
            who=who,
        )
    if not merged.by_them and merged.scope_is_new:
        return t(
            "**{who} saved these settings in the meantime.** What you chose is brought together "
            "with it.",
            who=who,
        )
    if not merged.by_them:
        return t(
            "**{who} saved these settings in the meantime.** Nothing that you see changed by it. "
            "Save again.",
            who=who,
        )
    fields = ", ".join(field_label(field) for field in merged.by_them)
    return t(
        "**{who} saved these settings in the meantime.** Taken over from there: {fields}. What "
        "you changed is kept, too.",
        who=who,
        fields=fields,
    )


class MergeNote(Note):
    """Says on a page that somebody else saved, with a button that opens the sheet."""

    opened = Signal()

    def __init__(self) -> None:
        self._decide = Button(t("Look and decide"), small=True, name="settle-open")
        self._decide.clicked.connect(lambda _checked: self.opened.emit())
        super().__init__("", icon="people", warn=True, below=12, action=self._decide, under=True)
        self.setObjectName("settings-changed")
        self.hide()

    def show_merge(self, view: DraftView | None) -> None:
        """Show it for this draft; hidden where nobody else saved."""
        merged = view.merge if view is not None else None
        if view is not None and merged is not None:
            self.text.say(note_words(view))
            self._decide.say(t("Look and decide") if merged.conflicts else t("What changed"))
            self._decide.setVisible(bool(merged.by_them) or merged.asks)
        self.setVisible(merged is not None)


class SettleSheet(Sheet):
    """Says who saved what, and asks whose value counts; `settled` with the merge once it is.

    With `mine`, the people whom the person here has chosen, theirs can be taken as a whole, or
    one's own can be kept, instead of what came of both.
    """

    settled = Signal(object)

    def __init__(self, view: DraftView, mine: ChosenScope | None = None) -> None:
        super().__init__(t("Saved by two people"), name="settle-sheet")
        self._view = view
        self._mine = mine
        self._groups: dict[SettingsField, ChoiceGroup] = {}
        self._asked: dict[SettingsField, QWidget] = {}
        self._whole: ChoiceGroup | None = None
        self.put(Text(self._saved_words(), Letters.BODY_STRONG))
        self._put_theirs()
        self._put_whole()
        self._put_conflicts()
        self.put(None)
        self._use = Button(t("Use these settings"), name="settle-use")
        self._use.clicked.connect(self._confirmed)
        asks = bool(self._groups) or self._whole is not None
        later = Button(
            t("Not now") if self._groups else t("Close"),
            Kind.GHOST if asks else Kind.SECONDARY,
            name="settle-later",
        )
        later.clicked.connect(self.closed)
        self._later = later
        if asks:
            self.put_foot(self._use, later)
        else:
            self.put_foot(later)
        self._show()

    def first_field(self) -> QWidget:
        card = self._whole or next(iter(self._groups.values()), None)
        return self._later if card is None else card.first_card()

    def _saved_words(self) -> str:
        at = self._view.service.saved_at
        if at is None:
            return t("{who} saved these settings while you worked on them.", who=_who(self._view))
        return t("{who} saved these settings at {time}.", who=_who(self._view), time=clock_time(at))

    def _put_theirs(self) -> None:
        merged = self._view.merge
        if merged is None:
            return
        open_ = {conflict.field for conflict in merged.conflicts}
        only_theirs = [field for field in merged.by_them if field not in open_]
        if not only_theirs:
            return
        self.put(16)
        self.put(Text(t("What they changed is taken over"), Letters.SECOND_STRONG))
        self.put(8)
        box = Box()
        theirs = self._view.service.settings
        for field in only_theirs:
            part = QWidget()
            words = change_words(
                field, field_value(merged.before, field), field_value(theirs, field)
            )
            column(
                Text(field_label(field), Letters.SECOND_MEDIUM),
                Text(words, Letters.SECOND, Token.INK_2),
                margins=(14, 8, 14, 8),
                inside=part,
            )
            box.add(part)
        self.put(box)

    def _put_whole(self) -> None:
        """Whose choice of people counts, where both brought together is another than one's own."""
        merged, mine = self._view.merge, self._mine
        if merged is None or mine is None or not merged.scope_is_new:
            return
        theirs = self._view.service.settings
        ours = replace(theirs, scope=mine.scope, address=mine.address)
        sides = (
            (_BOTH, t("Both together"), merged.settings),
            (Side.MINE, t("Yours"), ours),
            (Side.THEIRS, t("Theirs"), theirs),
        )
        differing = _differing(theirs, ours, merged.settings)
        # What both changed is asked below, and not yet anything where both count.
        asked = {conflict.field for conflict in merged.conflicts}
        joined = tuple(field for field in differing if field not in asked)
        self.put(16)
        self.put(Text(t("Whose choice of people counts"), Letters.SECOND_STRONG))
        self.put(8)
        self._whole = ChoiceGroup(
            tuple(
                (
                    key,
                    ChoiceCard(
                        title,
                        _in_words(side, joined if key == _BOTH else differing),
                        name=f"scope-{key}",
                        tight=True,
                    ),
                )
                for key, title, side in sides
            )
        )
        self._whole.choose(_BOTH)
        self._whole.chosen.connect(lambda _key: self._show())
        self.put(self._whole)

    def _put_conflicts(self) -> None:
        merged = self._view.merge
        for conflict in merged.conflicts if merged is not None else ():
            group = _choice(conflict)
            group.chosen.connect(lambda _key: self._show())
            self._groups[conflict.field] = group
            label = Text(field_label(conflict.field), Letters.SECOND_STRONG)
            part = QWidget()
            column(16, label, 8, group, inside=part)
            self._asked[conflict.field] = part
            self.put(part)

    def _open(self) -> dict[SettingsField, ChoiceGroup]:
        """What is asked field by field; nothing of the scope where one side's counts whole."""
        both = self._whole is None or self._whole.key == _BOTH
        return {field: one for field, one in self._groups.items() if both or not field.in_scope}

    def _show(self) -> None:
        open_ = self._open()
        for field, part in self._asked.items():
            part.setVisible(field in open_)
        self._use.setEnabled(all(group.key for group in open_.values()))

    def _confirmed(self) -> None:
        merged = self._view.merge
        if merged is None:
            return
        if self._whole is not None and self._mine is not None and self._whole.key != _BOTH:
            theirs = self._whole.key == Side.THEIRS
            whole = scope_of(self._view.service.settings) if theirs else self._mine
            merged = settle_scope(merged, self._mine, whole)
        choices = {field: Side(group.key) for field, group in self._open().items() if group.key}
        self.closed.emit()
        self.settled.emit(settle(merged, choices))


def _differing(*sides: ProvisioningSettings) -> tuple[SettingsField, ...]:
    """What of the people is not the same on all sides."""
    first, *others = sides
    found = {field for other in others for field in changed_fields(first, other)}
    return tuple(field for field in SettingsField if field in found and field.in_scope)


def _in_words(settings: ProvisioningSettings, fields: Sequence[SettingsField]) -> str:
    """What these are set to, such as “Units: 2 entries. Named people: None.”."""
    return " ".join(
        t(
            "{field}: {value}.",
            field=field_label(field),
            value=value_words(field, field_value(settings, field)),
        )
        for field in fields
    )


def _choice(conflict: Conflict) -> ChoiceGroup:
    name = conflict.field.name.lower().replace("_", "-")
    return ChoiceGroup(
        (
            (
                Side.MINE,
                ChoiceCard(
                    t("Yours"),
                    value_words(conflict.field, conflict.mine),
                    name=f"{name}-mine",
                    tight=True,
                ),
            ),
            (
                Side.THEIRS,
                ChoiceCard(
                    t("Theirs"),
                    value_words(conflict.field, conflict.theirs),
                    name=f"{name}-theirs",
                    tight=True,
                ),
            ),
        )
    )
