"""What is written in one round: each row by one write at most, else nothing is written at all.

Of two changes of one row in one statement PostgreSQL does one and says nothing of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop, buys

from regulars.base.tx import Write, together
from regulars.records.program.templates import load_template

EARNED = "update balance set earned = earned + 1 where program_id = $1::int"
HELD = "update balance set held = held + 1, available = available - 1 where program_id = $1::int"
BOOKED = "insert into balance (program_id) values ($1::int) on conflict do nothing"
LEFT = "delete from balance where program_id = $1::int"
ROW = "select earned, held from balance where program_id = $1"
SHELF = "update reward_stock set remaining = 1 where program_id = $1::int"


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    shop.record(buys(shop.joined("ada")[0], 10_000))
    yield shop
    shop.close()


def test_of_two_changes_of_one_row_in_one_statement_one_is_lost(shop: Shop) -> None:
    """The trap itself, in the PostgreSQL that is there: no error, and half of it is missing."""
    ((earned, held),) = shop.rows(ROW)
    both = f"with one as ({EARNED}), other as ({HELD}) select 1"
    shop.do(lambda tx, _: tx.fetch(both, tx.program_id))
    ((earned_now, held_now),) = shop.rows(ROW)
    assert sorted((earned_now - earned, held_now - held)) == [0, 1]


@pytest.mark.parametrize("other", [HELD, BOOKED, LEFT])
def test_a_round_with_two_writes_of_one_row_writes_nothing(shop: Shop, other: str) -> None:
    before = shop.rows(ROW)
    for texts in ((EARNED, other), (other, EARNED)):
        with pytest.raises(AssertionError, match="two writes of balance in one round"):
            shop.do(lambda tx, _, t=texts: tx.write([Write(sql, (tx.program_id,)) for sql in t]))
    assert shop.rows(ROW) == before


def test_whoever_names_the_same_row_twice_is_refused() -> None:
    writes = [Write(sql, (1,), rows=["a", name]) for sql, name in ((EARNED, "b"), (HELD, "c"))]
    with pytest.raises(AssertionError, match="two writes of one row of balance"):
        together(writes)
    with pytest.raises(AssertionError, match="two writes of balance"):
        together([writes[0], writes[1]._replace(rows=None)])


def test_writes_of_other_rows_that_say_so_are_one_statement() -> None:
    writes = [Write(sql, (1,), rows=[name]) for sql, name in ((EARNED, "b"), (HELD, "c"))]
    sql, args = together([*writes, Write(SHELF, (1,))])
    assert args == [1, 1, 1]
    assert "program_id = $3::int" in sql


@pytest.mark.parametrize(
    "aside",
    [
        "insert into posting (program_id) select $1::int  -- update balance set earned = 1",
        "insert into posting (program_id) select $1::int where 'delete from balance' <> ''",
        "insert into posting (program_id) select $1::int from balance for no key update",
        "insert into posting (program_id) values ($1::int) on conflict (program_id) do update"
        " set balance = 1",
    ],
)
def test_what_only_reads_of_a_table_is_no_write_of_it(aside: str) -> None:
    assert together([Write(EARNED, (1,)), Write(aside, (1,))])[1] == [1, 1]


def test_two_writes_that_only_add_rows_are_left_to_the_key_of_their_table() -> None:
    assert together([Write(BOOKED, (1,)), Write(BOOKED + "  ", (1,))])[1] == [1, 1]
