from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.content.workspaces import domain_problem_words
from wizard.core.domains import DomainProblem, domain_of, is_public_mail, read_domain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("halden-freight.example", "halden-freight.example"),
        ("  Halden-Freight.EXAMPLE ", "halden-freight.example"),
        ("https://www.halden-freight.example/about?from=mail#top", "halden-freight.example"),
        ("ingrid.solberg@halden-freight.example", "halden-freight.example"),
        ("@halden-freight.example", "halden-freight.example"),
        ("halden-freight.example.", "halden-freight.example"),
        ("halden.example:8443", "halden.example"),
        ("sub.halden.example", "sub.halden.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("live.example", "live.example"),
        ("yahoo.halden.example", "yahoo.halden.example"),
    ],
)
def test_what_people_type_and_paste_is_cut_to_its_domain(typed: str, meant: str) -> None:
    told = read_domain(typed)
    assert (told.name, told.problem) == (meant, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", DomainProblem.EMPTY),
        ("  @ ", DomainProblem.EMPTY),
        ("https://", DomainProblem.EMPTY),
        ("halden-freight", DomainProblem.NO_ENDING),
        ("10.0.0.1", DomainProblem.NO_ENDING),
        ("halden.e", DomainProblem.NO_ENDING),
        ("halden freight.example", DomainProblem.CHARACTERS),
        ("halden_freight.example", DomainProblem.CHARACTERS),
        ("-halden.example", DomainProblem.CHARACTERS),
        ("halden..example", DomainProblem.CHARACTERS),
        ("halden\u0000.example", DomainProblem.CHARACTERS),
        (f"{'a' * 64}.example", DomainProblem.CHARACTERS),
        (f"{'a.' * 200}example", DomainProblem.TOO_LONG),
        ("gmail.com", DomainProblem.PUBLIC),
        ("ingrid@GoogleMail.com", DomainProblem.PUBLIC),
        ("yahoo.co.uk", DomainProblem.PUBLIC),
        ("hotmail.fr", DomainProblem.PUBLIC),
        ("outlook.com", DomainProblem.PUBLIC),
    ],
)
def test_what_is_no_domain_of_an_organization_is_told_why(
    typed: str, problem: DomainProblem
) -> None:
    assert read_domain(typed).problem is problem


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_a_domain_or_a_sentence(typed: str) -> None:
    told = read_domain(typed)
    if told.problem is None:
        assert read_domain(told.name) == told
        assert told.name.isascii()
    else:
        words = domain_problem_words(told.problem, told.name)
        assert words
        assert len(words) <= 200


def test_the_domain_of_an_address_is_in_small_letters() -> None:
    assert domain_of("Ingrid@Halden.Example") == "halden.example"
    assert domain_of("nobody") == ""


def test_an_organizations_own_subdomain_is_not_public() -> None:
    assert is_public_mail("GMAIL.com")
    assert not is_public_mail("mail.gmail.com.halden.example")
