"""A ladder changes: who keeps what, until when, and who is placed anew."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.terms.ladders import HARDER, OLD, berlin, ladder, named, tier
from tests.flows.test_midnight import Dying, Killed
from tests.flows.tiers.houses import turn
from tests.makers import Shop, brings_back, buys

from regulars.engine.changing.crowd import fate
from regulars.flows.batch.stuck import Stuck
from regulars.flows.membership.tiers.give_tiers import give_tiers
from regulars.flows.membership.tiers.tier_commands import GiveTier
from regulars.flows.terms.move_over import move_over
from regulars.records.members.types import MemberRef
from regulars.records.standing.crowd.types import Place

Open = Callable[[str], Shop]
EASIER = '[{id: silver, at: "50.00"}, {id: gold, at: "200.00"}]'


def changed(open_shop: Open, spent: int, steps: str, plan: str, **how: str) -> Shop:
    """Ada spent so much under the old ladder; the new one rules from an hour later on."""
    shop = open_shop(ladder(**how))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, spent, receipt="r1"))
    shop.publish(
        named(shop, ladder(steps, plan, **how)), effective_from=shop.now + timedelta(hours=1)
    )
    shop.now += timedelta(hours=2)
    return shop


def ada(shop: Shop) -> MemberRef:
    (who,) = shop.rows("select member_id from identifier where program_id = $1 and value = 'ada'")
    return MemberRef(id=who[0])


def test_by_default_what_was_reached_stays_until_its_time_is_over(open_shop: Open) -> None:
    shop = changed(open_shop, 30_000, HARDER, "")
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))


def test_kept_until_a_day_means_until_that_day_at_least(open_shop: Open) -> None:
    shop = changed(open_shop, 30_000, HARDER, "{members: keep, until_on: 2026-12-01}")
    shop.record(buys(ada(shop), 100, receipt="r2"))
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))  # promised for longer already
    shop = changed(open_shop, 30_000, HARDER, "{members: keep, until_on: 2030-03-01}")
    shop.night()
    assert tier(shop) == ("gold", berlin(2030, 3, 1))


def test_who_was_promised_a_tier_for_ever_has_it_until_the_day_named(open_shop: Open) -> None:
    shop = open_shop(ladder(valid="for_ever"))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 30_000))
    shop.now += timedelta(hours=1)
    plan = "{members: keep, until_on: 2027-12-01}"
    shop.publish(named(shop, ladder(HARDER, plan)))
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop) == ("gold", berlin(2027, 12, 1))
    shop.at("2027-12-01 00:00")
    shop.night()
    assert tier(shop)[0] is None  # nothing was bought in 2027, and 2026 holds for 2027 no more


def test_upgrade_only_lifts_at_once_and_lets_nobody_fall(open_shop: Open) -> None:
    shop = changed(open_shop, 25_000, EASIER, "{members: upgrade_only}")
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))
    shop = changed(open_shop, 30_000, HARDER, "{members: upgrade_only}")
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))


def test_in_full_everybody_is_placed_anew_and_told(open_shop: Open) -> None:
    shop = changed(open_shop, 30_000, HARDER, "{members: full}")
    moved = shop.night()
    assert moved["move_over"] == 1
    assert tier(shop) == ("silver", berlin(2028, 1, 1))
    events = shop.rows("select payload from outbox where program_id = $1 and type = 'tier.changed'")
    assert [str(e[0]) for e in events][-1].replace(" ", "") == (
        '{"to":"silver","from":"gold","reason":"terms"}'
    )


def test_in_full_what_the_year_before_reached_still_holds(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.record(buys(who, 50_000))
    shop.at("2027-02-01 12:00")
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))


def test_the_next_purchase_answers_by_the_new_ladder_though_no_walk_came_by(
    open_shop: Open,
) -> None:
    shop = changed(open_shop, 30_000, HARDER, "{members: full}")
    shop.record(buys(ada(shop), 100, receipt="r2"))
    moves = "select to_tier, reason, occurred_at from tier_move where program_id = $1 order by 3"
    cut = shop.now - timedelta(hours=1)
    assert shop.rows(moves)[-1] == ("silver", "terms", cut)
    assert shop.night()["move_over"] == 1  # looked at nobody else
    assert len(shop.rows(moves)) == 2


def test_step_by_step_the_better_of_both_ladders_counts_until_the_day(open_shop: Open) -> None:
    plan = "{members: step_by_step, until_on: 2026-12-01}"
    shop = changed(open_shop, 25_000, HARDER, plan)
    shop.record(buys(ada(shop), 6_000, receipt="r2"))  # 310: gold by the old ladder alone
    assert tier(shop)[0] == "gold"
    shop = changed(open_shop, 25_000, HARDER, plan)
    shop.at("2026-12-01 00:00")
    shop.record(buys(ada(shop), 6_000, receipt="r2"))
    assert tier(shop)[0] == "silver"


def test_what_two_changes_promised_step_by_step_is_kept_by_both(open_shop: Open) -> None:
    shop = changed(open_shop, 25_000, HARDER, "{members: step_by_step, until_on: 2026-12-01}")
    hardest = '[{id: silver, at: "400.00"}, {id: gold, at: "900.00"}]'
    plan = "{members: step_by_step, until_on: 2026-11-01}"
    shop.publish(named(shop, ladder(hardest, plan)), effective_from=shop.now + timedelta(hours=1))
    shop.at("2026-11-30 12:00")
    shop.record(buys(ada(shop), 6_000, receipt="r2"))  # 310: gold by the first ladder alone
    assert tier(shop)[0] == "gold"


def test_step_by_step_without_a_day_ends_with_the_running_window(open_shop: Open) -> None:
    shop = changed(open_shop, 9_000, HARDER, "{members: step_by_step}")
    shop.at("2026-12-31 23:59")
    shop.record(buys(ada(shop), 2_000, receipt="r2"))
    assert tier(shop) == ("silver", berlin(2028, 1, 1))
    shop.at("2028-01-01 00:00")
    shop.night()
    shop.record(buys(ada(shop), 11_000, receipt="r3"))
    assert tier(shop)[0] is None


def test_a_return_does_not_strip_by_a_ladder_that_was_not_there(open_shop: Open) -> None:
    """Gold was reached at 300 of 500; 310 less 5 is still gold by what was promised then."""
    shop = changed(open_shop, 31_000, HARDER, "")
    shop.record(brings_back("r1", (0, 500), receipt="b1"))
    assert tier(shop)[0] == "gold"
    shop.record(brings_back("r1", (0, 1_000), receipt="b2"))
    assert tier(shop)[0] == "silver"  # 295 were never gold


def test_a_return_of_an_old_sale_keeps_faith_with_an_easier_ladder(open_shop: Open) -> None:
    """Reached at 250 by 200; the old ladder that decided the sale would say silver."""
    shop = changed(open_shop, 24_000, EASIER, "{members: upgrade_only}")
    shop.record(buys(ada(shop), 1_000, receipt="r2"))
    assert tier(shop)[0] == "gold"
    shop.record(brings_back("r1", (0, 500), receipt="b1"))
    assert tier(shop)[0] == "gold"
    shop = changed(open_shop, 31_000, HARDER, "")
    shop.record(buys(ada(shop), 100, receipt="r2"))
    shop.record(brings_back("r1", (0, 500), receipt="b1"))
    assert tier(shop)[0] == "gold"


def test_a_return_keeps_faith_with_a_ladder_that_counts_beside_the_new_one(
    open_shop: Open,
) -> None:
    """Gold by the ladder of spring, which counts until December; what comes back was bought before
    that ladder was there."""
    shop = open_shop(ladder(HARDER))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 10_000, receipt="r0"))
    for steps, plan in ((OLD, ""), (HARDER, "{members: step_by_step, until_on: 2026-12-01}")):
        shop.now += timedelta(hours=1)
        shop.publish(named(shop, ladder(steps, plan)))
        shop.now += timedelta(hours=1)
        shop.record(buys(who, 15_000 if not plan else 6_000))
    assert tier(shop)[0] == "gold"  # by 310
    shop.record(brings_back("r0", (0, 500), receipt="b1"))
    assert tier(shop)[0] == "gold"
    shop.record(brings_back("r0", (0, 1_000), receipt="b2"))
    assert tier(shop)[0] == "silver"


def test_a_return_puts_nobody_on_a_step_that_is_no_more(open_shop: Open) -> None:
    three = '[{id: iron, at: "50.00"}, {id: silver, at: "100.00"}, {id: gold, at: "300.00"}]'
    shop = open_shop(ladder(three))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 31_000, receipt="r1"))
    shop.now += timedelta(hours=1)
    plan = "{members: full, removed: {silver: iron}}"
    shop.publish(named(shop, ladder('[{id: iron, at: "50.00"}, {id: gold, at: "300.00"}]', plan)))
    shop.now += timedelta(hours=1)
    shop.record(brings_back("r1", (0, 11_000), receipt="b1"))
    assert tier(shop) == ("iron", berlin(2028, 1, 1))  # 200 were silver, whose place is iron now


def test_who_is_put_where_a_removed_tier_belongs_has_it_as_long_as_they_had_the_other(
    open_shop: Open,
) -> None:
    three = '[{id: silver, at: "100.00"}, {id: gold, at: "300.00"}, {id: black, at: "900.00"}]'
    shop = open_shop(ladder(three))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 95_000))
    shop.now += timedelta(hours=1)
    plan = "{members: upgrade_only, removed: {black: gold}}"
    two = '[{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]'
    shop.publish(named(shop, ladder(two, plan, valid="window_end")))
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 1))


def test_a_removed_tier_counts_as_the_one_it_was_said_to(open_shop: Open) -> None:
    three = '[{id: silver, at: "100.00"}, {id: gold, at: "300.00"}, {id: black, at: "900.00"}]'
    shop = open_shop(ladder(three))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 95_000))
    shop.now += timedelta(hours=1)
    plan = "{members: upgrade_only, removed: {black: silver}}"
    two = '[{id: silver, at: "100.00"}, {id: gold, at: "9999.00"}]'
    shop.publish(named(shop, ladder(two, plan)))
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop) == ("silver", berlin(2028, 1, 1))


def test_what_is_told_late_is_placed_as_if_it_had_been_told_in_time(open_shop: Open) -> None:
    shop = changed(open_shop, 30_000, HARDER, "{members: full}")
    shop.night()
    late = shop.now - timedelta(minutes=90)  # before the change
    shop.record(buys(ada(shop), 25_000, receipt="r2", occurred_at=late))
    assert tier(shop)[0] == "gold"  # 550 when the new ladder came


def test_what_is_told_late_answers_by_the_new_ladder_though_no_walk_came_by(
    open_shop: Open,
) -> None:
    shop = changed(open_shop, 30_000, HARDER, "{members: full}")
    late = shop.now - timedelta(minutes=90)  # before the change
    (told,) = shop.record(buys(ada(shop), 100, receipt="r2", occurred_at=late))
    assert (told.tier, tier(shop)[0]) == ("silver", "silver")


def test_a_version_that_is_replaced_before_it_rules_moves_nobody(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.record(buys(who, 30_000, receipt="r1"))
    start = shop.now + timedelta(days=1)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")), effective_from=start)
    shop.publish(named(shop, ladder(OLD)), effective_from=start)
    shop.now += timedelta(days=2)
    shop.night()
    assert tier(shop)[0] == "gold"


@pytest.mark.parametrize("statement", range(1, 9))
def test_a_walk_that_is_killed_at_any_statement_goes_on_where_it_was(
    open_shop: Open, statement: int
) -> None:
    shop = open_shop(ladder())
    for name in ("ada", "ben", "cid"):
        (who,) = shop.joined(name)
        shop.record(buys(who, 30_000, receipt=name))
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)

    async def dies(tx: Any, terms: Any) -> int:
        return await move_over(Dying(tx, statement - 1), terms, 2)  # type: ignore[arg-type]

    with suppress(Killed, Stuck):
        shop.do(dies)
    shop.night()
    assert [tier(shop, who)[0] for who in ("ada", "ben", "cid")] == ["silver"] * 3
    assert shop.rows("select count(*) from tier_move where program_id = $1") == [(6,)]
    assert shop.rows("select moved from changeover_walk where program_id = $1") == [(3,)]


def test_a_tier_given_by_hand_is_under_everybody_s_feet_also_when_all_are_placed_anew(
    open_shop: Open,
) -> None:
    """What was given holds, and whoever has earned more under the new ladder has more."""
    shop = open_shop(ladder())
    ada, ben = shop.joined("ada", "ben")
    end = berlin(2028, 3, 1)
    for who in (ada, ben):
        said: Any = {"reason": "a friend", "actor": "Olga", "until_at": end}
        shop.ask(give_tiers, GiveTier(who, kind="granted", tier="silver", **said))
    shop.record(buys(ben, 9_000))
    shop.now += timedelta(hours=1)
    easier = '[{id: silver, at: "50.00"}, {id: gold, at: "80.00"}]'
    shop.publish(named(shop, ladder(easier, "{members: full}")))
    shop.now += timedelta(hours=1)
    shop.night()
    assert (tier(shop, "ada"), tier(shop, "ben")[0]) == (("silver", end), "gold")


def test_a_plan_counts_no_step_by_invitation_as_one_that_credit_reaches(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.record(buys(who, 60_000))
    shop.now += timedelta(hours=1)
    asked = OLD.replace("]", ', {id: black, at: "500.00", by: invitation}]')
    shop.publish(named(shop, ladder(asked, "{members: full}")))
    cut = shop.terms.versions[-1].cutovers[-1]
    found = fate(cut, Place("gold", 3, 3, False, 2))
    assert (found.what, found.tier, found.by_itself) == ("same", "gold", "gold")
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop)[0] == "gold"


def test_a_tier_given_by_hand_that_is_taken_off_the_ladder_keeps_its_name(open_shop: Open) -> None:
    shop = open_shop(ladder())
    ada, ben = shop.joined("ada", "ben")
    said: Any = {"reason": "a friend", "actor": "Olga"}
    shop.ask(give_tiers, GiveTier(ada, kind="granted", tier="gold", **said))
    shop.record(buys(ben, 31_000))
    shop.now += timedelta(hours=1)
    gone = ladder('[{id: silver, at: "50.00"}]', "{members: full, removed: {gold: silver}}")
    shop.publish(named(shop, gone))
    shop.now += timedelta(hours=1)
    shop.night()
    assert (tier(shop, "ada"), tier(shop, "ben")[0]) == (("gold", None), "silver")
    asyncio.run(assert_books_right(shop.made.owner_dsn))


def test_a_tier_given_by_hand_ends_when_it_is_ended_though_it_was_taken_off_the_ladder(
    open_shop: Open,
) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    said: Any = {"reason": "a friend", "actor": "Olga"}
    given = shop.ask(give_tiers, GiveTier(ada, kind="granted", tier="gold", **said))[0]
    shop.now += timedelta(hours=1)
    plan = "{members: upgrade_only, removed: {gold: silver}}"
    shop.publish(named(shop, ladder('[{id: silver, at: "50.00"}]', plan)))
    shop.now += timedelta(hours=1)
    shop.night()
    assert tier(shop) == ("gold", None)
    turn(shop, given, "ended")
    assert tier(shop)[0] is None
