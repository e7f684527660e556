"""Challenges, streaks, prizes and milestones on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.flows.points.gaming.answers import Games, InChallenge, InStreak, InTeam
from regulars.flows.points.gaming.commands import PartTaken
from regulars.flows.points.gaming.show_milestones import AtMilestone, Milestones
from regulars.records.program.parts.gaming import Challenge, DeedMilestone, Streak
from regulars.records.rewards.codes.lettering import shown as in_fours
from regulars.records.rewards.prizes.types import Prize
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Whom


class PartSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member takes part in a challenge."""

    member: Whom
    challenge: Annotated[str, Meta(min_length=1, max_length=40)]


class PartDone(Struct, frozen=True):
    """The member takes part; who does already, since when they do."""

    id: str
    member_id: str
    challenge: str
    since: datetime


class ChallengeShown(Struct, frozen=True):
    """A challenge, and how far a member is with it."""

    id: str
    name: str
    says: str
    measure: str
    """With `spend` what follows is minor units of the currency."""
    reached: int
    """How far they are in the period; after the target was reached, in the next round of it."""
    target: int
    times: int
    """How often they reached it in this period."""
    takes_part: bool
    period_begins: datetime | None
    """Nothing while the period has not begun, which begins with the member."""
    period_ends: datetime | None
    program_version: int
    team: TeamShown | None = None
    """Of a challenge for teams: the one they are in; `reached` is what all of it did."""


class MateShown(Struct, frozen=True):
    """Somebody of a team, and what they did of it in the period that runs."""

    called: str
    """Initials; empty for who has no name or is gone."""
    part: int
    in_it: bool
    """Whether they are in it still; what they did counts all the same."""
    is_self: bool


class TeamShown(Struct, frozen=True):
    """A team of a challenge."""

    id: str
    name: str
    code: str
    """With it others join."""
    least: int
    """So much everybody does themselves to have the prize."""
    members: list[MateShown]


class StreakShown(Struct, frozen=True):
    """A streak, and how long it is."""

    id: str
    name: str
    says: str
    every: Literal["day", "week", "month"]
    length: int
    best: int
    freezes_left: int
    """What may still be missed in this period."""
    safe: bool
    """Whether this day, week or month has its deed already."""
    next_length: int | None
    """How long it must be for the next prize."""
    program_version: int


class PrizeShown(Struct, frozen=True):
    """What a member got for a challenge, a streak, a milestone or a place on a board, and has."""

    id: str
    game: Literal["challenge", "streak", "milestone", "board"]
    name: str
    badge: str | None
    wallet: str | None
    points: int
    grant_id: str | None
    """A benefit that was granted with it."""
    entry_id: str | None
    activity_id: str | None
    """What reached it; nothing where it was a sum or a place."""
    reached_at: datetime
    given_at: datetime
    program_version: int
    place: int
    """The how-manieth time, how long the streak is, or which place of the board."""
    store: str | None
    """Of a board: the one of this store."""
    reward: str | None
    redemption_id: str | None
    """A reward that was issued for it, for nothing."""


class GamesShown(Struct, frozen=True):
    """Challenges, streaks, badges and other prizes of a member."""

    member_id: str
    as_of: datetime
    challenges: list[ChallengeShown]
    streaks: list[StreakShown]
    badges: list[str]
    """The names of badges they have, the oldest first, each once."""
    prizes: list[PrizeShown]


def part_done(taken: PartTaken) -> PartDone:
    """That somebody takes part, as the API answers it."""
    return PartDone(
        shown("prt", taken.part_id), shown("mem", taken.member_id), taken.challenge, taken.since
    )


def games_shown(
    games: Games, wallets: Mapping[int, str], says: Callable[[Challenge | Streak], str]
) -> GamesShown:
    """How far a member is, as the API shows it; `says` puts a promise into words."""
    return GamesShown(
        member_id=shown("mem", games.member_id),
        as_of=games.as_of,
        challenges=[_challenge(one, says(one.promise)) for one in games.challenges],
        streaks=[_streak(one, says(one.promise)) for one in games.streaks],
        badges=list(dict.fromkeys(one.badge for one in games.prizes if one.badge)),
        prizes=[_prize(one, wallets) for one in games.prizes],
    )


def _challenge(one: InChallenge, says: str) -> ChallengeShown:
    return ChallengeShown(
        id=one.promise.id,
        name=one.promise.name,
        says=says,
        measure=one.promise.measure,
        reached=one.running,
        target=one.target,
        times=one.times,
        takes_part=one.takes_part,
        period_begins=one.begins,
        period_ends=one.ends,
        program_version=one.version,
        team=None if one.team is None else _team(one.team),
    )


def _team(one: InTeam) -> TeamShown:
    return TeamShown(
        id=shown("tea", one.team_id),
        name=one.name,
        code=in_fours(one.code, ""),
        least=one.least,
        members=[MateShown(m.called, m.part, m.in_it, m.is_self) for m in one.mates],
    )


def _streak(one: InStreak, says: str) -> StreakShown:
    return StreakShown(
        id=one.promise.id,
        name=one.promise.name,
        says=says,
        every=one.promise.every,
        length=one.length,
        best=one.best,
        freezes_left=one.freezes_left,
        safe=one.safe,
        next_length=one.next_length,
        program_version=one.version,
    )


def _prize(one: Prize, wallets: Mapping[int, str]) -> PrizeShown:
    return PrizeShown(
        id=shown("prz", one.prize_id),
        game=one.game,
        name=one.name,
        badge=one.badge or None,
        wallet=None if one.wallet is None else wallets[one.wallet],
        points=one.units,
        grant_id=shown("grt", one.grant_id) if one.grant_id else None,
        entry_id=shown("ent", one.entry_id) if one.entry_id else None,
        activity_id=shown("act", one.deed_id) if one.deed_id else None,
        reached_at=one.reached_at,
        given_at=one.given_at,
        program_version=one.version,
        place=one.place,
        store=(one.about or None) if one.game == "board" else None,
        reward=one.reward or None,
        redemption_id=shown("red", one.redemption_id) if one.redemption_id else None,
    )


class MilestoneShown(Struct, frozen=True):
    """A milestone, and how far a member is with it in the period that runs."""

    id: str
    name: str
    says: str
    measure: Literal["deeds", "spend", "items"]
    """With `spend` amounts below are minor units of the currency."""
    per: Literal["day", "week", "month", "year", "ever"]
    wallet: str | None
    """Nothing where no step gives points."""
    reached: int
    """How much came together so far."""
    given: int
    """How many points they have for it."""
    next_at: int | None
    """How much it takes together until there is more; nothing when there is no more."""
    next_points: int


class MilestonesShown(Struct, frozen=True):
    """All milestones in force, and how far a member is with each."""

    member_id: str
    as_of: datetime
    milestones: list[MilestoneShown]


def milestones_shown(
    found: Milestones, wallets: Mapping[int, str], says: Callable[[DeedMilestone], str]
) -> MilestonesShown:
    """How far a member is, as the API shows it; `says` puts a promise into words."""
    return MilestonesShown(
        shown("mem", found.member_id),
        found.as_of,
        [_milestone(one, wallets, says(one.promise)) for one in found.milestones],
    )


def _milestone(one: AtMilestone, wallets: Mapping[int, str], says: str) -> MilestoneShown:
    return MilestoneShown(
        id=one.promise.id,
        name=one.promise.name,
        says=says,
        measure=one.promise.measure,
        per=one.promise.per,
        wallet=wallets[one.wallet] if one.wallet else None,
        reached=one.together,
        given=one.given,
        next_at=one.next_at,
        next_points=one.next_units,
    )
