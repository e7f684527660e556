"""Leaderboards: who has most of what was kept, by names that may be shown, each in its period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, merge
from tests.makers import Shop, brings_back, buys, line

from regulars.base.faults import NotFound
from regulars.flows.points.gaming.show_boards import Wanted, show_board, show_places
from regulars.records.members.types import Identifier, JoinMember, MemberRef

Open = Callable[[str], Shop]
BOARDS = """
regulars: 1
program: boards
name: Boards
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
leaderboards:
  - {id: coffees, name: Most coffees, measure: items, counts: {categories: [coffee]},
     stores: [mitte, altona], names: nickname, shows: 3}
  - {id: spent, name: Most spent, measure: spend, per: month, unlisted: shy}
"""
PEOPLE = {
    "ada": ("Ada", "Lovelace", {"nickname": "  Countess "}),
    "ben": ("ben", "", {"nickname": " "}),
    "cem": ("Cem", "Özil", {}),
    "dan": ("Dan", "Doe", {"unlisted": True, "shy": True}),
    "eve": ("", "", {}),
}


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(BOARDS))


def met(shop: Shop) -> Shop:
    """Five people are members; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    for name, (given, family, attributes) in PEOPLE.items():
        who = (Identifier("external", name),)
        shop.join(JoinMember(who, given, family, attributes=attributes))
    return shop


def coffees(shop: Shop, name: str, cups: int, receipt: str = "", **more: Any) -> None:
    sold = line(300 * cups, "coffee", cups)
    shop.record(buys(ref(name), sold, receipt=receipt, **({"store": "mitte"} | more)))


def board(shop: Shop, id_: str = "coffees", store: str = "mitte", on: str = "") -> list[Any]:
    wanted = Wanted(id_, store, date.fromisoformat(on) if on else None)
    found = shop.do(lambda tx, terms: show_board(tx, terms, wanted))
    return [(one.rank, one.name, one.score) for one in found.places]


def own(shop: Shop, name: str) -> list[tuple[str, str, int, int]]:
    ((who,),) = shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", name
    )
    found = shop.do(lambda tx, terms: show_places(tx, terms, who))
    return [(b.promise.id, b.store, b.places[0].rank, b.places[0].score) for b in found]


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_the_same_much_is_the_same_place_and_only_who_may_be_shown_is(shop: Shop) -> None:
    coffees(shop, "ada", 3)
    coffees(shop, "ben", 5)
    coffees(shop, "cem", 3)
    coffees(shop, "dan", 9)
    coffees(shop, "eve", 8)
    assert board(shop) == [(1, "B.", 5), (2, "Countess", 3), (2, "C. Ö.", 3)]
    assert board(shop, "spent", "") == [(1, "B.", 1500), (2, "A. L.", 900), (2, "C. Ö.", 900)]
    assert own(shop, "cem") == [("coffees", "mitte", 2, 3), ("spent", "", 2, 900)]
    assert (own(shop, "dan"), own(shop, "eve")) == ([], [])
    coffees(shop, "cem", 1)
    assert board(shop) == [(1, "B.", 5), (2, "C. Ö.", 4), (3, "Countess", 3)]
    block(shop, ref("ben"))
    assert board(shop)[0] == (1, "C. Ö.", 4)
    books(shop)


def test_each_store_and_week_has_its_own_and_what_is_late_counts_for_its_own(shop: Shop) -> None:
    coffees(shop, "ada", 2, store="altona")
    coffees(shop, "ada", 1, store="elsewhere")
    shop.record(buys(ref("ada"), line(900, "cake"), store="mitte"))
    shop.at("2026-03-09 00:00")
    coffees(shop, "ben", 1)
    coffees(shop, "cem", 4, occurred_at=shop.local("2026-03-08 23:59"))
    assert board(shop) == [(1, "B.", 1)]
    assert board(shop, on="2026-03-02") == [(1, "C. Ö.", 4)]
    assert board(shop, store="altona", on="2026-03-05") == [(1, "Countess", 2)]
    with pytest.raises(NotFound):
        board(shop, store="elsewhere")
    with pytest.raises(NotFound):
        board(shop, "nothing")


def test_what_comes_back_counts_no_more_and_two_who_become_one_count_together(shop: Shop) -> None:
    coffees(shop, "ada", 6, "a1")
    coffees(shop, "ben", 5, "b1")
    coffees(shop, "cem", 2, "c1")
    shop.record(brings_back("a1", (0, 2), receipt="ra1"))
    assert board(shop) == [(1, "B.", 5), (2, "Countess", 4), (3, "C. Ö.", 2)]
    merge(shop, ref("cem"), ref("ada"))
    assert board(shop) == [(1, "Countess", 6), (2, "B.", 5)]
    shop.record(brings_back("a1", receipt="ra2"), brings_back("c1", receipt="rc1"))
    assert board(shop) == [(1, "B.", 5)]
    books(shop)
