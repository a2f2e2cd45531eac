"""The hand-over kit: one page that tells IT who asks, what for, and every step, as HTML.

The file stands alone: no script, nothing from the internet, and a policy in it that lets a
browser fetch nothing. Whatever it shows of people, profiles and services is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape

from wizard.content.kit_pictures import brand_mark, step_picture
from wizard.content.permissions import permission_words
from wizard.content.steps import STEP_WORDS
from wizard.content.text import N_, Message, language, t, tn
from wizard.core.command_words import command_word
from wizard.core.resources import resource

__all__ = ["HostUse", "KitFacts", "KitHost", "KitPermission", "kit_html"]


class HostUse(StrEnum):
    """What a host is for; its words are in `_uses`."""

    SERVICE = "service"
    SIGN_IN = "sign-in"
    GOOGLE_SIGN_IN = "google-sign-in"
    GOOGLE_READ = "google-read"
    GOOGLE_APP = "google-app"


@dataclass(frozen=True, kw_only=True)
class KitHost:
    """A host that a firewall has to let through, its TCP port, and what for."""

    host: str
    port: int
    use: HostUse


@dataclass(frozen=True, kw_only=True)
class KitPermission:
    """A right that is asked for: the scope in full, and the key of its words."""

    scope: str
    key: str


@dataclass(frozen=True, kw_only=True)
class KitFacts:
    """What a kit tells beside its own words. Addresses of pages are '' where there is none.

    `steps` are the keys of IT's steps (`STEP_WORDS`), `minutes` the work in them. `resume_name`
    and `resume` are the resume file that lies beside the kit; it is in the kit, too, so that the
    page alone is enough. `invites`: the service sends invitations, and IT got one.
    """

    service: str
    organization: str
    owner_name: str
    owner_address: str
    steps: tuple[str, ...]
    minutes: int
    permissions: tuple[KitPermission, ...]
    hosts: tuple[KitHost, ...]
    resume_name: str
    resume: bytes
    made_on: date
    version: str
    invites: bool = True
    practice: bool = False
    privacy_url: str = ""
    data_management_url: str = ""
    compliance_url: str = ""
    support_url: str = ""


def kit_html(facts: KitFacts) -> str:
    """The whole page, UTF-8 by its own word."""
    style = resource("kit/kit.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = t("Hand-over kit for {organization}", organization=_clean(facts.organization))
    sections = (
        _who_asks(facts),
        _needs(facts),
        _resume(facts),
        _permissions(facts),
        _stored(facts),
        _hosts(facts),
        _documents(facts),
        _steps(facts),
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{_head(facts)}\n<main>\n{''.join(sections)}</main>\n{_foot(facts)}\n</body>\n</html>\n"
    )


def _clean(words: str) -> str:
    """Words of somebody else on one line: a control character shows as a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _say(message: Message, **values: str) -> str:
    """A sentence as HTML: its values escaped, `**…**` bold."""
    words = escape(t(message, **{name: _clean(value) for name, value in values.items()}))
    parts = words.split("**")
    return "".join(f"<b>{part}</b>" if number % 2 else part for number, part in enumerate(parts))


def _p(message: Message, **values: str) -> str:
    return f"<p>{_say(message, **values)}</p>\n"


def _list(*items: str) -> str:
    return "<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>\n"


def _section(title: str, *content: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{''.join(content)}</section>\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the rows' cells are HTML already."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _link(url: str, words: str) -> str:
    """A link out of the kit; only web pages, whatever a profile may have said."""
    if not url.startswith(("https://", "http://")):
        return escape(words)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(words)}</a>'


def _breakable(address: str) -> str:
    """An address as HTML that may go on in the next line at its slashes and dots."""
    return escape(address).replace("/", "/<wbr>").replace(".", ".<wbr>")


def _head(facts: KitFacts) -> str:
    organization = _clean(facts.organization)
    chips = (
        tn("About {count} minute", "About {count} minutes", facts.minutes),
        t("Full admin needed"),
        t("Your directory is only read"),
    )
    practice = (
        f'<p class="practice">{_say(N_("Practice: nothing of this is real."))}</p>\n'
        if facts.practice
        else ""
    )
    return (
        f"<header>\n{practice}"
        f'<p class="kind">{brand_mark(28)}{escape(t("Enterprise Connect Setup"))}</p>\n'
        f"<h1>{_say(N_('Connect {organization} with {service}'), **_names(facts))}</h1>\n"
        f"{_p(N_('For the IT representative of {organization}.'), organization=organization)}"
        f'<ul class="facts">{"".join(f"<li>{escape(chip)}</li>" for chip in chips)}</ul>\n</header>'
    )


def _names(facts: KitFacts) -> dict[str, str]:
    return {"organization": facts.organization, "service": facts.service}


def _who_asks(facts: KitFacts) -> str:
    name, address = _clean(facts.owner_name), _clean(facts.owner_address)
    who = (
        t("{name} ({address})", name=name, address=address)
        if name and address
        else name or address or t("The account owner of {organization}", **_names(facts))
    )
    return _section(
        t("Who asks, and why"),
        _p(
            N_("**{who}** asks you to connect your user directory with **{service}**."),
            who=who,
            service=facts.service,
        ),
        _p(
            N_(
                "Everybody in the scope that you choose gets an account there and stays in step. "
                "Nobody has to be invited by hand, and nobody has to accept anything."
            )
        ),
        _p(
            N_(
                "It comes to you because one part needs full admin rights: only a full admin can "
                "authorize the connection. You choose who is synced, and a preview shows "
                "everything before anything is written."
            )
        ),
    )


def _needs(facts: KitFacts) -> str:
    invitation = _say(
        N_(
            "The **invitation** to {organization} at {service}, which came by mail. It is "
            "valid for 48 hours; the account owner can send it again."
        ),
        **_names(facts),
    )
    return _section(
        t("What you need, and how long it takes"),
        _list(
            _say(N_("An account with **full admin** rights. Google calls the role super admin.")),
            *([invitation] if facts.invites else ()),
            _say(
                N_(
                    "This program, **Enterprise Connect Setup**, on a computer that is yours to "
                    "use, and a browser on it."
                )
            ),
            _say(N_("The hosts below, reachable from that computer. A proxy is fine.")),
        ),
        "<p>"
        + escape(
            tn(
                "It is about {count} minute of work.",
                "It is about {count} minutes of work.",
                facts.minutes,
            )
        )
        + " "
        + _say(
            N_(
                "Google may add a wait of its own, mostly a few minutes. You can stop at any "
                "step and go on later, here or on another computer."
            )
        )
        + "</p>\n",
    )


def _resume(facts: KitFacts) -> str:
    name = _clean(facts.resume_name)
    content = base64.b64encode(facts.resume).decode()
    href = f"data:application/octet-stream;base64,{content}"
    word = command_word(facts.resume_name)
    command = f"enterprise-connect-setup {word}"
    # A name that some shell would read otherwise is opened from the first page.
    by_command = [_say(N_("Or start it with the file:")) + f" <code>{escape(command)}</code>"]
    return _section(
        t("Go on where the account owner stopped"),
        _p(
            N_(
                "The resume file **{file}** lies beside this page. It says which set-up to go on "
                "with, and nothing else: it holds no address and no secret."
            ),
            file=name,
        ),
        f'<p><a class="button" download="{escape(name)}" href="{href}">'
        f"{escape(t('Save the resume file'))}</a></p>\n",
        _list(
            _say(
                N_(
                    "Open Enterprise Connect Setup. On its first page press **I was given a resume "
                    "file**, or drop the file on the window."
                )
            ),
            *(by_command if word else ()),
            _say(
                N_("Then sign in with the account that was invited.")
                if facts.invites
                else N_("Then sign in.")
            ),
        ),
    )


def _permissions(facts: KitFacts) -> str:
    rows = []
    for one in facts.permissions:
        words = permission_words(one.key)
        rows.append(
            (escape(words.title), escape(words.reason), f"<code>{_breakable(one.scope)}</code>")
        )
    return _section(
        t("What Google will be asked for"),
        _table((t("Right"), t("Why"), t("Scope")), rows),
        _p(
            N_(
                "All of it is read only: this program can’t change anything in your directory. The "
                "rights stay on the computer that runs the sync; {service} never gets them."
            ),
            service=facts.service,
        ),
        _p(
            N_(
                "The Marketplace app is {service}’s own and reaches calendars. What it asks for "
                "stands on its page in the Google Workspace Marketplace."
            ),
            service=facts.service,
        ),
    )


def _stored(facts: KitFacts) -> str:
    service = facts.service
    here = _say(N_("On the computer that runs the sync, readable by its user alone"))
    sealed = _say(N_("Encrypted on that computer; the key lies in the system’s password store"))
    there = _say(N_("At {service}"), service=service)
    by_policy = _say(N_("As {service}’s data management says"), service=service)
    rows = (
        (
            _say(N_("The directory as last read: names, addresses, units, groups")),
            here,
            _say(N_("Until you disconnect")),
        ),
        (_say(N_("What each sync planned and did")), here, _say(N_("90 days"))),
        (
            _say(N_("The permission to read the directory")),
            sealed,
            _say(N_("Until you disconnect, or end it at Google")),
        ),
        (
            _say(N_("Your sign-in at {service}"), service=service),
            sealed,
            _say(N_("Until you sign out")),
        ),
        (
            _say(N_("One account a person: name, address, and the directory’s id of them")),
            there,
            by_policy,
        ),
        (_say(N_("Your settings, and how many people each sync changed")), there, by_policy),
    )
    return _section(
        t("What is stored where, and for how long"),
        _table((t("What"), t("Where"), t("For how long")), rows),
        _p(
            N_(
                "Passwords, mail and files are never read. This program doesn’t read calendars, "
                "either: {service} reaches them through its own app."
            ),
            service=service,
        ),
    )


def _uses(service: str) -> dict[HostUse, str]:
    return {
        HostUse.SERVICE: _say(N_("{service}: accounts, settings, the sync"), service=service),
        HostUse.SIGN_IN: _say(N_("Signing in at {service}, in your browser"), service=service),
        HostUse.GOOGLE_SIGN_IN: _say(N_("Signing in at Google, in your browser and the program")),
        HostUse.GOOGLE_READ: _say(N_("Reading the directory")),
        HostUse.GOOGLE_APP: _say(
            N_("The app in the Google Workspace Marketplace, in your browser")
        ),
    }


def _hosts(facts: KitFacts) -> str:
    uses = _uses(facts.service)
    rows = [
        (f"<code>{escape(one.host)}</code>", str(one.port), uses[one.use]) for one in facts.hosts
    ]
    return _section(
        t("Hosts and ports to allow"),
        _p(N_("All of it goes out from the computer that runs the program, over TLS.")),
        _table((t("Host"), t("Port"), t("What for")), rows),
        _p(
            N_(
                "No port has to be opened to the inside. While somebody signs in, the program "
                "listens on 127.0.0.1 and ::1 alone, for a few minutes."
            )
        ),
    )


def _documents(facts: KitFacts) -> str:
    known = (
        (facts.privacy_url, t("Privacy notice")),
        (facts.data_management_url, t("Data management")),
        (facts.compliance_url, t("Compliance documents")),
        (facts.support_url, t("Support")),
    )
    links = [_link(url, words) for url, words in known if url]
    missing = [words for url, words in known[:3] if not url]
    told = _list(*links) if links else ""
    if missing:
        told += _p(
            N_("Not named by this set-up, ask {service} for it: {missing}."),
            service=facts.service,
            missing=", ".join(missing),
        )
    return _section(t("Documents on privacy and compliance"), told)


def _steps(facts: KitFacts) -> str:
    items = []
    for number, key in enumerate(facts.steps, start=1):
        words = STEP_WORDS[key]
        proof = _say(N_("**You’ll know it worked when** {proof}"), proof=t(words.proof))
        title = t("{number}. {title}", number=number, title=t(words.title))
        items.append(
            f"<li><figure>{step_picture(key, facts.steps)}</figure>\n<h3>{escape(title)}</h3>\n"
            f"<p>{escape(t(words.lead))}</p>\n<p>{proof}</p></li>\n"
        )
    return _section(t("The steps"), f'<ol class="steps">\n{"".join(items)}</ol>\n')


def _foot(facts: KitFacts) -> str:
    made = _p(
        N_(
            "Made by Enterprise Connect Setup {version} on {date}. This page loads nothing from "
            "the internet."
        ),
        version=facts.version,
        date=facts.made_on.isoformat(),
    )
    return f"<footer>\n{made}</footer>"
