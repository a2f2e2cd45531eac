"""The proof that half an outage, at either end, costs nobody an account."""

from __future__ import annotations

from devtools.proving import Context, Figures
from proofs.client import Client
from proofs.mass_leaving import ALL, KNOWN, Act, Break, play, told
from wizard.core.trouble import Code

SAYS = (
    "Half an outage: the list of people works and look-ups fail, the list drops people while they "
    "do, or half of the account service is down; nobody is deactivated, the words say why, and "
    "when it is over those who really left go by themselves."
)

_UNIT = "/v1/organizational_units/"
_NO_LOOK_UPS = {
    "stand_in": "google", "path_prefix": "/admin/directory/v1/users/", "times": 0, "status": 503,
    "retry_after": 0,
}  # fmt: skip


def _down(method: str, part: str) -> Break:
    """A part of the account service answers with 503."""

    def breaks(client: Client) -> None:
        unit = str(client.organization.accounts()[0]["organizational_unit_id"])
        fault = {
            "stand_in": "account", "method": method, "path_prefix": f"{_UNIT}{unit}/{part}",
            "times": 0, "status": 503,
        }  # fmt: skip
        client.organization.ask("faults", [fault])

    return breaks


def _dropping(**more: object) -> Break:
    """Look-ups fail, and the list drops people without a word."""

    def breaks(client: Client) -> None:
        client.organization.ask("faults", [_NO_LOOK_UPS])
        name, ask = ("sight", more) if "hidden" in more else ("listing", more)
        client.organization.ask(name, ask)

    return breaks


_ACTS = (
    Act(
        name="look-ups fail while three people leave",
        breaks=told("faults", [_NO_LOOK_UPS]),
        codes=(Code.LEAVERS_UNPROVEN,),
        ends=(3,),
        states=KNOWN,
        leavers=3,
    ),
    Act(
        name="half of the list, and look-ups fail",
        breaks=_dropping(ends="short"),
        codes=(Code.SERVICE_UNAVAILABLE, Code.GUARD_STOPPED),
        ends=(1, 4),
        states=ALL,
        every=True,
    ),
    Act(
        name="ten people dropped from the list, and look-ups fail",
        breaks=_dropping(hidden=10),
        codes=(Code.LEAVERS_UNPROVEN,),
        ends=(3,),
        states=KNOWN,
    ),
    Act(
        name="accounts can't be written while three people leave",
        breaks=_down("POST", "scim/"),
        codes=(Code.SERVICE_UNAVAILABLE,),
        states=KNOWN,
        leavers=3,
        every=True,
    ),
    Act(
        name="accounts can't be read while three people leave",
        breaks=_down("GET", "scim/"),
        codes=(Code.SERVICE_UNAVAILABLE, Code.LINKS_NOT_REBUILT),
        ends=(1, 3),
        states=(KNOWN[1],),
        leavers=3,
    ),
    Act(
        name="settings can't be read while three people leave",
        breaks=_down("GET", "organization_accounts"),
        codes=(Code.SETTINGS_UNREADABLE, Code.SERVICE_UNAVAILABLE),
        ends=(1, 3),
        states=KNOWN,
        leavers=3,
    ),
)


def run(context: Context) -> Figures:
    """One half after the other."""
    return play(context, _ACTS)
