"""A version is taken back, as long as nothing was decided by it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.flows.terms.ladders import HARDER, ladder, named, tier
from tests.makers import Shop, brings_back, buys

from regulars.base.faults import Invalid, NotFound
from regulars.engine.changing.following import codes_for
from regulars.engine.compiling.compile import compile_program
from regulars.engine.terms import terms_of
from regulars.flows.membership.tiers.give_tiers import give_tiers
from regulars.flows.membership.tiers.tier_commands import GiveTier
from regulars.flows.terms.plan_version import plan_version
from regulars.flows.terms.withdraw_version import (
    Decided,
    NotTheLast,
    Withdraw,
    withdraw_version,
)
from regulars.records.program.read import Withdrawal
from regulars.records.program.reading import read_program

Open = Callable[[str], Shop]
HOUR = timedelta(hours=1)
CLUB = """
ladders:
  club: {measure: visits, window: calendar_year, steps: [{id: c1, at: 1}, {id: c2, at: 3}]}
"""


def taken(shop: Shop, version: int, reason: str = "a slip") -> tuple[Withdrawal, bool]:
    done = shop.do(lambda tx, _t: withdraw_version(tx, Withdraw(version, reason, "owner")))
    shop.forget_terms()
    return done


def test_a_scheduled_version_that_is_taken_back_never_rules(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.record(buys(who, 30_000, receipt="r1"))
    start = shop.now + timedelta(days=2)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")), effective_from=start)
    done, fresh = taken(shop, 2)
    assert (done.restored_as, fresh) == (3, True)
    assert taken(shop, 2) == (done, False)
    shop.now += timedelta(days=3)
    shop.night()
    assert tier(shop)[0] == "gold"
    (one,) = shop.record(buys(who, 1_000, receipt="r2"))
    assert one.version == 3


def test_one_in_force_is_taken_back_while_nobody_was_there(open_shop: Open) -> None:
    shop = open_shop(ladder())
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER)))
    shop.now += timedelta(hours=1)
    assert taken(shop, 2)[0].restored_as == 3


def test_what_decided_an_activity_is_not_taken_back(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER)))
    shop.now += timedelta(hours=1)
    shop.record(buys(who, 1_000, receipt="r1"))
    before = shop.counts()
    with pytest.raises(Decided, match="1 activities") as fault:
        taken(shop, 2)
    assert fault.value.facts["activities"] == 1
    assert shop.counts() == before


def test_who_was_placed_anew_was_affected(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.record(buys(who, 30_000, receipt="r1"))
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)
    shop.night()
    with pytest.raises(Decided, match="1 tiers"):
        taken(shop, 2)


def test_a_tier_given_by_hand_under_it_keeps_it(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.ask(give_tiers, GiveTier(who, "granted", "silver", "before it", "olga"))
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER)))
    shop.now += timedelta(hours=1)
    (ben,) = shop.joined("ben")
    shop.ask(give_tiers, GiveTier(ben, "granted", "gold", "under it", "olga"))
    with pytest.raises(Decided, match="1 tiers by hand") as fault:
        taken(shop, 2)
    assert fault.value.facts["tiers_by_hand"] == 1


def test_the_later_one_is_taken_back_first(open_shop: Open) -> None:
    shop = open_shop(ladder())
    for days, steps in ((1, HARDER), (2, HARDER.replace("500", "700"))):
        start = shop.now + timedelta(days=days)
        shop.publish(named(shop, ladder(steps)), effective_from=start)
    with pytest.raises(NotTheLast, match="version 3"):
        taken(shop, 2)
    taken(shop, 3)
    assert taken(shop, 2)[0].restored_as == 5
    sources = shop.rows(
        "select version, source from program_version where program_id = $1 order by 1"
    )
    assert [source == sources[0][1] for _, source in sources] == [
        True, False, False, False, True, True,
    ]  # fmt: skip


def test_what_is_published_since_holds_on_the_day_of_one_that_was_taken_back(
    open_shop: Open,
) -> None:
    """What stood in its place brought back the terms of before, on a day nobody had named."""
    shop = open_shop(ladder())
    start = shop.now + timedelta(days=10)
    shop.publish(named(shop, ladder(HARDER)), effective_from=start)
    taken(shop, 2)
    shop.now += timedelta(days=1)
    file = named(shop, ladder(HARDER.replace("500", "700")))
    plan = shop.do(lambda tx, _t: plan_version(tx, file))
    done = shop.publish(file)
    assert (done.version, done.fresh) == (4, True)
    warned = [one.says for one in (*plan.problems, *done.warnings) if "rules" in one.says]
    assert warned == 2 * [
        "it also rules from 2026-03-12 13:00 on, where version 3 stands in for one that was taken "
        "back"
    ]
    again = shop.publish(file)
    assert (again.version, again.fresh) == (4, False)
    shop.now = start
    assert shop.terms.at(start).number == shop.terms.latest == 5
    rows = shop.rows(
        "select version, restored_as from version_withdrawal where program_id = $1 order by 1"
    )
    assert [tuple(row) for row in rows] == [(2, 3), (3, 5)]
    assert shop.terms.at(start).program == shop.terms.numbered(4).program


def test_what_was_said_for_a_day_stays_and_is_what_is_taken_back(open_shop: Open) -> None:
    """Of two versions for a day the later was taken back: the other was said, and is not replaced
    by what is published since; what stands there says it again, and has to go with it."""
    shop = open_shop(ladder())
    start = shop.now + timedelta(days=10)
    for steps in (HARDER, HARDER.replace("500", "700")):
        shop.publish(named(shop, ladder(steps)), effective_from=start)
    taken(shop, 3)
    shop.now += timedelta(days=1)
    done = shop.publish(named(shop, ladder(HARDER.replace("500", "900"))))
    assert [one.says for one in done.warnings if "rules" in one.says] == [
        "it rules until 2026-03-12 13:00 only; from then on version 2 does"
    ]
    assert shop.terms.at(start).program == shop.terms.numbered(2).program
    with pytest.raises(NotTheLast, match="says again what version 2 says") as fault:
        taken(shop, 4)
    assert fault.value.facts["version"] == 2
    assert taken(shop, 2)[0].restored_as == 6
    assert shop.terms.at(start).program == shop.terms.numbered(5).program


def test_what_stands_in_since_or_soon_is_not_replaced(open_shop: Open) -> None:
    """Something may be decided by it, or was: it stays, and whoever publishes is told so."""
    shop = open_shop(ladder())
    start = shop.now + timedelta(days=2)
    shop.publish(named(shop, ladder(HARDER)), effective_from=start)
    taken(shop, 2)
    file = named(shop, ladder(HARDER.replace("500", "700")))
    for hours, still_open in ((30, []), (20, ["overtaken:3"])):
        shop.now += timedelta(hours=hours)
        plan = shop.do(lambda tx, _t: plan_version(tx, file, start - HOUR))
        assert [one.code for one in plan.problems if one.code] == still_open
        assert [one.says for one in plan.problems if "also rules" in one.says] == []
        if not still_open:
            shop.publish(file)
            assert shop.terms.at(start).number == shop.terms.latest - 1 == 3


def test_a_sale_dated_tomorrow_comes_back_when_its_version_was_replaced(open_shop: Open) -> None:
    """Tills may be a day ahead: by what rules then something was decided, which stays whole."""
    shop = open_shop(ladder() + CLUB)
    (who,) = shop.joined("ada")
    start = shop.now + timedelta(hours=20)
    for points in (2, 3):
        file = named(shop, ladder().replace("points: 1,", f"points: {points},") + CLUB)
        shop.publish(file, effective_from=start)
        ahead = start + timedelta(hours=1)
        (one,) = shop.record(buys(who, 1_000, receipt=f"r{points}", occurred_at=ahead))
        assert one.version == points
    assert [one.number for one in shop.terms.versions] == [1, 2, 3]
    shop.now = start + timedelta(days=2)
    (back,) = shop.record(brings_back("r2", (0, 500), receipt="b1"))
    assert (back.version, back.earned) == (2, {"points": -10})


def test_what_was_replaced_before_its_day_is_whole_and_the_first_ones_stay() -> None:
    """Before all versions the first one decides, whatever replaces it on its day."""
    compiled = compile_program(read_program(ladder() + CLUB))
    codes, now = codes_for({}, compiled), datetime(2026, 3, 2, tzinfo=UTC)
    days = (20, 20, 40, 40, 60)
    published = [(n, now + timedelta(d), compiled) for n, d in enumerate(days, 1)]
    terms = terms_of(1, "ladder", published, codes, dict.fromkeys(range(1, 6), now))
    assert [one.number for one in terms.versions] == [1, 2, 4, 5]
    assert terms.at(now).number == 1
    (never,) = terms.unruled
    assert (never.number, list(never.further)) == (3, ["club"])
    near = {3: now, 4: now + timedelta(days=39, hours=1)}
    told = dict.fromkeys(range(1, 6), now) | near
    for stand_ins, left_out in (((), []), ((4,), [3])):
        terms = terms_of(1, "ladder", published, codes, told, stand_ins)
        assert [one.number for one in terms.unruled] == left_out


@pytest.mark.parametrize(
    ("version", "reason", "fault"),
    [(9, "a slip", NotFound), (2, " ", Invalid), (1, "a", NotTheLast)],
)
def test_what_cannot_be_taken_back_says_why(
    open_shop: Open, version: int, reason: str, fault: type[Exception]
) -> None:
    shop = open_shop(ladder())
    with pytest.raises(fault):
        taken(shop, version, reason)


def test_a_till_that_decides_at_the_same_moment_is_waited_for(open_shop: Open) -> None:
    """The sale comes first, so nothing is taken back any more."""
    from regulars.base.faults import StaleTerms
    from regulars.flows.recording.record_activities import record_activities

    shop = open_shop(ladder())
    (who,) = shop.joined("ada")
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER)))
    shop.now += timedelta(hours=1)

    async def sells(tx, terms):  # type: ignore[no-untyped-def]
        done = await record_activities(tx, terms, [buys(who, 1_000, receipt="r1")])
        await asyncio.sleep(0.3)
        return done

    async def takes(tx, _terms):  # type: ignore[no-untyped-def]
        await asyncio.sleep(0.1)
        return await withdraw_version(tx, Withdraw(2, "a slip", "owner"))

    sold, back = shop.together(sells, takes)
    assert not isinstance(sold, StaleTerms)
    assert isinstance(back, Decided)
