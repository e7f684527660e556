"""Plans, drafts, and words about versions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import astuple

from regulars.engine.words.changes import whom_in_words
from regulars.flows.terms.plan_version import KeptWorth, Person, Plan
from regulars.records.program.changes.types import Draft, TermsWord
from regulars.records.program.read import Withdrawal
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Limit
from regulars.surfaces.api.wire.terms.programs import ProblemFound, Source
from regulars.surfaces.in_words.changed import change_in_words

Touched = Literal["loses", "kept", "wins"]
Turn = Literal["better", "worse", "other"]
Revision = Annotated[int, Meta(ge=0, le=10**9, description="The revision that was read.")]


class PlanSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A program file to plan with, and from when on it would rule; from now when not said."""

    source: Source
    effective_from: Instant | None = None


class ChangeShown(Struct, frozen=True):
    """One promise that is another in the new version."""

    kind: str
    path: str
    what: str
    before: str
    after: str
    turn: Turn
    whom: str
    says: str
    members: int | None = None
    """How many members that are, as they stand now; not said where nothing counts them."""


class GroupShown(Struct, frozen=True):
    """So many members with whom the change does the same."""

    what: Literal["loses", "kept", "wins", "same"]
    tier: str | None
    becomes: str | None
    by_itself: str | None
    """What the new ladder alone would give them."""
    members: int
    ladder: str
    """The further ladder it is about; empty for the tiers."""


class KeptWorthShown(Struct, frozen=True):
    """Points of a wallet that buy and pay as before, while newer ones do not."""

    wallet: str
    members: int
    points: int
    """In the smallest unit of the wallet."""
    until_on: str | None
    """The first day on which that is over; as long as they live, unless said."""


class RatedAnewShown(Struct, frozen=True):
    """What tables come to that hold for what happened already (`changeover: {rates_from_on: …}`).

    Units: points in the smallest unit of each wallet, of all members together.
    """

    from_on: str
    members: int
    """Of whom something is rated anew."""
    activities: int
    more: dict[str, int]
    """What members get more, by wallet."""
    less: dict[str, int]
    """What is taken of them, by wallet."""
    all_counted: bool
    """False when there are more members than a plan looks at."""


class PlanShown(Struct, frozen=True):
    """What a program file would change. With an error it cannot be published; warnings with a
    name have to be accepted by it."""

    ok: bool
    problems: list[ProblemFound]
    replaces: int
    effective_from: datetime
    changes: list[ChangeShown]
    groups: list[GroupShown]
    foretold: bool
    out_of_reach: dict[str, int]
    liability_before_minor: int | None
    liability_after_minor: int | None
    kept_worth: list[KeptWorthShown] = []
    """Whose points keep the worth they have (`changeover: {worth: keep}`)."""
    rated_anew: RatedAnewShown | None = None
    """What happened already and is rated anew; nothing where tables rate what is to come."""


class PeopleSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a plan touches, by name: those who lose, are kept where they are, or win."""

    source: Source
    effective_from: Instant | None = None
    what: Annotated[tuple[Touched, ...], Meta(min_length=1, max_length=3)] = ("loses",)
    ladder: Annotated[str, Meta(max_length=80)] = ""
    """A further ladder; the tiers when not said."""
    limit: Limit = 50
    cursor: Annotated[str, Meta(max_length=400)] | None = None


class TouchedMember(Struct, frozen=True):
    """A member a plan touches."""

    member_id: str
    given_name: str
    number: str
    what: Touched | Literal["same"]
    tier: str | None
    becomes: str | None


class PeoplePage(Struct, frozen=True):
    """Some members, in the order of their ids, and where to go on."""

    items: list[TouchedMember]
    has_more: bool
    next_cursor: str | None


class DraftSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A program file as it was written, and the revision of the draft its writer read: 0 for a
    new draft."""

    source: Source
    revision: Revision


class DropSent(Struct, frozen=True, forbid_unknown_fields=True):
    """The revision of the draft that is to be deleted."""

    revision: Revision


class DraftPublishSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which revision of a draft is to be published, from when on, and which warnings are meant."""

    revision: Revision
    effective_from: Instant | None = None
    accept: list[str] = []


class DraftShown(Struct, frozen=True):
    """A draft without its file."""

    name: str
    revision: int
    based_on: int
    author: str
    created_at: datetime
    changed_by: str
    changed_at: datetime


class DraftText(Struct, frozen=True):
    """A draft with its file, as it was written."""

    name: str
    revision: int
    based_on: int
    author: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    source: str


class DraftsShown(Struct, frozen=True):
    """Every draft, by name."""

    items: list[DraftShown]


class VersionWithdrawSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a version is taken back."""

    reason: Annotated[str, Meta(min_length=1, max_length=400)]


class VersionWithdrawn(Struct, frozen=True):
    """A version that was taken back, and the version that rules in its place."""

    version: int
    restored_as: int
    withdrawn_by: str
    reason: str
    withdrawn_at: datetime


class WordSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member was told of a version, accepted it, or declined it."""

    version: Annotated[int, Meta(ge=1, le=10**9)]
    word: Literal["told", "accepted", "declined"]
    channel: Annotated[str, Meta(max_length=80)] = ""
    said_at: Instant | None = None


class WordShown(Struct, frozen=True):
    """A word about a version; the first one stays."""

    id: str
    member_id: str
    version: int
    word: Literal["told", "accepted", "declined"]
    channel: str
    said_at: datetime
    actor: str
    recorded_at: datetime


class WordsShown(Struct, frozen=True):
    """All words with one member, oldest first."""

    items: list[WordShown]


def plan_shown(plan: Plan, problems: list[ProblemFound]) -> PlanShown:
    """A plan as the world sees it, with its problems as its reader reads them."""
    changes = [
        ChangeShown(
            kind=one.kind,
            path=one.path,
            what=one.what,
            before=one.before,
            after=one.after,
            turn=one.turn,
            whom=whom_in_words(one.whom),
            says=change_in_words(plan.both, one),
            members=plan.touched.get(one.whom),
        )
        for one in plan.changes
    ]
    owed = plan.owed
    return PlanShown(
        ok=not plan.errors,
        problems=problems,
        replaces=plan.replaces,
        effective_from=plan.effective_from,
        changes=changes,
        groups=[
            GroupShown(g.what, g.tier, g.becomes, g.by_itself, g.members, g.ladder)
            for g in plan.groups
        ],
        foretold=plan.foretold,
        out_of_reach=plan.out_of_reach,
        liability_before_minor=owed.before_minor if owed else None,
        liability_after_minor=owed.after_minor if owed else None,
        kept_worth=[_kept_worth(one) for one in plan.kept],
        rated_anew=None if plan.rates is None else RatedAnewShown(*astuple(plan.rates)),
    )


def _kept_worth(one: KeptWorth) -> KeptWorthShown:
    until = None if one.until_on is None else one.until_on.isoformat()
    return KeptWorthShown(one.wallet, one.members, one.points, until)


def person_shown(one: Person) -> TouchedMember:
    """A member a plan touches."""
    id_ = shown("mem", one.member_id)
    return TouchedMember(id_, one.given_name, one.number, one.what, one.tier, one.becomes)


def draft_shown(d: Draft) -> DraftShown:
    """A draft without its file."""
    told = (d.author, d.created_at, d.changed_by, d.changed_at)
    return DraftShown(d.name, d.revision, d.based_on, *told)


def draft_text(d: Draft) -> DraftText:
    """A draft with its file."""
    told = (d.author, d.created_at, d.changed_by, d.changed_at)
    return DraftText(d.name, d.revision, d.based_on, *told, d.source)


def withdrawn(one: Withdrawal) -> VersionWithdrawn:
    """A version that was taken back."""
    return VersionWithdrawn(
        one.version, one.restored_as, one.withdrawn_by, one.reason, one.withdrawn_at
    )


def word_shown(one: TermsWord) -> WordShown:
    """A word about a version."""
    return WordShown(
        id=shown("wrd", one.word_id),
        member_id=shown("mem", one.member_id),
        version=one.version,
        word=one.word,
        channel=one.channel,
        said_at=one.said_at,
        actor=one.actor,
        recorded_at=one.recorded_at,
    )
