"""From what a partner sends to what it tells of a member, or answers to a settlement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.decimals import units as in_units
from regulars.base.money import LARGEST
from regulars.engine.rewarding.partnering.numbers import ends_right
from regulars.flows.points.partners.commands import AnswerLine, PartnerActivity, TakeBack
from regulars.flows.points.partners.told_in_events import PartnerTold
from regulars.records.members.types import Asked, MemberRef
from regulars.records.rewards.partners.settling.types import Answered
from regulars.records.rewards.partners.types import ContractKind
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.inlets.mapping import Mapping
from regulars.surfaces.connect.inlets.places.pieces import AnswerMap, PartnerMap, Said
from regulars.surfaces.connect.inlets.places.sense import CHECKED, WHOM
from regulars.surfaces.connect.inlets.places.values import (
    Where,
    also_told,
    in_time,
    place_of,
    short,
    since_of,
    way,
)
from regulars.surfaces.connect.moving.mapping import Skip
from regulars.surfaces.connect.moving.wrong import Wrong

KINDS: Final = ("accrual", "redemption", "return", "return_redemption")
LONGEST_NAME: Final = 254
PartnerReader = Callable[[Any, datetime, str], PartnerTold | None]
"""From a payload, when it came and who sent it, to what is told; nothing where it is left aside."""
_NAMES: Final = {"member_id": "external"}
_ANSWERS: Final[dict[str, Answered]] = {"accepted": "accepted", "disputed": "disputed"}


def partner_readers(where: Where, mapping: Mapping, currency: str) -> dict[str, PartnerReader]:
    """By type of event, what reads it; nothing for events that tell something else."""
    found = {}
    for type_, one in mapping.events.items():
        if one.partner is not None:
            found[type_] = partner_reader(where, one.partner, one.skip, currency)
        elif one.answer is not None:
            found[type_] = answer_reader(where, one.answer, one.skip)
    return found


def partner_reader(
    where: Where, one: PartnerMap, skip: tuple[Skip, ...], currency: str
) -> PartnerReader:
    """Reads what a partner tells of a member. Raises, as it reads: Wrong."""
    aside, kind_of, told_in = where.aside(skip), where.text(one.kind), where.text(one.currency)
    number, occurred = where.text(one.external_id), where.instant(one.occurred_at)
    collected, came_back = _activity(where, one), _back(where, one)
    since = since_of(where, one.since)

    def read(root: Any, came_at: datetime, actor: str) -> PartnerTold | None:
        if aside(root):
            return None
        at = in_time(occurred(root) or came_at, came_at, place_of(one.occurred_at))
        if since(at):
            return None
        if (told := told_in(root).upper()) and told != currency:
            says = f"this is told in {told[:10]}, and the program counts in {currency}"
            raise Wrong(place_of(one.currency), says, "Have it told in the program's currency")
        kind = kind_of(root) or "accrual"
        if kind not in KINDS:
            mend = f"Translate it with `values` into one of {', '.join(KINDS)}"
            raise Wrong(place_of(one.kind), f"{kind[:60]!r} is nothing a partner tells", mend)
        own = short(number(root).strip(), place_of(one.external_id))
        if not own:
            says = "the partner's own reference is missing"
            raise Wrong(place_of(one.external_id), says, "Have it sent, or name another place")
        tell = came_back if kind.startswith("return") else collected
        return tell(root, (kind, own), (at, actor))

    return read


Teller = Callable[[Any, tuple[str, str], tuple[datetime, str]], PartnerTold]
"""From a payload, what it is and under which reference, when it happened and who told it."""


def _activity(where: Where, one: PartnerMap) -> Teller:
    """What a member collected or spent."""
    units, refs, places = _units(where, one), _refs(where, one), _places(one)
    name, family = where.text(one.name), where.text(one.family_name)
    receipts = also_told(where, one.receipt, one.told_by)

    def tell(root: Any, what: tuple[str, str], when: tuple[datetime, str]) -> PartnerTold:
        found, (kind, own), (at, actor) = refs(root), what, when
        whose: ContractKind = "redemption" if kind == "redemption" else "accrual"
        command = PartnerActivity(
            partner=one.partner,
            kind=whose,
            member=found[0],
            wallet=one.wallet,
            units=units(root, True) or 0,
            external_id=own,
            occurred_at=at,
            name=short(f"{name(root)} {family(root)}".strip(), place_of(one.name)),
            actor=actor,
            receipts=receipts(root),
            asked=Asked(actor),
        )
        return PartnerTold(command, found, places)

    return tell


def _back(where: Where, one: PartnerMap) -> Teller:
    """What came back of that."""
    units, of, places = _units(where, one), where.text(one.sale_id), _places(one)

    def tell(root: Any, what: tuple[str, str], when: tuple[datetime, str]) -> PartnerTold:
        (kind, own), (_, actor) = what, when
        sale = short(of(root).strip(), place_of(one.sale_id))
        if not sale:
            says = "a return names the reference of what it takes back"
            raise Wrong(place_of(one.sale_id), says, "Name its place as `sale_id:`")
        whose: ContractKind = "redemption" if kind == "return_redemption" else "accrual"
        command = TakeBack(one.partner, whose, sale, own, units(root, False), actor)
        return PartnerTold(replace(command, asked=Asked(actor)), places=places)

    return tell


def answer_reader(where: Where, one: AnswerMap, skip: tuple[Skip, ...]) -> PartnerReader:
    """Reads what a partner answers to a line of a settlement. Raises, as it reads: Wrong."""
    aside, line, answer = where.aside(skip), where.text(one.line), where.text(one.answer)
    amount, reason = where.money(one, "amount"), where.text(one.reason)
    said_amount = one.amount or one.amount_minor
    places = {
        "line": place_of(one.line),
        "answer": place_of(one.answer),
        "amount": place_of(said_amount),
        "reason": place_of(one.reason),
    }

    def read(root: Any, came_at: datetime, actor: str) -> PartnerTold | None:
        if aside(root):
            return None
        id_: UUID | None = meant("pen", line(root))
        if id_ is None:
            mend = "Have the partner send it as the settlement has it: pen_ and 32 digits"
            raise Wrong(place_of(one.line), f"{line(root)[:60]!r} is no line", mend)
        said: Answered | None = _ANSWERS.get(answer(root))
        if said is None:
            mend = "Translate it with `values` into accepted or disputed"
            raise Wrong(place_of(one.answer), f"{answer(root)[:60]!r} is no answer", mend)
        why = short(reason(root), place_of(one.reason))
        command = AnswerLine(
            one.partner,
            id_,
            said,
            actor,
            why,
            amount(root),
            Asked(actor),
        )
        return PartnerTold(command, places={n: place for n, place in places.items() if place})

    return read


def _units(where: Where, one: PartnerMap) -> Callable[[Any, bool], int | None]:
    """Reads how many units, told or worked out from the amount of the sale."""
    if one.units is not None:
        whole, place = where.whole(one.units), place_of(one.units)
        return lambda root, needed: _some(whole(root), place, needed=needed)
    assert one.earns is not None, one
    money, place = where.money(one, "amount"), place_of(one.amount or one.amount_minor)
    gives, per = one.earns.units, _per(one.earns.per, where.decimals)

    def read(root: Any, needed: bool) -> int | None:
        amount = money(root)
        return _some(None if amount is None else amount * gives // per, place, needed=needed)

    return read


def _per(text: str, decimals: int) -> int:
    try:
        found = in_units(text, decimals)
    except ValueError:
        found = 0
    if found <= 0:
        raise Wrong("earns.per", f"{text[:20]!r} is no amount of money", "Write it as 1.00")
    return found


def _some(units: int | None, place: str, *, needed: bool) -> int | None:
    if units is None and not needed:
        return None
    if units is None or not 0 < units <= LARGEST:
        mend = "Leave such rows aside with `skip`, or have the partner mend it"
        says = "nothing says how many units" if units is None else f"{units} units are none to book"
        raise Wrong(place, says, mend)
    return units


def _refs(where: Where, one: PartnerMap) -> Callable[[Any], tuple[MemberRef, ...]]:
    named = [(name, getattr(one, name)) for name in WHOM if getattr(one, name) is not None]
    read = [(name, where.text(said), place_of(said), way(place_of(said))) for name, said in named]
    rule = one.check

    def refs(root: Any) -> tuple[MemberRef, ...]:
        found = []
        for name, text, place, bare in read:
            told = text(root)
            if not told:
                continue
            if len(told) > LONGEST_NAME:
                raise Wrong(place, "this is too long for a name", "Name another place")
            if name in CHECKED and not ends_right(rule, str(bare(root) or told)):
                says = f"this number does not end as {rule} has it: it was mistyped or cut off"
                raise Wrong(place, says, "Have the partner compare it with the member's card")
            found.append(MemberRef(**{_NAMES.get(name, name): told}))  # type: ignore[arg-type]
        if not found:
            raise Wrong(read[0][2], "the member's number is missing", "Have the partner send it")
        return tuple(found)

    return refs


def _places(one: PartnerMap) -> dict[str, str]:
    """By field of the command, where it stands in the payload."""
    whose = next((place_of(getattr(one, n)) for n in WHOM if place_of(getattr(one, n))), "")
    said: dict[str, Said | None] = {
        "external_id": one.external_id,
        "of": one.sale_id,
        "occurred_at": one.occurred_at,
        "units": one.units or one.amount or one.amount_minor,
        "name": one.name or one.family_name,
        "kind": one.kind,
        "receipts": one.receipt,
    }
    found = {"member": whose, **{name: place_of(value) for name, value in said.items()}}
    return {name: place for name, place in found.items() if place}
