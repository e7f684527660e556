"""A member brings a friend: who may, when a purchase suffices, what both get and give back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.calendar import add_span, day_starts_at, local, stretch_of
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.rewarding.correcting import Why
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.members.mailbox import mailbox
from regulars.records.members.referrals.types import Known, Referral
from regulars.records.program.parts.referring import Referral as Promise
from regulars.records.program.parts.referring import Side

ACTOR: Final = "referral"
"""Who gives and takes what referrals bring, in the books."""
_SHARED: Final = "address:"
"""Marks of this kind are those of a house or a café as well as of one person."""
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
Objection = Literal[
    "", "member_erased", "member_blocked", "oneself", "same_household", "brought_already",
    "not_new", "ring", "same_mark",
]  # fmt: skip
"""Why a referral does not count, in the order in which it is asked."""


class Pair(NamedTuple):
    """A newcomer, whoever brought them, and marks the shop told of the newcomer."""

    newcomer: MemberState
    referrer: MemberState
    marks: tuple[str, ...] = ()


def promise_of(version: Version) -> Promise | None:
    """What this version promises who brings a friend."""
    return version.program.referral


def promised(version: Version) -> Promise:
    """The promise of a version by which somebody was brought; such a version has one."""
    promise = promise_of(version)
    assert promise is not None, version.number
    return promise


def still(pair: Pair, known: Known) -> Objection:
    """Why two people are not two, or may not bring each other anything; asked again at the end.

    Example: `a.da+2@gmail.com` and `ada@gmail.com` are one mailbox, so `oneself`.
    """
    states = {pair.newcomer.state, pair.referrer.state}
    if "erased" in states:
        return "member_erased"
    if "blocked" in states:
        return "member_blocked"
    ids = pair.newcomer.member_id, pair.referrer.member_id
    mine, theirs = ({mailbox(one) for one in known.mailboxes.get(id_, ())} for id_ in ids)
    if ids[0] == ids[1] or mine & theirs:
        return "oneself"
    home = known.homes.get(ids[0])
    return "same_household" if home is not None and home == known.homes.get(ids[1]) else ""


def at_the_end(version: Version, one: Referral, pair: Pair, known: Known) -> Objection:
    """Why a referral does not count though its purchase was kept; merges bring that to light.

    Example: two names under which the same friend was brought became one; the older one counts.
    A newcomer who turns out to be somebody who joined a year before was none.
    """
    no, newcomer = still(pair, known), pair.newcomer.member_id
    if no:
        return no
    if any(other < one.referral_id for other in known.brought.get(newcomer, ())):
        return "brought_already"
    joined_at = min(pair.newcomer.joined_at, known.joined.get(newcomer, one.counts_from))
    if _too_late(version, joined_at, one.named_at):
        return "not_new"
    return "ring" if _leads_to(known.parents, pair.referrer.member_id, newcomer) else ""


def no_longer(one: Referral, pair: Pair, known: Known) -> Objection:
    """Why what a referral gave is taken back whatever was bought: a merge brought it to light.

    Example: one friend was brought and rewarded under two names; the older referral stays.
    """
    newcomer = pair.newcomer.member_id
    if newcomer == pair.referrer.member_id:
        return "oneself"
    twice = any(other < one.referral_id for other in known.paid.get(newcomer, ()))
    return "brought_already" if twice else ""


def forget(one: Referral, pair: Pair, known: Known) -> None:
    """Who is decided after a rejected referral is not told of it."""
    newcomer = pair.newcomer.member_id
    others = known.brought.get(newcomer, set())
    others.discard(one.referral_id)
    if not others:
        known.parents.pop(newcomer, None)


def objection(version: Version, pair: Pair, known: Known, now: datetime) -> Objection:
    """Why a newcomer cannot name this member's code; nothing when they can.

    Order: of several reasons the first is told (see `Objection`).
    """
    no, newcomer = still(pair, known), pair.newcomer
    if no:
        return no
    if newcomer.member_id in known.brought:
        return "brought_already"
    if _too_late(version, newcomer.joined_at, now) or newcomer.member_id in known.bought:
        return "not_new"
    if _leads_to(known.parents, pair.referrer.member_id, newcomer.member_id):
        return "ring"
    return "same_mark" if _share_a_mark(pair, known) else ""


def _too_late(version: Version, joined_at: datetime, named_at: datetime) -> bool:
    """Whether somebody had been here too long to be a newcomer when they named a code."""
    return add_span(version.zone, joined_at, promised(version).within) <= named_at


def _share_a_mark(pair: Pair, known: Known) -> bool:
    """Whether the newcomer, by what is told now or was when they got a code of their own, shares a
    device, an address or a card with the referrer or with somebody whom the referrer brought; and
    other than an address, which many share, with anybody who was brought."""
    mine = {*pair.marks} | known.own_marks.get(pair.newcomer.member_id, set())
    who = pair.referrer.member_id
    theirs = known.own_marks.get(who, set()) | known.marks.get(who, set())
    own = {mark for mark in mine if not mark.startswith(_SHARED)}
    return bool(mine & theirs or own & known.brought_with)


def _leads_to(parents: Mapping[UUID, set[UUID]], below: UUID, above: UUID) -> bool:
    """Whether somebody was brought, over however many others, by this member."""
    seen, here = set[UUID](), {below}
    while here and above not in here:
        seen |= here
        here = {parent for child in here for parent in parents.get(child, ())} - seen
    return above in here


def kept(terms: Terms, promise: Promise, sale: Sale) -> int:
    """What of a purchase counts and did not come back, in minor units.

    Order: by the version the purchase was decided by; where that does not know the definition the
    promise names, by its first one.
    """
    version = terms.numbered(sale.steps.version)
    names = version.compiled.definitions
    place = names.index(promise.qualifying) if promise.qualifying in names else 0
    facts = facts_left(version, sale, sale.steps.returned)
    return sum(line.amounts[place] for line in facts.lines) + facts.extras[place]


def suffices(terms: Terms, version: Version, sale: Sale) -> bool:
    """Whether a purchase still counts as much as was asked; one of nothing never does."""
    return kept(terms, promised(version), sale) >= least(version)


def least(version: Version) -> int:
    """What a purchase has to count, in minor units of the currency."""
    return max(units(promised(version).amount, decimals(version.program.currency)), 1)


def first_that_suffices(terms: Terms, version: Version, sales: Iterable[Sale]) -> Sale | None:
    """The oldest purchase that counts as much as was asked."""
    ordered = sorted(sales, key=lambda s: (s.activity.occurred_at, s.activity.activity_id))
    return next((sale for sale in ordered if suffices(terms, version, sale)), None)


def wallet_of(version: Version) -> int:
    """The small number of the wallet in which both sides are paid."""
    return version.wallet_codes[version.compiled.wallet_places[promised(version).wallet]]


def began(version: Version, per: str, now: datetime) -> datetime:
    """When the period began that a budget or a limit counts in."""
    if per == "ever":
        return _LONG_AGO
    return day_starts_at(version.zone, stretch_of(per, local(version.zone, now).day).start)


def due_at(version: Version, sale: Sale) -> datetime:
    """When a purchase counts as kept."""
    return add_span(version.zone, sale.activity.occurred_at, promised(version).after)


def worth(version: Version, side: Side, given: int) -> int:
    """What one side gets: its points, or what its budget has left."""
    return bounded(version, side, units(side.points, _scale(version)), given)


def bounded(version: Version, side: Side, wanted: int, given: int) -> int:
    """So much of what is wanted as the budget of a side has left, after what was given."""
    if side.budget is None:
        return wanted
    return max(min(wanted, units(side.budget.points, _scale(version)) - given), 0)


def milestone_units(version: Version, points: str | int) -> int:
    """Points of a milestone in units of the wallet."""
    return units(points, _scale(version))


def _scale(version: Version) -> int:
    return version.program.wallets[promised(version).wallet].scale


def for_friends(now: datetime, reason: str) -> Why:
    """Why points for a friend come or go, as the books say it."""
    return Why(now, ACTOR, reason)


def tell(changes: Changes, state: MemberState, type_: str, told: Mapping[str, object]) -> None:
    """Tell of a referral on the referrer's side, in the order of their events."""
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, type_, told))
