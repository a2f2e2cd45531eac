"""Two people on two computers: what the proofs of the owner's and of IT's part share."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

from devtools import debian
from devtools.proving import Context, Short
from proofs import google_steps as steps
from proofs.desktop import Desktop, install
from proofs.organization import Organization
from proofs.person import Person

__all__ = ["begin_owner", "begin_representative", "exact", "prepared"]

_HER = "ingrid.solberg@nordby.example"


def prepared(context: Context) -> None:
    """The programs of a desktop, and an empty folder."""
    install()
    lacking = debian.lacking_programs({"chromium": "chromium"})
    debian.install_or_name(lacking, because="This proof signs in with a real browser.")
    shutil.rmtree(context.folder, ignore_errors=True)
    context.folder.mkdir(parents=True)


def begin_owner(context: Context, organization: Organization, desktop: Desktop) -> Person:
    """The owner, who has no account yet, in front of a window that was never opened before."""
    owner = Person(context, desktop, context.folder / "owner" / "home", service=_HER)
    owner.be(sign_up=True, name="Ingrid Solberg")
    owner.open_window(organization.profile)
    return owner


def begin_representative(
    context: Context, organization: Organization, desktop: Desktop, kit: Path
) -> Person:
    """IT on another computer: follows the letter, then opens the resume file."""
    person = Person(context, desktop, context.folder / "it" / "home", service=steps.ADMIN)
    person.be(google=steps.ADMIN)
    resume = next(kit.parent.glob("*.ecsetup"), None)
    if resume is None:
        files = sorted(path.name for path in kit.parent.iterdir())
        raise Short("there is no resume file beside the kit", {"files": files})
    person.be(google=steps.ADMIN, follow="Accept the invitation")
    person.visit(f"{_pages(organization)}/outbox")
    person.be(google=steps.ADMIN)
    person.open_window(organization.profile, "--resume", str(resume))
    return person


def _pages(organization: Organization) -> str:
    """Where a browser reaches the account service."""
    profile = tomllib.loads(organization.profile.read_text(encoding="utf-8"))
    return str(profile["service"]["pages"])


def exact(figures: Mapping[str, object]) -> None:
    """Everyone in scope has exactly one account, and every window ended in order."""
    if not figures.get("have_account"):
        raise Short("nobody was to have an account", figures)
    if any(figures.get(name) for name in ("missing", "doubled", "strangers")):
        raise Short("the accounts are not exact", figures)
    codes = figures.get("exit_codes")
    if isinstance(codes, list) and any(codes):
        raise Short("a window did not end in order", figures)
