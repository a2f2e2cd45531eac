from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.directory import DirectoryUser, MemberKind, UserState
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.providers.google.errors import google_refusal, google_transient, is_googles_not_found
from wizard.providers.google.wire import MembersPage, UnitsPage, UsersPage

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PERSON = st.fixed_dictionaries(
    {"id": st.text(min_size=1)},
    optional={
        "primaryEmail": st.text(),
        "name": st.fixed_dictionaries(
            {}, optional={"givenName": st.text(), "familyName": st.text()}
        ),
        "suspended": st.booleans(),
        "archived": st.booleans(),
        "isAdmin": st.booleans(),
        "orgUnitPath": st.text(),
        "aliases": st.lists(st.text()),
        "customerId": st.text(),
        "somethingNew": ANYTHING,
    },
)


def answered(content: object, status: int = 200) -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer(status=status, headers={}, body=body, host="admin.googleapis.com", path="/users")


@given(people=st.lists(PERSON, max_size=5))
def test_every_person_is_kept_as_told(people: list[dict[str, object]]) -> None:
    page = answered({"users": people}).read(UsersPage)
    users = [wire.user() for wire in page.users or []]
    assert [user.id for user in users] == [person["id"] for person in people]
    for user, person in zip(users, people, strict=True):
        assert user.address == person.get("primaryEmail", "")
        inactive = bool(person.get("archived") or person.get("suspended"))
        assert (user.state is UserState.ACTIVE) is not inactive
        assert user.aliases == tuple(person.get("aliases", ()))  # type: ignore[arg-type]  # a list of text


@given(person=st.dictionaries(st.sampled_from(["id", "primaryEmail", "name", "aliases"]), ANYTHING))
def test_a_person_is_understood_whole_or_the_page_is_refused(person: dict[str, object]) -> None:
    try:
        page = answered({"users": [person]}).read(UsersPage)
    except Trouble as trouble:
        if trouble.code is not Code.ANSWER_NOT_UNDERSTOOD:
            raise
        return
    (wire,) = page.users or []
    assert isinstance(wire.user(), DirectoryUser)
    assert wire.id == person["id"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"users": [{"id": "1', b"\xff\xfe", b"<html>", b"[]"]
)
def test_a_torn_page_is_refused(body: bytes) -> None:
    with pytest.raises(Trouble) as caught:
        answered(body).read(UsersPage)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


@given(content=ANYTHING, status=st.sampled_from([400, 401, 403, 404, 429, 500, 503]))
def test_every_refusal_means_something_and_none_means_gone_by_chance(
    content: object, status: int
) -> None:
    answer = answered({"error": content}, status)
    assert google_refusal(answer).code is not Code.INTERNAL
    assert not is_googles_not_found(answer)
    google_transient(answer)


@given(raw=st.binary(max_size=40))
def test_bytes_that_are_no_refusal_of_googles_are_no_evidence(raw: bytes) -> None:
    assert not is_googles_not_found(answered(raw, 404))
    assert google_refusal(answered(raw, 403)).code is Code.ANSWER_NOT_UNDERSTOOD


def test_a_unit_that_vanished_with_its_children_leaves_no_root_behind() -> None:
    assert answered({"organizationUnits": []}).read(UnitsPage).units() == []


@given(kind=st.text(), member_id=st.text())
def test_only_google_s_own_kinds_make_somebody_a_member(kind: str, member_id: str) -> None:
    page = answered({"members": [{"id": member_id, "type": kind}]}).read(MembersPage)
    (edge,) = [member.edge("g") for member in page.members or []]
    known = {"USER", "GROUP", "CUSTOMER"}
    assert (edge.kind is MemberKind.OUTSIDE) is (kind not in known)
    if edge.kind is MemberKind.EVERYONE:
        assert edge.member_id == ""
