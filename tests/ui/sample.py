"""The invented people, findings and profiles that the fake workbench starts with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from wizard.core.runs import PersonPlan, PlanCounts, PlanKind, Reason
from wizard.core.trouble import Code
from wizard.services.contract import (
    ConnectionView,
    FindingState,
    FindingView,
    PermissionView,
    ProfileView,
)

NOW = datetime(2026, 10, 12, 10, 31, tzinfo=UTC)
PRACTICE = ProfileView(
    id="practice",
    name="Practice organization",
    practice=True,
    hosts=("127.0.0.1",),
    control_url="http://127.0.0.1:9/control/",
    support_url="http://127.0.0.1:9/support",
)
REAL = ProfileView(
    id="nordby",
    name="Enterprise Connect",
    practice=False,
    hosts=("accounts.enterprise-connect.example",),
    support_url="https://help.enterprise-connect.example/",
)
CONNECTION = ConnectionView(
    id="oa-1",
    domain="halden-freight.example",
    customer_id="C0test",
    authorized_by="tomasz.wilk@halden-freight.example",
    active=True,
)
PERMISSIONS = (
    PermissionView(
        scope="https://www.googleapis.com/auth/admin.directory.user.readonly",
        short="admin.directory.user.readonly",
        key="people",
    ),
    PermissionView(
        scope="https://www.googleapis.com/auth/admin.directory.group.readonly",
        short="admin.directory.group.readonly",
        key="groups",
    ),
    PermissionView(
        scope="https://www.googleapis.com/auth/admin.directory.orgunit.readonly",
        short="admin.directory.orgunit.readonly",
        key="units",
    ),
)
PASSED = (
    FindingView(
        id="full-admin",
        state=FindingState.PASSED,
        facts=(("address", "tomasz.wilk@halden-freight.example"),),
    ),
    FindingView(
        id="domain", state=FindingState.PASSED, facts=(("domain", "halden-freight.example"),)
    ),
    FindingView(id="reachable", state=FindingState.PASSED, facts=(("proxy", ""),)),
    FindingView(id="clock", state=FindingState.PASSED, facts=(("seconds", 2),)),
)
SECOND_DOMAIN = FindingView(
    id="second-domain",
    state=FindingState.WARNING,
    facts=(("domain", "halden-logistics.example"),),
)
ANOTHER_DOMAIN = (
    FindingView(
        id="full-admin",
        state=FindingState.PASSED,
        facts=(("address", "ada.berg@fjordline.example"),),
    ),
    FindingView(
        id="domain",
        state=FindingState.WARNING,
        facts=(
            ("domain", "fjordline.example"),
            ("person", "ingrid.solberg@halden-freight.example"),
        ),
    ),
    *PASSED[2:],
)
SCOPES_MISSING = FindingView(
    id="scopes",
    state=FindingState.FAILED,
    facts=(("missing", "groups"),),
    code=Code.SCOPES_MISSING,
)
NOT_FULL_ADMIN = FindingView(
    id="full-admin",
    state=FindingState.FAILED,
    facts=(("address", "kari.nilsen@halden-freight.example"),),
    code=Code.NOT_A_FULL_ADMIN,
)
ROWS = (
    PersonPlan(
        user_id="g-1",
        external_id="google:C0test:g-1",
        account_id="a-1",
        kind=PlanKind.UPDATE,
        reason=Reason.NAME_AND_ADDRESS_CHANGED,
        address="lise.haugen@halden-freight.example",
        name="Lise Haugen",
        old_address="lise.bakke@halden-freight.example",
        old_name="Lise Bakke",
        scope_by="Unit Halden Freight / Sales",
    ),
    PersonPlan(
        user_id="g-2",
        external_id="google:C0test:g-2",
        account_id="a-2",
        kind=PlanKind.DEACTIVATE,
        reason=Reason.OUT_OF_SCOPE,
        address="jonas.ekeberg@halden-freight.example",
        name="Jonas Ekeberg",
        old_address="jonas.ekeberg@halden-freight.example",
        old_name="Jonas Ekeberg",
    ),
    PersonPlan(
        user_id="g-3",
        external_id="google:C0test:g-3",
        account_id="",
        kind=PlanKind.SKIP,
        reason=Reason.SUSPENDED,
        address="samuel.okoro@halden-freight.example",
        name="Samuel Okoro",
    ),
    PersonPlan(
        user_id="g-4",
        external_id="google:C0test:g-4",
        account_id="a-4",
        kind=PlanKind.ADOPT,
        reason=Reason.ADDRESS_MATCHES,
        address="amira.benali@halden-freight.example",
        name="Amira Benali",
        old_address="Amira.Benali@halden-freight.example",
        old_name="A. Benali",
    ),
    PersonPlan(
        user_id="g-5",
        external_id="google:C0test:g-5",
        account_id="",
        kind=PlanKind.PROBLEM,
        reason=Reason.CLAIMED_TWICE,
        address="post@halden-freight.example",
        name="Elif Kaya",
    ),
)


def people(count: int) -> list[PersonPlan]:
    """The named rows, then as many new people as are missing to `count`."""
    return [
        *ROWS,
        *(
            PersonPlan(
                user_id=f"g-{number}",
                external_id=f"google:C0test:g-{number}",
                account_id="",
                kind=PlanKind.CREATE,
                reason=Reason.NEW_IN_SCOPE,
                address=f"person.{number}@halden-freight.example",
                name=f"Person {number}",
                scope_by="Unit Operations",
            )
            for number in range(len(ROWS), count)
        ),
    ]


def counts_of(rows: Sequence[PersonPlan]) -> PlanCounts:
    """How many rows there are of each kind."""
    by_kind: dict[str, int] = defaultdict(int)
    for row in rows:
        by_kind[row.kind.value] += 1
    return PlanCounts(**by_kind)
