"""What a replay takes as given: redemptions, corrections, openings and words are facts.

Under other terms a member may have had fewer points than they spent; what was not there becomes
a debt and is counted as short, so that the draft pays for it and not the replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.engine.deciding import booking, idle, pending, tiering
from regulars.engine.deciding.adjust import Correction, adjust, end_of
from regulars.engine.deciding.bring_over import Grant, Opening, grant_tier, open_debt, open_lot
from regulars.engine.deciding.expire import expire
from regulars.engine.ladder import further, giving
from regulars.engine.replaying import nights
from regulars.engine.replaying.games import how
from regulars.engine.returning.owed import OWED, Because, pay_owed
from regulars.engine.returning.reserved import take_due
from regulars.engine.returning.sale import Sale
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.happening import Happening
from regulars.records.ledger.types import NEVER, Account, Hold, Posting
from regulars.records.standing.grants.types import GrantKind, TierGrant


class Pinned(NamedTuple):
    """Points reserved for a redemption, and how much was not there."""

    hold: Hold
    short: int

    @property
    def lots(self) -> tuple[tuple[UUID, int], ...]:
        """Which lots, and how much of each."""
        return self.hold.lots


Holds = dict[tuple[UUID, str], Pinned]
"""Per redemption and wallet."""


def as_chosen(rows: Iterable[Happening], terms: Terms) -> list[Happening]:
    """The same history, in which points given by hand have an end only where somebody chose it, and
    prizes of what each played alone are looks at their member.

    Shape: `terms` are those of the books it was read from; under others all other points that were
    given live as these say.
    """
    there = (replace(one, ends=None) if _by_rule(one, terms) else one for one in rows)
    return [replace(one, what="game") if _alone(one, terms) else one for one in there]


def _alone(one: Happening, terms: Terms) -> bool:
    if one.what != "adjust" or not one.kind:
        return False
    return how(terms.at(one.earned_at or one.at), one.kind) == "alone"


def _by_rule(one: Happening, terms: Terms) -> bool:
    if one.what != "adjust" or one.ends is None:
        return False
    version = terms.at(one.earned_at or one.at)
    known = one.wallet in version.program.wallets
    return known and one.ends == end_of(version, one.wallet, one.at, None)


class Scene(NamedTuple):
    """A member while a given fact is done to them."""

    changes: Changes
    state: MemberState
    version: Version
    fact: Happening

    @property
    def code(self) -> int:
        """The small number of the wallet."""
        return self.version.wallet_codes[self.version.compiled.wallet_places[self.fact.wallet]]


def hold(scene: Scene, holds: Holds) -> None:
    """Reserve the first points of the wallet, as many as are there."""
    changes, state, version, fact = scene
    expire(changes, state, fact.now)
    pay_owed(changes, state, Because(fact.cause_id, fact.now, "", OWED), (scene.code,))
    spends = version.program.wallets[fact.wallet].spends
    left, pinned = fact.units, []
    for lot in booking.in_order(state.lots.values(), scene.code, spends):
        part = min(left, lot.free)
        if part:
            lot.pinned += part
            left -= part
            pinned.append((lot.lot_id, part))
    balance = state.balance(scene.code)
    balance.available -= fact.units - left
    balance.held += fact.units - left
    before = holds.get((fact.cause_id, fact.wallet))
    held = before.hold if before is not None else _nothing(scene)
    held.lots, held.amount = (*held.lots, *pinned), held.amount + fact.units - left
    state.holds[held.hold_id] = held
    holds[fact.cause_id, fact.wallet] = Pinned(held, left + (before.short if before else 0))
    idle.act(changes, state, version, ("redeeming", frozenset((scene.code,))), fact.now)


def _nothing(scene: Scene) -> Hold:
    changes, state, _, fact = scene
    return Hold(
        changes.new_id(), state.member_id, fact.cause_id, scene.code, 0, "open", fact.now, NEVER, ()
    )


def release(scene: Scene, holds: Holds, sales: Mapping[UUID, Sale]) -> int:
    """End a hold: so many units were handed over, the rest is free again; how many were short. What
    came back meanwhile is taken of what is free."""
    changes, state, _, fact = scene
    pinned = holds.pop((fact.cause_id, fact.wallet), None)
    if pinned is None:
        return 0
    left, held = fact.units, 0
    for lot, part in sorted(
        ((state.lots[lot_id], part) for lot_id, part in pinned.lots),
        key=lambda pin: (pin[0].expires_at, pin[0].earned_at, pin[0].lot_id),
    ):
        taken = min(left, part)
        lot.pinned -= part
        lot.remaining -= taken
        left -= taken
        held += part
    balance = state.balance(scene.code)
    balance.held -= held
    balance.available += held - (fact.units - left)
    balance.debt += left
    if fact.units:
        cause = booking.Cause("capture", changes.new_id(), fact.cause_id, fact.at)
        redeemed = Posting(scene.code, Account.REDEEMED, fact.units)
        booking.book(
            changes, state, cause, [Posting(scene.code, Account.HELD, -fact.units), redeemed]
        )
    _take_due(scene, pinned.hold, sales, held - (fact.units - left))
    pinned.hold.state = "captured" if fact.units else "voided"
    del state.holds[pinned.hold.hold_id]
    expire(changes, state, fact.now)
    return left


def _take_due(scene: Scene, held: Hold, sales: Mapping[UUID, Sale], most: int) -> None:
    changes, state, _, fact = scene
    causes = {lot_id: state.lots[lot_id].cause_id for lot_id, _ in held.lots}
    back = {id_ for id_, one in causes.items() if one in sales and any(sales[one].steps.returned)}
    held.returned = tuple(back)
    cause = booking.Cause("void", changes.new_id(), fact.cause_id, fact.at)
    postings = take_due(changes, state, held, min(held.due, most), cause)
    if postings:
        booking.book(changes, state, cause, postings)


def correct(scene: Scene) -> int:
    """Give or take points by hand; how many of those taken were not there."""
    changes, state, version, fact = scene
    expire(changes, state, fact.now)
    balance = state.balance(scene.code)
    units = max(fact.units, -balance.available)
    if units:
        cause = booking.Cause("adjust", changes.new_id(), fact.cause_id, fact.at)
        adjust(changes, state, version, Correction(fact.wallet, units, cause, ends_at=fact.ends))
    short = units - fact.units
    balance.debt += short
    if short:
        cause = booking.Cause("adjust", changes.new_id(), fact.cause_id, fact.at)
        sides = [Posting(scene.code, Account.DEBT, -short)]
        sides.append(Posting(scene.code, Account.ADJUSTED, short))
        booking.book(changes, state, cause, sides)
    return short


def take_in(scene: Scene, terms: Terms, debts: nights.Debts) -> str:
    """Do what was brought over, a tier given by hand or a word about what waits; nothing, or why it
    takes no part."""
    what, fault = scene.fact.what, None
    if what == "open":
        opened(scene, debts)
    elif what == "give":
        return tier_given(scene)
    elif what == "ungive":
        tier_ended(scene)
    elif what == "tier":
        fault = granted(scene)
    else:
        said(scene, terms)
    return "" if fault is None else fault.says


def opened(scene: Scene, debts: nights.Debts) -> None:
    """Points brought over from another system, with the ends they had there; below nothing they
    are owed, since when they were there."""
    changes, state, version, fact = scene
    cause = booking.Cause("open", changes.new_id(), fact.cause_id, fact.now)
    opening = Opening(
        wallet=fact.wallet,
        units=abs(fact.units),
        earned_at=fact.earned_at or fact.at,
        expires_at=fact.ends or NEVER,
        by_rule=False,
        cause=cause,
        activates_at=fact.activates_at,
        cancels_at=fact.cancels_at,
        activity_id=fact.activity_id,
    )
    if fact.units > 0:
        open_lot(changes, state, version, opening)
        return
    open_debt(changes, state, version, opening)
    nights.owed_before(debts, state, scene.code, fact.at)


def granted(scene: Scene) -> Fault | None:
    """A tier brought over from another system."""
    changes, state, version, fact = scene
    grant = Grant(fact.tier, fact.at, fact.ends, False, fact.cause_id)
    fault = grant_tier(changes, state, version, grant, fact.now)
    if state.story is not None:
        moves = changes.tier_moves
        state.story.granted += [one for one in moves if one.reason == "brought_over"]
    return fault


def tier_given(scene: Scene) -> str:
    """A tier given by hand; why it takes no part, where these terms do not have it."""
    changes, state, version, fact = scene
    ladder = giving.ladder_of(version, fact.tier)
    tiers = version.compiled.tiers
    if not ladder and fact.tier not in tiers and fact.tier not in version.elsewhere:
        return f"these terms have no tier {fact.tier}"
    kind: GrantKind = fact.kind  # type: ignore[assignment]  # as the books name it
    grant = TierGrant(
        grant_id=fact.cause_id, member_id=state.member_id, kind=kind, tier=fact.tier,
        reason="", actor="", given_at=fact.at, asks=fact.units or None, until_at=fact.ends,
        ladder=ladder,
    )  # fmt: skip
    tiering.review(changes, state, version, fact.now)
    further.begin(changes, state, version, grant, fact.now)
    return ""


def tier_ended(scene: Scene) -> None:
    """Somebody ended a tier given by hand."""
    changes, state, version, fact = scene
    tiering.review(changes, state, version, fact.now)
    for given in [one for one in state.grants if one.grant_id == fact.cause_id]:
        further.end(changes, state, version, given, fact.now)


def said(scene: Scene, terms: Terms) -> None:
    """Somebody confirmed or cancelled what an activity gave; where nothing waits, nothing is."""
    changes, state, _, fact = scene
    pending.turn(changes, state, fact.now)
    lots = [lot for lot in state.lots.values() if lot.cause_id == fact.cause_id]
    outcome: pending.Outcome = "confirmed" if fact.what == "confirm" else "cancelled"
    pending.decide(changes, state, terms, lots, pending.Word(outcome, fact.at))
