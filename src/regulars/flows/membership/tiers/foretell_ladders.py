"""Before a step of a further ladder is lost its member is told what is missing to keep it."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx
from regulars.engine.ladder import further, notices
from regulars.engine.ladder.counting import measured
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.stuck import about
from regulars.records.ledger.types import NEVER
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.outbox.types import Notice
from regulars.records.outbox.write import post
from regulars.records.standing.ladders import read, write
from regulars.records.standing.ladders.types import Asked, Due, Looked

STEP: Final = "foretell_ladders"


async def foretell_ladders(tx: Tx, terms: Terms, most: int) -> int:
    """Look at members of further ladders whose step ends soon, or whose ladder has other terms
    now, tell them what is missing to keep it, and say when to look again; how many ladders.

    Order: of each end they are told once, so many days before; looked at anew by other terms.
    """
    version = terms.at(tx.now)
    views = {name: one for name, one in version.further.items() if _tells(one)}
    if not views:
        return 0
    counters = {one.credit_counter: name for name, v in views.items() for one in measured(v)}
    number = further.ladders_number(terms, version)
    parked = await night.parked(tx, STEP)
    due = await read.due(tx, Asked(number, tx.now, counters, sorted(parked)), most)
    members = {one.member_id for one in due}
    with about(STEP, members):
        states = await hold_members(tx, terms, members)
        changes = Changes(tx.new_id, now=tx.now)
        found: list[Notice] = []
        looked: list[Looked] = []
        for one in due:
            state = states.get(one.member_id)
            if state is None or state.member_id != one.member_id or one.ladder not in views:
                looked.append(Looked(one.member_id, one.ladder, number, NEVER, one.told_of))
            else:
                view = views[one.ladder]
                looked.append(_look(changes, state, (view, number), one, found))
        writes = post(tx, found) + writes_of(tx, terms, changes) + settle(tx, STEP, members)
        # After what the decisions watch: this was looked at last.
        await tx.write(writes + write.looked(tx, looked))
    return len(due)


def _tells(view: Version) -> bool:
    tiers = view.program.tiers
    return tiers is not None and tiers.notice_days > 0


def _look(
    changes: Changes,
    state: MemberState,
    by: tuple[Version, int],
    due: Due,
    found: list[Notice],
) -> Looked:
    """Look at a member on a ladder; when to look again, and of which end they know."""
    (view, number), now = by, changes.now
    assert now is not None
    stands, told_of = further.stand_on(view, state, now), due.told_of
    until, horizon = stands.tier_until, notices.horizon(view, now)
    soon = until is not None and horizon is not None and now < until <= horizon
    if soon and until != told_of and state.state != "erased":
        notice = notices.ladder_notice(changes, state, (view, stands), now)
        if notice is not None:
            found.append(notice)
            told_of = until
    at = further.look_at(view, stands, until if soon else told_of)
    return Looked(due.member_id, due.ladder, number, at, told_of)
