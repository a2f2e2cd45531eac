"""Starts the SCIM server that others wrote, as a process of its own on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRET = "interop-bearer"
_PATIENCE = 30.0
_LOOK = 0.05


def program(name: str) -> Path:
    """A console program of the environment that runs the tests."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return Path(sysconfig.get_path("scripts")) / f"{name}{suffix}"


@contextmanager
def scim_server(folder: Path, port: int, *, bulk: bool) -> Iterator[str]:
    """Run scim2-server; gives its SCIM base address. With `bulk` off it announces none."""
    command = [str(program("scim2-server")), "--port", str(port), "--bearer-token", SECRET]
    if not bulk:
        config = folder / "config.json"
        config.write_text(json.dumps(_WITHOUT_BULK), encoding="utf-8")
        command += ["--service-provider-config", str(config)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_it_listens(process, port, folder / "server.log")
            yield f"http://127.0.0.1:{port}/v2"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(_LOOK)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")


_WITHOUT_BULK = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 7},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": True},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer",
            "description": "A bearer token.",
        }
    ],
}
