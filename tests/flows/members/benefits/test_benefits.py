"""Benefits: used as often as promised, by those to whom, when and where it was promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.flows.points.sharing import block, member_id, merge, unmerge
from tests.makers import Shop, asked, buys, named

from regulars.base.faults import Invalid, KeyReused, NotFound, UnknownMember
from regulars.engine.deciding.benefit import Occasion
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import show_benefits, undo_uses, use_benefits
from regulars.flows.membership.commands import (
    BenefitUsed,
    GrantBenefit,
    UndoUse,
    UseBenefit,
)
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
WINGS = """
regulars: 1
program: wings
name: Wings
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: ever
  valid: for_ever
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]
benefits:
  - id: companion
    name: A companion flies along
    tier: gold
    allowance: {times: 2, per: year}
    needs: [companion]
    blackout: [{from_on: 2026-12-20, until_on: 2027-01-07}]
    worth: "80.00"
    cost: "25.00"
  - {id: delivery, name: Free delivery, tier: silver, channels: [web]}
  - id: lounge
    name: Lounge for a year
    tier: gold
    allowance: {times: 1, per: year}
    choose_one: gift
  - {id: upgrade, name: An upgrade, tier: gold, allowance: {times: 2, per: year}, choose_one: gift}
  - id: drop
    name: The new shoe
    skus: [shoe]
    from_on: 2026-10-10
    until_on: 2026-10-12
    head_start: {silver: 24 hours, gold: 2 days}
  - {id: concierge, name: A personal shopper, by: grant}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Ada is gold, Ben silver, Cem nothing; it is noon of a day in July."""
    shop = open_shop(WINGS)
    ada, ben, _ = shop.joined("ada", "ben", "cem")
    shop.record(buys(ada, 20_000), buys(ben, 10_000))
    return shop


ADA, BEN, CEM = (MemberRef(external=name) for name in ("ada", "ben", "cem"))
WITH = {"companion": "Nil"}


def take(shop: Shop, member: MemberRef, benefit: str, **more: Any) -> Any:
    (outcome,) = shop.ask(use_benefits, UseBenefit(member, benefit, **more))
    return outcome


def back(shop: Shop, done: BenefitUsed, **more: Any) -> Any:
    (outcome,) = shop.ask(undo_uses, UndoUse(done.use_id, **more))
    return outcome


def hand(shop: Shop, member: MemberRef, benefit: str, **more: Any) -> Any:
    said = {"reason": "for the delay", "actor": "Olga"} | more
    (outcome,) = shop.ask(grant_benefits, GrantBenefit(member, benefit, **said))
    return outcome


def may(shop: Shop, external: str, benefit: str, at: datetime | None = None, **more: Any) -> Any:
    occasion = Occasion(benefit, at or shop.now, **more)
    who = member_id(shop, external)
    ((_, answer),) = shop.do(lambda tx, terms: show_benefits(tx, terms, who, [occasion]))
    return answer


def test_twice_a_year_and_no_third_time(shop: Shop) -> None:
    first = take(shop, ADA, "companion", details=WITH)
    assert (first.state, first.left) == ("used", 1)
    assert take(shop, ADA, "companion", details=WITH).left == 0
    no = take(shop, ADA, "companion", details=WITH)
    assert (no.code, no.facts) == ("used_up", {"times": 2, "per": "year"})
    assert may(shop, "ada", "companion").no.code == "used_up"
    shop.at("2027-01-07T00:00")
    assert may(shop, "ada", "companion").left == 2
    assert shop.told()[-2:] == ["benefit.used", "benefit.used"]


def test_what_it_was_worth_and_cost_is_kept_as_it_was_promised(shop: Shop) -> None:
    take(shop, ADA, "companion", details=WITH, store="ber")
    shop.publish(named(WINGS.replace('worth: "80.00"', 'worth: "60.00"'), shop.terms.slug))
    kept = (
        "select terms ->> 'worth_minor', terms ->> 'cost_minor', details, store "
        "from benefit_use where program_id = $1"
    )
    assert shop.rows(kept) == [("8000", "2500", '{"companion": "Nil"}', "ber")]


def test_taken_back_it_is_left_again_in_the_year_it_was_counted_in(shop: Shop) -> None:
    shop.at("2026-12-19T23:00")
    done = take(shop, ADA, "companion", details=WITH)
    shop.at("2027-01-08T10:00")
    assert back(shop, done).state == "undone"
    assert back(shop, done).state == "undone"
    counted = (
        "select period, value from counter c join program_code k using (program_id) "
        "where program_id = $1 and k.kind = 'counter' and k.code = c.counter "
        "and k.name = 'benefit:companion:year'"
    )
    assert shop.rows(counted) == [(2026, 0)]
    assert may(shop, "ada", "companion").left == 2
    assert shop.told().count("benefit.undone") == 1


def test_taken_back_after_the_tier_has_ended_nothing_is_left_as_the_question_says(
    shop: Shop,
) -> None:
    for_a_year = WINGS.replace("window: ever", "window: calendar_year")
    shop.begin(for_a_year.replace("for_ever", "window_end"), slug=f"{shop.terms.slug}-year")
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 20_000))
    first = take(shop, ada, "companion", details=WITH)
    assert (first.left, back(shop, first).left) == (1, 2)
    second = take(shop, ada, "companion", details=WITH)
    shop.at("2027-02-01T10:00")
    assert may(shop, "ada", "companion").no.code == "tier_too_low"
    assert may(shop, "ada", "companion").left == 0
    assert back(shop, first).left == 0  # it was taken back before
    assert back(shop, second).left == 0
    assert shop.told().count("tier.changed") == 2  # to gold, and down once


def test_asked_again_under_its_key_it_is_used_once(shop: Shop) -> None:
    first = take(shop, ADA, "companion", details=WITH, asked=asked("k1"))
    again = take(shop, ADA, "companion", details=WITH, asked=asked("k1"))
    assert (again.use_id, again.replayed) == (first.use_id, True)
    assert isinstance(take(shop, ADA, "delivery", asked=asked("k1")), KeyReused)
    assert may(shop, "ada", "companion").left == 1


@pytest.mark.parametrize(
    ("who", "benefit", "more", "code"),
    [
        (CEM, "companion", {"details": WITH}, "tier_too_low"),
        (BEN, "delivery", {"channel": "till"}, "not_here"),
        (BEN, "drop", {"sku": "hat"}, "not_for_this"),
        (BEN, "drop", {"sku": "shoe"}, "not_now"),
        (ADA, "concierge", {}, "not_granted"),
        (ADA, "spaceship", {}, "unknown_benefit"),
    ],
)
def test_what_is_not_promised_is_refused_and_nothing_changes(
    shop: Shop, who: MemberRef, benefit: str, more: dict[str, Any], code: str
) -> None:
    before = shop.counts()
    assert take(shop, who, benefit, **more).code == code
    assert shop.counts() == before


def test_blackout_days_are_local_days(shop: Shop) -> None:
    shop.at("2026-12-19T23:59")
    assert may(shop, "ada", "companion").no is None
    shop.at("2026-12-20T00:00")
    assert may(shop, "ada", "companion").no.code == "not_now"
    shop.at("2027-01-06T23:59")
    assert may(shop, "ada", "companion").no.code == "not_now"


def test_a_drop_begins_earlier_the_higher_one_stands(shop: Shop) -> None:
    opens = {
        who: shop.local(may(shop, who, "drop", sku="shoe").opens_at.isoformat()[:19])
        and may(shop, who, "drop", sku="shoe").opens_at.astimezone(shop.zone).isoformat()[:16]
        for who in ("ada", "ben", "cem")
    }
    assert opens == {
        "ada": "2026-10-08T00:00", "ben": "2026-10-09T00:00", "cem": "2026-10-10T00:00",
    }  # fmt: skip
    shop.at("2026-10-08T23:59")
    assert take(shop, BEN, "drop", sku="shoe").code == "not_now"
    assert take(shop, ADA, "drop", sku="shoe").left is None
    shop.at("2026-10-12T00:00")
    assert may(shop, "ada", "drop", sku="shoe").no.code == "not_now"


def test_a_question_about_a_later_instant_is_answered_for_then(shop: Shop) -> None:
    later = shop.local("2026-10-10T09:00")
    assert may(shop, "cem", "drop", sku="shoe").no.code == "not_now"
    assert may(shop, "cem", "drop", later, sku="shoe").no is None


def test_of_several_one_is_chosen_for_the_year(shop: Shop) -> None:
    chosen = take(shop, ADA, "lounge")
    no = take(shop, ADA, "upgrade")
    assert (no.code, no.facts) == ("chosen_otherwise", {"chosen": "lounge"})
    back(shop, chosen)
    assert take(shop, ADA, "upgrade").left == 1
    assert take(shop, ADA, "upgrade").left == 0
    assert take(shop, ADA, "lounge").code == "chosen_otherwise"
    shop.at("2027-01-01T00:00")
    assert take(shop, ADA, "lounge").left == 0


def test_what_was_granted_goes_before_the_allowance_when_it_ends(shop: Shop) -> None:
    until = shop.now + timedelta(days=2)
    hand(shop, ADA, "companion", until_at=until)
    assert may(shop, "ada", "companion").left == 3
    first = take(shop, ADA, "companion", details=WITH)
    assert (first.granted, first.left) == (True, 2)
    assert take(shop, ADA, "companion", details=WITH).granted is False
    assert back(shop, first).left == 2
    shop.now = until
    assert may(shop, "ada", "companion").left == 1


def test_what_was_granted_without_an_end_goes_last_and_asks_for_no_tier(shop: Shop) -> None:
    hand(shop, CEM, "companion", times=2)
    assert take(shop, CEM, "companion", details=WITH).left == 1
    hand(shop, ADA, "companion")
    uses = [take(shop, ADA, "companion", details=WITH).granted for _ in range(3)]
    assert uses == [False, False, True]
    assert take(shop, ADA, "companion", details=WITH).code == "used_up"
    assert shop.told().count("benefit.granted") == 2


def test_of_one_batch_nobody_uses_more_than_was_granted(shop: Shop) -> None:
    hand(shop, ADA, "concierge")
    outcomes = shop.ask(use_benefits, *[UseBenefit(ADA, "concierge")] * 3)
    assert [getattr(one, "code", "used") for one in outcomes] == [
        "used", "not_granted", "not_granted",
    ]  # fmt: skip


def test_of_many_at_once_nobody_uses_more_than_is_allowed(shop: Shop) -> None:
    one = UseBenefit(ADA, "companion", details=WITH)
    answers = shop.together(*[lambda tx, terms: use_benefits(tx, terms, [one])] * 6)
    used = [answer for (answer,) in answers if isinstance(answer, BenefitUsed)]
    assert len(used) == 2
    assert {answer.code for (answer,) in answers if answer not in used} == {"used_up"}


def test_a_detail_that_is_needed_is_asked_for_by_its_name(shop: Shop) -> None:
    for details in ({}, {"companion": " "}):
        no = take(shop, ADA, "companion", details=details)
        assert isinstance(no, Invalid)
        assert no.field == "/details/companion"


def test_bad_input_names_its_field(shop: Shop) -> None:
    assert isinstance(take(shop, MemberRef(external="nobody"), "delivery"), UnknownMember)
    assert hand(shop, ADA, "spaceship").code == "unknown_benefit"
    assert hand(shop, ADA, "companion", times=0).field == "/times"
    assert hand(shop, ADA, "companion", until_at=shop.now).field == "/until_at"
    assert hand(shop, ADA, "companion", reason=" ").field == "/reason"

    (no,) = shop.ask(undo_uses, UndoUse(member_id(shop, "ada")))
    assert isinstance(no, NotFound)


def test_blocked_members_use_nothing(shop: Shop) -> None:
    block(shop, ADA)
    assert take(shop, ADA, "companion", details=WITH).code == "member_blocked"


def test_merged_members_share_their_year_and_part_again_with_their_own(shop: Shop) -> None:
    shop.record(buys(BEN, 10_000))
    gone = member_id(shop, "ben")
    first = take(shop, BEN, "companion", details=WITH)
    hand(shop, BEN, "concierge")
    take(shop, ADA, "companion", details=WITH)
    merge(shop, BEN, ADA)
    assert take(shop, BEN, "companion", details=WITH).code == "used_up"
    assert may(shop, "ada", "concierge").no is None
    assert back(shop, first).left == 1
    assert take(shop, ADA, "companion", details=WITH).left == 0
    unmerge(shop, gone)
    assert may(shop, "ben", "concierge").no is None
    assert may(shop, "ada", "concierge").no.code == "not_granted"
    # What Ben had used before was given back while they were one: he has used nothing, she both.
    assert take(shop, ADA, "companion", details=WITH).code == "used_up"
    assert take(shop, BEN, "companion", details=WITH).left == 1
