"""Whatever ids a service chooses, each has a place of its own in the vault."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wizard.vault.names import entry_name
from wizard.vault.vault import MemoryVault

IDS = st.text(max_size=250) | st.sampled_from(["", "ou 1", "../x", "a/b", "été", "x" * 500, "a\n"])


def test_an_ordinary_id_stays_readable() -> None:
    assert entry_name("google", "ou-1", "C01abc") == "google/ou-1/C01abc"
    assert entry_name("provisioning", "oa-1") == "provisioning/oa-1"


@given(IDS, IDS)
def test_every_id_makes_a_name_that_the_vault_takes(unit: str, customer: str) -> None:
    vault = MemoryVault()
    name = entry_name("google", unit, customer)
    vault.set(name, "word")
    assert vault.names() == (name,)


@given(st.tuples(IDS, IDS), st.tuples(IDS, IDS))
def test_different_ids_never_share_a_place(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (entry_name("google", *one) == entry_name("google", *other)) is (one == other)


def test_an_id_that_looks_hashed_is_not_taken_for_the_one_it_stands_for() -> None:
    strange = entry_name("provisioning", "oa 1")
    assert entry_name("provisioning", strange.partition("/")[2]) != strange
