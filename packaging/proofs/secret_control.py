"""The proof that the search is not blind: one secret, planted in every spelling and place."""

from __future__ import annotations

import base64
import gzip
import json
import os
import resource
import secrets
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from devtools.proving import Short
from proofs.secret_search import ENCODINGS, Searcher, Secret, spellings
from proofs.secret_watch import Births, Processes, modes_below

__all__ = ["control"]


def control(folder: Path) -> dict[str, object]:
    """Plant, look, and name what was found; raises `Short` where anything was overlooked."""
    folder.mkdir(mode=0o700, parents=True)
    planted = f"{secrets.token_urlsafe(30)} & “so on”"
    secret = Secret(kind="planted", value=planted)
    searcher = Searcher([secret])
    blind = _plant_spellings(folder / "spellings", secret, searcher)
    blind += _plant_places(folder / "places", planted, searcher)
    blind += _process(planted, searcher)
    blind += _births(folder / "births")
    kept = _core(folder / "core")
    clean = folder / "clean"
    clean.mkdir()
    (clean / "log.txt").write_text(f"no {secrets.token_urlsafe(30)} here", encoding="utf-8")
    if blind or searcher.in_folder(clean):
        raise Short("the search is blind, or sees what is not there", {"overlooked": blind})
    return {
        "spellings": len(ENCODINGS),
        "places": len(_PLACES) + 4,
        "overlooked": 0,
        "another_program_leaves_a_core_file": kept,
    }


def _core(folder: Path) -> bool:
    """Whether this system keeps the memory of a program that allows it, where it was started."""
    folder.mkdir()
    highest = resource.getrlimit(resource.RLIMIT_CORE)[1]
    script = (
        f"import os, resource as r; r.setrlimit(r.RLIMIT_CORE, ({highest}, {highest})); os.abort()"
    )
    subprocess.run([sys.executable, "-c", script], check=False, cwd=folder, capture_output=True)
    return any(folder.glob("core*"))


def _plant_spellings(folder: Path, secret: Secret, searcher: Searcher) -> list[str]:
    folder.mkdir()
    missed = []
    for name, ways in spellings(secret.value).items():
        for number, way in enumerate(sorted(ways)):
            file = folder / f"{name}-{number}"
            file.write_bytes(b"before " + way + b" after")
            if name not in {one.spelling for one in searcher.in_file(file, name)}:
                missed.append(f"{name} {number}")
    return missed


def _zip(path: Path, planted: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.txt", planted * 3)


def _deleted_row(path: Path, planted: str) -> None:
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA secure_delete = OFF")
        rows.execute("CREATE TABLE kept (value TEXT)")
        rows.execute("INSERT INTO kept VALUES (?)", (planted,))
        rows.commit()
        rows.execute("DROP TABLE kept")
        rows.commit()


def _long_value(path: Path, planted: str) -> None:
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA page_size = 512")
        rows.execute("CREATE TABLE kept (value TEXT)")
        for length in range(400, 520):  # one of them lies across the end of a page
            rows.execute("INSERT INTO kept VALUES (?)", ("." * length + planted,))
        rows.execute("DELETE FROM kept WHERE length(value) % 7 <> 0")
        rows.commit()


def _waiting_in_log(path: Path, planted: str) -> None:
    # The child ends without closing its database, as a killed program does.
    script = (
        "import os, sqlite3, sys; rows = sqlite3.connect(sys.argv[1]);"
        " rows.execute('PRAGMA journal_mode = WAL'); rows.execute('CREATE TABLE kept (value)');"
        " rows.execute('INSERT INTO kept VALUES (?)', (os.environ['PLANTED'],)); rows.commit();"
        " os._exit(0)"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=True,
        env={**os.environ, "PLANTED": planted},
    )


_PLACES = {
    "log.txt": lambda path, planted: path.write_text(f"12:00 INFO {planted}\n", "utf-8"),
    "log.jsonl": lambda path, planted: path.write_text(json.dumps({"message": planted})),
    "kit.html": lambda path, planted: path.write_text(f"<a href='x?a={quote(planted)}'>x</a>"),
    "memory.core": lambda path, planted: path.write_bytes(b"\0" * 999 + planted.encode() + b"\0"),
    "answer.gz": lambda path, planted: path.write_bytes(gzip.compress(planted.encode())),
    "support.zip": _zip,
    "mail.txt": lambda path, planted: path.write_bytes(base64.b64encode(b"ab" + planted.encode())),
    "deleted.db": _deleted_row,
    "long.db": _long_value,
    "waiting.db": _waiting_in_log,
}


def _plant_places(folder: Path, planted: str, searcher: Searcher) -> list[str]:
    folder.mkdir()
    missed = []
    for name, plant in _PLACES.items():
        place = folder / name.replace(".", "-")
        place.mkdir()
        plant(place / name, planted)
        if not searcher.in_folder(place):
            missed.append(name)
    return missed


def _process(planted: str, searcher: Searcher) -> list[str]:
    """One process that shows the secret in its words, and one in its environment."""
    marker = secrets.token_hex(8)
    sleeper = [sys.executable, "-c", "import time; time.sleep(30)"]
    with Processes(marker) as processes:
        one = subprocess.Popen([*sleeper, planted])
        two = subprocess.Popen(sleeper, env={**os.environ, "MARKER": marker, "TOKEN": planted})
        looks = processes.looks
        limit = time.monotonic() + 20
        while processes.looks < looks + 4 and time.monotonic() < limit:
            time.sleep(0.05)
        for child in (one, two):
            child.kill()
            child.wait()
    words = any(searcher.in_bytes(each.words, "words") for each in processes.seen)
    around = any(searcher.in_bytes(each.environment, "around") for each in processes.seen)
    return [*([] if words else ["process list"]), *([] if around else ["environment"])]


def _births(folder: Path) -> list[str]:
    """A file that was made for everybody, one that was made narrower at once, and a good one."""
    folder.mkdir(mode=0o700)
    before = os.umask(0)
    try:
        with Births(folder) as births:
            (folder / "wide").touch()
            (folder / "late").touch()
            (folder / "late").chmod(0o600)
            os.close(os.open(folder / "good", os.O_CREAT | os.O_WRONLY, 0o600))
            limit = time.monotonic() + 10
            while births.made < 3 and time.monotonic() < limit:
                time.sleep(0.05)
            time.sleep(0.3)
    finally:
        os.umask(before)
    told = {Path(path).name for path in births.loose}
    now = {Path(path).name for path in modes_below(folder)}
    wrong = sorted(told ^ {"wide", "late"})
    return [f"birth of {name}" for name in wrong] + ([] if now == {"wide"} else ["rights"])
