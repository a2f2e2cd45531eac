"""The proof that an owner who isn't IT is done in five decisions, and sees IT finish."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs import google_steps as steps
from proofs.desktop import Desktop
from proofs.organization import Organization, judge
from proofs.owner_walk import MOST_DECISIONS, see_it_done, walk_owner
from proofs.person import Person
from proofs.two_people import begin_owner, begin_representative, exact, prepared

SAYS = (
    "The owner's part on one computer (sign up, unit, invitation, hand-over kit), IT's part on "
    "another by the resume file, both in real windows with a real Chromium: the owner decides "
    "five things at most, everyone in scope has an account, and the owner's waiting page says so."
)


def run(context: Context) -> Figures:
    """The owner first, then IT, while the owner's window waits."""
    prepared(context)
    with (
        Organization(context, context.folder / "organization", people=480) as organization,
        Desktop(_made(context.folder / "owner"), size="1100x720") as hers,
        Desktop(_made(context.folder / "it"), size="1100x720") as his,
    ):
        owner = begin_owner(context, organization, hers)
        representative: Person | None = None
        try:
            began = time.monotonic()
            context.progress("The owner signs up, invites IT and hands over …")
            kit, walked = walk_owner(owner)
            figures: dict[str, object] = {
                "owner_clicks": owner.clicks,
                "owner_minutes": round((time.monotonic() - began) / 60, 2),
            }
            context.progress("IT goes on by the resume file …")
            representative = begin_representative(context, organization, his, kit)
            steps.it_part(representative, context)
            context.progress("Back at the owner’s window …")
            see_it_done(walked)
            owner.picture("done")
            figures["owner_decisions"] = len(owner.decisions)
            figures["decided"] = list(owner.decisions)
            if owner.shows("Provisioning is off"):
                raise Short("the owner is told that provisioning is off", figures)
            figures |= {**judge(organization), "it_clicks": representative.clicks}
            figures["exit_codes"] = [owner.close_window(), representative.close_window()]
        finally:
            owner.leave()
            if representative is not None:
                representative.leave()
    exact(figures)
    if len(owner.decisions) > MOST_DECISIONS:
        raise Short("the owner has to decide too much", figures)
    return figures


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
