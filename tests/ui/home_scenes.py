"""Every state of Home's pages: what is known, what the service says, and what a person did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableView

from tests.ui import halden
from tests.ui.fake_home import ACCOUNT, NOW, PASSED, run
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import ROWS, counts_of, people
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.runs import (
    HeldCause,
    HeldKind,
    PlanCounts,
    PlanKind,
    Reason,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    RunSummary,
    Trigger,
)
from wizard.core.trouble import Code
from wizard.flow.answers import Answers, Place, Role, StepId
from wizard.services.contract import HeldView, ProblemView, SchedulerState, SchedulerView
from wizard.services.contract.hand_over import ItPart
from wizard.services.contract.home import AccountState, HomeFacts, RunRow, UnitWord
from wizard.ui.home.ids import HomeId
from wizard.ui.home.service_word import ServiceWord
from wizard.ui.widgets.fields import SearchField

__all__ = ["HOME_SCENES", "home_scene", "in_step", "left_to_a_server", "open_at", "open_run"]

Prepare = Callable[[FakeWorkbench], None]
Act = Callable[[Stage], None]


def _nothing(_stage: Stage) -> None:
    """Nothing more is done."""


def open_at(page: HomeId, then: Act = _nothing) -> Act:
    """Open this page of Home, and do something there."""

    def act(stage: Stage) -> None:
        stage.frame.open_home(page.value)
        stage.settle()
        then(stage)

    return act


def home_scene(
    name: str,
    page: HomeId = HomeId.OVERVIEW,
    prepare: Prepare | None = None,
    act: Act = _nothing,
    *,
    practice: bool = False,
) -> Scene:
    """A state of a page of Home, by default with everything in step."""
    return Scene(
        name=f"home-{name}",
        step=StepId.DONE,
        prepare=prepare or in_step,
        act=open_at(page, act),
        practice=practice,
    )


# ---------------------------------------------------------------- what is known

_HELD = HeldView(
    kind=HeldKind.LEAVE,
    people=64,
    limit=21,
    cause=HeldCause.UNIT_GONE.value,
    cause_name="Unit Operations / Terminals",
    cause_people=60,
    run_id="run-8",
    held_at=NOW,
    grace_days=7,
)
_STOPPED = run(
    8,
    NOW - timedelta(minutes=2),
    outcome=RunOutcome.STOPPED_BY_GUARD,
    planned=PlanCounts(deactivate=64, unchanged=halden.MEMBERS - 64),
    held=((HeldKind.LEAVE, 64),),
    trouble=Code.GUARD_STOPPED,
    trouble_facts=(("what", "leave"), ("people", "64"), ("limit", "21")),
)
_FAILED = run(
    7,
    NOW - timedelta(hours=3, minutes=10),
    seconds=30,
    outcome=RunOutcome.FAILED,
    planned=PlanCounts(),
    trouble=Code.TIMED_OUT,
    trouble_facts=(("host", "admin.googleapis.com"),),
)


def rows() -> list[RunRow]:
    """Two weeks of runs, newest first, as a quiet organization has them: they make 436 of 430."""
    made = [
        RunRow(
            report=run(
                99, NOW - timedelta(minutes=12), seconds=11, done=PlanCounts(create=2, update=1)
            ),
            names=("Amira Benali", "Oda Strand", "Lise Haugen"),
        ),
        RunRow(report=run(98, NOW - timedelta(minutes=42))),
        RunRow(
            report=run(97, NOW - timedelta(hours=2, minutes=50), seconds=12),
            break_since=NOW - timedelta(hours=11, minutes=38),
        ),
        RunRow(report=_FAILED),
    ]
    shapes = (
        PlanCounts(create=3, update=2),
        PlanCounts(),
        PlanCounts(update=5, create=1),
        PlanCounts(create=4, update=1, deactivate=1),
        PlanCounts(),
        PlanCounts(update=6),
        PlanCounts(deactivate=2, update=1),
        PlanCounts(),
        PlanCounts(create=1, update=3, deactivate=2),
    )
    for number, done in enumerate(shapes):
        at = NOW - timedelta(days=1 + number, hours=2)
        made.append(RunRow(report=run(90 - number, at, seconds=9 + number, done=done)))
    stopped = replace(
        _STOPPED,
        started_at=NOW - timedelta(days=1, hours=1),
        finished_at=NOW - timedelta(days=1, hours=1) + timedelta(seconds=9),
    )
    made.insert(4, RunRow(report=stopped))
    made.append(
        RunRow(
            report=run(
                2,
                NOW - timedelta(days=12),
                trigger=Trigger.FIRST,
                seconds=362,
                done=halden.FIRST_DONE,
                planned=halden.FIRST,
            )
        )
    )
    return made


_TWO_PEOPLE = tuple(
    ProblemView(
        name=name,
        address="m.dahl@halden-freight.example",
        code=Code.ADDRESS_CLAIMED_TWICE,
        facts=(("name", name), ("address", "m.dahl@halden-freight.example")),
    )
    for name in ("Mikkel Dahl", "Maren Dahl")
)


def in_step(bench: FakeWorkbench) -> None:
    """Everything is fine, with one address that two people use."""
    bench.answers = replace(
        bench.answers,
        role=Role.IT,
        signed_in_name="Tomasz Wilk",
        signed_in_as="tomasz.wilk@halden-freight.example",
        authorized_as="tomasz.wilk@halden-freight.example",
        customer_id="C0test",
    )
    bench.stored = replace(bench.stored, enabled=True)
    bench.home.rows = rows()
    bench.home.findings = PASSED
    bench.home.known = HomeFacts(
        members=halden.MEMBERS,
        new=10,
        changed=15,
        leaving=4,
        to_decide=1,
        enabled=True,
        interval_minutes=30,
        lately=tuple(bench.home.rows[:5]),
        problems=_TWO_PEOPLE,
    )
    last = bench.home.rows[0].report
    waits(bench, last)


def waits(bench: FakeWorkbench, last: RunReport, **more: object) -> None:
    """The background sync waits for its next run."""
    view = SchedulerView(
        state=SchedulerState.WAITING,
        last=last,
        next_run_at=NOW + timedelta(minutes=18),
        last_good_at=last.finished_at,
    )
    bench.schedule.show(replace(view, **more))  # type: ignore[arg-type] # fields by name


def _quiet(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.home.known = replace(bench.home.known, problems=(), to_decide=0)


def _loading(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.hold("facts")


def _never_ran(bench: FakeWorkbench) -> None:
    _quiet(bench)
    bench.home.rows = []
    bench.home.known = HomeFacts(enabled=True, interval_minutes=30)
    bench.schedule.show(SchedulerView(state=SchedulerState.WAITING))


def _held(bench: FakeWorkbench) -> None:
    _quiet(bench)
    lately = (RunRow(report=_STOPPED), *bench.home.known.lately)
    bench.home.known = replace(bench.home.known, held=(_HELD,), lately=lately)
    bench.asked_about = (_HELD,)
    waits(bench, _STOPPED, state=SchedulerState.NEEDS_PERSON, trouble=Code.GUARD_STOPPED)


def _held_for_a_member(bench: FakeWorkbench) -> None:
    _held(bench)
    bench.home.word = replace(bench.home.word, may_manage=False)


def _paused(bench: FakeWorkbench) -> None:
    _quiet(bench)
    last = bench.home.rows[0].report
    waits(bench, last, state=SchedulerState.PAUSED, next_run_at=None)


def _stands_still(bench: FakeWorkbench) -> None:
    _quiet(bench)
    last = replace(bench.home.rows[0].report, undoes="run-2")
    waits(bench, last, state=SchedulerState.PAUSED, next_run_at=None, stands_for=last.run_id)


def _running(bench: FakeWorkbench) -> None:
    _quiet(bench)
    progress = RunProgress(phase=RunPhase.WRITE, done=12, total=31, created=10, changed=2)
    waits(
        bench,
        bench.home.rows[0].report,
        state=SchedulerState.RUNNING,
        next_run_at=None,
        progress=progress,
    )


def _ended_with(code: Code, state: SchedulerState, **facts: str) -> Prepare:
    def prepare(bench: FakeWorkbench) -> None:
        _quiet(bench)
        outcome = RunOutcome.NOT_THE_SYNCER if code is Code.NOT_THE_SYNCER else RunOutcome.FAILED
        last = run(
            100,
            NOW - timedelta(minutes=4),
            outcome=outcome,
            trouble=code,
            trouble_facts=tuple(facts.items()),
        )
        waits(bench, last, state=state, trouble=code, last_good_at=NOW - timedelta(hours=1))

    return prepare


def _overdue(bench: FakeWorkbench) -> None:
    _quiet(bench)
    waits(
        bench,
        _FAILED,
        state=SchedulerState.OFFLINE,
        trouble=Code.TIMED_OUT,
        overdue=True,
        last_good_at=NOW - timedelta(hours=9),
    )


def _off(bench: FakeWorkbench) -> None:
    _quiet(bench)
    bench.home.known = replace(bench.home.known, enabled=False)
    bench.home.word = replace(bench.home.word, enabled=False)
    waits(bench, bench.home.rows[0].report, state=SchedulerState.OFF, next_run_at=None)


def _elsewhere(bench: FakeWorkbench) -> None:
    _ended_with(Code.NOT_THE_SYNCER, SchedulerState.NEEDS_PERSON, host="SERVER01", person="Ingrid")(
        bench
    )
    account = replace(
        ACCOUNT, syncer_host="SERVER01", syncer_is_us=False, last_run_at=NOW - timedelta(minutes=17)
    )
    bench.home.word = replace(bench.home.word, accounts=(account,))


def left_to_a_server(bench: FakeWorkbench, *, off_for: timedelta) -> None:
    """Somebody chose a server, which has been off for so long."""
    _quiet(bench)
    bench.answers = replace(bench.answers, place=Place.SERVER)
    bench.schedule.show(SchedulerView(state=SchedulerState.STOPPED))
    held = off_for < timedelta(minutes=90)
    account = replace(
        ACCOUNT,
        syncer_host="SERVER01" if held else "",
        syncer_is_us=False,
        last_run_at=NOW - off_for,
    )
    bench.home.word = replace(bench.home.word, accounts=(account,))
    bench.placing.syncer = None


def _left(**off_for: int) -> Prepare:
    return lambda bench: left_to_a_server(bench, off_for=timedelta(**off_for))


def _never_answers(bench: FakeWorkbench) -> None:
    watching(bench)
    bench.hold("unit")
    bench.hold("ask_runs")


def _outside_offline(bench: FakeWorkbench) -> None:
    watching(bench)
    bench.fail("unit", Code.HOST_NOT_FOUND, host="accounts.enterprise-connect.example")
    bench.fail("ask_runs", Code.HOST_NOT_FOUND, host="accounts.enterprise-connect.example")


def _no_patience(stage: Stage) -> None:
    """The time is over within which somebody should have answered."""
    page = stage.frame.page
    for word in page.findChildren(ServiceWord):
        word.run_out_of_patience()
    stage.settle()


def _signed_out(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.fail("unit", Code.SIGN_IN_EXPIRED, connection="service")


def _service_away(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.fail("unit", Code.SERVICE_UNAVAILABLE, host="accounts.enterprise-connect.example")


def _many_problems(bench: FakeWorkbench) -> None:
    in_step(bench)
    more = tuple(
        ProblemView(
            name=f"Person {number}",
            address=f"person{number}@halden-freight.example",
            code=Code.WRITE_FAILED,
            facts=(("detail", "The address is not valid."),),
        )
        for number in range(5)
    )
    bench.home.known = replace(bench.home.known, problems=(*_TWO_PEOPLE, *more))


_OWNERS_WORD = UnitWord(
    asked_at=NOW,
    may_manage=True,
    owners=("Ingrid Solberg", "Tomasz Wilk"),
    accounts=(replace(ACCOUNT, syncer_host="SERVER01", syncer_is_us=False),),
    enabled=True,
    interval_minutes=30,
    runs=tuple(
        RunSummary(
            run_id=f"there-{number}",
            trigger=Trigger.SCHEDULE,
            outcome=RunOutcome.DONE,
            started_at=NOW - timedelta(minutes=30 * number + 5),
            finished_at=NOW - timedelta(minutes=30 * number + 4),
            done=PlanCounts(create=number % 3),
        )
        for number in range(6)
    ),
)


def there(host: str = "SERVER01") -> list[RunRow]:
    """What the service tells of another computer's syncs: numbers, and of the oldest no name."""
    made = [
        RunRow(
            report=replace(
                row.report,
                run_id=f"there-{number}",
                planned=PlanCounts(),
                trouble=None,
                trouble_facts=(),
            ),
            elsewhere=True,
            host=host,
        )
        for number, row in enumerate(rows())
    ]
    return [*made[:-1], replace(made[-1], host="")]


def watching(bench: FakeWorkbench, word: UnitWord = _OWNERS_WORD) -> None:
    """An owner who isn't IT: nothing is connected on this computer, IT's part is done."""
    bench.answers = Answers(
        role=Role.OWNER,
        service_answered=True,
        signed_in_as="ingrid.solberg@halden-freight.example",
        signed_in_name="Ingrid Solberg",
        ou_id="ou-1",
        ou_name="Halden Freight",
        invited=1,
        handed_over=True,
        it_finished=True,
    )
    bench.hand_over.done = len(ItPart)
    bench.home.rows = []
    bench.home.there = there()
    bench.home.known = HomeFacts()
    bench.home.word = word


def _member_watching(bench: FakeWorkbench) -> None:
    watching(bench)
    stopped = replace(_OWNERS_WORD.runs[0], outcome=RunOutcome.STOPPED_BY_GUARD)
    bench.home.word = replace(
        _OWNERS_WORD, may_manage=False, runs=(stopped, *_OWNERS_WORD.runs[1:])
    )


def _failed_connection(bench: FakeWorkbench) -> None:
    watching(bench)
    failed = replace(ACCOUNT, state=AccountState.FAILED, status_code="app-not-installed")
    bench.home.word = replace(_OWNERS_WORD, accounts=(failed,), runs=())


# ---------------------------------------------------------------- what a person does


def _decide(stage: Stage) -> None:
    stage.until(lambda: stage.shown("decide-0"))
    stage.press("decide-0")


def _sign_in(stage: Stage) -> None:
    stage.until(lambda: stage.shown("overview-sign-in"))
    stage.press("overview-sign-in")


def _wait_for(name: str) -> Act:
    return lambda stage: stage.until(lambda: stage.shown(name))


_OVERVIEW_SCENES = (
    home_scene("overview", act=_wait_for("lately")),
    home_scene("overview-practice", act=_wait_for("lately"), practice=True),
    home_scene("overview-quiet", prepare=_quiet, act=_wait_for("lately")),
    home_scene("overview-loading", prepare=_loading),
    home_scene("overview-never-ran", prepare=_never_ran, act=_wait_for("overview-cure")),
    home_scene("overview-held", prepare=_held, act=_wait_for("decide-0")),
    home_scene("overview-deciding", prepare=_held, act=_decide),
    home_scene("overview-held-member", prepare=_held_for_a_member),
    home_scene("overview-paused", prepare=_paused),
    home_scene("overview-stands-still", prepare=_stands_still),
    home_scene("overview-running", prepare=_running),
    home_scene(
        "overview-offline",
        prepare=_ended_with(Code.TIMED_OUT, SchedulerState.OFFLINE, host="admin.googleapis.com"),
    ),
    home_scene("overview-overdue", prepare=_overdue),
    home_scene("overview-off", prepare=_off),
    home_scene("overview-elsewhere", prepare=_elsewhere),
    home_scene("overview-left", prepare=_left(minutes=17)),
    home_scene("overview-left-lapsed", prepare=_left(hours=2)),
    home_scene("overview-left-dead", prepare=_left(days=5)),
    home_scene(
        "overview-authorize",
        prepare=_ended_with(Code.SIGN_IN_EXPIRED, SchedulerState.NEEDS_PERSON, connection="google"),
    ),
    home_scene(
        "overview-locked",
        prepare=_ended_with(Code.KEYRING_LOCKED, SchedulerState.NEEDS_PERSON),
    ),
    home_scene("overview-signed-out", prepare=_signed_out, act=_wait_for("overview-sign-in")),
    home_scene("overview-sign-in", prepare=_signed_out, act=_sign_in),
    home_scene("overview-service-away", prepare=_service_away),
    home_scene("overview-problems", prepare=_many_problems),
    home_scene("overview-asking", prepare=_never_answers),
    home_scene("overview-no-answer", prepare=_never_answers, act=_no_patience),
    home_scene("overview-outside-offline", prepare=_outside_offline),
    home_scene("overview-owner", prepare=watching, act=_wait_for("lately")),
    home_scene("overview-member", prepare=_member_watching, act=_wait_for("lately")),
    home_scene("overview-failed-connection", prepare=_failed_connection),
)


# ---------------------------------------------------------------- organization account

_ACCOUNT = HomeId.ORGANIZATION_ACCOUNT


def _settings_there(stage: Stage) -> None:
    stage.until(lambda: stage.shown("provisioning-toggle"))
    stage.until(lambda: stage.shown("health"))


def _edit(stage: Stage) -> None:
    _settings_there(stage)
    stage.press("leavers-keep")


def _test(stage: Stage) -> None:
    stage.until(lambda: stage.shown("health-test"))
    stage.press("health-test")
    stage.until(lambda: stage.shown("finding-test-read"))
    bar = stage.frame.view.verticalScrollBar()
    bar.setValue(bar.maximum())


def _scrolled(stage: Stage) -> None:
    stage.until(lambda: stage.shown("account-disconnect"))
    bar = stage.frame.view.verticalScrollBar()
    bar.setValue(bar.maximum())


def _disconnect(stage: Stage) -> None:
    stage.until(lambda: stage.shown("account-disconnect"))
    stage.press("account-disconnect")


def type_word(stage: Stage, words: str) -> None:
    """Type into the field that asks for the domain."""
    field = stage.find("disconnect-word")
    assert isinstance(field, QLineEdit)
    field.setText(words)
    field.textEdited.emit(words)
    stage.settle()


def _disconnect_wrong(stage: Stage) -> None:
    _disconnect(stage)
    type_word(stage, "halden-frieght.example")


def _disconnected(stage: Stage) -> None:
    _disconnect(stage)
    type_word(stage, "halden-freight.example")
    stage.press("primary")
    stage.until(lambda: stage.shown("disconnected"))


def _authorize(stage: Stage) -> None:
    stage.until(lambda: stage.shown("account-authorize"))
    stage.press("account-authorize")
    stage.settle()


def _held_call(call: str) -> Prepare:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.hold(call)

    return prepare


def _fails(call: str, code: Code, host: str = "") -> Prepare:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        # The last step of the set-up, which the scene comes from, may ask for the same.
        bench.fail(call, code, times=2, host=host)

    return prepare


def _member(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.home.word = replace(bench.home.word, may_manage=False)


def _two_connections(bench: FakeWorkbench) -> None:
    in_step(bench)
    calendars = replace(
        ACCOUNT, id="oa-2", purposes=frozenset({"calendars"}), ours=False, syncer_host=""
    )
    bench.home.word = replace(bench.home.word, accounts=(ACCOUNT, calendars))


def _nothing_connected(bench: FakeWorkbench) -> None:
    watching(bench)
    bench.home.word = replace(bench.home.word, accounts=(), runs=())


_ACCOUNT_SCENES = (
    home_scene("account", _ACCOUNT, act=_settings_there),
    home_scene("account-edited", _ACCOUNT, act=_edit),
    home_scene("account-below", _ACCOUNT, act=_scrolled),
    home_scene("account-tested", _ACCOUNT, act=_test),
    home_scene("account-loading", _ACCOUNT, _held_call("settings")),
    home_scene(
        "account-offline",
        _ACCOUNT,
        _fails("settings", Code.SERVICE_UNAVAILABLE, host="accounts.enterprise-connect.example"),
    ),
    home_scene("account-member", _ACCOUNT, _member, _settings_there),
    home_scene("account-two", _ACCOUNT, _two_connections, _settings_there),
    home_scene("account-owner", _ACCOUNT, watching),
    home_scene("account-none", _ACCOUNT, _nothing_connected),
    home_scene("account-authorizing", _ACCOUNT, _held_call("authorize"), _authorize),
    home_scene("account-authorized", _ACCOUNT, act=_authorize),
    home_scene("account-disconnect", _ACCOUNT, act=_disconnect),
    home_scene("account-disconnect-wrong", _ACCOUNT, act=_disconnect_wrong),
    home_scene("account-disconnected", _ACCOUNT, act=_disconnected),
)


# ---------------------------------------------------------------- activity


def _rows_there(stage: Stage) -> None:
    stage.until(lambda: stage.words("activity-count") != "")


def open_run(number: int) -> Act:
    """Open the run of this row."""

    def act(stage: Stage) -> None:
        _rows_there(stage)
        view = stage.find("run-rows")
        assert isinstance(view, QTableView)
        view.setCurrentIndex(view.model().index(number, 0))
        QTest.keyClick(view, Qt.Key.Key_Return)
        stage.settle()
        stage.until(lambda: stage.shown("activity-back"))

    return act


def _no_runs(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.home.rows = []


def _could_not_begin(bench: FakeWorkbench) -> None:
    in_step(bench)
    night = run(
        0,
        NOW - timedelta(hours=9),
        outcome=RunOutcome.FAILED,
        trouble=Code.HOST_NOT_FOUND,
        trouble_facts=(("host", "accounts.enterprise-connect.example"),),
        planned=PlanCounts(),
        finished_at=NOW - timedelta(hours=3, minutes=20),
    )
    token = run(
        0,
        NOW - timedelta(minutes=3),
        outcome=RunOutcome.FAILED,
        trouble=Code.SIGN_IN_EXPIRED,
        trouble_facts=(("connection", "google"), ("provider", "google")),
        planned=PlanCounts(),
    )
    first, *others = bench.home.rows
    bench.home.rows = [
        RunRow(report=token, tries=1),
        first,
        others[0],
        others[1],
        RunRow(report=night, tries=14),
        *others[3:],
    ]


def _lease_elsewhere(bench: FakeWorkbench) -> None:
    """Set up here, and another computer keeps it in step since yesterday."""
    _elsewhere(bench)
    bench.home.there = there()[:5]
    bench.home.rows = rows()[5:]


def _nobody_synced(bench: FakeWorkbench) -> None:
    watching(bench)
    bench.home.there = []


def _signed_out_outside(bench: FakeWorkbench) -> None:
    watching(bench)
    bench.fail("unit", Code.SIGN_IN_EXPIRED, times=3, connection="service")
    bench.fail("ask_runs", Code.SIGN_IN_EXPIRED, times=3, connection="service")


def _search_nothing(stage: Stage) -> None:
    _rows_there(stage)
    field = stage.find("activity-search")
    assert isinstance(field, SearchField)
    field.setText("xylophone")
    field.search_now()
    stage.settle()


def _with_people(bench: FakeWorkbench) -> None:
    """The newest sync with its plan: two are new, one has another name, the rest is in step."""
    in_step(bench)
    lise, _, _, amira, _ = ROWS
    new = replace(amira, kind=PlanKind.CREATE, reason=Reason.NEW_IN_SCOPE, account_id="")
    oda = replace(
        new, user_id="g-6", name="Oda Strand", address="oda.strand@halden-freight.example"
    )
    same = (
        replace(one, kind=PlanKind.UNCHANGED, reason=Reason.SAME)
        for one in people(halden.MEMBERS + 2)[5:]
    )
    bench.rows = [lise, new, oda, *same]
    planned = counts_of(bench.rows)
    first = bench.home.rows[0]
    bench.home.rows[0] = replace(first, report=replace(first.report, planned=planned))


_ACTIVITY = HomeId.ACTIVITY
_ACTIVITY_SCENES = (
    home_scene("activity", _ACTIVITY, act=_rows_there),
    home_scene("activity-none", _ACTIVITY, _no_runs),
    home_scene("activity-outside", _ACTIVITY, watching, _rows_there),
    home_scene("activity-outside-run", _ACTIVITY, watching, open_run(0)),
    home_scene("activity-outside-stopped", _ACTIVITY, watching, open_run(4)),
    home_scene("activity-outside-none", _ACTIVITY, _nobody_synced),
    home_scene("activity-outside-asking", _ACTIVITY, _never_answers),
    home_scene("activity-outside-offline", _ACTIVITY, _outside_offline),
    home_scene("activity-outside-signed-out", _ACTIVITY, _signed_out_outside),
    home_scene("activity-elsewhere", _ACTIVITY, _lease_elsewhere, _rows_there),
    home_scene("activity-not-begun", _ACTIVITY, _could_not_begin, _rows_there),
    home_scene("activity-not-begun-run", _ACTIVITY, _could_not_begin, open_run(0)),
    home_scene("activity-not-begun-night", _ACTIVITY, _could_not_begin, open_run(4)),
    home_scene("activity-no-match", _ACTIVITY, act=_search_nothing),
    home_scene("activity-loading", _ACTIVITY, _held_call("runs")),
    home_scene("activity-damaged", _ACTIVITY, _fails("runs", Code.DATABASE_DAMAGED)),
    home_scene("activity-run", _ACTIVITY, _with_people, open_run(0)),
    home_scene("activity-failed", _ACTIVITY, act=open_run(3)),
    home_scene("activity-stopped", _ACTIVITY, act=open_run(4)),
)


# ---------------------------------------------------------------- settings


def _known(stage: Stage) -> None:
    stage.until(lambda: stage.shown("logs-open"))


def _settings_below(stage: Stage) -> None:
    _known(stage)
    bar = stage.frame.view.verticalScrollBar()
    bar.setValue(bar.maximum())


def _erase(stage: Stage) -> None:
    _known(stage)
    stage.press("erase-open")


def _nobody(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.home.machine_view = replace(bench.home.machine_view, signed_in=False, keeps=None)


def _network(stage: Stage) -> None:
    _known(stage)
    stage.press("network-change")


_SETTINGS = HomeId.SETTINGS
_SETTINGS_SCENES = (
    home_scene("settings", _SETTINGS, act=_known),
    home_scene("settings-below", _SETTINGS, act=_settings_below),
    home_scene("settings-signed-out", _SETTINGS, _nobody, _known),
    home_scene("settings-network", _SETTINGS, act=_network),
    home_scene("settings-erase", _SETTINGS, act=_erase),
)

HOME_SCENES: tuple[Scene, ...] = (
    *_OVERVIEW_SCENES,
    *_ACCOUNT_SCENES,
    *_ACTIVITY_SCENES,
    *_SETTINGS_SCENES,
)
