"""The rows of what came along, read as the things they tell of; points they gave stay out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.engine.terms import Terms, Version
from regulars.flows.importing import reading_ties as ties
from regulars.flows.importing.commands import BringHad
from regulars.records.benefits.plans.types import Membership
from regulars.records.benefits.types import Grant
from regulars.records.imports.came.read import NOBODYS
from regulars.records.imports.came.types import HadKind, Place
from regulars.records.members.referrals.types import Code, Milestone, Referral
from regulars.records.rewards.choices.types import Choice
from regulars.records.rewards.prizes.types import Part, Prize
from regulars.records.rewards.teams import types as teams
from regulars.records.standing.grants.types import TierGrant

LONGEST: Final = 2_000
_SMALL: Final = 2**31 - 1
_INTS: Final = ("period", "times", "version", "step", "terms", "began_on", "place", "friends")
_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)
"""Instants that have a day in each zone lie between these."""
_BY_LINE: Final[dict[HadKind, str]] = {
    "grant": "grant_id", "tier": "grant_id", "household": "household_id",
    "membership": "membership_id",
}  # fmt: skip
"""What is a thing's number in its row is the number of its line: by that it is looked for."""
_POSITIVE: Final = ("times", "place", "friends", "asks")
_SIGNED: Final = ("off_minor",)
_MEND: Final = "export it again"
_NO_POINTS: Final[dict[str, Any]] = {
    "entry_id": None, "gave_entry": None, "units": 0, "units_back": 0, "referrer_units": 0,
    "newcomer_units": 0, "referrer_entry": None, "newcomer_entry": None, "referrer_back": None,
    "newcomer_back": None,
}  # fmt: skip
"""What a thing gave came as points, and is not given back by what happens to the thing."""


class Trial(Struct, frozen=True):
    """Somebody had a trial, by what they are found by."""

    digest: UUID


class Taken(Struct, frozen=True):
    """When a member last took a reward."""

    reward: str
    at: datetime


class InTeam(NamedTuple):
    """A place, and the team it is in."""

    team_id: UUID
    place: teams.Place


class _Kind(NamedTuple):
    """What a row is read as, what the program must have for it, and where it stands."""

    shape: Any
    has: Callable[[Version, Mapping[str, Any]], bool]
    places: Callable[[Any], list[Place]]


def read_row(terms: Terms, one: BringHad, who: UUID, now: datetime) -> Any:
    """The thing a line tells of, as this member's. Faults: Invalid.

    Order: a thing is of the version it was promised under, where that has it here; else of the
    last that has it.
    """
    kind = _KINDS[one.kind]
    try:
        told = msgspec.json.decode(one.row, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError):
        raise Invalid("this row is no JSON object", field="/row", mend=_MEND) from None
    _bounds(told)
    wallets = {name: code for code, name in terms.wallet_names.items()}
    told |= {"version": _version(terms, kind, told).number, "member_id": who}
    _as_here(one, told, wallets, who)
    try:
        read = msgspec.convert(told, kind.shape)
        _sound(read)
        if isinstance(read, ties.Family):
            return ties.whole(read, wallets, now)
        if isinstance(read, ties.Spent):
            return ties.took(read, now)
        if isinstance(read, TierGrant):
            return ties.by_hand(terms, read, told, now)
        return InTeam(UUID(told["team_id"]), read) if one.kind == "place" else read
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise Invalid(f"this row cannot be read: {error}", field="/row", mend=_MEND) from None


def _as_here(one: BringHad, told: dict[str, Any], wallets: Mapping[str, int], who: UUID) -> None:
    """Names and numbers as they are here; what gave points there gives none here."""
    kind = one.kind
    if kind in _BY_LINE:
        told[_BY_LINE[kind]] = str(one.id)
    if kind in ("referral", "friends"):
        if told.get("wallet") not in wallets:
            raise Invalid(f"there is no wallet {told.get('wallet')}", field="/row", mend=_MEND)
        told["wallet"] = wallets[told["wallet"]]
    if kind not in ("friends", "spent"):
        told |= {name: value for name, value in _NO_POINTS.items() if name in told}
    if kind == "prize":
        told |= {"wallet": None, "redemption_id": None}
    if kind == "team":
        told["founder_id"] = who
    if kind == "household":
        ties.under_its_head(told, who)


def places_of(kind: HadKind, thing: Any) -> list[Place]:
    """Where a thing stands, of which there is room for one."""
    return _KINDS[kind].places(thing)


def _bounds(told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(one, str) and (len(one) > LONGEST or "\x00" in one) for one in texts):
            raise Invalid(f"{name} is no plain text", field="/row", mend=_MEND)
        if isinstance(value, bool) or not isinstance(value, int):
            continue
        least = -LARGEST if name in _SIGNED else int(name in _POSITIVE)
        if not least <= value <= (_SMALL if name in _INTS else LARGEST):
            raise Invalid(f"{name} is out of bounds", field="/row", mend=_MEND)


def _sound(thing: Any) -> None:
    """What no column takes is told as what is wrong with the row."""
    times = {name: told for name in thing.__struct_fields__
             if isinstance(told := getattr(thing, name), datetime)}  # fmt: skip
    for name, at in times.items():
        if at.tzinfo is None:
            raise Invalid(f"{name} says no zone", field="/row", mend=_MEND)
        if not _FIRST <= at <= _LAST:
            raise Invalid(f"{name} is in no calendar", field="/row", mend=_MEND)
    if "from_at" in times and "until_at" in times and times["until_at"] <= times["from_at"]:
        raise Invalid("it is over before it begins", field="/row", mend=_MEND)
    if isinstance(thing, Referral):
        _went(thing)


def _went(one: Referral) -> None:
    """A referral says what goes with its state; one that was rejected counts for nobody."""
    kept = (one.sale_id, one.due_at, one.settled_at)
    goes: dict[str, tuple[Any, ...]] = {
        "rewarded": (*kept, None if one.reason else True),
        "retracted": (*kept, one.retracted_at, one.reason or None),
        "rejected": (None,),
    }
    if None in goes.get(one.state, ()):
        says = f"a referral that is {one.state} says otherwise when and why"
        raise Invalid(says, field="/row", mend=_MEND)


def _version(terms: Terms, kind: _Kind, told: Mapping[str, Any]) -> Version:
    having = [one for one in terms.versions if kind.has(one, told)]
    if not having:
        says = "the program has nothing of this name here"
        mend = "publish every version of the program that came along, or leave the line out"
        raise Invalid(says, field="/row", mend=mend)
    same = [one for one in having if one.number == told.get("version")]
    return (same or having)[-1]


def _chosen(version: Version, told: Mapping[str, Any]) -> bool:
    program = version.program
    several: tuple[Any, ...] = (*program.rewards, *program.benefits)
    return any(
        (one.id, one.choose_one) == (told.get("chosen"), told.get("word")) for one in several
    )


def _played(version: Version, told: Mapping[str, Any]) -> bool:
    games: dict[str, Any] = {
        "challenge": version.program.challenges,
        "streak": version.program.streaks,
        "milestone": version.program.milestones,
        "board": version.program.leaderboards,
    }
    return any(one.id == told.get("name") for one in games.get(str(told.get("game")), ()))


def _named(where: str, field: str) -> Callable[[Version, Mapping[str, Any]], bool]:
    def has(version: Version, told: Mapping[str, Any]) -> bool:
        return any(one.id == told.get(field) for one in getattr(version.program, where))

    return has


def _refers(version: Version, told: Mapping[str, Any]) -> bool:
    return version.program.referral is not None


def _shared(version: Version, told: Mapping[str, Any]) -> bool:
    return version.program.household is not None


def _stepped(version: Version, told: Mapping[str, Any]) -> bool:
    ladders = (version, *version.further.values())
    return any(told.get("tier") in one.compiled.tiers for one in ladders)


def _kept(version: Version, told: Mapping[str, Any]) -> bool:
    return told.get("wallet") in version.program.wallets


def _always(version: Version, told: Mapping[str, Any]) -> bool:
    return True


def _of(kind: HadKind, *words: Callable[[Any], str]) -> Callable[[Any], list[Place]]:
    return lambda thing: [Place(kind, thing.member_id, " ".join(say(thing) for say in words))]


def _nobodys(kind: HadKind, word: Callable[[Any], str]) -> Callable[[Any], list[Place]]:
    return lambda thing: [Place(kind, NOBODYS, word(thing))]


_challenge = _named("challenges", "challenge")
_KINDS: Final[dict[HadKind, _Kind]] = {
    "choice": _Kind(
        Choice, _chosen,
        _of("choice", lambda one: one.word, lambda one: str(one.period), lambda one: one.chosen),
    ),
    "grant": _Kind(
        Grant, _named("benefits", "benefit"), _nobodys("grant", lambda one: str(one.grant_id))
    ),
    "membership": _Kind(
        Membership, _named("plans", "plan"),
        lambda one: [Place("membership", one.member_id),
                     Place("membership", NOBODYS, str(one.membership_id))],
    ),
    "trial": _Kind(Trial, _always, _nobodys("trial", lambda one: str(one.digest))),
    "friend_code": _Kind(
        Code, _refers,
        lambda one: [Place("friend_code", one.member_id), Place("friend_code", NOBODYS, one.code)],
    ),
    "referral": _Kind(Referral, _refers, lambda one: [Place("referral", one.member_id)]),
    "friends": _Kind(Milestone, _refers, lambda one: []),
    "part": _Kind(Part, _challenge, _of("part", lambda one: one.challenge)),
    "prize": _Kind(
        Prize, _played,
        _of("prize", lambda one: one.game, lambda one: one.name, lambda one: str(one.began_on),
            lambda one: " ".join([str(one.place), *filter(None, [one.about])])),
    ),
    "team": _Kind(teams.Team, _challenge, _nobodys("team", lambda one: one.code)),
    "place": _Kind(teams.Place, _always, lambda one: []),
    "taken": _Kind(Taken, _named("rewards", "reward"), lambda one: []),
    "household": _Kind(
        ties.Family, _shared,
        lambda one: [Place("household", NOBODYS, str(one.household_id)),
                     *(Place("household", place.member_id) for place in one.places)],
    ),
    "tier": _Kind(
        TierGrant, _stepped, _nobodys("tier", lambda one: str(one.given.grant_id))
    ),
    "spent": _Kind(ties.Spent, _kept, lambda one: []),
}  # fmt: skip
