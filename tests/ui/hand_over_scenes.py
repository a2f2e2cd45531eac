"""Handing over in its states: what to give, waiting for IT part by part, stopped, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract.hand_over import Halt, ResumeView
from wizard.services.contract.inviting import InvitedState
from wizard.ui.pages.hand_over import HandOverPage
from wizard.ui.resuming import ResumeSheet, Resuming

__all__ = ["HAND_OVER_SCENES"]


def page_of(stage: Stage) -> HandOverPage:
    """The page that is shown."""
    page = stage.frame.page
    assert isinstance(page, HandOverPage)
    return page


def _waits(done: int, **state: object) -> Callable[[FakeWorkbench], None]:
    """Handed over, and IT has done so many parts."""

    def prepare(bench: FakeWorkbench) -> None:
        bench.answers = replace(bench.answers, handed_over=True)
        bench.hand_over.done = done
        for name, value in state.items():
            setattr(bench.hand_over, name, value)

    return prepare


def _kit_saved(stage: Stage) -> None:
    page_of(stage).save_to(Path("Documents") / "halden-freight-hand-over.html")
    stage.until(lambda: stage.shown("hand-over-told"))


def _no_mail(stage: Stage) -> None:
    stage.bench.hand_over.mail_opens = False
    stage.press("mail-open")
    stage.until(lambda: stage.shown("hand-over-told"))


def _reminded(stage: Stage) -> None:
    stage.until(lambda: stage.shown("remind"))
    stage.press("remind")
    stage.until(lambda: stage.shown("waiting-told"))


def _looked(stage: Stage) -> None:
    stage.until(lambda: "look" in stage.bench.called)


def _lost(bench: FakeWorkbench) -> None:
    _waits(3)(bench)
    bench.fail("look", Code.CONNECTION_LOST, times=9)


def _signed_out(bench: FakeWorkbench) -> None:
    _waits(3)(bench)
    bench.fail("look", Code.SIGN_IN_EXPIRED, times=9)


def _disk_full(stage: Stage) -> None:
    stage.bench.fail("save_kit", Code.DISK_FULL)
    page_of(stage).save_to(Path("Documents") / "halden-freight-hand-over.html")
    stage.until(lambda: stage.shown("trouble"))


def _looking(bench: FakeWorkbench) -> None:
    _waits(0)(bench)
    bench.hold("look")


def _elsewhere(bench: FakeWorkbench) -> None:
    """IT at a second computer, in the middle of it."""
    bench.answers = replace(
        bench.answers,
        connected_elsewhere="tomasz.wilk@halden-freight.example",
        scope_confirmed=True,
    )


def _not_invited(stage: Stage) -> None:
    address = "hanne.moe@halden-freight.example"
    stage.bench.fail("sign_in", Code.RESUME_NOT_INVITED, address=address)
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))


def _file_opened(bench: FakeWorkbench) -> None:
    bench.answers = replace(bench.answers, role=Role.IT, wanted_ou="ou-7")


def _another_set_up(stage: Stage) -> None:
    resume = ResumeView(ou_id="ou-7", replaces="Halden Freight")
    stage.frame.desk.sheet_wanted.emit(ResumeSheet(resume))


def _one_that_stands(stage: Stage) -> None:
    stage.bench.hand_over.resumes["a.ecsetup"] = stage.bench.hand_over.resume_for("ou-7")
    Resuming(stage.frame, stage.jobs, stage.frame).open_file("/files/a.ecsetup")
    stage.until(lambda: stage.shown("start-again-sheet"))


def _scene(
    name: str,
    prepare: Callable[[FakeWorkbench], None] = lambda _bench: None,
    act: Callable[[Stage], None] = _looked,
    *,
    practice: bool = False,
) -> Scene:
    return Scene(name=name, step=StepId.HAND_OVER, prepare=prepare, act=act, practice=practice)


HAND_OVER_SCENES = (
    _scene("hand-over"),
    _scene("hand-over-saved", act=_kit_saved),
    _scene("hand-over-no-mail", act=_no_mail),
    _scene("hand-over-disk-full", act=_disk_full),
    _scene("waiting-looking", _looking),
    _scene("waiting-invited", _waits(0)),
    _scene("waiting-ended", _waits(0, invitation=InvitedState.EXPIRED)),
    _scene("waiting-accepted", _waits(1)),
    _scene("waiting-app", _waits(2)),
    _scene("waiting-pending", _waits(3, pending=True)),
    _scene("waiting-scope", _waits(4), _reminded),
    _scene(
        "waiting-failed",
        _waits(3, stopped=Trouble(Code.CONNECTION_FAILED, detail="app-not-installed")),
    ),
    _scene("waiting-guard", _waits(7, stopped=Trouble(Code.GUARD_STOPPED))),
    _scene("waiting-no-network", _lost),
    _scene("waiting-signed-out", _signed_out),
    _scene("waiting-run-failed", _waits(7, failed_first=True)),
    _scene("waiting-done", _waits(8)),
    _scene("waiting-halted", _waits(8, halted=Halt.CONNECTION)),
    _scene("waiting-practice", _waits(2), practice=True),
    Scene(name="sign-in-not-invited", step=StepId.SIGN_IN, act=_not_invited),
    Scene(name="welcome-resume-file", step=StepId.WELCOME, prepare=_file_opened),
    _scene("resume-another", act=_another_set_up),
    Scene(name="resume-erases", step=StepId.DONE, act=_one_that_stands),
    Scene(name="authorize-second-computer", step=StepId.GOOGLE_AUTHORIZE, prepare=_elsewhere),
)
"""For `tests.ui.scenes`."""
