"""Points lapse only when their member was told in time; until then their end moves, by an entry."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import household, take_together
from tests.flows.test_midnight import Dying, Killed
from tests.makers import SECOND, Shop, asked, brings_back, buys, by, line, named

from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import Adjust, Redeem
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.midnight import expire_lots, post_notices
from regulars.flows.points.commands import ExtendLot, Transfer
from regulars.flows.points.show_courtesy import extend_lots
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.show_standing import show_standing
from regulars.records.activity.types import Payment
from regulars.records.members.types import EraseMember

TOLD = """
regulars: 1
program: told
name: Told
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 3 months, round_up_to: day}, notice: {days: 10}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""
_MESSAGES = """
select message_id, points, lapses_at, delivered_at from message
 where program_id = $1 order by message_id
"""
_MOVED = "select from_at, to_at, points from postponement where program_id = $1 order by from_at"
_KINDS = "select kind from entry where program_id = $1 order by entry_id"


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    shop = open_shop(TOLD)
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    return shop


def earn(shop: Shop, minor: int = 4000) -> Any:
    (done,) = shop.record(buys(shop_member(), minor))
    return done


def shop_member() -> Any:
    return by(external="ada")


def shown(shop: Shop, *message_ids: UUID, **said: Any) -> list[Any]:
    return shop.ask(deliver_messages, *(Deliver(one, **said) for one in message_ids))


def inbox(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(_MESSAGES)


def ends(shop: Shop) -> list[datetime]:
    return [end for *_, end in shop.lots("ada")]


def test_a_notice_lies_ready_twice_as_long_before_as_it_must(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-13 23:59:59")
    shop.night()
    assert inbox(shop) == []
    shop.at("2026-05-14 00:00:00")
    assert shop.night()["post_notices"] == 1
    ((_, points, lapses_at, delivered),) = inbox(shop)
    assert (points, lapses_at, delivered) == (40, shop.local("2026-06-03 00:00"), None)
    assert shop.night()["post_notices"] == 0
    assert len(inbox(shop)) == 1
    assert shop.told()[-1] == "points.lapse_soon"


def test_what_was_told_in_time_lapses_at_its_end(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    shop.at("2026-05-23 23:59:59")
    shown(shop, inbox(shop)[0][0])
    shop.at("2026-06-03 00:00")
    shop.night()
    assert (shop.balances("ada"), shop.rows(_MOVED)) == ({}, [])
    assert shop.rows(_KINDS) == [("earn",), ("expire",)]


def test_what_was_told_a_second_too_late_lives_a_day_longer(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    shop.at("2026-05-24 00:00:00")
    shown(shop, inbox(shop)[0][0])
    shop.at("2026-06-03 00:00")
    shop.night()
    later = shop.local("2026-06-04 00:00")
    assert shop.rows(_MOVED) == [(shop.local("2026-06-03 00:00"), later, 40)]
    assert ends(shop) == [later]
    shop.at("2026-06-04 00:00")
    shop.night()
    assert shop.balances("ada") == {}
    assert shop.rows(_KINDS) == [("earn",), ("postpone",), ("expire",)]
    assert shop.told()[-2:] == ["points.postponed", "points.expired"]


def test_who_is_never_told_keeps_the_points(shop: Shop) -> None:
    earn(shop)
    for day in ("2026-05-20", "2026-06-03", "2026-06-14", "2027-03-01"):
        shop.at(f"{day} 00:00")
        shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    assert ends(shop) == [shop.local("2027-03-12 00:00")]
    assert len(inbox(shop)) == 1
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_points_past_their_end_that_nobody_told_of_can_be_spent_without_any_job(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-06-03 00:00")
    (done,) = shop.redeem(Redeem(shop_member(), "cup", capture=True))
    assert (done.state, done.balances) == ("captured", {"points": 10})
    assert ends(shop) == [shop.local("2026-06-14 00:00")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_told_in_time_they_are_refused_at_their_end_without_any_job(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    shown(shop, inbox(shop)[0][0])
    shop.at("2026-06-03 00:00")
    shop.now -= SECOND
    held = {"points": (40, 0, 0)}
    assert shop.balances("ada") == held
    shop.now += SECOND
    (no,) = shop.redeem(Redeem(shop_member(), "cup"))
    assert no.code == "not_enough_points"


def test_the_standing_shows_the_instant_that_holds_now(shop: Shop) -> None:
    done = earn(shop)
    shop.at("2026-06-10 08:00")
    before = shop.counts()
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, done.member_id))
    assert standing.lapses_next == {"points": (shop.local("2026-06-21 00:00"), 40, "expiry")}
    assert shop.counts() == before


def test_a_late_night_lapses_what_was_told_long_ago_at_its_moved_end(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-30 10:00")
    shop.night()
    shown(shop, inbox(shop)[0][0])
    shop.at("2027-01-01 10:00")
    shop.night()
    assert shop.rows(_KINDS) == [("earn",), ("postpone",), ("expire",)]
    (at,) = shop.rows("select occurred_at from entry where program_id = $1 and kind = 'expire'")
    assert at == (shop.local("2026-06-10 00:00"),)
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_the_first_time_a_message_was_shown_counts(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    ((message_id, *_),) = inbox(shop)
    first, second = shown(shop, message_id, message_id, by="card")
    shop.now += timedelta(days=9)
    (third,) = shown(shop, message_id, by="receipt")
    at = shop.local("2026-05-20 10:00")
    assert [(d.delivered_at, d.delivered_by) for d in (first, second, third)] == [(at, "card")] * 3
    assert inbox(shop)[0][3] == at


def test_the_same_request_again_is_answered_again(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    ((message_id, *_),) = inbox(shop)
    shown(shop, message_id, asked=asked("k"))
    (again,) = shown(shop, message_id, asked=asked("k"))
    assert again.replayed


def test_a_message_nobody_wrote_cannot_be_shown(shop: Shop) -> None:
    before = shop.counts()
    (fault,) = shown(shop, UUID(int=7))
    assert (fault.code, shop.counts()) == ("not_found", before)


def test_points_of_one_day_share_a_notice_and_later_ones_get_their_own(shop: Shop) -> None:
    earn(shop)
    shop.now += timedelta(hours=2)
    earn(shop, 500)
    shop.now += timedelta(days=1)
    earn(shop, 700)
    shop.at("2026-05-20 10:00")
    shop.night()
    assert [points for _, points, *_ in inbox(shop)] == [45, 7]


def test_reserved_points_are_told_of_and_honoured(shop: Shop) -> None:
    earn(shop, 3000)
    shop.at("2026-06-02 23:50")
    shop.redeem(Redeem(shop_member(), "cup"))
    shop.at("2026-06-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (0, 30, 0)}
    shop.at("2026-06-03 00:06")
    shop.night()
    assert shop.balances("ada") == {"points": (30, 0, 0)}
    assert ends(shop) == [shop.local("2026-06-14 00:00")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def lot_id(shop: Shop) -> UUID:
    sql = "select lot_id from lot where program_id = $1 and remaining > 0 order by lot_id"
    (found,) = shop.rows(sql)[0]
    return UUID(str(found))


def longer(shop: Shop, until: str) -> Any:
    said = ExtendLot(shop_member(), lot_id(shop), shop.local(until), reason="kind", actor="Olga")
    return shop.ask(extend_lots, said)[0]


def test_whose_end_a_courtesy_moved_is_told_again(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    shown(shop, inbox(shop)[0][0])
    assert longer(shop, "2026-08-01 00:00").units == 40
    shop.night()
    assert len(inbox(shop)) == 1
    shop.at("2026-07-20 10:00")
    assert (shop.night()["post_notices"], shop.night()["post_notices"]) == (1, 0)
    assert [at for _, _, at, _ in inbox(shop)] == [
        shop.local("2026-06-03 00:00"), shop.local("2026-08-01 00:00"),
    ]  # fmt: skip
    shop.at("2026-08-01 00:00")
    shop.night()
    assert ends(shop) == [shop.local("2026-08-12 00:00")]
    shown(shop, inbox(shop)[1][0])
    shop.at("2026-08-12 00:00")
    shop.night()
    assert shop.balances("ada") == {}
    assert shop.rows(_KINDS) == [("earn",), ("extend",), ("postpone",), ("expire",)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_an_end_moves_twice_in_one_decision(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-06-03 00:00")
    assert longer(shop, "2026-08-01 00:00").units == 40
    assert shop.rows(_MOVED) == [
        (shop.local("2026-06-03 00:00"), shop.local("2026-06-14 00:00"), 40)
    ]
    assert ends(shop) == [shop.local("2026-08-01 00:00")]
    assert shop.rows(_KINDS) == [("earn",), ("postpone",), ("extend",)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_who_is_given_points_is_told_of_them_anew_and_they_live_no_longer(shop: Shop) -> None:
    allowed = named(TOLD, shop.terms.slug).replace("notice:", "transfers: {}, notice:")
    shop.publish(f"{allowed}household: {{}}\n")
    shop.joined("ben")
    earn(shop)
    shop.at("2026-05-20 10:00")
    shop.night()
    shown(shop, inbox(shop)[0][0])
    why: dict[str, Any] = {"reason": "kind", "actor": "Olga"}
    shop.ask(transfer_points, Transfer(shop_member(), by(external="ben"), "points", 15, **why))
    assert shop.night()["post_notices"] == 1
    assert [points for _, points, *_ in inbox(shop)] == [40, 15]
    # Ada was told in time, so they end when they did with her, however often they change hands.
    shop.at("2026-06-02 23:00")
    shop.ask(transfer_points, Transfer(by(external="ben"), shop_member(), "points", 5, **why))
    shown(shop, inbox(shop)[1][0])
    # Nor where what they have together pays, and comes back to whoever took it.
    home = household(shop, shop_member(), by(external="ben"))
    took = take_together(shop, home, by(external="ben"), "cup")
    paid = {"payments": (Payment("points", 3_000, took.redemption_id),)}
    shop.record(buys(by(external="ben"), line(3_000), receipt="cup", basket=paid))
    shop.record(brings_back("cup"))
    assert shop.balances("ben") == {"points": (30, 0, 0)}
    shop.at("2026-06-03 00:00")
    shop.night()
    assert (shop.balances("ada"), shop.balances("ben")) == ({}, {})
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_points_that_lived_on_are_handed_over_with_the_end_they_have(shop: Shop) -> None:
    shop.publish(named(TOLD, shop.terms.slug).replace("notice:", "transfers: {}, notice:"))
    shop.joined("ben")
    earn(shop)
    shop.at("2026-06-03 00:00")
    gift = Transfer(shop_member(), by(external="ben"), "points", 15, reason="kind", actor="Olga")
    shop.ask(transfer_points, gift)
    later = shop.local("2026-06-14 00:00")
    assert [end for *_, end in shop.lots("ben")] == ends(shop) == [later]
    shop.at("2026-07-01 00:00")
    shop.night()
    assert shop.balances("ben") == {"points": (15, 0, 0)}
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_points_of_the_erased_lapse_at_their_end_and_nobody_is_told(shop: Shop) -> None:
    done = earn(shop)
    shop.ask(erase_members, EraseMember(done.member_id, asked=asked("gone")))
    for day in ("2026-05-20", "2026-06-03"):
        shop.at(f"{day} 00:00")
        shop.night()
    assert (inbox(shop), shop.rows(_MOVED)) == ([], [])
    assert shop.rows(_KINDS) == [("earn",), ("expire",)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_wallet_without_the_promise_is_told_nothing(shop: Shop) -> None:
    shop.publish(named(TOLD, shop.terms.slug).replace(", notice: {days: 10}", ""))
    earn(shop)
    shop.at("2026-06-03 00:00")
    shop.night()
    assert (inbox(shop), shop.balances("ada")) == ([], {})


def test_a_correction_takes_what_lives_on(shop: Shop) -> None:
    earn(shop)
    shop.at("2026-06-05 00:00")
    (done,) = shop.adjust(Adjust(shop_member(), "points", -40, "a mistake", "Olga"))
    assert done.balances == {"points": 0}


def test_many_lots_that_live_on_keep_nobody_else_from_lapsing(shop: Shop) -> None:
    """Of a batch of two so many lots are looked through that one member's nine fill it."""
    (ben,) = shop.joined("ben")
    shop.record(*(buys(shop_member(), 4000, receipt=f"a{n}") for n in range(9)))
    shop.at("2026-03-03 13:00")
    shop.record(buys(ben, 4000, receipt="b"))
    shop.at("2026-05-20 10:00")
    shop.night("post_notices")
    told = "select message_id from message where program_id = $1 and lapses_at = $2"
    shown(shop, shop.rows(told, shop.local("2026-06-04 00:00"))[0][0])
    shop.at("2026-06-04 00:00")
    shop.night("expire_lots", most=2)
    assert (shop.balances("ada")["points"], shop.balances("ben")) == ((360, 0, 0), {})
    assert len(shop.rows(_MOVED)) == 9
    assert shop.night("expire_lots", most=2) == {"expire_lots": 0}


@pytest.mark.parametrize("statements", range(6))
@pytest.mark.parametrize(
    ("step", "day"), [(post_notices, "2026-05-20"), (expire_lots, "2026-06-05")]
)
def test_killed_at_any_statement_nothing_is_half_told(
    shop: Shop, step: Any, day: str, statements: int
) -> None:
    earn(shop)
    shop.at(f"{day} 10:00")
    before = shop.counts(), inbox(shop), shop.rows(_MOVED)
    try:
        shop.do(lambda tx, terms: step(Dying(tx, statements), terms, 10))
    except (Killed, Stuck):
        assert (shop.counts(), inbox(shop), shop.rows(_MOVED)) == before
    shop.night()
    assert (len(inbox(shop)), len(shop.rows(_MOVED))) == (1, int(step is expire_lots))
