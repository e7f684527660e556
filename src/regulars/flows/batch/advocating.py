"""What members told of before, for activities that may be told once of each thing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.checking.telling import Told, plain
from regulars.engine.terms import Terms
from regulars.records.activity import read


async def load_told(tx: Tx, terms: Terms, kinds: Iterable[str], members: Iterable[UUID]) -> Told:
    """What these members told of by these kinds, where a version asks what it is about.

    Order: after the members are held. What was not approved, or was taken back, may be told again.
    """
    wanted = set(kinds)
    asked = {
        (one.on, one.about)
        for version in terms.versions
        for one in version.program.advocacy
        if one.about is not None and one.on in wanted
    }
    rows = await read.told_about(tx, sorted(members), sorted(asked)) if asked else ()
    told: Told = {}
    for (who, kind, subject), activity_id in rows:
        told.setdefault((who, kind, plain(subject)), set()).add(activity_id)
    return told
