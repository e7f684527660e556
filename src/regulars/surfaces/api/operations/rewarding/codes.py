"""Codes of rewards: looked up and used at the till, issued, uploaded, withdrawn."""

from __future__ import annotations

from uuid import UUID

from regulars.engine.rewarding.counter.using import unknown_code
from regulars.flows.points.codes.commands import (
    CodeDone,
    FillPool,
    IssueCodes,
    UseCode,
    WithdrawCode,
)
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import folded, meant
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import codes as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import PageQuery, instant_of, member_of
from regulars.surfaces.api.wire.rewarding.codes import (
    CodeAnswer,
    CodeQuery,
    CodeShown,
    CodesPage,
    CodeUseSent,
    IssueDone,
    IssueSent,
    PoolsShown,
    UploadDone,
    UploadSent,
    WithdrawSent,
    code_answer,
    code_shown,
    issue_done,
    pools_shown,
    upload_done,
)


async def look_up(call: Call) -> Reply:
    """What a code is worth, and whether it can be used; nothing changes."""
    query: CodeQuery = call.query
    spelled = folded(query.code), meant(query.code)
    currency = (await call.terms()).at(call.now).program.currency
    async with call.transaction as tx:
        there = await read.look_up(tx, spelled)
    code = next((there[one] for one in spelled if one in there), None)
    if code is None or code.issued_at is None:
        raise No(unknown_code())
    return Reply(code_shown(code, call.now, currency))


async def use(call: Call) -> Reply:
    """A code is shown at the till."""
    sent: CodeUseSent = call.sent
    command = UseCode(sent.code, sent.store, sent.channel, call.asked)
    return await _answer(call, await call.do(use_codes, command), 201)


async def withdraw(call: Call) -> Reply:
    """A code is taken out of use."""
    sent: WithdrawSent = call.sent
    by = sent.actor or call.asked.principal
    command = WithdrawCode(sent.code, sent.reason, by, call.asked)
    return await _answer(call, await call.do(withdraw_codes, command), 200)


async def _answer(call: Call, answer: CodeDone, status: int) -> Reply:
    currency = (await call.terms()).at(call.now).program.currency
    return Reply(code_answer(answer, currency), status, answer.replayed)


async def of_member(call: Call) -> Reply:
    """The codes of a member, newest first."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    currency = (await call.terms()).at(call.now).program.currency
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        last = None if before is None else before[0]
        found = await read.page(tx, id_, last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    items = [code_shown(one, call.now, currency) for one in page]
    return Reply(CodesPage(items, more, cursor_of((page[-1].code_id,)) if more else None))


async def issue(call: Call) -> Reply:
    """The shop issues codes."""
    sent: IssueSent = call.sent
    command = IssueCodes(
        reward=sent.reward,
        reason=sent.reason,
        actor=sent.actor or call.asked.principal,
        times=sent.times,
        members=tuple(member_of(one, f"/members/{n}") for n, one in enumerate(sent.members)),
        ends_at=instant_of(sent.ends_at, "/ends_at"),
        asked=call.asked,
    )
    answer = await call.do(issue_codes, command)
    return Reply(issue_done(answer), 201, answer.replayed)


async def upload(call: Call) -> Reply:
    """Codes are laid into a pool."""
    sent: UploadSent = call.sent
    by = sent.actor or call.asked.principal
    command = FillPool(sent.reward, sent.codes, sent.reason, by, asked=call.asked)
    answer = await call.do(fill_pools, command)
    return Reply(upload_done(answer), 201, answer.replayed)


async def pools(call: Call) -> Reply:
    """How the codes of each reward stand."""
    async with call.transaction as tx:
        return Reply(pools_shown(await read.left(tx)))


_TAG = "Reward codes"
_AT_TILL = (Scope.REDEMPTIONS_WRITE,)
_BY_SHOP = (Scope.CODES_WRITE,)

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/reward-codes",
        name="look_up_code",
        tag=_TAG,
        says="What is this code worth, and can it be used?",
        notes="Capitals, spaces and hyphens do not matter. Nothing changes; `POST /v1/code-uses` "
        "uses it.",
        scopes=_AT_TILL,
        query=CodeQuery,
        answers={200: CodeShown},
        answer_example=examples.CODE,
        codes=("unknown_code",),
        do=look_up,
    ),
    Operation(
        method="POST",
        path="/v1/code-uses",
        name="use_code",
        tag=_TAG,
        says="A code is shown at the till: use it, once",
        notes="Of many who show the same code exactly one has it.",
        scopes=_AT_TILL,
        sent=CodeUseSent,
        answers={201: CodeAnswer},
        example=examples.USE,
        answer_example=examples.USED,
        codes=(
            "unknown_code",
            "code_used",
            "code_expired",
            "code_withdrawn",
            "member_blocked",
        ),
        do=use,
    ),
    Operation(
        method="POST",
        path="/v1/code-withdrawals",
        name="withdraw_code",
        tag=_TAG,
        says="Take a code out of use",
        notes="Withdrawn again, nothing changes. A used one stays used.",
        scopes=_BY_SHOP,
        sent=WithdrawSent,
        answers={200: CodeAnswer},
        example=examples.WITHDRAW,
        answer_example=examples.USED | {"state": "withdrawn"},
        codes=("unknown_code", "code_used", "own_membership"),
        do=withdraw,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/reward-codes",
        name="list_member_codes",
        tag=_TAG,
        says="The codes of a member, newest first, without their signs",
        notes="A code is told when it is handed over or issued, and to whoever repeats that "
        "request with its key; a lost one is withdrawn and another issued.",
        scopes=(Scope.MEMBERS_READ, Scope.REDEMPTIONS_WRITE),
        query=PageQuery,
        answers={200: CodesPage},
        answer_example={"items": [examples.CODE], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=of_member,
    ),
    Operation(
        method="POST",
        path="/v1/code-issues",
        name="issue_codes",
        tag=_TAG,
        says="Issue codes: so many for whoever shows them, or one to each of these members",
        notes="The reward is promised as it is now, whatever the program says later. More at once: "
        "`regulars codes issue`.",
        scopes=_BY_SHOP,
        sent=IssueSent,
        answers={201: IssueDone},
        example=examples.ISSUE,
        answer_example=examples.ISSUED,
        codes=("unknown_reward", "unknown_member", "member_erased", "own_membership"),
        do=issue,
    ),
    Operation(
        method="POST",
        path="/v1/code-uploads",
        name="upload_codes",
        tag=_TAG,
        says="Lay codes into the pool of a reward: all of them, or none",
        notes="A code that is there already, or twice in the list, is named by its line.",
        scopes=_BY_SHOP,
        sent=UploadSent,
        answers={201: UploadDone},
        example=examples.UPLOAD,
        answer_example=examples.UPLOADED,
        codes=("unknown_reward",),
        do=upload,
    ),
    Operation(
        method="GET",
        path="/v1/code-pools",
        name="list_code_pools",
        tag=_TAG,
        says="How many codes of each reward are free, issued, used and withdrawn",
        scopes=(Scope.CODES_WRITE, Scope.BOOKS_READ),
        answers={200: PoolsShown},
        answer_example={"items": [examples.POOL]},
        do=pools,
    ),
)
