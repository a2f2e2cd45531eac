"""Errors as codes with facts."""

from __future__ import annotations

import re

import pytest

from wizard.core.trouble import Code, Trouble


def test_codes_are_short_plain_and_kebab_case() -> None:
    for code in Code:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code.value), code
        assert code.name == code.value.upper().replace("-", "_")


def test_a_trouble_tells_its_code_and_facts() -> None:
    trouble = Trouble(Code.RATE_LIMITED, retry_after=3.5, host="api.example")
    assert str(trouble) == "rate-limited (host=api.example)"
    assert trouble.retry_after == 3.5
    assert str(Trouble(Code.OFFLINE)) == "offline"


def test_facts_cannot_be_changed_afterwards() -> None:
    trouble = Trouble(Code.OFFLINE, host="api.example")
    with pytest.raises(TypeError):
        trouble.facts["host"] = "other.example"  # type: ignore[index]  # that is the point
