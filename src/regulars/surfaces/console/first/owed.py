"""Points owed: what members hold, what it is worth, and when it lapses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from litestar import Response

from regulars.base.decimals import text_of
from regulars.base.tx import Tx
from regulars.engine.changing.keeping import Band, changes_of, owed_by, worths_kept
from regulars.engine.changing.prices import liability
from regulars.engine.replaying.compare import worth_of as worth_of_program
from regulars.insight.home.owed import Owed, owed_by_month
from regulars.surfaces.console.first.minutely import Minutely
from regulars.surfaces.console.here import Here


class Kept(NamedTuple):
    """What was owed at an instant; the page says of when it is."""

    at: datetime
    owed: list[Owed]
    worths: list[dict[str, Fraction]]
    """What points cost by how many changes lie behind them, as of that instant."""


class Sums(Minutely[Kept]):
    """What a shop owes."""

    async def look(self, tx: Tx, here: Here) -> Kept:
        return await look(tx, here)


async def look(tx: Tx, here: Here) -> Kept:
    """What is owed now, and what it costs by the terms it was earned under."""
    since = changes_of(here.version, here.now)
    worths = worths_kept(here.version, here.now, worth_of_program)
    return Kept(here.now, await owed_by_month(tx, here.reader.zone, since), worths)


async def owed(here: Here, sums: Sums) -> Response[str]:
    """The page: each kind of points with its worth and the months it lapses in."""
    kept = await sums.kept(here)
    found, version = kept.owed, here.version
    wallets = []
    for code in version.wallet_codes:
        id_ = here.terms.wallet_names[code]
        wallet = version.program.wallets[id_]
        mine = [one for one in found if one.wallet == code]
        total = sum(one.units for one in mine)
        wallets.append(
            {
                "id": id_,
                "name": wallet.name or id_,
                "owed": here.reader.quantity(total, wallet.scale),
                "worth": kept_worth_of(here, (kept.worths, id_), mine),
                "today": _today(here, (kept.worths, id_), mine),
                "endless": here.reader.quantity(
                    sum(one.units for one in mine if one.month is None), wallet.scale
                ),
                "rows": [_row(here, *one, wallet.scale) for one in _by_month(mine)],
            }
        )
    return here.page("owed.html", wallets=wallets, as_of=kept.at)


def worth_of(here: Here, id_: str, units: int) -> str:
    """What it costs if all of it is spent; nothing where the program does not say."""
    program = here.version.program
    worth = liability(program, program, {id_: units}).after_minor
    return here.reader.money(worth, program.currency) if worth else ""


def kept_worth_of(
    here: Here, of: tuple[Sequence[Mapping[str, Fraction]], str], mine: Sequence[Owed]
) -> str:
    """What a wallet costs if all of it is spent, each point at the worth it was earned with."""
    worth = owed_by(of[0], _bands(of[1], mine))
    return here.reader.money(ceil(worth), here.version.program.currency) if worth else ""


def mean_worth_of(here: Here, of: tuple[Kept, str], units: int) -> str:
    """What so many points of a wallet cost at the mean of all that members hold of it."""
    kept, id_ = of
    held = _bands(id_, [one for one in kept.owed if here.terms.wallet_names[one.wallet] == id_])
    all_ = held.total()
    worth = ceil(units * owed_by(kept.worths, held) / all_) if all_ else 0
    return here.reader.money(worth, here.version.program.currency) if worth else ""


def _today(
    here: Here, of: tuple[Sequence[Mapping[str, Fraction]], str], mine: Sequence[Owed]
) -> str:
    """The same by today's terms alone; nothing where it is the same."""
    worths, id_ = of
    held = _bands(id_, mine)
    if owed_by(worths, held) == owed_by([worths[-1]] * len(worths), held):
        return ""
    return worth_of(here, id_, held.total())


def _bands(id_: str, mine: Sequence[Owed]) -> Counter[Band]:
    held: Counter[Band] = Counter()
    for one in mine:
        held[id_, one.band] += one.units
    return held


def _by_month(mine: Sequence[Owed]) -> list[tuple[date, int]]:
    found: Counter[date] = Counter()
    for one in mine:
        if one.month is not None:
            found[one.month] += one.units
    return sorted(found.items())


def _row(here: Here, month: date, units: int, scale: int) -> tuple[str, list[int]]:
    return here.reader.month(month), [int(text_of(units, scale).partition(".")[0])]
