"""Settlements with partners: made, shown as files, and answered line by line."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.answer_lines import answer_lines
from regulars.flows.points.partners.commands import AnswerLine, LineAnswered, Settle
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import Settlement, SettlementFormat
from regulars.records.rewards.partners.types import Partner
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import Step, cursor_of, place_of
from regulars.surfaces.api.strict.ids import required, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.extracts.settlements import examples, planning
from regulars.surfaces.connect.extracts.settlements.ending import ENDING, ended_in
from regulars.surfaces.connect.extracts.settlements.files import (
    KINDS,
    file_name,
    lines_file,
    totals_file,
    totals_of,
)
from regulars.surfaces.connect.extracts.settlements.putting import (
    about_file,
    all_lines,
    between,
)
from regulars.surfaces.connect.extracts.settlements.wire import (
    LineAnsweredShown,
    LineAnswersDone,
    LineAnswerSent,
    LineAnswersSent,
    SettledLinesPage,
    SettlementFileQuery,
    SettlementSent,
    SettlementShown,
    SettlementsPage,
    SettlementsQuery,
    answers_shown,
    line_shown,
    settlement_shown,
)

MOST_ANSWERED: Final = 200_000
"""Lines of a settlement that is answered as a file; a plan puts larger ones, too."""
_PLANNED: Final = (
    "Have it put there by a settlement plan: PUT /v1/partners/{partner}/settlement-plan"
)


async def settle(call: Call) -> Reply:
    """An account is settled."""
    sent: SettlementSent = call.sent
    partner = await planning.partner_of(call)
    actor = sent.actor or call.caller.principal
    answer = await call.do(settle_accounts, Settle(partner.slug, actor, sent.until_on, call.asked))

    async def look(tx: Tx, terms: Terms) -> SettlementShown:
        one = await read.one(tx, partner.partner_id, answer.number)
        assert one is not None, answer
        about = between(partner, terms)
        found = await read.reconciled(tx, one)
        return settlement_shown(one, about, found, await ended_in(tx, one))

    return Reply(await call.read(look), 201, answer.replayed)


async def page(call: Call) -> Reply:
    """Settlements of a partner."""
    query: SettlementsQuery = call.query
    partner, before = await planning.partner_of(call), place_of(query.cursor, tuple[Step])

    async def look(tx: Tx, terms: Terms) -> SettlementsPage:
        after = None if before is None else before[0]
        found = await read.page(tx, partner.partner_id, after, query.limit + 1)
        some, more = found[: query.limit], len(found) > query.limit
        about = between(partner, terms)
        cursor = cursor_of((some[-1].number,)) if more else None
        return SettlementsPage([settlement_shown(one, about) for one in some], more, cursor)

    return Reply(await call.read(look))


async def one(call: Call) -> Reply:
    """A settlement, and how far it is answered."""
    partner = await planning.partner_of(call)

    async def look(tx: Tx, terms: Terms) -> SettlementShown:
        found = await _settlement(call, tx, partner)
        about, answered = between(partner, terms), await read.reconciled(tx, found)
        return settlement_shown(found, about, answered, await ended_in(tx, found))

    return Reply(await call.read(look))


async def lines(call: Call) -> Reply:
    """Lines of a settlement."""
    query: SettlementsQuery = call.query
    partner, after = await planning.partner_of(call), place_of(query.cursor, tuple[Step])

    async def look(tx: Tx, terms: Terms) -> SettledLinesPage:
        whole = await _settlement(call, tx, partner)
        begin = max(whole.after_step, 0 if after is None else after[0])
        found = await read.lines(tx, whole, begin, query.limit + 1)
        some, more = found[: query.limit], len(found) > query.limit
        about = between(partner, terms)
        cursor = cursor_of((some[-1].step,)) if more else None
        return SettledLinesPage([line_shown(each, about) for each in some], more, cursor)

    return Reply(await call.read(look))


async def file(call: Call) -> Reply:
    """A settlement as a file."""
    query: SettlementFileQuery = call.query
    partner = await planning.partner_of(call)

    async def look(tx: Tx, terms: Terms) -> tuple[Settlement, list[Any], Any]:
        found = await _settlement(call, tx, partner)
        if found.lines > MOST_ANSWERED:
            says = f"a file of more than {MOST_ANSWERED:,} lines is not written while you wait"
            raise Invalid(says, field="/number", mend=_PLANNED)
        return (
            found,
            await all_lines(tx, found),
            await about_file(tx, found, partner, terms),
        )

    found, rows, about = await call.read(look)
    format_: SettlementFormat = "parquet" if query.format == "parquet" else "csv"
    name = file_name(found, about, format_)
    # Seconds of work for a large one, during which everybody else is answered.
    body = await asyncio.to_thread(lines_file, rows, about, format_)
    if query.format == "totals":
        told = await asyncio.to_thread(totals_of, found, rows, about, (name, body))
        return Reply(totals_file(told), media="application/json")
    header = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return Reply(body, headers=(header,), media=KINDS[format_])


async def take_answers(call: Call) -> Reply:
    """What a partner answers."""
    sent: LineAnswersSent = call.sent
    partner = await planning.partner_of(call)
    actor = sent.actor or call.caller.principal

    async def look(tx: Tx, terms: Terms) -> tuple[Settlement, str]:
        return await _settlement(call, tx, partner), terms.at(tx.now).program.currency

    whole, currency = await call.read(look)
    wishes = [
        _wish(one, (partner.slug, actor, f"/lines/{at}"), currency, call)
        for at, one in enumerate(sent.lines)
    ]
    outcomes = [
        await call.given.gate.submit(call.caller.program_id, answer_lines, wish) for wish in wishes
    ]
    results = [_result(wish, outcome) for wish, outcome in zip(wishes, outcomes, strict=True)]

    async def reconciled(tx: Tx, terms: Terms) -> LineAnswersDone:
        found = await read.reconciled(tx, whole)
        return LineAnswersDone(results, answers_shown(found, currency))

    return Reply(await call.read(reconciled))


def _wish(one: LineAnswerSent, said: tuple[str, str, str], currency: str, call: Call) -> AnswerLine:
    partner, actor, at = said
    if one.amount is not None and one.amount.currency != currency:
        raise Invalid(f"this program counts in {currency}", field=f"{at}/amount/currency")
    amount = None if one.amount is None else one.amount.minor
    entry_id = required("pen", one.entry, f"{at}/entry")
    asked = Asked(call.caller.principal)
    return AnswerLine(partner, entry_id, one.answer, actor, one.reason, amount, asked)


def _result(wish: AnswerLine, outcome: Any) -> LineAnsweredShown:
    entry = shown("pen", wish.entry_id)
    if isinstance(outcome, LineAnswered):
        dispute = outcome.dispute_id
        return LineAnsweredShown(
            entry, outcome.answer, None if dispute is None else shown("dis", dispute)
        )
    assert isinstance(outcome, (Refused, Fault)), outcome
    field = getattr(outcome, "field", "")
    return LineAnsweredShown(
        entry, wish.answer, code=outcome.code, field=field, reason=outcome.says
    )


async def _settlement(call: Call, tx: Tx, partner: Partner) -> Settlement:
    """The settlement that is named. Faults: NotFound."""
    text = call.ids["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    found = await read.one(tx, partner.partner_id, number) if number else None
    if found is None:
        raise NotFound("this partner has no settlement of this number", field="/number")
    return found


_TAG: Final = "Partners"
_AGREES: Final = (Scope.PARTNERS_WRITE,)
_TELLS: Final = (Scope.PARTNERS_WRITE, Scope.PARTNERS_TELL)
_SEES: Final = (Scope.PARTNERS_WRITE, Scope.PARTNERS_TELL, Scope.BOOKS_READ)
_ALL: Final = "/v1/partners/{partner}/settlements"
_ONE: Final = f"{_ALL}/{{number}}"

OPERATIONS = (
    ENDING,
    Operation(
        method="POST",
        path=_ALL,
        name="settle_partner",
        tag=_TAG,
        scopes=_AGREES,
        says="Settle an account: everything booked since the settlement before, up to a day",
        notes="Every line is in one settlement and one alone; what is booked later, or taken back, "
        "is in a later one. Its sums are kept and held against the lines by `regulars verify`.",
        sent=SettlementSent,
        answers={201: SettlementShown},
        example={"until_on": "2026-03-01"},
        answer_example=examples.SETTLED,
        codes=("not_found", "period_not_over", "already_settled", "invalid"),
        do=settle,
    ),
    Operation(
        method="GET",
        path=_ALL,
        name="list_settlements",
        tag=_TAG,
        scopes=_SEES,
        says="Settlements of a partner, the newest first",
        query=SettlementsQuery,
        answers={200: SettlementsPage},
        codes=("not_found", "bad_cursor"),
        answer_example={
            "items": [examples.SETTLEMENT],
            "has_more": False,
            "next_cursor": None,
        },
        do=page,
    ),
    Operation(
        method="GET",
        path=_ONE,
        name="get_settlement",
        tag=_TAG,
        scopes=_SEES,
        says="A settlement, and how far the partner answered it",
        answers={200: SettlementShown},
        answer_example=examples.SETTLED,
        codes=("not_found",),
        do=one,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/lines",
        name="list_settled_lines",
        tag=_TAG,
        scopes=_SEES,
        says="Lines of a settlement in their order, with what the partner answered",
        query=SettlementsQuery,
        answers={200: SettledLinesPage},
        answer_example={"items": [examples.LINE], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=lines,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/file",
        name="get_settlement_file",
        tag=_TAG,
        scopes=_SEES,
        says="A settlement as a file: its lines as CSV or Parquet, or its control totals",
        notes="The totals name the file with its bytes and SHA-256, the money by kind, and the "
        "units by wallet and kind. A settlement is written the same whenever it is asked for. "
        f"One of more than {MOST_ANSWERED:,} lines is put there by a plan instead.",
        query=SettlementFileQuery,
        answers={200: SettlementShown},
        answer_example=examples.SETTLED,
        files=("text/csv", "application/vnd.apache.parquet", "application/json"),
        codes=("not_found", "invalid"),
        do=file,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/answers",
        name="answer_settlement",
        tag=_TAG,
        scopes=_TELLS,
        once=Once.AGAIN,
        says="What a partner answers to a settlement: lines it accepts, lines it disputes",
        notes="One result for each line; one that is not kept says why and holds up no other. A "
        "disputed line is a dispute that is granted or rejected as all are. The same answer again "
        "changes nothing, another one is refused.",
        sent=LineAnswersSent,
        answers={200: LineAnswersDone},
        example=examples.ANSWER,
        answer_example=examples.ANSWERED,
        codes=("not_found", "invalid"),
        do=take_answers,
    ),
    *planning.OPERATIONS,
)
