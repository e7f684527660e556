"""Where a member stands and stood, what was booked for them, and corrections by hand."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Version
from regulars.engine.words.entries import Booking, entry_in_words
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.show_standing import show_standing
from regulars.records.access.types import Scope
from regulars.records.ledger import read
from regulars.records.ledger.touched import read as lots_of
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.translations import in_language
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.operations.rewarding.games import games_if_any
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.balances import (
    BalancesQuery,
    BalancesShown,
    balances_shown,
    times_of,
)
from regulars.surfaces.api.wire.books import (
    AdjustmentDone,
    AdjustmentSent,
    EntriesPage,
    EntryTold,
    adjustment_done,
    entry_shown,
    entry_told,
)
from regulars.surfaces.api.wire.parts import LanguageQuery, PageQuery, member_of
from regulars.surfaces.api.wire.standing.named import standing_named
from regulars.surfaces.api.wire.standing.shown import (
    LotsPage,
    StandingShown,
    lot_shown,
    standing_shown,
)
from regulars.surfaces.languages.voices import voice_for

_LAST: Final = (1 << 128) - 1
_HELD: Final = {
    "member_id": examples.STANDING["member_id"],
    "as_of": "2026-03-31T22:00:00Z",
    "as_known": None,
    "wallets": {"points": {"available": 107, "pending": 0, "held": 0, "debt": 0, "earned": 107}},
}


async def standing(call: Call) -> Reply:
    """Where a member stands now."""
    id_ = addressed("mem", call.ids["member_id"])
    query: LanguageQuery = call.query
    found = await call.read(lambda tx, terms: show_standing(tx, terms, id_))
    told = standing_shown(found, await games_if_any(call))
    if query.language is None:
        return Reply(told)
    program = (await call.terms()).at(found.as_of).program
    return Reply(standing_named(told, in_language(program, query.language)))


async def entries(call: Call) -> Reply:
    """What was booked for a member, newest first."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    names = (await call.terms()).wallet_names
    async with call.transaction as tx:
        await _require_member(tx, id_)
        last = None if before is None else before[0]
        found = await read.entries(tx, id_, before=last, limit=query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].entry.entry_id,)) if more else None
    return Reply(EntriesPage([entry_shown(one, names) for one in page], more, cursor))


async def why_entry(call: Call) -> Reply:
    """What one entry did to which points, in the member's language."""
    id_ = addressed("mem", call.ids["member_id"])
    entry_id = addressed("ent", call.ids["entry_id"])
    query: LanguageQuery = call.query
    terms = await call.terms()
    async with call.transaction as tx:
        member = (await members.members(tx, [id_])).get(id_)
        if member is None:
            raise nobody()
        # Entries are listed from before a place on, so the next one after it is that place.
        after = UUID(int=min(entry_id.int + 1, _LAST))
        found = await read.entries(tx, id_, before=after, limit=1)
        if not found or found[0].entry.entry_id != entry_id:
            raise NotFound("this member has no such entry; list their entries to find it")
        entry = found[0].entry
        touched = await lots_of.touched(tx, id_, entry_id)
        redeemed = (await rewards.some(tx, [id_], [entry.cause_id])).get(entry.cause_id)
    version = terms.at(found[0].recorded_at)
    language = query.language or member.locale or version.program.locale
    reward = "" if redeemed is None else _reward_name(version, redeemed, language)
    booking = Booking(entry, touched, reward, "" if redeemed is None else redeemed.promised.kind)
    says = entry_in_words(version, booking, voice_for(language), terms.wallet_names)
    return Reply(entry_told(found[0], says, touched, terms.wallet_names))


def _reward_name(version: Version, redeemed: Redemption, language: str) -> str:
    """Its name as it was promised; in another language where that is still its name."""
    promised = redeemed.promised.name
    now = version.rewards.get(redeemed.reward)
    if now is None or now.name != promised:
        return promised
    program = in_language(version.program, language)
    return next(one.name for one in program.rewards if one.id == redeemed.reward)


async def balances(call: Call) -> Reply:
    """Balances from the books, along two times."""
    id_ = addressed("mem", call.ids["member_id"])
    query: BalancesQuery = call.query
    try:
        happened, known = times_of(query)
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None
    names = (await call.terms()).wallet_names
    async with call.transaction as tx:
        await _require_member(tx, id_)
        found = await read.balances_at(tx, [id_], as_of=happened, as_known=known)
    return Reply(balances_shown(call.ids["member_id"], (happened, known), names, found[id_]))


async def lots(call: Call) -> Reply:
    """A member's lots that still hold something, in the order they are spent."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    after = place_of(query.cursor, tuple[Instant, Instant, UUID])
    names = (await call.terms()).wallet_names
    async with call.transaction as tx:
        await _require_member(tx, id_)
        found = await read.lots(tx, id_, after=after, limit=query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    last = page[-1] if more else None
    place = None if last is None else (last.expires_at, last.earned_at, last.lot_id)
    items = [lot_shown(lot, names[lot.wallet]) for lot in page]
    return Reply(LotsPage(items, more, cursor_of(place)))


async def adjust(call: Call) -> Reply:
    """A balance is corrected by hand."""
    sent: AdjustmentSent = call.sent
    asked = call.asked
    command = Adjust(
        member=member_of(sent.member),
        wallet=sent.wallet,
        units=sent.units,
        reason=sent.reason,
        actor=sent.actor or asked.principal,
        asked=asked,
        expires_on=sent.expires_on,
    )
    answer = await call.do(adjust_balances, command)
    return Reply(adjustment_done(answer), 201, answer.replayed)


async def _require_member(tx: Tx, id_: UUID) -> None:
    if not await members.present(tx, [id_]):
        raise nobody()


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/standing",
        name="get_standing",
        tag="Standing and books",
        says="Where a member stands now",
        notes="Balances per wallet, tier, what is missing for the next one, which rewards can be "
        "had, what lapses next. Points past their expiry do not count, whether or not the night's "
        "work was done. Names are those of the program file, or in the language asked for.",
        scopes=(Scope.MEMBERS_READ,),
        query=LanguageQuery,
        answers={200: StandingShown},
        answer_example=examples.STANDING,
        codes=("unknown_member",),
        do=standing,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/balances",
        name="get_balances",
        tag="Standing and books",
        says="What a member held as of an instant, as we knew it at another",
        notes="From the books alone: what had happened by `as_of`, of that what was booked by "
        "`as_known`. Points that lapse are gone from the instant of their expiry on, whenever the "
        "night's work was done; until it was done, the books do not know it. What is told late is "
        "dated when it happened, also where it takes points that came later, or pays a debt that "
        "began later: as of an instant in between a figure may be below nothing.",
        scopes=(Scope.BOOKS_READ,),
        query=BalancesQuery,
        answers={200: BalancesShown},
        answer_example=_HELD,
        codes=("unknown_member",),
        do=balances,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/entries",
        name="list_entries",
        tag="Standing and books",
        says="What was booked for a member, newest first",
        scopes=(Scope.BOOKS_READ,),
        query=PageQuery,
        answers={200: EntriesPage},
        answer_example={"items": [examples.ENTRY], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=entries,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/entries/{entry_id}/why",
        name="explain_entry",
        tag="Standing and books",
        says="What an entry did, in sentences",
        notes="How much came or went, which points they were, and the reason that was given; as "
        "sentences, and as numbers (`entry`, `lots`). In "
        "the member's language, unless another is asked for.",
        scopes=(Scope.BOOKS_READ,),
        query=LanguageQuery,
        answers={200: EntryTold},
        answer_example=examples.ENTRY_TOLD,
        codes=("unknown_member",),
        do=why_entry,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/lots",
        name="list_lots",
        tag="Standing and books",
        says="Points by origin and expiry, in the order they are spent",
        scopes=(Scope.BOOKS_READ,),
        query=PageQuery,
        answers={200: LotsPage},
        answer_example={"items": [examples.LOT], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=lots,
    ),
    Operation(
        method="POST",
        path="/v1/adjustments",
        name="adjust_balance",
        tag="Standing and books",
        says="Correct a balance by hand",
        notes="With a reason and the name of who says so. Taking more than is there is refused.",
        scopes=(Scope.ADJUSTMENTS_WRITE,),
        sent=AdjustmentSent,
        answers={201: AdjustmentDone},
        example=examples.ADJUSTMENT,
        answer_example=examples.ADJUSTED,
        codes=("unknown_member", "not_enough_points", "member_erased", "own_membership"),
        do=adjust,
    ),
)
