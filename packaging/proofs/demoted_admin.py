"""The proof that an admin who loses rights takes nobody's account along."""

from __future__ import annotations

from devtools.proving import Context, Figures
from proofs.client import Client
from proofs.mass_leaving import Act, Break, play, told
from wizard.core.trouble import Code

SAYS = (
    "The admin who authorized is made a delegated one who sees a part of the people, loses the "
    "role, or the scopes are taken back: before the first sync, after it, and with the local "
    "database deleted nobody is deactivated, the words say why, and the next quiet run is exact."
)

_ADMIN = "tomasz.wilk@nordby.example"
_AGAIN = told("role", {"who": _ADMIN, "role": "full"})


def _demoted(role: str, **sight: object) -> Break:
    def breaks(client: Client) -> None:
        client.organization.ask("role", {"who": _ADMIN, "role": role})
        client.organization.ask("sight", sight)

    return breaks


_ACTS = (
    Act(
        name="a delegated admin sees one unit",
        breaks=_demoted("delegated", below="/Sales"),
        # A new database knows of no earlier number, but links tell who is missing.
        codes=(Code.DIRECTORY_FORBIDDEN, Code.GUARD_STOPPED),
        ends=(1, 4),
        mends=_AGAIN,
        every=True,
    ),
    Act(
        name="a delegated admin misses ten people",
        breaks=_demoted("delegated", hidden=10),
        codes=(Code.LEAVERS_UNPROVEN,),
        ends=(0, 3),
        mends=_AGAIN,
        writes=True,
    ),
    Act(
        name="no admin any longer",
        breaks=_demoted("none"),
        codes=(Code.DIRECTORY_FORBIDDEN,),
        mends=_AGAIN,
        every=True,
    ),
    Act(
        name="the right to see people was taken back",
        breaks=told("withhold", {"scopes": ["user"]}),
        codes=(Code.SCOPES_MISSING,),
        every=True,
    ),
    Act(
        name="every scope was taken back while three people leave",
        breaks=told("withhold", {"scopes": ["user", "domain", "orgunit", "customer"]}),
        codes=(Code.SCOPES_MISSING,),
        leavers=3,
    ),
)


def run(context: Context) -> Figures:
    """One right after the other."""
    return play(context, _ACTS)
