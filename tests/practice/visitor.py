"""A plain HTTP visitor of the practice organization, who knows nothing of the product's client."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
BACK = "http://127.0.0.1:9/back"
SCOPE = "openid email profile offline_access"
DIRECTORY = "https://www.googleapis.com/auth/admin.directory."
GOOGLE_SCOPES = (
    "openid",
    "email",
    *(f"{DIRECTORY}{name}.readonly" for name in ("user", "group", "orgunit", "domain", "customer")),
)
ADMIN = "tomasz.wilk@nordby.example"
ORDINARY = "kari.nilsen@nordby.example"
OTHER_ADMIN = "ada.berg@fjordline.example"
OWNER = "owner@nordby.example"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

SERVE = """
import sys
from pathlib import Path
from wizard.practice.serve import PracticeOptions, serve
home, people, parent, activation = sys.argv[1:5]
options = PracticeOptions(
    home=Path(home), people=int(people), activation_seconds=float(activation),
    ready_file=Path(home) / "ready.json", parent_pid=int(parent) if parent != "0" else None,
)
sys.exit(serve(options, announce=lambda line: print(line, flush=True)))
"""

Reply = requests.Response


def pkce() -> tuple[str, str]:
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).decode().rstrip("=")


def quiet_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def hidden_attempt(page: Reply) -> str:
    found = re.search(r'name="attempt" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def row_value(page: Reply, name: str, text: str) -> str:
    """The value of the button row that shows this text."""
    for value, inside in re.findall(
        rf'<button class="choice" name="{name}" value="([^"]+)">(.*?)</button>',
        page.text,
        re.DOTALL,
    ):
        if text in unescape(inside):
            return str(value)
    raise AssertionError(f"no row shows {text}: {page.text}")


def answer_of(reply: Reply) -> dict[str, str]:
    """What the redirect back to the program carries."""
    assert reply.status_code == 303, reply.text
    target = reply.headers["location"]
    assert target.startswith(BACK), target
    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}


@dataclass(kw_only=True)
class World:
    """A running practice organization."""

    home: Path
    process: subprocess.Popen[str]
    profile: dict[str, dict[str, str]]
    control: str
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.web = quiet_session()
        self.web.verify = self.profile["trust"]["trust_root"]

    @property
    def api(self) -> str:
        return self.profile["service"]["api"]

    @property
    def pages(self) -> str:
        return self.profile["service"]["pages"]

    @property
    def google(self) -> dict[str, str]:
        return self.profile["google"]

    def tell(self, what: str, body: object = None) -> Any:  # noqa: ANN401 - whatever control answers
        reply = self.web.post(self.control + what, json={} if body is None else body, timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ask(self, what: str) -> Any:  # noqa: ANN401 - same
        reply = self.web.get(self.control + what, timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def lines(self, what: str) -> list[dict[str, Any]]:
        reply = self.web.get(self.control + what, timeout=30)
        return [json.loads(line) for line in reply.text.splitlines()]

    # -------------------------------------------------------- account service

    def authorize(self, browser: requests.Session, **changed: str) -> tuple[str, Reply]:
        """Open the authorization endpoint; the verifier and the page that comes."""
        verifier, challenge = pkce()
        asked = {
            "client_id": self.profile["service"]["client_id"],
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": SCOPE,
            "state": "some-state",
            "nonce": "some-nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | changed
        asked = {name: value for name, value in asked.items() if value != ""}
        return verifier, browser.get(
            f"{self.pages}/authorize?{urlencode(asked)}", allow_redirects="redirect" not in changed
        )

    def code(self, person: str = ADMIN, **changed: str) -> tuple[str, str]:
        """A fresh code and its verifier."""
        browser = quiet_session()
        verifier, page = self.authorize(browser, **changed)
        row = row_value(page, "person", person)
        reply = browser.post(
            f"{self.pages}/login/as",
            data={"attempt": hidden_attempt(page), "person": row},
            allow_redirects=False,
        )
        return answer_of(reply)["code"], verifier

    def token(self, **form: str) -> Reply:
        base = {"client_id": self.profile["service"]["client_id"]}
        return self.web.post(f"{self.api}/token", data=base | form)

    def tokens(self, person: str = ADMIN) -> dict[str, Any]:
        code, verifier = self.code(person)
        reply = self.token(
            grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=BACK
        )
        assert reply.status_code == 200, reply.text
        content: dict[str, Any] = reply.json()
        return content

    def sign_up(self, email: str, name: str = "Nora Lie") -> Api:
        """A new person, signed in."""
        browser = quiet_session()
        verifier, page = self.authorize(browser, prompt="create")
        form = {"attempt": hidden_attempt(page), "name": name, "email": email}
        reply = browser.post(
            f"{self.pages}/signup", data=form | {"password": "long enough"}, allow_redirects=False
        )
        reply = self.token(
            grant_type="authorization_code",
            code=answer_of(reply)["code"],
            code_verifier=verifier,
            redirect_uri=BACK,
        )
        return Api(world=self, token=reply.json()["access_token"])

    def person(self, person: str = ADMIN) -> Api:
        return Api(world=self, token=self.tokens(person)["access_token"])

    # -------------------------------------------------------- Google

    def google_page(self, browser: requests.Session, **changed: str) -> tuple[str, Reply]:
        verifier, challenge = pkce()
        asked = {
            "client_id": self.google["client_id"],
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": " ".join(GOOGLE_SCOPES),
            "state": "some-state",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
        } | changed
        asked = {name: value for name, value in asked.items() if value != ""}
        return verifier, browser.get(f"{self.google['pages']}/o/oauth2/v2/auth?{urlencode(asked)}")

    def google_consent(
        self, person: str, *, untick: frozenset[str] = frozenset(), decision: str = "allow"
    ) -> tuple[str, Reply]:
        """Choose an account and decide; the verifier and the redirect back."""
        browser = quiet_session()
        verifier, page = self.google_page(browser)
        attempt = hidden_attempt(page)
        page = browser.post(
            f"{self.google['pages']}/signin/accountchooser",
            data={"attempt": attempt, "account": row_value(page, "account", person)},
        )
        boxes = re.findall(r'name="scope" value="([^"]+)"', page.text)
        form = [("attempt", attempt), ("decision", decision)]
        form += [("scope", box) for box in boxes if box not in untick]
        reply = browser.post(
            f"{self.google['pages']}/signin/consent", data=form, allow_redirects=False
        )
        return verifier, reply

    def google_token(self, **form: str) -> Reply:
        auth = (self.google["client_id"], "")
        return self.web.post(self.google["token_uri"], data=form, auth=auth)

    def google_sign_in(
        self, person: str = ADMIN, *, untick: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        verifier, reply = self.google_consent(person, untick=untick)
        reply = self.google_token(
            grant_type="authorization_code",
            code=answer_of(reply)["code"],
            code_verifier=verifier,
            redirect_uri=BACK,
        )
        assert reply.status_code == 200, reply.text
        content: dict[str, Any] = reply.json()
        return content

    def directory(self, token: str, path: str, **query: str) -> Reply:
        return self.web.get(
            f"{self.google['api']}/admin/directory/v1{path}",
            params=query,
            headers={"Authorization": f"Bearer {token}"},
        )


@dataclass(kw_only=True)
class Api:
    """The account service for one token."""

    world: World
    token: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        return self.world.web.request(
            method,
            f"{self.world.api}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"} | headers,
        )

    def new_unit(self) -> str:
        reply = self.send("POST", "/v1/organizational_units", {"name": "A place of its own"})
        assert reply.status_code == 201, reply.text
        return f"/v1/organizational_units/{reply.json()['id']}"


@dataclass(kw_only=True)
class Scim:
    """The SCIM end of a unit of its own, with a token and the lease."""

    api: Api
    unit: str
    connection: str
    token: str
    installation: str = "installation-1"

    @classmethod
    def new(cls, world: World) -> Scim:
        api = world.sign_up(f"{secrets.token_hex(6)}@else.example")
        unit = api.new_unit()
        reply = api.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION)
        connection = f"{unit}/organization_accounts/{reply.json()['id']}"
        reply = api.send("POST", f"{connection}/provisioning_tokens", {"label": "tests"})
        scim = cls(api=api, unit=unit, connection=connection, token=reply.json()["token"])
        assert scim.take_lease().status_code == 200
        return scim

    def take_lease(self, installation: str = "", **changed: object) -> Reply:
        body = {"installation_id": installation or self.installation, "host": "H", "person": "P"}
        return self.api.send("PUT", f"{self.connection}/syncer", body | changed)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        head = {
            "Authorization": f"Bearer {self.token}",
            "Sync-Installation": self.installation,
            "Content-Type": "application/scim+json",
        } | headers
        return self.api.world.web.request(
            method,
            f"{self.api.world.api}{self.unit}/scim/v2{path}",
            data=None if body is None else json.dumps(body),
            headers={name: value for name, value in head.items() if value},
        )

    def create(self, name: str, **more: object) -> dict[str, Any]:
        reply = self.send("POST", "/Users", user(name, **more))
        assert reply.status_code == 201, reply.text
        content: dict[str, Any] = reply.json()
        return content

    def patch(self, account: str, *operations: dict[str, object], **headers: str) -> Reply:
        body = {"schemas": [PATCH_URN], "Operations": list(operations)}
        return self.send("PATCH", f"/Users/{account}", body, **headers)


NEW_CONNECTION: dict[str, object] = {
    "provider": "google",
    "purposes": ["directory", "calendars"],
    "customer_id": "C0nordby1",
    "domain": "nordby.example",
    "authorized_by": ADMIN,
}


def user(address: str, **more: object) -> dict[str, object]:
    return {
        "schemas": [USER_URN],
        "userName": address,
        "name": {"givenName": "Liv", "familyName": "Aas"},
        "active": True,
    } | more


@contextmanager
def practice(
    home: Path, *, people: int = 120, parent: int | None = None, activation: float = 0.0
) -> Iterator[World]:
    """Serve until the block ends."""
    watched = os.getpid() if parent is None else parent
    command = [sys.executable, "-c", SERVE, str(home), str(people), str(watched), str(activation)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    ready, until = home / "ready.json", time.monotonic() + 60
    try:
        while not ready.exists():
            assert process.poll() is None, "the practice organization ended"
            assert time.monotonic() < until, "the practice organization did not get ready"
            time.sleep(0.03)
        told = json.loads(ready.read_text())
        profile = tomllib.loads(Path(told["profile"]).read_text())
        world = World(home=home, process=process, profile=profile, control=told["control"])
        with world.web:
            yield world
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=30)
    world.said = said.splitlines()
