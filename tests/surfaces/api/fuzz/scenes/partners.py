"""What a case about partners, leaderboards and draws says; and what is beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Said = dict[str, Any]
_EURO = {"minor": 1_000, "currency": "EUR"}
CONTRACT: Said = {
    "kind": "accrual", "wallet": "points", "price": _EURO, "per_units": 1_000,
    "limit": {"minor": 10_000_000, "currency": "EUR"},
}  # fmt: skip


def _partner(house: Any) -> str:
    """A partner whose customers collect points."""
    slug = f"partner-{house.fresh()}"
    house.post("/v1/partners", slug=slug, name="Cars")
    house.post(f"/v1/partners/{slug}/contracts", **CONTRACT)
    return slug


def _collected(house: Any) -> Said:
    return {"kind": "accrual", "member": house.me, "wallet": "points", "units": 10,
            "external_id": f"ride-{house.fresh()}"}  # fmt: skip


def signing(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"path": {"partner": slug}, "body": CONTRACT}


def ending(house: Any) -> Iterator[Said]:
    """A contract of its own for each case."""
    slug = _partner(house)
    while True:
        made = house.post(f"/v1/partners/{slug}/contracts", **CONTRACT)
        yield {"path": {"partner": slug, "contract_id": made["id"]}, "body": {"reason": "sold"}}


def paying(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        paid = {"amount": _EURO, "external_id": f"paid-{house.fresh()}"}
        yield {"path": {"partner": slug}, "body": paid}


def collecting(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"path": {"partner": slug}, "body": _collected(house)}


def coming_back(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        deed = _collected(house)
        house.post(f"/v1/partners/{slug}/activities", **deed)
        back = {"of": deed["external_id"], "external_id": f"back-{house.fresh()}"}
        yield {"path": {"partner": slug}, "body": {"kind": "accrual", **back}}


def stating(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"path": {"partner": slug}, "query": {"period": "2026-06"}}


def _missed(house: Any, slug: str) -> Said:
    at = house.counter.shop.now.isoformat().replace("+00:00", "Z")
    deed = _collected(house) | {"partner": slug, "occurred_at": at}
    return {name: it for name, it in deed.items() if name != "kind"}


def claiming(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"body": _missed(house, slug)}


def claimed(house: Any) -> Iterator[Said]:
    """Each case is about a claim that nobody decided."""
    slug = _partner(house)
    while True:
        claim = house.post("/v1/partner-claims", **_missed(house, slug))
        yield {"path": {"claim_id": claim["id"]}, "body": {"decision": "granted"}}


def _line(house: Any, slug: str) -> str:
    return str(house.post(f"/v1/partners/{slug}/activities", **_collected(house))["id"])


def disputing(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"body": {"entry": _line(house, slug)}}


def disputed(house: Any) -> Iterator[Said]:
    """Each case is about a line that is disputed."""
    slug = _partner(house)
    while True:
        told = {"entry": _line(house, slug), "reason": "never flew"}
        dispute = house.post("/v1/partner-disputes", **told)
        yield {"path": {"dispute_id": dispute["id"]}, "body": {"decision": "rejected"}}


_PLAN: Said = {
    "every": "month", "place": "s3", "address": "s3://warehouse/cars", "account": "AKIA1",
    "secret": "s3cret", "endpoint": "https://store.example.org",
}  # fmt: skip


def settling(house: Any) -> Iterator[Said]:
    """Each case is about a partner of whom nothing is settled."""
    while True:
        yield {"path": {"partner": _partner(house)}, "body": {}}


def settled(house: Any) -> Iterator[Said]:
    """A settlement without lines."""
    slug = _partner(house)
    house.post(f"/v1/partners/{slug}/settlements", actor="mia")
    while True:
        yield {"path": {"partner": slug, "number": "1"}}


def listed(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    house.post(f"/v1/partners/{slug}/settlements", actor="mia")
    while True:
        yield {"path": {"partner": slug}}


def answering(house: Any) -> Iterator[Said]:
    """A line that is in no settlement yet: told as a part of the answer."""
    slug = _partner(house)
    house.post(f"/v1/partners/{slug}/settlements", actor="mia")
    while True:
        lines = [{"entry": _line(house, slug), "answer": "accepted"}]
        yield {"path": {"partner": slug, "number": "1"}, "body": {"lines": lines}}


def planning(house: Any) -> Iterator[Said]:
    slug = _partner(house)
    while True:
        yield {"path": {"partner": slug}, "body": _PLAN}


def planned(house: Any) -> Iterator[Said]:
    """Each case is about settlements that are planned."""
    slug = _partner(house)
    while True:
        house.ask("PUT", f"/v1/partners/{slug}/settlement-plan", **_PLAN)
        yield {"path": {"partner": slug}}


def putting_from(house: Any) -> Iterator[Said]:
    """Of a partner that has a settlement, and a plan for it."""
    slug = _partner(house)
    house.post(f"/v1/partners/{slug}/settlements", actor="mia")
    house.ask("PUT", f"/v1/partners/{slug}/settlement-plan", **_PLAN)
    while True:
        yield {"path": {"partner": slug}, "body": {"from_on": "2026-01-01"}}


def ranking(_: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"board": "spent"}, "query": {"on": "2026-06-02"}}


def drawing(house: Any) -> Iterator[Said]:
    house.ask("POST", "/v1/draws/summer/announce")
    while True:
        yield {"path": {"draw": "summer"}}


PARTNERS = {
    "POST /v1/partners/{partner}/contracts": signing,
    "POST /v1/partners/{partner}/contracts/{contract_id}/end": ending,
    "POST /v1/partners/{partner}/payments": paying,
    "POST /v1/partners/{partner}/activities": collecting,
    "POST /v1/partners/{partner}/returns": coming_back,
    "GET /v1/partners/{partner}/statement": stating,
    "POST /v1/partners/{partner}/settlements": settling,
    "GET /v1/partners/{partner}/settlements": listed,
    "GET /v1/partners/{partner}/settlements/{number}": settled,
    "GET /v1/partners/{partner}/settlements/{number}/lines": settled,
    "GET /v1/partners/{partner}/settlements/{number}/file": settled,
    "POST /v1/partners/{partner}/settlements/{number}/answers": answering,
    "PUT /v1/partners/{partner}/settlement-plan": planning,
    "GET /v1/partners/{partner}/settlement-plan": planned,
    "DELETE /v1/partners/{partner}/settlement-plan": planned,
    "POST /v1/partners/{partner}/settlement-plan/try": planned,
    "POST /v1/partners/{partner}/settlement-plan/now": planned,
    "POST /v1/partners/{partner}/settlement-plan/from": putting_from,
    "POST /v1/partner-claims": claiming,
    "GET /v1/partner-claims/{claim_id}": claimed,
    "POST /v1/partner-claims/{claim_id}/decision": claimed,
    "POST /v1/partner-disputes": disputing,
    "POST /v1/partner-disputes/{dispute_id}/decision": disputed,
    "GET /v1/leaderboards/{board}": ranking,
    "GET /v1/draws/{draw}": drawing,
    "POST /v1/draws/{draw}/announce": drawing,
}
