"""A parcel becomes a letter: what it says, in the language of who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.keyed import Keyed
from regulars.engine.words.counting import name_after, says_its_number
from regulars.flows.telling.take_deliveries import Parcel
from regulars.records.access.members.spelling import code_of, link_of, stop_of
from regulars.records.outbox.delivery.types import Choosable
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program
from regulars.surfaces.senders.types import Letter
from regulars.surfaces.senders.words.campaigns import STOP_PATH
from regulars.surfaces.senders.words.phrases import Phrases, phrases_for

SIGN_IN_PATH: Final = "/card/in"
CONFIRM_PATH: Final = "/card/confirm"
"""Where links of messages lead. Looking at these pages changes nothing; a button there posts the
link, so that a scanner that opens every address of a letter does not use it up."""
CHOOSE_PATH: Final = "/card/me/messages"
"""Where members say which messages they want."""
CARD_PATH: Final = "/card"
LINE_PATH: Final = "/card/me/line"
CHOOSABLE: Final = frozenset(get_args(Choosable))
_NO_NAME = re.compile(r"[:/\\@<>0-9]|\.\S|.{41}", re.DOTALL)
_INSTANT: Final = timedelta(microseconds=1)


class Desk(Struct, frozen=True):
    """What is the same for all letters of one round."""

    program: Program
    keyed: Keyed
    public_url: str
    own: Mapping[tuple[str, str], str] = {}


class _Said(Struct, frozen=True):
    """The parts of a message before its channel is chosen."""

    about: str
    parts: tuple[str, ...]
    sms: str
    because: str = "because.member"


def letter_of(desk: Desk, parcel: Parcel) -> Letter:
    """What a member reads, by letter or as a text message.

    Keeps: the mark of a delivery is the same for each try, so a letter sent twice is one letter.
    """
    program = in_language(desk.program, parcel.member.locale or desk.program.locale)
    phrases = phrases_for(parcel.member.locale, desk.program.locale, desk.own)
    shop, delivery = program.name, parcel.delivery
    said = _WRITERS[delivery.kind](desk, parcel, program, phrases)
    text = said.sms
    if delivery.channel == "email":
        below = phrases.say(said.because, shop=shop, name=parcel.writer)
        text = "\n\n".join((_hello(phrases, parcel.member.given_name), *said.parts, below))
    mark = delivery.delivery_id.hex
    choose = desk.public_url.rstrip("/") + CHOOSE_PATH if delivery.kind in CHOOSABLE else ""
    path = LINE_PATH if delivery.kind == "line" else CARD_PATH
    opens = desk.public_url.rstrip("/") + path
    stop = stop_of(desk.keyed, parcel.member.id, "email") if delivery.kind == "line" else ""
    return Letter(
        mark, parcel.address, said.about, text, shop, phrases.language, choose,
        devices=parcel.devices, opens=opens, stop=_stop_at(desk, stop),
        answerable=True,
        of_list=f"notices.{program.program}" if choose else "",
    )  # fmt: skip


def _stop_at(desk: Desk, stop: str) -> str:
    return f"{desk.public_url.rstrip('/')}{STOP_PATH}?link={stop}" if stop else ""


def message_shown(parcel: Parcel) -> Any:
    """The message in the inbox that this letter shows, when there is one. A notice on a device
    shows none: nobody knows whether it was seen."""
    if parcel.delivery.channel == "push":
        return None
    return _payload(parcel).get("message_id") if parcel.event else None


def a_test(program: Program, to: str, channel: str, mark: str) -> Letter:
    """A letter by which an operator sees whether a sender works."""
    phrases = phrases_for(program.locale, "en")
    text = phrases.say("test.text" if channel == "email" else "test.sms", shop=program.name)
    about = phrases.say("test.about", shop=program.name)
    return Letter(mark, to, about, text, program.name, phrases.language)


def _hello(phrases: Phrases, name: str) -> str:
    """A greeting by name, unless what stands there could be an address: whoever joins with an
    address of somebody else must not have us send them what they like."""
    return (
        phrases.say("hello")
        if not name or _NO_NAME.search(name)
        else phrases.say("hello.name", name=name)
    )


def _code(desk: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    kind, code = parcel.delivery.kind, parcel.code
    assert code is not None, parcel.delivery
    path = SIGN_IN_PATH if kind == "code" else CONFIRM_PATH
    link = f"{desk.public_url.rstrip('/')}{path}?link={link_of(desk.keyed, code.code_id)}"
    words = {"shop": program.name, "code": code_of(desk.keyed, code.code_id), "link": link}
    keys = (f"{kind}.text", f"{kind}.link", f"{kind}.not_you")
    return _Said(
        phrases.say(f"{kind}.about", **words),
        tuple(phrases.say(key, **words) for key in keys),
        phrases.say(f"{kind}.sms", **words),
        "because.asked",
    )


def _spending(desk: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    code = parcel.code
    assert code is not None, parcel.delivery
    names = {one.id: one.name for one in program.rewards}
    what = names.get(code.about, code.about) if code.about else phrases.say("spending.points")
    words = {"shop": program.name, "code": code_of(desk.keyed, code.code_id), "what": what}
    keys = ("spending.text", "spending.say", "spending.not_you")
    return _Said(
        phrases.say("spending.about", **words),
        tuple(phrases.say(key, **words) for key in keys),
        phrases.say("spending.sms", **words),
        "because.asked",
    )


def _earned(_: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    payload = _payload(parcel)
    words = {"shop": program.name, "amounts": _amounts(program, phrases, payload["earned"])}
    parts = [phrases.say("earned.text", **words)]
    if any(payload["pending"].values()):
        pending = _amounts(program, phrases, payload["pending"])
        parts.append(phrases.say("earned.pending", amounts=pending))
    sms = phrases.say("earned.sms", **words)
    return _Said(phrases.say("earned.about", **words), tuple(parts), sms)


def _redeemed(_: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    id_ = _payload(parcel)["reward"]
    reward = next((one.name for one in program.rewards if one.id == id_), id_)
    words = {"shop": program.name, "reward": reward}
    parts = (phrases.say("redeemed.text", **words), phrases.say("redeemed.not_you", **words))
    about = phrases.say("redeemed.about", **words)
    return _Said(about, parts, phrases.say("redeemed.sms", **words))


def _notice(_: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    payload = _payload(parcel)
    if "moved_up" in payload:
        return _of_event("seat", payload, program, phrases)
    if "gathering" in payload:
        moved = parcel.event is not None and parcel.event.type == "gathering.moved"
        return _of_event("moved" if moved else "off", payload, program, phrases)
    if "plan" in payload:
        return _unpaid(payload, program, phrases)
    at = payload.get("lapses_at") or payload.get("lost_at") or payload["erased_at"]
    ends = msgspec.convert(at, datetime)
    # The end is exclusive: what lapses at midnight is good on the day before.
    day = (ends - _INSTANT).astimezone(ZoneInfo(program.zone)).date()
    words = {"shop": program.name, "day": phrases.day(day)}
    if "points" in payload:
        key = "idle" if payload.get("because") == "inactivity" else "lapses"
        words["amount"] = _amount(program, phrases, payload["wallet"], payload["points"])
    elif "erased_at" in payload:
        key = "forgets"
    else:
        key, words["tier"] = "tier", _tier(program, payload)
    parts = (phrases.say(f"{key}.text", **words),)
    return _Said(phrases.say(f"{key}.about", **words), parts, phrases.say(f"{key}.sms", **words))


def _of_event(key: str, payload: Mapping[str, Any], program: Program, phrases: Phrases) -> _Said:
    """Who waited for an event has a seat; or it was called off, or is at another time or place."""
    begins = msgspec.convert(payload["begins_at"], datetime).astimezone(ZoneInfo(program.zone))
    words = {
        "shop": program.name,
        "event": payload.get("name") or payload["gathering"],
        "day": phrases.day(begins.date()),
        "time": phrases.clock(begins.replace(tzinfo=None)),
    }
    parts = [phrases.say(f"{key}.text", **words)]
    if key == "moved" and payload.get("at_place"):
        parts.append(phrases.say("moved.where", place=payload["at_place"]))
    if key != "off":
        parts.append(phrases.say(f"{key}.else", **words))
    if key != "seat" and payload.get("reserved"):
        parts.append(phrases.say(f"{key}.back"))
    about, sms = phrases.say(f"{key}.about", **words), phrases.say(f"{key}.sms", **words)
    return _Said(about, tuple(parts), sms)


def _unpaid(payload: Mapping[str, Any], program: Program, phrases: Phrases) -> _Said:
    """The fee of a membership could not be collected."""
    names = {one.id: one.name for one in program.plans}
    words = {"shop": program.name, "plan": names.get(payload["plan"]) or payload["plan"]}
    same = payload.get("state") in ("active", "trial", "cancelled")
    says = "unpaid.text" if same else "unpaid.stands"
    parts = (phrases.say(says, **words), phrases.say("unpaid.else", **words))
    return _Said(phrases.say("unpaid.about", **words), parts, phrases.say("unpaid.sms", **words))


def _line(desk: Desk, parcel: Parcel, program: Program, phrases: Phrases) -> _Said:
    assert parcel.word is not None, parcel.delivery
    link = desk.public_url.rstrip("/") + LINE_PATH
    words = {"shop": program.name, "name": parcel.writer, "link": link}
    # What they wrote is put in last, as it may look like a place of ours.
    sms = f"{phrases.say('line.sms', **words)}\n{parcel.word.says}"
    parts = (parcel.word.says, phrases.say("line.answer", **words))
    return _Said(phrases.say("line.about", **words), parts, sms, "line.because")


_WRITERS: Final[Mapping[str, Callable[[Desk, Parcel, Program, Phrases], _Said]]] = {
    "code": _code,
    "confirmation": _code,
    "spending": _spending,
    "earned": _earned,
    "redeemed": _redeemed,
    "notice": _notice,
    "line": _line,
}


def _payload(parcel: Parcel) -> dict[str, Any]:
    assert parcel.event is not None, parcel.delivery
    payload: dict[str, Any] = msgspec.json.decode(parcel.event.payload)
    return payload


def _amounts(program: Program, phrases: Phrases, units: Mapping[str, int]) -> str:
    return phrases.listed([_amount(program, phrases, *one) for one in units.items() if one[1]])


def _amount(program: Program, phrases: Phrases, id_: str, units: int) -> str:
    """So many of a wallet: `1 Point`, `12 Points`; of a wallet that is gone, its short name."""
    wallet = program.wallets.get(id_)
    if wallet is None:
        return phrases.say("amount", number=phrases.number(str(units)), wallet=id_)
    # Money is written with all its decimals: 1.50 and not 1.5.
    decimals = wallet.scale if wallet.kind in ("cashback", "gift") else None
    text = text_of(units, wallet.scale)
    name = name_after(wallet, id_, text, phrases.plural)
    if says_its_number(wallet, text, phrases.plural):
        return name
    return phrases.say("amount", number=phrases.number(text, decimals), wallet=name)


def _tier(program: Program, payload: Mapping[str, Any]) -> str:
    ladder = program.ladders.get(payload.get("ladder", ""))
    steps: Any = ladder.steps if ladder else program.tiers.steps if program.tiers else ()
    id_ = str(payload["tier"])
    return next((step.name or id_ for step in steps if step.id == id_), id_)
