"""Loads profiles: built in, laid down by an administrator, or given by whoever starts us."""

from __future__ import annotations

from pathlib import Path, PurePath

from wizard.core.resources import resource
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.profile.model import (
    GoogleProfile,
    Links,
    MicrosoftCloud,
    MicrosoftProfile,
    PracticeProfile,
    Profile,
    ProfileKind,
    Region,
    ServiceKind,
    ServiceProfile,
    Texts,
    Trust,
)
from wizard.profile.reading import Document, Table

__all__ = ["Trust", "list_built_in", "load_built_in", "load_file"]

_ID = r"[a-z0-9][a-z0-9-]{0,39}"
_NOT_OFFERED = frozenset({"example"})


def list_built_in() -> tuple[Profile, ...]:
    """The profiles that are shipped and can be used as they are, by name."""
    files = sorted(resource("profiles").glob("*.toml"))
    loaded = [load_file(file, origin=Trust.BUILT_IN) for file in files]
    usable = [profile for profile in loaded if profile.id not in _NOT_OFFERED]
    return tuple(sorted(usable, key=lambda profile: profile.name.casefold()))


def load_built_in(profile_id: str) -> Profile:
    """A shipped profile by its id; `Trouble(PROFILE_NOT_FOUND)`."""
    for file in sorted(resource("profiles").glob("*.toml")):
        if file.stem == profile_id:
            return load_file(file, origin=Trust.BUILT_IN)
    raise Trouble(Code.PROFILE_NOT_FOUND, file=profile_id)


def load_file(path: Path, *, origin: Trust) -> Profile:
    """Read and check one profile file.

    Raises `Trouble(PROFILE_NOT_FOUND)`, or `Trouble(PROFILE_INVALID)` with the facts `file`,
    `line`, `key` and `problem` (a word code). The caller asks a person first where
    `Profile.needs_confirmation` says so.
    """
    root = Document(path).root
    if root.number("schema") != 1:
        root.refuse("schema", "unknown-schema", known=1)
    kind = root.choice("kind", ProfileKind, ProfileKind.REAL)
    reader = _Reader(root, kind)
    trust = root.table("trust")
    practice = root.table("practice")
    if kind is ProfileKind.REAL:
        for name in ("trust", "practice"):
            if root.has(name):
                root.refuse(name, "practice-only")
    profile = Profile(
        id=root.matching("id", _ID, "bad-id"),
        name=root.text("name", needed=True, longest=60),
        kind=kind,
        origin=origin,
        service=reader.service(root.table("service")),
        google=reader.google(root.table("google")),
        microsoft=reader.microsoft(root.table("microsoft")),
        links=reader.links(root.table("links")),
        texts=reader.texts(root.table("texts")),
        trust_root=reader.trust_root(trust),
        practice=reader.practice(practice) if kind is ProfileKind.PRACTICE else None,
    )
    root.done()
    return profile


class _Reader:
    """Reads the parts of one profile by the rules of its kind."""

    def __init__(self, root: Table, kind: ProfileKind) -> None:
        self._root = root
        self._practice = kind is ProfileKind.PRACTICE

    def _here(self, origin: Origin) -> str:
        """Practice stays on this machine: everything that it connects to must be loopback."""
        return "not-loopback" if self._practice and not origin.is_loopback else ""

    def _practice_address(self, table: Table, key: str, default: str = "") -> str:
        """An address that only practice may name; `default` is what holds otherwise."""
        if table.has(key) and not self._practice:
            table.refuse(key, "practice-only")
        return table.address(key, allowed=self._here) or default

    def service(self, table: Table) -> ServiceProfile:
        kind = table.choice("kind", ServiceKind)
        regions = tuple(self._region(one) for one in table.tables("regions"))
        own = kind is ServiceKind.ENTERPRISE_CONNECT
        found = ServiceProfile(
            kind=kind,
            api=table.address("api", needed=own, allowed=self._here),
            pages=self._practice_address(table, "pages"),
            issuer=table.address("issuer", needed=own, allowed=self._here),
            client_id=table.text("client_id", needed=own),
            regions=regions,
        )
        if not found.api and not regions:
            table.refuse("api", "missing")
        if len({region.id for region in regions}) != len(regions):
            table.refuse("regions", "twice")
        table.done()
        return found

    def _region(self, table: Table) -> Region:
        region = Region(
            id=table.matching("id", _ID, "bad-id"),
            name=table.text("name", needed=True, longest=60),
            app=table.address("app", needed=True, allowed=self._here),
            api=table.address("api", needed=True, allowed=self._here),
        )
        table.done()
        return region

    def google(self, table: Table) -> GoogleProfile:
        own = GoogleProfile()
        found = GoogleProfile(
            client_id=table.text("client_id"),
            marketplace=table.address("marketplace", query=True, allowed=self._here),
            app_name=table.text("app_name", longest=60),
            # Practice people have no business at the real Google.
            admin_console=self._practice_address(
                table, "admin_console", "" if self._practice else own.admin_console
            ),
            auth_uri=self._practice_address(table, "auth_uri", own.auth_uri),
            token_uri=self._practice_address(table, "token_uri", own.token_uri),
            revoke_uri=self._practice_address(table, "revoke_uri", own.revoke_uri),
            api=self._practice_address(table, "api", own.api),
            issuer=self._issuer(table) or own.issuer,
            pages=self._practice_address(table, "pages"),
        )
        if self._practice and found.client_id:
            # Half a stand-in would let practice people be asked for at the real Google.
            for key in ("auth_uri", "token_uri", "revoke_uri", "api"):
                if not table.has(key):
                    table.refuse(key, "missing")
        table.done()
        return found

    def _issuer(self, table: Table) -> str:
        """Google's issuer is a name to compare, nothing connects to it, so any host may stand."""
        if table.has("issuer") and not self._practice:
            table.refuse("issuer", "practice-only")
        return table.address("issuer")

    def microsoft(self, table: Table) -> MicrosoftProfile:
        found = MicrosoftProfile(
            client_id=table.text("client_id"),
            cloud=table.choice("cloud", MicrosoftCloud, MicrosoftCloud.GLOBAL),
            authority=self._practice_address(table, "authority"),
            graph=self._practice_address(table, "graph"),
            pages=self._practice_address(table, "pages"),
        )
        if self._practice and found.client_id:
            for key in ("authority", "graph"):
                if not table.has(key):
                    table.refuse(key, "missing")
        table.done()
        return found

    def links(self, table: Table) -> Links:
        found = Links(
            privacy_notice=table.address("privacy_notice", query=True),
            data_management=table.address("data_management", query=True),
            compliance=table.address("compliance", query=True),
            support=table.address("support", query=True),
        )
        table.done()
        return found

    def texts(self, table: Table) -> Texts:
        found = Texts(
            service_name=table.text("service_name", longest=60),
            welcome_note=table.text("welcome_note", longest=400),
            done_note=table.text("done_note", longest=400),
        )
        table.done()
        return found

    def trust_root(self, table: Table) -> Path | None:
        named = table.text("trust_root", longest=1000)
        table.done()
        if named and not PurePath(named).is_absolute():
            table.refuse("trust_root", "not-absolute")
        return Path(named) if named else None

    def practice(self, table: Table) -> PracticeProfile:
        control = table.address("control", allowed=self._here)
        table.done()
        # The control page is a folder: without its slash, relative addresses would miss it.
        return PracticeProfile(control=f"{control}/" if control else "")
