from __future__ import annotations

from wizard.services.counting import Comparison, Counted, compare

EXPECTED = {"1": "ana@nordby.example", "2": "bo@nordby.example"}


def account(number: int, who: str, *, active: bool = True, customer: str = "C01") -> Counted:
    key = f"google:{customer}:{who}" if who else ""
    return Counted(id=f"a{number}", external_id=key, address=f"{number}@x.example", active=active)


def found(*accounts: Counted, before: frozenset[str] = frozenset()) -> Comparison:
    return compare(EXPECTED, accounts, customer_id="C01", before=before)


def test_everyone_with_exactly_one_account_is_exact() -> None:
    result = found(account(1, "1"), account(2, "2"))
    assert result.exact
    assert result.exactly_one == result.in_scope == 2


def test_somebody_without_an_account_is_named() -> None:
    result = found(account(1, "1"))
    assert not result.exact
    assert result.without == ("bo@nordby.example",)


def test_an_account_that_is_switched_off_does_not_count() -> None:
    assert found(account(1, "1"), account(2, "2", active=False)).without == ("bo@nordby.example",)


def test_somebody_with_two_accounts_is_named() -> None:
    result = found(account(1, "1"), account(2, "2"), account(3, "2"))
    assert not result.exact
    assert result.with_two == ("bo@nordby.example",)


def test_an_account_for_nobody_in_scope_is_a_stranger_unless_it_was_there_before() -> None:
    fine = account(1, "1"), account(2, "2")
    for extra in (account(3, ""), account(3, "9"), account(3, "1", customer="C02")):
        assert not found(*fine, extra).exact
        assert found(*fine, extra).strangers == ("3@x.example",)
        kept = found(*fine, extra, before=frozenset({"a3"}))
        assert kept.exact
        assert kept.before == ("3@x.example",)


def test_nobody_in_scope_is_no_success() -> None:
    assert not compare({}, [], customer_id="C01", before=frozenset()).exact
