"""Whether what comes in was signed by Mailgun, with the account's own signing key."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.kinds import Post, Told, object_of, sent_of
from regulars.surfaces.connect.inlets.providers.names import MAILGUN
from regulars.surfaces.connect.inlets.signing import BadSignature

FRESH_S: Final = 86_400
"""Mailgun tries again for eight hours; later than a day nothing is its own any more."""
AHEAD_S: Final = 300
_TOKEN: Final = re.compile(r"[!-~]{1,100}")
_AT: Final = re.compile(r"[0-9]{1,12}")
_MEND: Final = "Copy the HTTP webhook signing key into the secret `mailgun_key`"


def events_of(key: str, post: Post, now: datetime) -> tuple[Sent, ...]:
    """The one event that was signed with this key, known by its token.

    Order: the body was found to be short and the secret of the address to be good before.
    Keeps: the signature covers time and token and nothing of the event. So a token is good for one
    event: with another one under it nothing comes in (`event_reused`).
    Faults: BadSignature; Malformed for what is no JSON object.
    Source: Mailgun, Securing Webhooks: HMAC-SHA256 over timestamp and token, in hex.
    """
    found = object_of(post.body)
    at, token, signature = _signed(found.get("signature"))
    made = hmac.new(key.encode(), (at + token).encode(), "sha256").hexdigest()
    if not key or not hmac.compare_digest(made.encode(), signature.encode()):
        raise BadSignature("Mailgun's own signature is missing, or does not fit", mend=_MEND)
    late = now.timestamp() - int(at)
    if not -AHEAD_S <= late <= FRESH_S:
        raise BadSignature("it was signed more than a day ago, or ahead of us", mend=_MEND)
    event = found.get("event-data")
    type_ = str(event.get("event", "")) if isinstance(event, dict) else ""
    # A later try may be signed anew; what it tells of is the same event all the same.
    whole = {name: value for name, value in found.items() if name != "signature"}
    return (sent_of((MAILGUN, token), type_, digest(token).hex, Told(whole, post.body)),)


def _signed(found: Any) -> tuple[str, str, str]:
    parts = found if isinstance(found, dict) else {}
    at, token, signature = (parts.get(name) for name in ("timestamp", "token", "signature"))
    at = str(at) if type(at) is int else at
    if not (
        isinstance(at, str) and isinstance(token, str) and isinstance(signature, str)
        and _AT.fullmatch(at) and _TOKEN.fullmatch(token) and signature.isascii()
    ):  # fmt: skip
        raise BadSignature("Mailgun's own signature is missing, or does not fit", mend=_MEND)
    return at, token, signature
