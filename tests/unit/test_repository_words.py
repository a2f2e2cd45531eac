"""Words that a person sees can be found by the translators' tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"t": 1, "tn": 2, "N_": 1}
"""The functions that mark words, and how many of their arguments are words."""


def marked() -> Iterator[tuple[str, ast.expr]]:
    """Every marked argument with the place where it stands."""
    for file in sorted((ROOT / "wizard").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for word in node.args[: MARKS.get(node.func.id, 0)]:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", word


def test_marked_words_are_written_out_where_they_are_marked() -> None:
    built = [place for place, word in marked() if isinstance(word, ast.JoinedStr | ast.BinOp)]
    assert not built, "words put together by a program cannot be translated"


def test_there_are_marked_words() -> None:
    written = [word for _, word in marked() if isinstance(word, ast.Constant)]
    assert len(written) > 100


def test_no_marked_words_begin_or_end_with_a_space() -> None:
    uneven = [
        f"{place}: {word.value!r}"
        for place, word in marked()
        if isinstance(word, ast.Constant)
        and isinstance(word.value, str)
        and word.value != word.value.strip()
    ]
    assert not uneven
