"""What an activity earns: the rules see it, points are booked, counters and tier follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from regulars.engine.calendar import expires_at, local, period_of
from regulars.engine.deciding import booking, budgets, pending, tiering
from regulars.engine.deciding.settle import settle
from regulars.engine.facts import FactLine, Facts
from regulars.engine.qualify import qualify
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import NEVER, Lot, Posting
from regulars.records.trail.types import Steps, Trail


class Earned(NamedTuple):
    """What came of an activity, for its answer and its trail."""

    units: Mapping[int, int]
    """Per wallet code."""
    trail: Trail
    pending: Mapping[int, int] = {}
    """Of that, what cannot be spent yet."""


class Scene(NamedTuple):
    """An activity with what is fixed before the rules look: version, local time, what counts."""

    version: Version
    activity: Activity
    facts: Facts
    """As the member without a tier would be seen; `earn` fills in tier and attributes."""


def scene_of(version: Version, activity: Activity) -> Scene:
    """Fix version, local time and what counts of an activity."""
    here = local(version.zone, activity.occurred_at)
    # Only a purchase without lines is one piece that came to its amount; a visit has no pieces.
    amount = activity.amount_minor if activity.kind == "purchase" else None
    counted = qualify(version.compiled.qualifying, activity.body, amount)
    day, weekday, hour = here
    facts = Facts(
        kind=activity.kind,
        day=day,
        weekday=weekday,
        hour=hour,
        channel=activity.channel,
        store=activity.store,
        lines=_lines(activity, counted.lines),
        extras=counted.extras,
        details=activity.body.details,
    )
    return Scene(version, activity, facts)


def _lines(activity: Activity, amounts: Sequence[tuple[int, ...]]) -> tuple[FactLine, ...]:
    """The lines with what counts of each; a purchase without lines is one piece of one line."""
    if not activity.body.lines:
        return tuple([FactLine("", "", 1, counted) for counted in amounts])
    return tuple(
        [
            FactLine(line.sku, line.category, line.quantity, counted)
            for line, counted in zip(activity.body.lines, amounts, strict=True)
        ]
    )


def earn(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    activity: Activity,
    tier_then: int | None = None,
) -> Earned:
    """Decide what a member earns for an activity and book it.

    Order: tier reviews that are due come first, then the rules at the tier that stands (or at
    the one this purchase reaches, where the program says so), then credit and the climb. Of a
    late activity the step of then is given, and whoever knows what came after it sees to the tier.
    """
    version = terms.at(activity.occurred_at)
    scene = scene_of(version, activity)
    # A till whose clock is ahead of ours may not end anybody's tier before its time.
    told_at = activity.occurred_at
    credit = credit_known(scene)
    if tier_then is None:
        tiering.review(changes, state, version, min(told_at, changes.now or told_at))
        tier = tier_seen(state, version, scene.facts.day, credit)
    else:
        tier = tier_then
    facts = replace(scene.facts, tier=tier, member=state.attributes)
    room = room_of(changes, state, version, (activity.kind, facts.day))
    grains = version.compiled.evaluate(facts, room)
    given, units, carried, kept = _settle(state, scene, grains, room)
    booking.check_range(state, units)  # before anything changes, so a fault leaves nothing behind
    for key, remainder in kept.items():
        changes.keep(state, key, remainder)
    waiting = _book(changes, state, scene, units)
    _count_limits(changes, state, scene, given)
    budgets.draw(changes, version, facts.day, units)
    credit = _credit_after(scene, credit, units)
    steps = Steps(
        version=version.number,
        day=facts.day,
        weekday=facts.weekday,
        hour=facts.hour,
        tier=tier,
        given=given,
        room=tuple(room),
        member=_asked_for(state, version),
        credit=credit,
        credit_period=_count_credit(changes, state, scene, credit),
        carried=carried,
    )
    changes.touch(state)
    if units and changes.history is None:  # nobody is told of what happened elsewhere
        changes.events.append(_event(state, scene, units, waiting))
    if credit and tier_then is None:
        occurred_at, cause = activity.occurred_at, activity.activity_id
        tiering.climb(changes, state, version, (occurred_at, facts.day), cause)
    return Earned(units, Trail(activity.activity_id, state.member_id, None, steps), waiting)


def _asked_for(state: MemberState, version: Version) -> dict[str, bool | int | str]:
    """The attributes of a member that rules of this version ask for."""
    if not version.attributes:
        return {}
    return {k: v for k, v in state.attributes.items() if k in version.attributes}


def room_of(
    changes: Changes, state: MemberState, version: Version, when: tuple[str, int]
) -> list[int]:
    """How much each limit, and then each budget, still allows; `when` is kind and local day.

    Limits of other kinds of activity are full.
    """
    kind, day = when
    compiled = version.compiled
    room = list(compiled.full_room)
    for place in compiled.limits_on.get(kind, ()):
        limit = compiled.limits[place]
        if limit.per != "activity":
            key = (version.limit_counters[place], period_of(limit.per, day))
            used = changes.budgets[key] if limit.shared else state.counters.get(key, 0)
            room[place] = max(limit.full - used, 0)
    for place, budget in enumerate(compiled.budgets):
        key = (version.budget_counters[place], period_of(budget.per, day))
        room[len(compiled.limits) + place] = max(budget.full - changes.budgets[key], 0)
    return room


def count_limit(
    changes: Changes, state: MemberState, version: Version, where: tuple[int, int], by: int
) -> None:
    """Count against one limit on a day, or give room back (negative); `where` is place and day."""
    place, day = where
    limit = version.compiled.limits[place]
    counter, period = version.limit_counters[place], period_of(limit.per, day)
    if limit.shared:
        changes.spend(counter, period, by)
    else:
        changes.count(state, counter, period, by)


def _count_limits(changes: Changes, state: MemberState, scene: Scene, given: Sequence[int]) -> None:
    """Count what rules gave against their limits."""
    compiled = scene.version.compiled
    for place in compiled.limits_on.get(scene.activity.kind, ()):
        limit = compiled.limits[place]
        points = given[limit.rule]
        if points and limit.per != "activity":
            by = points if limit.counts == "points" else 1
            count_limit(changes, state, scene.version, (place, scene.facts.day), by)


class _Settlement(NamedTuple):
    """What all wallets get: per rule, per wallet code, what belongs to no rule, what is kept."""

    given: tuple[int, ...]
    units: dict[int, int]
    carried: dict[str, int]
    kept: dict[tuple[int, int], int]


def _settle(
    state: MemberState, scene: Scene, grains: Sequence[int], room: Sequence[int]
) -> _Settlement:
    """Round once per wallet, and keep within the budgets."""
    version = scene.version
    given = [0] * len(grains)
    units: dict[int, int] = {}
    carried: dict[str, int] = {}
    kept: dict[tuple[int, int], int] = {}
    for place, wallet in enumerate(version.compiled.wallets):
        own = [grains[rule] for rule in wallet.rules]
        if not any(own):
            continue
        if wallet.keeps == "no":
            points, _, parts = settle(wallet, own)
        else:
            key = (version.remainder_counters[place], kept_period(wallet.keeps, scene.facts.day))
            points, kept[key], parts = settle(wallet, own, state.counters.get(key, 0))
        allowed = budgets.within(version, place, points, room)
        if allowed < points:
            points, parts = allowed, budgets.cut(parts, allowed)
        if points:
            units[version.wallet_codes[place]] = points
        for rule, part in zip(wallet.rules, parts, strict=True):
            given[rule] = part
        rest = points - sum(parts)
        if rest:  # kept from before, or a larger step than any rule gave
            carried[wallet.id] = rest
    return _Settlement(tuple(given), units, carried, kept)


def kept_period(keeps: str, day: int) -> int:
    """A remainder is kept for one day, or under 0 for always."""
    return day if keeps == "day" else 0


def _book(
    changes: Changes, state: MemberState, scene: Scene, units: Mapping[int, int]
) -> dict[int, int]:
    """Book what each wallet gets; how much of it is pending."""
    waiting: dict[int, int] = {}
    if not units:
        return waiting
    version, activity = scene.version, scene.activity
    cause = booking.Cause(
        "earn", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
    )
    postings: list[Posting] = []
    for code, points in units.items():
        lot = lot_of(changes, state, scene, cause, (code, points))
        postings += pending.credit(changes, state, cause, lot, version)
        state.balance(code).earned += points
        if lot.state == "pending":
            waiting[code] = points
    booking.book(changes, state, cause, postings)
    return waiting


def lot_of(
    changes: Changes,
    state: MemberState,
    scene: Scene,
    cause: booking.Cause,
    what: tuple[int, int],
) -> Lot:
    """The points an activity gives as a lot of its own; `what` is wallet code and how many."""
    code, points = what
    return Lot(
        lot_id=changes.new_id(),
        member_id=state.member_id,
        wallet=code,
        entry_id=cause.entry_id,
        cause_id=scene.activity.activity_id,
        version=scene.version.number,
        amount=points,
        remaining=points,
        pinned=0,
        earned_at=scene.activity.occurred_at,
        expires_at=_lapses(scene.version, code, scene),
    )


def _lapses(version: Version, code: int, scene: Scene) -> datetime:
    expiry = version.program.wallets[version.wallet_ids[code]].expiry
    if expiry is None:
        return NEVER
    return expires_at(version.zone, scene.activity.occurred_at, expiry, scene.facts.day)


def credit_known(scene: Scene) -> int:
    """Tier credit that is known before the rules run: spend or a visit."""
    tiers = scene.version.program.tiers
    if tiers is None or tiers.measure == "status":
        return 0
    if tiers.measure == "visits":
        return 1 if scene.activity.kind in ("purchase", "visit") else 0
    return spend_of(scene.version, scene.facts)


def spend_of(version: Version, facts: Facts) -> int:
    """The qualifying amount that counts for tiers."""
    tiers = version.program.tiers
    assert tiers is not None, version.number
    place = version.compiled.definitions.index(tiers.qualifying)
    return sum(line.amounts[place] for line in facts.lines) + facts.extras[place]


def _credit_after(scene: Scene, credit: int, units: Mapping[int, int]) -> int:
    """Status credit is what this activity put into the status wallet."""
    tiers = scene.version.program.tiers
    if tiers is None or tiers.measure != "status":
        return credit
    return units.get(status_code(scene.version), 0)


def status_code(version: Version) -> int:
    """The small number of the wallet that tiers count."""
    tiers = version.program.tiers
    wallet = tiers.wallet if tiers is not None else None
    assert wallet is not None, version.number
    return version.wallet_codes[version.compiled.wallet_places[wallet]]


def tier_seen(state: MemberState, version: Version, day: int, credit: int) -> int:
    """The step the rules see: the one that stands, or the one this purchase reaches (E4)."""
    step = tiering.step_of(version, state.tier)
    tiers = version.program.tiers
    if tiers is not None and tiers.crossing_earns == "new_tier":
        reached = tiering.credit_on(version, state, day) + credit
        return max(step, version.compiled.tier_of(reached))
    return step


def _count_credit(changes: Changes, state: MemberState, scene: Scene, credit: int) -> int:
    if not credit:
        return 0
    period = tiering.bucket(scene.version, state, scene.facts.day)
    changes.count(state, scene.version.credit_counter, period, credit)
    return period


def _event(
    state: MemberState, scene: Scene, units: Mapping[int, int], waiting: Mapping[int, int]
) -> Event:
    names = scene.version.wallet_ids
    payload: dict[str, object] = {
        "activity_id": scene.activity.activity_id,
        "earned": {names[code]: points for code, points in units.items()},
        "pending": {names[code]: points for code, points in waiting.items()},
    }
    return Event(state.member_id, state.version, "points.earned", payload)


def rules_given(version: Version, given: Sequence[int]) -> dict[str, int]:
    """What each rule gave, by its id; rules that gave nothing left out."""
    return {rule: n for rule, n in zip(version.compiled.rules, given, strict=True) if n}
