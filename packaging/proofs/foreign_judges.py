"""The proof that servers and descriptions that others wrote agree with us."""

from __future__ import annotations

import re
import shutil

from devtools import debian, node
from devtools.places import LINUX
from devtools.proving import Context, Figures, Short
from proofs.pytest_run import run_tests

SAYS = (
    "Sign-in against npm's oidc-provider, full cycles against PyPI's scim2-server, the practice "
    "SCIM end under the scim2 compliance run, the practice contract under schemathesis, every "
    "Google page of the practice organization against Google's discovery document."
)

_JUDGES = {
    "oidc-provider": ("tests/interop/test_oidc_provider.py",),
    "scim2-server": (
        "tests/interop/test_scim_server.py",
        "tests/interop/test_cycle_scim_server.py",
    ),
    "scim2-compliance": ("tests/interop/test_scim_compliance.py",),
    "schemathesis": ("tests/interop/test_contract.py",),
    "google-discovery": (
        "tests/practice/test_google_directory.py",
        "tests/practice/test_google_fields.py",
        "tests/practice/test_google_client.py",
        "tests/practice/test_sync.py",
    ),
}
_FEWEST_PAGES = 50


def run(context: Context) -> Figures:
    """Every judge in turn; none may object, and none may have been skipped."""
    debian.install_or_name(
        debian.lacking_programs({"dbus-run-session": "dbus"}),
        because="The judges run in a session of their own.",
    )
    node.install_oidc_provider()
    figures: dict[str, object] = {}
    session = ("dbus-run-session", "--") if LINUX and shutil.which("dbus-run-session") else ()
    pages = context.folder / "google-pages.txt"
    pages.unlink(missing_ok=True)
    for judge, files in _JUDGES.items():
        done = run_tests(
            context,
            judge,
            list(files),
            seconds=900,
            before=session,
            QT_QPA_PLATFORM="offscreen",
            GOOGLE_PAGES_JUDGED=str(pages),
        )
        if done.skipped:
            raise Short(f"{judge}: {done.skipped} tests were skipped", figures)
        figures[judge] = {"passed": done.passed, "seconds": round(done.seconds, 1)}
    judged = re.findall(r"^\w+$", pages.read_text() if pages.exists() else "", re.MULTILINE)
    figures["google_pages_judged"] = len(judged)
    if len(judged) < _FEWEST_PAGES:
        raise Short("too few of Google's pages were judged", figures)
    return figures
