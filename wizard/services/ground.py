"""What every service stands on: one profile's folders, network, secrets, browser and clock."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Callable
from pathlib import Path

from wizard.auth.browser import BrowserOpener
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.files import private_folder
from wizard.core.paths import Folders
from wizard.core.trouble import Code, Trouble
from wizard.net.proxies import PacResolver, ProxyMode, ProxySettings
from wizard.net.sessions import Net, NetSettings
from wizard.profile.model import Profile
from wizard.services.contract import SecretsChoice
from wizard.services.installation import Installation, installation
from wizard.services.keeping import SHORTEST_PASSPHRASE
from wizard.services.kept_proxy import KeptProxy
from wizard.services.moved import MovedAway
from wizard.services.options import Options
from wizard.services.pasting import Pasting
from wizard.services.profiles import remembered_profile, state_name
from wizard.vault.keyrings import KeyStore
from wizard.vault.passphrase import passphrase_from
from wizard.vault.vault import Vault, VaultChoice, existing_choice, open_vault, put_aside, put_back

__all__ = ["Ground", "proxy_settings"]

log = logging.getLogger(__name__)
_HARMLESS = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_KEPT = {
    SecretsChoice.KEYRING: VaultChoice.KEYRING,
    SecretsChoice.MEMORY: VaultChoice.MEMORY,
    SecretsChoice.PASSPHRASE: VaultChoice.PASSPHRASE,
    SecretsChoice.NEW_KEYRING: VaultChoice.KEYRING,
    SecretsChoice.NEW_PASSPHRASE: VaultChoice.PASSPHRASE,
}


def proxy_settings(text: str) -> ProxySettings:
    """The proxy that an option names: '' the system's, 'none', or an address."""
    if not text:
        return ProxySettings()
    if text.casefold() == "none":
        return ProxySettings(mode=ProxyMode.NONE)
    return ProxySettings(mode=ProxyMode.TYPED, address=text)


class Ground:
    """Opened off the GUI thread: making it reads files, and `vault` may ask a keyring.

    `asks`: a person is there to choose what happens without a usable keyring (the window).
    `pasting` signs in where the browser is on another computer; `sign_in_port` is where a sign-in
    waits for the browser, 0 for another port each time.
    `named_profile` is what names the profile on a command line: its id, or practice's own file.
    """

    def __init__(
        self,
        options: Options,
        profile: Profile,
        folders: Folders,
        clock: Clock,
        *,
        start_browser: Callable[[str], bool] | None = None,
        resolver: PacResolver | None = None,
        keys: KeyStore | None = None,
        asks: bool = False,
        pasting: Pasting | None = None,
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.logs: Path = folders.logs
        self.folder: Path = folders.of_profile(state_name(profile))
        self.installation: Installation = installation(folders.config)
        self.moved = MovedAway(self.folder)
        given = proxy_settings(options.proxy) if options.proxy else None
        self.named_profile = profile.id
        if profile.is_practice:
            self.named_profile = options.profile or remembered_profile(folders.config) or profile.id
        self._proxy = KeptProxy(self.folder, given)
        self.net = Net(
            NetSettings(proxy=self._proxy.settings, trust_root=profile.trust_root),
            clock=clock,
            resolver=resolver,
        )
        self.browser = BrowserOpener(profile.browser_swaps, start=start_browser)
        self.pasting = pasting
        self.sign_in_port = options.port
        self._options = options
        self._keys = keys
        self._asks = asks
        self._lock = threading.Lock()
        self._vault: Vault | None = None
        self.notices: list[Trouble] = []

    def unit_folder(self, ou_id: str) -> Path:
        """Where the state of one organizational unit lies, made for the owner alone."""
        # The service chooses this id: only what is harmless as a folder name may become one.
        if not _HARMLESS.fullmatch(ou_id):
            ou_id = f"ou-{hashlib.sha256(ou_id.encode()).hexdigest()[:32]}"
        return private_folder(self.folder / ou_id)

    def vault(self, cancel: Cancel) -> Vault:
        """Where secrets live; opened at the first call, which may wait for a keyring.

        Without a usable keyring, a person who can be asked chooses (`keep_secrets`): this
        raises keyring-missing. Where nobody can be asked, as on the command line, secrets stay
        in memory until the program closes, and `notices` says so. Raises `Trouble` (vault-locked,
        passphrase-wrong, keyring-missing, keyring-locked, keyring-timeout, disk-full).
        """
        with self._lock:
            if self._vault is None:
                self._vault = self._open_vault(cancel)
                self._proxy_meets(self._vault)
            return self._vault

    def keep_secrets(self, choice: SecretsChoice, passphrase: str, cancel: Cancel) -> None:
        """See `Workbench.keep_secrets`."""
        with self._lock:
            if self._vault is not None:
                return
            makes = choice is SecretsChoice.NEW_PASSPHRASE or (
                choice is SecretsChoice.PASSPHRASE and existing_choice(self.folder) is None
            )
            if makes and len(passphrase) < SHORTEST_PASSPHRASE:
                raise Trouble(Code.PASSPHRASE_WRONG, problem="short")
            anew = choice in {SecretsChoice.NEW_PASSPHRASE, SecretsChoice.NEW_KEYRING}
            aside = put_aside(self.folder, clock=self.clock, cancel=cancel) if anew else None
            try:
                self._vault = self._open_or_anew(_KEPT[choice], passphrase, cancel)
                self._proxy_meets(self._vault)
            except Trouble:
                # The store was locked, or the disk full: what was kept is not given up for that.
                if aside is not None:
                    put_back(aside)
                raise
        log.info("sign-ins are kept as the person chose: %s", choice.value)

    @property
    def proxy(self) -> ProxySettings:
        """The proxy that was chosen."""
        return self._proxy.settings

    def use_proxy(self, settings: ProxySettings, cancel: Cancel) -> None:
        """Go through this proxy from now on, after the next start, too.

        Its name and password go into the vault; where that can't be opened yet, as soon as it
        is. Raises `Trouble` (proxy-invalid, cancelled, those of the disk).
        """
        self.net.use_proxy(settings)
        with self._lock:
            self._proxy.choose(settings)
            self.net.use_proxy(self._proxy.settings)
            if self._vault is not None:
                self._proxy_meets(self._vault)
        self.ready_proxy(cancel)

    def ready_proxy(self, cancel: Cancel) -> None:
        """Fetch the proxy's name and password before anybody is asked, where some are kept.

        A vault that needs a person says so where that person signs in. Raises
        `Trouble(CANCELLED)`.
        """
        if not self._proxy.wants_vault:
            return
        try:
            self.vault(cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.info("the proxy's sign-in stays locked for now: %s", trouble.code)

    def _proxy_meets(self, vault: Vault) -> None:
        self._proxy.meet(vault)
        self.net.use_proxy(self._proxy.settings)

    def close(self) -> None:
        """Close every connection."""
        self.net.close()

    def _open_vault(self, cancel: Cancel) -> Vault:
        choice, passphrase = VaultChoice.KEYRING, ""
        if self._options.forget:
            choice = VaultChoice.MEMORY
        else:
            passphrase = passphrase_from(self._options.passphrase_file)
            if passphrase:
                choice = VaultChoice.PASSPHRASE
            elif existing_choice(self.folder) is VaultChoice.PASSPHRASE:
                raise Trouble(Code.VAULT_LOCKED, problem="no-passphrase")
        try:
            return self._open_or_anew(choice, passphrase, cancel)
        except Trouble as trouble:
            if self._asks or trouble.code is not Code.KEYRING_MISSING:
                raise
            # A service or a script has nobody to ask, and a run in memory does its work all the
            # same; `--passphrase-file` is the way to keep sign-ins there.
            log.info("no keyring: sign-ins are kept in memory")
            self.notices.append(trouble)
            return self._try(VaultChoice.MEMORY, "", cancel)

    def _open_or_anew(self, choice: VaultChoice, passphrase: str, cancel: Cancel) -> Vault:
        """Open the vault; one that can't be read was set aside, and a new one takes its place."""
        try:
            return self._try(choice, passphrase, cancel)
        except Trouble as trouble:
            if trouble.code is not Code.VAULT_DAMAGED:
                raise
            self.notices.append(trouble)
            return self._try(choice, passphrase, cancel)

    def _try(self, choice: VaultChoice, passphrase: str, cancel: Cancel) -> Vault:
        return open_vault(
            self.folder,
            choice,
            passphrase=passphrase,
            keys=self._keys,
            clock=self.clock,
            cancel=cancel,
        )
