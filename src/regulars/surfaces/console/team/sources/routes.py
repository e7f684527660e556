"""The addresses of sources of events, each with who may come."""

from __future__ import annotations

from typing import Final

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.team.sources import (
    asked,
    events,
    extracts,
    fed,
    forum,
    sources,
    streamed,
    told_of,
)
from regulars.surfaces.console.team.sources.sources import PAGE

_P: Final = Permission.KEYS_WRITE
_ONE: Final = PAGE + "/{inlet_id:str}"
_EVENT: Final = _ONE + "/{arrival_id:str}"

PAGES: Final = (
    (extracts.PAGE, _P, lambda here, _: extracts.extracts(here)),
    (PAGE, _P, lambda here, _: sources.sources(here)),
    (_ONE, _P, lambda here, path: sources.source(here, path["inlet_id"])),
    (_EVENT, _P, lambda here, path: events.event(here, path["inlet_id"], path["arrival_id"])),
)
FORMS_DONE: Final = (
    (extracts.PAGE, _P, extracts.turned),
    (PAGE, _P, sources.make),
    (_ONE, _P, sources.change),
    (_ONE + "/secret", _P, sources.rotate),
    (_ONE + "/again", _P, events.all_again),
    (_ONE + "/asked", _P, asked.asked),
    (_ONE + "/codes", _P, sources.code),
    (_ONE + "/fed", _P, fed.fed),
    (_ONE + "/forum", _P, forum.asked),
    (_ONE + "/members", _P, told_of.turned),
    (_ONE + "/stream", _P, streamed.streamed),
    (_EVENT, _P, events.again),
    (_EVENT + "/another", _P, events.another),
    (_EVENT + "/same", _P, events.same),
)
