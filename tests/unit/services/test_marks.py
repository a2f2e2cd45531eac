"""Marks: people and their network go out of a text, and what support needs stays."""

from __future__ import annotations

import pytest

from wizard.services.marks import Marks, name_words


@pytest.fixture
def marks() -> Marks:
    return Marks(
        kept=["api.service.example", "googleapis.com"],
        hosts=["PC-ANA", "kontor"],
        names=name_words(["Ana Berg", "Wouter van O’Neill-Å", "<script>alert(1)</script>", "=cmd"]),
        home="/home/ana",
        replaced=[("Nordby Shipping", "[organization]")],
    )


def test_an_address_has_the_same_mark_wherever_it_stands(marks: Marks) -> None:
    first = marks.text("ana.berg@nordby.example was read, not per@nordby.example")
    second = marks.text("again <ANA.BERG@nordby.example>")
    assert first == "p1 was read, not p2"
    assert second == "again <p1>"
    assert marks.person("Ana.Berg@Nordby.example") == "p1"
    assert marks.people() == 2


def test_what_the_log_had_shortened_has_marks_of_its_own(marks: Marks) -> None:
    assert marks.text("account a…@nordby.example and p…@nordby.example") == "account s1 and s2"
    assert marks.text("…@nordby.example") == "s3"


def test_hosts_of_the_service_stay_and_others_go(marks: Marks) -> None:
    said = marks.text(
        "https://api.service.example/v1 by proxy.corp.nordby.example:3128, admin.googleapis.com, "
        "http://intranet/x and pc-ana"
    )
    assert said == (
        "https://api.service.example/v1 by h2:3128, admin.googleapis.com, http://h1/x and h3"
    )


def test_modules_files_and_versions_are_no_hosts(marks: Marks) -> None:
    line = 'INFO wizard.sync.read [sync] File "reader.py", google.db, urllib3.util.retry 3.11.2'
    assert marks.text(line) == line


def test_numbers_of_the_network_go_and_the_loopback_stays(marks: Marks) -> None:
    assert marks.text("10.1.2.3:80 127.0.0.1:5 fe80::1:2:3 at 02:11:17") == (
        "n1:80 127.0.0.1:5 n2 at 02:11:17"
    )


def test_the_words_of_names_go(marks: Marks) -> None:
    assert marks.text("Ana’s, Berg; Neill-Å O’Neill of Nordby Shipping") == (
        "[name], [name]; [name] [name] of [organization]"
    )


def test_hostile_names_go_like_others_and_forge_no_line(marks: Marks) -> None:
    said = marks.text("<script>alert(1)</script>\n2026 INFO \u202egnp.exe =cmd|x\x1b[2J")
    assert "\n" not in said
    assert "\u202e" not in said
    assert "\x1b" not in said
    assert "script" not in said
    assert "cmd" not in said


def test_folders_of_people_and_secrets_go(marks: Marks) -> None:
    assert marks.text("/home/ana/x /home/per/y C:\\Users\\per\\z /Users/ana/z") == (
        "~/x ~/y ~\\z ~/z"
    )
    said = marks.text(
        "token=abcdef1234 http://ana:geheim@proxy.nordby.example:8080/ Bearer abcd123"
    )
    assert not {"abcdef1234", "geheim", "abcd123"} & set(said.replace("=", " ").split())
    assert "geheim" not in said


def test_one_letter_of_another_script_is_a_name(marks: Marks) -> None:
    own = Marks(names=name_words(["王 A", "陈"]))
    assert own.text("王 and A") == "[name] and A"
