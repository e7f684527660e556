"""Our organization answers simple-salesforce as Salesforce does, so that what we ask is real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)
from tests.surfaces.connect.salesforce.org import KEY, Org
from tests.surfaces.connect.salesforce.served import Served, served_on_a_port

from regulars.surfaces.connect.outlets.salesforce.cases import fields_of, soql_of
from regulars.surfaces.connect.outlets.salesforce.journals import soql_of_number
from regulars.surfaces.connect.outlets.salesforce.kind import SalesforceKind


@pytest.fixture
def served() -> Iterator[Served]:
    with served_on_a_port(Org(datetime(2026, 3, 2, 9, tzinfo=UTC))) as server:
        yield server


@pytest.fixture
def client(served: Served) -> Salesforce:
    """Signed in as an app is; the library says https whatever it is told."""
    _, found = served.org.token({}, {
        "grant_type": "client_credentials", "client_id": served.org.key,
        "client_secret": served.org.secret,
    })  # fmt: skip
    made = Salesforce(instance_url=served.url, session_id=found["access_token"], version="62.0")
    made.base_url = f"{served.url}/services/data/v62.0/"
    made.sf_instance = served.url.removeprefix("http://")
    return made


def test_it_upserts_many_and_each_says_for_itself_what_became_of_it(
    served: Served, client: Salesforce
) -> None:
    served.org.rules = [("LastName", "Bob")]
    rows = [
        {"attributes": {"type": "Contact"}, KEY: f"mem_{name}", "LastName": name}
        for name in ("Ada", "Bob", "Carl")
    ]
    told: Any = client.restful(
        f"composite/sobjects/Contact/{KEY}", method="PATCH",
        json={"allOrNone": False, "records": rows},
    )  # fmt: skip
    assert [one["success"] for one in told] == [True, False, True]
    assert told[1]["errors"][0]["statusCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    again: Any = client.restful(
        f"composite/sobjects/Contact/{KEY}", method="PATCH",
        json={"allOrNone": False, "records": rows[:1]},
    )  # fmt: skip
    assert (again[0]["created"], again[0]["id"]) == (False, told[0]["id"])
    assert client.api_usage["api-usage"].used == served.org.used


def test_it_describes_its_fields(client: Salesforce) -> None:
    described: Any = client.restful("sobjects/Contact/describe")
    fields = {one["name"]: one for one in described["fields"]}
    assert fields[KEY]["externalId"] is True
    assert fields[KEY]["unique"] is True


def test_it_goes_through_cases_page_by_page_by_our_own_question(
    served: Served, client: Salesforce
) -> None:
    org = served.org
    for _ in range(7):
        org.closes(org.case("ada@x.org"))
    org.batch = 3
    asked = soql_of(fields_of(SalesforceKind().mapping), datetime(2026, 3, 2, 9, tzinfo=UTC))
    first = client.query(asked)
    assert (first["totalSize"], first["done"], len(first["records"])) == (7, False, 3)
    assert first["records"][0]["Contact"]["Email"] == "ada@x.org"
    locator = first["nextRecordsUrl"].rpartition("/")[2]
    second = client.query_more(locator)
    last = client.query_more(second["nextRecordsUrl"].rpartition("/")[2])
    found = [one["CaseNumber"] for page in (first, second, last) for one in page["records"]]
    assert (len(set(found)), last["done"]) == (7, True)


def test_it_takes_journals_and_is_asked_for_one_by_its_number(
    served: Served, client: Salesforce
) -> None:
    journal = {
        "ExternalTransactionNumber": "evt_1", "ActivityDate": "2026-03-02T09:00:00Z",
        "JournalTypeName": "Accrual", "MembershipNumber": "42", "TransactionAmount": 3.5,
    }  # fmt: skip
    served.org.strangers = {"43"}
    place = "connect/realtime/loyalty/programs/Tea%20Club"
    told: Any = client.restful(
        place, method="POST",
        json={"transactionJournals": [journal, journal | {"MembershipNumber": "43"}]},
    )  # fmt: skip
    assert (told["status"], told["processResult"]["transactionJournalResult"]) == (False, [])
    place = "connect/loyalty/programs/Tea%20Club/program-processes/"
    given = {"processParameters": [{"TransactionJournal": journal, "PointsToCredit": 5}]}
    ran: Any = client.restful(place + "CreditPointsToMembers", method="POST", json=given)
    results = ran["outputParameters"]["outputParameters"]["results"]
    assert (ran["status"], results) == (True, [{"PointsCredited": 5}])
    with pytest.raises(SalesforceResourceNotFound):
        client.restful(place + "GiveAway", method="POST", json=given)
    found = client.query(soql_of_number("evt_1"))
    assert [one["Status"] for one in found["records"]] == ["Processed", "Error", "Processed"]


def test_what_is_wrong_is_its_own_error(served: Served, client: Salesforce) -> None:
    with pytest.raises(SalesforceMalformedRequest):
        client.query("SELECT Nothing FROM Nowhere")
    with pytest.raises(SalesforceResourceNotFound):
        client.restful("sobjects/Nothing/describe")
    served.org.used = served.org.most
    with pytest.raises(SalesforceRefusedRequest):
        client.query("SELECT Id FROM Case")
    served.org.used = 10
    served.org.good.clear()
    with pytest.raises(SalesforceExpiredSession):
        client.query("SELECT Id FROM Case")
