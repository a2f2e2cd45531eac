"""Checks and the support file, in memory: what is found, one by one, and what is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.ui.sample import NOW
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingState, FindingView, Listen
from wizard.services.contract.checking import (
    Check,
    CheckBegun,
    ReportView,
    SupportFile,
)

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["ALL_WELL", "REPORTED", "SOME_WRONG", "SUPPORT", "FakeChecking"]


def _check(
    name: str,
    title: str,
    detail: str,
    state: FindingState = FindingState.PASSED,
    *,
    to_do: str = "",
    topic: str = "",
    code: Code | None = None,
) -> Check:
    view = FindingView(id=name, state=state, code=code)
    return Check(view=view, title=title, detail=detail, to_do=to_do, topic=topic)


ALL_WELL = (
    _check("folder", "Folder", "/home/ingrid/.local/share/enterprise-connect-setup/halden"),
    _check("keeping", "Where sign-ins are kept", "Sealed, the key in this system’s keyring"),
    _check("notes", "What is stored here", "482 accounts are known"),
    _check("service", "Account service", "Halden Connect, by the proxy proxy.halden.example:3128"),
    _check("person", "Signed in", "ingrid.moe@halden-freight.example"),
    _check("connection", "Connection", "halden-freight.example"),
    _check("settings", "Provisioning", "on, every 30 minutes"),
    _check("syncer", "Who syncs", "This computer"),
    _check("directory", "Directory", "halden-freight.example"),
    _check("run", "Last run", "Done, 2026-10-12 10:31"),
    _check("files", "Files of the program", "/opt/enterprise-connect-setup/resources"),
    _check("libraries", "Libraries", "11 libraries"),
    _check("words", "Words", "104 messages"),
    _check("trust", "Trusted certificates", "OpenSSL 3.0.19 27 Jan 2026"),
    _check("loopback", "Way back from the browser", "127.0.0.1"),
)
SOME_WRONG = (
    *ALL_WELL[:4],
    _check(
        "person",
        "Signed in",
        "You are signed out. Your sign-in at Halden Connect has ended.",
        FindingState.FAILED,
        to_do="Sign in again. The background sync goes on meanwhile.",
        topic="sign-in-expired",
        code=Code.SIGN_IN_EXPIRED,
    ),
    *ALL_WELL[5:7],
    _check(
        "syncer",
        "Who syncs",
        "SERVER02",
        FindingState.WARNING,
        to_do="Look there, or take over here.",
        topic="another-computer",
        code=Code.NOT_THE_SYNCER,
    ),
    *ALL_WELL[8:],
)
SUPPORT = SupportFile(
    name="enterprise-connect-support-20261012-104212.txt",
    text="\n".join(
        [
            "Support file of Enterprise Connect Setup",
            "========================================",
            "Made 2026-10-12T10:42:12Z. Nothing was sent: it goes where you send it.",
            "",
            "Program and system",
            "------------------",
            *(f"Line {number:>3}  p1 h1 [name]" for number in range(1, 240)),
        ]
    )
    + "\n",
)

REPORTED = ReportView(
    folder=Path("/srv/helpdesk"),
    file="/srv/helpdesk/halden-freight-helpdesk.html",
    written_at=NOW,
    people=492,
    size=148_000,
)


class FakeChecking:
    """`wizard.services.contract.checking.CheckingCalls`; `found` is what the checks come to."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.found: Sequence[Check] = ALL_WELL
        self.file = SUPPORT
        self.saved: dict[Path, str] = {}
        self.kept_report = ReportView()
        self.left = ""
        """The page that can't be deleted when no more are written."""

    def check_everything(self, listen: Listen, cancel: Cancel) -> Sequence[Check]:
        for check in self.found:
            cancel.check()
            listen(CheckBegun(id=check.id, title=check.title))
            self._bench.step(f"check-{check.id}", cancel)
            listen(check)
        return self.found

    def support_file(self, cancel: Cancel) -> SupportFile:
        self._bench.step("support-file", cancel)
        return self.file

    def save_support_file(self, file: SupportFile, path: Path, *, replace: bool = False) -> Path:
        self._bench.step("save-support-file")
        if path in self.saved and not replace:
            raise Trouble(Code.FILE_THERE, file=str(path))
        self.saved[path] = file.text
        return path

    def report(self) -> ReportView:
        self._bench.step("report")
        return self.kept_report

    def choose_report(self, folder: Path, cancel: Cancel, *, private: bool) -> ReportView:
        self._bench.step("choose-report", cancel)
        file = str(folder / "halden-freight-helpdesk.html")
        self.kept_report = replace(REPORTED, folder=folder, private=private, file=file)
        return self.kept_report

    def end_report(self) -> ReportView:
        self._bench.step("end-report")
        self.kept_report = ReportView()
        return ReportView(file=self.left)
