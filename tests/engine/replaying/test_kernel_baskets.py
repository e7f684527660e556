"""Baskets and returns: the kernel and the fold come to the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.random_programs import CATEGORIES, SKUS
from tests.engine.replaying.test_kernel import START, agreeing, both, by_kernel, plant, template
from tests.turns import NIGHTLY

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.engine.replaying.kernel.columns import columns_of
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body, Line, Payment, ReturnedLine
from regulars.records.program.reading import read_program

WORDS = (SKUS, CATEGORIES)


def basket(chance: Random, words: tuple[tuple[str, ...], tuple[str, ...]]) -> Body:
    """A basket of one to four lines, sometimes with shipping, a discount of the order or a tip."""
    lines = tuple(
        Line(
            chance.choice((0, 99, 1000, 2550, 15_000)), chance.choice(words[0]),
            chance.choice(words[1]), chance.choice((1, 1, 2, 3, 7)), chance.choice((0, 0, 50)),
        )
        for _ in range(chance.randint(1, 4))
    )  # fmt: skip
    return Body(
        lines=lines, order_discount_minor=chance.choice((0, 0, 100)),
        shipping_minor=chance.choice((0, 0, 490)), tips_minor=chance.choice((0, 0, 30)),
    )  # fmt: skip


def pieces(activity: Activity) -> list[int]:
    if activity.body.lines:
        return [line.quantity for line in activity.body.lines]
    return [max(activity.amount_minor, 1)]


def brought_back(chance: Random, left: list[int]) -> tuple[ReturnedLine, ...]:
    """Some of what is left of a sale, or all of it."""
    if chance.random() < 0.3:
        return ()
    line = chance.choice([place for place, n in enumerate(left) if n])
    return (ReturnedLine(line, chance.randint(1, left[line])),)


def shopping(
    chance: Random, wallets: list[str], members: int, rows: int, words: tuple = WORDS
) -> list[Happening]:
    """Baskets, bare sums, visits, redemptions and returns, each told when it happens."""
    found: list[Happening] = []
    for number in range(members):
        member, at = UUID(int=number + 1), START
        open_: dict[UUID, tuple[Activity, list[int]]] = {}
        for place in range(chance.randint(1, rows)):
            at += timedelta(minutes=chance.choice((0, 30, 1000, 20_000, 90_000)))
            id_, draw = UUID(int=(number + 1) * 10_000 + place), chance.random()
            if draw < 0.15:
                told = {"member_id": member, "now": at, "at": at, "cause_id": id_}
                told |= {"wallet": chance.choice(wallets), "units": chance.randint(1, 60)}
                found += [Happening(what="hold", **told), Happening(what="release", **told)]
                continue
            what, sale_id, kind, body = (
                "activity",
                None,
                chance.choice(("purchase",) * 4 + ("visit",)),
                Body(),
            )
            amount = chance.choice((0, 99, 1000, 15_000))
            if draw < 0.4 and open_:
                what, kind, sale_id = "return", "return", chance.choice(list(open_))
                _, left = open_[sale_id]
                body = Body(returned=brought_back(chance, left))
                for part in body.returned:
                    left[part.line] -= part.quantity
                if not body.returned or not any(left):
                    del open_[sale_id]
            elif kind == "purchase" and chance.random() < 0.7:
                body = basket(chance, words)
                amount = sum(line.amount_minor - line.discount_minor for line in body.lines)
            activity = Activity(
                id_, member, kind, "till", "", sale_id, at, chance.choice(("mitte", "")),
                chance.choice(("app", "till", "")), max(amount, 0), body, "",
            )  # fmt: skip
            if kind == "purchase":
                open_[id_] = (activity, pieces(activity))
            found.append(Happening(what=what, member_id=member, now=at, at=at, activity=activity))
    return found


def test_random_programs_come_to_the_same_with_returns() -> None:
    came = agreeing(
        range(240 if NIGHTLY else 16), lambda chance, wallets: shopping(chance, wallets, 5, 30)
    )
    assert len(came) >= 5
    assert sum(bool(one["returned"]) for one in came) >= 3


def test_baskets_of_which_nothing_comes_back_come_to_the_same() -> None:
    terms = template("retail")
    rows = shopping(Random(4), list(terms.versions[0].program.wallets), 4, 20)
    kept = [one for one in rows if one.what != "return"]
    ours, theirs = both(terms, kept, compiled=False)
    assert theirs["gave"]
    assert ours == theirs


@pytest.mark.skipif(not NIGHTLY, reason="compiles half a minute: REGULARS_TEST_SIZE=nightly")
def test_baskets_come_to_the_same_in_machine_code() -> None:
    terms = template("retail")
    rows = shopping(Random(4), list(terms.versions[0].program.wallets), 40, 60)
    ours, theirs = both(terms, rows, compiled=True)
    assert theirs["returned"]
    assert ours == theirs


def sold(at: datetime, body: Body, **more: object) -> Happening:
    """What one member bought or brought back, told at once."""
    told: dict = {
        "activity_id": UUID(int=7), "member_id": UUID(int=1), "kind": "purchase", "source": "",
        "external_id": "", "sale_id": None, "occurred_at": at, "store": "", "channel": "",
        "amount_minor": 1000, "body": body, "actor": "",
    }  # fmt: skip
    activity = Activity(**told | more)
    what = "return" if activity.kind == "return" else "activity"
    return Happening(what=what, member_id=UUID(int=1), now=at, at=at, activity=activity)


LATER = START + timedelta(days=3)
SALE = sold(START, Body(lines=(Line(1000, "c1", "coffee", 2),)))


def back(returned: tuple[ReturnedLine, ...] = (), **more: object) -> Happening:
    told: dict = {"activity_id": UUID(int=8), "kind": "return", "sale_id": UUID(int=7)}
    return sold(LATER, Body(returned=returned), **told | more)


def test_what_reward_and_return_make_hard_is_left_to_the_fold_by_name() -> None:
    version = template("retail").versions[0]
    paid = Body(payments=(Payment("points", 500, UUID(int=3)),))
    for rows, why in (
        ([sold(START, paid)], "a sale was paid with points"),
        ([SALE, back((ReturnedLine(0, 3),))], "more comes back than was sold"),
        ([SALE, back(), back(activity_id=UUID(int=9))], "more comes back than was sold"),
    ):
        with pytest.raises(NotPlain, match=why):
            columns_of(version, rows)


def test_a_return_without_its_sale_is_left_out_and_said() -> None:
    columns = columns_of(template("retail").versions[0], [SALE, back(sale_id=UUID(int=99))])
    assert [one.why for _, one in columns.left_out] == ["its sale is not in this history"]
    assert len(columns.places) == 2


PROGRAM = """
regulars: 1
program: planted
name: Planted
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt, expiry: {after: 3 months, round_up_to: month}}}
qualifying: {standard: {shipping: in}}
stacking: {base: sum}
rules:
  - {id: third, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "3.00"},
     limits: [{per: month, points: 300}]}
  - {id: seventh, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "7.00"},
     limits: [{per: month, times: 2}]}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: "1.25"},
     when: {if: tier, at_least: silver}}
  - {id: small, on: purchase, wallet: points, award: {give: fixed, points: 40},
     when: {if: amount, at_most: "20.00"}}
  - {id: beans, on: purchase, wallet: points,
     award: {give: per_item, points: 4, every: 2, categories: [beans]}}
tiers:
  window: rolling
  rolling_days: 60
  valid: window_end
  steps: [{id: silver, at: "300.00"}, {id: gold, at: "900.00"}]
"""
BUGS = {
    "what lapsed is taken back twice": ("    counted_of[local, wallet] += gone\n", ""),
    "what lapsed is not set against a return": ("lot_of[local, wallet], less - gone)", "lot_of[local, wallet], less)"),
    "the sale's own points do not go first": ("own = min(left, lots[1, wallet, lot])", "own = 0"),
    "the soonest go, not the last": ("range(heads[wallet, 1] - 1, heads[wallet, 0] - 1, -1)", "range(heads[wallet, 0], heads[wallet, 1])"),
    "nothing is owed": ("    if OWES[wallet]:", "    if False:"),
    "a return gives more": ("return gives < kept[2][local, wallet]", "return gives != kept[2][local, wallet]"),
    "a limit stays used": ("counted[0][place] -= by", "counted[0][place] -= 0"),
    "times are given back with the first piece": ("by = 1 if before and not given[rule] else 0", "by = 1 if before else 0"),
    "credit stays": ("bag[1, place] += left - had", "bag[1, place] += 0"),
    "credit of the window stays": ("return left - had if place >= tail else 0", "return 0"),
    "shipping never comes back": ("extras[sale, :] = 0", "extras[sale, :] += 0"),
    "a part is not counted": ("back[low + part_line[part]] += part_pieces[part]", "back[low + part_line[part]] = part_pieces[part]"),
    "the rules see the tier of today": ("decide(rows, sale, then_of[local, 0]", "decide(rows, sale, 0 * then_of[local, 0]"),
    "the rules see the room of nobody": ("room_of[local, place] = room[place]", "room_of[local, place] = 1 << 40"),
    "what came back of a rule is not told": ("given_of[local, rule] - given[rule]\n        given_of", "0\n        given_of"),
}  # fmt: skip


def edges() -> list[Happening]:
    """Who uses up a limit, brings all or a part of it back and buys again in the same month; and
    who spends a part of what a sale brought, lets the rest lapse and then returns it by parts."""
    bought = Body(lines=(Line(300_000, "c1", "coffee", 4),))
    piece = Body(returned=(ReturnedLine(0, 2),))
    found: list[Happening] = []
    for number, back in ((900, Body()), (901, piece)):
        rows = [(0, bought), (1, back), (2, bought), (3, bought), (4, bought)]
        found += [_told(number, place, timedelta(hours=place), body) for place, body in rows]
    at = START + timedelta(days=2)
    taken: dict = {
        "member_id": UUID(int=902),
        "now": at,
        "at": at,
        "wallet": "points",
        "units": 600,
    }
    found += [_told(902, 0, timedelta(0), bought)]
    found += [Happening(what="hold", **taken), Happening(what="release", **taken)]
    return found + [_told(902, place, timedelta(days=300 + place), piece) for place in (1, 2)]


def _told(number: int, place: int, after: timedelta, body: Body) -> Happening:
    told: dict = {"activity_id": UUID(int=number * 100 + place), "member_id": UUID(int=number)}
    if not body.lines:
        told |= {"kind": "return", "sale_id": UUID(int=number * 100)}
    return replace(sold(START + after, body, **told), member_id=UUID(int=number))


@cache
def judged() -> tuple[Terms, list[Happening], dict]:
    terms = alone(compile_program(read_program(PROGRAM)), START)
    rows = edges() + shopping(Random(11), ["points"], 14, 50)
    return terms, rows, both(terms, rows, compiled=False)[1]


def agree() -> bool:
    terms, rows, theirs = judged()
    return by_kernel(terms, rows, compiled=False) == theirs


def test_the_healthy_kernel_agrees() -> None:
    assert agree()


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "RETURNING", name, BUGS[name])
    assert not agree()
