"""What a set-up does at its end, also where something of it fails."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.scheduler_world import HandClock
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.background import Background
from wizard.services.contract import ProfileView
from wizard.services.engine import Engine
from wizard.services.kept_pause import KeptPause
from wizard.services.setup import SetUp
from wizard.services.workbench import LocalWorkbench


class FullDisk:
    """Choices about the background that can't be kept."""

    def flush(self) -> None:
        raise Trouble(Code.DISK_FULL)


def _never() -> Engine:
    raise AssertionError("nothing needs the network here")


def test_choices_that_can_not_be_kept_take_the_answers_along_with_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    set_up = SetUp(tmp_path, clock)
    flushed: list[Answers] = []
    flush = set_up.flush

    def note() -> None:
        flush()
        flushed.append(set_up.answers)

    monkeypatch.setattr(set_up, "flush", note)
    bench = LocalWorkbench(
        cast("ProfileView", None),
        set_up,
        clock,
        _never,
        background=cast("Background", FullDisk()),
        kept_pause=cast("KeptPause", None),
        folder=tmp_path,
        config=tmp_path,
    )
    bench.change(Answers(ou_id="ou-1"))
    with pytest.raises(Trouble) as caught:
        bench.close()
    assert caught.value.code is Code.DISK_FULL
    assert flushed == [Answers(ou_id="ou-1")]
