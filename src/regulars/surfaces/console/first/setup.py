"""What is still to be set up before the first day, each with the way to it."""

from __future__ import annotations

from typing import NamedTuple

from regulars.base.tx import Tx
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import staff_of
from regulars.records.members import read as members
from regulars.records.program import read as versions
from regulars.records.program.opening import read as opening
from regulars.records.program.opening.types import PLAIN
from regulars.records.tills import read as tills
from regulars.surfaces.console.here import Here


class Step(NamedTuple):
    """One thing to set up, where that is done, and whether it is."""

    says: str
    href: str
    done: bool


async def setup(tx: Tx, here: Here) -> list[Step]:
    """Every step in the order one takes them; nothing once all are done."""
    say = here.reader.say
    published = any(staff_of(one.published_by) for one in await versions.versions(tx))
    stores = [one for one in (await tills.stores(tx)).values() if one.closed_at is None]
    paired = any(one.state == "paired" for one in await tills.tills(tx))
    colleagues = [one for one in await staff.all_staff(tx) if one.state != "closed"]
    somebody = (await members.search(tx, name="", after=None, limit=1)).members
    look = await opening.look(tx)
    up = "code" in await opening.typed(tx)
    steps = [
        Step(say("Publish the program as yours"), "/console/program", published),
        Step(say("Choose your colour and logo"), "/console/start/look", look != PLAIN),
        Step(say("Open the first store"), "/console/start/store", bool(stores)),
        Step(say("Put the code on the counter"), "/console/start/code", up),
        Step(say("Make a tablet or a phone its till"), "/console/stores", paired),
        Step(say("Take on whoever stands at the till"), "/console/team", len(colleagues) > 1),
        Step(say("Set up e-mail or text messages"), "/console/settings", bool(here.given.channels)),
        Step(say("Let the first member join"), "/console/start/member", bool(somebody)),
    ]
    return [] if all(one.done for one in steps) else steps
