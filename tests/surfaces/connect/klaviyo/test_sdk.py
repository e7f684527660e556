"""Klaviyo's own client takes our account for theirs, and what we send for what it would send."""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.surfaces.connect.klaviyo.account import BEGAN, KEY, KlaviyoAccount, served
from tests.surfaces.connect.klaviyo.town import DOCUMENT

from regulars.insight.connected.marketed import Marketed
from regulars.records.outbox.hooks.types import Event
from regulars.surfaces.connect.klaviyo.consents import Said, lookup, subscribes, unsubscribes
from regulars.surfaces.connect.klaviyo.jobs import job_of
from regulars.surfaces.connect.klaviyo.metrics import event_of
from regulars.surfaces.connect.klaviyo.profiles import Sharing, profile_of
from regulars.surfaces.connect.klaviyo.telling import deletion

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from klaviyo_api import KlaviyoAPI  # type: ignore[import-untyped]
    from openapi_client import models  # type: ignore[import-untyped]

ADA = Marketed(
    UUID(int=7), "Ada", "", "de", BEGAN, {"student": True}, "gold", None, "ada@example.org",
    "+4930123456", {"points": 12}, 310, 8450, "slipping", "upper", BEGAN.date(),
)  # fmt: skip
PROFILE = profile_of(ADA, Sharing("EUR", ("names", "attributes", "values")))
SAID = Said("email", "ada@example.org", BEGAN)
EVENT = Event(UUID(int=9), ADA.member_id, 3, "points.earned", json.dumps(
    {"activity_id": str(UUID(int=8)), "earned": {"points": 12}, "pending": {}}), BEGAN)  # fmt: skip


def test_its_own_client_accepts_the_account_we_test_against() -> None:
    account = KlaviyoAccount(BEGAN, DOCUMENT)
    with served(account) as url:
        client = KlaviyoAPI(KEY, max_delay=1, max_retries=1, test_host=url)
        made = client.Profiles.create_or_update_profile(
            {"data": {"type": "profile", "attributes": PROFILE}}
        )
        assert made.data.id == account.kept("ada@example.org")["id"]
        for _ in range(2):
            client.Events.create_event({"data": event_of(EVENT, PROFILE, BEGAN)})
        assert account.names() == ["Points Earned"]
        client.Profiles.bulk_subscribe_profiles({"data": subscribes([SAID], "")})
        assert account.consent("ada@example.org") == "SUBSCRIBED"
        client.Profiles.bulk_unsubscribe_profiles({"data": unsubscribes([SAID])})
        assert account.consent("ada@example.org") == "UNSUBSCRIBED"
        wish = lookup("email", ["ada@example.org"])
        found = client.Profiles.get_profiles(
            additional_fields_profile=["subscriptions"], filter=wish["filter"]
        )
        assert found.data[0].attributes.email == "ada@example.org"
        client.Data_Privacy.request_profile_deletion({"data": deletion({"id": made.data.id})})
        assert account.profiles == []
        job = client.Profiles.bulk_import_profiles({"data": job_of([ADA], Sharing("EUR", ()))})
        for status in ("processing", "complete"):
            shown = client.Profiles.get_bulk_import_profiles_job(job.data.id)
            assert shown.data.attributes.status == status
        errors = client.Profiles.get_errors_for_bulk_import_profiles_job(job.data.id, page_size=100)
        assert errors.data == []
        assert account.kept("ada@example.org")["phone_number"] == "+4930123456"
        assert client.Lists.get_list("Y6nRLr").data.id == "Y6nRLr"


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ("EventCreateQueryV2", event_of(EVENT, PROFILE, BEGAN)),
        ("ProfileUpsertQuery", {"type": "profile", "attributes": PROFILE}),
        ("SubscriptionCreateJobCreateQuery", subscribes([SAID], "Y6nRLr")),
        ("SubscriptionDeleteJobCreateQuery", unsubscribes([SAID])),
        ("ProfileImportJobCreateQuery", job_of([ADA], Sharing("EUR", ("names",)))),
        ("DataPrivacyCreateDeletionJobQuery", deletion({"id": "01K"})),
    ],
)
def test_what_we_send_is_what_its_models_say(model: str, data: dict[str, Any]) -> None:
    """The models leave out what they do not know: nothing of ours is left out."""
    read = getattr(models, model).from_dict({"data": data})
    assert _plain(read.to_dict()) == _plain({"data": data})


def _plain(value: Any) -> Any:
    """Instants as instants, and nothing where nothing is."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, str) and value[:4].isdigit() and "T" in value:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value
