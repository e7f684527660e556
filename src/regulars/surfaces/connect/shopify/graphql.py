"""Asks a shop's GraphQL: by which token, what it says of too much at once, what is an answer."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop
from regulars.surfaces.senders.outgoing.client import Answer, Sending

VERSION: Final = "2026-04"
LONGEST_WAIT_S: Final = 60
MOST_POINTS: Final = 1_000.0
_OWN_TOKEN: Final = re.compile(r"sh(pat|pca|ppa)_\w+")
"""What an app that was made in a shop itself is given once and for all."""
_NO: Final = {
    400: "it does not know this app, or the app is not installed there",
    401: "it does not know this key and secret",
    402: "the shop is frozen: its bill is not paid",
    403: "this app may not do that: give it the scope in its settings",
    404: "there is no Shopify at this address",
    423: "the shop is locked",
}
_BUSY: Final = (429, 430, 500, 502, 503, 504)
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


async def asked(send: Send, shop: Shop, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The `data` of what a shop answers. Raises: NotTold, also where it asks for a pause."""
    return (await asked_at_a_price(send, shop, query, variables))[0]


async def asked_at_a_price(
    send: Send, shop: Shop, query: str, variables: dict[str, Any]
) -> tuple[dict[str, Any], float | None]:
    """The same, and which part of what the shop gives for one question it cost, if it says so.

    Source: Shopify, API limits: a single question costs a thousand points at most, whatever a plan
    gives; it is asked beforehand what it may cost, `requestedQueryCost`.
    """
    token = await _token(send, shop)
    headers = (("Content-Type", "application/json"), ("X-Shopify-Access-Token", token))
    body = msgspec.json.encode({"query": query, "variables": variables})
    where = f"{shop.address.rstrip('/')}/admin/api/{VERSION}/graphql.json"
    found = _read(await send(Sending("POST", where, headers, body)))
    if problems := found.get("errors"):
        raise _not_told(problems, found)
    said = found.get("data")
    if not isinstance(said, dict):
        raise Odd("it answers something that is no answer of its GraphQL")
    return said, _part(found)


def is_address(address: str) -> bool:
    """Whether this is where a shop answers its apps, whatever else it is called."""
    return urlsplit(address).path in ("", "/")


async def _token(send: Send, shop: Shop) -> str:
    """What the shop lets us in by: what was entered, or what it gives an app for a day.

    Source: Shopify, client credentials grant; an app of the shop's own owner needs nobody's click.
    """
    if _OWN_TOKEN.fullmatch(shop.keys.key):
        return shop.keys.key
    wish = {
        "grant_type": "client_credentials",
        "client_id": shop.keys.key,
        "client_secret": shop.keys.secret,
    }
    where = f"{shop.address.rstrip('/')}/admin/oauth/access_token"
    form = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"))
    found = _read(await send(Sending("POST", where, form, urlencode(wish).encode())))
    token = found.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise NotTold("it answers something that is no token")
    return token


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status in _BUSY:
        pause = answer.headers.get("retry-after", "").partition(".")[0]
        if answer.status == 429 and pause.isascii() and pause.isdigit():
            raise NotTold("it asks for a pause", max(1, min(int(pause), LONGEST_WAIT_S)))
        raise NotTold(f"it answers {answer.status}")
    if answer.status != 200:
        raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))
    try:
        scan(answer.body)
        found = _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        found = None
    if not isinstance(found, dict):
        raise NotTold("it answers something that is no answer of its GraphQL")
    return found


def _not_told(problems: Any, found: dict[str, Any]) -> NotTold:
    """Why it did not answer; of what costs too much just now, how long until it does not.

    Order: whoever may not ask is told so of every question; anything else is about this one.
    """
    first = problems[0] if isinstance(problems, list) and problems else {}
    about = first.get("extensions") if isinstance(first, dict) else None
    code = about.get("code") if isinstance(about, dict) else None
    if code == "THROTTLED":
        return NotTold("it asks for a pause", _pause(found))
    if code == "ACCESS_DENIED":
        return NotTold(_NO[403])
    return Odd("it does not understand what it is asked")


def _part(found: dict[str, Any]) -> float | None:
    try:
        cost = found["extensions"]["cost"]
        most = min(MOST_POINTS, float(cost["throttleStatus"]["maximumAvailable"]))
        part = float(cost["requestedQueryCost"]) / most
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return part if 0 < part < float("inf") else None


def _pause(found: dict[str, Any]) -> int:
    """Seconds until what is asked can be paid, by what the shop says it costs and gives."""
    try:
        cost = found["extensions"]["cost"]
        status = cost["throttleStatus"]
        lacks = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(1, min(int(lacks / float(status["restoreRate"])) + 1, LONGEST_WAIT_S))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 2
