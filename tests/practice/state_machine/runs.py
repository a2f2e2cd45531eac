"""What is asked of the product: runs, previews, approvals, taking back, and rest in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from tests.practice.state_machine.office import Office
from tests.practice.state_machine.organization import ADMIN, GRANTED, OWNER
from tests.practice.state_machine.people import NUMBER, DirectoryRules, a_step
from tests.practice.state_machine.truth import Truth, protected_names, wrong_at_rest
from tests.practice.state_machine.watch import CAME_TO_A_PLAN, DAY, Asked, Watch, Word
from tests.practice.state_machine.wire import WRITES, Killed
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanKind, RunReport
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.sync.approval import PLANNED_AS, is_approved
from wizard.sync.parts import PlanSummary

PROBLEMS = frozenset({PlanKind.PROBLEM})
KEPT_DAYS = 90
UNTIL_AT_REST = 16
LATE = 25


class RunRules(DirectoryRules):
    """The part of the machine that runs the sync; `ended` while something is going wrong."""

    office: Office
    watch: Watch
    settings: ProvisioningSettings
    ended: bool

    # ------------------------------------------------------------ one step of the product

    def _product(
        self, do: Callable[[], RunReport | PlanSummary], *, writes: bool, undone: str = ""
    ) -> RunReport | PlanSummary | None:
        """Let the product do something, and judge what came of it."""
        self.ended = True
        self.office.cancel = Cancel()
        step = self.watch.begin(undone=undone)
        told: RunReport | PlanSummary | None = None
        refused = False
        try:
            told = do()
        except Killed:
            self.stage.counts["crashes"] += 1
            self.office.rise()
        except Trouble:
            self.stage.counts["refused"] += 1
            refused = True
        report = told if isinstance(told, RunReport) else None
        self.watch.end(step, report, wrote=writes and not refused)
        if told is not None:
            self._note(told)
        self.ended = False
        return told

    def _note(self, told: RunReport | PlanSummary) -> None:
        held = (
            told.held
            if isinstance(told, RunReport)
            else tuple((one.kind, one.people) for one in told.held)
        )
        if isinstance(told, RunReport):
            self.stage.counts[f"run {told.outcome.value}"] += 1
        for kind, people in held:
            named = self.office.rows(told.run_id, frozenset(PLANNED_AS[kind]), held=True)
            assert len(named) == people, f"{people} are held and {len(named)} are shown: {told}"
            self.watch.asked.append(
                Asked(
                    run_id=told.run_id,
                    kind=kind,
                    people=frozenset(named),
                    at=self.office.clock.moment,
                )
            )

    def _run(self, *, take_over: bool = False) -> RunReport | None:
        self.stage.counts["runs"] += 1
        unbelievable = self._unbelievable()
        told = self._product(lambda: self.office.run(take_over=take_over), writes=True)
        if not isinstance(told, RunReport):
            return None
        assert not (unbelievable and told.outcome in CAME_TO_A_PLAN), f"{unbelievable}: {told}"
        if told.run_id:
            self.watch.ran_ahead = False
        return told

    def _unbelievable(self) -> str:
        """Why what the directory would tell now must not count, '' where it may."""
        switches = self.org.google.switches
        if switches.empty:
            return "an empty directory was believed"
        if switches.swapped:
            return "another customer was believed"
        present = self.watch.hidden & set(self.org.directory.people)
        before = self.office.value("SELECT coalesce(max(people), 0) FROM connection")
        if self.office.known(present) > max(5, before * 5 // 100):
            return "a listing that lacks many was believed"
        return ""

    def _then(self, *, now: bool) -> None:
        if now:
            self._run()

    @a_step(again=st.integers(1, 2))
    def it_runs(self, again: int) -> None:
        for _ in range(again):
            self._run()

    @a_step()
    def it_runs_by_the_schedule(self) -> None:
        self.org.clock.forward(minutes=30)
        self._run()

    @a_step(days=st.sampled_from((2, 400)), who=NUMBER, leaves=st.booleans())
    def it_runs_while_the_clock_is_ahead(self, days: int, who: int, leaves: bool) -> None:
        self.stage.faults["clock ahead, then right"] += 1
        if leaves:
            self._leaves("delete", who)
        # A leap beyond all that is kept leaves the day before the last run, whose own day may be
        # another leap's: two wrong times in a row, and the day is forgotten.
        forgets = days > KEPT_DAYS and self.watch.ran_ahead
        self.office.clock.by = timedelta(days=days)
        self._run()
        self.watch.put_clock_right(forgets=forgets)

    @a_step(other=st.booleans())
    def it_runs_and_takes_over(self, other: bool) -> None:
        if other:
            self._sit_down_elsewhere()
        self._run(take_over=True)

    def _sit_down_elsewhere(self) -> None:
        """Another computer, with a memory of its own, is the one that syncs from now on."""
        raise NotImplementedError

    @a_step()
    def somebody_looks_at_a_preview(self) -> None:
        self._preview()

    def _preview(self) -> PlanSummary | None:
        self.stage.counts["previews"] += 1
        told = self._product(self.office.preview, writes=False)
        return told if isinstance(told, PlanSummary) else None

    @a_step()
    def a_preview_tells_what_the_run_then_does(self) -> None:
        self._heal()
        seen = self._preview()
        done = self._run()
        if seen is None or done is None or done.outcome not in CAME_TO_A_PLAN:
            return
        said, planned = self.office.plan(seen.run_id), self.office.plan(done.run_id)
        assert said == planned, f"{set(said.items()) ^ set(planned.items())}: {done}"

    @a_step(one=NUMBER)
    def a_run_is_taken_back(self, one: int) -> None:
        runs = [run_id for run_id, changes in self.watch.history.items() if changes]
        if not runs or not self.settings.enabled:
            return
        self.stage.counts["taken back"] += 1
        run_id = runs[-1 - one % min(3, len(runs))]
        self._product(lambda: self.office.take_back(run_id), writes=True, undone=run_id)

    # ------------------------------------------------------------ a person's word

    @a_step(how=st.sampled_from(("right", "right", "wrong", "late")), back=st.integers(0, 3))
    def somebody_approves(self, how: str, back: int) -> None:
        if not self.watch.asked:
            return
        asked = self.watch.asked[-1 - back % len(self.watch.asked)]
        if how == "late":
            self.org.clock.forward(hours=LATE)
        self._approve(asked, len(asked.people) + (how == "wrong"))

    def _approve(self, asked: Asked, typed: int) -> None:
        now = self.office.clock.moment
        with self.office.database.read() as reading:
            if is_approved(reading, asked.run_id, asked.kind, now=now):
                return
        good = typed == len(asked.people) and now - asked.at < DAY
        refused: Code | None = None
        try:
            self.office.approve(asked.run_id, asked.kind, typed)
        except Trouble as trouble:
            refused = trouble.code
        except Killed:
            # It may have been kept before the end, and then it counts.
            self.stage.counts["crashes"] += 1
            self.office.rise()
            good = True
        expected = {None, Code.DISK_FULL} if good else {Code.APPROVAL_OUTDATED, Code.DISK_FULL}
        assert refused in expected, f"{refused}, {typed} typed: {asked}"
        if refused is None:
            self.stage.counts["approvals"] += 1
            self.watch.words.append(Word(kind=asked.kind, people=asked.people, given=now))

    # ------------------------------------------------------------ the database

    @a_step(damaged=st.booleans(), now=st.integers(0, 4))
    def the_database_is_lost(self, damaged: bool, now: int) -> None:
        if now:
            return
        self.stage.counts["databases lost"] += 1
        self.office.lose_database(damaged=damaged)
        self.watch.forget()

    # ------------------------------------------------------------ rest

    @a_step(to_rest=st.integers(0, 5))
    def all_is_well_again(self, to_rest: int) -> None:
        self._heal()
        if to_rest == 5:
            self._rest()

    def _heal(self) -> None:
        self.org.wire.heal()
        self.org.google.switches.empty = self.org.google.switches.swapped = False
        self.org.demote(admin=True)
        self.office.granted = frozenset(GRANTED)
        self.office.database.doom = None
        self.watch.hidden = set()

    def _rest(self) -> None:
        """All is well, whatever is held is approved, and every grace passes."""
        self.stage.counts["rests"] += 1
        self._heal()
        self.settings = replace(self.settings, enabled=True)
        self.org.save(self.settings)
        self.ended = True
        # Where another computer took over, a person takes it back; nothing else is asked of them.
        report = self._good_run(take_over=self.org.lease_is_of_another(self.office.installation))
        waited = False
        for _ in range(UNTIL_AT_REST):
            if self._approve_what_is_held(report) or report.planned.writes:
                report = self._good_run()
            elif not waited:
                waited = True
                self.org.clock.forward(days=self.settings.grace_days + 8)
                report = self._good_run()
            else:
                break
        else:
            raise AssertionError(f"it never comes to rest: {report}")
        self._is_at_rest(report)
        self.ended = False

    def _good_run(self, *, take_over: bool = False) -> RunReport:
        self.org.clock.forward(minutes=30)
        report = self._run(take_over=take_over)
        self.ended = True
        assert report is not None, "a run was refused although all is well"
        assert report.outcome in CAME_TO_A_PLAN, report
        return report

    def _approve_what_is_held(self, report: RunReport) -> bool:
        for asked in [one for one in self.watch.asked if one.run_id == report.run_id]:
            self._approve(asked, len(asked.people))
        return bool(report.held)

    def _is_at_rest(self, report: RunReport) -> None:
        truth = Truth.of(self.org.directory, self.settings)
        accounts = self.org.accounts()
        protected = protected_names(accounts, OWNER, ADMIN, *self.settings.protected)
        told = set(self.office.rows(report.run_id, PROBLEMS, held=False))
        wrong = wrong_at_rest(truth, accounts, protected, told)
        assert not wrong, f"{wrong}; {report}"
        seen = len(self.org.wire.seen)
        last = self._good_run()
        written = [one for one in self.org.wire.seen[seen:] if one.place == WRITES]
        assert (last.planned.writes, last.held, written) == (0, (), []), last
