"""By the operation, what a case says; for all others it is enough that its example is about those
who are here."""

from __future__ import annotations

from typing import Final

from tests.surfaces.api.fuzz.house import Scene
from tests.surfaces.api.fuzz.scenes.belonging import MEMBERSHIPS
from tests.surfaces.api.fuzz.scenes.books import BOOKS
from tests.surfaces.api.fuzz.scenes.connected import CONNECTED
from tests.surfaces.api.fuzz.scenes.counter.appointing import APPOINTING
from tests.surfaces.api.fuzz.scenes.counter.at_a_till import TILL
from tests.surfaces.api.fuzz.scenes.counter.paying_out import PAYING_OUT
from tests.surfaces.api.fuzz.scenes.giving import GIVING
from tests.surfaces.api.fuzz.scenes.members import MEMBERS
from tests.surfaces.api.fuzz.scenes.partners import PARTNERS
from tests.surfaces.api.fuzz.scenes.telling.asking import SURVEYS
from tests.surfaces.api.fuzz.scenes.telling.campaigning import CAMPAIGNS
from tests.surfaces.api.fuzz.scenes.telling.caring import CARING
from tests.surfaces.api.fuzz.scenes.telling.journeying import JOURNEYS
from tests.surfaces.api.fuzz.scenes.telling.lining import LINES
from tests.surfaces.api.fuzz.scenes.telling.meeting import MEETING
from tests.surfaces.api.fuzz.scenes.telling.offering import OFFERS
from tests.surfaces.api.fuzz.scenes.telling.pointing import ALERTS
from tests.surfaces.api.fuzz.scenes.telling.segmenting import SEGMENTS
from tests.surfaces.api.fuzz.scenes.telling.texting import TEXTS
from tests.surfaces.api.fuzz.scenes.telling.trying import EXPERIMENTS
from tests.surfaces.api.fuzz.scenes.terms import TERMS

SCENES: Final[dict[str, Scene]] = {
    **CONNECTED,
    **MEMBERS,
    **BOOKS,
    **GIVING,
    **MEMBERSHIPS,
    **TERMS,
    **PARTNERS,
    **EXPERIMENTS,
    **SEGMENTS,
    **SURVEYS,
    **MEETING,
    **CARING,
    **CAMPAIGNS,
    **JOURNEYS,
    **OFFERS,
    **ALERTS,
    **LINES,
    **TEXTS,
    **APPOINTING,
    **PAYING_OUT,
    **TILL,
}
