"""What the kernel decided, added up as the fold adds it up, so that one report shows both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from regulars.engine.deciding.reverse import spent_already
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.kernel.columns import Columns
from regulars.engine.replaying.kernel.running import Kernel, Ran
from regulars.engine.replaying.kernel.stepping import ACTIVITY, RETURN, TAKE
from regulars.engine.replaying.left import left
from regulars.engine.replaying.tally import BEFORE, Bought, Fired, Tally, month_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.activity.happening import LeftOut
from regulars.records.ledger.types import Balance

_JOINED: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Decided:
    """What every activity of the window came to, read out of the columns when asked for."""

    def __init__(self, columns: Columns, ran: Ran, fold: Fold) -> None:
        self._parts = (columns, ran, fold)

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row per activity and wallet in which something was given, in columns by wallet."""
        columns, ran, fold = self._parts
        names = list(fold.terms.versions[-1].program.wallets)
        inside = _days(columns, fold.tally) & _told(columns)
        ladder = np.array(["", *fold.terms.versions[-1].compiled.tiers], object)
        stores = np.array(columns.words["store"] or [""], object)
        owner, store = _owners(columns), _stores_of(columns)
        for wallet, name in enumerate(names):
            at = np.flatnonzero(inside & (ran.gave[:, wallet] != 0))
            yield {
                "place": columns.places[at],
                "member": owner[at],
                "day": columns.rows["day"][at],
                "store": stores[store[at]],
                "wallet": name,
                "units": ran.gave[at, wallet],
                "tier": ladder[ran.stood[at]],
            }


def summed(
    terms: Terms, columns: Columns, window: tuple[int, int], *, compiled: bool = True
) -> tuple[Fold, Decided]:
    """Decide a history by the kernel, up to the end of the window, and add up what came of it.

    Refuses: NotPlain, as `Kernel` does.
    """
    ran = Kernel(terms.versions[0], columns, compiled=compiled).run(columns, window[1], window)
    fold = Fold(terms, Tally(*window))
    columns.refused = refused_of(columns, ran)
    fold.left_out = [one for _, one in columns.left]
    _months(fold.tally, terms, columns, ran)
    _members(fold, terms, columns, ran)
    _stores(fold.tally, terms, columns, ran)
    for rule, fired in zip(terms.versions[0].compiled.rules, ran.fired.tolist(), strict=True):
        if any(fired):
            fold.tally.rules[rule] = Fired(*fired)
    return fold, Decided(columns, ran, fold)


def refused_of(columns: Columns, ran: Ran) -> list[tuple[int, LeftOut]]:
    """Returns that a wallet refused, as the fold leaves them out."""
    found = []
    for row in np.flatnonzero(ran.refused).tolist():
        place = int(columns.places[row])
        found.append((place, left(columns.back[place], spent_already(int(ran.refused[row])))))
    return found


def _days(columns: Columns, tally: Tally) -> Any:
    """Which rows lie within the window."""
    day = columns.rows["day"]
    return (day >= tally.since) & (day < tally.until)


def _inside(columns: Columns, tally: Tally) -> Any:
    """Which rows are activities within the window."""
    return (columns.rows["what"] == ACTIVITY) & _days(columns, tally)


def _told(columns: Columns) -> Any:
    """Which rows give or take points by the rules: activities, and what comes back of them."""
    return (columns.rows["what"] == ACTIVITY) | (columns.rows["what"] == RETURN)


def _stores_of(columns: Columns) -> Any:
    """The store of each row; what comes back is counted where it was sold."""
    store = columns.rows["store"]
    if columns.baskets is None:
        return store
    return np.where(columns.rows["what"] == RETURN, store[columns.baskets.sale], store)


def _owners(columns: Columns) -> Any:
    return np.repeat(np.arange(len(columns.members)), np.diff(columns.spans))


def _months(tally: Tally, terms: Terms, columns: Columns, ran: Ran) -> None:
    """Per month and wallet: issued, expired, redeemed, and what of that was short."""
    days, took = columns.rows["day"], columns.rows["what"] == TAKE
    lapsed = np.arange(len(ran.expired)) + ran.day0
    for wallet, name in enumerate(terms.versions[0].program.wallets):
        mine = took & (columns.rows["wallet"] == wallet)
        for flow, on, units in (
            ("issued", days, np.maximum(ran.gave[:, wallet], 0)),
            ("returned", days[: len(ran.took)], ran.took[:, wallet]),
            ("expired", lapsed, ran.expired[:, wallet]),
            ("cancelled", lapsed[: len(ran.cancelled)], ran.cancelled[:, wallet]),
            ("issued", days[: len(ran.reached)], ran.reached[:, wallet]),
            ("redeemed", days[mine], columns.rows["units"][mine]),
            ("short", days[mine], ran.short[mine]),
        ):
            for day, n in _per_day(on, units):
                if day < tally.until:
                    month = BEFORE if day < tally.since else month_of(day)
                    tally.months[month, name, flow] += n


def _per_day(days: Any, units: Any) -> Iterator[tuple[int, int]]:
    moved = units != 0
    if not moved.any():
        return
    days, units = days[moved], units[moved]
    first = int(days.min())
    sums = np.zeros(int(days.max()) - first + 1, np.int64)
    np.add.at(sums, days - first, units)
    for at in np.flatnonzero(sums):
        yield int(at) + first, int(sums[at])


def _members(fold: Fold, terms: Terms, columns: Columns, ran: Ran) -> None:
    """Per member: what they bought and got in the window, what they have and where they stand."""
    tally, version = fold.tally, terms.versions[0]
    ladder, many = (None, *version.compiled.tiers), len(columns.members)
    owner, inside = _owners(columns), _inside(columns, tally)
    sold = _sums(owner[inside], columns.rows["amount"][inside], many)
    there = np.zeros(many, bool)
    there[owner[inside]] = True
    for at in np.flatnonzero(there).tolist():
        tally.sales[columns.members[at]] += int(sold[at])
    for wallet, name in enumerate(version.program.wallets):
        back = _days(columns, tally)[: len(ran.took)]
        came = _days(columns, tally)[: len(ran.reached)]
        for flow, who, units in (
            ("issued", owner[inside], ran.gave[inside, wallet]),
            ("issued", owner[: len(ran.reached)][came], ran.reached[came, wallet]),
            ("returned", owner[: len(ran.took)][back], ran.took[back, wallet]),
        ):
            got = _sums(who, units, many)
            for at in np.flatnonzero(got).tolist():
                mine = tally.members.setdefault(columns.members[at], {})
                mine[name, flow] = mine.get((name, flow), 0) + int(got[at])
    for at, member_id in enumerate(columns.members):
        fold.states[member_id] = _state(member_id, ladder[ran.tiers[at]])
        for wallet, code in enumerate(version.wallet_codes):
            available, owed, waits = (int(n) for n in ran.balances[at, wallet])
            if available or owed or waits:
                balance = Balance(available=available, debt=owed, pending=waits)
                fold.states[member_id].balances[code] = balance


def _state(member_id: UUID, tier: str | None) -> MemberState:
    return MemberState(member_id, _JOINED, {}, tier=tier, balances={})


def _sums(places: Any, units: Any, many: int) -> Any:
    sums = np.zeros(many, np.int64)
    np.add.at(sums, places, units)
    return sums


def _stores(tally: Tally, terms: Terms, columns: Columns, ran: Ran) -> None:
    """Per store: activities, sales, and what they earned."""
    inside, told = _inside(columns, tally), _days(columns, tally) & _told(columns)
    names, where = columns.words["store"], _stores_of(columns)[told]
    store, amount = columns.rows["store"][inside], columns.rows["amount"][inside]
    many = np.bincount(store, minlength=len(names))
    sold = _sums(store, amount, len(names))
    for at in np.flatnonzero(many):
        tally.stores[names[at]] = Bought(int(many[at]), int(sold[at]))
    for wallet, name in enumerate(terms.versions[0].program.wallets):
        gave = _sums(where, ran.gave[told, wallet], len(names))
        for at in np.flatnonzero(gave):
            tally.stores[names[at]].units[name] = int(gave[at])
