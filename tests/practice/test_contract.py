"""The contract is what the practice service does: a foreign fuzzer compares the two."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.practice.visitor import ROOT, Scim

CONTRACT = ROOT / "resources" / "api" / "enterprise-connect.yaml"
# What would end the thing that all other requests need is left to tests that say so.
SPARED = ("disconnectOrganizationAccount", "giveUpLease", "takeLease", "revokeProvisioningToken")
SETTINGS = """
continue-on-failure = true

[generation]
max-examples = {examples}
deterministic = true

[parameters]
organizational_unit_id = "{unit}"
organization_account_id = "{connection}"
Sync-Installation = "{installation}"

# A request of the right form can still ask for what is taken, stale or no filter.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422"]

# RFC 6585, section 3: what is missing is a condition.
[checks.missing_required_header]
expected-statuses = ["400", "401", "428"]
"""


def _fuzz(scim: Scim, folder: Path, token: str, *chosen: str) -> str:
    settings = SETTINGS.format(
        examples=6,
        unit=scim.unit.rpartition("/")[2],
        connection=scim.connection.rpartition("/")[2],
        installation=scim.installation,
    )
    (folder / "schemathesis.toml").write_text(settings)
    world = scim.api.world
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        str(CONTRACT),
        *("--url", world.api),
        *("--tls-verify", world.profile["trust"]["trust_root"]),
        *("--header", f"Authorization: Bearer {token}"),
        *("--phases", "examples,coverage"),
        *("--warnings", "off"),
        "--no-color",
        *chosen,
        *(part for name in SPARED for part in ("--exclude-operation-id", name)),
    ]
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("chosen", "operations"),
    [(("--include-tag", "scim"), 11), (("--exclude-tag", "scim"), 19)],
)
def test_a_foreign_fuzzer_finds_service_and_contract_agreed(
    scim: Scim, tmp_path: Path, chosen: tuple[str, str], operations: int
) -> None:
    token = scim.token if chosen[0] == "--include-tag" else scim.api.token
    told = _fuzz(scim, tmp_path, token, *chosen)
    tested = re.search(r"Tested: (\d+)", told)
    assert tested, told
    assert int(tested[1]) == operations
