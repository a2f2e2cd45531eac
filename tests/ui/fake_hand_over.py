"""Handing over as a window's test sees it: IT does part after part by the test's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.ui import halden
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Role
from wizard.services.contract.hand_over import (
    Halt,
    ItPart,
    KitFiles,
    MailKind,
    MailText,
    PartState,
    PartView,
    ResumeView,
    WaitingView,
)
from wizard.services.contract.inviting import InvitedState, InvitedView
from wizard.services.learning import stands
from wizard.services.sign_in import stay_with

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

IT_ADDRESS = "tomasz.wilk@halden-freight.example"
_TOLD = frozenset({ItPart.ACCEPTED, ItPart.APP, ItPart.AUTHORIZED, ItPart.PROVISIONING})
"""The parts whose time the service tells."""


class FakeHandOver:
    """`wizard.services.contract.hand_over.HandOverCalls` on a fake workbench."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.done = 0
        """How many parts IT has done."""
        self.stopped: Trouble | None = None
        self.failed_first = False
        """The part under way stopped, and the service doesn't say why."""
        self.pending = False
        self.halted: Halt | None = None
        """What has stopped since everything was done."""
        self.accounts = halden.IN_SCOPE
        self.invitation = InvitedState.PENDING
        self.began = datetime.now(UTC) - timedelta(minutes=40)
        self.mail_opens = True
        self.mailed: list[MailKind] = []
        self.saved: list[Path] = []
        self.resumes: dict[str, ResumeView | Trouble] = {}
        self.taken: list[ResumeView] = []

    def _person(self) -> InvitedView:
        came = self.done > 0
        return InvitedView(
            id="inv-1",
            address=IT_ADDRESS,
            name="Tomasz Wilk" if came else "",
            state=InvitedState.ACCEPTED if came else self.invitation,
            expires_at=self.began + timedelta(hours=48),
            accepted_at=self.began if came else None,
        )

    def look(self, cancel: Cancel) -> WaitingView:
        self._bench.step("look", cancel)
        parts = []
        for number, part in enumerate(ItPart):
            at = self.began + timedelta(minutes=4 * number)
            if number < self.done:
                state = PartState.DONE
            elif number == self.done:
                state = PartState.STOPPED if self.stopped or self.failed_first else PartState.NOW
            else:
                state = PartState.TODO
            told = state is PartState.NOW or (state is PartState.DONE and part in _TOLD)
            trouble = self.stopped if state is PartState.STOPPED else None
            parts.append(PartView(part=part, state=state, at=at if told else None, trouble=trouble))
        finished = self.done == len(ItPart)
        self._bench.answers = replace(self._bench.answers, it_finished=finished)
        came = self.done > 0
        return WaitingView(
            parts=tuple(parts),
            people=(self._person(),),
            checked_at=datetime.now(UTC),
            it_name="Tomasz Wilk" if came else "",
            it_address=IT_ADDRESS if came else "",
            pending=self.pending,
            finished=finished,
            halted=self.halted if finished else None,
            accounts=self.accounts if finished else 0,
        )

    def kit_html(self) -> str:
        return f"<!doctype html><title>{self._bench.answers.ou_id}</title>"

    def save_kit(self, path: Path) -> KitFiles:
        self._bench.step("save_kit")
        self.saved.append(path)
        return KitFiles(kit=path, resume=path.with_suffix(".ecsetup"))

    def mail(self, kind: MailKind) -> MailText:
        self._bench.step("mail")
        return MailText(to=(IT_ADDRESS,), subject=f"About {kind.value}", body="Hello,")

    def open_mail(self, kind: MailKind) -> bool:
        self._bench.step("open_mail")
        self.mailed.append(kind)
        return self.mail_opens

    def read_resume(self, path: Path) -> ResumeView:
        self._bench.step("read_resume")
        known = self.resumes.get(path.name)
        if known is None:
            raise Trouble(Code.RESUME_FILE_DAMAGED, file=path.name)
        if isinstance(known, Trouble):
            raise known
        return known

    def resume_for(self, ou_id: str) -> ResumeView:
        self._bench.step("resume_for")
        known = self._bench.answers
        replaces = known.ou_name if known.ou_id not in {"", ou_id} else ""
        return ResumeView(ou_id=ou_id, replaces=replaces, erases=bool(replaces) and stands(known))

    def take_resume(self, resume: ResumeView) -> None:
        self._bench.step("take_resume")
        known = self._bench.answers
        stay_with(known, resume.ou_id)
        self.taken.append(resume)
        self._bench.answers = Answers(
            role=Role.IT,
            service_answered=known.service_answered,
            signed_in_as=known.signed_in_as,
            signed_in_name=known.signed_in_name,
            wanted_ou=resume.ou_id,
        )
