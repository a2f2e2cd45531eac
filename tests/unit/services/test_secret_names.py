"""A service whose ids are unusual is served like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.environment import open_workbench
from wizard.services.options import Options
from wizard.services.workbench import LocalWorkbench

PROFILE = """schema = 1
id = "nordby"
name = "Nordby"
[service]
kind = "enterprise_connect"
api = "https://connect.nordby.example"
issuer = "https://connect.nordby.example"
client_id = "setup"
"""
STRANGE = Answers(
    ou_id="Nordby & Co / Ås",
    customer_id="customers/C01 abc",
    organization_account_id="organization account 1",
    provider=ProviderId.GOOGLE,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LocalWorkbench]:
    profile = tmp_path / "nordby.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    options = Options(profile=str(profile), home=tmp_path / "home", trust_profile=True, forget=True)
    opened = open_workbench(options)
    yield opened
    opened.close()


def test_an_authorization_is_kept_under_whatever_ids_the_service_gives(
    bench: LocalWorkbench,
) -> None:
    directory = bench.engine.access.directory
    tokens = TokenSet(access_token="a", expires_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert not directory.may_read(STRANGE, STRANGE.customer_id, Cancel())
    directory.keep(STRANGE, STRANGE.customer_id, tokens, Cancel())
    assert directory.may_read(STRANGE, STRANGE.customer_id, Cancel())
    assert not directory.may_read(STRANGE, "customers/C01", Cancel())


def test_a_connection_with_an_unusual_id_has_a_provisioning_token(bench: LocalWorkbench) -> None:
    access = bench.engine.access
    with pytest.raises(Trouble) as trouble:
        access.provisioning_token(STRANGE, Cancel())
    assert trouble.value.code is Code.SIGN_IN_NEEDED
