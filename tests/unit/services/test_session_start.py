"""Starting with the session: what is written on the three systems, and what is read back."""

from __future__ import annotations

import plistlib
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SessionStartState
from wizard.services.options import Options
from wizard.services.session_start import (
    DesktopEntries,
    LaunchAgents,
    Place,
    RunValues,
    desktop_entry,
    launch_agent,
    place_here,
    run_value,
    start_command,
)

COMMAND = (
    "/opt/enterprise connect/enterprise-connect-setup",
    "--background",
    "--profile",
    "nordby",
)
HARD = ("/opt/it's $HOME/`x`", "--home", '/srv/100 % "sure"\\now', "", "a;b|c&d", "ø")


def exec_line(entry: bytes) -> str:
    """The value of Exec as the reader of the file sees it, after the escapes of a string."""
    line = next(one for one in entry.decode().splitlines() if one.startswith("Exec="))
    value, result, escaped = line.removeprefix("Exec="), "", False
    for letter in value:
        if escaped:
            result += {"n": "\n", "t": "\t", "s": " ", "\\": "\\"}[letter]
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            result += letter
    return result


def arguments(line: str) -> list[str]:
    """What the specification makes of the value of Exec: quotes, then the doubled percent."""
    found, current, quoted, escaped, begun = [], "", False, False, False
    for letter in line:
        if escaped:
            current, escaped = current + letter, False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted, begun = not quoted, True
        elif letter == " " and not quoted:
            if begun:
                found.append(current)
            current, begun = "", False
        else:
            current, begun = current + letter, True
    if begun:
        found.append(current)
    return [one.replace("%%", "%") for one in found]


@pytest.mark.parametrize("command", [COMMAND, HARD])
def test_a_desktop_entry_starts_exactly_this_command(command: tuple[str, ...]) -> None:
    entry = desktop_entry(command, name="Enterprise Connect Setup", comment="Keeps in step")
    assert tuple(arguments(exec_line(entry))) == command


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)


@given(st.lists(words, min_size=1, max_size=6))
def test_whatever_the_command_is_the_entry_gives_it_back(command: list[str]) -> None:
    entry = desktop_entry(command, name="a", comment="b")
    assert arguments(exec_line(entry)) == command
    assert len(entry.decode().split("\n")) == 10


def test_a_command_with_a_line_break_cannot_add_a_line_to_the_entry() -> None:
    with pytest.raises(ValueError, match="control"):
        desktop_entry(["prog", "a\nExec=evil"], name="a", comment="b")


def test_a_launch_agent_carries_the_command_as_a_list() -> None:
    found = plistlib.loads(launch_agent(HARD, label="setup.nordby"))
    assert found["ProgramArguments"] == list(HARD)
    assert found["RunAtLoad"] is True
    assert found["Label"] == "setup.nordby"


def test_a_run_value_is_a_command_line_that_windows_takes_apart_again() -> None:
    assert run_value(["C:\\Program Files\\Setup\\s.exe", "--profile", "nordby"]) == (
        '"C:\\Program Files\\Setup\\s.exe" --profile nordby'
    )
    with pytest.raises(ValueError, match="long"):
        run_value(["C:\\s.exe", "--home", "x" * 300])


class Hive:
    """A registry that keeps what it is told, or refuses."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.refuses = False

    def _may(self) -> None:
        if self.refuses:
            raise PermissionError(5, "Access is denied")

    def get(self, key: str, name: str) -> str | bytes | None:
        self._may()
        return self.values.get((key, name))

    def put(self, key: str, name: str, value: str) -> None:
        self._may()
        self.values[key, name] = value

    def drop(self, key: str, name: str) -> None:
        self._may()
        self.values.pop((key, name), None)


def test_the_entry_of_a_desktop_is_written_found_and_erased(tmp_path: Path) -> None:
    folder = tmp_path / "autostart"
    place = DesktopEntries(folder, "nordby")
    assert place.look(COMMAND).state is SessionStartState.OFF
    place.write(COMMAND)
    assert place.look(COMMAND).state is SessionStartState.ON
    assert [path.name for path in folder.iterdir()] == ["enterprise-connect-setup-nordby.desktop"]
    assert place.look((*COMMAND, "--forget")).state is SessionStartState.OFF
    place.erase()
    place.erase()
    assert place.look(COMMAND).state is SessionStartState.OFF


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_an_entry_that_the_desktop_switched_off_is_said_to_be_blocked(
    tmp_path: Path, line: str
) -> None:
    place = DesktopEntries(tmp_path, "nordby")
    place.write(COMMAND)
    path = Path(place.look(COMMAND).place)
    kept = path.read_text(encoding="utf-8").replace("X-GNOME-Autostart-enabled=true\n", "")
    path.write_text(f"{kept}{line}\n", encoding="utf-8")
    assert place.look(COMMAND).state is SessionStartState.BLOCKED
    place.write(COMMAND)
    assert place.look(COMMAND).state is SessionStartState.ON


@pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")
def test_the_rights_of_the_systems_folder_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    DesktopEntries(tmp_path, "nordby").write(COMMAND)
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_cannot_be_written_is_a_trouble(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        DesktopEntries(tmp_path / "autostart", "nordby").write(COMMAND)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_launch_agent_is_written_found_and_erased(tmp_path: Path) -> None:
    place = LaunchAgents(tmp_path, "nordby")
    place.write(COMMAND)
    assert place.look(COMMAND).state is SessionStartState.ON
    path = Path(place.look(COMMAND).place)
    kept = plistlib.loads(path.read_bytes())
    path.write_bytes(plistlib.dumps({**kept, "Disabled": True}))
    assert place.look(COMMAND).state is SessionStartState.BLOCKED
    path.write_bytes(b"not a property list")
    assert place.look(COMMAND).state is SessionStartState.OFF
    place.erase()
    assert not path.exists()


def test_a_run_value_is_written_found_and_erased() -> None:
    hive = Hive()
    place = RunValues(hive, "nordby")
    place.write(COMMAND)
    assert place.look(COMMAND).state is SessionStartState.ON
    ((key, name),) = hive.values
    approved = key.replace(r"\Run", r"\Explorer\StartupApproved\Run")
    hive.values[approved, name] = bytes([3, 0, 0, 0])
    assert place.look(COMMAND).state is SessionStartState.BLOCKED
    hive.values[approved, name] = bytes([2, 0, 0, 0])
    assert place.look(COMMAND).state is SessionStartState.ON
    place.erase()
    assert place.look(COMMAND).state is SessionStartState.OFF


def test_a_registry_that_refuses_and_a_command_too_long_are_troubles() -> None:
    hive = Hive()
    place = RunValues(hive, "nordby")
    with pytest.raises(Trouble):
        place.write((*COMMAND, "x" * 300))
    hive.refuses = True
    for call in (lambda: place.look(COMMAND), lambda: place.write(COMMAND), place.erase):
        with pytest.raises(Trouble) as caught:
            call()
        assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_the_command_repeats_how_the_program_was_started(tmp_path: Path) -> None:
    options = Options(
        profile=str(tmp_path / "nordby.toml"),
        home=tmp_path / "home",
        trust_profile=True,
        proxy="proxy:3128",
    )
    command = start_command(options, ["/opt/setup"])
    assert shlex.join(command) == shlex.join(
        [
            "/opt/setup",
            "--background",
            "--profile",
            str(tmp_path / "nordby.toml"),
            "--trust-profile",
            "--home",
            str(tmp_path / "home"),
            "--proxy",
            "proxy:3128",
        ]
    )
    named = start_command(replace(options, profile="nordby"), ["/opt/setup"])
    assert named[2:4] == ("--profile", "nordby")


def test_every_system_has_its_place(tmp_path: Path) -> None:
    assert isinstance(place_here("nordby", {}, "darwin"), LaunchAgents)
    assert isinstance(place_here("nordby", {}, "win32"), RunValues)
    there = place_here("nordby", {"XDG_CONFIG_HOME": str(tmp_path)}, "linux")
    assert there is not None
    assert there.look(COMMAND).place.startswith(str(tmp_path / "autostart"))
    relative = place_here("nordby", {"XDG_CONFIG_HOME": "not/absolute"}, "linux")
    assert relative is not None
    assert not relative.look(COMMAND).place.startswith("not")


# ------------------------------------------------------------------ names that nothing can hold

STRANGE = ("/opt/enterprise-connect-setup", "--home", "/srv/be\x07ll")


def test_a_start_that_no_desktop_entry_can_hold_is_told_in_words(tmp_path: Path) -> None:
    entries = DesktopEntries(tmp_path, "nordby")
    entries.write(COMMAND)
    assert entries.look(STRANGE).state is SessionStartState.OFF
    _refused(entries, STRANGE)
    assert entries.look(COMMAND).state is SessionStartState.ON


def test_a_start_that_no_launch_agent_can_hold_is_told_in_words(tmp_path: Path) -> None:
    agents = LaunchAgents(tmp_path, "nordby")
    assert agents.look(STRANGE).state is SessionStartState.OFF
    _refused(agents, STRANGE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [STRANGE, ("C:/" + "x" * 300,)])
def test_a_start_that_no_run_value_can_hold_is_told_in_words(command: tuple[str, ...]) -> None:
    registry = Hive()
    _refused(RunValues(registry, "nordby"), command)
    assert not registry.values


def test_a_folder_that_no_disk_can_have_is_told_in_words() -> None:
    with pytest.raises(Trouble) as caught:
        start_command(replace(Options(), home=Path("/srv/\0")))
    assert caught.value.facts["problem"] == "start-entry"


def _refused(place: Place, command: tuple[str, ...]) -> None:
    with pytest.raises(Trouble) as caught:
        place.write(command)
    words = trouble_words(caught.value.code, caught.value.facts)
    assert words.title == "This can’t start with the session"
    assert "may not write" not in words.happened
