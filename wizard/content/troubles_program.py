"""Words for troubles of the program and its computer: files, profile, kept secrets."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_entry import SAFE_NOTHING, SAFE_STEPS, SAFE_UNDONE, Entry, Who
from wizard.core.trouble import Code

__all__ = ["PROGRAM"]

PROGRAM = MappingProxyType(
    {
        Code.CANCELLED: Entry(
            title=N_("Stopped, as you asked"),
            happened=N_("The work was stopped before its end."),
            to_do=N_("Start it again whenever you like."),
            safe=SAFE_UNDONE,
            topic="stop-and-go-on",
        ),
        Code.INTERNAL: Entry(
            title=N_("The program made a mistake"),
            happened=N_("Something happened that the program was not made for."),
            to_do=N_("Try once more. If it happens again, save a support file and send it to us."),
            topic="support-file",
            who=Who.SUPPORT,
        ),
        Code.DISK_FULL: Entry(
            title=N_("This disk is full"),
            happened=N_("There is no room left to write to {folder}."),
            to_do=N_("Make room on the disk, about {needed}, then try again."),
            safe=N_("What was saved before is whole."),
            topic="disk-full",
        ),
        Code.FOLDER_NOT_WRITABLE: Entry(
            title=N_("We may not write here"),
            happened=N_("This user of the computer may not write to {folder}."),
            to_do=N_("Let this user write to the folder, or start the program with another one."),
            topic="folder-not-writable",
            who=Who.IT,
        ),
        Code.FILE_THERE: Entry(
            title=N_("A file of this name is there already"),
            happened=N_("{file} is there. We write over no file."),
            stand_ins={"file": N_("the file that you named")},
            to_do=N_("Choose another name, or move that file away."),
            safe=N_("The file that is there was not touched."),
            topic="support-file",
        ),
        Code.DATABASE_DAMAGED: Entry(
            title=N_("Our notes on this computer were damaged"),
            happened=N_("{file} could not be read. We set it aside and did not delete it."),
            to_do=N_("Go on. The next sync fetches all of it again before it changes anything."),
            safe=N_("All accounts are as they were. Their links are kept at {service}."),
            topic="damaged-files",
        ),
        Code.DATABASE_TOO_NEW: Entry(
            title=N_("A newer version has been here"),
            happened=N_("{file} was written by a newer version of this program."),
            to_do=N_("Install the newest version. It reads the file as it is."),
            safe=N_("The file was not touched."),
            topic="newer-version",
        ),
        Code.DATABASE_BUSY: Entry(
            title=N_("Another copy is using our notes"),
            happened=N_("Another program kept {file} in use for too long."),
            to_do=N_("Wait for the other copy to end, or close it, and try again."),
            topic="already-running",
        ),
        Code.ANSWERS_DAMAGED: Entry(
            title=N_("Your saved steps could not be read"),
            happened=N_("{file} was damaged. We set it aside and did not delete it."),
            to_do=N_("Go on. What was already done is known at {service} and is shown as done."),
            safe=N_("No connection and no account was lost."),
            topic="damaged-files",
        ),
        Code.ALREADY_RUNNING: Entry(
            title=N_("The program is already open"),
            happened=N_("Another window of this set-up is open on this computer."),
            to_do=N_("Go on in that window. It comes to the front."),
            topic="already-running",
        ),
        Code.SYNC_ALREADY_RUNNING: Entry(
            title=N_("A sync is running already"),
            happened=N_("Another copy of the program on this computer is syncing right now."),
            to_do=N_("Wait until it ends, then look at what it did."),
            topic="already-running",
        ),
        Code.NO_DISPLAY: Entry(
            title=N_("There is no screen to open a window on"),
            happened=N_("This computer has no display that the program can use."),
            to_do=N_("Use the command line, such as “enterprise-connect status”, or a desktop."),
            safe=SAFE_NOTHING,
            topic="no-display",
        ),
        Code.PROFILE_NOT_FOUND: Entry(
            title=N_("This profile isn’t here"),
            happened=N_("{file} isn’t there, or this user may not read it."),
            to_do=N_("Check its name or where the file lies, or ask {service} for it."),
            topic="profiles",
        ),
        Code.PROFILE_NOT_CHOSEN: Entry(
            title=N_("Which account service is it?"),
            happened=N_("No profile was named, and none has been used on this computer yet."),
            to_do=N_("Start with “--profile” and the name or the file that you were given."),
            topic="profiles",
        ),
        Code.PROFILE_INVALID: Entry(
            title=N_("This profile has a mistake"),
            happened=N_("In {file}, line {line}, “{key}” can’t be used: {problem}."),
            to_do=N_("Correct that line, or ask whoever gave you the file for a new one."),
            topic="profiles",
            who=Who.IT,
        ),
        Code.PROFILE_NOT_TRUSTED: Entry(
            title=N_("Do you trust this profile?"),
            happened=N_("It would connect this program to {hosts}."),
            to_do=N_("Go on only if you know who made it. If you don’t, ask your IT."),
            safe=N_("Nothing was sent to anyone."),
            topic="profiles",
        ),
        Code.PROFILE_FORBIDDEN: Entry(
            title=N_("Your organization doesn’t allow this profile"),
            happened=N_("A policy on this computer allows only the profiles it names."),
            to_do=N_("Use one of those, or ask your IT to allow this one."),
            safe=N_("Nothing was sent to anyone."),
            topic="profiles",
            who=Who.IT,
        ),
        Code.VAULT_DAMAGED: Entry(
            title=N_("Your saved sign-ins could not be read"),
            happened=N_("The file that keeps them was changed. We set it aside, still locked."),
            to_do=N_("Sign in again. Everything else is as it was."),
            safe=N_("No secret left this computer."),
            topic="saved-sign-ins",
        ),
        Code.VAULT_LOCKED: Entry(
            title=N_("Your saved sign-ins are locked"),
            happened=N_("They are kept under a passphrase that has not been given yet."),
            to_do=N_("Enter the passphrase."),
            topic="saved-sign-ins",
        ),
        Code.KEYRING_MISSING: Entry(
            title=N_("No password store was found here"),
            happened=N_("The system’s own password store isn’t there or can’t be used."),
            to_do=N_("Choose to stay signed in until you close the program, or set a passphrase."),
            safe=N_("Nothing secret was written to disk."),
            topic="saved-sign-ins",
        ),
        Code.KEYRING_LOCKED: Entry(
            title=N_("The system’s password store is locked"),
            happened=N_("It did not let us read the key to your saved sign-ins."),
            to_do=N_("Unlock it, usually by signing in to this computer again, and try again."),
            topic="saved-sign-ins",
        ),
        Code.KEYRING_TIMEOUT: Entry(
            title=N_("The system’s password store doesn’t answer"),
            happened=N_("We waited {seconds} seconds. It may be asking for a password somewhere."),
            to_do=N_("Look for a window that asks for your password. Then try again."),
            topic="saved-sign-ins",
        ),
        Code.PASSPHRASE_WRONG: Entry(
            title=N_("This isn’t the passphrase"),
            happened=N_("The saved sign-ins did not open with it."),
            to_do=N_("Try again. If it is lost, sign in again and set a new one."),
            safe=SAFE_STEPS,
            topic="saved-sign-ins",
        ),
    }
)
