"""What the console says of errands: where they stand, how far they are, whom they are of."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import NotFound
from regulars.records.errands import read
from regulars.records.errands.types import Errand, Kind
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

STATES: Final = MappingProxyType(
    {
        "waiting": (N("Waits its turn"), "", "clock"),
        "running": (N("Is being done"), "accent", "refresh-cw"),
        "done": (N("Done"), "good", "check"),
        "failed": (N("Did not work"), "bad", "circle-alert"),
        "stopped": (N("Stopped"), "warn", "ban"),
    }
)
STAGES: Final = MappingProxyType(
    {
        "": N("Begins"),
        "reading": N("Reading"),
        "looking": N("Looking at the file"),
        "force": N("Deciding by what is in force"),
        "draft": N("Deciding by the draft"),
        "comparing": N("Comparing the lines with each other and with the books"),
        "ordering": N("Putting the lines in order"),
        "booking": N("Booking"),
        "weighing": N("Looking at what members did since"),
        "taking_back": N("Taking back"),
    }
)
REASONS: Final = MappingProxyType(
    {
        "wrong_lines": N("Some lines are wrong. Mend them, or go on without them."),
        "points_twice": N(
            "Points are brought over, and the sales would earn by the program's rules on top. "
            "Publish a version without rules for the time before the move, or allow it."
        ),
        "gathered_twice": N(
            "What members gathered towards tiers is brought over, and the sales would count on "
            "top. Bring one of the two, or allow it."
        ),
    }
)
"""Why a file is not brought over as it is; each of these can be allowed."""
REFUSALS: Final = (
    N("three such jobs of this shop wait or run already; let one end, or stop one"),
    N("sixty results are kept; delete some you no longer need"),
    N("ten files of this shop lie here already; delete one first"),
    N("this file is not here any more; bring it again"),
    N("its program fell three times; look in the log, and report it to us"),
    N(
        "this needs more memory than such a job may take here; "
        "use `regulars replay` or `regulars import` at the command line"
    ),
    N("the program's own books tells of nothing that happened"),
)
"""What flows and programs say of errands, for the translators."""


async def the_errand(here: Here, text: str, *kinds: Kind) -> Errand:
    """The errand an address names. Faults: NotFound."""
    errand_id = id_of(text)
    async with here.transaction as tx:
        found = await read.errand(tx, errand_id) if errand_id else None
    if found is None or found.kind not in kinds:
        raise NotFound("there is no such job; look at the list again")
    return found


def id_of(text: str) -> UUID | None:
    """An id as our own pages write it; nothing where it is none."""
    if len(text) != 32 or not text.isascii():
        return None
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def fresh_id(here: Here) -> str:
    """The id of an errand that a form may ask for; sent twice, the form asks for one."""
    return UUID(bytes=here.given.random_bytes(16), version=4).hex


def now_of(here: Here, one: Errand, address: str) -> Response[str]:
    """How far it is, as the part of a page; when it has ended, the whole page is asked for."""
    answer = here.page("errands/_now.html", one=one, address=address, **words())
    if not one.is_open:
        answer.headers["hx-refresh"] = "true"
    return answer


def words() -> dict[str, Any]:
    """What every page of errands needs."""
    return {"stages": STAGES, "errand_states": STATES}
