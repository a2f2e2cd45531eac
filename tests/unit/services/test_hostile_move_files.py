"""Files that call themselves a moved set-up: cut, forged, costly to open, or none at all."""

from __future__ import annotations

import os
import time
import tracemalloc
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.core.trouble import Code, Trouble
from wizard.services.move_file import read_contents
from wizard.vault.packed import pack

WORD = "seven wrapped parcels"
ENTRIES = {"about": b"{}", "set-up": b"{}", "secret/service/ou_1": b"token" * 40}
MAGIC = b"ECSVAULT\x01"


@pytest.fixture(scope="module")
def whole() -> bytes:
    return pack(ENTRIES, WORD, log_n=14)


def refused(path: Path, content: bytes) -> tuple[Code, object]:
    path.write_bytes(content)
    with pytest.raises(Trouble) as trouble:
        read_contents(path, WORD)
    return trouble.value.code, trouble.value.facts.get("problem")


def forged(**stretching: object) -> bytes:
    """A file whose sum is right, and whose head asks for this."""
    plain = msgspec.msgpack.encode(
        {"id": "0" * 16, "check": bytes(16), "stretching": {"salt": bytes(16), **stretching}}
    )
    sealed = MAGIC + len(plain).to_bytes(2, "big") + plain + bytes(64)
    return sealed + sha256(sealed).digest()


def test_a_file_that_was_cut_anywhere_is_refused(tmp_path: Path, whole: bytes) -> None:
    for end in (*range(0, len(whole), 7), len(whole) - 1):
        assert refused(tmp_path / "cut", whole[:end]) == (Code.MOVE_FILE_REFUSED, "damaged")


def test_one_changed_byte_anywhere_is_refused(tmp_path: Path, whole: bytes) -> None:
    for at in range(0, len(whole), 5):
        changed = whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]
        code, problem = refused(tmp_path / "changed", changed)
        assert code is Code.MOVE_FILE_REFUSED
        assert problem in {"damaged", "too-new"}


@pytest.mark.parametrize(
    "asked",
    [
        {"log_n": 63, "r": 8, "p": 1},
        {"log_n": 30, "r": 8, "p": 1},
        {"log_n": 19, "r": 8, "p": 1},
        {"log_n": 17, "r": 2**30, "p": 1},
        {"log_n": 17, "r": 8, "p": 2**30},
        {"log_n": -1, "r": 8, "p": 1},
        {"log_n": 1, "r": 8, "p": 1},
        {"log_n": 2**63, "r": 8, "p": 1},
        {"log_n": 17.5, "r": 8, "p": 1},
        {"log_n": "17", "r": 8, "p": 1},
    ],
)
def test_a_file_can_not_ask_for_all_memory_or_all_day(
    tmp_path: Path, asked: dict[str, object]
) -> None:
    tracemalloc.start()
    began = time.process_time()
    try:
        assert refused(tmp_path / "costly", forged(**asked)) == (Code.MOVE_FILE_REFUSED, "damaged")
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 1


def test_a_head_that_is_longer_than_its_file_is_refused(tmp_path: Path) -> None:
    sealed = MAGIC + b"\xff\xff" + b"\x81" * 10
    content = sealed + sha256(sealed).digest()
    assert refused(tmp_path / "head", content) == (Code.MOVE_FILE_REFUSED, "damaged")


def test_nesting_without_end_in_the_head_is_refused(tmp_path: Path) -> None:
    plain = b"\x91" * 60_000
    sealed = MAGIC + len(plain).to_bytes(2, "big") + plain
    content = sealed + sha256(sealed).digest()
    assert refused(tmp_path / "deep", content) == (Code.MOVE_FILE_REFUSED, "damaged")


def test_another_passphrase_is_told_as_that(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "whole"
    path.write_bytes(whole)
    with pytest.raises(Trouble) as trouble:
        read_contents(path, "eight wrapped parcels")
    assert trouble.value.code is Code.PASSPHRASE_WRONG


@pytest.mark.skipif(os.name != "posix", reason="a device is a file there alone")
def test_a_folder_and_an_endless_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(Trouble) as trouble:
            read_contents(path, WORD)
        assert trouble.value.code is Code.MOVE_FILE_REFUSED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.binary(max_size=400), st.booleans())
def test_whatever_a_file_holds_it_is_refused_in_words(
    tmp_path: Path, content: bytes, summed: bool
) -> None:
    whole = MAGIC + content
    code, problem = refused(tmp_path / "any", whole + sha256(whole).digest() if summed else content)
    assert (code, problem) == (Code.MOVE_FILE_REFUSED, "damaged")
