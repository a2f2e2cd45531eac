"""What window and command line alike may be told when they start: options, and their help."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.content.text import t
from wizard.services.options import Options

__all__ = ["add_keeping", "add_whereabouts", "options_of", "proxy_option"]


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


def add_whereabouts(group: argparse._ActionsContainer) -> None:
    """Which profile, and which folder."""
    group.add_argument("--profile", default="", metavar="ID|FILE", help=t("the profile to use"))
    group.add_argument(
        "--home", type=Path, metavar="DIR", help=t("keep everything below this folder")
    )


def add_keeping(group: argparse._ActionsContainer) -> None:
    """What is agreed to, where sign-ins are kept, and the way out."""
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


def options_of(given: argparse.Namespace) -> Options:
    """What was said with these options."""
    return Options(
        profile=given.profile,
        home=given.home,
        trust_profile=given.trust_profile,
        passphrase_file=given.passphrase_file,
        forget=given.forget,
        proxy=given.proxy,
    )
