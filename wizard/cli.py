"""The command line: every command, no Qt, one exit code each."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from wizard.content.text import set_language, t, tn
from wizard.core.cancel import Cancel
from wizard.core.runs import HeldKind, RunOutcome, RunProgress, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.arguments import build_parser
from wizard.services.exits import Exit, exit_of_report, exit_of_trouble
from wizard.services.options import Options

if TYPE_CHECKING:
    from wizard.services.contract import BrowserWaiting, SchedulerView, SignedInView
    from wizard.services.workbench import LocalWorkbench

__all__ = ["main"]


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """Where a command speaks: lines for people, or one object for a program."""

    as_json: bool
    cancel: Cancel

    def say(self, *lines: str) -> None:
        """Tell a person something; nothing where a program reads."""
        if not self.as_json:
            for line in lines:
                print(line)

    def note(self, *lines: str) -> None:
        """Tell a person something beside the answer, whoever reads the answer."""
        for line in lines:
            print(line, file=sys.stderr, flush=True)

    def answer(self, value: object, lines: Sequence[str] = ()) -> None:
        """The command's answer: the object for a program, the lines for a person."""
        from wizard.services.telling import plain

        if self.as_json:
            print(json.dumps(plain(value), ensure_ascii=False))
        else:
            self.say(*lines)


Command = Callable[[argparse.Namespace, Terminal], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (design: 0, 1, 2, 3, 4, 5, 6 and 130)."""
    set_language()
    parser = build_parser(
        {
            "status": _status,
            "check": _check,
            "preview": _preview,
            "sync": _sync,
            "runs": _runs,
            "sign-in": _sign_in,
            "sign-out": _sign_out,
            "practice serve": _practice_serve,
            "practice rehearse": _practice_rehearse,
        }
    )
    try:
        given = parser.parse_args(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.USAGE
    command: Command | None = getattr(given, "command", None)
    if command is None:
        parser.print_help()
        return Exit.USAGE
    with _interruptible() as cancel:
        terminal = Terminal(as_json=bool(given.json), cancel=cancel)
        try:
            return int(command(given, terminal))
        except Trouble as trouble:
            _tell_trouble(trouble, terminal)
            return exit_of_trouble(trouble.code)
        except KeyboardInterrupt:
            return Exit.CANCELLED
        except BrokenPipeError:
            # The reader went away, as `head` does; there is nobody left to tell.
            sys.stderr.close()
            return Exit.FAILED


@contextlib.contextmanager
def _interruptible() -> Iterator[Cancel]:
    """A cancel that Ctrl+C and termination stop; a second Ctrl+C ends at once."""
    cancel = Cancel()
    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return

    stopping: list[threading.Thread] = []

    def asked(number: int, _frame: FrameType | None) -> None:
        if stopping and number == signal.SIGINT:
            raise KeyboardInterrupt
        # The interrupted code may hold the very lock that stopping takes, so another thread
        # does it.
        thread = threading.Thread(target=cancel.stop, name="stopping")
        stopping.append(thread)
        thread.start()

    wanted = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, asked) for number in wanted}
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for thread in stopping:
            thread.join()


def _tell_trouble(trouble: Trouble, terminal: Terminal) -> None:
    from wizard.services.telling import trouble_lines, trouble_object

    if terminal.as_json:
        print(json.dumps({"trouble": trouble_object(trouble)}, ensure_ascii=False))
    else:
        terminal.note(*trouble_lines(trouble))
    if trouble.code is Code.PROFILE_NOT_TRUSTED and not terminal.as_json:
        terminal.note("  " + t("Give --trust-profile once you agree."))


# ------------------------------------------------------------------ the bench


@contextlib.contextmanager
def _bench(given: argparse.Namespace, terminal: Terminal) -> Iterator[LocalWorkbench]:
    from wizard.core.paths import Folders
    from wizard.services.environment import open_workbench
    from wizard.services.logs import logging_to
    from wizard.services.telling import trouble_lines

    options = options_of(given)
    with logging_to(Folders.of_person(options.home).logs):
        bench = open_workbench(options, browser=_browser(given))
        try:
            yield bench
        finally:
            notices = bench.notices
            bench.close()
            for notice in notices:
                terminal.note(*trouble_lines(notice, bench.profile.name))


def options_of(given: argparse.Namespace) -> Options:
    """The options that all commands share."""
    return Options(
        profile=given.profile,
        home=given.home,
        trust_profile=given.trust_profile,
        passphrase_file=given.passphrase_file,
        forget=given.forget,
        proxy=given.proxy,
    )


def _browser(given: argparse.Namespace) -> Callable[[str], bool] | None:
    """None for the system's browser; one that never starts where the person wants the link."""
    return (lambda _: False) if getattr(given, "no_browser", False) else None


def _progress(terminal: Terminal) -> Callable[[RunProgress], None]:
    """Shows progress on one line of a terminal; silent where nobody watches."""
    from wizard.services.telling import progress_line

    def heard(progress: RunProgress) -> None:
        print(f"\r\033[K{progress_line(progress)}", end="", file=sys.stderr, flush=True)

    def silent(progress: RunProgress) -> None:
        del progress

    return heard if sys.stderr.isatty() and not terminal.as_json else silent


def _end_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


# ------------------------------------------------------------------ commands


def _status(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.status import status_lines, status_of

    with _bench(given, terminal) as bench:
        status = status_of(bench, terminal.cancel)
        terminal.answer(status, status_lines(status))
    return Exit.DONE


def _check(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.diagnostics import Check, check_self, check_set_up, worst
    from wizard.services.telling import finding_lines

    checks: Sequence[Check]
    if given.self:
        checks = check_self(terminal.cancel)
    else:
        with _bench(given, terminal) as bench:
            checks = check_set_up(bench, terminal.cancel)
    told = [(check.view, check.title, check.detail) for check in checks]
    terminal.answer({"checks": checks}, finding_lines(told))
    return worst(checks)


def _preview(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.content.reasons import kind_label, why
    from wizard.services.telling import preview_lines

    with _bench(given, terminal) as bench:
        heard = _progress(terminal)
        view = bench.preview(
            None, lambda e: heard(e) if isinstance(e, RunProgress) else None, terminal.cancel
        )
        _end_progress()
        rows, _ = bench.plan_rows(
            view.run_id, kinds=frozenset(), search="", offset=0, limit=given.rows
        )
        lines = preview_lines(view)
        lines += [
            "",
            *(f"  {kind_label(row.kind):<10} {row.address:<40} {why(row)}" for row in rows),
        ]
        if given.csv is not None:
            people = bench.save_plan(view.run_id, given.csv)
            lines += [
                "",
                tn(
                    "{count} person was written to {file}.",
                    "{count} people were written to {file}.",
                    people,
                    file=str(given.csv),
                ),
            ]
        terminal.answer({"preview": view, "rows": rows}, lines)
    return Exit.STOPPED_BY_GUARD if view.held else Exit.DONE


def _sync(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.telling import held_lines, report_lines

    with _bench(given, terminal) as bench:
        if given.approve:
            _approve(bench, dict(given.approve), terminal)
        if given.every is not None:
            bench.engine.syncing.every = given.every
            return _sync_every(bench, terminal)
        report = bench.run(
            Trigger.COMMAND, terminal.cancel, _progress(terminal), take_over=given.take_over
        )
        _end_progress()
        lines = report_lines(report)
        if report.outcome is RunOutcome.STOPPED_BY_GUARD:
            lines += held_lines(bench.held())
        terminal.answer(report, lines)
        return exit_of_report(report)


def _approve(bench: LocalWorkbench, counted: Mapping[HeldKind, int], terminal: Terminal) -> None:
    """Approve what a person counted: all of it, or, where one number is not so, nothing."""
    held = {view.kind: view for view in bench.held()}
    for kind, typed in counted.items():
        people = held[kind].people if kind in held else 0
        if typed != people or not people:
            raise Trouble(Code.APPROVAL_OUTDATED, what=kind.value, people=people, typed=typed)
    for kind, typed in counted.items():
        bench.approve(held[kind].run_id, kind, typed, terminal.cancel)


def _sync_every(bench: LocalWorkbench, terminal: Terminal) -> int:
    """Keep in step until told to end; each run is told when it ends.

    The exit code is that of the last run that ended by itself where something was wrong with it,
    else that of being told to end.
    """
    from wizard.services.telling import report_lines

    ended = threading.Event()
    told: list[RunReport] = []

    def heard(view: SchedulerView) -> None:
        last = view.last
        # What stops a run before it begins has no run id, so only the whole report is its own.
        if last is not None and view.progress is None and last not in told[-1:]:
            told.append(last)
            del told[:-1]
            terminal.answer(last, report_lines(last))
            sys.stdout.flush()

    end_listening = bench.schedule.listen(heard)
    with terminal.cancel.calling(ended.set):
        bench.schedule.run_now(Trigger.COMMAND)
        ended.wait()
    code = exit_of_report(told[-1]) if told else Exit.DONE
    end_listening()
    bench.schedule.stop()
    return Exit.CANCELLED if code is Exit.DONE else code


def _runs(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.telling import report_lines

    with _bench(given, terminal) as bench:
        reports = bench.reports(given.last)
        lines = [line for report in reports for line in report_lines(report)]
        terminal.answer({"runs": reports}, lines or [t("Nothing has run yet.")])
    return Exit.DONE


def _sign_in(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.contract import BrowserWaiting

    def heard(event: object) -> None:
        if isinstance(event, BrowserWaiting):
            _tell_waiting(event, terminal)

    with _bench(given, terminal) as bench:
        try:
            view = bench.signed_in(terminal.cancel)
        except Trouble as trouble:
            if trouble.code not in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
                raise
            view = bench.sign_in(heard, terminal.cancel, create=given.create)
        terminal.say(t("Signed in as {address}.", address=view.address))
        if given.create_unit:
            bench.create_unit(given.create_unit, terminal.cancel)
        else:
            _choose_unit(bench, view, given.unit, terminal)
        told: dict[str, object] = {"signed_in_as": view.address, "unit": bench.answers.ou_name}
        code = Exit.DONE
        if given.workspace:
            code = _authorize(bench, terminal, heard, told, given.directory)
        terminal.answer(told)
    return code


def _sign_out(given: argparse.Namespace, terminal: Terminal) -> int:
    with _bench(given, terminal) as bench:
        bench.sign_out(terminal.cancel)
        goes_on = bench.answers.provisioning_on
        lines = [t("You are signed out.")]
        if goes_on:
            lines.append(
                t("The sync goes on with a token of its own. Turn it off in the settings.")
            )
        terminal.answer({"signed_out": True, "sync_goes_on": goes_on}, lines)
    return Exit.DONE


def _tell_waiting(event: BrowserWaiting, terminal: Terminal) -> None:
    opened = t("A page was opened in your browser. If you don’t see it, open this address:")
    alone = t("Open this address in a browser on this computer:")
    terminal.note(opened if event.opened else alone, f"  {event.url}")


def _choose_unit(
    bench: LocalWorkbench, view: SignedInView, wanted: str, terminal: Terminal
) -> None:
    for unit in view.units:
        if wanted and wanted in {unit.id, unit.name}:
            bench.choose_unit(unit)
            return
    if wanted or not bench.answers.ou_id:
        names = ", ".join(unit.name for unit in view.units if unit.manageable)
        if names:
            terminal.note(t("Name one of these with --unit: {names}", names=names))
        raise Trouble(Code.NO_ORGANIZATIONAL_UNIT, address=view.address)


def _authorize(
    bench: LocalWorkbench,
    terminal: Terminal,
    heard: Callable[[object], None],
    told: dict[str, object],
    directory: str,
) -> Exit:
    from wizard.services.diagnostics import finding_check
    from wizard.services.telling import finding_lines

    view = bench.authorize(heard, terminal.cancel)
    ours = directory.casefold() == view.domain.casefold() and not view.without
    if view.needs_confirmation and ours:
        view = bench.connect_anyway(heard, terminal.cancel)
    elif view.needs_confirmation:
        bench.decline_connection(terminal.cancel)
    if view.needs_confirmation and not view.without:
        terminal.note(
            t(
                "Nothing was connected: {domain} is another domain than yours. "
                "If it is your organization, sign in again with --directory {domain}",
                domain=view.domain,
            )
        )
    checks = [finding_check(finding) for finding in view.findings]
    terminal.say(*finding_lines([(check.view, check.title, check.detail) for check in checks]))
    told |= {"authorized_as": view.address, "findings": view.findings}
    return Exit.DONE if view.connection is not None else Exit.SIGN_IN_NEEDED


def _practice_serve(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.core.paths import Folders
    from wizard.practice.serve import PracticeOptions, serve

    home = given.home or Folders.of_person().data / "practice-organization"
    options = PracticeOptions(
        home=home,
        people=given.people,
        seed=given.seed,
        activation_seconds=given.activation_seconds,
        ready_file=given.ready_file,
        parent_pid=given.parent_pid,
    )
    return serve(options, announce=terminal.note)


def _practice_rehearse(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.rehearse import RehearsalOptions, rehearse

    options = RehearsalOptions(
        people=given.people,
        seed=given.seed,
        home=given.home,
        profile=Path(given.profile) if given.profile else None,
        passphrase_file=given.passphrase_file,
        only_set_up=given.only_set_up,
    )
    outcome = rehearse(options, terminal.cancel, tell=terminal.note)
    terminal.answer(outcome, outcome.lines())
    return Exit.DONE if outcome.exact else Exit.FAILED
