"""What a version would change, before anybody is promised anything: read, and nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.changing.beginning import begins
from regulars.engine.changing.comparing import Difference, Whom
from regulars.engine.changing.crowd import Fate, What, fate, ladder_of
from regulars.engine.changing.differences import differences
from regulars.engine.changing.following import codes_for
from regulars.engine.changing.objections import objections, placed_anew
from regulars.engine.changing.prices import (
    Liability,
    cheapened,
    dearer,
    revalues,
    unaffordable,
)
from regulars.engine.changing.rates import rated_anew, rates
from regulars.engine.checking.admission import look_over
from regulars.engine.compiling.compile import compile_program
from regulars.engine.terms import Cutover, Version, counts_alike, same_ladder, terms_of
from regulars.flows.terms import plan_ladders
from regulars.flows.terms.comes.owed import plan_owed
from regulars.flows.terms.comes.relied import before_next, relied, worth_less
from regulars.flows.terms.comes.stand_ins import coming_along, next_after, starts, told
from regulars.flows.terms.comes.touched import how_many, on_ladders
from regulars.flows.terms.promised.carried import carried
from regulars.flows.terms.rates.plan_rates import RatedAnew, plan_rates
from regulars.flows.terms.rates.settled import settled
from regulars.records.ledger.totals import read as totals
from regulars.records.program import read
from regulars.records.program.problems import Problem, ProgramFault
from regulars.records.program.reading import Reading, in_order, read_program
from regulars.records.program.reading import read as read_file
from regulars.records.program.types import Program
from regulars.records.standing.crowd import read as crowd
from regulars.records.standing.crowd.types import NOBODY_BEFORE, Ladder, Stander

AT_ONCE: Final = 20_000
"""So many members are looked at by one statement."""


class Group(Struct, frozen=True):
    """Members with whom the change does the same."""

    what: What
    tier: str | None
    becomes: str | None
    by_itself: str | None
    """What the new ladder alone would give, whatever is kept."""
    members: int
    ladder: str = ""
    """The further ladder it is about; not said for the tiers."""


class Person(Struct, frozen=True):
    """A member a change touches."""

    member_id: UUID
    given_name: str
    number: str
    what: What
    tier: str | None
    becomes: str | None


class KeptWorth(Struct, frozen=True):
    """Points of a wallet that buy and pay as before, while newer ones do not."""

    wallet: str
    members: int
    points: int
    until_on: date | None


class Plan(Struct, frozen=True):
    """What a program file would change if it was published."""

    problems: tuple[Problem, ...]
    replaces: int
    """The version that rules until then; 0 for the first of all."""
    effective_from: datetime
    changes: tuple[Difference, ...] = ()
    groups: tuple[Group, ...] = ()
    foretold: bool = True
    """False when the new ladder counts what nobody has counted yet."""
    out_of_reach: dict[str, int] = {}
    """How many could take a reward until now, and cannot any more."""
    owed: Liability | None = None
    kept: tuple[KeptWorth, ...] = ()
    """Points that keep the worth they have, by wallet."""
    rates: RatedAnew | None = None
    """What its tables do to what happened already; nothing where they rate what is to come."""
    touched: dict[Whom, int] = {}
    """How many members a change touches, as they stand now; not said where nothing counts them."""
    both: tuple[Program, Program] | None = None
    """What rules until then, and what would; nothing for the first of all, or with errors."""

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.severity == "error"]


async def plan_version(tx: Tx, source: str, effective_from: datetime | None = None) -> Plan:
    """Check a program file, compare it with what it follows on, and count whom it touches.

    Order: it is compared with what members were promised by offers, as it would be published.
    Faults: ProgramFault when it cannot be read at all; Invalid when it is another program's.
    """
    before, reading, start = await _both(tx, source, effective_from)
    published, taken = await read.versions(tx), await read.withdrawals(tx)
    along = coming_along(published, taken, start, tx.now)
    zone = reading.program.zone
    early = [*begins(starts(published, taken, along), zone, start, tx.now), *told(along, zone)]
    problems = in_order([*look_over(reading), *map(reading.marks.problem, early)])
    if before is None or any(one.severity == "error" for one in problems):
        return Plan(tuple(problems), 0 if before is None else before.version, start)
    whole, back = await carried(tx, source)
    old, new = read_program(before.source), read_program(whole) if back else reading.program
    found = [*objections(old, new, (start, tx.now)), *placed_anew(old, new)]
    found += await worth_less(tx, old, new, start)
    found += [*rates(old, new, (start, tx.now)), *await settled(tx, old, new)]
    found += [*rated_anew(old, new), *await relied(tx, old, new, start)]
    found += await before_next(tx, new, next_after(published, along, start), start)
    owed = None
    if revalues(old, new):
        owed = await plan_owed(tx, new, start, before.version)
        found += unaffordable(new, owed)
    problems = in_order([*problems, *back, *map(reading.marks.problem, found)])
    plan = Plan(
        problems=tuple(problems),
        replaces=before.version,
        effective_from=start,
        changes=tuple(differences(old, new)),
        owed=owed,
        both=(old, new),
    )
    plan = replace(plan, touched=await how_many(tx, (old, new), [one.whom for one in plan.changes]))
    if not plan.errors:
        plan = replace(plan, rates=await plan_rates(tx, new, start))
    changes = await plan_ladders.changes_of(tx, new, start)
    plan = replace(plan, foretold=all(one.foretold for one in changes.values()))
    cut = await _cut(tx, reading, start)
    codes = await read.codes(tx)
    prices = [
        totals.Repriced(one.reward, codes["wallet", one.wallet], one.was, one.is_)
        for one in (dearer(old, new) if new.changeover.worth == "new" else ())
    ]
    standing: dict[str, dict[str, int]] = {}
    beside: list[Group] = []
    for name, change in plan_ladders.named(changes):
        found_there = await _beside(tx, name, change)
        standing[name] = _standing(found_there)
        beside += found_there
    plan = replace(plan, touched=await on_ladders(tx, old, standing) | plan.touched)
    reach = await totals.out_of_reach(tx, prices)
    kept = await _kept(tx, old, new)
    plan = replace(plan, out_of_reach=reach, groups=tuple(beside), kept=kept)
    if cut is None:
        return plan
    if not counts_alike(cut.before, cut.after):
        return replace(plan, foretold=False)
    return replace(plan, groups=(*await _groups(tx, cut), *beside))


async def _beside(tx: Tx, name: str, change: plan_ladders.Change) -> list[Group]:
    """Whom the change of a further ladder touches, by what becomes of them."""
    found: Counter[tuple[Fate, str | None]] = Counter()
    async for some in plan_ladders.moved_by(tx, change, None):
        found.update((one.fate._replace(moved=False), one.tier) for one in some)
    return _in_order(found, name)


def _standing(groups: Sequence[Group]) -> dict[str, int]:
    """How many of these stand on each step until then."""
    found: Counter[str] = Counter()
    for one in groups:
        found.update({one.tier: one.members} if one.tier is not None else {})
    return dict(found)


async def people_of_plan(
    tx: Tx,
    source: str,
    when: datetime | None,
    asked: tuple[Collection[What], UUID | None, int],
    ladder: str = "",
    *,
    rounds: int | None = None,
) -> tuple[list[Person], UUID | None]:
    """Members a change touches in one of these ways, in the order of their ids, so many after
    one of them; and where to go on, if there are more. On the tiers, or on a further ladder.

    Order: with `rounds` no more members are looked at than so many statements give; then fewer
    are found than were asked for, or nobody, and there is a place to go on all the same.
    Faults: ProgramFault when the file has errors; Invalid for a ladder nobody knows.
    """
    wanted, after, most = asked
    before, reading, start = await _both(tx, source, when)
    errors = [one for one in look_over(reading) if one.severity == "error"]
    if errors:
        raise ProgramFault(errors)
    found: list[Person] = []
    if ladder:
        changes = dict(
            plan_ladders.named(await plan_ladders.changes_of(tx, reading.program, start))
        )
        if ladder not in changes:
            _known(ladder, None if before is None else read_program(before.source), reading.program)
            return [], None
        async for moved in plan_ladders.moved_by(tx, changes[ladder], after):
            found += (_person(one) for one in moved if one.fate.what in wanted)
            if len(found) > most:
                break
            rounds = None if rounds is None else rounds - 1
            if rounds == 0:
                return found, moved[-1].member_id
        more = found[most - 1].member_id if len(found) > most else None
        return found[:most], more
    cut = await _cut(tx, reading, start)
    if cut is None or not counts_alike(cut.before, cut.after):
        return [], None
    ladder_now = await _ladder(tx, cut)
    place: UUID | None = after or NOBODY_BEFORE
    while ladder_now is not None and place is not None and len(found) <= most:
        some, place = await crowd.some(tx, ladder_now, place, AT_ONCE)
        found += _touched(cut, some, wanted)
        rounds = None if rounds is None else rounds - 1
        if rounds == 0 and len(found) <= most:
            return found, place
    more = found[most - 1].member_id if len(found) > most else None
    return found[:most], more


def _known(ladder: str, *programs: Program | None) -> None:
    """Faults: Invalid where no program knows a ladder of this name, so that nobody takes "no one is
    touched" for an answer about another one."""
    names = dict.fromkeys(name for one in programs if one is not None for name in one.ladders)
    if ladder not in names:
        known = ", ".join(names) or "none"
        raise Invalid(
            f"there is no ladder beside the tiers called so; known: {known}", field="/ladder"
        )


def _person(one: plan_ladders.Moved) -> Person:
    told = (one.member_id, one.given_name, one.number)
    return Person(*told, one.fate.what, one.tier, one.fate.tier)


def _touched(cut: Cutover, some: Sequence[Stander], wanted: Collection[What]) -> Iterator[Person]:
    for one in some:
        is_ = fate(cut, one.place)
        if is_.what in wanted:
            told = (one.member_id, one.given_name, one.number)
            yield Person(*told, is_.what, one.place.tier, is_.tier)


async def _both(
    tx: Tx, source: str, effective_from: datetime | None
) -> tuple[read.Published | None, Reading, datetime]:
    reading = read_file(source)
    slug = await read.slug(tx)
    if reading.program.program != slug:
        raise Invalid(
            f"this file is program {reading.program.program}, but here is {slug}", field="/program"
        )
    start = effective_from or tx.now
    published = await read.versions(tx)
    return read.before(published, start), reading, start


async def _cut(tx: Tx, reading: Reading, start: datetime) -> Cutover | None:
    """The change of the ladder this file would bring; nothing where it brings none."""
    published, known = await read.versions(tx), await read.codes(tx)
    before = read.before(published, start)
    if before is None:
        return None
    compiled = [
        (before.version, before.effective_from, compile_program(read_program(before.source))),
        (before.version + 1, start, compile_program(reading.program)),
    ]
    codes = known | codes_for(known, compiled[1][2])
    old, new = terms_of(tx.program_id, "", compiled, codes).versions
    return None if same_ladder(old, new) or not _ladders(old, new) else Cutover(start, old, new)


def _ladders(*versions: Version) -> bool:
    return all(version.program.tiers is not None for version in versions)


async def _groups(tx: Tx, cut: Cutover) -> tuple[Group, ...]:
    ladder = await _ladder(tx, cut)
    if ladder is None:
        return ()
    found: Counter[tuple[Fate, str | None]] = Counter()
    for place, members in await crowd.counts(tx, ladder):
        found[fate(cut, place)._replace(moved=False), place.tier] += members
    return tuple(_in_order(found))


def _in_order(found: Counter[tuple[Fate, str | None]], ladder: str = "") -> list[Group]:
    order = ("loses", "kept", "wins", "same")
    groups = [Group(f.what, tier, f.tier, f.by_itself, n, ladder) for (f, tier), n in found.items()]
    return sorted(groups, key=lambda g: (order.index(g.what), g.tier or "", -g.members))


async def _ladder(tx: Tx, cut: Cutover) -> Ladder | None:
    joined = await crowd.joined_between(tx, cut.after.program.zone)
    return ladder_of(cut, joined) if joined else None


async def _kept(tx: Tx, old: Program, new: Program) -> tuple[KeptWorth, ...]:
    """Whose points keep their worth, where newer ones are worth less."""
    plan, codes = new.changeover, await read.codes(tx)
    less = cheapened(old, new) if plan.worth == "keep" else []
    held = await totals.holders(tx, [codes["wallet", name] for name in less])
    found = [(name, *held.get(codes["wallet", name], (0, 0))) for name in less]
    until = None if plan.worth_until_on is None else date.fromisoformat(plan.worth_until_on)
    return tuple(KeptWorth(*one, until) for one in found)
