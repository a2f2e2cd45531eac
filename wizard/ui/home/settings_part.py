"""The connection's Settings within Home: the form, what others saved meanwhile, and Save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import changed_fields
from wizard.core.trouble import Code, Trouble
from wizard.flow.merging import Merge
from wizard.services.contract import SettingsView
from wizard.services.contract.drafts import DraftView
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column
from wizard.ui.page import Offer, SideAction
from wizard.ui.protected_sheet import ProtectedSheet
from wizard.ui.settings_form import SettingsForm
from wizard.ui.settle_sheet import SettleSheet, note_words
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["SettingsPart"]


class SettingsPart(QWidget):
    """Edits the draft that the set-up's pages share; the service's copy is the only truth."""

    changed = Signal()
    """The offer is different now."""
    saved = Signal(object)
    """The service has these settings (`ProvisioningSettings`)."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self._page = page
        self._view: DraftView | None = None
        self._draft = ProvisioningSettings()
        self._failed: Trouble | None = None
        self._of_account = ""
        self._busy = ""
        self._just_saved = False
        self._may = True
        self._trouble = TroublePanel()
        self._decide = Button(t("Look and decide"), small=True, name="settle-open")
        self._decide.clicked.connect(self._open_settle)
        self._note = Note("", icon="people", warn=True, below=12, action=self._decide, under=True)
        self._note.setObjectName("settings-changed")
        self._note.hide()
        self._loading = Bar(t("Reading the settings"), thin=True)
        self._loading.show_part(0, BarState.WAITING)
        self.form = SettingsForm()
        self.form.edited.connect(self._edited)
        self.form.protected_wanted.connect(self._ask_protected)
        column(self._trouble, self._note, self._loading, self.form, inside=self)

    # -------------------------------------------------------- reading

    def read(self) -> None:
        """Read the service's settings, and bring a draft under way up to them."""
        account = self._page.answers.organization_account_id
        if account != self._of_account:
            # What another connection had is neither shown nor saved for this one.
            self._of_account, self._view = account, None
            self._just_saved = False
        self._failed = None
        bench = self._page.desk.bench
        self._page.work(lambda job: bench.drafts.look(job.cancel), self._take, self._did_not)
        self._show()

    def _take(self, view: DraftView) -> None:
        self._busy = ""
        self._view = view
        self._use(view.draft)
        merged = view.merge
        if merged is not None:
            self._note.text.say(note_words(view))
            self._decide.say(t("Look and decide") if merged.conflicts else t("What changed"))
            self._decide.setVisible(bool(merged.by_them))
        self._note.setVisible(merged is not None)
        self._show()

    def allow(self, *, may: bool) -> None:
        """Whether this person may change anything."""
        if may is not self._may:
            self._may = may
            self._show()

    @property
    def settings(self) -> ProvisioningSettings | None:
        """What the service has, None while that is not known."""
        return self._view.service.settings if self._view is not None else None

    @property
    def in_scope(self) -> int | None:
        """How many people the scope names, where that is known."""
        return self._view.service.in_scope if self._view is not None else None

    @property
    def failed(self) -> Trouble | None:
        """What went wrong."""
        return self._failed

    def _use(self, draft: ProvisioningSettings) -> None:
        self._draft = draft
        self.form.fill(draft)

    @property
    def _now(self) -> ProvisioningSettings:
        return self.settings or ProvisioningSettings()

    @property
    def _unsaved(self) -> bool:
        return self._view is not None and bool(changed_fields(self._now, self._draft))

    @property
    def _conflicts(self) -> bool:
        merged = self._view.merge if self._view is not None else None
        return merged is not None and bool(merged.conflicts)

    # -------------------------------------------------------- editing and saving

    def _edited(self) -> None:
        self._draft = self.form.settings(self._draft)
        self._just_saved = False
        self._keep()
        self._show()

    def _keep(self) -> None:
        """Keep the draft with the answers; what the service has is none."""
        if self._view is not None and not self._conflicts:
            page = self._page
            page.answer(replace(page.answers, draft=self._draft if self._unsaved else None))

    def turn_on(self) -> None:
        """Switch provisioning on in the draft; a person saves it."""
        if self._view is not None and self._may and not self.form.toggle.isChecked():
            self.form.toggle.click()

    def save(self) -> None:
        """Save the draft, or decide first what two people changed."""
        if self._view is None:
            self.read()
            return
        if self._conflicts:
            self._open_settle()
            return
        if not self._unsaved or self.form.wrong:
            return
        draft, bench = self._draft, self._page.desk.bench
        self._failed = None
        self._busy = t("Saving")
        self._page.work(
            lambda job: bench.save_settings(draft, job.cancel), self._kept, self._did_not
        )
        self._show()

    def _kept(self, view: SettingsView) -> None:
        self._busy = ""
        self._just_saved = True
        self._view = DraftView(service=view, draft=view.settings)
        self._note.hide()
        self._use(view.settings)
        self._show()
        self.saved.emit(view.settings)

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = ""
        if trouble.code is Code.SETTINGS_CHANGED:
            # Their copy is read, and this draft brought together with it.
            self.read()
            return
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        self._show()

    def _open_settle(self) -> None:
        if self._view is None or self._view.merge is None:
            return
        sheet = SettleSheet(self._view)
        sheet.settled.connect(self._settled)
        self._page.desk.sheet_wanted.emit(sheet)

    def _settled(self, merged: Merge) -> None:
        if self._view is not None:
            self._view = replace(self._view, merge=merged, draft=merged.settings)
            self._use(merged.settings)
            self._page.answer(replace(self._page.answers, draft=merged.settings))
            self._note.setVisible(bool(merged.conflicts))
            self._show()

    def _ask_protected(self) -> None:
        sheet = ProtectedSheet(self._draft.protected)
        sheet.changed.connect(self.form.protect)
        self._page.desk.sheet_wanted.emit(sheet)

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        there = self._view is not None
        self._loading.setVisible(not there and self._failed is None)
        self.form.setVisible(there)
        self.form.setEnabled(not self._busy and self._may)
        self.form.show_words(self.in_scope)
        self.changed.emit()

    def offer(self) -> Offer:
        """What the page's footer offers for these settings."""
        if self._view is None:
            if self._failed is None:
                return Offer()
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        if not self._may:
            return Offer()
        if self._busy:
            return Offer(busy=self._busy, words=t("Save"))
        if self._conflicts:
            return Offer(valid=True, words=t("Look and decide"))
        tail, undo = t("No changes"), None
        if self.form.wrong:
            tail = t("Correct the number first")
        elif self._unsaved:
            tail = t("Not saved yet")
            undo = _undo(self._undo)
        elif self._just_saved:
            tail = t("Saved")
        valid = self._unsaved and not self.form.wrong
        return Offer(
            valid=valid, words=t("Save"), tail=tail, trouble=self._failed, instead_of_back=undo
        )

    def _undo(self) -> None:
        """Go back to what the service has."""
        self._use(self._now)
        self._keep()
        self._show()


def _undo(press: Callable[[], None]) -> SideAction:
    return SideAction(words=t("Undo"), name="settings-undo", press=press)
