"""What a profile says: which account service this is, and how it and the workspaces are reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from wizard.net.addresses import Origin

__all__ = [
    "GoogleProfile",
    "Links",
    "MicrosoftCloud",
    "MicrosoftProfile",
    "PracticeProfile",
    "Profile",
    "ProfileKind",
    "Region",
    "ServiceKind",
    "ServiceProfile",
    "Texts",
    "Trust",
]


class Trust(StrEnum):
    """Where a profile came from, which decides whether a person has to confirm it."""

    BUILT_IN = "built-in"
    POLICY = "policy"
    GIVEN = "given"


class ProfileKind(StrEnum):
    """A real service, or the practice organization on this machine."""

    REAL = "real"
    PRACTICE = "practice"


class ServiceKind(StrEnum):
    """The account services that the product knows how to speak to."""

    ENTERPRISE_CONNECT = "enterprise_connect"
    SCIM = "scim"
    CRONOFY = "cronofy"


class MicrosoftCloud(StrEnum):
    """Microsoft's national clouds, by name."""

    GLOBAL = "global"
    US_GOVERNMENT = "us_government"
    CHINA = "china"


@dataclass(frozen=True, kw_only=True)
class Region:
    """One data center of a service: `app` is where people sign in, `api` where programs do."""

    id: str
    name: str
    app: str
    api: str


@dataclass(frozen=True, kw_only=True)
class ServiceProfile:
    """The account service. Addresses have no trailing slash; '' where there is none.

    `pages` (practice alone) is where the browser finds what programs find below `api`.
    `regions` are given where the person has to choose one first.
    """

    kind: ServiceKind
    api: str = ""
    pages: str = ""
    issuer: str = ""
    client_id: str = ""
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GoogleProfile:
    """Google: the client id is '' where the administrator registers an own one.

    `marketplace` is the page of the service's app in the Google Workspace Marketplace, and
    `app_name` what it is called there; '' where the service has none. The other addresses are
    Google's own unless the profile is for practice; `admin_console` is where an admin trusts an
    app by its client id.
    Source: https://developers.google.com/identity/protocols/oauth2/native-app ,
    https://support.google.com/a/answer/7281227
    """

    client_id: str = ""
    marketplace: str = ""
    app_name: str = ""
    admin_console: str = "https://admin.google.com/ac/owl/list?tab=configuredApps"
    auth_uri: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    revoke_uri: str = "https://oauth2.googleapis.com/revoke"
    api: str = "https://admin.googleapis.com"
    issuer: str = "https://accounts.google.com"
    pages: str = ""


@dataclass(frozen=True, kw_only=True)
class MicrosoftProfile:
    """Microsoft: as for Google. `authority` and `graph` are '' for those of the cloud."""

    client_id: str = ""
    cloud: MicrosoftCloud = MicrosoftCloud.GLOBAL
    authority: str = ""
    graph: str = ""
    pages: str = ""


@dataclass(frozen=True, kw_only=True)
class Links:
    """Pages of the vendor that we point to; '' where there is none."""

    privacy_notice: str = ""
    data_management: str = ""
    compliance: str = ""
    support: str = ""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Words that a vendor may choose; '' leaves ours."""

    service_name: str = ""
    welcome_note: str = ""
    done_note: str = ""


@dataclass(frozen=True, kw_only=True)
class PracticeProfile:
    """What only the practice organization has: the page from which it is controlled."""

    control: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A whole profile, checked. It never holds a secret."""

    id: str
    name: str
    kind: ProfileKind
    origin: Trust
    service: ServiceProfile
    google: GoogleProfile = field(default_factory=GoogleProfile)
    microsoft: MicrosoftProfile = field(default_factory=MicrosoftProfile)
    links: Links = field(default_factory=Links)
    texts: Texts = field(default_factory=Texts)
    trust_root: Path | None = None
    practice: PracticeProfile | None = None

    @property
    def is_practice(self) -> bool:
        """Whether this is the practice organization."""
        return self.kind is ProfileKind.PRACTICE

    @property
    def service_name(self) -> str:
        """What people call the service."""
        return self.texts.service_name or self.name

    def _addresses(self) -> tuple[str, ...]:
        service, google, microsoft, links = self.service, self.google, self.microsoft, self.links
        regions = [address for region in service.regions for address in (region.app, region.api)]
        of_google = (google.auth_uri, google.token_uri, google.revoke_uri, google.api, google.pages)
        found = (
            service.api, service.issuer, service.pages, *regions,
            *(of_google if google.client_id else ()), google.marketplace,
            google.admin_console if self.is_practice else "",
            microsoft.authority, microsoft.graph, microsoft.pages,
            links.privacy_notice, links.data_management, links.compliance, links.support,
            self.practice.control if self.practice else "",
        )  # fmt: skip
        return tuple(address for address in found if address)

    def hosts(self) -> tuple[str, ...]:
        """Every host that this profile names, for a person to confirm; each once, in order."""
        return tuple(dict.fromkeys(Origin.of(address).shown for address in self._addresses()))

    @property
    def stays_here(self) -> bool:
        """Whether everything it names is on this machine."""
        return all(Origin.of(address).is_loopback for address in self._addresses())

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person has to see its hosts and agree before it is used.

        A practice profile that reaches nothing but this machine does not need it: it can
        neither send anything away nor stand in for a real service unnoticed.
        """
        return self.origin is Trust.GIVEN and not (self.is_practice and self.stays_here)

    @property
    def browser_swaps(self) -> dict[str, str]:
        """For practice: origin as the program knows it → origin as the browser gets it."""
        pairs = (
            (self.service.api, self.service.pages),
            (self.google.auth_uri, self.google.pages),
            (self.microsoft.authority, self.microsoft.pages),
        )
        return {str(Origin.of(api)): str(Origin.of(pages)) for api, pages in pairs if api and pages}
