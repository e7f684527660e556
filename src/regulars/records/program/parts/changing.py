"""Terms that change, as a program file says them: how members come over, and what is too much."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.wallets import Day, Decimal, Slug


class Changeover(Struct, frozen=True, forbid_unknown_fields=True):
    """How members come over from the version before, where this one has another ladder.

    `keep`: what somebody stands on stays until its time is over. `upgrade_only`: all are looked at
    once and nobody falls. `step_by_step`: for a while the old ladder counts beside the new one,
    and the better of the two stands. `full`: all are placed anew, up and down.
    """

    members: Literal["keep", "upgrade_only", "step_by_step", "full"] = "keep"
    until_on: Day | None = None
    """The first day on which what was kept, or counted side by side, is over."""
    removed: dict[Slug, Slug] = {}
    """Where holders of a tier belong that is on this ladder no more."""
    notice_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    """So many days lie between publishing and the first day, at least."""
    worth: Literal["new", "keep"] = "new"
    """What points are worth that were earned before: what these terms say (`new`), or at least what
    they were worth under the terms before (`keep`)."""
    worth_until_on: Day | None = None
    """The first day on which that is over; as long as they live, unless said."""
    rates_from_on: Day | None = None
    """Activities that happened from this day on are rated anew, where a table of these terms says
    otherwise than the one that decided them; unless said, tables rate what happens from now on."""


class Caution(Struct, frozen=True, forbid_unknown_fields=True):
    """From when on a promise is called too much: its author has to say that it is meant."""

    share_percent: Annotated[int, Meta(ge=1, le=1000)] = 30
    """Points for a sale are worth no more than so much of it."""
    small_sale: Decimal = 10
    """The smallest purchase at which the share is looked at; where a unit of money buys less than
    a euro and nothing is said, about as much as 10 euros are."""
    liability_percent: Annotated[int, Meta(ge=1, le=10_000)] = 20
    """What members have together becomes worth no more than so much more."""
