"""Words for troubles of handing a set-up over, to a person or to another computer."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_entry import SAFE_NOTHING, THIS_ADDRESS, Entry, Who
from wizard.core.trouble import Code

__all__ = ["HAND_OVER"]

_TOPIC = "resume-file"
_MOVE = "move-computer"

HAND_OVER = MappingProxyType(
    {
        Code.RESUME_FILE_UNREADABLE: Entry(
            title=N_("This file can’t be opened"),
            happened=N_("{file} isn’t there, or this user may not read it."),
            to_do=N_("Save it from the mail to your computer, then open it again."),
            safe=SAFE_NOTHING,
            topic=_TOPIC,
        ),
        Code.RESUME_FILE_DAMAGED: Entry(
            title=N_("This isn’t a resume file, or it was changed"),
            happened=N_("{file} doesn’t hold what a resume file holds, so we took nothing of it."),
            to_do=N_("Ask the account owner for a new one. It comes with the hand-over kit."),
            safe=SAFE_NOTHING,
            topic=_TOPIC,
            who=Who.OWNER,
        ),
        Code.RESUME_FILE_TOO_LARGE: Entry(
            title=N_("This file is too large for a resume file"),
            happened=N_("A resume file has a few lines. {file} is larger, so we did not read it."),
            to_do=N_("Choose the file that ends in .ecsetup, or ask the account owner for it."),
            safe=SAFE_NOTHING,
            topic=_TOPIC,
        ),
        Code.RESUME_FILE_TOO_NEW: Entry(
            title=N_("This file comes from a newer version"),
            happened=N_("{file} was saved by a newer version of this program."),
            to_do=N_("Install the newest version here, then open the file again."),
            safe=SAFE_NOTHING,
            topic="newer-version",
        ),
        Code.RESUME_FILE_OTHER_PROFILE: Entry(
            title=N_("This file is for another account service"),
            happened=N_("{file} names the profile “{profile}”, which isn’t the one in use here."),
            to_do=N_("Install that profile, or start the program with the file and that profile."),
            safe=SAFE_NOTHING,
            topic="profiles",
            who=Who.IT,
        ),
        Code.RESUME_NOT_INVITED: Entry(
            title=N_("This account isn’t an owner here yet"),
            happened=N_(
                "The set-up is for an organizational unit that {address} isn’t an owner of."
            ),
            to_do=N_(
                "Accept the invitation in your mail, or sign in with the address that was "
                "invited. The owner’s page “Invite IT” shows where the invitation stands."
            ),
            safe=SAFE_NOTHING,
            topic="resume-not-invited",
            who=Who.OWNER,
            stand_ins=THIS_ADDRESS,
        ),
        Code.MOVED_AWAY: Entry(
            title=N_("This set-up was moved away from this computer"),
            happened=N_("It was moved to {host} {moved_at}, and that one syncs from then on."),
            to_do=N_(
                "Look at it there. To have it here again, move it out there and in here, or "
                "authorize the workspace anew."
            ),
            safe=N_("Nobody loses an account by that."),
            topic=_MOVE,
            who=Who.IT,
        ),
        Code.MOVE_NOT_POSSIBLE: Entry(
            title=N_("This set-up can’t be moved like that"),
            happened=N_("Something is missing that has to be there first."),
            to_do=N_("The help says what it takes to move to another computer."),
            safe=SAFE_NOTHING,
            topic=_MOVE,
            who=Who.IT,
        ),
        Code.MOVE_FILE_REFUSED: Entry(
            title=N_("Nothing was taken from this file"),
            happened=N_("It doesn’t hold a set-up that could be used on this computer."),
            to_do=N_("Make a new one on the old computer, with “move-out”."),
            safe=N_("Nothing was set up here, and the file is as it was."),
            topic=_MOVE,
            who=Who.IT,
        ),
    }
)
