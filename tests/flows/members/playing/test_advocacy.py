"""Reviews and the like: with a proof, once of each thing, and approved by somebody of the shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.members.playing.test_games import points, ref
from tests.flows.points.sharing import merge
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.flows.commands import Confirm, Confirmed, RecordActivity, Recorded
from regulars.flows.points.show_advocacy import Actions, show_advocacy
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.preview_activities import preview_activities
from regulars.records.activity.types import Body, SaleRef

Open = Callable[[str], Shop]
WORDS = """
regulars: 1
program: words
name: Words
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, stars: {}}
advocacy:
  - {on: review, name: A review, about: product, proof: true, moderated: 14 days}
  - {on: survey, name: A survey, about: survey}
rules:
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 20},
     limits: [{per: month, times: 3}]}
  - {id: star, on: review, wallet: stars, award: {give: fixed, points: 1}}
  - {id: survey, on: survey, wallet: points, award: {give: fixed, points: 5}}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(WORDS))


def met(shop: Shop) -> Shop:
    """Ada and Ben are members; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben")
    return shop


def review(name: str, product: Any, receipt: str, kind: str = "review") -> RecordActivity:
    about = {"review": "product", "survey": "survey"}[kind]
    body = Body(details={about: product} if product != "" else {})
    return RecordActivity(kind, ref(name), source="web", external_id=receipt, body=body)


def says(shop: Shop, receipt: str, outcome: str, reason: str = "") -> Any:
    word = Confirm(SaleRef(source="web", external_id=receipt), outcome, "review", reason=reason)
    return shop.ask(confirm_activities, word)[0]


def back(receipt: str) -> RecordActivity:
    return RecordActivity("return", sale=SaleRef(None, "web", receipt, "review"))


def codes(outcomes: Any) -> list[str]:
    return [getattr(one, "code", "recorded") for one in outcomes]


def may(shop: Shop, receipt: str, may: Any, kind: str = "review") -> str:
    word = Confirm(SaleRef(source="web", external_id=receipt), "confirmed", kind, may=may)
    (answer,) = shop.ask(confirm_activities, word)
    return getattr(answer, "code", "confirmed")


def waiting(shop: Shop) -> Actions:
    return shop.do(lambda tx, terms: show_advocacy(tx, terms, 10))


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_each_member_reviews_a_product_once_also_twice_in_one_batch(shop: Shop) -> None:
    found = shop.record(
        review("ada", "mug", "v1"), review("ada", "mug", "v2"), review("ada", 7, "v3"),
        review("ada", "7", "v4"), review("ben", "mug", "v5"),
    )  # fmt: skip
    assert codes(found) == ["recorded", "told_before", "recorded", "told_before", "recorded"]
    assert codes(shop.record(review("ada", "mug", "v6"))) == ["told_before"]
    again = shop.record(review("ada", "mug", "v1"))[0]
    assert isinstance(again, Recorded)
    assert again.replayed
    seen = shop.do(lambda tx, terms: preview_activities(tx, terms, [review("ben", "mug", "v9")]))
    assert codes(seen) == ["told_before"]
    for who in ("ada", "ben"):
        assert codes(shop.record(review(who, "pot", f"pot of {who}"))) == ["recorded"]
    assert shop.rows("select count(*) from activity where program_id = $1") == [(5,)]
    books(shop)


def test_capitals_and_blanks_make_no_other_thing_of_it(shop: Shop) -> None:
    found = shop.record(
        review("ada", "Mug  No. 7", "v1"), review("ada", " mug no. 7", "v2"),
        review("ada", "mug no 7", "v3"), review("ada", "  ", "v4"),
    )  # fmt: skip
    assert codes(found) == ["recorded", "told_before", "recorded", "subject_needed"]
    assert codes(shop.record(review("ada", "MUG NO. 7", "v5"))) == ["told_before"]


def test_without_proof_or_subject_nothing_is_kept(shop: Shop) -> None:
    found = shop.record(review("ada", "mug", ""), review("ada", "", "v1"))
    assert codes(found) == ["proof_needed", "subject_needed"]
    assert shop.rows("select count(*) from activity where program_id = $1") == [(0,)]
    assert codes(shop.record(review("ada", "spring", "", "survey"))) == ["recorded"]
    assert points(shop) == 5  # nobody looks at a survey first


def test_points_wait_until_somebody_approves_and_limits_are_those_of_the_rule(shop: Shop) -> None:
    found = shop.record(*[review("ada", f"p{n}", f"v{n}") for n in range(4)])
    # Three a month, as the rule says; the fourth is kept and brings its star.
    assert [one.earned for one in found] == [{"points": 20, "stars": 1}] * 3 + [{"stars": 1}]
    assert points(shop) == 0
    there = waiting(shop).waiting
    names = shop.terms.wallet_names
    assert [
        (one.external_id, one.about, {names[code]: n for code, n in one.points.items()})
        for one in there
    ] == [
        ("v0", "p0", {"points": 20, "stars": 1}), ("v1", "p1", {"points": 20, "stars": 1}),
        ("v2", "p2", {"points": 20, "stars": 1}), ("v3", "p3", {"stars": 1}),
    ]  # fmt: skip
    assert says(shop, "v0", "confirmed").points == {"points": 20, "stars": 1}
    assert (points(shop), len(waiting(shop).waiting)) == (20, 3)
    books(shop)


def test_what_is_not_approved_says_why_and_may_be_told_again(shop: Shop) -> None:
    shop.record(review("ada", "mug", "v1"))
    assert isinstance(says(shop, "v1", "cancelled"), Invalid)
    assert isinstance(says(shop, "v1", "cancelled", "  "), Invalid)
    assert isinstance(says(shop, "v1", "cancelled", "not our mug"), Confirmed)
    why = "select distinct reason from entry where program_id = $1 and kind = 'cancel'"
    assert shop.rows(why) == [("not our mug",)]
    told = "select payload ->> 'reason' from outbox where program_id = $1 and type = $2"
    assert shop.rows(told, "points.cancelled") == [("not our mug",)] * 2
    assert codes(shop.record(review("ada", "mug", "v2"))) == ["recorded"]
    assert codes(shop.record(review("ada", "mug", "v3"))) == ["told_before"]
    says(shop, "v2", "confirmed")
    assert points(shop) == 20
    # What was not approved is taken back; what was told of the same thing since stands.
    found = shop.record(back("v1"), review("ada", "mug", "v4"))
    assert codes(found) == ["recorded", "told_before"]
    books(shop)


def test_what_nobody_looks_at_in_time_is_gone(shop: Shop) -> None:
    shop.record(review("ada", "mug", "v1"))
    shop.at("2026-03-16 14:00")
    assert says(shop, "v1", "confirmed").code == "already_cancelled"
    assert (points(shop), waiting(shop).waiting) == (0, [])


def test_what_nobody_looked_at_in_time_may_be_told_again_whether_or_not_a_night_passed(
    shop: Shop,
) -> None:
    shop.record(review("ada", "mug", "v1"), review("ben", "mug", "w1"))
    shop.at("2026-03-16 13:59")
    assert codes(shop.record(review("ada", "mug", "v2"))) == ["told_before"]
    shop.at("2026-03-16 14:00")
    assert codes(shop.record(review("ada", "mug", "v2"))) == ["recorded"]
    seen = shop.do(lambda tx, terms: preview_activities(tx, terms, [review("ben", "mug", "w2")]))
    assert codes(seen) == ["recorded"]
    assert codes(shop.record(review("ada", "mug", "v3"))) == ["told_before"]
    says(shop, "v2", "confirmed")
    assert points(shop) == 20
    books(shop)


def test_two_who_are_one_told_of_it_once(shop: Shop) -> None:
    shop.record(review("ada", "mug", "v1"), review("ben", "tea", "v2"))
    shop.joined("cleo")
    merge(shop, ref("ben"), ref("ada"))
    found = shop.record(review("ada", "tea", "v3"), review("ben", "mug", "v4"))
    assert codes(found) == ["told_before", "told_before"]
    says(shop, "v2", "cancelled", "not tea")
    assert codes(shop.record(review("ada", "tea", "v5"))) == ["recorded"]
    merge(shop, ref("ada"), ref("cleo"))
    found = shop.record(back("v1"), review("cleo", "mug", "v6"), review("cleo", "mug", "v7"))
    assert codes(found) == ["recorded", "recorded", "told_before"]
    books(shop)


def test_two_at_once_tell_of_the_same_thing_once(shop: Shop) -> None:
    from regulars.flows.recording.record_activities import record_activities

    found = shop.together(
        *[
            lambda tx, terms, n=n: record_activities(tx, terms, [review("ada", "mug", f"v{n}")])
            for n in range(3)
        ]
    )
    assert sorted(codes(one[0] for one in found)) == ["recorded", "told_before", "told_before"]


def test_who_tells_of_reviews_does_not_approve_them_nor_the_other_way_round(shop: Shop) -> None:
    shop.record(review("ada", "mug", "r1"), review("ada", "tea", "s1", "survey"))
    before = shop.counts()
    assert [may(shop, "r1", "tell"), may(shop, "s1", "approve", "survey")] == ["forbidden"] * 2
    assert shop.counts() == before
    assert [may(shop, "s1", "tell", "survey"), may(shop, "r1", "approve")] == [
        "nothing_pending", "confirmed",
    ]  # fmt: skip
