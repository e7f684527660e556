"""Whatever happens, and whenever the worker looks, rows are what the whole history folds to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.flows.night.counted.following import SHOP, follows, goes_on, kept
from tests.flows.night.counted.plainly import plainly, screens, spans
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Adjust, RecordActivity, Redeem
from regulars.flows.membership.commands import MergeMembers, UnmergeMember
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.activity.types import Line, SaleRef
from regulars.records.members.types import EraseMember, MemberRef

Open = Callable[[str], Shop]
WHO = tuple(f"m{n}" for n in range(6))


def visits(who: MemberRef | None, receipt: str) -> RecordActivity:
    return RecordActivity("visit", who, source="till", external_id=receipt)


def taken_back(receipt: str) -> RecordActivity:
    return RecordActivity("return", sale=SaleRef(None, "till", receipt, "visit"))


class Year:
    """Half a year of a shop in which anything may happen, the same for the same chance."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.chance = shop, Random(seed)
        self.sold: list[str] = []
        self.came = 0
        self.ids = dict(zip(WHO, self._joins(), strict=True))
        self.merged: set[str] = set()

    def _joins(self) -> list[Any]:
        self.shop.joined(*WHO)
        return [self._id(name) for name in WHO]

    def _id(self, name: str) -> Any:
        sql = "select member_id from identifier where program_id = $1 and value = $2"
        return self.shop.rows(sql, name)[0][0]

    def one(self) -> None:
        """Something happens."""
        acts = (
            *[self.buys] * 6, self.comes_back, self.comes_back, self.visits, self.never_was,
            self.takes, self.corrects, self.unites, self.parts, self.sleeps, self.nobody,
            self.credits,
        )  # fmt: skip
        self.chance.choice(acts)()

    def buys(self) -> None:
        member = MemberRef(external=self.chance.choice(WHO))
        self._sells(member)

    def nobody(self) -> None:
        self._sells(None)

    def credits(self) -> None:
        """Somebody shows a receipt: of a sale to nobody, of another's, or of one that came back."""
        if self.sold:
            sale = SaleRef(source="till", external_id=self.chance.choice(self.sold))
            member = MemberRef(external=self.chance.choice(WHO))
            self.shop.ask(credit_late, CreditLate(sale, member))

    def _sells(self, member: MemberRef | None) -> None:
        receipt = f"r{len(self.sold)}"
        at = self.shop.now - timedelta(hours=self.chance.randrange(0, 24 * 40))
        more = {"store": self.chance.choice(("", "east", "west")), "occurred_at": at}
        if self.chance.random() < 0.4:
            sale = buys(member, self.chance.randrange(1, 9_000), receipt=receipt, **more)
        else:
            lines = [self._line() for _ in range(self.chance.randrange(1, 4))]
            basket = {"shipping_minor": self.chance.choice((0, 490)),
                      "order_discount_minor": self.chance.choice((0, 3))}  # fmt: skip
            sale = buys(member, *lines, receipt=receipt, basket=basket, **more)
        self.shop.record(sale)
        self.sold.append(receipt)

    def _line(self) -> Line:
        return Line(
            self.chance.randrange(3, 3_000), quantity=self.chance.randrange(1, 4),
            category=self.chance.choice(("", "tea", "cake")),
            sku=self.chance.choice(("", "tea-1", "cake-2")),
        )  # fmt: skip

    def comes_back(self) -> None:
        if self.sold:
            parts = [(0, 1)] if self.chance.random() < 0.6 else []
            sale, receipt = self.chance.choice(self.sold), f"b{self.chance.random()}"
            self.shop.record(brings_back(sale, *parts, receipt=receipt, store="east"))

    def visits(self) -> None:
        member = MemberRef(external=self.chance.choice(WHO))
        self.came += 1
        self.shop.record(visits(member if self.came % 3 else None, f"v{self.came}"))

    def never_was(self) -> None:
        if self.came:
            self.shop.record(taken_back(f"v{self.chance.randrange(self.came) + 1}"))

    def takes(self) -> None:
        member = MemberRef(external=self.chance.choice(WHO))
        self.shop.redeem(Redeem(member, "mug", store="west", capture=self.chance.random() < 0.7))

    def corrects(self) -> None:
        member = MemberRef(external=self.chance.choice(WHO))
        self.shop.adjust(Adjust(member, "points", self.chance.choice((7, -3)), "why", "owner"))

    def unites(self) -> None:
        one, into = self.chance.sample(WHO, 2)
        wish = MergeMembers(MemberRef(id=self.ids[one]), MemberRef(id=self.ids[into]), "one", "o")
        self.shop.do(lambda tx, terms: merge_members(tx, terms, [wish]))

    def parts(self) -> None:
        wish = UnmergeMember(self.ids[self.chance.choice(WHO)], "two", "o")
        self.shop.do(lambda tx, terms: unmerge_members(tx, terms, [wish]))

    def sleeps(self) -> None:
        self.shop.now += timedelta(days=self.chance.randrange(1, 20))
        self.shop.night()


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("seed", range(8))
def test_rows_are_what_the_history_folds_to(open_shop: Open, seed: int) -> None:
    shop = open_shop(SHOP)
    year = Year(shop, seed)
    for _ in range(60):
        year.one()
        if year.chance.random() < 0.1:
            follows(shop, most=2)
    found = follows(shop)
    assert found.member_day
    assert {row.article for row in found.member_good} == {True, False}
    assert shop.rows("select count(*) from member_merge where program_id = $1")[0][0] > 0
    for span in spans(found.member_day, year.chance):
        assert screens(shop, span) == plainly(found.member_day, span), span
    # From nothing it comes to the same, and going on once more changes nothing.
    shop.rows("delete from prepared_reach where program_id = $1")
    shop.rows("delete from goods_reach where program_id = $1")
    assert follows(shop, most=2) == found
    goes_on(shop)
    assert kept(shop) == found


def test_a_visit_that_was_taken_back_is_none_of_a_member_or_of_nobody(open_shop: Open) -> None:
    """Whether it was counted before, is told and taken back at once, or all is folded anew."""
    shop = open_shop(SHOP)
    (ada,) = shop.joined("ada")
    shop.record(visits(ada, "v1"), visits(None, "v2"), visits(ada, "v3"), visits(None, "v4"))
    goes_on(shop)
    shop.night()
    shop.record(taken_back("v1"), taken_back("v2"))
    shop.record(visits(None, "v5"), taken_back("v5"), visits(ada, "v6"), taken_back("v6"))
    found = follows(shop)
    assert [(row.visits, row.returns) for row in found.member_day] == [(1, 2)]
    assert [(row.named, row.visits, row.returns) for row in found.store_day] == [
        (False, 1, 2), (True, 1, 2),
    ]  # fmt: skip
    shop.rows("delete from prepared_reach where program_id = $1")
    assert follows(shop) == found


def test_the_order_in_which_it_is_told_changes_no_day(open_shop: Open) -> None:
    told = []
    for seed in (1, 2, 3):
        shop = open_shop(SHOP)
        shop.joined("ada", "ben")
        day = timedelta(days=1)
        sales = [
            buys(
                MemberRef(external=name),
                Line(1_000, quantity=3, category="tea"),
                receipt=f"{name}{n}",
                occurred_at=shop.now - n * 9 * day,
            )
            for name in ("ada", "ben")
            for n in range(6)
        ]
        backs = [brings_back("ada2", (0, 1), receipt="x", occurred_at=shop.now - 2 * day),
                 brings_back("ben5", receipt="y", occurred_at=shop.now - 3 * day)]  # fmt: skip
        arrivals = [*sales, *backs]
        Random(seed).shuffle(arrivals)
        for one in arrivals:
            shop.record(one)
            goes_on(shop)
        found = follows(shop)
        days = sorted(row[1:] for row in found.member_day)
        told.append((days, found.cohort_month, found.category_day, found.hour_month))
    assert told[0] == told[1] == told[2]
    assert len(told[0][0]) == 14


def test_days_are_cut_by_the_zone_of_the_store(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada")
    shop.at("2026-03-02 20:00")
    shop.record(buys(MemberRef(external="ada"), 500, receipt="a", store="tokyo"))
    assert [str(row.day) for row in follows(shop).member_day] == ["2026-03-02"]
    shop.rows(
        "insert into store select $1, 'tokyo', 'Tokyo', 'Asia/Tokyo', '{}', 0, now(), null, 'olga'"
    )
    goes_on(shop)
    assert [str(row.day) for row in follows(shop).member_day] == ["2026-03-03"]


def test_erasing_a_member_leaves_every_sum(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, Line(500, name="Ada's cake", category="cake"), receipt="a"))
    before = follows(shop)
    (id_,) = shop.rows("select member_id from member where program_id = $1")[0]
    shop.do(lambda tx, terms: erase_members(tx, terms, [EraseMember(id_)]))
    after = follows(shop)
    assert (after.store_day, after.category_day) == (before.store_day, before.category_day)
    assert "Ada" not in repr(after)


def test_programs_do_not_see_each_other(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada")
    shop.record(buys(MemberRef(external="ada"), 500, receipt="a"))
    assert follows(shop).store_day
    first = shop.program_id
    other = open_shop(SHOP)
    goes_on(other)
    assert kept(other).store_day == []
    seen = other.do(lambda tx, _t: tx.fetch("select program_id from member_day"))
    assert first not in {row["program_id"] for row in seen}
