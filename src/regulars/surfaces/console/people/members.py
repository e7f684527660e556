"""Members: found by what they say, or by what is known of them, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.people.find import find
from regulars.insight.people.seen import Seen, seen
from regulars.insight.people.types import Found, Place, Wanted
from regulars.records.access.office.read import tags, tags_of, views
from regulars.records.access.staff.permissions import Permission
from regulars.records.activity.read import buyers
from regulars.records.members import read
from regulars.records.members.types import Identifier, Member, MemberRef
from regulars.records.standing import read as standings
from regulars.records.standing.categories import read as categories
from regulars.surfaces.api.faults import BadCursor
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.looking import (
    Looked,
    address,
    chips,
    choices,
    looked,
    spelled_alike,
)

A_PAGE: Final = 50
LOOKS_S: Final = 0.05
"""So long a page goes on looking for the rare, window by window: the last one is over by then."""
_WRITTEN: Final = MappingProxyType(
    {
        "name": re.compile(r"[^\0]*", re.DOTALL),
        "visit": re.compile(r"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?"),
        "points": re.compile(r"(-?[0-9]{1,18})?"),
    }
)
"""How the place is written of lists that are in no order of time; empty where the rest begins."""
_RECEIPTS: Final = 20
_NUMBERISH: Final = re.compile(r"[+(]?[0-9][0-9 ()./-]{3,}")


async def members(here: Here) -> Response[Any]:
    """A page of members who match; the only one found by what was typed is shown."""
    return await listed(here, looked(here), here.query.get("cursor", ""))


async def listed(here: Here, said: Looked, cursor: str = "", status: int = 200) -> Response[Any]:
    """The list for what is looked for; with a slip in a field it has nobody, and says where."""
    async with here.transaction as tx:
        kept, words = await views(tx, here.staff.staff_id), await tags(tx)
        foretold = await categories.last_run(tx)
        said = spelled_alike(said, words)
        found = await _looked_for(tx, here, said, cursor)
        lines = await lines_of(tx, here, found.members, said)
    only = len(found.members) == 1 and found.after is None and not cursor
    if only and set(said.said) == {"q"}:
        return redirect(f"/console/members/{shown('mem', found.members[0].id)}")
    following = cursor_of(found.after)
    return here.page(
        "people/members.html",
        status=status,
        members=lines,
        wallets=_wallets(here),
        said=said,
        chips=chips(here, said),
        choices=choices(here, words),
        tags=words,
        foretold=foretold is not None and foretold.members > 0,
        views=kept,
        mine=next((one for one in kept if one.query == said.query), None),
        found=found,
        following=address(said.query, {"cursor": following}) if following else "",
        first=address(said.query) if cursor else "",
        gives=here.may(Permission.ADJUST_WRITE),
        writes=here.may(Permission.MEMBERS_WRITE),
        takes=here.may(Permission.MEMBERS_EXPORT),
    )


async def search(tx: Tx, here: Here, wanted: Wanted, after: Place | None, most: int) -> Found:
    """The next members who match, looking on from window to window for a little while.

    Keeps: another window is looked through only where it can be over in time, as far as the one
    before tells; a page would else last as long as all of it and one window more.
    """
    found: list[Member] = []
    begun, looked_at, first = here.given.ticks(), 0, after is None
    over = begun
    while True:
        window = over
        part = await find(tx, wanted, after, most - len(found))
        found += part.members
        looked_at += part.looked
        after = part.after
        full = after is None or len(found) >= most
        over = here.given.ticks()
        if full or over - begun + (over - window) > LOOKS_S:
            return Found(found, after, looked_at, first and after is None)


async def found_by(tx: Tx, here: Here, typed: str) -> UUID | None:
    """Who is meant by a telephone, an e-mail, a card, a number, another's id or a receipt."""
    country = here.version.program.country
    for ref in _meant(typed):
        try:
            (whom,) = await read.whom(tx, country, [ref], field="")
        except Invalid:
            continue
        if isinstance(whom, UUID):
            return whom
    return await _by_receipt(tx, typed)


async def _by_receipt(tx: Tx, typed: str) -> UUID | None:
    """Whose receipt this is; nobody where several people have one of this number."""
    if not any(sign.isdigit() for sign in typed) or "@" in typed:
        return None
    bought = [MemberRef(id=one) for one in await buyers(tx, typed, _RECEIPTS)]
    found = set(await read.whom(tx, None, bought, field=""))  # who was merged is one of them now
    whom = found.pop() if len(found) == 1 else None
    return whom if isinstance(whom, UUID) else None


async def _looked_for(tx: Tx, here: Here, said: Looked, cursor: str) -> Found:
    """Who is found by a telephone, an e-mail, a card or a number, else all who match."""
    if said.wrong:
        return Found([], None, 0, False)
    typed = said.said.get("q", "")
    whom = await found_by(tx, here, typed) if typed else None
    if whom is not None:
        return Found(list((await read.members(tx, [whom])).values()), None, 1, True)
    try:
        after = place(said, cursor)
        return await search(tx, here, said.wanted, after, A_PAGE)
    except (BadCursor, Invalid):
        return Found([], None, 0, False)


def place(said: Looked, cursor: str) -> Place | None:
    """The place in the list behind a cursor. Faults: BadCursor."""
    sort = said.wanted.sort
    kind: Any = tuple[str, UUID] if sort in _WRITTEN else tuple[Instant, UUID]
    found = place_of(cursor or None, kind)
    if found is not None and sort in _WRITTEN and not _WRITTEN[sort].fullmatch(found[0]):
        raise BadCursor("this cursor is of a list in another order", field="cursor")
    return None if found is None else Place(*found)


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


async def lines_of(
    tx: Tx, here: Here, found: Sequence[Member], said: Looked
) -> list[dict[str, Any]]:
    """What the list says of each of them; what is in no column is not looked up."""
    ids = [one.id for one in found]
    names = await read.identifiers_of(tx, ids)
    stand = {row["member_id"]: row for row in await standings.rows(tx, ids)}
    late = {"visit", "lapses"} & set(said.columns)
    beside = await seen(tx, ids, said.wanted.wallet) if late else {}
    words = await tags_of(tx, ids) if "tags" in said.columns else {}
    return [
        _line(here, one, names[one.id], (stand.get(one.id), beside.get(one.id)))
        | {"tags": words.get(one.id, [])}
        for one in found
    ]


def _line(
    here: Here,
    one: Member,
    names: list[Identifier],
    kept: tuple[Mapping[str, Any] | None, Seen | None],
) -> dict[str, Any]:
    # Each wallet's small number, what is available, pending, reserved, owed to us.
    stand, beside = kept
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
        "units": [(held.get(code, 0), wallet.scale) for code, _, wallet in _codes(here)],
        "visited_at": beside and beside.visited_at,
        "lapses_at": beside and beside.lapses_at,
        "lapses": beside.lapses if beside else 0,
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
