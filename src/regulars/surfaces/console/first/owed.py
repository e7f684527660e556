"""Points owed: what members hold, what it is worth, and when it lapses."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from litestar import Response

from regulars.base.decimals import text_of
from regulars.base.tx import Tx
from regulars.engine.changing.prices import liability
from regulars.insight.home.owed import Owed, owed_by_month
from regulars.surfaces.console.first.minutely import Minutely
from regulars.surfaces.console.here import Here


class Kept(NamedTuple):
    """What was owed at an instant; the page says of when it is."""

    at: datetime
    owed: list[Owed]


class Sums(Minutely[Kept]):
    """What a shop owes."""

    async def look(self, tx: Tx, here: Here) -> Kept:
        return Kept(here.now, await owed_by_month(tx, here.reader.zone))


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
                "worth": worth_of(here, id_, total),
                "endless": here.reader.quantity(
                    sum(one.units for one in mine if one.month is None), wallet.scale
                ),
                "rows": [_row(here, one, one.month, wallet.scale) for one in mine if one.month],
            }
        )
    return here.page("owed.html", wallets=wallets, as_of=kept.at)


def worth_of(here: Here, id_: str, units: int) -> str:
    """What it costs if all of it is spent; nothing where the program does not say."""
    program = here.version.program
    worth = liability(program, program, {id_: units}).after_minor
    return here.reader.money(worth, program.currency) if worth else ""


def _row(here: Here, one: Owed, month: date, scale: int) -> tuple[str, list[int]]:
    return here.reader.month(month), [int(text_of(one.units, scale).partition(".")[0])]
