"""What happens is told by running a program process there, with points that are worked out here.

Source: Salesforce Loyalty Management, Loyalty Program Process, `POST connect/loyalty/programs/
{programName}/program-processes/{processName}`; Credit Points to Members, Debit Points from Members.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from regulars.records.program.types import Program
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.inlets.places.pieces import Said
from regulars.surfaces.connect.klaviyo.metrics import POINTS_OF
from regulars.surfaces.connect.outlets.records import encoded
from regulars.surfaces.connect.outlets.salesforce.asking import Salesforce
from regulars.surfaces.connect.outlets.salesforce.shapes import JOURNAL, JournalMap

_CHANGES: Final[Mapping[str, tuple[str, int]]] = {
    "points.earned": ("earned", 1),
    "points.returned": ("taken_back", -1),
    "points.restated": ("difference", 1),
    "points.adjusted": ("units", 1),
    "points.transferred": ("units", 1),
    "points.pooled": ("units", 1),
    "points.reinstated": ("points", 1),
    "points.cancelled": ("points", -1),
    "points.refunded": ("points", 1),
    "points.expired": ("points", -1),
}
"""By type, where an event says how many points, and which way they went."""
CAPTURED: Final = "reward.captured"
"""Says none; what was taken for the reward is known of its redemption."""
Told = tuple[str, Mapping[str, Any], Mapping[str, int]]
"""The type of an event, what it says, and what was taken for a reward, by wallet."""


def points_for(by: JournalMap, program: Program, told: Told) -> Decimal | int | None:
    """The points that are told by these words.

    Keeps: a plain journal, which names neither a wallet nor a process, tells what it told before
    there were any: units as they are kept, and none of a reward.
    """
    if by.runs or by.wallet or by.taken is not None:
        return points_of(program, told, by.wallet)
    type_, said, _ = told
    return POINTS_OF[type_](said) if type_ in POINTS_OF else None


def points_of(program: Program, told: Told, wallet: str) -> Decimal | int | None:
    """The points that came by an event, below nothing where they went; nothing of others.

    Shape: of this wallet, or of the one of which most came or went. Units: whole points, or with
    the decimals of the wallet.
    Example: 1250 of a wallet with two decimals are 12.50.
    """
    type_, said, paid = told
    name, sign = _CHANGES.get(type_, ("", -1))
    found = paid if type_ == CAPTURED else said.get(name)
    if isinstance(found, int):
        found = {str(said.get("wallet")): found}
    if not isinstance(found, Mapping) or not found:
        return None
    of = wallet or max(found, key=lambda one: abs(found[one]))
    if of not in found:
        return None
    scale = program.wallets[of].scale if of in program.wallets else 0
    units = sign * found[of]
    return Decimal(units).scaleb(-scale) if scale else units


def as_told(by: JournalMap, facts: Mapping[str, Any]) -> JournalMap:
    """How an event is told: otherwise where points went by it, if the mapping says so."""
    return by if by.taken is None or facts.get("points", 0) >= 0 else by.taken


def shown_by(fields: Mapping[str, Said], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Each field with what of the event it shows; what there is nothing of is left out."""
    told: dict[str, Any] = {}
    for name, said in fields.items():
        if not isinstance(said, str) and said.constant is not None:
            told[name] = said.constant
            continue
        column = _column(said)
        if column in facts:
            found = facts[column]
            words = None if isinstance(said, str) else said.values
            told[name] = found if words is None else words.get(str(found), words.get("*", found))
    return told


def has_no_points(by: JournalMap, facts: Mapping[str, Any]) -> bool:
    """Whether no points came or went of which a process could be told."""
    if "points" in facts:
        return not facts["points"]
    return any(_column(said) == "points" for said in by.parameters.values())


def run_of(by: JournalMap, journal: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a process; one that there is nothing of is left out, as a field is.

    Keeps: its journal has the event's number, by which a process that ran is found again.
    """
    return {JOURNAL: {"Status": "Processed", **journal}, **shown_by(by.parameters, facts)}


def _column(said: Said) -> str:
    """Which fact is shown; nothing where it is always the same."""
    if isinstance(said, str):
        return said
    return "" if said.constant is not None else str(said.column)


async def ran(api: Salesforce, place: tuple[str, str], parameters: Mapping[str, Any]) -> bool:
    """Whether a process of a program there ran with these. Raises: NotTold, NotTaken."""
    program, name = (quote(one, safe="") for one in place)
    path = f"connect/loyalty/programs/{program}/program-processes/{name}"
    said = await api.post(path, encoded({"processParameters": [parameters]}))
    status = said.found.get("status") if isinstance(said.found, dict) else None
    if not isinstance(status, bool):
        raise NotTold("it answers something that is no process that ran")
    return status
