"""Short checks of what comes late and of both times, which planted bugs must fail."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.flows.points.sharing import merge, unmerge
from tests.flows.two_times import test_as_of, test_late, test_late_returned
from tests.flows.two_times import test_late_beside as beside
from tests.flows.two_times import test_late_bounded as bounded
from tests.flows.two_times import test_late_elsewhere as elsewhere
from tests.makers import SECOND, Shop, asked, brings_back, buys, by, named

from regulars.base.faults import Fault
from regulars.base.money import LARGEST
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import EraseMember

DAY = timedelta(days=1)
LIVES_ON = "expiry: {after: 1 day}, comes_late: {days: 9}"
GIFT = """  - {id: gift, on: purchase, wallet: stamps, award: {give: fixed, points: 10},
     when: {if: tier, at_least: silver}, limits: [{per: day, points: 15}]}
tiers:"""


def _own(name: str) -> str:
    """A shop of this process's own."""
    return f"p{os.getpid()}-{name}"[:40].rstrip("-")


def earns_anew_after_it(shop: Shop) -> None:
    shop.begin(test_late.ladder(), slug=_own("anew"))
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now += 2 * DAY
    shop.record(buys(ada, 5_000, receipt="r2"))
    (late,) = shop.record(buys(ada, 10_000, receipt="r1", occurred_at=monday))
    assert late.tier == "silver"
    assert test_late.net(shop) == {"r1": {"points": 100}, "r2": {"points": 100}}
    shop.record(brings_back("r2", receipt="b2"))
    assert test_late.net(shop) == {"r1": {"points": 100}}


def sees_the_tier_of_then(shop: Shop) -> None:
    shop.begin(test_late.ladder(), slug=_own("then"))
    (ada,) = shop.joined("ada")
    before = shop.now
    shop.now += DAY
    shop.record(buys(ada, 10_000))
    (late,) = shop.record(buys(ada, 1_000, occurred_at=before))
    assert late.earned == {"points": 10}


def no_limit_is_passed(shop: Shop) -> None:
    shop.begin(test_late.ladder().replace("tiers:", GIFT), slug=_own("limit"))
    (ada,) = shop.joined("ada")
    before = shop.now
    shop.now += DAY
    for number in range(3):
        shop.record(buys(ada, 100, receipt=f"r{number}"))
    shop.record(buys(ada, 10_000, receipt="late", occurred_at=before))
    given = test_late.net(shop)
    assert [given[f"r{number}"].get("stamps", 0) for number in range(3)] == [10, 5, 0]


def any_order_of_arrival(shop: Shop) -> None:
    for seed in range(4):
        rng = Random(seed)
        source = test_late.ladder(credit="revoke_now")
        ends = []
        for turn in range(3):
            shop.begin(named(source, _own(f"any-{seed}-{turn}")), slug=_own(f"any-{seed}-{turn}"))
            history = test_late.a_history(Random(seed), shop.now)
            told = rng.sample(history, len(history)) if turn else history
            ends.append(test_late.told_in(shop, told, shop.now + 110 * DAY, rng))
        assert ends[0] == ends[1] == ends[2]


def both_times(shop: Shop) -> None:
    shop.begin(test_as_of.SHORT, slug=_own("times"))
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now += 2 * DAY
    shop.record(buys(ada, 3_000, occurred_at=monday))
    assert test_as_of.points(shop, monday, monday + DAY) == 0
    assert test_as_of.points(shop, monday) == 30
    ((_, _, _, gone),) = [lot for lot in shop.lots("ada") if lot[0] == "points"]
    shop.now = gone + 5 * DAY
    shop.night()
    assert (test_as_of.points(shop, gone - SECOND), test_as_of.points(shop, gone)) == (30, 0)


def _begun(shop: Shop, name: str, source: str) -> None:
    shop.begin(source, slug=_own(name))
    shop.at("2026-03-02 08:00")
    shop.joined("ada")
    shop.at("2026-03-04 12:00")


def nothing_again_of_who_was_merged(shop: Shop) -> None:
    _begun(shop, "two", test_late.ladder())
    shop.joined("bob")
    beside.on(shop, "2026-03-04", 5_000, "a1")
    union = merge(shop, by(external="bob"), by(external="ada"))
    unmerge(shop, union.member_id)
    assert beside.on(shop, "2026-03-03", 10_000, "a0").tier == "silver"
    assert test_late.net(shop)["a1"] == {"points": 50}


def nothing_personal_is_written_again(shop: Shop) -> None:
    _begun(shop, "milk", beside.MILK)
    id_ = beside.decided_again(shop)
    shop.ask(erase_members, EraseMember(id_, asked=asked("gone")))
    kept = shop.rows(beside.EVERY_PACKED)
    assert len(kept) == 3
    assert not [packed for (packed,) in kept if b"oat" in packed]


def again_with_the_attributes_of_then(shop: Shop) -> None:
    _begun(shop, "oat", beside.MILK)
    beside.decided_again(shop)
    beside.on(shop, "2026-03-03", 20_000, "r0", "mia")
    assert test_late.net(shop)["r2"] == {"points": 200, "stamps": 1}


def told_in_time_lapses_all_the_same(shop: Shop) -> None:
    _begun(shop, "told", beside.TOLD)
    beside.on(shop, "2026-03-04", 5_000, "r2")
    shop.at("2026-05-20 10:00")
    shop.night()
    for (message_id,) in shop.rows("select message_id from message where program_id = $1"):
        shop.ask(deliver_messages, Deliver(message_id))
    shop.at("2026-06-05 10:00")
    beside.on(shop, "2026-03-02", 10_000, "r1")
    assert shop.balances("ada") == {"points": (150, 0, 0)}


def returns_in_the_wrong_order(shop: Shop) -> None:
    shop.begin(test_late.ladder(), slug=_own("bits"))
    test_late.returned_bit_by_bit(shop, 2, 1, 0)


def too_much_leaves_nothing(shop: Shop) -> None:
    _begun(shop, "much", test_late.ladder().replace('per: "1.00"', 'per: "0.01"'))
    beside.on(shop, "2026-03-04", LARGEST // 5 * 3, "r1")
    before = shop.counts()
    with contextlib.suppress(Fault):
        beside.on(shop, "2026-03-02", 30_000, "r0")
    assert shop.counts() == before


def told_at_once_keeps_its_end(shop: Shop) -> None:
    source = test_late.ladder().replace("expiry: {after: 2 years}", LIVES_ON)
    assert LIVES_ON in source
    _begun(shop, "once", source)
    shop.record(buys(by(external="ada"), 5_000))
    shop.at("2026-03-06 00:00")
    shop.night()
    assert shop.balances("ada") == {}


def each_goes_by_its_own_end(shop: Shop) -> None:
    shop.begin(test_late_returned.SOURCE, slug=_own("own"))
    test_late_returned.week(shop, "late", "after", "late back")
    assert [left for _, left, _, _ in shop.lots("ada") if left] == [10, 40]


def lapsed_is_not_taken_twice(shop: Shop) -> None:
    shop.begin(test_late_returned.SOURCE, slug=_own("twice"))
    test_late_returned.week(shop, "late", "after", "late back", lapse=2)
    assert shop.balances("ada") == {"points": (50, 0, 0)}


def what_came_back_gives_nothing(shop: Shop) -> None:
    shop.begin(test_late_returned.SOURCE, slug=_own("gave"))
    test_late_returned.week(shop, "whole", "all back", "late")
    assert test_late.net(shop) == {"r1": {"points": 100}}


def whatever_comes_late(shop: Shop) -> None:
    _whatever_comes_late(shop, str)


def late_on_a_ladder_of_two_measures(shop: Shop) -> None:
    _whatever_comes_late(shop, bounded.either)


def _whatever_comes_late(shop: Shop, of: Callable[[str], str]) -> None:
    for seed in range(8):
        rng, begun = Random(seed), shop.now
        source, ends = of(bounded.source_of(rng)), []
        history = test_late.a_history(rng, begun + DAY)
        for turn in range(3):
            own = _own(f"bound-{seed}-{turn}")
            shop.begin(named(source, own), slug=own, now=begun)
            late = bounded.some_late(rng, history) if turn else set()
            ends.append(bounded.told_as_it_comes(shop, history, late))
        assert ends[0] == ends[1] == ends[2], seed
        shop.now = begun


def credit_that_came_along(shop: Shop) -> None:
    def opened(source: str) -> Shop:
        _begun(shop, "along", source)
        return shop

    elsewhere.test_credit_that_came_along_counts_for_what_comes_late(opened)


def reached_late_lives(shop: Shop) -> None:
    from tests.flows.members.playing import test_milestones as tests

    def opened(source: str) -> Shop:
        shop.begin(source, slug=_own("reached"))
        return shop

    tests.test_what_is_reached_by_something_late_lives_for_a_while_too(opened)


def ripe_already(shop: Shop) -> None:
    from tests.flows.two_times import test_ripe_already as tests

    def opened(source: str) -> Shop:
        slug = _own("ripe")
        shop.begin(named(source, slug), slug=slug)
        return shop

    tests.test_who_is_told_of_late_is_given_the_tier_by_the_next_night(opened, tests.LATER, 40)


def late_after_something_late(shop: Shop) -> None:
    _begun(shop, "again", test_late.ladder())
    beside.on(shop, "2026-03-04", 6_000, "r1")
    shop.at("2026-03-09 12:00")
    beside.on(shop, "2026-03-09", 5_000, "r4")
    shop.at("2026-03-10 12:00")
    beside.on(shop, "2026-03-05", 6_000, "r2")
    assert beside.on(shop, "2026-03-07", 1_000, "r3").earned == {"points": 20}


def came_back_since(shop: Shop) -> None:
    _begun(shop, "since", test_late.ladder(credit="revoke_now"))
    beside.on(shop, "2026-03-04", 12_000, "r1")
    shop.at("2026-03-07 12:00")
    shop.record(brings_back("r1", receipt="b1"))
    shop.at("2026-03-08 12:00")
    beside.on(shop, "2026-03-08", 5_000, "r3")
    shop.at("2026-03-09 12:00")
    beside.on(shop, "2026-03-06", 1_000, "r2")
    assert test_late.net(shop) == {"r2": {"points": 20}, "r3": {"points": 50}}


def visits_came_back_since(shop: Shop) -> None:
    _begun(shop, "visits", bounded.either(test_late.ladder(crossing="new_tier")))
    bounded.comes_back_since(shop)


ALONE = {
    check.__name__: check
    for check in (
        earns_anew_after_it, sees_the_tier_of_then, no_limit_is_passed, any_order_of_arrival,
        both_times, nothing_again_of_who_was_merged, nothing_personal_is_written_again,
        again_with_the_attributes_of_then, told_in_time_lapses_all_the_same,
        too_much_leaves_nothing, returns_in_the_wrong_order, told_at_once_keeps_its_end,
        each_goes_by_its_own_end, lapsed_is_not_taken_twice, what_came_back_gives_nothing,
        whatever_comes_late, late_on_a_ladder_of_two_measures, late_after_something_late,
        came_back_since, visits_came_back_since, credit_that_came_along, reached_late_lives,
        ripe_already,
    )
}  # fmt: skip
