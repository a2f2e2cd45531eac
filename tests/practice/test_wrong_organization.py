"""The wrong organization's directory was connected in the set-up: out of it, and into the right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import DOMAIN, computer
from tests.practice.visitor import OTHER_ADMIN, World, practice
from wizard.core.trouble import Code
from wizard.services.scripted_browser import Manners


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("wrong-organization"), people=40) as running:
        yield running


def test_a_wrong_connection_is_ended_in_the_set_up_and_the_right_one_made(
    world: World, tmp_path: Path
) -> None:
    with computer(world, tmp_path / "here", person="wrong.1@bench.example") as one:
        bench = one.bench
        one.sign_up("The wrong one first")
        one.browser.manners = Manners(person=OTHER_ADMIN)
        asked = bench.authorize(one.heard.append, one.cancel)
        assert asked.needs_confirmation
        assert bench.connect_anyway(one.heard.append, one.cancel).connection is not None
        wrong = bench.answers.domain
        assert wrong not in {"", DOMAIN}
        refused = one.authorize()
        assert Code.OTHER_CUSTOMER in {finding.code for finding in refused.findings}
        bench.home.disconnect(one.cancel, erase=True)
        assert (bench.answers.organization_account_id, bench.answers.domain) == ("", "")
        assert one.authorize().connection is not None
        assert bench.answers.domain == DOMAIN
