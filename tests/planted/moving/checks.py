"""Short checks about points that move by hand; the healthy source passes them all."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.flows.points import sharing
from tests.flows.points.sharing import give, member_id, merge, unmerge
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.flows.commands import Adjust, RecordActivity, Redeem
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.commands import ExtendLot, ReinstatePoints
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.records.members.types import EraseMember

SAID: dict[str, Any] = {"reason": "kind", "actor": "Olga"}
_LOTS = """
select lot_id, cause_id, expires_at from lot
 where program_id = $1 and wallet = 1 and amount > 0 order by lot_id
"""


def _open(shop: Shop, name: str) -> tuple[Any, Any]:
    shop.begin(sharing.SHARING, slug=f"p{os.getpid()}-{name}"[:40].rstrip("-"))
    ada, ben = shop.joined("ada", "ben")
    return ada, ben


def gift_keeps_its_life(shop: Shop) -> None:
    ada, ben = _open(shop, "gift")
    shop.record(buys(ada, 2_000))
    give(shop, ada, ben, 20)
    first, second = shop.rows(_LOTS)
    assert first[1:] == second[1:]


def gifts_have_a_limit(shop: Shop) -> None:
    ada, ben = _open(shop, "limit")
    shop.record(buys(ada, 50_000))
    give(shop, ada, ben, 100)
    assert give(shop, ada, ben, 21).code == "limit_reached"


def debtor_gives_nothing(shop: Shop) -> None:
    ada, ben = _open(shop, "debtor")
    shop.record(buys(ada, 6_000, receipt="r1"))
    shop.redeem(Redeem(ada, "cup"))
    (second,) = shop.redeem(Redeem(ada, "cup"))
    shop.record(brings_back("r1"))
    from regulars.flows.commands import Settle

    shop.settle(Settle(second.redemption_id, "voided"))
    assert shop.balances("ada")["points"] == (30, 30, 60)
    assert give(shop, ada, ben, 10).code == "debt_first"


def blocked_does_nothing(shop: Shop) -> None:
    ada, ben = _open(shop, "blocked")
    shop.record(buys(ada, 6_000))
    sharing.block(shop, ada)
    assert give(shop, ada, ben, 10).code == "member_blocked"
    assert shop.redeem(Redeem(ada, "cup"))[0].code == "member_blocked"


def bonus_is_given_once(shop: Shop) -> None:
    ada, ben = _open(shop, "bonus")
    shop.record(RecordActivity("hello", ada))
    merge(shop, ada, ben)
    assert shop.record(RecordActivity("hello", ben))[0].earned == {}


def better_tier_is_kept(shop: Shop) -> None:
    ada, ben = _open(shop, "tier")
    shop.record(buys(ada, 12_000))
    shop.at("2027-02-01 12:00")  # the tier outlives the credit that reached it
    merge(shop, ada, ben)
    tiers = shop.rows("select tier from standing where program_id = $1 and tier is not null")
    assert tiers == [("silver",)]


def debt_comes_along(shop: Shop) -> None:
    ada, ben = _open(shop, "debt")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    shop.record(brings_back("r1"))
    merge(shop, ada, ben)
    assert shop.balances("ben")["points"] == (0, 0, 20)


def everything_finds_who_stays(shop: Shop) -> None:
    ada, ben = _open(shop, "finds")
    gone, stays = member_id(shop, "ada"), member_id(shop, "ben")
    merge(shop, ada, ben)
    sold = shop.record(buys(ada, 100)) + shop.record(buys(by(id=gone), 100))
    assert [one.member_id for one in sold] == [stays, stays]
    assert member_id(shop, "ada") == stays
    assert shop.balances("ben")["points"] == (2, 0, 0)


def sale_comes_back_once(shop: Shop) -> None:
    ada, ben = _open(shop, "back")
    shop.record(buys(ada, 2_000, receipt="r1"))
    merge(shop, ada, ben)
    shop.record(brings_back("r1", (0, 1_500)))
    assert shop.record(brings_back("r1", (0, 1_000)))[0].code == "too_much_returned"


def spent_together_stays(shop: Shop) -> None:
    ada, ben = _open(shop, "spent")
    gone = member_id(shop, "ada")
    shop.record(buys(ada, 5_000), buys(ben, 5_000))
    merge(shop, ada, ben)
    shop.redeem(Redeem(ben, "mug", capture=True))
    assert unmerge(shop, gone).code == "spent_together"


def unmerge_is_exact(shop: Shop) -> None:
    ada, ben = _open(shop, "exact")
    gone = member_id(shop, "ada")
    shop.record(buys(ada, 5_050), buys(ben, 5_000))
    counted = "select * from counter where program_id = $1 and value <> 0 order by 2, 3, 4"
    before = shop.rows(counted)
    merge(shop, ada, ben)
    unmerge(shop, gone)
    assert shop.rows(counted) == before


def extension_lengthens(shop: Shop) -> None:
    ada, _ = _open(shop, "extends")
    shop.record(buys(ada, 5_000))
    lot_id, _, end = shop.rows(_LOTS)[0]
    shop.ask(extend_lots, ExtendLot(ada, lot_id, end + timedelta(days=9), **SAID))
    shop.now = end
    assert shop.redeem(Redeem(ada, "cup"))[0].state == "held"


def _promised(shop: Shop) -> tuple[Any, Any, Any]:
    told = sharing.SHARING.replace(
        "    negative: debt", "    notice: {days: 2}\n    negative: debt"
    )
    shop.begin(told, slug=f"p{os.getpid()}-told")
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 5_000))
    lot_id, _, end = shop.rows(_LOTS)[0]
    return ada, lot_id, end


def nobody_waits_for_the_erased(shop: Shop) -> None:
    _, _, end = _promised(shop)
    shop.ask(erase_members, EraseMember(member_id(shop, "ada"), asked=asked("gone")))
    shop.now = end
    shop.night()
    assert shop.rows("select 1 from postponement where program_id = $1") == []


def told_again_after_a_courtesy(shop: Shop) -> None:
    ada, lot_id, end = _promised(shop)
    shop.now = end - timedelta(days=3)
    assert shop.night()["post_notices"] == 1
    shop.ask(extend_lots, ExtendLot(ada, lot_id, end + timedelta(days=9), **SAID))
    assert shop.night()["post_notices"] == 0
    shop.now = end + timedelta(days=6)
    assert shop.night()["post_notices"] == 1


def lives_again_once(shop: Shop) -> None:
    ada, _ = _open(shop, "again")
    shop.record(buys(ada, 5_000))
    lot_id, _, end = shop.rows(_LOTS)[0]
    shop.now = end
    shop.ask(reinstate_points, ReinstatePoints(ada, lot_id, **SAID))
    (no,) = shop.ask(reinstate_points, ReinstatePoints(ada, lot_id, **SAID))
    assert no.code == "not_lapsed"


def debt_waits(shop: Shop) -> None:
    ada, _ = _open(shop, "waits")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    shop.record(brings_back("r1"))
    shop.now += timedelta(days=29)
    assert shop.night()["write_off_debts"] == 0
    shop.now += timedelta(days=2)
    assert shop.night()["write_off_debts"] == 1


def merged_debt_is_as_old(shop: Shop) -> None:
    ada, ben = _open(shop, "ages")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -20, "spent", "Olga"))
    shop.record(brings_back("r1"))
    owed = shop.balances("ada")["points"][2]
    shop.now += timedelta(days=20)
    first = sharing.merge(shop, ada, ben)
    assert shop.balances("ben")["points"][2] == owed
    shop.now += timedelta(days=5)
    sharing.unmerge(shop, first.member_id)
    sharing.merge(shop, ada, ben)
    shop.now += timedelta(days=4)
    assert shop.night()["write_off_debts"] == 0
    shop.now += timedelta(days=2)
    assert shop.night()["write_off_debts"] == 1


def gift_lapsed_elsewhere(shop: Shop) -> None:
    ada, ben = _open(shop, "elsewhere")
    shop.record(buys(ada, 2_000, receipt="r1"), buys(ben, 1_000, receipt="r2"))
    sharing.give(shop, ada, ben, 20)
    shop.now += timedelta(days=11)
    shop.night()
    shop.record(brings_back("r1"), brings_back("r2"))
    assert shop.balances("ada")["points"] == (0, 0, 20)


def household_spends_soonest(shop: Shop) -> None:
    ada, ben = _open(shop, "home")
    (cem,) = shop.joined("cem")
    home = sharing.household(shop, ada, ben, cem)
    shop.record(buys(ben, 2_000))
    shop.now += timedelta(days=1)
    shop.record(buys(ada, 5_000), buys(cem, 6_000, receipt="c1"))
    for _ in range(2):
        shop.redeem(Redeem(cem, "cup"))
    shop.record(brings_back("c1", (0, 100)))
    sharing.take_together(shop, home, ada, "cup")
    assert "points" not in shop.balances("ben")
    assert shop.balances("ada")["points"] == (40, 0, 0)
    shop.night()
    shop.now += timedelta(hours=1)
    shop.night()
    assert shop.balances("cem")["points"] == (60, 0, 1)
    sharing.take_together(shop, home, ada, "cup")
    no = sharing.take_together(shop, home, ada, "cup")
    assert no.code == "not_enough_points"


ALONE: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        gift_keeps_its_life, gifts_have_a_limit, debtor_gives_nothing, blocked_does_nothing,
        bonus_is_given_once, better_tier_is_kept, debt_comes_along, everything_finds_who_stays,
        sale_comes_back_once, spent_together_stays, unmerge_is_exact, extension_lengthens,
        lives_again_once, told_again_after_a_courtesy, debt_waits, household_spends_soonest,
        nobody_waits_for_the_erased, merged_debt_is_as_old, gift_lapsed_elsewhere,
    )
}  # fmt: skip
