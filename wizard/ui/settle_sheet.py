"""The side sheet for settings that somebody else saved meanwhile: whose value counts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.settings_words import change_words, field_label, value_words
from wizard.content.text import t, tn
from wizard.core.settings_fields import SettingsField, field_value
from wizard.flow.merging import Conflict, Side, settle
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
            self._decide.setVisible(bool(merged.by_them))
        self.setVisible(merged is not None)


class SettleSheet(Sheet):
    """Says who saved what, and asks whose value counts; `settled` with the merge once it is."""

    settled = Signal(object)

    def __init__(self, view: DraftView) -> None:
        super().__init__(t("Saved by two people"), name="settle-sheet")
        self._view = view
        self._groups: dict[SettingsField, ChoiceGroup] = {}
        self.put(Text(self._saved_words(), Letters.BODY_STRONG))
        self._put_theirs()
        self._put_conflicts()
        self.put(None)
        self._use = Button(t("Use these settings"), name="settle-use")
        self._use.clicked.connect(self._confirmed)
        later = Button(
            t("Not now") if self._groups else t("Close"), Kind.GHOST, name="settle-later"
        )
        later.clicked.connect(self.closed)
        self._later = later
        if self._groups:
            self.put_foot(self._use, later)
        else:
            self.put_foot(later)
        self._show()

    def first_field(self) -> QWidget:
        card = next(iter(self._groups.values()), None)
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

    def _put_conflicts(self) -> None:
        merged = self._view.merge
        for conflict in merged.conflicts if merged is not None else ():
            self.put(16)
            self.put(Text(field_label(conflict.field), Letters.SECOND_STRONG))
            self.put(8)
            group = _choice(conflict)
            group.chosen.connect(lambda _key: self._show())
            self._groups[conflict.field] = group
            self.put(group)

    def _show(self) -> None:
        self._use.setEnabled(all(group.key for group in self._groups.values()))

    def _confirmed(self) -> None:
        merged = self._view.merge
        if merged is None:
            return
        choices = {field: Side(group.key) for field, group in self._groups.items() if group.key}
        self.closed.emit()
        self.settled.emit(settle(merged, choices))


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
