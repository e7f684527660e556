"""How often and where a partner gets its settlements: kept, tried, put now, ended."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import Fault, NotFound
from regulars.flows.points.partners.commands import Settle
from regulars.flows.points.partners.keep_settlement_plans import (
    EndSettlements,
    PutFrom,
    SettleNow,
    end_settlements,
    plan_settlements,
    put_from,
    settle_now,
)
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.records.access.types import Scope
from regulars.records.errands.extracts.read import own_name
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import SettlementPlan
from regulars.records.rewards.partners.types import Partner
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.extracts.settlements import examples
from regulars.surfaces.connect.extracts.settlements.putting import How, plan_from, tried
from regulars.surfaces.connect.extracts.settlements.wire import (
    PutFromSent,
    SettlementPlanSent,
    SettlementPlanShown,
    SettlementPlanTried,
    plan_shown,
)
from regulars.surfaces.connect.feeds.wishing import Wanted


async def partner_of(call: Call) -> Partner:
    """The partner that is named; whoever has a key of one knows of no other. Faults: NotFound."""
    slug, mine = call.ids["partner"], call.caller.partners
    async with call.transaction as tx:
        found = (await accounts.partners(tx, [slug])).get(slug)
    if found is None or (mine is not None and slug not in mine):
        raise NotFound("there is no such partner here; check its short name", field="/partner")
    return found


async def one(call: Call) -> Reply:
    """How often and where."""
    partner = await partner_of(call)
    return await _shown(call, partner, await _plan(call, partner))


async def keep(call: Call) -> Reply:
    """It gets them so from now on."""
    sent: SettlementPlanSent = call.sent
    partner = await partner_of(call)
    wanted = Wanted(
        sent.place, sent.address, sent.account or "", sent.secret or "", sent.private_key or "",
        sent.host_key or "", sent.endpoint or "", sent.region or "",
    )  # fmt: skip
    who, how = (call.caller.program_id, partner, call.by), How(sent.every, sent.format, sent.paused)
    wish = plan_from(call.given, who, wanted, how)
    terms = await call.terms()
    async with call.transaction as tx:
        (outcome,) = await plan_settlements(tx, terms, [wish])
    return await _shown(call, partner, granted(outcome))


async def end(call: Call) -> Reply:
    """It gets none by itself any more."""
    partner = await partner_of(call)
    async with call.transaction as tx:
        (outcome,) = await end_settlements(tx, [EndSettlements(call.by, partner.slug)])
    return await _shown(call, partner, granted(outcome))


async def now(call: Call) -> Reply:
    """The next one does not wait: what was booked before today is settled, unless it is."""
    partner = await partner_of(call)
    await _plan(call, partner)
    wish = Settle(partner.slug, call.caller.principal)
    settled = await call.given.gate.submit(call.caller.program_id, settle_accounts, wish)
    if isinstance(settled, Fault):
        raise settled
    async with call.transaction as tx:
        (outcome,) = await settle_now(tx, [SettleNow(call.by, partner.slug)])
    return await _shown(call, partner, granted(outcome), 202)


async def again(call: Call) -> Reply:
    """What was settled since a day is put there, too."""
    sent: PutFromSent = call.sent
    partner, terms = await partner_of(call), await call.terms()
    async with call.transaction as tx:
        wish = PutFrom(call.by, partner.slug, sent.from_on)
        (outcome,) = await put_from(tx, terms, [wish])
    return await _shown(call, partner, granted(outcome), 202)


async def attempt(call: Call) -> Reply:
    """Whether the place answers."""
    plan = await _plan(call, await partner_of(call))
    async with call.transaction as tx:
        own = await own_name(tx)
    return Reply(await tried(call.given, (call.caller.program_id, own), plan))


async def _plan(call: Call, partner: Partner) -> SettlementPlan:
    async with call.transaction as tx:
        found = await read.plan(tx, partner.partner_id)
    if found is None:
        raise NotFound("No settlements are planned for this partner", field="/partner")
    return found


async def _shown(call: Call, partner: Partner, plan: SettlementPlan, status: int = 200) -> Reply:
    async with call.transaction as tx:
        last = (await read.last(tx, [partner.partner_id])).get(partner.partner_id)
    return Reply(plan_shown(plan, (partner.slug, 0 if last is None else last.number)), status)


_TAG: Final = "Partners"
_SCOPES: Final = (Scope.PARTNERS_WRITE,)
_PLAN: Final = "/v1/partners/{partner}/settlement-plan"

OPERATIONS = (
    Operation(
        method="GET",
        path=_PLAN,
        name="get_settlement_plan",
        tag=_TAG,
        scopes=_SCOPES,
        says="How often and where a partner gets its settlements",
        answers={200: SettlementPlanShown},
        answer_example=examples.PLAN,
        codes=("not_found",),
        do=one,
    ),
    Operation(
        method="PUT",
        path=_PLAN,
        name="put_settlement_plan",
        tag=_TAG,
        scopes=_SCOPES,
        once=Once.ANEW,
        says="Have a partner's account settled every day, week or month, and put where it fetches",
        notes="At the beginning of the next day, week or month of the shop's calendar: a folder of "
        "its own for each settlement, with the lines and, last, its control totals as "
        "`manifest.json`. Whoever finds the totals finds all of it.",
        sent=SettlementPlanSent,
        answers={200: SettlementPlanShown},
        example=examples.PLAN_SENT,
        answer_example=examples.PLAN,
        codes=("not_found", "invalid"),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_PLAN,
        name="delete_settlement_plan",
        tag=_TAG,
        scopes=_SCOPES,
        once=Once.AGAIN,
        says="Put no settlements by itself any more; the keys are deleted, what is there stays",
        answers={200: SettlementPlanShown},
        answer_example=examples.PLAN,
        codes=("not_found",),
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_PLAN}/try",
        name="try_settlement_plan",
        tag=_TAG,
        scopes=_SCOPES,
        once=Once.LOOKS,
        says="Whether the place of settlements answers; nothing is put there",
        answers={200: SettlementPlanTried},
        codes=("not_found",),
        answer_example={"answers": True, "problem": "", "host_key": ""},
        do=attempt,
    ),
    Operation(
        method="POST",
        path=f"{_PLAN}/now",
        name="put_settlement_now",
        tag=_TAG,
        scopes=_SCOPES,
        once=Once.ANEW,
        says="Settle up to today and put it there now, not at its time",
        answers={202: SettlementPlanShown},
        answer_example=examples.PLAN,
        codes=("not_found", "invalid"),
        do=now,
    ),
    Operation(
        method="POST",
        path=f"{_PLAN}/from",
        name="put_settlements_from",
        tag=_TAG,
        scopes=_SCOPES,
        once=Once.AGAIN,
        says="Put there what was settled of a day or later, though it was before there was a plan",
        notes="In their order; `put` and `waiting` say how far it is. What lies there whole "
        "is left as it is.",
        sent=PutFromSent,
        answers={202: SettlementPlanShown},
        example={"from_on": "2026-01-01"},
        answer_example=examples.PLAN,
        codes=("not_found", "invalid"),
        do=again,
    ),
)
