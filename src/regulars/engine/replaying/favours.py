"""What a replay takes as given of a shop's courtesy: longer lives, forgiven debts, notices shown.

A lot has another name in every replay; it is known by the activity or word that brought it about.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from regulars.engine.deciding import idle
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.courtesy import Favour, extend, reinstate
from regulars.engine.moving.write_off import write_off
from regulars.engine.replaying.given import Scene
from regulars.engine.state import MemberState, Told
from regulars.records.ledger.types import NEVER, Lot

_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


class Shown(dict[UUID, list[Told]]):
    """Notices of an end for want of activity; in wallets in which nobody was really promised one,
    each lot's is as good as shown in time."""

    def __init__(self, state: MemberState, really: frozenset[int]) -> None:
        super().__init__()
        self._lots, self._really = state.lots, really

    def get(self, lot_id: UUID, default: Any = ()) -> Any:
        """What a member was told of a lot, or would have been."""
        lot = self._lots.get(lot_id)
        if lot is not None and lot.wallet not in self._really:
            return (Told(NEVER, _LONG_AGO),)
        return super().get(lot_id, default)


def longer(scene: Scene) -> None:
    """Let what is left of a lot live until later; where nothing of it is left, nothing is."""
    changes, state, _, fact = scene
    expire(changes, state, fact.now)
    until = fact.ends or NEVER
    # Of lots with the same origin the one that ended then and has as much left.
    found = sorted(
        (
            lot
            for lot in _of_cause(scene)
            if lot.state == "open" and idle.leaves_at(state, lot, fact.now) < until
        ),
        key=lambda lot: (lot.expires_at != fact.lapses_at, lot.remaining != fact.units, lot.lot_id),
    )
    if found:
        extend(changes, state, Favour(found[0].lot_id, until, fact.now, "", "", 0))


def again(scene: Scene) -> None:
    """Give back points that lapsed, as many as lapsed here and were not given back yet."""
    changes, state, version, fact = scene
    expire(changes, state, fact.now)
    most = state.lapsed.get((fact.cause_id, scene.code), 0)
    units = min(fact.units, most)
    if units <= 0:
        return
    favour = Favour(fact.cause_id, fact.ends or NEVER, fact.now, "", "", 0)
    reinstate(changes, state, version, (_gone(scene, units), most, units), favour)


def _gone(scene: Scene, units: int) -> Lot:
    """The lot that lapsed, as far as its points ask for it."""
    changes, state, version, fact = scene
    return Lot(
        lot_id=changes.new_id(), member_id=state.member_id, wallet=scene.code,
        entry_id=fact.cause_id, cause_id=fact.cause_id, version=version.number, amount=units,
        remaining=0, pinned=0, earned_at=fact.now, expires_at=fact.now,
    )  # fmt: skip


def forgiven(scene: Scene) -> None:
    """Somebody forgave all that is owed in a wallet."""
    write_off(scene.changes, scene.state, scene.code, (scene.fact.now, "", ""))


def shown(scene: Scene) -> None:
    """A member saw that these points will lapse; another notice tells of an end that moved."""
    state, fact = scene.state, scene.fact
    for lot in _of_cause(scene):
        if fact.lapses_at is not None:
            state.idle_told.setdefault(lot.lot_id, []).append(Told(fact.lapses_at, fact.now))
        elif state.notices.get(lot.lot_id) is None:
            state.notices[lot.lot_id] = fact.now


def _of_cause(scene: Scene) -> list[Lot]:
    fact = scene.fact
    return [
        lot
        for lot in scene.state.lots.values()
        if lot.cause_id == fact.cause_id and lot.wallet == scene.code and lot.remaining
    ]


def do_one(scene: Scene) -> None:
    """Do a courtesy, a forgiven debt, a notice that was shown, or an erasure."""
    what = scene.fact.what
    if what == "extend":
        longer(scene)
    elif what == "reinstate":
        again(scene)
    elif what == "forgive":
        forgiven(scene)
    elif what == "show":
        shown(scene)
    else:
        scene.state.state = "erased"
