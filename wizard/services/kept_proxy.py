"""The proxy that a person typed, kept for the next start: its host on disk, its words sealed."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Trouble
from wizard.net.proxies import Proxies, ProxyMode, ProxySettings
from wizard.vault.vault import Vault

__all__ = ["KeptProxy"]

log = logging.getLogger(__name__)
ENTRY = "proxy/address"
"""The vault's entry: the whole address, with the name and password."""
_LARGEST = 4096


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk; `signs_in`: name and password are in the vault."""

    version: int
    mode: ProxyMode
    address: str = ""
    signs_in: bool = False


class KeptProxy:
    """One profile's choice. `settings` is what to use now, as far as it is known.

    `given` is what this start was told instead; it holds until a person chooses, and is not
    kept. Not safe between threads: its ground takes care of that.
    """

    def __init__(self, folder: Path, given: ProxySettings | None) -> None:
        self._path = folder / "proxy.json"
        self._waits_for_vault = False
        kept = None if given is not None else _read(self._path)
        self._signs_in = kept is not None and kept.signs_in
        self.settings = given or (
            ProxySettings(mode=kept.mode, address=kept.address) if kept else ProxySettings()
        )

    @property
    def wants_vault(self) -> bool:
        """Whether a name and password are in the vault, or have to go there."""
        plain = _plain(self.settings.address)
        return self._waits_for_vault or (self._signs_in and self.settings.address == plain)

    def choose(self, settings: ProxySettings) -> None:
        """Use and keep this; name and password stay where the same proxy is typed without them.

        Raises `Trouble` of the disk.
        """
        plain = _plain(settings.address)
        if self._signs_in and plain in _shown_as(self.settings.address):
            if settings.address == plain:
                settings, plain = self.settings, _plain(self.settings.address)
        else:
            self._signs_in = False
        if settings.address != plain and settings != self.settings:
            self._signs_in = self._waits_for_vault = True
        kept = _File(version=1, mode=settings.mode, address=plain, signs_in=self._signs_in)
        self.settings = settings
        replace_file(self._path, msgspec.json.encode(kept))

    def meet(self, vault: Vault) -> None:
        """Take name and password from the vault, or leave them there; a failure is logged."""
        try:
            if self._waits_for_vault:
                vault.set(ENTRY, self.settings.address)
                self._waits_for_vault = False
            elif self.wants_vault:
                whole = vault.get_text(ENTRY) or ""
                if _plain(whole) == self.settings.address:
                    self.settings = replace(self.settings, address=whole)
            else:
                kept = _read(self._path)
                if kept is not None and not kept.signs_in and ENTRY in vault.names():
                    vault.delete(ENTRY)
        except Trouble as trouble:
            log.info("the sign-in of the proxy could not be kept or read: %s", trouble.code)


def _plain(address: str) -> str:
    """The address without name and password."""
    if "@" not in address:
        return address
    if "://" not in address:
        return address.rpartition("@")[2]
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _shown_as(address: str) -> tuple[str, str]:
    """How a person sees this proxy: in full but without its words, and as host and port."""
    plain = _plain(address)
    return plain, plain.rpartition("://")[2]


def _read(path: Path) -> _File | None:
    """What is kept; None where there is nothing that can be used."""
    try:
        with path.open("rb") as file:
            kept = msgspec.json.decode(file.read(_LARGEST), type=_File)
        Proxies(ProxySettings(mode=kept.mode, address=kept.address))
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    except (ValueError, msgspec.MsgspecError, Trouble) as problem:
        log.info("the kept proxy could not be understood: %s", type(problem).__name__)
        return None
    return kept
