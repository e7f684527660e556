"""The square at the counter: it changes every half minute; the number below it never."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import segno

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.cards.types import STEP_S
from regulars.surfaces.card.inside import Asked, Visit

FOURS = 4


def code_shown(keyed: Keyed) -> Any:
    """What the page of the code looks at, with the key the codes are made with."""

    async def look(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
        said = code_at(keyed, Holder(tx.program_id, visit.member.id), step_of(tx.now))
        return {
            "square": square(said),
            "number": in_fours(visit.member.number),
            "plain": visit.member.number,
            "again": seconds_left(tx.now),
            "step": STEP_S,
        }

    return look


async def look_at_number(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """What is kept in the telephone for when there is no network: the number alone, as a square."""
    number = visit.member.number
    return {
        "square": square(number),
        "number": in_fours(number),
        "plain": number,
        "as_of": tx.now,
    }


def square(text: str) -> str:
    """A QR code (ISO/IEC 18004) as a picture in lines, black on white, with its quiet margin."""
    drawn = BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(
        drawn, kind="svg", xmldecl=False, svgns=True, svgclass="square", lineclass=None,
        border=4, omitsize=True, dark="#000", light="#fff",
    )  # fmt: skip
    return drawn.getvalue().decode()


def seconds_left(now: datetime) -> int:
    """Until the next code."""
    return STEP_S - int(now.timestamp()) % STEP_S


def in_fours(number: str) -> str:
    """A number as people read it aloud: `1234 5678 9`."""
    return " ".join(number[at : at + FOURS] for at in range(0, len(number), FOURS))
