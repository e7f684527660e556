"""Seats that take points: reserved with the seat, given back with it until a day, spent then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.flows.members.playing.community.meeting import (
    SOURCE,
    comes,
    gives_up,
    plan,
    points,
    states,
    takes,
)
from tests.flows.members.staff.people import HOUSE, hires, key, settles
from tests.flows.terms.experiments import offering
from tests.makers import Made, Shop, brings_back, buys, by

from regulars.flows.access.commands import ChangeStaff
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn, GiveUpSeat, KeepGathering, TakeSeat
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.seats.settle_seats import keep_seats_longer, settle_seats
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.show_standing import show_standing
from regulars.insight import verify
from regulars.records.community.gatherings import read
from regulars.records.members.types import EraseMember
from regulars.records.program.changes.offers.types import Price
from regulars.records.rewards.read import lock_stock

I108 = (Path(verify.__file__).parent / "checks/asked/seats_paid.sql").read_text()
"""What a seat takes is reserved for as long as it lasts, and ends as it does."""
CODES = ("r1", "r2", "r3", "r4", "r5")
PRICED = (
    SOURCE.replace('at: "100.00"', 'at: "1000.00"').replace(
        "  points: {}\n",
        "  points: {}\n  beans: {notice: {days: 10}, inactivity: {after: 2 months}}\n",
    )
    + """
rewards:
  - {id: bean-seat, name: A seat, price: {beans: 100}, gives: {kind: seat}}
  - {id: seat, name: A seat, price: {points: 100}, gives: {kind: seat},
     tier_prices: {gold: {price: {points: 0}}}}
  - {id: coffee, name: A coffee, price: {points: 50}, stock: 50}
"""
)


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, PRICED)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def later(shop: Shop) -> None:
    """Each test plans for days of its own."""
    shop.now += timedelta(days=100)
    shop.do(settle_seats)


def with_points(shop: Shop, *names: str) -> Any:
    """Members of these names with two lots of 60 points each."""
    made = shop.joined(*names)
    for one, name in zip(made, names, strict=True):
        for n in (1, 2):
            shop.record(buys(one, 6_000, receipt=f"{name}-{n}"))
    return made


def held(shop: Shop, name: str) -> int:
    sql = """select b.held from balance b join identifier i using (program_id, member_id)
              where b.program_id = $1 and i.kind = 'external' and i.value = $2"""
    return sum(row[0] for row in shop.rows(sql, name))


def lots(shop: Shop, name: str) -> list[tuple[int, int]]:
    """What is left of each lot, and reserved of it."""
    sql = """select l.remaining, l.pinned from lot l join identifier i using (program_id, member_id)
              where l.program_id = $1 and i.kind = 'external' and i.value = $2 order by l.lot_id"""
    return [tuple(row) for row in shop.rows(sql, name)]


def test_points_are_reserved_with_the_seat_and_come_back_to_their_lots(shop: Shop) -> None:
    made = plan(shop, "tasting", seats=1, reward="seat", back_until=shop.now + timedelta(days=1))
    with_points(shop, "a1", "a2")
    before = lots(shop, "a1")
    told = takes(shop, "a1", "tasting")
    assert (told.state, told.points) == ("held", "reserved")
    assert (points(shop, "a1"), held(shop, "a1")) == (20, 100)
    assert takes(shop, "a1", "tasting").redemption_id == told.redemption_id, (
        "asked again: one price"
    )
    assert takes(shop, "a2", "tasting").state == "waiting"
    assert held(shop, "a2") == 100, "who waits has paid once they move up"
    gone = gives_up(shop, "a1", "tasting")
    assert (gone.state, gone.points) == ("given_up", "given_back")
    assert (points(shop, "a1"), held(shop, "a1"), lots(shop, "a1")) == (120, 0, before)
    assert states(shop, "tasting") == {"a1": "given_up", "a2": "held"}
    shop.now = made.back_until
    assert gives_up(shop, "a2", "tasting").points == "spent", "too late: the day is over"
    assert (points(shop, "a2"), held(shop, "a2")) == (20, 0)
    assert takes(shop, "a1", "tasting").state == "held", "and the seat is somebody else's"


def test_who_cannot_pay_has_no_seat_and_nothing_is_written(shop: Shop) -> None:
    soon = shop.now + timedelta(hours=12)
    plan(shop, "dear", reward="seat", begins_at=soon, ends_at=soon + timedelta(hours=1))
    shop.joined("b1")
    assert takes(shop, "b1", "dear").code == "not_enough_points"
    assert states(shop, "dear") == {}
    with_points(shop, "b2")
    wish = TakeSeat(by(external="b2"), "dear", shown={"points": 40})
    assert shop.ask(take_seats, wish)[0].code == "price_changed"
    for flow, told in ((take_seats, TakeSeat), (check_in_members, CheckIn)):
        (no,) = shop.ask(flow, told(by(external="b2"), "dear", may_pay=False))
        assert no.code == "forbidden", "whoever keeps members and takes no points takes none here"
        (no,) = shop.ask(flow, told(by(external="b2"), "dear", shown={}))
        assert no.code == "price_changed", "it was said that it takes nothing"
    assert (states(shop, "dear"), held(shop, "b2")) == ({}, 0)
    (gold,) = with_points(shop, "b3")
    shop.record(buys(gold, 100_000, receipt="b3"))
    assert takes(shop, "b3", "dear").points == "reserved", "a seat that a tier includes"
    assert held(shop, "b3") == 0


def test_of_many_at_once_nobody_pays_beyond_the_seats(shop: Shop) -> None:
    """Whoever waits pays, too; two who have points for one of two events take one."""
    plan(shop, "concert", seats=2, reward="seat")
    plan(shop, "opera", seats=2, reward="seat")
    names = [f"m{n}" for n in range(6)]
    with_points(shop, *names)

    def asks(name: str, code: str) -> Any:
        return lambda tx, terms: take_seats(tx, terms, [TakeSeat(by(external=name), code)])

    shop.together(*[asks(name, "concert") for name in names[:4]])
    assert sorted(states(shop, "concert").values()) == ["held"] * 2 + ["waiting"] * 2
    both = [asks(name, code) for name in names[4:] for code in ("opera", "concert")]
    done = [one for (one,) in shop.together(*both)]
    told = sorted(getattr(one, "code", "") or "seat" for one in done)
    assert told == ["not_enough_points"] * 2 + ["seat"] * 2, "each once, whoever was first"
    assert [held(shop, name) for name in names] == [100] * 6


def well(shop: Shop) -> bool:
    """Whether all that is reserved here is for a seat, and all that ended ended as its seat."""
    return shop.rows(f"select * from ({I108}) as c where program_id = $1") == []


def test_a_seat_is_settled_where_what_it_took_has_ended_and_not_before(shop: Shop) -> None:
    """Nobody who works here does so for themselves, and then nothing of it is done."""
    made = plan(shop, "own-back", seats=2, reward="seat")
    with_points(shop, "s1", "s2")
    told = takes(shop, "s1", "own-back")
    one = hires(shop, "manager")
    settles(shop, ChangeStaff(one.staff_id, HOUSE, member=told.member_id))
    wish = GiveUpSeat(by(external="s1"), "own-back", key(one, "mine"))
    assert shop.ask(give_up_seats, wish)[0].code == "own_membership"
    assert (states(shop, "own-back"), held(shop, "s1")) == ({"s1": "held"}, 100)
    assert gives_up(shop, "s1", "own-back").points == "given_back"
    takes(shop, "s2", "own-back")
    shop.now = made.ends_at + timedelta(days=32)
    assert [shop.do(settle_seats) for _ in range(2)] == [1, 0]
    assert (points(shop, "s2"), held(shop, "s2")) == (120, 0), "nobody took it in time: it lapses"
    assert well(shop)


def test_what_was_asked_a_moment_before_it_begins_is_settled_as_it_became(shop: Shop) -> None:
    """Of two at once the second looks anew: points are never spent without a seat, nor the seat
    had for nothing."""
    made = {code: plan(shop, code, seats=1, reward="seat") for code in CODES}
    at = {"begins_at": made["r1"].begins_at, "ends_at": made["r1"].ends_at}
    for code in made:
        with_points(shop, f"{code}a", f"{code}b")
        assert [takes(shop, f"{code}{n}", code).state for n in "ab"] == ["held", "waiting"]

    def just_before(flow: Any, command: Any) -> Any:
        async def act(tx: Any, terms: Any) -> Any:
            tx.now = at["begins_at"] - timedelta(milliseconds=1)
            return (await flow(tx, terms, [command]))[0]

        return act

    def keeps(code: str, **more: Any) -> Any:
        told: dict[str, Any] = {"name": code.title(), "says": {"en": "We meet."}, "by": HOUSE,
                                "capacity": 1, "reward": "seat", **at, **more}  # fmt: skip
        return just_before(keep_gatherings, KeepGathering(code, **told))

    def both(code: str) -> list[tuple[int, int]]:
        return [(points(shop, f"{code}{n}"), held(shop, f"{code}{n}")) for n in "ab"]

    plan(shop, "r5", seats=1)
    gone = takes(shop, "r5a", "r5").member_id
    shop.now = at["begins_at"]
    shop.together(keeps("r1", capacity=2), settle_seats, keeps("r2", state="cancelled"))
    later = {name: when + timedelta(days=1) for name, when in at.items()}
    gives = just_before(give_up_seats, GiveUpSeat(by(external="r4a"), "r4"))
    shop.do(settle_seats)
    late = shop.together(gives, keeps("r3", state="cancelled"), keeps("r4", **later))
    assert [one.code for one in late] == ["gathering_begun"] * 3
    shop.together(just_before(erase_members, EraseMember(gone)))
    assert states(shop, "r5")["r5b"] == "waiting", "nobody moves up for what they have back"
    here = comes(shop, "r5b", "r5")
    assert (here.state, here.points, here.redemption_id) == ("held", "", None)
    assert both("r1") == [(20, 0)] * 2, "whoever moved up has paid"
    assert [both(code) for code in ("r3", "r4")] == [[(20, 0), (120, 0)]] * 2
    assert well(shop)


def test_whoever_is_erased_leaves_their_seat_before_what_runs_out(shop: Shop) -> None:
    """In the order in which seats are taken, so that the two never wait for each other."""
    made = plan(shop, "order", seats=1)
    with_points(shop, "o1")
    gone = takes(shop, "o1", "order").member_id
    assert shop.ask(redeem_rewards, Redeem(by(external="o1"), "coffee"))[0].state == "held"

    async def holds(tx: Any, _: Any) -> None:
        await read.hold_seats(tx, [made.gathering_id])

    async def shelf(tx: Any, _: Any) -> None:
        while not await tx.fetch("select 1 from pg_locks where not granted"):
            pass
        await lock_stock(tx, ["coffee"])

    def erases(tx: Any, terms: Any) -> Any:
        return erase_members(tx, terms, [EraseMember(gone)])

    assert shop.at_once(holds, erases, shelf)[1] == {1}, "the shelf is nobody's meanwhile"
    assert states(shop, "order") == {}


def test_once_it_has_begun_seats_are_spent_and_the_line_has_its_points_back(shop: Shop) -> None:
    made = plan(shop, "class", seats=1, reward="seat")
    with_points(shop, "c1", "c2", "c3")
    assert [takes(shop, name, "class").state for name in ("c1", "c2")] == ["held", "waiting"]
    assert shop.do(settle_seats) == 0, "nothing before it begins"
    shop.now = made.begins_at
    assert [shop.do(settle_seats) for _ in range(2)] == [2, 0]
    assert [(points(shop, name), held(shop, name)) for name in ("c1", "c2")] == [(20, 0), (120, 0)]
    assert comes(shop, "c2", "class").code == "no_seat"
    assert (comes(shop, "c3", "class").code, held(shop, "c3")) == ("no_seat", 0)
    more = plan(shop, "door", seats=2, reward="seat")
    with_points(shop, "c4")
    takes(shop, "c2", "door")
    shop.now = more.begins_at
    shop.do(settle_seats)
    here = comes(shop, "c4", "door")
    assert (here.state, here.points, held(shop, "c4")) == ("held", "reserved", 100)
    assert shop.do(settle_seats) == 1
    assert points(shop, "c4") == 45, "120 less 100, and 25 for who was there"


def test_what_is_called_off_gives_everything_back(shop: Shop) -> None:
    plan(shop, "lost", seats=1, reward="seat")
    with_points(shop, "d1", "d2", "d3")
    for name in ("d1", "d2"):
        takes(shop, name, "lost")
    later = shop.now + timedelta(days=80)
    times = {"begins_at": later, "ends_at": later + timedelta(hours=1)}
    plan(shop, "lost", seats=1, reward="seat", **times)
    assert [shop.do(keep_seats_longer) for _ in range(2)] == [2, 0]
    shop.now += timedelta(days=60)
    shop.night()
    takes(shop, "d3", "lost")
    assert [held(shop, name) for name in ("d1", "d2")] == [100, 100], "moved, and still reserved"
    plan(shop, "lost", seats=1, reward="seat", state="cancelled", **times)
    assert shop.do(settle_seats) == 3
    assert [(points(shop, f"d{n}"), held(shop, f"d{n}")) for n in (1, 2, 3)] == [(120, 0)] * 3


def test_whoever_took_a_seat_for_another_day_has_points_back_until_it_begins(shop: Shop) -> None:
    at = shop.now + timedelta(hours=1)
    made = plan(shop, "moved", reward="seat", back_until=at)
    with_points(shop, "f1", "f2")
    takes(shop, "f1", "moved")
    shop.now += timedelta(hours=2)
    day = {"begins_at": made.begins_at + timedelta(days=3),
           "ends_at": made.ends_at + timedelta(days=3)}  # fmt: skip
    plan(shop, "moved", reward="seat", back_until=at, **day)
    takes(shop, "f2", "moved")
    shop.now += timedelta(days=2)
    told = [gives_up(shop, name, "moved").points for name in ("f1", "f2")]
    assert told == ["given_back", "spent"], "who asked since knew the day"


def test_what_belongs_to_a_seat_ends_with_it_alone(shop: Shop) -> None:
    """Neither reserved, handed over nor given back by any other way."""
    plan(shop, "own", seats=1, reward="seat")
    with_points(shop, "e1", "e2")
    told = takes(shop, "e1", "own")
    for outcome in ("captured", "voided"):
        (no,) = shop.ask(redeem_rewards, Settle(told.redemption_id, outcome))
        assert no.code == "keeps_its_seat"
    (no,) = shop.ask(redeem_rewards, Redeem(by(external="e2"), "seat"))
    assert no.code == "with_a_seat"
    assert (held(shop, "e1"), held(shop, "e2")) == (100, 0)
    assert plan(shop, "other", reward="coffee").field == "/reward"
    assert plan(shop, "other", reward="no-such").field == "/reward"
    assert plan(shop, "other", back_until=shop.now).field == "/back_until"
    soon = plan(shop, "own", seats=1, reward="seat", back_until=shop.now + timedelta(hours=1))
    assert soon.field == "/back_until", "nobody is promised points back and then not given them"
    at = {"begins_at": shop.now + timedelta(days=2, minutes=1)}
    at["ends_at"] = at["begins_at"] + timedelta(hours=1)
    soon = plan(shop, "own", seats=1, reward="seat", back_until=shop.now + timedelta(hours=1), **at)
    assert soon.field == "/back_until", "nor by moving it a minute"
    assert plan(shop, "own", seats=1, reward="seat", **at).version == 2, (
        "moved, and until it begins"
    )


def test_who_goes_leaves_nothing_reserved_and_whoever_waits_has_the_seat(shop: Shop) -> None:
    plan(shop, "gone", seats=1, reward="seat")
    with_points(shop, "g1", "g2")
    for name in ("g1", "g2"):
        takes(shop, name, "gone")
    who = shop.rows("select member_id from seat where program_id = $1 and state = 'held'"
                    " and redemption_id is not null and settled_at is null")[0][0]  # fmt: skip
    shop.ask(erase_members, EraseMember(who))
    assert (states(shop, "gone")["g2"], held(shop, "g2")) == ("held", 100)
    assert [shop.do(settle_seats) for _ in range(2)] == [1, 0]
    sql = "select count(*) from hold where program_id = $1 and member_id = $2 and state = 'open'"
    assert shop.rows(sql, who) == [(0,)]


def test_what_is_reserved_for_a_seat_goes_with_whoever_two_become(shop: Shop) -> None:
    def one(gone: str, stays: str) -> Any:
        told = MergeMembers(by(external=gone), by(external=stays), "one person", "mia")
        return shop.ask(merge_members, told)[0]

    made = plan(shop, "both", seats=1, reward="seat")
    plan(shop, "only", seats=1, reward="seat", back_until=shop.now + timedelta(days=1))
    with_points(shop, "u1", "u2", "u3")
    for name, code in (("u1", "both"), ("u2", "both"), ("u3", "only")):
        takes(shop, name, code)
    (coffee,) = shop.redeem(Redeem(by(external="u1"), "coffee", channel="till"))
    assert coffee.code == "not_enough_points"
    shop.record(buys(by(external="u3"), 6_000, receipt="u3-3"))
    (coffee,) = shop.redeem(Redeem(by(external="u3"), "coffee"))
    assert one("u3", "u1").code == "holds_open", "what waits at a counter is handed over there"
    assert (states(shop, "only"), held(shop, "u3")) == ({"u3": "held"}, 150)
    shop.settle(Settle(coffee.redemption_id, "voided"))
    merged = one("u3", "u1")
    assert merged.balances == {"points": 100}, "20 + 180 - 100"
    assert (points(shop, "u1"), held(shop, "u1")) == (100, 200)
    merged = one("u2", "u1")
    assert merged.balances == {"points": 120}, "of two seats at one event they have one"
    assert [shop.do(settle_seats) for _ in range(2)] == [1, 0], "what the other took is theirs"
    assert (points(shop, "u1"), held(shop, "u1")) == (220, 200)
    assert well(shop)
    assert gives_up(shop, "u1", "only").points == "given_back"
    assert (points(shop, "u1"), held(shop, "u1")) == (320, 100)
    shop.now = made.begins_at
    assert shop.do(settle_seats) == 1
    assert (points(shop, "u1"), held(shop, "u1")) == (320, 0), "spent once"
    assert well(shop)


def test_what_was_left_alone_while_it_is_reserved_keeps_two_apart_and_a_late_coffee_does_not(
    shop: Shop,
) -> None:
    """What lapses as it is given back is never reserved a second time."""

    def merged() -> Any:
        told = MergeMembers(by(external="l1"), by(external="l2"), "one person", "mia")
        return shop.ask(merge_members, told)[0]

    def all_of(*names: str) -> list[tuple[int, int]]:
        return [(points(shop, name), held(shop, name)) for name in names]

    at = shop.now + timedelta(days=200)
    shop.joined("l1", "l2")
    for name in ("l1", "l2"):
        shop.ask(adjust_balances, Adjust(by(external=name), "beans", 100, "gift", "mia"))
    plan(shop, "in-may", reward="bean-seat", begins_at=at, ends_at=at + timedelta(hours=2))
    assert takes(shop, "l1", "in-may").points == "reserved"
    for _ in range(9):
        shop.now += timedelta(days=10)
        shop.night()
        shows(shop)
    assert all_of("l1") == [(0, 100)], "honoured for as long as it is reserved"
    shop.ask(adjust_balances, Adjust(by(external="l2"), "beans", 100, "gift", "mia"))
    before = all_of("l1", "l2")
    assert merged().code == "holds_open"
    assert all_of("l1", "l2") == before, "and nobody pays for one seat twice"
    with_points(shop, "n1", "n2")
    plan(shop, "soon", reward="seat")
    takes(shop, "n1", "soon")
    shop.record(buys(by(external="n1"), 6_000, receipt="n1-3"))
    assert shop.redeem(Redeem(by(external="n1"), "coffee"))[0].state == "held"
    shop.now += timedelta(days=1)
    told = MergeMembers(by(external="n1"), by(external="n2"), "one person", "mia")
    assert shop.ask(merge_members, told)[0].balances["points"] == 200, "180 + 120 - 100"
    assert held(shop, "n2") == 100


def test_a_seat_of_which_something_is_due_keeps_two_apart(shop: Shop) -> None:
    with_points(shop, "d1", "d2")
    plan(shop, "due", reward="seat")
    takes(shop, "d1", "due")
    shop.record(brings_back("d1-1"))
    told = MergeMembers(by(external="d1"), by(external="d2"), "one person", "mia")
    assert shop.ask(merge_members, told)[0].code == "holds_open"
    assert (points(shop, "d1"), held(shop, "d1")) == (0, 100)


def shows(shop: Shop) -> None:
    """Every notice that lies ready is shown."""
    sql = "select message_id from message where program_id = $1 and delivered_at is null"
    for (id_,) in shop.rows(sql):
        shop.ask(deliver_messages, Deliver(id_, "card"))


def why(shop: Shop, name: str, reward: str) -> str:
    """Why somebody cannot have a reward now, as their card has it."""
    (who,) = shop.rows(_WHO, name)[0]
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, who))
    (found,) = [one for one in standing.rewards if one.reward.id == reward]
    return found.no.code if found.no else ""


_WHO = "select member_id from identifier where program_id = $1 and value = $2"


def test_an_offer_makes_a_seat_cheaper_for_whoever_has_it(shop: Shop) -> None:
    """Once it is activated, once each, and never dearer than it is without."""
    today = shop.now.date()
    less = Price("seat", {"points": 40})
    says = {"en": "A seat for 40"}
    told = {"days": None, "ends_on": today + timedelta(days=20), "says": says, "activating": True}
    offering.offered(shop, "seat-40", less, **told)
    offering.offered(shop, "seat-70", Price("seat", {"points": 70}), **told)
    assert plan(shop, "quiz", reward="offer-seat-40").field == "/reward", "it ends with the offer"
    plan(shop, "quiz", seats=2, reward="seat")
    with_points(shop, "of1", "of2", "of3")
    for name in ("of1", "of2", "of3"):
        for code in ("seat-70", "seat-40"):
            offering.gives(shop, name, code)
    assert (takes(shop, "of2", "quiz").state, held(shop, "of2")) == ("held", 100), (
        "not activated yet"
    )
    for code in ("seat-70", "seat-40"):
        offering.activates(shop, "of1", code)
    assert [why(shop, name, "offer-seat-40") for name in ("of1", "of2")] == [
        "with_a_seat", "not_for_you",
    ], "whoever has not got it is not shown a seat for less"  # fmt: skip
    shown = TakeSeat(by(external="of1"), "quiz", shown={"points": 100})
    assert shop.ask(take_seats, shown)[0].facts["price"] == {"points": 40}, (
        "told before it is taken"
    )
    before = lots(shop, "of1")
    assert (takes(shop, "of1", "quiz").points, held(shop, "of1")) == ("reserved", 40)
    assert gives_up(shop, "of1", "quiz").points == "given_back"
    assert (held(shop, "of1"), lots(shop, "of1")) == (0, before)
    assert (takes(shop, "of1", "quiz").points, held(shop, "of1")) == ("reserved", 40), (
        "and once more"
    )
    plan(shop, "quiz-2", seats=2, reward="seat")
    takes(shop, "of1", "quiz-2")
    assert held(shop, "of1") == 110, "that one is had; the next best is there"
    shop.record(buys(by(external="of3"), 100_000, receipt="of3"))
    offering.activates(shop, "of3", "seat-40")
    takes(shop, "of3", "quiz-2")
    assert held(shop, "of3") == 0, "their tier has it for nothing"
    shop.now += timedelta(days=20)
    plan(shop, "quiz-3", seats=2, reward="seat")
    offering.activates(shop, "of2", "seat-40")
    shop.record(buys(by(external="of2"), 10_000, receipt="of2-3"))
    before = held(shop, "of2")
    assert takes(shop, "of2", "quiz-3").points == "reserved"
    assert held(shop, "of2") == before + 100, "the offer is over"
    shop.do(settle_seats)
    assert well(shop)
