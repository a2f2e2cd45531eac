"""The commands' arguments: names, defaults and help, the same in every environment."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from wizard import __version__
from wizard.content.text import t
from wizard.core.runs import HeldKind

__all__ = ["build_parser", "proxy_option"]

PROGRAM = "enterprise-connect"
_DURATION = re.compile(r"(\d{1,4}) *(m|min|h)?")


def _count(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(t("{text} is no number", text=text)) from problem
        if not lowest <= number <= highest:
            raise argparse.ArgumentTypeError(
                t("between {low} and {high}", low=f"{lowest:,}", high=f"{highest:,}")
            )
        return number

    return read


def _minutes(text: str) -> int:
    """A time such as `30m` or `2h`, in minutes."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(t("{text} is no time; write 30m or 2h", text=text))
    number = int(found[1]) * (60 if found[2] == "h" else 1)
    if not 5 <= number <= 24 * 60:
        raise argparse.ArgumentTypeError(t("between 5m and 24h"))
    return number


def proxy_option(text: str) -> str:
    """A proxy's address without a password: other people here may see a command's words."""
    if "@" in text:
        raise argparse.ArgumentTypeError(
            t(
                "a name and password don’t belong here, where others can see them; put the whole "
                "address into the environment variable HTTPS_PROXY"
            )
        )
    return text


def _approval(text: str) -> tuple[HeldKind, int]:
    """Such as `leave=64`: the kind that was held back, and how many the person has counted."""
    kind, _, number = text.partition("=")
    if kind not in set(HeldKind) or not number.isascii() or not number.isdigit():
        raise argparse.ArgumentTypeError(t("{text} is no approval; write leave=64", text=text))
    return HeldKind(kind), int(number)


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group(t("for every command"))
    group.add_argument("--profile", default="", metavar="ID|FILE", help=t("the profile to use"))
    group.add_argument(
        "--home", type=Path, metavar="DIR", help=t("keep everything below this folder")
    )
    group.add_argument("--json", action="store_true", help=t("answer with one JSON object"))
    group.add_argument(
        "--trust-profile",
        action="store_true",
        help=t("you have seen which computers a given profile names, and agree"),
    )
    group.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=t("keep sign-ins under the passphrase in this file, which is yours alone"),
    )
    group.add_argument(
        "--forget", action="store_true", help=t("keep sign-ins in memory, until the end only")
    )
    group.add_argument(
        "--proxy",
        type=proxy_option,
        default="",
        metavar="ADDRESS|none",
        help=t("a proxy other than the system’s, without its password"),
    )
    return shared


def build_parser(
    commands: Mapping[str, object],
) -> argparse.ArgumentParser:
    """The parser; each command's namespace carries its function as `command`."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=t("Everyone in your directory gets an account, and stays in step."),
        epilog=t(
            "Exit codes: 0 done, 1 could not be done, 2 usage, 3 done in part, 4 stopped by the "
            "safety limits, 5 sign-in needed, 6 another computer syncs, 130 cancelled."
        ),
    )
    parser.add_argument("--version", action="version", version=__version__)
    shared = _shared()
    names = parser.add_subparsers(title=t("commands"), metavar="")

    def add(name: str, words: str) -> argparse.ArgumentParser:
        made = names.add_parser(name, help=words, description=words, parents=[shared])
        made.set_defaults(command=commands[name])
        return made

    add("status", t("what is set up on this computer"))
    check = add("check", t("whether everything is in order"))
    check.add_argument(
        "--self", action="store_true", help=t("the program itself, without any network")
    )
    preview = add("preview", t("what a sync would do, without doing it"))
    preview.add_argument("--csv", type=Path, metavar="FILE", help=t("write the plan here"))
    preview.add_argument(
        "--rows", type=_count(0, 100_000), default=20, metavar="N", help=t("people to show")
    )
    _add_sync_options(add("sync", t("bring the accounts in step")))
    runs = add("runs", t("what the last runs did"))
    runs.add_argument(
        "--last", type=_count(1, 10_000), default=10, metavar="N", help=t("how many runs")
    )
    _add_sign_in_options(add("sign-in", t("sign in with your browser")))
    add("sign-out", t("end your sign-in; the sync goes on"))
    _add_practice(names, shared, commands)
    return parser


def _add_sync_options(sync: argparse.ArgumentParser) -> None:
    when = sync.add_mutually_exclusive_group()
    when.add_argument("--once", action="store_true", help=t("one run, as without any option"))
    when.add_argument(
        "--every",
        type=_minutes,
        nargs="?",
        const=0,
        metavar="TIME",
        help=t("stay, and run this often (such as 30m), or as the settings say"),
    )
    sync.add_argument(
        "--take-over", action="store_true", help=t("be the computer that syncs from now on")
    )
    sync.add_argument(
        "--approve",
        type=_approval,
        action="append",
        default=[],
        metavar="KIND=N",
        help=t(
            "go on with the N people whom the last sync held back; KIND is leave, create or update"
        ),
    )


def _add_sign_in_options(sign_in: argparse.ArgumentParser) -> None:
    sign_in.add_argument("--create", action="store_true", help=t("make an account first"))
    unit = sign_in.add_mutually_exclusive_group()
    unit.add_argument("--unit", default="", metavar="NAME|ID", help=t("organizational unit"))
    unit.add_argument(
        "--create-unit", default="", metavar="NAME", help=t("make an organizational unit")
    )
    sign_in.add_argument(
        "--workspace", choices=["google"], help=t("authorize this workspace, too, as a full admin")
    )
    sign_in.add_argument(
        "--directory", default="", metavar="DOMAIN",
        help=t("connect this directory, where it has another domain than your address"),
    )  # fmt: skip
    sign_in.add_argument(
        "--no-browser", action="store_true", help=t("only print the address to open")
    )


def _add_practice(
    names: argparse._SubParsersAction[argparse.ArgumentParser],
    shared: argparse.ArgumentParser,
    commands: Mapping[str, object],
) -> None:
    practice = names.add_parser("practice", help=t("the practice organization on this computer"))
    practice.set_defaults(command=None)
    kinds = practice.add_subparsers(title=t("commands"), metavar="")
    for name, words in (
        ("serve", t("run the practice organization until Ctrl+C")),
        ("rehearse", t("do a whole set-up against it, without a window")),
    ):
        made = kinds.add_parser(name, help=words, description=words, parents=[shared])
        made.set_defaults(command=commands[f"practice {name}"])
        made.add_argument(
            "--people", type=_count(10, 1_000_000), default=480, metavar="N", help=t("how many")
        )
        made.add_argument("--seed", type=int, default=7, metavar="N", help=t("which sample"))
        if name == "serve":
            made.add_argument(
                "--activation-seconds", type=float, default=2.0, metavar="S",
                help=t("until a connection turns active"),
            )  # fmt: skip
            made.add_argument(
                "--ready-file", type=Path, metavar="FILE", help=t("write where it is, once ready")
            )
            made.add_argument("--parent-pid", type=int, metavar="PID", help=t("end with it"))
        else:
            made.add_argument("--provider", choices=["google"], default="google")
            made.add_argument(
                "--only-set-up", action="store_true", help=t("stop before the first sync")
            )
