"""Words for troubles with the directory and with a sync."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_entry import (
    SAFE_NOTHING,
    SAFE_SYNC,
    SAFE_UNDONE,
    THIS_ADDRESS,
    Entry,
    Who,
)
from wizard.core.trouble import Code

__all__ = ["DIRECTORY"]

_GOOGLE = {
    Code.NOT_A_FULL_ADMIN: Entry(
        title=N_("This account isn’t a full admin"),
        happened=N_(
            "You signed in as {address}. Google says that this account has no admin role, so it "
            "can’t authorize the connection."
        ),
        to_do=N_(
            "Sign in with a full admin account. If you don’t have one, hand this step to the "
            "person who does."
        ),
        safe=N_("No connection was made; your steps are saved."),
        topic="full-admin",
        who=Who.FULL_ADMIN,
    ),
    Code.DELEGATED_ADMIN: Entry(
        title=N_("This account is an admin, but not a full admin"),
        happened=N_(
            "You signed in as {address}. It has a limited admin role, which may see only a part "
            "of the people. Google calls the role that is needed “super admin”."
        ),
        to_do=N_("Sign in with a super admin account, or hand this step to the person who has it."),
        safe=N_("No connection was made; your steps are saved."),
        topic="delegated-admin",
        who=Who.FULL_ADMIN,
    ),
    Code.SCOPES_MISSING: Entry(
        title=N_("Not everything was allowed"),
        happened=N_("On Google’s page a box was left empty: {missing}."),
        to_do=N_("Sign in again and leave every box ticked."),
        safe=N_("No connection was made; your steps are saved."),
        topic="scopes-missing",
        who=Who.FULL_ADMIN,
    ),
    Code.OTHER_CUSTOMER: Entry(
        title=N_("This account belongs to another organization"),
        happened=N_(
            "{address} is an admin of {domain}. This connection belongs to {expected_domain} and "
            "stays with it."
        ),
        to_do=N_("Sign in with an admin of {expected_domain}."),
        safe=N_("We only looked whose account it is. Nothing of the other organization was kept."),
        topic="other-customer",
        who=Who.FULL_ADMIN,
    ),
    Code.ADMIN_POLICY_ENFORCED: Entry(
        title=N_("Your Google admin settings block this app"),
        happened=N_("Google doesn’t let this app have the rights it needs in your organization."),
        to_do=N_(
            "In Google’s Admin console open Security, Access and data control, API controls, and "
            "trust this app."
        ),
        safe=SAFE_NOTHING,
        topic="browser-admin-policy",
        who=Who.FULL_ADMIN,
    ),
    Code.APP_INTERNAL: Entry(
        title=N_("Google shows this app to its maker only"),
        happened=N_("The app is set up for another organization’s own people."),
        to_do=N_("Tell {service}: their Google project must be made external."),
        safe=SAFE_NOTHING,
        topic="browser-org-internal",
        who=Who.SUPPORT,
    ),
    Code.APP_BLOCKED: Entry(
        title=N_("Google blocks this app"),
        happened=N_("Google says that this app may not ask for access."),
        to_do=N_("In Google’s Admin console see whether the app is blocked. If not, tell us."),
        safe=SAFE_NOTHING,
        topic="browser-app-blocked",
        who=Who.FULL_ADMIN,
    ),
    Code.APP_NOT_INSTALLED: Entry(
        title=N_("The app isn’t seen in your workspace"),
        happened=N_(
            "Google said yes, and {service} can’t reach calendars: it sees no app installed for "
            "{domain}."
        ),
        to_do=N_(
            "Go back one step and install it. If it is installed, wait a few minutes and try "
            "again: Google passes it on in its own time."
        ),
        safe=N_("Your sign-in is kept, and nobody has an account yet."),
        topic="install-takes-long",
        who=Who.FULL_ADMIN,
    ),
    Code.API_NOT_ENABLED: Entry(
        title=N_("A part of Google is switched off for this app"),
        happened=N_("The Admin SDK is not switched on in the Google project that the app uses."),
        to_do=N_(
            "Whoever owns that project switches it on, then waits a few minutes. With a vendor’s "
            "app, tell the vendor."
        ),
        safe=SAFE_SYNC,
        topic="api-not-enabled",
        who=Who.SUPPORT,
    ),
    Code.DOMAIN_CANNOT_USE_APIS: Entry(
        title=N_("Google doesn’t let programs read this directory"),
        happened=N_("API access is switched off for your organization."),
        to_do=N_("A full admin switches on API access in Google’s Admin console, under Security."),
        safe=SAFE_SYNC,
        topic="api-access",
        who=Who.FULL_ADMIN,
    ),
    Code.DIRECTORY_FORBIDDEN: Entry(
        title=N_("We may not read this part of the directory"),
        happened=N_("Google didn’t let the account that authorized the connection read it."),
        to_do=N_("Check that the account is still a full admin, then authorize again."),
        safe=SAFE_SYNC,
        topic="directory-forbidden",
        who=Who.FULL_ADMIN,
    ),
    Code.DIRECTORY_TOKEN_REJECTED: Entry(
        title=N_("Google no longer accepts this sign-in"),
        happened=N_("Access was taken back, or the account’s password or role was changed."),
        to_do=N_("A full admin of the same organization authorizes again. All links are kept."),
        safe=SAFE_SYNC,
        topic="sign-in-expired",
        who=Who.FULL_ADMIN,
    ),
    Code.PAGE_TOKEN_STALE: Entry(
        title=N_("Google lost its place in the list"),
        happened=N_("The list can’t be read on from where we were."),
        to_do=N_("Try again. Reading starts from the beginning."),
        safe=SAFE_SYNC,
        topic="read-incomplete",
    ),
    Code.CLOCK_WRONG: Entry(
        title=N_("This computer’s clock is wrong"),
        happened=N_("By Google’s time it is {off} off. Sign-ins fail like that."),
        to_do=N_("Let the computer set its time by itself, then try again."),
        safe=SAFE_NOTHING,
        topic="clock",
    ),
}

_SYNC = {
    Code.READ_INCOMPLETE: Entry(
        title=N_("The directory could not be read to its end"),
        happened=N_("We read {people} people, and then a part was missing."),
        to_do=N_("Nothing has to be done. The next sync reads everything again."),
        safe=SAFE_SYNC,
        topic="read-incomplete",
    ),
    Code.READ_SHRUNK: Entry(
        title=N_("Far fewer people than last time"),
        happened=N_(
            "Last time we read {before} people, now {now}. That looks more like a gap than like "
            "people who left."
        ),
        to_do=N_(
            "Check the directory and the admin’s role. If the number is right, let the next sync "
            "check everything again."
        ),
        safe=SAFE_SYNC,
        topic="read-shrunk",
        who=Who.IT,
    ),
    Code.READ_EMPTY: Entry(
        title=N_("The directory came back empty"),
        happened=N_("Google answered, and there was nobody in the answer."),
        to_do=N_("Check that the admin still sees people in Google’s Admin console. Then retry."),
        safe=SAFE_SYNC,
        topic="read-shrunk",
        who=Who.IT,
    ),
    Code.GUARD_STOPPED: Entry(
        title=N_("This sync stopped to ask you"),
        happened=N_(
            "It would have {what} {people} people. Your limit is {limit}. The likely cause is "
            "shown first."
        ),
        to_do=N_("Look at the cause. Put it right, or type the number of people to go on."),
        safe=N_("Those people were not touched."),
        topic="why-did-the-sync-stop",
        who=Who.IT,
    ),
    Code.APPROVAL_OUTDATED: Entry(
        title=N_("The plan has changed since you agreed"),
        happened=N_("The directory was read again, and other people would leave now."),
        to_do=N_("Look at the new plan and decide again."),
        safe=N_("Nobody was deactivated."),
        topic="why-did-the-sync-stop",
        who=Who.IT,
    ),
    Code.LINKS_NOT_REBUILT: Entry(
        title=N_("We don’t yet know again whose account is whose"),
        happened=N_("Our notes are new, and {service} has not told us all accounts yet."),
        to_do=N_("Let the next sync try again. Until it works, nobody is removed."),
        safe=SAFE_SYNC,
        topic="damaged-files",
    ),
    Code.LEAVERS_UNPROVEN: Entry(
        title=N_("We can’t be sure that these people left"),
        happened=N_(
            "The sync would have deactivated some people, {people} in all. When it looked each of "
            "them up, the directory didn’t answer, or didn’t say that they left."
        ),
        to_do=N_(
            "Nothing, where the directory was out of reach: the next sync asks again. If it stays "
            "so, check that the admin who authorized still sees everybody."
        ),
        safe=N_("They keep their accounts until it is certain. Everybody else goes on."),
        topic="read-shrunk",
        who=Who.IT,
    ),
    Code.ADDRESS_CLAIMED_TWICE: Entry(
        title=N_("Two people use the same address"),
        happened=N_("{address} belongs to more than one person in the directory."),
        stand_ins=THIS_ADDRESS,
        to_do=N_("Decide in the directory who has it. The next sync goes on by itself."),
        safe=N_("Neither account was touched. Everybody else goes on."),
        topic="address-claimed-twice",
        who=Who.IT,
    ),
    Code.ACCOUNT_CLAIMED: Entry(
        title=N_("This account belongs to somebody else"),
        happened=N_("{address} is already linked to another person."),
        to_do=N_("Check who should have it. Change the address of one of them in the directory."),
        safe=N_("Neither account was touched. Everybody else goes on."),
        topic="address-claimed-twice",
        who=Who.IT,
    ),
    Code.NO_ADDRESS: Entry(
        title=N_("This person has no address"),
        happened=N_("The directory has no email address for {name}, so there can be no account."),
        to_do=N_("Give the person an address in the directory. The next sync does the rest."),
        safe=N_("Everybody else goes on."),
        topic="why-skipped",
        who=Who.IT,
    ),
    Code.DOMAIN_NOT_VERIFIED: Entry(
        title=N_("We can’t be sure whose account this is"),
        happened=N_(
            "An account with {address} exists. The directory has not verified that domain, so we "
            "don’t take it over."
        ),
        stand_ins=THIS_ADDRESS,
        to_do=N_("Verify the domain in the directory, or change the account’s address."),
        safe=N_("The account was not touched. Everybody else goes on."),
        topic="adopted-accounts",
        who=Who.FULL_ADMIN,
    ),
    Code.WRITE_FAILED: Entry(
        title=N_("One account could not be written"),
        happened=N_("{service} didn’t write {address}: {detail}."),
        to_do=N_("The next sync tries again. If it stays so, contact support."),
        safe=SAFE_UNDONE,
        topic="what-problems-means",
    ),
    Code.PROVISIONING_OFF: Entry(
        title=N_("Provisioning is off"),
        happened=N_("In the settings at {service} provisioning is switched off."),
        to_do=N_("Turn it on under Provisioning and press Save."),
        safe=SAFE_NOTHING,
        topic="what-provisioning-does",
        who=Who.OWNER,
    ),
    Code.RUN_INTERRUPTED: Entry(
        title=N_("A sync was cut short"),
        happened=N_("The program ended while a sync was running."),
        to_do=N_("Nothing. The next sync found out what had arrived and went on from there."),
        safe=SAFE_UNDONE,
        topic="what-problems-means",
    ),
    Code.RUN_NOT_KNOWN: Entry(
        title=N_("This computer knows no such sync"),
        happened=N_("Syncs are kept for 90 days, on the computer that ran them."),
        to_do=N_("Look at Activity, or at the list that runs prints, and name one that is there."),
        safe=SAFE_UNDONE,
        topic="take-a-sync-back",
    ),
}

DIRECTORY = MappingProxyType({**_GOOGLE, **_SYNC})
