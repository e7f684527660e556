"""Paid membership: begun once, renewed to the day, ended by the clock and never by a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.plans.houses import ADA, BEN, ROASTERY, may, start, turn, until
from tests.flows.points.sharing import merge
from tests.makers import Shop, asked, named

from regulars.base.faults import Invalid, KeyReused, NotFound
from regulars.flows.commands import Adjust
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import UseBenefit
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.plans.commands import StartMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships
from regulars.records.members.types import EraseMember, Identifier, JoinMember, MemberRef

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Ada and Ben joined; it is the last of January, three in the afternoon."""
    shop = open_shop(ROASTERY)
    shop.joined("ada", "ben")
    shop.at("2027-01-31T15:00")
    return shop


def fee_of(shop: Shop, day: str, fee: str) -> int:
    """Plus costs so much from noon of a day on; how many the night told, who are told once."""
    shop.at(f"{day}T12:00")
    shop.publish(named(ROASTERY.replace("10.00", fee, 1), shop.terms.slug))
    told = shop.night("renew_plans")["renew_plans"]
    assert shop.night("renew_plans")["renew_plans"] == 0
    return told


def points(shop: Shop, external: str = "ada") -> int:
    return shop.balances(external).get("points", (0, 0, 0))[0]


def test_a_month_from_the_31st_ends_on_the_28th_and_the_31st_comes_back(shop: Shop) -> None:
    begun = start(shop)
    assert (begun.state, until(shop, begun), begun.paid_minor) == (
        "active", "2027-02-28T15:00", 1_000,
    )  # fmt: skip
    shop.at("2027-02-28T14:00")
    second = turn(shop, begun, "paid")
    assert until(shop, second) == "2027-03-31T15:00"
    shop.at("2027-03-31T15:00")
    assert until(shop, turn(shop, begun, "paid")) == "2027-04-30T15:00"
    assert points(shop) == 300


def test_a_trial_is_free_and_had_once_by_each_person(shop: Shop) -> None:
    begun = start(shop, trial=True, card="visa-4711")
    assert (begun.state, until(shop, begun), begun.due_minor) == (
        "trial", "2027-02-14T15:00", 1_000,
    )  # fmt: skip
    assert may(shop, "ada", "delivery") == "yes"
    turn(shop, begun, "cancelled", at="now")
    assert start(shop, trial=True).code == "trial_taken"
    assert start(shop, BEN, trial=True, card=" visa-4711").code == "trial_taken"
    assert start(shop, BEN, trial=True, card="visa-1").state == "trial"
    assert start(shop).state == "active"


def test_another_spelling_of_an_address_has_no_second_trial(shop: Shop) -> None:
    for number, address in enumerate(("cem@example.org", "Cem+again@example.org")):
        names = (Identifier("email", address), Identifier("external", f"c{number}"))
        shop.join(JoinMember(identifiers=names))
    assert start(shop, MemberRef(external="c0"), trial=True).state == "trial"
    assert start(shop, MemberRef(external="c1"), trial=True).code == "trial_taken"


def test_who_was_merged_takes_their_trial_along(shop: Shop) -> None:
    begun = start(shop, BEN, trial=True)
    turn(shop, begun, "cancelled", at="now")
    merge(shop, BEN, ADA)
    assert start(shop, trial=True).code == "trial_taken"


def test_two_trials_of_one_card_at_once_are_one(shop: Shop) -> None:
    def begins(member: MemberRef) -> Any:
        wish = StartMembership(member, "plus", trial=True, card="visa-1")
        return lambda tx, terms: start_memberships(tx, terms, [wish])

    answers = [one[0] for one in shop.together(begins(ADA), begins(BEN))]
    assert sorted(getattr(one, "code", "begun") for one in answers) == ["begun", "trial_taken"]


def test_a_term_not_paid_on_waits_and_a_late_payment_leaves_no_gap(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "failed").state == "past_due"
    assert may(shop, "ada", "delivery") == "yes"
    shop.at("2027-03-07T14:59")
    late = turn(shop, begun, "paid")
    assert (late.state, until(shop, late)) == ("active", "2027-03-31T15:00")
    shop.at("2027-04-07T15:00")
    assert may(shop, "ada", "delivery") == "no_plan"
    assert turn(shop, begun, "paid").code == "membership_over"


def test_a_payment_in_the_grace_begins_where_the_term_ended(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-03-02T10:00")
    late = turn(shop, begun, "paid")
    assert late.from_at == begun.until_at


def test_benefits_are_frozen_where_the_plan_says_so(shop: Shop) -> None:
    shop.publish(named(ROASTERY.replace("plan: plus", "plan: year"), shop.terms.slug))
    begun = start(shop, plan="year")
    shop.at("2028-01-31T15:00")
    assert may(shop, "ada", "delivery") == "plan_frozen"
    paid = turn(shop, begun, "paid")
    assert (paid.state, until(shop, paid)) == ("active", "2029-01-31T15:00")
    assert may(shop, "ada", "delivery") == "yes"
    assert points(shop) == 50


def test_the_night_does_it_once_and_tells(shop: Shop) -> None:
    start(shop)
    start(shop, BEN, plan="club")
    shop.at("2027-03-08T01:00")
    assert shop.night("renew_plans")["renew_plans"] == 3
    assert shop.night("renew_plans")["renew_plans"] == 0
    told = [one for one in shop.told() if one.startswith("membership.")]
    assert sorted(told[2:]) == ["membership.ended", "membership.ended", "membership.past_due"]
    assert shop.rows("select count(*) from membership_clock where program_id = $1") == [(0,)]


def test_the_same_payment_told_again_is_one_payment(shop: Shop) -> None:
    begun = start(shop, source="pay", external_id="in_1")
    assert start(shop, source="pay", external_id="in_1").replayed
    shop.at("2027-02-28T10:00")
    first = turn(shop, begun, "paid", source="pay", external_id="in_2", asked=asked("a"))
    again = turn(shop, begun, "paid", source="pay", external_id="in_2", asked=asked("b"))
    assert (first.replayed, again.replayed, again.until_at) == (False, True, first.until_at)
    other = turn(shop, begun, "paid", source="pay", external_id="in_2", amount_minor=5)
    assert isinstance(other, KeyReused)
    assert points(shop) == 200


def test_nobody_pays_two_terms_ahead_or_another_amount_without_a_reason(shop: Shop) -> None:
    begun = start(shop)
    no = turn(shop, begun, "paid", amount_minor=900)
    assert (no.code, no.facts) == ("other_amount", {"due_minor": 1_000})
    assert turn(shop, begun, "paid", amount_minor=900, reason="spring").paid_minor == 900
    assert turn(shop, begun, "paid").code == "paid_ahead"
    wrong = turn(shop, begun, "paid", amount_minor=900, currency="USD")
    assert isinstance(wrong, Invalid)
    assert wrong.field == "/amount/currency"


def test_refunded_points_go_in_proportion_and_with_the_last_of_the_money_it_ends(
    shop: Shop,
) -> None:
    begun = start(shop)
    half = turn(shop, begun, "refunded", amount_minor=333)
    assert (half.state, half.paid_minor, points(shop)) == ("active", 667, 67)
    assert turn(shop, begun, "refunded", amount_minor=668).code == "more_than_paid"
    rest = turn(shop, begun, "refunded")
    assert (rest.state, rest.amount_minor, points(shop)) == ("ended", -667, 0)
    assert may(shop, "ada", "delivery") == "no_plan"


def test_what_ended_may_still_be_given_back(shop: Shop) -> None:
    begun = start(shop)
    turn(shop, begun, "cancelled", at="now")
    back = turn(shop, begun, "refunded", amount_minor=400)
    assert (back.state, back.paid_minor, points(shop)) == ("ended", 600, 60)


def test_points_that_were_spent_stay_spent(shop: Shop) -> None:
    begun = start(shop)
    shop.adjust(Adjust(ADA, "points", -70, "a mug", "Mia"))
    turn(shop, begun, "refunded")
    assert shop.balances("ada").get("points", (0, 0, 0)) == (0, 0, 0)


def test_cancelled_it_runs_to_its_end_and_can_be_resumed(shop: Shop) -> None:
    begun = start(shop)
    assert turn(shop, begun, "cancelled").state == "cancelled"
    assert may(shop, "ada", "delivery") == "yes"
    assert turn(shop, begun, "paid").code == "not_running"
    assert turn(shop, begun, "resumed").state == "active"
    turn(shop, begun, "cancelled")
    shop.at("2027-02-28T15:00")
    assert may(shop, "ada", "delivery") == "no_plan"
    assert turn(shop, begun, "resumed").code == "membership_over"


def test_a_pause_stops_the_clock_and_ends_by_itself(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-02-10T15:00")
    assert turn(shop, begun, "paused").state == "paused"
    assert may(shop, "ada", "delivery") == "plan_frozen"
    shop.at("2027-02-20T15:00")
    assert until(shop, turn(shop, begun, "resumed")) == "2027-03-10T15:00"
    turn(shop, begun, "paused")
    shop.at("2027-05-20T15:00")
    assert may(shop, "ada", "delivery") == "yes"
    assert turn(shop, begun, "cancelled").state == "cancelled"


def test_another_plan_costs_the_difference_for_what_is_left(shop: Shop) -> None:
    shop.at("2027-04-01T15:00")
    begun = start(shop)
    shop.at("2027-04-11T15:00")
    changed = turn(shop, begun, "changed", plan="club", at="now")
    assert (changed.amount_minor, until(shop, changed)) == (1_000, "2027-05-01T15:00")
    assert (may(shop, "ada", "delivery"), may(shop, "ada", "tasting")) == ("no_plan", "yes")
    back = turn(shop, begun, "changed", plan="plus", at="now")
    assert (back.amount_minor, back.paid_minor) == (-1_000, 1_000)


def test_a_longer_plan_begins_now_with_the_rest_taken_off(shop: Shop) -> None:
    shop.at("2027-04-01T15:00")
    begun = start(shop)
    shop.at("2027-04-11T15:00")
    changed = turn(shop, begun, "changed", plan="year", at="now")
    assert (changed.amount_minor, until(shop, changed)) == (9_333, "2028-04-11T15:00")


def test_another_plan_from_the_next_term_on(shop: Shop) -> None:
    begun = start(shop)
    chosen = turn(shop, begun, "changed", plan="club")
    assert (chosen.plan, chosen.next_plan, chosen.due_minor) == ("plus", "club", 2_500)
    paid = turn(shop, begun, "paid")
    assert (paid.plan, paid.next_plan, paid.paid_minor) == ("club", "", 2_500)
    assert until(shop, paid) == "2027-03-28T15:00"


def test_while_the_next_term_is_paid_nobody_changes_at_once_and_loses_what_runs(
    shop: Shop,
) -> None:
    begun = start(shop)
    turn(shop, begun, "paid")
    before = shop.counts()
    for plan in ("club", "year"):
        no = turn(shop, begun, "changed", plan=plan, at="now")
        assert (no.code, no.facts) == ("paid_ahead", {"from_at": "2027-02-28T14:00:00+00:00"})
    assert shop.counts() == before
    assert turn(shop, begun, "changed", plan="club").next_plan == "club"
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "changed", plan="club", at="now").amount_minor == 1_500


def test_a_trial_goes_on_only_in_a_plan_that_has_one(shop: Shop) -> None:
    begun = start(shop, trial=True)
    assert turn(shop, begun, "changed", plan="club", at="now").code == "no_trial"
    assert may(shop, "ada", "tasting") == "no_plan"
    assert turn(shop, begun, "changed", plan="club").due_minor == 2_500


def test_a_cancellation_that_was_not_meant_leaves_the_notice_of_a_higher_fee(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-01-31T16:00")
    dearer = ROASTERY.replace('fee: "10.00"', 'fee: "12.00"\n    price_notice: 9')
    shop.publish(named(dearer, shop.terms.slug), accept=("plan:plus",))
    shop.night("renew_plans")
    shop.at("2027-02-27T15:00")
    assert turn(shop, begun, "cancelled").due_minor == 1_200
    assert turn(shop, begun, "resumed").due_minor == 1_200
    assert shop.night("renew_plans")["renew_plans"] == 0
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200


def test_a_higher_fee_is_asked_for_once_it_was_told_in_time(shop: Shop) -> None:
    begun = start(shop)
    dearer = ROASTERY.replace('fee: "10.00"', 'fee: "12.00"')
    shop.at("2027-02-01T12:00")
    shop.publish(named(dearer, shop.terms.slug))
    assert shop.night("renew_plans")["renew_plans"] == 1
    assert shop.night("renew_plans")["renew_plans"] == 0
    shop.at("2027-02-28T15:00")
    second = turn(shop, begun, "paid")
    assert (second.amount_minor, second.due_minor) == (1_000, 1_200)
    shop.at("2027-03-31T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200
    shop.publish(named(ROASTERY.replace('fee: "10.00"', 'fee: "9.00"'), shop.terms.slug))
    shop.at("2027-04-30T15:00")
    assert turn(shop, begun, "paid").amount_minor == 900


def test_days_of_notice_are_days_of_the_calendar(shop: Shop) -> None:
    shop.at("2027-04-20T15:00")
    begun = start(shop, plan="year")
    raised = ROASTERY.replace('fee: "100.00"', 'fee: "120.00"')
    shop.at("2028-02-25T15:00")  # 55 days, in one of which an hour is missing
    shop.publish(named(raised.replace("price_notice: 30", "price_notice: 55"), shop.terms.slug))
    shop.night("renew_plans")
    shop.at("2028-04-20T15:00")
    assert turn(shop, begun, "paid").amount_minor == 12_000


def test_a_second_rise_does_not_undo_the_first_that_was_told_in_time(shop: Shop) -> None:
    begun = start(shop)
    for day, fee in (("2027-02-01", "12.00"), ("2027-02-20", "13.00")):
        shop.at(f"{day}T12:00")
        dearer = ROASTERY.replace('fee: "10.00"', f'fee: "{fee}"')
        noticed = dearer.replace("grace: 7 days", "grace: 7 days\n    price_notice: 20", 1)
        shop.publish(named(noticed, shop.terms.slug), accept=("plan:plus",))
        shop.night("renew_plans")
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200
    assert shop.night("renew_plans")["renew_plans"] == 1
    shop.at("2027-03-31T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_300


def test_a_change_of_plan_that_is_taken_back_leaves_the_notice_of_a_higher_fee(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-01-31T16:00")
    dearer = ROASTERY.replace('fee: "10.00"', 'fee: "12.00"\n    price_notice: 9')
    shop.publish(named(dearer, shop.terms.slug), accept=("plan:plus",))
    shop.night("renew_plans")
    shop.at("2027-02-27T15:00")
    assert turn(shop, begun, "changed", plan="club").due_minor == 2_500
    assert turn(shop, begun, "changed", plan="plus").due_minor == 1_200
    assert turn(shop, begun, "changed", plan="club").due_minor == 2_500
    turn(shop, begun, "cancelled")
    assert turn(shop, begun, "resumed").due_minor == 1_200
    assert shop.night("renew_plans")["renew_plans"] == 0
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200


def test_a_rise_that_is_taken_back_is_told_and_what_follows_is_told_anew(shop: Shop) -> None:
    begun = start(shop)
    assert [fee_of(shop, "2027-02-01", "12.00"), fee_of(shop, "2027-02-02", "10.00")] == [1, 1]
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_000
    assert fee_of(shop, "2027-03-25", "12.00") == 1
    shop.at("2027-03-31T15:00")  # told six days ago, however long ago of the rise that never came
    assert turn(shop, begun, "paid").amount_minor == 1_000
    shop.at("2027-04-30T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200


def test_a_smaller_rise_than_told_keeps_the_day_it_was_told(shop: Shop) -> None:
    begun = start(shop)
    assert fee_of(shop, "2027-02-01", "14.00") == 1
    shop.at("2027-02-28T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_000
    assert [fee_of(shop, "2027-03-20", "12.00"), fee_of(shop, "2027-03-25", "13.00")] == [1, 0]
    shop.at("2027-03-31T15:00")
    assert turn(shop, begun, "paid").amount_minor == 1_200


def test_an_erasure_takes_what_is_personal_and_the_clock(shop: Shop) -> None:
    begun = start(shop, trial=True, card="visa-1", source="pay", external_id="in_1", actor="Mia")
    turn(shop, begun, "paid", source="pay", external_id="in_2", reason="Ada asked")
    shop.ask(erase_members, EraseMember(begun.member_id))
    kept = "select count(*) from {} where program_id = $1"
    assert shop.rows(kept.format("trial_taken")) == [(0,)]
    assert shop.rows(kept.format("membership_clock")) == [(0,)]
    turns = "select what, reason, external_id from membership_turn where program_id = $1"
    assert sorted(shop.rows(turns)) == [("paid", "", ""), ("started", "", "")]
    assert turn(shop, begun, "failed").code == "member_erased"


def test_uses_carry_the_plan_they_came_with(shop: Shop) -> None:
    start(shop)
    (used,) = shop.ask(use_benefits, UseBenefit(ADA, "delivery"))
    assert used.state == "used"
    kept = "select terms ->> 'plan', terms ->> 'worth_minor' from benefit_use where program_id = $1"
    assert shop.rows(kept) == [("plus", "490")]


def test_a_second_membership_beside_the_first_is_refused(shop: Shop) -> None:
    begun = start(shop)
    no = start(shop, plan="club")
    assert (no.code, no.facts["membership_id"]) == (
        "has_plan", f"mbs_{begun.membership_id.hex}",
    )  # fmt: skip
    assert start(shop, BEN, plan="gold").code == "unknown_plan"
    assert start(shop, BEN, plan="club", trial=True).code == "no_trial"


def test_an_unknown_membership_is_a_fault(shop: Shop) -> None:
    begun = start(shop)
    strange = replace(begun, membership_id=begun.turn_id)
    assert isinstance(turn(shop, strange, "paid"), NotFound)
