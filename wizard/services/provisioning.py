"""The provisioning settings: read from the service, saved over the version they were made from."""

from __future__ import annotations

from dataclasses import replace

from wizard.accounts.base import AccountService, SavedSettings
from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SettingsView
from wizard.services.ground import Ground
from wizard.services.kept_settings import keep_settings
from wizard.services.settings_versions import SettingsVersions
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing
from wizard.services.views import connection_view

__all__ = ["Provisioning"]


class Provisioning:
    """The settings page's work. The service's copy is the only truth; ours is for bad days."""

    def __init__(self, ground: Ground, set_up: SetUp, access: Access, syncing: Syncing) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self.in_scope: int | None = None

    def read(self, cancel: Cancel) -> SettingsView:
        """The settings as the service has them now; raises `Trouble`."""
        service = self._access.as_person(cancel)
        ou, account = self._connection()
        return self._view(service, service.saved_settings(ou, account, cancel), cancel)

    def save(self, draft: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        """Save a draft, which is none any more then; `Trouble(SETTINGS_CHANGED)`."""
        service = self._access.as_person(cancel)
        ou, account = self._connection()
        saved = service.save_settings(ou, account, draft, cancel)
        self._set_up.happened(
            lambda answers: replace(
                answers,
                settings_version=saved.version,
                provisioning_on=saved.enabled,
                draft=None,
            )
        )
        return self._view(service, SavedSettings(settings=saved), cancel)

    def save_beside(self, settings: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        """Save something else than the draft, which stays as it is; `Trouble(SETTINGS_CHANGED)`.

        The draft is brought up to what was saved when it is next looked at.
        """
        service = self._access.as_person(cancel)
        ou, account = self._connection()
        saved = service.save_settings(ou, account, settings, cancel)
        return self._view(service, SavedSettings(settings=saved), cancel)

    def versions(self) -> SettingsVersions:
        """The copies of the settings that were read here."""
        return SettingsVersions(self._ground.unit_folder(self._set_up.answers.ou_id))

    def _connection(self) -> tuple[str, str]:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        return answers.ou_id, answers.organization_account_id

    def _view(self, service: AccountService, saved: SavedSettings, cancel: Cancel) -> SettingsView:
        answers = self._set_up.answers
        settings = saved.settings
        keep_settings(self._syncing.database(answers), settings, self._ground.clock.now())
        self.versions().remember(answers.organization_account_id, settings)
        account = service.organization_account(
            answers.ou_id, answers.organization_account_id, cancel
        )
        here = self._ground.installation.id
        return SettingsView(
            settings=settings,
            connection=connection_view(account, here, self._ground.clock.now()),
            in_scope=self.in_scope,
            saved_by=saved.saved_by,
            saved_at=saved.saved_at,
        )
