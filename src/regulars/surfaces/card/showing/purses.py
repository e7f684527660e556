"""What a member holds, wallet by wallet, as they read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.decimals import text_of
from regulars.base.decimals import units as units_of
from regulars.base.money import decimals
from regulars.engine.words.counting import name_after
from regulars.flows.show_standing import NextLapse, Standing
from regulars.records.ledger.types import NEVER, Balance
from regulars.records.outbox.read import Ending as Noticed
from regulars.records.program.types import Program, Wallet
from regulars.surfaces.card.inside import Visit

MOST_HOLES = 12
"""A stamp card of more than that is told in a number."""
_ORDER = ("points", "cashback", "stamps", "gift")


class Purse(NamedTuple):
    """A wallet: how much, of what, and what it is worth."""

    id: str
    kind: str
    units: int
    amount: str
    unit: str
    worth: str
    pending: str
    owed: str
    stamps: tuple[int, int] | None
    """So many of so many holes of a stamp card."""


MOST_ENDINGS: Final = 12
"""So many lines of what ends, beside the next of each wallet."""


class Ending(NamedTuple):
    """Points that end soon: how many of what, when, and why; and the notices told by it."""

    amount: str
    unit: str
    at: datetime
    because: str
    notices: tuple[UUID, ...] = ()


def purses_of(visit: Visit, standing: Standing) -> list[Purse]:
    """Wallets a member can spend from, the one most looked at first."""
    program = visit.program
    spent = [(id_, one) for id_, one in program.wallets.items() if one.kind in _ORDER]
    spent.sort(key=lambda each: _ORDER.index(each[1].kind))
    return [_purse(visit, standing, id_, one) for id_, one in spent]


def endings_of(visit: Visit, standing: Standing, noticed: Sequence[Noticed] = ()) -> list[Ending]:
    """What ends next of each wallet, and what else a notice tells of, soonest first.

    Keeps: a notice is named by the line that says its day, so that whoever shows the lines knows
    what was shown (semantics A8). One for want of activity is told by what ends for that.
    """
    found, named = [], set[UUID]()
    for id_, one in standing.lapses_next.items():
        if one.at != NEVER and one.units > 0:
            own = tuple(
                each.message_id for each in noticed
                if visit.terms.wallet_names[each.wallet] == id_ and _told_by(one, each)
            )  # fmt: skip
            found.append(_ending(visit, id_, one, own))
            named.update(own)
    further = [
        _ending(visit, visit.terms.wallet_names[one.wallet],
                NextLapse(one.lapses_at, one.points, "expiry"), (one.message_id,))
        for one in noticed
        if one.kind == "expiry_notice" and one.message_id not in named
        and one.lapses_at > standing.as_of
    ]  # fmt: skip
    return sorted([*found, *further[:MOST_ENDINGS]], key=lambda one: one.at)


def _told_by(line: NextLapse, one: Noticed) -> bool:
    if one.kind == "idle_notice":
        return line.because == "inactivity" and one.lapses_at <= line.at
    return one.lapses_at == line.at


def _ending(visit: Visit, wallet: str, one: NextLapse, notices: tuple[UUID, ...]) -> Ending:
    amount, unit = amount_of(visit, wallet, one.units), unit_of(visit, wallet, one.units)
    return Ending(amount, unit, one.at, one.because, notices)


def amount_of(visit: Visit, wallet: str, units: int) -> str:
    """So much of a wallet as a number; money where the wallet holds money."""
    kept = visit.program.wallets.get(wallet)
    if kept is not None and holds_money(visit.program, kept):
        return visit.reader.money(units, visit.program.currency)
    return visit.reader.quantity(units, 0 if kept is None else kept.scale)


def signed_of(visit: Visit, wallet: str, units: int) -> str:
    """The same with its sign."""
    kept = visit.program.wallets.get(wallet)
    return visit.reader.signed(units, 0 if kept is None else kept.scale)


def unit_of(visit: Visit, wallet: str, units: int) -> str:
    """What a number of a wallet is a number of; nothing where it is money."""
    kept = visit.program.wallets.get(wallet)
    if kept is None:
        return wallet
    if holds_money(visit.program, kept):
        return ""
    text = text_of(abs(units), kept.scale)
    return name_after(kept, wallet, text, visit.reader.plural)


def holds_money(program: Program, wallet: Wallet) -> bool:
    """Whether what a wallet holds is money of the program's currency."""
    return wallet.kind in ("cashback", "gift") and wallet.scale == decimals(program.currency)


def worth_minor(program: Program, wallet: str, units: int) -> int | None:
    """What so much pays of a basket, in minor units; nothing where points pay for nothing.

    Rounds down, once: what is not a whole cent pays nothing.
    """
    paying = program.paying
    if paying is None or paying.wallet != wallet:
        return None
    places = decimals(program.currency)
    pays = units_of(paying.per, places)
    return units * pays // units_of(paying.points, program.wallets[wallet].scale)


def _purse(visit: Visit, standing: Standing, id_: str, kept: Wallet) -> Purse:
    balance = standing.balances.get(id_, Balance())
    return Purse(
        id=id_,
        kind=kept.kind,
        units=balance.available,
        amount=amount_of(visit, id_, balance.available),
        unit=unit_of(visit, id_, balance.available),
        worth=_worth(visit, standing, id_, balance.available),
        pending=amount_of(visit, id_, balance.pending) if balance.pending else "",
        owed=amount_of(visit, id_, balance.debt) if balance.debt else "",
        stamps=_stamps(standing, id_, kept, balance.available),
    )


def _worth(visit: Visit, standing: Standing, wallet: str, units: int) -> str:
    """What the program says it is worth: what points pay, else the best reward it is enough for."""
    program, reader = visit.program, visit.reader
    pays = worth_minor(program, wallet, units)
    if pays is None:
        places = decimals(program.currency)
        pays = max(
            (units_of(one.reward.worth, places) for one in standing.rewards
             if one.no is None and set(one.price) == {wallet}),
            default=0,
        )  # fmt: skip
    return reader.money(pays, program.currency) if pays else ""


def _stamps(standing: Standing, wallet: str, kept: Wallet, units: int) -> tuple[int, int] | None:
    if kept.kind != "stamps" or kept.scale:
        return None
    holes = min(_prices(standing, wallet), default=0)
    if not 2 <= holes <= MOST_HOLES:
        return None
    return min(units, holes), holes


def _prices(standing: Standing, wallet: str) -> Iterator[int]:
    return (one.price[wallet] for one in standing.rewards if set(one.price) == {wallet})
