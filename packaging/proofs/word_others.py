"""People around the path: an owner whose invitation was answered, and somebody not invited."""

from __future__ import annotations

import json
from pathlib import Path

from devtools.proving import Short
from proofs import google_steps as steps
from proofs.word_play import Play, faults, quiet

__all__ = ["STRANGER", "kept_answers", "other_people"]

_INVITED = "it.support@nordby.example"
STRANGER = "mira.lund@fjordline.example"
"""Who has no account at the service yet, and makes one."""


def other_people(play: Play) -> None:
    """First the owner, then a stranger who got hold of the owner's resume file."""
    unit = _owner(play)
    _stranger(play, unit)


def kept_answers(home: Path) -> dict[str, object]:
    """The answers that the program keeps below this home folder."""
    found = sorted(home.glob("data/*/setup.json"))
    if not found:
        raise Short(f"no steps are saved below {home}")
    return dict(json.loads(found[0].read_text(encoding="utf-8"))["answers"])


def _owner(play: Play) -> str:
    """An invitation is revoked here that was answered a moment before; the unit's id."""
    code, page = "invitation-closed", "Invite IT"
    play.context.progress(f"{page}: {code} …")
    person = play.newcomer(code, service=steps.OWNER)
    person.open_window(play.organization.profile)
    try:
        steps.welcome(person, "I own the account")
        steps.sign_in(person)
        steps.unit(person)
        person.write("Email addresses", f"{_INVITED} ")
        person.press("Send 1 invitation")
        person.desktop.find("push button", f"Revoke for {_INVITED}", seconds=60)
        body = {"code": code, "title": "The invitation was answered.", "status": 409}
        refused = faults("account", "/v1/", method="DELETE", status=409, body=json.dumps(body))
        play.organization.ask("faults", refused)
        person.press(f"Revoke for {_INVITED}")
        play.table.see(person, code, page=page, cause="it was accepted a moment before")
        play.organization.ask("clear-faults")
        return str(kept_answers(person.home)["ou_id"])
    finally:
        quiet(person)


def _stranger(play: Play, unit: str) -> None:
    code = "resume-not-invited"
    play.context.progress(f"Sign in: {code} …")
    person = play.newcomer(code, service=STRANGER)
    person.be(sign_up=True, name="Mira Lund")
    file = play.folder / code / "nordby.ecsetup"
    told = {"version": 1, "profile": "practice", "organizational_unit": unit}
    file.write_text(json.dumps(told), encoding="utf-8")
    person.open_window(play.organization.profile, "--resume", str(file))
    try:
        person.choose("I need an account")
        person.press("Open the sign-in page")
        play.table.see(
            person, code, page="Sign in", cause="somebody who was not invited has the file"
        )
    finally:
        quiet(person)
