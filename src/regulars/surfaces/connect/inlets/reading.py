"""From a payload to the activities it tells, by a mapping; or to what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.money import decimals
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.inlets.about_people import About, What
from regulars.flows.inlets.book_arrivals import FailedLetter, Told
from regulars.flows.membership.plans.subscriptions import Subscription
from regulars.flows.points.partners.told_in_events import PartnerTold
from regulars.flows.recording.before.told_elsewhere import Alike, Beside
from regulars.records.activity.types import Body, SaleRef
from regulars.records.members.types import Asked, MemberRef
from regulars.surfaces.connect.inlets.letters import letter_reader
from regulars.surfaces.connect.inlets.mapping import EventMap, read_mapping
from regulars.surfaces.connect.inlets.memberships import membership_reader
from regulars.surfaces.connect.inlets.places.bodies import OVER_ALL, sums_of
from regulars.surfaces.connect.inlets.places.lists import either
from regulars.surfaces.connect.inlets.places.partners import partner_readers
from regulars.surfaces.connect.inlets.places.pieces import From, Said
from regulars.surfaces.connect.inlets.places.told import REFS, ActivityMap, SameAs
from regulars.surfaces.connect.inlets.places.values import (
    Where,
    also_told,
    in_time,
    place_of,
    short,
    since_of,
    way,
)
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.connect.moving.wrong import Wrong

_KIND: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAMES: Final = {"member_id": "external"}
LONGEST_NAME: Final = 254


class Event(Struct, frozen=True):
    """One event as a mapping sees it."""

    root: Any
    id: str
    """The event's own, which is the receipt where the mapping names none."""
    came_at: datetime
    principal: str
    """Who tells it, as the books name who did something."""


class Read(NamedTuple):
    """What an event tells: activities in the order of the mapping, or one thing in their place."""

    tells: tuple[Told, ...]
    letter: FailedLetter | None
    """The letter that failed."""
    about: About | None
    """Who a customer of the other system is."""
    subscription: Subscription | None
    """The subscription with all that was paid for it."""
    partner: PartnerTold | None
    """What a partner tells."""


class Asker(Struct, frozen=True):
    """A customer who asks for something, as their shop calls them."""

    what: What
    id: str = ""
    email: str = ""
    phone: str = ""
    shop: str = ""


class Place(Struct, frozen=True):
    """The program things are booked in, as far as a payload must know it."""

    currency: str
    zone: str
    others: tuple[str, ...] = ()
    """Other currencies in which members may pay."""


def place_in(terms: Terms) -> Place:
    """The program as a payload must know it; whether there is a rate is asked by its day."""
    program = terms.versions[-1].program
    others = {name for version in terms.versions for name in version.program.currencies}
    return Place(program.currency, program.zone, tuple(sorted(others)))


class Reader:
    """A mapping, made ready for one program."""

    def __init__(self, text: str, place: Place) -> None:
        self._mapping = read_mapping(text)
        self._place = place
        self._where = self._in(place.currency)
        self._told_in = ("", *place.others)
        self._alike = _alike(self._mapping.same_as)
        self._type = way(self._mapping.type)
        self._events = {type_: self._event(one) for type_, one in self._mapping.events.items()}
        self._letters = {
            type_: letter_reader(self._where, one.letter, one.skip)
            for type_, one in self._mapping.events.items()
            if one.letter is not None
        }
        self._names = {
            type_: _namer(self._where, one)
            for type_, one in self._mapping.events.items()
            if one.names is not None
        }
        self._memberships = {
            type_: membership_reader(self._where, one.membership)
            for type_, one in self._mapping.events.items()
            if one.membership is not None
        }
        self._partners = partner_readers(self._where, self._mapping, place.currency)

    def _in(self, currency: str) -> Where:
        return Where(self._mapping, decimals(currency), self._place.zone)

    def type_of(self, root: Any) -> str:
        """What the event says happened."""
        return text_of(found) if not isinstance(found := self._type(root), (dict, list)) else ""

    def all_of(self, event: Event) -> Read:
        """All that an event tells, of whichever sort.

        Raises: Wrong with the place that failed, what is wrong there, and what to do.
        """
        type_ = self.type_of(event.root)  # once: it is asked for with each event that comes in
        meant = type_ if type_ in self._events else "*"
        known = self._events.get(meant)
        if known is None:
            says = (
                f"the mapping does not say what {type_[:60]!r} is" if type_ else "no type is said"
            )
            mend = f"Add it under `events`, beside {', '.join(sorted(self._events)[:10])}"
            raise Wrong(self._mapping.type, says, mend)
        letter, about = self._letters.get(meant), self._names.get(meant)
        member, partner = self._memberships.get(meant), self._partners.get(meant)
        root = event.root
        return Read(
            known(event),
            letter and letter(root, event.came_at),
            about and about(root),
            member and member(root, (self._mapping.source, event.principal)),
            partner and partner(root, event.came_at, event.principal),
        )

    def refs_of(self, customer: Asker) -> tuple[MemberRef, ...]:
        """By what a customer of the other system may be known here, as its orders name them."""
        said = [
            a.member_id for e in self._mapping.events.values() for a in (*e.gives, e.names) if a
        ]
        before = [one.prefix if isinstance(one, From) else "" for one in said if one is not None]
        named = [MemberRef(external=f"{one}{customer.id}") for one in dict.fromkeys(before)]
        if customer.email:
            named.append(MemberRef(email=customer.email[:LONGEST_NAME]))
        if customer.phone:
            named.append(MemberRef(phone=customer.phone[:LONGEST_NAME]))
        return tuple(named)

    def _event(self, one: EventMap) -> Callable[[Event], tuple[Told, ...]]:
        aside = self._where.aside(one.skip)
        tellers = [self._tellers(part) for part in one.gives]

        def read(event: Event) -> tuple[Told, ...]:
            if aside(event.root):
                return ()
            return tuple(told for tell in tellers for told in tell(event))

        return read

    def _tellers(self, one: ActivityMap) -> Callable[[Event], list[Told]]:
        """Tells an activity, or none, or one for each entry of a list."""
        tell = self._activity(one)
        if one.each is None:
            aside = self._where.aside(one.skip)
            return lambda event: [] if aside(event.root) else tell(event)
        each, entries = one.each, self._where.each(one.each, one.skip)

        def read(event: Event) -> list[Told]:
            found = []
            for at, entry in entries(event.root):
                try:
                    found += tell(replace(event, root=entry))
                except Wrong as wrong:
                    raise Wrong(f"{each}.{at}.{wrong.column}", wrong.says, wrong.mend) from None
            return found

        return read

    def _activity(self, one: ActivityMap) -> Callable[[Event], list[Told]]:
        where, source = self._where, self._mapping.source
        texts = {n: (where.text(getattr(one, n)), place_of(getattr(one, n))) for n in _TEXTS}
        sums = {
            name: sums_of(self._in(name or self._place.currency), one) for name in self._told_in
        }
        occurred, refs = where.instant(one.occurred_at), _refs(where, one)
        places, unknown = _places(one), self._mapping.unknown
        told_in, since = _currency(where, one.currency, self._place), since_of(where, one.since)
        receipts, alike = also_told(where, one.receipt or one.external_id, one.told_by), self._alike

        def tell(event: Event) -> list[Told]:
            at = occurred(event.root) or event.came_at
            happened = in_time(at, event.came_at, place_of(one.occurred_at))
            if since(happened):
                return []
            currency = told_in(event.root)
            amount, body = sums[currency]
            said = {n: short(read(event.root), place) for n, (read, place) in texts.items()}
            kind, sale = _kind(said["kind"], texts["kind"][1]), said["sale_id"]
            back = kind == "return"
            if back and not sale:
                raise Wrong(texts["sale_id"][1], "a return names its sale", "See what is sent here")
            told = body(event.root)
            if currency and kind != "purchase":
                _without_money(currency, back, told, one)
                currency = ""
            command = RecordActivity(
                kind=kind,
                occurred_at=happened,
                source=source,
                external_id=said["external_id"] or short(event.id, ""),
                store=said["store"],
                channel=said["channel"],
                amount_minor=None if back or told.lines else _not_below(amount(event.root), one),
                body=told,
                sale=_sale(source, sale, said["sale_kind"], texts["sale_kind"][1])
                if back
                else None,
                currency=currency,
                asked=Asked(event.principal),
            )
            beside = Beside(receipts(event.root), alike)
            return [Told(command, () if back else refs(event.root), unknown, places, beside)]

        return tell


_TEXTS: Final = ("kind", "external_id", "sale_id", "sale_kind", "store", "channel")
_OF: Final = (*_TEXTS, "occurred_at")


def _sale(source: str, sale: str, kind: str, place: str) -> SaleRef:
    return SaleRef(source=source, external_id=sale, kind=_kind(kind, place) if kind else "purchase")


def _alike(one: SameAs | None) -> Alike | None:
    if one is None:
        return None
    return Alike(timedelta(minutes=one.within_minutes), "store" in one.by)


@lru_cache(maxsize=128)
def reader(text: str, place: Place) -> Reader:
    """A mapping made ready for a program, once. Faults: MappingFault."""
    return Reader(text, place)


def _namer(where: Where, event: EventMap) -> Callable[[Any], About | None]:
    """Reads who a customer is. Raises, as it reads: Wrong."""
    one = event.names
    assert one is not None
    aside, name = where.aside(event.skip), where.text(one.member_id)
    others = [(n, where.text(getattr(one, n))) for n in REFS if n != "member_id"]
    others.append(("external", where.text(one.known_as)))

    def read(root: Any) -> About | None:
        told = short(name(root), place_of(one.member_id))
        if aside(root) or not told:
            return None
        found = [(n, short(text(root), place_of(getattr(one, n, None)))) for n, text in others]
        refs = (MemberRef(**{n: said}) for n, said in found if said)  # type: ignore[arg-type]
        return About("named", (MemberRef(external=told), *refs), told)

    return read


def _kind(kind: str, place: str) -> str:
    if len(kind) > 40 or _KIND.fullmatch(kind) is None:
        mend = "Small letters, digits and hyphens, as in store-visit; translate it with `values`"
        raise Wrong(place, f"{kind[:60]!r} is no kind of activity" if kind else "it is empty", mend)
    return kind


def _not_below(amount: int | None, one: ActivityMap) -> int | None:
    if amount is not None and amount < 0:
        place = place_of(one.amount or one.amount_minor)
        raise Wrong(place, "the amount is below nothing", "Tell what came back as a return")
    return amount


def _refs(where: Where, one: ActivityMap) -> Callable[[Any], tuple[MemberRef, ...]]:
    named = [(name, getattr(one, name)) for name in REFS if getattr(one, name) is not None]
    read = [(_NAMES.get(name, name), where.text(said), place_of(said)) for name, said in named]

    def refs(root: Any) -> tuple[MemberRef, ...]:
        found = []
        for name, text, place in read:
            if told := text(root):
                if len(told) > LONGEST_NAME:
                    raise Wrong(place, "this is too long for a name", "Name another place")
                found.append(MemberRef(**{name: told}))  # type: ignore[arg-type]
        return tuple(found)

    return refs


def _currency(where: Where, said: Said | None, place: Place) -> Callable[[Any], str]:
    """In which currency an event is told; empty for the program's own."""
    text, known = where.text(said), ", ".join((place.currency, *place.others))

    def told_in(root: Any) -> str:
        found = text(root).upper()
        if not found or found == place.currency:
            return ""
        if found not in place.others:
            mend = f"Give the program a rate for it under `currencies`; it knows {known}"
            says = f"{found[:10]} is not the program's {place.currency}, and it has no rate for it"
            raise Wrong(place_of(said), says, mend)
        return found

    return told_in


def _without_money(currency: str, back: bool, told: Body, one: ActivityMap) -> None:
    """Only a purchase is told in another currency; a return takes back pieces of it."""
    if not back or replace(told, returned=(), details={}) != Body():
        mend = "Tell only which pieces come back" if back else "Tell it in the program's currency"
        raise Wrong(place_of(one.currency), f"only a purchase is told in {currency}", mend)


def _places(one: ActivityMap) -> dict[str, str]:
    """By field of the activity, where it stands in the payload."""
    found = {
        "currency": place_of(one.currency),
        "amount": place_of(either(one, "amount")) or (one.lines.each if one.lines else ""),
        "sale": place_of(one.sale_id),
        "lines": one.lines.each if one.lines else "",
        "payments": one.payments.each if one.payments else "",
        "returned": one.returned.each if one.returned else "",
        **{"sale" if n == "sale_id" else n: place_of(getattr(one, n)) for n in _OF},
        **{name: place_of(either(one, name)) for name in OVER_ALL},
        **{_NAMES.get(name, name): place_of(getattr(one, name)) for name in REFS},
    }
    found["member"] = next(
        (found[n] for n in ("external", "email", "phone", "card") if found[n]), ""
    )
    return {name: place for name, place in found.items() if place}
