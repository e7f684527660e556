"""What travels between a till and us about somebody's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.surfaces.api.wire.benefits import Details
from regulars.surfaces.api.wire.parts import Instant, Slug, Text, Whom
from regulars.surfaces.till.sync.cashiers import Cashier

Do = Literal["came", "missed", "cancel", "move"]


class AppointmentHere(Struct, frozen=True):
    """An appointment, and what this till may do with it now."""

    id: str
    benefit: str
    name: str
    store: str
    from_at: datetime
    until_at: datetime
    guests: int
    came_at: datetime | None
    """When somebody at a till said that they are here."""
    today: bool
    may: list[Do]


class IncludedHere(Struct, frozen=True):
    """Something that is included and can be used, or booked, at this till."""

    benefit: str
    name: str
    left: int | None
    for_birthday: bool
    """It is given for a birthday: bound to it, or by its name."""
    booked: bool
    """It is used at a booked time."""
    needs: tuple[str, ...]
    """Details to tell with each use."""
    guests: int
    """How many may come along."""
    around: bool = False
    """It is bound to the days around the birthday, and these are they."""


WaitsFor = Literal["birthday_unknown", "not_birthday"]


class WaitsHere(Struct, frozen=True):
    """Something that is theirs around their birthday, and is not now; no date is told."""

    benefit: str
    name: str
    why: WaitsFor


class AssociateHere(Struct, frozen=True):
    """Who of the shop looks after them, because of which benefit."""

    benefit: str
    name: str
    """The benefit's."""
    who: str


class DayShown(Struct, frozen=True):
    """What is special about today for whoever stands here; no date of birth, and no year."""

    server_at: datetime
    birthday: bool
    """It is their birthday."""
    birthday_rules: list[str]
    """Rules by which they earn more around it, now."""
    appointments: list[AppointmentHere]
    """To come, and of today; the next one first."""
    included: list[IncludedHere]
    associates: list[AssociateHere] = []
    waits: list[WaitsHere] = []
    """What waits for their birthday, or for it to be told."""


class TimesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """For which benefit, from which day on."""

    benefit: Slug
    on: Annotated[str, Meta(max_length=10)] = ""
    """Today, unless said."""


class TimeHere(Struct, frozen=True):
    """A time that can be booked here, and how many can still come."""

    from_at: datetime
    left: int


class TimesHere(Struct, frozen=True):
    """The times of a week in the till's store, full ones too."""

    from_on: date
    until_on: date
    """The first day that is not looked at."""
    items: list[TimeHere]


class UseHereSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is included is used at this till, or booked."""

    member: Whom
    benefit: Slug
    from_at: Instant | None = None
    """The time that is booked, of a benefit with appointments."""
    guests: Annotated[list[Text], Meta(max_length=100)] = []
    """Who comes along, by name."""
    details: Details = {}
    cashier: Cashier = ""


class ChangeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of an appointment."""

    do: Do
    from_at: Instant | None = None
    """Of a move: when it begins instead."""
    cashier: Cashier = ""
