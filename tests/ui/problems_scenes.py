"""Every state of the list of people with a problem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.ui.fake_home import NOW
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import home_scene, in_step
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.problems import Again, PersonProblem, ProblemKind
from wizard.core.trouble import Code
from wizard.ui.home.ids import HomeId
from wizard.ui.home.problems_panel import ProblemsPanel
from wizard.ui.widgets.fields import SearchField

__all__ = ["PROBLEMS", "PROBLEMS_SCENES", "open_problems", "problems_panel", "troubled"]

_DOMAIN = "halden-freight.example"


def _one(
    place: int,
    name: str,
    address: str,
    kind: ProblemKind,
    hours: int,
    *,
    again: Again = Again.ON_CHANGE,
    others: tuple[str, ...] = (),
    account: str = "",
    code: Code | None = None,
    detail: str = "",
    tries: int = 0,
) -> PersonProblem:
    return PersonProblem(
        user_id=f"p-{place}",
        name=name,
        address=address,
        kind=kind,
        again=again,
        since=NOW - timedelta(hours=hours),
        others=others,
        account_address=account,
        code=code,
        detail=detail,
        tries=tries,
    )


PROBLEMS: tuple[PersonProblem, ...] = (
    _one(7, "Mikkel Dahl", f"m.dahl@{_DOMAIN}", ProblemKind.DUPLICATE, 3, others=("Maren Dahl",)),
    _one(6, "Maren Dahl", f"m.dahl@{_DOMAIN}", ProblemKind.DUPLICATE, 3, others=("Mikkel Dahl",)),
    _one(
        4, "Lise Haugen", f"lise.haugen@{_DOMAIN}", ProblemKind.REFUSED, 26,
        again=Again.NEXT_RUN, code=Code.REQUEST_REFUSED, detail="familyName is too long", tries=9,
    ),
    _one(
        8, "Priya Raman", f"priya@{_DOMAIN}", ProblemKind.ADDRESS_HELD, 50,
        others=("Sindre Aas",), account=f"priya.raman@{_DOMAIN}",
    ),
    _one(10, "Sindre Aas", f"sindre.aas@{_DOMAIN}", ProblemKind.NO_EVIDENCE, 1,
         again=Again.NEXT_RUN),
    _one(5, "Łukasz Nowak", "lukasz@partner.example", ProblemKind.FOREIGN_ADDRESS, 300),
    _one(11, "Yuki Tanaka", "", ProblemKind.NO_ADDRESS, 700),
)  # fmt: skip


def troubled(bench: FakeWorkbench) -> None:
    """Seven people with a problem, of most kinds."""
    in_step(bench)
    bench.home.troubled = list(PROBLEMS)


def problems_panel(stage: Stage) -> ProblemsPanel:
    """The list that is shown."""
    panel = stage.frame.page.findChild(ProblemsPanel)
    assert isinstance(panel, ProblemsPanel)
    return panel


def open_problems(stage: Stage) -> None:
    """Open the list, and wait until it is known who is in it."""
    stage.until(lambda: stage.shown("activity-problems"))
    stage.press("activity-problems")
    stage.until(lambda: stage.shown("problem-rows") or stage.shown("problems-empty"))


def _story(stage: Stage) -> None:
    open_problems(stage)
    panel = problems_panel(stage)
    panel.table.view.open_row(2)
    stage.until(lambda: stage.shown("story-verdict"))
    stage.until(lambda: not stage.frame.panes.sliding)


def _searched(words: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        open_problems(stage)
        field = stage.find("problems-search")
        assert isinstance(field, SearchField)
        field.setText(words)
        field.search_now()
        stage.settle()

    return act


def _asked_for_ever(bench: FakeWorkbench) -> None:
    troubled(bench)
    bench.hold("people_with_problems")


def _opened_unknown(stage: Stage) -> None:
    stage.until(lambda: stage.shown("activity-problems"))
    stage.press("activity-problems")
    stage.settle()


_ACTIVITY = HomeId.ACTIVITY
PROBLEMS_SCENES: tuple[Scene, ...] = (
    home_scene("problems", _ACTIVITY, troubled, open_problems),
    home_scene("problems-story", _ACTIVITY, troubled, _story),
    home_scene("problems-searched", _ACTIVITY, troubled, _searched("dahl")),
    home_scene("problems-no-match", _ACTIVITY, troubled, _searched("xylophone")),
    home_scene("problems-none", _ACTIVITY, in_step, open_problems),
    home_scene("problems-loading", _ACTIVITY, _asked_for_ever, _opened_unknown),
)
