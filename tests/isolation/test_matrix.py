"""Every flow that writes meets others at once, or can meet nobody; how many pairs are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.isolation.matrix import footprints, pairs, touched
from tests.isolation.money.test_each_with_itself import ERASED
from tests.isolation.money.test_with_each_other import PAIRS
from tests.isolation.scenes import KIOSK
from tests.makers import Shop

pytestmark = pytest.mark.slow


def test_what_a_statement_holds_and_writes_is_read_out_of_it() -> None:
    assert touched("select 1 from standing where true order by 1 for update") == {"standing"}
    assert touched("with a as (insert into lot (x) select 1) update balance set x = 1") == {
        "lot", "balance",
    }  # fmt: skip
    assert touched("select * from member") == set()
    assert touched("insert into entry (x) select 1") == set()


def test_pairs_that_cannot_meet_are_those_that_share_no_table(
    make_database: Callable[[], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop.open(make_database(), KIOSK)
    try:
        found = footprints(shop)
    finally:
        shop.close()
    played = {frozenset(one) for one in PAIRS} | {frozenset((one, "erase")) for one in ERASED}
    apart, at_once, left = [], [], []
    for one, other, where in pairs(found):
        kind = apart if not where else at_once if frozenset((one, other)) in played else left
        kind.append((one, other, sorted(where)))
    with capsys.disabled():
        print(f"\n{len(found)} operations: {len(apart)} pairs cannot meet, {len(at_once)} are "
              f"played by name, {len(left)} are not")  # fmt: skip
    empty = sorted(name for name, where in found.items() if not where)
    assert empty == []
    assert found["purchase"] >= {"standing", "balance", "lot"}
    assert "standing" not in found["keep a partner"]
    assert all(frozenset(one[:2]) not in played for one in apart), "played, and cannot meet"
