"""Reads the reports that runs left in the database; one that can't be understood stops nobody."""

from __future__ import annotations

import logging

import msgspec

from wizard.core.runs import RunReport

__all__ = ["read_report"]

log = logging.getLogger(__name__)


def read_report(text: str, run_id: str) -> RunReport | None:
    """A stored report; None, and a note in the log, where it can't be understood.

    A newer version of the program may have kept words that this one doesn't know. What went
    before must not keep the next run from happening.
    """
    try:
        return msgspec.json.decode(text, type=RunReport)
    except (msgspec.MsgspecError, UnicodeError) as problem:
        log.warning("the report of run %s can't be understood: %s", run_id, problem)
        return None
