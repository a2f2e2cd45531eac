"""Thousands of runs: what each answer of the stand-in looks like is judged by other tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def googles_own_description() -> None:
    """Takes the place of the judge of every single answer, who would take most of the time."""
