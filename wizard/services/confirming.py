"""The choice of people until it is confirmed: brought up to what others saved, never over it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import same_plan
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, ChosenScope
from wizard.flow.merging import Merge, merge, merge_scope, scope_of
from wizard.services.contract import SettingsView
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.scoping import Confirmation, Confirmed
from wizard.services.drafts import Drafts
from wizard.services.ground import Ground
from wizard.services.kept_settings import keep_settings
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing

__all__ = ["Confirming", "Standing"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is drafted and chosen, and what somebody else saved, as `ScopeStart` has it."""

    service: SettingsView
    draft: ProvisioningSettings
    chosen: ChosenScope
    before: ChosenScope
    changed: DraftView | None = None


class Confirming:
    """Compares a choice of people with the service's settings, and makes it the draft."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        access: Access,
        syncing: Syncing,
        provisioning: Provisioning,
        drafts: Drafts,
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self._provisioning = provisioning
        self._drafts = drafts

    # ------------------------------------------------------------ looking

    def look(self, cancel: Cancel) -> Standing:
        """Read the settings, and bring draft and choice up to them; raises `Trouble`.

        What comes together by itself is kept at once. Where a person has to decide, what was
        chosen here stays as it is until then.
        """
        answers = self._set_up.answers
        before = answers.chosen
        if before is None and answers.draft is not None:
            before = scope_of(answers.draft)
        looked = self._drafts.look(cancel)
        service, draft = looked.service, looked.draft
        if before is None:
            return Standing(
                service=service, draft=draft, chosen=scope_of(draft), before=scope_of(draft)
            )
        merged = self._merged(before, service.settings)
        chosen = before if merged.conflicts else scope_of(merged.settings)
        if answers.chosen is not None:
            self._set_up.happened(
                lambda known: (
                    replace(known, chosen=chosen) if known.chosen == answers.chosen else known
                )
            )
        changed = None
        if merged.asks:
            changed = DraftView(service=service, draft=merged.settings, merge=merged)
        elif looked.merge is not None and not looked.merge.conflicts:
            # Nothing of the scope; but it is in the draft now, and nobody tells of it later.
            changed = looked
        return Standing(service=service, draft=draft, chosen=chosen, before=before, changed=changed)

    def _merged(self, chosen: ChosenScope, now: ProvisioningSettings) -> Merge:
        base = now if chosen.version == now.version else self._read(chosen.version)
        return merge_scope(base, chosen, now)

    def _read(self, version: int) -> ProvisioningSettings | None:
        """What the service had in this version, as far as it was read here."""
        account = self._set_up.answers.organization_account_id
        return self._provisioning.versions().of(account, version)

    # ------------------------------------------------------------ confirming

    def confirm(self, chosen: ChosenScope, people: int, cancel: Cancel) -> Confirmation:
        """See `ScopingCalls.confirm`."""
        return self._confirm(chosen, people, cancel, once_more=True)

    def _confirm(
        self, chosen: ChosenScope, people: int, cancel: Cancel, *, once_more: bool
    ) -> Confirmation:
        try:
            service = self._provisioning.read(cancel)
        except Trouble:
            # Whatever keeps the service from answering, nobody has to choose again.
            self._keep_unread(chosen, people)
            raise
        now = service.settings
        merged = self._merged(chosen, now)
        if merged.asks:
            view = DraftView(service=service, draft=merged.settings, merge=merged)
            return Confirmation(where=Confirmed.OTHERS, changed=view)
        self._keep(chosen, people, now)
        if now.enabled:
            return Confirmation(where=Confirmed.DRAFT)
        try:
            self._save(chosen, now, cancel)
        except Trouble as trouble:
            if trouble.code is not Code.SETTINGS_CHANGED or not once_more:
                raise
            # Somebody saved in this very moment: theirs is looked at, too.
            return self._confirm(chosen, people, cancel, once_more=False)
        return Confirmation(where=Confirmed.SAVED)

    def _keep(self, chosen: ChosenScope, people: int, now: ProvisioningSettings) -> None:
        """Make it the draft, with whatever else is drafted and what the service has (`now`)."""
        drafted = self._set_up.answers.draft
        brought = self._brought_up(drafted, now)

        def change(known: Answers) -> Answers:
            draft = brought if known.draft == drafted else known.draft or now
            return _confirmed(known, draft, chosen, people, before=known.draft or now)

        self._set_up.happened(change)

    def _brought_up(
        self, draft: ProvisioningSettings | None, now: ProvisioningSettings
    ) -> ProvisioningSettings:
        """The draft as of what the service has; as it is where else than in the scope it asks."""
        if draft is None:
            return now
        if draft.version == now.version:
            return draft
        merged = merge(self._read(draft.version), draft, now)
        # About the scope there is nothing to ask any more: it was just confirmed.
        asks = any(not conflict.field.in_scope for conflict in merged.conflicts)
        return draft if asks else merged.settings

    def _keep_unread(self, chosen: ChosenScope, people: int) -> None:
        """Make it the draft without the service, where the draft is of the same version."""
        base = self._read(chosen.version)

        def change(known: Answers) -> Answers:
            draft = known.draft or base
            if draft is None or draft.version != chosen.version:
                return known
            return _confirmed(known, draft, chosen, people, before=draft)

        self._set_up.happened(change)

    def _save(self, chosen: ChosenScope, now: ProvisioningSettings, cancel: Cancel) -> None:
        """Save the scope alone over what the service has; `Trouble(SETTINGS_CHANGED)`."""
        answers = self._set_up.answers
        service = self._access.as_person(cancel)
        account = answers.organization_account_id
        wanted = replace(now, scope=chosen.scope, address=chosen.address)
        saved = service.save_settings(answers.ou_id, account, wanted, cancel)
        keep_settings(self._syncing.database(answers), saved, self._ground.clock.now())
        self._provisioning.versions().remember(account, saved)
        self._set_up.happened(lambda known: _on_version(known, now.version, saved))


def _confirmed(
    known: Answers,
    draft: ProvisioningSettings,
    chosen: ChosenScope,
    people: int,
    *,
    before: ProvisioningSettings,
) -> Answers:
    """The answers with this choice confirmed; a preview made `before` may tell it no longer."""
    draft = replace(draft, scope=chosen.scope, address=chosen.address)
    return replace(
        known,
        draft=draft,
        chosen=None,
        scope_confirmed=True,
        scope_people=people,
        preview_seen=known.preview_seen and same_plan(before, draft),
    )


def _on_version(known: Answers, before: int, saved: ProvisioningSettings) -> Answers:
    """The draft goes on from what was saved, with whatever else it changes of the settings.

    A draft of another version than `before` has yet to be merged, and is when next looked at.
    """
    draft = known.draft
    if draft is None or draft.version != before:
        return known
    return replace(known, draft=replace(draft, version=saved.version))
