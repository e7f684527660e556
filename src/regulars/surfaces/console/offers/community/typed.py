"""What is typed into the forms of the community: texts by language, instants, and who is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid5

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes
from regulars.records.access.cards.spelling import told_by
from regulars.records.community.clubs import read as clubs
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.records.tills import read as tills
from regulars.surfaces.api.answers import No
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.given import Flow
from regulars.surfaces.till.typed import meanings

LONGEST_TYPED: Final = 200
_MINUTE: Final = "%Y-%m-%dT%H:%M"
_SHOWINGS: Final = UUID("5b0b8f6a-3a57-4f0e-9a1f-7f0f0c7e6b11")


def texts_of(form: Form, name: str) -> dict[str, str]:
    """A text by language; languages in which nothing was written are left out."""
    found = {
        one: form.get(f"{name}_{one}").replace("\r\n", "\n").strip()
        for one in form.languages(f"{name}_")
    }
    return {one: text for one, text in found.items() if text}


def instant_of(here: Here, typed: str) -> datetime | None:
    """An instant as a form has it, by the shop's clock; nothing where it is none."""
    try:
        at = datetime.fromisoformat(typed.strip()[:30])
    except ValueError:
        return None
    if at.year < 1970 or at.year > 2999:
        return None
    return (at.replace(tzinfo=here.zone) if at.tzinfo is None else at).astimezone(UTC)


def typed_instant(here: Here, at: datetime | None) -> str:
    """An instant as a form shows it."""
    return "" if at is None else at.astimezone(here.zone).strftime(_MINUTE)


async def stores_of(here: Here, stays: str = "") -> list[tuple[str, str]]:
    """Every store that is open, and the one that stays chosen: its code and its name."""
    async with here.transaction as tx:
        found = await tills.stores(tx)
    return [(code, one.name or code) for code, one in found.items()
            if one.closed_at is None or code == stays]  # fmt: skip


async def clubs_of(here: Here, stays: str = "") -> list[tuple[str, str]]:
    """Every club that is open, and the one that stays chosen: its code and its name."""
    async with here.transaction as tx:
        found = await clubs.clubs(tx)
    return [(one.code, one.name) for one in found if one.state == "open" or one.code == stays]


def tiers_of(here: Here, stays: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Every tier there is, and those that stay chosen: its short name and how it is called."""
    ladder = here.version.program.tiers
    known = {} if ladder is None else {one.id: one.name or one.id for one in ladder.steps}
    return list((known | {one: one for one in stays if one not in known}).items())


async def whom(here: Here, typed: str, key: str) -> MemberRef:
    """Who is meant by what was typed or scanned: the square of a card, or what they are found by.

    Faults: UnknownMember. Raises: No for a square that is not good any more.
    """
    text = typed.strip()[:LONGEST_TYPED]
    if told_by(text) is not None:
        asked = uuid5(_SHOWINGS, f"{here.terms.program_id}:{key}")
        flow = _taking(here.given.keyed)
        shown = await here.do(flow, UseCardCode(text, asked, here.staff.principal))
        if isinstance(shown, Refused):
            raise No(shown)
        return MemberRef(id=shown.member_id)

    async def look(tx: Tx, terms: Terms) -> list[UUID | Fault]:
        country = terms.versions[-1].program.country
        return await members.whom(tx, country, meanings(text))

    found = [one for one in await here.read(look) if isinstance(one, UUID)] if text else []
    if not found:
        raise nobody()
    return MemberRef(id=found[0])


@lru_cache(4)
def _taking(keyed: Keyed) -> Flow:
    async def use(tx: Tx, _: Terms, batch: Sequence[UseCardCode]) -> Sequence[Any]:
        return await use_card_codes(tx, keyed, batch)

    return use
