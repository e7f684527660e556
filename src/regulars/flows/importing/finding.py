"""Whom the lines of a batch name, and those members under lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.members import read
from regulars.records.members.erasure import read as erasures
from regulars.records.members.types import erased_fault


async def find(tx: Tx, terms: Terms, batch: Sequence[Any]) -> list[UUID | Fault]:
    """The member of each line, or the fault of one nobody is known by, or who was erased.

    Keeps: names, consents, tiers and points of an old file reach no pseudonym.
    """
    country = terms.versions[-1].program.country
    found = await read.whom(tx, country, [command.member for command in batch], field="")
    gone = await erasures.erased(tx, [who for who in found if isinstance(who, UUID)])
    return [erased_fault() if isinstance(who, UUID) and who in gone else who for who in found]
