"""Benefits: may this member use this, here and now, and what one use leaves (semantics G2).

One question answers every occasion, from a drop in the web shop to a return without its receipt; a
use asks the same question and then counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.calendar import ahead_of, day_starts_at
from regulars.engine.ladder.further import stands_at_least
from regulars.engine.rewarding.correcting import Amount, Why, give, take_back
from regulars.engine.rewarding.including import appointments, birthdays, guests, opening
from regulars.engine.rewarding.including.appointments import NOBODY, Taken
from regulars.engine.rewarding.including.beginning import Stretch, is_over, review, stretch
from regulars.engine.rewarding.including.guests import ALONE, Party
from regulars.engine.rewarding.including.options import chosen_otherwise
from regulars.engine.rewarding.including.promising import promise
from regulars.engine.rewarding.plans import life
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.engine.words.bounds import at_most
from regulars.records.benefits.types import Grant, Use
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.program.types import Benefit

Refusal = Literal[
    "member_erased", "member_blocked", "unknown_benefit", "not_for_this", "not_here", "not_now",
    "too_many_guests", "not_this_guest", "no_such_time", "fully_booked",
    "tier_too_low", "no_plan", "plan_frozen", "not_granted", "birthday_unknown", "not_birthday",
    "chosen_otherwise", "used_up",
]  # fmt: skip
"""Every way the use of a benefit can be refused, in the order it is checked."""


ACTOR: Final = "benefit"
"""Who gives points that a benefit includes, where nobody says who used it."""


class Occasion(NamedTuple):
    """What is asked for: which benefit, for what, where and when."""

    benefit: str
    now: datetime
    store: str = ""
    channel: str = ""
    sku: str = ""
    category: str = ""
    party: Party = ALONE
    """Who comes along."""
    from_at: datetime | None = None
    """When it is to be used, where that is booked; at once when not said."""
    taken: Taken = NOBODY
    """Who is there then already."""

    @property
    def then(self) -> datetime:
        """When it is used."""
        return self.from_at or self.now


class Asker(NamedTuple):
    """Who asks for a use: its id, by whom, what was told, and all granted to the member by hand."""

    use_id: UUID
    actor: str
    details: Mapping[str, str]
    granted: Sequence[Grant]
    instead_of: UUID | None = None
    """The appointment that is moved."""


class Moving(NamedTuple):
    """An appointment that is moved, who asks, and what `undo` wants to know."""

    used: Use
    asker: Asker
    back: tuple[Version, int, Why]


class May(Struct, frozen=True):
    """Whether a member may, and if so what the use would count on."""

    no: Refused | None
    left: int | None
    """How many uses are left now, granted ones too; nothing when there is no end to them."""
    opens_at: datetime | None
    """When it begins for this member, where it begins at all."""
    grant_id: UUID | None = None
    """What was granted by hand and would be used."""
    ends_at: datetime | None = None
    """When what is left of an allowance that began with this member is over."""


def may(version: Version, state: MemberState, occasion: Occasion, granted: Sequence[Grant]) -> May:
    """Whether this member may use this benefit; nothing changes.

    Assumes: a tier whose time is over by then was reviewed. `granted` is all that was granted to
    this member by hand, what ends soonest first.
    Order: see `Refusal`.
    Example: two a year, both used, and one granted by hand until Sunday: one is left, till Sunday.
    """
    benefit = version.benefits.get(occasion.benefit)
    if benefit is None:
        return May(next(_person(version, state), unknown_benefit(occasion.benefit)), 0, None)
    open_ = [one for one in granted if one.benefit == benefit.id and one.is_open(occasion.then)]
    entitled = _entitled(version, state, benefit, occasion.now)
    counted = _stretch(version, state, benefit, occasion)
    left = _left(version, state, benefit, occasion, counted) if entitled else 0
    all_left = None if left is None else left + sum(one.times - one.used for one in open_)
    ends_at = counted.ends_at if entitled and counted and left else None
    opens_at = _opens_at(version, state, benefit, occasion.now)
    no = next(_refusals(version, state, benefit, occasion, opens_at), None)
    own = next(_own(version, state, benefit, occasion, (counted, left)), None)
    # One use counts in one place: a grant of which less is left than it takes is left alone.
    takes = guests.counts(benefit, occasion.party)
    mine = [one for one in open_ if one.times - one.used >= takes]
    if no is not None or (own is not None and not mine):
        return May(no or own, all_left, opens_at, None, ends_at)
    ends_first = mine and mine[0].until_at is not None and left is not None
    granted_one = mine[0].grant_id if mine and (own is not None or ends_first) else None
    return May(None, all_left, opens_at, granted_one, ends_at)


def use(
    changes: Changes,
    state: MemberState,
    version: Version,
    occasion: Occasion,
    asker: Asker,
) -> Use | Refused:
    """Use a benefit once.

    Order: what was granted by hand and ends goes first, soonest first; then the allowance; then
    what was granted without an end.
    Refuses: see `Refusal`.
    """
    review(changes, state, version, occasion.now)
    answer = may(version, state, occasion, asker.granted)
    if answer.no is not None:
        return answer.no
    benefit = version.benefits[occasion.benefit]
    counted = _stretch(version, state, benefit, occasion)
    period = None if answer.grant_id is not None else (counted.period if counted else 0)
    at = None if occasion.from_at is None else (occasion.from_at, occasion.taken)
    included = promise(version, benefit, period, occasion.party, at)
    included = replace(included, category=occasion.category)
    if included.booked is not None:
        moved = replace(included.booked, instead_of=asker.instead_of)
        included = replace(included, booked=moved)
    if included.counter:
        changes.count(state, included.counter, included.period, included.times)
    if included.points:
        why = Why(occasion.now, asker.actor or ACTOR, benefit.name)
        amount = Amount(version, included.wallet, included.points)
        included = replace(included, entry_id=give(changes, state, amount, why))
    used = Use(
        use_id=asker.use_id,
        member_id=state.member_id,
        benefit=benefit.id,
        version=version.number,
        included=included,
        grant_id=answer.grant_id,
        state="used",
        store=occasion.store,
        channel=occasion.channel,
        sku=occasion.sku,
        details=asker.details,
        actor=asker.actor,
        used_at=occasion.now,
    )
    _tell(changes, state, used, "benefit.used")
    return used


def undo(changes: Changes, state: MemberState, used: Use, back: tuple[Version, int, Why]) -> None:
    """Take a use back: it is left again in the period in which it was counted.

    Shape: `back` is the version it was promised by, how much of the points it gave has lapsed
    before this batch, and why. Points go as by any correction: what is not there is owed, where
    the wallet lets members owe.
    """
    included, (version, lapsed, why) = used.included, back
    if included.counter:
        changes.count(state, included.counter, included.period, -included.times)
    if included.entry_id is not None:
        amount = Amount(version, included.wallet, included.points)
        take_back(changes, state, amount, (included.entry_id, lapsed), why)
    _tell(changes, state, used, "benefit.undone")


def unknown_benefit(name: str) -> Refused:
    """The refusal of a benefit that the program in force does not have, whoever asks for it."""
    return Refused("unknown_benefit", f"there is no benefit {name} in this program")


def moved(
    changes: Changes, state: MemberState, version: Version, occasion: Occasion, asked: Moving
) -> Use | Refused:
    """An appointment is moved to another time: what it took is back, and the other is used.

    Order: first whether it may; nothing is taken back for a time that is not to be had.
    Keeps: what the use it replaces counted is left for this one.
    """
    used, asker, back = asked
    review(changes, state, version, occasion.now)
    late = appointments.too_late(used.included.booked, occasion.now)
    if late is not None:
        return late
    counter = (used.included.counter, used.included.period)
    before = state.counters.get(counter, 0)
    if used.included.counter:
        state.counters[counter] = before - used.included.times
    answer = may(version, state, occasion, asker.granted)
    if used.included.counter:
        state.counters[counter] = before
    if answer.no is not None:
        return answer.no
    undo(changes, state, used, back)
    return use(changes, state, version, occasion, asker)


def miss(changes: Changes, state: MemberState, used: Use) -> None:
    """Nobody came to an appointment, and the use counts all the same: its points stay too."""
    _tell(changes, state, used, "benefit.missed")


def _person(version: Version, state: MemberState) -> Iterator[Refused]:
    if state.state == "erased":
        yield erased_refused()
    if state.state == "blocked" and not version.program.blocked.may_redeem:
        yield blocked_refused()


def _refusals(
    version: Version,
    state: MemberState,
    benefit: Benefit,
    occasion: Occasion,
    opens_at: datetime | None,
) -> Iterator[Refused]:
    """What stands in the way whatever was granted."""
    yield from _person(version, state)
    yield from _place(benefit, occasion)
    yield from opening.not_then(version, benefit, occasion.then, opens_at)
    yield from guests.not_with(benefit, occasion.party, state.member_id)
    if occasion.from_at is not None:
        yield from appointments.no_time(version, benefit, occasion.from_at, occasion.now)
        people = 1 + occasion.party.people
        yield from appointments.fully_booked(benefit, people, occasion.taken)


def _own(
    version: Version,
    state: MemberState,
    benefit: Benefit,
    occasion: Occasion,
    counted: tuple[Stretch | None, int | None],
) -> Iterator[Refused]:
    """What stands in the way of using it without a grant."""
    yield from not_entitled(version, state, benefit, occasion.now)
    yield from birthdays.not_near(version, state, benefit, occasion.then)
    otherwise = chosen_otherwise(version, state, benefit, occasion.then)
    if otherwise is not None:
        yield otherwise
    (when, left), allowance = counted, benefit.allowance
    if when is not None and when.ends_at is not None and is_over(when, occasion.then):
        yield Refused("not_now", "its time is over", {"ended_at": when.ends_at.isoformat()})
    if left is not None and left < guests.counts(benefit, occasion.party) and allowance is not None:
        facts: dict[str, Any] = {"times": allowance.times, "per": allowance.per}
        yield Refused("used_up", at_most(allowance.times, allowance.per), facts)


def not_entitled(
    version: Version, state: MemberState, benefit: Benefit, now: datetime
) -> Iterator[Refused]:
    """Why nothing includes this benefit for this member, whatever they used of it."""
    if _entitled(version, state, benefit, now):
        return
    if benefit.by == "grant":
        yield Refused("not_granted", "this is for members to whom it was granted")
    if benefit.plan is not None:
        yield _without_plan(version, state, benefit.plan, now)
    yield Refused("tier_too_low", f"this benefit is for {benefit.tier} and above")


def _place(benefit: Benefit, occasion: Occasion) -> Iterator[Refused]:
    opens = occasion.sku in benefit.skus or occasion.category in benefit.categories
    if (benefit.skus or benefit.categories) and not opens:
        facts = {"categories": benefit.categories, "skus": benefit.skus}
        yield Refused("not_for_this", "this benefit is for other articles", facts)
    if benefit.stores and occasion.store not in benefit.stores:
        yield Refused("not_here", "this benefit is for other stores", {"stores": benefit.stores})
    if benefit.channels and occasion.channel not in benefit.channels:
        facts = {"channels": benefit.channels}
        yield Refused("not_here", "this benefit is for other channels", facts)


def _entitled(version: Version, state: MemberState, benefit: Benefit, now: datetime) -> bool:
    if benefit.by == "grant":
        return False
    if benefit.plan is not None:
        return "yes" in _running(version, state, benefit.plan, now)
    needs = benefit.tier
    return needs is None or stands_at_least(version, state, needs, now)


def _running(version: Version, state: MemberState, plan: str, now: datetime) -> set[str]:
    return {life.runs(version, one, now) for one in state.plans if one.plan == plan}


def _without_plan(version: Version, state: MemberState, plan: str, now: datetime) -> Refused:
    if "frozen" in _running(version, state, plan, now):
        return Refused("plan_frozen", "this waits until the membership goes on", {"plan": plan})
    return Refused("no_plan", f"this is for members of {version.plans[plan].name}", {"plan": plan})


def _stretch(
    version: Version, state: MemberState, benefit: Benefit, occasion: Occasion
) -> Stretch | None:
    """In which stretch of the allowance it counts; nothing when there is none."""
    if benefit.allowance is None:
        return None
    # Of an appointment a calendar's period is that of its day; what began with the member is what
    # they have as they book.
    if benefit.allowance.per == "reached":
        return stretch(version, state, benefit, occasion.now)
    at = birthdays.counts_at(version, state, benefit, occasion.then)
    return stretch(version, state, benefit, at)


def _left(
    version: Version,
    state: MemberState,
    benefit: Benefit,
    occasion: Occasion,
    counted: Stretch | None,
) -> int | None:
    """How much of the allowance is left; nothing when there is none."""
    if benefit.allowance is None or counted is None:
        return None
    if is_over(counted, occasion.then):
        return 0
    counter = version.benefit_counters[benefit.id]
    used = sum(
        times
        for (code, period), times in state.counters.items()
        if code == counter and counted.period <= period < counted.before
    )
    return max(benefit.allowance.times - used, 0)


def _opens_at(
    version: Version, state: MemberState, benefit: Benefit, now: datetime
) -> datetime | None:
    """When it begins for this member: the longest head start of the steps they stand on."""
    if benefit.from_on is None:
        return None
    day = date.fromisoformat(benefit.from_on).toordinal()
    begins = day_starts_at(version.zone, day)
    ahead = [
        ahead_of(version.zone, day, words)
        for tier, words in benefit.head_start.items()
        if stands_at_least(version, state, tier, now)
    ]
    return min([begins, *ahead])


def _tell(changes: Changes, state: MemberState, used: Use, type_: str) -> None:
    changes.touch(state)
    included = used.included
    payload: dict[str, Any] = {
        "use_id": used.use_id,
        "benefit": used.benefit,
        "store": used.store,
    }
    if included.guests:
        payload["guests"] = included.guests
    if included.booked is not None:
        payload["from_at"] = included.booked.from_at
    changes.events.append(Event(state.member_id, state.version, type_, payload))
