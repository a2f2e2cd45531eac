"""What is set up on this computer, told without asking anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.runs import RunReport
from wizard.flow.answers import StepId
from wizard.services.contract import ProfileView
from wizard.services.moved import Moved
from wizard.services.telling import moment, report_lines

if TYPE_CHECKING:
    from wizard.services.workbench import LocalWorkbench

__all__ = ["Status", "status_lines", "status_of"]


@dataclass(frozen=True, kw_only=True)
class Status:
    """Texts are '' and times None where there is nothing yet.

    `signed_in_as` is who signed in last; the sync goes on without them.
    """

    profile: ProfileView
    step: StepId
    signed_in: bool
    signed_in_as: str
    unit: str
    domain: str
    customer_id: str
    authorized_as: str
    connected: bool
    provisioning_on: bool | None
    interval_minutes: int | None
    settings_read_at: datetime | None
    last_run: RunReport | None
    moved: Moved | None = None


def status_of(bench: LocalWorkbench, cancel: Cancel) -> Status:
    """The set-up as it is kept here; raises `Trouble` of disk, database and vault."""
    answers = bench.answers
    connected = bool(answers.organization_account_id)
    kept = bench.engine.syncing.kept() if connected else None
    return Status(
        profile=bench.profile,
        step=bench.walk.step,
        signed_in=bench.engine.access.is_signed_in(cancel),
        signed_in_as=answers.signed_in_as,
        unit=answers.ou_name,
        domain=answers.domain,
        customer_id=answers.customer_id,
        authorized_as=answers.authorized_as,
        connected=connected and answers.organization_account_active,
        provisioning_on=kept.settings.enabled if kept else None,
        interval_minutes=kept.settings.interval_minutes if kept else None,
        settings_read_at=kept.read_at if kept else None,
        last_run=bench.engine.syncing.last_report() if connected else None,
        moved=bench.engine.ground.moved.known(),
    )


def status_lines(status: Status) -> list[str]:
    """The same for a person."""
    rows = [(t("Profile"), status.profile.name), (t("Reaches"), ", ".join(status.profile.hosts))]
    person = status.signed_in_as or t("nobody")
    if status.signed_in_as and not status.signed_in:
        person = t("{person}, signed out", person=person)
    rows.append((t("Signed in as"), person))
    rows.append((t("Organizational unit"), status.unit or t("none yet")))
    workspace = t("{domain}, by {admin}", domain=status.domain, admin=status.authorized_as)
    rows.append((t("Google Workspace"), workspace if status.connected else t("not connected")))
    if status.provisioning_on is not None:
        every = tn(
            "on, every {count} minute", "on, every {count} minutes", status.interval_minutes or 0
        )
        shown = every if status.provisioning_on else t("off")
        as_of = t("as of {when}", when=moment(status.settings_read_at))
        rows.append((t("Provisioning"), f"{shown} ({as_of})"))
    if status.moved is not None:
        gone = status.moved.trouble()
        rows.append((t("Moved"), trouble_words(gone.code, gone.facts).happened))
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value}" for name, value in rows]
    if status.last_run is None:
        return [*lines, f"{t('Last run'):<{width}}  {t('none yet')}"]
    first, *rest = report_lines(status.last_run)
    return [*lines, f"{t('Last run'):<{width}}  {first}", *rest]
