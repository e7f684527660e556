"""What must happen once: the keys of an event, and the answers that stand for a repeat."""

from __future__ import annotations

from tests.model.beside.between.events import Collects, GoesBack, PartnerPays
from tests.model.events import Bounces, Event, Happens, PaysOut, Returns

KEPT = (
    "recorded", "waiting", "held", "captured", "voided", "lapsed", "adjusted", "joined", "given",
    "merged", "active", "unregistered", "blocked", "extended", "revived", "forgiven",
    "confirmed", "cancelled", "chosen", "paid", "bounced",
    "trial", "past_due", "ended", "paused", "booked",
    "topped", "filled", "issued", "used", "withdrawn", "granted", "undone", "declined", "erased",
    "open", "rejected",
)  # fmt: skip
"""Answers that a repeated request gets again; a refusal or fault is judged anew."""


def keys_of(event: Event) -> tuple[list[tuple[str, ...]], Event]:
    """Under which names this must happen once, and its content without who asks."""
    keys: list[tuple[str, ...]] = []
    operation = "record" if isinstance(event, Happens | Returns) else type(event).__name__
    if getattr(event, "key", ""):
        keys.append((operation, event.key))  # type: ignore[union-attr]
        event = event._replace(key="")  # type: ignore[call-arg, union-attr]
    if getattr(event, "receipt", ""):
        kind = getattr(event, "kind", "return")
        keys.append(("receipt", kind, event.receipt))  # type: ignore[union-attr]
    if isinstance(event, Collects | GoesBack | PartnerPays):
        kind = event.kind if isinstance(event, Collects) else type(event).__name__
        keys.append(("partner", event.partner, kind, event.number))
    if isinstance(event, PaysOut | Bounces):
        keys.append((type(event).__name__, event.reference))
    return keys, event
