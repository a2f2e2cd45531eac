from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from wizard import app, cli
from wizard.cli import commands
from wizard.cli.command import Command
from wizard.cli.commands.registry import COMMANDS
from wizard.cli.parser import build_parser
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.net.proxies import Proxies, ProxySettings
from wizard.services.exits import Exit, exit_of_report, exit_of_trouble
from wizard.services.telling import trouble_lines

GIVEN = """schema = 1
id = "halden"
name = "Halden"
[service]
kind = "enterprise_connect"
api = "https://127.0.0.1:{port}"
issuer = "https://127.0.0.1:{port}"
client_id = "setup"
"""
ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str | Path) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def profile(tmp_path: Path, free_port: object) -> Path:
    """A profile of a service where nobody answers."""
    path = tmp_path / "halden.toml"
    path.write_text(GIVEN.format(port=free_port()))  # type: ignore[operator] # a function of the fixture
    return path


def report(outcome: RunOutcome, trouble: Code | None = None) -> RunReport:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 3, tzinfo=UTC)
    return RunReport(
        run_id="r",
        trigger=Trigger.COMMAND,
        outcome=outcome,
        started_at=now,
        finished_at=now,
        trouble=trouble,
    )


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    told = capsys.readouterr().out
    for word in ("status", "check", "preview", "sync", "runs", "sign-in", "practice", "130"):
        assert word in told


def test_every_file_of_commands_is_listed_and_no_name_stands_twice() -> None:
    given = [
        command
        for name in (module.name for module in pkgutil.iter_modules(commands.__path__))
        for command in vars(import_module(f"{commands.__name__}.{name}")).values()
        if isinstance(command, Command)
    ]
    assert {id(command) for command in given} == {id(command) for command in COMMANDS}
    names = [(command.group, command.name) for command in COMMANDS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["practice"],
        ["frobnicate"],
        ["sync", "--once", "--every", "30m"],
        ["sync", "--every", "1m"],
        ["sync", "--every", "soon"],
        ["sync", "--approve", "64"],
        ["sync", "--plan", "20261103T101500-0a1b2c3d"],
        ["sync", "--approve", "64", "--approve", "5", "--plan", "20261103T101500-0a1b2c3d"],
        ["sync", "--approve", "leave=4", "--approve", "leave=5"],
        ["explain"],
        ["sync", "--approve", "leave=many"],
        ["sync", "--approve", "everybody=3"],
        ["practice", "rehearse", "--people", "3"],
        ["practice", "rehearse", "--provider", "exchange"],
        ["runs", "--last", "x"],
    ],
)
def test_a_mistyped_command_is_told_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == Exit.USAGE
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert told.out or told.err


@pytest.mark.parametrize(
    ("text", "minutes"), [("30m", 30), ("2h", 120), ("45", 45), ("5 min", 5), ("24h", 1440)]
)
def test_a_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert build_parser(COMMANDS).parse_args(["sync", "--every", text]).every == minutes


def test_a_profile_that_is_not_there_is_a_usage_mistake_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("status", "--profile", "nowhere", "--home", tmp_path) == Exit.USAGE
    told = capsys.readouterr().err
    assert "nowhere" in told
    assert "profile-not-found" in told


def test_a_given_profile_shows_its_computers_and_waits_for_agreement(
    tmp_path: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("status", "--profile", profile, "--home", tmp_path / "home") == Exit.USAGE
    told = capsys.readouterr().err
    assert "127.0.0.1" in told
    assert "--trust-profile" in told
    agreed = ["status", "--profile", str(profile), "--home", str(tmp_path / "home")]
    assert run(*agreed, "--trust-profile", "--json") == Exit.DONE
    status = json.loads(capsys.readouterr().out)
    assert status["profile"]["name"] == "Halden"
    assert status["connected"] is False
    assert status["last_run"] is None


def test_a_trouble_is_one_object_for_a_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("runs", "--profile", "nowhere", "--home", tmp_path, "--json") == Exit.USAGE
    told = json.loads(capsys.readouterr().out)
    assert told["trouble"]["code"] == "profile-not-found"
    assert told["trouble"]["title"]


def test_without_a_sign_in_a_run_asks_for_one(
    tmp_path: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = ["--profile", str(profile), "--home", str(tmp_path / "home"), "--trust-profile"]
    assert run("sync", *shared, "--forget") == Exit.FAILED
    assert "no-organizational-unit" in capsys.readouterr().err
    assert run("runs", *shared, "--forget") == Exit.DONE
    assert "Nothing has run yet" in capsys.readouterr().out


def test_a_service_that_does_not_answer_is_a_check_that_failed(
    tmp_path: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = ["--profile", str(profile), "--home", str(tmp_path / "home"), "--trust-profile"]
    assert run("check", *shared, "--forget", "--json") == Exit.FAILED
    checks = json.loads(capsys.readouterr().out)["checks"]
    states = {check["view"]["id"]: check["view"]["state"] for check in checks}
    assert states == {"folder": "passed", "keeping": "warning", "service": "failed"}


def test_a_passphrase_file_that_others_may_read_is_refused(
    tmp_path: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.name != "posix":
        pytest.skip("modes are of POSIX")
    word = tmp_path / "word"
    word.write_text("correct horse")
    word.chmod(0o644)
    shared = ["--profile", str(profile), "--home", str(tmp_path / "home"), "--trust-profile"]
    assert run("check", *shared, "--passphrase-file", word, "--json") == Exit.SIGN_IN_NEEDED
    told = capsys.readouterr().out
    assert "vault-locked" in told
    assert "correct horse" not in told


def test_the_program_checks_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--self", "--json") == Exit.DONE
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {check["view"]["state"] for check in checks} == {"passed"}
    assert len(checks) >= 8


@pytest.mark.parametrize(
    ("outcome", "trouble", "code"),
    [
        (RunOutcome.DONE, None, 0),
        (RunOutcome.OFF, Code.PROVISIONING_OFF, 0),
        (RunOutcome.FAILED, Code.READ_SHRUNK, 1),
        (RunOutcome.FAILED, None, 1),
        (RunOutcome.PARTLY, None, 3),
        (RunOutcome.STOPPED_BY_GUARD, Code.GUARD_STOPPED, 4),
        (RunOutcome.FAILED, Code.SIGN_IN_EXPIRED, 5),
        (RunOutcome.NOT_THE_SYNCER, Code.NOT_THE_SYNCER, 6),
        (RunOutcome.CANCELLED, Code.CANCELLED, 130),
    ],
)
def test_each_outcome_has_its_exit_code(
    outcome: RunOutcome, trouble: Code | None, code: int
) -> None:
    assert exit_of_report(report(outcome, trouble)) == code


@pytest.mark.parametrize("entry", [cli.main, app.main])
def test_a_proxys_password_is_refused_on_the_command_line_and_not_repeated(
    entry: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["status"] if entry is cli.main else []
    given = [*command, "--proxy", "http://nora:a-secret-word@proxy.halden.example:3128"]
    try:
        code: object = entry(given)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == Exit.USAGE
    assert "HTTPS_PROXY" in said
    assert "a-secret-word" not in said


def test_a_proxys_password_comes_from_the_environment() -> None:
    address = "http://nora:a-secret-word@proxy.halden.example:3128"
    proxies = Proxies(ProxySettings(), environment=lambda: {"https": address})
    assert proxies.for_address("https://connect.halden.example") == address
    assert proxies.describe("https://connect.halden.example").shown == "proxy.halden.example:3128"


def test_every_code_has_an_exit_code_and_none_says_done() -> None:
    assert all(exit_of_trouble(code) is not Exit.DONE for code in Code)


def test_the_command_line_needs_neither_qt_nor_a_display(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['PySide6'] = None\n"
        "from wizard.cli import main\n"
        "code = main(['check', '--self', '--json'])\n"
        "assert 'wizard.ui' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_a_start_imports_no_heavy_library_before_a_command_needs_it() -> None:
    script = (
        "import sys, wizard.cli, wizard.services.environment\n"
        "heavy = {'requests', 'keyring', 'cryptography', 'google', 'msal', 'starlette', 'jwt'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"


def test_without_a_keyring_it_is_said_that_sign_ins_end_with_the_program(
    tmp_path: Path, profile: Path
) -> None:
    ended = subprocess.run(
        [
            sys.executable, "-m", "wizard", "check", "--trust-profile", "--json",
            "--profile", str(profile), "--home", str(tmp_path / "home"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "keyring-missing" in ended.stderr
    assert "Traceback" not in ended.stderr
    checks = {check["view"]["id"]: check for check in json.loads(ended.stdout)["checks"]}
    assert checks["keeping"]["view"]["state"] == "warning"
    assert not list((tmp_path / "home").rglob("vault"))


@pytest.mark.parametrize("code", list(Code))
def test_a_terminal_is_told_nothing_that_only_fits_the_window(code: Code) -> None:
    lines = trouble_lines(Trouble(code))
    assert all(line.strip() for line in lines)
    assert not any("You can go on from here" in line for line in lines)
    assert lines[-1].strip() == f"Code: {code.value}"


def test_a_terminal_still_hears_that_nothing_was_changed() -> None:
    assert "  Nothing was changed." in trouble_lines(Trouble(Code.NOT_THE_SYNCER))
