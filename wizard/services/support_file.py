"""The support file: one text that a person can read whole, without people, names or secrets."""

from __future__ import annotations

import getpass
import importlib.metadata
import os
import platform
import re
import socket
import sqlite3
import ssl
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from wizard import __version__
from wizard.content.cli import STATE_WORDS
from wizard.content.support_file import heading, note_lines
from wizard.content.text import language, t, tn
from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.people import Standing
from wizard.core.runs import PlanCounts, RunReport
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Fact, Trouble
from wizard.flow.graph import Walk
from wizard.services.contract.checking import Check
from wizard.services.desk_reporting import report_name
from wizard.services.engine import Engine
from wizard.services.log_tail import last_lines
from wizard.services.marks import Marks, name_words
from wizard.services.schedule import SchedulerView
from wizard.store.database import Database
from wizard.store.statements import Reading
from wizard.sync.runs import reports

__all__ = ["Collected", "support_name", "support_text"]

_RUNS = 20
_LINES = 400
_PACKAGES = (
    "PySide6-Essentials", "cryptography", "google-auth", "google-auth-oauthlib", "keyring",
    "msgspec", "pyjwt", "requests", "truststore", "urllib3",
)  # fmt: skip
_TABLES = (
    "snap_user", "snap_deleted", "snap_group", "snap_member", "snap_unit", "verdict", "link",
    "service_account", "run", "unbegun_run", "plan_item", "evidence", "journal", "approval",
    "directory_change",
)  # fmt: skip
_LOG_HEAD = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ [A-Z]+ [\w.]+ \[\w+\]")
_TOLD_AS_IT_IS = frozenset(
    {"problem", "connection", "provider", "status", "count", "limit", "people", "minutes", "kind"}
)
"""Facts of a trouble that are words or numbers of this program's own."""
_IS_A_NAME = frozenset(
    {"name", "person", "names", "others", "unit", "group", "organization", "detail"}
)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What the file is made of. `checks` are those that were looked at, () for none."""

    engine: Engine
    walk: Walk
    schedule: SchedulerView
    checks: Sequence[Check] = ()
    log: Path = field(default_factory=Path)


def support_name(now: datetime) -> str:
    """What the file is called, where nobody names it otherwise."""
    return f"enterprise-connect-support-{now.astimezone():%Y%m%d-%H%M%S}.txt"


def support_text(about: Collected, cancel: Cancel) -> str:
    """The whole file. What can't be read is told as that; raises `Trouble(CANCELLED)` alone."""
    marks, names_known = _marks(about, cancel)
    sections: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        (t("Program and system"), lambda: _program(about)),
        (t("Profile and network"), lambda: _network(about, marks)),
        (t("Checks"), lambda: _checks(about.checks, marks)),
        (t("Set-up"), lambda: _set_up(about, marks)),
        (t("Settings, as last read here"), lambda: _settings(about)),
        (t("Schedule"), lambda: _schedule(about.schedule, marks)),
        (t("Last syncs, the newest first"), lambda: _runs(about, marks)),
        (t("What is stored here, in numbers"), lambda: _stored(about)),
        (t("Last lines of the log"), lambda: _log(about, marks, whole=names_known)),
    )
    lines: list[str] = []
    for title, tell in sections:
        cancel.check()
        lines += ["", *heading(title)]
        try:
            lines += tell()
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            lines.append(
                t("Could not be read: {code}", code=_told(trouble.code, trouble.facts, marks))
            )
        except (OSError, sqlite3.Error) as problem:
            lines.append(t("Could not be read: {code}", code=type(problem).__name__))
    now = about.engine.ground.clock.now()
    first = note_lines(made=to_text(now), people=marks.people())
    return "\n".join([*first, *lines]) + "\n"


# ------------------------------------------------------------------ who must not be in it


def _marks(about: Collected, cancel: Cancel) -> tuple[Marks, bool]:
    """What takes people out of texts, and whether it knows what they are called."""
    engine = about.engine
    answers, here = about.walk.answers, engine.ground.installation
    names = [answers.signed_in_name]
    hosts = {here.host, socket.gethostname(), engine.ground.proxy.address.partition(":")[0]}
    hidden = [(unit, t("[organization]")) for unit in (answers.ou_name, answers.looks_at_name)]
    # The helpdesk's page is called after the unit, in small letters.
    page = f"{t('[organization]')}-helpdesk.html"
    hidden += [(report_name(unit), page) for unit, _ in hidden if unit]
    # Another computer that syncs is told by its bare name, maybe by the check alone.
    hosts |= {one.detail for one in about.checks if one.id == "syncer" and one.code is not None}
    names_known = True
    try:
        database = _database(about)
        if database is not None:
            with database.read(cancel=cancel) as reading:
                names += _names(reading)
            for report in reports(database, limit=_RUNS):
                hosts |= {str(value) for name, value in report.trouble_facts if name == "host"}
    except Trouble as trouble:
        if trouble.code is Code.CANCELLED:
            raise
        names_known = False
    kept = {host.partition(":")[0] for host in engine.ground.profile.hosts()}
    marks = Marks(
        kept=kept | {"googleapis.com", "google.com"},
        hosts={host for host in hosts if host and host not in kept},
        names=name_words(names),
        home=str(Path.home()),
        replaced=[*hidden, *_login()],
    )
    return marks, names_known


def _login() -> Iterator[tuple[str, str]]:
    """The person's name at this computer, where it is more than a word of every text."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return
    if len(login) > 3 and login not in {"root", "user", "admin", "system"}:
        yield login, t("[user]")


def _names(reading: Reading) -> Iterator[str]:
    """Every name that is known here."""
    for table in ("snap_user", "link", "service_account"):
        yield from reading.values(
            str,
            f"SELECT given_name || ' ' || family_name FROM {table}",  # noqa: S608 - constants
        )


def _database(about: Collected) -> Database | None:
    answers = about.walk.answers
    return about.engine.syncing.database(answers) if answers.organization_account_id else None


# ------------------------------------------------------------------ sections


def _program(about: Collected) -> Iterator[str]:
    yield _line(t("Made"), to_text(about.engine.ground.clock.now()))
    yield _line(t("Program"), __version__)
    yield _line("Python", f"{platform.python_version()} ({platform.python_implementation()})")
    yield _line(t("System"), f"{platform.system()} {platform.release()} {platform.machine()}")
    yield _line("SQLite", sqlite3.sqlite_version)
    yield _line("TLS", ssl.OPENSSL_VERSION)
    yield _line(t("Language"), language())
    offset = about.engine.ground.clock.now().astimezone().strftime("%z")
    yield _line(t("Time zone"), f"UTC{offset}")
    yield _line(t("Window system"), _display())
    for package in _PACKAGES:
        try:
            yield _line(package, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield _line(package, t("not there"))


def _display() -> str:
    if sys.platform != "linux":
        return sys.platform
    found = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    return ", ".join(found) or t("none")


def _network(about: Collected, marks: Marks) -> Iterator[str]:
    ground = about.engine.ground
    profile = ground.profile
    yield _line(t("Profile"), f"{profile.service_name} ({profile.id})")
    yield _line(t("Practice"), _yes(profile.is_practice))
    for host in profile.hosts():
        yield _line(t("Reaches"), host)
    yield _line(t("Proxy"), ground.proxy.mode.value)
    in_use = ground.net.proxy_in_use(profile.service.api).shown
    host, _, port = in_use.rpartition(":")
    yield _line(t("Proxy in use"), f"{marks.host(host)}:{port}" if host else t("none"))


def _checks(checks: Sequence[Check], marks: Marks) -> Iterator[str]:
    if not checks:
        yield t("Nothing was checked before this file was made.")
    for one in checks:
        state = t(STATE_WORDS[one.state.value])
        code = f" [{one.code.value}]" if one.code is not None else ""
        yield f"{state:<8} {one.id:<14}{code} {marks.text(f'{one.title}: {one.detail}')}".rstrip()


def _set_up(about: Collected, marks: Marks) -> Iterator[str]:
    walk, answers = about.walk, about.walk.answers
    here = about.engine.ground.installation
    yield _line(t("Step"), walk.step.value)
    yield _line(t("Steps behind"), ", ".join(one.step.value for one in walk.behind) or t("none"))
    yield _line(t("Role"), answers.role.value if answers.role is not None else t("not chosen"))
    yield _line(t("Signed in as"), marks.person(answers.signed_in_as) or t("nobody"))
    yield _line(t("Authorized by"), marks.person(answers.authorized_as) or t("nobody"))
    yield _line(t("Organizational unit"), answers.ou_id or answers.looks_at or t("none"))
    yield _line(t("Organization account"), answers.organization_account_id or t("none"))
    yield _line(t("Connection active"), _yes(answers.organization_account_active))
    yield _line(t("Workspace"), f"{answers.provider.value} {answers.customer_id}".strip())
    yield _line(t("Domain"), marks.host(answers.domain) or t("none"))
    place = answers.place.value if answers.place is not None else t("not chosen")
    yield _line(t("Where it runs"), place)
    yield _line(t("Kept elsewhere"), _yes(answers.kept_elsewhere))
    yield _line(t("Installation"), here.id)
    for name in (
        "service_answered", "workspace_chosen", "app_installed", "scope_confirmed", "preview_seen",
        "provisioning_on", "place_ready", "first_sync_done", "handed_over", "it_finished",
    ):  # fmt: skip
        yield _line(name, _yes(bool(getattr(answers, name))))


def _settings(about: Collected) -> Iterator[str]:
    kept = about.engine.syncing.kept()
    if kept is None:
        yield t("They were never read here.")
        return
    yield _line(t("Read"), to_text(kept.read_at))
    yield from _setting_lines(kept.settings)


def _setting_lines(settings: ProvisioningSettings) -> Iterator[str]:
    scope, limits = settings.scope, settings.limits
    yield _line("enabled", _yes(settings.enabled))
    yield _line("interval_minutes", str(settings.interval_minutes))
    yield _line("leavers", f"{settings.leavers.value}, {settings.grace_days} d")
    yield _line("limits.leave", f"{limits.leave_percent} %, {limits.leave_max}")
    yield _line("limits.change", f"{limits.change_percent} %, {limits.change_min}")
    yield _line("scope.kind", scope.kind.value)
    for name in (
        "unit_ids", "group_ids", "user_ids", "domains",
        "exclude_unit_ids", "exclude_group_ids", "exclude_user_ids", "exclude_domains",
    ):  # fmt: skip
        chosen: Collection[str] = getattr(scope, name)
        yield _line(f"scope.{name}", tn("{count} chosen", "{count} chosen", len(chosen)))
    yield _line("scope.not_active", f"{scope.suspended.value}, {scope.archived.value}")
    yield _line("address", f"{settings.address.choice.value}, {settings.address.otherwise.value}")
    count = len(settings.protected)
    yield _line("protected", tn("{count} account", "{count} accounts", count))
    yield _line("version", str(settings.version))


def _schedule(view: SchedulerView, marks: Marks) -> Iterator[str]:
    yield _line(t("State"), view.state.value)
    yield _line(t("Trouble"), view.trouble.value if view.trouble is not None else t("none"))
    yield _line(t("Overdue"), _yes(view.overdue))
    for words, moment in (
        (t("Next run"), view.next_run_at),
        (t("Last good run"), view.last_good_at),
        (t("Paused until"), view.paused_until),
        (t("Woke up"), view.slept_at),
    ):
        yield _line(words, to_text(moment) if moment is not None else "–")
    if view.last is not None and not view.last.run_id:
        yield from _run_lines(view.last, marks)


def _runs(about: Collected, marks: Marks) -> Iterator[str]:
    database = _database(about)
    found = reports(database, limit=_RUNS) if database is not None else ()
    if not found:
        yield t("None so far.")
    for report in found:
        yield from _run_lines(report, marks)


def _run_lines(report: RunReport, marks: Marks) -> Iterator[str]:
    seconds = (report.finished_at - report.started_at) / timedelta(seconds=1)
    head = (to_text(report.started_at), report.run_id or "–", report.trigger.value)
    yield f"{' '.join(head)} {report.outcome.value} {seconds:.1f} s"
    yield (
        f"  people_read={report.people_read} requests={report.requests} failed={report.failed}"
        f" held={','.join(f'{kind.value}:{people}' for kind, people in report.held) or 0}"
    )
    yield f"  planned: {_counts(report.planned)}"
    yield f"  done:    {_counts(report.done)}"
    if report.trouble is not None:
        yield f"  {_told(report.trouble, dict(report.trouble_facts), marks)}"


def _told(code: Code, about: Mapping[str, Fact], marks: Marks) -> str:
    """A trouble's code with the facts that name nobody."""
    facts = []
    for name, value in sorted(about.items()):
        if name in _IS_A_NAME:
            continue
        told = str(value)
        if name in {"host", "proxy"}:
            told = marks.host(told)
        elif name not in _TOLD_AS_IT_IS:
            told = marks.text(told)
        facts.append(f"{name}={told}")
    return f"{code.value} ({', '.join(facts)})" if facts else code.value


def _counts(counts: PlanCounts) -> str:
    names = ("create", "adopt", "update", "deactivate", "reactivate", "skip", "unchanged")
    return " ".join(f"{name}={getattr(counts, name)}" for name in (*names, "problem"))


def _stored(about: Collected) -> Iterator[str]:
    database = _database(about)
    if database is None:
        yield t("Nothing: no directory is connected from here.")
        return
    yield _line(t("Size of the file"), f"{database.path.stat().st_size:,}")
    with database.read() as reading:
        yield _line("version", str(reading.value(int, "PRAGMA user_version")))
        for name in ("generation", "read_at", "full_read_at", "people", "links_rebuilt_at"):
            told = next(
                reading.values(str, f"SELECT coalesce({name} || '', '–') FROM connection"),  # noqa: S608 - constants
                "–",
            )
            yield _line(f"connection.{name}", told)
        for table in _TABLES:
            rows = reading.value(int, f"SELECT count(*) FROM {table}")  # noqa: S608 - constants
            yield _line(table, f"{rows:,}")
        for words, sql in (
            ("link.active", "SELECT active || ': ' || count(*) FROM link GROUP BY active"),
            ("link.absent", "SELECT count(*) || '' FROM link WHERE absent_since IS NOT NULL"),
            (
                "journal",
                "SELECT kind || ' ' || state || ': ' || count(*) FROM journal GROUP BY kind, state",
            ),
            ("verdict", "SELECT reason || ': ' || count(*) FROM verdict GROUP BY reason"),
        ):
            yield _line(words, ", ".join(reading.values(str, sql)) or "0")
    counts = about.engine.people.view(Cancel())
    for standing in Standing:
        yield _line(f"people.{standing.value}", f"{counts.count(standing):,}")


def _log(about: Collected, marks: Marks, *, whole: bool) -> Iterator[str]:
    """The last lines; without `whole` only when, where and how grave, for words may hold a name."""
    found = last_lines(about.log, at_most=_LINES)
    if not found:
        yield t("There is no log.")
    elif not whole:
        yield t("The words are left out: nobody could be asked what people are called.")
    for line in found:
        head = _LOG_HEAD.match(line)
        if whole:
            yield marks.text(line)
        elif head is not None:
            yield marks.text(head[0])


def _line(name: str, value: str) -> str:
    return f"{name:<24} {value}".rstrip()


def _yes(is_so: bool) -> str:
    return t("yes") if is_so else t("no")
