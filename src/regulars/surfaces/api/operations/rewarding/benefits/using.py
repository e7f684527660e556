"""Benefits: what is included, may this member use it, used and taken back, granted by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import Occasion, unknown_benefit
from regulars.engine.rewarding.including.guests import Party
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import show_benefits, undo_uses, use_benefits
from regulars.flows.membership.commands import GrantBenefit, UndoUse, UseBenefit
from regulars.records.access.types import Scope
from regulars.records.benefits import read
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.translations import in_language
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import benefits as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.benefits import (
    BenefitsShown,
    GrantDone,
    GrantSent,
    MayShown,
    MemberBenefitsShown,
    OccasionQuery,
    UndoSent,
    UseDone,
    UseSent,
    UsesPage,
    benefits_shown,
    grant_done,
    guests_of,
    may_shown,
    use_done,
    uses_shown,
)
from regulars.surfaces.api.wire.parts import LanguageQuery, PageQuery, instant_of, member_of
from regulars.surfaces.api.wire.standing.named import may_named


async def benefits(call: Call) -> Reply:
    """All benefits of the program in force."""
    now = call.now
    version = (await call.terms()).at(now)
    query: LanguageQuery = call.query
    program = in_language(version.program, query.language or version.program.locale)
    return Reply(benefits_shown(version, program.benefits, now))


async def of_member(call: Call) -> Reply:
    """Every benefit, and whether this member may use it."""
    id_ = addressed("mem", call.ids["member_id"])
    query: OccasionQuery = call.query
    now = _at(query.at, call.now)

    async def look(tx: Tx, terms: Terms) -> MemberBenefitsShown:
        version = terms.at(now)
        program = in_language(version.program, query.language or version.program.locale)
        occasions = [_occasion(query, benefit.id, now) for benefit in version.program.benefits]
        found = await show_benefits(tx, terms, id_, occasions)
        return MemberBenefitsShown(
            call.ids["member_id"],
            [
                may_named(may_shown(version, occasion, answer), program)
                for occasion, answer in found
            ],
        )

    return Reply(await call.read(look))


async def may(call: Call) -> Reply:
    """The one question, whatever the occasion."""
    id_, name = addressed("mem", call.ids["member_id"]), call.ids["benefit"]
    query: OccasionQuery = call.query
    now = _at(query.at, call.now)

    async def look(tx: Tx, terms: Terms) -> MayShown:
        version = terms.at(now)
        if name not in version.benefits:
            raise No(unknown_benefit(name[:40]))
        ((occasion, answer),) = await show_benefits(tx, terms, id_, [_occasion(query, name, now)])
        program = in_language(version.program, query.language or version.program.locale)
        return may_named(may_shown(version, occasion, answer), program)

    return Reply(await call.read(look))


def _at(said: datetime | None, now: datetime) -> datetime:
    at = instant_of(said, "/at")
    if at is not None and at < now:
        raise Invalid("ask about now or a later instant", field="/at")
    return at or now


def _occasion(query: OccasionQuery, benefit: str, now: datetime) -> Occasion:
    party, at = Party(query.guests), instant_of(query.from_at, "/from_at")
    return Occasion(benefit, now, query.store, query.channel, query.sku, query.category, party, at)


async def use(call: Call) -> Reply:
    """A member uses a benefit."""
    sent: UseSent = call.sent
    command = UseBenefit(
        member=member_of(sent.member),
        benefit=sent.benefit,
        store=sent.store,
        channel=sent.channel,
        sku=sent.sku,
        category=sent.category,
        details=sent.details,
        asked=call.asked,
        guests=guests_of(sent.guests),
        from_at=instant_of(sent.from_at, "/from_at"),
    )
    answer = await call.do(use_benefits, command)
    return Reply(use_done(answer), 201, answer.replayed)


async def undo(call: Call) -> Reply:
    """A use is taken back."""
    id_ = addressed("use", call.ids["use_id"])
    sent: UndoSent | None = call.sent
    late = sent is not None and sent.late
    answer = await call.do(undo_uses, UndoUse(id_, call.asked, late))
    return Reply(use_done(answer), 200, answer.replayed)


async def uses(call: Call) -> Reply:
    """What a member used, newest first."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    terms = await call.terms()
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        last = None if before is None else before[0]
        found = await read.page(tx, id_, last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    currencies = {one.number: one.program.currency for one in terms.versions}
    cursor = cursor_of((page[-1].use_id,)) if more else None
    return Reply(UsesPage(uses_shown(page, currencies), more, cursor))


async def grant(call: Call) -> Reply:
    """Somebody is granted a benefit by hand."""
    sent: GrantSent = call.sent
    command = GrantBenefit(
        member=member_of(sent.member),
        benefit=sent.benefit,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        times=sent.times,
        from_at=instant_of(sent.from_at, "/from_at"),
        until_at=instant_of(sent.until_at, "/until_at"),
        asked=call.asked,
    )
    answer = await call.do(grant_benefits, command)
    return Reply(grant_done(answer), 201, answer.replayed)


_TAG = "Benefits"
WHY_NOT = (
    "unknown_member", "unknown_benefit", "member_erased", "member_blocked", "not_for_this",
    "not_here", "not_now", "too_many_guests", "not_this_guest", "no_such_time", "fully_booked",
    "tier_too_low", "no_plan", "plan_frozen", "not_granted", "birthday_unknown", "not_birthday",
    "chosen_otherwise", "used_up",
)  # fmt: skip

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/benefits",
        name="list_benefits",
        tag=_TAG,
        says="What tiers include, and what can be granted",
        scopes=(Scope.PROGRAMS_READ, Scope.BENEFITS_WRITE),
        query=LanguageQuery,
        answers={200: BenefitsShown},
        answer_example={"items": [examples.BENEFIT]},
        do=benefits,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/benefits",
        name="list_member_benefits",
        tag=_TAG,
        says="Every benefit, and whether this member may use it",
        notes="As if asked where and for what the query says; nothing is counted.",
        scopes=(Scope.MEMBERS_READ, Scope.BENEFITS_WRITE),
        query=OccasionQuery,
        answers={200: MemberBenefitsShown},
        answer_example={"member_id": examples.MEMBER, "items": [examples.MAY]},
        codes=("unknown_member", "invalid"),
        do=of_member,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/benefits/{benefit}",
        name="may_use_benefit",
        tag=_TAG,
        says="May this member use this, here and now?",
        notes="One question for every occasion: a drop in the web shop, a member price, a class, a "
        "return without its receipt. Nothing is counted; `POST /v1/benefit-uses` counts.",
        scopes=(Scope.MEMBERS_READ, Scope.BENEFITS_WRITE),
        query=OccasionQuery,
        answers={200: MayShown},
        answer_example=examples.MAY,
        codes=("unknown_member", "unknown_benefit", "invalid"),
        do=may,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-uses",
        name="use_benefit",
        tag=_TAG,
        says="A member uses a benefit",
        notes="It is counted on what was granted by hand and ends, then on the allowance, then on "
        "what was granted without an end. Guests may count too, and a benefit with appointments "
        "is booked by it, with `from_at`.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=UseSent,
        answers={201: UseDone},
        example=examples.USE,
        answer_example=examples.USED,
        codes=WHY_NOT,
        do=use,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-uses/{use_id}/undo",
        name="undo_benefit_use",
        tag=_TAG,
        says="Take a use back: it is left again",
        notes="Taken back again, nothing changes. An appointment is cancelled so, until the time "
        "that was promised; later with `late`. The body may be left out.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=UndoSent,
        body_optional=True,
        answers={200: UseDone},
        example={},
        answer_example=examples.USED | {"state": "undone", "left": 2},
        codes=("not_found", "member_erased", "too_late_to_cancel"),
        do=undo,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/benefit-uses",
        name="list_benefit_uses",
        tag=_TAG,
        says="What a member used, newest first, with its worth and cost",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=PageQuery,
        answers={200: UsesPage},
        answer_example={"items": [examples.USE_KEPT], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=uses,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-grants",
        name="grant_benefit",
        tag=_TAG,
        says="Grant a member a benefit by hand",
        notes="Whatever their tier: for a delay, for a friend of the house, for a partner's guest.",
        scopes=(Scope.BENEFITS_GRANT,),
        sent=GrantSent,
        answers={201: GrantDone},
        example=examples.GRANT,
        answer_example=examples.GRANTED,
        codes=("unknown_member", "unknown_benefit", "member_erased", "own_membership"),
        do=grant,
    ),
)
