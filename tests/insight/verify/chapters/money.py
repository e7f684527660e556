"""The shop's money: two are paid out, a bank sends some back; a partner's customers collect."""

from typing import Any

from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.points.partners.answer_lines import answer_lines
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
    AnswerLine,
    BookPayment,
    Decide,
    FileClaim,
    KeepPartner,
    OpenDispute,
    PartnerActivity,
    Settle,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.flows.points.payouts.commands import ReturnPayout, RunPayouts, SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts

SHOP = ("Corner", "DE89370400440532013000")
IBANS = ("GB82WEST12345698765432", "TR330006100519786457841326")


async def cashback(shop: Any) -> None:
    """Both have 20.00 and are paid it; what comes back is there again."""
    people = [await shop.join(f"{name}@example.org") for name in ("xia", "yan")]
    for member, iban in zip(people, IBANS, strict=True):
        await shop.act(adjust_balances, Adjust(member, "cash", 2_000, "welcome", "mia"))
        await shop.act(set_accounts, SetAccount(member, "Xia Yan", iban))
    (run,) = await shop.act(run_payouts, RunPayouts(*SHOP, reference="first", actor="mia"))
    async with shop.database.transaction(shop.program_id) as tx:
        rows = await tx.fetch(
            "select redemption_id from payout where program_id = $1 and run_id = $2 order by place",
            shop.program_id,
            run.run_id,
        )
    back = ReturnPayout(rows[0]["redemption_id"], "back-1", "AC04", "closed", actor="mia")
    await shop.act(return_payouts, back)


async def abroad(shop: Any) -> None:
    """A pack is paid; 300 are collected, a part comes back, 50 are spent, 30 are granted."""
    zoe = await shop.join("zoe@example.org")
    await shop.act(keep_partners, KeepPartner("cars", "Cars", "mia"))
    for kind in ("accrual", "redemption"):
        said: Any = {"kind": kind, "price_minor": 833, "per_units": 1_000, "currency": "EUR"}
        said |= {"wallet": "thanks", "actor": "mia", "match_days": 1}
        await shop.act(sign_contracts, SignContract("cars", **said))
    await shop.act(book_payments, BookPayment("cars", 10_000, "EUR", "pack-1", "mia"))
    shop.later(hours=1)
    lines = []
    for number, kind, units in (("c-1", "accrual", 300), ("c-2", "accrual", 70),
                                ("c-3", "redemption", 50)):  # fmt: skip
        one: Any = PartnerActivity("cars", kind, zoe, "thanks", units, number, actor="cars")
        lines += await shop.act(book_activities, one)
    await shop.act(take_back, TakeBack("cars", "accrual", "c-1", "b-1", 100, actor="cars"))
    missed = FileClaim("cars", zoe, "thanks", 30, "c-4", shop.now, "zoe")
    (claim,) = await shop.act(file_claims, missed)
    await shop.act(decide_claims, Decide("claim", claim.claim_id, "granted", "mia", "a receipt"))
    dispute = OpenDispute(lines[1].entry_id, "cars", "not ours")
    (opened,) = await shop.act(open_disputes, dispute)
    await shop.act(decide_claims, Decide("dispute", opened.dispute_id, "granted", "mia", "right"))
    told: Any = PartnerActivity("cars", "accrual", zoe, "thanks", 30, "c-5", actor="cars")
    await shop.act(book_activities, told)
    shop.later(hours=30)
    await shop.act(settle_accounts, Settle("cars", "mia"))
    for line, answer in zip(lines, ("accepted", "disputed"), strict=False):
        said = {"answer": answer, "actor": "cars", "reason": "not ours"}
        await shop.act(answer_lines, AnswerLine("cars", line.entry_id, **said))
