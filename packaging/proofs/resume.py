"""The proof that a program killed on any step comes back to that step with the answers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.proving import Context, Figures, Short
from proofs import google_steps as steps
from proofs.desktop import PROGRAM, Desktop, Node
from proofs.organization import Organization, judge
from proofs.person import Person
from proofs.two_people import begin_owner, begin_representative, exact, prepared

SAYS = (
    "On every step of the owner's path, and of IT's on another computer by the resume file, the "
    "window's program is killed and started again: it comes back to that step with every answer "
    "that was there, and the set-up then ends with everyone in scope having an account."
)

_PATIENCE = 20.0
Answers = Mapping[str, object]


@dataclass(kw_only=True)
class Deaths:
    """Kills one person's program again and again, and holds what comes back against before."""

    context: Context
    organization: Organization
    person: Person
    who: str
    survived: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def here(self, step: str, words: str, *, then: str = "") -> None:
        """Die on this step, whose page shows these words, and come back to it.

        `then` is what stands there afterwards, where that is something else.
        """
        person = self.person
        person.see(words, seconds=90)
        before = self._kept(step)
        title = self._title()
        window = person.window
        if window is None:
            raise Short("there is no window to kill")
        os.kill(window.pid, signal.SIGKILL)
        window.wait(10)
        began = time.monotonic()
        person.open_window(self.organization.profile)
        person.see(then or words, seconds=90)
        if not then:
            # The steps beside a page say some of these words on every page: the title does not.
            self._title(title)
        self.slowest = max(self.slowest, time.monotonic() - began)
        after = self._kept(step)
        lost = {
            name: [value, after.get(name)]
            for name, value in before.items()
            if after.get(name) != value
        }
        if lost:
            raise Short(f"{self.who} lost answers on {step}", {"lost": lost, **self.figures()})
        self.survived.append(step)
        self.context.progress(f"{self.who} came back to {step}")

    def figures(self) -> dict[str, object]:
        """How often it died and came back, and how long the slowest start took in seconds."""
        return {
            f"{self.who}_came_back": len(self.survived),
            f"{self.who}_steps": list(dict.fromkeys(self.survived)),
            f"{self.who}_slowest_start": round(self.slowest, 1),
        }

    def _title(self, wanted: str = "") -> str:
        """The window's title, which names the step; `wanted`: waited for."""

        def titled(nodes: Sequence[Node]) -> Node | None:
            named = (node for node in nodes if f" – {PROGRAM}" in node.name)
            return next((node for node in named if not wanted or node.name == wanted), None)

        return self.person.desktop.wait(titled, what=f"the window’s title {wanted}").name

    def _kept(self, step: str) -> Answers:
        """The answers on the disk, as soon as they say that the person stands there."""
        limit = time.monotonic() + _PATIENCE
        told: dict[str, object] = {}
        while time.monotonic() < limit:
            told = self._saved()
            answers = told.get("answers")
            if told.get("step") == step and isinstance(answers, dict):
                # What is chosen is saved within moments, off the window's thread: once the
                # window stands still and the file is as it was, there is no more to come.
                self.person.desktop.settle()
                again = self._saved()
                if again == told:
                    return answers
            time.sleep(0.1)
        self.person.desktop.picture("stuck")
        raise Short(
            f"{self.who} stands on {told.get('step')}, not on {step}",
            {"window": list(self.person.words())[:60], **self.figures()},
        )

    def _saved(self) -> dict[str, object]:
        found = sorted(self.person.home.glob("data/*/setup.json"))
        if not found:
            return {}
        return dict(json.loads(found[0].read_text(encoding="utf-8")))


def run(context: Context) -> Figures:
    """The owner's part, then IT's on another home folder, dying all the way."""
    prepared(context)
    with Organization(context, context.folder / "organization", people=240) as organization:
        with Desktop(_made(context.folder / "owner"), size="1100x720") as hers:
            owner = begin_owner(context, organization, hers)
            try:
                deaths = Deaths(
                    context=context, organization=organization, person=owner, who="owner"
                )
                kit = _owner_part(deaths)
                figures = {**deaths.figures()}
                left = owner.close_window()
                with Desktop(_made(context.folder / "it"), size="1100x720") as his:
                    came = _other_computer(context, organization, his, kit, figures)
                _back_at_the_owner(deaths, figures)
                figures |= {**deaths.figures(), "exit_codes": [left, came, owner.close_window()]}
            finally:
                owner.leave()
        figures |= judge(organization)
    exact(figures)
    return figures


def _other_computer(
    context: Context,
    organization: Organization,
    desktop: Desktop,
    kit: Path,
    figures: dict[str, object],
) -> int:
    person = begin_representative(context, organization, desktop, kit)
    try:
        deaths = Deaths(context=context, organization=organization, person=person, who="it")
        _it_part(deaths)
        figures |= deaths.figures()
        return person.close_window()
    finally:
        person.leave()


def _owner_part(deaths: Deaths) -> Path:
    person, here = deaths.person, deaths.here
    person.see("The account service answers")
    person.choose("I own the account")
    here("welcome", "The account service answers")
    person.press("Continue")
    here("sign_in", "Sign in with your browser")
    person.choose("I need an account")
    person.press("Open the sign-in page")
    person.see("You are signed in as", seconds=90)
    here("organizational_unit", "What is your organization called?")
    person.write("Name", "Nordby Freight")
    person.press("Create and continue")
    here("invite_it", "Invite your IT representative")
    person.write("Email addresses", f"{steps.ADMIN} ")
    person.press("Send 1 invitation")
    here("invite_it", "It worked: 1 person is invited")
    person.press("Continue")
    here("hand_over", "Hand over to IT")
    kits = _made(person.home.parent / "kit")
    kit = steps.hand_over(person, kits)
    here("hand_over", "Waiting for IT")
    return kit


def _it_part(deaths: Deaths) -> None:
    person, here = deaths.person, deaths.here
    # Started again without the file: it is not needed twice.
    here("sign_in", "Sign in with your browser")
    person.press("Open the sign-in page")
    person.see("You are signed in as", seconds=90)
    if not person.shows("Where are your people?"):
        here("organizational_unit", "Nordby Freight")
        person.press("Continue")
    here("workspace", "Where are your people?")
    person.choose("Google Workspace")
    person.press("Continue")
    here("google_app", "Install the app in Google Workspace")
    person.press("Open the app’s page")
    here("google_app", "It worked: Practice organization sees the app")
    person.press("Continue")
    here("google_authorize", "Authorize Google Workspace")
    person.press("Sign in with Google")
    here("google_authorize", "It worked: Google Workspace says Active")
    person.press("Continue")
    here("scope", "Who should have an account?")
    person.press("Yes, ", seconds=90)
    here("preview", "Within the safety limits")
    person.press("Looks right")
    here("provisioning", "Turn on provisioning")
    person.press("Provisioning", role="check box")
    person.press("Save")
    here("where_it_runs", "Where should the sync run?")
    person.choose("This computer, while I am signed in")
    person.press("Use this computer")
    _first_sync(deaths)
    # A set-up that is done opens as Home.
    here("done", "The rehearsal worked", then="In step")


def _first_sync(deaths: Deaths) -> None:
    """Die while the first sync runs, and when it is over."""
    person = deaths.person
    deaths.here("first_sync", "First sync")
    if not person.shows("are accounted for"):
        _press_where_there(person, "Start the sync")
        person.see("are accounted for", seconds=240)
    deaths.here("first_sync", "are accounted for")
    person.press("Continue")
    person.see("The rehearsal worked", seconds=60)


def _press_where_there(person: Person, name: str) -> None:
    """Press a button where the window waits for it; a sync that goes on by itself has none."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if person.shows("are accounted for"):
            return
        if any(node.name == name and node.enabled for node in person.desktop.nodes()):
            person.press(name)
            return
        time.sleep(0.3)


def _back_at_the_owner(deaths: Deaths, figures: dict[str, object]) -> None:
    """The owner starts again after all that: the page that waited says that IT is done."""
    owner = deaths.person
    owner.open_window(deaths.organization.profile)
    owner.see("IT is done", seconds=90)
    deaths.here("hand_over", "IT is done")
    owner.picture("it-is-done")
    owner.press("Continue")
    owner.see("IT has finished its part", seconds=60)
    figures["owner_saw_it_finish"] = True


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
