"""The letter with a month: what happened and what to do next; the whole page goes with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from regulars.surfaces.in_words.monthly import sentences as says
from regulars.surfaces.in_words.monthly.paper import MEDIA, pdf_of
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.senders.types import Attached, Letter
from regulars.surfaces.ui.reader import Reader

MINE: Final = "/console/me"
"""Where whoever gets it says that they want it no more."""
KEPT: Final = "/console/reports/monthly?month={}&kept=yes"


async def letter_with(told: Told, made_at: datetime, whom: tuple[str, str], url: str) -> Letter:
    """The letter to somebody of the staff, with the page as PDF.

    Shape: `whom` is the mark of the letter and the address; `url` is where the console is.
    Keeps: made again it is the same letter, to the byte of its file.
    """
    mark, to = whom
    reader = Reader(told.language)
    month = reader.whole_month(date.fromisoformat(f"{told.month}-01"))
    steps = "\n".join(f"– {one.what}. {one.why}" for one in told.steps)
    parts = (
        told.title,
        "\n".join(told.happened),
        f"{told.means_head}\n" + "\n".join(told.means),
        f"{told.next_head}\n{steps}",
        f"{reader.say(says.OPEN_IT)}\n\n{url}{KEPT.format(told.month)}",
        f"{reader.say(says.BECAUSE)}\n\n{url}{MINE}",
    )
    return Letter(
        mark=mark,
        to=to,
        about=reader.say(says.LETTER, shop=told.shop, month=month),
        text="\n\n".join(parts),
        shop=told.shop,
        language=told.language,
        choose=f"{url}{MINE}",
        files=(Attached(f"{told.month}.pdf", MEDIA, await pdf_of(told, made_at)),),
    )
