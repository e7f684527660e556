"""What members have of a program that a further version would take or make another."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.engine.changing.comparing import Difference
from regulars.engine.changing.differences import differences
from regulars.engine.changing.owned.asking import Held, answers, questions, refuses
from regulars.flows.terms.comes.touched import how_many
from regulars.records.ledger.totals import read as totals
from regulars.records.program import read
from regulars.records.program.changes.decided.read import anything
from regulars.records.program.problems import Finding
from regulars.records.program.types import Program


async def relied(tx: Tx, old: Program, new: Program) -> list[Finding]:
    """What is refused of a version that follows, and what its author has to say that it is meant:
    each with how many members have what it would take, as they stand now.

    Order: a version that takes nothing costs no question to the database.
    """
    changes = questions(differences(old, new))
    if not changes:
        return []
    return [*answers((old, new), changes, await _held(tx, (old, new), changes))]


def at_stake(old: Program, new: Program) -> list[str]:
    """The wallets that would be gone or another where anybody had something of them."""
    changes = questions(differences(old, new))
    return sorted({one.what for one in changes if one.kind.startswith("wallet_") and refuses(one)})


async def _held(tx: Tx, both: tuple[Program, Program], changes: Sequence[Difference]) -> Held:
    names = {one.what for one in changes if one.kind.startswith("wallet_")}
    codes = await read.codes(tx)
    known = {codes["wallet", name]: name for name in sorted(names) if ("wallet", name) in codes}
    had = await totals.had(tx, list(known))
    return Held(
        anything=any(one.kind == "currency" for one in changes) and await anything(tx),
        wallets={known[code]: members for code, (members, _) in had.items()},
        ever=frozenset(known[code] for code, (_, ever) in had.items() if ever),
        touched=await how_many(tx, both, [one.whom for one in changes]),
    )
