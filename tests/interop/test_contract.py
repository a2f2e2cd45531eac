"""The practice account service under schemathesis: does it keep the contract that it publishes?"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.scim_servers import program
from tests.practice.account_world import ConnectedWorld, connected_world
from wizard.core.resources import resource

EXAMPLES = 8
FEWEST_CASES = 500

_CONFIG = """
[parameters]
"path.organizational_unit_id" = "{ou}"
"path.organization_account_id" = "{account}"
"header.Sync-Installation" = "{installation}"

# A request may be right in itself and still come at the wrong moment: the version has changed
# (412, 428), the key was used before (422). The contract says so for each of these.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 412, 422, 428, 429]

# The version is looked at before the body (RFC 9110, section 13.2.1).
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 406, 409, 422, 428]
"""

_OWN_GRAMMAR = """
# {why}
[[operations]]
include-operation-id = "{operation}"
[operations.checks.positive_data_acceptance]
enabled = false
"""

_OPAQUE = "A cursor is opaque: a schema cannot say which ones are the service's own."
_FILTER = "A filter has a grammar of its own (RFC 7644, section 3.4.2.2), and so has a PATCH path."
_LETTERS = "What counts as white space differs between the two sides for a few control characters."
_NUMBERS = "To JSON Schema 2.0 is an integer; a count is written without a fraction."
_WHY = {
    "listOrganizationalUnits": _OPAQUE,
    "listMembers": _OPAQUE,
    "listInvitations": _OPAQUE,
    "listOrganizationAccounts": _OPAQUE,
    "listProvisioningTokens": _OPAQUE,
    "listSyncRuns": _OPAQUE,
    "scimListUsers": _FILTER,
    "scimSearchUsers": _FILTER,
    "scimPatchUser": _FILTER,
    "scimBulk": _FILTER,
    "invite": _LETTERS,
    "recordSyncRun": _NUMBERS,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConnectedWorld]:
    with connected_world(tmp_path_factory.mktemp("practice")) as running:
        yield running


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What schemathesis said: its exit code, how many requests it made, all its words."""

    code: int
    cases: int
    words: str


def judged(world: ConnectedWorld, folder: Path, token: str, *selection: str) -> Judgement:
    config = folder / "schemathesis.toml"
    config.write_text(
        _CONFIG.format(ou=world.ou, account=world.account, installation=world.installation)
        + "".join(_OWN_GRAMMAR.format(operation=name, why=why) for name, why in _WHY.items()),
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            str(program("schemathesis")), "--config-file", str(config), "run",
            str(resource("api", "enterprise-connect.yaml")), "--url", world.api,
            "--tls-verify", str(world.trust_root), "--no-color", "--seed", "7",
            "--max-examples", str(EXAMPLES), "--generation-database", "none",
            "--phases", "examples,coverage,fuzzing", "--continue-on-failure",
            "--header", f"Authorization: Bearer {token}", *selection,
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
        cwd=folder,
    )  # fmt: skip
    words = done.stdout + done.stderr
    made = re.search(r"(\d+) generated", words)
    return Judgement(code=done.returncode, cases=int(made[1]) if made else 0, words=words)


@pytest.mark.timeout(500)
def test_the_scim_end_keeps_the_contract(world: ConnectedWorld, tmp_path: Path) -> None:
    judgement = judged(world, tmp_path, world.token, "--include-path-regex", "/scim/v2")
    assert judgement.code == 0, judgement.words[-6000:]
    assert judgement.cases >= FEWEST_CASES


@pytest.mark.timeout(500)
def test_everything_for_a_signed_in_person_keeps_the_contract(
    world: ConnectedWorld, tmp_path: Path
) -> None:
    # Disconnecting would end what the other requests need; it is judged on its own below.
    judgement = judged(
        world,
        tmp_path,
        world.person_token,
        "--exclude-path-regex",
        "/scim/v2",
        "--exclude-operation-id",
        "disconnectOrganizationAccount",
    )
    assert judgement.code == 0, judgement.words[-6000:]
    assert judgement.cases >= FEWEST_CASES


@pytest.mark.timeout(200)
def test_disconnecting_keeps_the_contract(world: ConnectedWorld, tmp_path: Path) -> None:
    judgement = judged(
        world,
        tmp_path,
        world.person_token,
        "--include-operation-id",
        "disconnectOrganizationAccount",
    )
    assert judgement.code == 0, judgement.words[-6000:]
