"""A program as decisions use it: its versions in order of time, compiled, with their codes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.compiling.asked import attributes_asked, least_lives, own_ends
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.counters import (
    benefit_name,
    budget_names,
    credit_name,
    kept_name,
    limit_names,
    reward_name,
    transfer_names,
)
from regulars.engine.compiling.rating import Pair, Rates, Rating, rated_anew, ratings
from regulars.engine.compiling.ruling import never_ruled
from regulars.engine.compiling.stones import stones_of
from regulars.engine.compiling.version import Beside, Cutover, Idle, Kept, Version
from regulars.engine.ladder.elsewhere import elsewhere
from regulars.engine.ladder.measuring import bare
from regulars.engine.ladder.views import doubled, view_of

__all__ = [
    "Beside",
    "Cutover",
    "Idle",
    "Kept",
    "Terms",
    "Version",
    "counts_alike",
    "same_ladder",
    "terms_of",
]


class Terms(Struct, frozen=True):
    """Every version of one program; the past is decided by the version in force then (F1)."""

    program_id: int
    slug: str
    versions: tuple[Version, ...]
    starts: tuple[datetime, ...]
    wallet_names: Mapping[int, str]
    """The name behind each small number, of all versions."""
    counters: Mapping[str, int] = {}
    """The small number of each counter, of all versions, by its name."""
    ratings: tuple[Rating, ...] = ()
    """Versions whose tables hold for what happened before, in the order in which they rule."""
    rated: Mapping[Pair, Version] = {}
    """A version as the tables of a later one rate it, where they say otherwise."""
    unruled: tuple[Version, ...] = ()
    """Versions that were replaced or taken back before their day, when nothing had been decided by
    them: nothing follows from them for the others. Each is whole, as if it had ruled."""

    @property
    def latest(self) -> int:
        """The number of the newest version, whether it ever rules or not."""
        return max(version.number for version in (*self.versions, *self.unruled))

    def at(self, occurred_at: datetime) -> Version:
        """The version in force at an instant; before the first one, the first."""
        place = bisect_right(self.starts, occurred_at)
        return self.versions[place - 1 if place else 0]

    def between(self, since: datetime, until: datetime) -> tuple[Version, ...]:
        """The versions in force from one instant to another, both included."""
        first, last = bisect_right(self.starts, since), bisect_right(self.starts, until)
        return self.versions[max(first - 1, 0) : last]

    def numbered(self, number: int) -> Version:
        """The version with this number."""
        every = (*self.versions, *self.unruled)
        return next(version for version in every if version.number == number)

    def rates(self, number: int, kind: str, day: int, now: datetime) -> Rates:
        """Whose tables rate something that this version decides, as known by now.

        Order: of several whose tables hold for this day the last one does.
        """
        for one in reversed(self.ratings):
            holds = one.from_day <= day and kind in one.kinds and one.since <= now
            if holds and self._before(number, one.number):
                differs = (number, one.number) in self.rated
                return Rates(one.number, one.number if differs else 0)
        return Rates(0, 0)

    def _before(self, number: int, later: int) -> bool:
        one, other = self.numbered(number), self.numbered(later)
        return (one.effective_from, number) < (other.effective_from, later)

    def rated_by(self, number: int, rated: int) -> Version:
        """The version that decided, with the tables by which that is rated."""
        return self.rated[number, rated] if rated else self.numbered(number)


def terms_of(
    program_id: int,
    slug: str,
    published: Sequence[tuple[int, datetime, Compiled]],
    codes: Mapping[tuple[str, str], int],
    published_at: Mapping[int, datetime] | None = None,
    stand_ins: Collection[int] = (),
) -> Terms:
    """All published versions with their codes (kind and name → number), ready to decide with.

    Shape: `published_at` says when a version became known, where that may be later than from when
    on it rules; `stand_ins` are those that were published where others were taken back.
    Order: versions rule from their `effective_from`; of two that start together the later wins.
    Keeps: one in whose place another was published before its day never rules, so nothing follows
    from it: no ladder, length of time or table of it was ever anybody's.
    """
    known = published_at or {}
    ordered = sorted(published, key=lambda one: (one[1], one[0]))
    every = [_version(number, at, compiled, codes) for number, at, compiled in ordered]
    never = never_ruled([(one.number, one.effective_from) for one in every], known, stand_ins)
    versions = _whole([one for one in every if one.number not in never], codes, known)
    unruled = tuple(
        _whole([*(each for each in every[:place] if each.number not in never), one], codes, known)[
            -1
        ]
        for place, one in enumerate(every)
        if one.number in never
    )
    told = tuple(
        ratings(
            [
                (
                    one.number,
                    max(one.effective_from, known.get(one.number, one.effective_from)),
                    one.program,
                )
                for one in versions
            ]
        )
    )
    return Terms(
        program_id=program_id,
        slug=slug,
        versions=versions,
        starts=tuple(version.effective_from for version in versions),
        wallet_names={code: name for (kind, name), code in codes.items() if kind == "wallet"},
        counters={name: code for (kind, name), code in codes.items() if kind == "counter"},
        ratings=told,
        rated=_rated(versions, told),
        unruled=unruled,
    )


def _whole(
    alone: Sequence[Version],
    codes: Mapping[tuple[str, str], int],
    known: Mapping[int, datetime],
) -> tuple[Version, ...]:
    """Versions with all that follows for each of them from those before it."""
    idle = _idle(alone, known)
    versions = _in_turn(
        [
            doubled(
                replace(
                    one,
                    elsewhere=elsewhere(one, alone),
                    idle=policies,
                    begins=one.effective_from if place else None,
                ),
                codes,
            )
            for place, (one, policies) in enumerate(zip(alone, idle, strict=True))
        ],
        known,
    )
    return _with_kept(_with_further(versions, codes, known), known)


def _rated(versions: Sequence[Version], told: Sequence[Rating]) -> dict[Pair, Version]:
    """Each version before one whose tables hold for what happened, as those tables rate it."""
    found: dict[Pair, Version] = {}
    for rating in told:
        place = [one.number for one in versions].index(rating.number)
        for one in versions[:place]:
            anew = rated_anew(one.compiled, versions[place].program)
            if anew is not None:
                found[one.number, rating.number] = replace(one, compiled=anew, program=anew.program)
    return found


def _version(
    number: int, effective_from: datetime, compiled: Compiled, codes: Mapping[tuple[str, str], int]
) -> Version:
    program, zone = compiled.program, ZoneInfo(compiled.program.zone)
    return Version(
        number=number,
        effective_from=effective_from,
        compiled=compiled,
        program=program,
        zone=zone,
        wallet_codes=tuple(codes["wallet", name] for name in program.wallets),
        wallet_ids={codes["wallet", name]: name for name in program.wallets},
        limit_counters=tuple(codes["counter", name] for name in limit_names(compiled)),
        budget_counters=tuple(codes["counter", name] for name in budget_names(compiled)),
        remainder_counters=tuple(codes["counter", kept_name(w)] for w in compiled.wallets),
        credit_counter=codes["counter", credit_name(program.tiers)] if program.tiers else 0,
        rewards={reward.id: reward for reward in program.rewards},
        benefits={benefit.id: benefit for benefit in program.benefits},
        plans={plan.id: plan for plan in program.plans},
        benefit_counters={
            b.id: codes["counter", benefit_name(b)] for b in program.benefits if b.allowance
        },
        reward_counters={
            r.id: codes["counter", reward_name(r)] for r in program.rewards if r.limit
        },
        warned={
            codes["wallet", name]: (zone, wallet.notice.days)
            for name, wallet in program.wallets.items()
            if wallet.notice is not None
        },
        come_back=least_lives(program, codes, "comes_back"),
        come_late=least_lives(program, codes, "comes_late"),
        come_over=least_lives(program, codes, "comes_over"),
        own_ends=own_ends(program, codes),
        attributes=attributes_asked(program),
        transfer_counters={
            wallet: codes["counter", name] for wallet, name in transfer_names(program).items()
        },
        stones=stones_of(program, codes),
    )


def _idle(
    versions: Sequence[Version], published_at: Mapping[int, datetime]
) -> list[dict[int, Idle]]:
    """Of each version what it says about members who do nothing, per wallet code.

    Keeps: a length of time that the version before did not have begins anew, so that nobody loses
    points before it is over once, however much shorter it is; said again it goes on.
    """
    found: list[dict[int, Idle]] = []
    before: dict[int, Idle] = {}
    for version in versions:
        starts = max(
            version.effective_from, published_at.get(version.number, version.effective_from)
        )
        here: dict[int, Idle] = {}
        for code, name in version.wallet_ids.items():
            wallet = version.program.wallets[name]
            said = wallet.inactivity
            if said is None or wallet.notice is None:
                continue
            goes_on = code in before and before[code].after == said.after
            since = before[code].since if goes_on else starts
            resets = frozenset(said.reset_by)
            here[code] = Idle(version.zone, said.after, wallet.notice.days, resets, since)
        found.append(here)
        before = here
    return found


def _in_turn(
    versions: Sequence[Version], published_at: Mapping[int, datetime]
) -> tuple[Version, ...]:
    """Each version with the changes of the ladder that lie behind it, in order of time.

    Keeps: a version that another one of the same beginning took back moves nobody, nor does one
    that rules only the past.
    """
    known = {
        one.number: max(one.effective_from, published_at.get(one.number, one.effective_from))
        for one in versions
    }
    done: list[Version] = []
    before: Version | None = None
    for place, one in enumerate(versions):
        at = known[one.number]
        done.append(one if before is None else _with_past(one, before, at))
        if done[-1].cutovers[-1:] != () and done[-1].cutovers[-1].after.number == one.number:
            rules = [other.number for other in versions if known[other.number] <= at][-1]
            if rules != one.number:
                done[-1] = replace(one, cutovers=before.cutovers if before else ())
        follows = versions[place + 1 : place + 2]
        if not follows or follows[0].effective_from > one.effective_from:
            before = done[-1]
    return tuple(done)


def _with_past(one: Version, before: Version, at: datetime) -> Version:
    """A version with the changes behind it, its own at this instant among them if it moves any."""
    if same_ladder(before, one):
        return replace(one, cutovers=before.cutovers, beside=before.beside)
    plan = one.program.changeover
    stays = plan.members == "keep" and plan.until_on is None
    # What was promised to count beside the ladder goes on, unless everybody is placed anew.
    if plan.members != "full":
        goes_on = [each for each in before.beside if counts_alike(each.ladder, one)]
        one = replace(one, beside=tuple(goes_on))
    if stays or (plan.members != "keep" and not counts_alike(before, one)):
        return replace(one, cutovers=before.cutovers)
    cut = Cutover(at, before, one)
    if plan.members == "step_by_step":
        plain = replace(before, cutovers=(), beside=())
        one = replace(one, beside=(*one.beside, Beside(plain, at, cut.until)))
        cut = replace(cut, after=one)
    return replace(one, cutovers=(*before.cutovers, cut))


def _with_further(
    versions: Sequence[Version],
    codes: Mapping[tuple[str, str], int],
    published_at: Mapping[int, datetime],
) -> tuple[Version, ...]:
    """Each version with a view of each of its further ladders, whose changes lie behind it as
    those of the tiers do."""
    found: dict[int, dict[str, Version]] = {one.number: {} for one in versions}
    for name in dict.fromkeys(name for one in versions for name in one.program.ladders):
        alone = [view_of(one, name, codes) for one in versions if name in one.program.ladders]
        there = [replace(one, elsewhere=elsewhere(one, alone)) for one in alone]
        for view in _since(_in_turn(there, published_at), published_at):
            found[view.number][name] = doubled(view, codes)
    return tuple(replace(one, further=found[one.number]) for one in versions)


def _with_kept(
    versions: Sequence[Version], published_at: Mapping[int, datetime]
) -> tuple[Version, ...]:
    """Each version with the terms whose worth points keep, its own word not taken back at once.

    Keeps: what one version promised holds until it is over, whatever the next ones say.
    """
    done: list[Version] = []
    before: Version | None = None
    for place, one in enumerate(versions):
        kept = () if before is None else before.kept
        if before is not None and one.program.changeover.worth == "keep":
            on = one.program.changeover.worth_until_on
            until = day_starts_at(one.zone, date.fromisoformat(on).toordinal()) if on else None
            since = max(one.effective_from, published_at.get(one.number, one.effective_from))
            kept = (*kept, Kept(since, until, replace(before, kept=())))
        done.append(replace(one, kept=kept))
        follows = versions[place + 1 : place + 2]
        before = before if follows and follows[0].effective_from <= one.effective_from else done[-1]
    return tuple(done)


def _since(views: Sequence[Version], published_at: Mapping[int, datetime]) -> Iterator[Version]:
    """Each view of a ladder with what it was before, where its terms changed."""
    before: Version | None = None
    for one in views:
        if before is None:
            before = one
        elif same_ladder(before, one):
            kept = (before.since, before.counts_from, before.earlier)
            before = replace(one, since=kept[0], counts_from=kept[1], earlier=kept[2])
        else:
            at = max(one.effective_from, published_at.get(one.number, one.effective_from))
            earlier = (*before.earlier, before)
            ends = (each.until for each in one.beside)
            days = tuple(local(one.zone, day).day for day in (at, *ends) if day is not None)
            before = replace(one, since=at, counts_from=days, earlier=earlier)
        yield before


def same_ladder(one: Version, other: Version) -> bool:
    """Do both versions have the same steps, looked at in the same way? Texts do not matter."""
    return bare(one.program.tiers) == bare(other.program.tiers)


def counts_alike(one: Version, other: Version) -> bool:
    """Do both ladders count the same credit, in the same windows?"""
    if one.program.tiers is None or other.program.tiers is None:
        return False
    mine, theirs = one.program.tiers, other.program.tiers
    same = one.credit_counter == other.credit_counter
    later = mine.credit_after_days == theirs.credit_after_days
    return same and later and mine.rolling_days == theirs.rolling_days
