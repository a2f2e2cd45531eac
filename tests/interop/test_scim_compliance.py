"""The practice SCIM end under the compliance run that others wrote."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.interop.scim_servers import program
from tests.practice.account_world import connected_world

FEWEST_CHECKS = 40


@pytest.mark.timeout(300)
def test_every_compliance_check_succeeds(tmp_path: Path) -> None:
    with connected_world(tmp_path) as world:
        base = f"{world.api}/v1/organizational_units/{world.ou}/scim/v2"
        headers = f"Authorization: Bearer {world.token};Sync-Installation: {world.installation}"
        done = subprocess.run(
            [str(program("scim2")), "--url", base, "test", "--verbose"],
            env={
                **os.environ,
                "SSL_CERT_FILE": str(world.trust_root),
                "SCIM_CLI_HEADERS": headers,
                "NO_COLOR": "1",
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )
    verdicts = re.findall(r"^([A-Z]{4,}) (\w+)", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert [one for one in verdicts if one[0] != "SUCCESS"] == []
    assert len(verdicts) >= FEWEST_CHECKS, done.stdout[-4000:]
