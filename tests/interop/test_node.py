"""The foreign sign-in server is installed and starts on the Node.js of the lock."""

from __future__ import annotations

import subprocess

from devtools import node


def test_the_locked_node_loads_the_sign_in_server() -> None:
    asked = (
        "import { Provider } from 'oidc-provider';"
        "const provider = new Provider('http://127.0.0.1:1');"
        "console.log(provider.issuer);"
    )
    done = subprocess.run(
        [str(node.node_program()), "--input-type=module", "--eval", asked],
        cwd=node.OIDC_FOLDER,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "http://127.0.0.1:1"
