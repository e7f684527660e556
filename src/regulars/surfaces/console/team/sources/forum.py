"""The forum behind a source: tried, whether members who sign in there come to their card."""

from __future__ import annotations

from typing import Any

from litestar import Response
from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.providers.discourse.trying import judged, tried
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.sources import found_inlet, source


class ForumSays(Struct, frozen=True):
    """What came of trying: nothing is wrong, or `problem` and what it is about."""

    problem: str
    about: str


async def asked(here: Here, form: Form) -> Response[Any]:
    """The forum is asked where it sends whoever signs in; nobody is signed in by it."""
    id_ = str(form.path["inlet_id"])
    inlet = await found_inlet(here, id_)
    forum = read_mapping(inlet.mapping).forum
    if inlet.kind != DISCOURSE or forum is None:
        raise NotFound("There is no forum behind this source")
    given = here.given
    problem, about = await tried(given.receivers, forum, f"{here.origin}/card/forum/{id_}")
    if not problem:
        by = (inlet, given.now(inlet.program_id))
        problem, about = judged(given.keyed, forum, by, about), ""
    return await source(here, id_, forum_says=ForumSays(problem, about))
