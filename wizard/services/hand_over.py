"""Handing a set-up over: the kit, the mail, waiting for IT, and going on with a resume file."""

from __future__ import annotations

import logging
import secrets
import threading
from dataclasses import replace
from pathlib import Path

from wizard.accounts.base import AccountService
from wizard.content.kit import kit_html
from wizard.content.text import t
from wizard.core.cancel import Cancel
from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Role
from wizard.services.contract.hand_over import (
    KitFiles,
    MailKind,
    MailText,
    ResumeView,
    WaitingView,
)
from wizard.services.contract.inviting import InvitedState
from wizard.services.ground import Ground
from wizard.services.inviting import InvitingAccess
from wizard.services.kit import IT_MINUTES, has_app, kit_facts, kit_name
from wizard.services.learning import read_unit, stands, without_unit
from wizard.services.resume_file import SUFFIX, read_resume
from wizard.services.setup import SetUp
from wizard.services.sign_in import stay_with
from wizard.services.waiting_for_it import waiting_view

__all__ = ["HandOver"]

log = logging.getLogger(__name__)
_COUNTED = frozenset({InvitedState.PENDING, InvitedState.ACCEPTED, InvitedState.OWNER})
_MAILED = frozenset({InvitedState.PENDING, InvitedState.ACCEPTED})


class HandOver:
    """Implements `wizard.services.contract.hand_over.HandOverCalls`."""

    def __init__(self, ground: Ground, set_up: SetUp, access: InvitingAccess) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._lock = threading.Lock()
        self._seen: WaitingView | None = None

    # ------------------------------------------------------------ waiting for IT

    def look(self, cancel: Cancel) -> WaitingView:
        """See `HandOverCalls.look`."""
        answers = self._set_up.answers
        if not answers.ou_id:
            raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
        service: AccountService = self._access.as_person(cancel)
        facts = read_unit(
            service,
            answers.ou_id,
            cancel,
            now=self._ground.clock.now(),
            known=answers.organization_account_id,
            addresses=(f"@{answers.domain}", answers.signed_in_as),
            people=True,
        )
        view = waiting_view(
            facts,
            answers.signed_in_as,
            has_app=has_app(self._ground.profile),
            was_finished=answers.it_finished,
        )
        invited = sum(one.state in _COUNTED for one in view.people)

        def known(now: Answers) -> Answers:
            if now.ou_id != answers.ou_id:
                return now
            return replace(now, invited=invited, it_finished=view.finished)

        self._set_up.happened(known)
        with self._lock:
            self._seen = view
        return view

    # ------------------------------------------------------------ the kit

    def kit_html(self) -> str:
        """See `HandOverCalls.kit_html`."""
        return self._kit(kit_name(self._set_up.answers.ou_name))[0]

    def save_kit(self, path: Path) -> KitFiles:
        """See `HandOverCalls.save_kit`; what is there of these names is replaced."""
        kit = (
            path
            if path.suffix.lower() in {".html", ".htm"}
            else path.with_name(f"{path.name}.html")
        )
        page, resume = self._kit(kit.stem)
        beside = kit.with_suffix(SUFFIX)
        _write(beside, resume)
        _write(kit, page.encode())
        log.info("a hand-over kit was saved")
        return KitFiles(kit=kit, resume=beside)

    def _kit(self, name: str) -> tuple[str, bytes]:
        facts = kit_facts(
            self._ground.profile,
            self._set_up.answers,
            name=name,
            made_on=self._ground.clock.now().astimezone().date(),
        )
        return kit_html(facts), facts.resume

    # ------------------------------------------------------------ the mail

    def mail(self, kind: MailKind) -> MailText:
        """See `HandOverCalls.mail`."""
        with self._lock:
            seen = self._seen
        answers = self._set_up.answers
        to = tuple(one.address for one in seen.people if one.state in _MAILED) if seen else ()
        if kind is MailKind.REMINDER and seen is not None and seen.it_address:
            to = (seen.it_address,)
        names = {"organization": answers.ou_name, "service": self._ground.profile.service_name}
        if kind is MailKind.REMINDER:
            lines = _reminder(names)
        else:
            lines = _hand_over(names, invited=not answers.invites_nobody)
        signed = answers.signed_in_name or answers.signed_in_as
        return MailText(
            to=to,
            subject=_subject(kind, names),
            body="\n".join([t("Hello,"), "", *lines, "", signed]),
        )

    def open_mail(self, kind: MailKind) -> bool:
        """See `HandOverCalls.open_mail`."""
        mail = self.mail(kind)
        return self._ground.browser.open_mail(mail.to, mail.subject, mail.body)

    # ------------------------------------------------------------ the resume file

    def read_resume(self, path: Path) -> ResumeView:
        """See `HandOverCalls.read_resume`."""
        resume = read_resume(path)
        profile = self._ground.profile
        if resume.profile_id != profile.id:
            raise Trouble(Code.RESUME_FILE_OTHER_PROFILE, file=path.name, profile=resume.profile_id)
        return self.resume_for(resume.ou_id)

    def resume_for(self, ou_id: str) -> ResumeView:
        """See `HandOverCalls.resume_for`."""
        answers = self._set_up.answers
        other = bool(answers.ou_id) and answers.ou_id != ou_id
        return ResumeView(
            ou_id=ou_id,
            replaces=(answers.ou_name or answers.ou_id) if other else "",
            erases=other and stands(answers),
            as_it=answers.role is Role.OWNER and bool(answers.ou_id),
        )

    def take_resume(self, resume: ResumeView) -> None:
        """See `HandOverCalls.take_resume`."""

        def taken(known: Answers) -> Answers:
            if known.ou_id == resume.ou_id:
                role = Role.BOTH if known.role is Role.BOTH else Role.IT
                return replace(known, role=role, wanted_ou="")
            return replace(without_unit(known), role=Role.IT, wanted_ou=resume.ou_id)

        before = self._set_up.walk
        stay_with(before.answers, resume.ou_id)
        try:
            self._set_up.happened(taken)
        except Trouble:
            # What is not on the disk was not taken: the set-up that stands here goes on.
            self._set_up.go(before)
            raise
        log.info("a resume file was taken for %s", resume.ou_id)


def _subject(kind: MailKind, names: dict[str, str]) -> str:
    if kind is MailKind.REMINDER:
        return t("A reminder: connect {organization} with {service}", **names)
    return t("Your part: connect {organization} with {service}", **names)


def _hand_over(names: dict[str, str], *, invited: bool) -> list[str]:
    """`invited`: the service sends invitations, so that there is one to accept."""
    steps = [
        t("1. Accept the invitation that {service} sent you. It is valid for 48 hours.", **names),
        t("2. Read the hand-over kit that comes with this mail. It says what is asked, and why."),
        t("3. Open the resume file beside it in Enterprise Connect Setup."),
    ]
    if not invited:
        steps = [
            t("1. Read the hand-over kit that comes with this mail. It says what is asked."),
            t("2. Open the resume file beside it in Enterprise Connect Setup."),
        ]
    return [
        t("I am setting up {service} for {organization}. One part needs a full admin.", **names),
        "",
        *steps,
        "",
        t("It is about {minutes} minutes of work.", minutes=IT_MINUTES),
    ]


def _reminder(names: dict[str, str]) -> list[str]:
    return [
        t("{organization} waits for your part in setting up {service}.", **names),
        t("The hand-over kit that I sent you has every step."),
        "",
        t("It is about {minutes} minutes of work.", minutes=IT_MINUTES),
        t("If it has to be somebody else, or the invitation has ended, tell me."),
    ]


def _write(path: Path, content: bytes) -> None:
    """Write a file where a person wanted it, whole or not at all; the folder stays as it is."""
    # With the rights of any new file there: the kit holds no secret, and IT has to open it.
    beside = path.parent / f".kit.{secrets.token_hex(8)}"
    temporary: Path | None = None
    try:
        with beside.open("xb") as file:
            temporary = beside
            file.write(content)
        beside.replace(path)
        temporary = None
    except (OSError, ValueError) as problem:
        if isinstance(problem, OSError):
            raise disk_trouble(problem, path) from problem
        # A name that no file can have.
        raise Trouble(Code.FOLDER_NOT_WRITABLE, folder=str(path.parent)) from problem
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
