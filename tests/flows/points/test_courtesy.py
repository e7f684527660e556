"""Courtesy, blocks and forgiven debts: each with a reason, a name and exact books."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import SHARING, block, give, write_off
from tests.makers import SECOND, Shop, asked, brings_back, buys

from regulars.base.faults import Invalid, NotFound
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.points.commands import ExtendLot, Favoured, ReinstatePoints, WriteOff
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
SAID: dict[str, Any] = {"reason": "she was in hospital", "actor": "Olga", "cost_minor": 250}


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(SHARING)


def the_lot(shop: Shop, wallet: int = 1) -> tuple[UUID, datetime]:
    rows = shop.rows(
        "select lot_id, expires_at from lot where program_id = $1 and wallet = $2 "
        "order by lot_id limit 1",
        wallet,
    )
    return rows[0]


def extend(shop: Shop, whom: MemberRef, lot_id: UUID, until: datetime, **more: Any) -> Any:
    (outcome,) = shop.ask(extend_lots, ExtendLot(whom, lot_id, until, **(SAID | more)))
    return outcome


def reinstate(shop: Shop, whom: MemberRef, lot_id: UUID, **more: Any) -> Any:
    (outcome,) = shop.ask(reinstate_points, ReinstatePoints(whom, lot_id, **(SAID | more)))
    return outcome


# --- courtesy -----------------------------------------------------------------------------------


def test_a_lot_lives_longer_by_an_entry_that_says_who_why_and_the_cost(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000))
    lot_id, end = the_lot(shop)
    done = extend(shop, ada, lot_id, end + timedelta(days=5))
    assert isinstance(done, Favoured)
    assert (done.units, done.expires_at, done.cost_minor) == (20, end + timedelta(days=5), 250)
    shop.now = end + timedelta(days=5) - SECOND
    shop.night()
    assert shop.balances("ada")["points"] == (20, 0, 0)
    shop.now += SECOND
    shop.night()
    assert "points" not in shop.balances("ada")
    kept = shop.rows(
        "select e.kind, e.actor, e.reason, c.points, c.from_at, c.to_at, c.cost_minor "
        "from courtesy c join entry e using (program_id, member_id, entry_id) where program_id = $1"
    )
    days = timedelta(days=5)
    assert kept == [("extend", "Olga", "she was in hospital", 20, end, end + days, 250)]


def test_what_is_reserved_lives_longer_too(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 5_000))
    (held,) = shop.redeem(Redeem(ada, "cup"))
    lot_id, end = the_lot(shop)
    assert isinstance(extend(shop, ada, lot_id, end + timedelta(days=5)), Favoured)
    shop.settle(Settle(held.redemption_id, "voided"))
    shop.now = end
    assert shop.redeem(Redeem(ada, "cup"))[0].state == "held"


def test_an_end_is_moved_later_or_not_at_all(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 2_000), buys(ben, 1_000))
    lot_id, end = the_lot(shop)
    before = shop.counts()
    assert extend(shop, ada, lot_id, end).field == "/expires_at"
    assert isinstance(extend(shop, ada, lot_id, end - SECOND), Invalid)
    assert isinstance(extend(shop, ben, lot_id, end + SECOND), NotFound)
    assert extend(shop, ada, lot_id, end + SECOND, reason="").field == "/reason"
    assert extend(shop, ada, lot_id, end + SECOND, cost_minor=-1).field == "/cost_minor"
    assert shop.counts() == before
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    assert extend(shop, ada, lot_id, end + SECOND).code == "lot_empty"


def test_points_that_lapsed_live_again_once_with_a_life_of_their_own(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000))
    lot_id, end = the_lot(shop)
    assert reinstate(shop, ada, lot_id).code == "not_lapsed"
    shop.now = end
    assert extend(shop, ada, lot_id, end + timedelta(days=1)).code == "lot_empty"
    done = reinstate(shop, ada, lot_id, units=15)
    assert isinstance(done, Favoured)
    assert done.units == 15
    assert reinstate(shop, ada, lot_id, units=6).code == "not_lapsed"
    rest = reinstate(shop, ada, lot_id, expires_at=end + timedelta(days=1))
    assert rest.units == 5
    assert reinstate(shop, ada, lot_id).code == "not_lapsed"
    ends = [lot[3] for lot in shop.lots("ada") if lot[0] == "points"]
    assert ends == [end + timedelta(days=1), end + timedelta(days=11)]
    expired = "select -sum(amount)::bigint from posting where program_id = $1 and account = 13"
    assert shop.rows(expired) == [(0,)]


def test_points_given_back_are_taken_by_a_return_of_their_sale(shop: Shop) -> None:
    """They live again as points of that sale, of which nothing is left (ADR 0929)."""
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000, receipt="r1"))
    lot_id, end = the_lot(shop)
    shop.now = end
    reinstate(shop, ada, lot_id)
    shop.record(brings_back("r1"))
    assert shop.balances("ada") == {}


def test_a_courtesy_happens_once(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000))
    lot_id, end = the_lot(shop)
    shop.now = end
    wish = ReinstatePoints(ada, lot_id, "kind", "Olga", units=5, asked=asked("k1"))
    first, second = shop.ask(reinstate_points, wish, wish)
    assert (first.replayed, second.replayed) == (False, True)
    both = shop.together(
        *[
            lambda tx, terms, n=n: reinstate_points(
                tx, terms, [ReinstatePoints(ada, lot_id, "kind", "Olga", asked=asked(f"x{n}"))]
            )
            for n in range(3)
        ]
    )
    assert sorted(getattr(one[0], "units", 0) for one in both) == [0, 0, 15]
    assert shop.balances("ada")["points"] == (20, 0, 0)


# --- blocks -------------------------------------------------------------------------------------


def test_who_is_blocked_neither_earns_nor_redeems_and_it_is_kept_why(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 5_000))
    (held,) = shop.redeem(Redeem(ada, "cup"))
    assert block(shop, ada, reason="stolen card").state == "blocked"
    assert shop.record(buys(ada, 100))[0].code == "member_blocked"
    assert shop.redeem(Redeem(ada, "mug"))[0].code == "member_blocked"
    assert shop.settle(Settle(held.redemption_id, "captured"))[0].state == "captured"
    assert block(shop, ada).state == "blocked"
    assert block(shop, ada, False, reason="found again").state == "active"
    kept = (
        "select blocked, before, actor, reason from block where program_id = $1 order by block_id"
    )
    assert shop.rows(kept) == [
        (True, "active", "Olga", "stolen card"),
        (False, "blocked", "Olga", "found again"),
    ]
    assert shop.record(buys(ada, 100))[0].earned["points"] == 1
    assert [kind for kind in shop.told() if kind.endswith("blocked")] == [
        "member.blocked",
        "member.unblocked",
    ]


def test_a_card_that_was_blocked_is_a_card_again(shop: Shop) -> None:
    shop.record(buys(MemberRef(card="C1"), 500))
    block(shop, MemberRef(card="C1"))
    assert block(shop, MemberRef(card="C1"), False).state == "unregistered"


def test_the_program_says_what_the_blocked_may_do(open_shop: Open) -> None:
    shop = open_shop(SHARING + "blocked: {may_earn: true, may_redeem: true}\n")
    ada, ben = shop.joined("ada", "ben")
    block(shop, ada)
    shop.record(buys(ada, 5_000))
    assert shop.redeem(Redeem(ada, "cup"))[0].state == "held"
    assert give(shop, ada, ben, 10).code == "member_blocked"


def test_a_block_needs_a_reason_and_a_name_and_happens_once(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    before = shop.counts()
    assert block(shop, ada, reason="").field == "/reason"
    assert block(shop, ada, actor=" ").field == "/actor"
    assert shop.counts() == before
    wish = BlockMember(ada, True, "stolen", "Olga", asked("k1"))
    assert [one.replayed for one in shop.ask(block_members, wish, wish)] == [False, True]


# --- debts --------------------------------------------------------------------------------------


def owing(shop: Shop) -> MemberRef:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    shop.record(brings_back("r1"))
    assert shop.balances("ada")["points"] == (0, 0, 20)
    return ada


def test_a_debt_is_forgiven_by_its_own_entry(shop: Shop) -> None:
    ada = owing(shop)
    done = write_off(shop, ada)
    assert (done.units, done.wallet) == (20, "points")
    assert "points" not in shop.balances("ada")
    sides = shop.rows(
        "select p.account, p.amount from posting p join entry e using "
        "(program_id, member_id, entry_id) "
        "where program_id = $1 and e.kind = 'write_off' order by 1"
    )
    assert sides == [(4, 20), (17, -20)]
    assert write_off(shop, ada).code == "nothing_owed"
    assert write_off(shop, ada, "gold").field == "/wallet"


def test_an_old_debt_is_forgiven_by_the_night_not_a_second_before(shop: Shop) -> None:
    owing(shop)
    began = shop.now
    shop.at("2026-04-01 13:00")  # thirty days of the program's calendar; clocks went forward
    assert shop.now == began + timedelta(days=30, hours=-1)
    shop.now -= SECOND
    assert shop.night()["write_off_debts"] == 0
    shop.now += SECOND
    assert shop.night()["write_off_debts"] == 1
    assert shop.night()["write_off_debts"] == 0
    assert "points" not in shop.balances("ada")
    reason = "select actor, reason from entry where program_id = $1 and kind = 'write_off'"
    assert shop.rows(reason) == [("midnight", f"owed since {began.date().isoformat()}")]


def test_a_debt_is_as_old_as_since_when_it_never_came_to_nothing(shop: Shop) -> None:
    ada = owing(shop)
    shop.now += timedelta(days=20)
    shop.record(buys(ada, 500))
    shop.now += timedelta(days=5)
    shop.record(buys(ada, 1_500, receipt="r2"))
    assert "points" not in shop.balances("ada")
    shop.record(brings_back("r2"))
    shop.adjust(Adjust(ada, "points", 3, "a gift", "Olga"))
    assert shop.balances("ada")["points"] == (0, 0, 12)
    shop.now += timedelta(days=29)
    assert shop.night()["write_off_debts"] == 0
    shop.now += timedelta(days=1)
    assert shop.night()["write_off_debts"] == 1


def test_many_old_debts_are_forgiven_some_at_a_time(shop: Shop) -> None:
    refs = shop.joined(*(f"m{n}" for n in range(5)))
    shop.record(*[buys(ref, 1_000, receipt=f"r{n}") for n, ref in enumerate(refs)])
    shop.adjust(*[Adjust(ref, "points", -10, "spent", "Olga") for ref in refs])
    shop.record(*[brings_back(f"r{n}") for n in range(5)])
    shop.now += timedelta(days=31)
    assert shop.night(most=2)["write_off_debts"] == 5


def test_a_debt_is_forgiven_once(shop: Shop) -> None:
    ada = owing(shop)
    wish = WriteOff(ada, "points", "moved away", "Olga", asked("k1"))
    first, second = shop.ask(write_off_debts, wish, wish)
    assert (first.replayed, second.replayed, second.units) == (False, True, 20)


def test_the_books_are_right_after_all_of_it(database: Any) -> None:
    asyncio.run(assert_books_right(database.owner_dsn))
