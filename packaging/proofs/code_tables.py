"""Every code that can stop a person, in one of two tables: seen in the window, or not met there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["NOT_ON_THIS_PATH", "PROVOKED"]

PROVOKED: Mapping[str, str] = MappingProxyType(
    {
        # the program and its computer
        "already-running": "a second start, while the first copy holds its lock and is silent",
        "answers-damaged": "the file of the saved steps is half of one",
        "cancelled": "“Cancel the sync” is pressed while people are read",
        "database-busy": "another program keeps the notes of the sync in use",
        "database-damaged": "the notes of the sync are overwritten with something else",
        "database-too-new": "the notes of the sync say that they are of a later version",
        "disk-full": "the home folder lies on a disk without room",
        "folder-not-writable": "the home folder lies on a disk that is read only",
        "listener-failed": "no port is free for a program to listen at",
        "resume-file-damaged": "a resume file that was cut",
        "resume-file-other-profile": "a resume file of another service",
        "resume-file-too-large": "a resume file of a megabyte",
        "resume-file-too-new": "a resume file of a later version",
        "resume-file-unreadable": "a resume file that is not there",
        "resume-not-invited": "somebody signs in who was not invited to the file’s unit",
        "sync-already-running": "another copy holds the lock of the sync",
        # profile
        "profile-forbidden": "the administrator’s policy refuses given profiles",
        "profile-invalid": "a profile with a number for its name",
        "profile-not-chosen": "a first start without a profile",
        "profile-not-found": "a profile that is not there",
        "profile-not-trusted": "a profile that nobody agreed to yet",
        # saved sign-ins
        "keyring-locked": "the password store is locked",
        "keyring-missing": "there is no password store",
        "keyring-timeout": "the password store does not answer",
        "passphrase-wrong": "another passphrase is typed",
        "vault-damaged": "the file of saved sign-ins is overwritten",
        "vault-locked": "sign-ins under a passphrase, and a new start",
        # network
        "answer-not-understood": "a page of something in between",
        "answer-too-large": "an answer of 40 MB",
        "connection-lost": "connections are cut",
        "connection-refused": "nobody listens at the service’s port",
        "host-not-found": "the network does not know the service’s name",
        "offline": "the computer has no network",
        "proxy-invalid": "the system names a proxy of another kind",
        "proxy-ntlm": "the proxy wants a Windows sign-in",
        "proxy-sign-in-needed": "the proxy wants a name and a password",
        "proxy-unreachable": "the proxy went away",
        "rate-limited": "too many requests",
        "service-unavailable": "the service asks to come back later",
        "timed-out": "the way is open, and nothing comes",
        "tls-failed": "something without encryption answers",
        "tls-untrusted": "the network puts in a certificate of its own",
        "unexpected-redirect": "a network that wants a sign-in sends elsewhere",
        "wrong-host": "the service’s description names another computer",
        # sign-in in the browser
        "browser-not-opened": "the computer has no browser",
        "sign-in-expired": "all tokens have ended",
        "sign-in-failed": "Google does not trade the code for tokens",
        "sign-in-needed": "started again with nothing kept",
        "sign-in-refused": "“Cancel” is pressed in the browser",
        # the account service
        "address-taken": "another account has the address of somebody new",
        "connection-failed": "the service could not use the authorization",
        "connection-not-active": "the check of what is in the way, before anything is connected",
        "invitation-closed": "an invitation is revoked that was answered meanwhile",
        "last-owner": "the service keeps the last owner",
        "no-organizational-unit": "the check of what is in the way, once the unit is gone",
        "not-a-member": "Home is opened after an owner removed the person",
        "not-allowed": "they are no owner any more",
        "not-found-at-service": "somebody removed it",
        "not-the-syncer": "another computer took over",
        "provisioning-off": "somebody switched it off",
        "provisioning-token-revoked": "the key that the sync writes with is refused",
        "provisioning-token-left": "the set-up is erased while the service takes nothing back",
        "request-refused": "the service refuses what is saved",
        "set-up-stands": "somebody who owns nothing of the unit signs in at this computer",
        "settings-changed": "somebody else saved meanwhile",
        "settings-unreadable": "the service tells no settings, and none are kept",
        # Google
        "admin-policy-enforced": "Google’s word when the code is traded",
        "api-not-enabled": "the Admin SDK is off",
        "app-blocked": "Google’s word when the code is traded",
        "app-internal": "Google’s word when the code is traded",
        "app-not-installed": "the service needs the app, and it is not installed",
        "clock-wrong": "Google’s clock and the computer’s are an hour apart",
        "delegated-admin": "a delegated admin signs in",
        "directory-forbidden": "Google refuses to list people",
        "directory-token-rejected": "Google takes the token no longer",
        "domain-cannot-use-apis": "the domain may not use it",
        "not-a-full-admin": "an ordinary person signs in",
        "other-customer": "another company’s directory, or its admin",
        "page-token-stale": "Google forgets its place in the list twice",
        "scopes-missing": "each box left empty on Google’s page, one by one",
        # sync
        "approval-outdated": "more people leave while somebody types the number",
        "guard-stopped": "half of the people leave at once",
        "read-empty": "nobody is listed",
        "read-incomplete": "the list goes in circles",
        "read-shrunk": "half of the list is missing",
        "run-interrupted": "the settings change while a sync runs",
        "write-failed": "the service does not do most of what is asked",
    }
)
"""By code, how it is provoked. A code here that was not seen in the window fails the proof."""

NOT_ON_THIS_PATH: Mapping[str, str] = MappingProxyType(
    {
        "internal": "a mistake in the program itself; nothing outside can cause it on purpose",
        "moved-away": "only after the set-up was moved to another computer; the proof "
        "“headless” shows it",
        "move-not-possible": "the window checks the passphrases itself, and asks for the file by "
        "the system’s own dialog; the command tells it",
        "move-file-refused": "told by the command that moves a set-up in, which no page gives",
        "file-there": "told by a command that writes a file; in the window the system’s own dialog "
        "asks before",
        "run-not-known": "told by a command that is given the name of a run; a page lists the runs",
        "no-display": "told on the terminal: without a display there is no window to stand in",
        "write-behind-wall": "the program’s own wall against its own mistakes; a preview that "
        "wrote would have to be made first",
        "sign-in-forged": "only where an address is pasted, which the command line offers; "
        "the window’s own listener ignores what it did not ask for and goes on waiting",
        "unsafe-address": "every address of a profile is judged when it is read (profile-invalid), "
        "and what a service names must be at its own origin (wrong-host)",
        "sign-in-timed-out": "comes after ten minutes in front of the browser’s page, longer than "
        "this whole proof; the tests of the sign-in page show it with a clock of their own",
        "no-address": "Google gives everybody an address; other directories don’t",
        "leavers-unproven": "told in the list of runs, and nothing stops; the proofs "
        "“demoted-admin” and “half-outage” show it",
        "links-not-rebuilt": "after the notes were lost, the service would have to change its "
        "accounts between two looks that follow at once",
        "address-claimed-twice": "Google refuses an address that somebody else has, as primary "
        "and as alias; other directories don’t",
        "account-claimed": "the practice service keeps one account for each address, as the "
        "contract says; a service that breaks it is played in the tests of the sync",
        "domain-not-verified": "Google lets nobody have an address of a domain that is not "
        "verified; other directories do",
    }
)
"""By code, why nobody meets it in the window on the Google path with the practice organization."""
