"""Tiers as a program file says them: the steps, what counts for them, and how long they stay."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.parts.changing import Changeover
from regulars.records.program.wallets import Decimal, Slug


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of the ladder and what it takes to stand on it."""

    id: Slug
    at: Decimal
    name: str = ""
    perks: tuple[str, ...] = ()
    by: Literal["credit", "invitation"] = "credit"
    """A step by invitation is never reached by credit alone.

    Whoever has the credit may be invited, and comes up when they accept. Then it stays as long as
    any other, and longer for whoever still has the credit when its time is over.
    """
    or_at: Decimal | None = None
    """What it takes of the second measure; with that the step is reached as well.

    Without it this step is reached by the first measure only.
    """
    for_life_at: Decimal | None = None
    """Whoever ever gathered so much credit, over all time, never falls below this step again."""


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """What else counts for a ladder: so much spent, or so many visits, and whichever is first."""

    measure: Literal["spend", "visits", "status", "activities", "friends"]
    """What is counted; something else than the ladder's first measure."""
    qualifying: str = "standard"
    """Which qualifying amount `spend` counts."""
    wallet: Slug | None = None
    """The status wallet that `status` counts."""
    kinds: tuple[Slug, ...] = ()
    """The kinds of activities that `activities` counts, one each."""


class Tiers(Struct, frozen=True, forbid_unknown_fields=True):
    """The ladder: what is counted, over which window, and how long a tier stays.

    `spend` counts the named qualifying amount in money, `visits` counts activities of kind
    `visit` and purchases, `status` counts what was earned in a status wallet, `activities` counts
    activities of the kinds that are named, `friends` counts friends who were brought and stayed.
    """

    steps: Annotated[tuple[Tier, ...], Meta(min_length=1, max_length=20)]
    measure: Literal["spend", "visits", "status", "activities", "friends"] = "spend"
    qualifying: str = "standard"
    wallet: Slug | None = None
    window: Literal["calendar_year", "rolling", "anniversary", "ever"] = "calendar_year"
    rolling_days: Annotated[int, Meta(ge=1, le=3660)] = 365
    valid: Literal["window_end", "next_window_end", "for_ever"] = "next_window_end"
    """A granted tier stays until the end of the window it was reached in, or of the next one.

    For a rolling window these mean one and two window lengths after it was last confirmed.
    """
    downgrade: Literal["one_step", "full"] = "full"
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 0
    crossing_earns: Literal["old_tier", "new_tier"] = "old_tier"
    """Does the purchase that crosses the threshold already earn at the new tier?"""
    returned_credit: Literal["revoke_now", "at_period_end", "never"] = "at_period_end"
    credit_after_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """Credit counts only so many days after its activity, when nothing can come back any more.

    It counts in the window in which it begins to count.
    """
    reached: Literal["on_activity", "at_window_end"] = "on_activity"
    """A higher step is reached at once, or when the window ends in which it was earned."""
    kinds: tuple[Slug, ...] = ()
    """The kinds of activities that `activities` counts, one each."""
    accept_within_days: Annotated[int, Meta(ge=1, le=366)] = 30
    """An invitation that nobody accepts ends after so many days."""
    notice_days: Annotated[int, Meta(ge=0, le=180)] = 0
    """So many days before a tier would be lost its member is told what is missing; 0: never."""
    or_by: Measure | None = None
    """A second measure over the same window: a step is reached, and kept, by either of the two."""


class FurtherStep(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a further ladder; its short name is no other tier's in this program."""

    id: Slug
    """A short name that never changes."""
    at: Decimal
    """What it takes: money, visits, friends or status credit."""
    name: str = ""
    """The name members read."""
    perks: tuple[str, ...] = ()
    """What it brings, in words members read."""
    by: Literal["credit", "invitation"] = "credit"
    """A step by invitation is never reached by credit alone: whoever has it may be invited."""
    or_at: Decimal | None = None
    """What it takes of the second measure; with that the step is reached as well."""
    for_life_at: Decimal | None = None
    """Whoever ever gathered so much credit, over all time, never falls below this step again."""


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """A ladder beside the tiers, such as a club by visits beside a status by spend.

    Where somebody stands on it follows at each moment from what counts for it and from what they
    were given by hand: what comes back takes its credit along at once. Of a step that is reached by
    waiting its member is told when something else moves them.
    """

    steps: Annotated[tuple[FurtherStep, ...], Meta(min_length=1, max_length=20)]
    """The steps from the lowest to the highest."""
    name: str = ""
    """The name members read."""
    measure: Literal["spend", "visits", "status", "activities", "friends"] = "spend"
    """What is counted."""
    qualifying: str = "standard"
    """Which qualifying amount `spend` counts."""
    wallet: Slug | None = None
    """The status wallet that `status` counts."""
    kinds: tuple[Slug, ...] = ()
    """The kinds of activities that `activities` counts, one each."""
    window: Literal["calendar_year", "rolling", "anniversary", "ever"] = "calendar_year"
    """Over which time it is counted."""
    rolling_days: Annotated[int, Meta(ge=1, le=3660)] = 365
    """How long a rolling window is."""
    valid: Literal["window_end", "next_window_end", "for_ever"] = "next_window_end"
    """A step stays until the end of the window it was reached in, or of the next one.

    For a rolling window these mean one and two window lengths after it was last confirmed.
    """
    downgrade: Literal["one_step", "full"] = "full"
    """Who no longer qualifies falls one step, or to where they belong."""
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """So many days more before a step is lost."""
    crossing_earns: Literal["old_tier", "new_tier"] = "old_tier"
    """Does the purchase that crosses the threshold already earn at the new step?"""
    returned_credit: Literal["revoke_now", "at_period_end", "never"] = "revoke_now"
    """When what comes back takes its credit along: at once, at the end of the period, or never."""
    accept_within_days: Annotated[int, Meta(ge=1, le=366)] = 30
    """An invitation that nobody accepts ends after so many days."""
    notice_days: Annotated[int, Meta(ge=0, le=180)] = 0
    """So many days before a step would be lost its member is told what is missing; 0: never."""
    or_by: Measure | None = None
    """A second measure over the same window: a step is reached, and kept, by either of the two."""
    changeover: Changeover = Changeover()
    """How members come over from this ladder as the version before has it, where that differs."""
    credit_after_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """What somebody does counts only so many days after, when nothing can come back any more."""
    reached: Literal["on_activity", "at_window_end"] = "on_activity"
    """A higher step is reached at once, or when the window ends in which it was earned."""
