"""The proof that IT goes on where the owner stopped, past a refusal, until everyone is in step."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs import google_steps as steps
from proofs.desktop import Desktop
from proofs.organization import Organization, judge
from proofs.person import Person
from proofs.two_people import begin_owner, begin_representative, exact, prepared

SAYS = (
    "IT's part of a set-up that an owner began on another computer: the resume file, the "
    "invitation by way of the outbox, the app, a refused permission told and mended, scope, "
    "preview, provisioning, where it runs, first sync; then somebody is hired and gets an account."
)


def run(context: Context) -> Figures:
    """The owner's part as the beginning, then everything that IT does."""
    prepared(context)
    with Organization(context, context.folder / "organization", people=480) as organization:
        with Desktop(_made(context.folder / "owner"), size="1100x720") as hers:
            owner = begin_owner(context, organization, hers)
            try:
                kit = steps.owner_part(owner, context)
                left = owner.close_window()
            finally:
                owner.leave()
        with Desktop(_made(context.folder / "it"), size="1100x720") as his:
            began = time.monotonic()
            person = begin_representative(context, organization, his, kit)
            try:
                steps.it_part(person, context, refused=True)
                figures: dict[str, object] = {
                    **judge(organization),
                    "it_clicks": person.clicks,
                    "it_decisions": list(person.decisions),
                    "it_minutes": round((time.monotonic() - began) / 60, 2),
                }
                _stays_in_step(organization, person, figures)
                figures["exit_codes"] = [left, person.close_window()]
            finally:
                person.leave()
    exact(figures)
    return figures


def _stays_in_step(organization: Organization, person: Person, figures: dict[str, object]) -> None:
    """Somebody is hired; a sync that is asked for gives them an account."""
    organization.ask("hire")
    person.press("Run now")
    limit = time.monotonic() + 60
    while judge(organization)["missing"] and time.monotonic() < limit:
        time.sleep(0.5)
    figures["after_a_hire"] = after = judge(organization)
    person.picture("in-step")
    if after["missing"]:
        raise Short("the background sync did not bring the hire in step", figures)


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
