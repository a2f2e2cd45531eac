"""A workspace to choose, an app to install and a check of everything, held in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.directory import ProviderId
from wizard.core.domains import domain_of, is_public_mail
from wizard.core.trouble import Trouble
from wizard.services.contract import CheckRunning, FindingState, FindingView, Listen
from wizard.services.contract.installing import AppLooked, AppView, WorkspacesView
from wizard.services.contract.live_check import LiveCheckView

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

APP = AppView(
    name="Enterprise Connect",
    service="Enterprise Connect",
    url="https://workspace.google.com/marketplace/app/enterprise_connect/480212",
    seen=True,
    client_id="480212-halden.apps.googleusercontent.example",
    console_url="https://admin.google.com/ac/owl/list?tab=configuredApps",
)


class FakeInstalling:
    """`wizard.services.contract.installing.InstallingCalls` on a fake workbench."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.providers: tuple[ProviderId, ...] = (ProviderId.GOOGLE,)
        self.what = APP
        self.installed = False
        """Whether the service sees the app."""
        self.unreached: Trouble | None = None
        """Why the service can't be asked just now."""
        self.browser_starts = True
        self.looked_ago = timedelta(seconds=12)
        self.looks = 0

    def workspaces(self, cancel: Cancel) -> WorkspacesView:
        self._bench.step("workspaces", cancel)
        answers = self._bench.answers
        own = domain_of(answers.signed_in_as)
        public = is_public_mail(own)
        return WorkspacesView(
            providers=self.providers,
            address=answers.signed_in_as,
            domain=answers.domain or ("" if public else own),
            suggested="" if public else own,
            public=own if public else "",
        )

    def choose(self, provider: ProviderId, domain: str, cancel: Cancel) -> None:
        self._bench.step("choose_workspace", cancel)
        self._bench.answers = replace(
            self._bench.answers,
            provider=provider,
            domain=domain,
            workspace_chosen=True,
            app_skipped=not (self.what.url or self.what.seen),
        )

    def app(self, cancel: Cancel) -> AppView:
        self._bench.step("app", cancel)
        return self.what

    def open_page(self, cancel: Cancel) -> bool:
        self._bench.step("open_page", cancel)
        self._bench.opened.append(self.what.url)
        opened = self._bench.answers.app_opened_at or to_text(datetime.now(UTC))
        self._bench.answers = replace(self._bench.answers, app_opened_at=opened)
        return self.browser_starts

    def look(self, cancel: Cancel) -> bool:
        self._bench.step("look", cancel)
        self.looks += 1
        if self.unreached is not None:
            raise self.unreached
        self._bench.answers = replace(self._bench.answers, app_installed=self.installed)
        return self.installed

    def wait(self, listen: Listen, cancel: Cancel) -> None:
        """Look all the time; what a test changes is seen at once."""
        self._bench.step("wait_for_app", cancel)
        told: AppLooked | None = None
        while not self.installed:
            self.looks += 1
            at = datetime.now(UTC) - self.looked_ago
            looked = AppLooked(at=at, next_at=at + timedelta(minutes=1), trouble=self.unreached)
            if told is None or told.trouble is not looked.trouble:
                listen(looked)
                told = looked
            cancel.wait(0.02)
        self._bench.answers = replace(self._bench.answers, app_installed=True)

    def claim(self, cancel: Cancel) -> None:
        self._bench.step("claim_app", cancel)
        self._bench.answers = replace(self._bench.answers, app_claimed=True)


def _passed(check: str, **facts: str | int | bool) -> FindingView:
    return FindingView(id=check, state=FindingState.PASSED, facts=tuple(facts.items()))


ALL_WELL = (
    _passed("service"),
    _passed("signed-in", person="tomasz.wilk@halden-freight.example"),
    _passed("unit", name="Halden Freight"),
    _passed("app", domain="halden-freight.example"),
    _passed("connection", domain="halden-freight.example"),
    _passed("authorization", address="tomasz.wilk@halden-freight.example"),
    _passed("test-read", people=492),
    _passed("settings", minutes=30),
    _passed("syncer", host="NB-1042", ours=True),
    _passed("last-run", finished_at="2026-10-12T10:31:00Z", changed=3),
)


class FakeLiveCheck:
    """`wizard.services.contract.live_check.LiveCheckCalls`: it finds what a test sets."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.findings: tuple[FindingView, ...] = ALL_WELL

    def look(self, listen: Listen, cancel: Cancel) -> LiveCheckView:
        for finding in self.findings:
            listen(CheckRunning(id=finding.id))
            self._bench.step(f"look {finding.id}", cancel)
            listen(finding)
        bad = [one for one in self.findings if one.state is FindingState.FAILED]
        warned = [one for one in self.findings if one.state is FindingState.WARNING]
        return LiveCheckView(findings=self.findings, stop=next(iter([*bad, *warned]), None))
