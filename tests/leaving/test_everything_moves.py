"""Whoever moves is answered there as here: choices, grants, plans, friends, prizes and teams."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.leaving.leaving import export_of
from tests.leaving.test_moves_in import MOVING, brought, wrong_books
from tests.leaving.whole_life import WHOLE, answers, deeds, lives
from tests.makers import Shop
from tests.surfaces.counter import Counter

USED = (*MOVING, "debts", "limits", "progress", "budgets", "had")


@pytest.fixture
def there(make_database: Callable[[], Any], cluster: Any) -> Iterator[Any]:
    made = make_database()
    yield made
    cluster.drop_database(made.name)


def test_every_answer_of_a_member_is_the_same_there(
    fresh_database: Any, there: Any, tmp_path: Path
) -> None:
    begins = datetime.now(UTC) - timedelta(days=9)
    shop = Shop.open(fresh_database, WHOLE, now=begins)
    lives(shop)
    export_of(shop, tmp_path / "x")
    other = Shop.open(there, WHOLE, now=begins)
    other.now = shop.now
    done = brought(other, tmp_path / "x" / "canonical", USED)
    slips = tmp_path / "x" / "canonical" / "slips.csv"
    assert (done.refusals, done.left_out) == ([], 0), slips.read_text()
    counted = {name: n for name, n in done.before.items() if name.startswith("had.")}
    assert {n.split(".")[1] for n in counted} == {
        "choice", "grant", "membership", "trial", "friend_code", "referral", "friends", "part",
        "prize", "team", "place", "taken",
    }  # fmt: skip
    arrived = {n: str(v) for n, v in done.arrived["used"].items() if n.startswith("had.")}
    assert arrived == counted
    assert wrong_books(other) == {}
    again = brought(other, tmp_path / "x" / "canonical", ("members", "had"))
    assert (again.taken, again.known) == (0, 21)
    here, moved = Counter(shop), Counter(other)
    found, wanted = answers(moved.get, other), answers(here.get, shop)
    assert {name: one for name, one in found.items() if one != wanted[name]} == {}
    assert other.told() == []
    assert deeds(other) == deeds(shop)
    assert wrong_books(other) == {}
    here.close()
    moved.close()
