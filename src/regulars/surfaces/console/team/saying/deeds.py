"""The fields of the log in words: what each is called, and what stands in it as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from regulars.engine.deciding.adjust import UNENDING
from regulars.records.access.staff.deeds import TELLS
from regulars.records.access.staff.settings import NO_LIMIT
from regulars.records.access.staff.types import Act
from regulars.records.program.types import Program
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.console.team.saying import scopes
from regulars.surfaces.console.terms.experiments.words import KINDS, OUTCOMES
from regulars.surfaces.console.words import MEANS, ROLES, N
from regulars.surfaces.ui.reader import Reader

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accent": N("Colour"),
        "adjusted": N("By hand"),
        "all": N("All that was not booked"),
        "arms": N("The parts"),
        "arrival": N("Event"),
        "associate": N("Looked after by"),
        "closing": N("Closing"),
        "compares": N("Kind"),
        "contract": N("Contract liability"),
        "entry": N("The booking"),
        "erased": N("Erased members"),
        "expired": N("Expired"),
        "expires_on": N("Can be spent until"),
        "file": N("Narrowed by"),
        "files": N("Where its files are"),
        "stream": N("Which stream it reads"),
        "form": N("Written as"),
        "codes": N("Codes of rewards in this shop"),
        "everybody": N("Everybody is told once more"),
        "members_told": N("Told of members"),
        "host": N("Server"),
        "how": N("By"),
        "into": N("Into"),
        "issued": N("Issued"),
        "keyed": N("Another key"),
        "kind": N("What is sent"),
        "left": N("Balance after"),
        "list": N("List"),
        "logo": N("Logo"),
        "mapping": N("What its fields mean"),
        "member": N("Member"),
        "members": N("Members"),
        "mode": N("Mode"),
        "name": N("Name"),
        "noticed": N("Members who were told"),
        "number": N("Number"),
        "open": N("Opens anything"),
        "opening": N("Opening"),
        "origins": N("Pages"),
        "other": N("Brought, passed on, written off"),
        "outcome": N("What decides"),
        "planned": N("Members planned for each part"),
        "rate": N("Ultimate rate"),
        "redeemed": N("Redeemed"),
        "request": N("Asked for as"),
        "revision": N("Version of the look"),
        "reward": N("Reward"),
        "role": N("Role"),
        "round": N("Together with"),
        "scopes": N("May do"),
        "shares": N("Shared beside points"),
        "since": N("From this day on"),
        "staff": N("Staff who stay"),
        "state": N("State"),
        "stores": N("Stores"),
        "takes_yes": N("A yes there counts here"),
        "tag": N("Tag"),
        "texts": N("Written anew"),
        "till": N("Till"),
        "title": N("File or draft"),
        "types": N("Kinds of events"),
        "units": N("Points"),
        "until": N("Planned end"),
        "value": N("Value"),
        "tells": N("Tells other systems"),
        "version": N("Version"),
        "wallet": N("Account"),
        "why": N("Why"),
    }
)
"""Every field the log can tell of; a test compares them with what there is."""
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "active": N("Active"),
        "paused": N("Paused"),
        "disabled": N("Disabled"),
        "deleted": N("Deleted"),
        "invited": N("invited"),
        "closed": N("closed"),
        "waiting": N("Waits for a yes"),
        "going": N("Under way"),
        "done": N("Done"),
        "rejected": N("Not granted"),
        "stopped": N("Stopped"),
    }
)
CODED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "compares": KINDS,
        "contract": {
            "opening": N("Opening"),
            "added": N("Put back"),
            "changed_added": N("Changed in what was put back of closed months"),
            "earned": N("Earned as revenue"),
            "changed_earned": N("Changed in what was earned of closed months"),
            "closing": N("Closing"),
        },
        "outcome": {one: OUTCOMES[one] for one in ("spend", "orders", "came")},
        "file": {
            "everybody": N("nothing: everybody"),
            "person": N("one member, with everything"),
            "q": N("words"),
            "tier": N("tier"),
            "state": N("state"),
            "visit": N("last visit"),
            "joined_from": N("joined from"),
            "joined_to": N("joined until"),
            "wallet": N("account"),
            "points_from": N("least points"),
            "points_to": N("most points"),
            "lapses": N("what expires"),
            "consent": N("consent"),
            "tag": N("tag"),
            "next": N("what they buy next"),
        },
        "form": {
            "standard": "Standard Webhooks",
            "cloudevents": "CloudEvents",
            "square": "Square",
        },
        "how": {"password": N("password"), "passkey": N("passkey"), "link": N("link")},
        "kind": {
            "webhook": N("Any JSON, signed as Standard Webhooks has it"),
            "cloudevents": N("CloudEvents 1.0, signed the same way"),
            "letters": N(
                "What became of e-mails, told by who sends them for you, with the secret itself"
            ),
        },
        "mapping": {"lines": N("lines")},
        "mode": {"live": N("Live"), "test": N("Test")},
        "role": ROLES,
        "scopes": scopes.SAYS,
        "state": STATES,
        "texts": {"name": N("name"), "email": N("e-mail")},
        "types": SAYS,
    }
)
"""What stands in fields that hold codes; a test compares them with what may stand there."""


class Change(Struct, frozen=True):
    """A field that is other than before: its name, both values, and the way to what it names."""

    name: str
    was: str
    becomes: str
    way: str = ""


def setting_of(reader: Reader, about: str) -> str:
    """Which setting, and of which role.

    Example: `adjust_limit:manager` is “Most points given or taken by hand at once (Manager)”.
    """
    name, _, role = about.partition(":")
    said = reader.say(MEANS[name]) if name in MEANS else name
    return f"{said} ({reader.say(ROLES[role])})" if role in ROLES else said


_NAMED: Final = frozenset({"sandbox", "experiment", "segment", "campaign", "survey", "journey"})


def about_of(reader: Reader, one: Act) -> str:
    """What an act was about where its id can be read; of what has a name elsewhere, nothing.

    Example: `2026-10/points` of a month that was closed is “Oct 2026”.
    """
    if one.about == "setting":
        return setting_of(reader, one.about_id)
    if one.about == "month":
        return reader.month(date.fromisoformat(f"{one.about_id[:7]}-01"))
    return one.about_id if one.about in _NAMED else ""


def changes(reader: Reader, one: Act, program: Program | None = None) -> Iterator[Change]:
    """Each field that is other than before, in words; of one nobody names any more, as it is.

    Example: whoever signed in by passkey has the one change `("By", "", "passkey")`.
    """
    for name in {**one.before, **one.after}:
        before, after = one.before.get(name), one.after.get(name)
        if before == after:
            continue
        was, becomes = (_told(reader, one, (name, value), program) for value in (before, after))
        called = reader.say(NAMES[name]) if name in NAMES else name
        yield Change(called, was, becomes, _way(one, name, after or before))


def _way(one: Act, name: str, value: Any) -> str:
    """To a member or a booking that is named; nowhere for anything else."""
    holds = TELLS.get(name)
    if holds == "member":
        return f"/console/members/mem_{value}"
    if holds == "entry" and one.about == "member":
        return f"/console/members/mem_{one.about_id.removeprefix('mem_')}/entries/ent_{value}"
    return ""


def _told(reader: Reader, one: Act, field: tuple[str, Any], program: Program | None) -> str:
    name, value = field
    if value is None or value == "":
        return _nothing(reader, one, name)
    holds = TELLS.get(name)
    if holds in ("member", "entry"):
        return reader.say(N("Look at it"))
    if holds == "end" and value == UNENDING:
        return reader.say(N("never expire"))
    if holds in ("day", "end"):
        return reader.day(date.fromisoformat(str(value)[:10]))
    if value == NO_LIMIT and one.about == "setting":
        return reader.say(N("no limit"))
    if name == "mapping" and isinstance(value, Mapping):
        said_so = reader.say_many("%(n)s line", "%(n)s lines", value.get("lines", 0))
    else:
        said_so = said(reader, value, CODED.get(name, {}))
    return (_of_program(reader, one, field, program) if program else None) or said_so


def _of_program(reader: Reader, one: Act, field: tuple[str, Any], program: Program) -> str | None:
    """What the program of today names; nothing for what it does not know any more."""
    name, value = field
    holds, wallets = TELLS.get(name), program.wallets
    if holds == "wallet" and value in wallets:
        return wallets[value].name or str(value)
    if holds == "units" and isinstance(value, int):
        wallet = wallets.get({**one.before, **one.after}.get("wallet", ""))
        scale = wallet.scale if wallet else 0
        return (reader.signed if name == "units" else reader.quantity)(value, scale)
    if holds == "money" and isinstance(value, Mapping):
        return " · ".join(
            f"{_word(reader, part, CODED[name])} {reader.money(minor, program.currency)}"
            for part, minor in value.items()
        )
    if name == "reward":
        return next((each.name for each in program.rewards if each.id == value), None)
    return None


def _nothing(reader: Reader, one: Act, name: str) -> str:
    """No store means every one; elsewhere nothing is nothing."""
    tells = one.before if name in one.before else one.after
    return reader.say(N("every one")) if name == "stores" and name in tells else ""


def said(reader: Reader, value: Any, words: Mapping[str, str] | None = None) -> str:
    """A value of the log as people write it; codes by their words."""
    words = words or {}
    if isinstance(value, bool):
        return reader.say(N("yes")) if value else reader.say(N("no"))
    if isinstance(value, int):
        return reader.number(value)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{_word(reader, name, words)} {said(reader, each)}" for name, each in value.items()
        )
    if isinstance(value, str):
        return _words(reader, value, words)
    assert isinstance(value, Sequence), value
    return " · ".join(said(reader, each, words) for each in value)


def _words(reader: Reader, value: str, words: Mapping[str, str]) -> str:
    """One code, or several with blanks between; a text that is none as it is."""
    parts = value.split()
    if value in words or not words or any(part not in words for part in parts):
        return _word(reader, value, words)
    return " · ".join(_word(reader, part, words) for part in parts)


def _word(reader: Reader, code: str, words: Mapping[str, str]) -> str:
    if words is CODED["scopes"]:
        return scopes.said_of(reader, code)
    return reader.say(words[code]) if code in words else code
