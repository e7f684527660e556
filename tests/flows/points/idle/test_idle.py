"""Points that are left alone for too long lapse, once their member was told (semantics A7)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.test_midnight import Dying
from tests.makers import SECOND, Shop, buys, by, named

from regulars.engine.checking.admission import admit
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Redeem
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.show_standing import show_standing
from regulars.records.program.problems import ProgramFault
from regulars.runtime.storage.database import Database

LEFT = """
regulars: 1
program: left-alone
name: Left alone
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    notice: {days: 10}
    inactivity: {after: 6 months}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""
_MESSAGES = """
select message_id, kind, points, lapses_at, delivered_at from message
 where program_id = $1 order by message_id
"""
_LAPSED = """
select occurred_at, reason from entry where program_id = $1 and kind = 'expire' order by entry_id
"""
_CLOCKS = "select look_at from idle_clock where program_id = $1 order by look_at"
_ACTIVE = "select last_qualifying_at from balance where program_id = $1"


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    shop = open_shop(LEFT)
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    return shop


def ada() -> Any:
    return by(external="ada")


def earn(shop: Shop, minor: int = 4000, **told: Any) -> Any:
    (done,) = shop.record(buys(ada(), minor, **told))
    return done


def shown(shop: Shop, *message_ids: UUID) -> list[Any]:
    return shop.ask(deliver_messages, *(Deliver(one) for one in message_ids))


def publish(shop: Shop, source: str) -> None:
    shop.publish(named(source, shop.terms.slug))


def inbox(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(_MESSAGES)


def looks(shop: Shop) -> list[datetime]:
    return [at for (at,) in shop.rows(_CLOCKS)]


def told_and_shown(shop: Shop, on: str) -> None:
    shop.at(on)
    shop.night()
    (*_, last) = inbox(shop)
    shown(shop, last[0])


def test_a_notice_lies_ready_twice_as_long_before_the_end_as_it_must(shop: Shop) -> None:
    earn(shop)
    assert shop.rows(_ACTIVE) == [(shop.local("2026-03-02 13:00"),)]
    assert looks(shop) == [shop.local("2026-08-14 00:00")]
    shop.at("2026-08-13 23:59:59")
    shop.night()
    assert inbox(shop) == []
    shop.at("2026-08-14 00:00")
    shop.night()
    ((_, kind, points, lapses_at, delivered),) = inbox(shop)
    end = shop.local("2026-09-03 00:00")
    assert (kind, points, lapses_at, delivered) == ("idle_notice", 40, end, None)
    assert looks(shop) == [end]
    assert shop.night()["look_at_idle"] == 0


def test_told_in_time_they_lapse_at_the_end_and_the_books_say_why(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 00:00")
    shop.now -= SECOND
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.now += SECOND
    shop.night()
    assert shop.balances("ada") == {}
    assert shop.rows(_LAPSED) == [
        (shop.local("2026-09-03 00:00"), "no activity since 2026-03-02"),
    ]
    assert looks(shop) == []
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_one_second_after_the_end_they_are_gone_without_any_job(shop: Shop) -> None:
    done = earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 00:00:01")
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, done.member_id))
    assert standing.balances["points"].available == 0
    (no,) = shop.redeem(Redeem(ada(), "cup"))
    assert no.code == "not_enough_points"


def test_who_was_never_told_keeps_them(shop: Shop) -> None:
    earn(shop)
    for day in ("2026-08-20", "2026-09-03", "2026-09-14", "2027-06-01"):
        shop.at(f"{day} 00:00")
        shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    assert len(inbox(shop)) == 1
    assert looks(shop) == [shop.local("2027-06-12 00:00")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_told_late_they_live_so_many_days_after_it_was_shown(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-08-20 10:00")
    shop.night()
    shop.at("2026-08-30 23:00")
    shown(shop, inbox(shop)[0][0])
    shop.at("2026-09-10 00:00")
    shop.now -= SECOND
    assert shop.night()["look_at_idle"] == 1
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.now += SECOND
    shop.night()
    assert shop.rows(_LAPSED)[0][0] == shop.local("2026-09-10 00:00")
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_coming_back_in_time_keeps_everything_and_the_notice_counts_no_more(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-02 23:59:59")
    earn(shop, 100)
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (41, 0, 0)}
    assert looks(shop) == [shop.local("2027-02-11 00:00")]
    shop.at("2027-03-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (41, 0, 0)}
    assert [row[2] for row in inbox(shop)] == [40, 41]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_coming_back_too_late_brings_nothing_back(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 00:00")
    earn(shop, 700)
    assert shop.balances("ada") == {"points": (7, 0, 0)}
    assert shop.rows(_LAPSED)[0][0] == shop.local("2026-09-03 00:00")
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_happened_before_the_end_and_is_told_after_it_saves_them(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-04 09:00")
    earn(shop, 700, occurred_at=shop.local("2026-09-02 18:00"))
    assert shop.balances("ada") == {"points": (47, 0, 0)}
    earn(shop, 100, occurred_at=shop.local("2026-05-02 18:00"))
    assert shop.rows(_ACTIVE) == [(shop.local("2026-09-02 18:00"),)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_lapse_that_was_executed_stays_whatever_is_told_late(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 02:00")
    shop.night()
    earn(shop, 700, occurred_at=shop.local("2026-09-02 18:00"))
    assert shop.balances("ada") == {"points": (7, 0, 0)}
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_taking_a_reward_keeps_the_rest_alive(shop: Shop) -> None:
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-01 10:00")
    (done,) = shop.redeem(Redeem(ada(), "cup", capture=True))
    assert done.state == "captured"
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (10, 0, 0)}
    assert shop.rows(_ACTIVE) == [(shop.local("2026-09-01 10:00"),)]


def test_points_given_by_hand_begin_a_clock_of_their_own_and_keep_no_others_alive(
    shop: Shop,
) -> None:
    earn(shop)
    shop.at("2026-08-01 10:00")
    shop.ask(adjust_balances, Adjust(ada(), "points", 5, "Olga", "sorry"))
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (5, 0, 0)}
    assert looks(shop) == [shop.local("2027-01-13 00:00")]
    shop.run(assert_books_right(shop.made.owner_dsn))


class Counting(Dying):
    """Counts the round trips of a transaction."""

    def __init__(self, tx: Any) -> None:
        super().__init__(tx, 1_000)
        self.trips = 0

    def _next(self) -> None:
        self.trips += 1


@pytest.mark.parametrize("says", ["", "\n    inactivity: {after: 6 months}"])
def test_earning_costs_no_round_trip_more(open_shop: Callable[[str], Shop], says: str) -> None:
    plain = LEFT.replace("\n    inactivity: {after: 6 months}", "").replace(
        "notice: {days: 10}", f"expiry: {{after: 5 years}}\n    notice: {{days: 10}}{says}"
    )
    shop = open_shop(plain)
    shop.joined("ada")
    earn(shop)
    found = []

    async def act(tx: Any, terms: Any) -> None:
        counting = Counting(tx)
        await record_activities(counting, terms, [buys(ada(), 100)])
        found.append(counting.trips)

    shop.do(act)
    assert found == [6]


def test_earning_changes_a_balance_in_place(shop: Shop) -> None:
    """No index knows the last activity, so PostgreSQL need not write one anew (HOT)."""
    for _ in range(20):
        earn(shop)
    knows = "select count(*) from pg_indexes where indexdef like '%last_qualifying_at%' and $1 > 0"
    assert shop.rows(knows) == [(0,)]
    updates = """
    select n_tup_upd, n_tup_hot_upd from pg_stat_get_tuples_updated('balance'::regclass) n_tup_upd,
           pg_stat_get_tuples_hot_updated('balance'::regclass) n_tup_hot_upd where $1 > 0
    """
    shop.run(shop.database.close())
    shop.database = shop.run(Database.connect(shop.made.app_dsn, size=2))
    ((changed, in_place),) = shop.rows(updates)
    assert changed >= 19
    assert in_place >= changed - 2
    assert shop.rows("select count(*) from idle_clock where program_id = $1") == [(1,)]


@pytest.mark.parametrize(
    ("said", "path", "mend"),
    [
        ("inactivity: {after: 6 months}", "wallets.points.inactivity", "add `notice: {days: 30}`"),
        (
            "notice: {days: 20}\n    inactivity: {after: 1 month}",
            "wallets.points.inactivity.after",
            "a longer time",
        ),
        (
            "notice: {days: 10}\n    inactivity: {after: 1 year, reset_by: [earning, earning]}",
            "wallets.points.inactivity.reset_by",
            "name each once",
        ),
        (
            "notice: {days: 10}\n    inactivity: {after: 36 hours}",
            "wallets.points.inactivity.after",
            "",
        ),
        (
            "notice: {days: 10}\n    inactivity: {after: 1 year, reset_by: []}",
            "wallets.points.inactivity.reset_by",
            "",
        ),
        (
            "notice: {days: 10}\n    inactivity: {after: 1 year, reset_by: [sleeping]}",
            "wallets.points.inactivity.reset_by",
            "",
        ),
        (
            "kind: status\n    notice: {days: 10}\n    inactivity: {after: 1 year}",
            "wallets.points.inactivity",
            "remove `inactivity:`",
        ),
    ],
)
def test_a_promise_that_cannot_be_kept_is_told_with_its_line(
    said: str, path: str, mend: str
) -> None:
    source = LEFT.replace("notice: {days: 10}\n    inactivity: {after: 6 months}", said)
    with pytest.raises(ProgramFault) as wrong:
        admit(source)
    told = {problem.path: problem for problem in wrong.value.problems}
    assert path in "|".join(told), told
    mine = next(problem for where, problem in told.items() if where.startswith(path))
    assert mend in mine.mend
    assert mine.line > 8
