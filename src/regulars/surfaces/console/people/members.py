"""Members: found by what they say, listed in the order they joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Response

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.members import read
from regulars.records.members.types import Identifier, Member, MemberRef
from regulars.records.standing import read as standings
from regulars.surfaces.api.faults import BadCursor
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.here import Here

A_PAGE: Final = 50
_NUMBERISH: Final = re.compile(r"[+(]?[0-9][0-9 ()./-]{3,}")


async def members(here: Here) -> Response[Any]:
    """A page of members, or who is found by what was typed; the only one found is shown."""
    typed, cursor = here.query.get("q", "").strip(), here.query.get("cursor", "")
    async with here.transaction as tx:
        found, after = await _looked_for(tx, here, typed, cursor)
        ids = [one.id for one in found]
        names = await read.identifiers_of(tx, ids)
        stand = {row["member_id"]: row for row in await standings.rows(tx, ids)}
    if typed and len(found) == 1 and not cursor:
        return redirect(f"/console/members/{shown('mem', found[0].id)}")
    return here.page(
        "people/members.html",
        members=[_line(here, one, names[one.id], stand.get(one.id)) for one in found],
        wallets=_wallets(here),
        typed=typed,
        following=_address(typed, cursor_of(after)),
        first=_address(typed, "") if cursor else "",
    )


async def found_by(tx: Tx, here: Here, typed: str) -> UUID | None:
    """Who is meant by a telephone, an e-mail, a card, a number or another's id."""
    country = here.version.program.country
    for ref in _meant(typed):
        try:
            (whom,) = await read.whom(tx, country, [ref], field="")
        except Invalid:
            continue
        if isinstance(whom, UUID):
            return whom
    return None


async def _looked_for(
    tx: Tx, here: Here, typed: str, cursor: str
) -> tuple[list[Member], read.Place | None]:
    """Who is found by a telephone, an e-mail, a card or a number, else by how a name begins."""
    whom = await found_by(tx, here, typed)
    if whom is not None:
        return list((await read.members(tx, [whom])).values()), None
    try:
        place = place_of(cursor or None, tuple[Instant, UUID])
        after = None if place is None else read.Place(*place)
        page = await read.search(tx, name=typed, after=after, limit=A_PAGE)
    except (BadCursor, Invalid):
        return [], None
    return page.members, page.after


def _meant(typed: str) -> Iterator[MemberRef]:
    """What this could be: an address, a telephone, a number of ours, a card, another's id."""
    if "@" in typed:
        yield MemberRef(email=typed)
    kinds: tuple[str, ...] = (
        ("phone", "number", "card", "external") if _NUMBERISH.fullmatch(typed) else ()
    )
    if typed and " " not in typed and "@" not in typed:
        kinds = kinds or ("number", "card", "external")
    for kind in kinds:
        yield msgspec.convert({kind: typed}, MemberRef)


def _line(
    here: Here, one: Member, names: list[Identifier], stand: Mapping[str, Any] | None
) -> dict[str, Any]:
    # Each wallet's small number, what is available, pending, reserved, owed to us.
    rows = () if stand is None else stand["wallets"] or ()
    held = {code: available - debt for code, available, _, _, debt, *_ in rows}
    return {
        "id": shown("mem", one.id),
        "name": name_of(one),
        "number": one.number,
        "state": one.state,
        "joined_at": one.joined_at,
        "tier": tier_of(here, None if stand is None else stand["tier"]),
        "known_by": [each.value for each in names if each.kind in ("phone", "email")][:1],
        "held": [
            here.reader.quantity(held.get(code, 0), wallet.scale)
            for code, _, wallet in _codes(here)
        ],
    }


def name_of(one: Member) -> str:
    """How somebody is called; nothing where nobody told us."""
    return f"{one.given_name} {one.family_name}".strip()


def tier_of(here: Here, id_: str | None) -> dict[str, Any] | None:
    """A step of the ladder: its name and its place from below."""
    tiers = here.version.program.tiers
    for place, step in enumerate(tiers.steps if tiers else ()):
        if step.id == id_:
            return {"name": step.name or step.id, "place": place}
    return None


def _codes(here: Here) -> list[tuple[int, str, Any]]:
    version = here.version
    names = [(code, here.terms.wallet_names[code]) for code in version.wallet_codes]
    return [(code, id_, version.program.wallets[id_]) for code, id_ in names]


def _wallets(here: Here) -> list[str]:
    return [wallet.name or id_ for _, id_, wallet in _codes(here)]


def _address(typed: str, cursor: str | None) -> str:
    if cursor is None:
        return ""
    said = {name: value for name, value in (("q", typed), ("cursor", cursor)) if value}
    return "/console/members" + (f"?{urlencode(said)}" if said else "")
