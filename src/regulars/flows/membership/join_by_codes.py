"""Somebody joins for themself on a page: they are in, and the digits that prove it are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import (
    AskForCode,
    AskOutcome,
    CodeAsked,
    ask_for_codes,
    count_asked,
    would_refuse,
)
from regulars.flows.membership.join_members import join_members
from regulars.records.members.types import IdentifierTaken, Joined, JoinMember


class JoinByCode(Struct, frozen=True):
    """Somebody joins by this address, and asks for a code to prove that it is theirs."""

    join: JoinMember
    ask: AskForCode


class MayProve(Struct, frozen=True):
    """A code is on its way; who joined, or nobody where the address was a member's already."""

    asked: CodeAsked
    joined: Joined | None


JoinByCodeOutcome = MayProve | Refused | Fault


async def join_by_codes(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[JoinByCode]
) -> list[JoinByCodeOutcome]:
    """Each joins and is sent a code, or neither: whoever asked too often is no member either.

    Order: codes are counted first, by address and by machine; who is within the limits joins;
    then the codes are sent, as by then it is known whose they are.
    Refuses: `too_many_codes`, for members and others alike, and what joining refuses.
    Faults, each for its own item: what joining and asking answer, but `identifier_taken`: who is
    a member already is answered like a newcomer.
    """
    first = await would_refuse(tx, terms, keyed, [one.ask for one in batch])
    may = [one for one, no in zip(batch, first, strict=True) if no is None]
    country = terms.versions[-1].program.country
    joined = await join_members(tx, country, [one.join for one in may], terms) if may else []
    came = [one.ask for one, outcome in zip(may, joined, strict=True) if _may_prove(outcome)]
    sent = iter(await ask_for_codes(tx, terms, keyed, came) if came else [])
    outcomes = iter(joined)
    return [no if no is not None else _told(next(outcomes), sent) for no in first]


JoinOutcome = Joined | Refused | Fault


async def join_uncoded(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[JoinByCode]
) -> list[JoinOutcome]:
    """Each joins where no code can be sent; who asks too often from one machine does not.

    Keeps: it counts like a code, whether or not the address was a member's already, so that nobody
    fills the books with invented people, or tries one address after the other.
    Refuses: `too_many_codes`, and what joining refuses. Faults: what joining answers.
    """
    first = await would_refuse(tx, terms, keyed, [one.ask for one in batch])
    may = [wish for wish, no in zip(batch, first, strict=True) if no is None]
    country = terms.versions[-1].program.country
    joined = await join_members(tx, country, [one.join for one in may], terms) if may else []
    await count_asked(tx, terms, keyed, [one.ask for one in may])
    outcomes = iter(joined)
    return [no if no is not None else next(outcomes) for no in first]


def _told(outcome: Joined | Refused | Fault, sent: Iterator[AskOutcome]) -> JoinByCodeOutcome:
    if not _may_prove(outcome):
        return outcome  # type: ignore[return-value]
    asked = next(sent)
    if not isinstance(asked, CodeAsked):
        return asked
    return MayProve(asked, outcome if isinstance(outcome, Joined) else None)


def _may_prove(outcome: Joined | Refused | Fault) -> bool:
    """Whether an address is a member's now; nobody learns whether it was one before."""
    return isinstance(outcome, Joined | IdentifierTaken)
