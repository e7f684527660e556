"""Codes that are handed over with a redemption: made now, or the next ones of a pool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.terms import Terms
from regulars.flows.commands import Redeemed
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import BITS, code_of, shown
from regulars.records.rewards.codes.types import Made
from regulars.records.rewards.types import Redemption


async def codes_for(tx: Tx, terms: Terms, captured: Sequence[Redemption]) -> list[Made]:
    """A code for each of these redemptions that gives one.

    Order: the shelves of pools are held, and each redemption has taken a piece off them, so there
    is a code for everybody who comes here, and nobody else takes it.
    """
    wanted = [one for one in captured if one.promised.kind == "code"]
    pools: dict[str, list[Redemption]] = {}
    for redemption in wanted:
        if redemption.promised.shelf:
            pools.setdefault(redemption.reward, []).append(redemption)
    made = [
        _made(tx, terms, redemption, code=code_of(tx.secret_bits(BITS)))
        for redemption in wanted
        if not redemption.promised.shelf
    ]
    for reward, takers in sorted(pools.items()):
        free = await read.next_free(tx, reward, len(takers))
        assert len(free) == len(takers), (reward, len(free), len(takers))
        for code_id, redemption in zip(free, takers, strict=True):
            made.append(replace(_made(tx, terms, redemption), code_id=code_id))
    return made


def _made(tx: Tx, terms: Terms, redemption: Redemption, code: str = "") -> Made:
    zone, length = terms.numbered(redemption.version).zone, redemption.promised.valid_for
    return Made(
        code_id=tx.new_id(),
        member_id=redemption.member_id,
        reward=redemption.reward,
        redemption_id=redemption.redemption_id,
        issued_at=tx.now,
        ends_at=add_span(zone, tx.now, length) if length else None,
        code=code,
    )


async def with_codes(tx: Tx, outcomes: Sequence[Any]) -> list[Any]:
    """These outcomes, those that were handed over with their code.

    Keeps: a code is read from where it lies, so that a request that is sent again is answered with
    it too and no answer has to be kept with it.
    """
    wanted = [
        one.redemption_id
        for one in outcomes
        if isinstance(one, Redeemed) and one.kind == "code" and one.state == "captured"
    ]
    if not wanted:
        return list(outcomes)
    codes = await read.of_redemptions(tx, wanted)
    return [_with(one, codes) for one in outcomes]


def _with(outcome: Any, codes: Any) -> Any:
    row = codes.get(outcome.redemption_id) if isinstance(outcome, Redeemed) else None
    if row is None:
        return outcome
    return replace(outcome, code=shown(row["code"], row["printed"]), code_ends_at=row["ends_at"])
