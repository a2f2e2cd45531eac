"""The whole client against the practice organization, without a window, and what came of it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

import wizard
from wizard.content.text import t, tn
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import forward, with_answers
from wizard.net.sessions import Net, NetSettings
from wizard.services.contract import FindingState
from wizard.services.counting import Counted, compare
from wizard.services.environment import Options, open_workbench
from wizard.services.measures import peak_rss_mib
from wizard.services.scripted_browser import Manners, ScriptedBrowser
from wizard.services.workbench import LocalWorkbench

__all__ = [
    "Rehearsal",
    "RehearsalOptions",
    "practice_organization",
    "program_again",
    "rehearse",
]

log = logging.getLogger(__name__)
_OWNER = Manners(person="owner@nordby.example")
_ADMIN = Manners(person="tomasz.wilk@nordby.example")
_START_SECONDS = 300.0
_STOP_SECONDS = 15.0
_LARGEST_LIST = 1024 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class RehearsalOptions:
    """`home` None rehearses in a folder that is thrown away afterwards.

    With `profile` a practice organization that runs already is used; else one is started with
    so many people. `only_set_up` stops before the first sync.
    """

    people: int = 480
    seed: int = 7
    home: Path | None = None
    profile: Path | None = None
    passphrase_file: Path | None = None
    only_set_up: bool = False


@dataclass(kw_only=True)
class Step:
    """One step and how long it took, in seconds."""

    step: str
    seconds: float


@dataclass(kw_only=True)
class Rehearsal:
    """What came of it. `exact` is the verdict.

    `in_scope` is the sample's own number of people who must have an account.
    `accounts_at_service` counts those of them who have one, by the service's own list;
    `without_account` and `with_two` must be empty, as must `strangers`: accounts made for
    nobody in scope. `before` names accounts that were there and belong to nobody in scope.
    """

    provider: str = "google"
    people: int = 0
    in_scope: int = 0
    accounts_at_service: int = 0
    without_account: tuple[str, ...] = ()
    with_two: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    adopted: int = 0
    first_sync_writes: int = 0
    second_run_writes: int = -1
    sync_seconds: float = 0.0
    peak_rss_mib: float = 0.0
    requests: int = 0
    profile: str = ""
    exact: bool = False
    steps: list[Step] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The same for a person."""
        lines = [f"  {step.seconds:7.1f} s  {step.step}" for step in self.steps]
        lines.append(
            tn(
                "{count} person is in scope, {accounts} have exactly one account.",
                "{count} people are in scope, {accounts} have exactly one account.",
                self.in_scope,
                accounts=f"{self.accounts_at_service:,}",
            )
        )
        if self.second_run_writes >= 0:
            lines.append(
                tn(
                    "The second sync wrote {count} account.",
                    "The second sync wrote {count} accounts.",
                    self.second_run_writes,
                )
            )
        lines.append(t("It worked.") if self.exact else t("It did not add up."))
        return lines


def rehearse(
    options: RehearsalOptions, cancel: Cancel, *, tell: Callable[[str], None]
) -> Rehearsal:
    """Sign in, connect, preview, switch on, sync twice, and count at the service.

    `tell` hears a line for each step. Raises `Trouble` as the steps do.
    """
    with ExitStack() as stack:
        home = options.home
        if home is None:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rehearsal-")))
        profile = options.profile
        if profile is None:
            tell(t("Starting the practice organization …"))
            profile = stack.enter_context(
                practice_organization(
                    home / "organization", people=options.people, seed=options.seed, cancel=cancel
                )
            )
        # A browser that gives up must not be waited for: it stops the work and says why.
        work = Cancel()
        stack.enter_context(cancel.calling(work.stop))
        stuck: list[str] = []

        def gave_up(reason: str) -> None:
            stuck.append(reason)
            work.stop()

        browser = ScriptedBrowser(_OWNER, stuck=gave_up)
        stack.callback(browser.close)
        client = Options(
            profile=str(profile),
            home=home / "client",
            passphrase_file=options.passphrase_file,
            forget=options.passphrase_file is None,
        )
        bench = open_workbench(client, browser=browser.open)
        stack.callback(bench.close)
        story = _Story(bench, browser, work, tell)
        try:
            story.play(only_set_up=options.only_set_up)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED and stuck:
                raise Trouble(Code.SIGN_IN_FAILED, description=stuck[0][:200]) from trouble
            raise
        outcome = story.outcome
        outcome.profile = str(profile)
        outcome.peak_rss_mib = peak_rss_mib()
        return outcome


class _Story:
    """The steps of a set-up, one after the other, each with its time."""

    def __init__(
        self,
        bench: LocalWorkbench,
        browser: ScriptedBrowser,
        cancel: Cancel,
        tell: Callable[[str], None],
    ) -> None:
        self._bench = bench
        self._browser = browser
        self._cancel = cancel
        self._tell = tell
        self._clock: Clock = SystemClock()
        self.outcome = Rehearsal()

    def play(self, *, only_set_up: bool) -> None:
        """All of it; raises `Trouble` where a step can't be done."""
        before: set[str] = set()
        with self._step("welcome"):
            self._welcome()
        with self._step("sign_in"):
            self._sign_in()
        with self._step("google_authorize"):
            self._authorize()
            before = {account.id for account in _accounts(self._bench, self._cancel)}
        with self._step("preview"):
            self._preview()
        with self._step("provisioning"):
            self._switch_on()
        if not only_set_up:
            with self._step("where_it_runs"):
                self._take_on()
            with self._step("first_sync"):
                first = self._run(Trigger.FIRST)
            self._go_to(StepId.DONE)
            with self._step("second_run"):
                second = self._run(Trigger.COMMAND)
            outcome = self.outcome
            outcome.sync_seconds = round(_seconds(first), 3)
            outcome.first_sync_writes = first.done.writes
            outcome.adopted = first.done.adopt
            outcome.second_run_writes = second.done.writes
            outcome.people = second.people_read
        with self._step("count"):
            self._count(before, only_set_up=only_set_up)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._tell(name)
        began = self._clock.monotonic()
        yield
        took = round(self._clock.monotonic() - began, 3)
        self.outcome.steps.append(Step(step=name, seconds=took))

    def _go_to(self, step: StepId) -> None:
        """Go on to a step, as the window's button does; each one before it must allow it."""
        while self._bench.walk.step is not step:
            walk = self._bench.walk
            following = forward(walk)
            if following == walk:
                raise Trouble(Code.INTERNAL, kind=f"stuck-at-{walk.step.value}")
            self._bench.go(following)

    def _welcome(self) -> None:
        self._bench.network(self._cancel)
        self._bench.change(replace(self._bench.answers, role=Role.BOTH))
        self._bench.go(with_answers(self._bench.walk, self._bench.answers))
        self._go_to(StepId.SIGN_IN)

    def _sign_in(self) -> None:
        self._browser.manners = _OWNER
        view = self._bench.sign_in(_ignored, self._cancel, create=False)
        if not self._bench.answers.ou_id:
            manageable = [unit for unit in view.units if unit.manageable]
            if not manageable:
                raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
            self._bench.choose_unit(manageable[0])
        self._go_to(StepId.WORKSPACE)
        self._bench.change(replace(self._bench.answers, workspace_chosen=True))

    def _authorize(self) -> None:
        self._browser.manners = _ADMIN
        view = self._bench.authorize(_ignored, self._cancel)
        failed = [found for found in view.findings if found.state is FindingState.FAILED]
        if failed:
            facts = dict(failed[0].facts)
            raise Trouble(failed[0].code or Code.CONNECTION_FAILED, retry_after=None, **facts)
        self._go_to(StepId.SCOPE)
        self._bench.change(replace(self._bench.answers, scope_confirmed=True))

    def _preview(self) -> None:
        self._go_to(StepId.PREVIEW)
        settings = self._bench.settings(self._cancel).settings
        self._bench.preview(replace(settings, enabled=True), _ignored, self._cancel)
        self._bench.change(replace(self._bench.answers, preview_seen=True))
        self._go_to(StepId.PROVISIONING)

    def _switch_on(self) -> None:
        settings = self._bench.settings(self._cancel).settings
        self._bench.save_settings(replace(settings, enabled=True), self._cancel)
        self._go_to(StepId.WHERE_IT_RUNS)

    def _take_on(self) -> None:
        self._bench.placing.run_here(self._cancel)
        self._go_to(StepId.FIRST_SYNC)

    def _run(self, trigger: Trigger) -> RunReport:
        report = self._bench.run(trigger, self._cancel, _ignored)
        self.outcome.requests += report.requests
        if report.outcome not in {RunOutcome.DONE, RunOutcome.PARTLY}:
            facts = dict(report.trouble_facts)
            raise Trouble(report.trouble or Code.WRITE_FAILED, retry_after=None, **facts)
        return report

    def _count(self, before: AbstractSet[str], *, only_set_up: bool) -> None:
        """Compare the service's own list with the sample's own list of who must be there."""
        outcome = self.outcome
        accounts = _accounts(self._bench, self._cancel)
        found = compare(
            _expected(self._bench, self._cancel),
            accounts,
            customer_id=self._bench.answers.customer_id,
            before=before,
        )
        outcome.in_scope = found.in_scope
        outcome.accounts_at_service = found.exactly_one
        outcome.without_account = found.without
        outcome.with_two = found.with_two
        outcome.strangers = found.strangers
        outcome.before = found.before
        untouched = only_set_up and {account.id for account in accounts} == before
        outcome.exact = untouched or (found.exact and outcome.second_run_writes == 0)


def _ignored(event: object) -> None:
    log.debug("heard %s", type(event).__name__)


def _seconds(report: RunReport) -> float:
    return (report.finished_at - report.started_at).total_seconds()


def _accounts(bench: LocalWorkbench, cancel: Cancel) -> list[Counted]:
    """Every account, asked of the service with a session of its own."""
    engine, answers = bench.engine, bench.answers
    token = engine.access.provisioning_token(answers, cancel)
    profile = engine.ground.profile
    with Net(NetSettings(trust_root=profile.trust_root)) as net:
        from wizard.accounts.registry import open_service
        from wizard.net.bearer import FixedBearer

        service = open_service(
            profile.service.kind.value, net, profile.service.api, bearer=FixedBearer(token)
        )
        users = service.users(
            answers.ou_id,
            answers.organization_account_id,
            token=token,
            installation_id=engine.ground.installation.id,
            read_only=True,
        )
        return [
            Counted(
                id=account.id,
                external_id=account.external_id,
                address=account.address,
                active=account.active,
            )
            for page in users.accounts(cancel)
            for account in page
        ]


class _Person(msgspec.Struct, frozen=True):
    """A line of the sample's own list."""

    id: str
    address: str


def _expected(bench: LocalWorkbench, cancel: Cancel) -> dict[str, str]:
    """Who must have an account, by the sample's own list: id to address."""
    profile = bench.engine.ground.profile
    if profile.practice is None or not profile.practice.control:
        raise Trouble(Code.PROFILE_INVALID, key="control", problem="missing")
    with Net(NetSettings()) as net:
        control = net.api(profile.practice.control.rstrip("/"), largest=_LARGEST_LIST)
        answer = control.get("/expected", cancel=cancel)
    people = (msgspec.json.decode(line, type=_Person) for line in answer.body.splitlines())
    return {person.id: person.address for person in people}


@contextmanager
def practice_organization(home: Path, *, people: int, seed: int, cancel: Cancel) -> Iterator[Path]:
    """Run the practice organization as a program of its own; gives the profile that leads to it.

    Raises `Trouble(SERVICE_UNAVAILABLE)` when it does not come up.
    """
    home.mkdir(parents=True, exist_ok=True)
    ready = home.parent / f"{home.name}.ready.json"
    ready.unlink(missing_ok=True)
    words = home.parent / f"{home.name}.log"
    command = [
        *program_again(), "practice", "serve", "--home", str(home), "--people", str(people),
        "--seed", str(seed), "--ready-file", str(ready), "--parent-pid", str(os.getpid()),
    ]  # fmt: skip
    with words.open("ab") as out:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=_environment()
        )
        try:
            yield _wait_ready(child, ready, cancel)
        finally:
            child.terminate()
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait_ready(child: subprocess.Popen[bytes], ready: Path, cancel: Cancel) -> Path:
    clock = SystemClock()
    until = clock.monotonic() + _START_SECONDS
    while clock.monotonic() < until and child.poll() is None:
        if ready.exists():
            return Path(str(json.loads(ready.read_text(encoding="utf-8"))["profile"]))
        clock.sleep(0.05, cancel)
    raise Trouble(Code.SERVICE_UNAVAILABLE, host="127.0.0.1")


def program_again() -> Sequence[str]:
    """How this program starts itself again, from source and when built."""
    if getattr(sys, "frozen", False):
        own = Path(sys.executable)
        console = own.with_name(f"enterprise-connect{own.suffix}")
        return [str(console if console.exists() else own)]
    return [sys.executable, "-m", "wizard"]


def _environment() -> dict[str, str]:
    if getattr(sys, "frozen", False):
        return dict(os.environ)
    root = str(Path(wizard.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
