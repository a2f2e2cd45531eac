"""`sign-in`: a sign-in with the browser, an organizational unit, and a workspace authorized."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit

if TYPE_CHECKING:
    from wizard.services.contract import BrowserWaiting, SignedInView
    from wizard.services.workbench import LocalWorkbench

__all__ = ["SIGN_IN"]

_SOMEBODY_ELSE = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED, Code.SET_UP_STANDS})
"""What another sign-in puts right; the last where who is signed in owns the unit no longer."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--create", action="store_true", help=t("make an account first"))
    unit = parser.add_mutually_exclusive_group()
    unit.add_argument("--unit", default="", metavar="NAME|ID", help=t("organizational unit"))
    unit.add_argument(
        "--create-unit", default="", metavar="NAME", help=t("make an organizational unit")
    )
    parser.add_argument(
        "--workspace", choices=["google"], help=t("authorize this workspace, too, as a full admin")
    )
    parser.add_argument(
        "--directory",
        default="",
        metavar="DOMAIN",
        help=t("connect this directory, where it has another domain than your address"),
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--no-browser", action="store_true", help=t("only print the address to open")
    )
    where.add_argument(
        "--paste",
        action="store_true",
        help=t(
            "the browser is on another computer: print the address to open, and take the one on "
            "which it ends from standard input"
        ),
    )
    where.add_argument(
        "--port",
        type=count(1024, 65_535),
        default=0,
        metavar="N",
        help=t("wait for the browser at this port, such as at the end of “ssh -L N:127.0.0.1:N”"),
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.contract import BrowserWaiting
    from wizard.services.telling import trouble_lines

    def heard(event: object) -> None:
        if isinstance(event, BrowserWaiting):
            _tell_waiting(event, terminal, given.port)

    with open_bench(given, terminal) as bench:
        try:
            view = bench.signed_in(terminal.cancel)
        except Trouble as trouble:
            if trouble.code not in _SOMEBODY_ELSE:
                raise
            if trouble.code is Code.SET_UP_STANDS:
                terminal.note(*trouble_lines(trouble, bench.profile.name))
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


def _tell_waiting(event: BrowserWaiting, terminal: Terminal, port: int) -> None:
    if event.opened:
        words = t("A page was opened in your browser. If you don’t see it, open this address:")
    elif port:
        tunnel = f"ssh -L {port}:127.0.0.1:{port}"
        words = t(
            "Open this address in a browser on this computer, or on the one from which “{tunnel}” "
            "leads here:",
            tunnel=tunnel,
        )
    else:
        words = t("Open this address in a browser on this computer:")
    terminal.note(words, f"  {event.url}")


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


SIGN_IN = Command(name="sign-in", words=N_("sign in with your browser"), run=_run, options=_options)
