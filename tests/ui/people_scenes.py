"""Every state of the members page, of a story beside it, and of the help panel's second tab."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import home_scene
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.ui.home.ids import HomeId
from wizard.ui.home.members import MembersPage

__all__ = ["PEOPLE_SCENES", "listed", "members_of", "story_of"]


def members_of(stage: Stage) -> MembersPage:
    """The members page that is shown."""
    page = stage.frame.page
    assert isinstance(page, MembersPage)
    return page


def listed(stage: Stage) -> MembersPage:
    """The same, once its rows are there."""
    page = members_of(stage)
    stage.until(lambda: page.people.rowCount() > 0)
    return page


def story_of(name: str) -> Callable[[Stage], None]:
    """Open the story of the person whose name begins so."""

    def act(stage: Stage) -> None:
        page = listed(stage)
        person = next(one for one in stage.bench.people.people if one.name.startswith(name))
        page.open_story(person.user_id)
        stage.until(lambda: stage.shown("story-verdict"))
        stage.until(lambda: not stage.frame.panes.sliding)

    return act


def _list(stage: Stage) -> None:
    listed(stage)


def _search(words: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        page = listed(stage)
        QTest.keyClicks(page.search, words)
        stage.settle()

    return act


def _leaving(stage: Stage) -> None:
    listed(stage)
    stage.press("members-filter-leaving")


def _saved(stage: Stage) -> None:
    story_of("Ana")(stage)
    stage.press("story-copy")


def _refused(stage: Stage) -> None:
    story_of("Ana")(stage)
    stage.bench.fail("protect", Code.NOT_ALLOWED)
    stage.press("story-protect")
    stage.until(lambda: stage.shown("story-trouble"))


def _protected(stage: Stage) -> None:
    story_of("Ana")(stage)
    stage.press("story-protect")
    stage.until(lambda: "No longer" in stage.words("story-protect"))


def _nobody(bench: FakeWorkbench) -> None:
    bench.people.nobody()


def _broken(bench: FakeWorkbench) -> None:
    bench.fail("members_view", Code.DATABASE_BUSY)


_M = HomeId.MEMBERS

PEOPLE_SCENES: tuple[Scene, ...] = (
    home_scene("members", _M, act=_list),
    home_scene("members-waiting", _M, lambda bench: bench.hold("members_view")),
    home_scene("members-nobody", _M, _nobody),
    home_scene("members-broken", _M, _broken),
    home_scene("members-search", _M, act=_search("dahl")),
    home_scene("members-no-hit", _M, act=_search("nobody of that name")),
    home_scene("members-leaving", _M, act=_leaving),
    home_scene("story-leaving", _M, act=story_of("Ana")),
    home_scene("story-gone", _M, act=story_of("Sindre")),
    home_scene("story-active", _M, act=story_of("Hanne")),
    home_scene("story-decide", _M, act=story_of("Mikkel")),
    home_scene("story-no-account", _M, act=story_of("Samuel")),
    home_scene("story-protected", _M, act=_protected),
    home_scene("story-refused", _M, act=_refused),
    home_scene("story-copied", _M, act=_saved),
)
