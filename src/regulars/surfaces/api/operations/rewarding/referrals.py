"""Referrals: a code for friends, a newcomer who names it, and what became of each."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import NotFound
from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.referrals import read
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import referrals as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import PageQuery, member_of
from regulars.surfaces.api.wire.rewarding.referrals import (
    FriendCodeDone,
    FriendCodeSent,
    ReferralDone,
    ReferralSent,
    ReferralShown,
    ReferralsPage,
    friend_code_done,
    referral_done,
    referrals_shown,
)


async def give(call: Call) -> Reply:
    """A member gets a code for friends."""
    sent: FriendCodeSent = call.sent
    answer = await call.do(give_codes, GiveCode(member_of(sent.member), sent.marks, call.asked))
    return Reply(friend_code_done(answer), 201, answer.replayed)


async def name(call: Call) -> Reply:
    """A newcomer names whose code they were given."""
    sent: ReferralSent = call.sent
    command = NameReferral(member_of(sent.member), sent.code, sent.marks, call.asked)
    answer = await call.do(name_referrals, command)
    return Reply(referral_done(answer), 201, answer.replayed)


async def one(call: Call) -> Reply:
    """What became of a referral."""
    id_ = addressed("ref", call.ids["referral_id"])
    terms = await call.terms()
    async with call.transaction as tx:
        found = await read.some(tx, [id_])
    if id_ not in found:
        raise NotFound("there is no such referral here", field="/id")
    return Reply(referrals_shown([found[id_]], terms.wallet_names)[0])


async def of_member(call: Call) -> Reply:
    """Whom a member brought, and who brought them; newest first."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    terms = await call.terms()
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        last = None if before is None else before[0]
        family = await unions.family(tx, [id_])
        found = await read.page(tx, family, last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].referral_id,)) if more else None
    return Reply(ReferralsPage(referrals_shown(page, terms.wallet_names), more, cursor))


_TAG = "Referrals"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/referral-codes",
        name="give_referral_code",
        tag=_TAG,
        says="A member gets a code to give to friends",
        notes="Who has one gets the same again. The last sign proves the others.",
        scopes=(Scope.REFERRALS_WRITE,),
        sent=FriendCodeSent,
        answers={201: FriendCodeDone},
        example=examples.CODE_WISH,
        answer_example=examples.CODE,
        codes=("unknown_member", "no_referrals", "member_erased"),
        do=give,
    ),
    Operation(
        method="POST",
        path="/v1/referrals",
        name="name_referral",
        tag=_TAG,
        says="A newcomer names the code of whoever brought them",
        notes="The first code wins. What is not to be is kept too: the answer's `state` is "
        "`rejected`, and `reason` says why. Both sides get points once the newcomer has bought "
        "something and kept it over the time for returns; the night sees to that.",
        scopes=(Scope.REFERRALS_WRITE,),
        sent=ReferralSent,
        answers={201: ReferralDone},
        example=examples.NAMES,
        answer_example=examples.NAMED,
        codes=("unknown_member", "not_found", "no_referrals"),
        do=name,
    ),
    Operation(
        method="GET",
        path="/v1/referrals/{referral_id}",
        name="show_referral",
        tag=_TAG,
        says="What became of a referral",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ, Scope.REFERRALS_WRITE),
        answers={200: ReferralShown},
        answer_example=examples.REFERRAL,
        codes=("not_found",),
        do=one,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/referrals",
        name="list_member_referrals",
        tag=_TAG,
        says="Whom a member brought, and who brought them; newest first",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ, Scope.REFERRALS_WRITE),
        query=PageQuery,
        answers={200: ReferralsPage},
        answer_example={"items": [examples.REFERRAL], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=of_member,
    ),
)
