"""What somebody looks for in the list of members, as the address of the page says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from litestar.datastructures import MultiDict
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.decimals import NotExact, units
from regulars.engine.calendar import day_starts_at
from regulars.engine.terms import Version
from regulars.insight.people.types import NO_TIER, Sort, Wanted
from regulars.records.access.office.tags import spelled
from regulars.surfaces.console.form import plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import STATES, N

FIELDS: Final = (
    "q", "tier", "state", "visit", "joined_from", "joined_to", "wallet", "points_from", "points_to",
    "lapses", "consent", "tag", "next",
)  # fmt: skip
"""What the list can be narrowed by, each a word of the address."""
SORTS: Final[Mapping[str, str]] = {
    "oldest": N("Joined first"),
    "newest": N("Joined last"),
    "name": N("By first name"),
    "visit": N("Here last"),
    "points": N("Most points"),
}
COLUMNS: Final[Mapping[str, str]] = {
    "known": N("Known by"),
    "tags": N("Tags"),
    "tier": N("Tier"),
    "points": N("Points"),
    "visit": N("Last visit"),
    "lapses": N("Expires next"),
    "joined": N("Joined"),
}
USUAL: Final = ("known", "tier", "points", "joined")
VISITS: Final[Mapping[str, str]] = {
    "in-7": N("Here in the last 7 days"),
    "in-30": N("Here in the last 30 days"),
    "in-90": N("Here in the last 90 days"),
    "away-30": N("Not here for 30 days"),
    "away-90": N("Not here for 90 days"),
    "away-180": N("Not here for 180 days"),
    "away-365": N("Not here for a year"),
}
LAPSES: Final[Mapping[str, str]] = {
    "14": N("Points expire within 14 days"),
    "30": N("Points expire within 30 days"),
    "90": N("Points expire within 90 days"),
}
CONSENTS: Final[Mapping[str, str]] = {
    "email": N("May be written to by e-mail"),
    "-email": N("May not be written to by e-mail"),
    "sms": N("May be written to by text message"),
    "-sms": N("May not be written to by text message"),
    "post": N("May be written to by post"),
    "-post": N("May not be written to by post"),
}
_CHOSEN: Final = {"state": STATES, "visit": VISITS, "lapses": LAPSES, "consent": CONSENTS}
_SLIP: Final = N("This is no day, such as 2026-11-27")
_NO_NUMBER: Final = N("A number of points, such as 50")
_GONE: Final = N("What was chosen here is not there any more; choose again")
_BLANKS: Final = re.compile(r"\s+")
_LONGEST: Final = 100


class Chip(Struct, frozen=True):
    """One thing that is looked for, in words, and the address without it."""

    says: str
    without: str


class Looked(Struct, frozen=True):
    """What is looked for: as it was said, and as it is asked for; what is wrong with a field."""

    said: Mapping[str, str]
    wanted: Wanted
    columns: tuple[str, ...]
    wrong: Mapping[str, str]

    @property
    def narrowed(self) -> bool:
        """Whether not everybody is looked for."""
        return any(name in self.said for name in FIELDS if name != "wallet")

    @property
    def query(self) -> str:
        """The words of the address, always in one order."""
        return urlencode(self.said)


def looked(here: Here) -> Looked:
    """What the address of this page looks for."""
    return _looked(here, here.query)


def looked_in(here: Here, query: str) -> Looked:
    """What a list looks for, from the words of its address."""
    return _looked(here, MultiDict(parse_qsl(query, keep_blank_values=True)))


def _looked(here: Here, words: MultiDict[Any]) -> Looked:
    """An address kept for years still opens a page: what means nothing now is wrong, not left out.

    Keeps: where something is wrong, whoever asks finds nobody, so that a slip is never everybody.
    """
    version, wrong = here.version, dict[str, str]()
    said = {name: _typed(words, name) for name in (*FIELDS, "sort", "cols")}
    typed = dict(said)
    for name, known in _known(version).items():
        if said[name] not in known:
            if name != "sort":  # in which order does not matter to whom it is about
                wrong[name] = here.reader.say(_GONE)
            said[name] = ""
    days = {name: _day(here, said, wrong, name) for name in ("joined_from", "joined_to")}
    wallet = said["wallet"] or next(iter(version.program.wallets), "")
    points = [_points(here, said, wrong, (name, wallet)) for name in ("points_from", "points_to")]
    consent = said["consent"]
    columns = tuple(one for one in COLUMNS if one in said["cols"].split("-")) or USUAL
    # What is so anyway is not said, so that a list has one address.
    usual = {"cols": "-".join(columns) if columns == USUAL else "", "sort": "oldest"}
    usual["wallet"] = next(iter(version.program.wallets), "")
    wanted = Wanted(
        name=said["q"],
        state=said["state"],
        tier=said["tier"],
        joined=(_starts(here, days["joined_from"]), _starts(here, days["joined_to"], 1)),
        visited=_visited(here.now, said["visit"]),
        wallet=dict(_codes(here)).get(wallet, 0),
        points=(points[0], points[1]),
        lapses_before=here.now + timedelta(days=int(said["lapses"])) if said["lapses"] else None,
        tag=said["tag"],
        buys_next=said["next"],
        consent=(consent.lstrip("-"), not consent.startswith("-")) if consent else None,
        sort=_sort(said["sort"]),
    )
    kept = {name: value for name, value in (said | {one: typed[one] for one in wrong}).items()
            if value and value != usual.get(name)}  # fmt: skip
    return Looked(kept, wanted, columns, wrong)


def spelled_alike(found: Looked, tags: Sequence[str]) -> Looked:
    """The same with the tag as it is written on members: `vip` is `VIP`."""
    tag = found.wanted.tag
    if not tag or (there := spelled(tag, tags)) == tag:
        return found
    return replace(
        found, said={**found.said, "tag": there}, wanted=replace(found.wanted, tag=there)
    )


def address(query: str, more: Mapping[str, str] | None = None, path: str = "") -> str:
    """The list with these words; `more` are added."""
    words = "&".join(part for part in (query, urlencode(more or {})) if part)
    return f"/console/members{path}" + (f"?{words}" if words else "")


def chips(here: Here, found: Looked) -> list[Chip]:
    """What is looked for, each in words of the reader."""
    say, said = here.reader.say, found.said
    wallets = here.version.program.wallets
    many = len(wallets) > 1
    named = wallets[said["wallet"]].name if said.get("wallet") in wallets else ""
    words: dict[str, Callable[[], str]] = {
        "q": lambda: f"“{said['q']}”",
        "tier": lambda: dict(tiers(here))[said["tier"]],
        "tag": lambda: say("Tag: %(tag)s", tag=said["tag"]),
        "next": lambda: f"{say('Buys next from')}: {said['next']}",
        "joined_from": lambda: say("Joined from %(day)s", day=_shown(here, said["joined_from"])),
        "joined_to": lambda: say("Joined until %(day)s", day=_shown(here, said["joined_to"])),
        "wallet": lambda: named if many else "",
        "points_from": lambda: say("At least %(points)s points", points=said["points_from"]),
        "points_to": lambda: say("At most %(points)s points", points=said["points_to"]),
    }
    for name, table in _CHOSEN.items():
        words[name] = partial(_said_of, say, table, said.get(name, ""))
    made = [
        Chip(
            words[name](),
            address(urlencode({key: value for key, value in said.items() if key != name})),
        )
        for name in FIELDS
        if name in said and name not in found.wrong
    ]
    return [one for one in made if one.says]


def _said_of(say: Callable[[str], str], table: Mapping[str, str], key: str) -> str:
    return say(table[key])


def tiers(here: Here) -> list[tuple[str, str]]:
    """The steps of the ladder, and none of them."""
    program = here.version.program
    if not program.tiers:
        return []
    steps = [(step.id, step.name or step.id) for step in program.tiers.steps]
    return [*steps, (NO_TIER, here.reader.say("On no tier"))]


def choices(here: Here, tags: Sequence[str] = ()) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each field of the form, beginning with what does not matter."""
    say = here.reader.say
    any_ = ("", say("Does not matter"))
    wallets = here.version.program.wallets
    return {
        "tier": [any_, *tiers(here)],
        "tag": [any_, *((one, one) for one in tags)],
        "state": [any_, *((one, say(words)) for one, words in STATES.items())],
        "visit": [any_, *((one, say(words)) for one, words in VISITS.items())],
        "lapses": [any_, *((one, say(words)) for one, words in LAPSES.items())],
        "consent": [any_, *((one, say(words)) for one, words in CONSENTS.items())],
        "wallet": [(id_, one.name or id_) for id_, one in wallets.items()],
        "sort": [(one, say(words)) for one, words in SORTS.items()],
        "columns": [(one, say(words)) for one, words in COLUMNS.items()],
    }


def _typed(words: MultiDict[Any], name: str) -> str:
    if name == "cols":  # ticked boxes come one by one, a kept list in one word
        return "-".join(str(one) for one in words.getall("cols", []) if one)[:_LONGEST]
    return _BLANKS.sub(" ", str(words.get(name, ""))).strip()[:_LONGEST]


def _known(version: Version) -> dict[str, frozenset[str]]:
    tiers = version.program.tiers
    steps = {step.id for step in tiers.steps} | {NO_TIER} if tiers else set()
    known: dict[str, Any] = {
        "tier": steps, "state": STATES, "visit": VISITS, "lapses": LAPSES, "consent": CONSENTS,
        "sort": SORTS, "wallet": version.program.wallets,
    }  # fmt: skip
    return {name: frozenset(words) | {""} for name, words in known.items()}


def _day(here: Here, said: Mapping[str, str], wrong: dict[str, str], name: str) -> date | None:
    if not said[name]:
        return None
    try:
        found = date.fromisoformat(said[name])
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 9000:
        wrong[name] = here.reader.say(_SLIP)
        return None
    return found


def _points(
    here: Here, said: Mapping[str, str], wrong: dict[str, str], of: tuple[str, str]
) -> int | None:
    name, wallet = of
    if not said[name]:
        return None
    sign, typed = (-1, said[name][1:]) if said[name][0] in "-−" else (1, said[name])
    try:
        found = units(
            plain_number(typed, here.reader.separators), here.version.program.wallets[wallet].scale
        )
    except (NotExact, KeyError):
        found = 1 << 60
    if abs(found) >= 1 << 53:
        wrong[name] = here.reader.say(_NO_NUMBER)
        return None
    return sign * found


def _starts(here: Here, day: date | None, later: int = 0) -> datetime | None:
    return None if day is None else day_starts_at(here.version.zone, day.toordinal() + later)


def _visited(now: datetime, said: str) -> tuple[datetime | None, datetime | None]:
    way, _, days = said.partition("-")
    if not days:
        return None, None
    at = now.astimezone(UTC) - timedelta(days=int(days))
    return (at, None) if way == "in" else (None, at)


def _sort(said: str) -> Sort:
    return cast(Sort, said) if said in SORTS else "oldest"


def _shown(here: Here, day: str) -> str:
    return here.reader.day(date.fromisoformat(day))


def _codes(here: Here) -> list[tuple[str, int]]:
    return [(here.terms.wallet_names[code], code) for code in here.version.wallet_codes]
