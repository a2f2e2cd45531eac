from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from wizard.services.logs import log_path, logging_to

log = logging.getLogger("wizard.test")


def text_of(folder: Path) -> str:
    return log_path(folder).read_text(encoding="utf-8")


def test_what_is_logged_stands_in_the_file_without_secrets(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        log.info("asked with Authorization: Bearer abcdef123456 for ingrid@nordby.example")
        log.info("the code=4/0AbCdEfGhIj123 came back")
    text = text_of(tmp_path)
    assert "asked with" in text
    for secret in ("abcdef123456", "ingrid@", "4/0AbCdEfGhIj123"):
        assert secret not in text


def test_nothing_is_logged_after_the_block(tmp_path: Path) -> None:
    before = logging.getLogger().level
    with logging_to(tmp_path):
        log.info("inside")
    log.info("outside")
    assert "outside" not in text_of(tmp_path)
    assert logging.getLogger().level == before


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_the_log_is_for_its_owner_alone_also_after_it_was_rotated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.services.logs._LARGEST", 2000)
    with logging_to(tmp_path / "logs"):
        for number in range(200):
            log.info("line %d", number)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 6
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert sum(file.stat().st_size for file in files) < 6 * 2200


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_is_full_does_not_stop_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path) as handler:
        assert handler is not None
        log.info("fits")
        assert handler.stream is not None
        handler.stream.close()
        handler.stream = open("/dev/full", "a")  # noqa: SIM115, PTH123 - the handler closes it
        log.info("does not fit")
        assert handler.failed == 1
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_used_means_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with logging_to(tmp_path / "file" / "logs") as handler:
        assert handler is None
        log.info("still goes on")
