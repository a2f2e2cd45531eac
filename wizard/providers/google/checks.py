"""The checks before a Google Workspace is connected: named findings, and whether all is well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.network_troubles import NETWORK_TROUBLES
from wizard.core.trouble import Code, Fact, Trouble
from wizard.net.answers import Answer
from wizard.providers.base import Customer, Finding, FindingId, PreFlight, Verdict
from wizard.providers.google.permissions import missing_permissions
from wizard.providers.google.reader import GoogleReader
from wizard.providers.google.wire import UserWire

__all__ = ["PreFlight", "check_workspace", "clock_finding", "go_on_checking"]

_CLOCK_WARNING, _CLOCK_FAILED = 60, 300
_NETWORK = NETWORK_TROUBLES | {Code.SERVICE_UNAVAILABLE}


class _Findings:
    """Collects findings, and tells each when it is there."""

    def __init__(self, found: Callable[[Finding], None]) -> None:
        self._found = found
        self.all: list[Finding] = []

    def add(self, finding: Finding) -> None:
        self.all.append(finding)
        self._found(finding)

    def has(self, check: FindingId, verdict: Verdict) -> bool:
        return any(one.id is check and one.verdict is verdict for one in self.all)

    def passed(self, check: FindingId, **facts: Fact) -> None:
        self.add(Finding(id=check, verdict=Verdict.PASSED, facts=tuple(facts.items())))

    def warned(self, check: FindingId, **facts: Fact) -> None:
        self.add(Finding(id=check, verdict=Verdict.WARNING, facts=tuple(facts.items())))

    def failed(self, check: FindingId, code: Code, **facts: Fact) -> None:
        failed = Finding(id=check, verdict=Verdict.FAILED, facts=tuple(facts.items()), code=code)
        self.add(failed)


@dataclass(frozen=True, kw_only=True)
class _Pinned:
    """Who signed in, from which domain, and the customer that the connection belongs to.

    `person` is for whom it is connected, `known_domain` one that is known to be theirs; '' is
    not told.
    """

    customer_id: str | None
    address: str
    domain: str
    person: str
    known_domain: str

    @property
    def theirs(self) -> str:
        """The domain that the directory should have: the one they named, else their address's."""
        return (self.known_domain or self.person.rpartition("@")[2]).casefold()

    def allows(self, found: str | None) -> bool:
        """Whether nothing speaks against this customer; None is one that was not told."""
        return self.customer_id is None or found is None or found == self.customer_id

    def is_strange(self, verified: Sequence[str]) -> bool:
        """Whether nothing tells yet that the directory of these domains is the person's own."""
        return self.customer_id is None and self.theirs not in {"", *verified}

    def refuse(self, found: str | None, findings: _Findings) -> None:
        """The finding that this is another customer."""
        findings.failed(
            FindingId.CUSTOMER,
            Code.OTHER_CUSTOMER,
            expected=self.customer_id or "",
            found=found or "",
            address=self.address,
            domain=self.domain,
            **({"expected_domain": self.known_domain} if self.known_domain else {}),
        )


def check_workspace(
    reader: GoogleReader,
    *,
    address: str,
    domain: str,
    granted: frozenset[str],
    pinned_customer: str | None,
    proxy: str,
    clock: Clock,
    cancel: Cancel,
    began: Callable[[FindingId], None],
    found: Callable[[Finding], None],
    person: str = "",
    known_domain: str = "",
) -> PreFlight:
    """Check everything that a connection needs; tell each check when it begins and ends.

    `address` is who signed in, `domain` the one they signed in from (`hd`), `proxy` the one in
    use ('' for none), `pinned_customer` the customer that this connection belongs to already.
    `person` is the address for whom it is connected, and `known_domain` the domain that they
    named, '' for that of their address: where nothing is pinned and that domain is not verified
    here, nobody is read yet, and the answer `needs_decision`. Where all that is missing are
    rights that one can do without, they are in `without`. `go_on_checking` does the rest after
    a yes to either.
    What is wrong is a finding; raised is only `Trouble(CANCELLED)`.
    """
    findings = _Findings(found)
    customer: Customer | None = None
    people = 0
    began(FindingId.REACHABLE)
    pinned = _Pinned(
        customer_id=pinned_customer,
        address=address,
        domain=domain,
        person=person,
        known_domain=known_domain,
    )
    me = _own_entry(reader, findings, pinned, proxy=proxy, clock=clock, cancel=cancel, began=began)
    began(FindingId.SCOPES)
    scopes_fine, without = _check_scopes(granted, findings)
    if me is not None and not pinned.allows(me.customer_id):
        # Whose it is comes first: of another organization nothing more is read.
        began(FindingId.CUSTOMER)
        pinned.refuse(me.customer_id, findings)
    elif me is not None:
        began(FindingId.FULL_ADMIN)
        if _check_admin(me, address, findings) and scopes_fine:
            customer = _check_customer(reader, findings, pinned, cancel=cancel, began=began)
    strange = findings.has(FindingId.DOMAIN, Verdict.WARNING)
    if customer is not None and not strange:
        began(FindingId.TEST_READ)
        people = _test_read(reader, findings, cancel)
    flight = PreFlight(findings=tuple(findings.all), customer=customer, people=people)
    return _to_decide(flight, strange=strange, without=without)


def _to_decide(flight: PreFlight, *, strange: bool, without: tuple[str, ...]) -> PreFlight:
    """What a person has to decide, where nothing else is in the way."""
    failed = {one.id for one in flight.findings if one.verdict is Verdict.FAILED}
    alone = bool(without) and failed == {FindingId.SCOPES} and not strange
    return replace(
        flight,
        needs_decision=(strange and flight.passed) or alone,
        without=without if alone else (),
    )


def go_on_checking(
    reader: GoogleReader,
    before: PreFlight,
    *,
    cancel: Cancel,
    began: Callable[[FindingId], None],
    found: Callable[[Finding], None],
) -> PreFlight:
    """The rest of the checks, once a person has said that the directory is theirs.

    `found` hears only what is new; the answer has everything. Raised is only
    `Trouble(CANCELLED)`.
    """
    findings = _Findings(found)
    for one in before.findings:
        if one.id is FindingId.SCOPES and before.without:
            # What was in the way is what they know of now.
            findings.warned(FindingId.SCOPES, **dict(one.facts))
    kept = [one for one in before.findings if not (one.id is FindingId.SCOPES and before.without)]
    tested = [one for one in kept if one.id is FindingId.TEST_READ]
    people = before.people
    if not tested:
        began(FindingId.TEST_READ)
        people = _test_read(reader, findings, cancel)
    return PreFlight(findings=(*kept, *findings.all), customer=before.customer, people=people)


def _own_entry(
    reader: GoogleReader,
    findings: _Findings,
    pinned: _Pinned,
    *,
    proxy: str,
    clock: Clock,
    cancel: Cancel,
    began: Callable[[FindingId], None],
) -> UserWire | None:
    """Ask for the admin's own entry; the answer also tells that Google answers, and its time."""
    before = clock.now()
    try:
        answer = reader.own_answer(cancel)
    except Trouble as trouble:
        if trouble.code is Code.CANCELLED:
            raise
        if trouble.code in _NETWORK:
            findings.failed(FindingId.REACHABLE, trouble.code, host=reader.host, proxy=proxy)
            return None
        findings.passed(FindingId.REACHABLE, host=reader.host, proxy=proxy)
        _refused(reader, trouble, findings, pinned, cancel=cancel, began=began)
        return None
    findings.passed(FindingId.REACHABLE, host=reader.host, proxy=proxy)
    clock_is = clock_finding(answer, before.timestamp())
    if clock_is is not None:
        findings.add(clock_is)
    try:
        return answer.read(UserWire)
    except Trouble as trouble:
        began(FindingId.FULL_ADMIN)
        findings.failed(FindingId.FULL_ADMIN, trouble.code, address=pinned.address)
        return None


def _refused(
    reader: GoogleReader,
    trouble: Trouble,
    findings: _Findings,
    pinned: _Pinned,
    *,
    cancel: Cancel,
    began: Callable[[FindingId], None],
) -> None:
    """What it means that Google does not show people their own entry."""
    code = trouble.code
    if code is Code.SCOPES_MISSING:
        return  # the check of the scopes says which
    if code is Code.DIRECTORY_FORBIDDEN:
        # Google says the same to people who are no admins, and to admins somewhere else.
        found = _leads_to(reader, cancel) if pinned.customer_id is not None else None
        if not pinned.allows(found):
            began(FindingId.CUSTOMER)
            pinned.refuse(found, findings)
            return
        code = Code.NOT_A_FULL_ADMIN
    began(FindingId.FULL_ADMIN)
    findings.failed(FindingId.FULL_ADMIN, code, address=pinned.address)


def _leads_to(reader: GoogleReader, cancel: Cancel) -> str | None:
    """The customer that the sign-in leads to, None where that is not told either."""
    try:
        return reader.own_customer(cancel)
    except Trouble as trouble:
        if trouble.code is Code.CANCELLED:
            raise
        return None


def clock_finding(answer: Answer, now: float) -> Finding | None:
    """How far this computer's clock is off, by the `Date` of an answer; None where it has none.

    `now` is in seconds since 1970. Signed tokens and leases need the right time: beyond a
    minute it is a warning, beyond five nothing works for sure.
    """
    try:
        there = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None
    off = abs(round(now - there))
    verdict = Verdict.PASSED
    if off > _CLOCK_WARNING:
        verdict = Verdict.WARNING
    if off > _CLOCK_FAILED:
        verdict = Verdict.FAILED
    code = Code.CLOCK_WRONG if verdict is Verdict.FAILED else None
    return Finding(id=FindingId.CLOCK, verdict=verdict, facts=(("seconds", off),), code=code)


def _check_scopes(granted: frozenset[str], findings: _Findings) -> tuple[bool, tuple[str, ...]]:
    """Whether what is needed was granted, and what was left out where one can do without it."""
    missing = missing_permissions(granted)
    if not missing:
        findings.passed(FindingId.SCOPES)
        return True, ()
    needed = [permission for permission in missing if not permission.optional]
    keys = tuple(permission.reason for permission in missing)
    findings.failed(FindingId.SCOPES, Code.SCOPES_MISSING, missing=", ".join(keys), first=keys[0])
    return not needed, () if needed else keys


def _check_admin(me: UserWire, address: str, findings: _Findings) -> bool:
    """Full means super admin: `isAdmin`; an admin with a part of the rights is told apart."""
    if me.is_admin:
        findings.passed(FindingId.FULL_ADMIN, address=address)
        return True
    code = Code.DELEGATED_ADMIN if me.is_delegated_admin else Code.NOT_A_FULL_ADMIN
    findings.failed(FindingId.FULL_ADMIN, code, address=address)
    return False


def _check_customer(
    reader: GoogleReader,
    findings: _Findings,
    pinned: _Pinned,
    *,
    cancel: Cancel,
    began: Callable[[FindingId], None],
) -> Customer | None:
    """Whose directory it is, and whether it is the expected one."""
    began(FindingId.CUSTOMER)
    address, domain = pinned.address, pinned.domain
    try:
        customer = reader.customer(cancel)
    except Trouble as trouble:
        if trouble.code is Code.CANCELLED:
            raise
        findings.failed(FindingId.CUSTOMER, trouble.code)
        return None
    if not pinned.allows(customer.id):
        pinned.refuse(customer.id, findings)
        return None
    findings.passed(FindingId.CUSTOMER, domain=customer.primary_domain)
    began(FindingId.DOMAIN)
    verified = [one.name for one in customer.domains if one.verified]
    if domain.casefold() not in verified:
        findings.failed(
            FindingId.DOMAIN,
            Code.OTHER_CUSTOMER,
            address=address,
            domain=domain,
            expected_domain=customer.primary_domain,
        )
        return None
    if pinned.is_strange(verified):
        whose = customer.primary_domain or domain
        named = {"named": pinned.known_domain} if pinned.known_domain else {}
        findings.warned(FindingId.DOMAIN, domain=whose, person=pinned.person, **named)
    else:
        findings.passed(FindingId.DOMAIN, domain=domain)
    others = [name for name in verified if name != domain.casefold()]
    if others:
        findings.warned(FindingId.SECOND_DOMAIN, domain=others[0], count=len(others))
    return customer


def _test_read(reader: GoogleReader, findings: _Findings, cancel: Cancel) -> int:
    """Read everybody, whole, and keep nobody: it works or it does not."""
    people = 0
    try:
        with closing(reader.users(cancel)) as pages:
            for page in pages:
                people += len(page)
    except Trouble as trouble:
        if trouble.code is Code.CANCELLED:
            raise
        findings.failed(FindingId.TEST_READ, trouble.code)
        return 0
    if people == 0:
        findings.failed(FindingId.TEST_READ, Code.READ_EMPTY)
        return 0
    findings.passed(FindingId.TEST_READ, people=people)
    return people
