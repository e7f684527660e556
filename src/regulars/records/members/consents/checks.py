"""What a word about a channel must be."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.base.faults import Fault, Invalid
from regulars.records.members.consents.types import Consent

LONGEST_SOURCE: Final = 200
_CHANNEL = re.compile(r"[a-z][a-z0-9]{0,19}(-[a-z0-9]{1,19}){0,3}")
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(days=1)


def wrong(consent: Consent, now: datetime) -> Fault | None:
    """What is wrong with a word, or nothing."""
    if _CHANNEL.fullmatch(consent.channel) is None:
        return Invalid(
            "a channel is named in small letters, digits and single hyphens",
            field="/channel",
            mend="Name it as in email, sms or post",
        )
    if len(consent.source) > LONGEST_SOURCE:
        return Invalid(f"a source has at most {LONGEST_SOURCE} letters", field="/source")
    if not _EARLIEST <= consent.changed_at <= now + _AHEAD:
        return Invalid(
            "nobody said so then", field="/changed_at", mend="Give an instant from 1970 until now"
        )
    return None


def contradicts(consent: Consent) -> Fault:
    """The fault of two different words at one instant."""
    return Invalid(
        f"another word about {consent.channel} is kept for the same instant",
        field="/state",
        mend="Keep the one that is right",
    )
