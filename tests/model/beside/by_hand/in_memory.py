"""The engine's folds for what is handed out by hand, driven as the flows do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace
from tests.model.beside.by_hand.events import (
    Fills,
    GivesTier,
    Grants,
    Issues,
    Rebooks,
    ShowsCode,
    StaysAway,
    Tops,
    TurnsTier,
    Undoes,
    Uses,
    Withdraws,
)
from tests.model.events import Answer

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span, local
from regulars.engine.deciding import tiering
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.benefit import (
    Asker,
    Moving,
    Occasion,
    may,
    miss,
    moved,
    undo,
    unknown_benefit,
    use,
)
from regulars.engine.deciding.booking import Cause
from regulars.engine.ladder import further, giving
from regulars.engine.ladder.credit import until_of
from regulars.engine.rewarding.correcting import Why
from regulars.engine.rewarding.counter.using import refusal, unknown_code
from regulars.engine.rewarding.including.appointments import too_late
from regulars.engine.rewarding.including.guests import Party
from regulars.engine.rewarding.promise import promise
from regulars.engine.state import MemberState
from regulars.flows.membership.tiers.give_tiers import _BECOMES, _no_turn, state_of
from regulars.records.benefits.types import Grant, Use
from regulars.records.program.parts.rewards import Code, draws_on_pool, shelf_of
from regulars.records.rewards.codes.types import RewardCode
from regulars.records.rewards.types import Promised, Redemption
from regulars.records.standing.grants.types import TierGrant

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory

NO_END = -1


class Handed:
    """What was handed out, by the machine's names for it."""

    def __init__(self) -> None:
        self.codes: dict[str, RewardCode] = {}
        self.grants: list[Grant] = []
        self.uses: dict[str, Use] = {}
        self.tiers: dict[str, TierGrant] = {}


# --- codes ----------------------------------------------------------------------------------


def fills(memory: InMemory, event: Fills) -> Answer:
    reward = memory.terms.at(memory.now).rewards.get(event.reward)
    if reward is None:
        return Answer("unknown_reward")
    if not draws_on_pool(reward):
        return Answer("invalid")
    memory.shelf[shelf_of(reward)] += event.times
    return Answer("filled", (("codes", event.times), ("left", memory.shelf[shelf_of(reward)])))


def issues(memory: InMemory, event: Issues) -> Answer:
    version = memory.terms.at(memory.now)
    reward = version.rewards.get(event.reward)
    if reward is None:
        return Answer("unknown_reward")
    generated = isinstance(reward.gives, Code) and reward.gives.from_ == "generated"
    wrong = not generated or bool(event.times) == bool(event.whom)
    if wrong or (event.ends is not None and event.ends <= memory.now):
        return Answer("invalid")
    whom = list(dict.fromkeys(memory.state(who).member_id for who in event.whom))
    for place, member_id in enumerate(whom or [None] * event.times):
        promised = promise(version, reward, memory.now)
        keep_code(memory, f"{event.name}.{place}", (member_id, promised), event.ends)
    return Answer("issued", (("codes", len(whom) or event.times),))


def hand_over(memory: InMemory, name: str, redemption: Redemption) -> None:
    """A reward was captured that gives a code."""
    promised = redemption.promised
    if (
        redemption.state == "captured"
        and promised.kind == "code"
        and name not in memory.handed.codes
    ):
        keep_code(memory, name, (redemption.member_id, promised), None)


def keep_code(
    memory: InMemory, name: str, whose: tuple[UUID | None, Promised], ends: datetime | None
) -> None:
    (member_id, promised), zone = whose, memory.terms.at(memory.now).zone
    if ends is None and promised.valid_for:
        ends = add_span(zone, memory.now, promised.valid_for)
    id_ = memory.new_id()
    memory.handed.codes[name] = RewardCode(
        id_, member_id, promised.shelf, name, name, None, None, "issued", memory.now, ends,
        None, "", "", promised,
    )  # fmt: skip


def shows(memory: InMemory, event: ShowsCode | Withdraws) -> Answer:
    code = memory.handed.codes.get(event.code)
    if code is None:
        return Answer(unknown_code().code)
    state = None if code.member_id is None else memory.owner(code.member_id)
    how: Any = "used" if isinstance(event, ShowsCode) else "withdrawn"
    no = refusal(memory.terms.at(memory.now), state, code, how, memory.now)
    if no is not None:
        return Answer(no.code)
    memory.handed.codes[event.code] = replace(code, state=how, closed_at=memory.now)
    assert code.promised is not None
    return Answer(how, (("worth", code.promised.worth_minor),))


def tops(memory: InMemory, event: Tops) -> Answer:
    state, entry = memory.state(event.who), memory.new_id()
    memory.let_go(state)
    cause = Cause("adjust", entry, entry, memory.now, "Olga", "topped up")
    version = memory.terms.at(memory.now)
    assert (
        adjust(memory.changes, state, version, Correction(event.wallet, event.units, cause)) is None
    )
    code = memory.codes["wallet", event.wallet]
    owed = sum(one.balance(code).available + one.balance(code).held
               for one in memory.states.values())  # fmt: skip
    return Answer("topped", (("all", owed),), balances=memory.balances(state))


# --- benefits -------------------------------------------------------------------------------


def grants(memory: InMemory, event: Grants) -> Answer:
    if event.benefit not in memory.terms.at(memory.now).benefits:
        return Answer(unknown_benefit(event.benefit).code)
    if event.until is not None and event.until <= memory.now:
        return Answer("invalid")
    id_, whose = memory.new_id(), memory.state(event.who).member_id
    one = Grant(id_, whose, event.benefit, event.times, memory.now, event.until, "Olga", "kind")
    memory.handed.grants.append(one)
    return Answer("granted", (("times", event.times),))


def granted(memory: InMemory, state: MemberState) -> list[Grant]:
    """What was granted to somebody, what ends soonest first, as the books list it."""
    mine = [one for one in memory.handed.grants if memory.owner(one.member_id) is state]
    return sorted(
        mine, key=lambda one: (one.until_at is None, one.until_at or memory.now, one.grant_id)
    )


def uses(memory: InMemory, event: Uses) -> Answer:
    state, version = memory.state(event.who), memory.terms.at(memory.now)
    wished = version.benefits.get(event.benefit)
    if wished is not None and wished.appointments is not None and event.at is None:
        return Answer("invalid")
    there = _there(memory, (event.benefit, event.store, event.at))
    occasion = Occasion(event.benefit, memory.now, event.store, party=Party(event.guests),
                        from_at=event.at, taken=there)  # fmt: skip
    asker = Asker(memory.new_id(), "Olga", {}, granted(memory, state))
    used = use(memory.changes, state, version, occasion, asker)
    if isinstance(used, Refused):
        return Answer(used.code)
    memory.handed.uses[event.name] = used
    _spend(memory, used, 1)
    return _told(memory, state, used, "used")


def _there(memory: InMemory, at: tuple[str, str, datetime | None]) -> dict[int, int]:
    """Who is there, from which place on."""
    return {
        one.included.booked.place: 1 + one.included.guests
        for one in memory.handed.uses.values()
        if one.included.booked is not None and one.state == "used"
        and (one.benefit, one.store, one.included.booked.from_at) == at
    }  # fmt: skip


def _spend(memory: InMemory, used: Use, by: int) -> None:
    for place, one in enumerate(memory.handed.grants):
        if one.grant_id == used.grant_id:
            now_used = one.used + by * used.included.times
            memory.handed.grants[place] = replace(one, used=now_used)


def rebooks(memory: InMemory, event: Rebooks) -> Answer:
    used = memory.handed.uses.get(event.name)
    if used is None:
        return Answer("not_found")
    if used.included.booked is None or used.state != "used":
        return Answer("invalid")
    state, version = memory.owner(used.member_id), memory.terms.at(memory.now)
    _spend(memory, used, -1)
    memory.handed.uses[event.name] = replace(used, state="undone")
    there = _there(memory, (used.benefit, used.store, event.at))
    occasion = Occasion(used.benefit, memory.now, used.store, from_at=event.at, taken=there,
                        party=Party(used.included.guests))  # fmt: skip
    asker = Asker(memory.new_id(), "Olga", {}, granted(memory, state), used.use_id)
    why = Why(memory.now, "Olga", used.included.name)
    asked = Moving(used, asker, (memory.terms.numbered(used.version), 0, why))
    done = moved(memory.changes, state, version, occasion, asked)
    if isinstance(done, Refused):
        memory.handed.uses[event.name] = used
        _spend(memory, used, 1)
        return Answer(done.code)
    memory.handed.uses[event.into] = done
    _spend(memory, done, 1)
    return _told(memory, state, done, "used")


def stays_away(memory: InMemory, event: StaysAway) -> Answer:
    used = memory.handed.uses.get(event.name)
    if used is None:
        return Answer("not_found")
    booked = used.included.booked
    if booked is None or used.state == "undone" or memory.now < booked.from_at:
        return Answer("invalid")
    state, version = memory.owner(used.member_id), memory.terms.at(memory.now)
    tiering.review(memory.changes, state, version, memory.now)
    if used.state == "used":
        miss(memory.changes, state, used)
        memory.handed.uses[event.name] = used = replace(used, state="missed")
    return _told(memory, state, used, "missed")


def undoes(memory: InMemory, event: Undoes) -> Answer:
    used = memory.handed.uses.get(event.name)
    if used is None:
        return Answer("not_found")
    late = too_late(used.included.booked, memory.now)
    if late is not None and used.state == "used":
        return Answer(late.code)
    state, version = memory.owner(used.member_id), memory.terms.at(memory.now)
    tiering.review(memory.changes, state, version, memory.now)
    if used.state == "used":
        entry_id = used.included.entry_id
        gone = sum(memory.unions.lapsed.get(lot.lot_id, 0) for lot in _lots_of(memory, entry_id))
        why = Why(memory.now, "Olga", used.included.name)
        undo(memory.changes, state, used, (memory.terms.numbered(used.version), gone, why))
        memory.handed.uses[event.name] = used = replace(used, state="undone")
        _spend(memory, used, -1)
    return _told(memory, state, used, used.state)


def comes_no_more(memory: InMemory, state: MemberState) -> None:
    """What they booked and what has not begun is taken back, as the flows do it."""
    for name, used in memory.handed.uses.items():
        booked, whose = used.included.booked, memory.owner(used.member_id)
        coming = booked is not None and memory.now < booked.from_at
        if coming and used.state == "used" and whose.member_id == state.member_id:
            why = Why(memory.now, "benefit", used.included.name)
            undo(memory.changes, state, used, (memory.terms.numbered(used.version), 0, why))
            memory.handed.uses[name] = done = replace(used, state="undone")
            _spend(memory, done, -1)


def _lots_of(memory: InMemory, entry_id: UUID | None) -> list[Any]:
    return [] if entry_id is None else [x for x in memory.lots.values() if x.cause_id == entry_id]


def _told(memory: InMemory, state: MemberState, used: Use, what: str) -> Answer:
    occasion = Occasion(used.benefit, memory.now, used.store)
    left = may(memory.terms.at(memory.now), state, occasion, granted(memory, state)).left
    left = NO_END if left is None else left
    return Answer(what, (("granted", int(used.grant_id is not None)), ("left", left)))


# --- tiers ----------------------------------------------------------------------------------


def gives_tier(memory: InMemory, event: GivesTier) -> Answer:
    state, version, now = memory.state(event.who), memory.terms.at(memory.now), memory.now
    if event.kind == "invited" and (event.asks or event.days):
        return Answer("invalid")
    tiering.review(memory.changes, state, version, now)
    kind: Any = event.kind
    no = giving.refusal(version, state, event.tier, kind, now)
    if no is not None:
        return Answer(no.code)
    until = None if event.days is None else now + timedelta(days=event.days)
    if event.asks is not None:
        until = giving.ends_after(version, now, event.days or 0)
    waits = event.kind == "invited"
    given = TierGrant(
        memory.new_id(), state.member_id, kind, event.tier, "kind", "Olga", now, event.asks,
        answer_by=giving.answer_by(version, now) if waits else None, until_at=until,
    )  # fmt: skip
    if waits:
        state.grants = [*state.grants, given]
    else:
        given = further.begin(memory.changes, state, version, given, now)
    memory.handed.tiers[event.name] = given
    return Answer("waiting" if waits else "held", tier=state.tier)


def turns_tier(memory: InMemory, event: TurnsTier) -> Answer:
    known = memory.handed.tiers.get(event.name)
    if known is None:
        return Answer("not_found")
    state, version, now = memory.owner(known.member_id), memory.terms.at(memory.now), memory.now
    tiering.review(memory.changes, state, version, now)
    given = next(one for one in state.grants if one.grant_id == known.grant_id)
    command: Any = event
    no = _no_turn((version, version), state, given, command, now)
    if no is not None:
        return Answer(no.code)
    if state_of(given) == _BECOMES[event.what]:
        return Answer(state_of(given), tier=state.tier)
    if event.what == "accepted":
        until = until_of(version, state, local(version.zone, now).day)
        given = further.begin(memory.changes, state, version, replace(given, until_at=until), now)
    else:
        further.end(memory.changes, state, version, given, now)
        given = replace(given, closed_at=now, closed_as=event.what)
        others = [one for one in state.grants if one.grant_id != given.grant_id]
        state.grants = sorted([*others, given], key=lambda one: one.given_at)
    return Answer(state_of(given), tier=state.tier)


HANDED: dict[type, Callable[[Any, Any], Answer]] = {
    Fills: fills, Issues: issues, ShowsCode: shows, Withdraws: shows, Tops: tops,
    Grants: grants, Uses: uses, Undoes: undoes, Rebooks: rebooks, StaysAway: stays_away,
    GivesTier: gives_tier, TurnsTier: turns_tier,
}  # fmt: skip
