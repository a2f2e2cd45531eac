from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.fake_service import FakeService, connection
from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import (
    AccountService,
    Invitation,
    InvitationStatus,
    Member,
    OrganizationAccountStatus,
    SyncerLease,
)
from wizard.accounts.base import Role as MemberRole
from wizard.auth.browser import LONGEST_MAIL, BrowserOpener
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanCounts, RunOutcome, RunSummary, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Role
from wizard.flow.graph import Walk
from wizard.profile.model import (
    GoogleProfile,
    Links,
    Profile,
    ProfileKind,
    ServiceKind,
    ServiceProfile,
    Trust,
)
from wizard.services.contract.hand_over import (
    Halt,
    ItPart,
    MailKind,
    PartState,
    ResumeView,
    WaitingView,
)
from wizard.services.contract.inviting import InvitedState
from wizard.services.ground import Ground
from wizard.services.hand_over import HandOver
from wizard.services.kit import kit_hosts, kit_name
from wizard.services.resume_file import ResumeFile, read_resume, resume_bytes
from wizard.services.setup import SetUp

TOMASZ = "tomasz.wilk@nordby.example"
OWNER = Answers(
    role=Role.OWNER,
    service_answered=True,
    signed_in_as="ingrid@nordby.example",
    signed_in_name="Ingrid Dal",
    ou_id="ou-1",
    ou_name="Nordby Freight",
    invited=1,
)
PROFILE = Profile(
    id="nordby",
    name="Nordby Accounts",
    kind=ProfileKind.REAL,
    origin=Trust.POLICY,
    service=ServiceProfile(
        kind=ServiceKind.ENTERPRISE_CONNECT,
        api="https://api.nordby.example",
        issuer="https://login.nordby.example:8443",
    ),
    google=GoogleProfile(client_id="c", marketplace="https://workspace.google.example/app/1"),
    links=Links(privacy_notice="https://nordby.example/privacy"),
)


@dataclass(kw_only=True)
class FakeGround:
    """What handing over uses of the ground; a browser that notes what it was given."""

    clock: HandClock
    profile: Profile = PROFILE
    opened: list[str] = field(default_factory=list)

    @property
    def browser(self) -> BrowserOpener:
        def start(address: str) -> bool:
            self.opened.append(address)
            return True

        return BrowserOpener(start=start)


class Desk:
    """An owner who hands over, on a fake service."""

    def __init__(self, folder: Path) -> None:
        self.service = FakeService()
        self.service.owners = [
            Member(id="p", address=OWNER.signed_in_as, name="Ingrid Dal", role=MemberRole.OWNER)
        ]
        self.set_up = SetUp(folder, self.service.clock)
        self.set_up.change(OWNER)
        self.ground = FakeGround(clock=self.service.clock)
        self.calls = HandOver(cast("Ground", self.ground), self.set_up, self)

    def as_person(self, cancel: Cancel) -> AccountService:
        return cast("AccountService", self.service)

    @property
    def now(self) -> datetime:
        return self.service.clock.now()

    def invited(self, status: InvitationStatus = InvitationStatus.PENDING) -> None:
        accepted = status is InvitationStatus.ACCEPTED
        self.service.invited = [
            Invitation(
                id="inv-1",
                address=TOMASZ,
                role=MemberRole.OWNER,
                status=status,
                invited_by=OWNER.signed_in_as,
                created_at=self.now - timedelta(hours=3),
                expires_at=self.now + timedelta(hours=45),
                accepted_at=self.now - timedelta(hours=2) if accepted else None,
            )
        ]
        if accepted:
            tomasz = Member(id="t", address=TOMASZ, name="Tomasz Wilk", role=MemberRole.OWNER)
            self.service.owners.append(tomasz)

    def ran(self, outcome: RunOutcome = RunOutcome.DONE, **changed: object) -> None:
        run = RunSummary(
            run_id="run-1",
            trigger=Trigger.FIRST,
            outcome=outcome,
            started_at=self.now - timedelta(minutes=20),
            finished_at=self.now - timedelta(minutes=10),
            planned=40,
            done=PlanCounts(create=38, adopt=2),
        )
        self.service.runs = [replace(run, **changed)]  # type: ignore[arg-type] # fields by name

    def look(self) -> WaitingView:
        return self.calls.look(Cancel())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def states(view: WaitingView) -> str:
    """One letter a part: d(one), n(ow), t(odo), s(topped)."""
    return "".join(one.state.value[0] for one in view.parts)


def test_before_anybody_came_the_invitation_is_waited_for(desk: Desk) -> None:
    desk.invited()
    view = desk.look()
    assert states(view) == "nttttttt"
    assert view.parts[0].at == desk.now - timedelta(hours=3)
    assert (view.it_name, view.finished) == ("", False)
    assert desk.set_up.answers.invited == 1


def test_who_accepted_is_known_by_name_with_the_time(desk: Desk) -> None:
    desk.invited(InvitationStatus.ACCEPTED)
    view = desk.look()
    assert states(view) == "dnttttt" + "t"
    assert view.parts[0].at == desk.now - timedelta(hours=2)
    assert (view.it_name, view.it_address) == ("Tomasz Wilk", TOMASZ)


def test_an_app_that_is_installed_tells_that_the_workspace_was_chosen(desk: Desk) -> None:
    desk.invited(InvitationStatus.ACCEPTED)
    desk.service.installed_domains = {"nordby.example"}
    view = desk.look()
    assert states(view) == "dddntttt"
    chosen, installed = view.parts[1], view.parts[2]
    assert chosen.at is None
    assert installed.at == desk.now
    # Authorizing is waited for since the last thing that is known.
    assert view.parts[3].at == installed.at


def test_where_there_is_no_app_nobody_waits_for_one(desk: Desk) -> None:
    desk.ground.profile = replace(PROFILE, google=GoogleProfile(client_id="c"))
    assert ItPart.APP not in [one.part for one in desk.look().parts]


def test_a_connection_that_is_being_made_active_is_under_way(desk: Desk) -> None:
    desk.invited(InvitationStatus.ACCEPTED)
    pending = connection(status=OrganizationAccountStatus.PENDING, created_at=desk.now)
    desk.service.installed_domains = {"nordby.example"}
    desk.service.connections = [pending]
    view = desk.look()
    assert (states(view), view.pending) == ("dddntttt", True)


def test_a_connection_that_failed_is_told_with_its_reason(desk: Desk) -> None:
    desk.service.installed_domains = {"nordby.example"}
    failed = OrganizationAccountStatus.FAILED
    desk.service.connections = [connection(status=failed, status_code="app-not-installed")]
    view = desk.look()
    assert states(view) == "dddstttt"
    trouble = view.parts[3].trouble
    assert trouble is not None
    assert (trouble.code, trouble.facts["detail"]) == (Code.CONNECTION_FAILED, "app-not-installed")


def test_settings_that_somebody_saved_tell_that_the_scope_was_chosen(desk: Desk) -> None:
    desk.service.connections = [connection(created_at=desk.now - timedelta(minutes=9))]
    assert states(desk.look()) == "ddddnttt"
    desk.service.kept = replace(desk.service.kept, version=2)
    desk.service.saved_at = desk.now
    view = desk.look()
    assert states(view) == "dddddntt"
    assert view.parts[4].at == desk.now
    assert view.parts[5].part is ItPart.PREVIEW


def test_provisioning_that_is_on_tells_that_the_preview_was_looked_at(desk: Desk) -> None:
    desk.service.connections = [connection()]
    desk.service.kept = replace(desk.service.kept, version=3, enabled=True)
    desk.service.saved_at = desk.now
    view = desk.look()
    assert states(view) == "dddddddn"
    # When the preview was looked at, or the scope chosen, nobody says any more.
    assert [one.at for one in view.parts[4:6]] == [None, None]
    assert view.parts[6].at == desk.now


def test_a_run_that_adds_up_ends_the_waiting(desk: Desk) -> None:
    desk.service.connections = [
        connection(
            syncer=SyncerLease(installation_id="i", host="S", person="x", expires_at=desk.now)
        )
    ]
    desk.service.kept = replace(desk.service.kept, version=3, enabled=True)
    desk.ran()
    view = desk.look()
    assert (states(view), view.finished, view.accounts) == ("d" * 8, True, 40)
    assert desk.set_up.answers.it_finished
    # Switched off again, it isn't: the service's word counts, whatever was known.
    desk.service.kept = replace(desk.service.kept, enabled=False)
    assert not desk.look().finished
    assert not desk.set_up.answers.it_finished


def test_what_it_finished_stays_finished_where_only_stopped_runs_are_known(desk: Desk) -> None:
    desk.service.connections = [connection()]
    desk.service.kept = replace(desk.service.kept, version=3, enabled=True)
    desk.ran()
    assert desk.look().finished
    desk.ran(RunOutcome.STOPPED_BY_GUARD, done=PlanCounts())
    view = desk.look()
    assert (view.finished, view.halted) == (True, Halt.GUARD)
    assert desk.set_up.answers.it_finished


@pytest.mark.parametrize("outcome", [RunOutcome.STOPPED_BY_GUARD, RunOutcome.FAILED])
def test_a_run_that_stopped_is_no_end(desk: Desk, outcome: RunOutcome) -> None:
    desk.service.connections = [connection()]
    desk.service.kept = replace(desk.service.kept, version=3, enabled=True)
    desk.ran(outcome, done=PlanCounts())
    view = desk.look()
    assert states(view) == "ddddddds"
    assert not view.finished


def test_another_owner_without_an_invitation_counts_where_nobody_is_invited(desk: Desk) -> None:
    desk.service.owners.append(
        Member(id="x", address="else@nordby.example", name="Elif Kaya", role=MemberRole.OWNER)
    )
    assert desk.look().it_name == "Elif Kaya"
    desk.invited()
    assert desk.look().it_name == ""


def test_an_owner_who_was_deactivated_has_not_come(desk: Desk) -> None:
    desk.service.owners.append(
        Member(
            id="x",
            address="else@nordby.example",
            name="Elif Kaya",
            role=MemberRole.OWNER,
            active=False,
        )
    )
    assert desk.look().it_name == ""
    desk.invited(InvitationStatus.ACCEPTED)
    desk.service.owners[-1] = replace(desk.service.owners[-1], active=False)
    view = desk.look()
    assert (view.it_name, view.parts[0].state) == ("", PartState.NOW)
    assert [one.state for one in view.people] == [InvitedState.INACTIVE] * 2
    assert desk.set_up.answers.invited == 0
    assert desk.calls.mail(MailKind.REMINDER).to == ()


def test_a_resume_file_that_can_not_be_kept_is_not_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "disk-full")

    def full(_path: Path, _walk: Walk) -> None:
        raise Trouble(Code.DISK_FULL)

    desk.set_up.flush()
    before = desk.set_up.walk
    with monkeypatch.context() as broken:
        broken.setattr("wizard.flow.saved.save", full)
        with pytest.raises(Trouble) as caught:
            desk.calls.take_resume(ResumeView(ou_id="ou-9", replaces="Nordby Freight"))
    assert caught.value.code is Code.DISK_FULL
    assert desk.set_up.walk == before
    desk.set_up.flush()


def test_signed_out_it_says_so_and_keeps_what_is_known(desk: Desk) -> None:
    desk.set_up.change(replace(OWNER, it_finished=True))
    desk.service.signed_in = False
    with pytest.raises(Trouble) as caught:
        desk.look()
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert desk.set_up.answers.it_finished


def test_cancelled_it_stops(desk: Desk) -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        desk.calls.look(cancel)
    assert caught.value.code is Code.CANCELLED


# ---------------------------------------------------------------- the kit


def test_the_kit_and_its_resume_file_lie_side_by_side(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    files = desk.calls.save_kit(folder / "for-it.html")
    assert (files.kit.name, files.resume.name) == ("for-it.html", "for-it.ecsetup")
    assert read_resume(files.resume) == ResumeFile(profile_id="nordby", ou_id="ou-1")
    page = files.kit.read_text(encoding="utf-8")
    assert "for-it.ecsetup" in page
    assert "Ingrid Dal (ingrid@nordby.example)" in page
    assert "https://nordby.example/privacy" in page
    assert sorted(one.name for one in folder.iterdir()) == ["for-it.ecsetup", "for-it.html"]


def test_a_name_without_an_ending_gets_one(desk: Desk, tmp_path: Path) -> None:
    assert desk.calls.save_kit(tmp_path / "v1.2").kit.name == "v1.2.html"


def test_the_resume_file_holds_no_address_no_name_and_no_secret(desk: Desk, tmp_path: Path) -> None:
    content = desk.calls.save_kit(tmp_path / "k.html").resume.read_text(encoding="utf-8")
    assert set(json.loads(content)) == {"version", "profile", "organizational_unit"}
    assert "@" not in content
    assert "Nordby Freight" not in content


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        desk.calls.save_kit(tmp_path / "gone" / "k.html")
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_before_there_is_a_unit_there_is_nothing_to_hand_over(desk: Desk, tmp_path: Path) -> None:
    desk.set_up.change(replace(OWNER, ou_id=""))
    asks: tuple[Callable[[], object], ...] = (
        desk.look,
        desk.calls.kit_html,
        lambda: desk.calls.save_kit(tmp_path / "k.html"),
    )
    for ask in asks:
        with pytest.raises(Trouble) as caught:
            ask()
        assert caught.value.code is Code.NO_ORGANIZATIONAL_UNIT


def test_an_id_that_fits_no_file_is_told(desk: Desk) -> None:
    desk.set_up.change(replace(OWNER, ou_id="../x y"))
    with pytest.raises(Trouble) as caught:
        desk.calls.kit_html()
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


def test_the_hosts_are_those_of_the_profile_with_their_ports() -> None:
    hosts = [(one.host, one.port) for one in kit_hosts(PROFILE)]
    assert hosts[:2] == [("api.nordby.example", 443), ("login.nordby.example", 8443)]
    assert ("accounts.google.com", 443) in hosts
    assert ("admin.googleapis.com", 443) in hosts
    assert ("workspace.google.example", 443) in hosts
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("organization", "name"),
    [
        ("Nordby Freight", "nordby-freight-hand-over"),
        ("../../x", "x-hand-over"),
        ("北海物流", "hand-over"),
        ("", "hand-over"),
        ("a" * 99, "a" * 40 + "-hand-over"),
    ],
)
def test_the_files_have_a_harmless_name(organization: str, name: str) -> None:
    assert kit_name(organization) == name


# ---------------------------------------------------------------- the mail


def test_the_mail_goes_to_who_was_invited_and_a_reminder_to_who_came(desk: Desk) -> None:
    desk.invited()
    desk.look()
    mail = desk.calls.mail(MailKind.HAND_OVER)
    assert mail.to == (TOMASZ,)
    assert "Nordby Freight" in mail.subject
    assert mail.body.endswith("Ingrid Dal")
    desk.invited(InvitationStatus.ACCEPTED)
    desk.look()
    assert desk.calls.mail(MailKind.REMINDER).to == (TOMASZ,)


def test_before_the_service_told_who_is_invited_the_person_types_it(desk: Desk) -> None:
    assert desk.calls.mail(MailKind.HAND_OVER).to == ()
    assert desk.calls.open_mail(MailKind.HAND_OVER)
    assert desk.ground.opened[0].startswith("mailto:?subject=")


@pytest.mark.parametrize("kind", list(MailKind))
def test_a_mail_fits_into_a_link_even_with_the_longest_name(desk: Desk, kind: MailKind) -> None:
    desk.set_up.change(replace(OWNER, ou_name="N" * 120, signed_in_name="I" * 60))
    assert desk.calls.open_mail(kind)
    assert len(desk.ground.opened[0]) <= LONGEST_MAIL


# ---------------------------------------------------------------- the resume file


def resume_of(folder: Path, *, profile: str = "nordby", ou: str = "ou-1") -> Path:
    path = folder / "given.ecsetup"
    path.write_bytes(resume_bytes(ResumeFile(profile_id=profile, ou_id=ou)))
    return path


def test_on_a_new_computer_nothing_is_asked(desk: Desk, tmp_path: Path) -> None:
    desk.set_up.change(Answers())
    view = desk.calls.read_resume(resume_of(tmp_path))
    assert not view.asks
    desk.calls.take_resume(view)
    answers = desk.set_up.answers
    assert (answers.role, answers.wanted_ou, answers.ou_id) == (Role.IT, "ou-1", "")


def test_a_set_up_for_another_unit_is_asked_about_and_then_replaced(
    desk: Desk, tmp_path: Path
) -> None:
    view = desk.calls.read_resume(resume_of(tmp_path, ou="ou-2"))
    assert view.replaces == "Nordby Freight"
    assert desk.set_up.answers == OWNER
    desk.calls.take_resume(view)
    answers = desk.set_up.answers
    assert (answers.wanted_ou, answers.ou_id, answers.invited) == ("ou-2", "", 0)
    assert answers.signed_in_as == OWNER.signed_in_as


@pytest.mark.parametrize(
    "standing",
    [
        replace(OWNER, handed_over=True),
        replace(OWNER, it_finished=True),
        replace(OWNER, organization_account_id="oa-1"),
        replace(OWNER, organization_account_id="oa-1", first_sync_done=True, provisioning_on=True),
    ],
)
def test_a_set_up_that_stands_has_to_be_erased_before_a_file_of_another_unit_is_taken(
    desk: Desk, tmp_path: Path, standing: Answers
) -> None:
    desk.set_up.change(standing)
    view = desk.calls.read_resume(resume_of(tmp_path, ou="ou-2"))
    assert (view.replaces, view.erases) == ("Nordby Freight", True)
    with pytest.raises(Trouble) as caught:
        desk.calls.take_resume(view)
    assert caught.value.code is Code.SET_UP_STANDS
    assert desk.set_up.answers == standing
    assert not desk.calls.read_resume(resume_of(tmp_path)).erases, "its own file erases nothing"


def test_an_owner_who_opens_their_own_file_is_asked_and_goes_on_as_it(
    desk: Desk, tmp_path: Path
) -> None:
    view = desk.calls.read_resume(resume_of(tmp_path))
    assert (view.replaces, view.as_it) == ("", True)
    desk.calls.take_resume(view)
    assert (desk.set_up.answers.role, desk.set_up.answers.ou_id) == (Role.IT, "ou-1")


def test_who_is_both_stays_both(desk: Desk, tmp_path: Path) -> None:
    desk.set_up.change(replace(OWNER, role=Role.BOTH))
    view = desk.calls.read_resume(resume_of(tmp_path))
    assert not view.asks
    desk.calls.take_resume(view)
    assert desk.set_up.answers.role is Role.BOTH


def test_a_file_of_another_profile_is_refused_by_its_name(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        desk.calls.read_resume(resume_of(tmp_path, profile="cronofy"))
    assert caught.value.code is Code.RESUME_FILE_OTHER_PROFILE
    assert caught.value.facts["profile"] == "cronofy"


def test_done_parts_come_first_whatever_the_service_says(desk: Desk) -> None:
    desk.invited(InvitationStatus.ACCEPTED)
    view = desk.look()
    assert view.parts[0].state is PartState.DONE


def test_a_mail_speaks_of_no_invitation_where_the_service_has_none(desk: Desk) -> None:
    assert "invitation" in desk.calls.mail(MailKind.HAND_OVER).body
    desk.set_up.change(replace(OWNER, invites_nobody=True))
    body = desk.calls.mail(MailKind.HAND_OVER).body
    assert "invit" not in body
    assert "1. Read the hand-over kit" in body
    assert "invitation" not in desk.calls.kit_html()


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights on this system")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_kit_has_the_rights_of_any_new_file_there(
    desk: Desk, tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        saved = desk.calls.save_kit(tmp_path / "kit.html")
    finally:
        os.umask(before)
    for path in (saved.kit, saved.resume):
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
