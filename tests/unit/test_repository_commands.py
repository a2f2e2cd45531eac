"""The development commands: what they look for, what they say, and what they run."""

from __future__ import annotations

import ast
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import (
    commands,
    debian,
    display,
    environments,
    fresh_root,
    places,
    proving,
    starting,
    testing,
)
from devtools.speech import Failed, Missing

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "packaging" / "dev.py"


def test_an_old_python_is_told_which_one_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    script = ast.parse(DEV.read_text(encoding="utf-8"))
    names: dict[str, object] = {"__name__": "dev", "__file__": str(DEV)}
    exec(compile(script, str(DEV), "exec"), names)  # noqa: S102 - our own file, with another Python's version

    class OldSystem:
        version_info = (3, 8, 10)
        argv = ("dev.py", "run")
        stderr = sys.stderr

    names["sys"] = OldSystem
    main = names["main"]
    assert callable(main)
    assert main() == 2
    said = capsys.readouterr().err
    assert "Python 3.11 or newer is needed; this is Python 3.8.10." in said
    assert "python3.11 packaging/dev.py run" in said


def test_the_first_file_can_be_read_by_python_3_7() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_every_command_has_a_sentence() -> None:
    said = subprocess.run(
        [sys.executable, str(DEV), "--help"], check=True, capture_output=True, text=True
    ).stdout
    for name in ("run", "test", "prove", "lock", "build", "screens"):
        assert name in said


def test_without_any_display_the_window_command_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(display, "LINUX", True)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match=r"no display(.|\n)*apt-get install xvfb"):
        display.prefix_for_window()


def test_with_a_display_the_window_is_started_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert display.prefix_for_window() == ()


def test_somebody_who_is_not_root_gets_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "LINUX", True)
    monkeypatch.setattr(debian, "is_root", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Missing) as lacking:
        debian.install_or_name(["libegl1", "xvfb"], because="The window needs more.")
    assert str(lacking.value).splitlines() == [
        "The window needs more.",
        "Install it with:",
        "    sudo apt-get install libegl1 xvfb",
    ]


def test_nothing_is_installed_where_nothing_is_lacking() -> None:
    debian.install_or_name([], because="never said")


def test_a_program_is_found_lacking_by_its_name_and_named_by_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(debian, "LINUX", True)
    wanted = {"no-such-program-here": "its-package", "also-not-here": "its-package"}
    assert debian.lacking_programs(wanted) == ["its-package"]


def test_programs_of_an_environment_lie_where_each_system_puts_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = Path("somewhere")
    monkeypatch.setattr(places, "WINDOWS", True)
    assert places.program(environment, "python") == environment / "Scripts" / "python.exe"
    monkeypatch.setattr(places, "WINDOWS", False)
    assert places.program(environment, "python") == environment / "bin" / "python"


def test_a_changed_lock_has_another_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    (tmp_path / "dev.txt").write_text("one==1\n")
    before = environments.digest_of("dev")
    (tmp_path / "dev.txt").write_text("one==2\n")
    assert environments.digest_of("dev") != before


def test_an_environment_with_the_current_lock_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = Path(sys.prefix)
    monkeypatch.setattr(
        environments, "_stamped", lambda _: {"unit": environments.digest_of("unit")}
    )

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("nothing may be installed")

    monkeypatch.setattr(environments, "_answers", lambda _: True)
    monkeypatch.setattr(subprocess, "run", refuse)
    assert environments.prepare(environment, "unit") == places.program(environment, "python")


def test_the_test_command_runs_every_gate_and_every_folder_of_tests() -> None:
    python = Path("venv") / "bin" / "python"
    stages = [*testing.gates(python), *testing.behavior_stages(python, full=False)]
    words = " ".join(" ".join(stage.command) for stage in stages)
    for wanted in ("check", "format", "mypy", "lint-imports", "tests/practice", "tests/interop"):
        assert wanted in words
    assert "tests/ui" in words
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir()}
    assert folders - {"__pycache__"} <= {"unit", "practice", "interop", "ui", "benchmarks"}


def test_a_failing_stage_is_named_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = [
        testing.Stage(name="first", command=(sys.executable, "-c", "raise SystemExit(3)")),
        testing.Stage(name="second", command=(sys.executable, "-c", "print('here')")),
    ]
    monkeypatch.setattr(testing, "gates", lambda _: stages)
    monkeypatch.setattr(environments, "main_environment", lambda _: Path("python"))
    monkeypatch.setattr(testing, "unit_stage", lambda **_: stages[1])
    assert testing.test(quick=True, full=False) == 1
    said = capsys.readouterr().out
    assert "FAILED: first" in said
    assert "exit code 3" in said
    assert said.count("second: passed") == 2


def test_stages_beside_each_other_are_each_shown_whole_and_none_stops_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stage(name: str, does: str, minutes: float) -> testing.Stage:
        return testing.Stage(name=name, command=(sys.executable, "-c", does), minutes=minutes)

    speaks = "import sys; print('one', flush=True); print('two', file=sys.stderr)"
    fails = stage("fails", "print('oh'); raise SystemExit(3)", 3)
    monkeypatch.setattr(environments, "main_environment", lambda _: Path("python"))
    monkeypatch.setattr(testing, "gates", lambda _: [])
    monkeypatch.setattr(testing, "_install_for_behavior", lambda: None)
    monkeypatch.setattr(testing, "unit_stage", lambda **_: stage("unit", speaks, 2))
    monkeypatch.setattr(
        testing, "behavior_stages", lambda *_, **__: [fails, stage("late", speaks, 1)]
    )
    assert testing.test(quick=False, full=False) == 1
    said = capsys.readouterr().out
    assert "FAILED: fails" in said
    assert said.count("one\ntwo\n") == 2
    assert said.count(": passed") == 2


def test_lanes_share_the_stages_out_evenly() -> None:
    stages = [
        testing.Stage(name=name, command=("true",), minutes=minutes)
        for name, minutes in (("a", 5.0), ("b", 4.0), ("c", 3.0), ("d", 1.0))
    ]
    lanes = testing._lanes(stages, 2)
    assert [[one.name for one in lane] for lane in lanes] == [["a", "d"], ["b", "c"]]
    assert len(testing._lanes(stages, 1)) == 1


def test_what_is_missing_fails_the_run_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(*_arguments: object, **_options: object) -> Path:
        raise Missing("The venv module is missing.")

    monkeypatch.setattr(environments, "main_environment", lacking)
    monkeypatch.setattr(environments, "unit_environment", lacking)
    assert testing.test(quick=True, full=False) == 1
    assert "The venv module is missing." in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_practice_organization_that_ends_early_is_told_of(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 5\n")
    python.chmod(0o700)
    with pytest.raises(Failed, match="exit code 5"):
        starting.start_practice(python, tmp_path, 60)


# ------------------------------------------------------------------ proofs


def test_every_promise_has_a_proof_by_name() -> None:
    assert list(proving.PROOFS) == [
        "fresh-machine",
        "google-window",
        "owner-path",
        "it-path",
        "every-word",
        "newcomer",
        "resume",
        "exact-sync",
        "kill-anywhere",
        "kill-200",
        "foreign-judges",
        "guard",
        "small-organisation",
        "empty-directory",
        "other-customer",
        "demoted-admin",
        "half-outage",
        "fault-matrix",
        "state-machine",
        "undo",
        "two-machines",
        "headless",
        "secrets",
        "screens",
        "window-speed",
        "members-speed",
    ]


def test_the_list_of_proofs_says_what_each_promises(capsys: pytest.CaptureFixture[str]) -> None:
    assert proving.prove(None) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(proving.PROOFS)
    assert lines[0].startswith("fresh-machine    In a bare Debian with only python3")


def test_an_unknown_proof_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert proving.prove("nothing-like-it") == 2
    assert "There is no proof called nothing-like-it" in capsys.readouterr().err


class FakeProof:
    """A proof that holds or falls short as it is told."""

    SAYS = "It holds."

    def __init__(self, *, short: bool) -> None:
        self._short = short

    def run(self, context: proving.Context) -> proving.Figures:
        context.progress("measuring …")
        if self._short:
            raise proving.Short("too slow", {"stall_ms": 70})
        return {"stall_ms": 12}


@pytest.mark.parametrize("short", [False, True])
def test_a_proof_ends_with_its_figures_in_one_line(
    short: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda _: FakeProof(short=short))
    monkeypatch.setattr(proving, "WORK", tmp_path)
    monkeypatch.setattr(
        environments,
        "main_environment",
        lambda _: places.program(Path(sys.prefix), "python"),
    )
    assert proving.prove("guard") == (1 if short else 0)
    heard = capsys.readouterr()
    last = json.loads(heard.out.splitlines()[-1])
    assert last["proof"] == "guard"
    assert last["holds"] is not short
    assert last["stall_ms"] == (70 if short else 12)
    assert last.get("reason") == ("too slow" if short else None)
    assert "measuring …" in heard.err


def test_a_wrong_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(["conquer"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


# ------------------------------------------------------------------ a bare machine


def test_inside_a_bare_machine_only_the_way_to_the_network_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_CERT", "/etc/ssl/certs/ours.crt")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("SOME_TOKEN", "not for others")
    command = fresh_root.FreshRoot(folder=tmp_path).command(["python3", "-V"], DISPLAY=":7")
    assert "PIP_CERT=/etc/ssl/certs/ours.crt" in command
    assert "HTTPS_PROXY=http://proxy.test:3128" in command
    assert "DISPLAY=:7" in command
    assert not [part for part in command if part.startswith("SOME_TOKEN")]
    assert command[-2:] == ["python3", "-V"]


def test_what_a_program_said_is_kept_and_its_time_is_limited(tmp_path: Path) -> None:
    spoken = [sys.executable, "-c", "print('here I am'); raise SystemExit(4)"]
    assert fresh_root.speaking(spoken, tmp_path / "said.txt", 30) == (4, "here I am\n")
    waiting = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    code, _ = fresh_root.speaking(waiting, tmp_path / "said.txt", 0.3)
    assert code is None


def test_a_bare_machine_needs_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fresh_root, "is_root", lambda: False)
    with pytest.raises(Missing, match="needs Linux and root"), fresh_root.fresh_root(tmp_path):
        raise AssertionError("it was made all the same")
