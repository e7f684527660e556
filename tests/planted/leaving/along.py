"""What is no points moves along: two programs that lived the same live on the same."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from json import dumps
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.flows.points.sharing import member_id
from tests.leaving.leaving import export_of, table
from tests.leaving.whole_life import NAMES, WHOLE, deeds, lives, ref
from tests.makers import Shop, named

from regulars.base.faults import Fault, Invalid
from regulars.flows.commands import History
from regulars.flows.importing.bring_had import bring_had
from regulars.flows.importing.commands import BringHad, OpenCount, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.open_counts import open_counts

TRIAL = 5
"""The place of the answer about a trial: another program name knows people otherwise."""


_TOMORROW = {
    "place_id": str(UUID(int=2)), "member_id": str(UUID(int=3)), "role": "head",
    "joined_at": "2990-01-01T00:00:00Z",
}  # fmt: skip
_GRANTED = {
    "grant_id": str(UUID(int=1)), "benefit": "lounge", "times": 1, "actor": "", "reason": "",
    "from_at": "2020-01-01T00:00:00Z", "until_at": "2020-01-02T00:00:00Z",
}  # fmt: skip


def everything_moves_along(shop: Shop) -> None:
    slug = f"whole-{os.getpid()}"
    shop.begin(named(WHOLE, slug), slug=slug)
    begins = shop.now
    lives(shop)
    here, lived = shop.program_id, shop.now
    folder = Path(tempfile.mkdtemp()) / "x"
    export_of(shop, folder)
    before = {member_id(shop, name): name for name in NAMES}
    shop.begin(named(WHOLE, f"{slug}-there"), slug=f"{slug}-there", now=begins)
    shop.now = lived
    shop.joined(*NAMES)
    _bring(shop, folder, before)
    _nothing_half(shop)
    there, ends = shop.program_id, []
    for shop.program_id in (here, there):
        shop.now = lived + timedelta(minutes=1)
        shop.forget_terms()
        told = deeds(shop)
        ends.append([*told[:TRIAL], *told[TRIAL + 1 :]])
    assert ends[0] == ends[1]


def who_moves_is_known_by_name(shop: Shop) -> None:
    from tests.leaving import test_everything_moves as moves

    moves.test_who_has_another_number_here_comes_along_by_their_names(shop)


def _nothing_half(shop: Shop) -> None:
    """A household without a head or from tomorrow on, and a tier given tomorrow, come to nobody;
    and of two lines with the number of one thing each is a thing."""
    bare = {"household_id": str(UUID(int=1)), "name": "Nobody's", "places": []}
    at = {"given_at": "2020-01-01T00:00:00Z", "begun_at": "2990-01-01T00:00:00Z"}
    words = {"kind": "granted", "tier": "gold", "reason": "", "actor": ""}
    given = {"grant_id": str(UUID(int=2)), **words, **at}
    lines = [
        BringHad(ref("ada"), "household", UUID(int=1), dumps(bare)),
        BringHad(ref("ada"), "tier", UUID(int=2), dumps(given)),
        BringHad(ref("ada"), "household", UUID(int=3), dumps({**bare, "places": [_TOMORROW]})),
        *(BringHad(ref("ada"), "grant", UUID(int=n), dumps(_GRANTED)) for n in (4, 5)),
    ]
    done = [
        shop.do(lambda tx, terms, one=one: bring_had(tx, terms, [one], History(UUID(int=9))))[0]
        for one in lines
    ]
    assert [isinstance(one, Invalid) for one in done] == [True] * 3 + [False] * 2, done


def _bring(shop: Shop, folder: Path, before: dict[UUID, str]) -> None:
    whose = {f"mem_{id_.hex}": ref(name) for id_, name in before.items()}
    here = {str(id_): str(member_id(shop, name)) for id_, name in before.items()}

    def row(text: str) -> str:
        for old, fresh in here.items():
            text = text.replace(old, fresh)
        return text

    had = [
        BringHad(whose[one["member_id"]], one["kind"], UUID(one["id"]), row(one["row"]))
        for one in table(folder, "had")
    ]
    counts = [
        OpenCount(one["counter"], one["period"], one["used"], whose[one["member_id"]])
        for name in ("limits", "progress") for one in table(folder, name)
    ]  # fmt: skip
    lots = [
        OpenLot(whose[one["member_id"]], one["wallet"], one["remaining"], "x", one["lot_id"])
        for one in table(folder, "lots")
    ]
    history = History(UUID(int=9))

    async def book(tx: Any, terms: Any) -> list[Any]:
        done: list[Any] = list(await open_balances(tx, terms, lots, history))
        done += await open_counts(tx, terms, counts, history)
        for _ in range(2):  # the same lines twice are the same lines
            done += await bring_had(tx, terms, had, history)
        return done

    done = shop.do(book)
    assert not any(isinstance(one, Fault) for one in done), done
