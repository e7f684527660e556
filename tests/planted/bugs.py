"""Bugs that could be made, each as a small change of the source and the cheapest check against it.

They exist only here: `garden.py` plants one into a process of its own. A text that no longer fits
its file fails loudly; renew it, so that the guard keeps its control.
"""

from __future__ import annotations

import os

from tests import turns
from tests.planted.bug import Bug
from tests.planted.engine_bugs import ENGINE
from tests.planted.flows_bugs import FLOWS
from tests.planted.idle.back.as_they_stand import AS_THEY_STAND
from tests.planted.idle.back.meanwhile import MEANWHILE_BUGS
from tests.planted.idle.back.nights import NIGHTS
from tests.planted.idle.back.taken_back import TAKEN_BACK
from tests.planted.idle.back.told_by_kind import TOLD_BY_KIND
from tests.planted.idle.birthdays import BIRTHDAYS
from tests.planted.idle.bugs import IDLE
from tests.planted.idle.figures import FIGURES
from tests.planted.idle.fractions import REMAINDERS_BUGS
from tests.planted.idle.looked_at import LOOKED_AT
from tests.planted.idle.reached import REACHED
from tests.planted.idle.retained import RETAINED
from tests.planted.idle.seats import SEATS
from tests.planted.idle.several import SEVERAL
from tests.planted.idle.there import THERE
from tests.planted.idle.tried import TRIED
from tests.planted.idle.unsaid import UNSAID
from tests.planted.late.brought import BROUGHT
from tests.planted.late.bugs import LATE
from tests.planted.late.caring import CARING
from tests.planted.late.coming_in.feeds import FEEDS
from tests.planted.late.coming_in.partner_screens import SCREENS as PARTNER_SCREENS
from tests.planted.late.coming_in.refusing import REFUSING
from tests.planted.late.coming_in.said_no import SAID_NO
from tests.planted.late.coming_in.streams import STREAMS
from tests.planted.late.coming_in.told_twice import TOLD_TWICE
from tests.planted.late.errands import ERRANDS
from tests.planted.late.extracts import EXTRACTS
from tests.planted.late.in_cards import IN_CARDS
from tests.planted.late.looking_up import LOOKING_UP
from tests.planted.late.payers import PAYERS
from tests.planted.late.paying import PAYING as PAID_AT_TILLS
from tests.planted.late.sharing import SHARING
from tests.planted.late.shops.crm import CRMS
from tests.planted.late.shops.crms_mapped import CRMS_MAPPED
from tests.planted.late.shops.edited import EDITED
from tests.planted.late.shops.filling import FILLING
from tests.planted.late.shops.forums import FORUMS
from tests.planted.late.shops.klaviyo import KLAVIYO
from tests.planted.late.shops.lives import LIVES
from tests.planted.late.shops.magento import MAGENTO
from tests.planted.late.shops.magento_codes import MAGENTO_CODES
from tests.planted.late.shops.reopened import REOPENED
from tests.planted.late.shops.shopify import SHOPIFY
from tests.planted.late.shops.shopify_types import SHOPIFY_TYPES
from tests.planted.late.shops.square_tills import SQUARE_TILLS
from tests.planted.late.shops.traps import TRAPS
from tests.planted.late.shops.vendors import VENDORS
from tests.planted.late.tills import TILLS
from tests.planted.late.truths import TRUTHS
from tests.planted.leaving.bugs import LEAVING
from tests.planted.leaving.cards import CARDS
from tests.planted.leaving.digits import DIGITS
from tests.planted.leaving.forgotten import FORGOTTEN
from tests.planted.leaving.hooks import HOOKS
from tests.planted.leaving.inlets import INLETS
from tests.planted.leaving.letters import LETTERS
from tests.planted.leaving.retold import RETOLD
from tests.planted.leaving.senders import SENDERS
from tests.planted.leaving.shops import WEB_SHOPS
from tests.planted.leaving.waking import WAKING
from tests.planted.lots.benefits import BENEFITS
from tests.planted.lots.causes import CAUSES
from tests.planted.lots.choosing import CHOOSING
from tests.planted.lots.codes import CODES
from tests.planted.lots.cooldowns import COOLDOWNS
from tests.planted.lots.guards import GUARDS
from tests.planted.lots.notices import NOTICES
from tests.planted.lots.opening import OPENING
from tests.planted.lots.pending import PENDING
from tests.planted.lots.proving import PROVING
from tests.planted.lots.referrals import REFERRALS
from tests.planted.lots.refunds import REFUNDS
from tests.planted.lots.signatures import SIGNATURES
from tests.planted.lots.staff import STAFF
from tests.planted.lots.writers import WRITERS
from tests.planted.moving.afterwards import AFTERWARDS
from tests.planted.moving.asked_first import ASKED_FIRST, SILENCED
from tests.planted.moving.bugs import MOVING
from tests.planted.moving.by_hand import BY_HAND
from tests.planted.moving.coming_over import COMING_OVER
from tests.planted.moving.direct_lines import DIRECT_LINES
from tests.planted.moving.looking_after import LOOKING_AFTER
from tests.planted.moving.on_devices import ON_DEVICES
from tests.planted.moving.promised import PROMISED
from tests.planted.moving.right_person import RIGHT_PERSON
from tests.planted.moving.square import SQUARE
from tests.planted.moving.trusted import TRUSTED
from tests.planted.moving.undoing import UNDOING
from tests.planted.replay.accounts import ACCOUNT_BUGS
from tests.planted.replay.alerting import ALERTING, JUDGED, RECKONED
from tests.planted.replay.behind import BEHIND
from tests.planted.replay.bugs import REPLAY
from tests.planted.replay.estimating import ESTIMATING
from tests.planted.replay.experiments import EXPERIMENTING
from tests.planted.replay.machines import MACHINES
from tests.planted.replay.measuring import MEASURING
from tests.planted.replay.monthly import MONTHLY, TELLING_BUGS
from tests.planted.replay.reporting import REPORTING
from tests.planted.replay.segments import SEGMENTED
from tests.planted.terms.asking import SURVEYS
from tests.planted.terms.before import BEFORE
from tests.planted.terms.bugs import TERMS
from tests.planted.terms.campaigns import CAMPAIGNS
from tests.planted.terms.currencies import CURRENCIES
from tests.planted.terms.drafts.owned import OWNED
from tests.planted.terms.drafts.promises import PROMISES
from tests.planted.terms.drafts.work import WORK
from tests.planted.terms.forms import FORMS
from tests.planted.terms.journeys import JOURNEYS
from tests.planted.terms.meeting import LEARNING, MEETING, POSTING
from tests.planted.terms.merged import MERGED
from tests.planted.terms.offers import OFFERS
from tests.planted.terms.rates import RATES
from tests.planted.terms.running import RUNNING
from tests.planted.terms.sandboxes import SANDBOXES
from tests.planted.tiers.advocacy import ADVOCACY
from tests.planted.tiers.between import BETWEEN
from tests.planted.tiers.boards import BOARDS
from tests.planted.tiers.bugs import TIERS
from tests.planted.tiers.clubs import CLUBS
from tests.planted.tiers.counted import COUNTED
from tests.planted.tiers.draws import DRAWS
from tests.planted.tiers.games import GAMES
from tests.planted.tiers.games import SINCE as GAMES_SINCE
from tests.planted.tiers.milestones import MILESTONES
from tests.planted.tiers.partners import PARTNERS
from tests.planted.tiers.payouts import PAYOUTS
from tests.planted.tiers.plans import PLANS
from tests.planted.tiers.ranked import RANKED
from tests.planted.tiers.teams import TEAMS
from tests.planted.tiers.won import WON

BUGS = (
    ENGINE + FLOWS + PENDING + LEAVING + MOVING + NOTICES
    + IDLE + LATE + REFUNDS + BENEFITS + REFERRALS + CODES + REPLAY + TIERS + TERMS + PLANS
    + GAMES + GAMES_SINCE + WORK + TEAMS + ADVOCACY + MACHINES
    + MILESTONES + BOARDS + WON + RANKED + COUNTED + DRAWS + PAYOUTS + PARTNERS + PARTNER_SCREENS + COOLDOWNS + BEFORE + CHOOSING + CLUBS + MERGED
    + RATES
    + RUNNING
    + STAFF
    + GUARDS + OPENING
    + TILLS
    + LOOKING_UP
    + PAID_AT_TILLS
    + SHARING
    + TRUTHS
    + SENDERS + HOOKS + INLETS + KLAVIYO + IN_CARDS + ON_DEVICES + ASKED_FIRST + SILENCED + DIRECT_LINES + RIGHT_PERSON + VENDORS + SHOPIFY + EDITED + REOPENED + LIVES + TRAPS + FILLING + SHOPIFY_TYPES + CRMS + CRMS_MAPPED + SQUARE_TILLS + MAGENTO + MAGENTO_CODES + FORUMS + FEEDS + SAID_NO + TOLD_TWICE + STREAMS + EXTRACTS + PAYERS + LETTERS + SIGNATURES + THERE + FORGOTTEN + CARDS + DIGITS + WEB_SHOPS + WAKING + REFUSING + FORMS + ERRANDS + BETWEEN + CAUSES + WRITERS
    + SQUARE + CURRENCIES + BY_HAND + RETOLD
    + ESTIMATING
    + EXPERIMENTING
    + SEGMENTED
    + MEASURING
    + REPORTING
    + MONTHLY
    + BEHIND
    + FIGURES
    + RETAINED
    + ALERTING + JUDGED + RECKONED + ACCOUNT_BUGS + TELLING_BUGS
    + PROVING
    + UNDOING
    + TRUSTED
    + UNSAID + TAKEN_BACK + TOLD_BY_KIND + AS_THEY_STAND
    + SEVERAL
    + PROMISED
    + SANDBOXES
    + LOOKED_AT
    + BIRTHDAYS
    + AFTERWARDS
    + CAMPAIGNS
    + JOURNEYS
    + OFFERS
    + OWNED
    + PROMISES
    + SURVEYS
    + MEETING + SEATS + CARING
    + LEARNING
    + LOOKING_AFTER
    + COMING_OVER
    + POSTING
    + BROUGHT
    + REMAINDERS_BUGS
    + MEANWHILE_BUGS
    + TRIED
    + REACHED
    + NIGHTS
)  # fmt: skip
EVERY = 128
MOST_BY_DAY = 60
NAMED = [name for name in os.environ.get("REGULARS_PLANTED", "").split("|") if name]


def todays() -> tuple[Bug, ...]:
    """All at night and by hand, and some one of 128 by day, others each day, as each takes a
    second; that each still fits its file is looked at every day (test_texts.py)."""
    return tuple(turns.todays(BUGS, EVERY, lambda bug: bug.name))


CHOSEN = todays()
if NAMED:
    CHOSEN = tuple(bug for bug in BUGS if bug.name in NAMED)
    assert {bug.name for bug in CHOSEN} == {*NAMED}, {*NAMED} - {bug.name for bug in CHOSEN}
