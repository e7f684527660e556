"""What the console calls the states of campaigns, and why somebody was not written to."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.flows.telling.campaigns.try_campaigns import CLOSED, GONE, NOWHERE, UNPROVED
from regulars.surfaces.console.words import N

STATES: Final = MappingProxyType(
    {
        "draft": (N("draft"), "", "pencil"),
        "checked": (N("waits for approval"), "warn", "clock"),
        "approved": (N("approved"), "good", "check"),
        "queueing": (N("goes out"), "good", "megaphone"),
        "sending": (N("goes out"), "good", "megaphone"),
        "sent": (N("sent"), "", "check"),
        "stopped": (N("stopped"), "warn", "circle-alert"),
    }
)
PAUSED: Final = (N("pauses"), "warn", "triangle-alert")
"""While it goes out, and too much of it came back."""
CHANNELS: Final = MappingProxyType(
    {
        "email": N("E-mail"),
        "sms": N("Text message"),
        "inbox": N("In the card"),
        "push": N("Notice on devices"),
        "webhook": N("By another system"),
    }
)
BECAME: Final = MappingProxyType(
    {
        ("waiting", ""): N("Waits"),
        ("sending", ""): N("Under way"),
        ("sent", ""): N("Sent"),
        ("unknown", ""): N("May have arrived: the answer never came"),
        ("unknown", "gone"): N("May have arrived: the answer never came"),
        ("held_out", "here"): N("Held out of this campaign"),
        ("held_out", "everywhere"): N("Held out of all campaigns"),
        ("skipped", "gone"): N("Blocked or erased since"),
        ("skipped", "united"): N("Became one with another member"),
        ("skipped", "no_address"): N("No address"),
        ("skipped", "no_consent"): N("Did not agree to be written to"),
        ("skipped", "bounced"): N("Letters come back"),
        ("skipped", "capped"): N("Got enough messages lately"),
        ("skipped", "late"): N("Could not be sent in time"),
        ("skipped", "stopped"): N("Stopped before"),
        ("skipped", "unwritten"): N("Could not be written with what is known of them"),
        ("skipped", "refused"): N("Refused by the provider"),
        ("skipped", "no_offer"): N("The offer could not be given: closed, given away, over"),
        ("skipped", "over"): N("What ends the journey happened before"),
        ("skipped", "spared"): N("Spared: asked something else not long ago"),
        ("skipped", "closed"): N("Its survey was closed meanwhile"),
        ("skipped", "called_off"): N("The event was called off, or has begun"),
        ("skipped", "in_vain"): N("Tried too often in vain"),
        ("skipped", "restored"): N("From before the house was restored"),
    }
)
"""By state and reason."""
TRIED: Final = MappingProxyType(
    {
        "waiting": (N("on its way"), "", "clock"),
        "going": (N("on its way"), "", "clock"),
        "sent": (N("sent"), "good", "check"),
        "unsure": (N("may have arrived"), "warn", "circle-alert"),
        "failed": (N("not sent"), "bad", "circle-alert"),
    }
)
"""What became of a test."""
NOT_TRIED: Final = MappingProxyType(
    {
        GONE: N("the campaign, the member or who asked is there no more"),
        CLOSED: N("your own membership is blocked or gone, so nothing lies in its card"),
        NOWHERE: N("nothing is set up that sends this"),
        UNPROVED: N(
            "nobody signed in to your own card by that address or number, or you refused "
            "messages there"
        ),
    }
)
"""Why a test went nowhere, where it is not a provider that says so."""
WARNINGS: Final = MappingProxyType(
    {
        "nobody": N("Nobody is in this segment at the moment: it would reach no one."),
        "everybody": N("Every member is in this segment: it leaves nobody out."),
    }
)
