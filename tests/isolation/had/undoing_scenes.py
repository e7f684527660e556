"""An import is taken back while somebody whom it made, or whom it gave points, does something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tests.isolation.had.moving_scenes import blocks, gives, merges
from tests.isolation.scenes import (
    Ask,
    Scene,
    buys_for,
    changes,
    corrects,
    key,
    links,
    of,
    redeems,
    returns,
)
from tests.makers import Shop, brings_back, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.take_back import begin_to_take_back
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import EraseMember, Identifier
from regulars.runtime.importing.undoing import take_some_back


def _brought(shop: Shop, n: int) -> UUID:
    """An import that makes `a` with points and a sale, and gives points to `b`, who was here."""
    import_id = shop.database.ids.new_id()
    history = History(import_id)

    async def bring(tx: Tx, terms: Terms) -> None:
        await tx.write(imports.begin(tx, Import(import_id, import_id.bytes, "", "", {}, tx.now)))
        people = [BringMember((Identifier("external", f"a{n}"),))]
        await bring_members(tx, terms, people, history)
        lots = [OpenLot(of(name, n), "points", 20, "old", f"{name}{n}") for name in "ab"]
        await open_balances(tx, terms, lots, history)
        await record_activities(tx, terms, [buys(of("a", n), 700, receipt=f"sa{n}")], history)
        await tx.write(imports.end(tx, import_id))

    shop.do(bring)
    return import_id


def listed(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Everybody is listed; the next step takes back."""
    shop.joined(*[f"b{n}" for n in ns])
    shop.record(*[buys(of("b", n), 1000, receipt=f"sb{n}") for n in ns])
    brought = [_brought(shop, n) for n in ns]
    for import_id in brought:
        shop.do(lambda tx, _, one=import_id: begin_to_take_back(tx, one, "Olga"))
    who = "select member_id from identifier where program_id = $1 and value = $2"
    return [(one, shop.rows(who, f"a{n}")[0][0]) for one, n in zip(brought, ns, strict=True)]


async def _takes_back(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    found = [await take_some_back(tx, terms, import_id) for import_id in batch]
    return [(len(one.made), len(one.others), one.kept) for one in found]


def takes_back(_: int, given: Any) -> Ask:
    return _takes_back, [given[0]]


def erases(n: int, given: Any) -> Ask:
    return erase_members, [EraseMember(given[1], asked=key(n, "r"))]


_BESIDE: tuple[tuple[str, Any], ...] = (
    ("earn", buys_for("a", asked="r")),
    ("return", returns("r")),
    ("redeem", redeems(asked="r")),
    ("redeem by who was here", redeems("b", asked="r")),
    ("adjust", corrects(-3, "r")),
    ("transfer", gives("b", "a", 9, "r")),
    ("transfer to who was here", gives("a", "b", 9, "r")),
    ("merge", merges("a", "b", "r")),
    ("block", blocks("r")),
    ("change", changes("r", given_name="Ada")),
    ("link", links("a", "r")),
    ("erase", erases),
    ("take it back", takes_back),
)
UNDOING_PAIRS = tuple(
    Scene(f"take an import back × {name}", takes_back, right, listed, any_words=True)
    for name, right in _BESIDE
)


# --- goods are changed for others -----------------------------------------------------------------


def _sold(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    shop.joined(*[f"a{n}" for n in ns])
    return shop.record(*[buys(of("a", n), 1500, receipt=f"sa{n}") for n in ns])


def swaps(*pieces: tuple[int, int], asked: str) -> Any:
    """What was bought comes back and something else is bought, at one till and in one batch."""

    def ask(n: int, _: Any) -> Ask:
        return record_activities, [
            brings_back(f"sa{n}", *pieces, asked=key(n, f"{asked}-back")),
            buys(of("a", n), 2200, receipt=f"{asked}{n}", asked=key(n, f"{asked}-new")),
        ]

    return ask


SWAPPING_PAIRS = (
    Scene("swap × return", swaps(asked="l"), returns("r"), _sold),
    Scene("swap × swap", swaps(asked="l"), swaps(asked="r"), _sold),
    Scene("swap × the same swap again", swaps(asked="x"), swaps(asked="x"), _sold),
    Scene("swap × redeem", swaps(asked="l"), redeems(asked="r"), _sold),
)  # fmt: skip
