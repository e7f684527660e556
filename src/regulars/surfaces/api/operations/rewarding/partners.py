"""Partners: agreed with, told of by them, claimed, disputed, and their statements."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.rewarding.partnering.statement import csv_of, statement
from regulars.engine.rewarding.partnering.stretch import stretch
from regulars.engine.terms import Terms
from regulars.flows.points.partners.book_activities import (
    book_activities,
    book_payments,
    take_back,
)
from regulars.flows.points.partners.claim_activities import (
    decide_claims,
    file_claims,
    open_disputes,
)
from regulars.flows.points.partners.commands import (
    BookPayment,
    Decide,
    FileClaim,
    KeepPartner,
    OpenDispute,
    PartnerActivity,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.records.access.types import Scope
from regulars.records.rewards.partners import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import partners as examples
from regulars.surfaces.api.strict.cursors import Instant, Step, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, required, shown
from regulars.surfaces.api.wire.parts import instant_of, member_of
from regulars.surfaces.api.wire.rewarding import partners as wire


async def keep(call: Call) -> Reply:
    """Another business becomes a partner."""
    sent: wire.PartnerSent = call.sent
    command = KeepPartner(sent.slug, sent.name, _actor(call, sent), call.asked)
    answer = await call.do(keep_partners, command)
    return Reply(wire.PartnerDone(answer.slug, answer.name), 201, answer.replayed)


async def every(call: Call) -> Reply:
    """All partners, and what stands in their accounts."""

    async def look(tx: Tx, terms: Terms) -> wire.PartnersShown:
        mine = call.caller.partners
        known = await read.partners(tx, None if mine is None else sorted(mine))
        last = await read.last(tx, [one.partner_id for one in known.values()])
        currency = terms.at(tx.now).program.currency
        return wire.PartnersShown(
            [wire.partner_shown(one, last.get(one.partner_id), currency) for one in known.values()]
        )

    return Reply(await call.read(look))


async def sign(call: Call) -> Reply:
    """What was agreed."""
    sent: wire.ContractSent = call.sent
    terms = await call.terms()
    currency = terms.at(call.now).program.currency
    limit = sent.limit
    command = SignContract(
        partner=call.ids["partner"],
        kind=sent.kind,
        wallet=sent.wallet,
        price_minor=sent.price.minor,
        per_units=sent.per_units,
        currency=sent.price.currency if limit is None or limit.currency == currency else "",
        actor=_actor(call, sent),
        from_at=instant_of(sent.from_at, "/from_at"),
        until_at=instant_of(sent.until_at, "/until_at"),
        limit_minor=None if limit is None else limit.minor,
        name_check=sent.name_check,
        look_back_days=sent.look_back_days,
        claim_from_days=sent.claim_from_days,
        claim_until_days=sent.claim_until_days,
        decide_days=sent.decide_days,
        match_days=sent.match_days,
        asked=call.asked,
    )
    answer = await call.do(sign_contracts, command)
    done = wire.ContractDone(shown("con", answer.contract_id), answer.from_at, answer.until_at)
    return Reply(done, 201, answer.replayed)


async def pay(call: Call) -> Reply:
    """A partner pays, or is paid."""
    sent: wire.PartnerPaymentSent = call.sent
    command = BookPayment(
        call.ids["partner"],
        -sent.amount.minor if sent.to_partner else sent.amount.minor,
        sent.amount.currency,
        sent.external_id,
        _actor(call, sent),
        sent.reason,
        call.asked,
    )
    return await _line(call, book_payments, command)


async def tell(call: Call) -> Reply:
    """A member collected or spent with a partner."""
    _own(call, call.ids["partner"])
    sent: wire.PartnerActivitySent = call.sent
    command = PartnerActivity(
        partner=call.ids["partner"],
        kind=sent.kind,
        member=member_of(sent.member),
        wallet=sent.wallet,
        units=sent.units,
        external_id=sent.external_id,
        occurred_at=instant_of(sent.occurred_at, "/occurred_at"),
        name=sent.name,
        actor=_actor(call, sent),
        receipts=tuple(one.ref() for one in sent.receipts),
        asked=call.asked,
    )
    return await _line(call, book_activities, command)


async def back(call: Call) -> Reply:
    """An activity came back."""
    _own(call, call.ids["partner"])
    sent: wire.PartnerReturnSent = call.sent
    command = TakeBack(
        partner=call.ids["partner"],
        kind=sent.kind,
        of=sent.of,
        external_id=sent.external_id,
        units=sent.units,
        actor=_actor(call, sent),
        reason=sent.reason,
        asked=call.asked,
    )
    return await _line(call, take_back, command)


async def show_statement(call: Call) -> Reply:
    """What an account did in a day or a month."""
    slug, query = call.ids["partner"], call.query
    _own(call, slug)
    period, place = query.period, place_of(query.cursor, tuple[Step])
    page = (0 if place is None else place[0], query.limit)

    async def look(tx: Tx, terms: Terms) -> wire.StatementShown:
        known = await read.partners(tx, [slug])
        if slug not in known:
            raise NotFound("there is no such partner here", field="/partner")
        version = terms.at(tx.now)
        span = stretch(version.zone, period)
        found = statement(*await read.between(tx, known[slug].partner_id, span, page))
        currency = version.program.currency
        told = (currency, csv_of(found, currency))
        return wire.statement_shown((slug, period), span, found, told)

    return Reply(await call.read(look))


async def claim(call: Call) -> Reply:
    """A member misses an activity."""
    sent: wire.ClaimSent = call.sent
    at = instant_of(sent.occurred_at, "/occurred_at")
    assert at is not None, sent
    command = FileClaim(
        partner=sent.partner,
        member=member_of(sent.member),
        wallet=sent.wallet,
        units=sent.units,
        external_id=sent.external_id,
        occurred_at=at,
        actor=_actor(call, sent),
        reason=sent.reason,
        asked=call.asked,
    )
    answer = await call.do(file_claims, command)
    return Reply(wire.claim_done(answer), 201, answer.replayed)


async def open_claims(call: Call) -> Reply:
    """Claims that wait for a decision."""
    query = call.query
    after = place_of(query.cursor, tuple[Instant, UUID])

    async def look(tx: Tx, terms: Terms) -> wire.OpenClaimsPage:
        mine, asked = call.caller.partners, query.partner
        known = await read.partners(tx, sorted(mine) if mine is not None else None)
        if asked is not None and asked not in known:
            raise NotFound("there is no such partner here", field="partner")
        theirs = [one.partner_id for one in known.values() if asked in (None, one.slug)]
        found = await read.open_claims(tx, after, query.limit + 1, theirs)
        page, more = found[: query.limit], len(found) > query.limit
        cursor = cursor_of((page[-1].decide_by, page[-1].claim_id)) if more else None
        slugs = {each.partner_id: each.slug for each in known.values()}
        items = [wire.open_claim(each, slugs[each.partner_id]) for each in page]
        return wire.OpenClaimsPage(items, more, cursor)

    return Reply(await call.read(look))


async def show_claim(call: Call) -> Reply:
    """A claim as it stands now."""
    id_ = addressed("clm", call.ids["claim_id"])

    async def look(tx: Tx, terms: Terms) -> wire.ClaimShown:
        one = next(iter(await read.claims(tx, [id_])), None)
        if one is None:
            raise NotFound("there is no such claim here", field="/id")
        await _own_account(call, tx, one.partner_id, "there is no such claim here", "/id")
        decision = (await read.decisions(tx, [id_])).get(id_)
        return wire.claim_shown(one, decision, tx.now)

    return Reply(await call.read(look))


async def dispute(call: Call) -> Reply:
    """A partner disputes a line."""
    sent: wire.DisputeSent = call.sent
    entry_id = required("pen", sent.entry, "/entry")

    async def look(tx: Tx, _: Terms) -> None:
        for line in (await read.entries(tx, [entry_id])).values():
            says = "there is no such activity in an account"
            await _own_account(call, tx, line.partner_id, says, "/entry")

    await call.read(look)
    command = OpenDispute(entry_id, _actor(call, sent), sent.reason, call.asked)
    answer = await call.do(open_disputes, command)
    return Reply(wire.claim_done(answer), 201, answer.replayed)


async def decide_claim(call: Call) -> Reply:
    """A claim is granted or rejected."""
    return await _decide(call, "claim")


async def decide_dispute(call: Call) -> Reply:
    """A dispute is granted or rejected."""
    return await _decide(call, "dispute")


async def _decide(call: Call, about: Literal["claim", "dispute"]) -> Reply:
    sent: wire.DecisionSent = call.sent
    kind = "clm" if about == "claim" else "dis"
    id_ = addressed(kind, call.ids[f"{about}_id"])
    command = Decide(about, id_, sent.decision, _actor(call, sent), sent.reason, call.asked)
    answer = await call.do(decide_claims, command)
    return Reply(wire.decision_done(kind, answer), 200, answer.replayed)


async def _line(call: Call, flow: Any, command: Any) -> Reply:
    answer = await call.do(flow, command)
    return Reply(wire.entry_done(answer), 201, answer.replayed)


def _own(call: Call, slug: str) -> None:
    """Whoever has a key of one partner knows of no other. Faults: NotFound."""
    mine = call.caller.partners
    if mine is not None and slug not in mine:
        raise NotFound("there is no such partner here; check its short name", field="/partner")


async def _own_account(call: Call, tx: Tx, partner_id: UUID, says: str, field: str) -> None:
    """The same of something that is known by its id. Faults: NotFound."""
    mine = call.caller.partners
    if mine is not None:
        known = await read.partners(tx, sorted(mine))
        if all(one.partner_id != partner_id for one in known.values()):
            raise NotFound(says, field=field)


def _actor(call: Call, sent: Any) -> str:
    return str(sent.actor or call.asked.principal)


_TAG = "Partners"
_AGREES = (Scope.PARTNERS_WRITE,)
_TELLS = (Scope.PARTNERS_WRITE, Scope.PARTNERS_TELL)
_SEES = (Scope.PARTNERS_WRITE, Scope.PARTNERS_TELL, Scope.BOOKS_READ)
_BOOKED: dict[str, Any] = {
    "answers": {201: wire.PartnerEntryDone},
    "answer_example": examples.LINE,
}
_WHY_NOT = (
    "unknown_member", "not_found", "no_contract", "already_credited", "member_erased",
    "invalid",
)  # fmt: skip

OPERATIONS = (
    Operation(
        method="POST", path="/v1/partners", name="keep_partner", tag=_TAG, scopes=_AGREES,
        says="Keep a partner; of one that is known the name changes",
        sent=wire.PartnerSent, answers={201: wire.PartnerDone}, example=examples.PARTNER,
        answer_example=examples.PARTNER, codes=("invalid",), do=keep,
    ),
    Operation(
        method="GET", path="/v1/partners", name="list_partners", tag=_TAG, scopes=_SEES,
        says="All partners, and what stands in their accounts",
        answers={200: wire.PartnersShown}, answer_example={"items": [examples.SHOWN]}, do=every,
    ),
    Operation(
        method="POST", path="/v1/partners/{partner}/contracts", name="sign_contract", tag=_TAG,
        scopes=_AGREES, says="Keep what was agreed: so much money for so many units",
        notes="It is never changed; of several in force the one that began last counts. Without a "
        "limit packs are paid beforehand.",
        sent=wire.ContractSent, answers={201: wire.ContractDone}, example=examples.CONTRACT,
        answer_example=examples.CONTRACT_DONE, codes=("not_found", "invalid"), do=sign,
    ),
    Operation(
        method="POST", path="/v1/partners/{partner}/payments", name="book_partner_payment",
        tag=_TAG, scopes=_AGREES, says="A partner pays for a pack or what it owes, or is paid",
        sent=wire.PartnerPaymentSent, example=examples.PAYMENT,
        codes=("not_found", "already_credited", "invalid"), do=pay, **_BOOKED,
    ),
    Operation(
        method="POST", path="/v1/partners/{partner}/activities", name="book_partner_activity",
        tag=_TAG, scopes=_TELLS, says="A member collected or spent with a partner",
        notes="Points move with the member and the price with the partner, at once or not at all. "
        "The partner's number makes it come once. A name that does not fit is refused, and never "
        "told.",
        sent=wire.PartnerActivitySent, example=examples.ACTIVITY,
        codes=(*_WHY_NOT, "name_mismatch", "before_enrolment", "member_blocked", "pack_used_up",
               "partner_limit_reached", "not_enough_points", "own_membership"), do=tell, **_BOOKED,
    ),
    Operation(
        method="POST", path="/v1/partners/{partner}/returns", name="return_partner_activity",
        tag=_TAG, scopes=_TELLS, says="An activity came back, in whole or in part",
        notes="Points go back as far as they are there; the price goes back as it was booked.",
        sent=wire.PartnerReturnSent, example=examples.RETURN,
        codes=("not_found", "nothing_left", "already_credited", "invalid"), do=back, **_BOOKED,
    ),
    Operation(
        method="GET", path="/v1/partners/{partner}/statement", name="get_partner_statement",
        tag=_TAG, scopes=_SEES, says="What an account did in a day or a month, with its table",
        query=wire.StatementQuery, answers={200: wire.StatementShown},
        answer_example=examples.STATEMENT, codes=("not_found", "invalid", "bad_cursor"),
        do=show_statement,
    ),
    Operation(
        method="POST", path="/v1/partner-claims", name="file_claim", tag=_TAG,
        scopes=(Scope.CLAIMS_WRITE, Scope.PARTNERS_WRITE),
        says="A member misses an activity with a partner",
        notes="The contract says from when until when, and how long there is to decide; after that "
        "it has lapsed, by the clock alone.",
        sent=wire.ClaimSent, answers={201: wire.ClaimDone}, example=examples.CLAIM,
        answer_example=examples.CLAIM_DONE,
        codes=(*_WHY_NOT, "before_enrolment", "too_early", "too_late", "already_claimed",
               "own_membership"), do=claim,
    ),
    Operation(
        method="GET", path="/v1/partner-claims", name="list_open_claims", tag=_TAG,
        scopes=_SEES, says="Claims that wait for a decision, whichever lapses soonest first",
        query=wire.OpenClaimsQuery, answers={200: wire.OpenClaimsPage},
        answer_example={"items": [examples.OPEN_CLAIM], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"), do=open_claims,
    ),
    Operation(
        method="GET", path="/v1/partner-claims/{claim_id}", name="get_claim", tag=_TAG,
        scopes=(Scope.CLAIMS_WRITE, *_SEES), says="A claim as it stands now",
        answers={200: wire.ClaimShown}, answer_example=examples.CLAIM_SHOWN,
        codes=("not_found",), do=show_claim,
    ),
    Operation(
        method="POST", path="/v1/partner-claims/{claim_id}/decision", name="decide_claim",
        tag=_TAG, scopes=_AGREES, says="Grant or reject a claim",
        notes="What is granted is booked under the partner's number, so it cannot come twice.",
        sent=wire.DecisionSent, answers={200: wire.DecisionDone}, example=examples.DECISION,
        answer_example=examples.DECIDED,
        codes=("not_found", "already_decided", "claim_lapsed", "already_credited", "pack_used_up",
               "partner_limit_reached", "invalid", "member_blocked", "member_erased"),
        do=decide_claim,
    ),
    Operation(
        method="POST", path="/v1/partner-disputes", name="open_dispute", tag=_TAG, scopes=_TELLS,
        says="A partner disputes a line of its statement",
        sent=wire.DisputeSent, answers={201: wire.ClaimDone}, example=examples.DISPUTE,
        answer_example=examples.DISPUTE_DONE,
        codes=("not_found", "already_disputed", "invalid"), do=dispute,
    ),
    Operation(
        method="POST", path="/v1/partner-disputes/{dispute_id}/decision", name="decide_dispute",
        tag=_TAG, scopes=_AGREES, says="Grant or reject a dispute",
        notes="What is granted gives the price of what is left of the line back; the member keeps "
        "what they got.",
        sent=wire.DecisionSent, answers={200: wire.DecisionDone}, example=examples.DECISION,
        answer_example=examples.DECIDED | {"id": "dis_019e0000000070008000000000000044"},
        codes=("not_found", "already_decided", "nothing_left", "invalid"),
        do=decide_dispute,
    ),
)  # fmt: skip
