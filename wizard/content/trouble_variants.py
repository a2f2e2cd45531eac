"""Words for troubles whose fact `problem` tells more: what exactly is wrong, and its own cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message
from wizard.core.trouble import Code

__all__ = ["ADDED", "MEANT", "PROFILE_PROBLEMS", "VARIANTS", "Variant"]


NO_TITLE = Message("")


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What stands instead of an entry's own words; an empty title leaves the entry's."""

    happened: Message
    to_do: Message
    title: Message = NO_TITLE


VARIANTS: Mapping[tuple[Code, str], Variant] = MappingProxyType(
    {
        (Code.PROFILE_NOT_TRUSTED, "unreadable"): Variant(
            happened=N_("The file {file} can’t be read by this user of the computer."),
            to_do=N_("Ask your IT to let everybody read it."),
        ),
        (Code.PROFILE_NOT_TRUSTED, "owner"): Variant(
            happened=N_("The file {file} belongs to somebody who is no administrator."),
            to_do=N_("Ask your IT to put it there again as an administrator."),
        ),
        (Code.PROFILE_NOT_TRUSTED, "writable-by-others"): Variant(
            happened=N_("The file {file} can be changed by people who are no administrators."),
            to_do=N_("Ask your IT to let only administrators write to it and to its folder."),
        ),
        (Code.FOLDER_NOT_WRITABLE, "no-folder"): Variant(
            title=N_("This folder isn’t there"),
            happened=N_("There is no folder at {folder}."),
            to_do=N_("Make it, or choose another one."),
        ),
        (Code.FOLDER_NOT_WRITABLE, "start-entry"): Variant(
            title=N_("This can’t start with the session"),
            happened=N_(
                "The name of a folder or file that the program was started with is too long, or "
                "has a character that can’t be seen. No entry of the system can hold it."
            ),
            to_do=N_("Start the program from another folder, one with a plain and short name."),
        ),
        (Code.CONNECTION_NOT_ACTIVE, "none"): Variant(
            title=N_("No directory is connected yet"),
            happened=N_("This computer knows no directory of yours at {service}."),
            to_do=N_("Authorize Google Workspace first, then look again."),
        ),
        (Code.SET_UP_STANDS, "other-unit"): Variant(
            happened=N_(
                "It was set up by {person}. One computer keeps one organizational unit in step."
            ),
            to_do=N_("Go on with {name}, or start again here for the other one."),
        ),
        (Code.READ_INCOMPLETE, "accounts"): Variant(
            title=N_("The list of accounts would not hold still"),
            happened=N_("It changed at {service} each time while we read it."),
            to_do=N_("Nothing has to be done. The next sync reads it again."),
        ),
        (Code.APPROVAL_OUTDATED, "number"): Variant(
            title=N_("That is not how many are held back"),
            happened=N_("You typed {typed}, and {people} people are held back."),
            to_do=N_("Look at who is held back, count them, and give their number."),
        ),
        (Code.APPROVAL_OUTDATED, "plan"): Variant(
            title=N_("That plan is not the one that waits"),
            happened=N_("A sync has read the directory since plan {plan}. {now} waits now."),
            to_do=N_("Look at who is held back by the new plan, and approve that one."),
        ),
        (Code.APPROVAL_OUTDATED, "none"): Variant(
            title=N_("Nothing waits for that"),
            happened=N_("It was approved already, or the last sync held nobody back for it."),
            to_do=N_("Let a sync run. If it holds people back, it says how to go on."),
        ),
        (Code.APPROVAL_OUTDATED, "old"): Variant(
            title=N_("The plan is older than a day"),
            happened=N_("What was held back then may be other people by now."),
            to_do=N_("Let a sync run, look at who is held back now, and approve that."),
        ),
        (Code.APPROVAL_OUTDATED, "undo"): Variant(
            title=N_("Accounts have changed since you looked"),
            happened=N_("Taking the sync back would do something now that you were not shown."),
            to_do=N_("Nothing was changed. Look at the new plan and decide again."),
        ),
        (Code.APPROVAL_OUTDATED, "undo-number"): Variant(
            title=N_("That is not the number of people"),
            happened=N_("It is about more or fewer people. Nothing was changed."),
            to_do=N_("Look who they are, count them, and say that number."),
        ),
        (Code.RUN_INTERRUPTED, "stood-still"): Variant(
            title=N_("The sync stood still for too long"),
            happened=N_("It was paused, or this computer slept, and what it had read is old now."),
            to_do=N_("Nothing has to be done. The next sync reads everything anew."),
        ),
        (Code.RUN_INTERRUPTED, "settings-changed"): Variant(
            title=N_("The settings changed during the sync"),
            happened=N_("Somebody saved other settings at {service}. We stopped for a new plan."),
            to_do=N_("Nothing has to be done. The next sync goes by the new settings."),
        ),
        (Code.WRITE_FAILED, "most"): Variant(
            title=N_("Most accounts could not be written"),
            happened=N_("{service} answered, and didn’t do most of what the sync asked for."),
            to_do=N_("Look at the problems, then sync again. If it stays so, contact support."),
        ),
        (Code.PROXY_INVALID, "scheme"): Variant(
            title=N_("This kind of proxy doesn’t work here"),
            happened=N_(
                "We can go through a web proxy, and {proxy} is of another kind, like SOCKS."
            ),
            to_do=N_("Enter the address of the web proxy. IT knows whether there is one."),
        ),
        (Code.VAULT_LOCKED, "other-choice"): Variant(
            happened=N_("They were locked in another way than the one chosen now."),
            to_do=N_("Open them the way they were locked, or sign in again from the start."),
        ),
        (Code.VAULT_LOCKED, "key-gone"): Variant(
            happened=N_(
                "This computer’s password store has no key to them now. We left them as they are."
            ),
            to_do=N_(
                "Unlock the password store that has the key, and try again. If the key is lost, "
                "sign in anew."
            ),
        ),
        (Code.VAULT_LOCKED, "other-key"): Variant(
            happened=N_(
                "The key in this computer’s password store is another one. We left them as they "
                "are."
            ),
            to_do=N_(
                "Use the password store that they were saved with. If that is lost, sign in anew."
            ),
        ),
        (Code.VAULT_LOCKED, "locked-anew"): Variant(
            happened=N_("They were locked in a new way while this program was running."),
            to_do=N_("Close the program and open it again."),
        ),
        (Code.VAULT_DAMAGED, "gone"): Variant(
            title=N_("Your saved sign-ins are gone"),
            happened=N_("The file that keeps them was taken away while this program was running."),
            to_do=N_("Close the program, open it again, and sign in. The rest is as it was."),
        ),
        (Code.VAULT_LOCKED, "too-new"): Variant(
            happened=N_("They were kept by a later version of this program."),
            to_do=N_("Use that version, or a newer one."),
        ),
        (Code.VAULT_LOCKED, "no-passphrase"): Variant(
            happened=N_("They are kept under a passphrase, and none was given."),
            to_do=N_("Give it, or name a file of your own that holds it."),
        ),
        (Code.VAULT_LOCKED, "passphrase-file-gone"): Variant(
            happened=N_("The file with the passphrase, {file}, isn’t there or can’t be read."),
            to_do=N_("Put it back, or name the right file."),
        ),
        (Code.VAULT_LOCKED, "passphrase-file-shared"): Variant(
            happened=N_("Other users of this computer may read the passphrase in {file}."),
            to_do=N_("Let only its owner read it, and choose a new passphrase."),
        ),
        (Code.VAULT_LOCKED, "passphrase-file-empty"): Variant(
            happened=N_("The file with the passphrase, {file}, is empty."),
            to_do=N_("Write the passphrase into its first line."),
        ),
        (Code.SCOPES_MISSING, "taken-back"): Variant(
            title=N_("A right that the sync needs is gone"),
            happened=N_(
                "Google no longer shows us what we read: a right was taken back, or left out when "
                "the connection was last authorized."
            ),
            to_do=N_(
                "A full admin of the same organization authorizes again, and leaves every box "
                "ticked. All links are kept."
            ),
        ),
        (Code.SIGN_IN_FORGED, "other-address"): Variant(
            title=N_("This isn’t the address we need"),
            happened=N_("This sign-in ends on an address of 127.0.0.1, and this is another one."),
            to_do=N_(
                "Finish the sign-in in the browser. Then copy the whole address of the page that "
                "it can’t open."
            ),
        ),
        (Code.SIGN_IN_FORGED, "other-state"): Variant(
            title=N_("This address is of another sign-in"),
            happened=N_("It answers a sign-in that was begun earlier, or somewhere else."),
            to_do=N_(
                "Open the address that was printed last, sign in there, and paste the address on "
                "which that ends."
            ),
        ),
        (Code.SIGN_IN_FORGED, "other-issuer"): Variant(
            title=N_("This address comes from another service"),
            happened=N_("It answers for a service that we didn’t ask."),
            to_do=N_("Start the sign-in again. If it happens again, tell your IT."),
        ),
        (Code.SIGN_IN_FORGED, "not-understood"): Variant(
            title=N_("This address isn’t whole"),
            happened=N_("Something is missing from it, or stands in it twice."),
            to_do=N_(
                "Copy the whole address out of the browser’s address bar, and paste it again."
            ),
        ),
        (Code.SIGN_IN_NEEDED, "nothing-pasted"): Variant(
            title=N_("Nobody is signed in yet"),
            happened=N_("The address on which the browser ended was not pasted."),
            to_do=N_("Start again, and paste the address of the page that the browser can’t open."),
        ),
        (Code.LISTENER_FAILED, "port-busy"): Variant(
            title=N_("Port {port} is in use"),
            happened=N_("Another program on this computer listens there already."),
            to_do=N_("Name another port, or end that program, and sign in again."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "file-there"): Variant(
            title=N_("There is something of that name already"),
            happened=N_("{file} is there, and nothing is written over."),
            to_do=N_("Name a file that isn’t there yet."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "nothing-kept"): Variant(
            title=N_("There are no sign-ins here to move"),
            happened=N_("This start of the program finds none that are kept on this computer."),
            to_do=N_(
                "Use the passphrase or the password store that they are kept with. Sign-ins that "
                "are kept until the window closes can’t be moved."
            ),
        ),
        (Code.MOVE_NOT_POSSIBLE, "not-whole"): Variant(
            title=N_("The file could not be read back"),
            happened=N_("What was written to {file} came back differently. It was deleted."),
            to_do=N_("Use another disk, and have this one checked."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "file-left"): Variant(
            title=N_("A file was left that has to be deleted"),
            happened=N_(
                "Nothing was moved, and {file} can’t be deleted. The sign-ins in it still work."
            ),
            to_do=N_("Delete it by hand, also from the trash, then try again with another disk."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "window-open"): Variant(
            title=N_("The window is open on this computer"),
            happened=N_("It keeps a set-up of its own, and would put that over this one."),
            to_do=N_("Quit the program, also in the background, then move the set-up in again."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "nowhere-to-keep"): Variant(
            title=N_("There is no place here to keep sign-ins"),
            happened=N_("This computer has no password store, and no passphrase was given."),
            to_do=N_("Give --passphrase-file, with a file that only you may read."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "no-passphrase"): Variant(
            title=N_("The file needs a passphrase"),
            happened=N_("None was given, and there is no terminal to ask at."),
            to_do=N_("Give --move-passphrase-file, with a file that only you may read."),
        ),
        (Code.MOVE_NOT_POSSIBLE, "not-the-same"): Variant(
            title=N_("The two passphrases differ"),
            happened=N_("The second one wasn’t the first one again."),
            to_do=N_("Start again, and type the same one twice."),
        ),
        (Code.MOVE_FILE_REFUSED, "gone"): Variant(
            title=N_("The file of the set-up can’t be opened"),
            happened=N_("{file} isn’t there, or this user may not read it."),
            to_do=N_("Copy it to this computer, then try again."),
        ),
        (Code.MOVE_FILE_REFUSED, "damaged"): Variant(
            title=N_("This file is damaged, or holds no set-up"),
            happened=N_("{file} isn’t as “move-out” wrote it."),
            to_do=N_("Copy it anew from the old computer."),
        ),
        (Code.MOVE_FILE_REFUSED, "too-new"): Variant(
            title=N_("This file was made by a newer version"),
            happened=N_("{file} was written by a later version of this program."),
            to_do=N_("Install the newest version here, then try again."),
        ),
        (Code.MOVE_FILE_REFUSED, "other-profile"): Variant(
            title=N_("This file is of another account service"),
            happened=N_("It was made with the profile “{profile}”, which isn’t in use here."),
            to_do=N_("Name the same profile as on the old computer, with --profile."),
        ),
        (Code.MOVE_FILE_REFUSED, "set-up-here"): Variant(
            title=N_("Something is set up here already"),
            happened=N_("This computer is set up for {name}, and nothing is written over that."),
            to_do=N_(
                "Use another computer or another folder, or erase what is here: in the window, "
                "“Start again”."
            ),
        ),
        (Code.MOVE_FILE_REFUSED, "used"): Variant(
            title=N_("This file was used before"),
            happened=N_("Its sign-ins have ended, as they do once it was moved in somewhere."),
            to_do=N_("Move the set-up out of the computer that has it now, or sign in here anew."),
        ),
        (Code.PASSPHRASE_WRONG, "packed"): Variant(
            happened=N_("The file of the set-up did not open with it."),
            to_do=N_("Try again with the one that was chosen when the set-up was moved out."),
        ),
        (Code.PASSPHRASE_WRONG, "empty"): Variant(
            happened=N_("The passphrase is empty."),
            to_do=N_("Enter at least one character; a sentence is best."),
        ),
        (Code.PASSPHRASE_WRONG, "short"): Variant(
            title=N_("This passphrase is too short"),
            happened=N_("Others could guess it."),
            to_do=N_("Use a longer one; a whole sentence is best."),
        ),
    }
)
"""By code and the fact `problem`."""

ADDED: Mapping[tuple[Code, str], Message] = MappingProxyType(
    {
        (Code.SIGN_IN_TIMED_OUT, "forged"): N_(
            "An answer that didn’t belong to this sign-in came, too, and was ignored."
        ),
    }
)
"""A sentence more of what happened, where this fact is there and not zero."""

PROFILE_PROBLEMS: Mapping[str, Message] = MappingProxyType(
    {
        "bad-id": N_("an id has small letters, digits and hyphens only"),
        "empty": N_("it is empty"),
        "has-query": N_("an address here has no question mark and no hash"),
        "missing": N_("it is missing"),
        "not-a-number": N_("it isn’t a number"),
        "not-a-table": N_("it isn’t a table"),
        "not-absolute": N_("the path must begin at the root"),
        "not-an-address": N_("it isn’t a web address"),
        "not-http": N_("it isn’t a web address"),
        "not-https": N_("it must begin with https"),
        "not-loopback": N_("it may only name this computer"),
        "not-tables": N_("it isn’t a list of tables"),
        "not-text": N_("it isn’t text"),
        "not-utf8": N_("the file isn’t plain text (UTF-8)"),
        "practice-only": N_("only a practice profile may have it"),
        "secret": N_("secrets don’t belong in a profile"),
        "strange-characters": N_("it has characters that can’t be seen"),
        "syntax": N_("the line isn’t valid TOML"),
        "too-large": N_("the file is too large"),
        "too-long": N_("it is longer than {longest} characters"),
        "twice": N_("it stands there twice"),
        "unknown-choice": N_("it must be one of these: {choices}"),
        "unknown-key": N_("this program doesn’t know that name"),
        "unknown-schema": N_("this program doesn’t know that version of the format"),
        "unknown-value": N_("this program doesn’t know that value"),
    }
)
"""What can be wrong with a profile, as the end of a sentence; by the fact `problem`."""

MEANT = N_("this program doesn’t know that name; perhaps it is meant to be “{meant}”")
"""Instead of `unknown-key`, where a name is near enough to be the one that was meant."""
