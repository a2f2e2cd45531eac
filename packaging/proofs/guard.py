"""The proof that no plan, over many invented directories, passes the limits of the guard."""

from __future__ import annotations

from devtools.proving import Context, Figures, Short
from proofs.pytest_run import examples, run_tests

SAYS = (
    "Property tests over random directories: no plan beyond the limits, no protected account "
    "touched, an incomplete read removes nobody, a preview never writes."
)

_EXAMPLES = 300
_TESTS = "tests/unit/sync/test_properties.py"
_PROMISES = {
    "limits": (
        "test_no_run_deactivates_more_than_the_limits_of_a_day",
        "test_no_run_creates_or_changes_more_than_the_limits_of_a_day",
        "test_the_first_run_creates_no_more_than_its_preview_showed_and_two_percent",
    ),
    "protected": ("test_no_protected_account_is_ever_deactivated_approved_or_not",),
    "incomplete_read": ("test_an_incomplete_read_removes_nobody_and_writes_nothing",),
    "evidence": ("test_nobody_is_deactivated_without_evidence",),
    "preview": ("test_a_preview_never_writes_and_the_same_inputs_give_the_same_plan",),
}


def run(context: Context) -> Figures:
    """Try every property many times; each promise must have been tried that often."""
    done = run_tests(
        context,
        "properties",
        ["--hypothesis-show-statistics", "--timeout=1500", _TESTS],
        seconds=1500,
        PROPERTY_EXAMPLES=str(_EXAMPLES),
    )
    tried = examples(done.said)
    wall = run_tests(context, "wall", ["-k", "wall or preview", "tests/unit/net"], seconds=300)
    figures: dict[str, object] = {
        "passed": done.passed,
        "examples": {
            promise: sum(tried.get(test, 0) for test in tests)
            for promise, tests in _PROMISES.items()
        },
        "wall_tests": wall.passed,
    }
    for promise, tests in _PROMISES.items():
        few = [test for test in tests if tried.get(test, 0) < _EXAMPLES * 0.9]
        if few:
            raise Short(f"{promise}: fewer than {_EXAMPLES} examples of {few}", figures)
    return figures
