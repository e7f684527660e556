"""An erased member's texts are gone for good, and the chain still verifies; a pretence shows."""

from __future__ import annotations

from typing import Any

from tests.makers import buys, by
from tests.tamper.vault import Vault, a_few_weeks

from regulars.flows.commands import Adjust


def member(vault: Vault, name: str) -> Any:
    asked = "select member_id from identifier where kind = 'external' and value = $1"
    return vault.rows(asked, name)[0][0]


def test_after_an_erasure_everything_else_still_verifies(vault: Vault) -> None:
    a_few_weeks(vault, 3)
    before = vault.checkpoints()
    ada = member(vault, "ada")
    vault.erase(ada)
    vault.seal()
    report = vault.verify(before)
    (chain,) = report.chains
    assert (report.wrong, chain.erased) == ((), 1)
    assert any("erased members are gone and can no longer" in said for said in chain.not_provable)
    assert vault.rows("select salt from seal_salt where member_id = $1", ada) == [(None,)]
    sealed = vault.rows("select subject_id from seal_link where kind = 5")
    assert sealed == [(ada,)]


def test_what_is_booked_after_an_erasure_is_sealed_without_a_salt_anybody_keeps(
    vault: Vault,
) -> None:
    a_few_weeks(vault, 3)
    ada = member(vault, "ada")
    vault.erase(ada)
    vault.shop.record(buys(by(external="ada"), 700, receipt="afterwards"))
    vault.seal()
    assert vault.verify(vault.checkpoints()).right
    assert vault.rows("select salt from seal_salt where member_id = $1", ada) == [(None,)]


def test_erasing_before_anything_was_sealed_and_twice_is_erasing_once(vault: Vault) -> None:
    a_few_weeks(vault, 2, seal=lambda: None)
    for _ in range(2):
        vault.erase(member(vault, "bob"))
        vault.seal()
    assert vault.rows("select count(*) from seal_link where kind = 5") == [(1,)]
    assert vault.verify(vault.checkpoints()).right


def test_points_of_an_erased_member_are_still_proven(vault: Vault) -> None:
    a_few_weeks(vault, 2)
    ada = member(vault, "ada")
    vault.erase(ada)
    vault.seal()
    vault.tamper(
        "update posting set amount = amount + 1 where member_id = $1 and line = 1", args=(ada,)
    )
    found = {each.code for each in vault.verify(vault.checkpoints()).wrong}
    assert found == {"row_changed"}


def test_a_salt_that_is_merely_gone_is_no_erasure(vault: Vault) -> None:
    a_few_weeks(vault, 2)
    vault.tamper("delete from seal_salt where member_id = $1", args=(member(vault, "bob"),))
    found = {each.code for each in vault.verify(vault.checkpoints()).wrong}
    assert found == {"salt_missing"}


def test_an_erasure_that_hides_from_the_sealer_is_found(vault: Vault) -> None:
    a_few_weeks(vault, 2)
    bob = member(vault, "bob")
    for hidden_at in (3, 2**62):
        vault.tamper(
            f"update seal_salt set salt = null, erased_at = now(), erased_tx = {hidden_at} "
            "where member_id = $1", args=(bob,),
        )  # fmt: skip
        vault.seal()
        found = vault.verify(vault.checkpoints()).wrong
        assert [(each.code, each.table, each.subject_id) for each in found] == [
            ("row_unsealed", "seal_salt", bob)
        ]


def test_a_text_cannot_be_guessed_from_what_the_chain_keeps(vault: Vault) -> None:
    """Two members get the same words; what is kept of them has nothing in common."""
    shop = vault.shop
    for name in shop.joined("ada", "bob"):
        shop.adjust(Adjust(name, "points", 5, "the very same words", "till-1"))
    vault.seal()
    kept = vault.rows("select secret from seal_link where kind = 2")
    assert len({row[0] for row in kept}) == 2
