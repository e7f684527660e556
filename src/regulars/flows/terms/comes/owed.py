"""What members have together costs so much before a version begins, and so much after."""

from __future__ import annotations

from datetime import datetime

from regulars.base.tx import Tx
from regulars.engine.changing.keeping import changes_of, owed_by, worths_kept
from regulars.engine.changing.prices import Liability
from regulars.engine.replaying.compare import worth_of
from regulars.engine.terms import Terms, Version
from regulars.flows.terms.comes.versions import coming
from regulars.records.ledger.totals import read as totals
from regulars.records.program.types import Program


async def plan_owed(tx: Tx, program: Program, start: datetime, before: int) -> Liability:
    """What is owed as this version begins, by the terms before it and by it: each point at the
    worth it was earned with, whichever version promised that.

    Units: minor units of money, rounded up once. Keeps: both are asked of the same instant, so
    that a promise that is over by then is no difference the version makes.
    Source: ADR 0604. Example: 120 points of a mug for 100 that cost 0.80, kept since the second
    version asks 150: 96 before the third, and 96 after, though it asks 300 and keeps nothing.
    """
    _, terms = await coming(tx, program, start)
    at, new = max(start, tx.now), terms.versions[-1]
    was = await _owed(tx, (terms, terms.numbered(before)), at)
    return Liability(was, await _owed(tx, (terms, new), at))


async def _owed(tx: Tx, of: tuple[Terms, Version], at: datetime) -> int:
    terms, version = of
    names = terms.wallet_names
    changes = changes_of(version, at)
    if changes:
        held = await totals.outstanding_since(tx, changes)
    else:
        held = {(code, 0): n for code, n in (await totals.outstanding(tx)).items()}
    worths = worths_kept(version, at, worth_of)
    total = owed_by(worths, {(names[code], band): n for (code, band), n in held.items()})
    return -(-total.numerator // total.denominator)
