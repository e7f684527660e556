"""Short checks that a planted bug must fail; the healthy source passes them all."""

from __future__ import annotations

import os
from datetime import timedelta

from tests.makers import Shop, asked, brings_back, buys, named
from tests.planted.idle.back.as_they_stand import STANDING
from tests.planted.idle.back.meanwhile import ALONE as MEANWHILE
from tests.planted.idle.back.nights import NIGHTLY
from tests.planted.idle.back.taken_back import PLAYED_AGAIN
from tests.planted.idle.back.told_by_kind import BY_KIND
from tests.planted.idle.birthdays import ALONE as BIRTHDAYS
from tests.planted.idle.checks import ALONE as IDLE
from tests.planted.idle.figures import FOUND_OF_FIGURES
from tests.planted.idle.looked_at import ALONE as LOOKED_AT
from tests.planted.idle.reached import ALONE as REACHED
from tests.planted.idle.remainders import ALONE as REMAINDERS
from tests.planted.idle.retained import FOUND_RETAINED
from tests.planted.idle.seats import ALONE as SEATS
from tests.planted.idle.several import ON_SEVERAL
from tests.planted.idle.there import ALONE as THERE
from tests.planted.idle.tried import TRYING
from tests.planted.idle.unsaid import NEVER_SAID
from tests.planted.late.brought import BROUGHT_CHECKS
from tests.planted.late.caring import ALONE as CARING
from tests.planted.late.checks import ALONE as LATE
from tests.planted.late.coming_in.feeds import FILES_READ
from tests.planted.late.coming_in.partner_screens import ALONE as PARTNER_SCREENS
from tests.planted.late.coming_in.refusing import REFUSED
from tests.planted.late.coming_in.said_no import SAID_NO_STANDS
from tests.planted.late.coming_in.streams import STREAMS_READ
from tests.planted.late.coming_in.told_twice import TOLD_ONCE
from tests.planted.late.errands import LONG
from tests.planted.late.extracts import EXTRACTS_WRITTEN
from tests.planted.late.in_cards import IN_CARDS_CHECKS
from tests.planted.late.looking_up import ALONE as LOOKING_UP
from tests.planted.late.payers import PAID_THERE
from tests.planted.late.paying import ALONE as PAID_AT_TILLS
from tests.planted.late.sharing import ALONE as SHARING
from tests.planted.late.shops.crm import CRMS_TOLD
from tests.planted.late.shops.crms_mapped import CRMS_MAPPED_TOLD
from tests.planted.late.shops.edited import EDITED_HEARD
from tests.planted.late.shops.filling import FILLING_MET
from tests.planted.late.shops.forums import FORUMS_HEARD
from tests.planted.late.shops.klaviyo import KLAVIYO_CHECKS
from tests.planted.late.shops.lives import LIVES_HEARD
from tests.planted.late.shops.magento import MAGENTO_HEARD
from tests.planted.late.shops.magento_codes import MAGENTO_CODES_HEARD
from tests.planted.late.shops.reopened import REOPENED_HEARD
from tests.planted.late.shops.shopify import SHOPIFY_HEARD
from tests.planted.late.shops.shopify_types import SHOPIFY_TYPES_HEARD
from tests.planted.late.shops.square_tills import TILLS_HEARD
from tests.planted.late.shops.traps import TRAPS_MET
from tests.planted.late.shops.vendors import SHOPS_HEARD
from tests.planted.late.tills import ALONE as TILLS
from tests.planted.late.truths import ALONE as TRUTHS
from tests.planted.leaving.cards import SHOWING
from tests.planted.leaving.checks import CHECKS
from tests.planted.leaving.digits import SAID
from tests.planted.leaving.forgotten import FORGETTING
from tests.planted.leaving.hooks import HEARD
from tests.planted.leaving.inlets import TAKEN_IN
from tests.planted.leaving.letters import TOLD_BY_PROVIDERS
from tests.planted.leaving.retold import ALONE as RETOLD
from tests.planted.leaving.senders import TELLING
from tests.planted.leaving.shops import WINDOWS
from tests.planted.leaving.waking import WOKEN
from tests.planted.lots.benefits import ALONE as BENEFITS
from tests.planted.lots.causes import ALONE as CAUSES
from tests.planted.lots.choosing import ALONE as CHOOSING
from tests.planted.lots.codes import ALONE as CODES
from tests.planted.lots.cooldowns import ALONE as COOLDOWNS
from tests.planted.lots.guards import ALONE as GUARDS
from tests.planted.lots.opening import ALONE as OPENING
from tests.planted.lots.proving import ALONE as PROVING
from tests.planted.lots.referrals import ALONE as REFERRALS
from tests.planted.lots.signatures import ALONE as SIGNATURES
from tests.planted.lots.staff import ALONE as STAFF
from tests.planted.lots.writers import ALONE as WRITERS
from tests.planted.moving.afterwards import PUTTING_RIGHT
from tests.planted.moving.asked_first import ASKED_FIRST_CHECKS
from tests.planted.moving.by_hand import HANDING
from tests.planted.moving.checks import ALONE as MOVING
from tests.planted.moving.coming_over import CAME_OVER
from tests.planted.moving.direct_lines import DIRECT_LINES_CHECKS
from tests.planted.moving.looking_after import LOOKED_AFTER
from tests.planted.moving.on_devices import ON_DEVICES_CHECKS
from tests.planted.moving.promised import PROMISING
from tests.planted.moving.right_person import RIGHT_PERSON_CHECKS
from tests.planted.moving.square import ALONE as SQUARE
from tests.planted.moving.taking_back import ALONE as UNDOING
from tests.planted.moving.trusted import TRUSTING
from tests.planted.replay.accounts import ACCOUNT_CHECKS
from tests.planted.replay.alerting import ALONE as ALERTED
from tests.planted.replay.behind import FOUND_BEHIND
from tests.planted.replay.checks import CHECKS as REPLAYING
from tests.planted.replay.estimating import ESTIMATED
from tests.planted.replay.experiments import ALONE as EXPERIMENTED
from tests.planted.replay.lasting import CHECKS as LASTING
from tests.planted.replay.machines import PARTING
from tests.planted.replay.measuring import MEASURED
from tests.planted.replay.monthly import MONTHLY_CHECKS, TELLING_CHECKS
from tests.planted.replay.paying import CHECKS as PAYING
from tests.planted.replay.reporting import REPORTED
from tests.planted.replay.segments import ALONE as SEGMENTED
from tests.planted.replay.together import CHECKS as TOGETHER
from tests.planted.terms.asking import ALONE as SURVEYS
from tests.planted.terms.before import ALONE as BEFORE
from tests.planted.terms.campaigns import ALONE as CAMPAIGNS
from tests.planted.terms.checks import ALONE as TERMS
from tests.planted.terms.currencies import ALONE as CURRENCIES
from tests.planted.terms.drafts.owned import ALONE as OWNED
from tests.planted.terms.drafts.promises import ALONE as PROMISES
from tests.planted.terms.drafts.work import SLOW
from tests.planted.terms.forms import ALONE as FORMS
from tests.planted.terms.journeys import ALONE as JOURNEYS
from tests.planted.terms.meeting import ALONE as MEETING
from tests.planted.terms.merged import ALONE as MERGED
from tests.planted.terms.offers import ALONE as OFFERS
from tests.planted.terms.rates import ALONE as RATES
from tests.planted.terms.running import ALONE as RUNNING
from tests.planted.terms.sandboxes import ALONE as SANDBOXES
from tests.planted.tiers.advocacy import ADVOCATING
from tests.planted.tiers.between import MODEL
from tests.planted.tiers.boards import ALONE as BOARDS
from tests.planted.tiers.bugs import ALONE as TIERS
from tests.planted.tiers.clubs import ALONE as CLUBS
from tests.planted.tiers.counted import ALONE as COUNTING
from tests.planted.tiers.draws import ALONE as DRAWS
from tests.planted.tiers.games import ALONE as GAMES
from tests.planted.tiers.milestones import ALONE as MILESTONES
from tests.planted.tiers.partners import ALONE as PARTNERS
from tests.planted.tiers.payouts import ALONE as PAYOUTS
from tests.planted.tiers.plans import ALONE as PLANS
from tests.planted.tiers.ranked import ALONE as FOLLOWING
from tests.planted.tiers.teams import TEAMING
from tests.planted.tiers.won import ALONE as WINNING
from tests.stories.playing import play as play_story
from tests.stories.reading import read_story

from regulars.flows.commands import Redeem, Settle
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.program.templates import load_template

STEPS = 5_000
PLAIN = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "100.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
  - {id: mug, name: A mug, price: {points: 1}, stock: 1}
"""
DOUBLE = """  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
tiers:"""
BUDGET = PLAIN.replace(
    "tiers:", "budgets: [{id: day, wallet: points, per: day, points: 10}]\ntiers:"
)
LADDER = PLAIN.replace("tiers:", DOUBLE)


def games(names: list[str]) -> None:
    """The model in memory, with these programs."""
    from hypothesis import Phase
    from tests.model import playing
    from tests.model.in_memory import InMemory
    from tests.model.machine import Ledger

    machine = type("Ledger", (Ledger,), {"names": tuple(names)})
    playing.play(machine, InMemory, steps=STEPS, start=1, shops=60, phases=(Phase.generate,))


def story(shop: Shop, name: str) -> None:
    play_story(read_story(name), shop, _own(name))


def _own(name: str) -> str:
    """A shop of this process's own."""
    return f"p{os.getpid()}-{name}"[:40].rstrip("-")


def spends_what_was_not_taken(shop: Shop) -> None:
    shop.begin(PLAIN, slug=_own("not-taken"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3000))
    shop.redeem(Redeem(ada, "cup"))
    shop.now += timedelta(days=1)
    (second,) = shop.redeem(Redeem(ada, "cup"))
    assert second.state == "held"


def twice_in_one_batch(shop: Shop) -> None:
    shop.begin(load_template("coffee-shop"), slug=_own("twice"))
    (ada,) = shop.joined("ada")
    first, second = shop.record(*[buys(ada, 1000, asked=asked("k1"))] * 2)
    assert (first.replayed, second.replayed) == (False, True)
    assert shop.balances("ada") == {"points": (10, 0, 0)}


def asked_twice_at_once(shop: Shop) -> None:
    shop.begin(PLAIN, slug=_own("at-once"))
    (ada,) = shop.joined("ada")
    for number in range(2):
        shop.record(buys(ada, 3000))
        wish = Redeem(ada, "cup", capture=True, asked=asked(f"k{number}"))
        answers = shop.together(*[lambda tx, terms, w=wish: redeem_rewards(tx, terms, [w])] * 2)
        assert [one[0].state for one in answers] == ["captured", "captured"]


def spends_twice_at_once(shop: Shop) -> None:
    shop.begin(PLAIN, slug=_own("spends"))
    (ada,) = shop.joined("ada")
    for _ in range(2):
        shop.record(buys(ada, 3000))
        answers = shop.together(
            *[lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "cup", capture=True)])] * 3
        )
        assert not [one for one in answers if isinstance(one, BaseException)], answers
        states = sorted(getattr(one[0], "state", "no") for one in answers)
        assert states == ["captured", "no", "no"]
        assert shop.balances("ada") == {}


def last_one_at_once(shop: Shop) -> None:
    shop.begin(PLAIN, slug=_own("last"))
    refs = shop.joined("ada", "ben", "cem")
    shop.record(*[buys(ref, 3000) for ref in refs])
    for _ in range(2):
        answers = shop.together(
            *(
                lambda tx, terms, r=ref: redeem_rewards(tx, terms, [Redeem(r, "mug")])
                for ref in refs
            )
        )
        held = [one[0] for one in answers if getattr(one[0], "state", "") == "held"]
        assert len(held) == 1
        shop.settle(Settle(held[0].redemption_id, "voided"))


def budget_at_once(shop: Shop) -> None:
    shop.begin(BUDGET, slug=_own("budget"))
    refs = shop.joined("ada", "ben", "cem")
    for _ in range(2):
        answers = shop.together(
            *(lambda tx, terms, r=ref: record_activities(tx, terms, [buys(r, 800)]) for ref in refs)
        )
        # On a busy machine one may have waited too long for the lock; the gate would ask again.
        told = [one for one in answers if not isinstance(one, BaseException)]
        points = sum(one[0].earned.get("points", 0) for one in told)
        assert points <= 10
        assert len(told) < len(refs) or points == 10
        shop.now += timedelta(days=1)


def half_to_even(shop: Shop) -> None:
    rounded = PLAIN.replace("{negative: debt}", "{rounding: {mode: half_even}}")
    shop.begin(rounded, slug=_own("even"))
    (ada,) = shop.joined("ada")
    earned = [one.earned["points"] for one in shop.record(buys(ada, 250), buys(ada, 350))]
    assert earned == [2, 4]


def receipt_next_year(shop: Shop) -> None:
    shop.begin(PLAIN, slug=_own("next-year"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3000, receipt="r1"))
    shop.now += timedelta(days=400)
    shop.record(buys(ada, 100, receipt="r2"))
    (again,) = shop.record(buys(ada, 3000, receipt="r1"))
    assert again.replayed


def year_in_silver(shop: Shop) -> None:
    shop.begin(LADDER, slug=_own("silver"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000))
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, 10_000))
    shop.at("2028-01-01 00:00")
    shop.night()
    rows = shop.rows("select tier, tier_until from standing where program_id = $1")
    assert rows == [("silver", shop.local("2029-01-01 00:00"))]


def tier_ends_when_it_was_said(shop: Shop) -> None:
    shop.begin(LADDER, slug=_own("ends"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000))
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, 10_000))
    until = "select tier_until from standing where program_id = $1"
    assert shop.rows(until) == [(shop.local("2028-01-01 00:00"),)]


def tier_off_the_ladder(shop: Shop) -> None:
    shop.begin(LADDER, slug=_own("off"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000))
    less = LADDER.replace("{id: silver, at: ", "{id: basic, at: 0}, {id: onyx, at: ")
    less = less.replace("at_least: silver", "at_least: onyx")
    shop.publish(named(less, _own("off")))
    (bought,) = shop.record(buys(ada, 1_000))
    assert (bought.tier, bought.earned) == ("silver", {"points": 20})


def sale_keeps_its_tier(shop: Shop) -> None:
    shop.begin(LADDER, slug=_own("keeps"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    (back,) = shop.record(brings_back("r1", (0, 1_000), receipt="b1"))
    assert back.earned == {"points": -10}


def owes_and_has(shop: Shop) -> None:
    """After a void points can be there although some are owed; they must not be spent."""
    shop.begin(PLAIN, slug=_own("owes"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 6000, receipt="r1"))
    (first,) = shop.redeem(Redeem(ada, "cup"))
    shop.redeem(Redeem(ada, "cup"))
    shop.record(brings_back("r1", (0, 3000)))
    shop.settle(Settle(first.redemption_id, "voided"))
    assert shop.balances("ada") == {"points": (30, 30, 30)}
    (no,) = shop.redeem(Redeem(ada, "mug"))
    assert no.code == "debt_first"


ALONE = {
    check.__name__: check
    for check in (
        twice_in_one_batch, asked_twice_at_once, spends_twice_at_once, last_one_at_once,
        budget_at_once, half_to_even,
        receipt_next_year, year_in_silver, tier_ends_when_it_was_said, sale_keeps_its_tier,
        owes_and_has, tier_off_the_ladder, spends_what_was_not_taken, *CHECKS, *REPLAYING, *TOGETHER, *PAYING,
        *LASTING,
    )
} | MOVING | IDLE | LATE | BENEFITS | REFERRALS | CODES | TIERS | TERMS | PLANS | GAMES  # fmt: skip
ALONE |= (
    MILESTONES
    | BOARDS
    | WINNING
    | FOLLOWING
    | COUNTING
    | DRAWS
    | PAYOUTS
    | PARTNERS
    | PARTNER_SCREENS
    | BEFORE
    | COOLDOWNS
    | CHOOSING
    | SLOW
    | TILLS
    | LOOKING_UP
    | PAID_AT_TILLS
    | SHARING
    | TRUTHS
    | TEAMING
    | CLUBS
    | RATES
    | RUNNING
    | MERGED
    | SANDBOXES
    | ADVOCATING
    | PARTING
    | STAFF
    | GUARDS
    | OPENING
    | TELLING
    | REFUSED
    | HEARD
    | RETOLD
    | PROVING
    | TAKEN_IN
    | SHOPS_HEARD
    | KLAVIYO_CHECKS
    | IN_CARDS_CHECKS
    | BROUGHT_CHECKS
    | REMAINDERS
    | ON_DEVICES_CHECKS
    | ASKED_FIRST_CHECKS
    | DIRECT_LINES_CHECKS
    | RIGHT_PERSON_CHECKS
    | FILES_READ
    | SAID_NO_STANDS
    | TOLD_ONCE
    | STREAMS_READ
    | EXTRACTS_WRITTEN
    | SHOPIFY_HEARD
    | TRAPS_MET
    | FILLING_MET
    | EDITED_HEARD
    | REOPENED_HEARD
    | LIVES_HEARD
    | SHOPIFY_TYPES_HEARD
    | CRMS_TOLD
    | CRMS_MAPPED_TOLD
    | TILLS_HEARD
    | MAGENTO_HEARD
    | MAGENTO_CODES_HEARD
    | FORUMS_HEARD
    | PAID_THERE
    | TOLD_BY_PROVIDERS
    | SIGNATURES
    | THERE
    | FORGETTING
    | ESTIMATED
    | EXPERIMENTED
    | SEGMENTED
    | MEASURED
    | REPORTED
    | MONTHLY_CHECKS
    | FOUND_BEHIND
    | FOUND_OF_FIGURES
    | FOUND_RETAINED
    | ALERTED
    | ACCOUNT_CHECKS
    | TELLING_CHECKS
    | SHOWING
    | SAID
    | WINDOWS
    | CURRENCIES
    | WOKEN
    | FORMS
    | LONG
    | MODEL
    | HANDING
    | LOOKED_AFTER
    | CAME_OVER
    | CAUSES
    | MEANWHILE
    | WRITERS
    | UNDOING
    | TRUSTING
    | NEVER_SAID
    | PLAYED_AGAIN
    | BY_KIND
    | STANDING
    | ON_SEVERAL
    | PROMISING
    | SQUARE
    | LOOKED_AT
    | BIRTHDAYS
    | PUTTING_RIGHT
    | CAMPAIGNS
    | JOURNEYS
    | OFFERS
    | OWNED
    | PROMISES
    | SURVEYS
    | MEETING
    | SEATS
    | CARING
    | TRYING
    | REACHED
    | NIGHTLY
)
