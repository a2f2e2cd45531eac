"""The proof that a sign-in of another organization costs nobody an account."""

from __future__ import annotations

import re
import subprocess
from functools import partial

from devtools import environments
from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.mass_leaving import KNOWN, Act, play, told
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code
from wizard.services.scripted_browser import Manners, ScriptedBrowser

SAYS = (
    "The sign-in leads to another Google organization, or an admin of another one authorizes: "
    "before the first sync, after it, and with the local database deleted nobody is deactivated "
    "and nobody of theirs gets an account, the words say whose it is, and the next quiet run is "
    "exact."
)

_STRANGER = "ada.berg@fjordline.example"
_LIMIT = 120.0


def _authorize_as_a_stranger(context: Context, client: Client) -> None:
    """An admin of another organization authorizes anew, and is refused in words."""
    child = subprocess.Popen(
        [word for word in client.command("sign-in", "--workspace", "google", "--no-browser")
         if word != "--json"],
        cwd=context.root,
        env=environments.variables(PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )  # fmt: skip
    heard: list[str] = []
    browser = ScriptedBrowser(Manners(person=_STRANGER), stuck=heard.append)
    try:
        for line in child.stdout or ():
            heard.append(line)
            if address := re.search(r"^\s+(http://127\.0\.0\.1\S+)", line):
                browser.open(address[1])
        code = child.wait(_LIMIT)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        browser.close()
    said = "".join(heard)
    title = trouble_words(Code.OTHER_CUSTOMER).title
    if code == 0 or title not in said:
        raise Short("a stranger's authorization was not refused in words", {"said": said[-1500:]})


_ACTS = (
    Act(
        name="the directory is another organization's",
        breaks=told("swap-customer", {"on": True}),
        codes=(Code.OTHER_CUSTOMER,),
        every=True,
    ),
    Act(
        name="another organization's while three people leave",
        breaks=told("swap-customer", {"on": True}),
        codes=(Code.OTHER_CUSTOMER,),
        leavers=3,
    ),
)


def run(context: Context) -> Figures:
    """Another organization behind the token."""
    stranger = Act(
        name="an admin of another organization authorizes",
        breaks=partial(_authorize_as_a_stranger, context),
        # The authorization that is there stays, and so does everybody.
        ends=(0,),
        states=KNOWN,
    )
    return play(context, (*_ACTS, stranger))
