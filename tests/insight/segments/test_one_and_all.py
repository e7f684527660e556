"""The same question to one member and to all: the pure function and the statement agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop

from regulars.engine.segments.asking import ask
from regulars.engine.segments.setting import setting_of
from regulars.insight.segments.compiling import Asked
from regulars.insight.segments.counting import count, ids_of, some
from regulars.insight.segments.knowing import asked, ground
from regulars.insight.segments.profiles import profiles
from regulars.records.program.changes.segments.conditions import Condition
from regulars.records.program.changes.segments.ground import Ground
from regulars.records.program.changes.segments.reading import read, written

SHOP = """
regulars: 1
program: segments
name: Segments
currency: EUR
zone: Europe/Berlin
wallets: {points: {scale: 1}, stars: {}}
tiers:
  steps: [{id: silver, at: 100}, {id: gold, at: 500}, {id: black, at: 900}]
"""
LIST, CLUB = UUID(int=7), UUID(int=8)
TODAY = date(2027, 2, 28)
_DAYS = ["1990-02-29", "1992-02-29", "02-29", "1990-03-01", "02-28", "2027-02-20", "2026-02-31",
         "2027-02-28", "2027-03-05", "20270228", "0000-02-28", "99", "12-31"]  # fmt: skip
_MEMBER = """
with m as (
    insert into member (program_id, member_id, number, state, attributes, derived, joined_at,
                        recorded_at)
    values ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7, $7) returning member_id
), s as (
    insert into standing (program_id, member_id, tier) select $1, $2, $8::text from m returning 1
) select 1 from s
"""
_DAY = """
insert into member_day values ($1, $2, $3, $4, $5, $6, $7, $7, 1, 0, $8) returning 1
"""
_GOOD = """
insert into member_good (program_id, member_id, day, article, good, net_minor)
values ($1, $2, $3, $4, $5, $6) returning 1
"""
_ORDERS = """
insert into member_orders (program_id, member_id, first_on, last_on, orders, net_minor)
select program_id, member_id, min(day), max(day), count(distinct day), sum(net_minor)
  from member_day where program_id = $1 and orders > 0 group by 1, 2 returning 1
"""
_CONSENT = """
insert into consent (program_id, member_id, channel, changed_at, state, source, recorded_at)
values ($1, $2, $3, $4, $5, 'x', $4) returning 1
"""
_ANSWER = """
insert into activity (program_id, member_id, activity_id, kind, occurred_at, recorded_at, body,
                      source, external_id, channel, store, amount_minor, actor)
values ($1, $2, gen_random_uuid(), $3, $4, $4, $5::text::jsonb, 'x', '', '', '', 0, '') returning 1
"""
_VALUE = """
insert into member_value (program_id, member_id, as_of, chance, orders, worth_minor, since, worth)
values ($1, $2, $3, $4, 0, $5, 0, 'lower') returning 1
"""
_CLOCK = """
insert into membership_clock (program_id, member_id, membership_id, look_at, plan, known_minor)
values ($1, $2, $3, $4, $5, 0) returning 1
"""
_PLACE = """
insert into club_place (program_id, member_id, place_id, club_id, since, until)
values ($1, $2, $3, $4, $5, $6) returning 1
"""
_CLUB = """
insert into club (program_id, club_id, code, name, says, joins, state, version, made_at, made_by,
                  changed_at, changed_by)
values ($1, $2, $3, 'Club', '{}', 'open', 'open', 1, $4, 'x', $4, 'x') returning 1
"""


@pytest.fixture(scope="module")
def crowd(database: Any) -> Iterator[Shop]:
    """Forty members who are and did anything at all."""
    shop = Shop.open(database, SHOP)
    lives(shop)
    yield shop
    shop.close()


def lives(shop: Shop) -> None:
    """These forty are its members."""
    shop.at("2027-02-28 12:00")
    draw = Random(705)
    for club, code in ((CLUB, "runners"), (UUID(int=9), "readers")):
        shop.rows(_CLUB, club, code, shop.now)
    for at in range(40):
        _one(shop, draw, UUID(int=1000 + at))
    shop.rows(_ORDERS)


def _one(shop: Shop, draw: Random, who: UUID) -> None:
    told = {"birthday": draw.choice(_DAYS), "n": draw.choice([1, True, "1", 2])}
    said = {name: value for name, value in told.items() if draw.random() < 0.8}
    derived = json.dumps({"n": 1}) if draw.random() < 0.2 else None
    state = "active" if draw.random() < 0.9 else draw.choice(["blocked", "merged", "erased"])
    joined = shop.now - timedelta(hours=draw.randrange(24 * 40))
    tier = draw.choice([None, "silver", "gold", "black", "gone"])
    shop.rows(_MEMBER, who, str(who.int), state, json.dumps(said), derived, joined, tier)
    for day in draw.sample(range(60), draw.choice([0, 0, 2, 5])):
        ordered = draw.random() < 0.7
        net = draw.choice([500, 2000]) if ordered else 0
        for store in draw.sample(["", "a", "b"], draw.choice([1, 2])):
            shop.rows(_DAY, who, TODAY - timedelta(days=day), store, int(ordered), int(ordered),
                      net, draw.randrange(2))  # fmt: skip
    for back in draw.sample((0, 9, 10, 40), draw.randrange(4)):
        for good in draw.sample(("tea", "mug"), draw.choice((1, 2))):
            net = draw.choice((0, 500, 2000))
            shop.rows(_GOOD, who, TODAY - timedelta(days=back), good == "mug", good, net)
            shop.rows(_GOOD, who, TODAY - timedelta(days=back), False, f"{good}s", net)
    for wallet in (1, 2):
        if draw.random() < 0.5:
            sql = "insert into balance (program_id, member_id, wallet, available, held, debt)"
            shop.rows(f"{sql} values ($1, $2, $3, $4, 5, $5) returning 1", who, wallet,
                      draw.randrange(100), draw.choice([0, 60]))  # fmt: skip
    for tag in ("x", "y"):
        if draw.random() < 0.3:
            sql = "insert into member_tag values ($1, $2, $3, $4) returning 1"
            shop.rows(sql, tag, who, shop.now)
    for back in range(draw.randrange(3)):
        shop.rows(_CONSENT, who, draw.choice(["email", "sms"]), shop.now - timedelta(days=back),
                  draw.choice(["given", "withdrawn"]))  # fmt: skip
    for back in range(draw.randrange(3)):
        score = json.dumps({"details": {"score": draw.choice([0, 3, 9, 11, "9"])}})
        shop.rows(
            _ANSWER, who, draw.choice(["nps", "csat"]), shop.now - timedelta(days=back), score
        )
    _did(shop, draw, who)
    _pays(shop, draw, who)
    if draw.random() < 0.3:
        sql = "insert into identifier values ($1, 'email', $2, $3, $4) returning 1"
        shop.rows(sql, f"{who.int}@example.org", who, shop.now)
    if draw.random() < 0.3:
        shop.rows("insert into segment_listed values ($1, $2, $3, $4) returning 1", LIST, who,
                  shop.now)  # fmt: skip


def _did(shop: Shop, draw: Random, who: UUID) -> None:
    for _ in range(draw.choice([0, 0, 1, 2, 4])):
        # Around midnight of the shop, which is 23:00 of the day before by universal time.
        at = shop.now - timedelta(
            days=draw.choice([0, 9, 9, 9, 50]), minutes=draw.choice([661, 720, 721])
        )
        shop.rows(_ANSWER, who, draw.choice(["webinar", "referral"]), at, "{}")
    if draw.random() < 0.7:
        chance = draw.choice([None, 0, 399, 400, 401, 1000])
        shop.rows(_VALUE, who, TODAY, chance, draw.choice([None, 0, 500, 501, 901]))
    for club in (CLUB, UUID(int=9)):
        if draw.random() < 0.4:
            left = draw.choice([None, shop.now])
            shop.rows(_PLACE, who, UUID(int=who.int * 10 + club.int), club, shop.now, left)


def _goods(draw: Random) -> dict[str, Any]:
    which = draw.choice([["tea"], ["mug"], ["tea", "teas"], ["mugs", "teas", "mug"], ["none"]])
    return {"in": which, **({"within_days": 10} if draw.random() < 0.5 else {})}


def _pays(shop: Shop, draw: Random, who: UUID) -> None:
    if draw.random() < 0.3:
        shop.rows(_CLOCK, who, who, shop.now, draw.choice(("plus", "pro")))


def drawn(draw: Random, deep: int = 2) -> dict[str, Any]:
    """Any condition at all that may be saved."""
    if deep and draw.random() < 0.5:
        if draw.random() < 0.3:
            return {"if": "not", "that": drawn(draw, deep - 1)}
        parts = [drawn(draw, deep - 1) for _ in range(draw.randint(1, 3))]
        return {"if": draw.choice(["all", "any"]), "of": parts}
    low, high = sorted(draw.sample([0, 1, 2, 4], 2))
    bounds = draw.choice([{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}])
    money = {name: f"{value * 10}.00" for name, value in bounds.items()}
    over: dict[str, Any] = draw.choice([{}, {"within_days": 10}, {"stores": ["a"]},
                                        {"within_days": 30, "stores": ["a", ""]}])  # fmt: skip
    since = draw.choice([{"at_least": 5}, {"before": 8}, {"at_least": 3, "before": 20}])
    over = over if "" not in over.get("stores", ()) else {"within_days": 30}
    return draw.choice([  # type: ignore[no-any-return]
        {"if": "tier", "at_least": draw.choice(["silver", "gold", "black"])},
        {"if": "member", "attribute": "n", "in": [draw.choice([1, True, "1"])]},
        {"if": "member", "attribute": "joined-on", "in": ["2027-02-20", "2027-02-27"]},
        {"if": "anniversary", "days_before": draw.choice([0, 1, 10]), "days_after": low},
        {"if": "days_since", "attribute": draw.choice(["joined-on", "birthday"]), **since},
        {"if": "spent", **money, **over}, {"if": "orders", **bounds, **over},
        {"if": draw.choice(["category_bought", "article_bought"]), **_goods(draw), **bounds},
        {"if": draw.choice(["category_spent", "article_spent"]), **_goods(draw), **money},
        {"if": "visits", **bounds, **over}, {"if": "last_order", **since},
        {"if": "last_seen", **since},
        {"if": "consent", "channel": "email", "is": draw.choice(["given", "withdrawn", "unsaid"])},
        {"if": "contact", "by": draw.choice(["email", "phone"])},
        {"if": "tag", "in": draw.choice([["x"], ["x", "y"], ["z"]])},
        {"if": "points", "wallet": "points", **bounds}, {"if": "points", "wallet": "stars",
                                                          **bounds},
        {"if": "answered", "question": draw.choice(["nps", "csat"]),
         "at_most": draw.choice([3, 9])},
        {"if": "did", "kind": draw.choice(["webinar", "referral", "dance"]), **bounds,
         **({"within_days": 10} if draw.random() < 0.5 else {})},
        {"if": "lapse", **draw.choice([{"at_least": 600}, {"at_least": 601}, {"at_most": 600},
                                       {"at_least": 0, "at_most": 599}])},
        {"if": "worth", **draw.choice([{}, {"at_least": "5.01"}, {"at_most": "5"},
                                       {"at_least": "1", "at_most": "9.00"}])},
        {"if": "plan", "in": draw.choice([["plus"], ["plus", "pro"]])},
        {"if": "club", "in": draw.choice([["runners"], ["runners", "readers"]])},
        {"if": "segment", "in": draw.choice([["listed"], ["golden", "listed"]])},
    ])  # fmt: skip


def stands(shop: Shop) -> Ground:
    there = shop.do(lambda tx, terms: ground(tx, setting_of(terms, tx.now)))
    golden = condition({"if": "tier", "at_least": "gold"})
    return Ground(there.today, there.money_scale, there.steps, there.wallets,
                  {"listed": LIST, "golden": golden})  # fmt: skip


def condition(said: Any) -> Condition:
    found, wrong = read(said)
    assert found is not None, (said, wrong)
    return found


def test_what_one_is_told_is_what_all_are_counted_by(crowd: Shop) -> None:
    base, draw = stands(crowd), Random(87)
    everybody = [row[0] for row in crowd.rows("select member_id from member where program_id = $1")]
    known = crowd.do(lambda tx, terms: profiles(tx, everybody, terms.wallet_names, "Europe/Berlin"))
    assert base.today == TODAY
    holding: Counter[str] = Counter()
    for at in range(160):
        said = drawn(draw, deep=0 if at < 125 else 2)
        one = condition(said)
        assert condition(written(one)) == one
        question = crowd.do(lambda tx, terms, one=one: _asked(tx, terms, one, base))
        due = {who for who, has in known.items() if ask(question.condition, has, base).holds}
        found = set(crowd.do(lambda tx, _, q=question: _found(tx, q)))
        assert found == due, said
        assert crowd.do(lambda tx, _, q=question: count(tx, q)).inside == len(due), said
        few = everybody[at % 7 :: 3]
        some_found = set(crowd.do(lambda tx, _, q=question, few=few: _found(tx, q, few)))
        assert some_found == due & set(few), said
        if at < 125:
            holding[said["if"]] += 0 < len(due) < len(known)
    questions = {"tier", "member", "anniversary", "days_since", "spent", "orders", "visits",
                 "last_order", "last_seen", "consent", "contact", "tag", "points", "answered",
                 "did", "lapse", "worth", "club", "segment"}  # fmt: skip
    assert {name for name in questions if holding[name]} == questions, "each tells some apart"


async def _asked(tx: Any, terms: Any, one: Condition, base: Ground) -> Asked:
    return asked(one, base, setting_of(terms, tx.now))


async def _found(tx: Any, question: Asked, few: Any = None) -> list[UUID]:
    told = ids_of(question, tx.program_id, few)
    return [row["member_id"] for row in await tx.fetch(told.sql, *told.args)]


def test_they_are_counted_and_listed_by_the_page(crowd: Shop) -> None:
    question = Asked(condition({"if": "points", "wallet": "points", "at_least": 0}), stands(crowd),
                     "Europe/Berlin")  # fmt: skip
    there = crowd.do(lambda tx, _: count(tx, question))
    assert 0 < there.inside < there.all < 40
    pages, after = [], UUID(int=0)
    while page := crowd.do(lambda tx, _, a=after: some(tx, question, a, 7)):
        pages += [one.id for one in page]
        after = page[-1].id
    assert (len(pages), pages) == (there.inside, sorted(set(pages)))
