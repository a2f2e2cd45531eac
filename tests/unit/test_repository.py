"""What must hold for the repository as a whole: small pieces, no strangers' paths, sound locks."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 450
LONGEST_FUNCTION = 60

# Written with classes of one letter, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    r"/w[o]rk/|/f[a]rm/|/r[o]ot/"
    r"|p[y]pi\.org|p[y]thonhosted\.org|registry\.n[p]mjs|deb\.d[e]bian\.org"
)
UNFINISHED = re.compile(r"#.*\b(T[O]DO|F[I]XME)\b")


def tracked_files() -> list[Path]:
    """Every file under version control; outside a clone, every file that is not ignored."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return [file for file in walked(ROOT) if file.is_file()]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def walked(folder: Path) -> Iterator[Path]:
    """Every file below, but for caches, environments and what was built."""
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir():
            yield entry
        elif entry.name in {".ci", ".github"} or not (
            entry.name.startswith(".")
            or entry.name in {"__pycache__", "node_modules", "build", "dist"}
        ):
            yield from walked(entry)


def words_of(file: Path) -> str:
    """The text of a file; empty for pictures and other binary content."""
    content = file.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def product_modules() -> list[Path]:
    return sorted((ROOT / "wizard").rglob("*.py"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_tracked_file_names_a_machine_path_or_a_package_host() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tracked_files()
        if (match := FORBIDDEN.search(words_of(file)))
    ]
    assert not found


def test_nothing_is_left_unfinished_in_the_product() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in [*product_modules(), *sorted((ROOT / "packaging").rglob("*.py"))]
        if (match := UNFINISHED.search(words_of(file)))
    ]
    assert not found


def test_every_module_of_the_product_is_short_enough_to_read() -> None:
    lengths = {file: words_of(file).count("\n") for file in product_modules()}
    assert lengths, "the product has no modules"
    long = [f"{file.relative_to(ROOT)}: {n}" for file, n in lengths.items() if n > LONGEST_FILE]
    assert not long


def test_every_function_of_the_product_is_short_enough_to_read() -> None:
    long = []
    for file in product_modules():
        for function in functions(ast.parse(words_of(file))):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > LONGEST_FUNCTION:
                long.append(f"{file.relative_to(ROOT)}:{function.lineno} {function.name}: {lines}")
    assert not long


def test_every_module_of_the_product_says_in_a_sentence_what_it_is_for() -> None:
    silent = []
    for file in product_modules():
        said = (ast.get_docstring(ast.parse(words_of(file))) or "").split("\n\n")[0]
        if not said.rstrip().endswith((".", "?")):
            silent.append(str(file.relative_to(ROOT)))
    assert not silent


def test_no_finding_is_silenced_without_its_code() -> None:
    bare = re.compile(r"# (type: ignore(?!\[)|no" r"qa(?!: [A-Z]))")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked_files()
        if file.suffix == ".py"
        for number, line in enumerate(words_of(file).splitlines(), 1)
        if bare.search(line)
    ]
    assert not found


def test_only_the_two_job_boundaries_catch_everything() -> None:
    caught = {
        file.relative_to(ROOT).as_posix()
        for file in product_modules()
        for node in ast.walk(ast.parse(words_of(file)))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    # Work that was asked for, and work that the clock asks for: nothing may end either silently.
    assert caught <= {"wizard/services/jobs.py", "wizard/services/scheduler.py"}


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether it takes any exception and lets it go no further."""
    named = handler.type
    everything = named is None or (
        isinstance(named, ast.Name) and named.id in {"Exception", "BaseException"}
    )
    raised_again = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return everything and not raised_again


# ------------------------------------------------------------------ locks


LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def entries(lock: Path) -> dict[str, str]:
    """Package name → what the lock says of it, hashes included."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {re.split(r"==", line)[0].strip(): line for line in lines}


def direct_requirements() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    names = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in project["dependencies"]}
    return {name.lower().replace("_", "-") for name in names}


def test_there_is_a_lock_for_running_for_unit_tests_and_for_development() -> None:
    assert [lock.stem for lock in LOCKS] == ["dev", "runtime", "unit"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_every_package_with_hashes_and_names_no_index(lock: Path) -> None:
    for name, entry in entries(lock).items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name), f"not a plain pin: {entry[:80]}"
        assert re.search(r"==\S+", entry)
        assert "--hash=sha256:" in entry, f"{name} has no hash"
    assert "://" not in lock.read_text(encoding="utf-8")
    assert "--index" not in lock.read_text(encoding="utf-8")


def test_the_locks_agree_on_every_release() -> None:
    dev = entries(ROOT / "requirements" / "dev.txt")
    for name in ("runtime", "unit"):
        for package, entry in entries(ROOT / "requirements" / f"{name}.txt").items():
            assert _release(dev[package]) == _release(entry)


def _release(entry: str) -> tuple[str, frozenset[str]]:
    """The pin and its hashes; the conditions on systems may be said in different ways."""
    return entry.split(maxsplit=1)[0], frozenset(re.findall(r"--hash=(\S+)", entry))


def test_the_runtime_lock_holds_what_the_project_asks_for() -> None:
    assert direct_requirements() <= set(entries(ROOT / "requirements" / "runtime.txt"))


def test_the_unit_lock_holds_everything_but_qt() -> None:
    unit = set(entries(ROOT / "requirements" / "unit.txt"))
    assert direct_requirements() - unit == {"pyside6-essentials"}
    assert "shiboken6" not in unit


def test_the_package_lock_of_the_sign_in_server_has_hashes_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests/interop/oidc/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/oidc-provider" in packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_the_development_commands_need_the_standard_library_only() -> None:
    own = {"devtools", "proofs"}
    for file in sorted((ROOT / "packaging" / "devtools").glob("*.py")):
        for node in ast.walk(ast.parse(words_of(file))):
            for name in _imported(node):
                assert name in own or name in sys.stdlib_module_names, f"{file.name}: {name}"


def _imported(node: ast.AST) -> list[str]:
    """The top-level names that an import statement asks for."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module.split(".")[0]]
    return []
