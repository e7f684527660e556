"""What partners answer to settlements is held against the lines; what they dispute waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.flows.points.partners.accounts import unknown
from regulars.flows.points.partners.commands import AnswerLine, AnswerOutcome, LineAnswered
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners import write as account_rows
from regulars.records.rewards.partners.settling import read, write
from regulars.records.rewards.partners.settling.types import Answer
from regulars.records.rewards.partners.types import Decision, Dispute, Partner, PartnerEntry


async def answer_lines(tx: Tx, terms: Terms, batch: Sequence[AnswerLine]) -> list[AnswerOutcome]:
    """Keep what a partner says of settled lines, each once; what is disputed is to be decided.

    Refuses: `not_settled`, `already_answered`, `already_decided`. Faults: unknown partner or line,
    no reason for a dispute, another amount than the line's.
    Keeps: a line under dispute is not accepted, whoever opened the dispute and however it ended;
    it may be answered as disputed, which opens no second one.
    """
    asked = askings("answer_line", batch, lambda _: None)
    await sort_out(tx, asked, LineAnswered)
    fresh = [item for item in asked if item.open]
    known = await accounts.partners(tx, sorted({item.command.partner for item in fresh}))
    for item in fresh:
        item.outcome = unknown(known, item.command.partner)
        if item.open and not item.command.actor.strip():
            item.outcome = Invalid("say who answers", field="/actor")
    todo = [item for item in fresh if item.open]
    if not todo:
        return settle_followers(asked)
    ids = [known[item.command.partner].partner_id for item in todo]
    entry_ids = sorted({item.command.entry_id for item in todo})
    await accounts.hold(tx, ids)
    settled = await read.last(tx, ids)
    disputes = {one.entry_id: one for one in await accounts.disputes(tx, [], entry_ids)}
    about = [one.dispute_id for one in disputes.values()]
    there = _There(
        await accounts.entries(tx, entry_ids),
        {id_: one.to_step for id_, one in settled.items()},
        await read.answers(tx, entry_ids),
        disputes,
        await accounts.decisions(tx, about) if about else {},
    )
    rows: list[Kept] = []
    for item in todo:
        item.outcome = _answered(tx, there, item.command, known[item.command.partner])
        if isinstance(item.outcome, LineAnswered):
            rows += kept(item, NOBODY, item.command.entry_id)
    opens = [account_rows.keep_dispute(tx, one) for one in there.opened]
    await tx.write([*keep(tx, rows), *opens, *write.answer(tx, there.made)])
    return settle_followers(asked)


class _There(Struct):
    """Lines that are answered, with what was said of them before, or earlier in this batch."""

    lines: Mapping[UUID, PartnerEntry]
    settled: Mapping[UUID, int]
    """By partner, the last step that is settled."""
    answers: dict[UUID, Answer]
    disputes: dict[UUID, Dispute]
    """By line, also those that were opened otherwise than by an answer."""
    decided: Mapping[UUID, Decision]
    made: list[Answer] = []
    opened: list[Dispute] = []


def _answered(tx: Tx, there: _There, said: AnswerLine, partner: Partner) -> AnswerOutcome:
    line, before = there.lines.get(said.entry_id), there.answers.get(said.entry_id)
    no = _unfit(said, partner, line, there.settled.get(partner.partner_id, 0))
    if no is None and before is not None and before.answer != said.answer:
        says = f"this line was {before.answer} before"
        no = Refused("already_answered", says, {"answer": before.answer})
    dispute = there.disputes.get(said.entry_id)
    if no is None and before is None and said.answer == "accepted" and dispute is not None:
        no = _under_dispute(there, dispute)
    if no is not None:
        return no
    if said.answer == "disputed" and dispute is None:
        dispute = Dispute(
            tx.new_id(), partner.partner_id, said.entry_id, tx.now, said.actor, said.reason
        )
        there.disputes[said.entry_id] = dispute
        there.opened.append(dispute)
    if before is None:
        one = Answer(
            said.entry_id, partner.partner_id, said.answer, said.reason, tx.now, said.actor
        )
        there.answers[said.entry_id] = one
        there.made.append(one)
    about, again = _about(said, dispute), before is not None
    return LineAnswered(said.entry_id, partner.partner_id, said.answer, about, replayed=again)


def _under_dispute(there: _There, dispute: Dispute) -> Refused:
    decision = there.decided.get(dispute.dispute_id)
    if decision is None:
        says = "this line is under dispute; it is decided first"
        return Refused("already_answered", says, {"answer": "disputed"})
    says = f"this line was disputed, and that dispute was {decision.decision}"
    return Refused("already_decided", says, {"decision": decision.decision})


def _about(command: AnswerLine, dispute: Dispute | None) -> UUID | None:
    return dispute.dispute_id if command.answer == "disputed" and dispute is not None else None


def _unfit(
    command: AnswerLine, partner: Partner, line: PartnerEntry | None, settled: int
) -> Invalid | NotFound | Refused | None:
    """Why this line cannot be answered so."""
    if line is None or line.partner_id != partner.partner_id:
        says = "there is no such line in this partner's account"
        return NotFound(says, field="/line")
    if line.step > settled:
        return Refused("not_settled", "this line is in no settlement yet")
    return _accepts(command, line) if command.answer == "accepted" else _disputes(command, line)


def _accepts(command: AnswerLine, line: PartnerEntry) -> Invalid | None:
    if command.amount_minor is not None and command.amount_minor != line.amount_minor:
        says = f"this line has {line.amount_minor} minor units; accept that, or dispute it"
        return Invalid(says, field="/amount")
    return None


def _disputes(command: AnswerLine, line: PartnerEntry) -> Invalid | None:
    if line.kind not in ("accrual", "redemption"):
        says = "only what members collected or spent is disputed, not what came back or was paid"
        return Invalid(says, field="/answer")
    if not command.reason.strip():
        return Invalid("say why, so that somebody can decide it", field="/reason")
    return None
