"""Another system tells of a visit; and faults about it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import planted

from regulars.base.keyed import key_from
from regulars.flows.inlets.keep_arrivals import KeepArrivals, Sent, keep_arrivals
from regulars.flows.inlets.keep_inlets import MakeInlet, make_inlets
from regulars.records.access.staff.types import By
from regulars.records.once.types import digest
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker

MAPPING = """\
mapping: app
title: The app
source: app
events:
  came: {gives: [{kind: {constant: visit}}]}
"""


async def is_told(shop: Any) -> None:
    """One event is booked, one does not fit, and one waits."""
    programs = Programs(shop.database)
    terms = await programs.terms(shop.program_id)
    wish = MakeInlet("App", "webhook", "app", MAPPING, By(words="the house"))
    async with shop.database.transaction(shop.program_id) as tx:
        (made,) = await make_inlets(tx, [wish])
    for names in (("came", "gone"), ("came",)):
        events = tuple(
            Sent(
                digest(str(names), one), digest(one), one, one, "", b'{"type":"%b"}' % one.encode()
            )
            for one in names
        )
        async with shop.database.transaction(shop.program_id) as tx:
            await keep_arrivals(tx, terms, [KeepArrivals(made.inlet.inlet_id, events)])
        if len(names) > 1:
            await Booker(shop.database, programs, key_from(b"k" * 32, "test")).book(shop.program_id)


TELLING_IN = {
    "an event says that it was booked, and nothing was": planted(
        "delete from arrival_activity", "arrivals_end"
    ),
    "an event waits that was booked": planted(
        "update arrival set state = 'waiting', try_at = received_at, settled_at = null"
        " where state = 'booked'",
        "arrivals_end",
    ),
    "an event was booked that never happened": planted(
        "update arrival_activity set activity_id = '01900000-0000-7000-8000-000000000001'",
        "arrivals_end",
    ),
    "an event came in by nothing": planted(
        "update inlet set inlet_id = '01900000-0000-7000-8000-000000000001'", "arrivals_end"
    ),
}
