"""Tiers by hand: given, matched, offered by an invitation, accepted and ended."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.show_eligible import show_eligible, show_grants
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.show_moves import show_ladder_moves, show_moves
from regulars.flows.membership.tiers.tier_commands import Challenge, GiveTier, TurnGrant
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import tiers as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import PageQuery, instant_of, member_of
from regulars.surfaces.api.wire.standing.moves import MovesQuery, TierMovesShown, moves_shown
from regulars.surfaces.api.wire.standing.tiers import (
    EligiblePage,
    InvitationSent,
    TierGrantDone,
    TierGrantSent,
    TierGrantsShown,
    TurnSent,
    eligible_shown,
    grant_done,
    grants_shown,
)
from regulars.surfaces.languages.voices import voice_for


async def give(call: Call) -> Reply:
    """A member gets a tier by hand."""
    sent: TierGrantSent = call.sent
    asks = sent.challenge
    command = GiveTier(
        member=member_of(sent.member),
        kind=sent.kind,
        tier=sent.tier,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        until_at=instant_of(sent.until_at, "/until_at"),
        challenge=None if asks is None else Challenge(asks.credit, asks.within_days),
        proof=sent.proof,
        asked=call.asked,
    )
    answer = await call.do(give_tiers, command)
    return Reply(grant_done(answer), 201, answer.replayed)


async def invite(call: Call) -> Reply:
    """A member is invited to a tier."""
    sent: InvitationSent = call.sent
    command = GiveTier(
        member=member_of(sent.member),
        kind="invited",
        tier=sent.tier,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(give_tiers, command)
    return Reply(grant_done(answer), 201, answer.replayed)


async def accept(call: Call) -> Reply:
    """The member accepts."""
    return await _turn(call, "accepted")


async def decline(call: Call) -> Reply:
    """The member declines."""
    return await _turn(call, "declined")


async def withdraw(call: Call) -> Reply:
    """The shop takes an invitation back."""
    return await _turn(call, "withdrawn")


async def end(call: Call) -> Reply:
    """What was given by hand is over."""
    return await _turn(call, "ended")


async def _turn(call: Call, what: Literal["accepted", "declined", "withdrawn", "ended"]) -> Reply:
    sent: TurnSent = call.sent or TurnSent()
    command = TurnGrant(
        grant_id=addressed("tgr", call.ids["grant_id"]),
        what=what,
        actor=sent.actor or call.asked.principal,
        reason=sent.reason,
        asked=call.asked,
    )
    answer = await call.do(turn_grants, command)
    return Reply(grant_done(answer), 200, answer.replayed)


async def grants(call: Call) -> Reply:
    """Everything a member was ever given by hand."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> TierGrantsShown:
        return grants_shown(await show_grants(tx, terms, id_), tx.now)

    return Reply(await call.read(look))


async def moves(call: Call) -> Reply:
    """How a member came to their tier, in their language."""
    id_ = addressed("mem", call.ids["member_id"])
    query: MovesQuery = call.query

    async def look(tx: Tx, terms: Terms) -> TierMovesShown:
        if query.ladder:
            found = await show_ladder_moves(tx, terms, id_, query.ladder)
        else:
            found = await show_moves(tx, terms, id_)
        locale = (await members.members(tx, [id_]))[id_].locale
        language = query.language or locale or terms.at(tx.now).program.locale
        return moves_shown(found, voice_for(language))

    return Reply(await call.read(look))


async def eligible(call: Call) -> Reply:
    """Who may be invited to a tier."""
    query: PageQuery = call.query
    place = place_of(query.cursor, tuple[UUID])
    after = None if place is None else place[0]

    async def look(tx: Tx, terms: Terms) -> EligiblePage:
        found, last = await show_eligible(tx, terms, call.ids["tier"], after, query.limit)
        cursor = None if last is None else cursor_of((last,))
        return EligiblePage([eligible_shown(one) for one in found], last is not None, cursor)

    return Reply(await call.read(look))


_TAG = "Tiers"
_WHY_NOT = (
    "unknown_member", "member_erased", "member_blocked", "no_such_tier", "invalid",
)  # fmt: skip
_TURNS = ("not_found", "not_invited", "invitation_over", "member_erased", "invalid")
_WRITES = (Scope.TIERS_GRANT,)
_ANSWERS = (Scope.TIERS_GRANT, Scope.TIERS_WRITE)

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/tier-grants",
        name="give_tier",
        tag=_TAG,
        says="Give a member a tier by hand, or match a status they have elsewhere",
        notes="It holds whatever their credit until it ends; then what they reached by themselves "
        "is left. With a challenge, so much credit by its end keeps it.",
        scopes=_WRITES,
        sent=TierGrantSent,
        answers={201: TierGrantDone},
        example=examples.MATCH,
        answer_example=examples.MATCHED,
        codes=(*_WHY_NOT, "own_membership"),
        do=give,
    ),
    Operation(
        method="POST",
        path="/v1/tier-grants/{grant_id}/end",
        name="end_tier_grant",
        tag=_TAG,
        says="End a tier given by hand before its time",
        notes="The member stands on what they reached by themselves. Ended again, nothing changes.",
        scopes=_WRITES,
        sent=TurnSent,
        answers={200: TierGrantDone},
        example=examples.TURN,
        answer_example=examples.MATCHED | {"state": "ended", "member_tier": "silver"},
        codes=_TURNS,
        do=end,
    ),
    Operation(
        method="POST",
        path="/v1/tier-invitations",
        name="invite_to_tier",
        tag=_TAG,
        says="Invite a member to a tier that is reached by invitation",
        notes="The member accepts or declines; unanswered it ends after the ladder's "
        "`accept_within_days`.",
        scopes=_WRITES,
        sent=InvitationSent,
        answers={201: TierGrantDone},
        example=examples.INVITATION,
        answer_example=examples.INVITED,
        codes=(*_WHY_NOT, "not_by_invitation", "has_tier", "invited_already", "own_membership"),
        do=invite,
    ),
    Operation(
        method="POST",
        path="/v1/tier-invitations/{grant_id}/accept",
        name="accept_invitation",
        tag=_TAG,
        says="The member accepts: they stand on the tier from now on",
        notes="Accepted again, nothing changes. The body may be left out.",
        scopes=_ANSWERS,
        sent=TurnSent,
        body_optional=True,
        answers={200: TierGrantDone},
        example={},
        answer_example=examples.INVITED | {"state": "held", "until_at": "2027-12-31T23:00:00Z"},
        codes=(*_TURNS, "member_blocked", "no_such_tier"),
        do=accept,
    ),
    Operation(
        method="POST",
        path="/v1/tier-invitations/{grant_id}/decline",
        name="decline_invitation",
        tag=_TAG,
        says="The member does not want it",
        notes="Declined again, nothing changes. The body may be left out.",
        scopes=_ANSWERS,
        sent=TurnSent,
        body_optional=True,
        answers={200: TierGrantDone},
        example={},
        answer_example=examples.INVITED | {"state": "declined"},
        codes=_TURNS,
        do=decline,
    ),
    Operation(
        method="POST",
        path="/v1/tier-invitations/{grant_id}/withdraw",
        name="withdraw_invitation",
        tag=_TAG,
        says="Take an invitation back that nobody answered yet",
        scopes=_WRITES,
        sent=TurnSent,
        answers={200: TierGrantDone},
        example=examples.TURN,
        answer_example=examples.INVITED | {"state": "withdrawn"},
        codes=_TURNS,
        do=withdraw,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/tier-grants",
        name="list_tier_grants",
        tag=_TAG,
        says="Everything a member was ever given by hand, and what became of it",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        answers={200: TierGrantsShown},
        answer_example={"items": [examples.KEPT]},
        codes=("unknown_member",),
        do=grants,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/tier-moves",
        name="list_tier_moves",
        tag=_TAG,
        says="How a member came to their tier: each change, why, and by which numbers",
        notes="The last one first, with those of whoever was merged into them. Sentences are in "
        "the member's language, unless another is asked for. With `ladder` those of a ladder "
        "beside the tiers: worked out from what counts by now, with what was told late and "
        "without what came back.",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=MovesQuery,
        answers={200: TierMovesShown},
        answer_example={"items": [examples.MOVE]},
        codes=("unknown_member",),
        do=moves,
    ),
    Operation(
        method="GET",
        path="/v1/tiers/{tier}/eligible",
        name="list_eligible",
        tag=_TAG,
        says="Who has the credit for a tier by invitation and was not invited",
        notes="By id. A page may have fewer items than asked for and still not be the last.",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=PageQuery,
        answers={200: EligiblePage},
        answer_example={"items": [examples.ELIGIBLE], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=eligible,
    ),
)
