"""What a case about webhooks and other systems that send events says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.surfaces.api.fuzz.house import House, Said, Scene

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
        yield {"path": {name: house.known[name] for name in ("inlet_id", "arrival_id")}}
        house.counter.ask("DELETE", f"/v1/inlets/{house.known['inlet_id']}")


CONNECTED: Final[dict[str, Scene]] = {
    "DELETE /v1/inlets/{inlet_id}": sending_in,
    "POST /v1/inlets/{inlet_id}/secret": sending_in,
    "POST /v1/inlets/{inlet_id}/events/{arrival_id}/again": sending_in,
    "DELETE /v1/webhooks/{webhook_id}": hearing,
    "POST /v1/webhooks/{webhook_id}/secret": hearing,
    "GET /v1/webhooks/{webhook_id}/deliveries/{event_id}": sending,
    "POST /v1/webhooks/{webhook_id}/deliveries/{event_id}/again": sending,
}
