"""What a member told the shop: answers to surveys, and what they wrote by text message."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.consents.texts import read as texts
from regulars.records.outbox.surveys import read as surveys

MOST: Final = 10


class Told(NamedTuple):
    """One thing they said: of an answer which survey it was of, and the score."""

    at: datetime
    survey: str
    code: str
    score: int | None
    says: tuple[str, ...]


async def said_of(tx: Tx, member_id: UUID) -> list[Told]:
    """What they said, the latest first."""
    answers = await surveys.answers_of(tx, member_id, MOST)
    names = {one.survey_id: one for one in await surveys.surveys(tx)} if answers else {}
    told = [
        Told(one.answered_at, of.name, of.code, one.score, tuple(one.says.values()))
        for one in answers
        for of in [names[one.survey_id]]
    ]
    told += [
        Told(one.heard_at, "", "", None, (one.says,))
        for one in await texts.written(tx, member_id, MOST)
    ]
    return sorted(told, key=lambda one: one.at, reverse=True)[:MOST]
