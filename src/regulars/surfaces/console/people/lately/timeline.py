"""What happened to one member, of every sort and in its order: bookings, messages, staff's acts.

Each is asked for by the member and the id it was written under; ids grow with time, so the latest
of each sort, laid beside each other by their ids, are the latest of all, and the last id is the
place to go on from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.words.reasons import reason_in_words
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import Act, Staff, staff_of
from regulars.records.ledger import read as ledger
from regulars.records.ledger.read import Booked
from regulars.records.members import read as people
from regulars.records.members.types import Blocked
from regulars.records.outbox import read as inbox
from regulars.records.outbox.campaigns.written.read import written
from regulars.records.outbox.campaigns.written.types import Written
from regulars.records.outbox.delivery import read as deliveries
from regulars.records.outbox.delivery.types import Told
from regulars.records.outbox.types import Message
from regulars.surfaces.api.strict.cursors import cursor_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.lately.lines import SORTS, booked_as, moves
from regulars.surfaces.console.team.deed_words import DID, did
from regulars.surfaces.console.team.saying.deeds import changes
from regulars.surfaces.console.terms.campaigns.words import BECAME, CHANNELS
from regulars.surfaces.console.words import KINDS_SENT, N

A_PAGE: Final = 30
MESSAGES, STAFF = "messages", "staff"
BY_STAFF: Final = ("adjust", "write_off")
"""Bookings that somebody of the shop made by hand, or an API key did for them."""
TOLD_ELSEWHERE: Final = ("points.adjusted", "member.blocked", "member.unblocked")
"""What the books, or who was blocked and why, say better than the log."""
ALL: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: words for name, (words, _) in SORTS.items()},
        MESSAGES: N("Messages"),
        STAFF: N("By staff"),
    }
)
"""Everything that can be looked at alone."""
BY_CHANNEL: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "email": (N("E-mail"), "mail"),
        "sms": (N("Text message"), "smartphone"),
        "push": (N("Notice on devices"), "smartphone"),
    }
)
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "waiting": (N("On its way"), ""),
        "sent": (N("Sent"), "good"),
        "parked": (N("Did not leave"), "warn"),
        "soft": (N("Failed for now"), "warn"),
        "hard": (N("Came back"), "bad"),
        "complaint": (N("Called unwanted"), "bad"),
    }
)
"""What became of a message; a test compares them with what there can be."""
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"sent": "good", "unknown": "warn", "skipped": "warn"}
)

Happened = Booked | Told | Message | Written | Act | Blocked


class Timeline(Struct, frozen=True):
    """One page of it, the latest first, and whether there is more."""

    these: list[Happened]
    more: bool
    people: Mapping[UUID, Staff]


async def timeline(tx: Tx, member_id: UUID, sort: str, before: UUID | None) -> Timeline:
    """The latest before this place: of every sort, or of one."""
    found: list[Happened] = []
    most = A_PAGE + 1
    if sort != MESSAGES:
        kinds = BY_STAFF if sort == STAFF else SORTS[sort][1] if sort in SORTS else None
        found += await ledger.entries(tx, member_id, before=before, limit=most, kinds=kinds)
    if sort in ("", MESSAGES):
        found += await deliveries.to_member(tx, member_id, before, most)
        found += await inbox.messages(tx, member_id, before=before, limit=most)
        found += await written(tx, member_id, before, most)
    if sort in ("", STAFF):
        found += await staff.acts_on_member(tx, member_id, (before, most), TOLD_ELSEWHERE)
        found += await people.blocks_of(tx, member_id, before, most)
    found.sort(key=place_in_time, reverse=True)
    page = found[:A_PAGE]
    who = {one for each in page if (one := _by(each)) is not None}
    return Timeline(page, len(found) > A_PAGE, await staff.some_staff(tx, who) if who else {})


def place_in_time(one: Happened) -> UUID:
    """The id under which it was written, which grows with time."""
    if isinstance(one, Booked):
        return one.entry.entry_id
    if isinstance(one, Told):
        return one.delivery_id
    if isinstance(one, Message):
        return one.message_id
    if isinstance(one, Written):
        return one.place
    return one.act_id if isinstance(one, Act) else one.block_id


def _by(one: Happened) -> UUID | None:
    if isinstance(one, Booked):
        return staff_of(one.entry.actor)
    if isinstance(one, Act):
        return one.staff_id
    return staff_of(one.actor) if isinstance(one, Blocked) else None


def lines(here: Here, page: Timeline) -> list[dict[str, Any]]:
    """Each as a line of the page."""
    return [_line(here, one, page.people) for one in page.these]


def _line(here: Here, one: Happened, people: Mapping[UUID, Staff]) -> dict[str, Any]:
    who = _by(one)
    by = people[who].name if who is not None and who in people else ""
    line: dict[str, Any] = {"by": by, "moved": [], "id": "", "says": "", "way": "", "badge": None}
    if isinstance(one, Message):
        return line | _inbox(here, one)
    if isinstance(one, Booked):
        return line | _booked(here, one)
    if isinstance(one, Told):
        return line | _told(here, one)
    if isinstance(one, Written):
        return line | _written(here, one)
    if isinstance(one, Act):
        return line | _act(here, one, by)
    words = DID["member.blocked" if one.blocked else "member.unblocked"]
    return line | {
        "words": here.reader.say(words),
        "sign": "ban" if one.blocked else "check",
        "at": one.recorded_at,
        "says": one.reason,
    }


def _booked(here: Here, one: Booked) -> dict[str, Any]:
    """An entry: what it was, how the member's own balance moved."""
    words, sign = booked_as(one.entry.kind, one.entry.actor, one.entry.postings)
    by_hand = one.entry.kind in BY_STAFF
    return {
        "id": shown("ent", one.entry.entry_id),
        "words": here.reader.say(words),
        "sign": sign,
        "at": one.entry.occurred_at,
        "says": reason_in_words(one.entry.actor, one.entry.reason, here.voice) if by_hand else "",
        "moved": moves(here, one.entry.postings),
    }


def _told(here: Here, one: Told) -> dict[str, Any]:
    """A message: what it said, by which way, and what became of it."""
    way, sign = BY_CHANNEL[one.channel]
    words, kind = OUTCOMES[one.bounced or one.state]
    says = one.bounce_reason if one.bounced else one.reason if one.state != "sent" else ""
    return {
        "words": here.reader.say(KINDS_SENT[one.kind]),
        "sign": sign,
        "at": one.settled_at or one.recorded_at,
        "way": here.reader.say(way),
        "badge": (here.reader.say(words), kind),
        "says": says,
    }


def _written(here: Here, one: Written) -> dict[str, Any]:
    """What a campaign or a step of a journey wrote to them, or why it did not."""
    became, kind = BECAME.get((one.state, one.reason), one.state), _KINDS.get(one.state, "")
    if one.returned:
        became, kind = OUTCOMES[one.returned]
    elif one.read_at is not None:
        became, kind = N("Opened in the card"), "good"
    return {
        "words": one.name,
        "sign": "megaphone",
        "at": one.settled_at or one.asked_at,
        "way": here.reader.say(CHANNELS[one.channel]),
        "badge": (here.reader.say(became), kind),
        "says": one.code if one.journey else "",
    }


def _inbox(here: Here, one: Message) -> dict[str, Any]:
    """What lies on their card, and whether it was shown to them."""
    says = KINDS_SENT["notice"]
    seen = (N("Seen"), "good") if one.delivered_at else (N("Not seen yet"), "")
    return {
        "words": here.reader.say(says),
        "sign": "bell",
        "at": one.recorded_at,
        "way": here.reader.say(N("On the card")),
        "badge": (here.reader.say(seen[0]), seen[1]),
        "says": here.reader.say("ends on %(day)s", day=here.reader.last_day(one.lapses_at)),
    }


def _act(here: Here, one: Act, by: str) -> dict[str, Any]:
    """Something somebody of the shop did, with what is other than before."""
    program = here.version.program
    other = [f"{c.name}: {c.becomes or c.was}" for c in changes(here.reader, one, program)]
    return {
        "words": did(here.reader, one),
        "sign": "user",
        "at": one.at,
        "by": by or one.actor,
        "says": " · ".join(other),
    }


def address(member_id: str, sort: str, last: Happened | None = None) -> str:
    """Where the page of this sort is, from its beginning or after this one."""
    cursor = "" if last is None else cursor_of((place_in_time(last),)) or ""
    said = {name: value for name, value in (("kind", sort), ("cursor", cursor)) if value}
    return f"/console/members/{member_id}" + (f"?{urlencode(said)}" if said else "")


def following(member_id: str, sort: str, page: Timeline) -> str:
    """Where it goes on; nowhere at its end."""
    return address(member_id, sort, page.these[-1]) if page.more else ""


def chips(here: Here) -> Sequence[tuple[str, str]]:
    """What can be looked at alone, each with its words."""
    return [("", here.reader.say("Everything")), *((n, here.reader.say(w)) for n, w in ALL.items())]
