"""Events about points: they come, they go, they end."""

from __future__ import annotations

from typing import Final

from regulars.records.outbox.events.fields import (
    ACTIVITY,
    ENTRY,
    EXPIRES_AT,
    LOT,
    MESSAGE,
    POINTS,
    REDEMPTION,
    UNITS,
    WALLET,
    EventType,
    free_text,
    id_of_a,
    instant,
    perhaps,
    plain_id,
    text,
    units,
    whole,
)

_LASTS: Final = {
    "wallet": WALLET,
    "points": POINTS,
    "lot_id": LOT,
    "entry_id": ENTRY,
    "expires_at": EXPIRES_AT,
}
_PENDING: Final = {"wallet": WALLET, "points": POINTS, "lot_id": LOT, "activity_id": ACTIVITY}
_WHY_ENDS: Final = text("Why: `expiry`, or `inactivity`.", "expiry")

POINT_EVENTS: Final = (
    EventType(
        "points.earned",
        "An activity brought points, or counted and brought none.",
        {
            "activity_id": ACTIVITY,
            "earned": units("What came, by wallet.", {"points": 120}),
            "pending": units("What of it can be spent later only.", {"points": 0}),
        },
    ),
    EventType("points.activated", "Pending points can be spent from now on.", _PENDING),
    EventType(
        "points.cancelled",
        "Pending points are gone before they could be spent.",
        _PENDING | {"reason": free_text("Why, where somebody said so.", "order cancelled")},
    ),
    EventType(
        "points.returned",
        "A purchase came back, whole or in part, and its points with it.",
        {
            "activity_id": ACTIVITY,
            "sale_id": id_of_a("act", "The purchase that came back."),
            "taken_back": units("What was taken back, by wallet.", {"points": 40}),
            "refunded": perhaps(
                units("What of points it was paid with came back.", {"points": 200})
            ),
        },
    ),
    EventType(
        "points.restated",
        "Something was told late, or other rates hold for that day, and what an earlier activity "
        "brought is another amount now.",
        {
            "activity_id": ACTIVITY,
            "because": perhaps(id_of_a("act", "The activity that was told late.")),
            "rates_of": perhaps(whole("The version whose rates hold.", 7)),
            "difference": units("How much more, or less, by wallet.", {"points": -10}),
        },
    ),
    EventType(
        "points.refunded",
        "A reward was taken back, and what it cost is there again.",
        {"wallet": WALLET, "points": POINTS, "redemption_id": REDEMPTION},
    ),
    EventType(
        "points.adjusted",
        "Somebody of the shop, or a correction, gave or took points.",
        {"wallet": WALLET, "units": UNITS, "entry_id": ENTRY},
    ),
    EventType(
        "points.transferred",
        "A member gave points to another one; each of the two has an event.",
        {
            "wallet": WALLET,
            "units": UNITS,
            "entry_id": ENTRY,
            "transfer_id": plain_id("The transfer, the same on both sides."),
        },
    ),
    EventType(
        "points.pooled",
        "Points went from a member into their household's balance, or came out of it.",
        {
            "wallet": WALLET,
            "units": UNITS,
            "entry_id": ENTRY,
            "household_id": id_of_a("hou", "The household."),
        },
    ),
    EventType(
        "points.written_off",
        "What a member owed is forgiven.",
        {"wallet": WALLET, "points": POINTS, "entry_id": ENTRY},
    ),
    EventType("points.extended", "Points lapse later, as a courtesy.", _LASTS),
    EventType("points.reinstated", "Points that had lapsed are there again.", _LASTS),
    EventType(
        "points.postponed",
        "Points lapse later, since their member was not told in time.",
        {"wallet": WALLET, "points": POINTS, "lot_id": LOT, "expires_at": EXPIRES_AT},
    ),
    EventType(
        "points.lapse_soon",
        "A notice lies in the member's inbox: points lapse soon.",
        {
            "wallet": WALLET,
            "points": POINTS,
            "message_id": MESSAGE,
            "lapses_at": instant("When they lapse.", "2026-12-31T23:00:00Z"),
            "because": _WHY_ENDS,
        },
    ),
    EventType(
        "points.expired",
        "Points lapsed.",
        {"wallet": WALLET, "points": POINTS, "lot_id": LOT, "because": _WHY_ENDS},
    ),
)
