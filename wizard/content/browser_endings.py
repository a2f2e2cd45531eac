"""What a browser may show instead of coming back, by Google's own words, and the cure of each."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.content.text import N_, Message

__all__ = ["BROWSER_ENDINGS", "BrowserEnding"]


@dataclass(frozen=True, kw_only=True)
class BrowserEnding:
    """One message of the browser; `id` is Google's word for it where it has one.

    `shown` is how the person recognizes it, `cure` paragraphs and items as in an answer of the
    FAQ, `topic` the help topic with more. All to be shown with `t`; `{service}` is to be filled.
    With `trusts` the cure needs the app's client id and Google's page of trusted apps.
    """

    id: str
    shown: Message
    cure: Message
    topic: str
    trusts: bool = False


BROWSER_ENDINGS: tuple[BrowserEnding, ...] = (
    BrowserEnding(
        id="admin_policy_enforced",
        shown=N_("“Access blocked”, with “administrator” or “admin_policy_enforced”"),
        cure=N_(
            "Your organization’s settings let in only apps that an admin trusts. A super admin "
            "trusts this one by its client ID:\n\n"
            "1. Open Google’s page of trusted apps.\n"
            "2. Press **Configure new app**, paste the client ID, and set it to **Trusted**.\n"
            "3. Come back here and press “Open the page again”."
        ),
        topic="browser-admin-policy",
        trusts=True,
    ),
    BrowserEnding(
        id="app_blocked",
        shown=N_("“This app is blocked”"),
        cure=N_(
            "Either your organization blocks it, or Google does. A super admin looks for this "
            "client ID among the blocked apps and sets it to **Trusted**. If it isn’t there, "
            "contact {service}: Google may have to review the app."
        ),
        topic="browser-app-blocked",
        trusts=True,
    ),
    BrowserEnding(
        id="org_internal",
        shown=N_("“… can only be used within its organization” or “org_internal”"),
        cure=N_(
            "The app is set up for its maker’s own people. You can’t change that, and nothing is "
            "wrong on your side. Send the words on the page to {service}."
        ),
        topic="browser-org-internal",
    ),
    BrowserEnding(
        id="access_denied",
        shown=N_("“… has not completed the Google verification process”"),
        cure=N_(
            "The app is still being tested, and only its testers get in. Send the words on the "
            "page to {service}."
        ),
        topic="browser-not-verified",
    ),
    BrowserEnding(
        id="disallowed_useragent",
        shown=N_("“This browser or app may not be secure” or “disallowed_useragent”"),
        cure=N_(
            "Another program has caught the page. Press “Copy the link” and paste it into Chrome, "
            "Edge, Firefox or Safari on this computer."
        ),
        topic="browser-useragent",
    ),
    BrowserEnding(
        id="redirect_uri_mismatch",
        shown=N_("“Error 400” or “redirect_uri_mismatch”"),
        cure=N_(
            "The app’s entry at Google doesn’t fit this program. That is for {service} to put "
            "right, not for you. Send them the words on the page."
        ),
        topic="browser-invalid-request",
    ),
    BrowserEnding(
        id="deleted_client",
        shown=N_("“Error 401” or “deleted_client”"),
        cure=N_(
            "The app’s entry at Google was deleted or switched off. Send the words on the page "
            "to {service}."
        ),
        topic="browser-invalid-request",
    ),
    BrowserEnding(
        id="nothing",
        shown=N_("Nothing at all, or a page that can’t be reached"),
        cure=N_(
            "Press “Copy the link” and paste it into a browser on this computer. If you have "
            "signed in and the last page can’t be reached, something blocks the way back: a "
            "security program or proxy must let the browser reach 127.0.0.1."
        ),
        topic="browser-did-not-open",
    ),
)
"""In the order in which people meet them.
Source of the codes: https://developers.google.com/identity/protocols/oauth2/native-app"""
