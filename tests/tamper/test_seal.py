"""What happened is sealed once, whole, in order, and none is lost."""

from __future__ import annotations

from tests.tamper import reference
from tests.tamper.vault import Vault, a_few_weeks


def books_of(vault: Vault) -> reference.Books:
    tables = {
        table: [dict(row) for row in vault.rows(sql, vault.shop.program_id)]
        for table, sql in reference.questions().items()
    }
    return reference.Books(tables)


def test_everything_is_sealed_and_the_reference_finds_the_same_chain(vault: Vault) -> None:
    a_few_weeks(vault)
    report = vault.verify(vault.checkpoints())
    assert report.wrong == ()
    (chain,) = report.chains
    kinds = dict(vault.rows("select kind, count(*) from seal_link group by 1"))
    asked = "select count(*) from activity union all select count(*) from entry"
    activities, entries = (row[0] for row in vault.rows(asked))
    assert kinds == {1: activities, 2: entries, 4: 1}
    assert (chain.links, chain.waiting) == (activities + entries + 1, 0)
    newest = vault.checkpoints()[-1]
    assert (newest.size, chain.anchored) == (chain.links, chain.links)
    links = [dict(row) for row in vault.rows("select * from seal_link")]
    head = books_of(vault).head(links, vault.shop.program_id, newest.chain_id)
    assert head == newest.head
