"""What happens is told to a loyalty program of Salesforce as transaction journals, each once.

Source: Salesforce Loyalty Management, Transaction Journals Execution,
`POST connect/realtime/loyalty/programs/{programName}`; its answer, Loyalty Engine Realtime.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.records.activity import read as activities
from regulars.records.activity.types import Activity
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read as catching
from regulars.records.ledger.reserved import read as reserved
from regulars.records.members import read as members
from regulars.records.members.types import Identifier, Member
from regulars.records.outbox.events.catalogue import outward
from regulars.records.outbox.hooks.outlets import read as outlets
from regulars.records.outbox.hooks.rules import LEASE
from regulars.records.outbox.hooks.types import Event, Line
from regulars.records.outbox.hooks.types import Sending as OnItsWay
from regulars.records.program import read as programs
from regulars.records.program.types import Program
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.catching.asking import NotTold, Shop
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.outlets.known import TOKENS
from regulars.surfaces.connect.outlets.outlets import Where, system_of
from regulars.surfaces.connect.outlets.records import encoded
from regulars.surfaces.connect.outlets.salesforce.asking import Salesforce
from regulars.surfaces.connect.outlets.salesforce.processes import (
    as_told,
    has_no_points,
    points_for,
    ran,
    run_of,
    shown_by,
)
from regulars.surfaces.connect.outlets.salesforce.shapes import JournalMap, JournalsMap
from regulars.surfaces.connect.outlets.telling import NotTaken
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer

NOTHING: Final = Answer(204, {}, b"")
"""There is nothing to be told there."""
TAKEN: Final = Answer(201, {}, b"")
NOT_TAKEN: Final = Answer(422, {}, b"")
"""It answers, and will not take this one however often it is asked."""
_TAKEN: Final = ("processed", "pending")


class NotKnown:
    """Nobody can say how it is told, or its keys cannot be opened: nothing is sent."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def __call__(self, client: Any, sending: OnItsWay) -> Answer:
        raise NoAnswer(self._why)


class Known(Struct, frozen=True):
    """What a round needs: where it is told, by which words, and of whom."""

    shop: Shop
    by: JournalsMap
    members: Mapping[UUID, Member]
    names: Mapping[UUID, Sequence[Identifier]]
    activities: Mapping[UUID, Activity]
    paid: Mapping[UUID, Mapping[str, int]]
    """Of each redemption what was taken for it in the end, by wallet: a part may be captured."""
    program: Program
    maybe: frozenset[UUID]
    """Events that may be there already: tried before, or older than somebody may hold them."""


async def journal_teller(
    tx: Tx, keyed: Keyed, program: Program, place: tuple[UUID, Any], at: datetime
) -> Any:
    """How these lines are told; `place` is the source's id, and the lines, `at` when it is by the
    clock of whoever is told, which no sandbox moves."""
    inlet_id, lines = place
    inlet, outlet = await inlets.inlet(tx, inlet_id), await outlets.one(tx, inlet_id)
    if inlet is None or outlet is None:
        return NotKnown("the connection with Salesforce was ended")
    try:
        by = read_mapping(inlet.mapping).journals
        asked = await catching.one(tx, inlet_id)
        shop = system_of(keyed, Where(inlet, outlet, asked))._replace(at=at)
    except MappingFault:
        return NotKnown("its mapping is not right: mend it")
    except NotTold as why:
        return NotKnown(why.why)
    if by is None:
        return _nothing
    ids = sorted({one.member_id for one in lines})
    events = [each.event for one in lines for each in one.sendings]
    acts = sorted({act for one in events if (act := _named(one, "activity_id"))})
    taken = sorted({red for one in events if (red := _named(one, "redemption_id"))})
    return Tells(
        Known(
            shop,
            by,
            await members.members(tx, ids),
            await members.identifiers_of(tx, ids),
            await activities.some(tx, ids, acts),
            await _paid(tx, ids, taken),
            program,
            frozenset(_maybe(lines, tx.now)),
        )
    )


async def _paid(
    tx: Tx, members_: Sequence[UUID], redemptions: Sequence[UUID]
) -> dict[UUID, dict[str, int]]:
    """What was captured for each of these, by the names of wallets."""
    holds = await reserved.holds(tx, members_, redemptions)
    codes = await programs.codes(tx) if holds else {}
    names = {code: name for (kind, name), code in codes.items() if kind == "wallet"}
    return {
        id_: {names[one.wallet]: one.captured for one in some if one.captured}
        for id_, some in holds.items()
    }


async def _nothing(client: Any, sending: OnItsWay) -> Answer:
    return NOTHING


class Wish(NamedTuple):
    """What is told of an event: a journal, or what a process is run with."""

    runs: str
    """Which process; nothing: the journal is all there is."""
    says: Mapping[str, Any]


class Tells:
    """Tells of one event after the other.

    Keeps: an event that may be there already is looked for by its number first, so that it is there
    once, whatever became of the answer to the first try.
    """

    def __init__(self, known: Known) -> None:
        self._known = known

    async def __call__(self, client: Any, sending: OnItsWay) -> Answer:
        """Tell of one event; the answer that says what became of it."""
        known, event = self._known, sending.event
        said, number = known.by.events.get(event.type), self._number(event.member_id)
        wish = None if said is None or not number else self._wish(event, said, number)
        if wish is None:
            return NOTHING
        api = Salesforce(client.send, known.shop, TOKENS)
        try:
            if event.event_id in known.maybe and (found := await _there(api, event)) is not None:
                return found
            return await _told(api, known.by, wish)
        except NotTaken as why:
            if why.fell:
                raise NoAnswer(why.why) from None
            return NOT_TAKEN
        except NotTold as why:
            if why.wait_s:
                return Answer(429, {"retry-after": str(why.wait_s)}, b"")
            raise NoAnswer(why.why) from None

    def _wish(self, event: Event, said: JournalMap, number: str) -> Wish | None:
        """What is told of it, and by which process; nothing where there is nothing to tell."""
        facts = self._facts(event, said)
        by = as_told(said, facts)
        if not by.runs:
            return Wish("", journal_of(event, by, number, facts))
        if has_no_points(by, facts):
            return None
        if "points" in facts:  # a process says by its name which way they go
            facts["points"] = abs(facts["points"])
        return Wish(by.runs, run_of(by, journal_of(event, by, number, facts), facts))

    def _number(self, who: UUID) -> str:
        """By what they are known there; nothing of whom nobody is to be told."""
        member = self._known.members.get(who)
        if member is None or member.state not in ("active", "blocked"):
            return ""
        by = self._known.by.membership
        if by in ("number", "member"):
            return member.number if by == "number" else shown("mem", who)
        named = [one.value for one in self._known.names.get(who, ()) if one.kind == by]
        return named[0] if named else ""

    def _facts(self, event: Event, by: JournalMap) -> dict[str, Any]:
        """What may be told of it; what there is nothing of is left out."""
        said, program = msgspec.json.decode(event.payload), self._known.program
        act = self._known.activities.get(_named(event, "activity_id") or event.event_id)
        paid = self._known.paid.get(_named(event, "redemption_id") or event.event_id, {})
        happened_at = act.occurred_at if act is not None else event.recorded_at
        facts: dict[str, Any] = {
            "points": points_for(by, program, (event.type, said, paid)),
            "reward": said.get("reward"),
            "occurred_at": _instant(happened_at),
        }
        if act is not None:
            scale = decimals(program.currency)
            facts |= {
                "amount": Decimal(act.amount_minor).scaleb(-scale), "kind": act.kind,
                "channel": act.channel, "store": act.store, "receipt": act.external_id,
                "currency": program.currency,
            }  # fmt: skip
        return {name: value for name, value in facts.items() if value not in (None, "")}


def journal_of(
    event: Event, by: JournalMap, number: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """An event as a journal, under its own number: told again, it is the same one."""
    sub_type = {"JournalSubTypeName": by.sub_type} if by.sub_type else {}
    return shown_by(by.fields, facts) | sub_type | {
        "ExternalTransactionNumber": shown("evt", event.event_id),
        "MembershipNumber": number,
        "JournalTypeName": by.type,
        "ActivityDate": facts["occurred_at"],
    }  # fmt: skip


async def _told(api: Salesforce, by: JournalsMap, wish: Wish) -> Answer:
    """It has this journal, or ran this process; or will not. Raises: NotTold, NotTaken."""
    if wish.runs:
        is_done = await ran(api, (by.program, wish.runs), wish.says)
        return TAKEN if is_done else NOT_TAKEN
    path = f"connect/realtime/loyalty/programs/{quote(by.program, safe='')}"
    said = await api.post(path, encoded({"transactionJournals": [wish.says]}))
    found: dict[str, Any] = said.found if isinstance(said.found, dict) else {}
    status, done = found.get("status"), found.get("processResult")
    if status is False:
        return NOT_TAKEN
    rows = done.get("transactionJournalResult") if isinstance(done, dict) else None
    is_one = isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict)
    if status is True and is_one:
        return TAKEN
    rows = found.get("transactionJournals")
    row = rows[0] if isinstance(rows, list) and len(rows) == 1 else None
    if not isinstance(row, dict):
        raise NotTold("it answers something that is not one result for each journal")
    return _become(row.get("status"))


async def _there(api: Salesforce, event: Event) -> Answer | None:
    """What became of it where it is there already; nothing where it is not."""
    soql = soql_of_number(shown("evt", event.event_id))
    said = await api.get(f"query?q={quote(soql, safe='')}")
    rows = said.found.get("records") if isinstance(said.found, dict) else None
    if not isinstance(rows, list):
        raise NotTold("it answers something that is no list of journals")
    return _become(rows[0].get("Status")) if rows and isinstance(rows[0], dict) else None


def soql_of_number(number: str) -> str:
    """What is asked for one journal by its number.

    Keeps: the number is made by us alone, so nothing that somebody wrote stands within the query.
    """
    named = ("SELECT Id, Status FROM TransactionJournal WHERE", "ExternalTransactionNumber =")
    return " ".join((*named, f"'{number}'"))


def _become(status: object) -> Answer:
    return TAKEN if str(status).lower() in _TAKEN else NOT_TAKEN


def _maybe(lines: Sequence[Line], now: datetime) -> set[UUID]:
    """Whoever was cut off held an event for so long: an older one may have been told by them."""
    return {
        each.event.event_id
        for one in lines
        for each in one.sendings
        if one.tries or one.alone or now - each.event.recorded_at >= LEASE
    }


def _named(event: Event, name: str) -> UUID | None:
    """Which activity, or redemption, it is about, where it is about one."""
    said = outward(event.type, msgspec.json.decode(event.payload)).get(name)
    return UUID(said.partition("_")[2]) if isinstance(said, str) and "_" in said else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
