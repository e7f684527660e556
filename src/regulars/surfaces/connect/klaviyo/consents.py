"""Consent, both ways: what members said here as jobs of Klaviyo, and what profiles say there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.records.outbox.klaviyo.types import Profile, Theirs
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.klaviyo.asking import instant, written

NAMES: Final[Mapping[str, str]] = {"email": "email", "sms": "phone_number"}
"""By channel, what a profile is written to by. There are no others there that we have."""
OURS: Final = "Regulars"
"""Who asked for a subscription, as Klaviyo keeps it."""
_WORDS: Final = frozenset({"UNSUBSCRIBE", "SPAM_COMPLAINT", "USER_SUPPRESSED"})
"""Suppressions that somebody's word is behind; that a letter came back is none."""
MOST_IN_A_JOB: Final = 100


class Said(NamedTuple):
    """A member's word that is told: by which address, since when."""

    channel: str
    address: str
    at: datetime


def subscribes(some: Sequence[Said], list_id: str) -> dict[str, Any]:
    """The job that subscribes these; they agreed here, so nobody is asked to confirm it again.

    Source: Klaviyo, Bulk Subscribe Profiles; `consented_at` goes with `historical_import`.
    """
    assert 0 < len(some) <= MOST_IN_A_JOB, len(some)
    profiles = [
        _profile(one, {"consent": "SUBSCRIBED", "consented_at": written(one.at)}) for one in some
    ]
    attributes = {
        "custom_source": OURS, "historical_import": True, "profiles": {"data": profiles},
    }  # fmt: skip
    job: dict[str, Any] = {"type": "profile-subscription-bulk-create-job", "attributes": attributes}
    if list_id:
        job["relationships"] = {"list": {"data": {"type": "list", "id": list_id}}}
    return job


def unsubscribes(some: Sequence[Said]) -> dict[str, Any]:
    """The job that unsubscribes these from everything of the channel: no list is named, as one
    would narrow it.

    Source: Klaviyo, Bulk Unsubscribe Profiles.
    """
    assert 0 < len(some) <= MOST_IN_A_JOB, len(some)
    profiles = [_profile(one, {"consent": "UNSUBSCRIBED"}) for one in some]
    return {
        "type": "profile-subscription-bulk-delete-job",
        "attributes": {"profiles": {"data": profiles}},
    }


def lookup(channel: str, addresses: Sequence[str]) -> dict[str, str]:
    """What is asked to know what profiles with these addresses said there."""
    quoted = ",".join('"' + one.replace("\\", "").replace('"', "") + '"' for one in addresses)
    return {
        "filter": f"any({NAMES[channel]},[{quoted}])",
        "additional-fields[profile]": "subscriptions",
        "fields[profile]": "email,phone_number,external_id,updated,subscriptions",
        "page[size]": "100",
    }


def profile_read(resource: object) -> tuple[Profile, datetime | None] | None:
    """A profile of an answer, and when it changed; nothing where it is none."""
    told = resource.get("attributes") if isinstance(resource, dict) else None
    if not isinstance(told, dict):
        return None
    says = told.get("subscriptions")
    channels = says if isinstance(says, dict) else {}
    found = {
        channel: _theirs(marketing)
        for channel in NAMES
        if isinstance(marketing := _in(channels.get(channel), "marketing"), dict)
    }
    profile = Profile(
        _member(told.get("external_id")),
        _text(told.get("email")),
        _text(told.get("phone_number")),
        found,
    )
    return profile, instant(told.get("updated"))


def _theirs(marketing: Mapping[str, Any]) -> Theirs:
    """What somebody said there last of a channel: a no that is later than the yes, or a yes."""
    consent = marketing.get("consent")
    at = instant(marketing.get("consent_timestamp"))
    nos = [
        instant(one.get("timestamp"))
        for one in marketing.get("suppression") or ()
        if isinstance(one, dict) and one.get("reason") in _WORDS
    ]
    dated = [one for one in nos if one is not None]
    yes_at = at if consent == "SUBSCRIBED" else None
    if consent == "UNSUBSCRIBED":
        at = at or instant(marketing.get("last_updated"))
        return Theirs(True, max([*dated, *([at] if at else [])], default=None))
    if nos and (not dated or yes_at is None or max(dated) >= yes_at):
        return Theirs(True, max(dated, default=None))
    details = (marketing.get("custom_method_detail"), marketing.get("method_detail"))
    return Theirs(yes_at=yes_at, ours=OURS in details)


def _profile(one: Said, marketing: Mapping[str, Any]) -> dict[str, Any]:
    said = {one.channel: {"marketing": dict(marketing)}}
    return {
        "type": "profile",
        "attributes": {NAMES[one.channel]: one.address, "subscriptions": said},
    }


def _in(found: object, name: str) -> object:
    return found.get(name) if isinstance(found, dict) else None


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""


def _member(said: object) -> UUID | None:
    return meant("mem", said) if isinstance(said, str) else None
