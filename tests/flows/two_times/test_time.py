"""Time: the shop's wall calendar decides, to the second, in every zone and over every jump."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.books import assert_books_right
from tests.makers import SECOND, Shop, buys, line

from regulars.flows.commands import RecordActivity, Redeem, Redeemed
from regulars.flows.midnight import STEPS
from regulars.flows.redeem_rewards import redeem_rewards

Open = Callable[[str], Shop]
ZONED = """
regulars: 1
program: zoned
name: Zoned
currency: EUR
zone: ZONE
wallets:
  points: {expiry: {after: AFTER, round_up_to: ROUND}}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: visit, on: visit, wallet: stamps, award: {give: fixed, points: 1},
     limits: [{per: day, times: 1}]}
rewards:
  - {id: cup, name: A cup, price: {points: 1}, hold_for: 1 hour}
"""


def zoned(zone: str, after: str = "1 day", round_up_to: str = "day") -> str:
    text = ZONED.replace("ZONE", zone).replace("AFTER", after)
    return text.replace("ROUND", round_up_to)


ENDS = [
    # zone, what a point lives, earned at (local), gone at (UTC)
    ("Europe/Berlin", "1 day", "day", "2026-03-28 12:00", "2026-03-29 22:00"),
    ("Europe/Berlin", "1 day", "none", "2026-03-28 02:30", "2026-03-29 01:30"),
    ("Europe/Berlin", "1 day", "none", "2026-10-24 02:30", "2026-10-25 00:30"),
    ("Europe/Berlin", "24 hours", "none", "2026-03-28 12:00", "2026-03-29 11:00"),
    ("Europe/Berlin", "1 day", "none", "2026-03-28 12:00", "2026-03-29 10:00"),
    ("Europe/Berlin", "1 month", "day", "2026-01-31 23:59", "2026-02-28 23:00"),
    ("Europe/Berlin", "1 year", "none", "2028-02-29 12:00", "2029-02-28 11:00"),
    ("Europe/Berlin", "12 months", "month", "2020-07-06 12:00", "2021-07-31 22:00"),
    ("Europe/Berlin", "1 day", "year", "2026-12-30 12:00", "2026-12-31 23:00"),
    ("Europe/Berlin", "1 day", "year", "2026-12-31 12:00", "2027-12-31 23:00"),
    ("America/St_Johns", "1 day", "day", "2026-03-07 12:00", "2026-03-09 02:30"),
    ("Australia/Lord_Howe", "1 day", "none", "2026-10-03 02:15", "2026-10-03 15:45"),
    ("Australia/Lord_Howe", "1 week", "week", "2026-04-01 12:00", "2026-04-12 13:30"),
    ("Pacific/Apia", "1 day", "day", "2011-12-28 12:00", "2011-12-30 10:00"),
    ("Pacific/Apia", "1 day", "day", "2011-12-29 12:00", "2011-12-30 10:00"),
    ("Asia/Kathmandu", "3 months", "quarter", "2026-01-15 12:00", "2026-06-30 18:15"),
    ("America/Santiago", "1 day", "day", "2026-09-04 12:00", "2026-09-06 04:00"),
]


@pytest.mark.parametrize(("zone", "after", "round_up_to", "earned", "gone"), ENDS)
def test_points_are_gone_at_one_instant_and_not_a_second_before(
    open_shop: Open, zone: str, after: str, round_up_to: str, earned: str, gone: str
) -> None:
    shop = open_shop(zoned(zone, after, round_up_to))
    shop.now = datetime(2011, 1, 1, tzinfo=UTC)
    (ada,) = shop.joined("ada")
    shop.at(earned)
    shop.record(buys(ada, 300))
    end = datetime.fromisoformat(gone).replace(tzinfo=UTC)
    assert [row[3] for row in shop.lots("ada")] == [end]
    shop.now = end - SECOND
    assert shop.night("expire_lots") == {"expire_lots": 0}
    (held,) = shop.redeem(Redeem(ada, "cup", capture=True))
    assert isinstance(held, Redeemed)
    shop.now = end
    (no,) = shop.redeem(Redeem(ada, "cup"))  # no job has run
    assert no.code == "not_enough_points"
    assert shop.balances("ada") == {}
    assert shop.night("expire_lots") == {"expire_lots": 0}


def test_a_spend_and_the_night_at_the_same_instant_one_wins_and_nothing_is_lost(
    open_shop: Open,
) -> None:
    shop = open_shop(zoned("Europe/Berlin"))
    (ada,) = shop.joined("ada")
    for day in range(6):
        shop.at(f"2026-04-{1 + 3 * day:02} 12:00")
        shop.record(buys(ada, 300))
        shop.at(f"2026-04-{3 + 3 * day:02} 00:00")
        shop.now -= SECOND if day % 2 else timedelta(0)
        held, expired = shop.together(
            lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "cup", capture=True)]),
            lambda tx, terms: STEPS["expire_lots"](tx, terms, 10),
        )
        if day % 2:  # a second before
            assert (held[0].state, expired) == ("captured", 0)
        else:
            assert held[0].code == "not_enough_points"
        shop.at(f"2026-04-{3 + 3 * day:02} 00:00")
        shop.night()
        assert shop.balances("ada") == {}
    total = "select sum(amount) from posting where program_id = $1 and account in (11, 12, 13)"
    assert shop.rows(total) == [(0,)]


DAYS = [
    # zone, the last instant of a local day (UTC)
    ("Europe/Berlin", "2026-03-28 22:59:59"),
    ("Europe/Berlin", "2026-10-25 22:59:59"),
    ("America/St_Johns", "2026-11-02 03:29:59"),
    ("Australia/Lord_Howe", "2026-04-04 12:59:59"),
    ("Pacific/Apia", "2011-12-30 09:59:59"),
    ("Asia/Kathmandu", "2026-03-02 18:14:59"),
    ("Europe/Berlin", "2028-02-29 22:59:59"),
    ("America/Santiago", "2026-09-06 03:59:59"),
]


@pytest.mark.parametrize(("zone", "last"), DAYS)
def test_a_limit_a_day_is_the_shop_s_day(open_shop: Open, zone: str, last: str) -> None:
    shop = open_shop(zoned(zone))
    shop.now = datetime(2011, 1, 1, tzinfo=UTC)
    (ada,) = shop.joined("ada")
    shop.now = datetime.fromisoformat(last).replace(tzinfo=UTC)
    visit = RecordActivity(kind="visit", member=ada)
    shop.now -= timedelta(hours=3)
    given = [shop.record(visit)[0].earned]
    shop.now += timedelta(hours=3)
    given.append(shop.record(visit)[0].earned)
    shop.now += SECOND
    given.append(shop.record(visit)[0].earned)
    assert given == [{"stamps": 1}, {}, {"stamps": 1}]


def test_an_ntp_step_in_the_middle_of_the_night_s_work_changes_nothing(open_shop: Open) -> None:
    shop = open_shop(zoned("Europe/Berlin"))
    refs = shop.joined("ada", "ben", "cem")
    for ref in refs:
        shop.record(buys(ref, 300))
    shop.at("2026-03-04 00:00")
    assert shop.do(lambda tx, terms: STEPS["expire_lots"](tx, terms, 1)) == 1
    shop.now -= timedelta(minutes=5)
    assert shop.do(lambda tx, terms: STEPS["expire_lots"](tx, terms, 1)) == 0
    shop.now += timedelta(minutes=5)
    assert shop.night("expire_lots") == {"expire_lots": 2}
    entries = "select count(*), sum(amount) from posting where program_id = $1 and account = 13"
    assert shop.rows(entries) == [(3, 9)]


JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=1), timedelta(days=400)]


@pytest.mark.parametrize("jump", JUMPS)
def test_versions_of_a_member_only_rise_whatever_the_clock_does(
    open_shop: Open, jump: timedelta
) -> None:
    shop = open_shop(zoned("Europe/Berlin", "10 days"))
    (ada,) = shop.joined("ada")
    for _ in range(3):
        shop.record(buys(ada, line(500), line(100)))
        shop.now += jump
        shop.redeem(Redeem(ada, "cup"))
        shop.night()
    rows = shop.rows("select sequence from outbox where program_id = $1 order by outbox_id")
    sequences = [row[0] for row in rows]
    assert sequences == sorted(sequences)
    assert shop.rows("select version from standing where program_id = $1") == [(sequences[-1],)]


@pytest.mark.parametrize("seed", range(4))
def test_two_workers_whose_clocks_are_ten_minutes_apart_keep_one_set_of_books(
    open_shop: Open, seed: int
) -> None:
    shop, random = open_shop(zoned("Europe/Berlin", "1 hour", "none")), Random(seed)
    refs = shop.joined("ada", "ben")
    true = shop.now
    for _ in range(40):
        true += timedelta(minutes=random.randrange(1, 12))
        shop.now = true + random.choice((-1, 1)) * timedelta(minutes=5)
        act = random.choice((shop.record, shop.redeem, shop.night))
        who = random.choice(refs)
        if act == shop.record:
            shop.record(buys(who, random.randrange(100, 900)))
        elif act == shop.redeem:
            shop.redeem(Redeem(who, "cup", capture=random.random() < 0.5))
        else:
            shop.night()
    shop.now = true + timedelta(days=1)
    shop.night()
    # Everything lapsed, was handed over or came back, each point once and at its lot's own end.
    assert shop.rows("select sum(available + held) from balance where program_id = $1") == [(0,)]
    ended = "select count(*) > 5 from entry where program_id = $1 and kind = 'expire'"
    assert shop.rows(ended) == [(True,)]
    late = """select count(*) from entry e join lot l on l.program_id = e.program_id
                 and l.lot_id = e.cause_id
               where e.program_id = $1 and e.kind = 'expire' and e.occurred_at <> l.expires_at"""
    assert shop.rows(late) == [(0,)]
    shop.run(assert_books_right(shop.made.owner_dsn))
