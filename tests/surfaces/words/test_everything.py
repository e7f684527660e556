"""Everything a program file may say has a sentence in each language, or is a setting."""

from __future__ import annotations

import re

import pytest

from regulars.engine.words.voice import Voice
from regulars.records.program.published.language import language
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program
from regulars.surfaces.in_words.program import promises_in_words
from regulars.surfaces.in_words.rewards import reward_terms_in_words
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import LANGUAGES, voice_for

HEAD = "regulars: 1\nprogram: all\nname: All\ncurrency: EUR\nzone: Europe/Berlin\n"
POINTS = HEAD + "wallets: {points: {name: P}, gift: {kind: gift, scale: 2, name: G}}\n"
RULE = """tiers: {{steps: [{{id: gold, at: "5.00"}}]}}
rules:
  - {{id: a, on: purchase, wallet: points, award: {award}{more}}}
"""
FIXED = "{give: fixed, points: 5}"
REWARD = "tiers: {{steps: [{{id: gold, at: 5}}]}}\nrewards:\n"
REWARD += "  - {{id: a, name: N, price: {{points: 100}}{more}}}\n"
REWARD += (
    "  - {{id: b, name: M, price: {{points: 7}}, choose_one: w, limit: {{times: 1, per: day}}}}\n"
)
CONDITIONS = {
    "All": "{if: all, of: [{if: amount, at_least: '7.00'}, {if: hour, from: 1, until: 3}]}",
    "AnyOf": "{if: any, of: [{if: amount, at_least: '7.00'}, {if: hour, from: 1, until: 3}]}",
    "Not": "{if: not, that: {if: hour, from: 1, until: 3}}",
    "AmountIs": "{if: amount, at_most: '7.00'}",
    "BasketHas": "{if: basket_has, categories: [tea], quantity: 2}",
    "ChannelIs": "{if: channel, in: [web]}",
    "StoreIs": "{if: store, in: [mitte]}",
    "WeekdayIs": "{if: weekday, in: [sat]}",
    "HourIs": "{if: hour, from: 1, until: 3}",
    "DatesAre": "{if: dates, from_on: 2026-12-01}",
    "TierIs": "{if: tier, at_least: gold}",
    "MemberIs": "{if: member, attribute: student, in: [true]}",
    "DetailIs": "{if: detail, detail: rating, in: [5]}",
    "CodeIs": "{if: code, in: [SUMMER24]}",
    "PlanIs": "{if: plan, runs: a}",
    "AnniversaryIs": "{if: anniversary, attribute: birthday}",
    "DaysSince": "{if: days_since, attribute: joined-on, before: 30}",
}
AWARDS = {
    "Fixed": FIXED,
    "PerAmount": "{give: per_amount, points: 1, per: '2.00'}",
    "PerItem": "{give: per_item, points: 1, categories: [tea]}",
    "Multiply": "{give: multiply, by: 2}",
    "ByTable": "{give: by_table, by: [fare], rows: [{is: [J], points: 2}]}",
}
GIVES = {
    "Discount": "{kind: discount, percent: 10, at_most: '9.00', from_amount: '20.00'}",
    "Item": "{kind: item, sku: tea, quantity: 2}",
    "Code": "{kind: code, valid_for: 90 days}",
    "Seat": "{kind: seat, begins: 2026-12-24T19:00, seats: 9}",
    "Donation": "{kind: donation, cause: Bees, amount: '1.00'}",
    "Payout": "{kind: payout, amount: '3.00'}",
    "FreePieces": "{kind: free_pieces, categories: [tea], which: dearest, up_to: '5.00'}",
}
FREE = {
    f"{which} {pieces}": f"{{kind: free_pieces, which: {which}, pieces: {pieces}}}"
    for which in ("cheapest", "dearest", "named")
    for pieces in (1, 2)
}
TERMS = {
    "RewardLimit": "limit: {times: 2, per: week}",
    "OtherPrice": "or: [{price: {points: 50}, money: '1.00'}]",
    "choose_one": "choose_one: w, limit: {times: 1, per: day}",
    "automatic": "automatic: true, gives: {kind: code}",
    "by": "by: shop",
    "WorthIn": "in_currency: {USD: {worth: '3.30'}}",
    "WorthIn off": "gives: {kind: discount, off: '3.00'}, "
    "in_currency: {USD: {off: '3.30', money: '1.10'}}",
    "tier": "tier: gold",
}
COUNTED = "{on: visit}"
PRIZE = "{wallet: points, points: 5, badge: B}"
BESIDES = {
    "Tiers": "tiers: {or_by: {measure: visits}, steps: [{id: gold, at: '5.00', or_at: 4}]}",
    "Ladder": "ladders: {club: {measure: visits, steps: [{id: gold, at: 5}]}}",
    "Benefit": "benefits: [{id: a, name: N, tier: gold, gives: {wallet: points, points: 5}}]\n"
    "tiers: {steps: [{id: gold, at: '5.00'}]}",
    "Allowance": "benefits: [{id: a, name: N, choose_one: w, allowance: {times: 2, per: week}}]",
    "Guests": "benefits: [{id: a, name: N, guests: {most: 2}}]",
    "AroundBirthday": "benefits: [{id: a, name: N, birthday: {days_before: 3, days_after: 2}}]",
    "Associate": "benefits: [{id: a, name: N, associate: {}}]",
    "Appointments": "benefits: [{id: a, name: N, appointments: {lasts: 60, "
    "hours: [{on: [mon], from: '09:00', until: '12:00'}]}}]",
    "DeedMilestone": f"milestones: [{{id: a, name: N, wallet: points, counts: {COUNTED}, "
    "per: year, steps: [{at: 10, points: 5, again: true}, {at: 3, points: 2}]}]",
    "Challenge": f"challenges: [{{id: a, name: N, counts: {COUNTED}, target: 3, every: week, "
    f"prize: {PRIZE}}}]",
    "Streak": f"streaks: [{{id: a, name: N, every: week, "
    f"milestones: [{{length: 3, prize: {PRIZE}}}]}}]",
    "Leaderboard": f"leaderboards: [{{id: a, name: N, counts: {COUNTED}, per: week}}]",
    "BoardPrize": f"leaderboards: [{{id: a, name: N, counts: {COUNTED}, per: week, "
    "prizes: [{place: 1, wallet: points, points: 5, badge: B}, {place: 2, to: 3, badge: C}]}]",
    "Draw": "draws: [{id: a, name: N, from_on: 2026-06-01, until_on: 2026-09-01, prize: Bike, "
    "words: W, measure: spend, each: '10.00'}]",
    "DrawPrize": "draws: [{id: a, name: N, from_on: 2026-06-01, until_on: 2026-09-01, "
    "prize: Bike, words: W, winners: 3, gives: [{reward: m}, {wallet: points, points: 50}]}]",
    "Advocacy": "advocacy: [{on: review, name: N, about: product, proof: true, "
    "moderated: 2 weeks}]",
    "Together": f"challenges: [{{id: a, name: N, counts: {COUNTED}, target: 30, every: week, "
    f"joins: opt_in, prize: {PRIZE}, together: {{each: '2'}}}}]",
    "PayWithPoints": "paying: {wallet: points, points: 100, per: '1.00', minimum: 200, "
    "at_most_percent: 50, leaves_at_least: '5.00'}",
    "PaysIn": "paying: {wallet: points, points: 100, per: '1.00', "
    "in_currency: {USD: {points: 100, per: '1.10'}}}",
    "PaysIn at a rate": "paying: {wallet: points, points: 100, per: '1.00', "
    "in_currency: {USD: {}, JPY: {}}}",
    "Buyers": "household: {buyers: {points: {points: 400}, per: month}}",
    "Buyers without": "household: {buyers: {per: month}}",
    "Budget": "budgets: [{id: a, wallet: points, per: activity, points: 50}]",
    "Budget of each": "budgets: [{id: a, wallet: points, per: ever, points: 50, of: member}]",
    "Plan": "plans: [{id: a, name: N, fee: '9.00', term: month}]",
    "Referral": "referral: {wallet: points, referrer: {points: 50}, newcomer: {points: 30}}",
    "Referral one side": "referral: {wallet: points, referrer: {points: 50}}",
    "Referral other side": "referral: {wallet: points, newcomer: {points: 30}}",
    "SpendingProof": "spending_proof: {card_above: '5.00'}",
    "Minors": "household: {minors: {points: {points: 40}, per: week}}",
}
LIMITS = {
    "Limit": "limits: [{per: month, points: 200}]",
    "Limit times": "limits: [{per: week, times: 2}]",
    "Limit of all": "limits: [{per: month, points: 200, of: everyone}]",
    "Cooldown": "cooldown: {hours: 4}",
    "Expiry": "expiry: {after: 10 days}",
    "ends_on": "ends_on: 2027-06-01",
    "group": "group: g",
    "priority": "group: g, priority: 3",
    "needs_base": "needs_base: true",
}
WITHIN = {
    "Rule", "Reward", "TableRow", "Tier", "FurtherStep", "Measure", "BenefitPoints", "Prize",
    "Deed", "OpenHours", "MilestoneStep", "Reached", "AmountBounds",
    "TermPoints", "Side",
}  # fmt: skip
"""Parts of what is said above."""
SETTINGS = {
    "Program", "Wallet", "Forms", "Rounding", "Transfers", "TransferLimit", "ForDuration",
    "UntilDate", "UntilEvent", "Notice", "Inactivity", "ComesBack", "LeastLife", "Qualifying",
    "Stacking", "Days", "Case", "Blocked", "Household",
    "PayingOut", "Join", "Purse", "MostFriends", "Milestone", "Freezes",
    "Changeover", "Caution", "Rate",
}  # fmt: skip
"""How it works, not what is promised: the reference of the program file tells of these."""


def rule_of(award: str = FIXED, more: str = "") -> Program:
    return read_program(POINTS + RULE.format(award=award, more=more and f", {more}"))


def said_of(program: Program, voice: Voice) -> str:
    """All that is said of a program, in a language."""
    said = [rule_in_words(program, one, voice, inside=True) for one in program.rules]
    said += [reward_terms_in_words(program, one, voice) for one in program.rewards]
    return " | ".join([*said, *promises_in_words(program, voice)])


def reward_of(more: str) -> Program:
    return read_program(POINTS + REWARD.format(more=f", {more}"))


SAID = {
    **{name: rule_of(award) for name, award in AWARDS.items()},
    **{name: rule_of(more=f"when: {when}") for name, when in CONDITIONS.items()},
    **{name: rule_of(more=limit) for name, limit in LIMITS.items()},
    **{name: reward_of(f"gives: {gives}") for name, gives in (GIVES | FREE).items()},
    **{name: reward_of(more) for name, more in TERMS.items()},
    **{name: read_program(f"{POINTS}{text}\n") for name, text in BESIDES.items()},
}
PLAIN = {"rule": rule_of(), "reward": reward_of("worth: 0"), "nothing": read_program(POINTS)}


def without(name: str) -> Program:
    """The same program without what this is about."""
    if name in AWARDS or name in CONDITIONS or name in LIMITS:
        return PLAIN["rule"]
    return PLAIN["nothing" if name in BESIDES else "reward"]


def test_every_part_of_the_language_is_said_or_is_a_setting() -> None:
    parts = set(language())
    assert parts - set(SAID) - WITHIN - SETTINGS == set(), "write a sentence, and a sample here"
    assert (WITHIN | SETTINGS) - parts == set()


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_it_has_a_sentence_in_each_language(name: str, tongue: str) -> None:
    said = said_of(SAID[name], voice_for(tongue))
    assert not re.search(r"[{}]|None", said), said
    if name != "Fixed":
        assert said != said_of(without(name), voice_for(tongue)), "nothing is said of it"
    if tongue != "en":
        assert said != said_of(SAID[name], voice_for("en"))


def test_what_is_said_of_rewards_is_told_as_people_read_it() -> None:
    (free, _) = reward_of(f"gives: {GIVES['FreePieces']}").rewards
    program = SAID["FreePieces"]
    assert [reward_terms_in_words(program, free, voice_for(one)) for one in ("en", "de", "tr")] == [
        "N: the dearest tea of the basket is free, up to €5.00 each, for 100 P",
        "N: das Teuerste an tea im Korb ist gratis, jeweils bis 5,00\xa0€, für 100 P",
        "N: sepetteki en pahalı tea bedava, tanesi en çok €5,00, 100 P karşılığında",
    ]
    chosen = SAID["choose_one"]
    assert reward_terms_in_words(chosen, chosen.rewards[0], voice_for("en")) == (
        "N, for 100 P, one of N or M a day, once a day"
    )
    assert promises_in_words(SAID["Referral"], voice_for("en"))[0] == (
        "Who brings a friend gets 50 P, and the friend 30 P"
    )
    assert promises_in_words(SAID["Plan"], voice_for("de"))[0] == "N, 9,00\xa0€ im Monat"
    assert promises_in_words(SAID["PayWithPoints"], voice_for("en"))[0] == (
        "100 P pay €1.00 of a purchase, from 200 P on, at most 50 % of it, "
        "at least €5.00 of it is paid in money"
    )


BOUNDED = [
    ("en", LIMITS["Limit of all"], "at most 200 P a month for all members together"),
    ("de", LIMITS["Limit of all"], "höchstens 200 P im Monat für alle Mitglieder zusammen"),
    ("en", "expiry: {after: 12 hours}, ends_on: 2027-06-01", "good for at least 12 h"),
    ("en", LIMITS["priority"], "another rule of “g”, and at rank 3 of them"),
    ("de", LIMITS["Expiry"], "sie verfallen frühestens nach 10 Tagen"),
    ("en", LIMITS["needs_base"], "5 P for each purchase, only where P are given for it anyway"),
]


@pytest.mark.parametrize(("tongue", "more", "says"), BOUNDED)
def test_what_bounds_a_rule_is_told_with_it(tongue: str, more: str, says: str) -> None:
    said = said_of(rule_of(more=more), voice_for(tongue))
    assert says in said
    alone = said_of(rule_of(more=LIMITS["Limit"]), voice_for(tongue))
    assert not re.search("together|zusammen", alone)


def test_no_member_reads_what_a_group_is_called_or_a_rank() -> None:
    program = SAID["priority"]
    said = [rule_in_words(program, program.rules[0], voice_for(one)) for one in ("en", "de")]
    assert said == [
        "5 P for each purchase, not together with certain other offers",
        "5 P je Einkauf, nicht zusammen mit bestimmten anderen Angeboten",
    ]
