"""The state machine: what people, computers and networks do, in any order, around the real sync."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.practice.state_machine.office import Office
from tests.practice.state_machine.organization import (
    ADMIN_ID,
    ELSEWHERE,
    GRANTED,
    HERE,
    SECOND,
)
from tests.practice.state_machine.people import DOMAINS, NUMBER, SMALL, a_step
from tests.practice.state_machine.runs import RunRules
from tests.practice.state_machine.troubles import (
    ACCOUNT_FAULTS,
    ACCOUNT_PLACES,
    ENDS,
    GOOGLE_FAULTS,
    GOOGLE_PLACES,
    UNANSWERED,
    Fault,
)
from tests.practice.state_machine.truth import Account
from tests.practice.state_machine.watch import Watch
from tests.practice.state_machine.wire import WRITES, Strike, without
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    Limits,
    NotActive,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)


class Machine(RunRules):
    """One example: an organization with a past of its own."""

    @initialize(people=st.integers(1, 26), grace=st.sampled_from((0, 0, 1, 7)), first=st.booleans())
    def begin(self, people: int, grace: int, first: bool) -> None:
        self.org = self.stage.organization
        self.org.begin()
        self.settings = ProvisioningSettings(enabled=True, grace_days=grace)
        self.ended = False
        self._found_organization(people)
        self.org.save(self.settings)
        self.desks: dict[str, Watch] = {}
        self._sit_down(HERE)
        if first:
            self._preview()
            self._run()

    def _sit_down(self, installation: str) -> None:
        if installation not in self.desks:
            office = Office(
                organization=self.org,
                lines=self.stage.lines,
                folder=self.stage.folder / installation,
                installation=installation,
            )
            self.desks[installation] = Watch(organization=self.org, office=office)
        self.watch = self.desks[installation]
        self.office = self.watch.office
        self.office.sit_down()

    def _sit_down_elsewhere(self) -> None:
        self._heal()
        self.stage.counts["computers changed"] += 1
        self._sit_down(SECOND if self.office.installation == HERE else HERE)

    def teardown(self) -> None:
        """Every example ends at rest, unless something was wrong before."""
        if not hasattr(self, "watch"):
            return
        try:
            if not self.ended:
                self._rest()
        finally:
            self.stage.faults.update(self.org.wire.struck)
            self.org.wire.struck.clear()
            for watch in self.desks.values():
                watch.office.close()

    # ------------------------------------------------------------ settings

    @a_step(kind=st.integers(0, 13), one=NUMBER, two=SMALL)
    def the_scope_is_edited(self, kind: int, one: int, two: int) -> None:
        directory = self.org.directory
        units, groups = [*directory.units, "id:gone"], [*directory.groups, "gone"]
        unit, group = units[one % len(units)], groups[two % len(groups)]
        person = self._somebody(one, admin=True)
        who = person.id if person else "nobody"
        rules = kind % 7
        scope = (
            ScopeRule(),
            ScopeRule(kind=ScopeKind.RULES, unit_ids=(unit,), user_ids=(who,)),
            ScopeRule(kind=ScopeKind.RULES, group_ids=(group,), exclude_unit_ids=(unit,)),
            ScopeRule(kind=ScopeKind.RULES, user_ids=tuple(list(directory.people)[: 1 + two])),
            ScopeRule(kind=ScopeKind.RULES, domains=(DOMAINS[one % 2],), exclude_user_ids=(who,)),
            ScopeRule(exclude_group_ids=(group,), exclude_domains=(DOMAINS[1 + two % 2],)),
            ScopeRule(exclude_unit_ids=(unit,)),
        )[rules]
        if kind >= 7:
            keeps = NotActive.KEEP_INACTIVE
            scope = replace(scope, suspended=keeps, archived=keeps if two % 2 else scope.archived)
        self._save(replace(self.settings, scope=scope))

    @a_step(
        what=st.sampled_from(
            ("off", "on", "on", "grace", "leavers", "limits", "address", "protected")
        ),
        one=NUMBER,
    )
    def the_settings_are_edited(self, what: str, one: int) -> None:
        settings = self.settings
        if what in {"on", "off"}:
            settings = replace(settings, enabled=what == "on")
        elif what == "grace":
            settings = replace(settings, grace_days=(0, 1, 7)[one % 3])
        elif what == "leavers":
            policy = LeaverPolicy.KEEP if one % 3 == 0 else LeaverPolicy.DEACTIVATE
            settings = replace(settings, leavers=policy)
        elif what == "limits":
            limits = (Limits(), Limits(change_min=3), Limits(leave_percent=1, leave_max=2))
            settings = replace(settings, limits=limits[one % 3])
        elif what == "address":
            choice = AddressRule(choice=AddressChoice.IN_DOMAIN, domain=DOMAINS[1])
            if one % 3 == 1:
                choice = replace(choice, otherwise=AddressFallback.LEAVE_OUT)
            settings = replace(settings, address=choice if one % 3 else AddressRule())
        elif what == "protected":
            person = self._somebody(one)
            settings = replace(settings, protected=(person.address,) if person else ())
        self._save(settings)

    def _save(self, settings: ProvisioningSettings) -> None:
        self.settings = settings
        self.org.save(settings)

    # ------------------------------------------------------------ at the account service

    @a_step(kind=st.sampled_from((0, 1, 2, 3, 3, 3, 4, 5, 6, 7)), who=NUMBER)
    def an_account_stands_there(self, kind: int, who: int) -> None:
        person = self._somebody(who)
        if kind == 3:
            # Nobody has verified this domain, so whatever stands there is not the directory's.
            person = self._hire(1, who, f"unproven{self.serial}@{DOMAINS[2]}")
        address = person.address if person and kind < 6 else f"stranger{who}@{DOMAINS[kind % 3]}"
        taken = {account.key for account in self.org.accounts()}
        if address.casefold() in taken:
            return
        external = "elsewhere:C1:7" if kind == 1 else ""
        if external in {account.external for account in self.org.accounts()}:
            external = ""
        self.org.stands_there(address.title(), "Old", "Name", external=external)
        if kind == 2:
            self.org.edit_account(self.org.accounts()[-1], "active", 0)

    @a_step(
        what=st.sampled_from(
            ("name", "address", "off", "on", "delete", "no external id", "owner", "owner no more")
        ),
        who=NUMBER,
    )
    def somebody_edits_an_account(self, what: str, who: int) -> None:
        accounts = [one for one in self.org.accounts() if one.id not in {"u_owner", "u_admin"}]
        if not accounts:
            return
        account: Account = accounts[who % len(accounts)]
        if what == "name":
            self.org.rename_account(account, f"Edited{who}")
        elif what == "address":
            self.org.edit_account(account, "user_name", f"edited{who}.{account.id}@{DOMAINS[0]}")
        elif what in {"on", "off"} and not account.owner:
            self.org.edit_account(account, "active", int(what == "on"))
        elif what == "delete" and not account.owner:
            self.org.delete_account(account)
        elif what == "no external id":
            self.org.edit_account(account, "external_id", None)
        elif what.startswith("owner"):
            self.org.edit_account(account, "role", "owner" if what == "owner" else "member")

    # ------------------------------------------------------------ time and trouble

    @a_step(hours=st.sampled_from((1, 5, 12, 25, 49, 170, 200)))
    def time_goes_by(self, hours: int) -> None:
        self.org.clock.forward(hours=hours)

    @a_step(
        fault=st.sampled_from(GOOGLE_FAULTS),
        place=st.sampled_from(GOOGLE_PLACES),
        nth=st.integers(1, 4),
        times=st.sampled_from((1, 1, 2, 9, 30)),
        now=st.booleans(),
    )
    def google_fails(self, fault: Fault, place: str, nth: int, times: int, now: bool) -> None:
        self._strike(fault, place, nth, times)
        self._then(now=now)

    @a_step(
        fault=st.sampled_from(ACCOUNT_FAULTS),
        place=st.sampled_from(ACCOUNT_PLACES),
        nth=st.integers(1, 4),
        times=st.sampled_from((1, 1, 2, 9, 30)),
        now=st.booleans(),
    )
    def the_service_fails(self, fault: Fault, place: str, nth: int, times: int, now: bool) -> None:
        self._strike(fault, place, nth, times)
        self._then(now=now)

    @a_step(
        fault=st.sampled_from(UNANSWERED),
        what=st.sampled_from(("hire", "hire", "both", "delete")),
        people=st.integers(1, 6),
        who=NUMBER,
        nth=st.sampled_from((1, 1, 2)),
    )
    def what_is_written_is_not_answered(
        self, fault: Fault, what: str, people: int, who: int, nth: int
    ) -> None:
        for number in range(people):
            if what == "hire":
                self._comes("hire", who, number)
            elif what == "both":
                self._changes("both", who + number, number)
            elif not number:
                self._leaves("delete", who)
        self._strike(fault, WRITES, nth, 1)
        self._run()

    def _strike(self, fault: Fault, place: str, nth: int, times: int) -> None:
        self.org.wire.strikes.append(
            Strike(
                kind=fault.kind,
                name=fault.name,
                place=place,
                nth=nth,
                times=times,
                status=fault.status,
                reason=fault.reason,
                retry_after=fault.retry_after,
            )
        )

    @a_step(
        what=st.sampled_from(("killed before", "killed after")),
        nth=st.integers(1, 14),
        now=st.booleans(),
    )
    def the_process_is_killed_at_a_request(self, what: str, nth: int, now: bool) -> None:
        self._only_one_end()
        self.org.wire.strikes.append(Strike(kind=what, name=what, place="any", nth=nth))
        self._then(now=now)

    @a_step(
        what=st.sampled_from(("killed before", "killed after")),
        nth=st.integers(1, 2),
        now=st.booleans(),
    )
    def the_process_is_killed_while_writing(self, what: str, nth: int, now: bool) -> None:
        self._only_one_end()
        self.org.wire.strikes.append(
            Strike(kind=what, name=f"{what} a write", place=WRITES, nth=nth)
        )
        self._then(now=now)

    @a_step(where=st.sampled_from(ENDS), left=st.integers(0, 60), now=st.booleans())
    def the_process_is_killed_at_the_disk(self, where: str, left: int, now: bool) -> None:
        self._only_one_end()
        self.office.database.doom = (left, where)
        self._then(now=now)

    def _only_one_end(self) -> None:
        wire = self.org.wire
        wire.strikes = [one for one in wire.strikes if not one.kind.startswith("killed")]
        self.office.database.doom = None

    @a_step(
        what=st.sampled_from(
            (
                "lease lost",
                "switched off",
                "cancelled",
                "asleep",
                "scope edited",
                "group deleted",
                "somebody deleted",
                "somebody renamed",
                "somebody moved",
                "somebody hired",
            )
        ),
        place=st.sampled_from(("any", "google", "account", WRITES, "look-up")),
        nth=st.integers(1, 9),
        hours=st.sampled_from((0.1, 3.0, 30.0)),
        now=st.booleans(),
    )
    def something_happens_in_mid_run(
        self, what: str, place: str, nth: int, hours: float, now: bool
    ) -> None:
        acts: dict[str, Callable[[], None]] = {
            "lease lost": lambda: self.org.lease_to(ELSEWHERE),
            "switched off": lambda: self._save(replace(self.settings, enabled=False)),
            "cancelled": self._cancel,
            "asleep": lambda: self.org.clock.forward(hours=hours),
            "scope edited": lambda: self._save(replace(self.settings, scope=ScopeRule())),
            "group deleted": lambda: self._group_changes("delete", nth, 0),
            "somebody deleted": lambda: self._leaves("delete", nth),
            "somebody renamed": lambda: self._changes("both", nth, nth),
            "somebody moved": lambda: self._changes("move", nth, nth),
            "somebody hired": lambda: self._comes("hire", nth, nth),
        }
        self.org.wire.strikes.append(
            Strike(kind=what, name=what, place=place, nth=nth, act=acts[what])
        )
        self._then(now=now)

    def _cancel(self) -> None:
        """Whatever runs then is asked to stop."""
        self.office.cancel.stop()

    @a_step(
        what=st.sampled_from(
            ("empty", "other customer", "fewer rights", "no admin", *("some are not listed",) * 3)
        ),
        who=NUMBER,
        now=st.booleans(),
    )
    def the_directory_lies(self, what: str, who: int, now: bool) -> None:
        self._lie(what, who)
        self._then(now=now)

    def _lie(self, what: str, who: int) -> None:
        self.stage.faults[what] += 1
        if what == "empty":
            self.org.google.switches.empty = True
        elif what == "other customer":
            self.org.google.switches.swapped = True
        elif what == "fewer rights":
            self.office.granted = frozenset(GRANTED[:1] if who % 2 else (*GRANTED[:1], GRANTED[2]))
        elif what == "no admin":
            self.org.demote(admin=False)
        else:
            people = list(self.org.directory.people)
            hidden = {people[(who + n) % len(people)] for n in range(1 + who % 9)} - {ADMIN_ID}
            self.watch.hidden = hidden
            self.org.wire.hide = lambda place, body: (
                without(body, hidden) if place == "people" else body
            )
