"""The proof that a directory which tells of nobody, or of half of its people, costs no one."""

from __future__ import annotations

from devtools.proving import Context, Figures
from proofs.mass_leaving import Act, play, told
from wizard.core.trouble import Code

SAYS = (
    "A directory that answers with an empty list, with half of it, in circles or on a dead page: "
    "before the first sync, after it, and with the local database deleted nobody is deactivated, "
    "the words say why, and the next quiet run is exact."
)

_ACTS = (
    Act(
        name="the list is empty",
        breaks=told("empty-directory", {"on": True}),
        codes=(Code.READ_EMPTY,),
        every=True,
    ),
    Act(
        name="the list is empty while three people leave",
        breaks=told("empty-directory", {"on": True}),
        codes=(Code.READ_EMPTY,),
        leavers=3,
    ),
    Act(
        name="half of the list",
        breaks=told("listing", {"ends": "short"}),
        # A new database knows of no earlier number, but links tell who is missing.
        codes=(Code.READ_SHRUNK, Code.GUARD_STOPPED),
        ends=(1, 4),
        every=True,
    ),
    Act(
        name="the pages go in circles",
        breaks=told("listing", {"ends": "circles"}),
        codes=(Code.READ_INCOMPLETE,),
    ),
    Act(
        name="the second page is gone",
        breaks=told("listing", {"ends": "stale"}),
        codes=(Code.PAGE_TOKEN_STALE,),
    ),
)


def run(context: Context) -> Figures:
    """Every way in which nobody, or only some, are told of."""
    return play(context, _ACTS)
