"""What happened on a card, newest first: what, where, how many points, and what was left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.returning.sale import Sale
from regulars.engine.words.entries import Booking, entry_in_words, reward_in_words
from regulars.engine.words.explain import why
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.ledger import read
from regulars.records.ledger.totals.read import balances_before
from regulars.records.ledger.touched import read as lots_of
from regulars.records.ledger.types import Account, Entry
from regulars.records.program.translations import in_language
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.tills import read as tills
from regulars.records.trail import read as trails
from regulars.surfaces.api.strict.ids import addressed, meant, shown
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.showing.purses import amount_of, signed_of, unit_of
from regulars.surfaces.in_words.rules import rule_in_words

PAGE: Final = 20
_OF_ACTIVITIES: Final = frozenset({"earn", "return", "restate", "refund", "repay"})
_OF_REDEMPTIONS: Final = frozenset({"hold", "capture", "void", "lapse"})
_LAST: Final = (1 << 128) - 1


class Move(NamedTuple):
    """What came or went of one wallet, and what was there after it."""

    sign: str
    """`gain`, `loss`, or `wait` for points that are not to be spent yet."""
    amount: str
    unit: str
    after: str


class Row(NamedTuple):
    """One line of the history."""

    id: str
    title: str
    where: str
    at: datetime
    moves: list[Move]
    mark: str
    """`expired`, `pending`, `returned`, or nothing."""


async def look_at_history(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """A page of the history; `before` in the address says where it goes on."""
    before = meant("ent", request.query_params.get("before", ""))
    found = await read.entries(tx, visit.member.id, before=before, limit=PAGE + 1)
    booked, more = found[:PAGE], len(found) > PAGE
    left = await balances_before(tx, visit.member.id, before)
    did = await _causes(tx, visit, [one.entry for one in booked])
    stores = {code: one.name for code, one in (await tills.stores(tx)).items()}
    rows = []
    for one in booked:
        moves = list(_moves(visit, one.entry, left))
        if moves:
            row = _row(visit, one.entry, moves, did.get(one.entry.cause_id))
            rows.append(row._replace(where=stores.get(row.where) or row.where))
    last = shown("ent", booked[-1].entry.entry_id) if more else ""
    return {"rows": rows, "following": last and f"?before={last}", "first": before is not None}


async def look_at_why(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """Why one line is as it is, in sentences. Faults: NotFound, also for another member's."""
    entry_id = addressed("ent", request.path_params["entry"])
    after = UUID(int=min(entry_id.int + 1, _LAST))
    found = await read.entries(tx, visit.member.id, before=after, limit=1)
    if not found or found[0].entry.entry_id != entry_id:
        raise NotFound("this card has no such line")
    entry, version = found[0].entry, visit.terms.at(found[0].recorded_at)
    did = (await _causes(tx, visit, [entry])).get(entry.cause_id)
    touched = await lots_of.touched(tx, visit.member.id, entry_id)
    name, kind = _named(visit, did)
    booking = Booking(entry, touched, name, kind)
    says = entry_in_words(version, booking, visit.voice, visit.terms.wallet_names)
    if isinstance(did, Activity):
        says = [*await _reasons(tx, visit, did), *says]
    return {"says": list(dict.fromkeys(says)), "title": _title(visit, entry, did), "entry": entry}


async def _reasons(tx: Tx, visit: Visit, did: Activity) -> list[str]:
    kept = await trails.one(tx, did.member_id, did.activity_id)
    if kept is None or did.member_id == NOBODY:
        return []
    sold = None if kept.sale_id is None else await activities.one(tx, kept.sale_id)
    of = did if sold is None else sold.activity
    version = visit.terms.numbered(kept.steps.version)
    return why(version, Sale(of, kept.steps), visit.voice, rule_in_words)


async def _causes(
    tx: Tx, visit: Visit, entries: Sequence[Entry]
) -> dict[UUID, Activity | Redemption]:
    """The activities and redemptions that brought these entries about."""
    member = [visit.member.id]
    acts = [one.cause_id for one in entries if one.kind in _OF_ACTIVITIES]
    reds = [one.cause_id for one in entries if one.kind in _OF_REDEMPTIONS]
    done: dict[UUID, Activity | Redemption] = {}
    done.update(await activities.some(tx, member, acts))
    done.update(await rewards.some(tx, member, reds))
    return done


def _moves(visit: Visit, entry: Entry, left: dict[int, int]) -> Iterator[Move]:
    """What this entry moved; `left` goes back to what was there before it."""
    sides: dict[int, dict[int, int]] = {}
    for one in entry.postings:
        of = sides.setdefault(one.wallet, {})
        of[one.account] = of.get(one.account, 0) + one.amount
    for wallet, of in sides.items():
        name, came = visit.wallet(wallet), of.get(Account.AVAILABLE, 0)
        after = amount_of(visit, name, left.get(wallet, 0))
        left[wallet] = left.get(wallet, 0) - came
        waits = of.get(Account.PENDING, 0)
        if not came and not waits:
            continue
        sign = ("gain" if came > 0 else "loss") if came else "wait"
        units = came or waits
        yield Move(sign, signed_of(visit, name, units), unit_of(visit, name, units), after)


def _row(visit: Visit, entry: Entry, moves: list[Move], did: Activity | Redemption | None) -> Row:
    pending = any(one.sign == "wait" for one in moves) and entry.kind == "earn"
    return Row(
        id=shown("ent", entry.entry_id),
        title=_title(visit, entry, did),
        where=getattr(did, "store", "") or "",
        at=entry.occurred_at,
        moves=moves,
        mark="pending"
        if pending
        else {"expire": "expired", "return": "returned"}.get(entry.kind, ""),
    )


def _title(visit: Visit, entry: Entry, did: Activity | Redemption | None) -> str:
    say = visit.reader.say
    if isinstance(did, Redemption):
        name, _ = _named(visit, did)
        backwards = entry.kind in ("void", "lapse")
        return say("%(reward)s, not taken", reward=name) if backwards else name
    if isinstance(did, Activity):
        return _deed(visit, did.kind)
    return _TITLES.get(entry.kind, _TITLES["adjust"])(say)


def _deed(visit: Visit, kind: str) -> str:
    """A kind of activity as the first word of a line."""
    known = _DEEDS.get(kind)
    if known is not None:
        return known(visit.reader.say)  # type: ignore[no-any-return]
    said = visit.voice.word(f"kind.{kind}", kind.replace("-", " "))
    return said[:1].upper() + said[1:]


def _named(visit: Visit, did: Activity | Redemption | None) -> tuple[str, str]:
    """A reward as it was promised, in the reader's language where that is still its name."""
    if not isinstance(did, Redemption):
        return "", ""
    promised = did.promised
    now = visit.version.rewards.get(did.reward)
    if now is None or now.name != promised.name:
        return reward_in_words(promised.kind, promised.name, visit.voice), promised.kind
    program = in_language(visit.version.program, visit.reader.language)
    name = next(one.name for one in program.rewards if one.id == did.reward)
    return name, promised.kind


_DEEDS: Final[dict[str, Any]] = {
    "purchase": lambda say: say("Purchase"),
    "return": lambda say: say("Return"),
    "visit": lambda say: say("Visit"),
}
_TITLES: Final[dict[str, Any]] = {
    "expire": lambda say: say("Expired"),
    "adjust": lambda say: say("Correction"),
    "activate": lambda say: say("Ready to spend"),
    "cancel": lambda say: say("Cancelled"),
    "open": lambda say: say("Brought along"),
    "transfer": lambda say: say("Between members"),
    "pool": lambda say: say("Shared in the household"),
    "merge": lambda say: say("Two cards became one"),
    "unmerge": lambda say: say("One card became two"),
    "extend": lambda say: say("Kept for longer"),
    "postpone": lambda say: say("Kept for longer"),
    "reinstate": lambda say: say("Given back"),
    "write_off": lambda say: say("Forgiven"),
    "milestone": lambda say: say("For a milestone"),
}
