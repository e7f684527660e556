"""Clients of Salesforce's loyalty resources: journals are activities, profiles are accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

JOURNALS = "/compat/salesforce/services/data/v62.0/connect/realtime/loyalty/programs"
PROFILES = "/compat/salesforce/services/data/v62.0/loyalty-programs"


@pytest.fixture
def number(counter: Counter) -> str:
    """The loyalty number of somebody who joined."""
    answer = counter.post("/v1/members", {"given_name": "Ada", "family_name": "Byron"})
    return str(answer.json()["number"])


def journal(number: str, receipt: str, **more: Any) -> dict[str, Any]:
    return {
        "ExternalTransactionNumber": receipt, "JournalTypeName": "Accrual",
        "MembershipNumber": number, "ActivityDate": "2026-03-02T11:00:00Z",
        "TransactionAmount": "12.50", "CurrencyIsoCode": "EUR", "LOB__c": "Hotel",
    } | more  # fmt: skip


def sent(counter: Counter, *journals: dict[str, Any], program: str = "main") -> Any:
    return counter.post(f"{JOURNALS}/{program}", {"transactionJournals": list(journals)})


def balance(counter: Counter, number: str) -> Any:
    answer = counter.get(f"{PROFILES}/main/members?membershipNumber={number}")
    assert answer.status_code == 200, answer.text
    (points,) = [
        one
        for one in answer.json()["memberCurrencies"]
        if one["loyaltyProgramCurrencyId"] == "points"
    ]
    return points["pointsBalance"]


def test_a_journal_is_a_purchase_once_by_its_number(counter: Counter, number: str) -> None:
    first = sent(counter, journal(number, "T-1"))
    assert first.status_code == 201, first.text
    (told,) = first.json()["transactionJournals"]
    assert (told["status"], told["externalTransactionNumber"]) == ("Processed", "T-1")
    (points,) = told["executionSummary"]["pointsSummary"]
    assert points == {"loyaltyProgramCurrencyName": "points", "changeInPointsBalance": 12}
    done = first.json()["processResult"]  # as their resource has it; what is above, simulations
    (result,) = done["transactionJournalResult"]
    assert result["id"] == told["transactionJournalId"]
    (changed,) = result["changeInMemberPoints"]
    assert (changed["memberShipNumber"], changed["changeInMemberCurrencies"][0]) == (number, {
        "currencyName": "points", "currencyType": "NonQualifying", "changeInPointsBalance": 12,
        "changeInEscrowPointsBalance": 0,
    })  # fmt: skip
    stands = {one["currencyName"]: one["pointsBalance"]
              for one in done["memberPointsBalance"][0]["memberCurrencies"]}  # fmt: skip
    assert stands["points"] == balance(counter, number) == 12
    again = sent(counter, journal(number, "T-1", TransactionAmount=12.5))
    assert again.json()["transactionJournals"] == [told]
    assert balance(counter, number) == 12
    other = sent(counter, journal(number, "T-1", TransactionAmount="99.00"))
    assert (other.status_code, other.json()[0]["errorCode"]) == (400, "DUPLICATE_VALUE")
    assert balance(counter, number) == 12


def test_a_profile_is_the_member_as_they_stand(counter: Counter, number: str) -> None:
    by_number = counter.get(f"{PROFILES}/main/members?membershipNumber={number}").json()
    assert (by_number["membershipNumber"], by_number["memberStatus"]) == (number, "Active")
    assert by_number["associatedContact"]["lastName"] == "Byron"
    id_ = by_number["loyaltyProgramMemberId"]
    by_id = counter.get(f"{PROFILES}/{by_number['loyaltyProgramName']}/members?memberId={id_}")
    assert by_id.json() == by_number
    one = counter.get(
        f"{PROFILES}/main/members?memberId={id_}&programCurrencyName=stamps"
    ).json()["memberCurrencies"]  # fmt: skip
    assert [each["loyaltyProgramCurrencyId"] for each in one] == ["stamps"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ExternalTransactionNumber": ""}, "ExternalTransactionNumber"),
        ({"JournalTypeName": "Redemption"}, "JournalTypeName"),
        ({"TransactionAmount": "12.345"}, "TransactionAmount"),
        ({"TransactionAmount": "sNaN"}, "TransactionAmount"),
        ({"TransactionAmount": "1e999999"}, "TransactionAmount"),
        ({"TransactionAmount": -1}, "TransactionAmount"),
        ({"ActivityDate": "yesterday"}, "ActivityDate"),
        ({"ActivityDate": "2026-03-02T12:00:00"}, "ActivityDate"),
        ({"MembershipNumber": ""}, "MembershipNumber"),
        ({"TransactionAmount": None, "JournalSubTypeName": "!"}, "JournalSubTypeName"),
        ({"CurrencyIsoCode": "XXX"}, "currency"),
    ],
)
def test_what_is_wrong_with_a_journal_is_said_with_its_field(
    counter: Counter, number: str, more: dict[str, Any], field: str
) -> None:
    answer = sent(counter, journal(number, "W-1") | more)
    assert answer.status_code == 400, answer.text
    (error,) = answer.json()
    assert error.keys() == {"message", "errorCode", "fields"}
    assert field.lower() in error["fields"][0].lower()
    assert balance(counter, number) == 0


def test_of_several_each_that_is_wrong_is_said_and_all_are_sent_again(
    counter: Counter, number: str
) -> None:
    bad = journal("000000000000", "M-2")
    answer = sent(counter, journal(number, "M-1"), bad, journal(number, "M-3"))
    assert answer.status_code == 400
    (error,) = answer.json()
    assert error["fields"][0].startswith("transactionJournals[1]")
    again = sent(counter, journal(number, "M-1"), bad | {"MembershipNumber": number},
                 journal(number, "M-3"))  # fmt: skip
    assert again.status_code == 201
    assert balance(counter, number) == 36


def test_strangers_and_other_programs_get_nothing(counter: Counter, number: str) -> None:
    nobody = counter.post(f"{JOURNALS}/main", {"transactionJournals": [journal(number, "S-1")]},
                          key="reg_live_wrong")  # fmt: skip
    assert (nobody.status_code, nobody.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    reads = counter.made_key("members:read")
    lacks = counter.post(f"{JOURNALS}/main", {"transactionJournals": [journal(number, "S-1")]},
                         key=reads)  # fmt: skip
    assert (lacks.status_code, lacks.json()[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS")
    other = sent(counter, journal(number, "S-1"), program="Somebody else")
    assert (other.status_code, other.json()[0]["errorCode"]) == (404, "NOT_FOUND")
    nothing = counter.get("/compat/salesforce/services/data/v62.0/sobjects")
    assert (nothing.status_code, nothing.json()[0]["errorCode"]) == (404, "NOT_FOUND")
    simulated = counter.post(f"{JOURNALS}/main", {
        "transactionJournals": [journal(number, "S-1")], "runSetting": {"isSimulation": True},
    })  # fmt: skip
    assert simulated.status_code == 400
    assert balance(counter, number) == 0


PROCESSES = "/compat/salesforce/services/data/v62.0/connect/loyalty/programs"


def process(number: str, receipt: str, **points: Any) -> dict[str, Any]:
    kept = {"ActivityDate": "2026-03-02T11:00:00Z", "Status": "Processed"}
    whose = {"ExternalTransactionNumber": receipt, "MembershipNumber": number}
    return {"TransactionJournal": kept | whose, **points}


def ran(counter: Counter, name: str, *some: dict[str, Any]) -> Any:
    place = f"{PROCESSES}/main/program-processes/{name}"
    return counter.post(place, {"processParameters": list(some)})


def test_points_that_somebody_worked_out_are_given_and_taken_once(
    counter: Counter, number: str
) -> None:
    one = process(number, "P-1", PointsToCredit=100.0)
    for _ in range(2):
        given = ran(counter, "CreditPointsToMembers", one)
        assert given.status_code == 200, given.text
        assert given.json() == {
            "message": None, "status": True, "simulationDetails": {},
            "outputParameters": {"outputParameters": {"results": [{"PointsCredited": 100}]}},
        }  # fmt: skip
        assert balance(counter, number) == 100
    taken = ran(counter, "DEBIT_POINTS_FROM_MEMBERS", process(number, "P-1", PointsToDebit=30))
    results = taken.json()["outputParameters"]["outputParameters"]["results"]
    assert (results, balance(counter, number)) == ([{"PointsDebited": 30}], 70)
    other = ran(counter, "creditPoints", process(number, "P-1", PointsToCredit=7))
    assert (other.status_code, other.json()[0]["errorCode"]) == (400, "DUPLICATE_VALUE")
    friend = counter.post("/v1/members", {"given_name": "Ben"}).json()["number"]
    given = ran(counter, "creditPoints", process(friend, "P-1", PointsToCredit=7))
    assert (given.status_code, balance(counter, friend)) == (200, 7), "one journal, two members"
    # Whoever was given a new key and sends it again is told that it was booked, by another one.
    renewed = counter.made_key("adjustments:write")
    again = counter.post(
        f"{PROCESSES}/main/program-processes/creditPoints", {"processParameters": [one]},
        key=renewed,
    )  # fmt: skip
    assert again.json()[0]["errorCode"] == "DUPLICATE_VALUE"
    assert balance(counter, number) == 70
    beyond = ran(counter, "debitPoints", process(number, "P-2", PointsToDebit=71))
    assert (beyond.status_code, beyond.json()[0]["errorCode"]) == (400, "FIELD_INTEGRITY_EXCEPTION")
    for name, wrong, field in (
        ("creditPoints", {"PointsToDebit": 5}, "PointsToCredit"),
        ("creditPoints", {"PointsToCredit": "0.5"}, "PointsToCredit"),
        ("creditPoints", {"PointsToCredit": 5, "ProgramCurrencyName": "x"}, "ProgramCurrencyName"),
    ):
        (error,) = ran(counter, name, process(number, "P-3", **wrong)).json()
        assert error["fields"] == [f"processParameters[0].{field}"]
    assert ran(counter, "IssueVoucher", one).status_code == 404
    (error,) = ran(counter, "creditPoints", process(number, "", PointsToCredit=5)).json()
    assert error["fields"][0].endswith("ExternalTransactionNumber")
    assert balance(counter, number) == 70


@pytest.fixture(scope="module")
def client(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Salesforce]:
    """Salesforce's own kind of client, on a real port, with a key of ours as its session."""
    home: Path = tmp_path_factory.mktemp("served")
    with serving(counter.shop.made, home) as address:
        made = Salesforce(instance_url=address, session_id=counter.key, version="62.0")
        made.base_url = f"{address}/compat/salesforce/services/data/v62.0/"
        yield made


def test_simple_salesforce_books_and_reads(
    client: Salesforce, counter: Counter, number: str
) -> None:
    told: Any = client.restful(
        "connect/realtime/loyalty/programs/main", method="POST",
        json={"transactionJournals": [journal(number, "L-1")]},
    )  # fmt: skip
    assert told["transactionJournals"][0]["status"] == "Processed"
    ran: Any = client.restful(
        "connect/loyalty/programs/main/program-processes/CreditPointsToMembers", method="POST",
        json={"processParameters": [process(number, "L-2", PointsToCredit=5)]},
    )  # fmt: skip
    assert ran["status"] is True
    profile: Any = client.restful(
        "loyalty-programs/main/members", params={"membershipNumber": number}
    )
    assert profile["membershipNumber"] == number
    with pytest.raises(SalesforceMalformedRequest):
        client.restful(
            "connect/realtime/loyalty/programs/main", method="POST",
            json={"transactionJournals": [journal(number, "")]},
        )  # fmt: skip
    with pytest.raises(SalesforceResourceNotFound):
        client.restful("loyalty-programs/other/members", params={"membershipNumber": number})
