"""A history in columns of whole numbers, sorted by member, with the tables of its calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import numpy as np
from msgspec import Struct, field

from regulars.engine.calendar import (
    local,
)
from regulars.engine.checking.telling import Once
from regulars.engine.compiling.counters import code_names
from regulars.engine.replaying.games import how
from regulars.engine.replaying.kernel.asking import Asked, asked_by
from regulars.engine.replaying.kernel.baskets import Baskets, Row, Shelf
from regulars.engine.replaying.kernel.besides.numbers import has
from regulars.engine.replaying.kernel.besides.told import Beside, Clock, beside, minute_in
from regulars.engine.replaying.kernel.stepping import (
    ACTIVITY,
    CANCEL,
    CONFIRM,
    JOIN,
    LARGEST,
    LOOK,
    RETURN,
    TAKE,
)
from regulars.engine.replaying.kernel.writing import NotPlain, counted
from regulars.engine.replaying.left import NOBODY_KNOWN, left, no_wallet
from regulars.engine.replaying.plans import Plans
from regulars.engine.terms import Version
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import FRIEND_STAYED, NOBODY, Activity
from regulars.records.program.parts.conditions import JOINED_ON

_COUNTED: Final = {"visits": ("purchase", "visit"), "friends": (FRIEND_STAYED,)}
"""The kinds of activities that a measure counts, one each."""
_MODES: Final = ("floor", "ceil", "half_up", "half_even")
NAMES: Final = (
    "what", "kind", "day", "weekday", "hour", "channel", "store", "amount", "wallet", "units",
)  # fmt: skip


class Columns(Struct):
    """One row per thing that happened; `rows` are the columns of `NAMES`, words as codes."""

    members: list[UUID]
    spans: Any
    """Where each member's rows begin, and behind the last one the end."""
    rows: dict[str, Any]
    kinds: list[str]
    words: dict[str, list[str]]
    places: Any
    """Which row of the history each row was."""
    left_out: list[tuple[int, LeftOut]] = []
    """With the place of the row."""
    baskets: Baskets | None = None
    """Where a sale has lines or came back; otherwise each is one amount."""
    joined: Any = None
    asked: Any = None
    """Per row what rules ask of members and details; nothing where no more is known than days."""
    beside: Beside | None = None
    """What only some programs ask; nothing where no more is known than days."""
    back: dict[int, Happening] = {}
    """By its place each return that may be refused."""
    refused: list[tuple[int, LeftOut]] = []
    """Returns that were refused when it ran last, with the place of the row."""

    @property
    def left(self) -> list[tuple[int, LeftOut]]:
        """What takes no part, with the place of the row and in this order."""
        return sorted([*self.left_out, *self.refused], key=lambda each: each[0])


class _Reading(Struct):
    """What is known while a history is read."""

    version: Version
    shelf: Shelf
    codes: dict[str, dict[str, int]]
    asked: Asked
    clock: Clock
    refuses: bool
    plans: Plans
    holds: dict[tuple[UUID, str], Happening] = field(default_factory=dict)
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    joined: dict[UUID, int] = field(default_factory=dict)
    """Per member the local day on which they joined, as far as the history was read."""
    once: Once = field(default_factory=Once)
    back: dict[int, Happening] = field(default_factory=dict)
    """By its place each return that may be refused."""
    place: int = 0
    """Where in the history the row is that is read."""


def columns_of(version: Version, history: Sequence[Happening]) -> Columns:
    """A history in columns, each member's rows in the order they were told.

    Refuses: NotPlain for what was told late, for sales that points paid for, and for given facts
    that are not redemptions handed over at once.
    """
    columns, others = read(version, enumerate(history))
    for why in others.values():
        raise NotPlain(why)
    return columns


def read(
    version: Version, rows: Iterable[tuple[int, Happening]]
) -> tuple[Columns, dict[UUID, str]]:
    """Rows with their places in columns; and of whom something was told that has no column, why.

    Order: as `columns_of`. Of those others not all rows are in the columns, so leave them out.
    """
    codes: dict[str, dict[str, int]] = {
        name: {} for name in ("kind", "channel", "store", "sku", "category")
    }
    besides = has(version)
    deeds: dict[UUID, tuple[UUID, int]] | None = {} if besides["WAITS"] else None
    shelf = Shelf(version.compiled, codes, needed=any(besides.values()), deeds=deeds)
    asked, clock = asked_by(version.compiled), Clock.of(version)
    reading = _Reading(
        version, shelf, codes, asked, clock, besides["REFUSES"], Plans.of((version,))
    )
    order: dict[UUID, list[_Told]] = {}
    others: dict[UUID, str] = {}
    for place, one in rows:
        reading.place = place
        if one.member_id == NOBODY:
            if one.what == "count" and besides["SHARES"]:
                raise NotPlain("what was counted elsewhere was used up by all")
            _leave_out(reading, one, _no_part(version, one))
        elif one.what == "plan":
            reading.plans.hear(one)
        elif one.member_id not in others:
            told = order.setdefault(one.member_id, [])
            try:
                found = _row(reading, one, len(told))
                if found is not None:
                    told.append((place, *found, _when(reading, one)))
            except NotPlain as no:
                others[one.member_id] = str(no)
    for held in reading.holds.values():
        others.setdefault(held.member_id, _HELD)
    return _flat(reading, {who: told for who, told in order.items() if told}), others


_Told = tuple[int, tuple[int, ...], Row, tuple[int, ...]]
"""A row with its place, what stands beside it, and its minute and clock."""


def _when(reading: _Reading, one: Happening) -> tuple[int, ...]:
    """The minute of a row, and what the clock says of it.

    Refuses: NotPlain where something earned later would turn sooner.
    """
    told = reading.clock.row(one.member_id, one.at)
    if told is None:
        raise NotPlain("clocks were set back between two activities whose points wait")
    return minute_in(reading.version, one.at), *told


def _flat(reading: _Reading, order: Mapping[UUID, Sequence[_Told]]) -> Columns:
    flat = [each for rows in order.values() for each in rows]
    table = np.array([row for _, row, _, _ in flat], np.int64).reshape(len(flat), len(NAMES))
    columns = {name: np.ascontiguousarray(table[:, at]) for at, name in enumerate(NAMES)}
    ends = np.cumsum([0, *(len(rows) for rows in order.values())], dtype=np.int64)
    words = {name: list(known) for name, known in reading.codes.items()}
    places = np.array([at for at, _, _, _ in flat], np.int64)
    baskets = None
    if reading.shelf.needed:
        starts = np.repeat(ends[:-1], np.diff(ends)).tolist()
        baskets = reading.shelf.baskets([extra for _, _, extra, _ in flat], starts)
    kinds = words.pop("kind")
    many = len(reading.asked.questions)
    nothing = (0,) * many
    asked = np.array([row.asked or nothing for _, _, row, _ in flat], np.int64).reshape(
        len(flat), many
    )
    return Columns(
        list(order),
        ends,
        columns,
        kinds,
        words,
        places,
        reading.left_out,
        baskets,
        np.array([reading.joined[who] for who in order], np.int64),
        asked,
        beside([when for _, _, _, when in flat], len(reading.clock.turns)),
        reading.back,
    )


def _by_anniversary(version: Version) -> bool:
    tiers = version.program.tiers
    return tiers is not None and tiers.window == "anniversary"


_HELD: Final = "a redemption was held and not handed over at once"


def _leave_out(reading: _Reading, one: Happening, why: str) -> None:
    if why:
        reading.left_out.append((reading.place, left(one, why)))


def _no_part(version: Version, one: Happening) -> str:
    """Why a row that nobody stands behind takes no part."""
    if one.what != "count":
        return NOBODY_KNOWN
    known = ("counter", one.kind) in code_names(version.compiled)
    return "" if known else f"nothing is counted under {one.kind}"


def _row(reading: _Reading, one: Happening, at: int) -> tuple[tuple[int, ...], Row] | None:
    """What stands in the columns, and beside them; `at` is its place among its member's rows."""
    if one.at != one.now:
        raise NotPlain("something was told late")
    here = local(reading.version.zone, one.at)
    day, weekday, hour = here.day, here.weekday, here.hour
    reading.joined.setdefault(one.member_id, day)
    if one.what == "join":
        if reading.joined[one.member_id] != day and _by_anniversary(reading.version):
            raise NotPlain("somebody joined after they had collected")
        reading.joined[one.member_id] = day
        return (JOIN, 0, day, 0, 0, 0, 0, 0, 0, 0), Row()
    look = (LOOK, 0, day, 0, 0, 0, 0, 0, 0, 0), Row()
    if one.wallet and one.wallet not in reading.version.program.wallets:
        _leave_out(reading, one, no_wallet(one.wallet))
        return look
    if one.activity is None:
        return _fact(reading, one, day)
    if one.what == "return":
        back = reading.shelf.come_back(one.activity)
        no = "its sale is not in this history"
    else:
        back, no = None, reading.once.why_not(reading.version, one.activity)
    if back is not None:
        if reading.refuses:
            reading.back[reading.place] = one
        return (RETURN, 0, day, weekday, hour, 0, 0, 0, 0, 0), back
    if no:
        _leave_out(reading, one, no)
        return look
    return _told(reading, one.activity, (day, weekday, hour)), reading.shelf.sell(
        one.activity, at, _answers(reading, one, one.activity, day)
    )


def _fact(reading: _Reading, one: Happening, day: int) -> tuple[tuple[int, ...], Row] | None:
    """A redemption, or a word about an activity that waits.

    Refuses: NotPlain for any other given fact.
    """
    if one.what in ("hold", "release"):
        taken = _taken(reading, one, day)
        return None if taken is None else (taken, Row())
    teams = one.what == "game" and how(reading.version, one.kind) == "together"
    if one.what in ("game", "play", "had") and not teams:
        return (LOOK, 0, day, 0, 0, 0, 0, 0, 0, 0), Row()
    if one.what not in ("confirm", "cancel"):
        raise NotPlain(f"the history has a given fact: {one.what}")
    code = CONFIRM if one.what == "confirm" else CANCEL
    about = reading.shelf.spoken_of(one.member_id, one.cause_id)
    return (code, 0, day, 0, 0, 0, 0, 0, 0, 0), about


def _told(reading: _Reading, activity: Activity, when: tuple[int, int, int]) -> tuple[int, ...]:
    kind, channel, store = (
        reading.codes[name].setdefault(word, len(reading.codes[name]))
        for name, word in (
            ("kind", activity.kind), ("channel", activity.channel), ("store", activity.store),
        )
    )  # fmt: skip
    return (ACTIVITY, kind, *when, channel, store, activity.amount_minor, 0, 0)


def _answers(reading: _Reading, one: Happening, activity: Activity, day: int) -> tuple[int, ...]:
    """What the rules of a kind of activity ask of its member and its details."""
    asked = reading.asked
    if not asked.questions:
        return ()
    member = reading.plans.known(reading.version, one.member_id, one.attributes, one.at)
    if JOINED_ON in reading.version.attributes:
        member = {**member, JOINED_ON: date.fromordinal(reading.joined[one.member_id]).isoformat()}
    found = asked.of(activity.kind, member, activity.body.details, day)
    if max(found) >= LARGEST:
        raise NotPlain("a number that was told is too large for a machine word")
    return found


def _taken(reading: _Reading, one: Happening, day: int) -> tuple[int, ...] | None:
    """A redemption, where it is handed over; nothing where it is held."""
    if one.what == "hold":
        reading.holds[one.cause_id, one.wallet] = one
        return None
    held = reading.holds.pop((one.cause_id, one.wallet), None)
    if held is None or held.now != one.now or held.units != one.units:
        raise NotPlain(_HELD)
    wallet = reading.version.compiled.wallet_places[one.wallet]
    return (TAKE, 0, day, 0, 0, 0, 0, 0, wallet, one.units)


def credit_of(version: Version, columns: Columns) -> Any:
    """What each row counts for a tier."""
    tiers, rows = version.program.tiers, columns.rows
    happened = rows["what"] == ACTIVITY
    if tiers is None or tiers.measure == "status":  # then it is known when the rules ran
        return np.zeros(len(happened), np.int64)
    if tiers.measure in _COUNTED or tiers.measure == "activities":
        kinds = _COUNTED.get(tiers.measure, tiers.kinds)
        codes = [at for at, kind in enumerate(columns.kinds) if kind in kinds]
        return (happened & np.isin(rows["kind"], codes)).astype(np.int64)
    place = version.compiled.definitions.index(tiers.qualifying)
    if columns.baskets is not None:
        return np.where(happened, columns.baskets.worth(place), 0)
    if not counted(version.compiled)[place] or "purchase" not in columns.kinds:
        return np.zeros(len(happened), np.int64)
    bought = happened & (rows["kind"] == columns.kinds.index("purchase"))
    return np.where(bought, rows["amount"], 0)


def joined_of(columns: Columns) -> Any:
    """The local day on which each member joined; of a table of sales the first one."""
    if columns.joined is not None:
        return columns.joined
    return columns.rows["day"][columns.spans[:-1]]


def asked_of(version: Version, columns: Columns) -> Any:
    """Per row the answers to what rules ask of members and details.

    Order: of a table of sales only days are known: the first one is the day of joining.
    """
    asked, days = asked_by(version.compiled), columns.rows["day"]
    if columns.asked is not None or not asked.questions:
        return np.zeros((len(days), 0), np.int64) if columns.asked is None else columns.asked
    many = np.diff(columns.spans)
    joined = np.repeat(joined_of(columns), many)
    if JOINED_ON not in version.attributes:
        joined = np.zeros_like(days)
    pairs, which = np.unique(np.stack((joined, days)), axis=1, return_inverse=True)
    answers = [
        asked.of("purchase", _known(version, begun), {}, day) for begun, day in pairs.T.tolist()
    ]
    return np.array(answers, np.int64)[which.reshape(-1)]


def _known(version: Version, joined: int) -> dict[str, str]:
    known = JOINED_ON in version.attributes
    return {JOINED_ON: date.fromordinal(joined).isoformat()} if known else {}


def columns_of_sales(members: Sequence[UUID], told: Mapping[str, Any]) -> Columns:
    """Sales of one amount as columns; `told` has an array for each of who, day, hour, amount,
    line, store and channel, sorted by who and time, and the words of the last two.
    """
    who, nothing = told["who"], np.zeros(len(told["who"]), np.int64)
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    rows = dict.fromkeys(NAMES, nothing) | {"what": nothing + ACTIVITY}
    rows |= {name: _whole(told[name]) for name in ("day", "hour", "amount", "store", "channel")}
    rows["weekday"] = (rows["day"] - 1) % 7
    words = {"channel": told["channels"], "store": told["stores"]}
    spans = np.append(starts, len(who)).astype(np.int64)
    return Columns(
        [members[at] for at in who[starts]], spans, rows, ["purchase"], words, told["line"]
    )


def _whole(values: Any) -> Any:
    return np.ascontiguousarray(values, np.int64)
