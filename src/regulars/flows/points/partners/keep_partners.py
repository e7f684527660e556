"""Partners and what is agreed with them; a contract is appended and never changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.points.partners.accounts import unknown
from regulars.flows.points.partners.commands import (
    ContractSigned,
    KeepPartner,
    PartnerKept,
    PartnerOutcome,
    SignContract,
)
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import Contract, Partner

_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)
_MOST_DAYS: Final = 3_650
_MOST_MATCHED: Final = 30


async def keep_partners(tx: Tx, terms: Terms, batch: Sequence[KeepPartner]) -> list[PartnerOutcome]:
    """Keep each partner; of one that is known the name changes.

    Faults: a short name that is none, no name, nobody who says so.
    """
    asked = askings("keep_partner", batch, lambda _: None)
    await sort_out(tx, asked, PartnerKept)
    for item in (one for one in asked if one.open):
        item.outcome = _wrong_partner(item.command)
    todo = [item for item in asked if item.open]
    await read.hold_names(tx, [item.command.slug for item in todo])
    for item in todo:
        command = item.command
        known = (await read.partners(tx, [command.slug])).get(command.slug)
        id_ = tx.new_id() if known is None else known.partner_id
        partner = Partner(id_, command.slug, command.name.strip(), tx.now, command.actor)
        item.outcome = PartnerKept(id_, partner.slug, partner.name)
        await tx.write([*keep(tx, kept(item, NOBODY, id_)), write.keep_partner(tx, partner)])
    return settle_followers(asked)


async def sign_contracts(
    tx: Tx, terms: Terms, batch: Sequence[SignContract]
) -> list[PartnerOutcome]:
    """Keep what was agreed; of several that are in force the one that began last counts.

    Faults: unknown partner or wallet, another currency, a price or a time that is none.
    """
    asked = askings("sign_contract", batch, lambda _: None)
    await sort_out(tx, asked, ContractSigned)
    fresh = [item for item in asked if item.open]
    known = await read.partners(tx, [item.command.partner for item in fresh])
    for item in fresh:
        item.outcome = unknown(known, item.command.partner) or _wrong(tx, terms, item.command)
        if item.open:
            await _sign(tx, terms, item, known[item.command.partner].partner_id)
    return settle_followers(asked)


async def _sign(tx: Tx, terms: Terms, item: Asking[SignContract], partner_id: UUID) -> None:
    said = item.command
    contract = Contract(
        contract_id=tx.new_id(),
        partner_id=partner_id,
        kind=said.kind,
        wallet=wallet_code(terms.at(tx.now), said.wallet),
        price_minor=said.price_minor,
        per_units=said.per_units,
        from_at=said.from_at or tx.now,
        until_at=said.until_at,
        limit_minor=said.limit_minor,
        name_check=said.name_check,
        look_back_days=said.look_back_days,
        claim_from_days=said.claim_from_days,
        claim_until_days=said.claim_until_days,
        decide_days=said.decide_days,
        match_days=said.match_days,
        made_at=tx.now,
        actor=said.actor,
    )
    item.outcome = ContractSigned(
        contract.contract_id, partner_id, contract.from_at, contract.until_at
    )
    keys = keep(tx, kept(item, NOBODY, contract.contract_id))
    await tx.write([*keys, write.keep_contract(tx, contract)])


def _wrong_partner(command: KeepPartner) -> Fault | None:
    if _SLUG.match(command.slug) is None or len(command.slug) > 40:
        says = "a short name has small letters, digits and hyphens, such as sky-air"
        return Invalid(says, field="/slug")
    if not command.name.strip() or len(command.name) > 80:
        return Invalid("say the name that people read, in at most 80 signs", field="/name")
    if not command.actor.strip():
        return Invalid("say who decides this", field="/actor")
    return None


def _wrong(tx: Tx, terms: Terms, said: SignContract) -> Fault | None:
    version = terms.at(tx.now)
    wallet = version.program.wallets.get(said.wallet)
    from_at, days = said.from_at or tx.now, (
        said.look_back_days, said.claim_from_days, said.claim_until_days, said.decide_days,
    )  # fmt: skip
    wrong = (
        (wallet is None or wallet.kind == "status", "/wallet",
         "name a wallet that members can be given something in"),
        (said.kind not in ("accrual", "redemption"), "/kind", "write accrual or redemption"),
        (said.currency != version.program.currency, "/price/currency",
         f"this program counts in {version.program.currency}"),
        (not 0 <= said.price_minor <= LARGEST, "/price/minor", "write a price, or 0"),
        (not 0 < said.per_units <= LARGEST, "/per_units", "write for how many units that is"),
        (said.until_at is not None and said.until_at <= from_at, "/until_at",
         "it ends before it begins"),
        (said.limit_minor is not None and not 0 <= said.limit_minor <= LARGEST, "/limit/minor",
         "write how much may be owed, or leave it out for packs"),
        (not all(0 <= each <= _MOST_DAYS for each in days), "",
         f"days are counted from 0 to {_MOST_DAYS}"),
        (said.claim_until_days < said.claim_from_days, "/claim_until_days",
         "claims end before they begin"),
        (not 0 <= said.match_days <= _MOST_MATCHED, "/match_days",
         f"an activity is matched with a claim up to {_MOST_MATCHED} days away"),
        (said.decide_days < 1, "/decide_days", "leave a day at least to decide"),
        (not said.actor.strip(), "/actor", "say who decides this"),
    )  # fmt: skip
    for is_wrong, field, says in wrong:
        if is_wrong:
            return Invalid(says, field=field)
    return None
