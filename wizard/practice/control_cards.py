"""The cards of the control page as data: what a person can do to the practice world, in words."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CARDS", "MANY", "SLOW_MS", "Card", "Field"]

SLOW_MS = 400
MANY = 64
_SERVICES = (
    ("all", "Both services"),
    ("account", "The account service"),
    ("google", "Google"),
)
_WHO = "Address"
_ANYBODY = "anybody if empty"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to type, or, with `options` (value, words), to choose from.

    `from_world` names a list that only the running world knows: `units`.
    """

    name: str
    label: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    from_world: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One thing to do; `action` is the last part of its address."""

    action: str
    title: str
    about: str
    button: str
    fields: tuple[Field, ...] = ()
    danger: bool = False


def _who(name: str = "value") -> Field:
    return Field(name=name, label=_WHO, hint=_ANYBODY)


_PEOPLE = (
    Card(
        action="hire",
        title="Hire somebody",
        about="A new person. The next sync gives them an account.",
        button="Hire",
        fields=(
            Field(name="value", label="Family name", hint="invented if empty"),
            Field(name="unit", label="Organizational unit", from_world="units"),
        ),
    ),
    Card(
        action="rename",
        title="Rename somebody",
        about="The account keeps its history.",
        button="Rename",
        fields=(_who(), Field(name="family", label="New family name", hint="invented if empty")),
    ),
    Card(
        action="let-go",
        title="Let somebody go",
        about="Deleted in the directory.",
        button="Let go",
        fields=(_who(),),
    ),
    Card(
        action="move",
        title="Move somebody",
        about="To another organizational unit. With a scope by units, they may leave or come.",
        button="Move",
        fields=(_who(), Field(name="unit", label="To", from_world="units")),
    ),
    Card(
        action="suspend",
        title="Suspend somebody",
        about="Suspended in the directory, not deleted.",
        button="Suspend",
        fields=(_who(),),
    ),
    Card(
        action="bring-back",
        title="Bring somebody back",
        about="Ends a suspension. They get the same account again.",
        button="Bring back",
        fields=(Field(name="value", label=_WHO, hint="whoever was suspended"),),
    ),
    Card(
        action="let-many-go",
        title=f"Let {MANY} people go at once",
        about="See how the sync stops and asks.",
        button=f"Let {MANY} go",
        danger=True,
    ),
)
_SERVICE = (
    Card(
        action="other-settings",
        title="Change settings as somebody else",
        about="Another owner saves while you edit. See how the two are put together.",
        button="Save as them",
        fields=(
            Field(
                name="value",
                label="What they change",
                options=(
                    ("hourly", "Sync every hour"),
                    ("keep", "Keep the accounts of people who leave"),
                    ("limit", "Stop at 1 % of people leaving"),
                    ("off", "Provisioning off"),
                    ("on", "Provisioning on"),
                ),
            ),
        ),
    ),
    Card(
        action="activation",
        title="Slow activation",
        about="How long a new connection stays pending, and the app’s install unseen.",
        button="Set",
        fields=(
            Field(
                name="value",
                label="It takes",
                options=(
                    ("2", "2 seconds"),
                    ("30", "30 seconds"),
                    ("180", "3 minutes"),
                    ("900", "15 minutes, longer than normal"),
                ),
            ),
        ),
    ),
    Card(
        action="fail-connection",
        title="Let the next connection fail",
        about="The service refuses the next authorization, with this reason.",
        button="Let it fail",
        fields=(
            Field(
                name="value",
                label="Reason",
                options=(
                    ("app-not-installed", "The app is not installed"),
                    ("authorization-expired", "The authorization has expired"),
                    ("internal", "No reason that anybody would know"),
                ),
            ),
        ),
    ),
    Card(
        action="other-computer",
        title="Another computer takes over",
        about="SERVER01 holds the sync from now on, until you take it back.",
        button="Take over",
    ),
)
_GOOGLE = (
    Card(
        action="ending",
        title="How sign-ins at Google end",
        about="Google shows a page of its own, and the browser never comes back.",
        button="Set",
        fields=(
            Field(
                name="value",
                label="The next sign-ins",
                options=(
                    ("none", "Work"),
                    ("admin_policy_enforced", "Are blocked by the organization’s policy"),
                    ("org_internal", "Are only for the app’s own organization"),
                    ("access_denied", "Are only for the app’s testers"),
                    ("disallowed_useragent", "Are refused in this browser window"),
                    ("deleted_client", "Meet an app whose registration was deleted"),
                    ("redirect_uri_mismatch", "Come from an address that was not registered"),
                    ("invalid_request", "Are refused as not valid"),
                ),
            ),
        ),
    ),
    Card(
        action="expire",
        title="Expire tokens",
        about="Access tokens are renewed without anybody. When all end, somebody has to come.",
        button="Expire",
        fields=(
            Field(
                name="value",
                label="Which",
                options=(
                    ("access", "Access tokens alone"),
                    ("refresh", "All, so that people sign in"),
                ),
            ),
        ),
    ),
    Card(
        action="empty",
        title="Empty directory",
        about="Google lists nobody, although everybody is there.",
        button="Empty it",
    ),
    Card(
        action="swap",
        title="Another company’s directory",
        about="Google answers for another customer than the one that was connected.",
        button="Swap it",
    ),
)
_NETWORK = (
    Card(
        action="outage",
        title="Cut the network",
        about="See that what wasn’t read isn’t taken for gone.",
        button="Cut it",
        fields=(
            Field(name="which", label="To", options=_SERVICES),
            Field(
                name="value",
                label="For",
                options=(("60", "A minute"), ("600", "10 minutes"), ("", "Until it is put right")),
            ),
        ),
    ),
    Card(
        action="slow",
        title="Slow network",
        about=f"Every request waits {SLOW_MS} ms, or longer.",
        button="Slow down",
        fields=(
            Field(
                name="value",
                label="Wait",
                options=(
                    (str(SLOW_MS), "0.4 seconds"),
                    ("2000", "2 seconds"),
                    ("8000", "8 seconds"),
                ),
            ),
        ),
    ),
    Card(
        action="errors",
        title="Answers that are refusals",
        about="The next five requests are answered like this, then all is well again.",
        button="Refuse five",
        fields=(
            Field(name="which", label="At", options=_SERVICES[1:]),
            Field(
                name="value",
                label="With",
                options=(
                    ("503", "Not available now (503)"),
                    ("429", "Too many requests (429)"),
                    ("500", "A failure of its own (500)"),
                    ("403", "Not allowed (403)"),
                ),
            ),
        ),
    ),
    Card(
        action="heal",
        title="Everything works again",
        about="No outage, no delay, no refusals, a directory and sign-ins as they should be.",
        button="Put right",
    ),
)
_ANEW = (
    Card(
        action="start-over",
        title="Start over",
        about="A fresh organization: the sample people, nobody connected, nothing set up. What "
        "was set up against this one has to be set up again.",
        button="Start over",
        fields=(Field(name="value", label="Type “start over” to confirm"),),
        danger=True,
    ),
)

CARDS: tuple[tuple[str, tuple[Card, ...]], ...] = (
    ("People", _PEOPLE),
    ("The account service", _SERVICE),
    ("Google", _GOOGLE),
    ("The network", _NETWORK),
    ("From the beginning", _ANEW),
)
"""Headings with their cards, in the order of the page."""
