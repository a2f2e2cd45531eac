"""The proof that somebody who never saw the window finds the way by what stands on it alone."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs.desktop import Desktop
from proofs.helpdesk import CODES, Helpdesk
from proofs.organization import Organization, judge
from proofs.owner_walk import MOST_DECISIONS, ORGANIZATION, see_it_done, walk_owner
from proofs.person import Person
from proofs.two_people import begin_owner, begin_representative, exact, prepared
from proofs.voice import objections
from proofs.wayfarer import Choice, Errand, Field, Knows, Wayfarer

SAYS = (
    "Three people who never saw the window go by its words alone, each at a computer of their own: "
    "an owner decides five things at most, IT gets everyone an account, and helpdesk finds the "
    "true answers to “why isn’t Ana here?”, “what does this code mean?” and “is the sync healthy?”."
)
_NAMED = frozenset({ORGANIZATION, "Kari of the helpdesk", socket.gethostname(), *CODES})
"""What people, computers and codes are called here, besides what the organization holds."""
_OF_GOOGLE = frozenset(
    {
        "Error 400",
        "Error 401",
        "admin_policy_enforced",
        "deleted_client",
        "disallowed_useragent",
        "org_internal",
        "redirect_uri_mismatch",
    }
)
"""What Google's own pages call what they show; quoted so that somebody finds it here."""


def run(context: Context) -> Figures:
    """The owner, then IT by the resume file, then somebody of the helpdesk."""
    prepared(context)
    figures: dict[str, object] = {}
    with (
        Organization(context, context.folder / "organization", people=120) as organization,
        Desktop(_made(context.folder / "owner"), size="1100x720") as hers,
        Desktop(_made(context.folder / "it"), size="1100x720") as his,
    ):
        owner = begin_owner(context, organization, hers)
        representative: Person | None = None
        try:
            kit, walked = _owner(context, owner, figures)
            representative = begin_representative(context, organization, his, kit)
            installed = _representative(context, representative, figures)
            see_it_done(walked)
            _counted(figures, "owner", walked)
            figures |= judge(organization)
            _voice(figures, "owner", walked, organization)
            _voice(figures, "it", installed, organization)
            _helpdesk(context, organization, figures)
            figures["exit_codes"] = [owner.close_window(), representative.close_window()]
        except Short as short:
            raise Short(short.reason, {**figures, **short.figures}) from short
        finally:
            owner.leave()
            if representative is not None:
                representative.leave()
    exact(figures)
    _expect(figures)
    return figures


# -------------------------------------------------------------------------- the owner


def _owner(context: Context, owner: Person, figures: dict[str, object]) -> tuple[Path, Wayfarer]:
    """From the first start until the kit is handed over."""
    context.progress("An owner who never saw it …")
    began = time.monotonic()
    kit, walked = walk_owner(owner)
    _told(figures, "owner", walked, began)
    return kit, walked


# -------------------------------------------------------------------------- IT


def _representative(context: Context, person: Person, figures: dict[str, object]) -> Wayfarer:
    """From the resume file until everyone has an account."""
    context.progress("IT, who never saw it either …")
    knows: Sequence[Knows] = (
        Choice(words="Google Workspace", decides="which workspace"),
        Errand(words="Open the app’s page"),
        Choice(words="Provisioning", role="check box", decides="provisioning on"),
        Choice(words="This computer, while I am signed in", decides="where it runs"),
    )
    walked = Wayfarer(person=person, knows=knows)
    began = time.monotonic()
    walked.go(lambda sight: sight.shows("The rehearsal worked"), what="IT")
    _told(figures, "it", walked, began)
    return walked


# -------------------------------------------------------------------------- helpdesk


def _helpdesk(context: Context, organization: Organization, figures: dict[str, object]) -> None:
    """Somebody who got an account by the sync signs in, and answers three questions."""
    context.progress("Somebody of the helpdesk …")
    accounts = [
        str(one["userName"])
        for one in organization.accounts()
        if one.get("active") and one.get("externalId")
    ]
    who = next(one for one in accounts if one.startswith("kari."))
    with Desktop(_made(context.folder / "helpdesk"), size="1100x720") as desktop:
        person = Person(context, desktop, context.folder / "helpdesk" / "home", service=who)
        person.be(sign_up=True, name="Kari of the helpdesk")
        person.open_window(organization.profile)
        knows: Sequence[Knows] = (
            Errand(words="I only answer questions", decides="that I only answer questions"),
            Choice(words="I need an account", decides="an account of my own"),
            Errand(words="Look how Nordby Freight stands", decides="which organization"),
        )
        walked = Wayfarer(person=person, knows=knows)
        began = time.monotonic()
        try:
            walked.go(lambda sight: sight.title == "In step", what="helpdesk")
            desk = Helpdesk(person=person, walked=walked, organization=organization)
            figures["helpdesk_answers"] = {
                "Is the sync healthy?": desk.is_it_healthy(),
                "Why isn’t somebody here?": desk.why(accounts),
                "What does this code mean?": desk.what_does_it_mean(),
                "The day after": desk.next_start(organization.profile),
            }
            _told(figures, "helpdesk", walked, began)
            _voice(figures, "helpdesk", walked, organization)
            code = person.close_window()
        finally:
            person.leave()
    if code:
        raise Short("the helpdesk’s window did not end in order", figures)


# -------------------------------------------------------------------------- figures


def _told(figures: dict[str, object], who: str, walked: Wayfarer, began: float) -> None:
    figures[f"{who}_minutes"] = round((time.monotonic() - began) / 60, 2)
    _counted(figures, who, walked)


def _counted(figures: dict[str, object], who: str, walked: Wayfarer) -> None:
    figures[f"{who}_decisions"] = len(walked.person.decisions)
    figures[f"{who}_decided"] = list(walked.person.decisions)
    figures[f"{who}_acts"] = walked.acts
    figures[f"{who}_wrong_turns"] = list(walked.turns)
    figures[f"{who}_pages"] = len(walked.pages)
    figures[f"{who}_texts"] = len(walked.texts)


def _voice(
    figures: dict[str, object], who: str, walked: Wayfarer, organization: Organization
) -> None:
    """Judge the words again, with what is people's own left out."""
    names = {
        str(value)
        for one in (*organization.expected(), *organization.accounts())
        for value in one.values()
        if isinstance(value, str)
    }
    names |= {known.types.strip() for known in walked.knows if isinstance(known, Field)}
    names |= _NAMED
    things = organization.units_and_groups() | _OF_GOOGLE
    figures[f"{who}_words"] = objections(sorted(walked.texts), frozenset(names), things=things)


def _expect(figures: dict[str, object]) -> None:
    decided = figures["owner_decisions"]
    if isinstance(decided, int) and decided > MOST_DECISIONS:
        raise Short("the owner has to decide too much", figures)
    for who in ("owner", "it", "helpdesk"):
        if figures[f"{who}_wrong_turns"]:
            raise Short(f"{who} took a wrong turn", figures)
        if figures[f"{who}_words"]:
            raise Short(f"{who} read words that are not the product’s voice", figures)


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
