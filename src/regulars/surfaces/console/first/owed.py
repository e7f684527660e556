"""Points owed: what members hold, what it is worth, and when it lapses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from litestar import Response

from regulars.base.decimals import text_of
from regulars.engine.changing.prices import liability
from regulars.insight.home.owed import Owed, owed_by_month
from regulars.surfaces.console.here import Here

KEPT_S: Final = 60.0


class Kept(NamedTuple):
    """What was owed at an instant, and until when that is shown without adding up anew."""

    until: float
    at: datetime
    owed: list[Owed]


class Sums:
    """Adds up once for all who look: millions of lots are not summed for every visit."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}

    async def kept(self, here: Here) -> Kept:
        """What a shop owes, at most a minute old; the page says of when it is."""
        kept = self._kept.get(here.terms.program_id)
        if kept is not None and kept.until > here.given.ticks():
            return kept
        async with here.transaction as tx:
            found = await owed_by_month(tx, here.reader.zone)
        kept = Kept(here.given.ticks() + KEPT_S, here.now, found)
        self._kept[here.terms.program_id] = kept
        return kept


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
                "worth": _worth(here, id_, total),
                "endless": here.reader.quantity(
                    sum(one.units for one in mine if one.month is None), wallet.scale
                ),
                "rows": [_row(here, one, one.month, wallet.scale) for one in mine if one.month],
            }
        )
    return here.page("owed.html", wallets=wallets, as_of=kept.at)


def _worth(here: Here, id_: str, units: int) -> str:
    """What it costs if all of it is spent; nothing where the program does not say."""
    program = here.version.program
    worth = liability(program, program, {id_: units}).after_minor
    return here.reader.money(worth, program.currency) if worth else ""


def _row(here: Here, one: Owed, month: date, scale: int) -> tuple[str, list[int]]:
    return here.reader.month(month), [int(text_of(one.units, scale).partition(".")[0])]
