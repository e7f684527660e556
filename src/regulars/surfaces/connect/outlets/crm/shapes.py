"""How requests to a CRM and its answers are written, as a mapping says it."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from msgspec import Struct

from regulars.records.program.problems import Finding

KEY: Final = "{key}"
SINCE: Final = "{since}"
_STEP: Final = r"[A-Za-z0-9._~()',=:$@-]+"
_PATH: Final = re.compile(rf"{_STEP}(/{_STEP})*")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_OURS: Final = (
    "host", "connection", "content-type", "content-length", "content-encoding", "accept",
    "idempotency-key", "transfer-encoding", "cookie", "expect", "upgrade", "te", "trailer",
)  # fmt: skip
_PREFIX: Final = re.compile(r"[!-~]{0,60} ?")

_BESIDE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_SAID: Final = ("grant_type", "client_id", "client_secret", "refresh_token", "scope")
MOST_EXTRA: Final = 8


class KeyHeader(Struct, frozen=True, forbid_unknown_fields=True):
    """In which header of a request the key goes, and what stands before it."""

    name: str = "Authorization"
    prefix: str = "Bearer "


class RefusedMap(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an answer says which records it does not take; places are within an entry."""

    list: str = "results"
    """The way to the list, one entry for each record, or for those only that it does not take."""
    key: str = "key"
    """Which record it is about; empty, entries come in the order of the records."""
    code: str = "code"
    """Why, as a word."""
    field: str = "field"
    """Which field it is about, or a sentence that has its name in quotation marks."""
    but: tuple[str, ...] = ()
    """Codes that say that it took the record."""


class CasesMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a CRM is asked for cases that changed; each is then read as an event."""

    path: str
    """Where its list of cases is, behind the address."""
    since: str
    """What the moment is called from which on it is asked: of a GET what stands in the query, of a
    POST the way within what is sent."""
    since_as: str = "{since}"
    """What the moment stands within, where it is asked by a sentence: `modifiedon ge {since}`."""
    list: str = ""
    """The way to the list in the answer; empty, the answer is the list."""
    id: str = "id"
    """Of a case: what it is known by."""
    changed: str
    """Of a case: when it changed. The list has to be in this order, the oldest first."""
    next: str = ""
    """Where the answer says how it goes on: a path or address, or what goes under `after`. Empty:
    it goes on with what changed after the last one, while a list has `most`."""
    after: str = ""
    """What that is called in the next request, in its query or within what is sent."""
    most: int = 100
    """So many cases a full list has, where it does not say how it goes on."""
    method: Literal["GET", "POST"] = "GET"
    asks: dict[str, Any] = {}
    """What else is said in every request: of a GET texts and numbers, of a POST anything."""
    written: Literal["iso", "iso-offset", "epoch", "epoch-ms"] = "iso"
    """How the moment is written, as 2026-03-02T11:00:00Z or with `+00:00`; `changed` may be any of
    these."""
    header: KeyHeader = KeyHeader()
    """In which header the key goes."""
    type: str = "case.changed"
    """As which type of event a case is read: it is `{type: …, case: {…}}`."""


def wrong_in_path(path: tuple[str, ...], said: str, *, keyed: bool = False) -> list[Finding]:
    """What is wrong with where something is, behind an address."""
    plain = said.replace(KEY, "0", 1) if keyed else said
    if _PATH.fullmatch(plain) is None or {".", ".."} & set(plain.split("/")):
        return [Finding(path, "this is no path", "write it as in `api/members`")]
    return []


def wrong_in_header(path: tuple[str, ...], one: KeyHeader) -> list[Finding]:
    """What is wrong with the header a key goes in."""
    found = []
    if _HEADER.fullmatch(one.name) is None or one.name.lower() in _OURS:
        mend = "write it as in `Authorization` or `x-api-token`"
        found.append(Finding((*path, "name"), "a key cannot go in this header", mend))
    if _PREFIX.fullmatch(one.prefix) is None:
        mend = "write it as in `Bearer `, with the space behind it"
        found.append(Finding((*path, "prefix"), "this cannot stand before a key", mend))
    return found


def wrong_in_cases(one: CasesMap | None) -> list[Finding]:
    """What is wrong with how it is asked for cases beside its shape."""
    if one is None:
        return []
    at = ("cases",)
    found = wrong_in_path((*at, "path"), one.path)
    found += wrong_in_header((*at, "header"), one.header)
    for name in ("since", "id", "changed", "type"):
        if not getattr(one, name):
            found.append(Finding((*at, name), "this names nothing", "say what it is called"))
    if one.since_as.count(SINCE) != 1 or len(one.since_as) > 2_000:
        mend = "write it as in `modifiedon ge {since}`"
        found.append(Finding((*at, "since_as"), "the moment has no place in it", mend))
    if one.after and not one.next:
        mend = "say under `next` where the answer has it"
        found.append(Finding((*at, "after"), "nothing says what goes there", mend))
    if one.method == "GET":
        for name, said in one.asks.items():
            if isinstance(said, bool) or not isinstance(said, str | int):
                mend = "write a text or a number, or `method: POST`"
                found.append(Finding((*at, "asks", name), "a query has no lists", mend))
    if not 1 <= one.most <= 10_000:
        found.append(Finding((*at, "most"), "no list has so many", "1 to 10000"))
    return found


class SignsInMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an app of a CRM is given a token for a while. Where that is, is entered with its keys."""

    grant: Literal["client_credentials", "refresh_token"]
    """By its client and secret alone, or by a refresh token that a user there gave it once."""
    scope: str = ""
    """What the token is for, as Dynamics has it: `https://tea-shop.crm4.dynamics.com/.default`."""
    extra: dict[str, str] = {}
    """What else is sent for a token, the same each time; no secret belongs here."""
    client_in: Literal["body", "basic"] = "body"
    """Where client and secret go: in what is sent, or in its `Authorization: Basic`."""


def wrong_in_signs_in(one: SignsInMap | None) -> list[Finding]:
    """What is wrong with it beside its shape."""
    if one is None:
        return []
    found = []
    for name, value in one.extra.items():
        path: tuple[str, ...] = ("signs_in", "extra", name)
        if _BESIDE.fullmatch(name) is None or name in _SAID or len(value) > 500:
            mend = "write it as in `resource`, and what is said of itself in its own place"
            found.append(Finding(path, "this cannot be sent beside", mend))
    if len(one.extra) > MOST_EXTRA:
        path = ("signs_in", "extra")
        found.append(Finding(path, "these are too many", f"{MOST_EXTRA} at most"))
    return found
