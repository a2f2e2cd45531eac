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


def _asked(words: str) -> Callable[[Stage], None]:
    """Look somebody up in the help panel."""

    def act(stage: Stage) -> None:
        stage.frame.panes.open_help()
        stage.until(lambda: not stage.frame.panes.sliding)
        stage.frame.help.look_up(words)
        if words:
            stage.until(lambda: stage.shown("help-person-verdict"))

    return act


def _service_asked(stage: Stage) -> None:
    _asked("nobody@halden-freight.example")(stage)
    stage.press("help-ask")
    stage.until(lambda: not stage.shown("help-ask"))


def _service_silent(stage: Stage) -> None:
    stage.bench.fail("ask_service", Code.OFFLINE)
    _asked("nobody@halden-freight.example")(stage)
    stage.press("help-ask")
    stage.until(lambda: stage.shown("help-person-trouble"))


def _code(words: str) -> Callable[[Stage], None]:
    """Paste a code, or a line with one, into the search for questions."""

    def act(stage: Stage) -> None:
        stage.frame.panes.open_help()
        stage.until(lambda: not stage.frame.panes.sliding)
        stage.frame.help.search.setText(words)
        stage.frame.help.search.search_now()
        stage.settle()

    return act


def _not_connected(bench: FakeWorkbench) -> None:
    bench.people.connected = False


def _kept_elsewhere(bench: FakeWorkbench) -> None:
    bench.people.nobody()
    bench.people.keeper = "SERVER01"


_M = HomeId.MEMBERS
_LINE = "INFO wizard.sync.cycle run 20261122T200103-ab12 stopped: guard-stopped (people=64)"

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
    home_scene("help-person", act=_asked("")),
    home_scene("help-suspended", act=_asked("samuel okoro")),
    home_scene("help-leaving", act=_asked("ana silva")),
    home_scene("help-several", act=_asked("dahl")),
    home_scene("help-unknown", act=_asked("annika sommer")),
    home_scene("help-service", act=_service_asked),
    home_scene("help-service-silent", act=_service_silent),
    home_scene("help-not-connected", prepare=_not_connected, act=_asked("ana")),
    home_scene("help-kept-elsewhere", prepare=_kept_elsewhere, act=_asked("ana")),
    home_scene("help-code", act=_code("scopes_missing")),
    home_scene("help-log-line", act=_code(_LINE)),
)
