"""Words for troubles with signing in and with the account service."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_entry import (
    SAFE_NOTHING,
    SAFE_STEPS,
    SAFE_UNDONE,
    THIS_ADDRESS,
    Entry,
    Who,
)
from wizard.core.trouble import Code

__all__ = ["SERVICE"]

_SIGN_IN = {
    Code.BROWSER_NOT_OPENED: Entry(
        title=N_("No browser opened"),
        happened=N_("This computer didn’t start a browser for us."),
        to_do=N_("Press “Copy the link” and paste it into a browser on this computer."),
        topic="browser-did-not-open",
    ),
    Code.SIGN_IN_TIMED_OUT: Entry(
        title=N_("Nobody came back from the browser"),
        happened=N_("We waited {minutes} minutes for the sign-in page to be finished."),
        to_do=N_(
            "Open the page again. If the browser shows a message, look for its words under Help."
        ),
        topic="page-shows-a-message",
    ),
    Code.SIGN_IN_REFUSED: Entry(
        title=N_("Access was not allowed in the browser"),
        happened=N_("Somebody pressed Cancel or “Don’t allow” on the page."),
        to_do=N_("Try again and allow access this time. The help says what each right is for."),
        safe=SAFE_NOTHING,
        topic="sign-in-refused",
    ),
    Code.SIGN_IN_FORGED: Entry(
        title=N_("An answer came that we didn’t ask for"),
        happened=N_("Something on this computer answered in place of the sign-in page."),
        to_do=N_("Start the sign-in again. If it happens again, tell your IT."),
        safe=N_("The answer was ignored, and nobody was signed in."),
        topic="sign-in-security",
    ),
    Code.SIGN_IN_FAILED: Entry(
        title=N_("The sign-in didn’t end well"),
        happened=N_("The browser came back, and the page didn’t say who you are."),
        to_do=N_("Sign in again. If it stays so, contact support with the details below."),
        topic="sign-in-problems",
    ),
    Code.SIGN_IN_EXPIRED: Entry(
        title=N_("Sign in again"),
        happened=N_("Your sign-in has ended, by time or because somebody ended it."),
        to_do=N_("Sign in with the same account. Everything goes on from there."),
        safe=N_("Your steps are saved, and nobody loses an account by that."),
        topic="sign-in-expired",
    ),
    Code.SIGN_IN_NEEDED: Entry(
        title=N_("You aren’t signed in"),
        happened=N_("This part needs to know who you are."),
        to_do=N_("Sign in. Everything goes on from there."),
        topic="sign-in-expired",
    ),
    Code.LISTENER_FAILED: Entry(
        title=N_("We can’t wait for the browser here"),
        happened=N_("This computer didn’t let us open the door that the browser returns to."),
        to_do=N_(
            "Allow this program to listen on this computer. A security product may be in the way."
        ),
        stand_ins=MappingProxyType({"port": N_("of that number")}),
        topic="sign-in-problems",
        who=Who.IT,
    ),
    Code.UNSAFE_ADDRESS: Entry(
        title=N_("We don’t open this address"),
        happened=N_("We were given an address that isn’t a secure web page."),
        to_do=N_("Check the profile. If it came with the program, send us a support file."),
        safe=N_("The address was not opened."),
        topic="sign-in-security",
        who=Who.SUPPORT,
    ),
}

_SERVICE = {
    Code.NOT_ALLOWED: Entry(
        title=N_("Your role doesn’t allow this"),
        happened=N_("{service} says that only an owner of the organizational unit may do this."),
        to_do=N_("Ask an owner to do it, or to invite you as an owner."),
        safe=SAFE_NOTHING,
        topic="roles",
        who=Who.OWNER,
    ),
    Code.NOT_A_MEMBER: Entry(
        title=N_("You don’t belong to this unit yet"),
        happened=N_("{address} is not a member of this organizational unit."),
        to_do=N_("Ask an owner to invite you, or sign in with the account that was invited."),
        safe=SAFE_NOTHING,
        topic="roles",
        who=Who.OWNER,
    ),
    Code.NOT_FOUND_AT_SERVICE: Entry(
        title=N_("It isn’t there anymore"),
        happened=N_("{service} doesn’t have what we asked for. Somebody may have removed it."),
        to_do=N_("Look at the organizational unit again, and connect anew if need be."),
        topic="removed-at-service",
    ),
    Code.SETTINGS_CHANGED: Entry(
        title=N_("Somebody else saved first"),
        happened=N_("The settings were changed at {service} while you looked at them."),
        to_do=N_("Look at the settings as they are now, and make your change again."),
        safe=N_("The other person’s settings are in place. Yours were not saved."),
        topic="settings-changed",
    ),
    Code.SETTINGS_UNREADABLE: Entry(
        title=N_("The settings can’t be read"),
        happened=N_("{service} didn’t give us the settings. The last ones serve for 24 hours."),
        to_do=N_("Wait until {service} answers again, or sign in again if it asks for that."),
        safe=N_("Until then nobody is deactivated."),
        topic="settings-unreadable",
    ),
    Code.NOT_THE_SYNCER: Entry(
        title=N_("Another computer keeps this in step"),
        happened=N_("{syncer_host} does it for {person}. Its last sync was {last_run_at}."),
        to_do=N_("Leave it there, or take over here. Then the other computer stops."),
        safe=SAFE_NOTHING,
        topic="another-computer",
        who=Who.IT,
    ),
    Code.CONNECTION_NOT_ACTIVE: Entry(
        title=N_("The connection isn’t active yet"),
        happened=N_("{service} is still setting it up. A few minutes is normal."),
        to_do=N_("Wait a few minutes, then look again. Nothing has to be done twice."),
        topic="authorized-but-nothing-happened",
    ),
    Code.CONNECTION_FAILED: Entry(
        title=N_("The connection could not be made active"),
        # `wizard.content.connection_reasons` has the words for each reason.
        happened=N_("{service} could not do it."),
        to_do=N_("Authorize again. If it stays so, contact support and give them the details."),
        topic="authorized-but-nothing-happened",
        who=Who.FULL_ADMIN,
    ),
    Code.REQUEST_REFUSED: Entry(
        title=N_("{service} didn’t accept this"),
        happened=N_("It refused what we asked for: {detail}."),
        to_do=N_("Correct what it names, or send us a support file."),
        safe=SAFE_STEPS,
        topic="refused-by-service",
        who=Who.SUPPORT,
    ),
    Code.ADDRESS_TAKEN: Entry(
        title=N_("This address is already taken"),
        happened=N_("Another account at {service} uses {address}."),
        stand_ins=THIS_ADDRESS,
        to_do=N_("Find out whose account it is. Free the address, or change it in the directory."),
        safe=N_("Both accounts are as they were. Everybody else goes on."),
        topic="address-taken",
        who=Who.OWNER,
    ),
    Code.INVITATION_CLOSED: Entry(
        title=N_("This invitation was answered already"),
        happened=N_("It was accepted or revoked in the meantime, so there is nothing to change."),
        to_do=N_("Look at the list again. It shows how each invitation stands now."),
        safe=SAFE_NOTHING,
        topic="invitation-did-not-arrive",
        who=Who.OWNER,
    ),
    Code.LAST_OWNER: Entry(
        title=N_("The last owner stays"),
        happened=N_("{address} is the last owner. Without an owner nobody could manage this unit."),
        to_do=N_("Make somebody else an owner first. The next sync then does the rest."),
        safe=N_("The account was not touched."),
        topic="last-owner",
        who=Who.OWNER,
    ),
    Code.PROVISIONING_TOKEN_LEFT: Entry(
        title=N_("A key of this computer is still good at {service}"),
        happened=N_(
            "We forgot the key that this computer synced with. {service} could not be told to end "
            "it, because it didn’t answer, or nobody who may do that was signed in."
        ),
        to_do=N_("Ask an owner to end the provisioning token “{label}” at {service}."),
        safe=N_("Nobody can use the key from this computer anymore."),
        topic="erase-set-up",
        who=Who.OWNER,
    ),
    Code.SET_UP_STANDS: Entry(
        title=N_("This computer is already set up for {name}"),
        happened=N_("It was set up by {person}. {address} isn’t an owner of {name}."),
        to_do=N_(
            "Go on with {name}: sign in as an owner of it. Or start again here for the other one."
        ),
        safe=N_("Nothing of it was changed, and its sync goes on."),
        topic="already-set-up",
        stand_ins=MappingProxyType(
            {"name": N_("another organization"), "address": N_("this account")}
        ),
    ),
    Code.PROVISIONING_TOKEN_REVOKED: Entry(
        title=N_("The sync’s own key was ended"),
        happened=N_("{service} no longer accepts the key that the sync writes with."),
        to_do=N_("Sign in again. We then ask for a new key and go on."),
        safe=SAFE_UNDONE,
        topic="provisioning-token",
        who=Who.OWNER,
    ),
    Code.NO_ORGANIZATIONAL_UNIT: Entry(
        title=N_("There is no organizational unit yet"),
        happened=N_("{address} doesn’t own an organizational unit at {service}."),
        to_do=N_("Create one, or ask the person who owns yours to invite you."),
        topic="organizational-unit",
    ),
}

SERVICE = MappingProxyType({**_SIGN_IN, **_SERVICE})
