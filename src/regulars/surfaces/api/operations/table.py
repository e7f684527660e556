"""Every operation of the API, in the order the reference shows them."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations import (
    activities,
    books,
    inbox,
    keys,
    members,
    moving,
    pending,
    privacy,
    requests,
)
from regulars.surfaces.api.operations.belonging import (
    alerts,
    households,
    tags,
    unions,
    values,
)
from regulars.surfaces.api.operations.belonging import devices as told_devices
from regulars.surfaces.api.operations.belonging.addresses import confirming, proving, unsubscribing
from regulars.surfaces.api.operations.belonging.campaigns import operations as campaigns
from regulars.surfaces.api.operations.belonging.campaigns import trials
from regulars.surfaces.api.operations.belonging.campaigns import whom as campaigns_to
from regulars.surfaces.api.operations.belonging.campaigns import written as to_members
from regulars.surfaces.api.operations.belonging.caring import cases, references
from regulars.surfaces.api.operations.belonging.community import clubs, gatherings, lessons, posts
from regulars.surfaces.api.operations.belonging.journeys import operations as journeys
from regulars.surfaces.api.operations.belonging.offer_choices import operations as offer_choices
from regulars.surfaces.api.operations.belonging.offers import operations as offers
from regulars.surfaces.api.operations.belonging.segments import operations as segments
from regulars.surfaces.api.operations.belonging.surveys import operations as surveys
from regulars.surfaces.api.operations.rewarding import (
    benefits,
    boards,
    choices,
    codes,
    draws,
    games,
    gifts,
    partners,
    payouts,
    plans,
    referrals,
    rewards,
    teams,
    tiers,
)
from regulars.surfaces.api.operations.terms import drafts, planning, programs, sandboxes, words
from regulars.surfaces.api.operations.terms.experiments import operations as experiments
from regulars.surfaces.connect.catching import operations as catching
from regulars.surfaces.connect.extracts import operations as extracts
from regulars.surfaces.connect.extracts.settlements import operations as settlements
from regulars.surfaces.connect.feeds import operations as feeds
from regulars.surfaces.connect.inlets import operations as inlets
from regulars.surfaces.connect.klaviyo import operations as klaviyo
from regulars.surfaces.connect.magento import challenging
from regulars.surfaces.connect.moving import operations as imports
from regulars.surfaces.connect.outlets import operations as outlets
from regulars.surfaces.connect.streams import operations as streams
from regulars.surfaces.in_words.monthly import operations as monthly
from regulars.surfaces.in_words.reports import closing
from regulars.surfaces.in_words.reports import operations as reports
from regulars.surfaces.senders.brokers import operations as brokers
from regulars.surfaces.senders.hooks import operations as hooks
from regulars.surfaces.shop import visits
from regulars.surfaces.till.counter import asked, day, doors, finding, offered, paying
from regulars.surfaces.till.sync import cashiers, devices, links, sales, stores

OPERATIONS: Final[tuple[Operation, ...]] = (
    *activities.OPERATIONS,
    *pending.OPERATIONS,
    *members.OPERATIONS,
    *tags.OPERATIONS,
    *confirming.OPERATIONS,
    *unsubscribing.OPERATIONS,
    *values.OPERATIONS,
    *alerts.OPERATIONS,
    *told_devices.OPERATIONS,
    *privacy.OPERATIONS,
    *books.OPERATIONS,
    *inbox.OPERATIONS,
    *rewards.OPERATIONS,
    *proving.OPERATIONS,
    *codes.OPERATIONS,
    *benefits.OPERATIONS,
    *choices.OPERATIONS,
    *gifts.OPERATIONS,
    *tiers.OPERATIONS,
    *referrals.OPERATIONS,
    *games.OPERATIONS,
    *teams.OPERATIONS,
    *boards.OPERATIONS,
    *draws.OPERATIONS,
    *plans.OPERATIONS,
    *payouts.OPERATIONS,
    *partners.OPERATIONS,
    *moving.OPERATIONS,
    *unions.OPERATIONS,
    *households.OPERATIONS,
    *programs.OPERATIONS,
    *planning.OPERATIONS,
    *drafts.OPERATIONS,
    *words.OPERATIONS,
    *sandboxes.OPERATIONS,
    *segments.OPERATIONS,
    *campaigns.OPERATIONS,
    *trials.OPERATIONS,
    *to_members.OPERATIONS,
    *campaigns_to.OPERATIONS,
    *offers.OPERATIONS,
    *offer_choices.OPERATIONS,
    *journeys.OPERATIONS,
    *surveys.OPERATIONS,
    *clubs.OPERATIONS,
    *gatherings.OPERATIONS,
    *lessons.OPERATIONS,
    *posts.OPERATIONS,
    *cases.OPERATIONS,
    *references.OPERATIONS,
    *experiments.OPERATIONS,
    *reports.OPERATIONS,
    *closing.OPERATIONS,
    *monthly.OPERATIONS,
    *keys.OPERATIONS,
    *requests.OPERATIONS,
    *hooks.OPERATIONS,
    *brokers.OPERATIONS,
    *klaviyo.OPERATIONS,
    *inlets.OPERATIONS,
    *challenging.OPERATIONS,
    *catching.OPERATIONS,
    *feeds.OPERATIONS,
    *outlets.OPERATIONS,
    *extracts.OPERATIONS,
    *settlements.OPERATIONS,
    *streams.OPERATIONS,
    *imports.OPERATIONS,
    *visits.OPERATIONS,
    *stores.OPERATIONS,
    *devices.OPERATIONS,
    *cashiers.OPERATIONS,
    *sales.OPERATIONS,
    *links.OPERATIONS,
    *finding.OPERATIONS,
    *offered.OPERATIONS,
    *doors.OPERATIONS,
    *asked.OPERATIONS,
    *day.OPERATIONS,
    *paying.OPERATIONS,
)
TAGS: Final = {
    "Activities": "What people do: purchases, returns, visits and anything a program names.",
    "Members": "Who collects: joining, finding, changing what is known, what they are found by.",
    "Privacy": "What is kept of somebody, given out to them or erased.",
    "Standing and books": "What a member has and why: balances, tier, entries, lots, and messages.",
    "Rewards": "What points are good for: reserved, handed over, given back; and gift balances.",
    "Reward codes": "Codes that stand for a reward: issued, uploaded, looked up and used.",
    "Benefits": "What a tier, a plan or a grant allows, how often, and whether it may be used now.",
    "Tiers": "Tiers given by hand, invitations, and who could rise.",
    "Referrals": "Members who bring friends: their codes, whom they brought and what came of it.",
    "Challenges": "Challenges, streaks, milestones, teams, leaderboards and draws.",
    "Paid membership": "Plans that cost a fee: begun, paid, failed, refunded, paused and ended.",
    "Pay-outs": "Cashback on its way to bank accounts, in files for the bank, and what came back.",
    "Partners": "Other firms whose customers earn here: contracts, statements and claims.",
    "Points that move": "Points to somebody else, points that end later, and debts written off.",
    "Members who belong together": "Two entries of one person made one, and members blocked.",
    "Households": "Members who collect and redeem together.",
    "Programs": "What is promised: versions, drafts, plans for a change, and words of the trade.",
    "Sandboxes": "Programs to try things in, whose clock you move: watch points end in a minute.",
    "Segments": "Members to whom the same can be said: by a condition, or a list kept by hand.",
    "Campaigns": "One message to all of a segment, each at most once: written, approved, sent.",
    "Journeys": "Messages step by step, each at a member's own time, from what begins them on.",
    "Offers": "A promise to some members beside what everybody is promised, and what it did.",
    "Surveys": "What members are asked, by links that are answered once, and what they say.",
    "Community": "Clubs, gatherings with seats, lessons, and what members write.",
    "Service cases": "Troubles of members, the most urgent first, and how each ended.",
    "References": "Prospects who want to hear from a member, and members who may be asked.",
    "Experiments": "What chance gives to some members and not to others, and what came of it.",
    "Reports": "What a shop measures of itself, each figure defined, with its bounds and its rows.",
    "API keys": "Who may ask what by this API.",
    "Webhooks": "What happens told to other systems, signed, in order, until they have it.",
    "Events in": "What other systems send: kept as it came, read by a mapping, booked once.",
    "Extracts": "What is fresh for a warehouse, written every day, each row once.",
    "Imports": "Files that were brought over: what each one made, and how it is taken back.",
    "Stores": "The places of a shop, and codes that pair a till.",
    "Tills": "Devices at the counter, with and without network.",
}
"""What each part of the API is about, in the order the reference shows them."""
