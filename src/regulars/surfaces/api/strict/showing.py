"""A code of a card that is sent along with what its member takes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.records.access.cards.spelling import Holder, step_meant, told_by
from regulars.records.access.cards.types import SHOWN_GOOD, STEP_S, STEPS_GOOD
from regulars.records.members.types import Asked, ShownCode
from regulars.surfaces.api.call import Call

_GOOD: Final = STEPS_GOOD + int(SHOWN_GOOD.total_seconds()) // STEP_S


def showing(call: Call, said: str) -> Asked:
    """Who asks, and what was shown to them with it."""
    return replace(call.asked, shown=shown_code(call, said, call.caller.principal))


def shown_code(call: Call, said: str, by: str) -> ShownCode | None:
    """Whose code this is, and of which half minute (0: none of ours, or far too old); nothing
    where none was sent.

    Order: what it is good for is decided under lock, so whoever asks again under the same key is
    answered as before, however old the code is by then.
    """
    if not said:
        return None
    who = told_by(said)
    if who is None:
        return ShownCode(UUID(int=0), 0, by)
    holder = Holder(call.caller.program_id, who)
    step = step_meant(call.given.keyed, holder, said, call.now, _GOOD)
    return ShownCode(who, step or 0, by)
