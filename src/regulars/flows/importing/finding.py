"""Whom the lines of a batch name, and those members under lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.members import read


async def find(tx: Tx, terms: Terms, batch: Sequence[Any]) -> list[UUID | Fault]:
    """The member of each line, or the fault of one nobody is known by."""
    country = terms.versions[-1].program.country
    return await read.whom(tx, country, [command.member for command in batch], field="")
