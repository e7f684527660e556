"""Every operation of the API, in the order the reference shows them."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations import (
    activities,
    books,
    households,
    inbox,
    keys,
    members,
    moving,
    pending,
    privacy,
    unions,
)
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
from regulars.surfaces.api.operations.terms import drafts, planning, programs, words
from regulars.surfaces.senders.hooks import operations as hooks
from regulars.surfaces.shop import visits
from regulars.surfaces.till.sync import cashiers, devices, links, sales, stores

OPERATIONS: Final[tuple[Operation, ...]] = (
    *activities.OPERATIONS,
    *pending.OPERATIONS,
    *members.OPERATIONS,
    *privacy.OPERATIONS,
    *books.OPERATIONS,
    *inbox.OPERATIONS,
    *rewards.OPERATIONS,
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
    *keys.OPERATIONS,
    *hooks.OPERATIONS,
    *visits.OPERATIONS,
    *stores.OPERATIONS,
    *devices.OPERATIONS,
    *cashiers.OPERATIONS,
    *sales.OPERATIONS,
    *links.OPERATIONS,
)
