"""Paying out: bank accounts, runs, the file for the bank, and what it sends back."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.rewarding.cashback.bank_file import bank_file
from regulars.engine.terms import Terms
from regulars.flows.points.payouts.commands import ReturnPayout, RunPayouts, SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts, show_account
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.rewards.payouts import read
from regulars.records.rewards.payouts.types import Payout, PayoutRun
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import payouts as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, required
from regulars.surfaces.api.wire.parts import PageQuery
from regulars.surfaces.api.wire.rewarding.payouts import (
    AccountSent,
    AccountShown,
    BankFile,
    PayoutReturnDone,
    PayoutReturnSent,
    RunDone,
    RunSent,
    RunShown,
    RunsPage,
    account_shown,
    returned_done,
    run_done,
    run_shown,
)


async def set_account(call: Call) -> Reply:
    """A member says where their money goes."""
    sent: AccountSent = call.sent
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    actor = sent.actor or call.asked.principal
    command = SetAccount(member, sent.holder, sent.iban, sent.bic, actor, call.asked)
    answer = await call.do(set_accounts, command)
    return Reply(account_shown(answer), 200, answer.replayed)


async def drop_account(call: Call) -> Reply:
    """Nothing is paid out to this member any more."""
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    command = SetAccount(member, actor=call.asked.principal, asked=call.asked)
    answer = await call.do(set_accounts, command)
    return Reply(account_shown(answer), 200, answer.replayed)


async def get_account(call: Call) -> Reply:
    """Where a member's money goes, masked."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> AccountShown:
        found = await show_account(tx, terms, id_)
        if found is None:
            raise NotFound("no bank account is known of this member", field="/id")
        return account_shown(found)

    return Reply(await call.read(look))


async def run(call: Call) -> Reply:
    """Pay out to everybody who is due something."""
    sent: RunSent = call.sent
    command = RunPayouts(
        from_name=sent.from_.name,
        from_iban=sent.from_.iban,
        from_bic=sent.from_.bic,
        execute_on=sent.execute_on,
        reference=sent.reference,
        actor=sent.actor or call.asked.principal,
        most=sent.at_most or 0,
        asked=call.asked,
    )
    answer = await call.do(run_payouts, command)
    return Reply(run_done(answer), 201, answer.replayed)


async def show(call: Call) -> Reply:
    """A run and what each member got."""
    found, payouts = await _run(call)
    return Reply(run_shown(found, payouts))


async def file(call: Call) -> Reply:
    """The file for the bank, made of what is kept."""
    found, payouts = await _run(call)
    there = sum(1 for one in payouts if one.iban)
    xml = bank_file(found, payouts).decode("utf-8")
    name = f"payouts-{found.execute_on.isoformat()}-{found.run_id.hex}.xml"
    return Reply(BankFile(name, there, len(payouts) - there, xml))


async def runs(call: Call) -> Reply:
    """All runs, newest first."""
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        last = None if before is None else before[0]
        found = await read.runs(tx, None, last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].run_id,)) if more else None
    return Reply(RunsPage([run_shown(one, ()) for one in page], more, cursor))


async def came_back(call: Call) -> Reply:
    """A bank sent a pay-out back."""
    sent: PayoutReturnSent = call.sent
    text = sent.payout if sent.payout.startswith("red_") else f"red_{sent.payout}"
    command = ReturnPayout(
        redemption_id=required("red", text, "/payout"),
        reference=sent.reference,
        code=sent.reason_code,
        reason=sent.reason,
        amount_minor=None if sent.amount is None else sent.amount.minor,
        currency="" if sent.amount is None else sent.amount.currency,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(return_payouts, command)
    return Reply(returned_done(answer), 201, answer.replayed)


async def _run(call: Call) -> tuple[PayoutRun, list[Payout]]:
    id_ = addressed("por", call.ids["run_id"])
    async with call.transaction as tx:
        found = await read.runs(tx, id_)
        if not found:
            raise NotFound("there is no such run of pay-outs here", field="/id")
        return found[0], await read.of_run(tx, id_)


_TAG = "Pay-outs"
_ACCOUNT = (Scope.BANK_ACCOUNTS_WRITE,)
_SEES = (Scope.BANK_ACCOUNTS_WRITE, Scope.PAYOUTS_WRITE)
_PAYS = (Scope.PAYOUTS_WRITE,)

OPERATIONS = (
    Operation(
        method="PUT",
        path="/v1/members/{member_id}/bank-account",
        name="set_bank_account",
        tag=_TAG,
        says="Say where a member's money goes",
        notes="Told anew, an account that sent money back is usable again. The number is kept "
        "whole, shown masked, and goes with an erasure.",
        scopes=_ACCOUNT,
        sent=AccountSent,
        answers={200: AccountShown},
        example=examples.ACCOUNT,
        answer_example=examples.ACCOUNT_SHOWN,
        codes=("unknown_member", "member_erased", "no_payouts", "invalid", "own_membership"),
        do=set_account,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/bank-account",
        name="get_bank_account",
        tag=_TAG,
        says="Where a member's money goes, masked",
        scopes=_SEES,
        answers={200: AccountShown},
        answer_example=examples.ACCOUNT_SHOWN,
        codes=("not_found",),
        do=get_account,
    ),
    Operation(
        method="DELETE",
        path="/v1/members/{member_id}/bank-account",
        name="drop_bank_account",
        tag=_TAG,
        says="Pay nothing out to a member any more, and forget the account",
        scopes=_ACCOUNT,
        answers={200: AccountShown},
        answer_example=examples.ACCOUNT_SHOWN | {"holder": "", "iban": "", "usable": False},
        codes=("unknown_member", "member_erased"),
        do=drop_account,
    ),
    Operation(
        method="POST",
        path="/v1/payout-runs",
        name="run_payouts",
        tag=_TAG,
        says="Pay out to everybody who is due something",
        notes="All that can be had leaves the wallets of members with a usable account and at "
        "least the minimum; what is pending waits. At most 2,000 members at once; `more` says "
        "that others are due.",
        scopes=_PAYS,
        sent=RunSent,
        answers={201: RunDone},
        example=examples.RUN,
        answer_example=examples.RUN_DONE,
        codes=("no_payouts", "nothing_due", "invalid"),
        do=run,
    ),
    Operation(
        method="GET",
        path="/v1/payout-runs",
        name="list_payout_runs",
        tag=_TAG,
        says="All runs of pay-outs, newest first",
        scopes=(*_PAYS, Scope.BOOKS_READ),
        query=PageQuery,
        answers={200: RunsPage},
        answer_example={
            "items": [examples.RUN_SHOWN | {"items": []}],
            "has_more": False,
            "next_cursor": None,
        },
        codes=("bad_cursor",),
        do=runs,
    ),
    Operation(
        method="GET",
        path="/v1/payout-runs/{run_id}",
        name="get_payout_run",
        tag=_TAG,
        says="A run, what each member got, and what came back",
        scopes=(*_PAYS, Scope.BOOKS_READ),
        answers={200: RunShown},
        answer_example=examples.RUN_SHOWN,
        codes=("not_found",),
        do=show,
    ),
    Operation(
        method="GET",
        path="/v1/payout-runs/{run_id}/file",
        name="get_payout_file",
        tag=_TAG,
        says="The file for the bank (ISO 20022, pain.001.001.09)",
        notes="Made of what is kept, so it is the same however often it is asked for. It has "
        "account numbers whole: only keys that may pay out see it.",
        scopes=_PAYS,
        answers={200: BankFile},
        answer_example=examples.FILE,
        codes=("not_found",),
        do=file,
    ),
    Operation(
        method="POST",
        path="/v1/payout-returns",
        name="return_payout",
        tag=_TAG,
        says="A bank sent a pay-out back: the money is in the wallet again",
        notes="Nothing more goes to that account until it is told anew.",
        scopes=_PAYS,
        sent=PayoutReturnSent,
        answers={201: PayoutReturnDone},
        example=examples.RETURN,
        answer_example=examples.RETURN_DONE,
        codes=("not_found", "already_returned", "member_erased", "invalid"),
        do=came_back,
    ),
)
