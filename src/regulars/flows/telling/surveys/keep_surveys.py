"""Somebody writes a survey, changes it, or closes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.commands import KeepOutcome, KeepSurvey
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.surveys import read, write
from regulars.records.outbox.surveys.rules import ill_review, ill_written
from regulars.records.outbox.surveys.types import Survey

MOST: Final = 200
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KEPT: Final = ("name", "asks", "questions", "thanks", "state", "review_url", "review_site")


async def keep_surveys(tx: Tx, terms: Terms, batch: Sequence[KeepSurvey]) -> list[KeepOutcome]:
    """Each of these is what its survey is from now on; the same said again changes nothing.

    Keeps: what kind it is, as its scores are of one scale.
    Faults, each for its own item: `invalid` at a field, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: KeepSurvey) -> KeepOutcome:
    if not await may(tx, command.by, Permission.MESSAGES_WRITE):
        return Forbidden("your role does not do this; ask an owner")
    wrong = _ill(command)
    if wrong is not None:
        return wrong
    own = language_of(terms.at(tx.now).program.locale)
    ill = ill_written(command.kind, command.asks, command.questions, command.thanks, own)
    ill = ill or ill_review(command.review_url, command.review_site)
    if ill is not None:
        return Invalid(ill.says, field=ill.place)
    there = await read.survey(tx, command.code)
    if there is not None and there.kind != command.kind:
        return Invalid("A survey stays of its kind; write another one", field="/kind")
    if there is None and len(await read.surveys(tx)) >= MOST:
        return Invalid(f"There are {MOST} surveys already", field="/code")
    return await _kept(tx, command, there)


async def _kept(tx: Tx, command: KeepSurvey, there: Survey | None) -> Survey:
    told: dict[str, Any] = {name: getattr(command, name) for name in _KEPT}
    told["name"] = command.name.strip()
    who = command.by.actor
    if there is None:
        now = Survey(
            survey_id=tx.new_id(), code=command.code, kind=command.kind, version=1, made_at=tx.now,
            made_by=who, changed_at=tx.now, changed_by=who, **told,
        )  # fmt: skip
    elif all(getattr(there, name) == value for name, value in told.items()):
        return there
    else:
        now = replace(
            there, version=there.version + 1, changed_at=tx.now, changed_by=who, **told
        )  # fmt: skip
    did = "survey.closed" if now.state == "closed" else "survey.written"
    after = {"name": now.name, "version": str(now.version)}
    done = Done(command.by, did, "survey", now.code, before={}, after=after)
    await tx.write([*write.keep(tx, now), *acted(tx, [done])])
    return now


def nothing(code: str) -> Fault:
    """There is no such survey."""
    return NotFound(f"there is no survey {code[:40]}", field="/code")


async def may(tx: Tx, by: By, needed: Permission) -> bool:
    """Whether whoever asks may; a key has its scopes instead."""
    if by.staff_id is None:
        return True
    who = await staff.one_staff(tx, by.staff_id)
    return who is not None and who.may(needed)


def _ill(command: KeepSurvey) -> Fault | None:
    if len(command.code) > 40 or _CODE.fullmatch(command.code) is None:
        mend = "Small letters, digits and hyphens, up to 40: after-a-visit"
        return Invalid("This cannot be the code of a survey", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters what it is", field="/name")
    return None
