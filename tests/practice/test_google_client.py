"""The Google client against the practice organization: sign-in, tokens, checks and reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.practice.google_world import DEPUTY, PEOPLE, Client
from tests.practice.visitor import ADMIN, ORDINARY, OTHER_ADMIN, World, practice
from wizard.auth.tokens import TokenSet, TokenSource
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import MemberKind, ProviderId, UserState
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import (
    DirectoryReader,
    FindingId,
    PreFlight,
    Verdict,
    WorkspaceAccount,
)
from wizard.providers.google.permissions import DIRECTORY_SCOPES, PERMISSIONS
from wizard.store.database import Database
from wizard.sync.read import ReadResult, read_directory
from wizard.sync.snapshot import pin_connection
from wizard.vault.vault import MemoryVault


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("google"), people=PEOPLE) as running:
        yield running


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    world.tell("clear-faults")
    with ExitStack() as stack:
        yield Client(world, stack)
    world.tell("clear-faults")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "sync.db", SystemClock())) as opened:
        yield opened


def read(
    client: Client, database: Database, reader: DirectoryReader, *, groups: bool = False
) -> ReadResult:
    pin_connection(
        database,
        provider=ProviderId.GOOGLE,
        customer_id=reader.customer(Cancel()).id,
        ou_id="ou",
        account_id="oa",
    )
    return read_directory(
        database, reader, needs_groups=groups, cancel=Cancel(), progress=lambda _d, _t: None
    )


def check(client: Client, account: WorkspaceAccount, pinned: str | None = None) -> PreFlight:
    return client.google.check(
        account,
        pinned_customer=pinned,
        proxy="",
        cancel=Cancel(),
        began=lambda _check: None,
        found=lambda _finding: None,
    )


def failures(result: PreFlight) -> list[tuple[FindingId, Code | None]]:
    return [(one.id, one.code) for one in result.findings if one.verdict is Verdict.FAILED]


# ------------------------------------------------------------------ sign-in


def test_an_admin_signs_in_and_everything_asked_for_is_granted(client: Client) -> None:
    account = client.sign_in()
    assert account.address == ADMIN
    assert account.domain == "nordby.example"
    assert account.granted >= DIRECTORY_SCOPES
    assert account.tokens.refresh_token
    assert account.tokens.expires_at is not None
    assert account.tokens.expires_at > client.clock.now()
    (waiting,) = client.waited
    assert waiting.url.startswith("http://127.0.0.1:")
    for parameter in ("code_challenge_method=S256", "access_type=offline", "state=", "nonce="):
        assert parameter in waiting.url
    assert account.tokens.access_token not in repr(account)
    assert client.stuck == []


def test_boxes_left_empty_come_back_as_not_granted(client: Client) -> None:
    groups = next(one.scope for one in PERMISSIONS if one.reason == "groups")
    account = client.sign_in(untick=frozenset({groups}))
    assert account.granted >= DIRECTORY_SCOPES - {groups}
    assert groups not in account.granted
    assert failures(check(client, account)) == [(FindingId.SCOPES, Code.SCOPES_MISSING)]


def test_a_refusal_in_the_browser_is_told_as_one(client: Client) -> None:
    with pytest.raises(Trouble) as caught:
        client.sign_in(refuse=True)
    assert caught.value.code is Code.SIGN_IN_REFUSED


def test_a_token_endpoint_that_is_down_is_not_taken_for_a_refusal(client: Client) -> None:
    client.fault(path_prefix="/token", status=503, times=9, every=1)
    with pytest.raises(Trouble) as caught:
        client.sign_in()
    assert caught.value.code is Code.SERVICE_UNAVAILABLE


def test_an_ending_that_never_redirects_ends_with_the_time_limit(client: Client) -> None:
    client.world.tell("endings", {"google": "admin_policy_enforced"})
    with pytest.raises(Trouble) as caught:
        client.sign_in(seconds=1.0)
    assert caught.value.code in {Code.SIGN_IN_TIMED_OUT, Code.CANCELLED}
    client.world.tell("endings", {"google": "none"})


# ------------------------------------------------------------------ tokens


def test_tokens_are_renewed_and_work(client: Client) -> None:
    account = client.sign_in()
    fresh = client.google.refresher().refresh(account.tokens, Cancel())
    assert fresh.access_token != account.tokens.access_token
    assert fresh.scopes == account.granted
    assert fresh.expires_at is not None
    assert fresh.expires_at > client.clock.now()


def test_a_revoked_sign_in_has_expired(client: Client) -> None:
    account = client.sign_in()
    client.google.revoke(account.tokens, Cancel())
    client.google.revoke(account.tokens, Cancel())
    with pytest.raises(Trouble) as caught:
        client.google.refresher().refresh(account.tokens, Cancel())
    assert caught.value.code is Code.SIGN_IN_EXPIRED


def test_tokens_that_expire_in_mid_read_are_renewed_and_the_read_goes_on(
    client: Client, database: Database
) -> None:
    account = client.sign_in()
    source = TokenSource(
        vault=MemoryVault(),
        entry="google/one",
        refresher=client.google.refresher(),
        clock=client.clock,
    )
    source.keep(account.tokens, Cancel())
    reader = client.reader(account, source)
    pages = reader.users(Cancel())
    people = len(next(pages))
    client.world.tell("expire-tokens", {"stand_in": "google"})
    people += sum(len(page) for page in pages)
    assert people >= PEOPLE
    kept = source.tokens()
    assert isinstance(kept, TokenSet)
    assert read(client, database, reader).people == people


# ------------------------------------------------------------------ checks


def test_the_admin_passes_every_check(client: Client) -> None:
    result = check(client, client.sign_in())
    assert failures(result) == []
    assert result.customer is not None
    assert result.customer.primary_domain == "nordby.example"
    assert result.people >= PEOPLE
    passed = {one.id for one in result.findings if one.verdict is Verdict.PASSED}
    assert passed >= {FindingId.FULL_ADMIN, FindingId.CLOCK, FindingId.TEST_READ}


def test_the_ordinary_user_is_stopped_at_the_findings(client: Client) -> None:
    account = client.sign_in(ORDINARY)
    assert failures(check(client, account)) == [(FindingId.FULL_ADMIN, Code.NOT_A_FULL_ADMIN)]


def test_an_admin_with_a_part_of_the_rights_is_told_apart(client: Client) -> None:
    account = client.sign_in(DEPUTY)
    assert failures(check(client, account)) == [(FindingId.FULL_ADMIN, Code.DELEGATED_ADMIN)]


def test_another_customers_admin_cannot_take_over_a_connection(client: Client) -> None:
    pinned = client.reader(client.sign_in()).customer(Cancel()).id
    other = client.sign_in(OTHER_ADMIN)
    assert check(client, other).passed
    assert failures(check(client, other, pinned)) == [(FindingId.CUSTOMER, Code.OTHER_CUSTOMER)]


def test_tokens_that_lead_to_another_customer_are_noticed(client: Client) -> None:
    account = client.sign_in()
    pinned = client.reader(account).customer(Cancel()).id
    assert check(client, account, pinned).passed
    client.world.tell("swap-customer")
    assert failures(check(client, account, pinned)) == [(FindingId.CUSTOMER, Code.OTHER_CUSTOMER)]


# ------------------------------------------------------------------ reads


def test_a_read_holds_exactly_the_people_of_the_organization(
    client: Client, database: Database
) -> None:
    result = read(client, database, client.reader(client.sign_in()), groups=True)
    with database.read() as reading:
        active = reading.values(
            str, "SELECT id FROM snap_user WHERE state = ?", (UserState.ACTIVE.value,)
        )
        assert set(active) == {one["id"] for one in client.world.lines("expected")}
        kinds = set(reading.values(MemberKind, "SELECT DISTINCT kind FROM snap_member"))
        assert kinds == set(MemberKind)
        assert reading.value(int, "SELECT count(*) FROM snap_unit WHERE parent_id = ''") == 1
        lost = "SELECT count(*) FROM snap_user WHERE unit_path NOT IN (SELECT path FROM snap_unit)"
        assert reading.value(int, lost) == 0
        assert reading.value(int, "SELECT count(*) FROM snap_deleted") > 0
        groups = reading.value(int, "SELECT count(*) FROM snap_group")
    assert result.people >= PEOPLE
    assert result.requests <= groups + 20
    assert client.world.ask("counts")["google"]["most_in_flight"] <= 5


def test_a_scope_of_one_group_reads_that_group_and_those_within_it(
    client: Client, database: Database
) -> None:
    reader = client.reader(client.sign_in())
    read(client, database, reader, groups=True)
    nested = "SELECT min(group_id) FROM snap_member WHERE kind = 'group'"
    reach = """
        WITH RECURSIVE reach (id) AS (
            SELECT :root UNION
            SELECT member_id FROM reach JOIN snap_member ON group_id = id AND kind = 'group')
        SELECT count(*) FROM reach"""
    with database.read() as reading:
        root = reading.value(str, nested)
        reached = reading.value(int, reach, {"root": root})
        all_groups = reading.value(int, "SELECT count(*) FROM snap_group")
        edges = reading.all(dict, "SELECT * FROM snap_member WHERE group_id = ?", (root,))
    client.world.tell("reset-counts")
    read_directory(
        database,
        reader,
        needs_groups=True,
        groups=frozenset({root}),
        cancel=Cancel(),
        progress=lambda _done, _total: None,
    )
    paths = client.world.ask("counts")["google"]["by_path"]
    asked = sum(count for path, count in paths.items() if path.endswith("/members"))
    assert 1 < reached < all_groups
    assert asked == reached
    with database.read() as reading:
        again = reading.all(dict, "SELECT * FROM snap_member WHERE group_id = ?", (root,))
        assert reading.value(int, "SELECT count(DISTINCT group_id) FROM snap_member") <= reached
    assert sorted(map(str, again)) == sorted(map(str, edges))


def test_a_page_that_fails_half_way_leaves_the_snapshot_as_it_was(
    client: Client, database: Database
) -> None:
    reader = client.reader(client.sign_in())
    before = read(client, database, reader).people
    client.fault(
        path_prefix="/admin/directory/v1/users", method="GET", nth=3, every=1, times=99, status=403
    )
    with pytest.raises(Trouble):
        read_directory(
            database, reader, needs_groups=False, cancel=Cancel(), progress=lambda _d, _t: None
        )
    with database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM snap_user") == before


def test_a_dropped_connection_is_tried_again(client: Client, database: Database) -> None:
    reader = client.reader(client.sign_in())
    client.fault(path_prefix="/admin/directory/v1/users", nth=2, action="drop")
    client.fault(path_prefix="/admin/directory/v1/users", nth=4, status=503)
    assert read(client, database, reader).people >= PEOPLE


def test_a_directory_that_suddenly_reads_empty_is_not_believed(
    client: Client, database: Database
) -> None:
    reader = client.reader(client.sign_in())
    read(client, database, reader)
    client.world.tell("empty-directory")
    with pytest.raises(Trouble) as caught:
        read(client, database, reader)
    assert caught.value.code is Code.READ_EMPTY


def test_another_customers_directory_is_never_read_into_this_one(
    client: Client, database: Database
) -> None:
    reader = client.reader(client.sign_in())
    before = read(client, database, reader).people
    client.world.tell("swap-customer")
    with pytest.raises(Trouble) as caught:
        read(client, database, reader)
    assert caught.value.code is Code.OTHER_CUSTOMER
    with database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM snap_user") == before


def test_people_let_go_are_gone_by_the_directorys_own_word(
    client: Client, database: Database
) -> None:
    reader = client.reader(client.sign_in())
    before = read(client, database, reader).people
    gone = client.world.tell("let-go", {"count": 60})["people"]
    assert read(client, database, reader).people == before - 60
    assert reader.look_up(gone[0]["id"], Cancel()).user is None
    with database.read() as reading:
        deleted = set(reading.values(str, "SELECT id FROM snap_deleted"))
    assert {one["id"] for one in gone} <= deleted
