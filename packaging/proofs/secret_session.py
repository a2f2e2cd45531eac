"""A full set-up in the real window, with every secret that occurs taken down at the other side."""

from __future__ import annotations

import base64
import json
import os
import signal
import ssl
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools.proving import Context, Short
from proofs import google_steps as steps
from proofs.desktop import Desktop
from proofs.organization import Organization
from proofs.person import Person
from proofs.secret_search import Secret

__all__ = [
    "HARNESS",
    "PHRASE",
    "Session",
    "Witnessed",
    "planted_texts",
    "session_around",
    "walk",
]

HARNESS = Path(__file__).with_name("secret_harness.py")
_WITNESS = Path(__file__).with_name("secret_witness.py")

PHRASE = "nine invented words and not one more"
"""What the representative types where there is no password store."""
_HER = "ingrid.solberg@nordby.example"
_EXCHANGE = "exchange"
_HIDDEN = "password text"
_NO_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
_PATIENCE = 40.0
_KEY = """
import sys
from pathlib import Path
from wizard.vault.keyrings import SystemKeyring
from wizard.vault.sealed import Header
for file in Path(sys.argv[1]).rglob("vault"):
    key = SystemKeyring().read(f"vault {Header.of(file.read_bytes()).id}") or b""
    print(key.hex())
"""
"""Prints the key that the password store keeps for each vault of a home."""


class Witnessed(Organization):
    """The practice organization with a witness, who notes what goes over its wires."""

    def __init__(self, context: Context, directory: Path, *, people: int) -> None:
        super().__init__(context, directory, people=people)
        self._place = directory
        self._python = context.python
        self._count = people
        self.record = directory / "secrets.jsonl"

    def _command(self, ready: Path) -> list[str]:
        return [
            str(self._python), str(_WITNESS),
            str(self._place / "home"), str(self._count), str(ready), str(self.record),
        ]  # fmt: skip

    def _noted(self) -> list[Secret]:
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return [Secret(**json.loads(line)) for line in lines]

    def secrets(self) -> list[Secret]:
        """Every secret so far."""
        return [one for one in self._noted() if one.kind != _EXCHANGE]

    def replayed(self) -> list[int]:
        """The answer to each exchange of a code when it is sent once more, proof key and all."""
        trust = ssl.create_default_context(cafile=self.profile.with_name("ca.pem"))
        answers = []
        for one in self._noted():
            if one.kind != _EXCHANGE:
                continue
            address, _, form = one.value.partition(" ")
            request = urllib.request.Request(address, data=form.encode(), method="POST")
            request.add_header("Content-Type", "application/x-www-form-urlencoded")
            try:
                with urllib.request.urlopen(request, timeout=60, context=trust) as answer:
                    answers.append(int(answer.status))
            except urllib.error.HTTPError as refused:
                answers.append(refused.code)
        return answers


@dataclass(kw_only=True)
class Session:
    """The places of a session, all below one folder, and what was seen of it."""

    context: Context
    organization: Witnessed
    folder: Path
    shown: list[str] = field(default_factory=list)
    """Everything that stood in the window whenever somebody looked."""
    keys: list[Secret] = field(default_factory=list)
    """The keys that the password store keeps."""
    planted: int = 0
    """Mistakes with secrets in them that the window met and went on from."""

    def place(self, name: str) -> Path:
        """A folder of the session, made where it is missing."""
        path = self.folder / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


class _Watched(Person):
    """A person whose window is read as often as it is looked at, and whose browser keeps things."""

    def __init__(self, session: Session, desktop: Desktop, name: str, *, service: str) -> None:
        self._session = session
        self._profile = session.place("browser") / name
        home = session.place(f"people/{name}") / "home"
        super().__init__(session.context, desktop, home, service=service)

    def be(self, *, google: str = "", **more: object) -> None:
        """See `Person.be`."""
        super().be(google=google, profile=str(self._profile), **more)

    def picture(self, name: str) -> Path:
        """See `Person.picture`; takes down the words, and draws nothing."""
        self._session.shown.extend(self.words())
        return self.home.parent / name

    def open_talkative(self, *more: str, around: dict[str, str] | None = None) -> None:
        """Start the program with all that it can say."""
        self.open_window(
            self._session.organization.profile,
            *more,
            through=[str(self._session.context.python), str(HARNESS)],
            around=around,
        )


@contextmanager
def session_around(marker: str, session: Session) -> Iterator[None]:
    """Everything that is started within the block belongs to the session, and lies in it."""
    kept, here = dict(os.environ), Path.cwd()
    os.environ |= {
        "SECRET_SESSION": marker,
        "PYTHONPATH": str(session.context.root),
        "TMPDIR": str(session.place("temporary")),
        "PYTHONUTF8": "1",
    }
    os.chdir(session.place("here"))
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ |= kept


def walk(session: Session) -> Path:
    """The owner's part, then that of IT, who ends by mistakes and by a crash; IT's home."""
    with Desktop(session.place("desktop"), size="1100x720") as desktop:
        owner = _Watched(session, desktop, "owner", service=_HER)
        try:
            kit = _owner(session, owner)
        finally:
            owner.leave()
        person = _Watched(session, desktop, "it", service=steps.ADMIN)
        try:
            _representative(session, person, kit)
            _mistakes(session, person)
            _crash(person)
        finally:
            person.leave()
        (session.folder / "clipboard.txt").write_text(_clipboard(session, desktop), "utf-8")
    return person.home


def _owner(session: Session, owner: _Watched) -> Path:
    """Signs up, invites IT, and hands over; with a password store of the system's."""
    owner.be(sign_up=True, name="Ingrid Solberg")
    owner.open_talkative()
    session.context.progress("The owner signs up, invites IT and hands over …")
    steps.welcome(owner, "I own the account")
    steps.sign_in(owner, create=True)
    steps.unit(owner, "Nordby Freight")
    steps.invite(owner, steps.ADMIN)
    kit = steps.hand_over(owner, session.place("kit"))
    if owner.close_window():
        raise Short("the owner's window did not end in order")
    for line in _asked(session, owner.desktop, _KEY, str(owner.home)).split():
        key = bytes.fromhex(line)
        session.keys += [
            Secret(kind="vault key", value=line),
            Secret(kind="vault key", value=base64.b64encode(key).decode()),
        ]
    if not session.keys:
        raise Short("the password store has no key")
    return kit


def _representative(session: Session, person: _Watched, kit: Path) -> None:
    """Goes on from the resume file, with a passphrase, until everyone is in step."""
    pages = tomllib.loads(session.organization.profile.read_text(encoding="utf-8"))["service"]
    resume = next(kit.parent.glob("*.ecsetup"))
    person.be(google=steps.ADMIN, follow="Accept the invitation")
    person.visit(f"{pages['pages']}/outbox")
    person.be(google=steps.ADMIN)
    planted = {
        "CRASH_WITH": str(session.folder / "planted.jsonl"),
        "CRASH_WHEN": str(session.folder / "crash-now"),
    }
    person.open_talkative("--resume", str(resume), around={**_NO_STORE, **planted})
    session.context.progress("IT signs in, under a passphrase …")
    person.press("Open the sign-in page")
    person.choose("Set a passphrase")
    for name in ("New passphrase", "The same once more"):
        person.write(name, PHRASE, role=_HIDDEN)
    person.picture("passphrase")
    person.press("Set the passphrase")
    person.see("You are signed in as", seconds=60)
    steps.unit_of_file(person)
    session.context.progress("The workspace, its app, and who is synced …")
    steps.workspace(person)
    steps.install_app(person)
    steps.authorize(person)
    steps.scope_everyone(person)
    steps.preview(person)
    steps.provisioning(person)
    steps.run_here(person)
    session.context.progress("The first sync …")
    steps.first_sync(person)
    person.picture("done")


def planted_texts(secrets: Sequence[Secret]) -> list[str]:
    """Exceptions as real ones would word them, each with a secret of this very session in it."""
    texts = []
    for secret in secrets:
        name, value = secret.kind, secret.value
        texts += {
            "access_token": [
                f"unexpected header: Authorization: Bearer {value}",
                f"no entry for {value!r}",
            ],
            "refresh_token": [json.dumps({"grant_type": "refresh_token", name: value})],
            "id_token": [f"Not enough segments in {value}"],
            "code": [f"cannot open http://127.0.0.1:5/back?state=x&code={value}"],
            "code_verifier": [f"bad form: code_verifier={value}&client_id=x"],
            "token": [f"unexpected answer: {{'id': 'pt_1', 'token': '{value}'}}"],
        }.get(name, [])
    return texts


def _mistakes(session: Session, person: _Watched) -> None:
    """Exceptions that nobody catches, each with a secret in it, in threads and in the window."""
    session.context.progress("Mistakes with secrets in them …")
    texts = planted_texts(session.organization.secrets())
    file = session.folder / "planted.jsonl"
    file.write_text("".join(f"{json.dumps(text)}\n" for text in texts), encoding="utf-8")
    (session.folder / "crash-now").touch()
    log = person.home / "logs" / "enterprise-connect.log"
    limit = time.monotonic() + _PATIENCE
    while (met := _count(log, "Planted: ")) < 2 * len(texts):  # in a thread, and in the window's
        if time.monotonic() > limit:
            raise Short("the window did not tell its mistakes", {"told": met, "of": len(texts)})
        time.sleep(0.2)
    session.planted = met
    person.picture("mistakes")


def _count(log: Path, words: str) -> int:
    files = [log, *log.parent.glob(f"{log.name}.*")]
    return sum(file.read_text(encoding="utf-8").count(words) for file in files if file.exists())


def _crash(person: _Watched) -> None:
    """The window is ended as a fault in a library ends it."""
    if person.window is None or person.window.poll() is not None:
        raise Short("the window was gone before it could crash")
    os.kill(person.window.pid, signal.SIGABRT)
    if person.window.wait(60) != -signal.SIGABRT:
        raise Short("the window did not crash as it was to")


def _clipboard(session: Session, desktop: Desktop) -> str:
    """What somebody else could paste now."""
    asked = (
        "from PySide6.QtGui import QGuiApplication as Q; a = Q([]); c = a.clipboard();"
        " print(c.text(), c.text(c.Mode.Selection) if c.supportsSelection() else '')"
    )
    return _asked(session, desktop, asked)


def _asked(session: Session, desktop: Desktop, script: str, *words: str) -> str:
    """What a few lines of Python print, run on the desktop of the session."""
    done = subprocess.run(
        [str(session.context.python), "-c", script, *words],
        check=False,
        env=desktop.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise Short(f"the desktop was asked in vain: {done.stderr[-400:]}")
    return done.stdout
