"""What the worker does beside all else: it rates anew, and gives members who looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from tests.flows.members.staff.people import HOUSE, hires
from tests.isolation import flows
from tests.isolation.had.moving_scenes import blocks, merges
from tests.isolation.scenes import Ask, Scene, corrects, key, of, redeems, returns, works
from tests.makers import NOON, Shop, buys, named

from regulars.flows.commands import RecordActivity
from regulars.flows.membership.benefits.commands import AssignAssociate, EndAssociate
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.benefits.keep_associates import keep_associates
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body
from regulars.records.members.types import EraseMember

MILES: Final = """
regulars: 1
program: miles
name: Miles
currency: EUR
zone: Europe/Berlin
wallets:
  miles: {expiry: {after: 2 years}, negative: debt}
  status: {kind: status}
rules:
  - {id: flown, on: flight, wallet: miles,
     award: {give: by_table, of: miles, by: [carrier], rows: [{is: [MA], points: FULL}]}}
  - {id: higher, on: flight, wallet: miles, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
  - {id: for-status, on: flight, wallet: status,
     award: {give: by_table, of: miles, by: [carrier], rows: [{is: [MA], points: FULL}]}}
tiers: {measure: status, wallet: status, steps: [{id: silver, at: 1500}]}
rewards: [{id: coffee, name: A coffee, price: {miles: 900}}]
"""
SALON: Final = """
regulars: 1
program: salon
name: Salon
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: rolling
  rolling_days: 30
  valid: window_end
  downgrade: full
  steps: [{id: gold, at: "200.00"}]
rewards: [{id: coffee, name: A coffee, price: {points: 10}}]
benefits:
  - {id: shopper, name: A personal shopper, tier: gold, associate: {}}
"""
FLOWN: Final = MILES.replace("FULL", "1")
SINCE: Final = f'changeover: {{rates_from_on: "{NOON.date()}"}}\n'


def _flight(n: int, name: str = "a", receipt: str = "s") -> RecordActivity:
    body = Body(details={"miles": 1000, "carrier": "MA"})
    return RecordActivity(
        source="till", external_id=f"{receipt}{name}{n}", kind="flight", member=of(name, n),
        body=body,
    )  # fmt: skip


def flown(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Two flew, each a thousand miles; since then others are given for that day, and a minute is
    over: whoever rates them next does. Each run has the same clock, and a version of its own."""
    shop.now = NOON
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    shop.record(*[_flight(n, name) for n in ns for name in "ab"])
    # A version for that day has to rate otherwise than the one before it.
    for times, since in (("1", ""), ("2", SINCE)):
        shop.now = NOON + timedelta(hours=1, seconds=2 * ns[0] + bool(since))
        text = MILES.replace("FULL", times) + f"{since}# of run {ns[0]}\n"
        shop.publish(named(text, shop.terms.slug), accept=(f"rates:{NOON.date()}",))
    shop.now = NOON + timedelta(hours=2)
    return [_id(shop, n) for n in ns]


def _id(shop: Shop, n: int) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, f"a{n}")[0][0]


def flies(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        one = _flight(n, receipt=asked)
        return record_activities, [
            RecordActivity(
                source=one.source, external_id=one.external_id, kind=one.kind, member=one.member,
                body=one.body, asked=key(n, asked),
            )
        ]  # fmt: skip

    return ask


def erases(n: int, member_id: Any) -> Ask:
    return erase_members, [EraseMember(member_id, asked=key(n, "gone"))]


def _rated(name: str, other: Any, **more: Any) -> Scene:
    # How many of others a round of the worker met is all one; each run has later versions, so by
    # how much older the one is that decided first differs.
    told = {"apart_from": ("trail",), "differ": None, "at_once": 1, "books_only": True} | more
    return Scene(f"rate again × {name}", works(flows.rates), other, flown, **told)


RATED_PAIRS: Final = (
    _rated("earn", flies("r")),
    _rated("return", returns("r")),
    _rated("redeem", redeems(asked="r")),
    _rated("adjust", corrects(-10, "r")),
    _rated("merge", merges("a", "b", "r")),
    _rated("block", blocks("r")),
    _rated("erase", erases),
    _rated("rate again", works(flows.rates)),
    _rated("review", works(flows.review)),
)


def risen(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Two who work here, and two members: one reached gold, the other almost."""
    if not shop.rows("select 1 from staff where program_id = $1 or program_id is null limit 1"):
        hires(shop, "cashier"), hires(shop, "cashier")
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    shop.record(*[buys(of("a", n), 20_000, receipt=f"sa{n}") for n in ns])
    shop.record(*[buys(of("b", n), 19_900, receipt=f"sb{n}") for n in ns])
    return [_id(shop, n) for n in ns]


def looked_after(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """As above, and the one has somebody already."""
    given = risen(shop, ns)
    shop.do(lambda tx, terms: follow_associates(tx, terms, 100))
    return given


def _assigns(n: int, _: Any) -> Ask:
    return keep_associates, [AssignAssociate(of("a", n), "shopper", HOUSE)]


def _ends(n: int, _: Any) -> Ask:
    return keep_associates, [EndAssociate(of("a", n), "shopper", HOUSE)]


def rises(n: int, _: Any) -> Ask:
    return record_activities, [buys(of("b", n), 900, receipt=f"more{n}", asked=key(n, "r"))]


def _followed(name: str, other: Any, before: Any = risen, **more: Any) -> Scene:
    told = {"differ": None, "at_once": 1, "books_only": True} | more
    return Scene(f"follow associates × {name}", works(flows.follows), other, before, **told)


FOLLOWED_PAIRS: Final = (
    _followed("follow associates", works(flows.follows)),
    _followed("a step up", rises),
    _followed("return", returns("r"), looked_after),
    _followed("redeem", redeems(asked="r")),
    _followed("merge", merges("a", "b", "r")),
    _followed("merge of who is looked after", merges("a", "b", "r"), looked_after),
    _followed("block", blocks("r"), looked_after),
    _followed("erase", erases),
    _followed("erase of who is looked after", erases, looked_after),
    _followed("choose by hand", _assigns),
    _followed("end by hand", _ends, looked_after),
    _followed("review", works(flows.review), looked_after),
)
