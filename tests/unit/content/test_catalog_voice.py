"""Every marked word of the program keeps the voice, whoever wrote it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.content.voice import objections
from wizard.content.steps import STEP_WORDS
from wizard.flow.answers import StepId

PRODUCT = Path(__file__).resolve().parents[3] / "wizard"
MARKS = {"t": 1, "tn": 2, "N_": 1}
QUOTED = re.compile(r"“[^”]*”|Microsoft 365|130 cancelled|\{\w*\}")
"""What somebody else's page says, a product's name, an exit code, and places to be filled."""


def marked(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the words of every call that marks words for the catalogue."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        for argument in node.args[: MARKS.get(node.func.id, 0)]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.lineno, argument.value


FILES = sorted(
    path for path in PRODUCT.rglob("*.py") if "practice" not in path.parts and any(marked(path))
)


def test_words_are_found_to_be_looked_at() -> None:
    assert len(FILES) >= 10
    assert sum(1 for path in FILES for _ in marked(path)) >= 500


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PRODUCT).as_posix())
def test_every_word_keeps_the_voice(path: Path) -> None:
    found = [
        f"line {line}: {objection}"
        for line, words in marked(path)
        for objection in objections(QUOTED.sub("X", words))
    ]
    assert not found


@pytest.mark.parametrize("step", list(StepId))
def test_every_step_has_its_words(step: StepId) -> None:
    words = STEP_WORDS[step.value]
    assert words.rail
    assert words.title
    assert words.lead.endswith(".")
    assert words.proof.endswith(".")
    assert words.proof[0].islower() or words.proof.startswith("Google")
