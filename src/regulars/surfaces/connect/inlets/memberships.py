"""Subscriptions: from what a payment provider was asked to the membership that is paid for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from regulars.flows.membership.plans.subscriptions import Fact, Subscription
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.inlets.mapping import MembershipMap
from regulars.surfaces.connect.inlets.places.told import REFS
from regulars.surfaces.connect.inlets.places.values import Where, place_of
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.stripe.events import instant

LONGEST_NAME: Final = 254
MembershipReader = Callable[[Any, tuple[str, str]], Subscription]
"""From what was told, and by whom: the source, and as the books name it."""
_NAMES: Final = {"member_id": "external"}


def membership_reader(where: Where, one: MembershipMap) -> MembershipReader:
    """Reads a subscription. Raises, as it reads: Wrong."""
    refs = _refs(where, one)
    plans = one.plans

    def read(root: Any, told_by: tuple[str, str]) -> Subscription:
        source, actor = told_by
        found = refs(root)
        if not found:
            mend = "Give the customer an e-mail address there, or name another place"
            raise Wrong(place_of(one.email), "nothing says whose it is", mend)
        return Subscription(
            source=source,
            id=root["id"],
            refs=found,
            plan=_plan(root["prices"], plans),
            currency=root["currency"],
            began_at=_at(root, "start_date"),
            asked_at=_at(root, "asked_at"),
            in_trial=root["in_trial"],
            facts=tuple(_fact(fact, plans) for fact in root["facts"]),
            stands=root["stands"],
            since=_at(root, "since"),
            card=root["card"],
            actor=actor,
        )

    return read


def _plan(prices: list[str], plans: dict[str, str]) -> str:
    """The plan of the first thing that is one. Raises: Wrong."""
    for price in prices:
        if price in plans:
            return plans[price]
    said = ", ".join(prices)[:80]
    mend = f"Add it to the mapping: plans: {{{said.partition(',')[0]}: …}}"
    raise Wrong("items", f"nothing says which plan {said} is", mend)


def _fact(fact: dict[str, Any], plans: dict[str, str]) -> Fact:
    return Fact(
        what=fact["what"],
        id=fact["id"],
        at=_at(fact, "at"),
        begins=instant(fact.get("begins")),
        amount_minor=fact.get("amount"),
        plan=plans.get(fact.get("price", ""), ""),
        payment=fact.get("payment", ""),
    )


def _at(root: dict[str, Any], name: str) -> Any:
    found = instant(root[name])
    if found is None:
        raise Wrong(name, "this is no moment", "See what Stripe sent here")
    return found


def _refs(where: Where, one: MembershipMap) -> Callable[[Any], tuple[MemberRef, ...]]:
    named = [(name, getattr(one, name)) for name in REFS if getattr(one, name) is not None]
    read = [(_NAMES.get(name, name), where.text(said), place_of(said)) for name, said in named]
    own = where.text(one.member)

    def refs(root: Any) -> tuple[MemberRef, ...]:
        id_: UUID | None = meant("mem", own(root))
        found = [] if id_ is None else [MemberRef(id=id_)]
        for name, text, place in read:
            if told := text(root):
                if len(told) > LONGEST_NAME:
                    raise Wrong(place, "this is too long for a name", "Name another place")
                found.append(MemberRef(**{name: told}))  # type: ignore[arg-type]
        return tuple(found)

    return refs
