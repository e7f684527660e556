"""Codes come over as they stood: free ones into their pool, issued ones to whom they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, KeyReused
from regulars.base.tx import Tx, Write
from regulars.engine.rewarding.promise import promise
from regulars.engine.state import imported_by
from regulars.engine.terms import Terms, Version
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringCode, Brought
from regulars.flows.importing.finding import find
from regulars.records.activity.types import NOBODY
from regulars.records.rewards import read as shelves
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import LONGEST, folded
from regulars.records.rewards.codes.types import Came, Run
from regulars.records.rewards.codes.write import bring
from regulars.records.rewards.types import Promised
from regulars.records.rewards.write import keep_stock

CodeOutcome = Brought | Fault
_REASON: Final = "brought over"


async def bring_codes(
    tx: Tx, terms: Terms, batch: Sequence[BringCode], history: History
) -> list[CodeOutcome]:
    """Each code once, as it stood; what was used there is refused here, and nobody is told.

    Order: shelves of pools are held in the order of their names, so that whoever takes a code
    meanwhile sees all of these or none.
    Faults: an unknown member or reward, a code that is empty or too long, one that is here as
    another, times that do not fit, a promise that cannot be read.
    """
    assert history.import_id is not None, history
    codes = [folded(one.code) for one in batch]
    whom: list[UUID | Fault] = [NOBODY] * len(batch)
    named = [n for n, one in enumerate(batch) if one.member is not None]
    for n, who in zip(named, await find(tx, terms, [batch[n] for n in named]), strict=True):
        whom[n] = who
    left = await shelves.lock_stock(tx, [_pool(one.reward) for one in batch])
    here = {code: one.reward for code, one in (await read.look_up(tx, codes)).items()}
    taken: dict[_Run, list[Came]] = {}
    outcomes: list[CodeOutcome] = []
    for code, one, who in zip(codes, batch, whom, strict=True):
        wrong = _wrong(terms, one, left) or _another(one, here.get(code))
        if wrong is not None or isinstance(who, Fault):
            outcomes.append(wrong or who)  # type: ignore[arg-type]  # one of both is a fault
            continue
        outcomes.append(Brought(who, replayed=code in here))
        if code not in here:
            here[code] = one.reward
            run = _Run(one.reward, one.state == "free", "" if one.state == "free" else one.terms)
            taken.setdefault(run, []).append(_came(tx, one, who))
    await tx.write(_writes(tx, terms, history.import_id, taken, left))
    return outcomes


class _Run(NamedTuple):
    """Codes that are kept as if they had come at once: of one reward, under one promise."""

    reward: str
    free: bool
    terms: str


def _pool(reward: str) -> str:
    return f"codes:{reward}"


def _wrong(terms: Terms, one: BringCode, left: Mapping[str, int]) -> Fault | None:
    if _version_with(terms, one.reward) is None:
        mend = "publish every version of the program that came along, or leave the line out"
        return Invalid(f"there is no reward {one.reward} here", field="/reward", mend=mend)
    if not folded(one.code) or len(one.code) > LONGEST or not one.code.isprintable():
        return Invalid(f"a code has 1 to {LONGEST} plain signs", field="/code", mend="export again")
    if one.state != "free":
        return _untimely(one) or (_unread(one.terms) if one.terms else None)
    if _pool(one.reward) not in left:
        mend = "write `gives: {kind: code, from: pool}` in the program"
        return Invalid(f"{one.reward} has no pool here", field="/reward", mend=mend)
    return None


def _untimely(one: BringCode) -> Fault | None:
    if one.issued_at is None and one.state != "withdrawn":
        return Invalid("it does not say when it was issued", field="/issued_at", mend="add it")
    if one.issued_at and one.ends_at and one.ends_at <= one.issued_at:
        return Invalid("it is over before it was issued", field="/ends_at", mend="check the dates")
    if (one.closed_at is None) != (one.state == "issued"):
        says = "a code that was used or withdrawn says when, and no other"
        return Invalid(says, field="/closed_at", mend="check the dates")
    return None


def _unread(terms: str) -> Fault | None:
    try:
        _promised(terms)
    except (msgspec.DecodeError, ValueError):
        says = "what was promised with this code cannot be read"
        return Invalid(says, field="/terms", mend="export it again; it is JSON")
    return None


def _another(one: BringCode, here: str | None) -> Fault | None:
    if here in (None, one.reward):
        return None
    says = f"this code is here already, of {here}"
    return KeyReused(says, field="/code", mend="leave the line out")


def _version_with(terms: Terms, reward: str) -> Version | None:
    """The last version that has a reward."""
    return next((one for one in reversed(terms.versions) if reward in one.rewards), None)


def _promised(text: str) -> Promised:
    """What was promised there; counters and shelves of there are none of ours."""
    there = msgspec.json.decode(text, type=Promised)
    return replace(there, limit_counter=0, limit_period=0, stocked=False, shelf="")


def _came(tx: Tx, one: BringCode, who: UUID) -> Came:
    return Came(
        code_id=tx.new_id(),
        member_id=who if who != NOBODY and one.state == "issued" else None,
        code=folded(one.code),
        printed=one.printed,
        state=one.state,
        issued_at=one.issued_at,
        ends_at=one.ends_at,
        closed_at=one.closed_at,
    )


def _writes(
    tx: Tx,
    terms: Terms,
    import_id: UUID,
    taken: Mapping[_Run, Sequence[Came]],
    left: Mapping[str, int],
) -> list[Write]:
    came: list[tuple[Run, Sequence[Came]]] = []
    stock = dict(left)
    for run, codes in taken.items():
        version = _version_with(terms, run.reward)
        assert version is not None, run.reward
        now = promise(version, version.rewards[run.reward], tx.now)
        kept = Run(
            run_id=tx.new_id(),
            kind="uploaded" if run.free else "issued",
            reward=run.reward,
            version=version.number,
            promised=_promised(run.terms) if run.terms else now,
            times=len(codes),
            actor=imported_by(import_id),
            reason=_REASON,
            made_at=tx.now,
        )
        came.append((kept, codes))
        if run.free:
            stock[_pool(run.reward)] += len(codes)
    changed = {shelf: pieces for shelf, pieces in stock.items() if pieces != left[shelf]}
    return [*bring(tx, came), *keep_stock(tx, changed)]
