"""Checks: of the program itself without any network, and of a set-up with all that it needs."""

from __future__ import annotations

import importlib
import secrets
import shutil
import socket
import sqlite3
import ssl
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.content.findings import finding_words
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import TABLE, trouble_words
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.resources import resource
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingState, FindingView, Listen
from wizard.services.contract.checking import Check, CheckBegun
from wizard.services.exits import Exit, exit_of_trouble
from wizard.services.telling import ended_words

if TYPE_CHECKING:
    from wizard.services.workbench import LocalWorkbench

__all__ = ["Check", "check_self", "check_set_up", "finding_check", "worst"]

_LIBRARIES = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "google.oauth2.credentials",
    "google_auth_oauthlib.flow",
    "jwt",
    "keyring.core",
    "msgspec",
    "requests",
    "requests_oauthlib",
    "starlette.applications",
    "truststore",
    "uvicorn",
)
_ROOM = 200 * 1024 * 1024
_OLDEST_SQLITE = (3, 37, 0)

_TITLES: dict[str, Message] = {
    "files": N_("Files of the program"),
    "libraries": N_("Libraries"),
    "words": N_("Words"),
    "profiles": N_("Profiles"),
    "database": N_("Database"),
    "secrets": N_("Sealed secrets"),
    "trust": N_("Trusted certificates"),
    "loopback": N_("Way back from the browser"),
    "folder": N_("Folder"),
    "keeping": N_("Where sign-ins are kept"),
    "service": N_("Account service"),
    "person": N_("Signed in"),
    "connection": N_("Connection"),
    "settings": N_("Provisioning"),
    "syncer": N_("Who syncs"),
    "directory": N_("Directory"),
    "notes": N_("What is stored here"),
    "run": N_("Last run"),
    "report": N_("Page for the helpdesk"),
}
_TOPICS = {
    "folder": "disk-full",
    "keeping": "saved-sign-ins",
    "service": "network",
    "person": "sign-in-expired",
    "connection": "authorized-but-nothing-happened",
    "settings": "what-provisioning-does",
    "syncer": "another-computer",
    "directory": "directory-forbidden",
    "notes": "damaged-files",
    "run": "is-it-healthy",
    "report": "helpdesk-report",
    "trust": "certificates",
    "loopback": "browser-did-not-open",
}
"""The help topic of a check that has no trouble's own."""
_WHOLE = "support-file"
"""The topic for what is wrong with the program itself."""


def _passed(check: str, detail: str) -> Check:
    return _check(check, FindingState.PASSED, detail)


def _warned(check: str, detail: str, code: Code | None = None, to_do: str = "") -> Check:
    words = trouble_words(code, {}) if code is not None else None
    topic = words.topic if words is not None else _TOPICS.get(check, "")
    found = _check(check, FindingState.WARNING, detail, code)
    return replace(found, to_do=to_do or (words.to_do if words is not None else ""), topic=topic)


def _check(check: str, state: FindingState, detail: str, code: Code | None = None) -> Check:
    view = FindingView(id=check, state=state, code=code)
    topic = _TOPICS.get(check, _WHOLE)
    return Check(view=view, title=t(_TITLES[check]), detail=detail, topic=topic)


def _failed(check: str, trouble: Trouble) -> Check:
    words = trouble_words(trouble.code, trouble.facts, retry_after=trouble.retry_after)
    found = _check(check, FindingState.FAILED, f"{words.title}. {words.happened}", trouble.code)
    return replace(found, to_do=words.to_do, topic=words.topic)


def _not_listened(event: object) -> None:
    del event


def finding_check(finding: FindingView) -> Check:
    """A finding of the authorization, with its words."""
    words = finding_words(finding.id, finding.state.value, dict(finding.facts), finding.code)
    topic = trouble_words(finding.code, dict(finding.facts)).topic if finding.code else ""
    detail = words.value or words.sentence
    return Check(view=finding, title=words.title, detail=detail, topic=topic)


def worst(checks: Sequence[Check]) -> Exit:
    """The exit code for a list of checks: that of the first one that failed."""
    for check in checks:
        if check.view.state is FindingState.FAILED:
            return exit_of_trouble(check.view.code) if check.view.code else Exit.FAILED
    return Exit.DONE


# ------------------------------------------------------------------ the program itself


def check_self(cancel: Cancel, listen: Listen = _not_listened) -> list[Check]:
    """Whether this program is whole and can work on this computer; nothing leaves it."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("files", _files),
        ("libraries", _libraries),
        ("words", _words),
        ("profiles", _profiles),
        ("database", _database),
        ("secrets", lambda: _secrets(cancel)),
        ("trust", _trust),
        ("loopback", _loopback),
    ]
    done = []
    for check, look in checks:
        cancel.check()
        listen(CheckBegun(id=check, title=t(_TITLES[check])))
        try:
            found = _passed(check, look())
        except (ImportError, OSError, sqlite3.Error, LookupError, ValueError) as problem:
            detail = f"{type(problem).__name__}: {problem}"
            found = _check(check, FindingState.FAILED, detail)
            found = replace(found, to_do=t("Install the program again."))
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            found = _failed(check, trouble)
        done.append(found)
        listen(found)
    return done


def _files() -> str:
    wanted = ("api/enterprise-connect.yaml", "profiles/example.toml", "faq", "icons", "pages")
    missing = [name for name in wanted if not resource(*name.split("/")).exists()]
    if missing:
        raise LookupError(", ".join(missing))
    return str(resource())


def _libraries() -> str:
    for name in _LIBRARIES:
        importlib.import_module(name)
    return tn("{count} library", "{count} libraries", len(_LIBRARIES))


def _words() -> str:
    missing = [code.value for code in Code if code not in TABLE]
    if missing:
        raise LookupError(", ".join(missing))
    return tn("{count} message", "{count} messages", len(TABLE))


def _profiles() -> str:
    from wizard.profile.load import list_built_in

    return ", ".join(profile.name for profile in list_built_in())


def _database() -> str:
    from wizard.store.database import Database

    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise LookupError(sqlite3.sqlite_version)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "check.db", SystemClock())
        try:
            with database.read() as reading:
                reading.value(int, "SELECT count(*) FROM link")
        finally:
            database.close()
    return f"SQLite {sqlite3.sqlite_version}"


def _secrets(cancel: Cancel) -> str:
    from wizard.vault.vault import Vault, VaultChoice, open_vault

    with tempfile.TemporaryDirectory() as folder:
        word = secrets.token_urlsafe(12)

        def opened() -> Vault:
            return open_vault(
                Path(folder),
                VaultChoice.PASSPHRASE,
                passphrase=word,
                cancel=cancel,
                log_n=14,
            )

        opened().set("check/self", "sample")
        if opened().get_text("check/self") != "sample":
            raise LookupError("check/self")
    return t("Sealed, and opened again")


def _trust() -> str:
    import truststore

    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.OPENSSL_VERSION


def _loopback() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with socket.create_connection(server.getsockname(), timeout=5):
            server.accept()[0].close()
    return "127.0.0.1"


# ------------------------------------------------------------------ a set-up


def check_set_up(
    bench: LocalWorkbench, cancel: Cancel, listen: Listen = _not_listened
) -> list[Check]:
    """Whether everything that a sync needs is there; what depends on what failed is left out.

    Events: `CheckBegun`, and each `Check` as it ends.
    """
    done: list[Check] = []
    engine = bench.engine

    def look(check: str, find: Callable[[], Check]) -> bool:
        cancel.check()
        listen(CheckBegun(id=check, title=t(_TITLES[check])))
        try:
            done.append(find())
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            done.append(_failed(check, trouble))
        listen(done[-1])
        return done[-1].state is not FindingState.FAILED

    answers = bench.answers
    look("folder", lambda: _folder(engine.ground.folder))
    look("keeping", lambda: _keeping(bench, cancel))
    if answers.organization_account_id:
        look("notes", lambda: _notes(bench, cancel))
    if not look("service", lambda: _service(bench, cancel)):
        if answers.organization_account_id:
            look("run", lambda: _last_run(bench))
        return done
    look("person", lambda: _person(bench, cancel))
    if not answers.organization_account_id:
        look("connection", lambda: _not_connected(bench))
        return done
    if look("connection", lambda: _connection(bench, cancel)):
        look("settings", lambda: _settings(bench, cancel))
        look("syncer", lambda: _syncer(bench, cancel))
    look("directory", lambda: _directory(bench, cancel))
    look("run", lambda: _last_run(bench))
    if engine.desk.view().folder is not None:
        look("report", lambda: _report(bench))
    return done


def _not_connected(bench: LocalWorkbench) -> Check:
    words = t("Not connected yet")
    if bench.answers.unit_seen and not bench.answers.ou_id:
        words = t("Nothing is connected from this computer")
    # Nothing comes by waiting: the words of that code are those of a connection under way.
    to_do = trouble_words(Code.CONNECTION_NOT_ACTIVE, {"problem": "none"}).to_do
    return _warned("connection", words, Code.CONNECTION_NOT_ACTIVE, to_do)


def _notes(bench: LocalWorkbench, cancel: Cancel) -> Check:
    database = bench.engine.syncing.database(bench.answers)
    with database.read(cancel=cancel) as reading:
        said = next(reading.values(str, "PRAGMA quick_check(1)"), "")
        people = reading.value(int, "SELECT count(*) FROM link")
    if said != "ok":
        raise Trouble(Code.DATABASE_DAMAGED, file=database.path.name)
    return _passed("notes", tn("{count} account is known", "{count} accounts are known", people))


def _report(bench: LocalWorkbench) -> Check:
    view = bench.engine.desk.view()
    if view.trouble is not None:
        words = trouble_words(view.trouble.code, view.trouble.facts)
        detail = f"{words.title}. {words.happened}"
        return _warned("report", detail, view.trouble.code, words.to_do)
    return _passed("report", view.file)


def _last_run(bench: LocalWorkbench) -> Check:
    report = bench.engine.syncing.last_report()
    if report is None:
        return _passed("run", t("none yet"))
    if report.outcome in {RunOutcome.DONE, RunOutcome.OFF}:
        return _passed("run", ended_words(report))
    return _warned("run", ended_words(report), report.trouble)


def _folder(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        return _warned("folder", t("Little room is left in {folder}", folder=str(folder)))
    return _passed("folder", str(folder))


def _keeping(bench: LocalWorkbench, cancel: Cancel) -> Check:
    choice = bench.engine.ground.vault(cancel).choice.value
    if choice == "memory":
        return _warned("keeping", t("In memory, until the program ends"))
    kept = {
        "keyring": t("Sealed, the key in this system’s keyring"),
        "passphrase": t("Sealed under your passphrase"),
    }
    return _passed("keeping", kept[choice])


def _service(bench: LocalWorkbench, cancel: Cancel) -> Check:
    view = bench.network(cancel)
    proxy = t("by the proxy {proxy}", proxy=view.proxy) if view.proxy else t("no proxy")
    return _passed("service", f"{bench.profile.name}, {proxy}")


def _person(bench: LocalWorkbench, cancel: Cancel) -> Check:
    return _passed("person", bench.engine.access.as_person(cancel).me(cancel).address)


def _connection(bench: LocalWorkbench, cancel: Cancel) -> Check:
    answers = bench.answers
    service = bench.engine.access.as_sync(answers, cancel)
    account = service.organization_account(answers.ou_id, answers.organization_account_id, cancel)
    if account.status.value != "active":
        raise Trouble(Code.CONNECTION_NOT_ACTIVE)
    return _passed("connection", account.domain)


def _settings(bench: LocalWorkbench, cancel: Cancel) -> Check:
    answers = bench.answers
    service = bench.engine.access.as_sync(answers, cancel)
    settings = service.settings(answers.ou_id, answers.organization_account_id, cancel)
    if not settings.enabled:
        return _warned("settings", t("Off"), Code.PROVISIONING_OFF)
    return _passed(
        "settings",
        tn("on, every {count} minute", "on, every {count} minutes", settings.interval_minutes),
    )


def _syncer(bench: LocalWorkbench, cancel: Cancel) -> Check:
    answers = bench.answers
    service = bench.engine.access.as_sync(answers, cancel)
    account = service.organization_account(answers.ou_id, answers.organization_account_id, cancel)
    lease, here = account.syncer, bench.engine.ground.installation
    if lease is None:
        return _passed("syncer", t("Nobody yet"))
    if lease.installation_id != here.id and lease.expires_at > bench.engine.ground.clock.now():
        return _warned("syncer", lease.host, Code.NOT_THE_SYNCER)
    return _passed("syncer", t("This computer"))


def _directory(bench: LocalWorkbench, cancel: Cancel) -> Check:
    reader = bench.engine.access.reader(bench.answers, cancel)
    customer = reader.customer(cancel)
    if customer.id != bench.answers.customer_id:
        raise Trouble(Code.OTHER_CUSTOMER, domain=customer.primary_domain)
    return _passed("directory", customer.primary_domain)
