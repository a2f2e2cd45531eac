"""Every command, in the order in which the help lists them.

How a command is made: a file beside this one that gives a `Command`, and its name in the list
below. `open_bench` gives it what is set up on this computer; what it finds out it hands to
`Terminal.answer`, an object for programs and lines for people; troubles it lets out.
"""

from __future__ import annotations

from wizard.cli.command import Command
from wizard.cli.commands.check import CHECK
from wizard.cli.commands.explain import EXPLAIN
from wizard.cli.commands.move import MOVE_IN, MOVE_OUT
from wizard.cli.commands.practice import REHEARSE, SERVE
from wizard.cli.commands.preview import PREVIEW
from wizard.cli.commands.problems import PROBLEMS
from wizard.cli.commands.report import REPORT
from wizard.cli.commands.runs import RUNS
from wizard.cli.commands.service_files import SERVICE_FILES
from wizard.cli.commands.sign_in import SIGN_IN
from wizard.cli.commands.sign_out import SIGN_OUT
from wizard.cli.commands.status import STATUS
from wizard.cli.commands.support_file import SUPPORT_FILE
from wizard.cli.commands.sync import SYNC
from wizard.cli.commands.undo import UNDO

__all__ = ["COMMANDS"]

COMMANDS: tuple[Command, ...] = (
    STATUS,
    CHECK,
    PREVIEW,
    SYNC,
    EXPLAIN,
    PROBLEMS,
    RUNS,
    UNDO,
    SIGN_IN,
    SIGN_OUT,
    MOVE_OUT,
    MOVE_IN,
    REPORT,
    SUPPORT_FILE,
    SERVICE_FILES,
    SERVE,
    REHEARSE,
)
