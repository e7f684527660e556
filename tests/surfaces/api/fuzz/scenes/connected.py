"""What a case about webhooks and other systems that send events says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.surfaces.api.fuzz.house import House, Said, Scene
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid

from regulars.flows.telling.hooks.plan_sendings import plan_sendings


def hearing(house: House) -> Iterator[Said]:
    """A webhook of its own for each case."""
    while True:
        house.listens()
        yield {"path": {"webhook_id": house.known["webhook_id"]}}


def sending(house: House) -> Iterator[Said]:
    """An event that is on its way to a webhook."""
    house.listens()
    house.buys(house.known["member_id"])
    house.counter.shop.do(lambda tx, _: plan_sendings(tx))
    rows = house.counter.shop.rows(
        "select event_id from hook_sending where program_id = $1 order by event_id desc limit 1"
    )
    path = {"webhook_id": house.known["webhook_id"], "event_id": f"evt_{rows[0][0].hex}"}
    while True:
        yield {"path": path}


def sending_in(house: House) -> Iterator[Said]:
    """A source of its own for each case, with an event that can be run again."""
    while True:
        house.is_told()
        inlet = house.known["inlet_id"]
        try:
            yield {"path": {name: house.known[name] for name in ("inlet_id", "arrival_id")}}
        finally:  # also of the last one, or others find no room
            house.counter.ask("DELETE", f"/v1/inlets/{inlet}")


def taken_for_another(house: House) -> Iterator[Said]:
    """A source of its own for each case, with an event that a till told before."""
    while True:
        plain = "external_id: data.id\n"
        mapping = MAPPING.replace(plain, f"{plain}        told_by: [till]\n", 1)
        sender, number = Sender(house.counter, mapping), f"told-{house.fresh()}"
        said = {
            "kind": "purchase", "source": "till", "external_id": number,
            "member": {"card": f"shop-{number}"}, "amount": {"minor": 1000, "currency": "EUR"},
        }  # fmt: skip
        sale = house.counter.post("/v1/activities", said).json()
        sender.send(f"evt-{number}", paid(number, "10.00", number))
        sender.book()
        (one,) = house.counter.get(f"{sender.place}/events").json()["items"]
        path = {"inlet_id": sender.made["id"], "arrival_id": one["id"]}
        try:
            yield {"path": path, "body": {"activities": [sale["id"]]}}
        finally:
            house.counter.ask("DELETE", sender.place)


def booked_twice(house: House) -> Iterator[Said]:
    """A source of its own for each case, with a sale that a till told by another name."""
    while True:
        sender, number = Sender(house.counter, MAPPING), f"both-{house.fresh()}"
        said = {
            "kind": "purchase", "source": "till", "external_id": f"till-{number}",
            "member": {"card": f"shop-{number}"}, "amount": {"minor": 1000, "currency": "EUR"},
        }  # fmt: skip
        sender.send(f"evt-{number}", paid(number, "10.00", number))
        sender.book()
        sale = house.counter.post("/v1/activities", said).json()
        (one,) = house.counter.get(f"{sender.place}/events").json()["items"]
        path = {"inlet_id": sender.made["id"], "arrival_id": one["id"]}
        try:
            yield {"path": path, "body": {"activity": sale["id"]}}
        finally:
            house.counter.ask("DELETE", sender.place)


def to_be_read(house: House) -> Iterator[Said]:
    """A source of its own for each case, which reads no stream yet."""
    while True:
        inlet = Sender(house.counter, kind="stream").made["id"]
        try:
            yield {"path": {"inlet_id": inlet}, "body": _STREAM}
        finally:
            house.counter.ask("DELETE", f"/v1/inlets/{inlet}")


def read(house: House) -> Iterator[Said]:
    """A source that reads a stream."""
    for said in to_be_read(house):
        house.ask("PUT", f"/v1/inlets/{said['path']['inlet_id']}/stream", **_STREAM)
        yield {"path": said["path"]}


def written_to(house: House) -> Iterator[Said]:
    """A webhook that goes to a broker."""
    while True:
        made = house.ask("POST", "/v1/webhooks", url=_STREAM["address"], types=["points.earned"])
        yield {"path": {"webhook_id": made["id"]}}
        house.counter.ask("DELETE", f"/v1/webhooks/{made['id']}")


def warehouse(house: House) -> Iterator[Said]:
    """Extracts that are planned."""
    while True:
        house.ask("PUT", "/v1/extracts", **_EXTRACTS)
        yield {}


def planned(house: House) -> Iterator[Said]:
    """Extracts that are to be planned."""
    while True:
        yield {"body": _EXTRACTS}


_STREAM: Final = {"address": "nats+tls://broker.example.org:4222/shop.sales", "secret": "s3cret"}
_EXTRACTS: Final = {
    "place": "s3", "address": "s3://warehouse/regulars", "account": "AKIA1", "secret": "s3cret",
    "endpoint": "https://store.example.org", "at": "03:00",
}  # fmt: skip
CONNECTED: Final[dict[str, Scene]] = {
    "DELETE /v1/inlets/{inlet_id}": sending_in,
    "POST /v1/inlets/{inlet_id}/secret": sending_in,
    "POST /v1/inlets/{inlet_id}/events/{arrival_id}/again": sending_in,
    "POST /v1/inlets/{inlet_id}/events/{arrival_id}/another": taken_for_another,
    "POST /v1/inlets/{inlet_id}/events/{arrival_id}/same": booked_twice,
    "PUT /v1/inlets/{inlet_id}/stream": to_be_read,
    "GET /v1/inlets/{inlet_id}/stream": read,
    "DELETE /v1/inlets/{inlet_id}/stream": read,
    "POST /v1/inlets/{inlet_id}/stream/try": read,
    "POST /v1/webhooks/{webhook_id}/try": written_to,
    "PUT /v1/extracts": planned,
    "GET /v1/extracts": warehouse,
    "DELETE /v1/extracts": warehouse,
    "POST /v1/extracts/try": warehouse,
    "POST /v1/extracts/now": warehouse,
    "DELETE /v1/webhooks/{webhook_id}": hearing,
    "POST /v1/webhooks/{webhook_id}/secret": hearing,
    "GET /v1/webhooks/{webhook_id}/deliveries/{event_id}": sending,
    "POST /v1/webhooks/{webhook_id}/deliveries/{event_id}/again": sending,
}
