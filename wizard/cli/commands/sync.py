"""`sync`: bring the accounts in step, once or for as long as the computer is on."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.cli.approving import approve_held, usage_mistake
from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.run_log import RunLog
from wizard.cli.terminal import Terminal
from wizard.cli.values import approval, minutes
from wizard.content.text import N_, t
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Trouble
from wizard.services.exits import Exit, exit_of_report

if TYPE_CHECKING:
    from wizard.services.contract import SchedulerView
    from wizard.services.workbench import LocalWorkbench

__all__ = ["SYNC", "keep_in_step"]


def _options(parser: argparse.ArgumentParser) -> None:
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--once", action="store_true", help=t("one run, as without any option"))
    when.add_argument(
        "--every",
        type=minutes,
        nargs="?",
        const=0,
        metavar="TIME",
        help=t("stay, and run this often (such as 30m), or as the settings say"),
    )
    parser.add_argument(
        "--scheduled",
        action="store_true",
        help=t(
            "begun by a clock and not by a person: it does nothing after a sync was taken back, "
            "until somebody syncs"
        ),
    )
    parser.add_argument(
        "--take-over", action="store_true", help=t("be the computer that syncs from now on")
    )
    parser.add_argument(
        "--log-format",
        choices=["text", "json"],
        default="text",
        help=t("how it tells what it does: to people, or as JSON, a line each, for a log"),
    )
    parser.add_argument(
        "--approve",
        type=approval,
        action="append",
        default=[],
        metavar="N",
        help=t(
            "with --plan: go on with the N people whom that plan holds back; or KIND=N, where "
            "KIND is leave, create or update"
        ),
    )
    parser.add_argument(
        "--plan", default="", metavar="ID", help=t("the plan that was looked at, by its id")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.telling import held_lines, report_lines

    mistake = usage_mistake(given.approve, given.plan) or _not_scheduled(given)
    if mistake:
        terminal.note(mistake)
        return Exit.USAGE
    with open_bench(given, terminal) as bench:
        if given.approve:
            mistake = approve_held(bench, given.approve, given.plan, terminal)
        if mistake:
            terminal.note(mistake)
            return Exit.USAGE
        if given.every is not None:
            bench.engine.syncing.every = given.every
            bench.engine.syncing.takes_over = given.take_over
            seldom, desk = _tell_seldom(bench, terminal), _tell_report(bench, terminal)

            def after() -> None:
                seldom()
                desk()

            return keep_in_step(bench, terminal, after=after)
        if given.scheduled and _stands_still(bench, terminal):
            return Exit.DONE
        report = bench.run(
            Trigger.COMMAND, terminal.cancel, terminal.progress(), take_over=given.take_over
        )
        terminal.end_progress()
        if terminal.logs:
            RunLog().ended(report)
        lines = report_lines(report)
        if report.outcome is RunOutcome.STOPPED_BY_GUARD:
            lines += held_lines(bench.held())
        terminal.answer(report, lines)
        _tell_report(bench, terminal)()
        return exit_of_report(report)


def _tell_report(bench: LocalWorkbench, terminal: Terminal) -> Callable[[], None]:
    """Tells, once for each cause, that the helpdesk's page could not be written."""
    from wizard.services.telling import trouble_lines

    told: list[str] = [""]

    def look() -> None:
        try:
            trouble = bench.engine.desk.view().trouble
        except Trouble:
            return  # the next run tells what is the matter
        code = trouble.code.value if trouble is not None else ""
        if trouble is not None and code != told[-1]:
            terminal.note(t("The helpdesk report could not be written."), *trouble_lines(trouble))
        told[:] = [code]

    return look


def _not_scheduled(given: argparse.Namespace) -> str:
    """What a clock can't ask for, in words; '' where all is well."""
    if given.scheduled and (given.every is not None or given.take_over or given.approve):
        return t("--scheduled goes with one run alone: without --every, --take-over and --approve.")
    return ""


def _stands_still(bench: LocalWorkbench, terminal: Terminal) -> bool:
    """Whether a run was taken back and nobody has synced since, which is told; asks the service."""
    from wizard.services.telling_undo import GO_ON, standing_still

    taken_back = bench.stands_for(terminal.cancel)
    if not taken_back:
        return False
    if terminal.logs:
        RunLog().stands_still(taken_back)
    terminal.answer({"stands_still_for": taken_back, "go_on": GO_ON}, standing_still())
    return True


def _tell_seldom(bench: LocalWorkbench, terminal: Terminal) -> Callable[[], None]:
    """Tells, once it is known, that runs come sooner than was asked for, and why."""
    told: list[int] = []

    def look() -> None:
        syncing = bench.engine.syncing
        try:
            minutes = syncing.interval_minutes()
        except Trouble:
            return  # the next run tells what is the matter
        if minutes >= syncing.every or minutes in told[-1:]:
            return
        told.append(minutes)
        terminal.note(
            t(
                "It syncs every {minutes} minutes, not every {asked}: a computer that syncs more "
                "seldom loses the task to another one. A longer time can be set in the settings.",
                minutes=f"{minutes:,}",
                asked=f"{syncing.every:,}",
            )
        )

    return look


def keep_in_step(
    bench: LocalWorkbench, terminal: Terminal, *, after: Callable[[], None] = lambda: None
) -> int:
    """Keep in step until told to end; each run is told when it ends, `after` that.

    The exit code is that of the last run that ended by itself where something was wrong with it,
    else that of being told to end. Where a run was taken back it stays, and syncs once somebody
    has.
    """
    from wizard.services.telling import report_lines
    from wizard.services.telling_undo import standing_still

    ended = threading.Event()
    told: list[RunReport] = []
    stands_for = [""]
    before = _last_report(bench)
    run_log = RunLog() if terminal.logs else None

    def heard(view: SchedulerView) -> None:
        last = view.last
        # What stops a run before it begins has no run id, so only the whole report is its own.
        if last is not None and view.progress is None and last not in (before, *told[-1:]):
            told.append(last)
            del told[:-1]
            if run_log is not None:
                run_log.ended(last)
            terminal.answer(last, report_lines(last))
            sys.stdout.flush()
            after()
        if run_log is not None:
            run_log.heard(view)
        elif view.stands_for and view.stands_for != stands_for[0]:
            terminal.note(*standing_still())
        stands_for[0] = view.stands_for

    bench.engine.syncing.stays = True
    end_listening = bench.schedule.listen(heard)
    with terminal.cancel.calling(ended.set):
        bench.schedule.run_now(Trigger.COMMAND)
        ended.wait()
    code = exit_of_report(told[-1]) if told else Exit.DONE
    end_listening()
    bench.schedule.stop()
    code = Exit.CANCELLED if code is Exit.DONE else code
    if run_log is not None:
        run_log.stopped(code)
    return code


def _last_report(bench: LocalWorkbench) -> RunReport | None:
    """The report of the last run of an earlier start, which is not told again."""
    try:
        return bench.engine.syncing.last_report()
    except Trouble:
        return None  # the run tells what is the matter


SYNC = Command(name="sync", words=N_("bring the accounts in step"), run=_run, options=_options)
