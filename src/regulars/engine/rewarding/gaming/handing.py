"""What a draw gives its winners: points, or a reward of the program for nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.correcting import Amount, Why, give
from regulars.engine.rewarding.gaming.winning import cannot_have, for_nothing
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import NEVER
from regulars.records.program.parts.gaming import DrawPrize
from regulars.records.rewards.draws.types import Won
from regulars.records.rewards.types import Redemption

ACTOR: Final = "draw"
"""Who gives prizes of draws, in the books."""


def waits(version: Version, won: tuple[str, int], prize: DrawPrize, state: MemberState) -> Won:
    """A prize of a draw before anything is booked for it; `won` is the draw and which prize."""
    wallet, amount = None, 0
    if prize.wallet is not None:
        wallet = wallet_code(version, prize.wallet)
        amount = units(prize.points, version.program.wallets[prize.wallet].scale)
    return Won(
        draw=won[0],
        won=won[1],
        member_id=state.member_id,
        state="waiting",
        why="",
        wallet=wallet,
        units=amount,
        entry_id=None,
        reward=prize.reward or "",
        redemption_id=None,
        booked_at=NEVER,
    )


def hand_out(
    changes: Changes, state: MemberState, version: Version, prize: Won, called: tuple[str, datetime]
) -> tuple[Won, Redemption | None]:
    """Book a prize that waits, or say why it waits on; with the redemption, if it is a reward.

    Shape: `version` is the one the draw was announced under; `called` is what members read of the
    draw, and now.
    Order: member, seat, shelf. Tier, stores, days and limit of a reward are for whoever takes it;
    who won it has it, and it counts against no limit.
    Keeps: what cannot be had now waits with the code of the refusal, and is not lost.
    """
    name, now = called
    redemption = None
    no = cannot_have(changes, state, version, prize.reward, now)
    if isinstance(no, Refused):
        return replace(prize, member_id=state.member_id, why=no.code, booked_at=now), None
    if prize.wallet is not None:
        amount = Amount(version, prize.wallet, prize.units)
        why = Why(now, ACTOR, f"{name}: prize {prize.won}")
        try:
            entry_id = give(changes, state, amount, why)
        except Fault as fault:
            return replace(prize, member_id=state.member_id, why=fault.code, booked_at=now), None
        given = replace(prize, entry_id=entry_id)
    else:
        redemption = for_nothing(changes, state, version, prize.reward, (ACTOR, now))
        given = replace(prize, redemption_id=redemption.redemption_id)
    given = replace(given, member_id=state.member_id, state="given", why="", booked_at=now)
    _tell(changes, state, given)
    return given, redemption


def _tell(changes: Changes, state: MemberState, given: Won) -> None:
    told: dict[str, object] = {"draw": given.draw, "prize": given.won}
    told |= (
        {"redemption_id": given.redemption_id, "reward": given.reward}
        if given.reward
        else {"entry_id": given.entry_id, "wallet": given.wallet, "points": given.units}
    )
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, "draw.won", told))
