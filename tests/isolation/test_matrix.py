"""Every flow that writes meets others at once, or can meet nobody; how many pairs are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.isolation.matrix import Touched, footprints, pairs
from tests.isolation.money.test_each_with_itself import ERASED
from tests.isolation.money.test_with_each_other import PAIRS
from tests.isolation.scenes import KIOSK
from tests.makers import Shop

pytestmark = pytest.mark.slow


def test_who_reads_meets_who_writes_and_who_only_adds_meets_nobody_else() -> None:
    adds = Touched(frozenset({"entry", "lot"}), frozenset({"member"}))
    also = Touched(frozenset({"entry"}), frozenset())
    reads = Touched(frozenset(), frozenset({"entry", "member"}))
    assert adds.meets(also) == set()
    assert adds.meets(reads) == reads.meets(adds) == {"entry"}
    assert adds.meets(adds) == {"lot"}


@pytest.fixture(scope="module")
def found(make_database: Callable[[], Any]) -> Iterator[dict[str, Touched]]:
    shop = Shop.open(make_database(), KIOSK)
    yield footprints(shop)
    shop.close()


def test_pairs_that_cannot_meet_are_those_that_share_no_table(
    found: dict[str, Touched], capsys: pytest.CaptureFixture[str]
) -> None:
    played = {frozenset(one) for one in PAIRS} | {frozenset((one, "erase")) for one in ERASED}
    apart, at_once, left = [], [], []
    for one, other, where in pairs(found):
        kind = apart if not where else at_once if frozenset((one, other)) in played else left
        kind.append((one, other, sorted(where)))
    with capsys.disabled():
        print(f"\n{len(found)} operations: {len(apart)} pairs cannot meet, {len(at_once)} are "
              f"played by name, {len(left)} by turns each night")  # fmt: skip
    assert sorted(name for name, one in found.items() if not one.written) == []
    assert found["purchase"].written >= {"standing", "balance", "lot"}
    assert "standing" not in found["keep a partner"].written
    assert all(frozenset(one[:2]) not in played for one in apart), "played, and cannot meet"


def test_what_a_function_of_the_database_does_is_seen(found: dict[str, Touched]) -> None:
    """An erasure goes through one: read out of its statements it met nobody but at the standing."""
    assert found["erase"].written >= {"message", "delivery", "till_record", "bank_account"}
    assert "bank_account" in found["erase"].meets(found["say a bank account"])
