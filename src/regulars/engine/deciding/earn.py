"""What an activity earns: the rules see it, points are booked, counters and tier follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.named import made
from regulars.engine.calendar import local
from regulars.engine.deciding import booking, budgets, idle, pending, tiering
from regulars.engine.deciding.expire import expire_idle
from regulars.engine.deciding.settle import settle
from regulars.engine.facts import FactLine, Facts
from regulars.engine.ladder import counting, further
from regulars.engine.ladder.credit import Coming, reached_on
from regulars.engine.qualify import Qualified, qualify
from regulars.engine.rewarding import milestones
from regulars.engine.rewarding.plans.then import plans_known
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.foreign import as_told
from regulars.records.activity.types import IN_PIECES, Activity, Body
from regulars.records.ledger.types import Lot, Posting
from regulars.records.program.parts.conditions import JOINED_ON
from regulars.records.standing.values.types import AS_OF, CATEGORY_AS_OF, as_reckoned
from regulars.records.trail.types import Steps, Trail

_DATED: Final = (AS_OF, CATEGORY_AS_OF)
"""Asked where a rule asks for something that was reckoned."""


class Earned(Struct, frozen=True):
    """What came of an activity, for its answer and its trail."""

    units: Mapping[int, int]
    """Per wallet code."""
    trail: Trail
    pending: Mapping[int, int] = {}
    """Of that, what cannot be spent yet."""
    milestones: Mapping[str, int] = {}
    """What milestones gave besides, each by its id."""


class Seen(NamedTuple):
    """What the rules see of where somebody stands: their step, and those of further ladders."""

    tier: int
    further: frozenset[str]


class Scene(Struct, frozen=True):
    """An activity with what is fixed before the rules look: version, local time, what counts."""

    version: Version
    activity: Activity
    facts: Facts
    """As the member without a tier would be seen; `earn` fills in tier and attributes."""


def scene_of(version: Version, activity: Activity) -> Scene:
    """Fix version, local time and what counts of an activity."""
    here = local(version.zone, activity.occurred_at)
    # Only what comes back by pieces came to its amount where it has no lines; anything else that
    # happened has no amount that a rule sees.
    amount = activity.amount_minor if activity.kind in IN_PIECES else None
    counted = qualify(version.compiled.qualifying, activity.body, amount)
    if version.compiled.bounds_apart:
        counted = _with_paid(version, counted, activity.body, amount)
    facts = Facts(
        kind=activity.kind,
        day=here.day,
        weekday=here.weekday,
        hour=here.hour,
        channel=activity.channel,
        store=activity.store,
        lines=_lines(activity, counted.lines),
        extras=counted.extras,
        details=activity.body.details,
        currency=activity.body.paid_in.currency if activity.body.paid_in else "",
    )
    return Scene(version, activity, facts)


def _with_paid(version: Version, counted: Qualified, body: Body, amount: int | None) -> Qualified:
    """What counts, and behind it what of it counts in the currency in which it was paid."""
    if body.paid_in is not None:
        body, amount = as_told(body)
    names = version.compiled.definitions
    place = names.index("standard") if "standard" in names else 0
    paid = qualify(version.compiled.qualifying[place : place + 1], body, amount)
    lines = zip(counted.lines, paid.lines, strict=True)
    return Qualified(tuple(a + b for a, b in lines), counted.extras + paid.extras)


def _lines(activity: Activity, amounts: Sequence[tuple[int, ...]]) -> tuple[FactLine, ...]:
    """The lines with what counts of each; a purchase without lines is one piece of one line."""
    if not activity.body.lines:
        return tuple([FactLine("", "", 1, counted) for counted in amounts])
    return tuple(
        [
            made(FactLine, (line.sku, line.category, line.quantity, counted, line.free))
            for line, counted in zip(activity.body.lines, amounts, strict=True)
        ]
    )


def earn(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    activity: Activity,
    then: Seen | None = None,
) -> Earned:
    """Decide what a member earns for an activity and book it.

    Order: what was left alone for too long is gone first, then reviews that are due; then the rules
    at the tier that stands (or that this purchase reaches, where the program says so), credit, and
    the climb. A late activity gets the steps of then; who knows what followed sees to the tier.
    """
    told_at, now = activity.occurred_at, changes.now or activity.occurred_at
    scene, rated = _rated(terms, scene_of(terms.at(told_at), activity), now)
    version = scene.version
    # A till whose clock is ahead of ours may not end anybody's tier before its time.
    seen_at = min(told_at, now)
    expire_idle(changes, state, seen_at)
    coming = counting.known(version, scene.facts)
    facts = _faced(changes, state, scene, (coming, seen_at), then)
    moment = budgets.moment_at(version, facts.day, told_at)
    room = budgets.room_of(changes, state, version, (activity.kind, moment))
    grains = version.compiled.evaluate(facts, room)
    settled = _settle(state, scene, grains, room)
    given, units = settled.given, settled.units
    came = milestones.coming(changes, state, terms, version, facts) if version.stones else ()
    booking.check_range(state, milestones.all_units(came, units))  # before anything changes
    waiting = _book(changes, state, scene, settled)
    if version.idle:
        idle.act(changes, state, version, (activity.kind, frozenset(units)), told_at)
    budgets.count_given(changes, state, version, (activity.kind, moment), given)
    if version.compiled.budgets:
        budgets.draw(changes, state, version, facts.day, units)
    worth = _counted(changes, state, (version, terms), (facts, coming, units), told_at)
    steps = Steps(
        version=version.number,
        day=facts.day,
        weekday=facts.weekday,
        hour=facts.hour,
        tier=facts.tier,
        given=given,
        room=tuple(room),
        member=_asked_for(facts.member, version),
        credit=worth[0][0],
        credit_period=worth[1],
        carried=settled.carried,
        stands=settled.stands,
        minute=moment.minute,
        milestones=tuple([one.more for one in came]) if came else (),
        other_credit=worth[0][1],
        further=worth[2],
        rated=rated,
    )
    _tell(changes, state, scene, units, waiting)
    milestones.give(changes, state, version, activity, came)
    if worth[0] != (0, 0) and then is None:
        tiering.climb(changes, state, version, (told_at, facts.day), activity.activity_id)
    trail = Trail(activity.activity_id, state.member_id, None, steps)
    return Earned(units, trail, waiting, milestones.reached(came))


def _counted(
    changes: Changes,
    state: MemberState,
    terms: tuple[Version, Terms],
    what: tuple[Facts, Coming, Mapping[int, int]],
    told_at: datetime,
) -> tuple[Coming, int, further.Kept]:
    """Count what an activity is worth on every ladder: its credit, the period it counts in, and
    what it is on each further one."""
    (version, _), (facts, coming, units) = terms, what
    credit = counting.gained(version, coming, units)
    period = counting.count(changes, state, version, facts.day, credit)
    if not version.further:
        return credit, period, {}
    return credit, period, further.count(changes, state, terms, (facts, units), told_at)


def _rated(terms: Terms, scene: Scene, now: datetime) -> tuple[Scene, int]:
    """An activity with the tables that hold for its day: told after a later version said so, it is
    rated by those of that one; which one that is, or 0."""
    if not terms.ratings:
        return scene, 0
    number, kind = scene.version.number, scene.activity.kind
    rated = terms.rates(number, kind, scene.facts.day, now).rated
    return replace(scene, version=terms.rated_by(number, rated)), rated


def _faced(
    changes: Changes,
    state: MemberState,
    scene: Scene,
    seen: tuple[Coming, datetime],
    then: Seen | None,
) -> Facts:
    """The activity as the rules see it, with the member who did it, reviewed first: at the steps
    they stand on, or at those said, where they stood on those then."""
    version, (coming, now) = scene.version, seen
    known = state.attributes
    if version.attributes:
        known = _known_of(state, scene, scene.activity.occurred_at)
    if then is not None:
        return replace(scene.facts, tier=then.tier, further=then.further, member=known)
    tiering.review(changes, state, version, now)
    tier = tier_seen(state, version, scene.facts.day, coming)
    facts = replace(scene.facts, tier=tier, member=known)
    if not version.further:
        return facts
    return replace(facts, further=further.seen(version, state, facts, now))


def _known_of(state: MemberState, scene: Scene, at: datetime) -> Mapping[str, bool | int | str]:
    """What is known of a member; where rules ask, when they joined and which plans ran, too. What
    was reckoned is as old as it was on the day of the activity, whenever that is told."""
    version, attributes = scene.version, state.attributes
    known = plans_known(version, state.turns, at)
    if state.valued is not None and not version.attributes.isdisjoint(_DATED):
        attributes = as_reckoned(*state.valued, date.fromordinal(scene.facts.day))
    if JOINED_ON in version.attributes:
        day = date.fromordinal(local(version.zone, state.joined_at).day)
        known[JOINED_ON] = day.isoformat()
    return {**attributes, **known} if known else attributes


def _asked_for(
    known: Mapping[str, bool | int | str], version: Version
) -> dict[str, bool | int | str]:
    """The attributes of a member that rules of this version ask for."""
    return {k: v for k, v in known.items() if k in version.attributes} if known else {}


class _Settlement(Struct, frozen=True):
    """What all wallets get: per rule, per wallet code, what belongs to no rule, what is kept, and
    for how many grains an activity stands of which a budget cut something off."""

    given: tuple[int, ...]
    units: dict[int, int]
    carried: dict[str, int]
    kept: dict[tuple[int, int], int]
    stands: dict[str, int]


def _settle(
    state: MemberState, scene: Scene, grains: Sequence[int], room: Sequence[int]
) -> _Settlement:
    """Round once per wallet, and keep within the budgets.

    Keeps: what a budget cuts off is not kept for later, and no return takes it back: what was kept
    before stays, and the activity stands for the points it gave.
    """
    version = scene.version
    given = [0] * len(grains)
    units: dict[int, int] = {}
    carried: dict[str, int] = {}
    kept: dict[tuple[int, int], int] = {}
    stands: dict[str, int] = {}
    for place, wallet in enumerate(version.compiled.wallets):
        own = [grains[rule] for rule in wallet.rules]
        if not any(own):
            continue
        if wallet.keeps == "no":
            settled = settle(wallet, own)
        else:
            key = (version.remainder_counters[place], kept_period(wallet.keeps, scene.facts.day))
            settled = settle(wallet, own, state.counters.get(key, 0))
            kept[key] = settled.remainder
        points, parts = settled.units, settled.parts
        allowed = budgets.within(version, place, points, room)
        if allowed < points:
            points, parts = allowed, budgets.cut(parts, allowed)
            if wallet.keeps != "no":
                stands[wallet.id] = allowed * wallet.grid
                del kept[key]
        if points:
            units[version.wallet_codes[place]] = points
        for rule, part in zip(wallet.rules, parts, strict=True):
            given[rule] = part
        rest = points - sum(parts)
        if rest:  # kept from before, or a larger step than any rule gave
            carried[wallet.id] = rest
    return _Settlement(tuple(given), units, carried, kept, stands)


def kept_period(keeps: str, day: int) -> int:
    """A remainder is kept for one day, or under 0 for always."""
    return day if keeps == "day" else 0


def _book(
    changes: Changes, state: MemberState, scene: Scene, settled: _Settlement
) -> dict[int, int]:
    """Keep what rounding left, and book what each wallet gets; how much of it is pending."""
    for key, remainder in settled.kept.items():
        changes.keep(state, key, remainder)
    waiting: dict[int, int] = {}
    given, units = settled.given, settled.units
    if not units:
        return waiting
    version, activity = scene.version, scene.activity
    cause = booking.Cause(
        "earn", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
    )
    postings: list[Posting] = []
    for code, points in units.items():
        for lot in lots_of(changes, state, scene, cause, (code, points, given)):
            postings += pending.credit(changes, state, cause, lot, (version, activity.kind))
            if lot.state == "pending":
                waiting[code] = points
        state.balance(code).earned += points
    if version.own_ends:
        postings = booking.summed(postings)
    booking.book(changes, state, cause, postings)
    return waiting


def lots_of(
    changes: Changes,
    state: MemberState,
    scene: Scene,
    cause: booking.Cause,
    what: tuple[int, int, Sequence[int]],
) -> list[Lot]:
    """The points an activity gives as lots of its own: one, and one more for each end that a rule
    gives its points by itself. `what` is wallet code, how many, and units per rule of the file.

    Order: what no rule gave by itself first, then by the rules in the file.
    """
    code, points, given = what
    parts: dict[datetime, int] = {}
    for rule in scene.version.own_ends.get(code, ()):
        own = min(given[rule], points)
        if own > 0:
            ends = pending.rules_end(scene.version, scene.activity, rule)
            parts[ends] = parts.get(ends, 0) + own
            points -= own
    if points:
        ends = pending.wallets_end(scene.version, scene.activity, code, scene.facts.day)
        parts = {ends: points, **parts} if parts else {ends: points}
    version = scene.version.number
    return [
        booking.earned_lot(changes, state, cause, (code, version, amount), ends)
        for ends, amount in parts.items()
    ]


def tier_seen(state: MemberState, version: Version, day: int, coming: Coming) -> int:
    """The step the rules see: the one that stands, or the one this purchase reaches (E4)."""
    step = tiering.step_of(version, state.tier)
    tiers = version.program.tiers
    if tiers is not None and tiers.crossing_earns == "new_tier":
        return max(step, reached_on(version, state, day, step, coming))
    return step


def _tell(
    changes: Changes,
    state: MemberState,
    scene: Scene,
    units: Mapping[int, int],
    waiting: Mapping[int, int],
) -> None:
    """One more write of the member, and what they earned; of what happened elsewhere nobody is
    told."""
    changes.touch(state)
    if not units or changes.history is not None:
        return
    names = scene.version.wallet_ids
    payload: dict[str, object] = {
        "activity_id": scene.activity.activity_id,
        "earned": {names[code]: points for code, points in units.items()},
        "pending": {names[code]: points for code, points in waiting.items()},
    }
    changes.events.append(Event(state.member_id, state.version, "points.earned", payload))


def rules_given(version: Version, given: Sequence[int]) -> dict[str, int]:
    """What each rule gave, by its id; rules that gave nothing left out."""
    return {rule: n for rule, n in zip(version.compiled.rules, given, strict=True) if n}
