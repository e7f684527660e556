"""Partners: all of them with what stands in their accounts, and one with all there is about it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.commands import Settle
from regulars.flows.points.partners.keep_settlement_plans import SettleNow, settle_now
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.records.members import read as members
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners.settling import read as settling
from regulars.records.rewards.partners.types import Claim, Partner
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.partners.feeding import feeds_of
from regulars.surfaces.console.offers.partners.words import CONTRACTS, EVERY
from regulars.surfaces.console.people.members import name_of

PAGE: Final = "/console/partners"
MOST: Final = 50


async def partners(
    here: Here, unfit: dict[str, str] | None = None, laid: dict[str, str] | None = None
) -> Response[str]:
    """All of them, by their short names, and a form for another one.

    `unfit`: what is wrong with it; `laid`: what was typed.
    """

    async def look(tx: Tx, _: Terms) -> list[Any]:
        known = await read.partners(tx)
        ids = [one.partner_id for one in known.values()]
        last, settled = await read.last(tx, ids), await settling.last(tx, ids)
        waits: dict[UUID, int] = {}
        for one in await read.open_claims(tx, None, 1_000):
            waits[one.partner_id] = waits.get(one.partner_id, 0) + 1
        return [
            (
                one,
                last[one.partner_id].balance_minor if one.partner_id in last else 0,
                waits.get(one.partner_id, 0),
                settled.get(one.partner_id),
            )
            for one in known.values()
        ]

    return here.page(
        "offers/partners/partners.html",
        status=422 if unfit else 200,
        rows=await here.read(look),
        unfit=unfit or {},
        laid=laid or {},
        key=own_key(here.given.random_bytes),
        **money_of(here),
    )


async def partner(
    here: Here, slug: str, wrong: dict[str, str] | None = None, undecided: str = ""
) -> Response[str]:
    """One partner: contracts in force, feeds, open claims, settlements, and where they are put.

    `undecided`: the claim that could not be decided as it was wished; `wrong` says why.
    """

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        one = await there(tx, slug)
        last = (await read.last(tx, [one.partner_id])).get(one.partner_id)
        contracts = await read.contracts(tx, [one.partner_id])
        waiting = await read.open_claims(tx, None, MOST + 1, [one.partner_id])
        found = await settling.page(tx, one.partner_id, None, MOST + 1)
        return {
            "one": one,
            "balance": 0 if last is None else last.balance_minor,
            "contracts": [
                (each, *wallet_said(here, terms, each.wallet))
                for each in contracts
                if each.until_at is None or each.until_at > tx.now
            ],
            "ended": [
                (each, wallet_said(here, terms, each.wallet)[0])
                for each in contracts
                if each.ended and each.until_at is not None and each.until_at <= tx.now
            ],
            "feeds": await feeds_of(tx, slug, tx.now),
            "claims": await _claims(here, tx, terms, waiting[:MOST]),
            "more_claims": len(waiting) > MOST,
            "settlements": found[:MOST],
            "more_settlements": len(found) > MOST,
            "plan": await settling.plan(tx, one.partner_id),
        }

    return here.page(
        "offers/partners/partner.html",
        status=422 if wrong else 200,
        contract_words=CONTRACTS,
        every_words=EVERY,
        saying=in_words,
        key=own_key(here.given.random_bytes),
        wrong=wrong or {},
        undecided=undecided,
        **await here.read(look),
        **money_of(here),
    )


async def settle(here: Here, form: Form) -> Response[Any]:
    """The account is settled up to today, and put where it goes if it goes anywhere."""
    slug = str(form.path["partner"])
    async with here.transaction as tx:
        one = await there(tx, slug)
        plan = await settling.plan(tx, one.partner_id)
    goes = plan is not None and plan.state == "active"
    wish = Settle(slug, here.staff.principal, asked=here.asked(form.get("key")))
    try:
        done = await here.do(settle_accounts, wish)
    except Fault as fault:
        done = fault
    if isinstance(done, Refused) and done.code == "already_settled" and goes:
        done = None  # it may not be there yet
    if isinstance(done, Refused | Fault):
        return await partner(here, slug, {"": here.told(done)})
    if goes:
        async with here.transaction as tx:
            await settle_now(tx, [SettleNow(here.by, slug)])
    return redirect(f"{PAGE}/{slug}#settlements")


async def there(tx: Tx, slug: str) -> Partner:
    """The partner of this short name. Faults: NotFound."""
    one = (await read.partners(tx, [slug])).get(slug) if "\0" not in slug else None
    if one is None:
        raise NotFound("there is no such partner; look at the list again")
    return one


def money_of(here: Here) -> dict[str, Any]:
    """What every page about an account needs to write its money."""
    return {"currency": here.version.program.currency}


def wallet_said(here: Here, terms: Terms, code: int) -> tuple[str, int]:
    """How a wallet is called, and its scale."""
    id_ = terms.wallet_names[code]
    wallet = here.version.program.wallets.get(id_)
    return (id_, 0) if wallet is None else (wallet.name or id_, wallet.scale)


async def _claims(here: Here, tx: Tx, terms: Terms, found: list[Claim]) -> list[dict[str, Any]]:
    """Claims as the page shows them: whose, how much of what."""
    people = await members.members(tx, {one.member_id for one in found})
    of = await read.contracts(tx, sorted({one.partner_id for one in found}))
    wallets = {one.contract_id: one.wallet for one in of}
    return [
        {
            "id": shown("clm", one.claim_id),
            "member": shown("mem", one.member_id),
            "name": name_of(who) or who.number if (who := people.get(one.member_id)) else "–",
            "wallet": wallet_said(here, terms, wallets[one.contract_id]),
            "about": one,
        }
        for one in found
    ]
