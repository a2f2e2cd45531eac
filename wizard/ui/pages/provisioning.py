"""The settings of the connection that gives directory access: toggle, interval, leavers, limits."""

from __future__ import annotations

from dataclasses import replace

from wizard.content.text import t
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import changed_fields
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.flow.merging import Merge
from wizard.services.contract import SettingsView
from wizard.services.contract.drafts import DraftView
from wizard.ui.layouts import clear
from wizard.ui.page import Desk, Offer, Page, SideAction
from wizard.ui.pages.authorize_parts import connection_row
from wizard.ui.pages.signing_in import wants_sign_in
from wizard.ui.protected_sheet import ProtectedSheet
from wizard.ui.settings_form import SettingsForm
from wizard.ui.settle_sheet import MergeNote, SettleSheet
from wizard.ui.widgets.lines import UnderWay
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ProvisioningPage"]


class ProvisioningPage(Page):
    """Edits a draft; the service's copy is the only truth, and Save says when it has it.

    The draft is kept with the answers. When somebody else saved meanwhile, both are brought
    together field by field, and only what both changed is asked.
    """

    step = StepId.PROVISIONING

    def __init__(self, desk: Desk) -> None:
        self._view: DraftView | None = None
        self._draft = ProvisioningSettings()
        self._failed: Trouble | None = None
        self._of_account = ""
        self._busy = ""
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._changed_note = MergeNote()
        self._changed_note.opened.connect(self._open_settle)
        self._loading = UnderWay(t("Reading the settings"))
        self.form = SettingsForm()
        self.form.edited.connect(self._edited)
        self.form.protected_wanted.connect(self._ask_protected)
        self.content.addSpacing(16)
        for part in (self._trouble, self._changed_note, self._loading, self.form):
            self.content.addWidget(part)
        self.content.addStretch()

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._read()

    def left(self) -> None:
        self._busy = ""

    def focus_first(self) -> None:
        if self.form.toggle.isVisible():
            self.form.toggle.setFocus()

    def _read(self) -> None:
        """Read the service's settings, and bring the draft up to them."""
        account = self.answers.organization_account_id
        if account != self._of_account:
            # What another connection had is neither shown nor saved for this one.
            self._of_account, self._view = account, None
        self._failed = None
        self._busy = t("Reading")
        bench = self.desk.bench
        self.work(lambda job: bench.drafts.look(job.cancel), self._take, self._did_not)
        self._show()

    def _take(self, view: DraftView) -> None:
        self._busy = ""
        self._view = view
        self._use(view.draft)
        self._show_connection(view.service)
        self._changed_note.show_merge(view)
        self._show()

    def _use(self, draft: ProvisioningSettings) -> None:
        self._draft = draft
        self.form.fill(draft)

    def _show_connection(self, view: SettingsView) -> None:
        clear(self.form.connection_column)
        connection = view.connection
        self.form.connection_column.addWidget(
            connection_row(connection.domain, active=connection.active)
        )

    @property
    def _now(self) -> ProvisioningSettings:
        """The settings as the service has them, as far as this page knows."""
        return self._view.service.settings if self._view is not None else ProvisioningSettings()

    @property
    def _unsaved(self) -> bool:
        return bool(changed_fields(self._now, self._draft))

    @property
    def _conflicts(self) -> bool:
        merged = self._view.merge if self._view is not None else None
        return merged is not None and bool(merged.conflicts)

    @property
    def _saved(self) -> bool:
        """Whether what is shown is what the service has, and this set-up saved it."""
        there = self._view is not None and bool(self.answers.settings_version)
        return there and not self._unsaved

    def _edited(self) -> None:
        self._draft = self.form.settings(self._draft)
        self._keep()
        self._show()

    def _keep(self) -> None:
        """Keep the draft with the answers; what the service has is none."""
        if self._view is None or self._conflicts:
            return
        self.answer(replace(self.answers, draft=self._draft if self._unsaved else None))

    # -------------------------------------------------------- saving

    def apply(self) -> None:
        if wants_sign_in(self._failed):
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
            return
        if self._view is None or self._failed is not None:
            self._failed = None
            if self._view is None:
                self._read()
                return
        if self._conflicts:
            self._open_settle()
            return
        if self._look_again:
            self.desk.steps_wanted.emit(StepId.PREVIEW.value)
            return
        if self._saved:
            self.finish()
            return
        draft = self._draft
        self._busy = t("Saving")
        bench = self.desk.bench
        self.work(lambda job: bench.save_settings(draft, job.cancel), self._kept, self._did_not)
        self._show()

    @property
    def _look_again(self) -> bool:
        """Whether the preview that was seen tells no longer whom the settings name."""
        merged = self._view.merge if self._view is not None else None
        return merged is not None and merged.scope_is_new and not self.answers.preview_seen

    def _kept(self, view: SettingsView) -> None:
        self._busy = ""
        self._view = DraftView(service=view, draft=view.settings)
        self._changed_note.hide()
        self._use(view.settings)
        self.changed.emit()
        self._show()
        self.finish()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = ""
        if trouble.code is Code.SETTINGS_CHANGED:
            # Their copy is read, and this draft brought together with it.
            self._read()
            return
        self._failed = trouble
        self._show()

    # -------------------------------------------------------- side sheets

    def _open_settle(self) -> None:
        if self._view is None or self._view.merge is None:
            return
        sheet = SettleSheet(self._view)
        sheet.settled.connect(self._settled)
        self.desk.sheet_wanted.emit(sheet)

    def _settled(self, merged: Merge) -> None:
        if self._view is None:
            return
        self._view = replace(self._view, merge=merged, draft=merged.settings)
        self._use(merged.settings)
        seen = self.answers.preview_seen and not merged.scope_is_new
        self.answer(replace(self.answers, draft=merged.settings, preview_seen=seen))
        self._changed_note.show_merge(self._view if merged.conflicts else None)
        self._show()

    def _ask_protected(self) -> None:
        sheet = ProtectedSheet(self._draft.protected)
        sheet.changed.connect(self.form.protect)
        self.desk.sheet_wanted.emit(sheet)

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        there = self._view is not None
        self._loading.setVisible(not there and self._failed is None)
        self.form.setVisible(there)
        self.form.setEnabled(not self._busy)
        if self._view is not None:
            service = self._view.service
            self.form.show_words(service.in_scope, active=service.connection.active)
        self.offer_now(self._offer())

    def _offer(self) -> Offer:
        if self._busy:
            return Offer(busy=self._busy)
        if wants_sign_in(self._failed):
            return Offer(valid=True, words=t("Sign in again"), trouble=self._failed)
        if self._view is None:
            again = self._failed is not None
            return Offer(valid=again, words=t("Try again"), icon="again", trouble=self._failed)
        if self._conflicts:
            return Offer(valid=True, words=t("Look and decide"), trouble=self._failed)
        if self._look_again:
            return Offer(
                valid=True,
                words=t("Check the preview"),
                tail=t("The scope is new"),
            )
        if self._saved and not self.form.wrong:
            return Offer(
                valid=True,
                proved=True,
                proof=t("**It worked:** the account service has these settings."),
            )
        return self._save_offer()

    def _save_offer(self) -> Offer:
        if self.form.wrong:
            return Offer(words=t("Save"), tail=t("Correct the number first"))
        # What is shown is what the service has: a person switches provisioning on, nobody else.
        if not self.answers.settings_version and not self.form.toggle.isChecked():
            tail = t("Turn it on first")
        else:
            tail = t("Not saved yet")
        undo = None
        if self._unsaved and self.answers.settings_version:
            undo = SideAction(words=t("Undo"), name="settings-undo", press=self._undo)
        return Offer(valid=True, words=t("Save"), tail=tail, trouble=self._failed, beside=undo)

    def _undo(self) -> None:
        """Go back to what the service has."""
        self._use(self._now)
        self._keep()
        self._show()
